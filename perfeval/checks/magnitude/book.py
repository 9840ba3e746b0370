"""The amounts of one workbook in the course of the search: the changes of unit found so far, and the workbook as they
make it."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from perfeval.checks.context import Context
from perfeval.checks.magnitude.amounts import Entry, money_entries
from perfeval.checks.magnitude.culprit import HALF_MORE, SURE, Culprit, is_answered
from perfeval.model.amounts import with_amounts
from perfeval.model.cells import CellRef
from perfeval.model.money_units import POWERS, plain
from perfeval.model.submission import Submission


class Book:
    """One workbook; `found` and `powers` grow. `steps` are the powers of ten that another unit would make, `last` is
    last year's workbook as it is most likely meant."""

    def __init__(self, context: Context, last: Submission | None) -> None:
        self.context = context
        self.last = last
        self.filed = context.submission
        stated = POWERS[self.filed.money_unit]
        self.steps = tuple(power - stated for power in POWERS.values() if power != stated)
        self.powers: dict[CellRef, int] = {}
        self.found: list[Culprit] = []

    def note(self, culprit: Culprit | None) -> bool:
        """Keeps a culprit, and reads its amounts as it says unless its question is answered. False where it is known
        already."""
        if culprit is None or culprit in self.found or any(self._is_changed(r, p) for r, p in culprit.powers.items()):
            return False
        if not is_answered(culprit):
            self.read_as({ref: self.powers.get(ref, 0) + power for ref, power in culprit.powers.items()})
        self.found.append(culprit)
        return True

    def _is_changed(self, ref: CellRef, power: int) -> bool:
        """Whether the cell was changed in that direction already: nothing is read twice over."""
        return self.powers.get(ref, 0) * power > 0

    def read_as(self, powers: Mapping[CellRef, int]) -> None:
        """From here on these amounts count times their powers of ten."""
        self.powers.update(powers)
        self.__dict__.pop("meant", None)

    @cached_property
    def meant(self) -> Submission:
        """The workbook as the culprits found so far make it."""
        return self.with_powers(self.powers)

    def with_powers(self, powers: Mapping[CellRef, int]) -> Submission:
        """The workbook as filed, except for these amounts times their powers of ten."""
        scaled = ((entry, powers.get(entry.cell.ref, 0)) for entry in self.entries)
        return with_amounts(self.filed, {e.cell.ref: plain(e.value.scaleb(power)) for e, power in scaled if power})

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every amount that is filled in and not 0."""
        return money_entries(self.filed)

    def of_sheet(self, sheet: str) -> tuple[Entry, ...]:
        """Those of one sheet."""
        return tuple(entry for entry in self.entries if entry.cell.ref.sheet == sheet)

    @property
    def head(self) -> Culprit | None:
        """What was found of 收支 as a whole."""
        return next((culprit for culprit in self.found if culprit.about_all), None)

    def is_about(self, ratio: Decimal, power: int) -> bool:
        """Whether two figures so many times apart are about the same once the one is read in another unit. A small
        factor needs more agreement than one of 10 000."""
        near = self.limit("unit_tolerance") if abs(power) >= SURE else HALF_MORE
        return near is not None and ratio > 0 and 1 / near <= ratio.scaleb(power) <= near

    def limit(self, name: str) -> Decimal | None:
        """A threshold of the regulation."""
        return self.context.limit(name)
