"""What is in the cells of a score workbook, whoever saved it: read under guard, in a worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perfeval.excel.guard import Refused, read_file
from perfeval.excel.read import Fault, RawCell, RawSheet, Value, read_workbook
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import ONE, show_number
from perfeval.run.workers import Done, run_all


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula without a result, as a program leaves it that saves without calculating."""

    formula: str


Place = tuple[int, int]
Content = Value | Uncalculated
Cells = Mapping[Place, Content]
TINY = Decimal("1e-9")  # what binary arithmetic may add when another program saves the same number


@dataclass(frozen=True, slots=True)
class ReadBook:
    """The filled cells of each sheet by row and column (from 1), and the texts of its formulas; `refusal` says why
    there are none."""

    path: Path
    sheets: Mapping[str, Cells] = field(default_factory=dict)
    formulas: Mapping[str, Mapping[Place, str]] = field(default_factory=dict)
    refusal: Finding | None = None


def read_books(paths: list[Path], jobs: int) -> list[ReadBook]:
    """Each workbook's cells, in the order of `paths`."""
    return [_finished(done) for done in run_all(_read_one, paths, jobs)]


def _finished(done: Done[Path, ReadBook]) -> ReadBook:
    return done.result or ReadBook(done.task, refusal=make(done.code, None, found=done.task.name))


def _read_one(path: Path) -> ReadBook:
    try:
        sheets = read_workbook(read_file(path), path.name).sheets
    except Refused as refused:
        return ReadBook(path, refusal=refused.finding)
    return ReadBook(path, {n: _cells(s) for n, s in sheets.items()}, {n: s.facts.formulas for n, s in sheets.items()})


def _cells(sheet: RawSheet) -> dict[Place, Content]:
    cells = {(r, c): sheet.cell(r, c) for r in range(1, sheet.height + 1) for c in range(1, sheet.width + 1)}
    return {place: _content(sheet, place, cell) for place, cell in cells.items() if not cell.is_blank}


def _content(sheet: RawSheet, place: Place, cell: RawCell) -> Content:
    if cell.fault is Fault.NEVER_CALCULATED:
        return Uncalculated(sheet.facts.formulas.get(place, ""))
    return cell.value if cell.value is not None else cell.text


def same(first: Content, second: Content) -> bool:
    """Whether two cells say the same; None is a blank one."""
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return abs(first - second) <= TINY * max(ONE, abs(first))
    return first == second


def said(value: Content) -> str:
    """A cell's content as a message quotes it."""
    if value is None:
        return "空白"
    if isinstance(value, Uncalculated):
        return f"没有计算的公式 {value.formula}"
    return show_number(value) if isinstance(value, Decimal) else str(value)
