"""Rows of 指标 as people type them → score, whether met, on what basis, in which words."""

from dataclasses import replace
from decimal import Decimal

import pytest
from submissions import Unreadable, indicator_table

from perfeval.model.numbers import show_points
from perfeval.model.scorecard import Basis, IndicatorScore
from perfeval.rules.indicators import score_indicators
from perfeval.rules.load import load_regulations

RULES = load_regulations()["cn-project-10-90"].indicators
COMPUTED, DECLARED, NOT_SCORED = Basis.COMPUTED, Basis.DECLARED, Basis.NOT_SCORED


def scored(rules=RULES, **cells) -> IndicatorScore:
    row = {"适用对象": "部门整体", "一级指标": "产出指标", "三级指标": "甲", "权重": "10", **cells}
    return score_indicators(indicator_table(row, rules), rules)[0]


@pytest.mark.parametrize(
    ("nature", "target", "actual", "declared", "score", "met", "basis"),
    [
        ("定性", "优良中低差", "优", "", "10", True, COMPUTED),
        ("定性", "优良中低差", "良", "", "8", False, COMPUTED),
        ("定性", "优良中低差", "差", "", "0", False, COMPUTED),
        ("定性", "优中差", "良", "9", "9", None, DECLARED),  # not a level of the target's scale
        ("定性", "优良中低差", "优良中低差", "9", None, None, NOT_SCORED),  # nothing was chosen
        ("定性", "优", "优", "", "10", True, COMPUTED),
        ("定性", "良", "中", "", "6", False, COMPUTED),
        ("定性", "良", "优", "", "10", True, COMPUTED),
        ("定性", "良", "良", "", "10", True, COMPUTED),  # repeats the target's text: 达成
        ("定性", "效果明显", "效果明显", "", "10", True, COMPUTED),
        ("定性", "效果明显", "完成", "", "10", True, COMPUTED),
        ("定性", "效果明显", "达成预期指标", "9", "9", True, DECLARED),  # inside 80–100 %: the declared score counts
        ("定性", "效果明显", "达成预期指标", "7.9", None, True, NOT_SCORED),
        ("定性", "效果明显", "部分达成", "7", "7", False, DECLARED),
        ("定性", "效果明显", "部分达成", "", None, False, NOT_SCORED),
        ("定性", "效果明显", "部分达成", "9", None, False, NOT_SCORED),
        ("定性", "效果明显", "未达成", "0", "0", False, DECLARED),
        ("定性", "效果明显", "效果还可以", "8", "8", None, DECLARED),  # words that cannot be compared
        ("定性", "效果明显", "效果还可以", "", None, None, NOT_SCORED),
        ("定性", "效果明显", "效果还可以", "12", None, None, NOT_SCORED),
        ("定性", "12月底前", "11月", "", "10", True, COMPUTED),
        ("定性", "12月底前", "12月底前", "", "10", True, COMPUTED),
        ("≤", "9月前", "7月", "", "10", True, COMPUTED),
        ("≤", "9月前", "9月", "", "0", False, COMPUTED),
        ("定性", "2025-06-15", "6月", "9", "9", None, DECLARED),  # June may be before or after the 15th
        ("定性", "2025-06-15", "6月", "", None, None, NOT_SCORED),
        ("≤", "12月底前", "已完成", "", "10", True, COMPUTED),
        ("<", "2025-06-15", "2025-06-15", "", "0", False, COMPUTED),
        ("<", "2025-06-15", "2025-06-14", "", "10", True, COMPUTED),
        ("≤", "2025-06-15", "2025-06-15", "", "10", True, COMPUTED),
        ("≤", "2025-06-15", "2025-06-16", "", "0", False, COMPUTED),
        ("=", "2025-06-15", "2025-06-14", "", "10", True, COMPUTED),  # a day named is a deadline: earlier is on time
        ("=", "2025-06-15", "2025-06-15", "", "10", True, COMPUTED),
        ("=", "2025-06-15", "2025-06-16", "", "0", False, COMPUTED),
        ("定性", "2025-06-15", "2025-06-15", "", "10", True, COMPUTED),
        ("≥", "2025-06-15", "2025-06-15", "", None, None, NOT_SCORED),  # the later the better: nobody means that
        (">", "2025-06-15", "2025-06-16", "9", "9", None, DECLARED),
        (">", "95", "95", "", "10", False, COMPUTED),
        (">", "95", "95.01", "", "10", True, COMPUTED),
        ("<", "95", "95", "", "10", False, COMPUTED),
        ("<", "95", "94.99", "", "10", True, COMPUTED),
        (">", "0", "0", "", "0", False, COMPUTED),
        ("<", "0", "0", "", "0", False, COMPUTED),
        ("≥", "12月底前", "11月", "9", "9", None, DECLARED),
        ("≥", "95", "约九成", "9", "9", None, DECLARED),
        ("≥", "95", "已完成", "", None, None, NOT_SCORED),  # a number needs a number
        ("定性", "95", "96", "", None, None, NOT_SCORED),
        ("定性", "95", "完成", "", "10", True, COMPUTED),
        ("=", "完成", "完成", "", "10", True, COMPUTED),
        ("≥", "18—54周岁", "18—54周岁", "", "10", True, COMPUTED),  # 达成 before a range is questioned (docs/开发/填报表.md)
        ("≥", "18—54周岁", "20—30周岁", "", None, None, NOT_SCORED),
        ("≥", "", "5", "9", None, None, NOT_SCORED),
        ("≥", "5", "", "9", None, None, NOT_SCORED),
    ],
)  # fmt: skip
def test_readings(nature, target, actual, declared, score, met, basis) -> None:
    result = scored(指标性质=nature, 指标值=target, 实际完成值=actual, 自评得分=declared)
    assert (None if result.score is None else show_points(result.score), result.met, result.basis) == (
        score,
        met,
        basis,
    )
    assert result.explanation.startswith("甲")
    assert (result.formula is not None) == (basis is COMPUTED)


@pytest.mark.parametrize(
    ("cells", "nature"),
    [
        ({"指标值": "≥95", "实际完成值": "96"}, "≥"),
        ({"指标值": "不超过95", "实际完成值": "96"}, "≤"),
        ({"指标值": "95", "实际完成值": "96", "一级指标": "成本指标"}, "≤"),
        ({"指标值": "95", "实际完成值": "96", "二级指标": "经济成本指标"}, "≤"),
        ({"指标值": "95", "实际完成值": "96", "三级指标": "成本监审个数"}, "≥"),
        ({"指标值": "95", "实际完成值": "96", "三级指标": "结转结余率"}, "≤"),
        ({"指标值": "95", "实际完成值": "96", "三级指标": "“三公”经费控制率"}, "≤"),
        ({"指标值": "95", "实际完成值": "96", "三级指标": "森林病虫受害率"}, "≤"),
        ({"指标值": "效果明显", "实际完成值": "完成"}, "定性"),
        ({"指标值": "优良中低差", "实际完成值": "优"}, "定性"),
        ({"指标值": "12月底前", "实际完成值": "11月"}, "≤"),
        ({"指标值": "95", "实际完成值": "96"}, "≥"),
    ],
)
def test_a_blank_nature(cells: dict, nature: str) -> None:
    result = scored(**cells)
    assert (result.nature, result.nature_assumed) == (nature, True)


def test_a_filled_nature_is_not_assumed() -> None:
    assert not scored(指标性质="≥", 指标值="95", 实际完成值="96").nature_assumed
    assert scored(指标性质="定性", 指标值="≥95", 实际完成值="96").nature == "≥"


def test_an_unreadable_nature_is_not_guessed() -> None:
    result = scored(指标性质=Unreadable("约等于"), 指标值="95", 实际完成值="96")
    assert (result.score, result.basis, result.nature) == (None, NOT_SCORED, "")


@pytest.mark.parametrize("weight", ["", "0", "-3", Unreadable("三分")])
def test_without_a_usable_weight_there_is_no_score(weight) -> None:
    assert scored(指标性质="≥", 指标值="95", 实际完成值="96", 权重=weight).basis is NOT_SCORED


def test_different_units_are_not_compared() -> None:
    result = scored(指标性质="≥", 指标值="95公斤", 实际完成值="96户", 自评得分="9")
    assert (result.basis, result.score) == (NOT_SCORED, None)
    assert "公斤" in result.explanation
    assert "户" in result.explanation


def test_the_ratio_is_of_numbers_with_a_target_above_zero() -> None:
    assert scored(指标性质="≥", 指标值="95", 实际完成值="90").ratio == Decimal(90) / 95
    assert scored(指标性质="≥", 指标值="0", 实际完成值="90").ratio is None
    assert scored(指标性质="定性", 指标值="优良中低差", 实际完成值="优").ratio is None


def test_late_by_days() -> None:
    rules = replace(RULES, late="proportional", late_days=Decimal(60))
    result = scored(rules, 指标性质="≤", 指标值="2025-06-15", 实际完成值="2025-06-30")
    assert result.score == Decimal("7.50")
    assert [(o.key, o.value) for o in result.operands] == [("weight", 10), ("days", 15)]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"指标性质": "≥", "指标值": "95", "实际完成值": "90"}, "甲 = 10 × 90 ÷ 95 = 9.47 分"),
        ({"指标性质": "≤", "指标值": "95", "实际完成值": "100"}, "甲 = 10 × 95 ÷ 100 = 9.5 分"),
        (
            {"指标性质": "≥", "指标值": "95", "实际完成值": "96"},
            "甲 = 10 × 100%（实际完成值 96 达到指标值 95） = 10 分",
        ),
        ({"指标性质": "定性", "指标值": "优良中低差", "实际完成值": "良"}, "甲 = 10 × 80%（等次为“良”） = 8 分"),
        ({"指标性质": "≥", "指标值": "5", "实际完成值": ""}, "甲：没有可用的实际完成值，未评分"),
    ],
)
def test_sentences(cells: dict, sentence: str) -> None:
    assert scored(**cells).explanation == sentence


def test_every_key_of_a_formula_is_an_operand() -> None:
    result = scored(指标性质="≥", 指标值="95", 实际完成值="90")
    assert {operand.key for operand in result.operands} == {"weight", "target", "actual"}
    assert [str(ref) for operand in result.operands for ref in operand.cells] == ["指标!H4", "指标!F4", "指标!I4"]
    assert result.formula == "ROUND({weight}*MAX(0,MIN(1,{actual}/{target})),2)"
