"""Which filed value is where in the score workbook, and where each operand of a result is: in the result's own
row, or in 计算过程."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from perfeval.excel.write import Place, Sheet, Value, column_range
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.scorecard import Operand

DERIVATION_SHEET = "计算过程"
DERIVATION_HEAD = 2  # the header's row; results begin below it
FIRST_NUMBER = 5  # the column of a result's first operand in 计算过程
MOST_ADDENDS = 30  # nobody reads a longer sum
NOTHING: Mapping[str, str] = MappingProxyType({})
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def missing(cell: Cell[Any]) -> str:
    """What is printed where a cell has no value: never a blank, never 0."""
    return f"读不出：{cell.raw}" if cell.state is State.UNREADABLE and cell.raw else "未填"


def as_filed(cell: Cell[Any]) -> Value:
    """A filed cell's value, or that it is missing."""
    value: Value = cell.value if cell.is_read else missing(cell)
    return value


_Shown = tuple[str, int, int, Decimal | None]  # a place of this workbook, and the number that is there


class Shown:
    """The places of filed cells in this workbook: where a link jumps to, and which cell an operand may simply point
    at."""

    def __init__(self) -> None:
        self._cells: dict[CellRef, _Shown] = {}
        self._rows: dict[tuple[str, int], _Shown] = {}  # what is shown of each filed row; made when it is asked for

    def record(self, ref: CellRef, sheet: str, row: int, column: int, value: Decimal | None = None) -> None:
        """Notes that the filed cell `ref` is at a place of this workbook; `value` is the number written there. The
        first place reported counts."""
        self._cells.setdefault(ref, (sheet, row, column, value))
        self._rows = {}

    def record_all(self, refs: Iterable[CellRef], sheet: str, row: int, column: int) -> None:
        """Notes that several filed cells are, in one number, at a place of this workbook."""
        place = sheet, row, column, None
        for ref in refs:
            self._cells.setdefault(ref, place)
        self._rows = {}

    def put(self, sheet: Sheet, row: int, column: int, cell: Cell[Any], look: str, **layout: Any) -> None:
        """Writes a filed cell's value, or says that it is missing, and records the place."""
        value = as_filed(cell)
        sheet.put(row, column, value, look, **layout)
        self.record(cell.ref, sheet.name, row, column, value if isinstance(value, Decimal) else None)

    def nearest(self, ref: CellRef | None) -> Place | None:
        """Where a filed cell is shown, or at least something of its row."""
        if ref is None:
            return None
        place = self._cells.get(ref) or self._by_row().get((ref.sheet, ref.row))
        return Place(*place[:3]) if place else None

    def _by_row(self) -> dict[tuple[str, int], _Shown]:
        if not self._rows:
            for ref, place in self._cells.items():
                self._rows.setdefault((ref.sheet, ref.row), place)
        return self._rows

    def beside(self, operand: Operand, result: Place) -> str | None:
        """The address of the operand's number where it is in the row of its result; else None."""
        place = self._number(operand)
        return place.cell if place and (place.sheet, place.row) == (result.sheet, result.row) else None

    def _number(self, operand: Operand) -> Place | None:
        """Where the one cell an operand was read from is with its number."""
        place = self._cells.get(operand.cells[0]) if len(operand.cells) == 1 else None
        return Place(*place[:3]) if place and place[3] is not None and place[3] == operand.value else None

    def formula(self, operand: Operand) -> str | None:
        """A formula that comes to the operand's value from cells shown elsewhere: a cell, or the sum of a filed column;
        None where there is none."""
        if len(operand.cells) == 1:  # most operands
            place = self._number(operand)
            return place.reference if place else None
        shown = [shown_at for ref in operand.cells if (shown_at := self._cells.get(ref)) and shown_at[3] is not None]
        if len({(ref.sheet, ref.column) for ref in operand.cells}) != 1 or len(shown) < len(operand.cells):
            return None
        if sum(value for *_, value in shown if value is not None) != operand.value:
            return None
        return sum_of(Place(*shown_at[:3]) for shown_at in shown)


def sum_of(places: Iterable[Place]) -> str | None:
    """The sum of cells as a formula, neighbours in a column as a range; None where it would be too long to read."""
    columns: dict[tuple[str, int], list[int]] = {}
    for sheet, row, column in places:
        columns.setdefault((sheet, column), []).append(row)
    ranges = [
        f"{sheet}!{column_range(column, run[0], run[-1])}"
        for (sheet, column), rows in columns.items()
        for run in _runs(sorted(rows))
    ]
    return f"SUM({','.join(ranges)})" if len(ranges) <= MOST_ADDENDS else None


class Result(NamedTuple):
    """A score or rate of this workbook, as 计算过程 names it: whose, which, where it is, what it comes to."""

    owner: str
    code: str
    name: str
    place: Place
    value: Decimal | str
    look: str
    explanation: str = ""


class Derivation(NamedTuple):
    """How a result is made, for its row of 计算过程: of operands that are in the result's own row, and of numbers that
    are in 计算过程.

    `formulas` gives the source of some numbers by key.
    """

    result: Result
    beside: Sequence[Operand]
    numbers: Sequence[Operand]
    formulas: Mapping[str, str]


@dataclass
class Trace:
    """Hands out the rows and cells of 计算过程 before that sheet is written."""

    shown: Shown
    derivations: list[Derivation] = field(default_factory=list)

    def add(
        self,
        result: Result,
        operands: Iterable[Operand],
        beside: Mapping[str, str] = NOTHING,
        formulas: Mapping[str, str] = NOTHING,
    ) -> dict[str, str]:
        """By key where each operand's value is, as the result's formula names it: in its own row (`beside` says
        some), else in 计算过程."""
        row = DERIVATION_HEAD + 1 + len(self.derivations)
        references: dict[str, str] = {}
        near: list[Operand] = []
        numbers: list[Operand] = []
        for operand in operands:
            own = beside.get(operand.key) or self.shown.beside(operand, result.place)
            references[operand.key] = own or Place(DERIVATION_SHEET, row, FIRST_NUMBER + len(numbers)).reference
            (near if own else numbers).append(operand)
        if references or result.explanation:
            self.derivations.append(Derivation(result, near, numbers, formulas))
        return references


def substitute(formula: str, references: Mapping[str, str]) -> str:
    """A score's formula with each key in braces replaced by its operand's cell. Raises KeyError for a key that is no
    operand."""
    texts, keys = _taken_apart(formula)
    return texts[0] + "".join(f"{references[key]}{text}" for key, text in zip(keys, texts[1:], strict=True))


@lru_cache(maxsize=1024)  # indicators of one kind share their formula
def _taken_apart(formula: str) -> tuple[list[str], list[str]]:
    """The texts around the keys, and the keys."""
    parts = PLACEHOLDER.split(formula)
    return parts[::2], parts[1::2]


def cells_text(refs: Sequence[CellRef]) -> str:
    """收支!D9、项目!J5:J23 — the cells of a column together, neighbours as a range."""
    if len(refs) == 1:
        return str(refs[0])
    columns: dict[tuple[str, int], list[int]] = {}
    for ref in refs:
        columns.setdefault((ref.sheet, ref.column), []).append(ref.row)
    return "、".join(
        _run(sheet, column, run) for (sheet, column), rows in columns.items() for run in _runs(sorted(set(rows)))
    )


def _runs(rows: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _run(sheet: str, column: int, rows: list[int]) -> str:
    first, last = CellRef(sheet, rows[0], column), CellRef(sheet, rows[-1], column)
    return str(first) if first == last else f"{first}:{last.address}"
