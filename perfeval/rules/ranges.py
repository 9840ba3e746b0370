"""The numbers a figure of a regulation may be: a share typed as 10 is meant as 10 %, and is reported."""

from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.numbers import HUNDRED, ONE, ZERO


@dataclass(frozen=True, slots=True)
class Within:
    """The numbers a figure may be, ends included, and how that is worded."""

    low: Decimal
    high: Decimal
    words: str

    def __contains__(self, number: Decimal) -> bool:
        return self.low <= number <= self.high


SHARE = Within(ZERO, ONE, "0 到 1 的数，0.40 就是 40%")
RATE = Within(
    Decimal(-2), Decimal(2), "-2 到 2 的数，0.10 就是 10%"
)  # a rate may fall below 0 and rise above 100 %, but not to 1000 %
MULTIPLE = Within(Decimal("0.01"), Decimal(10), "大于 0、不超过 10 的数，1.30 就是 130%")
POINTS = Within(Decimal("0.01"), HUNDRED, "大于 0、不超过 100 的数")
TIMES = Within(ONE, Decimal(1_000_000), "不小于 1 的数，8 就是 8 倍")
WAN_YUAN = Within(Decimal("0.01"), Decimal(100_000_000), "大于 0 的数，以万元计")
CHARACTERS = Within(ONE, Decimal(10_000), "1 到 10000 的数，是字数")
PER_CENT = Within(Decimal("0.0001"), HUNDRED, "大于 0、不超过 100 的数，40 就是 40%")
