"""Which amounts are most likely filled in another unit: the smallest change that makes them fit what they are beside.

Root cause first: the whole 收支 against the staff, then sums that one change of unit makes right, then rows, then what
is more than the whole it is a part of, then what is unlike last year, then what is too little for any
department. Each step sees the amounts as the steps before
read them.
"""

from dataclasses import replace

from perfeval.checks.context import Context
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.by_last_year import by_last_year
from perfeval.checks.magnitude.by_least import by_least
from perfeval.checks.magnitude.by_parts import by_parts
from perfeval.checks.magnitude.by_rows import by_rest, by_rows
from perfeval.checks.magnitude.by_sums import by_sums
from perfeval.checks.magnitude.by_targets import by_targets
from perfeval.checks.magnitude.by_words import by_words
from perfeval.checks.magnitude.whole import whole, with_the_whole

STEPS = (by_sums, by_rows, by_targets, by_rest, by_parts, by_words, by_sums, by_last_year, by_least)
MOST_STEPS = 60  # so many changes of unit are looked for in one workbook; the rest are reported one by one


def searched(context: Context) -> Book:
    """The workbook with its culprits, root causes first."""
    previous = context.previous
    last = searched(replace(context, submission=previous, previous=None)).meant if previous is not None else None
    book = Book(context, last)
    book.note(whole(book))
    for step in STEPS:
        for _ in range(MOST_STEPS):
            noted = [book.note(culprit) for culprit in step(book)]
            if not any(noted):
                break
    book.found = list(with_the_whole(book))
    return book
