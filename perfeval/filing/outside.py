"""What is on a sheet of the form but outside of its table: reported once a sheet, never left out in silence.

A column with a header of its own and formulas (the template's live checks) are somebody's own business.
"""

from collections.abc import Collection, Iterator

from perfeval.excel.read import RawSheet
from perfeval.filing.headers import Found
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.form import Shape, Sheet


def outside(raw: RawSheet, sheet: Sheet, found: Found, reported_rows: Collection[int]) -> list[Finding]:
    """SHEET_008 at the first cell outside of the table, with the others; `reported_rows` have a finding of their
    own."""
    refs = [CellRef(raw.name, row, column) for row, column in _places(raw, sheet, found, reported_rows)]
    return [make("SHEET_008", refs[0], found=raw.text(*refs[0][1:]), alike=tuple(refs[1:]))] if refs else []


def _places(raw: RawSheet, sheet: Sheet, found: Found, reported_rows: Collection[int]) -> Iterator[tuple[int, int]]:
    """Filled cells under no header, and on a labelled sheet beside no label of the form."""
    own = set(found.columns.values()) | ({found.columns["label"] + 1} if sheet.shape is Shape.LABELS else set())
    for row in range(found.header_row + 1, len(raw.grid) + 1):
        is_known = sheet.shape is Shape.TABLE or row in found.rows.values() or row in reported_rows
        for column, value in enumerate(raw.grid[row - 1], 1):
            if value == "" or (row, column) in raw.facts.formulas or (is_known and column in own):
                continue
            if (column in own or not raw.text(found.header_row, column)) and raw.text(row, column):
                yield row, column
