"""A Word file's parts → its paragraphs and table rows as they read with every tracked change accepted: insertions in,
deletions out, moved text once; content controls, fields, text boxes, footnotes and headers included, automatic numbers
written out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DOCUMENT = "word/document.xml"
GONE = frozenset(
    {
        f"{W}del",
        f"{W}moveFrom",
        f"{W}instrText",
        f"{W}delText",
        f"{W}delInstrText",
        f"{W}rPr",
        f"{W}pPr",
        f"{MC}Fallback",
    }
)
HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-4])", re.IGNORECASE)
MOST_COLUMNS = 200  # Word knows 63
DEEPEST = 200
HEADER_PART = re.compile(r"word/(?P<kind>header|footer|footnotes|endnotes)\d*\.xml")
HEADER_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
DIGITS = "〇一二三四五六七八九"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (text) or a table row (cells). `anchor` is the paragraph's number in document.xml, -1 in other
    parts."""

    place: str
    text: str = ""
    heading: int = 0
    cells: tuple[str, ...] = ()
    table: int = 0
    anchor: int = -1
    anchors: tuple[int, ...] = ()


@dataclass
class _Numbers:
    """Automatic numbers: the formats of each list's levels, and how far it has been counted."""

    levels: dict[str, dict[int, tuple[str, str, int]]] = field(
        default_factory=dict
    )  # list → level → format, text, start
    lists: dict[str, str] = field(default_factory=dict)  # numId → its abstract list
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counted: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, paragraph: etree._Element, style: str) -> str:
        """The number Word shows in front of a paragraph; "" for none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, level = self.styles.get(style, ("", 0))
        if own is not None:
            number = _value(own.find(f"{W}numId")) or number
            level = int(_value(own.find(f"{W}ilvl")) or level)
        levels = self.levels.get(self.lists.get(number, ""), {})
        if level not in levels:
            return ""
        counts = self.counted[self.lists[number]]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        text = levels[level][1]
        for n in range(level + 1):
            kind, _, start = levels.get(n, ("decimal", "", 1))
            text = text.replace(f"%{n + 1}", numeral(counts.get(n, start), kind))
        return text


def numeral(number: int, kind: str) -> str:
    """12 as 十二 (Chinese kinds), L (letters) or 12; "" for bullets."""
    if kind in ("bullet", "none"):
        return ""
    if "hinese" in kind or kind.startswith(("ideograph", "japanese", "taiwanese")):
        if not 0 < number < 100:
            return str(number)
        tens, ones = divmod(number, 10)
        return (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones else "")
    if kind in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr((65 if kind == "upperLetter" else 97) + number - 1)
    return str(number)


def blocks(parts: Mapping[str, bytes]) -> Iterator[Block]:
    """The paragraphs and rows of a document in order, its headers first, its notes last. Raises etree.XMLSyntaxError,
    ValueError."""
    others = [(m["kind"], name) for name in parts if (m := HEADER_PART.fullmatch(name))]
    yield from (b for kind, name in sorted(others) if kind == "header" for b in _aside(parts[name], kind))
    yield from _View(parts).body()
    yield from (b for kind, name in sorted(others) if kind != "header" for b in _aside(parts[name], kind))


def _aside(content: bytes, kind: str) -> Iterator[Block]:
    for paragraph in etree.fromstring(content, PARSER).iter(f"{W}p"):
        text = _text(paragraph)
        if text.strip():
            yield Block(HEADER_NAMES[kind], text)


class _View:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.root = etree.fromstring(parts[DOCUMENT], PARSER)
        self.order = {paragraph: n for n, paragraph in enumerate(self.root.iter(f"{W}p"))}
        self.headings: dict[str, int] = {}
        self.numbers = _Numbers()
        if "word/styles.xml" in parts:
            self._styles(etree.fromstring(parts["word/styles.xml"], PARSER))
        if "word/numbering.xml" in parts:
            self._lists(etree.fromstring(parts["word/numbering.xml"], PARSER))
        self.paragraphs = self.tables = 0

    def _styles(self, root: etree._Element) -> None:
        for style in root.iter(f"{W}style"):
            name, key = _value(style.find(f"{W}name")), style.get(f"{W}styleId", "")
            if found := HEADING_STYLE.match(name):
                self.headings[key] = int(found[1])
            number = style.find(f"{W}pPr/{W}numPr")
            if number is not None:
                self.numbers.styles[key] = _value(number.find(f"{W}numId")), int(_value(number.find(f"{W}ilvl")) or 0)

    def _lists(self, root: etree._Element) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            self.numbers.levels[key] = {
                int(level.get(f"{W}ilvl", "0")): (
                    _value(level.find(f"{W}numFmt")) or "decimal",
                    _value(level.find(f"{W}lvlText")),
                    int(_value(level.find(f"{W}start")) or 1),
                )
                for level in abstract.iter(f"{W}lvl")
            }
        for number in root.iter(f"{W}num"):
            self.numbers.lists[number.get(f"{W}numId", "")] = _value(number.find(f"{W}abstractNumId"))

    def body(self) -> Iterator[Block]:
        body = self.root.find(f"{W}body")
        yield from self._within(body, 0) if body is not None else ()

    def _within(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """What stands in a body, a content control, an insertion or a cell."""
        if depth > DEEPEST:
            raise ValueError(depth)
        waiting = ""  # of a paragraph whose end was deleted: it goes on in the next
        for child in parent:
            if child.tag == f"{W}p":
                text = waiting + self._paragraph(child)
                waiting = text if child.find(f"{W}pPr/{W}rPr/{W}del") is not None else ""
                if text.strip() and not waiting:
                    self.paragraphs += 1
                    place = f"第 {self.paragraphs} 段"
                    yield Block(place, text, self.headings.get(_style(child), 0), anchor=self.order[child])
                yield from self._boxes(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag not in GONE:
                yield from self._within(child, depth + 1)

    def _paragraph(self, paragraph: etree._Element) -> str:
        text = _text(paragraph)
        number = self.numbers.of(paragraph, _style(paragraph)) if text.strip() else ""
        return number + text

    def _boxes(self, paragraph: etree._Element, depth: int) -> Iterator[Block]:
        """Text boxes are anchored in a paragraph and hold paragraphs of their own."""
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(a.tag in GONE or a.tag == f"{W}txbxContent" for a in box.iterancestors()):
                yield from self._within(box, depth + 1)

    def _table(self, table: etree._Element, depth: int) -> Iterator[Block]:
        """Each row; a cell that spans columns is followed by blanks, one that spans rows says the same in each."""
        if depth > DEEPEST:
            raise ValueError(depth)
        self.tables += 1
        own, above = self.tables, dict[int, tuple[str, int]]()
        nested: list[Block] = []
        for number, row in enumerate((r for r in table.iter(f"{W}tr") if _table_of(r) is table), 1):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            here: dict[int, tuple[str, int]] = {}
            column = int(_value(row.find(f"{W}trPr/{W}gridBefore")) or 0)
            cells, anchors = [""] * min(column, MOST_COLUMNS), [-1] * min(column, MOST_COLUMNS)
            for cell in (c for c in row.iter(f"{W}tc") if _row_of(c) is row):
                span = int(_value(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
                if column + span > MOST_COLUMNS:
                    raise ValueError(span)
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and (merge.get(f"{W}val") or "continue") == "continue"
                here[column] = above.get(column, ("", -1)) if goes_on else self._cell(cell)
                cells += [here[column][0], *[""] * (span - 1)]
                anchors += [here[column][1]] * span
                column += span
                for inner in cell.iter(f"{W}tbl"):
                    if _cell_of(inner) is cell:
                        nested += self._table(inner, depth + 1)
            above = here
            yield Block(f"表 {own} 第 {number} 行", cells=tuple(cells), table=own, anchors=tuple(anchors))
        yield from nested

    def _cell(self, cell: etree._Element) -> tuple[str, int]:
        own = [p for p in cell.iter(f"{W}p") if _cell_of(p) is cell]
        return "\n".join(self._paragraph(p) for p in own), self.order[own[0]] if own else -1


def _ancestor(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _table_of(row: etree._Element) -> etree._Element | None:
    return _ancestor(row, f"{W}tbl")


def _row_of(cell: etree._Element) -> etree._Element | None:
    return _ancestor(cell, f"{W}tr")


def _cell_of(element: etree._Element) -> etree._Element | None:
    return _ancestor(element, f"{W}tc")


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _style(paragraph: etree._Element) -> str:
    return _value(paragraph.find(f"{W}pPr/{W}pStyle"))


def _text(element: etree._Element) -> str:
    """The words of a paragraph, changes accepted, what a text box in it says left out."""
    found: list[str] = []
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == f"{W}t":
            found.append(child.text or "")
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            found.append(" ")
        elif child.tag == f"{W}noBreakHyphen":
            found.append("-")
        elif child.tag not in GONE and child.tag != f"{W}txbxContent":
            stack.append(iter(child))
    return "".join(found)
