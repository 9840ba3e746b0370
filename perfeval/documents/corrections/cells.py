"""Two versions of a workbook cell by cell, as an official sees them: what was there, what is there now.

A row or column that was put in or taken out shifts the others: rows are compared with the rows they were, by their
contents, columns by their headers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.documents.corrections.align import Line, aligned
from perfeval.excel.read import Fault, RawSheet, RawWorkbook
from perfeval.filing.headers import closest, find, tidy
from perfeval.filing.sheets import OWN_SHEETS
from perfeval.model.cells import CellRef
from perfeval.model.form import FORM, RULE_SHEETS

NO_RESULT = "（公式没有算出结果）"
SHEETS = {sheet.name: sheet for sheet in (*FORM, *RULE_SHEETS)}
PROGRAMS_OWN = re.compile(r"[\s'$]|_xl(fn|ws)\.|^=")  # what one program writes in a formula and another does not
Places = Mapping[int, int | None]  # old → new; None where it is gone


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that shows something else than before. `old` is None in a row or column that was put in, `new` in one that
    was taken out."""

    old: CellRef | None
    new: CellRef | None
    before: str
    after: str
    by_formula: bool = False  # the new content is a formula's result
    follows: bool = False  # of the same formula as before: nobody touched it, other cells changed

    @property
    def place(self) -> CellRef:
        """Where it is now, or was."""
        ref = self.new or self.old
        assert ref is not None
        return ref


@dataclass(frozen=True, slots=True)
class _Shift:
    """What became of a sheet: its name now, its rows and columns. Blank rows are in no map; they move with the row
    above."""

    name: str
    rows: Places
    columns: Places

    def row(self, row: int) -> int | None:
        """Where an old row is now; None where it was taken out."""
        if row in self.rows:
            return self.rows[row]
        above = max((old for old, new in self.rows.items() if old < row and new is not None), default=0)
        return row + (self.rows[above] or 0) - above if above else row

    def column(self, column: int) -> int | None:
        """Where an old column is now; None where it was taken out."""
        return self.columns.get(column, column)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every changed cell, sheet by sheet; `added` and `lost` are the sheets that only the new or the old workbook
    has."""

    changes: tuple[Changed, ...]
    added: frozenset[str]
    lost: frozenset[str]
    shifts: Mapping[str, _Shift]
    old: Mapping[str, RawSheet]

    def text(self, ref: CellRef) -> str:
        """What an old cell showed."""
        sheet = self.old.get(ref.sheet)
        return _text(sheet, ref.row, ref.column) if sheet else ""

    def moved(self, ref: CellRef) -> CellRef | None:
        """Where an old cell is now; None where its row or column was taken out. A cell of a sheet that was not
        there stays where it is."""
        shift = self.shifts.get(ref.sheet)
        if shift is None:
            return ref
        row, column = shift.row(ref.row), shift.column(ref.column)
        return None if row is None or column is None else CellRef(shift.name, row, column)

    def at(self, ref: CellRef) -> Changed | None:
        """What became of an old cell; None where it shows the same."""
        now = self.moved(ref)
        return next((c for c in self.changes if c.old == ref or (c.old is None and c.new == now)), None)

    def taken_out(self, ref: CellRef) -> tuple[Changed, ...]:
        """What was in an old row or column that is gone, where `ref` lies in it."""
        return tuple(
            c for c in self.changes if c.old and not c.new and c.old.sheet == ref.sheet and c.old.row == ref.row
        )

    def beside(self, ref: CellRef) -> tuple[Changed, ...]:
        """What changed in an old cell's row, except for the cell itself."""
        now = self.moved(ref)
        if now is None:
            return ()
        return tuple(
            c
            for c in self.changes
            if c.new and c.old != ref and c.new != now and (c.new.sheet, c.new.row) == (now.sheet, now.row)
        )


def compare(old: RawWorkbook, new: RawWorkbook) -> Comparison:
    """Compares all sheets but perfeval's own. A sheet that was renamed is compared under both its names."""
    earlier = {name: sheet for name, sheet in old.sheets.items() if name not in OWN_SHEETS}
    later = {name: sheet for name, sheet in new.sheets.items() if name not in OWN_SHEETS}
    names = _renamed(earlier, later) | {name: name for name in earlier if name in later}
    changes: list[Changed] = []
    shifts = {}
    for name, sheet in earlier.items():
        if name in names:
            shift = _shift(sheet, later[names[name]])
            shifts[sheet.name] = shift
            changes += _changes(sheet, later[names[name]], shift)
        else:
            changes += [Changed(ref, None, text, "") for ref, text in _filled(sheet)]
    added = [name for name in later if name not in names.values()]
    for name in added:
        changes += [Changed(None, ref, "", text, _is_formula(later[name], ref)) for ref, text in _filled(later[name])]
    lost = (sheet.name for name, sheet in earlier.items() if name not in names)
    return Comparison(
        tuple(changes),
        frozenset(later[name].name for name in added),
        frozenset(lost),
        shifts,
        {s.name: s for s in earlier.values()},
    )


def _renamed(earlier: Mapping[str, RawSheet], later: Mapping[str, RawSheet]) -> dict[str, str]:
    """Old → new name of the sheets that are there under one name before and another, alike, now."""
    free = [name for name in later if name not in earlier]
    names = {}
    for name in earlier:
        alike = closest(name, free) if name not in later else None
        if alike:
            names[name] = alike
            free.remove(alike)
    return names


def _shift(old: RawSheet, new: RawSheet) -> _Shift:
    columns = _columns(old, new)
    pairs = [(a, b) for a, b in columns.items() if b is not None]
    old_rows = _lines(old, [a for a, _ in pairs])
    new_rows = _lines(new, [b for _, b in pairs])
    before, after = list(old_rows), list(new_rows)
    rows: dict[int, int | None] = {}
    for i, j in aligned(list(old_rows.values()), list(new_rows.values())):
        if i is not None:
            rows[before[i]] = None if j is None else after[j]
    return _Shift(new.name, rows, columns)


def _columns(old: RawSheet, new: RawSheet) -> dict[int, int | None]:
    """Old → new column by their headers; by their place where one of the sheets has no header row of the form's."""
    width = max(old.width, new.width)
    heads = [_head(sheet) for sheet in (old, new)]
    if heads[0] is None or heads[1] is None:
        return {column: column for column in range(1, width + 1)}
    first, second = (
        [(tidy(sheet.cell(row, c).text),) for c in range(1, width + 1)]
        for sheet, row in ((old, heads[0]), (new, heads[1]))
    )
    return {i + 1: None if j is None else j + 1 for i, j in aligned(first, second) if i is not None}


def _head(sheet: RawSheet) -> int | None:
    declared = SHEETS.get(sheet.name.strip())
    found = find(sheet, declared)[0] if declared and declared.fields else None
    return found.header_row if found else None


def _lines(sheet: RawSheet, columns: Sequence[int]) -> dict[int, Line]:
    """The rows that hold something in these columns."""
    lines = {row: tuple(_text(sheet, row, column) for column in columns) for row in range(1, sheet.height + 1)}
    return {row: line for row, line in lines.items() if any(line)}


def _text(sheet: RawSheet, row: int, column: int) -> str:
    cell = sheet.filled(row, column)
    if cell is None:
        return ""
    return NO_RESULT if cell.fault is Fault.NEVER_CALCULATED else cell.text


def _changes(old: RawSheet, new: RawSheet, shift: _Shift) -> Iterator[Changed]:
    """In the order of the new sheet; rows that are gone are where they were."""
    sources = {row: before for before, row in shift.rows.items() if row is not None}
    columns = {column: before for before, column in shift.columns.items() if column is not None}
    for row in range(1, new.height + 1):
        for column in range(1, new.width + 1):
            source = CellRef(old.name, sources[row], columns[column]) if row in sources and column in columns else None
            before = _text(old, source.row, source.column) if source else ""
            after = _text(new, row, column)
            if before != after:
                ref = CellRef(new.name, row, column)
                follows = source is not None and _is_same(_formula(old, source), _formula(new, ref))
                yield Changed(source, ref, before, after, _is_formula(new, ref), follows)
    for ref, text in _filled(old):
        if shift.row(ref.row) is None or shift.column(ref.column) is None:
            yield Changed(ref, None, text, "")


def _filled(sheet: RawSheet) -> Iterator[tuple[CellRef, str]]:
    for row in range(1, sheet.height + 1):
        for column in range(1, sheet.width + 1):
            if text := _text(sheet, row, column):
                yield CellRef(sheet.name, row, column), text


def _is_same(before: str | None, after: str | None) -> bool:
    """Whether nobody touched a formula: another program may have written it in other spaces, quotes and cases, or as
    one that several cells share, whose followers have no text of their own ('')."""
    if before is None or after is None:
        return False
    return not before or not after or _plain(before) == _plain(after)


def _plain(formula: str) -> str:
    return PROGRAMS_OWN.sub("", formula).upper()


def _is_formula(sheet: RawSheet, ref: CellRef) -> bool:
    return _formula(sheet, ref) is not None


def _formula(sheet: RawSheet, ref: CellRef) -> str | None:
    return sheet.facts.formulas.get((ref.row, ref.column))
