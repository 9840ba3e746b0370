"""The rows of a TABLE sheet: blank and placeholder rows left out, totals and notes reported, required cells asked for,
merged ranges reported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.excel.read import RawCell, RawSheet
from perfeval.filing.convert import empty
from perfeval.filing.headers import Found
from perfeval.filing.rows import JOINT, Row, read_row
from perfeval.filing.strays import Stray, adds_up, note_of, total_finding, total_of
from perfeval.filing.typed.numbers import is_placeholder, number_of
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.form import Need, Sheet
from perfeval.model.money_units import WAN

PLACEHOLDER_NAME = re.compile(
    r"(指标|项目|任务|职能|内容)?\s*[0-9０-９一二三四五六七八九十]*\s*[:：]?\s*(……|…|\.{3,6}|/|-|—)?"
)
NUMERAL_COLUMN = "number"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows and what is to be reported of them."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def read_table(raw: RawSheet, sheet: Sheet, found: Found, year: int | None, money_unit: str = WAN) -> Table:
    """Every row below the header that holds something in a column of the form. `year` completes dates without one,
    amounts are there in `money_unit`."""
    rows: list[Row] = []
    findings: dict[int, list[Finding]] = {}
    totals: list[Stray] = []
    columns = tuple(found.columns.items())
    for number in range(found.header_row + 1, raw.height + 1):
        cells = raw.filled_cells(number, columns)
        if not cells:
            continue
        if (stray := _placeholder(cells, sheet) or note_of(cells, sheet)) is not None:
            findings[number] = [stray]
        elif (total := total_of(number, cells, sheet)) is not None:
            totals.append(total)
        else:
            row, findings[number] = read_row(number, raw, cells, sheet, found, year, money_unit)
            rows.append(row)
    last = found.header_row
    for total in totals:
        agrees = adds_up(total, sheet, [row for row in rows if last < row.number < total.number], rows, money_unit)
        if total.is_sure or agrees:
            last, findings[total.number] = total.number, [total_finding(total, sheet, agrees)]
        else:
            row, findings[total.number] = read_row(total.number, raw, total.cells, sheet, found, year, money_unit)
            rows = sorted((*rows, row), key=lambda row: row.number)
    reported = [finding for number in sorted(findings) for finding in findings[number]]
    return Table(tuple(rows), (*reported, *_fill_notices(raw, sheet, found), *_required(rows, sheet, found)))


def _placeholder(cells: Mapping[str, RawCell], sheet: Sheet) -> Finding | None:
    """CELL_018: what a template left over."""
    if not _is_placeholder(cells, sheet):
        return None
    key, first = next(iter(cells.items()))
    what = cells.get("name", first).text
    return make("CELL_018", first.ref, found=first.text, label=sheet.field(key).label, what=what)


def _is_placeholder(cells: Mapping[str, RawCell], sheet: Sheet) -> bool:
    """Left over from a template: nothing but dashes and dots, or the name is 指标2： or …… and no figure is in the
    row."""
    if all(is_placeholder(cell.text) for cell in cells.values()):
        return set(cells) != {NUMERAL_COLUMN}
    name = cells.get("name")
    if name is None or PLACEHOLDER_NAME.fullmatch(name.text) is None or number_of(name.text) is not None:
        return False
    figures = [cells[f.key] for f in sheet.fields if f.kind in JOINT and f.key in cells]
    return all(is_placeholder(cell.text) for cell in figures)


def _fill_notices(raw: RawSheet, sheet: Sheet, found: Found) -> list[Finding]:
    """Each merged range whose words were taken for all its rows; where something else is hidden in it, that has been
    reported instead."""
    fields = {found.columns[f.key]: f for f in sheet.fields if f.key in found.columns and f.kind not in JOINT}
    findings = []
    for merge in raw.facts.merges:
        if merge.top <= found.header_row or merge.bottom == merge.top or merge.left not in fields:
            continue
        top = raw.cell(merge.top, merge.left)
        below = range(merge.top + 1, min(merge.bottom, raw.height) + 1)
        if not top.is_blank and all(raw.filled(row, merge.left) is None for row in below):
            findings.append(
                make("CELL_017", top.ref, found=top.text, label=fields[merge.left].label, range=merge.address)
            )
    return findings


def _required(rows: list[Row], sheet: Sheet, found: Found) -> list[Finding]:
    """A blank required cell; a column blank from top to bottom is one finding."""
    findings = []
    for field in sheet.fields:
        if field.need is not Need.REQUIRED or field.key not in found.columns:
            continue
        blanks: list[Cell[object]] = [row.cells[field.key] for row in rows if row.cells[field.key].is_blank]
        if len(blanks) > 1 and len(blanks) == len(rows):
            findings.append(empty(blanks[0], field, related=tuple(cell.ref for cell in blanks[1:])))
        else:
            findings += [empty(cell, field) for cell in blanks]
    return findings
