"""收支: the sums and balances, re-added. One wrong cell is reported once, though it may break several sums."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from itertools import combinations

from perfeval.model.amounts import with_amounts
from perfeval.model.cells import CellRef
from perfeval.model.numbers import CENT, ZERO, sum_agrees, total
from perfeval.model.submission import Amount, Money, MoneyRow, Project, Submission
from perfeval.rules.frames import duplicates, plain_names

COLUMNS = {"initial": "年初预算数", "adjusted": "调整后预算数", "final": "决算数"}
Pairs = Sequence[tuple[Amount, Amount]]  # a 支出来源 with the income it comes from
PROJECT_COLUMNS = {"initial": "initial_budget", "adjusted": "adjusted_budget", "final": "executed"}


@dataclass(frozen=True, slots=True)
class Addend:
    """A cell of a sum with its value, added (sign 1) or subtracted (sign −1)."""

    cell: Amount
    sign: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure that must be the sum of others; `column` is that of 收支."""

    code: str
    column: str
    place: Amount
    stated: Decimal
    addends: tuple[Addend, ...]
    exact: bool = True  # False: it must not exceed the sum
    likely: tuple[Amount, Decimal] | None = None  # an addend, and the value of it that alone makes everything agree

    @property
    def computed(self) -> Decimal:
        """What the addends come to."""
        return total(a.sign * a.value for a in self.addends)

    @property
    def agrees(self) -> bool:
        """Whether figures printed to the cent may add up like this."""
        return sum_agrees(self.stated, (a.sign * a.value for a in self.addends))

    @property
    def related(self) -> tuple[CellRef, ...]:
        """The addends' cells."""
        return tuple(a.cell.ref for a in self.addends)

    def corrections(self) -> Mapping[CellRef, Decimal]:
        """For each cell, what it would have to hold for the sum to be right, the others staying as they are."""
        gap = self.computed - self.stated
        return {self.place.ref: self.computed, **{a.cell.ref: a.value - a.sign * gap for a in self.addends}}


def amount(row: MoneyRow, column: str) -> Amount:
    """The cell of a row in the column of that key."""
    cell: Amount = getattr(row, column)
    return cell


def broken_sums(submission: Submission) -> tuple[Sum, ...]:
    """The sums that do not hold, in the sheet's order, each wrong cell reported by one of them only."""
    return tuple(
        _with_culprit(s, submission) for s in _root_causes([s for s in money_sums(submission) if not s.agrees])
    )


def _with_culprit(found: Sum, submission: Submission) -> Sum:
    """Where another total would break other sums, and just one addend none: that addend is most likely wrong."""
    if found.code == "MONEY_006":  # any project may be
        return found
    left = {
        ref: _disagreements(with_amounts(submission, {ref: due}), found.column)
        for ref, due in found.corrections().items()
        if due >= 0
    }
    best = [ref for ref, count in left.items() if count == min(left.values())]
    if len(best) != 1 or best[0] == found.place.ref:
        return found
    cell = next(a.cell for a in found.addends if a.cell.ref == best[0])
    return replace(found, likely=(cell, found.corrections()[best[0]]))


def _disagreements(submission: Submission, column: str) -> int:
    """The sums that do not hold; one more where income and expenditure of the column differ, which they may, but mostly
    do not."""
    income, spending = (
        amount(row, column).value for row in (submission.money.income_total, submission.money.expenditure_total)
    )
    return sum(not s.agrees for s in money_sums(submission)) + (income != spending)


def is_absurd(found: Sum, money: Money, limit: Decimal) -> bool:
    """Whether a sum comes to so many times what is stated, and so many times whatever else is in that row, or to
    as small a part of it."""
    row = next((row for row in _rows(money) if found.place in (row.initial, row.adjusted, row.final)), None)
    beside = {cell.value for cell in (row.initial, row.adjusted, row.final) if cell.value} if row else set()
    others = [value for value in beside - {found.stated} if value > 0]
    due = found.computed
    return (
        bool(others) and due > 0 and found.stated > 0 and all(_is_apart(due, v, limit) for v in (found.stated, *others))
    )


def _rows(money: Money) -> Iterator[MoneyRow]:
    return (getattr(money, field.name) for field in fields(money))


def _is_apart(one: Decimal, other: Decimal, limit: Decimal) -> bool:
    return max(one, other) >= limit * min(one, other)


def money_sums(submission: Submission) -> Iterator[Sum]:
    """Every sum and balance that can be re-added."""
    money = submission.money
    for column in COLUMNS:
        income = (money.appropriation, money.opening_carryover, money.unit_funds, money.other_funds)
        yield from _sum(
            "MONEY_001", column, amount(money.income_total, column), [amount(row, column) for row in income]
        )
        spending = (money.basic_expenditure, money.project_expenditure)
        yield from _sum(
            "MONEY_002", column, amount(money.expenditure_total, column), [amount(row, column) for row in spending]
        )
        yield from _sources(money, column)
    yield from _balance(money)
    if "项目" not in submission.absent_sheets:
        yield from _projects(submission)


def _sum(
    code: str, column: str, place: Amount, added: Iterable[Amount], subtracted: Iterable[Amount] = ()
) -> Iterator[Sum]:
    """The sum, unless a figure of it is blank, unreadable or negative: that is reported elsewhere, and missing is not
    zero."""
    cells = [(cell, 1) for cell in added] + [(cell, -1) for cell in subtracted]
    addends = tuple(
        Addend(cell, sign, cell.value) for cell, sign in cells if cell.value is not None and cell.value >= 0
    )
    if place.value is not None and place.value >= 0 and len(addends) == len(cells):
        yield Sum(code, column, place, place.value, addends)


def _sources(money: Money, column: str) -> Iterator[Sum]:
    """No more is spent from a source than it brought in, and the sources add up to 支出合计. Where all that came in is
    spent, each source is spent whole."""
    pairs, whole = sources(money, column), amount(money.expenditure_total, column)
    exact = _spent_whole(pairs, whole) if money.has_all_sources else column != "final"
    compared = [s for spent, income in pairs for s in _sum("MONEY_003", column, spent, [income])]
    compared = [replace(s, exact=exact) for s in compared if exact or s.agrees or s.stated > s.computed]
    yield from compared
    if money.has_all_sources and all(s.agrees for s in compared):
        yield from _sources_differ(pairs, column, whole)


def sources(money: Money, column: str) -> list[tuple[Amount, Amount]]:
    """Each 支出来源 in the sheet with the income it comes from. The two of template 1.2 may be blank where there is none:
    then nothing was spent from it."""
    of_old = (
        (money.spent_from_appropriation, money.appropriation),
        (money.spent_from_carryover, money.opening_carryover),
    )
    added = ((money.spent_from_unit_funds, money.unit_funds), (money.spent_from_other_funds, money.other_funds))
    found = [(amount(spent, column), amount(income, column)) for spent, income in of_old]
    if money.has_all_sources:
        found += [(_none_spent(amount(spent, column)), amount(income, column)) for spent, income in added]
    return found


def _none_spent(cell: Amount) -> Amount:
    return cell._replace(value=ZERO) if cell.is_blank else cell


def _spent_whole(pairs: Pairs, whole: Amount) -> bool:
    incomes = [income.value for _, income in pairs]
    known = [value for value in incomes if value is not None]
    return whole.value is not None and len(known) == len(incomes) and sum_agrees(whole.value, known)


def _sources_differ(pairs: Pairs, column: str, whole: Amount) -> Iterator[Sum]:
    """The sources against 支出合计, reported at the one that can make up the difference: first one left blank."""
    spent = [cell for cell, _ in pairs]
    found = [
        (income.value or ZERO, s)
        for cell, income in pairs
        for s in _sum("MONEY_016", column, cell, [whole], [other for other in spent if other is not cell])
    ]
    able = [s for most, s in found if ZERO <= s.computed <= most]
    yield from sorted(able or [s for _, s in found], key=lambda s: s.place.is_read)[:1]


def _balance(money: Money) -> Iterator[Sum]:
    """调整后 − 决算 − 收回 = 结余. Where more was spent than budgeted no balance can be right: that is reported instead."""
    budget, spent = money.expenditure_total.adjusted, money.expenditure_total.final
    if budget.value is not None and spent.value is not None and spent.value <= budget.value:
        yield from _sum("MONEY_004", "final", money.closing_carryover.final, [budget], [spent, money.taken_back.final])


def _projects(submission: Submission) -> Iterator[Sum]:
    """项目支出 against the rows of 项目. A project entered twice is reported as such, not as a wrong sum."""
    again = duplicates([p.row for p in submission.projects], plain_names(p.name.value for p in submission.projects))
    once = [p for p, earlier in zip(submission.projects, again, strict=True) if earlier is None]
    for column, field in PROJECT_COLUMNS.items():
        place = amount(submission.money.project_expenditure, column)
        if not any(s.agrees for s in _sum("MONEY_006", column, place, _cells(once, field))):
            yield from _sum("MONEY_006", column, place, _cells(submission.projects, field))


def _cells(projects: Iterable[Project], field: str) -> list[Amount]:
    return [getattr(project, field) for project in projects]


def _root_causes(broken: list[Sum]) -> tuple[Sum, ...]:
    """Of two sums that one and the same change of a shared cell would correct, the one that is at that cell, else the
    first."""
    dropped: set[int] = set()
    for (i, first), (j, second) in combinations(enumerate(broken), 2):
        here, there = first.corrections(), second.corrections()
        for ref in here.keys() & there.keys():
            if abs(here[ref] - there[ref]) <= CENT:
                dropped.add(i if second.place.ref == ref != first.place.ref else j)
    return tuple(s for i, s in enumerate(broken) if i not in dropped)
