"""The plain cells of a worksheet part, nearly all of it: a bare number, a shared text, a formula, its place named. They
need no XML parser's calls.

What is left of the part goes through the parser as ever. A cell is taken out only where that cannot hide damage:
between the tags of sheetData, where another tag follows, and where the part has no comment, character data section or
further processing instruction to be in. Only where a part breaks the format's own rules (one place written twice, a
value outside of every cell) may a style or a fault go to another cell than it would otherwise; the limits hold all the
same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import unescape

from perfeval.excel.slim import UNPLACED

TEXT = rb"(?:[^<>&\x00-\x1f]++|&(?:lt|gt|amp|quot);)"  # of a formula or its result
PLAIN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?'
    rb'(?: t="(s)"><v>[0-9]{1,9}|><v>[-+0-9.Ee]+|( t="str")?><f>('
    + TEXT
    + rb"++)</f><v>("
    + TEXT
    + rb"*+))</v></c>(?=<)"
)
UNSURE = b"\xef\xbf"  # begins, among others, what is no character of XML
SHORTEST_CELL = len('<c r="A1"><v>1</v></c>')
GROUPS = PLAIN_CELL.groups + 1  # a split gives the groups of each cell and what is before it
QUOTE = {"&quot;": '"'}
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plain:
    """The style index of each plain cell, the formulas, those never calculated, whether one is a shared text, and the
    part without them."""

    styles: dict[Place, int]
    formulas: dict[Place, str]
    uncalculated: set[Place]
    text_cells: bool
    rest: bytes


def take_plain(data: bytes, last_row: int, last_column: int, most: int) -> Plain | None:
    """The plain cells of a part; None where they cannot be known safely or may pass the limits: then the parser has to
    see every one."""
    head, opening, inside = data.partition(b"<sheetData>")
    body, closing, tail = inside.partition(b"</sheetData>")
    if not closing or len(body) > most * SHORTEST_CELL or UNSURE in body or not _is_utf_8(body):
        return None
    pieces = PLAIN_CELL.split(body)
    rest = b"".join((head, opening, *pieces[::GROUPS], closing, tail))
    if b"<!" in rest or rest.rfind(b"<?") > 0 or UNPLACED.search(rest) is not None:
        return None
    columns, rows, styles = (list(map(_number, pieces[group::GROUPS])) for group in (1, 2, 3))
    if max(rows, default=0) > last_row or max(columns, default=0) > last_column:
        return None
    places = list(zip(rows, columns, strict=True))
    formulas: dict[Place, str] = {}
    uncalculated: set[Place] = set()
    for place, is_text, formula, result in zip(
        places, pieces[5::GROUPS], pieces[6::GROUPS], pieces[7::GROUPS], strict=True
    ):
        if formula is not None:
            formulas[place] = unescape(formula.decode(), QUOTE) if b"&" in formula else formula.decode()
            if not (result or is_text):  # an empty text may well have been calculated
                uncalculated.add(place)
    by_place = dict(zip(places, styles, strict=True))
    if len(by_place) < len(places):  # one place twice
        return None
    return Plain(by_place, formulas, uncalculated, b"s" in pieces[4::GROUPS], rest)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=1 << 15)  # rows, columns and styles come again from sheet to sheet
def _number(text: bytes | None) -> int:
    """A → 1, AA → 27, 12 → 12; a style that is not named → 0."""
    if text is None or text.isdigit():
        return int(text or 0)
    return sum((letter - ord("A") + 1) * 26**place for place, letter in enumerate(reversed(text)))
