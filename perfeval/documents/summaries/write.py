"""汇总表.xlsx for the finance bureau: one row a workbook, rankings, common errors, who has not filed, all findings and
indicators."""

from collections.abc import Iterable, Mapping, Sequence

from perfeval.documents.summaries import sheets
from perfeval.documents.summaries.brief import Brief
from perfeval.documents.summaries.tables import ROWS_PER_SHEET, tables
from perfeval.excel.write import Book

Duplicate = tuple[str, Sequence[str]]


def write_summary(
    briefs: Sequence[Brief],
    rejected: Sequence[Mapping[str, str]] = (),
    unfiled: Sequence[str] = (),
    duplicate_texts: Iterable[Duplicate] = (),
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> bytes:
    """The workbook's bytes.

    `briefs` are the readable workbooks; `rejected` the run record's lines (file, status, reason) of those that could
    not be read; `unfiled` the departments of the roster without a workbook; `duplicate_texts` long texts with the
    departments that filed them. A list longer than `rows_per_sheet` goes on on a further sheet.
    """
    book = Book("绩效自评汇总表", "perfeval")
    sheets.write(book, briefs, tables(briefs, rows_per_sheet), tuple(rejected), tuple(unfiled), tuple(duplicate_texts))
    return book.finish()
