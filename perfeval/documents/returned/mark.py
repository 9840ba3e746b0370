"""Findings and an official's workbook → 退回修改.xlsx: the same workbook with the wrong cells marked and the list in front
(docs/开发/文档.md).

The package is patched part by part; no library ever saves it, since that would lose cached values, drop-downs, drawings
and rich text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfeval.documents.returned.earlier import remove_earlier_marks
from perfeval.documents.returned.list_sheet import Memory, Origin, printing, write_list
from perfeval.documents.returned.marks import Marked, Note, mark_sheet
from perfeval.excel.patch.parts import Parts
from perfeval.excel.patch.splice import CannotMark
from perfeval.excel.patch.styles import MINIMAL, Styles
from perfeval.excel.patch.workbook_part import STYLES_TYPE, Sheet, Workbook
from perfeval.filing.sheets import READ_SHEETS
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.form import FINDINGS_SHEET
from perfeval.model.names import visible
from perfeval.model.text import clean

__all__ = ["CannotMark", "mark_workbook"]


def mark_workbook(
    original: bytes,
    findings: Sequence[Finding],
    *,
    title: str,
    source_file: str,
    source_sha256: str,
    version: int = 1,
    year: int | None = None,
) -> bytes:
    """The workbook with every finding's cells coloured and commented and the list as its first sheet; marks of an
    earlier round are gone.

    Findings at a sheet that is not there, or at no cell, are in the list only. Values, formulas, drop-downs, sizes,
    merges and protection stay as they are. `version` and `year` are those of the filing: the list keeps them for the
    correction to count on. Raises CannotMark, with a sentence for the official, for a signed package, one of the strict
    format or a damaged one.
    """
    parts = Parts(original)
    workbook = Workbook(parts, READ_SHEETS)
    remove_earlier_marks(workbook)
    sheets = {_key(sheet.name): sheet for sheet in workbook.sheets() if sheet.has_cells}
    placed = [_placed(finding, sheets) for finding in findings]
    styles_part = parts.related(workbook.part, "styles") or _add_styles(workbook)
    styles = Styles(parts[styles_part])
    memories: list[Memory] = []
    threaded: set[CellRef] = set()
    for sheet in sheets.values():
        notes = [note for note in _notes(placed) if note.at.sheet == sheet.name]
        marked = _marked(workbook, sheet, notes, styles) if notes else None
        if marked:
            memories += [Memory(sheet.name, change) for change in marked.changes]
            threaded |= {CellRef(sheet.name, row, column) for row, column in marked.threaded}
    origin = Origin(clean(title), clean(source_file), source_sha256, version, year)
    page = write_list(placed, origin, styles, {sheet.name for sheet in sheets.values()}, threaded, memories)
    parts[styles_part] = styles.render()
    workbook.deselect_all()
    workbook.put_first(_free_sheet_name(workbook), page, printing(len(placed)))
    return parts.to_bytes()


def _marked(workbook: Workbook, sheet: Sheet, notes: Sequence[Note], styles: Styles) -> Marked | None:
    """None for a damaged sheet of the official's own: it was not read, and stays as it is."""
    try:
        return mark_sheet(workbook, sheet.part, notes, styles)
    except CannotMark:
        if _key(sheet.name) in READ_SHEETS:
            raise
        return None


def _key(name: str) -> str:
    """Sheet names differ by more than outer spaces, case, and what cannot be seen."""
    return visible(name).strip().casefold()


def _placed(finding: Finding, sheets: dict[str, Sheet]) -> Finding:
    """The finding with its sheets named as the workbook names them."""

    def named(ref: CellRef) -> CellRef:
        sheet = sheets.get(_key(ref.sheet))
        return ref._replace(sheet=sheet.name) if sheet else ref

    return replace(finding, ref=named(finding.ref) if finding.ref else None, related=tuple(map(named, finding.related)))


def _notes(findings: Iterable[Finding]) -> list[Note]:
    return [Note(f, at) for f in findings for at in dict.fromkeys([f.ref, *f.related]) if at is not None]


def _add_styles(workbook: Workbook) -> str:
    part = workbook.inside("styles.xml")
    workbook.parts.add(part, MINIMAL, STYLES_TYPE)
    workbook.parts.relate(workbook.part, "styles", part)
    return part


def _free_sheet_name(workbook: Workbook) -> str:
    """问题清单, unless a sheet of the official's own has that name."""
    taken = {_key(sheet.name) for sheet in workbook.sheets()}
    names = [FINDINGS_SHEET, *(f"{FINDINGS_SHEET}（{number}）" for number in range(2, len(taken) + 3))]
    return next(name for name in names if _key(name) not in taken)
