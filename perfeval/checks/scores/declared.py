"""The department's own figures of 评分, as the checks compare them."""

from collections.abc import Iterable
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.model.numbers import HUNDRED, ZERO, half_up, total
from perfeval.model.regulation import Item, NotApplicable, Regulation
from perfeval.model.scorecard import Basis, ItemScore
from perfeval.model.submission import DEPARTMENT_KIND, ScoreRow

SHEET = "评分"


def department_regulation(context: Context) -> Regulation | None:
    """The tree 评分 is compared with; None for 项目支出, where the sheet is missing or the regulation is of the other kind
    (each reported once)."""
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
    """What the department states for an item, bottom-up: a leaf's own cell, for 不涉及 the policy's points, for a parent
    the sum of its parts, whatever is in its own cell: so all levels are right after one correction.

    An item the regulation leaves out counts 0, whatever is there. None where a figure is missing: missing is not
    zero.
    """
    row, out = context.score_rows.get(item.id), item.is_leaf and is_out(context, item)
    if not item.is_leaf:
        return total_or_none(declared_points(context, child) for child in children(context, item))
    if out:
        return policy_points(item) or ZERO
    return row.declared.value if row is not None and is_within(row.declared.value, item.max_points) else None


def is_within(points: Decimal | None, most: Decimal) -> bool:
    """Whether it is a score that can be: one that cannot is reported, and says nothing about the sums above it."""
    return points is not None and ZERO <= points <= most


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


def leaves_under(context: Context, item: Item) -> tuple[Item, ...]:
    """The leaves a parent is made of; a leaf is its own."""
    if item.is_leaf:
        return (item,)
    return tuple(leaf for child in children(context, item) for leaf in leaves_under(context, child))


def children(context: Context, item: Item) -> tuple[Item, ...]:
    """The parts of an item."""
    return context.regulation.children(item.id) if context.regulation else ()
