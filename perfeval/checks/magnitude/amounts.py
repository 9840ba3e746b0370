"""The amounts of a workbook by what they are beside, and what is left where some readings are in doubt."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from perfeval.checks.money.rates import SPENDING
from perfeval.model.cells import UNREADABLE, CellRef
from perfeval.model.submission import Amount, Fund, MoneyRow, Project, Submission, Text

OVER_WHOLE = "part_over_whole"  # the regulation's threshold


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount, the cell of its row where a word can answer for it, and whether it is what was spent."""

    cell: Amount
    note: Text
    spent: bool = False
    first: bool = False  # 年初: it may well be small beside what was added during the year

    @property
    def value(self) -> Decimal:
        """What was filed; 0 where there is none, or one below 0, which is reported as such."""
        return max(self.cell.value or Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Family:
    """Amounts that are of one order of magnitude; `beside` are others of it that are judged elsewhere."""

    entries: tuple[Entry, ...]
    beside: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Amounts of one row that are each part of a whole, or no more than so many times it: `limit` is the threshold's
    name."""

    entries: tuple[Entry, ...]
    whole: tuple[Amount, ...]
    limit: str = OVER_WHOLE
    is_cumulative: bool = False  # 累计支出数: not far below the whole either


def families(submission: Submission) -> Iterator[Family]:
    """What is in one row, and what is the same thing in another place."""
    money, cut, management = submission.money, submission.cut, submission.management
    apart = ("plan_issued", "paid", "annex_total")
    for field in fields(money):
        if field.name not in apart:
            yield Family(_row(getattr(money, field.name), field.name in SPENDING))
    total = money.expenditure_total
    issued = (Entry(money.plan_issued.final, money.plan_issued.note), Entry(money.paid.final, money.paid.note, True))
    yield Family(issued, (total.adjusted, total.final))
    annex, income = money.annex_total, money.income_total
    yield Family((Entry(annex.initial, annex.note),), (income.initial, income.adjusted))
    yield Family(
        tuple(
            Entry(cell, row.note) for row in (cut.initial_budget, cut.executed) for cell in (row.previous, row.current)
        )
    )
    for item in submission.controlled_items:
        yield Family((Entry(item.budget, item.note), Entry(item.executed, item.note, True)))
    for first, second in (("asset_system_value", "asset_ledger_value"), ("procurement_budget", "procurement_actual")):
        rows = [(name, getattr(management, name)) for name in (first, second)]
        yield Family(tuple(Entry(row.value, row.note, name == "procurement_actual") for name, row in rows))
    for project in submission.projects:
        yield Family(project_entries(project))
    for fund in submission.funds:
        yield Family(_fund_entries(fund))


def _row(row: MoneyRow, is_spending: bool) -> tuple[Entry, ...]:
    """Income may well be above its budget, expenditure not."""
    return (
        Entry(row.initial, row.note, first=True),
        Entry(row.adjusted, row.note),
        Entry(row.final, row.note, spent=is_spending),
    )


def project_entries(project: Project) -> tuple[Entry, ...]:
    """The three amounts of a project."""
    note = project.deviation_reason
    return (
        Entry(project.initial_budget, note, first=True),
        Entry(project.adjusted_budget, note),
        Entry(project.executed, note, spent=True),
    )


def _fund_entries(fund: Fund) -> tuple[Entry, ...]:
    """The three amounts of a source, whose name is all that is written of it."""
    amounts = (fund.initial_budget, fund.adjusted_budget, fund.executed)
    return tuple(
        Entry(amount, fund.source, amount is fund.executed, amount is fund.initial_budget) for amount in amounts
    )


def parts(submission: Submission) -> Iterator[Part]:
    """What can be no more than something else: 压减, 控制支出, 支出进度 and 采购 than what the department spends, 项目资金 than
    its project."""
    money, cut, management = submission.money, submission.cut, submission.management
    total = (money.expenditure_total.initial, money.expenditure_total.adjusted, money.expenditure_total.final)
    for row in (cut.initial_budget, cut.executed):
        yield Part((Entry(row.previous, row.note), Entry(row.current, row.note)), total)
    for item in submission.controlled_items:
        yield Part((Entry(item.budget, item.note), Entry(item.executed, item.note)), total)
    for reached in submission.progress:
        yield Part((Entry(reached.spent, reached.note),), total, is_cumulative=True)
    bought, small = (management.procurement_budget, management.procurement_actual), management.procurement_small_firms
    yield Part(tuple(Entry(row.value, row.note) for row in bought), total)
    yield Part((Entry(small.value, small.note),), tuple(row.value for row in bought))
    for kept in (management.asset_system_value, management.asset_ledger_value):
        yield Part((Entry(kept.value, kept.note),), total, "assets_over_total")
    for project in submission.projects:
        budgets = (project.initial_budget, project.adjusted_budget)
        yield Part((Entry(project.taken_back, project.deviation_reason),), budgets)
    funded = {project.name.value: project for project in submission.projects}
    for fund in submission.funds:
        if (owner := funded.get(fund.project.value)) is not None:
            yield Part(_fund_entries(fund), (owner.initial_budget, owner.adjusted_budget, owner.executed))


def money_entries(submission: Submission) -> tuple[Entry, ...]:
    """Every amount of the workbook that is filled in and not 0, sheet by sheet."""
    found: dict[CellRef, Entry] = {}
    groups = [*(f.entries for f in families(submission)), *(p.entries for p in parts(submission))]
    groups.append(tuple(Entry(row.content, row.source) for row in submission.supplements if row.kind == "amount"))
    for entry in (entry for group in groups for entry in group):
        if entry.value:
            found.setdefault(entry.cell.ref, entry)
    return tuple(found.values())


def without(submission: Submission, doubted: Container[CellRef | None]) -> Submission:
    """The workbook without the 实际完成值 that are questioned: nothing further is said of them."""
    kept = tuple(
        replace(row, actual=row.actual._replace(value=None, state=UNREADABLE)) if row.actual.ref in doubted else row
        for row in submission.indicators
    )
    return replace(submission, indicators=kept)
