"""What closes a question: words of a 说明, 偏差原因 or 扣分原因 that say why. 同上, 哈哈, the name of the row, the question itself
and one sentence in three rows say nothing, unless it says why it holds for them all; such a cell is taken as blank, and
keeps why (`Cell.flaw`).

The one place where this is judged; the words, patterns and lengths are data, in `answers.toml`.
"""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from perfeval.findings.catalogue import catalogue
from perfeval.model.cells import BLANK, Cell
from perfeval.model.form import EXPLAINING, REASONS
from perfeval.model.names import plain_name

OTHER_THAN_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff]+")
CLAUSE_MARKS = re.compile(r"[，,。.；;、！!？?\s]+")
EXAMPLE = re.compile(r"例如“[^”]*”")
BRACKETS = re.compile(r"[\s()（）\[\]【】〔〕“”\"。]")
LONGEST_UNWRITTEN = 16  # characters
NAMING = ("name", "item_name", "subject")  # the columns that say what a row is about
FEWEST_ASKED = 5  # characters of a question's own words; shorter runs (“请核对”) are anybody's
SAYS_NOTHING, ONLY_NAMES, COPIES = "没有说出原因", "只重复了名称", "照抄了问题"
Cells = dict[str, Cell[Any]]


@dataclass(frozen=True, slots=True)
class NoAnswers:
    """The data of `answers.toml`."""

    words: frozenset[str]
    pattern: re.Pattern[str]
    shared: re.Pattern[str]
    unwritten: re.Pattern[str]
    least_characters: int
    repeated: int
    copied_share: float


@cache
def no_answers() -> NoAnswers:
    """What says nothing, as filed in `answers.toml`."""
    raw = tomllib.loads((files("perfeval.filing") / "answers.toml").read_text(encoding="utf-8"))
    keys = ("patterns", "shared", "unwritten")
    pattern, shared, unwritten = (re.compile("|".join(f"(?:{one})" for one in raw[key])) for key in keys)
    return NoAnswers(
        words=frozenset(raw["words"]),
        pattern=pattern,
        shared=shared,
        unwritten=unwritten,
        least_characters=raw["least_characters"],
        repeated=raw["repeated"],
        copied_share=float(raw["copied_share"]),
    )


def is_unwritten(text: str) -> bool:
    """Whether words that the report would print only stand where something should be written: 略, 详见附件, （此处填写）."""
    return len(text) <= LONGEST_UNWRITTEN and no_answers().unwritten.fullmatch(BRACKETS.sub("", text)) is not None


def without_empty_words(rows: Sequence[Cells], labels: Sequence[str] = ()) -> None:
    """Takes as blank what answers nothing in the rows of one sheet; `labels` name the rows of a grid."""
    for key in EXPLAINING:
        written = [row[key] for row in rows if key in row and row[key].raw]
        said = Counter(_said(cell.raw) for cell in written) if key in REASONS else Counter()
        for number, row in enumerate(rows):
            cell = row.get(key)
            if cell is None or not cell.raw or not (cell.is_read or cell.is_blank):
                continue
            names = [row[name].raw for name in NAMING if name in row] or list(labels[number : number + 1])
            flaw = _flaw(cell.raw, names, cell.label.split()[-1]) or _said_thrice(cell.raw, said[_said(cell.raw)])
            if flaw:
                row[key] = cell._replace(value=None, state=BLANK, flaw=flaw)


def _said_thrice(text: str, rows: int) -> str:
    """One reason in so many rows, unless it says that it holds for all of them."""
    judged = no_answers()
    if rows < judged.repeated or judged.shared.search(text):
        return ""
    return f"在 {rows} 行里写得一模一样，没有说几行为什么都一样（确是同一个原因的，写明“几个项目都因……”）"


def _said(text: str) -> str:
    return OTHER_THAN_HAN.sub("", text)


def _flaw(text: str, names: Sequence[str], label: str) -> str:
    """Why the words in the column `label` answer nothing; '' where they say something."""
    if all(_is_empty(clause) for clause in CLAUSE_MARKS.split(text)):
        return SAYS_NOTHING
    rest = plain_name(text)
    for name in sorted(map(plain_name, names), key=len, reverse=True):
        rest = rest.replace(name, "") if name else rest
    if _is_empty(rest.replace(label, "")):
        return ONLY_NAMES
    return COPIES if _copied_share(rest) >= no_answers().copied_share else ""


def _is_empty(clause: str) -> bool:
    """Whether a clause says nothing: too short, one character again and again, or words of the list."""
    judged, said = no_answers(), _said(clause)
    return (
        len(said) < judged.least_characters
        or len(set(said)) == 1
        or said in judged.words
        or judged.pattern.fullmatch(said) is not None
    )


def _copied_share(text: str) -> float:
    """How much of a text are the words of a question perfeval asks."""
    said = left = _said(text)
    for run in _asked_words():
        left = left.replace(run, "")
    return 1 - len(left) / len(said)


@cache
def _asked_words() -> tuple[str, ...]:
    """The runs of words that the catalogue's questions and remedies are made of, longest first."""
    runs = {run for entry in catalogue().values() for text in (entry.message, entry.fix) for run in _literals(text)}
    return tuple(sorted((run for run in runs if len(run) >= FEWEST_ASKED), key=len, reverse=True))


def _literals(template: str) -> Iterator[str]:
    """What is in a template between the values that are put in, and outside of the examples it quotes."""
    for words, *_ in string.Formatter().parse(EXAMPLE.sub("", template)):
        yield from map(_said, CLAUSE_MARKS.split(words))
