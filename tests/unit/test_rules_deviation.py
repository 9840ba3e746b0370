"""指标值 against 实际完成值: numbers under every nature and setting, the gates, dates."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.regulation import OverFulfilment
from perfeval.rules.deviation import judge_date, judge_number
from perfeval.rules.load import load_regulations

D = Decimal
RULES = load_regulations()["cn-project-10-90"].indicators
LINEAR = replace(RULES, at_most="linear")
SYMMETRIC = replace(RULES, equal="symmetric")
EXACT = replace(RULES, equal="exact")
ZERO_BEYOND = replace(
    RULES, over_fulfilment=(OverFulfilment("zero", above=D("1.30")), OverFulfilment("zero", below=D("0.70")))
)
SCALED = replace(RULES, over_fulfilment=(OverFulfilment("scale", above=D("1.30")),))
DEDUCTED = replace(RULES, over_fulfilment=(OverFulfilment("deduct", above=D("1.30"), points=D(2)),))
FIRST_WINS = replace(
    RULES, over_fulfilment=(OverFulfilment("explain", above=D(2)), OverFulfilment("zero", above=D("1.30")))
)


@pytest.mark.parametrize(
    ("nature", "target", "actual", "rules", "score", "met"),
    [
        ("≥", "95", "90", RULES, "9.47", False),
        ("≥", "95", "95", RULES, "10", True),
        ("≥", "95", "120", RULES, "10", True),
        ("≥", "95", "0", RULES, "0", False),
        ("≥", "95", "-5", RULES, "0", False),
        ("≥", "0", "0", RULES, "10", True),  # A ≤ 0: full when B ≥ A
        ("≥", "0", "-1", RULES, "0", False),
        ("≥", "-5", "-3", RULES, "10", True),
        ("≥", "-5", "-6", RULES, "0", False),
        (">", "95", "95.1", RULES, "10", True),
        (">", "95", "95", RULES, "10", False),  # at equality not met; the proportion loses nothing
        (">", "0", "0", RULES, "0", False),
        ("≤", "100", "100", RULES, "10", True),
        ("≤", "100", "80", RULES, "10", True),
        ("≤", "100", "125", RULES, "8", False),
        ("≤", "100", "0", RULES, "10", True),
        ("≤", "0", "0", RULES, "10", True),
        ("≤", "0", "1", RULES, "0", False),
        ("≤", "-5", "-3", RULES, "0", False),
        ("<", "100", "100", RULES, "10", False),
        ("<", "100", "99", RULES, "10", True),
        ("≤", "100", "125", LINEAR, "7.5", False),
        ("≤", "100", "200", LINEAR, "0", False),
        ("≤", "100", "250", LINEAR, "0", False),
        ("≤", "0", "1", LINEAR, "0", False),
        ("=", "15", "16", RULES, "10", True),  # as_up
        ("=", "15", "12", RULES, "8", False),
        ("=", "0", "0", RULES, "10", True),
        ("=", "0", "-1", RULES, "10", True),
        ("=", "0", "1", RULES, "0", False),
        ("=", "100", "110", SYMMETRIC, "9", False),
        ("=", "100", "90", SYMMETRIC, "9", False),
        ("=", "100", "100", SYMMETRIC, "10", True),
        ("=", "100", "250", SYMMETRIC, "0", False),
        ("=", "0", "1", SYMMETRIC, "0", False),
        ("=", "15", "15", EXACT, "10", True),
        ("=", "15", "16", EXACT, "0", False),
        ("=", "0", "0", EXACT, "10", True),
        ("≥", "100", "130", ZERO_BEYOND, "10", True),  # the limit itself is not passed
        ("≥", "100", "130.01", ZERO_BEYOND, "0", True),
        ("≥", "100", "70", ZERO_BEYOND, "7", False),
        ("≥", "100", "69.99", ZERO_BEYOND, "0", False),
        ("≤", "100", "10", ZERO_BEYOND, "10", True),  # gates apply to ≥ > = only
        ("≥", "0", "5", ZERO_BEYOND, "10", True),
        ("≥", "100", "260", SCALED, "5", True),
        ("=", "100", "130", SCALED, "10", True),
        ("≥", "100", "0", SCALED, "0", False),
        ("≥", "100", "131", DEDUCTED, "8", True),
        ("≥", "100", "250", FIRST_WINS, "10", True),
        ("≥", "100", "150", FIRST_WINS, "0", True),
    ],
)
def test_numbers(nature: str, target: str, actual: str, rules, score: str, met: bool) -> None:
    judged = judge_number(nature, D(10), D(target), D(actual), rules)
    assert (round(judged.score, 2), judged.met) == (D(score), met)


@pytest.mark.parametrize(
    ("days", "late", "late_days", "score"),
    [(0, "zero", None, "10"), (-30, "zero", None, "10"), (1, "zero", None, "0"), (15, "proportional", 60, "7.5"),
        (60, "proportional", 60, "0"), (90, "proportional", 60, "0")],
)  # fmt: skip
def test_dates(days: int, late: str, late_days: int | None, score: str) -> None:
    rules = replace(RULES, late=late, late_days=None if late_days is None else D(late_days))
    judged = judge_date(D(10), days, rules)
    assert (judged.score, judged.met) == (D(score), days <= 0)


numbers = st.decimals(-1000, 1000, places=2)
natures = st.sampled_from(["≥", ">", "≤", "<", "="])
settings = st.sampled_from([RULES, LINEAR, SYMMETRIC, EXACT, ZERO_BEYOND, SCALED, DEDUCTED, FIRST_WINS])
weights = st.decimals("0.1", 60, places=1)


@given(natures, weights, numbers, numbers, settings)
def test_a_score_is_between_nothing_and_the_weight(
    nature: str, weight: Decimal, target: Decimal, actual: Decimal, rules
) -> None:
    assert 0 <= judge_number(nature, weight, target, actual, rules).score <= weight


@given(st.sampled_from(["≥", ">"]), weights, numbers, numbers, numbers)
def test_more_is_never_worse_for_at_least(
    nature: str, weight: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = (judge_number(nature, weight, target, actual, RULES) for actual in sorted((one, other)))
    assert less.score <= more.score


@given(st.sampled_from(["≤", "<"]), weights, numbers, numbers, numbers, st.sampled_from([RULES, LINEAR]))
def test_less_is_never_worse_for_at_most(
    nature: str, weight: Decimal, target: Decimal, one: Decimal, other: Decimal, rules
) -> None:
    less, more = (judge_number(nature, weight, target, actual, rules) for actual in sorted((one, other)))
    assert more.score <= less.score


@pytest.mark.parametrize(("nature", "actual", "rules", "words"), [
    ("=", "2", RULES, "0（实际完成值 {actual} 高于指标值 {target}）"),
    ("=", "0", RULES, "{weight} × 100%（实际完成值 {actual} 不高于指标值 {target}）"),
    ("≤", "2", RULES, "0（实际完成值 {actual} 超过指标值 {target}）"),
    ("<", "0", RULES, "0（实际完成值 {actual} 没有低于指标值 {target}）"),
    ("≥", "-1", RULES, "0（实际完成值 {actual} 低于指标值 {target}）"),
    (">", "0", RULES, "0（实际完成值 {actual} 没有高于指标值 {target}）"),
])  # fmt: skip
def test_against_a_target_of_0_the_sentence_says_plainly_how_they_compare(nature, actual, rules, words):
    assert judge_number(nature, D(10), D(0), D(actual), rules).arithmetic == words


@pytest.mark.parametrize(("nature", "actual", "rules", "words"), [
    (">", "95", RULES, "{weight} × {actual} ÷ {target}（等于指标值，没有高于指标值）"),
    (">", "94", RULES, "{weight} × {actual} ÷ {target}"),
    (">", "96", RULES, "{weight} × 100%（实际完成值 {actual} 达到指标值 {target}）"),
    ("≥", "95", RULES, "{weight} × 100%（实际完成值 {actual} 达到指标值 {target}）"),
    ("<", "95", RULES, "{weight} × {target} ÷ {actual}（等于指标值，没有低于指标值）"),
    ("<", "95", LINEAR, "{weight} × (1 − ({actual} − {target}) ÷ {target})（等于指标值，没有低于指标值）"),
    ("<", "96", RULES, "{weight} × {target} ÷ {actual}"),
    ("<", "94", RULES, "{weight} × 100%（实际完成值 {actual} 不超过指标值 {target}）"),
    ("≤", "95", RULES, "{weight} × 100%（实际完成值 {actual} 不超过指标值 {target}）"),
    ("=", "95", SYMMETRIC, "{weight} × 100%（实际完成值 {actual} 等于指标值 {target}）"),
    ("=", "95", EXACT, "{weight} × 100%（实际完成值 {actual} 等于指标值 {target}）"),
    ("=", "96", EXACT, "0（实际完成值 {actual} 不等于指标值 {target}）"),
])  # fmt: skip
def test_at_equality_the_sentence_says_whether_the_target_is_strict(nature, actual, rules, words):
    assert judge_number(nature, D(10), D(95), D(actual), rules).arithmetic == words


@pytest.mark.parametrize(("days", "strict", "words"), [
    (0, False, "{weight} × 100%（实际完成时间 {actual} 不晚于 {target}）"),
    (0, True, "{weight} × 100%（实际完成时间 {actual} 早于 {target}）"),
    (1, False, "0（实际完成时间 {actual} 晚于 {target}，逾期不得分）"),
    (1, True, "0（实际完成时间 {actual} 没有早于 {target}，逾期不得分）"),
])  # fmt: skip
def test_a_day_late_is_worded_by_the_sign(days, strict, words):
    assert judge_date(D(10), days, RULES, strict=strict).arithmetic == words
