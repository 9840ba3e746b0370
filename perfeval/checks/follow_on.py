"""Root cause first: what only follows from another finding of the same workbook is not told."""

from collections.abc import Iterable

from perfeval.checks.context import Context
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef

TEXT_AGAINST_DATA, DECLARED_AGAINST_COMPUTED = "TEXT_004", "SCORE_005"


def without_follow_ons(findings: Iterable[Finding], context: Context) -> tuple[Finding, ...]:
    """Drops a text that contradicts a figure which has a finding of its own, and a difference from a score computed from a wrong cell."""
    told = tuple(findings)
    asked_about = {f.ref for f in told if f.code != TEXT_AGAINST_DATA}
    wrong = {f.ref for f in told if f.severity is Severity.ERROR}
    return tuple(f for f in told if not _follows(f, context, asked_about, wrong))


def _follows(finding: Finding, context: Context, asked_about: set[CellRef | None], wrong: set[CellRef | None]) -> bool:
    if finding.code == TEXT_AGAINST_DATA:
        return not asked_about.isdisjoint(finding.related)
    if finding.code == DECLARED_AGAINST_COMPUTED and context.scorecard is not None:
        computed = (s for s in context.scorecard.items if s.declared is not None and s.declared.ref == finding.ref)
        return any(ref in wrong for score in computed for operand in score.operands for ref in operand.cells)
    return False
