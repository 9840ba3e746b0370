"""Where a value is in the filed workbook, and the value with its place."""

from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T", covariant=True)  # a Cell[Decimal] may be where any cell may


@cache
def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class CellRef(NamedTuple):  # like Cell made by the ten thousand, which a NamedTuple takes a third of the time for
    """A cell of the filed workbook; row and column count from 1."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """`I9`"""
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


def ranges(refs: Iterable[CellRef]) -> str:
    """Cells of one sheet as a sentence names them; those below each other are one range: A29:A40、C3."""
    named: list[list[CellRef]] = []
    for ref in sorted(set(refs), key=lambda r: (r.column, r.row)):
        last = named[-1][-1] if named else None
        if last is not None and (last.column, last.row + 1) == (ref.column, ref.row):
            named[-1].append(ref)
        else:
            named.append([ref])
    return "、".join(run[0].address + (f":{run[-1].address}" if len(run) > 1 else "") for run in named)


class State(Enum):
    """What became of a cell on its way in. A missing value is never 0: only READ carries a value."""

    READ = "read"
    BLANK = "blank"  # nothing there, or a placeholder such as “—”
    UNREADABLE = "unreadable"  # something is there; the reader has raised its finding
    ABSENT = "absent"  # the sheet, row or column is not in the workbook; the reader has raised its finding


READ, BLANK, UNREADABLE, ABSENT = State  # asked for with every cell, and Python 3.11 is slow to find State.READ


class Cell(NamedTuple, Generic[T]):
    """A value and the place it came from.

    `label` is the form's column header or row label (for a grid: “行 列”, as in 支出合计 决算数); `raw` the text as the
    official sees it, outer spaces removed; `value` is None unless `state` is READ. `flaw` is why words that are there
    count for nothing (同上 as a reason): such a cell is BLANK. `by_format`: the number was converted from a unit that its
    format shows, and would be again if another one were typed.
    """

    ref: CellRef
    label: str
    raw: str = ""
    value: T | None = None
    state: State = BLANK
    flaw: str = ""
    by_format: bool = False

    @property
    def is_blank(self) -> bool:
        """The official left it empty: a check may ask for it. Unreadable and absent cells have been reported
        already."""
        return self.state is BLANK

    @property
    def is_read(self) -> bool:
        """It holds a value."""
        return self.state is READ
