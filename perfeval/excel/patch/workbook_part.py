"""The workbook part: which sheet is which part; puts a sheet in front or takes one out, and keeps every sheet-bound
name with its sheet."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from perfeval.excel.patch.cells import open_sheet
from perfeval.excel.patch.parts import IS_STRICT, Parts
from perfeval.excel.patch.splice import (
    DAMAGED,
    MAIN,
    RELATION_ID,
    RELATIONS,
    STRICT,
    CannotMark,
    Document,
    Element,
    escape,
)
from perfeval.model.names import visible

LARGEST_OWN = 4 * 1024 * 1024  # bytes of a sheet of the official's own that is still looked at
WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
SELECTED = re.compile(rb"""\stabSelected\s*=\s*(?:"[^"]*"|'[^']*')""")
_BEFORE_NAMES = frozenset({"sheets", "functionGroups", "externalReferences"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by name, its part, and whether it holds cells that can be marked (a chart sheet does not)."""

    name: str
    part: str
    has_cells: bool


class Workbook:
    """The workbook part of a package; `read` are the names of the sheets that were read, whatever their size.

    Raises CannotMark where the package is no transitional workbook.
    """

    def __init__(self, parts: Parts, read: Collection[str] = ()) -> None:
        self.parts, self._read = parts, read
        part = parts.related("", "officeDocument")
        if part is None:
            raise CannotMark(DAMAGED)
        self.part = part
        self.folder = part.rpartition("/")[0]
        root = self._document().root
        if root.namespace.startswith(STRICT):
            raise CannotMark(IS_STRICT)
        if root.namespace != MAIN or root.child("sheets") is None:
            raise CannotMark(DAMAGED)

    def _document(self) -> Document:
        return Document(self.parts[self.part])

    def inside(self, name: str) -> str:
        """The name of a part in the workbook's folder."""
        return f"{self.folder}/{name}".lstrip("/")

    def sheets(self) -> list[Sheet]:
        """The sheets in the order of their tabs."""
        relations = {r.id: r for r in self.parts.relations(self.part)}
        found = []
        for element in _sheet_elements(self._document()):
            relation = relations.get(element.attributes.get(RELATION_ID, ""))
            if relation is None:
                raise CannotMark(DAMAGED)
            name = element.attributes.get("name", "")
            has_cells = (
                relation.kind == "worksheet"
                and relation.target in self.parts
                and self._is_looked_at(name, relation.target)
            )
            found.append(Sheet(name, relation.target, has_cells))
        return found

    def _is_looked_at(self, name: str, part: str) -> bool:
        """A sheet of the official's own that is far too large was not read, and stays as it is."""
        return visible(name).strip() in self._read or len(self.parts[part]) <= LARGEST_OWN

    def put_first(self, name: str, data: bytes, printed: Mapping[str, str]) -> None:
        """Adds a sheet in front, shown when the file is opened; `printed` is what it says of printing (`Print_Titles` →
        `$5:$5`)."""
        part = self.parts.free_name(self.inside("worksheets/sheet{}.xml"))
        self.parts.add(part, data, WORKSHEET_TYPE)
        relation = self.parts.relate(self.part, "worksheet", part)
        document = self._document()
        elements = _sheet_elements(document)
        number = max((int(e.attributes.get("sheetId", "0")) for e in elements), default=0) + 1
        prefix, declared = relation_prefix(document)
        sheets = document.root.child("sheets")
        if sheets is not None:
            document.insert_child(
                sheets,
                f'<sheet{declared} name="{escape(name)}" sheetId="{number}" {prefix}id="{relation}"/>',
                frozenset(),
            )
        _shift_names(document, lambda position: position + 1)
        quoted = escape(name.replace("'", "''"))
        own = (
            f'<definedName name="_xlnm.{key}" localSheetId="0">\'{quoted}\'!{range_}</definedName>'
            for key, range_ in printed.items()
        )
        _add_names(document, "".join(own))
        for view in document.root.all("workbookView"):
            document.set_attribute(view, "activeTab", None)
            document.set_attribute(view, "firstSheet", None)
        self.parts[self.part] = document.render()

    def take_out(self, sheet: Sheet) -> None:
        """Removes a sheet, what belongs to it alone, and the names bound to it."""
        document = self._document()
        elements = _sheet_elements(document)
        gone = next(position for position, e in enumerate(elements) if e.attributes.get("name") == sheet.name)
        document.remove(elements[gone])
        _shift_names(document, lambda position: None if position == gone else position - (position > gone))
        self.parts[self.part] = document.render()
        owned = [relation.target for relation in self.parts.relations(sheet.part)]
        self.parts.unrelate(self.part, sheet.part)
        self.parts.remove(sheet.part)
        for target in owned:
            self.parts.remove(target)

    def deselect_all(self) -> None:
        """No sheet's tab is selected any more: two selected tabs are a group, and typing would go into both."""
        for sheet in self.sheets():
            if sheet.part in self.parts:
                views, cells, rest = self.parts[sheet.part].partition(
                    b"sheetData"
                )  # not parsed: it may be large or damaged
                if b"tabSelected" in views:
                    self.parts[sheet.part] = SELECTED.sub(b"", views) + cells + rest


def comment_drawing(parts: Parts, sheet_part: str) -> str | None:
    """The drawing a sheet's comment boxes are in; not the one of its headers and footers, which is of the same kind."""
    document, _ = open_sheet(parts[sheet_part])
    element = document.root.child("legacyDrawing")
    number = element.attributes.get(RELATION_ID) if element else None
    return next((r.target for r in parts.relations(sheet_part) if r.id == number and r.target in parts), None)


def _sheet_elements(document: Document) -> list[Element]:
    sheets = document.root.child("sheets")
    return [e for e in sheets.children if e.name == "sheet"] if sheets else []


def relation_prefix(document: Document) -> tuple[str, str]:
    """The prefix of relationship ids in the part, and its declaration where the root has none."""
    prefix = document.namespace_prefix(RELATIONS)
    return (prefix, "") if prefix else ("r:", f' xmlns:r="{RELATIONS}"')


def _shift_names(document: Document, move: Callable[[int], int | None]) -> None:
    for name in document.root.all("definedName"):
        if "localSheetId" in name.attributes:
            position = move(int(name.attributes["localSheetId"]))
            if position is None:
                document.remove(name)
            else:
                document.set_attribute(name, "localSheetId", str(position))


def _add_names(document: Document, xml: str) -> None:
    names = document.root.child("definedNames")
    if names is None:
        document.insert_child(document.root, f"<definedNames>{xml}</definedNames>", _BEFORE_NAMES)
    else:
        document.append(names, xml)
