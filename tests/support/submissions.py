"""A Submission straight from the form's own words, without a workbook: {"收支": {"支出合计": {"决算数": "570.41"}}, "项目":
[{"项目名称": "甲"}]}.

Texts become what their column holds; an empty text is a blank cell. A sheet that is not given is absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from perfeval.filing.typed.choices import choice_of
from perfeval.filing.typed.readings import reading_of
from perfeval.model import submission as model
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import FORM, GRAND_TOTAL_LABEL, SCORES, Field, Kind, Shape, Sheet
from perfeval.model.frames import Columns, tables_of
from perfeval.model.numbers import HUNDRED
from perfeval.model.regulation import IndicatorRules
from perfeval.model.submission import Source, Submission
from perfeval.rules.frames import add_indicator_columns

YEAR = 2025
GRIDS: dict[str, tuple[type, type]] = {
    "money": (model.Money, model.MoneyRow),
    "cut": (model.Cut, model.CutRow),
    "management": (model.Management, model.ManagementRow),
}
TABLES: dict[str, type] = {
    "functions": model.Function, "controlled_items": model.ControlledItem, "progress": model.Progress,
    "duties": model.Duty, "duty_data": model.DutyDatum, "projects": model.Project, "indicators": model.Indicator,
    "scores": model.ScoreRow,
    "texts": model.ReportText,
    "problems": model.Problem,
}  # fmt: skip
Sheets = Mapping[str, Any]


@dataclass(frozen=True)
class Unreadable:
    """A cell with something the reader could not make sense of."""

    raw: str


def submission(sheets: Sheets, kind: str = "部门整体") -> Submission:
    """Raises KeyError for a word the form does not have."""
    unknown = set(sheets) - {sheet.name for sheet in FORM}
    if unknown:
        raise KeyError(sorted(unknown))
    basic = {"评价类型": kind, "评价年度": str(YEAR), **sheets.get("基本情况", {})}
    parts: dict[str, Any] = {}
    for sheet in FORM:
        given = basic if sheet.name == "基本情况" else sheets.get(sheet.name)
        if sheet.shape is Shape.LABELS:
            parts[sheet.key] = model.Basic(**_cells(sheet, given, 0))
        elif sheet.shape is Shape.GRID:
            parts[sheet.key] = _grid(sheet, given)
        elif sheet.shape is Shape.TABLE:
            rows = [row for row in given or [] if any(row.values())]
            parts[sheet.key] = tuple(TABLES[sheet.key](row=n, **_cells(sheet, row, n)) for n, row in enumerate(rows, 4))
    totals = [row for row in parts["scores"] if row.item_name.value == GRAND_TOTAL_LABEL]
    parts["scores"] = tuple(row for row in parts["scores"] if row not in totals)
    absent = Cell(CellRef(SCORES.name, 1, 1), GRAND_TOTAL_LABEL, state=State.ABSENT)
    return Submission(
        source=Source("测试.xlsx", "0" * 64),
        grand_total=totals[0].declared if totals else absent,
        absent_sheets=frozenset(sheet.name for sheet in FORM if sheet.name not in sheets),
        headers={},
        **parts,
    )


def indicator_table(row: Mapping[str, Any], rules: IndicatorRules) -> Columns:
    """指标 with one row, as it is scored under the rules."""
    columns = tables_of(submission({"指标": [row]}))["indicators"]
    add_indicator_columns(columns, rules)
    return columns


def _grid(sheet: Sheet, given: Mapping[str, Any] | None) -> Any:
    whole, row_type = GRIDS[sheet.key]
    unknown = set(given or {}) - {row.label for row in sheet.rows}
    if unknown:
        raise KeyError(sorted(unknown))
    rows = {}
    for number, row in enumerate(sheet.rows, 4):
        cells = _cells(sheet, None if given is None else given.get(row.label, {}), number)
        rows[row.key] = row_type(**{key: _relabelled(cell, f"{row.label} {cell.label}") for key, cell in cells.items()})
    return whole(**rows)


def _relabelled(cell: Cell[Any], label: str) -> Cell[Any]:
    return Cell(cell.ref, label, cell.raw, cell.value, cell.state)


def _cells(sheet: Sheet, given: Mapping[str, Any] | None, row: int) -> dict[str, Cell[Any]]:
    unknown = set(given or {}) - {field.label for field in sheet.fields}
    if unknown:
        raise KeyError(sorted(unknown))
    unit = str((given or {}).get("计量单位") or "")
    cells = {}
    for column, field in enumerate(sheet.fields, 2 if sheet.shape is Shape.GRID else 1):
        ref = CellRef(sheet.name, row, column) if row else CellRef(sheet.name, column + 3, 2)
        cells[field.key] = _cell(ref, field, None if given is None else given.get(field.label, ""), unit)
    return cells


def _cell(ref: CellRef, field: Field, given: str | Unreadable | None, unit: str) -> Cell[Any]:
    if given is None:
        return Cell(ref, field.label, state=State.ABSENT)
    if isinstance(given, Unreadable):
        return Cell(ref, field.label, given.raw, state=State.UNREADABLE)
    if given == "":
        return Cell(ref, field.label)
    value = choice_of(given, field.choices) if field.choices else _value(field.kind, given, unit)
    return Cell(ref, field.label, given, value, State.READ)


def _value(kind: Kind, text: str, unit: str) -> Any:
    if kind in (Kind.AMOUNT, Kind.NUMBER, Kind.POINTS):
        return Decimal(text)
    if kind in (Kind.COUNT, Kind.MONTH, Kind.YEAR):
        return Decimal(text) if kind is Kind.COUNT and "." in text else int(text)
    if kind is Kind.DATE:
        return date.fromisoformat(text)
    if kind is Kind.RATE:
        return Decimal(text.removesuffix("%")) / HUNDRED
    return reading_of(text, YEAR, unit) if kind is Kind.READING else text
