"""绩效自评情况通报.docx: the season on one page, from the tables of 汇总表, in the official format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd

from perfeval.documents.summaries.losses import lost_points
from perfeval.documents.summaries.season import Roll, average, by_section
from perfeval.documents.summaries.tables import Tables, ranked_by, records
from perfeval.documents.summaries.totals import graded_counts
from perfeval.excel.write import CREATED
from perfeval.model.numbers import show_points, show_rate
from perfeval.model.status import REPORTED, RETURNED, STATUS_NAMES
from perfeval.model.text import clean
from perfeval.word.names import Names
from perfeval.word.template import Properties, shipped_template

KIND = "绩效自评情况通报"
NAMES: Names = {"标题": "", "情况": [{"标题": "", "内容": ""}]}  # of the template in `perfeval/word/templates`
LINES, CHARACTERS = 22, 28  # of a page, after GB/T 9704—2012
OTHER_LINES = 7  # the title with a blank line below, seal and date with one above each
MOST_NAMED = 6
NUMERALS = "〇一二三四五六"


@dataclass(frozen=True, slots=True)
class Season:
    """What the notice is about: the tables, how many files could not be read, who has not filed, who has to."""

    tables: Tables
    rejected: int
    unfiled: Sequence[str]
    roll: Roll


def write_notice(season: Season) -> bytes:
    """The document's bytes; as many names in each place as fit on one page. It carries no date: the bureau dates it
    when it is sealed."""
    years = sorted({year for year in season.tables.workbooks.get("year", ()) if year})
    title = f"{'、'.join(map(str, years))}{'年度' if years else ''}{KIND}"
    found = list(_paragraphs(season, 1))
    for named in range(MOST_NAMED, 1, -1):
        if _fits(more := list(_paragraphs(season, named))):
            found = more
            break
    values = {"标题": title, "情况": [{"标题": name, "内容": text} for name, text in found]}
    return (
        shipped_template(KIND)
        .compile(NAMES)
        .render(values, Properties(title, KIND, KIND, CREATED.date()), bounded=False)
    )


def _fits(paragraphs: Sequence[tuple[str, str]]) -> bool:
    """Whether they are on one page, the first line of each two characters in."""
    return OTHER_LINES + sum(ceil((len(name + text) + 2) / CHARACTERS) for name, text in paragraphs) <= LINES


def _paragraphs(season: Season, named: int) -> Iterator[tuple[str, str]]:
    """Each with its title; no more than `named` names in each place."""
    frame = season.tables.workbooks
    parts = (
        ("报送情况", _filed(season)),
        ("等级分布", "、".join(f"{clean(grade)}{count}份" for grade, count in graded_counts(frame))),
        ("执行率排名", _execution(frame, named)),
        ("失分最多的项", _lost(season.tables.items, named)),
        ("分管股室", _sections(season, named)),
        ("未报送", _listed([clean(name) for name in season.unfiled], named, "、", "个部门")),
    )
    for number, (name, text) in enumerate((part for part in parts if part[1]), start=1):
        yield f"{NUMERALS[number]}、{name}。", f"{text}。"


def _filed(season: Season) -> str:
    """How many filed, of how many, and what became of it."""
    frame, due = season.tables.workbooks, len(season.roll.sections)
    listed = f"应报送{due}个部门，已报送{due - len(season.unfiled)}个，未报送{len(season.unfiled)}个。" if due else ""
    statuses = list(frame["status"]) if len(frame) else []
    counted = "，".join(f"{STATUS_NAMES[one]}{statuses.count(STATUS_NAMES[one])}份" for one in (REPORTED, RETURNED))
    totals = [value for value in frame["total"] if value is not None] if len(frame) else []
    scored = f"有总分的{len(totals)}份，平均{show_points(average(totals, 2))}分" if totals else "没有能算出总分的"
    return f"{listed}{counted}，无法读取{season.rejected}份。{scored}"


def _execution(frame: pd.DataFrame, named: int) -> str:
    """The highest and the lowest rates; where few have one, all of them in one row."""
    rated = frame[frame["execution"].notna()] if len(frame) else frame
    if rated.empty:
        return ""
    ranked = records(ranked_by(rated, "execution"))
    rows = [f"{clean(row['department'])}{show_rate(row['execution'])}" for row in ranked]
    if len(rows) > 1 and ranked[0]["execution"] == ranked[-1]["execution"]:
        return f"{len(rows)}份都是{show_rate(ranked[0]['execution'])}"
    if len(rows) <= named:
        return f"由高到低为{'、'.join(rows)}"
    half = max(1, named // 2)
    return f"最高的{half}份为{'、'.join(rows[:half])}；最低的{half}份为{'、'.join(rows[-half:])}"


def _lost(items: pd.DataFrame, named: int) -> str:
    lost = records(lost_points(items))[: max(1, named // 2)]
    return "；".join(f"{clean(row['name'])}，{row['departments']}份共失{show_points(row['lost'])}分" for row in lost)


def _sections(season: Season, named: int) -> str:
    if not any(season.roll.sections.values()):
        return ""
    rows = by_section(season.tables.workbooks, season.roll, season.unfiled)
    return _listed([_section(row) for row in rows if row["due"]], named, "；", "个股室")


def _section(row: Mapping[str, Any]) -> str:
    mean = "" if row["mean"] is None else f"、平均{show_points(row['mean'])}分"
    return f"{clean(row['section'])}应报{row['due']}个、已报{row['filed']}个{mean}"


def _listed(names: Sequence[str], named: int, between: str, unit: str) -> str:
    """The first names, and of how many where there are more."""
    more = f"等{len(names)}{unit}，详见汇总表" if len(names) > named else ""
    return between.join(names[:named]) + more
