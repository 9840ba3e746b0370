"""The boxes comments are shown in: a drawing in the old vector language (VML), extended before its end tag, never
rewritten."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfeval.excel.patch.cells import Outline, Place
from perfeval.excel.patch.splice import DAMAGED, CannotMark, as_utf8

VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())
_NOTE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_END = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")
_SHAPE_NUMBER = re.compile(rb"_x0000_s(\d+)")
_CLUSTER = re.compile(rb"""<(?:\w+:)?idmap\b[^>]*\bdata\s*=\s*["']([\d,\s]+)""")
_SHAPE = re.compile(
    rb"""<(?:\w+:)?shape\b(?:[^>"']|"[^"]*"|'[^']*')*(?:(?<=/)>|(?<!/)>.*?</(?:\w+:)?shape\s*>)""", re.DOTALL
)
_ANY_SHAPE = re.compile(rb"<(?:\w+:)?(?:shape|line|rect|roundrect|oval|group|image|polyline|arc|curve)\b")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*<")
_SHAPES_PER_CLUSTER = 1024

WIDTH, LINE_HEIGHT, LARGEST = 330, 17, 520  # pixels
LAST_COLUMN = 16384
_CHARACTERS = 48  # in half widths, of 9 pt text across a box


@dataclass(frozen=True, slots=True)
class Box:
    """A comment's box: its cell and where it lies, in the eight numbers Excel counts (columns, rows, pixels into
    them)."""

    place: Place
    anchor: tuple[int, ...]


def box(place: Place, text: str, outline: Outline, heights: Mapping[int, float]) -> Box:
    """The box beside the cell, large enough for the text, measured over the columns and rows it covers."""
    first, last = outline.merge_around(place)
    left, right, into = _across(outline, first[1], last[1])
    height = min(LARGEST, LINE_HEIGHT * (_lines(text) + 2))
    top = bottom = max(first[0] - 2, 0)
    while height > (here := _row_height(outline, heights, bottom + 1)):
        height, bottom = height - here, bottom + 1
    return Box(place, (left, 12, top, 4, right, into, bottom, height))


def _across(outline: Outline, first: int, last: int) -> tuple[int, int, int]:
    """From which column (counted from 0) to which, and how far into it: right of the cell, or left of it where the
    columns on the right are hidden."""
    right, width = last, WIDTH
    while right < LAST_COLUMN and width > (here := _column_width(outline, right + 1)):
        width, right = width - here, right + 1
    if right < LAST_COLUMN:
        return last, right, width
    left, width = first - 1, WIDTH
    while left > 0 and width > 0:
        width, left = width - _column_width(outline, left), left - 1
    return left, first - 1, 0


def _lines(text: str) -> int:
    return sum(1 + sum(1 if ord(c) < 0x2E80 else 2 for c in line) // _CHARACTERS for line in text.split("\n"))


def _column_width(outline: Outline, number: int) -> int:
    attributes = outline.column(number)
    if attributes.get("hidden") in ("1", "true"):
        return 0
    width = attributes.get("width") or outline.formats.get("defaultColWidth") or "8.43"
    return int(float(width) * 7 + 5)


def _row_height(outline: Outline, heights: Mapping[int, float], number: int) -> int:
    points = heights.get(number, float(outline.formats.get("defaultRowHeight", "15")))
    return int(points * 4 / 3) if points or number in heights else 20


def new_drawing(others: Iterable[bytes]) -> bytes:
    """A drawing without boxes; its numbers are kept apart from the other drawings of the workbook."""
    taken = {
        int(number)
        for data in others
        for found in _CLUSTER.findall(data)
        for number in found.split(b",")
        if number.strip()
    }
    cluster = max(taken, default=0) + 1
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{cluster}"/></o:shapelayout>'
    return f"<xml {_DECLARED}>{layout}</xml>".encode()


def add_boxes(data: bytes, boxes: Iterable[Box]) -> bytes:
    """The drawing with the boxes put before its end tag. Raises CannotMark where there is none."""
    data = as_utf8(data)
    end = _END.search(data)
    if end is None:
        raise CannotMark(DAMAGED)
    clusters = [int(number) for found in _CLUSTER.findall(data) for number in found.split(b",") if number.strip()]
    used = [int(number) for number in _SHAPE_NUMBER.findall(data)]
    number = max([*used, *(cluster * _SHAPES_PER_CLUSTER for cluster in clusters[:1])], default=_SHAPES_PER_CLUSTER) + 1
    pieces = [] if b"_x0000_t202" in data else [_NOTE_TYPE]
    pieces += [_shape(number + step, each) for step, each in enumerate(boxes)]
    if not _declares_all(data):
        pieces = [re.sub(r"^<v:(shape|shapetype) ", rf"<v:\1 {_DECLARED} ", piece) for piece in pieces]
    return data[: end.start()] + "".join(pieces).encode() + data[end.start() :]


def _declares_all(data: bytes) -> bool:
    return all(
        re.search(rf"""xmlns:{prefix}\s*=\s*["']{name}["']""".encode(), data[:4096])
        for prefix, name in _NAMESPACES.items()
    )


def _shape(number: int, each: Box) -> str:
    row, column = each.place
    anchor = ", ".join(str(value) for value in each.anchor)
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;width:{WIDTH * 3 // 4}pt;'
        f'height:60pt;z-index:{number};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def remove_boxes(data: bytes, places: Iterable[Place]) -> bytes:
    """The drawing without the comment boxes of these cells."""
    gone = set(places)

    def keep(found: re.Match[bytes]) -> bytes:
        row, column = _ROW.search(found.group()), _COLUMN.search(found.group())
        is_note = b'ObjectType="Note"' in found.group() and row and column
        return (
            b""
            if is_note and row and column and (int(row.group(1)) + 1, int(column.group(1)) + 1) in gone
            else found.group()
        )

    left = _SHAPE.sub(keep, data)
    return left if b'"#_x0000_t202"' in left else left.replace(_NOTE_TYPE.encode(), b"")


def is_empty(data: bytes) -> bool:
    """Whether nothing is drawn any more."""
    return _ANY_SHAPE.search(data) is None
