"""Grids → recognised tables: where a known header is, what its columns are, how far its rows reach. Headers are found
by their words, never by their address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.filing.typed.numbers import number_of
from perfeval.prefill.forms import Forms, Layout, Resembling, bare, load_forms, plain, spellings
from perfeval.prefill.grid import Grid

HEADER_ROWS = 3  # a header is no deeper
FEWEST = 2  # known names in a row that may be a header
LONGEST_HEADER = 80  # characters, hints included


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised table: `columns` gives for each key the first and last column it covers; its rows are `first` to
    `last`."""

    layout: Layout
    grid: Grid
    header: int
    columns: Mapping[str, tuple[int, int]]
    first: int
    last: int

    @property
    def left(self) -> int:
        """Its first column."""
        return min(first for first, _ in self.columns.values())

    @property
    def right(self) -> int:
        """Its last column."""
        return max(last for _, last in self.columns.values())

    def header_text(self, key: str) -> str:
        """What stands above a column, all header rows joined."""
        column = self.columns[key][0]
        texts = (self.grid.text(row, column) for row in range(self.header, self.first))
        return " ".join(dict.fromkeys(filter(None, texts)))


def find_tables(grid: Grid) -> list[Table]:
    """The known tables of a grid from top to bottom; tables side by side are one each."""
    forms = load_forms()
    found: list[Table] = []
    row = 1
    while row <= grid.height:
        tables = _tables_at(grid, row, forms)
        found += tables
        row = max((table.first for table in tables), default=row + 1)
    return [_ended(table, found) for table in found]


def _ended(table: Table, tables: Sequence[Table]) -> Table:
    """The table down to the next header below it."""
    below = (
        other.header
        for other in tables
        if other.header > table.header and other.left <= table.right and table.left <= other.right
    )
    last = min(below, default=table.grid.height + 1) - 1
    return Table(table.layout, table.grid, table.header, table.columns, table.first, last)


def _tables_at(grid: Grid, row: int, forms: Forms) -> list[Table]:
    """The tables whose header begins in this row."""
    known = forms.header_names
    names = sum(any(s in known for s in spellings(cell.text)) for _, cell in grid.filled(row) if _may_head(cell.text))
    if not names:
        return []
    best: list[Table] = []
    for depth in range(1, HEADER_ROWS + 1):
        if _has_numbers(grid, row + depth - 1):
            break
        found = _widest(grid, row, depth)
        if depth > 1 and _columns(found) <= _columns(_widest(grid, row + 1, depth - 1)):
            continue  # it begins below, under a row that only looks like a header
        best = max(best, found, key=_columns)
    return best if names >= FEWEST or (best and best[0].first > row + 1) else []


def _has_numbers(grid: Grid, row: int) -> bool:
    """Whether a row holds data: no header has a number in a cell of its own."""
    return any(cell.number is not None or number_of(cell.text) is not None for _, cell in grid.filled(row))


def _widest(grid: Grid, row: int, depth: int) -> list[Table]:
    """The tables with the most known columns: the row as one header, or each run of headers between blank columns."""
    runs = _runs(grid, row, depth)
    whole = _widest_in(grid, row, depth, (1, grid.width))
    apart = [table for run in runs for table in _widest_in(grid, row, depth, run)] if len(runs) > 1 else []
    return max(whole, apart, key=_columns)


def _widest_in(grid: Grid, row: int, depth: int, run: tuple[int, int]) -> list[Table]:
    return max((list(_with(layout, grid, row, depth, run)) for layout in load_forms().tables), key=_columns)


def _runs(grid: Grid, row: int, depth: int) -> list[tuple[int, int]]:
    """The first and last columns of headers that stand together."""
    filled = [
        column
        for column in range(1, grid.width + 1)
        if any(grid.text(line, column) for line in range(row, row + depth))
    ]
    starts = [column for column in filled if column - 1 not in filled]
    ends = [column for column in filled if column + 1 not in filled]
    return list(zip(starts, ends, strict=True))


def _columns(tables: Sequence[Table]) -> int:
    return sum(len(table.columns) for table in tables)


def _may_head(text: str) -> bool:
    """A label is followed by its value in the next cell, a header by its rows."""
    return bool(text) and len(text) <= LONGEST_HEADER and not text.rstrip().endswith((":", "："))


def _with(layout: Layout, grid: Grid, row: int, depth: int, run: tuple[int, int]) -> Iterator[Table]:
    """The tables of that layout, if the header is so deep: a new one begins where a name comes again and the columns
    before are complete."""
    columns: dict[str, tuple[int, int]] = {}
    for key, first, last in _keys(layout, grid, row, depth, run):
        if key in columns:
            if not layout.fits(frozenset(columns)):
                continue
            yield Table(layout, grid, row, dict(columns), row + depth, row + depth)
            columns.clear()
        columns[key] = (first, last)
    if layout.fits(frozenset(columns)):
        yield Table(layout, grid, row, dict(columns), row + depth, row + depth)


def _keys(layout: Layout, grid: Grid, row: int, depth: int, run: tuple[int, int]) -> Iterator[tuple[str, int, int]]:
    """The known columns from left to right, as key, first and last column."""
    column = run[0]
    while column <= run[1]:
        parts, last = _header_cells(grid, row, depth, column)
        key = next((layout.columns[name] for name in _names(parts) if name in layout.columns), None)
        if key:
            yield key, column, last
        column = last + 1


def _header_cells(grid: Grid, row: int, depth: int, column: int) -> tuple[list[str], int]:
    """The texts above a column from top to bottom, and the last column that has the same lowest one."""
    parts: dict[tuple[int, int], str] = {}
    last = column
    for line in range(row, row + depth):
        area = grid.area(line, column)
        text = grid.own(area.top, area.left).text
        if text and area.top >= row and area.bottom < row + depth and _may_head(text):
            parts[area.top, area.left] = text
        if line == row + depth - 1:
            last = max(column, area.right if area.top >= row else column)
    return list(parts.values()), last


def _names(parts: Sequence[str]) -> Iterator[str]:
    """What a column may be called: its whole path, then its lowest name, then those above."""
    if len(parts) > 1:
        yield "/".join(map(bare, parts))
    for part in reversed(parts):
        yield from spellings(part)


def resembles(grid: Grid) -> tuple[str, str, str] | None:
    """What a grid looks like that is no form of the whole year: what it is, the way out, and the words that say so."""
    for one in load_forms().refused:
        for text in (grid.name, *titles(grid)):
            if one.titles.search(plain(text)):
                return one.what, one.way_out, text
        for row in range(1, grid.height + 1):
            if (sign := _sign(grid, row, one)) is not None:
                return one.what, one.way_out, sign
    return None


def _sign(grid: Grid, row: int, one: Resembling) -> str | None:
    """The header that gives it away; only a row of headers counts, not what an indicator may be called."""
    texts = [cell.text for _, cell in grid.filled(row) if _may_head(cell.text)]
    signs = [text for text in texts if any(one.headers.fullmatch(name) for name in spellings(text))]
    known = sum(any(name in load_forms().header_names for name in spellings(text)) for text in texts)
    return signs[0] if signs and len(signs) + known >= FEWEST and not _has_numbers(grid, row) else None


def titles(grid: Grid) -> Iterator[str]:
    """The lines above the first row of several cells: the title, 年度, 编制单位."""
    for row in range(1, grid.height + 1):
        filled = [cell.text for _, cell in grid.filled(row)]
        if len(filled) > 1 and not all(len(text) > 1 and (":" in plain(text)) for text in filled[:1]):
            return
        if len(filled) > FEWEST + 2:
            return
        yield from filled
