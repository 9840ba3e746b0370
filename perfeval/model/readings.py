"""What a 指标值 or 实际完成值 can mean once read."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from perfeval.model.text import day_text

# 计量单位 in which nothing is counted: a date may stand beside them
TIME_UNITS = frozenset({
    "", "年", "月", "日", "天", "号", "季度", "年月", "年月日", "年/月", "年/月/日", "时间", "日期", "时限", "期限", "时点", "月份",
})  # fmt: skip


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


def is_in_digits(text: str) -> bool:
    """Whether a date is written in digits alone, as nobody would say it: 20251231, 2025.12, 46022."""
    return text.replace(".", "").isdecimal()


def show_span(span: DateSpan) -> str:
    """A span as a sentence names it, no more exact than it is: 2025年, 2025年12月, 2025年12月31日; of a deadline its last
    day."""
    last, first = span.last, span.first
    if first is not None and (last + timedelta(days=1)).day == 1 and first.day == 1 and first.year == last.year:
        if first.month == last.month:
            return f"{last.year}年{last.month}月"
        if (first.month, last.month) == (1, 12):
            return f"{last.year}年"
    return day_text(last)
