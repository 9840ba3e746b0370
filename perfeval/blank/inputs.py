"""What a cell accepts and what it says when it is chosen: data validation and input messages of the filing workbook."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfeval.blank.layout import FIRST_ROW, address, column_of, on_sheet
from perfeval.blank.style import Styles
from perfeval.excel.write import display_width
from perfeval.model.form import LIST_SHEET, Field, Kind, Need, Sheet

INLINE_LIMIT = 255  # characters of a drop-down list inside the validation itself; longer ones are on the hidden sheet

KIND_WORDS = {
    Kind.AMOUNT: "填以万元为单位的数，只填数字，不带单位。",
    Kind.NUMBER: "只填数字，单位写在“计量单位”一列。",
    Kind.POINTS: "填 0 到 100 之间的数。",
    Kind.COUNT: "填整数，不带单位。",
    Kind.MONTH: "填 1 到 12 的整数。",
    Kind.YEAR: "填四位数字的年度，如 2025。",
    Kind.DATE: "填日期，如 2025-12-31。",
    Kind.RATE: "填百分比，如 98.5%。",
    Kind.CHOICE: "请从下拉列表中选择。",
}
_LIMITS: Mapping[Kind, dict[str, Any]] = {
    Kind.AMOUNT: {"validate": "decimal", "criteria": ">=", "value": 0},
    Kind.NUMBER: {"validate": "decimal", "criteria": "between", "minimum": -(10**12), "maximum": 10**12},
    Kind.POINTS: {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
    Kind.COUNT: {"validate": "integer", "criteria": ">=", "value": 0},
    Kind.MONTH: {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 12},
    Kind.YEAR: {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100},
    Kind.DATE: {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2100, 12, 31)},
    Kind.RATE: {"validate": "decimal", "criteria": ">=", "value": 0},
}


class Lists:
    """The drop-down lists too long for a validation: columns of the hidden sheet, written at the end."""

    def __init__(self) -> None:
        self._columns: list[tuple[str, tuple[str, ...]]] = []

    def source(self, title: str, entries: tuple[str, ...]) -> list[str] | str:
        """What a validation takes as its list: the entries, or a reference to their column on the hidden sheet."""
        if len(",".join(entries)) <= INLINE_LIMIT and not any({",", '"'} & set(entry) for entry in entries):
            return list(entries)
        if (title, entries) not in self._columns:
            self._columns.append((title, entries))
        column = self._columns.index((title, entries)) + 1
        return f"='{LIST_SHEET}'!{address(2, column, absolute=True)}:{address(len(entries) + 1, column, absolute=True)}"

    def write(self, workbook: Workbook, styles: Styles) -> None:
        """Adds the hidden sheet, if a list needs it."""
        if not self._columns:
            return
        sheet = workbook.add_worksheet(LIST_SHEET)
        for column, (title, entries) in enumerate(self._columns):
            sheet.set_column(column, column, max(map(display_width, entries)) + 2)
            sheet.write_string(0, column, title, styles.header())
            for row, entry in enumerate(entries, start=1):
                sheet.write_string(row, column, entry, styles.text())
        sheet.protect()
        sheet.hide()


def names_on(sheet: Sheet) -> str:
    """The names filled in on 履职 or 项目, as a drop-down source that grows with them."""
    column = column_of(sheet, "name")
    top = on_sheet(sheet, address(FIRST_ROW, column, absolute=True))
    bottom = address(FIRST_ROW + sheet.prepared_rows - 1, column, absolute=True)
    return f"=OFFSET({top},0,0,MAX(1,COUNTA({top}:{bottom})),1)"


def validation(column: Field, kind: Kind, source: list[str] | str | None) -> dict[str, Any] | None:
    """The validation of a field: its limits or its list, its input message, its alert; None where anything goes and
    nothing is to be said."""
    need = "" if column.need is Need.OPTIONAL else "必填。"
    message = " ".join(filter(None, (need, column.help.removeprefix("必填。"), KIND_WORDS.get(kind, ""))))
    words = {"input_title": column.label, "input_message": message} if message else {}
    if source is not None:
        return {
            "validate": "list",
            "source": source,
            **words,
            **_alert(column, "请从下拉列表中选择。", warn=kind is not Kind.CHOICE or bool(column.list_key)),
        }
    if kind in _LIMITS:
        return {**_LIMITS[kind], **words, **_alert(column, KIND_WORDS[kind], warn=kind is Kind.DATE)}
    return {"validate": "any", **words} if column.help else None


def _alert(column: Field, words: str, *, warn: bool) -> dict[str, Any]:
    """Stops what can only be wrong; asks where the program may still be able to read it."""
    question = "仍要保留吗？" if warn else ""
    return {
        "ignore_blank": True,
        "error_title": "请核对所填内容",
        "error_message": f"“{column.label}”{words}{question}",
        "error_type": "warning" if warn else "stop",
    }


def apply(sheet: Worksheet, cells: tuple[int, int, int, int], rule: dict[str, Any] | None) -> None:
    """Puts a validation on the cells from (row, column) to (row, column), counted from 1."""
    if rule is None:
        return
    first_row, first_column, last_row, last_column = (number - 1 for number in cells)
    if sheet.data_validation(first_row, first_column, last_row, last_column, rule) != 0:
        raise ValueError(f"validation refused: {rule.get('input_title')}")
