"""A Word document read back: its text in order, the standard's errors, its numbers held against the model."""

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import docx
from gongwen_check import check

from perfeval.documents.evaluation import Evaluation
from perfeval.model.cells import Cell, CellRef
from perfeval.model.frames import Frames
from perfeval.model.numbers import show_amount, show_number, show_points, show_rate
from perfeval.model.submission import Source

CARRYOVER_REPORTED = Decimal("0.1")  # the report counts the projects above it, as the published one does
PLACES = (Frames, CellRef, Source)  # where a value is is no value: a row number must not excuse a figure


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """Paragraphs, and tables row by row with | between cells (〃 where a cell goes on from above), in the document's
    order."""
    lines: list[str] = []
    for block in opened(content).iter_inner_content():
        if hasattr(block, "rows"):
            lines.extend(" | ".join(cell_text(cell) for cell in row.tc_lst) for row in block._tbl.tr_lst)
        elif block.text:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def cell_text(cell: Any) -> str:
    return "〃" if cell.vMerge == "continue" else "／".join(text for p in cell.p_lst for text in p.text.split("\n"))


def body_of(content: bytes) -> list[str]:
    return [p.text for p in opened(content).paragraphs if p.text]


def errors(content: bytes) -> list[Any]:
    return [found for found in check(io.BytesIO(content)) if found[0] == "ERROR"]


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def shown(value: Any) -> Iterator[str]:
    """The ways the model prints a value, and every text within it."""
    if isinstance(value, Decimal):
        yield from (
            show_number(value),
            show_amount(value),
            show_points(value),
            show_rate(value),
            show_number(abs(value)),
        )
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield str(value)
    elif isinstance(value, Cell):
        yield from shown((value.raw, value.value))
    elif is_dataclass(value) and not isinstance(value, PLACES):
        for field in fields(value):
            if field.name != "row":
                yield from shown(getattr(value, field.name))
        for name in ("lost", "difference"):
            yield from shown(getattr(value, name, None))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from shown(part)
    elif hasattr(value, "items"):
        yield from shown(tuple(value.values()))
    elif hasattr(value, "year"):
        yield f"{value.year} {value.month} {value.day}"


def unknown_numbers(made: Evaluation, content: bytes) -> set[str]:
    """Numbers of the document that the model does not hold; the numbering of headings and the year's months aside."""
    text = re.sub(r"(?m)^(\d+\. ?|（\d+）|附表\d：?$)", "", text_of(content)).replace("1—12月", "")
    known = numbers_in(" ".join(shown((made.submission, made.scorecard, made.as_of))))
    scores = made.scorecard
    assert scores is not None
    whole = [s for s in scores.indicators if s.indicator.subject.value == "部门整体"]
    counts = [
        len(scores.projects),
        len(whole),
        sum(1 for s in whole if s.met),
        sum(1 for s in whole if s.score != s.weight),
    ]
    standing = [p for p in scores.projects if p.project.type.value == "常年"]
    for projects in (standing, [p for p in scores.projects if p not in standing]):
        counts += [
            len(projects),
            sum(1 for p in projects if p.carryover_rate is not None and p.carryover_rate > CARRYOVER_REPORTED),
        ]
    return numbers_in(text) - known - {str(count) for count in counts}
