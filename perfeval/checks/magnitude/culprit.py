"""A culprit: amounts most likely filled in another unit; and how amounts are set beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from perfeval.checks.magnitude.amounts import Entry, Family
from perfeval.model.cells import CellRef
from perfeval.model.submission import Amount

SURE = 4  # powers of ten: a factor of 10 000 is no chance; a smaller one needs a second witness
UNIT_IS_RIGHT = "单位无误"  # what answers a question about a unit, as its remedy says
HUNDREDTH = Decimal("0.01")
HALF_MORE = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Culprit:
    """Amounts that are meant times ten to the `power`, and why. `certain`: as filed they contradict something.

    `about_all`: the 收支 itself is judged, by the staff or by its size.
    """

    entries: tuple[Entry, ...]
    power: int
    grounds: str
    certain: bool
    about_all: bool = False

    @property
    def powers(self) -> dict[CellRef, int]:
        """For each cell its power of ten."""
        return {entry.cell.ref: self.power for entry in self.entries}


def is_answered(culprit: Culprit) -> bool:
    """Whether every row of a question says that its unit is right. A contradiction cannot be answered."""
    return (
        not culprit.certain
        and not culprit.about_all
        and all(UNIT_IS_RIGHT in (entry.note.value or "") for entry in culprit.entries)
    )


def known(found: Iterable[Culprit | None]) -> list[Culprit]:
    """Those that are some."""
    return [culprit for culprit in found if culprit is not None]


def middle(cells: Iterable[Amount]) -> Decimal:
    """The middle one of the amounts above 0; 0 where there is none."""
    values = sorted(cell.value for cell in cells if cell.value and cell.value > 0)
    return values[len(values) // 2] if values else Decimal(0)


def family_values(family: Family) -> list[Decimal]:
    """The amounts above 0 of a family, those judged elsewhere included."""
    cells = (*(entry.cell for entry in family.entries), *family.beside)
    return [cell.value for cell in cells if cell.value and cell.value > 0]


def spread(values: list[Decimal]) -> Decimal:
    """How many times the smallest the largest is."""
    return max(values) / min(values)


def apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the one the other is, whichever is larger."""
    return max(one, other) / min(one, other)


def times(power: int) -> str:
    """1 → “10 ”, 4 → “1 万”"""
    return f"{10 ** (power - SURE)} 万" if power >= SURE else f"{10**power} "
