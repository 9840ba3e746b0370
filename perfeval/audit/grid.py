"""A table's cells as text, numbers and lines that can be quoted; its columns by their header words."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from perfeval.audit.read import TableRow
from perfeval.filing.typed.numbers import number_of
from perfeval.prefill.forms import bare, load_forms, spellings
from perfeval.prose.quantities import FACTORS, Quantity, quantities
from perfeval.prose.text import Line, plain

NOTHING = ("", "—", "-", "/", "——", "无")
OWN_SCORE = re.compile(r"[(](?:单位)?自评[\d.]+[)]$")
COMPARATORS = {"≥": "ge", "≤": "le", "=": "eq", ">": "gt", "<": "lt"}
MOST_ROWS = 2000
LONGEST_HEADER, SHORTEST_ENDING = 14, 3  # 已完成 ends with a header's name and is an answer
ROWS, COLUMNS = 100_000, 256  # more than a table has


@cache
def layout() -> Mapping[str, Any]:
    """tables.toml."""
    return tomllib.loads((files("perfeval.audit") / "tables.toml").read_text(encoding="utf-8"))


def is_word(word: str, text: str) -> bool:
    """Whether a cell says one of the words of tables.toml."""
    return re.search(layout()["words"][word], text) is not None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, each cell as its plain text and as a line that can be quoted."""

    rows: tuple[TableRow, ...]
    unit: str  # of bare amounts: 万元

    def text(self, row: int, column: int | None) -> str:
        """The cell without spaces; "" outside of the row."""
        cells = self.rows[row].cells
        return plain(cells[column]) if column is not None and column < len(cells) else ""

    def goes_on(self, row: int, column: int) -> bool:
        """Whether a cell is one with the cell above it."""
        own, above = self.rows[row].anchors, self.rows[row - 1].anchors if row else ()
        return max(column + 1, 1) <= min(len(own), len(above)) and own[column] == above[column] >= 0

    def figure(self, row: int, column: int | None, unit: str = "") -> Quantity | None:
        """The number of a cell that holds one number; `unit` where the cell names none."""
        text = OWN_SCORE.sub("", self.text(row, column))
        if column is None or text in NOTHING or not any(c.isdigit() for c in text):
            return None
        line = cell_line(self.rows[row], column)
        found = quantities(line)
        bare = number_of(text)
        if bare is None and (
            len(found) != 1 or found[0].label not in ("", *COMPARATORS, "达", "达到") or found[0].after
        ):
            return None
        if bare is not None and (not found or found[0].value != bare):
            return None
        return found[0] if found[0].unit or not unit else _with_unit(found[0], unit)


def _with_unit(q: Quantity, unit: str) -> Quantity:
    family, factor = FACTORS.get(unit, (unit, Decimal(1)))
    return replace(q, unit=family, factor=factor, value=q.value * factor, low=q.low * factor, high=q.high * factor)


def cell_line(row: TableRow, column: int) -> Line:
    """A cell as a line of its own; its number is below 0 and unlike every other's."""
    number = -((row.table * ROWS + row.number) * COLUMNS + column + 1)
    return Line(number, row.cells[column], f"附表（{row.place}）", quoted=row_quote(row))


def cell_place(number: int) -> tuple[int, int, int]:
    """Table, row and column of a cell, from its line's number."""
    rows, column = divmod(-number - 1, COLUMNS)
    return (*divmod(rows, ROWS), column)


def row_quote(row: TableRow) -> str:
    """The row as it is printed, its cells parted by bars."""
    cells = [" ".join(cell.split()) for cell in row.cells]
    return "｜".join(cell for cell in cells if cell)


@cache
def header_names(table: str) -> Mapping[str, str]:
    """What the headers of a kind of table are called, as prefill reads them → column."""
    form = next(one for one in load_forms().tables if one.id == table)
    own = {name: key for key, names in layout()[table].items() for name in names}
    return {name: layout()["as"].get(key, key) for name, key in {**form.columns, **own}.items()}


def header_of(row: TableRow, table: str, needed: Sequence[str]) -> dict[str, int]:
    """The columns that a header row names, or ends with the name of (2024年项目支出决算数); {} where it is none."""
    names = header_names(table)
    columns: dict[str, int] = {}
    for spelled in (spellings, _endings):
        known = dict(columns)
        for column, cell in enumerate(row.cells):
            key = next((names[name] for name in spelled(cell) if name in names), None)
            if key and key not in known and (key not in columns or _is_nearer(key, columns)):
                columns[key] = column
    return columns if all(n in columns for n in needed) else {}


def _endings(cell: str) -> Iterator[str]:
    """The ends of a header, the longest first."""
    name = bare(cell)
    if len(name) <= LONGEST_HEADER:
        yield from (name[at:] for at in range(1, len(name) - SHORTEST_ENDING + 1))


def _is_nearer(key: str, columns: Mapping[str, int]) -> bool:
    """Each level may have its 分值: that of the indicator stands behind its name."""
    return key == "weight" and columns[key] < columns.get("name", -1)
