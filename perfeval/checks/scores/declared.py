"""The department's own figures of 评分, as the checks compare them."""

from collections.abc import Iterable
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.model.numbers import HUNDRED, ZERO, half_up, sum_agrees, total
from perfeval.model.regulation import Item, NotApplicable, Regulation
from perfeval.model.scorecard import Basis, ItemScore
from perfeval.model.submission import DEPARTMENT_KIND, ScoreRow

SHEET = "评分"


def department_regulation(context: Context) -> Regulation | None:
    """The tree 评分 is compared with; None for 项目支出, where the sheet is missing or the regulation is of the other kind
    (each told once)."""
    submission, regulation = context.submission, context.regulation
    if submission.is_project_kind or SHEET in submission.absent_sheets or regulation is None:
        return None
    return regulation if regulation.kind == DEPARTMENT_KIND else None


def duty_item(context: Context) -> Item | None:
    """The item that takes its score from 履职; None where the regulation is unknown or has none."""
    return context.regulation.duty_item if context.regulation else None


def scored_leaves(context: Context) -> list[tuple[ScoreRow, ItemScore]]:
    """Each leaf of the tree with its row of 评分; rows that are not there have their own finding."""
    if context.scorecard is None or department_regulation(context) is None:
        return []
    rows = context.score_rows
    return [(rows[s.item.id], s) for s in context.scorecard.items if s.item.is_leaf and s.item.id in rows]


def policy_points(item: Item) -> Decimal | None:
    """What an item marked 不涉及 scores; None where it is left out of the total."""
    if item.not_applicable is NotApplicable.EXCLUDE_AND_RESCALE:
        return None
    return item.max_points if item.not_applicable is NotApplicable.FULL else ZERO


def is_out(context: Context, item: Item) -> bool:
    """Whether the department marked the item 不涉及."""
    score = context.scorecard.item(item.id) if context.scorecard else None
    return score is not None and score.basis is Basis.NOT_APPLICABLE


def declared_points(context: Context, item: Item) -> Decimal | None:
    """What the department states for an item: its own cell, for a blank parent the sum of its parts, for a blank 不涉及
    the policy's points.

    An item the regulation leaves out counts 0, whatever stands there. None where a figure is missing: missing is not
    zero.
    """
    row, out = context.score_rows.get(item.id), item.is_leaf and is_out(context, item)
    if out and policy_points(item) is None:
        return ZERO
    if row is not None and not row.declared.is_blank:
        return row.declared.value
    if item.is_leaf:
        return policy_points(item) if out else None
    return total_or_none(declared_points(context, child) for child in _children(context, item))


def due_points(context: Context, item: Item) -> Decimal | None:
    """What the department's own leaves come to for an item: a leaf within 0 and its 分值, a parent the sum of its parts
    as they have to be; as stated where the parts agree with it, or one of them is missing."""
    stated = declared_points(context, item)
    if item.is_leaf:
        return None if stated is None else min(max(stated, ZERO), item.max_points)
    parts = [due_points(context, child) for child in _children(context, item)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or (stated is not None and sum_agrees(stated, known)):
        return stated
    return total(known)


def total_or_none(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None as soon as one figure is missing."""
    known = list(figures)
    present = [figure for figure in known if figure is not None]
    return total(present) if known and len(present) == len(known) else None


def rescaled(context: Context, points: Decimal) -> Decimal:
    """得分 ÷ (100 − 不适用分) × 100, to 2 decimals, where the regulation leaves items out; else the points themselves."""
    regulation = context.regulation
    if regulation is None:
        return points
    out = total(i.max_points for i in regulation.leaves() if is_out(context, i) and policy_points(i) is None)
    return half_up(points * HUNDRED / (HUNDRED - out)) if ZERO < out < HUNDRED else points


def _children(context: Context, item: Item) -> tuple[Item, ...]:
    return context.regulation.children(item.id) if context.regulation else ()
