"""What is in one row, or is the same thing in another place: it is of one order of magnitude."""

from decimal import Decimal
from statistics import median

from perfeval.checks.magnitude.amounts import Entry, Family, families, project_entries
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import (
    HALF_MORE,
    HUNDREDTH,
    SURE,
    Culprit,
    apart,
    family_values,
    known,
    spread,
    times,
)
from perfeval.model.numbers import show_number
from perfeval.model.submission import Project


def by_rows(book: Book) -> list[Culprit]:
    """The amounts of a row that are out of line."""
    alike = book.limit("unit_tolerance")
    if alike is None:
        return []
    uneven = (family for family in families(book.meant) if spread(family_values(family) or [Decimal(1)]) > 2)
    return known(_split(book, family, alike) or _odd_one(book, family) for family in uneven)


def _split(book: Book, family: Family, alike: Decimal) -> Culprit | None:
    """A row that falls into two groups about 10 000 times apart."""
    entries = sorted((e for e in family.entries if e.value), key=lambda e: e.value)
    values = sorted(family_values(family))
    for place in range(1, len(values)):
        low, high = values[:place], values[place:]
        times = median(high) / median(low)
        for power in (p for p in book.steps if abs(p) >= SURE):
            if Decimal(1) / alike <= times.scaleb(-abs(power)) <= alike and max(spread(low), spread(high)) <= alike**2:
                chosen = [e for e in entries if e.value in (high if power < 0 else low)]
                if chosen and _is_the_odd_group(book, power, chosen, low, high):
                    return _out_of_line(tuple(chosen), power, low if power < 0 else high)
    return None


def _is_the_odd_group(book: Book, power: int, chosen: list[Entry], low: list[Decimal], high: list[Decimal]) -> bool:
    """Of the two groups the smaller one; of two equal ones, and where it may well be 元, the one with the larger
    figures."""
    least, usual = book.limit("least_in_yuan"), book.limit("usual_in_yuan")
    asked = least if len(high) == len(low) else usual if len(high) > len(low) else Decimal(0)
    in_yuan = -SURE in book.steps and asked is not None and min(high) >= asked
    if power < 0:
        return in_yuan
    if in_yuan or (any(entry.first for entry in chosen) and not _meets(chosen, power, high)):
        return False
    small = max(entry.value for entry in chosen).scaleb(power)
    return not all(entry.spent for entry in chosen) or small <= max(high) * Decimal("1.05")


def _meets(chosen: list[Entry], power: int, others: list[Decimal]) -> bool:
    """Whether one of them is then what is beside it, to two hundredths."""
    return any(abs(entry.value.scaleb(power) - other) <= other * HUNDREDTH * 2 for entry in chosen for other in others)


def _odd_one(book: Book, family: Family) -> Culprit | None:
    """One amount that another unit, of a factor less than 10 000, makes just what is beside it."""
    for entry in (e for e in family.entries if e.value):
        others = [value for value in family_values(family) if value is not entry.cell.value]
        for power in (p for p in book.steps if abs(p) < SURE and others):
            if _lands_on(entry, power, others, family) or _holds_what_was_spent(entry, power, family):
                return _out_of_line((entry,), power, others)
    return None


def _lands_on(entry: Entry, power: int, others: list[Decimal], family: Family) -> bool:
    """Whether it then is, to the digit, what stands beside it; of a larger family about that; of what was spent: no
    more than the budget."""
    then, pair_of_budgets = entry.value.scaleb(power), len(others) == 1 and any(e.spent for e in family.entries)
    if entry.spent and power < 0:
        return entry.value > 3 * max(others) and max(others) * Decimal("0.3") <= then <= max(others)
    if pair_of_budgets or spread(others) > 2 or (power > 0 and entry.first):
        return False
    if len(others) > 2:
        return min(apart(then, other) for other in others) <= HALF_MORE
    return any(then == other and len(other.normalize().as_tuple().digits) >= len(others) + 1 for other in others)


def _holds_what_was_spent(entry: Entry, power: int, family: Family) -> bool:
    """A budget of which more than three times was spent, and which then is enough."""
    spent = next((e.value for e in family.entries if e.spent and e.value), None)
    if spent is None or entry.spent or power < 0 or (entry.first and len(family.entries) > 2):
        return False
    return spent > 3 * entry.value and spent <= entry.value.scaleb(power) <= 3 * spent


def _out_of_line(entries: tuple[Entry, ...], power: int, others: list[Decimal]) -> Culprit:
    shown = "、".join(dict.fromkeys(show_number(value) for value in others))
    grounds = f"与同类的 {shown} 万元相差约 {times(abs(power))}倍"
    return Culprit(entries, power, grounds, certain=False)


def by_rest(book: Book) -> list[Culprit]:
    """What was taken back, of the projects that are in another unit."""
    return known(_rest_of(book, project) for project in book.filed.projects)


def _rest_of(book: Book, project: Project) -> Culprit | None:
    """What was taken back, of a project whose other amounts are all in one other unit."""
    rest = Entry(project.taken_back, project.deviation_reason)
    powers = {book.powers.get(entry.cell.ref, 0) for entry in project_entries(project) if entry.value}
    if not rest.value or rest.cell.ref in book.powers or len(powers) != 1 or not max(powers, key=abs):
        return None
    return Culprit((rest,), powers.pop(), "与同一行的其他金额一样", certain=True)
