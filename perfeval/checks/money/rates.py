"""收支: what was overspent or carried away, and the rates a reviewer asks about."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.frames import rows_of, where
from perfeval.model.numbers import ZERO, show_amount, show_filed, show_rate, show_rate_beside, sum_agrees
from perfeval.model.submission import Amount
from perfeval.rules.frames import Column, change_rate, difference, share

SPENDING = (
    "expenditure_total",
    "basic_expenditure",
    "project_expenditure",
    "spent_from_appropriation",
    "spent_from_carryover",
)


def carryover_gone(context: Context) -> Iterator[Finding]:
    """上年结转 budgeted at the start of the year, 0 in the accounts, and no word in 说明."""
    row = context.submission.money.opening_carryover
    if (row.initial.value or ZERO) > 0 and row.final.value == 0 and row.note.is_blank:
        yield make("MONEY_005", row.note, opening=show_amount(row.initial.value), related=(row.final.ref,))


def overspent(context: Context) -> Iterator[Finding]:
    """决算数 above 调整后预算数 in a row of expenditure. (Income above its budget is no contradiction.)"""
    money, corrected = context.frames.money, context.corrected_sums
    for row in money.filed[money.key.isin(SPENDING)]:
        excess = _figures(difference, row.final, row.adjusted, corrected)
        if excess and min(excess) > 0:
            budget = show_filed(row.adjusted.value)
            yield make("MONEY_007", row.final, expected=f"不超过 {budget}", budget=budget, related=(row.adjusted.ref,))


def adjustment(context: Context) -> Iterator[Finding]:
    """abs(调整率) of 支出合计 above the limit without 说明. Where 调整后预算数 is blank 决算数 is compared instead, and said so."""
    row, limit = context.submission.money.expenditure_total, context.limit("adjustment_rate_limit")
    if limit is None or not row.note.is_blank:
        return
    later = row.final if row.adjusted.is_blank else row.adjusted
    rates = _figures(change_rate, later, row.initial, context.corrected_sums)
    if rates and min(map(abs, rates)) > limit:
        yield make(
            "MONEY_010",
            row.note,
            later="决算数" if later is row.final else "调整后预算数",
            later_amount=show_filed(later.value),
            initial_amount=show_filed(row.initial.value),
            rate=("增加 " if rates[0] > 0 else "减少 ") + show_rate_beside(abs(rates[0]), limit),
            limit=show_rate(limit),
            instead="没有填调整后预算数，按决算数比较；" if later is row.final else "",
            clause=context.clause("adjustment_rate_limit"),
            related=(later.ref, row.initial.ref),
        )


def annex_total_differs(context: Context) -> Iterator[Finding]:
    """附表资金总额 filled in and other than 收入合计 at the start of the year, also once a wrong 收入合计 is put right."""
    annex, income = context.submission.money.annex_total, context.submission.money.income_total.initial
    if annex.initial.value is None or income.value is None or min(annex.initial.value, income.value) < 0:
        return
    if not any(
        sum_agrees(annex.initial.value, [figure])
        for figure in (income.value, context.corrected_sums.get(income.ref, income.value))
    ):
        yield make(
            "MONEY_011",
            annex.initial,
            expected=context.to_type(income.value),
            due=show_amount(income.value),
            answer=annex.note,
            related=(income.ref,),
        )


def execution(context: Context) -> Iterator[Finding]:
    """执行率 of 支出合计 (决算 ÷ 调整后预算) below the floor without 说明."""
    row, floor = context.submission.money.expenditure_total, context.limit("execution_rate_floor")
    if floor is None or not row.note.is_blank:
        return
    rates = _figures(share, row.final, row.adjusted, context.corrected_sums)
    if rates and max(rates) < floor:
        yield make(
            "MONEY_012",
            row.note,
            spent=show_filed(row.final.value),
            budget=show_filed(row.adjusted.value),
            rate=show_rate_beside(rates[0], floor),
            floor=show_rate(floor),
            clause=context.clause("execution_rate_floor"),
            related=(row.final.ref, row.adjusted.ref),
        )


def progress(context: Context) -> Iterator[Finding]:
    """累计支出数 at the end of a month below the share of 调整后预算数 the regulation marks for it."""
    marks = {mark.month: mark.share for mark in context.regulation.progress_marks} if context.regulation else {}
    rows, budget = context.frames.progress, context.submission.money.expenditure_total.adjusted.value
    behind = where(rows, lambda month, reached: 0 <= reached < marks.get(month, 0), "month", "share")
    for row, reached in rows_of(rows, "share", only=behind):
        mark = marks[row.month.value]
        yield make(
            "MONEY_014",
            row.spent,
            month=row.month.value,
            budget=show_filed(budget),
            rate=show_rate_beside(reached, mark),
            mark=show_rate(mark),
            answer=row.note,
            related=(row.month.ref,),
        )


def _figures(
    rule: Callable[..., Column], first: Amount, second: Amount, corrected: Mapping[CellRef, Decimal]
) -> list[Decimal]:
    """A rate or difference of two amounts as filed, then as it is with each wrong total among them put right: what is
    true of all follows from no other finding. Empty where an amount is missing or negative, or there is no rate.
    """
    if first.value is None or second.value is None or first.value < 0 or second.value < 0:
        return []
    firsts = (first.value, corrected.get(first.ref, first.value))
    seconds = (second.value, corrected.get(second.ref, second.value))
    figures = rule(*zip(*product(firsts, seconds), strict=True))
    known = [figure for figure in figures if figure is not None]
    return known if len(known) == len(figures) else []


CHECKS: tuple[Check, ...] = (carryover_gone, overspent, adjustment, annex_total_differs, execution, progress)
