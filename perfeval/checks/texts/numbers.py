"""Counts and amounts in the texts against the data they name; which phrases are recognised is in `figures`, `named` and
`conclusion`, what a number is in `prose`."""

from collections.abc import Iterable, Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.texts.conclusion import conclusion_figures
from perfeval.checks.texts.figures import Datum, Sought, Statement, general_figures, project_figures
from perfeval.checks.texts.named import duty_figures, indicator_figures, own_score, total_figure
from perfeval.checks.texts.names import CONCLUSION
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.submission import Submission, Text
from perfeval.prose.quantities import quantities
from perfeval.prose.text import Line, plain


def text_against_data(context: Context) -> Iterator[Finding]:
    """TEXT_004: a count or amount in a text is not the datum it names."""
    submission = context.submission
    if submission.is_project_kind:
        return
    year = submission.basic.year.value
    everything = plain("".join(cell.value or "" for cell in _texts(submission)))

    def sought(*data: Iterable[Datum]) -> list[Sought]:
        return [d.sought(year) for group in data for d in group if d.keyword in everything]

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
    for one, statement in statements(cell.value or "", sought):
        if not statement.agrees and statement.words not in reported:
            reported.add(statement.words)
            yield make(
                "TEXT_004",
                cell,
                found=statement.words,
                expected=one.datum.shown,
                words=statement.words,
                source=one.datum.source,
                answer=answer,
                related=one.datum.refs,
            )


def statements(text: str, sought: Iterable[Sought]) -> Iterator[tuple[Sought, Statement]]:
    """Each place where a text states a datum. “430.7万元” is taken as anything that rounds to it."""
    for number, paragraph in enumerate(text.splitlines()):
        line = Line(number, paragraph, "")
        here = [one for one in sought if one.datum.keyword in line.plain]
        for quantity in quantities(line) if here else ():
            for one in here:
                if (statement := one.stated(line, quantity)) is not None:
                    yield one, statement


CHECKS: tuple[Check, ...] = (text_against_data,)
