"""Counts and amounts in the texts against the data they name; which phrases are recognised stands in `text_figures`."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.text_figures import Figure, general_figures
from perfeval.checks.text_named import duty_figures, indicator_figures, total_figure
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import HALF_UNIT, Interval, places
from perfeval.model.submission import Text


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure as a text states it: the words, and what the printed number may be in the datum's base unit."""

    words: str
    interval: Interval


def text_against_data(context: Context) -> Iterator[Finding]:
    """TEXT_004: a count or amount in a text is not the datum it names."""
    submission = context.submission
    if submission.is_project_kind:
        return
    year = submission.basic.year.value
    general = [*general_figures(context), *indicator_figures(context), *total_figure(context)]
    for duty in submission.duties:
        yield from _compare(duty.achievement, [*general, *duty_figures(context, duty)], year, duty.deduction_reason.is_read)
    for row in submission.scores:
        yield from _compare(row.basis, general, year, row.deduction_reason.is_read)
        yield from _compare(row.deduction_reason, general, year, False)
    for text in submission.texts:
        yield from _compare(text.content, general, year, False)


def _compare(cell: Text, figures: list[Figure], year: int | None, answered: bool) -> Iterator[Finding]:
    text = cell.value or ""
    for figure in figures if text else ():
        for statement in statements(text, figure, year):
            if not any(statement.interval.overlaps(Interval.printed(value, at_least=6)) for value in figure.accepted):
                yield make(
                    "TEXT_004",
                    cell,
                    found=statement.words,
                    expected=figure.shown,
                    words=statement.words,
                    source=figure.source,
                    answered=answered,
                    related=figure.refs,
                )


def statements(text: str, figure: Figure, year: int | None = None) -> Iterator[Statement]:
    """Each place where a text states a figure. “430.7万元” is taken as anything that rounds to it."""
    for match in figure.pattern(year).finditer(text):
        number, factor = Decimal(match["n"].replace(",", "")), figure.units[match["u"]]
        half = HALF_UNIT.scaleb(-places(number))
        yield Statement(match[0], Interval((number - half) * factor, (number + half) * factor))


CHECKS: tuple[Check, ...] = (text_against_data,)
