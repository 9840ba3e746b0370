"""Changes to the sound workbook as a test names them: a value with its format, a row more, a merge; and what is read
then."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
from workbooks import department, save, workbook

from perfeval.filing.read_filing import ReadFiling, read_filing
from perfeval.model.submission import Submission

Change = Callable[[openpyxl.Workbook], None]


def taken(change: Change, folder: Path) -> ReadFiling:
    book = workbook(department())
    change(book)
    return read_filing(save(book, folder), "填报.xlsx")


def put(sheet: str, address: str, value: object, number_format: str = "General") -> Change:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][address] = value
        book[sheet][address].number_format = number_format

    return change


def both(*changes: Change) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        for each in changes:
            each(book)

    return change


def merged(sheet: str, area: str, hidden: tuple[str, object] | None = None) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet].merge_cells(area)
        if hidden is not None:
            address, value = hidden
            cell = book[sheet][address]
            book[sheet]._cells[cell.row, cell.column] = openpyxl.cell.cell.Cell(
                book[sheet], cell.row, cell.column, value
            )

    return change


def hide_row(sheet: str, row: int) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet].row_dimensions[row].hidden = True

    return change


def add_row(sheet: str, *values: object) -> Change:
    return lambda book: book[sheet].append(values)


def read(change: Change, folder: Path) -> Submission:
    submission = taken(change, folder).submission
    assert submission is not None
    return submission


def reported(change: Change, folder: Path) -> list[tuple[str, str]]:
    return [(f.code, str(f.ref)) for f in taken(change, folder).findings]
