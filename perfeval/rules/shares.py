"""Points that are stated in per cent of the parent's."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from perfeval.model.numbers import HUNDRED, total
from perfeval.model.regulation import Item, Rounding
from perfeval.rules.rounding import rounded


def shared_out(items: Sequence[Item], rounding: Rounding) -> tuple[Item, ...]:
    """The items with the points of those that state a share: each rounded as the regulation rounds, the last below a
    parent takes the rest."""
    known: dict[str | None, Decimal] = {None: HUNDRED}
    points: dict[str, Decimal] = {}
    for item in items:  # parents before children
        if item.share is not None and item.id not in points:
            points |= _parts([i for i in items if i.parent == item.parent], known.get(item.parent, HUNDRED), rounding)
        known[item.id] = points.get(item.id, item.max_points)
    return tuple(replace(item, max_points=known[item.id]) if item.id in points else item for item in items)


def _parts(children: Iterable[Item], whole: Decimal, rounding: Rounding) -> dict[str, Decimal]:
    sharing = [child for child in children if child.share is not None]
    parts = {c.id: rounded(whole * (c.share or Decimal(0)) / HUNDRED, rounding) for c in sharing[:-1]}
    return {**parts, sharing[-1].id: whole - total(parts.values())}
