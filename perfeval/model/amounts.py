"""A Submission with other amounts in some of its cells: what it would be, once they are put right."""

from collections.abc import Container, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from perfeval.model.cells import Cell, CellRef
from perfeval.model.numbers import show_number
from perfeval.model.submission import Submission

SHEETS = (
    "money",
    "cut",
    "controlled_items",
    "progress",
    "management",
    "projects",
    "funds",
    "supplements",
)  # those with amounts of money


def with_amounts(submission: Submission, values: Mapping[CellRef, Decimal]) -> Submission:
    """The Submission with these values, in 万元, in their cells; the others stay as they are."""
    if not values:
        return submission
    rows = {ref.row for ref in values}
    return replace(submission, **{name: _changed(getattr(submission, name), values, rows) for name in SHEETS})


def _changed(part: Any, values: Mapping[CellRef, Decimal], rows: Container[int]) -> Any:
    """A part of a Submission; a row of a table without any of the cells stays the same object."""
    if isinstance(part, Cell):
        value = values.get(part.ref)
        return part if value is None or part.value is None else part._replace(value=value, raw=show_number(value))
    if isinstance(part, tuple):
        return tuple(_changed(row, values, rows) if row.row in rows else row for row in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(
            part, **{field.name: _changed(getattr(part, field.name), values, rows) for field in fields(part)}
        )
    return part
