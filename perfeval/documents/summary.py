"""汇总表.xlsx for the finance bureau: one row a workbook, rankings, common errors, who has not filed, all findings and indicators."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from perfeval.documents.summaries import sheets
from perfeval.documents.summaries.tables import tables
from perfeval.documents.workbook import Book

Duplicate = tuple[str, Sequence[str]]


def write_summary(
    results: Sequence[Mapping[str, Any]],
    rejected: Sequence[Mapping[str, str]] = (),
    unfiled: Sequence[str] = (),
    duplicate_texts: Iterable[Duplicate] = (),
) -> bytes:
    """The workbook's bytes.

    `results` are the objects of 结果.json, one for each readable workbook; `rejected` the run record's lines (file, status, reason) of those
    that could not be read; `unfiled` the departments of the roster without a workbook; `duplicate_texts` long texts with the departments that filed them.
    """
    book = Book("绩效自评汇总表", "perfeval")
    sheets.write(book, tables(results), tuple(rejected), tuple(unfiled), tuple(duplicate_texts))
    return book.finish()
