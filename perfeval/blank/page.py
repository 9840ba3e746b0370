"""Small hands for one worksheet of the template: values as what they are, row heights, paper."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfeval.blank.arithmetic import CheckCell
from perfeval.blank.layout import LINE_HEIGHT, Record, Value, field_width, row_height
from perfeval.model.form import Field, Kind, Sheet

Attributes = Iterable[tuple[str, Any]]

A4 = 9
PREPARED_LINES = 2  # a prepared row's height where its table takes long texts; it grows with them


class GrowingSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows grow with what is typed or pasted into them: xlsxwriter marks each height it is given as
    chosen by hand, which keeps spreadsheet programs from fitting the row."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Attributes = ()) -> None:
        super()._xml_start_tag_unencoded(tag, [a for a in attributes if a[0] != "customHeight"])


def paper(page: Worksheet, *, landscape: bool) -> None:
    """Prints on A4, with the sheet's name and the page number at the foot."""
    page.set_paper(A4)
    if landscape:
        page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.center_horizontally()
    page.set_footer("&L&A&C第 &P 页，共 &N 页")


def texts(sheet: Sheet, record: Record) -> list[tuple[str, float]]:
    """The words of a record with the width of their columns."""
    return [(value, field_width(field)) for field in sheet.fields if isinstance(value := record.get(field.key), str)]


def fit(page: Worksheet, row: int, cells: Sequence[tuple[str, float]], at_least: float = 0) -> None:
    """Makes a row high enough for its words."""
    height = max(row_height(cells) or 0, at_least)
    if height:
        page.set_row(row - 1, height)


def prepared_height(fields: Iterable[Field]) -> float:
    """The least height of a prepared row: where long texts are asked for they can be seen; 0 leaves it to the
    program."""
    return LINE_HEIGHT * PREPARED_LINES + 4 if any(field.kind is Kind.LONG_TEXT for field in fields) else 0


def put(page: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Writes a value as what it is: numbers as numbers, dates as dates, everything else as text."""
    if value is None or value == "":
        page.write_blank(row - 1, column - 1, None, style)
    elif isinstance(value, Decimal | int):
        page.write_number(row - 1, column - 1, value, style)
    elif isinstance(value, date):
        page.write_datetime(row - 1, column - 1, value, style)
    else:
        page.write_string(row - 1, column - 1, value, style)


def put_check(page: Worksheet, cell: CheckCell, style: Format) -> None:
    """Writes a check cell: words, or a formula with its present value."""
    if cell.is_formula:
        page.write_formula(cell.row - 1, cell.column - 1, cell.content, style, "" if cell.value is None else cell.value)
    else:
        page.write_string(cell.row - 1, cell.column - 1, cell.content, style)
