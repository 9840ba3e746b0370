"""Counts and amounts in the texts against the data they name; which phrases are recognised is in `text_figures` and
`text_conclusion`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.texts.conclusion import conclusion_figures
from perfeval.checks.texts.figures import PART_OF, Figure, general_figures, project_figures
from perfeval.checks.texts.named import duty_figures, indicator_figures, own_score, total_figure
from perfeval.checks.texts.names import CONCLUSION
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import HALF_UNIT, Interval, places
from perfeval.model.submission import Submission, Text

Sought = tuple[Figure, re.Pattern[str]]
DIGIT = re.compile(r"\d")  # a text without one states no figure
SENTENCE_MARK = re.compile(r"[。；;\n]")
CLAUSE_MARK = re.compile(r"[，,]")


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
    everything = "\n".join(cell.value or "" for cell in _texts(submission))

    def sought(*figures: Iterable[Figure]) -> list[Sought]:
        return [(f, f.pattern(year)) for group in figures for f in group if f.keyword in everything]

    general = sought(general_figures(context), indicator_figures(context), total_figure(context))
    for duty in submission.duties:
        yield from _compare(duty.achievement, general + sought(duty_figures(context, duty)), duty.deduction_reason)
    projects = general + sought(project_figures(context))
    for row in submission.scores:
        yield from _compare(row.basis, projects + sought(own_score(row)), row.deduction_reason)
        yield from _compare(row.deduction_reason, projects, None)
    concluding = general + sought(conclusion_figures(context))
    for text in submission.texts:
        yield from _compare(text.content, concluding if text.chapter.value == CONCLUSION else general, None)


def _texts(submission: Submission) -> Iterator[Text]:
    yield from (duty.achievement for duty in submission.duties)
    yield from (cell for row in submission.scores for cell in (row.basis, row.deduction_reason))
    yield from (text.content for text in submission.texts)


def _compare(cell: Text, sought: list[Sought], answer: Text | None) -> Iterator[Finding]:
    reported: set[str] = set()
    text = cell.value or ""
    for figure, pattern in sought if DIGIT.search(text) else ():
        if figure.keyword not in text:
            continue
        for statement in statements(text, figure, pattern):
            if statement.words not in reported and not agrees(statement, figure):
                reported.add(statement.words)
                yield make(
                    "TEXT_004",
                    cell,
                    found=statement.words,
                    expected=figure.shown,
                    words=statement.words,
                    source=figure.source,
                    answer=answer,
                    related=figure.refs,
                )


def agrees(statement: Statement, figure: Figure) -> bool:
    """Whether the printed number can be one of the values the phrase may mean."""
    return any(statement.interval.overlaps(Interval(value, value)) for value in figure.accepted)


def statements(text: str, figure: Figure, pattern: re.Pattern[str]) -> Iterator[Statement]:
    """Each place where a text states a figure. “430.7万元” is taken as anything that rounds to it."""
    for match in pattern.finditer(text):
        before = SENTENCE_MARK.split(text[: match.start()])[-1]
        if figure.anywhere and PART_OF.search(CLAUSE_MARK.split(before)[-1]):
            continue
        if figure.unless is not None and figure.unless.search(before):
            continue
        number, factor = Decimal(match["n"].replace(",", "")), figure.units[match["u"]]
        half = HALF_UNIT.scaleb(-places(number))
        yield Statement(match[0], Interval((number - half) * factor, (number + half) * factor))


CHECKS: tuple[Check, ...] = (text_against_data,)
