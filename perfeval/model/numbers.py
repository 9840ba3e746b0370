"""Decimal arithmetic of the field: half-up rounding, printed intervals, and the one way a number is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cache

MOST_DECIMALS = 10  # of a rate in a sentence
SPREADSHEET_DIGITS, ENDLESS_DECIMALS = 15, 12
CENT = Decimal("0.01")
HALF_UNIT = Decimal("0.5")
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
PRECISION = 400  # quantize needs room for every digit of its result, however absurd a filed number is
HALF_UP, FLOOR = Context(PRECISION, ROUND_HALF_UP), Context(PRECISION, ROUND_FLOOR)


@cache
def _unit(places: int) -> Decimal:
    """2 → 0.01"""
    return Decimal(1).scaleb(-places)


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """`value` rounded half-up (away from zero at the half) to `places` decimals."""
    return HALF_UP.quantize(value, _unit(places))


def floor(value: Decimal, places: int) -> Decimal:
    """`value` cut down to `places` decimals, as some public tables do."""
    return FLOOR.quantize(value, _unit(places))


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum; 0 for none."""
    return sum(values, ZERO)


def places(value: Decimal) -> int:
    """How many decimals a number was written with: 3 → 0, 14.29 → 2."""
    text = str(value)
    if "E" not in text:
        return len(text.partition(".")[2])
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers a printed figure may stand for, both ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def printed(cls, value: Decimal, at_least: int = 2) -> "Interval":
        """A figure printed to n decimals (n ≥ `at_least`) is within half a unit of its last place."""
        half = HALF_UNIT.scaleb(-max(places(value), at_least))
        return cls(value - half, value + half)

    def overlaps(self, other: "Interval") -> bool:
        """Whether one number can be both."""
        return self.low <= other.high and other.low <= self.high


def sum_agrees(stated: Decimal, addends: Iterable[Decimal], at_least: int = 2) -> bool:
    """Whether a printed sum can be the sum of printed addends: n addends may differ by 0.005·(n+1) (docs/开发/核对.md)."""
    parts = [Interval.printed(addend, at_least) for addend in addends]
    computed = Interval(total(p.low for p in parts), total(p.high for p in parts))
    return Interval.printed(stated, at_least).overlaps(computed)


def printed_quotient(part: Decimal, whole: Decimal) -> Interval | None:
    """What part ÷ whole may be when both are printed figures; None where the whole may be 0 or the part is negative."""
    numerator, denominator = Interval.printed(part), Interval.printed(whole)
    if part < 0 or denominator.low <= 0:
        return None
    return Interval(max(ZERO, numerator.low) / denominator.high, numerator.high / denominator.low)


def printed_rate(value: Decimal, raw: str) -> Interval:
    """What a printed percentage may be, as a fraction: “64.7%” is 0.6465 to 0.6475; a rate without its % is taken to
    two decimals of a per cent at most."""
    text = raw.strip().replace("％", "%")
    number = text.removesuffix("%").strip()
    if text.endswith("%") and "." in number:
        half = HALF_UNIT.scaleb(-len(number.partition(".")[2]) - 2)
    elif text.endswith("%"):
        half = HALF_UNIT.scaleb(-2)
    else:
        half = HALF_UNIT.scaleb(-4)
    return Interval(value - half, value + half)


def show_points(value: Decimal | None) -> str:
    """A score as the reports print it: 65, 3.73, 2.5; “未评分” where there is none."""
    return "未评分" if value is None else show_number(half_up(value))


def show_amount(value: Decimal | None) -> str:
    """An amount in 万元 with two decimals: 570.41, 0.00 prints as 0; “未填” where there is none."""
    if value is None:
        return "未填"
    rounded = half_up(value)
    return "0" if rounded == 0 else f"{rounded:f}"


def show_sum(value: Decimal | None) -> str:
    """An amount as running text prints it: whole ones without decimals (5440), all others with two (570.41)."""
    return show_amount(value).removesuffix(".00")


def show_rate(value: Decimal | None, places: int = 2) -> str:
    """A fraction in per cent with two decimals: 0.142857 → 14.29%; “无法计算” where there is none."""
    return "无法计算" if value is None else f"{half_up(value * HUNDRED, places):f}%"


def show_filed(value: Decimal | None) -> str:
    """An amount as a sentence quotes it: two decimals, more where it was filed with more (89.995)."""
    return show_amount(value) if value is None or places(value) <= 2 else show_number(value)


def show_rate_beside(value: Decimal, limit: Decimal) -> str:
    """A rate set against a limit: with as many decimals as it takes to keep them apart, 89.995% and not 90.00% beside
    90.00%."""
    decimals = next((n for n in range(2, MOST_DECIMALS) if half_up(value * HUNDRED, n) != limit * HUNDRED), 2)
    return f"{half_up(value * HUNDRED, decimals):f}%"


def show_number(value: Decimal) -> str:
    """A number without exponent and without trailing zeros: 12.00 → 12, 3.730 → 3.73, -0 → 0. An endless one (80 ÷ 3)
    ends where a spreadsheet's does."""
    text = str(value if places(value) <= SPREADSHEET_DIGITS else half_up(value, ENDLESS_DECIMALS))
    if "E" in text:  # very large or very small: the longer way to print it
        text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
