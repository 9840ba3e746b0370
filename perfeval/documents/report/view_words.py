"""Chinese as a report prints it: numerals, days, filed text as sentences and paragraphs numbered after GB/T 9704."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from perfeval.model.cells import Cell
from perfeval.model.praise import praise

DIGITS = "零一二三四五六七八九"
# The numbering an official may have typed in front of a line: 一、 （一） 1. 1、 （1） ① and the like.
MARKERS = (
    re.compile(r"[一二三四五六七八九十]+、\s*"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)]、?\s*"),
    re.compile(r"\d{1,2}[.．、](?!\d)\s*"),
    re.compile(r"[（(]\d{1,2}[）)]、?\s*"),
    re.compile(r"[①-⑳]\s*"),
)
SEPARATORS = re.compile(r"[;；](?![^（(]*[）)])")
LEADING_ZERO = re.compile(r"(?<=[年月])0(?=\d[月日])")


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; from 100 on in figures."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


def lines(text: str | None) -> list[str]:
    """The lines of a filed text that hold something, dates without leading zeros."""
    tidy = LEADING_ZERO.sub("", text or "")
    return [line.strip() for line in tidy.splitlines() if line.strip()]


@lru_cache(maxsize=4096)  # a reason is in the chapter and in the annex
def one_line(text: str | None) -> str:
    """A filed text as one run of sentences: no leading number, no line break, no final stop (the sentence around it has
    its own)."""
    joined = ""
    for line in lines(text):
        joined += line if not joined or joined[-1] in "。；，：、！？" else f"；{line}"
    return without_marker(joined).rstrip("。；，、;,. ")


def said(cell: Cell[str]) -> str:
    """`one_line` of a cell's text; '' where it is blank."""
    return one_line(cell.value)


def listed(cell: Cell[str]) -> str:
    """Names filed one a line or with semicolons between, as 甲、乙、丙; semicolons within brackets part nothing."""
    names = (one_line(name) for line in lines(cell.value) for name in SEPARATORS.split(line))
    return "、".join(name for name in names if name)


def fair(text: str, something_missed: bool) -> str:
    """The department's words; where something was missed, without the clauses that call everything wholly done."""
    while something_missed and (boast := praise(text)):
        start = text.index(boast)
        before, after = text[:start].rstrip("，,；; "), text[start + len(boast) :].lstrip("，,；; ")
        text = (
            f"{before}，{after}"
            if before and after and before[-1] not in "。！" and after[0] not in "。！"
            else before + after
        )
    return text.lstrip("。！，；")


def named(cell: Cell[str]) -> str:
    """A name as it was filed, on one line; '' where it is blank."""
    return " ".join((cell.value or "").split())


def without_marker(line: str) -> str:
    """The line without the number typed in front of it."""
    found = _marker(line)
    return line[found[1] :] if found else line


def has_marker(line: str) -> bool:
    """Whether the line begins with a number of its own."""
    return _marker(line) is not None


def paragraphs(text: str | None) -> list[str]:
    """A filed text as paragraphs. Its own numbering, whatever its style, becomes 1. and （1）: 一、 and （一） belong to the
    report's chapters."""
    return list(_renumbered(lines(text)))


def _renumbered(texts: Iterable[str]) -> Iterator[str]:
    styles: list[int] = []  # the marker styles met so far, outermost first
    counts: list[int] = []
    for line in texts:
        found = _marker(line)
        if not found:
            yield line
            continue
        style, end = found
        if style not in styles:
            styles.append(style)
        depth = styles.index(style)
        counts = [*counts[: depth + 1], *[0] * (depth + 1 - len(counts))]
        counts[depth] += 1
        yield f"{_number(depth, counts[depth])}{line[end:]}"


def _number(depth: int, number: int) -> str:
    if depth == 0:
        return f"{number}. "
    return f"（{number}）" if depth == 1 else ""


def _marker(line: str) -> tuple[int, int] | None:
    """The style of the number in front of a line and where the text begins."""
    for style, pattern in enumerate(MARKERS):
        found = pattern.match(line)
        if found and found.end() < len(line):
            return style, found.end()
    return None


def joined(texts: Iterable[str]) -> str:
    """The texts that hold something, as one sentence's parts."""
    return "，".join(text for text in texts if text)
