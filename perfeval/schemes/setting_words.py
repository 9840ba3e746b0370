"""The settings of a regulation in Chinese, for `regulation show` and `diff`: grades, indicator rules, limits."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from perfeval.model.numbers import show_number
from perfeval.model.regulation import ROUNDING_NAMES, IndicatorRules, ProgressMark, Regulation, YearDay
from perfeval.rules.methods import per_cent
from perfeval.schemes.words import SETTING_WORDS, YEAR_WORDS, over_fulfilment_words, pairs, split_words


def grade_words(regulation: Regulation) -> str:
    """优 ≥ 90，良 ≥ 80"""
    return "，".join(f"{band.name} ≥ {show_number(band.lower)}" for band in regulation.grades)


def day_words(deadline: YearDay | None) -> str:
    """上年9月30日"""
    if deadline is None:
        return "不核对"
    return f"{YEAR_WORDS[deadline.year_offset]}{deadline.month}月{deadline.day}日"


def mark_words(mark: ProgressMark) -> str:
    """6月末 40%"""
    return f"{mark.month}月末 {per_cent(mark.share)}"


INDICATOR_ASPECTS: Mapping[str, Callable[[IndicatorRules], str]] = {
    "weight_sum": lambda rules: show_number(rules.weight_sum),
    "at_least": lambda rules: SETTING_WORDS["at_least"][rules.at_least],
    "at_most": lambda rules: SETTING_WORDS["at_most"][rules.at_most],
    "equal": lambda rules: SETTING_WORDS["equal"][rules.equal],
    "late": lambda rules: SETTING_WORDS["late"][rules.late],
    "late_days": lambda rules: "不规定" if rules.late_days is None else f"{show_number(rules.late_days)} 天",
    "scale": lambda rules: "、".join(pairs(rules.scale)) or "无",
    "bands": lambda rules: _bands(rules.bands),
    "over_fulfilment": lambda rules: over_fulfilment_words(rules.over_fulfilment),
    "splits": lambda rules: split_words([split.weights for split in rules.splits]),
    "blank_weight": lambda rules: SETTING_WORDS["blank_weight"][rules.blank_weight],
    "rounding": lambda rules: ROUNDING_NAMES[rules.rounding],
}


def _bands(bands: Mapping[str, tuple[Decimal, Decimal]]) -> str:
    ordered = sorted(bands.items(), key=lambda band: -band[1][0])
    return "、".join(f"{level} {per_cent(low)}—{per_cent(high)}" for level, (low, high) in ordered) or "无"
