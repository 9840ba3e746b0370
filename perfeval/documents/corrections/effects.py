"""What a change did to the score: the items and indicators that are made from a changed cell, before and after."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfeval.documents.corrections.cells import Changed, Comparison
from perfeval.model.cells import CellRef
from perfeval.model.form import INDICATORS
from perfeval.model.numbers import half_up, show_points
from perfeval.model.scorecard import IndicatorScore, ItemScore, Scorecard

UNSCORED, NO_EFFECT = "不涉及得分", "得分不变"


@dataclass(frozen=True)
class Effects:
    """The scores of two versions, by the cells they are made of."""

    before: Scorecard | None
    after: Scorecard | None
    comparison: Comparison

    def of(self, changes: Iterable[Changed]) -> str:
        """执行结果 3.5 → 3.73 分（+0.23）, for each item and each row of 指标 with one of the cells; whether they are in nothing
        that is scored."""
        touched: dict[str, _Scored] = {}
        for change in changes:
            for name in (
                *self._by_old.get(change.old, ()),
                *self._by_new.get(change.new, ()),
                *self._indicators(change),
            ):
                touched[name] = self._scored[name]
        if not touched:
            return UNSCORED
        return "；".join(_described(touched.values())) or NO_EFFECT

    def on_items(self) -> str:
        """Every item that is no sum of others, and every indicator, whose score is another now, by whatever cell; ''
        for none."""
        earlier, later = self._items
        leaves = [key for key in later | earlier if (later.get(key) or earlier[key]).item.is_leaf]
        indicators = self._old_indicator_rows | self._indicator_rows
        return "；".join(_described(self._scored[key] for key in (*leaves, *indicators)))

    @cached_property
    def _items(self) -> tuple[dict[str, ItemScore], dict[str, ItemScore]]:
        return _by_key(self.before), _by_key(self.after)

    @cached_property
    def _scored(self) -> Mapping[str, "_Scored"]:
        """Everything that has a score in one of the versions."""
        earlier, later = self._items
        scored = {
            key: _Scored(_item_name(later.get(key) or earlier[key]), _score(earlier, key), _score(later, key))
            for key in earlier | later
        }
        rows, old_rows = self._indicator_rows, self._old_indicator_rows
        return scored | {
            key: _Scored(_indicator_name(rows.get(key) or old_rows[key]), _score(old_rows, key), _score(rows, key))
            for key in old_rows | rows
        }

    @cached_property
    def _by_old(self) -> Mapping[CellRef | None, list[str]]:
        return _by_cell(self._items[0])

    @cached_property
    def _by_new(self) -> Mapping[CellRef | None, list[str]]:
        return _by_cell(self._items[1])

    @cached_property
    def _indicator_rows(self) -> dict[str, IndicatorScore]:
        return {_row_key(i.indicator.row): i for i in self.after.indicators} if self.after else {}

    @cached_property
    def _old_indicator_rows(self) -> dict[str, IndicatorScore]:
        """By the rows they are in now; those of rows that were taken out by their old ones."""
        return {self._now(i.indicator.row): i for i in self.before.indicators} if self.before else {}

    def _now(self, row: int) -> str:
        ref = self.comparison.moved(CellRef(INDICATORS.name, row, 1))
        return _row_key(ref.row) if ref else f"{_row_key(row)} gone"

    def _indicators(self, change: Changed) -> Iterator[str]:
        """The row of 指标 a change is in."""
        if change.place.sheet == INDICATORS.name:
            key = _row_key(change.new.row) if change.new else self._now(change.place.row)
            if key in self._scored:
                yield key


@dataclass(frozen=True, slots=True)
class _Scored:
    name: str
    before: Decimal | None
    after: Decimal | None


def _described(scored: Iterable[_Scored]) -> list[str]:
    return [f"{s.name} {moved(s.before, s.after)}" for s in scored if points(s.before) != points(s.after)]


def points(score: Decimal | None) -> Decimal | None:
    """A score as it is printed."""
    return None if score is None else half_up(score)


def moved(before: Decimal | None, after: Decimal | None) -> str:
    """3.5 → 3.73 分（+0.23）; the difference only where there are two scores."""
    change = f"{show_points(before)} → {show_points(after)}" + (" 分" if after is not None else "")
    a, b = points(before), points(after)
    if a is None or b is None:
        return change
    sign = "+" if b > a else "−"
    return f"{change}（{sign}{show_points(abs(b - a))}）" if a != b else f"{change}（不变）"


def cells_of(item: ItemScore) -> frozenset[CellRef]:
    """The cells an item's score is made of, and that of the department's own score."""
    declared = {item.declared.ref} if item.declared else set()
    return frozenset(declared | {ref for operand in item.operands for ref in operand.cells})


def _by_key(card: Scorecard | None) -> dict[str, ItemScore]:
    return {f"{i.subject or ''} {i.item.id}": i for i in card.items} if card else {}


def _by_cell(items: Mapping[str, ItemScore]) -> Mapping[CellRef | None, list[str]]:
    found: dict[CellRef | None, list[str]] = {}
    for key, item in items.items():
        for ref in cells_of(item):
            found.setdefault(ref, []).append(key)
    return found


def _row_key(row: int) -> str:
    return f"{INDICATORS.name}{row}"


def _score(scores: Mapping[str, ItemScore] | Mapping[str, IndicatorScore], key: str) -> Decimal | None:
    found = scores.get(key)
    return found.score if found else None


def _item_name(item: ItemScore) -> str:
    return f"“{item.subject}”的{item.item.name}" if item.subject else item.item.name


def _indicator_name(score: IndicatorScore) -> str:
    return f"指标“{score.indicator.name.value or f'第{score.indicator.row}行'}”"
