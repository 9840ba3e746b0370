"""A .docx → its paragraphs and tables in order, each cell with the rows and columns it covers. What was deleted or
moved away under tracked changes is not there, what was inserted is."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml.ns import qn

DOCUMENT = "word/document.xml"
MOST_COLUMNS = 200  # Word knows 63
TEXT, TAB, BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
PARAGRAPH, TABLE, CELL, ROW = qn("w:p"), qn("w:tbl"), qn("w:tc"), qn("w:tr")
GONE = (qn("w:del"), qn("w:moveFrom"))
CONTAINERS = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside of the tables that is not blank; `number` counts those."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell: the rows and columns of the table's grid it covers, ends included; `position` counts the cells of its
    row."""

    row: int
    column: int
    bottom: int
    right: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table of the document's body."""

    number: int
    height: int
    cells: tuple[WordCell, ...]


def read_blocks(content: bytes) -> list[Paragraph | WordTable]:
    """The blocks of a document's body. Raises whatever python-docx raises for a damaged one, ValueError for a table of
    hundreds of columns."""
    blocks: list[Paragraph | WordTable] = []
    paragraphs = tables = 0
    for element in _inside(Document(io.BytesIO(content)).element.body, (PARAGRAPH, TABLE)):
        if element.tag == TABLE:
            tables += 1
            blocks.append(_table(element, tables))
        elif text := _text(element):
            paragraphs += 1
            blocks.append(Paragraph(paragraphs, text))
    return blocks


def _inside(parent: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """The children of these tags, also those wrapped in content controls and tracked insertions."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in CONTAINERS:
            yield from _inside(child, tags)


def _text(element: Any) -> str:
    """What is read of a paragraph or of a cell's paragraphs; nested tables are not."""
    if element.tag == PARAGRAPH:
        return "".join(_runs(element)).strip()
    return "\n".join(filter(None, map(_text, _inside(element, (PARAGRAPH,)))))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag == TAB:
            yield "\t"
        elif child.tag in BREAKS:
            yield "\n"
        elif child.tag not in GONE:
            yield from _runs(child)


def _table(table: Any, number: int) -> WordTable:
    rows = list(_inside(table, (ROW,)))
    cells: list[WordCell] = []
    open_above: dict[int, int] = {}  # column → the cell, by its place in `cells`, that reaches down to the row above
    for row, element in enumerate(rows, 1):
        column, still_open = element.grid_before + 1, {}
        for position, cell in enumerate(_inside(element, (CELL,)), 1):
            right = column + cell.grid_span - 1
            if right > MOST_COLUMNS:
                raise ValueError(right)
            above = open_above.get(column)
            if cell.vMerge == "continue" and above is not None and cells[above].right == right:
                before = cells[above]
                cells[above] = WordCell(before.row, before.column, row, right, before.position, before.text)
                still_open[column] = above
            else:
                if cell.vMerge is not None:
                    still_open[column] = len(cells)
                cells.append(WordCell(row, column, row, right, position, _text(cell)))
            column = right + 1
        open_above = still_open
    return WordTable(number, len(rows), tuple(cells))
