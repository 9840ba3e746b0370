"""The edition for publication: what a department's documents must not show to the public, and the same evaluation
without it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from typing import Any

from perfeval.documents.evaluation import Evaluation
from perfeval.model.cells import Cell, CellRef, ranges
from perfeval.model.form import FORM, WITHHELD_MARK
from perfeval.model.frames import Frames
from perfeval.model.names import visible
from perfeval.model.regulation import Regulation
from perfeval.model.submission import Submission

PRIVATE = {field.key for sheet in FORM for field in sheet.fields if field.is_private}
BETWEEN = re.compile(r"[\r\n、，,；;。]+")
SHORTEST_NAME, SHORTEST_TEXT = 2, 6  # characters; shorter ones are in other words by chance


def public_edition(evaluation: Evaluation) -> Evaluation:
    """The evaluation with WITHHELD_MARK in the place of every value that is left out."""
    hidden = {cell.ref for cell in withheld(evaluation.submission)}

    def shown(cell: Cell[Any]) -> Cell[Any]:
        return cell._replace(raw=WITHHELD_MARK, value=WITHHELD_MARK) if cell.ref in hidden else cell

    return replace(
        evaluation,
        submission=_changed(evaluation.submission, shown),
        scorecard=_changed(evaluation.scorecard, shown),
    )


def without_withheld(values: Any, submission: Submission) -> Any:
    """The values of a document's template; where a text repeats what is left out, WITHHELD_MARK instead."""
    words = sorted(_words(submission), key=len, reverse=True)
    return _redacted(values, words) if words else values


def left_out(submission: Submission) -> list[dict[str, str]]:
    """What is left out, by sheet and header, with its cells and without its values."""
    places: dict[tuple[str, str], list[CellRef]] = {}
    for cell in withheld(submission):
        places.setdefault((cell.ref.sheet, cell.label), []).append(cell.ref)
    return [{"sheet": sheet, "label": label, "cells": ranges(refs)} for (sheet, label), refs in places.items()]


def withheld(submission: Submission) -> Iterator[Cell[Any]]:
    """Every filled cell that is left out: who filled in, how to reach them, evidence, columns marked 不公开."""
    for key, cell in _cells(submission):
        column, row = CellRef(cell.ref.sheet, 0, cell.ref.column), CellRef(cell.ref.sheet, cell.ref.row, 0)
        if cell.is_read and (key in PRIVATE or {column, row} & submission.withheld):
            yield cell


def _cells(value: Any, key: str = "") -> Iterator[tuple[str, Cell[Any]]]:
    if isinstance(value, Cell):
        yield key, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _cells(one, key)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _cells(getattr(value, field.name), field.name)


def _changed(value: Any, change: Callable[[Cell[Any]], Cell[Any]]) -> Any:
    """The same entities with changed cells. Rules hold no filed values, frames are not printed."""
    if isinstance(value, Cell):
        return change(value)
    if type(value) is tuple:
        return tuple(_changed(one, change) for one in value)
    if isinstance(value, type | Regulation | Frames) or not is_dataclass(value):
        return value
    assert not isinstance(value, type)
    return replace(value, **{field.name: _changed(getattr(value, field.name), change) for field in fields(value)})


def _words(submission: Submission) -> Iterator[str]:
    """The values that are left out, each name and line of its own, as other texts may repeat them. What the department
    is called, and its offices, is public."""
    basic = submission.basic
    public = "\n".join(cell.value or "" for cell in (basic.department, basic.short_name, basic.offices, basic.plates))
    people = {basic.filler.ref, basic.reviewer.ref, basic.phone.ref}
    for cell in withheld(submission):
        value = visible(str(cell.value)).strip()
        least = SHORTEST_NAME if cell.ref in people else SHORTEST_TEXT
        for word in {value, *map(str.strip, BETWEEN.split(value))}:
            if len(word) >= least and word not in public:
                yield word


def _redacted(value: Any, words: list[str]) -> Any:
    if isinstance(value, str):
        return reduce(lambda text, word: text.replace(word, WITHHELD_MARK), words, value)
    if isinstance(value, Mapping):
        return {key: _redacted(one, words) for key, one in value.items()}
    return [_redacted(one, words) for one in value] if isinstance(value, list) else value
