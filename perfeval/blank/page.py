"""Small hands for one worksheet of the template: values as what they are, row heights, paper."""

from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfeval.blank.arithmetic import CheckCell
from perfeval.blank.layout import Record, Value, field_width, row_height
from perfeval.model.form import Sheet

A4 = 9


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


def fit(page: Worksheet, row: int, cells: list[tuple[str, float]]) -> None:
    """Makes a row high enough for its words."""
    height = row_height(cells)
    if height is not None:
        page.set_row(row - 1, height)


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
