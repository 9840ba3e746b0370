"""Every explanation is true as printed: its arithmetic, done again from the sentence alone, comes to the score."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from explanations import untrue_in
from generated_packages import packages
from hypothesis import given, settings
from hypothesis import strategies as st
from submissions import indicator_table
from test_rules_deviation import DEDUCTED, EXACT, LINEAR, RULES, SCALED, SYMMETRIC, ZERO_BEYOND
from test_rules_methods import ADJUSTMENT_STEPS, CUTS, RATE_STEPS

from perfeval.model.regulation import Item, Method, OverFulfilment, Provenance, Rounding
from perfeval.model.scorecard import Unit
from perfeval.rules.facts import Fact, computed_rate
from perfeval.rules.indicators import score_indicators
from perfeval.rules.items import compute
from perfeval.rules.render import constant

D = Decimal
UNDER = replace(RULES, over_fulfilment=(OverFulfilment("deduct", below=D("0.70"), points=D(5)),))
LATE = replace(RULES, late="proportional", late_days=D(30))


def test_every_explanation_of_generated_scorecards_is_true_as_printed() -> None:
    cards = [package.scorecard for package in packages() if package.scorecard]
    scores = [
        (item.item.name, item) for card in cards for item in (*card.items, *(i for p in card.projects for i in p.items))
    ]
    rows = [(indicator.indicator.name.value or "", indicator) for card in cards for indicator in card.indicators]
    untrue = {
        s.explanation: wrong for name, s in (*scores, *rows) if (wrong := untrue_in(name, s.explanation, s.score))
    }
    assert untrue == {}
    assert sum("÷" in s.explanation for _, s in (*scores, *rows)) > 500


number = st.decimals(-50, 150, places=2)
share = st.one_of(
    st.decimals("-0.5", "1.5", places=2),
    st.fractions("-1/2", "3/2", max_denominator=3000).map(lambda f: D(f.numerator) / D(f.denominator)),
)
points = st.sampled_from([D(n) / 2 for n in range(1, 101)])
METHODS: Mapping[str, tuple[Method, dict]] = {
    "yes_no": (Method.YES_NO, {"at_least": D("0.9")}),
    "graded": (Method.GRADED, {"steps": ADJUSTMENT_STEPS, "absolute": True}),
    "graded, from": (Method.GRADED, {"steps": RATE_STEPS}),
    "ratio": (Method.RATIO, {}),
    "ratio, bounded": (Method.RATIO,
        {"floor": D("0.2"), "cap": D("0.95"), "zero_below": D("0.1"), "zero_above": D("1.3")}),
    "deduct_missing": (Method.DEDUCT_MISSING, {"conditions": CUTS}),
    "full_value": (Method.FULL_VALUE, {"satisfactory": D(0), "unacceptable": D("0.1")}),
    "full_value, more is better": (Method.FULL_VALUE, {"satisfactory": D(1), "unacceptable": D("0.9")}),
    "accumulate": (Method.ACCUMULATE, {"points_per_case": D("0.35")}),
}  # fmt: skip
ROLES = {
    Method.RATIO: ("numerator",),
    Method.DEDUCT_MISSING: ("budget", "executed", "over"),
    Method.ACCUMULATE: ("count",),
}


@pytest.mark.parametrize(("method", "parameters"), METHODS.values(), ids=METHODS)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_method_says_what_is_true(method: Method, parameters: dict, data: st.DataObject) -> None:
    item = Item("A", "甲项", None, 1, data.draw(points), method, Provenance("待核", "待核"), parameters=parameters)
    facts: dict[str, Fact | None] = {}
    for role in ROLES.get(method, ("value",)):
        if method is Method.ACCUMULATE:
            facts[role] = constant(role, "个数", D(data.draw(st.integers(-5, 40))), Unit.COUNT)
        else:
            facts[role] = computed_rate("某率", data.draw(share), "1", constant(role, "某数", D(1)))
    score = compute(item, facts, data.draw(st.sampled_from(Rounding)), None)
    assert score is not None
    assert untrue_in("甲项", score.explanation, score.score) == "", score.explanation


@given(
    st.sampled_from(["≥", ">", "≤", "<", "="]),
    points,
    number,
    st.one_of(number, st.sampled_from([D(0), D(1), D(2), D("1.3"), D("0.7")]).map(lambda times: ("times", times))),
    st.sampled_from([RULES, LINEAR, SYMMETRIC, EXACT, ZERO_BEYOND, SCALED, DEDUCTED, UNDER]),
    st.sampled_from(Rounding),
)
@settings(max_examples=600, deadline=None)
def test_every_nature_and_gate_says_what_is_true(nature, weight, target, actual, rules, rounding) -> None:
    reached = target * actual[1] if isinstance(actual, tuple) else actual
    row = {"适用对象": "部门整体", "一级指标": "产出指标", "三级指标": "甲", "指标性质": nature, "权重": str(weight)}
    rules = replace(rules, rounding=rounding)
    score = score_indicators(
        indicator_table({**row, "指标值": f"{target:f}", "实际完成值": f"{reached:f}"}, rules), rules
    )[0]
    assert untrue_in("甲", score.explanation, score.score) == "", score.explanation


# what was printed as a false equation once → how it reads now
SENTENCES = [
    (LATE, {"指标性质": "≤", "指标值": "2025-09-30", "实际完成值": "2025-12-29"},
        "甲 = 10 × (1 − 90 ÷ 30)，低于 0 按 0 计（逾期 90 天，30 天扣完） = 0 分"),
    (UNDER, {"指标性质": "≥", "指标值": "10", "实际完成值": "2"},
        "甲 = 10 × 2 ÷ 10 − 5（实际完成值 2 ÷ 指标值 10 低于 70%，扣分），低于 0 按 0 计 = 0 分"),
    (replace(RULES, rounding=Rounding.FLOOR_1), {"指标性质": "≥", "指标值": "3", "实际完成值": "2"},
        "甲 = 10 × 2 ÷ 3 = 6.6666…，截到一位小数 = 6.6 分"),
    (replace(RULES, rounding=Rounding.INTEGER), {"指标性质": "≥", "指标值": "100", "实际完成值": "95"},
        "甲 = 10 × 95 ÷ 100 = 9.5，四舍五入到整数 = 10 分"),
    (RULES, {"指标性质": ">", "指标值": "95", "实际完成值": "95"}, "甲 = 10 × 95 ÷ 95（等于指标值，没有高于指标值） = 10 分"),
    (RULES, {"指标性质": "<", "指标值": "95", "实际完成值": "95"}, "甲 = 10 × 95 ÷ 95（等于指标值，没有低于指标值） = 10 分"),
    (RULES, {"指标性质": "<", "指标值": "2025-06-15", "实际完成值": "2025-06-15"},
        "甲 = 0（实际完成时间 2025年6月15日 没有早于 2025年6月15日，逾期不得分） = 0 分"),
    (RULES, {"指标性质": "≥", "指标值": "95", "实际完成值": "-5"}, "甲 = 10 × (-5) ÷ 95，低于 0 按 0 计 = 0 分"),
    (RULES, {"指标性质": "=", "指标值": "0", "实际完成值": "3"}, "甲 = 0（实际完成值 3 高于指标值 0） = 0 分"),
    (replace(RULES, rounding=Rounding.FLOOR_1), {"指标性质": "定性", "指标值": "效果明显", "实际完成值": "达成预期指标", "自评得分": "9.57"},
        "甲：实际为“达成”，自评得分在 8 到 10 分之间，按自评得分 9.57 分、截到一位小数计 9.5 分"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "cells", "sentence"), SENTENCES, ids=[sentence for *_, sentence in SENTENCES])
def test_a_sentence_says_what_was_done(rules, cells: dict[str, str], sentence: str) -> None:
    row = {"适用对象": "部门整体", "一级指标": "产出指标", "三级指标": "甲", "权重": "10", **cells}
    assert score_indicators(indicator_table(row, rules), rules)[0].explanation == sentence


def test_a_rate_has_the_decimals_it_takes_to_be_true() -> None:
    item = Item(
        "A", "甲项", None, 1, D(10), Method.YES_NO, Provenance("待核", "待核"), parameters={"at_least": D("0.9")}
    )
    rate = computed_rate("执行率", D("0.89996"), "1", constant("a", "某数", D(1)))
    score = compute(item, {"value": rate}, Rounding.HALF_UP_2, None)
    assert score is not None
    assert score.explanation == "甲项 = 0（执行率 89.996% 不满足“不低于 90%”） = 0 分"


@pytest.mark.parametrize(
    "sentence",
    [
        "甲 = 10 × 2 ÷ 3 = 6.6 分", "甲 = 10 × (1 − 90 ÷ 30) = 0 分", "甲 = 10 × 95 ÷ 100 = 10 分", "甲 = 2 × 100% − 5 = 0 分",
        "甲 = 0（执行率 90.00% 不满足“不低于 90%”） = 0 分", "甲 = 10 × 2 ÷ 3 = 6.7，截到一位小数 = 6.6 分",
    ],
)  # fmt: skip
def test_a_false_sentence_is_recognised(sentence: str) -> None:
    assert untrue_in("甲", sentence, D(sentence.split(" = ")[-1].removesuffix(" 分"))) != ""
