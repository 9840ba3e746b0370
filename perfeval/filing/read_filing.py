"""The reader's entry: a file in, a Submission and everything the reader has to say of it out. It never raises on bad
input."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from perfeval.excel.guard import Refused, read_file
from perfeval.excel.read import RawSheet, RawWorkbook, read_workbook
from perfeval.filing.build import Filed, build
from perfeval.filing.filled import is_filled
from perfeval.filing.headers import find
from perfeval.filing.labelled import read_labels
from perfeval.filing.rule_sheets import asked_sheets
from perfeval.filing.sheets import READ_SHEETS, match_sheets, other_year, predecessor_of, template_of
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import Cell, CellRef
from perfeval.model.form import BASIC, FORM, INDICATORS, NOTES, PREFILL_SHEET, PROJECTS, Sheet, sheets_for
from perfeval.model.names import odd_characters
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND, Source, Submission

NONE: Mapping[str, Regulation] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ReadFiling:
    """What came of a file. `submission` is None where it was rejected; `findings` then say why.

    `content` are the file's bytes, read once; b"" where it could not be read.
    `predecessor` is the sha256 of the workbook this one was corrected from, as the 问题清单 sheet of a returned workbook
    keeps it, `predecessor_version` which version of the filing that was.
    """

    submission: Submission | None
    findings: tuple[Finding, ...]
    predecessor: str = ""
    predecessor_version: int = 0
    content: bytes = b""


def read_filing(path: Path, file: str, regulations: Mapping[str, Regulation] = NONE) -> ReadFiling:
    """Reads one workbook; `file` is the name it is shown by. What 指标体系 asks for besides the form is read as the one of
    `regulations` says that it names."""
    content = b""
    try:
        content = read_file(path)
        workbook = read_workbook(content, path.name, only=READ_SHEETS)
    except Refused as refused:
        return ReadFiling(None, (refused.finding,), content=content)
    if not any(sheet.name in workbook.sheets for sheet in FORM if sheet is not NOTES):
        return ReadFiling(None, (_no_form(workbook),), content=content)
    source = Source(file, hashlib.sha256(content).hexdigest())
    return replace(_read_form(workbook, source, regulations), content=content)


def _no_form(workbook: RawWorkbook) -> Finding:
    names = "、".join([*workbook.sheets, *(sheet.name for sheet in workbook.unread)])
    return make("SHEET_005", None, found=names)


def _read_form(workbook: RawWorkbook, source: Source, regulations: Mapping[str, Regulation]) -> ReadFiling:
    kind_cell, named = _kind_and_regulation(workbook.sheets)
    kind = _treated_as(kind_cell.value, workbook.sheets)
    wrong_kind = _wrong_kind(kind_cell, workbook.sheets)
    regulation = regulations.get(named.value or "")
    asking = regulation if regulation and regulation.kind == kind and not wrong_kind else None
    sheets = match_sheets(workbook, () if wrong_kind else sheets_for(kind), asked_sheets(asking))
    template = template_of(workbook.sheets)
    filed = Filed(source, kind, sheets.found, template.id, template.version, asking)
    submission, findings = build(filed)
    submission = replace(submission, is_prefilled=any(sheet.name == PREFILL_SHEET for sheet in workbook.unread))
    year = submission.basic.year
    before = other_year(workbook.sheets, year.value)
    left_over = (make("BATCH_004", year, found=str(year.value), expected=str(before)),) if before else ()
    return ReadFiling(
        submission,
        _with_odd_characters((*wrong_kind, *sheets.findings, *findings, *template.findings, *left_over), workbook),
        *predecessor_of(workbook.sheets, year.value),
    )


def _with_odd_characters(findings: Iterable[Finding], workbook: RawWorkbook) -> tuple[Finding, ...]:
    """Where a cell cannot be used as it was read, what nobody can see in it is named: it may be why."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets.values()}
    odd = ((finding, _odd_in_cell(finding, sheets)) for finding in findings)
    return tuple(replace(finding, message=finding.message + found) if found else finding for finding, found in odd)


def _odd_in_cell(finding: Finding, sheets: Mapping[str, RawSheet]) -> str:
    """What was left out of the cell that a finding quotes; '' for nothing, and where the finding names something odd
    already."""
    ref = finding.ref
    if ref is None or not finding.found or finding.severity is Severity.NOTICE or odd_characters(finding.found):
        return ""
    raw = sheets.get(ref.sheet)
    is_quoted = raw is not None and raw.text(ref.row, ref.column) == finding.found
    return raw.odd_characters(ref.row, ref.column) if raw and is_quoted else ""


def _kind_and_regulation(sheets: Mapping[str, RawSheet]) -> tuple[Cell[str], Cell[str]]:
    raw = sheets.get(BASIC.name)
    found = find(raw, BASIC)[0] if raw is not None else None
    cells = read_labels(raw, BASIC, found, ("kind", "regulation")).cells
    return cells["kind"]["value"], cells["regulation"]["value"]


def _treated_as(kind: str | None, sheets: Iterable[str]) -> str:
    """评价类型 as filed; where it is not readable, what the sheets look like, so that nothing further is said about
    them."""
    if kind in (DEPARTMENT_KIND, PROJECT_KIND):
        return kind
    return DEPARTMENT_KIND if any(sheet.name in sheets for sheet in _department_sheets()) else PROJECT_KIND


def _department_sheets() -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets_for(DEPARTMENT_KIND) if PROJECT_KIND not in sheet.kinds)


def _wrong_kind(kind: Cell[str], sheets: Mapping[str, RawSheet]) -> tuple[Finding, ...]:
    """部门整体 in a workbook that has the projects' sheets only, or 项目支出 although department sheets are filled in."""
    present = [sheet for sheet in _department_sheets() if sheet.name in sheets]
    if kind.value == DEPARTMENT_KIND and not present and any(sheet.name in sheets for sheet in (PROJECTS, INDICATORS)):
        return (make("SHEET_007", kind, expected=PROJECT_KIND, reason="工作簿里只有项目支出要用的工作表"),)
    filled = (
        [sheet.name for sheet in present if is_filled(sheets[sheet.name], sheet)] if kind.value == PROJECT_KIND else []
    )
    if not filled:
        return ()
    reason = f"“{'”“'.join(filled)}”表里填了部门整体的数据"
    first_cells = tuple(CellRef(name, 1, 1) for name in filled)
    return (make("SHEET_007", kind, expected=DEPARTMENT_KIND, reason=reason, related=first_cells),)
