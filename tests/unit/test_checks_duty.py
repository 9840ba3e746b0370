"""履职 and 履职数据: points, texts, completion rates; planted into the completed example."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planting import at, news, plant

from perfeval.model.numbers import Interval, printed_quotient, printed_rate, show_rate

amounts = st.decimals(min_value="0.01", max_value=10**6, places=2)

PLANNING, PROJECTS, PRICES = "发展规划编制职能", "重大项目推进职能", "价格监管调控职能"
TOTAL, REST, BULLETIN = "重点项目年度投资", "其他项目（示例构造）", "编发《价格动态》"


def duty(name: str, column: str) -> tuple[str, str, str]:
    return ("履职", name, column)


def datum(name: str, column: str) -> tuple[str, str, str]:
    return ("履职数据", name, column)


PLANTED = [
    ("DUTY_001", {duty(PRICES, "分值"): 7}, "履职!B4"),
    (
        "DUTY_002",
        {duty(PLANNING, "自评得分"): 7.01, duty(PRICES, "自评得分"): 5.99},
        at(*duty(PLANNING, "自评得分")),
    ),
    ("DUTY_003", {duty(PROJECTS, "工作完成情况"): None}, at(*duty(PROJECTS, "工作完成情况"))),
    ("DUTY_004", {datum(BULLETIN, "完成率"): 0.98}, at(*datum(BULLETIN, "完成率"))),
    ("DUTY_004", {datum(TOTAL, "完成率"): 0.6474}, at(*datum(TOTAL, "完成率"))),
    ("CELL_007", {datum(BULLETIN, "完成率"): 27.44}, at(*datum(BULLETIN, "完成率"))),  # the cell shows 2744%
    ("DUTY_006", {datum(BULLETIN, "计划数"): 13}, at(*duty(PRICES, "自评得分"))),
    ("DUTY_007", {datum("交通强区组", "上级指标"): "重点项目年度投资额"}, at(*datum("交通强区组", "上级指标"))),
    ("DUTY_008", {datum(BULLETIN, "计划数"): -12}, at(*datum(BULLETIN, "计划数"))),
    ("DUTY_008", {datum(BULLETIN, "完成数"): -12}, at(*datum(BULLETIN, "完成数"))),
    (
        "DUTY_008",
        {datum(TOTAL, "完成数"): -40.23},
        at(*datum(TOTAL, "完成数")),
    ),  # nothing is said of its text and its marks
    ("DUTY_007", {datum(BULLETIN, "职能名称"): "价格监管职能"}, at(*datum(BULLETIN, "职能名称"))),
]


@pytest.mark.parametrize(("code", "changes", "cell"), PLANTED)
def test_a_planted_error_is_found_at_its_cell_and_alone(code: str, changes: dict, cell: str) -> None:
    assert news(changes) == {(code, cell)}


@pytest.mark.parametrize(
    "changes",
    [
        {datum(TOTAL, "完成率"): 0.6472},
        {datum(TOTAL, "完成率"): 0.647},
        {datum(TOTAL, "完成率"): 0.65},
        {datum(BULLETIN, "完成率"): 1},
        {duty(PLANNING, "自评得分"): 7.0},
    ],
)
def test_what_stays_within_the_rules_raises_nothing(changes: dict) -> None:
    assert news(changes) == set()


# 40.23 ÷ 62.16 is 64.7201 %; as printed figures they may be 64.7068 % to 64.7333 %
@pytest.mark.parametrize(("rest", "reported"), [("64.71%", False), ("64.70%", True), ("60%", True), ("95%", False)])
def test_a_total_lies_between_its_parts(rest: str, reported: bool) -> None:
    found = news({datum(REST, "完成率"): rest}, topics=["DUTY"])
    assert found == ({("DUTY_005", at(*datum(TOTAL, "完成数")))} if reported else set())


def test_a_total_is_compared_only_where_every_part_has_its_rate() -> None:
    assert news({datum(REST, "完成率"): None}, topics=["DUTY"]) == set()


def test_full_marks_are_questioned_until_a_reason_is_given() -> None:
    asked = [f for f in plant({}) if f.code == "DUTY_006"]
    answered = [
        f for f in plant({duty(PROJECTS, "扣分原因"): "按三年滚动计划考核（示例构造）"}) if f.code == "DUTY_006"
    ]
    assert [(str(f.ref), f.answered) for f in asked] == [(at(*duty(PROJECTS, "自评得分")), False)]
    assert [f.answered for f in answered] == [True]
    assert "64.72%" in asked[0].message


@pytest.mark.parametrize(
    ("raw", "value", "low", "high"),
    [
        ("64.72%", "0.6472", "0.64715", "0.64725"),
        ("64.7％", "0.647", "0.6465", "0.6475"),
        ("65%", "0.65", "0.645", "0.655"),
        ("0.6472", "0.6472", "0.64715", "0.64725"),
    ],
)
def test_a_printed_percentage_is_all_that_rounds_to_it(raw: str, value: str, low: str, high: str) -> None:
    assert printed_rate(Decimal(value), raw) == Interval(Decimal(low), Decimal(high))


@given(amounts, amounts)
def test_the_rate_printed_from_two_figures_always_agrees_with_them(completed: Decimal, planned: Decimal) -> None:
    printed = show_rate(completed / planned)
    quotient = printed_quotient(completed, planned)
    assert quotient is None or quotient.overlaps(printed_rate(Decimal(printed.rstrip("%")) / 100, printed))


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    assert printed_quotient(Decimal(1), Decimal(0)) is None
    assert printed_quotient(Decimal(-1), Decimal(5)) is None


@pytest.mark.parametrize("changes", [
    {datum("交通强区组", "完成率"): -0.2744},
    {datum(BULLETIN, "计划数"): None, datum(BULLETIN, "完成数"): None, datum(BULLETIN, "完成率"): "-20%"},
])  # fmt: skip
def test_a_completion_rate_below_0_is_an_error(changes: dict) -> None:
    assert [code for code, _ in news(changes, ["DUTY_008"])] == ["DUTY_008"]


@pytest.mark.parametrize("changes", [
    {datum(BULLETIN, "指标名称"): "居民消费价格涨幅", datum(BULLETIN, "计量单位"): "%", datum(BULLETIN, "完成数"): -0.3},
    {datum(BULLETIN, "指标名称"): "PM2.5浓度变化（微克）", datum(BULLETIN, "计划数"): -2, datum(BULLETIN, "完成数"): -3},
    {datum(BULLETIN, "完成数"): 0},
])  # fmt: skip
def test_what_may_be_less_than_0_is_none(changes: dict) -> None:
    assert news(changes, ["DUTY_008"]) == set()
