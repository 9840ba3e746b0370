"""The cells of one sheet part: finds the marked ones and where missing ones belong, and changes their look alone."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from perfeval.excel.patch.splice import MAIN, Document, Element, walk
from perfeval.model.cells import CellRef, column_letters

Place = tuple[int, int]  # row, column, from 1
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)$")
_CONTENT = ("v", "f", "is")
_NEAR = 40  # rows below a marked cell whose heights a comment box may cover
_OUTLINE_SKIPS = frozenset({"sheetData"})


def place_of(address: str) -> Place | None:
    """`C8` → (8, 3); None for what is no cell address."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column


@dataclass(slots=True)
class FoundCell:
    """A cell as it is in the part; `look` None where it has no style of its own."""

    column: int
    element: Element
    look: int | None
    blank: bool


@dataclass(slots=True)
class FoundRow:
    """A row as it is in the part, with its cells."""

    number: int
    element: Element
    cells: list[FoundCell] = field(default_factory=list)

    @property
    def look(self) -> int | None:
        """The style new cells of the row take, if the row has one."""
        attributes = self.element.attributes
        return int(attributes.get("s", "0")) if attributes.get("customFormat") in ("1", "true") else None


class Outline:
    """What a sheet part says beside its cells: columns, merged ranges, default sizes."""

    def __init__(self, document: Document) -> None:
        root = document.root
        self.columns = [
            (int(c.attributes["min"]), int(c.attributes["max"]), c.attributes)
            for e in root.children
            if e.name == "cols"
            for c in e.children
        ]
        self.merges = [m for e in root.all("mergeCell") if (m := _range(e.attributes.get("ref", "")))]
        formats = root.child("sheetFormatPr")
        self.formats: Mapping[str, str] = formats.attributes if formats else {}

    def column(self, number: int) -> Mapping[str, str]:
        """The attributes of a column, empty where it has none of its own."""
        return next((attributes for low, high, attributes in self.columns if low <= number <= high), {})

    def merge_around(self, place: Place) -> tuple[Place, Place]:
        """The merged range a cell lies in: its first and last cell; the cell itself where it is not merged."""
        row, column = place
        for first, last in self.merges:
            if first[0] <= row <= last[0] and first[1] <= column <= last[1]:
                return first, last
        return place, place


def _range(text: str) -> tuple[Place, Place] | None:
    ends = [place_of(end) for end in text.split(":")]
    return (ends[0], ends[-1]) if ends[0] and ends[-1] else None


class Rows:
    """The rows of interest of a sheet part: those asked for, and those with a cell in one of `looks`.

    `before` gives for each row asked for and not there the byte offset where it belongs; `heights` the heights in
    points near the rows asked for.
    """

    def __init__(self, data: bytes, asked: Set[int], looks: Set[int] = frozenset()) -> None:
        self.rows: dict[int, FoundRow] = {}
        self.before: dict[int, int] = {}
        self.heights: dict[int, float] = {}
        self._asked, self._looks = asked, looks
        self._waiting = sorted(asked, reverse=True)
        self._near = {row + step for row in asked for step in range(_NEAR)}
        self._number, self._row, self._cell = 0, FoundRow(0, _NOWHERE), FoundCell(0, _NOWHERE, None, True)
        walk(data, self._start, self._end)

    def _start(self, element: Element) -> None:
        if element.namespace != MAIN:  # drawing anchors of form controls have rows of their own
            return
        if element.name == "row":
            self._number = int(element.attributes.get("r", self._number + 1))
            self._row = FoundRow(self._number, element)
            self._place_waiting(self._number, element.start)
            if self._number in self._near and "ht" in element.attributes:
                self.heights[self._number] = (
                    0 if element.attributes.get("hidden") in ("1", "true") else float(element.attributes["ht"])
                )
        elif element.name == "c":
            cells = self._row.cells
            given = place_of(element.attributes.get("r", ""))
            column = given[1] if given else cells[-1].column + 1 if cells else 1
            look = element.attributes.get("s")
            self._cell = FoundCell(column, element, None if look is None else int(look), True)
            cells.append(self._cell)
        elif element.name in _CONTENT:
            self._cell.blank = False

    def _place_waiting(self, number: int, offset: int) -> None:
        while self._waiting and self._waiting[-1] < number:
            self.before[self._waiting.pop()] = offset
        if self._waiting and self._waiting[-1] == number:
            self._waiting.pop()

    def _end(self, element: Element) -> None:
        if element.namespace != MAIN:
            return
        if element.name == "row":
            if self._number in self._asked or any(cell.look in self._looks for cell in self._row.cells):
                self.rows[self._number] = self._row
        elif element.name == "sheetData":
            self._place_waiting(1 << 30, element.close)
            self.before = {row: offset for row, offset in self.before.items() if row not in self.rows}


_NOWHERE = Element("", "", {}, 0, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that got a new look: its earlier one, and what was there (one of the words below)."""

    place: Place
    look: int
    was: str


# a cell with a style, a cell without one, no cell, no cell in a row written <row/>, no row
ORIGINAL, PLAIN, NEW_CELL, EMPTY_ROW, NEW_ROW = "原样式", "无样式", "新增单元格", "空行", "新增行"
MADE = (NEW_CELL, EMPTY_ROW, NEW_ROW)


class CellPainter:
    """Gives cells of a sheet part a new look; a cell or row that is not there is made, with its row's or column's
    look."""

    def __init__(self, document: Document, outline: Outline, rows: Rows) -> None:
        self._document, self._outline, self._rows = document, outline, rows
        self._data_sheet = document.root.child("sheetData")

    def earlier_look(self, place: Place) -> Change:
        """The look a cell has now, or would have if something were typed into it."""
        row = self._rows.rows.get(place[0])
        cell = next((c for c in row.cells if c.column == place[1]), None) if row else None
        if cell is not None:
            return Change(place, cell.look or 0, PLAIN if cell.look is None else ORIGINAL)
        of_column = int(self._outline.column(place[1]).get("style", "0"))
        of_row = row.look if row else None
        was = NEW_ROW if row is None else EMPTY_ROW if row.element.close == row.element.end else NEW_CELL
        return Change(place, of_column if of_row is None else of_row, was)

    def paint(self, looks: Mapping[Place, int]) -> None:
        """Gives each cell its look."""
        for number in sorted({place[0] for place in looks}):
            columns = {place[1]: look for place, look in looks.items() if place[0] == number}
            row = self._rows.rows.get(number)
            if row:
                self._paint_row(row, columns)
            else:
                cells = "".join(_cell(number, column, columns[column]) for column in sorted(columns))
                self._new_row(number, f'<row r="{number}">{cells}</row>')

    def _new_row(self, number: int, xml: str) -> None:
        if self._data_sheet and self._data_sheet.close == self._data_sheet.end:
            self._document.append(self._data_sheet, xml)
        else:
            self._document.insert(self._rows.before[number], xml)

    def _paint_row(self, row: FoundRow, columns: Mapping[int, int]) -> None:
        there = {cell.column: cell for cell in row.cells}
        for column in sorted(columns):
            xml = _cell(row.number, column, columns[column])
            if column in there:
                self._document.set_attribute(there[column].element, "s", str(columns[column]))
            elif following := next((cell for cell in row.cells if cell.column > column), None):
                self._document.insert(following.element.start, xml)
            else:
                self._document.append(row.element, xml)


def _cell(row: int, column: int, look: int) -> str:
    return f'<c r="{column_letters(column)}{row}" s="{look}"/>'


def open_sheet(data: bytes) -> tuple[Document, Outline]:
    """A sheet part without its cells in the tree, and its outline."""
    document = Document(data, _OUTLINE_SKIPS)
    return document, Outline(document)


def link_target(ref: CellRef) -> str:
    """The cell as a link inside a workbook names it: `'收支'!C8`."""
    quoted = ref.sheet.replace("'", "''")
    return f"'{quoted}'!{ref.address}"
