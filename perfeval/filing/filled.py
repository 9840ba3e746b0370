"""What somebody filled in, as against what the template prints: which sheets hold data, which hidden rows do."""

from perfeval.excel.read import RawSheet
from perfeval.filing.headers import Found, find
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.form import CRITERIA, SCORES, SUPPLEMENT, TEXTS, Shape, Sheet

PRINTED = {
    SCORES.key: frozenset({"item_id", "item_name", "level", "max_points", "applicable"}),
    TEXTS.key: frozenset({"chapter"}),
    SUPPLEMENT.key: frozenset({"subject", "name", "unit", "note"}),
    CRITERIA.key: frozenset({"subject", "item_id", "item_name", "text", "points"}),
}
ROWS_NAMED = 10  # so many hidden rows are named one by one


def is_filled(raw: RawSheet, sheet: Sheet) -> bool:
    """Whether an input cell of the sheet holds anything."""
    found, _ = find(raw, sheet)
    return found is not None and bool(_filled_rows(raw, sheet, found, _rows(raw, sheet, found)))


def hidden_rows(raw: RawSheet, sheet: Sheet, found: Found) -> list[Finding]:
    """One notice a sheet: its hidden rows that hold data."""
    rows = _filled_rows(raw, sheet, found, sorted(raw.facts.hidden_rows.intersection(_rows(raw, sheet, found))))
    if not rows:
        return []
    shown = "、".join(str(row) for row in rows[:ROWS_NAMED]) + ("等" if len(rows) > ROWS_NAMED else "")
    first_column = min(found.columns.values())
    places = [CellRef(raw.name, row, first_column) for row in rows]
    return [make("CELL_014", places[0], rows=shown, related=tuple(places[1:]))]


def _rows(raw: RawSheet, sheet: Sheet, found: Found) -> list[int]:
    return (
        list(range(found.header_row + 1, raw.height + 1)) if sheet.shape is Shape.TABLE else list(found.rows.values())
    )


def _filled_rows(raw: RawSheet, sheet: Sheet, found: Found, rows: list[int]) -> list[int]:
    printed = PRINTED.get(sheet.key, frozenset()) | {"label"}
    columns = [column for key, column in found.columns.items() if key not in printed]
    return [row for row in rows if any(raw.filled(row, column) is not None for column in columns)]
