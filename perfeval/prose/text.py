"""A printed line in a form that can be compared, with the way back to the words as they are printed."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

KEPT = "，；：！？"  # full-width stops stay: a half-width comma would make one number of “第5，300万元”
STOPS = {";": "；", ":": "：", "!": "！", "?": "？"}
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
SENTENCE_END = re.compile("[。；！？]")
NUMBER = r"\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?"
LONGEST_QUOTE = 160
LONGEST_CLAUSE = 120
CLAUSE_MARKS = "，。；！？、()"
WHOLE_LINE = 60  # a line up to this length is quoted whole, so that a heading keeps its name


def normalised(text: str) -> tuple[str, tuple[int, ...]]:
    """The text half-width and without spaces, and for each of its characters the place in `text`."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = character if character in KEPT else unicodedata.normalize("NFKC", character)
        for part in plain:
            if not part.isspace():
                characters.append(STOPS.get(part, part))
                places.append(place)
    joined = "".join(characters)
    commas = {m.start() for m in THOUSANDS.finditer(joined)}
    return "".join("，" if c == "," and i not in commas else c for i, c in enumerate(characters)), tuple(places)


def plain(text: str) -> str:
    """`normalised` without the places."""
    return normalised(text)[0]


@dataclass(frozen=True)
class Line:
    """A paragraph of the report. `place` is how the reader finds it (第 12 段, 第 88 行); `chapter` the headings above
    it."""

    number: int
    text: str
    place: str
    level: int = 0  # of its own number: 一、 1, （一） 2, 1. 3, （1） 4; 0 without one
    chapter: tuple[str, ...] = ()
    quoted: str = ""  # what is quoted of it where that is more than itself: the row of a cell

    @cached_property
    def _normalised(self) -> tuple[str, tuple[int, ...]]:
        return normalised(self.text)

    @property
    def plain(self) -> str:
        """The text in the form that is compared."""
        return self._normalised[0]

    @property
    def where(self) -> str:
        """Chapter and place, for the person who looks it up."""
        return f"{' / '.join(self.chapter)}（{self.place}）" if self.chapter else self.place

    @cached_property
    def half_width(self) -> str:
        """As printed, but half-width and without spaces: commas are as they were."""
        return "".join(unicodedata.normalize("NFKC", c) for c in self.text if not c.isspace() and c not in KEPT)

    def clause(self, start: int, end: int) -> str:
        """The words around `start`…`end` of `plain` up to the next marks, as printed, at most 120 characters."""
        near = max(0, start - LONGEST_CLAUSE // 2)
        first = max(near, *(self.plain.rfind(mark, near, start) + 1 for mark in CLAUSE_MARKS))
        far = min(len(self.plain), end + LONGEST_CLAUSE // 3)
        last = min([far, *(at for at in (self.plain.find(mark, end, far) for mark in CLAUSE_MARKS) if at >= 0)])
        return self.printed(first, last)

    def printed(self, start: int, end: int) -> str:
        """The piece of the text that `start`…`end` of `plain` stand for."""
        return self.text[self._at(start) : self._at(end - 1) + 1].strip()

    def quote(self, start: int, end: int) -> str:
        """The sentence or sentences around `start`…`end` of `plain`, as printed; a long one is cut, with …"""
        if self.quoted:
            return self.quoted
        if len(self.plain) <= WHOLE_LINE:
            start, end = 0, len(self.plain)
        before = [m.end() for m in SENTENCE_END.finditer(self.plain, max(0, start - 2 * LONGEST_QUOTE), start)]
        after = SENTENCE_END.search(self.plain, end, end + 2 * LONGEST_QUOTE)
        first = before[-1] if before else max(0, start - 2 * LONGEST_QUOTE)
        last = after.end() if after else min(len(self.plain), end + 2 * LONGEST_QUOTE)
        cut_first = max(first, start - LONGEST_QUOTE // 2) if last - first > LONGEST_QUOTE else first
        cut_last = min(last, max(end, cut_first + LONGEST_QUOTE)) if last - first > LONGEST_QUOTE else last
        words = " ".join(self.text[self._at(cut_first) : self._at(cut_last - 1) + 1].split())
        return f"{'…' if cut_first > first else ''}{words}{'…' if cut_last < last else ''}"

    def _at(self, position: int) -> int:
        places = self._normalised[1]
        return places[min(max(position, 0), len(places) - 1)] if places else 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number where it is printed: its value, the number as printed, and the sentence or table row it is in."""

    key: tuple[object, ...]  # line or table row, and the place in it: two figures are one when their keys are equal
    value: Decimal
    shown: str
    where: str
    quote: str
    clause: str = ""  # as printed, with at most the clause around it


def figure(line: Line, match: re.Match[str], group: str | int = 0) -> Figure:
    """The number a pattern found in a line."""
    start, end = match.span(group)
    number = match[group]
    return Figure(
        ("line", line.number, start),
        Decimal(number.replace(",", "")),
        number,
        line.where,
        line.quote(start, end),
        line.clause(start, end),
    )
