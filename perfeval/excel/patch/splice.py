"""Reads an XML part with the byte offset of every element, and writes it back with only the changed places spliced in.

A tree library would write the whole part again: quotes, empty tags, prefixes and declarations would all differ from
what Excel or WPS saved.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape as _escape

from perfeval.excel.scan import DEPTH

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/"
RELATION_ID = f"{RELATIONS} id"  # how `walk` names the attribute r:id, whatever its prefix

DAMAGED = "这个工作簿的内部结构有损坏，无法在副本上标注。请用 Excel 或 WPS 打开后另存一份，再放回 input 文件夹。"

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_TAG_NAME = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED_ENCODING = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[^"']+""")
_PLAIN_TAG = re.compile(r"(</?)(?=\w)(?!\w+:)")


class CannotMark(Exception):  # noqa: N818  (not an error of the program: it says what is special about the workbook)
    """No returned copy can be made of this workbook; the message is a Chinese sentence for the official."""


@dataclass(slots=True)
class Element:
    """An element and where it is: [start, opened) is its start tag, `close` where its end tag begins, `end` where
    it ends.

    `close` equals `end` for an element written <so/>. Attributes of a namespace are named “namespace name”.
    """

    namespace: str
    name: str
    attributes: dict[str, str]
    start: int
    opened: int
    close: int = 0
    end: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """The first child of that local name."""
        return next((c for c in self.children if c.name == name), None)

    def all(self, name: str) -> list["Element"]:
        """Every descendant of that local name, in the order of the document."""
        found = []
        for child in self.children:
            if child.name == name:
                found.append(child)
            found.extend(child.all(name))
        return found

    def whole_text(self) -> str:
        """All character data inside, joined."""
        return self.text + "".join(c.whole_text() for c in self.children)


def as_utf8(data: bytes) -> bytes:
    """The part in UTF-8; only a part in UTF-16 is written again for it."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return _DECLARED_ENCODING.sub(r"\g<1>UTF-8", data.decode("utf-16"), count=1).encode()


def walk(
    data: bytes, start: Callable[[Element], None], end: Callable[[Element], None], skip: frozenset[str] = frozenset()
) -> None:
    """Calls `start` and `end` for every element but those inside an element named in `skip`; children are not
    collected.

    Raises CannotMark for XML that is damaged or has a document type.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    stack: list[Element] = []
    skipped = 0  # how deep inside a skipped element

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal skipped
        if skipped:
            skipped += 1
            return
        at = parser.CurrentByteIndex
        tag = _START_TAG.match(data, at)
        if tag is None:
            raise CannotMark(DAMAGED)
        namespace, _, local = name.rpartition(" ")
        stack.append(Element(namespace, local, attributes, at, tag.end()))
        start(stack[-1])
        skipped = int(local in skip)

    def closed(_: str) -> None:
        nonlocal skipped
        skipped -= bool(skipped)
        if skipped:
            return
        element = stack.pop()
        own_tag = data[element.opened - 2 : element.opened] != b"/>"
        element.close = parser.CurrentByteIndex if own_tag else element.opened
        element.end = data.index(b">", element.close) + 1 if own_tag else element.opened
        end(element)

    def text(words: str) -> None:
        if not skipped:
            stack[-1].text += words

    def doctype(*_: object) -> None:
        raise CannotMark(DAMAGED)

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise CannotMark(DAMAGED) from error


class Document:
    """One part with its elements, and the changes asked for; `render` gives the part with them.

    Descendants of elements named in `skip` are left out of the tree (the cells of a large sheet).
    """

    def __init__(self, data: bytes, skip: frozenset[str] = frozenset()) -> None:
        self.data = as_utf8(data)
        self._edits: list[tuple[int, int, bytes]] = []
        self._tags: dict[int, bytes] = {}
        self._added: dict[int, list[bytes]] = {}
        self._opened: dict[int, Element] = {}
        self.root = self._tree(skip)
        name = self.name_of(self.root)
        self.prefix = name.rpartition(":")[0]

    def _tree(self, skip: frozenset[str]) -> Element:
        stack = [Element("", "", {}, 0, 0)]

        def start(element: Element) -> None:
            stack[-1].children.append(element)
            stack.append(element)
            if len(stack) > DEPTH + 1:
                raise CannotMark(DAMAGED)

        def end(_: Element) -> None:
            stack.pop()

        walk(self.data, start, end, skip)
        return stack[0].children[0]

    def name_of(self, element: Element) -> str:
        """The element's name as written, with its prefix."""
        found = _TAG_NAME.match(self.data, element.start)
        return found.group(1).decode() if found else element.name

    def source(self, element: Element) -> str:
        """The element as written, with all it holds."""
        return self.data[element.start : element.end].decode()

    def namespace_prefix(self, namespace: str) -> str | None:
        """The prefix the root element gives a namespace, with its colon; '' for the default one; None where it gives
        none."""
        tag = self.data[self.root.start : self.root.opened]
        for name, value in _ATTRIBUTE.findall(tag):
            if value[1:-1].decode() == namespace and name.startswith(b"xmlns"):
                return f"{name.partition(b':')[2].decode()}:".lstrip(":")
        return None

    def set_attribute(self, element: Element, name: str, value: str | None) -> None:
        """Changes, adds or (None) removes an attribute without a prefix; the rest of the tag stays as written."""
        tag = self._tags.get(element.start, self.data[element.start : element.opened])
        self._tags[element.start] = with_attribute(tag, name, value)
        self._opened[element.start] = element

    def append(self, element: Element, xml: str) -> None:
        """Puts plain-named XML before the element's end tag."""
        self._added.setdefault(element.start, []).append(self.qualified(xml))
        self._opened[element.start] = element

    def insert(self, at: int, xml: str) -> None:
        """Puts plain-named XML at a byte offset."""
        self._edits.append((at, at, self.qualified(xml)))

    def insert_child(self, parent: Element, xml: str, after: frozenset[str]) -> None:
        """Puts plain-named XML behind the last child whose name is in `after` (the schema's order), or first."""
        before = [c for c in parent.children if c.name in after]
        if parent.close == parent.end:  # written <so/>: it has no children
            self.append(parent, xml)
        else:
            self.insert(before[-1].end if before else parent.opened, xml)

    def remove(self, element: Element) -> None:
        """Takes the element out."""
        self._edits.append((element.start, element.end, b""))

    def collapse(self, element: Element) -> None:
        """Leaves the element empty, written <so/>."""
        tag = self.data[element.start : element.opened]
        self._edits.append((element.start, element.end, tag if tag.endswith(b"/>") else tag[:-1].rstrip() + b"/>"))

    def replace_content(self, element: Element, xml: str) -> None:
        """Puts escaped text or XML, exactly as given, in place of what the element holds."""
        self._edits.append((element.opened, element.close, xml.encode()))

    def qualified(self, xml: str) -> bytes:
        """Plain-named XML with the part's own prefix."""
        return (_PLAIN_TAG.sub(rf"\g<1>{self.prefix}:", xml) if self.prefix else xml).encode()

    @property
    def changed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self._edits or self._opened)

    def render(self) -> bytes:
        """The part with every change."""
        edits = sorted([*self._edits, *self._tag_edits()], key=lambda edit: edit[:2])
        pieces, at = [], 0
        for start, end, new in edits:
            pieces += [self.data[at:start], new]
            at = end
        return b"".join([*pieces, self.data[at:]])

    def _tag_edits(self) -> list[tuple[int, int, bytes]]:
        edits = []
        for start, element in self._opened.items():
            tag = self._tags.get(start, self.data[start : element.opened])
            added = b"".join(self._added.get(start, ()))
            if added and element.close == element.end:
                tag = tag[:-2].rstrip() + b">" + added + f"</{self.name_of(element)}>".encode()
            elif added:
                edits.append((element.close, element.close, added))
            edits.append((start, element.opened, tag))
        return edits


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with the attribute changed, added at its end, or (None) removed."""
    for found in _ATTRIBUTE.finditer(tag):
        if found.group(1) == name.encode():
            if value is None:
                return tag[: found.start()] + tag[found.end() :]
            return tag[: found.start(2)] + f'"{escape(value)}"'.encode() + tag[found.end(2) :]
    if value is None:
        return tag
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + f' {name}="{escape(value)}"'.encode() + tag[end:]


def escape(text: str) -> str:
    """Text as element content or as a value in double quotes."""
    return _escape(text, {'"': "&quot;"})


def retag(source: str, attributes: dict[str, str]) -> str:
    """An element as written, with attributes of its start tag changed."""
    data = source.encode()
    found = _START_TAG.match(data)
    if found is None:
        raise CannotMark(DAMAGED)
    tag = found.group()
    for name, value in attributes.items():
        tag = with_attribute(tag, name, value)
    return (tag + data[found.end() :]).decode()
