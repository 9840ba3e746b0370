"""A list of budget indicators and payments → the sums by project: 调整后预算数, 执行数."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.model.names import plain_name
from perfeval.model.numbers import SPREADSHEET_DIGITS, half_up, show_number, total
from perfeval.prefill.forms import load_forms, plain
from perfeval.prefill.funds import FIELDS
from perfeval.prefill.money import amounts_of, conversion
from perfeval.prefill.points import own_name, points_of
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import same_name, words

SEVERAL_CODES = "同一个项目名称有几个编码，没有读入；请核对是不是同一个项目。"
SUM_DIFFERS = "各行合计 {found} 万元，表中合计 {stated} 万元，对不上，这一栏没有读入；请核对后自己填。"
INCOMPLETE = "这个项目有一行的金额读不出来，不能求和，没有读入；请核对后自己填。"
CUT_CODE = "编码是按数保存的，后面几位已经丢失，没有读入；请自己填。"
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
SEVERAL_UNITS = "清单里有几个单位，不知道填报的是哪一个，没有读入；请加上 --department 单位名称 再运行一次。"
TOTAL_ENDS = ("合计", "小计", "总计")


@dataclass(slots=True)
class _Project:
    name: str
    row: int
    rows: list[int] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, list[Decimal]] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)


def read_list(pen: Pen, table: Table, department: str) -> None:
    """Takes the projects of a list; several rows of one are added up, and the total that the list states proves it. Of
    a list of several departments only the rows of the one that is filed for count."""
    projects: dict[str, _Project] = {}
    stated: dict[str, Decimal] = {}
    units = {unit: row for row in reversed(range(table.first, table.last + 1)) if (unit := _unit(table, row))}
    if len(units) > 1 and not any(same_name(unit, department) for unit in units):
        pen.ask("项目", SEVERAL_UNITS, (min(units.values()), table.columns["owner"][0]), "、".join(reversed(units)))
        return
    for unit, row in units.items() if len(units) == 1 else ():
        pen.take("basic", (), "department", unit, (row, table.columns["owner"][0]))
    for row in range(table.first, table.last + 1):
        if len(units) > 1 and not same_name(_unit(table, row), department):
            continue
        name = own_name(table.grid.between(row, *table.columns["name"])[0].text)[0]
        if _is_total(table, row, name):
            if _is_grand_total(table, row, name):
                stated = stated or amounts_of(pen, table, row, "合计", ask=False)
        elif words(name) and not _is_numbering(table, row):
            one = projects.setdefault(plain_name(name), _Project(name, row))
            _add(pen, table, row, one)
    wrong = set(_unproved(pen, table, projects.values(), stated))
    for one in projects.values():
        _take(pen, table, one, wrong)


def _unit(table: Table, row: int) -> str:
    """The department a row is of, '' where the list has no such column."""
    if "owner" not in table.columns:
        return ""
    unit = words(table.grid.between(row, *table.columns["owner"])[0].text)
    return "" if unit.endswith(TOTAL_ENDS) else unit


def _is_total(table: Table, row: int, name: str) -> bool:
    first = next((plain(cell.text) for column, cell in table.grid.filled(row) if column <= table.right), "")
    return plain(name).endswith(TOTAL_ENDS) or first.rstrip(":").endswith(TOTAL_ENDS)


def _is_grand_total(table: Table, row: int, name: str) -> bool:
    first = next((plain(cell.text) for _, cell in table.grid.filled(row)), "")
    return plain(name) in load_forms().totals - {"小计"} or first in load_forms().totals - {"小计"}


def _is_numbering(table: Table, row: int) -> bool:
    """Whether a row only names or numbers the columns."""
    name = plain(table.grid.text(row, table.columns["name"][0]))
    return name in table.layout.columns or name.isdecimal() or bool(load_forms().note.match(name))


def _add(pen: Pen, table: Table, row: int, one: _Project) -> None:
    one.rows.append(row)
    if "code" in table.columns:
        cell = table.grid.between(row, *table.columns["code"])[0]
        is_cut = cell.number is not None and len(cell.text) > SPREADSHEET_DIGITS
        if is_cut or SCIENTIFIC.fullmatch(cell.text):
            pen.ask(f"项目“{one.name}” 项目编码", CUT_CODE, (row, table.columns["code"][0]))
        elif code := words(cell.text):
            one.codes.setdefault(code, row)
    found = amounts_of(pen, table, row, f"项目“{one.name}”")
    for key in FIELDS:
        if key not in table.columns:
            continue
        if key in found:
            one.amounts.setdefault(key, []).append(found[key])
        elif words(table.grid.between(row, *table.columns[key])[0].text):
            one.gaps.add(key)


def _unproved(pen: Pen, table: Table, projects: Iterable[_Project], stated: dict[str, Decimal]) -> Iterable[str]:
    """The columns whose total the list states otherwise."""
    for key, amount in stated.items():
        found = total(part for one in projects for part in one.amounts.get(key, ()))
        if key in FIELDS and half_up(found, 6) != half_up(amount, 6):
            why = SUM_DIFFERS.format(found=show_number(found), stated=show_number(amount))
            pen.ask(table.header_text(key), why, (table.header, table.columns[key][0]), show_number(amount))
            yield key


def _take(pen: Pen, table: Table, one: _Project, wrong: set[str]) -> None:
    record, first = (one.name,), table.columns["name"][0]
    pen.take("projects", record, "name", one.name, (one.row, first))
    if len(one.codes) == 1:
        code, row = next(iter(one.codes.items()))
        pen.take("projects", record, "code", code, (row, table.columns["code"][0]))
    elif one.codes:
        at = (next(iter(one.codes.values())), table.columns["code"][0])
        pen.ask(f"项目“{one.name}” 项目编码", SEVERAL_CODES, at, "、".join(one.codes))
    if "declared" in table.columns and len(one.rows) == 1:
        cell, column = table.grid.between(one.row, *table.columns["declared"])
        pen.take("projects", record, "declared", points_of(cell), (one.row, column))
    for key, amounts in one.amounts.items():
        if key in one.gaps:
            pen.ask(f"项目“{one.name}” {table.header_text(key)}", INCOMPLETE, (one.row, table.columns[key][0]))
        elif key not in wrong:
            note = "；".join(filter(None, (_summed(amounts, one.rows), conversion(table, key))))
            pen.take("projects", record, FIELDS[key], total(amounts), (one.row, table.columns[key][0]), note)


def _summed(amounts: Sequence[Decimal], rows: Sequence[int]) -> str:
    return f"{len(amounts)} 行相加（第 {'、'.join(map(str, rows))} 行）" if len(amounts) > 1 else ""
