"""Amounts of foreign tables → 万元, where the table says its unit; asked where it does not."""

from decimal import Decimal

from perfeval.filing.typed.numbers import number_of
from perfeval.model.money_units import in_wan
from perfeval.model.numbers import HUNDRED, Interval, printed_quotient
from perfeval.prefill.grid import GridCell
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import amount_of, unit_of, words

NO_UNIT = "表中没有写明金额单位（元还是万元），没有读入；请核实单位后自己填。"
NO_NUMBER = "不是一个数，没有读入；请核对后自己填。"
AMOUNTS = ("initial", "adjusted", "executed", "final", "budget")


def amounts_of(pen: Pen, table: Table, row: int, what: str, ask: bool = True) -> dict[str, Decimal]:
    """The amounts of a row in 万元 by column; what has no unit, or is no number, is asked."""
    found: dict[str, Decimal] = {}
    for key in AMOUNTS:
        if key not in table.columns:
            continue
        cell, column = pen.grid.between(row, *table.columns[key])
        number, own = amount_of(cell)
        unit = own or unit_of(table, key)
        if number is not None and unit:
            found[key] = in_wan(number, unit)
        elif ask and (cell.is_fault or words(cell.text)):
            pen.ask(f"{what} {table.header_text(key)}", NO_UNIT if number is not None else NO_NUMBER, (row, column))
    return found


def conversion(table: Table, key: str) -> str:
    """How an amount was converted, '' where it was not."""
    unit = unit_of(table, key)
    return f"按{unit}折算成万元" if unit and unit != "万元" else ""


def is_rate(cell: GridCell, part: Decimal, whole: Decimal) -> bool:
    """Whether a stated rate (95.87%, 0.9587, 95.87) is part ÷ whole within rounding; also where none is stated."""
    text = words(cell.text)
    value = cell.number if cell.number is not None else number_of(text.removesuffix("%").removesuffix("％"))
    if value is None:
        return True
    quotient = printed_quotient(part, whole)
    if quotient is None:
        return value == 0 or part == whole
    return Interval.printed(value).overlaps(quotient) or _of_hundred(value, text).overlaps(quotient)


def _of_hundred(value: Decimal, text: str) -> Interval:
    """A number of per cent as a share: to its own last decimal."""
    printed = Interval.printed(value, 0 if text.endswith(("%", "％")) else 2)
    return Interval(printed.low / HUNDRED, printed.high / HUNDRED)
