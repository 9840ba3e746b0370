"""A foreign table as it stands: texts and numbers by row and column, merged cells known as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from perfeval.model.cells import CellRef
from perfeval.model.numbers import show_number

TYPED_DIGITS = 12  # a number saved with more is the result of binary arithmetic
KEPT_DIGITS, SMALL = 4, 1000  # no amount loses anything that somebody typed
TINY = Decimal("2e-6")  # relative: what single precision adds to a number somebody typed


class GridCell(NamedTuple):
    """A cell as it is seen. `number` is None for words; `is_percent`: shown in per cent by its format; `is_fault`: an
    error, or a formula that was never calculated."""

    text: str
    number: Decimal | None = None
    is_percent: bool = False
    is_fault: bool = False


class Area(NamedTuple):
    """A merged range, ends included."""

    top: int
    left: int
    bottom: int
    right: int


BLANK = GridCell("")


@dataclass(frozen=True)
class Grid:
    """A sheet, or all of a .docx: rows and columns count from 1. `places` names cells where an address does not (a
    .docx); `knows_formats`: whether a number's per cent would be known."""

    name: str
    cells: Mapping[tuple[int, int], GridCell]
    areas: Sequence[Area] = ()
    places: Mapping[tuple[int, int], str] = field(default_factory=dict)
    knows_formats: bool = True

    @cached_property
    def height(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def width(self) -> int:
        """The last column that holds anything."""
        return max(
            max((column for _, column in self.cells), default=0), max((area.right for area in self.areas), default=0)
        )

    @cached_property
    def _area_of(self) -> dict[tuple[int, int], Area]:
        last = self.height  # a merge may reach far below
        return {
            (row, column): area
            for area in self.areas
            for row in range(area.top, min(area.bottom, last) + 1)
            for column in range(area.left, area.right + 1)
        }

    @cached_property
    def _rows(self) -> dict[int, list[int]]:
        rows: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, []).append(column)
        return rows

    def area(self, row: int, column: int) -> Area:
        """The range a cell belongs to: its merge, or itself."""
        return self._area_of.get((row, column), Area(row, column, row, column))

    def own(self, row: int, column: int) -> GridCell:
        """What is saved in the cell itself."""
        return self.cells.get((row, column), BLANK)

    def at(self, row: int, column: int) -> GridCell:
        """What the cell shows: that of its merged range."""
        area = self.area(row, column)
        return self.own(area.top, area.left)

    def text(self, row: int, column: int) -> str:
        """The text the cell shows."""
        return self.at(row, column).text

    def filled(self, row: int) -> Iterator[tuple[int, GridCell]]:
        """The cells of a row that hold something of their own, by column."""
        for column in self._rows.get(row, ()):
            yield column, self.cells[row, column]

    def between(self, row: int, first: int, last: int) -> tuple[GridCell, int]:
        """What stands in some columns of a row, and in which: usually one cell, several are joined."""
        found: dict[tuple[int, int], tuple[GridCell, int]] = {}
        for column in range(first, last + 1):
            area = self.area(row, column)
            cell = self.own(area.top, area.left)
            if cell.text or cell.is_fault:
                found.setdefault((area.top, area.left), (cell, column))
        cells = list(found.values())
        if len(cells) <= 1:
            return cells[0] if cells else (BLANK, first)
        return GridCell("".join(cell.text for cell, _ in cells)), cells[0][1]

    def right_edge(self, row: int) -> int:
        """The last column of a row's cells, blank ones too; 0 where only those that hold something are known."""
        return max((self.area(*at).right for at in self.places if at[0] == row), default=0)

    def place(self, row: int, column: int) -> str:
        """Where a cell is, for people: 自评表!D7, or 表 1 第 3 行第 2 格."""
        area = self.area(row, column)
        anchor = (area.top, area.left)
        return self.places.get(anchor) or f"{self.name}!{CellRef(self.name, *anchor).address}"


def undebris(number: Decimal) -> Decimal:
    """A number without what binary arithmetic left behind: 0.0900000762939453 → 0.09."""
    if len(number.as_tuple().digits) <= TYPED_DIGITS or abs(number) >= SMALL:
        return number
    short = round(number, KEPT_DIGITS - 1 - number.adjusted())
    return Decimal(show_number(short)) if abs(short - number) <= abs(number) * TINY else number
