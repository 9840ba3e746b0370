"""汇总表.xlsx for the finance bureau: one row a workbook, rankings, common errors, who has not filed, all findings and
indicators."""

from collections.abc import Iterable, Mapping, Sequence

from perfeval.documents.summaries import sheets
from perfeval.documents.summaries.brief import Brief
from perfeval.documents.summaries.long_lists import with_rows
from perfeval.documents.summaries.parts import ROWS_PER_SHEET
from perfeval.documents.summaries.tables import tables
from perfeval.excel.write import Book
from perfeval.excel.zips import write_zip

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
    added = sheets.write(
        book, briefs, tables(briefs, rows_per_sheet), tuple(rejected), tuple(unfiled), tuple(duplicate_texts)
    )
    return write_zip(with_rows(book.parts(), added))
