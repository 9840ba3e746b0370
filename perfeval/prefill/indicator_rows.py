"""The rows of an indicator table: which are indicators, a total, a note, a hint; where a row's cells are shifted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from perfeval.filing.typed.numbers import comparator_before, is_placeholder, quantity_of
from perfeval.prefill.forms import bare, load_forms, plain, unnumbered
from perfeval.prefill.grid import BLANK, Grid, GridCell
from perfeval.prefill.points import is_number_only, level_name, own_name, points_of
from perfeval.prefill.tables import Table
from perfeval.prefill.words import words

SHIFTS = (1, -1, 2, -2)
BLOCK_LABELS = 2  # columns before the table's own, with the name of the block
BRACKETED = ("()", "[]")


class Sort(Enum):
    """What a row of the table is."""

    INDICATOR = "indicator"
    TOTAL = "total"
    EXECUTION = "execution"  # the execution of the budget, listed among the indicators
    NAMELESS = "nameless"  # points or values without a name
    IDLE = "idle"  # blank, a hint, a placeholder
    END = "end"  # a note: the table is over


@dataclass(frozen=True, slots=True)
class Row:
    """A row, its columns where this row has them."""

    grid: Grid
    row: int
    columns: Mapping[str, tuple[int, int]]

    def cell(self, key: str) -> GridCell:
        """What the row shows in a column."""
        return self.grid.between(self.row, *self.columns[key])[0] if key in self.columns else BLANK

    def at(self, key: str) -> tuple[int, int]:
        """Where that stands."""
        return (self.row, self.grid.between(self.row, *self.columns[key])[1])

    def text(self, key: str) -> str:
        """The text, '' for a placeholder."""
        return words(self.cell(key).text)

    def points(self, key: str) -> Decimal | None:
        """The points in a column."""
        return points_of(self.cell(key))

    @property
    def name(self) -> str:
        """The indicator's name, without running number and points."""
        return own_name(self.cell("name").text)[0]

    @property
    def name_points(self) -> Decimal | None:
        """The points that stand in the name."""
        return own_name(self.cell("name").text)[1]

    def level(self, key: str) -> str:
        """The name of a level."""
        return level_name(self.text(key))

    def shared_below(self, key: str) -> tuple[int, int] | None:
        """The rows over which a cell is merged, where they are several indicators."""
        if key not in self.columns:
            return None
        area = self.grid.area(self.row, self.columns[key][0])
        named = {self.grid.area(row, self.columns["name"][0]) for row in range(area.top, area.bottom + 1)}
        return (area.top, area.bottom) if len(named) > 1 else None


def rows_of(table: Table) -> Iterator[tuple[Sort, Row]]:
    """The rows down to the end of the table."""
    for number in range(table.first, table.last + 1):
        row = Row(table.grid, number, table.columns)
        sort = _sort(table, row)
        if sort is Sort.END:
            return
        if sort is Sort.INDICATOR:
            row = _shifted(table, row)
            sort = sort if row.name else Sort.NAMELESS
        if sort is not Sort.IDLE:
            yield sort, row
        if sort is Sort.TOTAL and "subject" not in table.columns:
            return


def _sort(table: Table, row: Row) -> Sort:
    forms = load_forms()
    own = [(column, cell) for column, cell in table.grid.filled(row.row) if table.left <= column <= table.right]
    near = range(table.left - BLOCK_LABELS, table.right + 1)  # a table may stand beside another
    everywhere = [cell.text for column, cell in table.grid.filled(row.row) if column in near]
    if not own:
        return Sort.END if everywhere and forms.note.match(plain(everywhere[0])) else Sort.IDLE
    first = plain(everywhere[0])
    if bare(first.partition(":")[0]) in forms.totals or bare(plain(own[0][1].text)) in forms.totals:
        return Sort.TOTAL
    if (forms.note.match(first) and len(own) <= 2) or (bare(first) in forms.labels and first not in ("单位",)):
        return Sort.END
    if all(_is_hint(cell.text) for _, cell in own) or (row.text("name") and is_number_only(row.cell("name").text)):
        return Sort.IDLE
    named = [unnumbered(level_name(row.cell(key).text)) for key in ("level1", "level2", "name")]
    if any(name and forms.execution.fullmatch(bare(name)) for name in named):
        return Sort.EXECUTION
    says = any(row.text(key) for key in ("name", "target", "actual", "weight", "score"))
    return Sort.INDICATOR if says else Sort.IDLE


def _is_hint(text: str) -> bool:
    bracketed = plain(text)
    return is_placeholder(text.strip()) or any(
        bracketed.startswith(pair[0]) and bracketed.endswith(pair[1]) for pair in BRACKETED
    )


def _shifted(table: Table, row: Row) -> Row:
    """The row with its columns where its own cells are: a cell too few or too many puts words under 分值 and 得分."""
    missing = table.grid.right_edge(row.row) - table.grid.right_edge(table.header)
    if _is_sound(row) and (not missing or row.points("score") is not None):
        return row  # a row may also lack its last cells
    moved = (_moved(table, row, by) for by in ((missing,) if missing else SHIFTS))
    needed = [key for key in (("weight",) if missing else ("weight", "score")) if key in row.columns]
    if not missing and not needed:
        return row
    return next((one for one in moved if _is_sound(one) and all(one.points(key) is not None for key in needed)), row)


def _moved(table: Table, row: Row, by: int) -> Row:
    """The row with all columns moved; of the levels those that are called as levels are."""
    columns = {key: (first + by, last + by) for key, (first, last) in row.columns.items() if first + by > 0}
    name = columns.get("name", (1, 1))[0]
    levels = load_forms().levels
    columns = {key: place for key, place in columns.items() if key not in levels}
    for key, names in levels.items():
        found = (column for column in range(1, name) if level_name(plain(row.grid.text(row.row, column))) in names)
        if (column := next(found, None)) is not None and (column, column) not in columns.values():
            columns[key] = (column, column)
    return Row(row.grid, row.row, columns)


def _is_sound(row: Row) -> bool:
    """Whether the points are numbers, the name is none, nor a target (≥200把), and no level is called as another."""
    name, levels = row.text("name"), load_forms().levels
    if not name or quantity_of(name) is not None or comparator_before(name) is not None:
        return False
    if row.level("level1") in levels["level2"] - levels["level1"]:
        return False
    return all(not row.text(key) or row.points(key) is not None for key in ("weight", "score"))
