"""What a live check is made of: a cell, the verdict, a balance, a sum.

Each check states itself twice, as a spreadsheet formula and as the value that formula has for what is filled in, so
that the workbook shows the same before and after it is calculated. Printed figures are rounded, so a sum of n figures
may differ by 0.005·(n+1), as in the program's own checks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.numbers import half_up, total

AGREES, DIFFERS = "相符", "相差"
HALF_CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class CheckCell:
    """A cell of a check column: words, or a formula with the value it has now (None = shows nothing)."""

    row: int
    column: int
    content: str
    value: Decimal | str | None = None

    @property
    def is_formula(self) -> bool:
        """Whether it is calculated."""
        return self.content.startswith("=")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the cell it is in."""

    reference: str
    value: Decimal | None


def verdict(difference: Decimal, tolerance: Decimal) -> str:
    """相符, or 相差 with the amount."""
    return AGREES if abs(difference) <= tolerance else f"{DIFFERS} {half_up(abs(difference))}"


def verdict_formula(difference: str, tolerance: str) -> str:
    """The same in a formula, without the leading =."""
    return f'IF(ABS(ROUND({difference},6))<={tolerance},"{AGREES}","{DIFFERS} "&TEXT(ABS({difference}),"0.00"))'


def balance(
    stated: Figure, plus: Sequence[Figure], minus: Sequence[Figure] = (), *, tolerance: Decimal | None = None
) -> tuple[str, str | None]:
    """Formula and value of: the stated figure against a sum. Shows nothing until every figure is there."""
    figures = [stated, *plus, *minus]
    tolerance = HALF_CENT * len(figures) if tolerance is None else tolerance
    sums = "-".join([f"({'+'.join(f.reference for f in plus)})", *(f.reference for f in minus)])
    references = ",".join(f.reference for f in figures)
    formula = (
        f'=IF(COUNT({references})<{len(figures)},"",{verdict_formula(f"{stated.reference}-({sums})", str(tolerance))})'
    )
    if any(f.value is None for f in figures):
        return formula, None
    known = [[f.value for f in group if f.value is not None] for group in ([stated], plus, minus)]
    return formula, verdict(total(known[0]) - total(known[1]) + total(known[2]), tolerance)


def sum_cells(
    row: int, first: int, label: str, cells: str, addends: Sequence[Decimal], expected: Decimal | None
) -> Iterable[CheckCell]:
    """One line of a sum table: what, the sum, what it should be, whether it is."""
    yield CheckCell(row, first, label)
    yield CheckCell(row, first + 1, f'=IF(COUNT({cells})=0,"",SUM({cells}))', total(addends) if addends else None)
    if expected is not None:
        yield CheckCell(row, first + 2, f'=IF(COUNT({cells})=0,"",{expected})', expected if addends else None)
        difference = verdict_formula(f"SUM({cells})-{expected}", str(HALF_CENT))
        yield CheckCell(
            row,
            first + 3,
            f'=IF(COUNT({cells})=0,"",{difference})',
            verdict(total(addends) - expected, HALF_CENT) if addends else None,
        )
