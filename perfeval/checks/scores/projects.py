"""项目: the department's own scores of a project against the computed ones."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.numbers import ZERO, show_number, show_points, sum_agrees
from perfeval.model.scorecard import Basis, ItemScore, ProjectScore
from perfeval.model.submission import PROJECT_KIND


def out_of_range(context: Context) -> Iterator[Finding]:
    """PROJECT_013: 自评得分 or 执行率自评得分 below 0 or above what can be earned."""
    for score in _scores(context):
        for cell, limit in _limits(context, score):
            if cell.value is not None and not _within(cell, limit):
                points = show_number(limit)
                yield make("PROJECT_013", cell, expected=f"0 到 {points}", name=cell.label, limit=points)


def execution_differs(context: Context) -> Iterator[Finding]:
    """PROJECT_012: 执行率自评得分 other than the score the amounts give."""
    for score in _scores(context):
        item = _execution(score)
        if item is None or item.declared is None or item.score is None or not _within(item.declared, item.max_points):
            continue
        if item.declared.value is not None and not sum_agrees(item.declared.value, [item.score]):
            yield make(
                "PROJECT_012",
                item.declared,
                expected=show_points(item.score),
                explanation=item.explanation.rstrip("。"),
                clause=item.item.provenance.words,
                answer=score.project.deviation_reason,
                related=(score.project.executed.ref, score.project.adjusted_budget.ref),
            )


def total_differs(context: Context) -> Iterator[Finding]:
    """PROJECT_011: 自评得分 of a project other than its computed total; silent where its own parts come to it: each of them
    is reported."""
    for score in _scores(context):
        declared = score.project.declared
        if (
            declared.value is None
            or score.total is None
            or context.scorecard is None
            or not _within(declared, context.scorecard.max_points)
        ):
            continue
        parts = [item.score for item in score.items if item.score is not None]
        if sum_agrees(declared.value, parts) or sum_agrees(declared.value, _own_parts(score)):
            continue
        yield make(
            "PROJECT_011",
            declared,
            expected=show_points(score.total),
            parts=" + ".join(
                f"{item.item.name} {show_points(item.score)}" for item in score.items if item.score is not None
            ),
            answer=score.project.deviation_reason,
        )


def without_budget(context: Context) -> Iterator[Finding]:
    """PROJECT_014: a project of a 项目支出 workbook with neither budget nor spending: its 预算执行率 cannot be scored, nor the
    project."""
    if context.kind != PROJECT_KIND:
        return  # a department's total does not depend on it
    for score in _scores(context):
        project = score.project
        if score.items and project.adjusted_budget.value == ZERO and project.executed.value == ZERO:
            yield make("PROJECT_014", project.adjusted_budget, expected="大于 0 的数", related=(project.executed.ref,))


def _scores(context: Context) -> tuple[ProjectScore, ...]:
    return context.scorecard.projects if context.scorecard else ()


def _execution(score: ProjectScore) -> ItemScore | None:
    """The item a project states in 执行率自评得分; None without a project scheme."""
    return next((item for item in score.items if item.declared is not None), None)


def _limits(context: Context, score: ProjectScore) -> Iterator[tuple[Cell[Decimal], Decimal]]:
    """The cells of a project's own scores, each with the most it can be."""
    if context.scorecard is not None:
        yield score.project.declared, context.scorecard.max_points
    item = _execution(score)
    if item is not None and item.declared is not None:
        yield item.declared, item.max_points


def _within(cell: Cell[Decimal], limit: Decimal) -> bool:
    """Also true of a cell that holds no number."""
    return cell.value is None or ZERO <= cell.value <= limit


def _own_parts(score: ProjectScore) -> list[Decimal]:
    """The project's parts as the department states them; where it does not, as computed."""
    item = _execution(score)
    stated = [(item.declared, item.score)] if item is not None else []
    stated += [(s.indicator.declared, s.score) for s in score.indicators if s.basis in (Basis.COMPUTED, Basis.DECLARED)]
    return [points for cell, computed in stated if (points := _stated(cell, computed)) is not None]


def _stated(cell: Cell[Decimal] | None, computed: Decimal | None) -> Decimal | None:
    return cell.value if cell is not None and cell.value is not None else computed


CHECKS: tuple[Check, ...] = (without_budget, out_of_range, execution_differs, total_differs)
