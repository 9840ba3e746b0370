"""The bureau's view of a season: by 分管股室, and this year beside last year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.documents.summaries import overview
from perfeval.documents.summaries.tables import Tables, records
from perfeval.excel.write import Column, Live, Place, Sheet, less, live
from perfeval.model.names import plain_name
from perfeval.model.numbers import HUNDRED, ONE, half_up
from perfeval.model.status import REPORTED, RETURNED, STATUS_NAMES
from perfeval.rules.frames import mean

SECTIONS, YEARS = "按分管股室", "与上年比较"
NO_SECTION, NOT_LISTED = "（名册没有写股室）", "（名册里没有的部门）"
HEAD = 2
SECTION_COLUMNS = (
    Column("分管股室", "text", 30, 16),
    Column("应报送（家）", "count", 10),
    Column("已报送（家）", "count", 10),
    Column("未报送（家）", "count", 10),
    Column("报送率", "rate", 10),
    Column("已出报告（份）", "count", 10),
    Column("退回修改（份）", "count", 10),
    Column("有总分（份）", "count", 10),
    Column("平均分", "points", 10),
    Column("平均执行率", "rate", 10),
    Column("错误（条）", "count", 10),
)
YEAR_COLUMNS = (
    Column("部门名称", "text", 36, 20),
    Column("年度", "number", 7),
    Column("上年得分", "points", 10),
    Column("本年得分", "points", 10),
    Column("变化", "difference", 10),
    Column("上年执行率", "rate", 10),
    Column("本年执行率", "rate", 10),
    Column("变化（百分点）", "difference", 12),
)
NONE_LAST_YEAR, UNSCORED, NO_RATE, NOT_COMPARED = "没有上年填报", "未评分", "无法计算", "—"


@dataclass(frozen=True, slots=True)
class Roll:
    """Who has to file, department → 分管股室 ("" where none is written), and former names by present ones. No roster: no
    departments."""

    sections: Mapping[str, str] = field(default_factory=dict)
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def by_name(self) -> Mapping[str, str]:
        """The section of each department, by its name and its former ones as they are compared."""
        known = {plain_name(one): section or NO_SECTION for one, section in self.sections.items()}
        former = {plain_name(old): known.get(plain_name(new), NOT_LISTED) for old, new in self.renamed}
        return {**former, **known}


def by_section(workbooks: pd.DataFrame, roll: Roll, unfiled: Sequence[str]) -> list[dict[str, Any]]:
    """One row a section, in the roster's order; averages are of the workbooks that have the figure, None where none
    has."""
    known, due = roll.by_name, [section or NO_SECTION for section in roll.sections.values()]
    missing = [known.get(plain_name(name), NOT_LISTED) for name in unfiled]
    departments = workbooks["department"] if len(workbooks) else ()
    filed = [known.get(plain_name(name), NOT_LISTED) for name in departments]
    rows = [{**row, "section": section} for row, section in zip(records(workbooks), filed, strict=True)]
    return [
        _section(name, due.count(name), missing.count(name), [row for row in rows if row["section"] == name])
        for name in dict.fromkeys([*due, *filed])
    ]


def _section(name: str, due: int, missing: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    statuses = [row["status"] for row in rows]
    totals = [row["total"] for row in rows if row["total"] is not None]
    return {
        "section": name,
        "due": due if due else None,
        "filed": due - missing if due else len({plain_name(row["department"]) for row in rows}),
        "missing": missing,
        "share": half_up(Decimal(due - missing) / due, 4) if due else None,
        "reported": statuses.count(STATUS_NAMES[REPORTED]),
        "returned": statuses.count(STATUS_NAMES[RETURNED]),
        "scored": len(totals),
        "mean": average(totals, 2),
        "execution": average((row["execution"] for row in rows), 4),
        "errors": sum(row["errors"] for row in rows),
    }


def average(values: Iterable[Decimal | None], places: int) -> Decimal | None:
    """The mean of what is there, rounded; None for nothing."""
    found = mean(value for value in values if value is not None)
    return None if found is None else half_up(found, places)


def write_sections(sheet: Sheet, tables: Tables, roll: Roll, unfiled: Sequence[str]) -> None:
    """By 分管股室 as the roster names them."""
    note = (
        "分管股室取自名册“分管股室”一列。已报送含无法读取的；"
        "平均分、平均执行率只算有总分、能算出执行率的工作簿，未评分的不按 0 计。"
    )
    sheet.title(SECTIONS, note, len(SECTION_COLUMNS))
    sheet.head(HEAD, SECTION_COLUMNS)
    rows = by_section(tables.workbooks, roll, unfiled) if any(roll.sections.values()) else []
    for line, row in enumerate(rows, start=HEAD + 1):
        sheet.row(line, SECTION_COLUMNS, ["—" if value is None else value for value in row.values()])
    if not rows:
        sheet.put(HEAD + 1, 0, "名册没有“分管股室”一列，或者没有名册", "text", 40)
    sheet.finish(HEAD, SECTIONS)


def year_on_year(workbooks: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a workbook with last year's figures: those of --previous, else those of the same department's workbook of
    the year before in this summary. `index` is its row of the overview; without last year's filing it has no row."""
    rows = records(workbooks)
    earlier = {_whose(row, row["year"]): row for row in rows if row["year"]}
    found = []
    for index, row in enumerate(rows):
        before = earlier.get(_whose(row, row["year"] - 1)) if row["year"] else None
        if row["last_year"] is not None:
            found.append({**row, "index": index})
        elif before is not None:
            last = {"last_total": before["total"], "last_execution": before["execution"]}
            found.append({**row, **last, "index": index})
    return found


def _whose(row: Mapping[str, Any], year: int) -> tuple[str, int, str | None]:
    return plain_name(row["department"]), year, row["kind"]


def write_years(sheet: Sheet, tables: Tables) -> None:
    """Score and execution of last year and this year; what is not scored is compared with nothing."""
    note = (
        "变化 = 本年 − 上年。上年的取自 --previous 指定的填报，按上年的指标体系评分；"
        "同一批里有上年工作簿的，取自上年那一份。指标体系不同的，得分不一定可比。未评分的不比较，不按 0 计。"
    )
    sheet.title(YEARS, note, len(YEAR_COLUMNS))
    sheet.head(HEAD, YEAR_COLUMNS)
    rows = year_on_year(tables.workbooks)
    for line, row in enumerate(rows, start=HEAD + 1):
        _year_row(sheet, line, row)
    if not rows:
        sheet.put(HEAD + 1, 0, NONE_LAST_YEAR, "text", 30)
    sheet.finish(HEAD, YEARS)


def _year_row(sheet: Sheet, line: int, row: Mapping[str, Any]) -> None:
    top = overview.total_place(row["index"])
    name, rate = (Place(overview.NAME, top.row, overview.column_of(key)) for key in ("department", "execution"))
    excel = line + 1
    values = (
        Live(name.reference, row["department"]),
        row["year"],
        UNSCORED if row["last_total"] is None else row["last_total"],
        live(top.reference, row["total"], UNSCORED),
        live(f"ROUND(D{excel}-C{excel},4)", _change(row["total"], row["last_total"], 4), NOT_COMPARED),
        NO_RATE if row["last_execution"] is None else row["last_execution"],
        live(rate.reference, row["execution"], NO_RATE),
        live(
            f"ROUND((G{excel}-F{excel})*100,2)",
            _change(row["execution"], row["last_execution"], 2, HUNDRED),
            NOT_COMPARED,
        ),
    )
    sheet.row(line, YEAR_COLUMNS, values)


def _change(now: Decimal | None, before: Decimal | None, places: int, times: Decimal = ONE) -> Decimal | None:
    """(now − before) × times, rounded; None where one is missing."""
    by = less(now, before)
    return None if by is None else half_up(by * times, places)
