"""The rows of a TABLE sheet as typed cells: blank rows left out, merged ranges filled down, shifted rows told once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.intake.convert import convert, empty
from perfeval.intake.form import INDICATORS, Field, Kind, Need, Sheet
from perfeval.intake.headers import Found
from perfeval.intake.indicator_row import RowContext, read_pair
from perfeval.intake.numbers_text import is_placeholder, number_of
from perfeval.intake.read import Fault, RawCell, RawSheet
from perfeval.model.cells import Cell, CellRef, State

PLACEHOLDER_NAME = re.compile(r"(指标|项目|任务|职能|内容)?\s*[0-9０-９一二三四五六七八九十]*\s*[:：]?\s*(……|…|\.{3,6}|/|-|—)?")
JOINT = frozenset(
    {Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.COUNT, Kind.RATE, Kind.READING}
)  # one number for several rows belongs to none of them
TYPED = frozenset(Kind) - {Kind.TEXT, Kind.LONG_TEXT}
WRONG_KIND = frozenset({"CELL_002", "CELL_003"})
Cells = dict[str, Cell[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Table:
    """The rows and what is to be told of them."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def read_table(raw: RawSheet, sheet: Sheet, found: Found, year: int | None) -> Table:
    """Every row below the header that holds something in a column of the form."""
    rows: list[Row] = []
    findings: list[Finding] = []
    for number in range(found.header_row + 1, raw.height + 1):
        cells = {f.key: raw.cell(number, found.columns[f.key]) for f in sheet.fields if f.key in found.columns}
        if all(cell.is_blank for cell in cells.values()):
            continue
        if _is_placeholder(cells, sheet):
            first = next(cell for cell in cells.values() if not cell.is_blank)
            findings.append(make("CELL_018", first.ref, found=first.text, label=sheet.fields[0].label))
            continue
        row, told = _read_row(number, raw, cells, sheet, year)
        rows.append(row)
        findings += told
    return Table(tuple(rows), (*findings, *_fill_notices(raw, sheet, found), *_required(rows, sheet, raw, found)))


def _is_placeholder(cells: Mapping[str, RawCell], sheet: Sheet) -> bool:
    """Left over from a template: the naming cell is 指标2： or ……, and no figure stands in the row."""
    named = cells.get("name") or next(iter(cells.values()))
    texts = [cell for key, cell in cells.items() if not cell.is_blank]
    if all(is_placeholder(cell.text) for cell in texts):
        return not (len(texts) == 1 and texts[0].ref.column == 1 and "number" in cells)
    if named.is_blank or "name" not in cells or PLACEHOLDER_NAME.fullmatch(named.text) is None or number_of(named.text) is not None:
        return False
    typed = [cells[f.key] for f in sheet.fields if f.kind in TYPED - {Kind.CHOICE} and f.key in cells]
    return all(cell.is_blank or is_placeholder(cell.text) for cell in typed)


def _read_row(number: int, raw: RawSheet, cells: dict[str, RawCell], sheet: Sheet, year: int | None) -> tuple[Row, list[Finding]]:
    typed: Cells = {}
    findings: list[Finding] = []
    filled: dict[str, RawCell] = {}
    for field in sheet.fields:
        if field.key not in cells:
            typed[field.key] = Cell(CellRef(raw.name, number, 1), field.label, "", None, State.ABSENT)
            continue
        filled[field.key], told = _under_merge(raw, cells[field.key], field)
        if told is not None:
            typed[field.key] = Cell(cells[field.key].ref, field.label, cells[field.key].text, None, State.UNREADABLE)
            findings.append(told)
    unit = filled["unit"].text if "unit" in filled else ""
    for field in sheet.fields:
        if field.key not in typed and field.kind is not Kind.READING:
            typed[field.key], more = convert(filled[field.key], field, field.label, unit=unit)
            findings += more
    if sheet is INDICATORS:
        findings += _read_readings(filled, typed, unit, year)
    shifted = _shifted(sheet, cells, findings)
    if shifted is not None:
        return Row(number, _unreadable(typed, sheet)), [shifted]
    ordered = {field.key: typed[field.key] for field in sheet.fields}
    return Row(number, ordered), findings


def _under_merge(raw: RawSheet, cell: RawCell, field: Field) -> tuple[RawCell, Finding | None]:
    """The cell as a merged range makes it: filled down with the words of its first row; a hidden value or a shared figure is an error."""
    merge = raw.merge_at(cell.ref.row, cell.ref.column) if raw.facts.merges else None
    if merge is None or (cell.ref.row, cell.ref.column) == (merge.top, merge.left):
        return cell, None
    top = raw.cell(merge.top, merge.left)
    place: Cell[Any] = Cell(cell.ref, field.label, cell.text)
    if not cell.is_blank:
        return cell, make("CELL_016", place, shown=top.text or "空白", range=merge.address)
    if merge.left != cell.ref.column or top.is_blank:
        return cell, None
    if field.kind in JOINT:
        return cell, make("CELL_021", place, shown=top.text, range=merge.address)
    return replace(top, ref=cell.ref), None


def _read_readings(filled: dict[str, RawCell], typed: Cells, unit: str, year: int | None) -> list[Finding]:
    """指标值 and 实际完成值 together; beside a cell that is not to be read, the other is read as if it were blank."""
    target, actual = (RawCell(typed[key].ref, None, "") if key in typed else filled[key] for key in ("target", "actual"))
    nature: Cell[str] = typed["nature"]
    context = RowContext(nature.value or "", "" if is_placeholder(unit) else unit, typed["name"].raw, year)
    pair = read_pair(target, actual, context)
    typed.setdefault("target", pair.target)
    typed.setdefault("actual", pair.actual)
    return list(pair.findings)


def _shifted(sheet: Sheet, cells: Mapping[str, RawCell], findings: list[Finding]) -> Finding | None:
    """A row whose cells stand one column off: two or more of the wrong kind, or a number where the unit belongs and another wrong beside it."""
    wrong = [f for f in findings if f.code in WRONG_KIND]
    unit = cells.get("unit")
    number_as_unit = unit is not None and not unit.is_blank and (not isinstance(unit.value, str) or number_of(unit.value) is not None)
    if unit is not None and number_as_unit:
        return make("CELL_013", unit.ref, found=unit.text, label=sheet.field("unit").label, belongs="计量单位", stands="数")
    if len(wrong) < 2:
        return None
    fields = [f for f in sheet.fields if f.key in cells]
    for step in (1, -1):
        if _fits(fields, cells, step) > _fits(fields, cells, 0) + 1:
            first = wrong[0]
            return make(
                "CELL_013", first.ref, found=first.found, label=first.label, belongs=first.expected or first.label, stands="别的内容"
            )
    return None


def _fits(fields: list[Field], cells: Mapping[str, RawCell], step: int) -> int:
    """How many typed cells read well when every cell is taken for the column `step` to its side."""
    good = 0
    for index, field in enumerate(fields):
        source = index + step
        if field.kind in TYPED - {Kind.READING} and 0 <= source < len(fields):
            raw = cells[fields[source].key]
            if not raw.is_blank and raw.fault is Fault.NONE:
                good += 1 if convert(raw, field, field.label)[0].is_read else -1
    return good


def _unreadable(typed: Cells, sheet: Sheet) -> Cells:
    """In a shifted row nothing but the words where words belong is kept; its blank cells are not asked for either."""
    kept = {f.key for f in sheet.fields if f.kind not in TYPED and f.key != "unit" and typed[f.key].is_read}
    return {f.key: typed[f.key] if f.key in kept else replace(typed[f.key], value=None, state=State.UNREADABLE) for f in sheet.fields}


def _fill_notices(raw: RawSheet, sheet: Sheet, found: Found) -> list[Finding]:
    fields = {found.columns[f.key]: f for f in sheet.fields if f.key in found.columns and f.kind not in JOINT}
    findings = []
    for merge in raw.facts.merges:
        if merge.top > found.header_row and merge.bottom > merge.top and merge.left in fields:
            top = raw.cell(merge.top, merge.left)
            if not top.is_blank and all(
                raw.cell(row, merge.left).is_blank for row in range(merge.top + 1, min(merge.bottom, raw.height) + 1)
            ):
                findings.append(make("CELL_017", top.ref, found=top.text, label=fields[merge.left].label, range=merge.address))
    return findings


def _required(rows: list[Row], sheet: Sheet, raw: RawSheet, found: Found) -> list[Finding]:
    """A blank required cell; a column blank from top to bottom is one finding."""
    findings = []
    for field in sheet.fields:
        if field.need is not Need.REQUIRED or field.key not in found.columns:
            continue
        blanks = [row.cells[field.key] for row in rows if row.cells[field.key].is_blank]
        if len(blanks) > 1 and len(blanks) == len(rows):
            findings.append(empty(blanks[0], field, related=tuple(cell.ref for cell in blanks[1:])))
        else:
            findings += [empty(cell, field) for cell in blanks]
    return findings
