"""One pass over a worksheet's XML, before the spreadsheet library reads it: limits, and the facts the library does not tell.

The library (calamine) reads error cells and never calculated formulas as blank and knows no number formats; this pass records them. Blank formatted
cells are passed over, so a sheet formatted down to row 1,048,576 costs little.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from perfeval.findings.catalogue import make
from perfeval.intake.guard import Refused, refuse
from perfeval.model.cells import CellRef

LAST_ROW = 20_000
LAST_COLUMN = 200
VALUE_CELLS = 500_000
DEPTH = 60
ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
Place = tuple[int, int]


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
    """What the scan saw. `styles` holds the style index of cells with a value or formula, `errors` the shown error text."""

    styles: dict[Place, int] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
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


def scan_sheet(data: bytes, sheet: str) -> SheetFacts:
    """The facts of one worksheet part. Raises Refused for damaged XML, too deep nesting, a value beyond the limits or too many."""
    scanner = _Scanner(sheet)
    parse(data, sheet, scanner.start, scanner.end, scanner.text)
    return scanner.facts


def parse(
    data: bytes,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Runs the handlers over a part; element names come without prefix. Raises Refused for damaged XML or nesting beyond DEPTH."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise refuse("FILE_017", part=name)
        start(tag.rpartition(":")[2], attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(tag.rpartition(":")[2])

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, UnicodeError) as error:
        raise refuse("FILE_002", part=name) from error


class _Scanner:
    """The state of the pass: which cell is open, and what it has shown so far."""

    def __init__(self, sheet: str) -> None:
        self.facts = SheetFacts()
        self._sheet = sheet
        self._row = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._place: Place = (0, 0)
        self._value: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handles an opening tag."""
        if tag == "c":
            self._column += 1
            self._cell = attributes
        elif tag == "v" or tag == "is":
            self._fill()
            self._value = []
        elif tag == "f":
            self._fill()
            self.facts.formulas.add(self._place)
            self.facts.uncalculated.add(self._place)
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, content: str) -> None:
        """Handles character data; only that of values counts."""
        if self._value is not None:
            self._value.append(content)

    def end(self, tag: str) -> None:
        """Handles a closing tag."""
        if self._value is not None and (tag == "v" or tag == "is"):
            shown = "".join(self._value)
            self._value = None
            if shown or (self._cell or {}).get("t") == "str":  # a formula may well have calculated an empty text
                self._shown(shown)
        elif tag == "c":
            if self._cell is not None and "r" in self._cell and self._place == (0, 0):
                self._column = place_of(self._cell["r"])[1]
            self._place = (0, 0)
            self._cell = None

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0
        if attributes.get("hidden") in ("1", "true") and self._row <= LAST_ROW:
            self.facts.hidden_rows.add(self._row)

    def _fill(self) -> None:
        """The open cell holds something: now its place matters."""
        if self._cell is None or self._place != (0, 0):
            return
        row, column = place_of(self._cell["r"]) if "r" in self._cell else (self._row, self._column)
        self._place, self._column = (row, column), column
        if row > LAST_ROW or column > LAST_COLUMN:
            ref = CellRef(self._sheet, row, column)
            raise Refused(make("FILE_010", ref, last_row=LAST_ROW, last_column=LAST_COLUMN))
        self.facts.styles[self._place] = int(self._cell.get("s", "0"))
        if len(self.facts.styles) > VALUE_CELLS:
            raise refuse("FILE_022", cells=VALUE_CELLS)

    def _shown(self, shown: str) -> None:
        self.facts.uncalculated.discard(self._place)
        kind = self._cell.get("t", "n") if self._cell else "n"
        if kind == "e":
            self.facts.errors[self._place] = shown
        elif kind == "s":
            self.facts.text_cells = True

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        top, left = place_of(first)
        bottom, right = place_of(last or first)
        self.facts.merges.append(Merge(top, left, bottom, right))
