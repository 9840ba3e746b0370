"""One pass over a worksheet's XML, before the spreadsheet library reads it: limits, and the facts the library does not
say.

The library (calamine) reads error cells and never calculated formulas as blank and knows no number formats; this pass
records them. Of a blank formatted cell nothing is worked out: a sheet may be formatted down to row 1,048,576.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from xml.parsers import expat

from perfeval.excel.guard import Refused, refuse
from perfeval.findings.catalogue import make
from perfeval.model.cells import CellRef

LAST_ROW = 20_000
LAST_COLUMN = 200
VALUE_CELLS = 500_000
DEPTH = 60
FILLING = frozenset({"v", "is", "f"})  # the elements that make a cell more than a format
SHEET_DATA = b"sheetData"
DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
Place = tuple[int, int]  # row and column, from 1


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns count from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def address(self) -> str:
        """`A5:A9`"""
        return f"{CellRef('', self.top, self.left).address}:{CellRef('', self.bottom, self.right).address}"


@dataclass(slots=True)
class SheetFacts:
    """What the scan saw. `styles` holds the style index of cells with a value or formula, `errors` the shown error
    text."""

    styles: dict[Place, int] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)  # the text; '' for the followers of a shared one
    uncalculated: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    text_cells: bool = False  # refers to the shared strings
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)


def place_of(address: str) -> Place:
    """`I9` → (9, 9). Raises ValueError for what is no address."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


@cache
def _column_number(letters: str) -> int:
    return place_of(f"{letters}1")[1]


def scan_sheet(data: bytes, sheet: str) -> SheetFacts:
    """The facts of one worksheet part. Raises Refused for damaged XML, too deep nesting, a value beyond the limits or
    too many."""
    if SHEET_DATA not in data:  # a sheet has it even where it is blank
        raise refuse("FILE_002", part=sheet)
    scanner = _Scanner(sheet)
    run(data, sheet, scanner.start, scanner.end, scanner.text)
    return scanner.facts


def elements(data: bytes, name: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part in order, without prefixes. Raises Refused for damaged XML or too deep nesting."""
    found: list[tuple[str, dict[str, str]]] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise refuse("FILE_017", part=name)
        found.append((tag.rpartition(":")[2], attributes))

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    run(data, name, start, end)
    return found


def run(
    data: bytes,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Feeds a part to the handlers. Raises Refused for damaged XML."""
    parser = expat.ParserCreate("utf-8")  # whatever the part declares: the library reads nothing else
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse("FILE_002", part=name) from error


class _Scanner:
    """The state of the pass: which cell is open, and what it has shown so far. Blank cells cost two calls and nothing
    else."""

    def __init__(self, sheet: str) -> None:
        self.facts = SheetFacts()
        self._sheet = sheet
        self._prefix = 0  # length of the namespace prefix the file puts before its names; none as a rule
        self._depth = 0
        self._row = 0
        self._address = ""  # the last one in the row; a cell without its own follows the one before
        self._followers = 0
        self._cell: dict[str, str] | None = None
        self._place: Place | None = None
        self._has_value = False
        self._value: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handles an opening tag."""
        self._depth += 1
        if self._depth > DEPTH:
            raise refuse("FILE_017", part=self._sheet)
        if self._prefix:
            tag = tag[self._prefix :]
        if tag == "c":
            self._open_cell(attributes)
        elif tag in FILLING:
            self._fill(tag)
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._depth == 1:
            self._prefix = tag.find(":") + 1
            if tag[self._prefix :] != "worksheet":
                raise refuse("FILE_002", part=self._sheet)

    def text(self, content: str) -> None:
        """Handles character data; only that of values counts."""
        if self._value is not None:
            self._value.append(content)

    def end(self, tag: str) -> None:
        """Handles a closing tag."""
        self._depth -= 1
        if self._value is None:
            return
        if self._prefix:
            tag = tag[self._prefix :]
        if tag == "v" or tag == "is":
            self._shown("".join(self._value))
            self._value = None
        elif tag == "f" and self._place is not None:
            self.facts.formulas[self._place] = "".join(self._value)
            self._value = None

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        self._address, self._followers = "", 0
        if attributes.get("hidden") in ("1", "true") and self._row <= LAST_ROW:
            self.facts.hidden_rows.add(self._row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        """Its place is worked out for a filled one only: most of a sheet may be blank formatted cells."""
        if "r" in attributes:
            self._address, self._followers = attributes["r"], 0
        else:
            self._followers += 1
        self._cell = attributes
        self._place = None
        self._has_value = False

    def _fill(self, tag: str) -> None:
        """The open cell holds something: now its place matters."""
        if self._cell is None:
            return
        if self._place is None:
            self._place = self._remember(self._cell)
        if tag == "f":
            self.facts.uncalculated.add(self._place)
        elif self._has_value:
            raise self._twice(*self._place)
        else:
            self._has_value = True
        self._value = []

    def _remember(self, cell: dict[str, str]) -> Place:
        row = int(cell["r"].lstrip(LETTERS)) if "r" in cell else self._row
        column = self._followers + (_column_number(self._address.rstrip(DIGITS)) if self._address else 0)
        if row > LAST_ROW or column > LAST_COLUMN:
            ref = CellRef(self._sheet, row, column)
            raise Refused(make("FILE_010", ref, last_row=LAST_ROW, last_column=LAST_COLUMN))
        styles = self.facts.styles
        if (row, column) in styles:
            raise self._twice(row, column)
        styles[row, column] = int(cell.get("s", "0"))
        if len(styles) > VALUE_CELLS:
            raise refuse("FILE_022", cells=VALUE_CELLS)
        return row, column

    def _twice(self, row: int, column: int) -> Refused:
        """A place that is filled twice: every program takes another of the two."""
        return refuse("FILE_015", part=str(CellRef(self._sheet, row, column)))

    def _shown(self, shown: str) -> None:
        """A formula may well have calculated an empty text; an empty value of any other type was never calculated."""
        kind = self._cell.get("t", "n") if self._cell else "n"
        if self._place is None or not (shown or kind == "str"):
            return
        self.facts.uncalculated.discard(self._place)
        if kind == "e":
            self.facts.errors[self._place] = shown
        elif kind == "s":
            int(shown)  # what is no index of a shared string the library takes for the first one
            self.facts.text_cells = True

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        top, left = place_of(first)
        bottom, right = place_of(last or first)
        self.facts.merges.append(Merge(top, left, bottom, right))
