"""Amounts beside their labels instead of below headers: 预算数：50, 执行数：48.6."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfeval.model.money_units import in_wan
from perfeval.model.numbers import show_number
from perfeval.prefill.forms import Layout, load_forms, spellings
from perfeval.prefill.funds import FIELDS, UNPROVED, WHICH_BUDGET
from perfeval.prefill.grid import Grid, GridCell
from perfeval.prefill.money import NO_UNIT, is_rate
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import LONGEST_LABEL, PARTS, amount_of, is_within, unit_at

RATE = "rate"


class Labelled(NamedTuple):
    """An amount with its label's key and both places."""

    key: str
    cell: GridCell
    at: tuple[int, int]
    label: tuple[int, int]


def read_labelled_funds(pen: Pen, tables: Sequence[Table], project: str, rows: range) -> None:
    """Takes the amounts of a project that stand in those rows outside of any table; the first of each label counts, for
    those below are its parts."""
    found: dict[str, Labelled] = {}
    for one in _labelled(pen.grid, tables, rows):
        found.setdefault(one.key, one)
    amounts = dict(_amounts(pen, project, found))
    budget = next((key for key in ("adjusted", "budget", "initial") if key in amounts), None)
    is_stated = RATE in found and budget is not None and "executed" in amounts
    if is_stated and budget and not is_rate(found[RATE].cell, amounts["executed"], amounts[budget]):
        shown, rate = "、".join(map(show_number, amounts.values())), found[RATE]
        why = UNPROVED.format(rate=rate.cell.text)
        pen.ask(f"项目“{project}” 预算数、执行数", why, rate.at, f"{shown}（执行率 {rate.cell.text}）")
        return
    for key, amount in amounts.items():
        if key in FIELDS:
            pen.take("projects", (project,), FIELDS[key], amount, found[key].at)
        elif is_stated:
            note = "执行率按它计算，读作调整后预算数"
            pen.take("projects", (project,), FIELDS["adjusted"], amount, found[key].at, note)
        else:
            pen.ask(f"项目“{project}” 调整后预算数", WHICH_BUDGET, found[key].at)


def has_labelled_funds(grid: Grid, tables: Sequence[Table]) -> bool:
    """Whether there is any such amount."""
    return next(_labelled(grid, tables, range(1, grid.height + 1)), None) is not None


def _amounts(pen: Pen, project: str, found: dict[str, Labelled]) -> Iterator[tuple[str, Decimal]]:
    """In 万元; what has no unit is asked."""
    for key, one in found.items():
        number, own = amount_of(one.cell)
        if key == RATE or number is None:
            continue
        row, column = one.label
        unit = own or unit_at(pen.grid, range(row, row + 1), column, pen.grid.text(row, column))
        if unit:
            yield key, in_wan(number, unit)
        else:
            pen.ask(f"项目“{project}” {pen.grid.text(row, column)}", NO_UNIT, one.at)


def _labelled(grid: Grid, tables: Sequence[Table], rows: range) -> Iterator[Labelled]:
    layout = next(table for table in load_forms().tables if table.reader == "funds")
    for row in rows:
        for column, cell in list(grid.filled(row)):
            if any(is_within(table, row, column) for table in tables):
                continue
            for part in PARTS.split(cell.text):
                head, colon, tail = part.replace("：", ":").partition(":")
                key = _key(layout, head) if len(head) <= LONGEST_LABEL else None
                if key is None:
                    continue
                if colon and amount_of(GridCell(tail.strip()))[0] is not None:
                    yield Labelled(key, GridCell(tail.strip()), (row, column), (row, column))
                elif (beside := grid.area(row, column).right + 1) <= grid.width and _is_amount(grid.at(row, beside)):
                    yield Labelled(key, grid.at(row, beside), (row, beside), (row, column))


def _is_amount(cell: GridCell) -> bool:
    return amount_of(cell)[0] is not None or cell.text.strip().endswith("%")


def _key(layout: Layout, head: str) -> str | None:
    key = next((layout.columns[name] for name in spellings(head) if name in layout.columns), None)
    return key if key in (*FIELDS, "budget", RATE) else None
