"""The labelled sheets: one field a row (LABELS), or labelled rows × columns (GRID), as typed cells."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from perfeval.excel.read import RawSheet
from perfeval.filing.convert import NOTHING_BESIDE, Beside, convert, empty
from perfeval.filing.headers import Found
from perfeval.filing.rows import JOINT
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import Field, GridRow, Kind, Need, Sheet
from perfeval.model.money_units import WAN


@dataclass(frozen=True, slots=True)
class Labelled:
    """row key → column key → cell (LABELS: field key → {"value": cell}), and what is to be reported."""

    cells: dict[str, dict[str, Cell[Any]]]
    findings: tuple[Finding, ...]


def read_labels(
    raw: RawSheet | None, sheet: Sheet, found: Found | None, only: Container[str] | None = None
) -> Labelled:
    """One cell for each field, or for those of some keys: the cell right of its label. All ABSENT without a sheet."""
    cells: dict[str, dict[str, Cell[Any]]] = {}
    findings: list[Finding] = []
    for field in sheet.fields:
        if only is not None and field.key not in only:
            continue
        if raw is None or found is None or field.key not in found.rows:
            cells[field.key] = {"value": _absent(sheet, field.label)}
            continue
        cell, reported = read_beside(raw, found.rows[field.key], found.columns["label"] + 1, field, field.label)
        findings += reported
        cells[field.key] = {"value": cell}
    return Labelled(cells, tuple(findings))


def read_grid(raw: RawSheet | None, sheet: Sheet, found: Found | None, money_unit: str = WAN) -> Labelled:
    """Every labelled row × every column; a cell the form does not use is BLANK. Amounts are there in `money_unit`."""
    cells: dict[str, dict[str, Cell[Any]]] = {}
    findings: list[Finding] = []
    for row in sheet.rows:
        cells[row.key] = {}
        for field in sheet.fields:
            own = _own_field(field, row)
            if raw is None or found is None or field.key not in found.columns or row.key not in found.rows:
                cells[row.key][field.key] = _absent(sheet, _label(row, field))
            elif row.used and field.key not in row.used and field.kind is not Kind.LONG_TEXT:
                place = CellRef(raw.name, found.rows[row.key], found.columns[field.key])
                cells[row.key][field.key] = Cell(place, _label(row, field))
            else:
                cells[row.key][field.key], reported = read_beside(
                    raw,
                    found.rows[row.key],
                    found.columns[field.key],
                    own,
                    _label(row, field),
                    Beside(money_unit=money_unit),
                )
                findings += reported
    return Labelled(cells, tuple(findings))


def _label(row: GridRow, field: Field) -> str:
    return f"{row.label} {field.label}"


def _own_field(field: Field, row: GridRow) -> Field:
    """A row may hold another kind of value than its column: 次数 among amounts."""
    return replace(field, kind=row.kind) if row.kind is not None and field.kind is not Kind.LONG_TEXT else field


def _absent(sheet: Sheet, label: str) -> Cell[Any]:
    return Cell(CellRef(sheet.name, 1, 1), label, "", None, State.ABSENT)


def read_beside(
    raw: RawSheet, row: int, column: int, field: Field, label: str, beside: Beside = NOTHING_BESIDE
) -> tuple[Cell[Any], tuple[Finding, ...]]:
    """The typed cell of a labelled row, under whatever merged range it lies."""
    source = raw.cell(row, column)
    merge = raw.merge_at(row, column)
    if merge is not None and (merge.top, merge.left) != (row, column):
        place: Cell[Any] = Cell(source.ref, label, source.text)
        top = raw.cell(merge.top, merge.left)
        if not source.is_blank:
            return place._replace(state=State.UNREADABLE), (
                make("CELL_016", place, shown=top.text or "空白", range=merge.address),
            )
        if field.kind in JOINT and (field.need is not Need.OPTIONAL or (merge.left == column and not top.is_blank)):
            return place._replace(state=State.UNREADABLE), (
                make("CELL_021", place, shown=top.text or "空白", range=merge.address),
            )
    cell, findings = convert(source, field, label, beside)
    if cell.is_blank and field.need is Need.REQUIRED:
        return cell, (*findings, empty(cell, field))
    return cell, findings
