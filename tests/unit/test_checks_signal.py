"""Signals for the reviewer: patterns of the two examples, and both sides of each limit."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from example_contexts import completed, published, with_card
from planting import Changes, context_of, planted, taken_in

from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.checks.signal import signals
from perfeval.findings.finding import Signal
from perfeval.model.scorecard import Basis, Measure


def of(code: str, context: Context) -> list[Signal]:
    return [s for s in signals(context) if s.code == code]


def with_rate(context: Context, name: str, value: Decimal) -> Context:
    measures = [m for m in context.scorecard.measures if m.name != name]
    return with_card(context, measures=(*measures, Measure(name, value, (), "")))


def test_signals_of_the_published_workbook() -> None:
    messages = {s.code: s.message for s in signals(published())}
    assert "23 个定量指标中有 19 个" in messages["SIGNAL_001"]
    assert "9 个" in messages["SIGNAL_002"]
    assert "“优”" in messages["SIGNAL_002"]


def test_signals_are_no_findings() -> None:
    assert not [f for f in run_checks(completed()) if f.code.startswith("SIGNAL")]


def test_one_lower_level_ends_the_signal() -> None:
    scores = published().scorecard.indicators
    lowered = next(i for i, s in enumerate(scores) if s.indicator.actual.raw == "优")
    actual = scores[lowered].indicator.actual
    worse = replace(
        scores[lowered],
        indicator=replace(scores[lowered].indicator, actual=actual._replace(value=type(actual.value)("良"))),
    )
    assert of("SIGNAL_002", with_card(published(), indicators=(*scores[:lowered], worse, *scores[lowered + 1 :]))) == []


def declaring(context: Context, *, lowered: int = 0, blank: int = 0, left_out: int = 0) -> Context:
    """Full marks for every item; of so many a point less, nothing declared, 不涉及 instead."""
    leaves = count()
    items = []
    for s in context.scorecard.items:
        if s.item.is_leaf and s.declared:
            at = next(leaves)
            less, none, out = at < lowered, at < blank, at < left_out
            points = None if none or out else s.max_points - less
            basis = Basis.NOT_APPLICABLE if out else s.basis
            items.append(replace(s, declared=s.declared._replace(value=points), basis=basis))
    return with_card(context, items=tuple(items))


@pytest.mark.parametrize(
    ("but", "number"),
    [({}, 21), ({"lowered": 1}, None), ({"blank": 1}, None), ({"left_out": 1}, 20), ({"left_out": 22}, None)],
)
def test_full_marks_everywhere(but: dict[str, int], number: int | None) -> None:
    """An item that is 不涉及 does not count, one that nothing was declared for does."""
    found = of("SIGNAL_003", declaring(completed(), **but))
    assert [(s.level, s.message) for s in found] == (
        [("yellow", f"{number} 个末级指标的自评得分全部是满分。")] if number else []
    )
    assert of("SIGNAL_003", completed()) == []


def test_outcome_above_execution_on_both_sides_of_the_limit() -> None:
    annex = [s for s in completed().scorecard.indicators if s.indicator.subject.value == "部门整体"]
    share = sum(s.score for s in annex) / sum(s.weight for s in annex)
    limit = completed().limit("signal_outcome_over_execution")
    assert of("SIGNAL_004", with_rate(completed(), "预算执行率", share - limit)) == []
    above = of("SIGNAL_004", with_rate(completed(), "预算执行率", share - limit - Decimal("0.0001")))
    assert [s.level for s in above] == ["red"]


def test_unexecuted_on_both_sides_of_the_limit() -> None:
    limit = completed().limit("signal_unexecuted")
    assert of("SIGNAL_005", with_rate(completed(), "预算执行率", 1 - limit)) == []
    above = of("SIGNAL_005", with_rate(completed(), "预算执行率", 1 - limit - Decimal("0.0001")))
    assert [(s.level, s.message) for s in above] == [
        ("yellow", "部门整体未执行的预算占调整后预算数的 20.01%，超过 20.00%。")
    ]


@pytest.mark.parametrize(
    ("total", "message"),
    [
        ("90.00", "总分 90 分，正好在“优”的下限 90 分的四舍五入范围内。"),
        ("79.99", "总分 79.99 分，正好在“良”的下限 80 分的四舍五入范围内。"),
        ("90.50", None),
        ("85.00", None),
        ("0", None),  # the lowest grade has no bound to fall below
    ],
)
def test_a_total_on_a_bound(total: str, message: str | None) -> None:
    found = of("SIGNAL_006", with_card(completed(), total=Decimal(total)))
    assert [(s.level, s.message) for s in found] == ([("info", message)] if message else [])


@pytest.mark.parametrize(
    ("name", "threshold"),
    [
        ("预算执行率", "execution_rate_floor"),
        ("调整率", "adjustment_rate_limit"),
        ("结余率", "carryover_rate_limit"),
    ],
)
@pytest.mark.parametrize(
    ("off", "is_reported"), [("0", True), ("0.00004", True), ("-0.00005", True), ("0.00005", False)]
)
def test_a_rate_that_prints_like_its_limit(name: str, threshold: str, off: str, is_reported: bool) -> None:
    """In per cent to two decimals, rounded half up."""
    limit = completed().limit(threshold)
    assert limit is not None
    value = f"{limit:.2%}"
    found = [s.message for s in of("SIGNAL_006", with_rate(completed(), name, limit + Decimal(off)))]
    assert found == ([f"{name} {value}，正好在界限 {value}的四舍五入范围内。"] if is_reported else [])


def test_a_total_is_near_a_bound_only_by_the_rounding_of_computed_leaves() -> None:
    computed = sum(1 for s in completed().scorecard.items if s.item.is_leaf and s.basis is Basis.COMPUTED)
    reach = Decimal("0.005") * computed
    assert of("SIGNAL_006", with_card(completed(), total=Decimal(90) + reach))
    assert not of("SIGNAL_006", with_card(completed(), total=Decimal(90) + reach + Decimal("0.001")))


def printed(changes: Changes) -> list[str]:
    """What the signals of the completed example with these changes say."""
    submission = taken_in(planted(changes)).submission
    assert submission is not None
    return [s.message for s in signals(context_of(submission))]


SHARES = [
    "25 个定量指标中有 21 个的实际完成值正好等于指标值（84.00%）。",
    "9 个按等次评定的定性指标全部为“优”。",
    "部门整体的指标得分率是 99.59%，预算执行率是 93.14%，高出 6.45 个百分点。",
]


@pytest.mark.parametrize(
    ("spent", "named"),
    [
        ([0], "“阶段项目（示例）01”100.00%"),
        ([0, 1, 2], "“阶段项目（示例）01”100.00%、“阶段项目（示例）02”96.00%、“阶段项目（示例）03”90.00%"),
        (
            [0, 0, 0, 0],
            "“阶段项目（示例）01”100.00%、“阶段项目（示例）02”100.00%、“阶段项目（示例）03”100.00%等 4 个项目",
        ),
    ],
)
def test_the_names_and_shares_of_the_signals_are_printed(spent: list[int], named: str) -> None:
    """Each project has its own share."""
    executed = {("项目", f"阶段项目（示例）0{n}", "执行数"): amount for n, amount in enumerate(spent, start=1)}
    assert printed({}) == SHARES
    assert printed(executed) == [*SHARES, f"项目未执行的预算占调整后预算数的比例：{named}，超过 20.00%。"]
