"""The workbook's sheets as a raw regulation, as it would be in regulation.toml, each key with the cell it comes
from.

What a cell cannot be read as is reported here; what the rules demand of a regulation is theirs to say (`judge`).
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from perfeval.filing.headers import Found
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import Shape, Sheet
from perfeval.model.regulation import METHOD_NAMES
from perfeval.rules.numbers import built_in_kinds
from perfeval.schemes.words import Names, data_labels
from perfeval.schemes.workbook.figures import figure_of

Cells = Mapping[str, Cell[Any]]
Raw = dict[str, Any]


def back(words: Mapping[Any, str]) -> dict[str, Any]:
    """From the words on the page to the regulation's own."""
    return {shown: word if isinstance(word, bool | int) else str(word) for word, shown in words.items()}


METHODS = back(METHOD_NAMES)


def word(cell: Cell[Any]) -> Any:
    """The value of a cell, whose kind its column says."""
    return cell.value


class Draft:
    """A regulation being read. `places`: key as the rules name it → cell; `reported`: cells about which something has
    been said."""

    def __init__(self, sheets: Mapping[str, "Read"]) -> None:
        self.sheets = sheets
        self.raw: Raw = {}
        self.places: dict[str, Cell[Any]] = {}
        self.findings: list[Finding] = []
        self.reported: set[CellRef] = set()
        self.own: dict[str, str] = {}  # key → label of the regulation's own inputs and facts
        self.is_lacking_names = False  # whether a sheet of names cannot be read: that is reported, not what names them

    @property
    def names(self) -> Names:
        """Every data name with the word it goes by here."""
        return data_labels(self.own)

    @property
    def usable_names(self) -> list[str]:
        """The words of the numbers this kind of regulation may use."""
        names = self.names
        return [names[key] for key in (*self.own, *built_in_kinds(self.raw.get("kind", "")))]

    def report(self, code: str, cell: Cell[Any], **words: Any) -> None:
        """A finding about a cell."""
        self.findings.append(make(code, cell, **words))
        self.reported.add(cell.ref)

    def put(self, into: Raw, name: str, key: str, cell: Cell[Any], words: Mapping[str, Any] | None = None) -> None:
        """The cell's value under `name`, translated by `words`; nothing where it is blank or cannot be read. Its place
        is known either way."""
        self.places[key] = cell
        if cell.is_read:
            into[name] = words.get(word(cell), word(cell)) if words is not None else word(cell)

    def figure(self, into: Raw, name: str, key: str, cell: Cell[Any]) -> None:
        """A number or a percentage."""
        self.places[key] = cell
        number = figure_of(word(cell)) if cell.is_read else None
        if number is not None:
            into[name] = number
        elif cell.is_read:
            self.report("CELL_002", cell, expected="一个数或百分比", remedy="请只填数或百分比，比率如 10% 或 0.1。")

    def choice(self, into: Raw, name: str, key: str, cell: Cell[Any], words: Mapping[str, Any]) -> None:
        """One of some words, in a column whose drop-down differs from row to row."""
        self.places[key] = cell
        if cell.is_read and word(cell) in words:
            into[name] = words[word(cell)]
        elif cell.is_read:
            self.report("CELL_003", cell, expected="、".join(words))

    def data_name(self, into: Raw, name: str, key: str, cell: Cell[Any], usable: Iterable[str]) -> None:
        """The Chinese name of a number; its English one serves as well. `usable` are the Chinese ones that fit here:
        only they are suggested."""
        self.places[key] = cell
        if not cell.is_read:
            return
        text, names = word(cell), self.names
        known = {**dict.fromkeys(names), **back(names)}
        if text in known:
            into[name] = known[text] or text
            return
        if self.is_lacking_names:
            self.reported.add(cell.ref)
            return
        near = _nearest(text, tuple(usable))
        self.report("REGULATION_003", cell, near=f"是否为{'、'.join(f'“{n}”' for n in near)}？" if near else "")

    def unused(self, cell: Cell[Any], reason: str, what: str = "这一格") -> None:
        """Something is where nothing is read."""
        if cell.is_read:
            self.report("REGULATION_006", cell, reason=reason, what=what)


def _nearest(text: str, names: Sequence[str]) -> list[str]:
    """At most two names that may be meant: those that begin with the text, else hold it, else look like it."""
    ways = (
        [n for n in names if n.startswith(text)],
        [n for n in names if text in n],
        get_close_matches(text, names, n=2, cutoff=0.5),
    )
    return next((way[:2] for way in ways if way), [])


class Read:
    """One sheet as read: `rows` of a table, or `cells` of a labelled sheet (row key → column key → cell); `header`
    stands for the whole sheet."""

    def __init__(self, sheet: Sheet, found: Found | None, rows: list[Cells], cells: Mapping[str, Cells]) -> None:
        self.sheet, self.found, self.rows, self.cells = sheet, found, rows, cells

    def header(self, key: str = "") -> Cell[Any]:
        """The header cell of a column, or of the first."""
        found = self.found
        if found is None or not found.columns:
            return Cell(CellRef(self.sheet.name, 1, 1), self.sheet.name, state=State.ABSENT)
        column = found.columns.get(key, min(found.columns.values()))
        label = self.sheet.field(key).label if key and self.sheet.shape is not Shape.LABELS else self.sheet.name
        return Cell(CellRef(self.sheet.name, found.header_row, column), label)
