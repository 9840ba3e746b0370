"""Forms of other people for the tests of prefill: a table of texts as one reads it, made a file of some kind.

A cell is written as it stands; `<` continues the cell to its left, `^` the one above (a merge). A number of a workbook
is written 12.5, a text that looks like one '12.5.
"""

import io
from decimal import Decimal
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

LEFT, ABOVE = "<", "^"


def cells_of(text: str) -> list[list[str]]:
    """The cells of a table whose columns are separated by |."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return [[cell.strip().replace("\\n", "\n") for cell in line.split("|")] for line in lines]


def merges_of(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom, right of each merge, from 0."""
    found = []
    for top, row in enumerate(rows):
        for left, cell in enumerate(row):
            if cell in (LEFT, ABOVE):
                continue
            right = left
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            bottom = top
            while bottom + 1 < len(rows) and left < len(rows[bottom + 1]) and rows[bottom + 1][left] == ABOVE:
                bottom += 1
            if (bottom, right) != (top, left):
                found.append((top, left, bottom, right))
    return found


def value_of(cell: str) -> Decimal | str | None:
    """What a workbook's cell holds."""
    if cell in (LEFT, ABOVE, ""):
        return None
    if cell.startswith("'"):
        return cell[1:]
    try:
        return Decimal(cell)
    except ArithmeticError:
        return cell


def workbook(path: Path, **sheets: str) -> Path:
    """An .xlsx with those sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, text in sheets.items():
        page, rows = book.create_sheet(name), cells_of(text)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row, 1):
                value = value_of(cell)
                page.cell(number, column).value = value
                if isinstance(value, str) and not value.startswith("#"):
                    page.cell(number, column).data_type = "s"
        for top, left, bottom, right in merges_of(rows):
            page.merge_cells(f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}")
    book.save(path)
    return path


def document(path: Path, *blocks: str) -> Path:
    """A .docx of paragraphs (one line) and tables (lines with |)."""
    file = Document()
    for block in blocks:
        if "|" not in block:
            file.add_paragraph(block.strip())
            continue
        rows = cells_of(block)
        table = file.add_table(len(rows), max(map(len, rows)))
        for top, left, bottom, right in merges_of(rows):
            table.cell(top, left).merge(table.cell(bottom, right))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell and cell not in (LEFT, ABOVE):
                    table.cell(number, column).text = cell.removeprefix("'")
    buffer = io.BytesIO()
    file.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path
