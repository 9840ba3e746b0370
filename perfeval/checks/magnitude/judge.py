"""What is out of scale in a workbook, once: the culprits reported, and the workbook as it is most likely meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from perfeval.checks.context import Context
from perfeval.checks.magnitude.amounts import without
from perfeval.checks.magnitude.indicators import unit_questions
from perfeval.checks.magnitude.report import converted, covers_all, report, unit_of
from perfeval.checks.magnitude.search import searched
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import READ
from perfeval.rules.engine import score


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings about magnitude, and the context all other checks are given: the workbook as it is most likely
    meant."""

    findings: tuple[Finding, ...]
    meant: Context


def judge(context: Context) -> Judged:
    """Looks for amounts and indicators out of scale. Where nothing is, `meant` is the context itself."""
    book = searched(context)
    questions = tuple(unit_questions(context))
    doubted = frozenset(f.ref for f in questions if f.ref is not None and not f.answered)
    powers = {ref: power for ref, power in book.powers.items() if power}
    findings = (*converted(context), *report(book.found, context, powers), *questions)
    if not powers and not doubted:
        return Judged(findings, context)
    submission = without(book.meant, doubted) if doubted else book.meant
    whole = next((c for c in book.found if c.about_all and covers_all(c, context)), None)
    if whole is not None:  # then nothing has to be typed again: what is to be typed is in the unit it is filled in
        stated = submission.basic.money_unit._replace(value=unit_of(whole.power, context), state=READ)
        submission = replace(submission, basic=replace(submission.basic, money_unit=stated))
    card = score(submission, context.regulation) if context.regulation else None
    return Judged(findings, replace(context, submission=submission, scorecard=card))


def in_place_of_errors(
    reported: Iterable[Finding], filed: Iterable[Finding], meant: Iterable[Finding]
) -> Iterator[Finding]:
    """A question about magnitude that takes the place of an error is an error itself: else the report would be made.

    `filed` is what the other checks say of the workbook as filed, `meant` what they say of it as it is meant.
    """
    left = {(f.code, f.ref) for f in meant}
    gone = [f for f in filed if f.severity is Severity.ERROR and (f.code, f.ref) not in left]
    cells = {ref for f in gone for ref in (f.ref, *f.related)}
    for finding in reported:
        stands_for = not cells.isdisjoint((finding.ref, *finding.related)) and not finding.answered
        question = finding.severity is Severity.QUESTION
        yield replace(finding, severity=Severity.ERROR) if question and stands_for else finding
