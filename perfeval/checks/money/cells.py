"""收支 as checks see it: its columns, what was left blank, what is negative; with it 管理数据 and 支出进度."""

from collections.abc import Iterator
from dataclasses import fields

from perfeval.checks.context import Check, Context
from perfeval.checks.money.sums import COLUMNS, amount
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import below_zero
from perfeval.model.submission import Amount, Money

FINAL_ONLY = ("taken_back", "closing_carryover", "plan_issued", "paid")
IN_EVERY_COLUMN = (
    "income_total",
    "appropriation",
    "opening_carryover",
    "unit_funds",
    "other_funds",
    "expenditure_total",
    "basic_expenditure",
    "project_expenditure",
    "spent_from_appropriation",
    "spent_from_carryover",
)


def required_cells(money: Money, column: str) -> tuple[Amount, ...]:
    """The cells of a column that must be filled in, in the sheet's order: 附表资金总额 is optional, four rows are in 决算数
    only (docs/开发/填报表.md)."""
    rows = IN_EVERY_COLUMN + FINAL_ONLY if column == "final" else IN_EVERY_COLUMN
    return tuple(amount(getattr(money, row), column) for row in rows)


def blank_amounts(context: Context) -> Iterator[Finding]:
    """A required amount left blank. A wholly blank column, or sheet, is reported once with every cell of it marked."""
    if context.submission.is_project_kind:
        return
    money = context.submission.money
    columns = {column: required_cells(money, column) for column in COLUMNS}
    everything = [cell for cells in columns.values() for cell in cells]
    if all(cell.is_blank for cell in everything):
        yield make(
            "MONEY_013", everything[0], what="整张“收支”表的金额", alike=tuple(cell.ref for cell in everything[1:])
        )
        return
    for column, cells in columns.items():
        if all(cell.is_blank for cell in cells):
            yield _blank_column(money, column, cells)
        else:
            yield from (make("MONEY_013", cell, what=_named(cell)) for cell in cells if cell.is_blank)


def _named(cell: Amount) -> str:
    """“收入合计”的决算数"""
    row, _, column = cell.label.partition(" ")
    return f"“{row}”的{column}"


def _blank_column(money: Money, column: str, cells: tuple[Amount, ...]) -> Finding:
    place = amount(money.expenditure_total, column)
    others = tuple(cell.ref for cell in cells if cell.ref != place.ref)
    if column == "adjusted":
        return make("MONEY_009", place, alike=others)
    return make("MONEY_013", place, what=f"“{COLUMNS[column]}”整列", alike=others)


def negative_amounts(context: Context) -> Iterator[Finding]:
    """An amount below 0."""
    money, table = context.submission.money, context.frames.money
    for cell in (found for column in COLUMNS for found in below_zero(table, column)):
        if not (cell is money.closing_carryover.final and _is_overspent(money)):
            yield make("MONEY_008", cell, expected="不小于 0 的数")


def _is_overspent(money: Money) -> bool:
    """More was spent than budgeted: the negative balance follows from that, which is reported of 决算数."""
    spent, budget = money.expenditure_total.final.value, money.expenditure_total.adjusted.value
    return spent is not None and budget is not None and spent > budget


def negative_data(context: Context) -> Iterator[Finding]:
    """MONEY_015: a figure below 0 in 管理数据 or 支出进度."""
    management = context.submission.management
    kept = (getattr(management, field.name).value for field in fields(management))
    below = (cell for cell in kept if cell.value is not None and cell.value < 0)
    for cell in (*below, *below_zero(context.frames.progress, "spent")):
        yield make("MONEY_015", cell, expected="不小于 0 的数")


CHECKS: tuple[Check, ...] = (blank_amounts, negative_amounts, negative_data)
