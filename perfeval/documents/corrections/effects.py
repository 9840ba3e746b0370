"""What a change did to the score: the items and indicators that are made from a changed cell, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal

from perfeval.documents.corrections.cells import Changed, Comparison
from perfeval.intake.form import INDICATORS
from perfeval.model.cells import CellRef
from perfeval.model.numbers import half_up, show_points
from perfeval.model.scorecard import IndicatorScore, ItemScore, Scorecard

NOT_SCORED_BY, NO_EFFECT = "不涉及得分", "得分不变"
Key = tuple[str, str]


def effect(changes: Iterable[Changed], before: Scorecard | None, after: Scorecard | None, comparison: Comparison) -> str:
    """执行结果 3.5 → 3.73 分（+0.23）, for each item and each row of 指标 with one of the cells; whether they are in nothing that is scored."""
    made = list(changes)
    old, new = ({ref for ref in refs if ref} for refs in ((c.old for c in made), (c.new for c in made)))
    touched = [*_items(before, after, old, new), *_indicators(before, after, old, new, comparison)]
    if not touched:
        return NOT_SCORED_BY
    told = [f"{name} {moved(a, b)}" for name, a, b in touched if points(a) != points(b)]
    return "；".join(told) or NO_EFFECT


def points(score: Decimal | None) -> Decimal | None:
    """A score as it is printed."""
    return None if score is None else half_up(score)


def moved(before: Decimal | None, after: Decimal | None) -> str:
    """3.5 → 3.73 分（+0.23）; the difference only where there are two scores."""
    told = f"{show_points(before)} → {show_points(after)}" + (" 分" if after is not None else "")
    a, b = points(before), points(after)
    if a is None or b is None:
        return told
    sign = "+" if b > a else "−"
    return f"{told}（{sign}{show_points(abs(b - a))}）" if a != b else f"{told}（不变）"


Touched = tuple[str, Decimal | None, Decimal | None]


def _items(before: Scorecard | None, after: Scorecard | None, old: Set[CellRef], new: Set[CellRef]) -> Iterator[Touched]:
    earlier, later = _by_key(before), _by_key(after)
    for key in dict.fromkeys([*later, *earlier]):
        a, b = earlier.get(key), later.get(key)
        if (a and old & cells_of(a)) or (b and new & cells_of(b)):
            named = b or a
            assert named is not None
            subject = f"“{named.subject}”的" if named.subject else ""
            yield f"{subject}{named.item.name}", a.score if a else None, b.score if b else None


def _by_key(card: Scorecard | None) -> Mapping[Key, ItemScore]:
    return {(i.subject or "", i.item.id): i for i in card.items} if card else {}


def cells_of(item: ItemScore) -> frozenset[CellRef]:
    """The cells an item's score is made of, and that of the department's own score."""
    declared = {item.declared.ref} if item.declared else set()
    return frozenset(declared | {ref for operand in item.operands for ref in operand.cells})


def _indicators(
    before: Scorecard | None, after: Scorecard | None, old: Set[CellRef], new: Set[CellRef], comparison: Comparison
) -> Iterator[Touched]:
    """The rows of 指标 with a changed cell, each with the row it was."""
    earlier = {comparison.moved(CellRef(INDICATORS.name, i.indicator.row, 1)): i for i in before.indicators} if before else {}
    rows = {ref.row for ref in new if ref.sheet == INDICATORS.name}
    for score in after.indicators if after else ():
        if score.indicator.row in rows:
            was = earlier.get(CellRef(INDICATORS.name, score.indicator.row, 1))
            yield f"指标“{_name(score)}”", was.score if was else None, score.score
    gone = {ref.row for ref in old if ref.sheet == INDICATORS.name and comparison.moved(ref) is None}
    for score in before.indicators if before else ():
        if score.indicator.row in gone:
            yield f"指标“{_name(score)}”", score.score, None


def _name(score: IndicatorScore) -> str:
    return score.indicator.name.value or f"第{score.indicator.row}行"
