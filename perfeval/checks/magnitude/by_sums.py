"""Sums that one change of unit makes right: the cell, or the largest or smallest addends."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from perfeval.checks.magnitude.amounts import families
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import HUNDREDTH, SURE, Culprit, apart, family_values
from perfeval.checks.magnitude.whole import is_plausible
from perfeval.checks.money.sums import Sum, money_sums
from perfeval.model.cells import CellRef
from perfeval.model.numbers import CENT, HALF_UNIT
from perfeval.model.submission import Submission

FAR = 3  # a sum is so many times off where several of its addends are in another unit


def by_sums(book: Book) -> list[Culprit]:
    """The one change of a cell, or of the largest or smallest addends, that makes most wrong sums right."""
    sums = _keyed(book.meant)
    if all(found.agrees for found in sums.values()):
        return []
    wrong = [found for found in sums.values() if not found.agrees]
    best: tuple[tuple[int, int, int], Culprit] | None = None
    for culprit in (found for one in wrong for found in _changes(book, one)):
        worth = _worth(book, sums, culprit), -culprit.power, -len(culprit.entries)
        if worth[0] > 0 and (best is None or worth > best[0]):
            best = worth, culprit
    return [best[1]] if best else []


def _worth(book: Book, sums: dict[tuple[str, str], Sum], culprit: Culprit) -> int:
    """How many wrong sums it makes right, less those it makes wrong."""
    powers = {ref: book.powers.get(ref, 0) + power for ref, power in culprit.powers.items()}
    after = _keyed(book.with_powers({**book.powers, **powers}))
    mended = sum(not old.agrees and (key not in after or after[key].agrees) for key, old in sums.items())
    return mended - sum(not new.agrees and (key not in sums or sums[key].agrees) for key, new in after.items())


def _changes(book: Book, wrong: Sum) -> Iterator[Culprit]:
    slack = CENT * HALF_UNIT * (len(wrong.addends) + 1)
    stated = {wrong.place.ref: wrong.stated, **{a.cell.ref: a.value for a in wrong.addends}}
    for ref, due in wrong.corrections().items():
        for power in book.steps:
            value = stated[ref].scaleb(power)
            if value > 0 and abs(value - due) <= min(slack, value * HUNDREDTH) and _may_be(book, ref, power):
                yield _culprit_of(book, wrong, (ref,), power)
    yield from _several(book, wrong, slack)


def _several(book: Book, wrong: Sum, slack: Decimal) -> Iterator[Culprit]:
    """The largest addends together, or for a larger unit the smallest."""
    addends = sorted((a for a in wrong.addends if a.value), key=lambda a: a.value, reverse=True)
    far = wrong.stated > 0 and apart(max(wrong.computed, CENT), wrong.stated) >= FAR
    if len(addends) < 2 or not far or any(a.sign < 0 for a in wrong.addends):
        return
    for power in book.steps:
        together = Decimal(0)
        for count, addend in enumerate(addends if power < 0 else addends[::-1], 1):
            together += addend.value
            fits = abs(wrong.computed - together + together.scaleb(power) - wrong.stated) <= slack
            if count > 1 and fits and (abs(power) >= SURE or count == len(addends)):
                chosen = (addends if power < 0 else addends[::-1])[:count]
                yield _culprit_of(book, wrong, tuple(a.cell.ref for a in chosen), power)


def _culprit_of(book: Book, wrong: Sum, refs: tuple[CellRef, ...], power: int) -> Culprit:
    """Where all addends seem to be too small, it is the column of the sum that is in the smaller unit."""
    entries = tuple(entry for entry in book.entries if entry.cell.ref in refs)
    if power > 0 and len(refs) > 1 and -power in book.steps and not is_plausible(book, wrong.column):
        place = wrong.place.ref
        column = tuple(e for e in book.of_sheet(place.sheet) if e.cell.ref.column == place.column)
        return Culprit(column, -power, _beside(wrong), certain=True)
    return Culprit(entries, power, _beside(wrong), certain=True)


def _beside(wrong: Sum) -> str:
    return f"换算后“{wrong.place.label}”与各项之和正好相符"


def _may_be(book: Book, ref: CellRef, power: int) -> bool:
    """A small factor needs a second witness: the row has to fit better with it."""
    if abs(power) >= SURE:
        return True
    for family in families(book.meant):
        own = next((entry for entry in family.entries if entry.cell.ref == ref), None)
        others = [value for value in family_values(family) if own is None or value is not own.cell.value]
        if own is not None and others and len(family.entries) + len(family.beside) > 1:
            return apart(own.value.scaleb(power), median(others)) < apart(own.value, median(others))
    return True


def _keyed(submission: Submission) -> dict[tuple[str, str], Sum]:
    return {(found.code, str(found.place.ref)): found for found in money_sums(submission)}
