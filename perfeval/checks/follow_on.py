"""Root cause first: what only follows from another finding of the same workbook is not reported."""

from collections.abc import Iterable
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef
from perfeval.model.numbers import sum_agrees
from perfeval.model.readings import DateSpan
from perfeval.model.regulation import Item
from perfeval.model.scorecard import ProjectScore
from perfeval.rules.library import library
from perfeval.rules.project_facts import rests_on_deadline

TEXT_AGAINST_DATA, DECLARED_AGAINST_COMPUTED = "TEXT_004", "SCORE_005"
PROJECT_TOTAL, PROJECT_EXECUTION = "PROJECT_011", "PROJECT_012"
LATE_INDICATOR = ("INDICATOR_011", "INDICATOR_015")
WEIGHT_SUM, DECLARED_AGAINST_WEIGHT = "INDICATOR_001", ("INDICATOR_014", "INDICATOR_015")


def without_follow_ons(findings: Iterable[Finding], context: Context) -> tuple[Finding, ...]:
    """Drops a text that contradicts a figure which has a finding of its own, and a difference from a score computed
    from a wrong cell or weight."""
    reported = tuple(findings)
    questioned = {f.ref for f in reported if f.code != TEXT_AGAINST_DATA}
    wrong = {f.ref for f in reported if f.severity is Severity.ERROR}
    sums = [f for f in reported if f.code == WEIGHT_SUM and _is_reported_once(f, reported)]
    return tuple(
        f for f in reported if not (_follows(f, context, questioned, wrong) or _fits_corrected_weight(f, context, sums))
    )


def _follows(finding: Finding, context: Context, questioned: set[CellRef | None], wrong: set[CellRef | None]) -> bool:
    if finding.code == TEXT_AGAINST_DATA:
        return not questioned.isdisjoint(finding.related)
    if context.submission.basic.year.ref in wrong and _rests_on_year(finding, context):
        return True
    if finding.code == DECLARED_AGAINST_COMPUTED and context.scorecard is not None:
        computed = (s for s in context.scorecard.items if s.declared is not None and s.declared.ref == finding.ref)
        return any(ref in wrong for score in computed for operand in score.operands for ref in operand.cells)
    if finding.code == PROJECT_EXECUTION:
        return not wrong.isdisjoint(finding.related)
    if finding.code == PROJECT_TOTAL and context.scorecard is not None:
        own = next(score for score in context.scorecard.projects if score.project.declared.ref == finding.ref)
        return any(ref is not None and (ref.sheet, ref.row) in _rows_of(own) for ref in wrong)
    return False


def _rests_on_year(finding: Finding, context: Context) -> bool:
    """A project's 入库日期 set against the year's deadline, or a day whose year was taken from 评价年度."""
    card = context.scorecard
    if finding.code == DECLARED_AGAINST_COMPUTED and card is not None:
        return any(
            s.declared is not None and s.declared.ref == finding.ref and _counts_from_year(s.item) for s in card.items
        )
    dated = {i.row for i in context.submission.indicators if isinstance(i.target.value, DateSpan)}
    return finding.code in LATE_INDICATOR and finding.ref is not None and finding.ref.row in dated


def _counts_from_year(item: Item) -> bool:
    known = library().shortcomings
    return any(name in known and rests_on_deadline(known[name]) for name in item.inputs.values())


def _rows_of(score: ProjectScore) -> set[tuple[str, int]]:
    """The row of a project and those of its indicators."""
    cells = (score.project.declared, *(indicator.indicator.actual for indicator in score.indicators))
    return {(cell.ref.sheet, cell.ref.row) for cell in cells}


def _is_reported_once(weights: Finding, reported: Iterable[Finding]) -> bool:
    """Whether just one row of those whose weights are wrong has a 自评得分 that does not fit: then it is that row's
    weight."""
    rows = {(ref.sheet, ref.row) for ref in weights.related}
    return (
        sum(
            f.code in DECLARED_AGAINST_WEIGHT and f.ref is not None and (f.ref.sheet, f.ref.row) in rows
            for f in reported
        )
        == 1
    )


def _fits_corrected_weight(finding: Finding, context: Context, sums: Iterable[Finding]) -> bool:
    """A 自评得分 that is right once its weight is corrected so that the weights add up: the wrong sum has been reported."""
    if finding.code not in DECLARED_AGAINST_WEIGHT or context.scorecard is None:
        return False
    for score in context.scorecard.indicators:
        cells, points = score.indicator, score.score
        declared, weight = cells.declared.value, cells.weight.value
        if cells.declared.ref != finding.ref or declared is None or points is None or not weight:
            continue
        gaps = [Decimal(f.found) - Decimal(f.expected) for f in sums if cells.weight.ref in f.related]
        return any(sum_agrees(declared, [points / weight * (weight - gap)]) for gap in gaps)
    return False
