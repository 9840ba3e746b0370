"""Which filed value stands where in the score workbook, and in which cell of 计算过程 each operand will stand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from perfeval.documents.workbook import Place, Sheet, Value, address
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.scorecard import Operand

DERIVATION_SHEET = "计算过程"
DERIVATION_HEAD = 2  # the header's row; operands begin below it
OPERAND_COLUMN = 6
MOST_ADDENDS = 30  # nobody reads a longer sum
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def missing(cell: Cell[Any]) -> str:
    """What is printed where a cell has no value: never a blank, never 0."""
    return f"读不出：{cell.raw}" if cell.state is State.UNREADABLE and cell.raw else "未填"


def as_filed(cell: Cell[Any]) -> Value:
    """A filed cell's value, or that it is missing."""
    value: Value = cell.value if cell.is_read else missing(cell)
    return value


_Told = tuple[str, int, int, Decimal | None]  # a place of this workbook, and the number that stands there


class Shown:
    """The places of filed cells in this workbook: where a link jumps to, and which cell an operand may simply point at."""

    def __init__(self) -> None:
        self._cells: dict[CellRef, _Told] = {}

    def record(self, ref: CellRef, sheet: str, row: int, column: int, value: Decimal | None = None) -> None:
        """Tells that the filed cell `ref` stands at a place of this workbook; `value` is the number written there. The first place told counts."""
        self._cells.setdefault(ref, (sheet, row, column, value))

    def record_all(self, refs: Iterable[CellRef], sheet: str, row: int, column: int) -> None:
        """Tells that several filed cells stand, in one number, at a place of this workbook."""
        told = sheet, row, column, None
        for ref in refs:
            self._cells.setdefault(ref, told)

    def put(self, sheet: Sheet, row: int, column: int, cell: Cell[Any], look: str, **layout: Any) -> None:
        """Writes a filed cell's value, or says that it is missing, and records the place."""
        value = as_filed(cell)
        sheet.put(row, column, value, look, **layout)
        self.record(cell.ref, sheet.name, row, column, value if isinstance(value, Decimal) else None)

    def nearest(self, ref: CellRef | None) -> Place | None:
        """Where a filed cell is shown, or at least something of its row."""
        if ref is None:
            return None
        told = self._cells.get(ref) or self._by_row.get((ref.sheet, ref.row))
        return Place(*told[:3]) if told else None

    @cached_property
    def _by_row(self) -> dict[tuple[str, int], _Told]:
        """What is shown of each filed row; asked for when all has been told."""
        rows: dict[tuple[str, int], _Told] = {}
        for ref, told in self._cells.items():
            rows.setdefault((ref.sheet, ref.row), told)
        return rows

    def formula(self, operand: Operand) -> str | None:
        """A formula that comes to the operand's value from cells shown elsewhere: a cell or a sum of cells; None where there is none."""
        if len(operand.cells) == 1:  # most operands
            told = self._cells.get(operand.cells[0])
            return f"{told[0]}!{address(told[1], told[2])}" if told and told[3] is not None and told[3] == operand.value else None
        shown = [told for ref in operand.cells if (told := self._cells.get(ref)) and told[3] is not None]
        if not 1 < len(shown) <= MOST_ADDENDS or len(shown) < len(operand.cells):
            return None
        if sum(value for *_, value in shown if value is not None) != operand.value:
            return None
        return f"SUM({','.join(f'{sheet}!{address(row, column)}' for sheet, row, column, _ in shown)})"


class Result(NamedTuple):
    """A score or rate of this workbook, as 计算过程 names it: whose, which, where it stands, what it comes to."""

    owner: str
    code: str
    name: str
    place: Place
    value: Decimal | str
    look: str
    explanation: str = ""


class Derivation(NamedTuple):
    """How a result is made, for 计算过程. `formulas` gives the source of some operands by key."""

    result: Result
    operands: tuple[Operand, ...]
    first_row: int
    formulas: Mapping[str, str]


@dataclass
class Trace:
    """Hands out the cells of 计算过程 before that sheet is written."""

    derivations: list[Derivation] = field(default_factory=list)
    next_row: int = DERIVATION_HEAD + 1

    def add(self, result: Result, operands: tuple[Operand, ...], formulas: Mapping[str, str] | None = None) -> dict[str, str]:
        """By key a reference to the cell where each operand's value will stand."""
        self.derivations.append(Derivation(result, operands, self.next_row, formulas or {}))
        references = {o.key: f"{DERIVATION_SHEET}!{address(row, OPERAND_COLUMN)}" for row, o in enumerate(operands, start=self.next_row)}
        self.next_row += len(operands)
        return references


def substitute(formula: str, references: Mapping[str, str]) -> str:
    """A score's formula with each key in braces replaced by its operand's cell. Raises KeyError for a key that is no operand."""
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
    return "、".join(_run(sheet, column, run) for (sheet, column), rows in columns.items() for run in _runs(sorted(set(rows))))


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
