"""Signals for the reviewer: patterns of the two examples, and both sides of each limit."""

from dataclasses import replace
from decimal import Decimal

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


def test_full_marks_everywhere() -> None:
    assert of("SIGNAL_003", completed()) == []
    items = tuple(
        replace(s, declared=s.declared._replace(value=s.max_points)) if s.item.is_leaf and s.declared else s
        for s in completed().scorecard.items
    )
    found = of("SIGNAL_003", with_card(completed(), items=items))
    assert [s.level for s in found] == ["yellow"]


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
    assert [s.level for s in of("SIGNAL_005", with_rate(completed(), "预算执行率", 1 - limit - Decimal("0.0001")))] == [
        "yellow"
    ]


@pytest.mark.parametrize(("total", "reported"), [("90.00", True), ("90.50", False), ("85.00", False)])
def test_a_total_on_a_bound(total: str, reported: bool) -> None:
    assert bool(of("SIGNAL_006", with_card(completed(), total=Decimal(total)))) is reported


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
