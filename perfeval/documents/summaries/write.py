"""汇总表.xlsx for the finance bureau: one row a workbook, rankings, common errors, who has not filed, all findings and
indicators."""

from collections.abc import Iterable, Mapping, Sequence

from perfeval.documents.summaries import sheets
from perfeval.documents.summaries.brief import Brief
from perfeval.documents.summaries.season import Roll
from perfeval.documents.summaries.tables import ROWS_PER_SHEET, Tables, tables
from perfeval.excel.write import Book

NOBODY = Roll()
Duplicate = tuple[str, Sequence[str]]


def write_summary(
    briefs: Sequence[Brief],
    rejected: Sequence[Mapping[str, str]] = (),
    unfiled: Sequence[str] = (),
    duplicate_texts: Iterable[Duplicate] = (),
    rows_per_sheet: int = ROWS_PER_SHEET,
    roll: Roll = NOBODY,
    made: Tables | None = None,
) -> bytes:
    """The workbook's bytes.

    `briefs` are the readable workbooks; `rejected` the run record's lines (file, status, reason) of those that could
    not be read; `unfiled` the departments of the roster without a workbook; `duplicate_texts` long texts with the
    departments that filed them. A list longer than `rows_per_sheet` goes on on a further sheet.
    `roll` says who has to file; `made` are the tables of `briefs` where they are there already.
    """
    book = Book("绩效自评汇总表", "perfeval")
    found = made or tables(briefs, rows_per_sheet)
    sheets.write(book, briefs, found, tuple(rejected), tuple(unfiled), tuple(duplicate_texts), roll)
    return book.finish()
