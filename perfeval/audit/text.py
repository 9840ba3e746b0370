"""A printed line in a form that can be compared, with the way back to the words as they are printed."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfeval.model.project_types import PROJECT_CLASSES, PROJECT_TYPES

KEPT = "，；：！？"  # full-width stops stay: a half-width comma would make one number of “第5，300万元”
STOPS = {";": "；", ":": "：", "!": "！", "?": "？"}
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
SENTENCE_END = re.compile("[。；！？]")
NUMBER = r"\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?"
CLASS = "|".join(re.escape(one.name) for one in PROJECT_CLASSES)  # a class of projects, and what it says it includes
_TYPES = "|".join(map(re.escape, PROJECT_TYPES))
INCLUDED = rf"(?:\(含?(?:{_TYPES})(?:项目)?\))?"
LONGEST_QUOTE = 160
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

    def quote(self, start: int, end: int) -> str:
        """The sentence or sentences around `start`…`end` of `plain`, as printed; a long one is cut, with …"""
        if len(self.plain) <= WHOLE_LINE:
            start, end = 0, len(self.plain)
        before = [m.end() for m in SENTENCE_END.finditer(self.plain, 0, start)]
        after = SENTENCE_END.search(self.plain, end)
        first = before[-1] if before else 0
        last = after.end() if after else len(self.plain)
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


def figure(line: Line, match: re.Match[str], group: str | int = 0) -> Figure:
    """The number a pattern found in a line."""
    start, end = match.span(group)
    number = match[group]
    return Figure(
        ("line", line.number, start), Decimal(number.replace(",", "")), number, line.where, line.quote(start, end)
    )
