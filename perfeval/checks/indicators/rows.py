"""指标 as checks see it: each row with its score and the rules it is under, and what kind of indicator it is."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfeval.model.cells import Cell
from perfeval.model.numbers import show_number
from perfeval.model.readings import DateSpan, Number, Reading, is_in_digits, show_span
from perfeval.model.regulation import IndicatorRules, Regulation
from perfeval.model.scorecard import IndicatorScore
from perfeval.model.submission import Indicator, Text

SHEET = "指标"
QUALITATIVE = "定性"
OVER_FULFILMENT = "over_fulfilment"  # the regulation's thresholds
OVER, UNDER = "indicator_over", "indicator_under"
AT_LEAST, AT_MOST = ("≥", ">"), ("≤", "<")
NO_RATE = ("效率", "表率")  # words that end in 率 without being a rate
REMARK = re.compile(r"[（(][^（()）]*[）)]\s*$")
PERCENT = ("%", "％", "百分比")


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator. `result` and `regulation` are None where the 指标体系 is unknown; `nature` is '' where it cannot be
    reported."""

    indicator: Indicator
    result: IndicatorScore | None
    regulation: Regulation | None

    @property
    def rules(self) -> IndicatorRules | None:
        """The rules it is scored by."""
        return self.regulation.indicators if self.regulation else None

    @property
    def nature(self) -> str:
        """指标性质 as filled in, else as assumed when scoring."""
        if self.indicator.nature.value:
            return self.indicator.nature.value
        return self.result.nature if self.result and self.indicator.nature.is_blank else ""

    @property
    def name(self) -> str:
        """三级指标, or the row where it has no name."""
        return self.indicator.name.value or f"第 {self.indicator.row} 行"

    @property
    def reason(self) -> Text:
        """偏差原因."""
        return self.indicator.deviation_reason


def is_cost(indicator: Indicator) -> bool:
    """A 成本指标 by its 一级 or 二级指标; the word 成本 inside a name counts for nothing."""
    return any(class_of(level.value).endswith("成本") for level in (indicator.level1, indicator.level2))


def is_quantity(indicator: Indicator) -> bool:
    """A 数量指标 by its 一级 or 二级指标."""
    return any(class_of(level.value).endswith("数量") for level in (indicator.level1, indicator.level2))


def is_benefit(indicator: Indicator) -> bool:
    """An 效益指标 by its 一级 or 二级指标."""
    return any(class_of(level.value).endswith("效益") for level in (indicator.level1, indicator.level2))


@lru_cache(maxsize=1024)  # the same few words are in row after row
def class_of(level: str | None) -> str:
    """一级 or 二级指标 without what people add to it: 产出指标（50分） → 产出."""
    return REMARK.sub("", level or "").strip().removesuffix("指标")


def unit_of(indicator: Indicator) -> str:
    """计量单位, else the unit written with the target."""
    target = indicator.target.value
    return indicator.unit.value or (target.unit if isinstance(target, Number) else None) or ""


def is_percent(indicator: Indicator) -> bool:
    """Whether it is counted in per cent."""
    return unit_of(indicator) in PERCENT


def is_out_of_scale(row: Row, ratio: Decimal) -> bool:
    """Whether an actual so many times its target is first of all a question about the unit."""
    over, under = (row.regulation.threshold(name) if row.regulation else None for name in (OVER, UNDER))
    small_share = row.nature in AT_MOST and is_percent(row.indicator)  # 差错率 ≤ 1 %, actual 0.002 %
    return (over is not None and ratio >= over) or (under is not None and 0 < ratio <= under and not small_share)


def bare_name(row: Row) -> str:
    """三级指标 without a remark in brackets at its end: 到位率（%） → 到位率."""
    return REMARK.sub("", row.name)


def is_rate(row: Row) -> bool:
    """A …率 by its name."""
    return bare_name(row).endswith("率") and not bare_name(row).endswith(NO_RATE)


def shown(row: Row, cell: Cell[Reading]) -> str:
    """A 指标值 or 实际完成值 as a sentence quotes it: a number with its unit (10家) and without its comparator, anything else as
    written."""
    value = cell.value
    if isinstance(value, Number):
        return f"{show_number(value.value)}{value.unit or row.indicator.unit.value or ''}"
    return show_span(value) if isinstance(value, DateSpan) and is_in_digits(cell.raw) else cell.raw
