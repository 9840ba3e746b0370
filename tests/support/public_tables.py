"""The thirty public tables of data/cases as filled workbooks: every string as it is on the page, amounts with the
page's own unit.

Each table becomes a 项目支出 workbook of one project, since all of them have that shape (预算执行率 and indicators under one
total), the departments' too.
"""

import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from openpyxl import load_workbook
from places import DATA
from planting import regulations

from perfeval.blank.workbook import blank_template
from perfeval.model.submission import PROJECT_KIND

FOLDER = DATA / "cases"
SHEET_OF_PROJECTS, SHEET_OF_INDICATORS, FIRST = "项目", "指标", 5
NUMBER = re.compile(r"(?P<sign>[≥≤=><]?)(?P<number>\d+(?:\.\d+)?)(?P<unit>[^\d\s.,，、。；;:：()（）~—–-]*)")
SIGNS = {">=": "≥", "<=": "≤", "＝": "=", "﹥": ">"}
BY_REGION = {"四川": "sichuan-project-10-90", "湖北": "hubei-project-20-80"}


@dataclass(frozen=True, eq=False)
class PublicTable:
    """One transcribed table."""

    facts: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.facts["id"])

    @property
    def regulation_id(self) -> str:
        """The provincial rules where perfeval has them, else the national ones."""
        return next(
            (rule for region, rule in BY_REGION.items() if (self.facts["region"] or "").startswith(region)),
            "cn-project-10-90",
        )

    @property
    def year(self) -> int:
        return int(self.facts["year"] or 2025)

    @property
    def name(self) -> str:
        return f"公开表{self.id}"

    @cached_property
    def workbook(self) -> Any:
        """The blank template, filled in as somebody would who copies the page."""
        book = load_workbook(io.BytesIO(_template(self.regulation_id)))
        basic = book["基本情况"]
        for row in basic.iter_rows(min_row=4, max_col=2):
            if row[0].value == "评价年度":
                row[1].value = self.year
            if str(row[0].value).strip("*") == "部门名称":
                row[1].value = "公开自评表核对"
        _write(book[SHEET_OF_PROJECTS], FIRST, self._project())
        for number, indicator in enumerate(self.facts["indicators"]):
            _write(book[SHEET_OF_INDICATORS], FIRST + number, self._indicator(indicator))
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    def _project(self) -> dict[str, str | None]:
        funds = self.facts["funds"]
        return {
            "项目名称": self.name,
            "项目类型": "常年",
            "年初预算数": self._amount(funds["initial_budget"] or funds["full_year_budget"]),
            "调整后预算数": self._amount(funds["full_year_budget"]),
            "执行数": self._amount(funds["executed"]),
            "执行率自评得分": funds["score"],
            "自评得分": self.total,
        }

    @property
    def total(self) -> str | None:
        """The page's own total."""
        return (self.facts["stated_total"] or "").removesuffix("分").strip() or None

    def _amount(self, raw: str | None) -> str | None:
        """As on the page; a bare number takes the page's unit where that is not 万元."""
        unit = self.facts["funds"]["unit"] or "万元"
        return f"{raw}{unit}" if raw and unit != "万元" and re.fullmatch(r"[\d.,]+", raw) else raw

    def _indicator(self, row: dict[str, Any]) -> dict[str, str | None]:
        return {
            "适用对象": self.name,
            "一级指标": row["l1"] or "产出指标",
            "二级指标": row["l2"],
            "三级指标": row["l3"],
            "指标性质": row["nature"] if row["nature_from"] == "column" else None,
            "指标值": row["target_raw"],
            "计量单位": row["unit"],
            "权重": row["weight"],
            "实际完成值": row["actual_raw"],
            "自评得分": row["score"],
            "偏差原因": row["deviation_reason"],
        }

    @property
    def execution_points(self) -> Decimal | None:
        """The score of 预算执行率 by the rule, from the page's amounts alone; None where they are not there."""
        spent, budget = (_plain(self.facts["funds"][key]) for key in ("executed", "full_year_budget"))
        if spent is None or not budget:
            return None
        points = regulations()[self.regulation_id].items[0].max_points
        return _half_up(Fraction(points) * min(Fraction(1), spent / budget))


def clear_score(row: dict[str, Any]) -> Decimal | None:
    """What the rule gives a row in which both values are one number each, in one unit, with a nature on the page; None
    for all else.

    Written again from the raw strings, so that it judges the program and does not repeat it.
    """
    target, actual = _number(row["target_raw"], row["unit"]), _number(row["actual_raw"], row["unit"])
    weight = _plain(row["weight"])
    if target is None or actual is None or weight is None:
        return None
    nature = SIGNS.get(row["nature"] or "", row["nature"]) or target[0]
    (_, goal, unit), (_, reached, own_unit) = target, actual
    if nature not in ("≥", ">", "≤", "<", "=") or (unit and own_unit and unit != own_unit):
        return None
    if goal <= 0:
        return None
    if nature in ("≤", "<"):
        return _half_up(weight if reached <= goal else weight * goal / reached)
    return _half_up(weight * min(Fraction(1), reached / goal))


def _number(raw: str | None, unit: str | None) -> tuple[str, Fraction, str] | None:
    text = (raw or "").replace(" ", "")
    for typed, sign in SIGNS.items():
        text = text.replace(typed, sign)
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    return match["sign"], Fraction(match["number"]), match["unit"] or unit or ""


def _plain(raw: str | None) -> Fraction | None:
    match = re.fullmatch(r"([\d,]+(?:\.\d+)?)(万元|万|元)?", raw or "")
    return Fraction(match[1].replace(",", "")) if match else None


def _half_up(value: Fraction) -> Decimal:
    return Decimal(int(value * 100 + Fraction(1, 2))) / 100


@cache
def _template(regulation_id: str) -> bytes:
    return blank_template(PROJECT_KIND, regulations(), regulation_id, None)


def _write(sheet: Any, row: int, values: dict[str, str | None]) -> None:
    headers = {str(cell.value).strip().lstrip("*").strip(): cell.column for cell in sheet[FIRST - 1]}
    for header, value in values.items():
        if value is not None:
            cell = sheet.cell(row, headers[header])
            cell.value = Decimal(value) if re.fullmatch(r"\d+(\.\d+)?", value) else value
            if not isinstance(cell.value, Decimal):
                cell.data_type = "s"  # “=100%” is a text of the page, no formula


@cache
def public_tables() -> tuple[PublicTable, ...]:
    """All thirty, by number."""
    return tuple(PublicTable(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json")))
