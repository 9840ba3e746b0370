"""指标值 and 实际完成值 of one row, read together: they share 指标性质 and 计量单位, and a unit missing on one side is taken from the other."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.intake.convert import Read, blank_or_faulty, conclude, is_plain_text_number, problem, wrong_type
from perfeval.intake.dates_text import ImpossibleDate, day_of_serial, needs_year
from perfeval.intake.form import INDICATORS, Kind
from perfeval.intake.numbers_text import is_malformed, number_of
from perfeval.intake.read import RawCell
from perfeval.intake.readings_text import ACHIEVED, reading_of
from perfeval.intake.units import factor, normal
from perfeval.model.cells import Cell, State
from perfeval.model.numbers import HUNDRED, ONE, show_number
from perfeval.model.readings import DateSpan, Level, Number, Phrase, Reading, Scale

RATE_NAMES = ("率", "度", "比例", "占比", "比重")
FIELDS = {key: INDICATORS.field(key) for key in ("target", "actual")}
MONTH_BEFORE = re.compile(r"月(?:份|之|以)?前")  # 9月前: August is the last month that counts
NEAR_HUNDRED_NAMES = (
    "满意度",
    "满意率",
    "合格率",
    "覆盖率",
    "完成率",
    "达标率",
    "及时率",
    "到位率",
    "准确率",
    "完好率",
    "参与率",
    "通过率",
    "执行率",
    "公开率",
    "普及率",
)


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the other cells of the row say, and the evaluation year."""

    nature: str = ""
    unit: str = ""
    name: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The two cells and what is to be told of them."""

    target: Cell[Reading]
    actual: Cell[Reading]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two while it is being read: `done` where nothing further is read from it."""

    raw: RawCell
    label: str
    read: Read
    done: tuple[Cell[Any], tuple[Finding, ...]] | None = None
    bare: bool = False  # a number without a unit of its own

    @property
    def number(self) -> Number | None:
        return self.read.value if isinstance(self.read.value, Number) else None


def read_pair(target: RawCell, actual: RawCell, context: RowContext) -> Pair:
    """The readings of both cells; numbers counted in 计量单位, or in the target's unit where that column is empty."""
    first = _in_column_unit(_side(target, "target", context), context)
    second = _in_column_unit(_side(actual, "actual", context), context)
    first, second = _serial_as_day(first, second), _serial_as_day(second, first)
    if not context.unit:
        second = _in_unit_of(second, first)
        first, second = _with_unit_of(first, second), _with_unit_of(second, first)
    second = _repeated(first, second)
    second = _without_comparator_note(second)
    first, asked_first = _percentage(first, second, context)
    second, asked_second = _percentage(second, first, context)
    asked_first = asked_first or _fractions(first, second, context)
    first = _comparator(first, context)
    told = [_concluded(side) for side in (first, second)]
    findings = (*told[0][1], *asked_first, *told[1][1], *asked_second)
    return Pair(told[0][0], told[1][0], findings)


def _side(raw: RawCell, key: str, context: RowContext) -> _Side:
    field = FIELDS[key]
    done = blank_or_faulty(raw, field, field.label)
    if done is not None:
        return _Side(raw, field.label, Read(), done)
    try:
        read = _single(raw, context)
        if read.value is None and not read.problem:  # a date without a year, and the year is not known: that is told once, at 评价年度
            return _Side(raw, field.label, read, (Cell(raw.ref, field.label, raw.text, None, State.UNREADABLE), ()))
    except ImpossibleDate:
        read = problem("CELL_012")
    if key == "actual" and isinstance(read.value, Scale):  # nothing was chosen on the scale: missing
        return _Side(raw, field.label, Read(), (Cell(raw.ref, field.label, raw.text, None, State.BLANK), ()))
    bare = isinstance(read.value, Number) and read.value.unit is None
    return _Side(raw, field.label, read, bare=bare)


def _single(raw: RawCell, context: RowContext) -> Read:
    value = raw.value
    if isinstance(value, Decimal):
        return Read(Number(value * HUNDRED, "%") if raw.is_percent else Number(value))
    if isinstance(value, date):
        return Read(DateSpan(value, value))
    if not isinstance(value, str):
        return wrong_type(Kind.READING)
    number = number_of(value)
    if number is not None:
        return Read(Number(number), show_number(number), "CELL_004" if is_plain_text_number(value) else "CELL_019")
    if is_malformed(value):
        return problem("CELL_011")
    if context.year is None and needs_year(value):
        return Read()
    return _typed(reading_of(value, context.year, context.unit), value)


def _typed(reading: Reading, text: str) -> Read:
    """A reading of typed text, with the notice for what is not word for word what stands there."""
    if isinstance(reading, Number):
        number = f"{reading.comparator or ''}{show_number(reading.value)}"
        return Read(reading, f"{number}，单位 {reading.unit}", "CELL_005") if reading.unit else Read(reading, number)
    if isinstance(reading, Level) and reading.name not in text:
        return Read(reading, reading.name)
    if isinstance(reading, DateSpan) and MONTH_BEFORE.search(text):
        return Read(reading, f"{reading.last.isoformat()} 及以前")
    return Read(reading)


def _in_column_unit(side: _Side, context: RowContext) -> _Side:
    """The number counted in 计量单位; an error where the cell names another unit without a known factor."""
    number = side.number
    if number is None or number.unit is None or not context.unit:
        return side
    if normal(number.unit) == normal(context.unit) or (
        number.unit.startswith("每") and normal(context.unit).endswith("/" + number.unit[1:])
    ):
        return replace(side, read=side.read._replace(value=replace(number, unit=context.unit)))
    times = factor(number.unit, context.unit)
    if times is None:
        return replace(side, read=problem("CELL_006", unit=number.unit, expected=context.unit))
    return _multiplied(side, number, times, context.unit)


def _multiplied(side: _Side, number: Number, times: Decimal, unit: str) -> _Side:
    value = (number.value * times).normalize() + 0
    return replace(side, read=Read(Number(value, unit, number.comparator), f"{show_number(value)}，单位 {unit}", "CELL_005"))


def _in_unit_of(side: _Side, other: _Side) -> _Side:
    """Without 计量单位 the actual is counted in the target's unit where a factor is known; where none is, a check says so."""
    number, model = side.number, other.number
    if number is None or model is None or number.unit is None or model.unit is None:
        return side
    if normal(number.unit) == normal(model.unit):
        return replace(side, read=side.read._replace(value=replace(number, unit=model.unit)))
    times = factor(number.unit, model.unit)
    return side if times is None else _multiplied(side, number, times, model.unit)


def _with_unit_of(side: _Side, other: _Side) -> _Side:
    number, model = side.number, other.number
    if number is None or model is None or number.unit is not None or model.unit is None:
        return side
    return replace(side, read=side.read._replace(value=replace(number, unit=model.unit)))


def _serial_as_day(side: _Side, other: _Side) -> _Side:
    """A day that lost its format (46022) beside a date."""
    number = side.number
    if number is None or not side.bare or not isinstance(other.read.value, DateSpan):
        return side
    day = day_of_serial(number.value)
    return side if day is None else replace(side, read=Read(DateSpan(day, day), day.isoformat()), bare=False)


def _repeated(target: _Side, actual: _Side) -> _Side:
    """An actual identical to a target of words is 达成."""
    words = isinstance(target.read.value, Phrase | Level)
    if not words or actual.done is not None or actual.raw.text != target.raw.text:
        return actual
    return replace(actual, read=Read(Level(ACHIEVED)))


def _without_comparator_note(actual: _Side) -> _Side:
    """An actual copied with its comparator is told by its own check; a conversion is told here all the same."""
    number = actual.number
    if number is None or number.comparator is None or show_number(number.value) not in actual.raw.text:
        return actual
    return replace(actual, read=actual.read._replace(note=""))


def _percentage(side: _Side, other: _Side, context: RowContext) -> tuple[_Side, tuple[Finding, ...]]:
    """0.98 beside 95 where per cent is meant: 0.98 % or 98 %? 计量单位 decides, and the question is asked; without it nothing is read."""
    number, model = side.number, other.number
    if number is None or model is None or not side.bare or not 0 < abs(number.value) <= ONE < abs(model.value):
        return side, ()
    units = (context.unit, number.unit or "", model.unit or "")
    in_per_cent = any(normal(unit) == "%" for unit in units) or (not any(units) and context.name.endswith(RATE_NAMES))
    if not in_per_cent:
        return side, ()
    words: dict[str, Any] = {"low": f"{show_number(number.value)}%", "high": f"{show_number(number.value * HUNDRED)}%"}
    if normal(context.unit) != "%":
        return replace(side, read=problem("CELL_007", **words)), ()
    cell: Cell[Any] = Cell(side.raw.ref, side.label, side.raw.text)
    return replace(side, read=side.read._replace(note="")), (make("CELL_007", cell, **words),)


def _fractions(target: _Side, actual: _Side, context: RowContext) -> tuple[Finding, ...]:
    """满意度 0.9 against 0.935 counted in %: a rate near 100 was most likely meant; read as it stands, and asked about once."""
    values = [side.number.value for side in (target, actual) if side.number is not None and side.bare]
    near_hundred = normal(context.unit) == "%" and context.name.endswith(NEAR_HUNDRED_NAMES)
    if len(values) < 2 or not near_hundred or not all(0 < v <= ONE for v in values) or all(v == ONE for v in values):
        return ()
    cell: Cell[Any] = Cell(target.raw.ref, target.label, target.raw.text)
    return (
        make("CELL_007", cell, low=f"{show_number(values[0])}%", high=f"{show_number(values[0] * HUNDRED)}%", related=(actual.raw.ref,)),
    )


def _comparator(target: _Side, context: RowContext) -> _Side:
    """≥ in the value against ≤ in 指标性质: which one holds is not for the program to say."""
    number = target.number
    if number is None or number.comparator is None or context.nature in ("", "定性", number.comparator):
        return target
    return replace(target, read=problem("CELL_020", nature=context.nature, comparator=number.comparator, expected=context.nature))


def _concluded(side: _Side) -> tuple[Cell[Any], tuple[Finding, ...]]:
    return side.done if side.done is not None else conclude(side.raw, side.label, side.read)
