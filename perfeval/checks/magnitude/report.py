"""Culprits → findings: one for each cell, one for a sheet or a workbook where they are many."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from perfeval.checks.context import Context
from perfeval.checks.magnitude.amounts import Entry, money_entries
from perfeval.checks.magnitude.culprit import SURE, UNIT_IS_RIGHT, Culprit, is_answered
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef
from perfeval.model.money_units import POWERS, WAN, YUAN, in_unit, plain
from perfeval.model.numbers import show_amount, show_number

UNITS = sorted(POWERS, key=len, reverse=True)  # the longest first: 万元 ends with 元
WRONG_UNIT = "像是单位写错了"
ONE_BY_ONE = 10  # so many cells of one sheet are reported each by itself, unless they are all there are


def report(culprits: Iterable[Culprit], context: Context, powers: Mapping[CellRef, int]) -> Iterator[Finding]:
    """The findings; cells of one sheet that are in the same unit are reported together where they are many."""
    ordered = [c for c in culprits if c.entries]
    yield from (_all_of_it(culprit, context) for culprit in ordered if culprit.about_all)
    cells = [(entry, c) for c in ordered if not c.about_all for entry in c.entries]
    reported: set[CellRef] = set()
    filled = Counter(entry.cell.ref.sheet for entry in money_entries(context.submission))
    for (sheet, power), group in groupby(cells, key=lambda found: (found[0].cell.ref.sheet, found[1].power)):
        fresh = {e.cell.ref: (e, c) for e, c in group if is_answered(c) or powers.get(e.cell.ref) == power}
        here = [found for ref, found in fresh.items() if ref not in reported]
        reported |= fresh.keys()
        if len(here) > ONE_BY_ONE or len(here) == filled[sheet] > 3:
            yield _many(sheet, power, here, context)
        else:
            yield from (_one(entry, culprit, context) for entry, culprit in here)


def converted(context: Context) -> Iterator[Finding]:
    """MAGNITUDE_008: 金额单位 is 元, reported once."""
    unit = context.submission.basic.money_unit
    if unit.value == YUAN:
        yield make("MAGNITUDE_008", unit)


def unit_of(power: int, context: Context) -> str:
    """The unit that a figure meant times ten to the `power` was filled in."""
    stated = POWERS[context.submission.money_unit] + power
    return next(unit for unit, found in POWERS.items() if found == stated)


def _one(entry: Entry, culprit: Culprit, context: Context) -> Finding:
    """MAGNITUDE_002 where the figures contradict each other, MAGNITUDE_003 where it is only unlikely."""
    stated = context.submission.money_unit
    meant = entry.value.scaleb(culprit.power)
    words: dict[str, Any] = {} if culprit.certain else {"words": UNIT_IS_RIGHT, "note": _column(entry)}
    return make(
        "MAGNITUDE_002" if culprit.certain else "MAGNITUDE_003",
        entry.cell,
        expected=show_number(plain(in_unit(meant, stated))),
        **_doubt(entry, culprit.power, context),
        meant=show_number(plain(meant)),
        grounds=culprit.grounds,
        **words,
        answer=entry.note if is_answered(culprit) else None,
        related=tuple(other.cell.ref for other in culprit.entries if other is not entry),
    )


def _doubt(entry: Entry, power: int, context: Context) -> dict[str, Any]:
    """What is seen of an amount, in which way it seems wrong, and how it is meant. A unit that the cell itself shows is
    what is wrong there, and nobody has filled the cell in a third one."""
    stated, unit = context.submission.money_unit, unit_of(power, context)
    shown = f"{show_number(in_unit(entry.value, stated))} {stated}"
    if _own_unit(entry, stated) != stated:
        read = f"格里是“{entry.cell.raw}”，也就是 {shown}，"
        return {"shown": read, "like": WRONG_UNIT, "reading": "应当是"}
    return {"shown": shown, "like": f"像是按{unit}填的", "reading": f"按{unit}读（{_step(power)}）是"}


def _own_unit(entry: Entry, stated: str) -> str:
    """The unit that the cell itself shows, else 金额单位."""
    return next((unit for unit in UNITS if entry.cell.raw.endswith(unit)), stated)


def _doubts(entries: Sequence[Entry], power: int, context: Context) -> dict[str, Any]:
    """The same of many cells, and what is to be done: where all of them show the same other unit, it only has to go."""
    stated, unit = context.submission.money_unit, unit_of(power, context)
    own = {_own_unit(entry, stated) for entry in entries}
    shown = own.pop() if len(own) == 1 else stated
    if shown == stated:
        how = f"按{unit}填的，都改按{stated}填写（{_step(power)}）。"
        return {"like": f"像是按{unit}填的", "reading": f"按{unit}读（{_step(power)}）", "how": how}
    stays = POWERS[shown] + power == POWERS[stated]
    how = f"去掉“{shown}”，数不用改。" if stays else f"去掉“{shown}”，改按{stated}填写。"
    return {
        "like": f"{WRONG_UNIT}（如“{entries[0].cell.raw}”）",
        "reading": f"按{stated}读",
        "how": f"单位写错的，{how}",
    }


def _many(sheet: str, power: int, cells: list[tuple[Entry, Culprit]], context: Context) -> Finding:
    """MAGNITUDE_004: one finding that lists the cells."""
    first, culprit = cells[0]
    whole = [entry for entry, _ in cells]
    certain = any(c.certain for _, c in cells)
    return make(
        "MAGNITUDE_004",
        first.cell,
        count=len(cells),
        sheet_name=sheet,
        **_doubts(whole, power, context),
        grounds=culprit.grounds,
        example=_reading(first, power),
        if_right="" if certain else f"确实没有填错的，在这些行的“{_column(first)}”写明“{UNIT_IS_RIGHT}”和原因。",
        severity=Severity.ERROR if certain else None,
        answer=first.note if all(is_answered(c) for _, c in cells) else None,
        alike=tuple(sorted(entry.cell.ref for entry in whole[1:])),
    )


def _column(entry: Entry) -> str:
    """The column of the words that answer for an amount: 说明, 偏差原因."""
    return entry.note.label.split()[-1]


def _all_of_it(culprit: Culprit, context: Context) -> Finding:
    """MAGNITUDE_001: the whole workbook, or the sheets that are named. An error where 金额单位 does not say which."""
    stated_cell, stated = context.submission.basic.money_unit, context.submission.money_unit
    words = _doubts(culprit.entries, culprit.power, context)
    sheets = tuple(dict.fromkeys(entry.cell.ref.sheet for entry in culprit.entries))
    largest = max((e for e in culprit.entries if e.cell.ref.sheet == sheets[0]), key=lambda entry: entry.value)
    if covers_all(culprit, context):
        unit = unit_of(culprit.power, context)
        words["how"] = f"金额都是按{unit}填的，在“基本情况”的“金额单位”填“{unit}”，金额不用改；否则{words['how']}"
    undecided = abs(culprit.power) >= SURE and not stated_cell.is_read
    return make(
        "MAGNITUDE_001",
        largest.cell,
        what=f"“{'”“'.join(sheets)}”{'表' if len(sheets) == 1 else f'等 {len(sheets)} 张表'}的金额",
        **words,
        grounds=culprit.grounds,
        example=_reading(largest, culprit.power),
        if_right="" if stated_cell.is_read else f"金额本来就对的，在“基本情况”的“金额单位”写明“{stated}”。",
        severity=Severity.ERROR if undecided else None,
        related=(stated_cell.ref, *(entry.cell.ref for entry in culprit.entries if entry is not largest)),
    )


def covers_all(culprit: Culprit, context: Context) -> bool:
    """Whether 金额单位 alone can put it right: every amount of the workbook is in one unit that may be stated, and no cell
    shows its own."""
    unit, stated = unit_of(culprit.power, context), context.submission.money_unit
    filled = {entry.cell.ref for entry in money_entries(context.submission) if _own_unit(entry, stated) == stated}
    return unit in (YUAN, WAN) and filled == set(culprit.powers)


def _reading(entry: Entry, power: int) -> str:
    """“支出合计 决算数”换算后是 5440.00 万元"""
    return f"“{entry.cell.label}”换算后是 {show_amount(entry.value.scaleb(power))} 万元"


def _step(power: int) -> str:
    return f"÷{10**-power}" if power < 0 else f"×{10**power}"
