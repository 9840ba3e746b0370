"""An edited workbook into a regulation: read safely, judged by the rules' own reader, every fault reported at its
cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.excel.guard import Refused, read_file
from perfeval.excel.read import RawSheet, read_workbook
from perfeval.filing.filled import hidden_rows
from perfeval.filing.headers import closest, find, tidy
from perfeval.filing.labelled import read_grid, read_labels
from perfeval.filing.sheets import other_sheets
from perfeval.filing.tables import read_table
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import Cell, CellRef
from perfeval.model.form import LIST_SHEET, Shape, Sheet
from perfeval.model.regulation import Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.faults import Faults
from perfeval.rules.read import assemble
from perfeval.rules.soundness import check_regulation
from perfeval.rules.toml_file import read_toml
from perfeval.schemes.workbook.draft import Draft, Read
from perfeval.schemes.workbook.judge import judged
from perfeval.schemes.workbook.read_own import read_caps, read_own_data, read_sections
from perfeval.schemes.workbook.read_settings import read_settings
from perfeval.schemes.workbook.read_tree import read_tree
from perfeval.schemes.workbook.sheets import (
    FACTS,
    GUIDE_SHEET,
    HEAD,
    INPUTS,
    METHODS_SHEET,
    NAMES_SHEET,
    SHEETS,
    SINCE_SECOND,
    sheets_of,
)
from perfeval.schemes.workbook.toml import toml_text

BLANK = "CELL_001"
OTHER_SHEETS = frozenset({GUIDE_SHEET, METHODS_SHEET, NAMES_SHEET, LIST_SHEET})


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a workbook: the regulation and its TOML text, both None where an error was found."""

    regulation: Regulation | None
    text: str | None
    findings: tuple[Finding, ...]


def read_regulation_workbook(path: Path, regulations: Mapping[str, Regulation]) -> Imported:
    """Reads an edited workbook; `regulations` are all installed ones. Never raises on what is in the file."""
    try:
        raw = read_workbook(read_file(path), path.name).sheets
    except Refused as refused:
        return Imported(None, None, (refused.finding,))
    if not any(sheet.name in raw for sheet in SHEETS):
        return Imported(None, None, (make("REGULATION_007", None, found="、".join(raw)),))
    findings = list[Finding]()
    made = Draft(_sheets(raw, findings))
    faulty = {name for f in findings if f.severity is Severity.ERROR for name in (f.ref and f.ref.sheet, f.expected)}
    made.is_lacking_names = bool(faulty & {INPUTS.name, FACTS.name})
    read_own_data(made)
    read_tree(made)
    read_caps(made)
    read_sections(made)
    read_settings(made)
    return _concluded(made, findings, regulations)


def _concluded(made: Draft, findings: list[Finding], regulations: Mapping[str, Regulation]) -> Imported:
    text, faults = toml_text(made.raw), Faults()
    reported = [*findings, *made.findings]
    written = read_toml(text.encode())  # what is judged is what will be read from the file
    regulation = assemble(written, "", {i: r for i, r in regulations.items() if r.kind == PROJECT_KIND}, faults)
    check_regulation(regulation, "", faults)
    found = (*reported, *judged(made, faults.entries, reported))
    if any(f.severity is Severity.ERROR or f.severity is Severity.QUESTION for f in found):
        return Imported(None, None, found)
    taken = (make("REGULATION_008", made.places["id"]),) if regulation.id in regulations else ()
    return Imported(regulation, text, (*found, *taken))


def _sheets(raw: Mapping[str, RawSheet], findings: list[Finding]) -> dict[str, Read]:
    """Every sheet of the declaration; those that are not there, or not for this kind of evaluation, are empty."""
    kind = _kind(raw)
    needed = sheets_of(kind)
    strangers = {
        name: sheet for name, sheet in raw.items() if name not in OTHER_SHEETS and name not in {s.name for s in needed}
    }
    read = {
        sheet.key: _read(sheet, raw.get(sheet.name) if sheet in needed else None, sheet in needed, strangers, findings)
        for sheet in SHEETS
    }
    findings += other_sheets([name for name, sheet in strangers.items() if sheet.height])
    return read


def _kind(raw: Mapping[str, RawSheet]) -> str | None:
    """适用; where it cannot be read, what the sheets look like."""
    head = raw.get(HEAD.name)
    cell = read_labels(head, HEAD, find(head, HEAD)[0]).cells["kind"]["value"] if head is not None else None
    if cell is not None and cell.is_read:
        return str(cell.value)
    return PROJECT_KIND if any(s.name in raw for s in SHEETS if s.kinds == (PROJECT_KIND,)) else None


def _read(
    sheet: Sheet, raw: RawSheet | None, needed: bool, strangers: dict[str, RawSheet], findings: list[Finding]
) -> Read:
    found = None
    if raw is not None:
        found, reported = find(raw, sheet)
        findings += reported
    elif needed:
        findings += _missing(sheet, strangers)
    if sheet.shape is Shape.TABLE:
        table = read_table(raw, sheet, found, None) if raw is not None and found is not None else None
        findings += map(_without_zero, table.findings) if table else ()
        rows: list[Any] = [row.cells for row in table.rows] if table else []
        cells: Any = {}
    else:
        labelled = (read_labels if sheet.shape is Shape.LABELS else read_grid)(raw, sheet, found)
        findings += map(_without_zero, labelled.findings)
        rows, cells = [], labelled.cells
    if raw is not None and found is not None:
        findings += hidden_rows(raw, sheet, found)
    return Read(sheet, found, rows, cells)


def _without_zero(finding: Finding) -> Finding:
    """A blank amount of a filing workbook may be 0; the points and days of a regulation may not."""
    return (
        make(finding.code, Cell(finding.ref, finding.label), related=finding.related, zero="")
        if finding.code == BLANK and finding.ref
        else finding
    )


def _missing(sheet: Sheet, strangers: dict[str, RawSheet]) -> Iterator[Finding]:
    """A sheet under another name, or none: that is no fault of a workbook from before there was one."""
    alike = next((n for n in strangers if tidy(n) == tidy(sheet.name)), None) or next(
        (n for n in strangers if closest(n, [sheet.name])), None
    )
    if alike is not None:
        del strangers[alike]
        yield make("SHEET_002", CellRef(alike, 1, 1), found=alike, expected=sheet.name, name=sheet.name)
    elif sheet not in SINCE_SECOND:
        yield make("SHEET_001", CellRef(sheet.name, 1, 1), found="", expected=sheet.name, name=sheet.name)
