"""What the topmost items come to, and within which limit."""

from collections.abc import Sequence
from decimal import Decimal

from perfeval.model.numbers import HUNDRED, half_up, show_number, show_points, total
from perfeval.model.regulation import NotApplicable
from perfeval.model.scorecard import Basis, Capping, ItemScore
from perfeval.rules.caps import bitten


def within(points: Decimal | None, limit: Capping | None) -> Decimal | None:
    """The points, or what they are capped at."""
    return limit.at_most if limit and bitten(points, limit) else points


def total_of(items: Sequence[ItemScore]) -> tuple[Decimal | None, str]:
    """The sum of the topmost items; 得分 ÷ (100 − 不适用分) × 100 where items were left out, and a sentence that says so."""
    tops = [score.score for score in items if score.item.parent is None and score.score is not None]
    if not tops:
        return None, ""
    plain = total(tops)
    out = [
        s
        for s in items
        if s.item.is_leaf
        and s.basis is Basis.NOT_APPLICABLE
        and s.item.not_applicable is NotApplicable.EXCLUDE_AND_RESCALE
    ]
    if not out:
        return plain, ""
    excluded = total(score.max_points for score in out)
    points = half_up(plain * HUNDRED / (HUNDRED - excluded))
    names = "、".join(f"{score.item.name}（{show_number(score.max_points)} 分）" for score in out)
    return (
        points,
        f"{names}不涉及，不计分，总分折算：{show_points(plain)} ÷ (100 − {show_number(excluded)}) × 100 = {show_points(points)} 分",
    )
