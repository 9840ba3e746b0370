"""压减 and 控制支出: the bases of the two 压减率, and what was kept within its budget."""

from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import below_zero, rows_of, where
from perfeval.model.numbers import show_amount, show_rate


def base_unusable(context: Context) -> Iterator[Finding]:
    """上年 = 0: no rate can be computed from it. (A blank has been reported by the reader.)"""
    cuts = context.frames.cuts
    for row in cuts.filed[cuts.previous == 0]:
        yield make("CUT_001", row.previous, expected="大于 0 的数")


def increased(context: Context) -> Iterator[Finding]:
    """压减率 below 0: 本年 is above 上年."""
    cuts = context.frames.cuts
    for row, rate in rows_of(cuts, "rate", only=where(cuts, lambda rate: rate < 0, "rate")):
        previous = show_amount(row.previous.value)
        yield make(
            "CUT_002",
            row.current,
            expected=f"不超过上年的 {previous}",
            previous=previous,
            rate=show_rate(rate),
            answer=row.note,
            related=(row.previous.ref,),
        )


def base_year_overspent(context: Context) -> Iterator[Finding]:
    """In the base year more was spent than budgeted, which makes this year's 执行压减率 look better than it is."""
    cut = context.submission.cut
    budget, spent = cut.initial_budget.previous, cut.executed.previous
    if budget.value is not None and spent.value is not None and spent.value > budget.value > 0:
        yield make(
            "CUT_003", spent, expected=f"不超过 {show_amount(budget.value)}", budget=show_amount(budget.value),
            answer=cut.executed.note, related=(budget.ref,),
        )  # fmt: skip


def controlled_item_over_budget(context: Context) -> Iterator[Finding]:
    """A row of 控制支出 whose 执行数 is above its 预算数."""
    controlled = context.frames.controlled
    above = where(controlled, lambda excess, budget: excess > 0 <= budget, "excess", "budget")
    for (item,) in rows_of(controlled, only=above):
        budget = show_amount(item.budget.value)
        yield make(
            "CUT_004",
            item.executed,
            expected=f"不超过 {budget}",
            item=item.name.value or f"第 {item.row} 行",
            budget=budget,
            answer=item.note,
            related=(item.budget.ref,),
        )


def negative_amounts(context: Context) -> Iterator[Finding]:
    """An amount below 0."""
    frames = context.frames
    for amount in (
        *below_zero(frames.cuts, "previous", "current"),
        *below_zero(frames.controlled, "budget", "executed"),
    ):
        yield make("CUT_005", amount, expected="不小于 0 的数")


CHECKS: tuple[Check, ...] = (
    base_unusable,
    increased,
    base_year_overspent,
    controlled_item_over_budget,
    negative_amounts,
)
