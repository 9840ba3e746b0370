"""Two workbooks as a careful newcomer fills them in: right in what they say, in every way that people type it, with a
few real faults.

Each comes with its repairs: what the list of findings asks for, cell by cell, and nothing else.
"""

import io
from collections.abc import Iterator
from functools import cache

from departments import HEADER_ROW, department, project_workbook
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
DATES = ("{0}/{1}/{2}", "{0}.{1}.{2}", "{0}年{1}月{2}日", "{0}{1:02}{2:02}", "{0}-{1}-{2}")


@cache
def dirty_department() -> tuple[bytes, dict[str, object]]:
    """部门整体."""
    book = load_workbook(io.BytesIO(department(4, projects=12, indicators=20).workbook))
    _text_numbers(book)
    return _dirty(book)


@cache
def dirty_project() -> tuple[bytes, dict[str, object]]:
    """项目支出."""
    return _dirty(load_workbook(io.BytesIO(project_workbook(4, projects=6, indicators=48).workbook)))


def mended(content: bytes, repairs: dict[str, object]) -> bytes:
    """The workbook after one round: each repair typed, a row that is to go (“项目!12”) emptied."""
    book = load_workbook(io.BytesIO(content))
    for place, value in repairs.items():
        sheet, address = place.split("!")
        for cell in book[sheet][address] if address.isdigit() else (book[sheet][address],):
            cell.value = value
    return _saved(book)


def _dirty(book: Workbook) -> tuple[bytes, dict[str, object]]:
    repairs = {**_projects(book["项目"]), **_indicators(book["指标"])}
    book.create_sheet("测算底稿")["A1"] = "各股室报来的数"
    return _saved(book), repairs


def _projects(sheet: Worksheet) -> dict[str, object]:
    """Amounts full-width, with separators and units, dates of all kinds, a column of their own, a total, a note."""
    for number, cell in enumerate(_column(sheet, "年初预算数")):
        cell.value = f"{cell.value:,.2f}".translate(FULL_WIDTH) if number % 2 else f"{cell.value:.2f}"
    for cell in _column(sheet, "执行数"):
        cell.value = f"{cell.value}万元"
    for number, cell in enumerate(_column(sheet, "入库日期")):
        day = cell.value
        cell.value = DATES[number % len(DATES)].format(day.year, day.month, day.day)
        cell.number_format = "General"
    header = sheet.max_column + 1
    sheet.cell(HEADER_ROW, header).value = "经办股室"
    names = _column(sheet, "项目名称")
    for cell in names:
        sheet.cell(cell.row, header).value = "综合股"
    last = names[-1].row
    sheet.cell(last + 1, names[0].column).value = "合计"
    sheet.cell(last + 2, 1).value = "注：金额按年末决算口径填列"
    return {f"项目!{last + 1}": None, f"项目!{last + 2}": None}


def _indicators(sheet: Worksheet) -> dict[str, object]:
    """适用对象 and 一级指标 merged, signs and units in the values, weights full-width; “约n” where a number belongs; 同上 as a
    reason."""
    for header in ("适用对象", "一级指标"):
        _merge_alike(sheet, _column(sheet, header))
    for cell in _column(sheet, "权重"):
        cell.value = str(cell.value).translate(FULL_WIDTH)
    natures, units = _by_row(sheet, "指标性质"), _by_row(sheet, "计量单位")
    for cell in _column(sheet, "指标值"):
        if isinstance(cell.value, int | float) and units.get(cell.row) not in (None, "%"):
            sign = str(natures.get(cell.row) or "").replace("=", "等于")  # what begins with = would be a formula
            cell.value = f"{sign}{cell.value}{units[cell.row]}"
    repairs: dict[str, object] = {}
    plain = [c for c in _column(sheet, "实际完成值") if isinstance(c.value, int | float) and units.get(c.row) != "%"]
    for cell in plain[:2]:
        repairs[f"指标!{cell.coordinate}"] = cell.value
        cell.value = f"约{cell.value}{units.get(cell.row) or ''}"
    for cell in _column(sheet, "偏差原因")[:1]:
        repairs[f"指标!{cell.coordinate}"] = cell.value
        cell.value = "同上"
    return repairs


def _text_numbers(book: Workbook) -> None:
    for row in book["收支"].iter_rows(min_row=HEADER_ROW + 1, min_col=2, max_col=4):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.value = f"{cell.value:,.2f}"


def _column(sheet: Worksheet, header: str) -> list[Cell]:
    column = next(c.column for c in sheet[HEADER_ROW] if str(c.value or "").strip("* ") == header)
    cells = (sheet.cell(row, column) for row in range(HEADER_ROW + 1, sheet.max_row + 1))
    return [cell for cell in cells if cell.value is not None]


def _by_row(sheet: Worksheet, header: str) -> dict[int, object]:
    return {cell.row: cell.value for cell in _column(sheet, header)}


def _merge_alike(sheet: Worksheet, cells: list[Cell]) -> None:
    for first, last in list(_runs(cells)):
        for row in range(first.row + 1, last.row + 1):
            sheet.cell(row, first.column).value = None
        if last.row > first.row:
            sheet.merge_cells(start_row=first.row, end_row=last.row, start_column=first.column, end_column=first.column)


def _runs(cells: list[Cell]) -> Iterator[tuple[Cell, Cell]]:
    first = last = cells[0]
    for cell in cells[1:]:
        if cell.value != first.value:
            yield first, last
            first = cell
        last = cell
    yield first, last


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
