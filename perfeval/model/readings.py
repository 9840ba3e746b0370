"""What a 指标值 or 实际完成值 can mean once read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity in `unit`. `value` is as the unit column counts it: 98.38 with unit % is 98.38, never 0.9838.

    `comparator` is one of ≥ ≤ = > < where it was typed into the cell, else None. `unit` is None where the cell names
    none.
    """

    value: Decimal
    unit: str | None = None
    comparator: str | None = None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A day, or the days a date text allows: 7月 → 1 to 31 July; a deadline (12月底前) has only its `last` day as limit."""

    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class Level:
    """A word on a qualitative scale: 优, 达成. As a target it is the level to be reached."""

    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A target that only names its scale (优良中低差): every level of it may be the actual."""

    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are no number, date or level: ranges, two goals in one cell, sentences. Never guessed at."""

    text: str


Reading = Number | DateSpan | Level | Scale | Phrase
