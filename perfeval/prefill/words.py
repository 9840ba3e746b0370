"""The words around the tables: 项目名称, 编制单位, 年度, the unit of the amounts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfeval.filing.typed.numbers import is_placeholder, number_of
from perfeval.model.money_units import POWERS
from perfeval.model.names import plain_name
from perfeval.prefill.forms import load_forms, plain, spellings
from perfeval.prefill.grid import Grid, GridCell
from perfeval.prefill.tables import Table, titles

UNITS = "|".join(sorted(POWERS, key=len, reverse=True))
UNIT_LINE = re.compile(rf"(?<!计量)(?<!度量)单位[:：]?(?:人民币)?({UNITS})(?!/)")
UNIT_IN_BRACKETS = re.compile(rf"[(\[【](?:金额)?(?:单位[:：]?)?(?:人民币)?({UNITS})[)\]】]")
OWN_UNIT = re.compile(rf"(.*?)({UNITS})")
PARTS = re.compile(r"[ \t\u3000\u00a0]{2,}|\u3000|[\n\t]")
YEAR = re.compile(
    r"(?<!\d)(20\d\d)(?:年度|年(?=0?1月?[-~至到]+12月)|年(?!\d|[末底初]))|截[至止](20\d\d)年12月|(?<!\d)(20\d\d)年?$"
)
NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")  # 二〇二五年度
LONGEST_LABEL = 40


class Label(NamedTuple):
    """A label with its value and the value's cell."""

    key: str
    value: str
    row: int
    column: int


def labels_of(grid: Grid, tables: Sequence[Table]) -> list[Label]:
    """The labels outside of tables, from top to bottom."""
    found = []
    for (row, column), cell in sorted(grid.cells.items()):
        if cell.text and not any(is_within(table, row, column) for table in tables):
            found += list(_labels_in(grid, row, column, cell))
    return found


def is_within(table: Table, row: int, column: int) -> bool:
    """Whether a cell is of a table's header or rows: there a name is a header or data. The labels of a form may stand
    between its tables."""
    if table.layout.reader in ("list", "account"):
        return table.header <= row <= table.last
    return table.header <= row < table.first and table.left <= column <= table.right


def _labels_in(grid: Grid, row: int, column: int, cell: GridCell) -> Iterator[Label]:
    names = load_forms().labels
    for part in PARTS.split(cell.text):
        head, colon, tail = part.replace("：", ":").partition(":")
        if not head or len(head) > LONGEST_LABEL:
            continue
        key = next((names[name] for name in spellings(head) if name in names), None)
        if key is None:
            continue
        if colon and tail.strip():
            yield Label(key, tail.strip(), row, column)
        elif (beside := _beside(grid, row, column)) is not None:
            yield Label(key, grid.text(row, beside), row, beside)


def _beside(grid: Grid, row: int, column: int) -> int | None:
    """The next column to the right that holds something; None where that is a label too."""
    names = load_forms().labels
    right = grid.area(row, column).right + 1
    while right <= grid.width:
        text = grid.text(row, right)
        if text:
            is_label = len(text) <= LONGEST_LABEL and any(name in names for name in spellings(text))
            return None if is_label else right
        right = grid.area(row, right).right + 1
    return None


def years_of(grid: Grid, labels: Iterable[Label]) -> set[int]:
    """The years a grid says it is of, in its title or at a label."""
    texts = [
        plain(text).translate(NUMERALS)
        for text in (*titles(grid), *(label.value for label in labels if label.key == "year"))
    ]
    return {int(match[match.lastindex or 0]) for text in texts for match in YEAR.finditer(text)}


def unit_of(table: Table, key: str) -> str | None:
    """The unit of an amount column: what its header says, else the label beside the table's rows, else the nearest line
    above; None where nothing does."""
    rows = range(table.header, min(table.last, table.first) + 1)
    return unit_at(table.grid, rows, table.columns[key][0], table.header_text(key))


def unit_at(grid: Grid, rows: range, left: int, header: str) -> str | None:
    """The unit of an amount: what its header says, else what stands left of it in those rows, else the nearest line
    above."""
    if match := UNIT_IN_BRACKETS.search(plain(header)):
        return match[1]
    for row in rows:
        for column in range(1, left):
            if match := UNIT_IN_BRACKETS.search(plain(grid.text(row, column))):
                return match[1]
    for row in range(rows.start, 0, -1):
        for _, cell in grid.filled(row):
            if match := UNIT_LINE.search(plain(cell.text)):
                return match[1]
    return next((m[1] for text in titles(grid) if (m := UNIT_IN_BRACKETS.search(plain(text)))), None)


def amount_of(cell: GridCell) -> tuple[Decimal | None, str | None]:
    """The number of an amount cell and the unit it carries itself: 50万元 → 50, 万元."""
    if cell.number is not None:
        return cell.number, None
    text = plain(cell.text)
    own = OWN_UNIT.fullmatch(text)
    return (number_of(own[1]), own[2]) if own else (number_of(text), None)


def words(text: str) -> str:
    """A text that says something, '' for a placeholder."""
    return "" if is_placeholder(text.strip()) else text.strip()


def same_name(one: str, other: str) -> bool:
    """Whether two names are one as people read them."""
    return plain_name(one) == plain_name(other)
