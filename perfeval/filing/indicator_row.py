"""指标值 and 实际完成值 of one row, read together: they share 指标性质 and 计量单位, and a unit missing on one side is taken from the
other."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perfeval.excel.read import SOUND, RawCell
from perfeval.filing.convert import (
    Read,
    as_stored,
    blank_or_faulty,
    conclude,
    is_plain_text_number,
    no_factor,
    pasted_rate,
    problem,
    shown_as_date,
    two_rates,
    which_unit,
    wrong_type,
)
from perfeval.filing.typed.dates import FIRST_YEAR, LAST_YEAR, ImpossibleDate, needs_year
from perfeval.filing.typed.digits import SERIAL, Digits, Place, digits_of, is_date, is_timely, may_be_date
from perfeval.filing.typed.numbers import is_malformed, names_no_unit, number_of, quantity_of
from perfeval.filing.typed.readings import ACHIEVED, GRADES, NOT_ACHIEVED, reading_of
from perfeval.filing.typed.units import converted, normal
from perfeval.findings.finding import Finding
from perfeval.model.cells import BLANK, UNREADABLE, Cell
from perfeval.model.form import INDICATORS, Kind
from perfeval.model.names import plain_name
from perfeval.model.numbers import HUNDRED, ONE, show_number
from perfeval.model.readings import TIME_UNITS, DateSpan, Level, Number, Phrase, Reading, Scale, show_span

RATE_NAMES = ("率", "度", "比例", "占比", "比重")
FIELDS = {key: INDICATORS.field(key) for key in ("target", "actual")}
MANY_MONTHS = re.compile(r"(?:1[3-9]|[2-9]\d|\d{3})\s*月", re.ASCII)
SAME_WORD = re.compile("(?:性|性地|坚持|开展|进行|推进)$")  # 经常性, 长期坚持
MONTH_BEFORE = re.compile(r"月(?:份|之|以)?前")  # 9月前: August is the last month that counts
NEAR_HUNDRED_NAMES = (
    "满意度",
    "满意率",
    "认可度",
    "知晓度",
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
SHARE_NAMES = ("率", "比例", "占比", "比重")
SMALL_RATE = re.compile(  # of the others those that may well be below one per cent: 受害率, 增长率, 差错率
    "增|降|减|升|提高|变动|变化|波动|浮动|灾|害|死|亡|病|染|失业|错|误|投诉|流失|辍学|事故|违|不良|结余|结转|控制|节约|发生|损|故障|逾期|漏|检出|退|拖欠|闲置|空置|超"
)
IF_MISSED = "没有达到指标值的，在“偏差原因”写明原因。"  # else that is asked for in the next round
TEN = Decimal(10)


class RowContext(NamedTuple):
    """What the other cells of the row say, and the evaluation year."""

    nature: str = ""
    unit: str = ""
    name: str = ""
    year: int | None = None
    classes: tuple[str, ...] = ()  # 一级 and 二级指标

    @property
    def place(self) -> Place:
        """What tells whether digits are a date."""
        return Place(self.unit, is_timely(self.name, *self.classes), self.year)


class Pair(NamedTuple):
    """The two cells and what is to be reported of them."""

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
    plain, beside = _plain_number(target, "target"), _plain_number(actual, "actual")
    if plain is not None and beside is not None:  # most rows: nothing of what follows concerns them
        return Pair(plain[0], beside[0], (*plain[1], *beside[1]))
    first = _in_column_unit(_side(target, "target", context), context)
    second = _in_column_unit(_side(actual, "actual", context), context)
    first, second = _dated(first, second, context)
    if not context.unit:
        second = _in_unit_of(second, first)
        first, second = _with_unit_of(first, second), _with_unit_of(second, first)
    second = _repeated(first, second)
    first, second = _on_scale(first, second)
    second = _without_comparator_note(second)
    first, second = _percentage(first, second, context), _percentage(second, first, context)
    first, second = _fractions(first, second, context)
    first = _comparator(first, context)
    sides = [_concluded(side) for side in (first, second)]
    return Pair(sides[0][0], sides[1][0], (*sides[0][1], *sides[1][1]))


def _plain_number(raw: RawCell, key: str) -> tuple[Cell[Any], tuple[Finding, ...]] | None:
    """A bare number that nobody could have meant in per cent, whatever is beside it; None for anything else."""
    value = raw.value
    if not isinstance(value, Decimal) or raw.fault is not SOUND or 0 < abs(value) <= ONE:
        return None
    if raw.is_percent or raw.is_worded or may_be_date(value):
        return None
    return conclude(raw, FIELDS[key].label, Read(Number(value)))


def _side(raw: RawCell, key: str, context: RowContext) -> _Side:
    field = FIELDS[key]
    done = blank_or_faulty(raw, field, field.label)
    if done is not None:
        return _Side(raw, field.label, Read(), done)
    try:
        read = _single(raw, context)
        if (
            read.value is None and not read.problem
        ):  # a date without a year, and the year is not known: that is reported once, at 评价年度
            return _Side(raw, field.label, read, (Cell(raw.ref, field.label, raw.text, None, UNREADABLE), ()))
    except ImpossibleDate:
        read = problem("CELL_012")
    if key == "actual" and isinstance(read.value, Scale):  # nothing was chosen on the scale: missing
        return _Side(raw, field.label, Read(), (Cell(raw.ref, field.label, raw.text, None, BLANK), ()))
    bare = isinstance(read.value, Number) and read.value.unit is None
    return _Side(raw, field.label, read, bare=bare)


def _single(raw: RawCell, context: RowContext) -> Read:
    value = raw.value
    if raw.stored is not None and _is_no_date(raw, context):
        return shown_as_date(raw, Kind.READING if normal(context.unit) in TIME_UNITS else Kind.NUMBER)
    if isinstance(value, Decimal) and not raw.is_worded:
        return (pasted_rate(raw, Kind.READING) or _per_cent(value)) if raw.is_percent else Read(Number(value))
    if isinstance(value, date):
        return Read(DateSpan(value, value))
    if not isinstance(value, str | Decimal) or isinstance(value, bool):
        return wrong_type(Kind.READING)
    text = raw.text
    number = number_of(text)
    if number is not None:
        if is_plain_text_number(text):  # as the template's text format makes it: nothing to be mended
            return Read(Number(number))
        return Read(Number(number), show_number(number), "CELL_019")
    if is_malformed(text):
        return problem("CELL_011")
    if context.year is None and needs_year(text):
        return Read()
    reading = _quantity_of_time(text, context.unit) or reading_of(text, context.year, context.unit)
    if isinstance(value, Decimal) and not isinstance(reading, Number):
        stored = as_stored(raw)
        return stored._replace(value=Number(stored.value, "%" if raw.is_percent else None))
    return _typed(reading, text)


def _quantity_of_time(text: str, unit: str) -> Reading | None:
    """24月 where months or years are counted; 6月 stays the month of June."""
    quantity = quantity_of(text, unit) if MANY_MONTHS.fullmatch(text) else None
    if quantity is None or quantity.unit is None or converted(quantity.value, quantity.unit, unit) is None:
        return None
    return Number(quantity.value, quantity.unit, quantity.comparator)


def _per_cent(value: Decimal) -> Read:
    return Read(Number(value * HUNDRED, "%"))


def _is_no_date(raw: RawCell, context: RowContext) -> bool:
    """Of a number whose format shows a date or time: whether none can be meant, by 计量单位 or because it lies far off (50
    as 19 February 1900)."""
    is_far = isinstance(raw.value, date) and not FIRST_YEAR <= raw.value.year <= LAST_YEAR
    return is_far or normal(context.unit) not in TIME_UNITS


def _typed(reading: Reading, text: str) -> Read:
    """A reading of typed text, with the notice for what is not word for word what is there."""
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
    value = converted(number.value, number.unit, context.unit)
    if value is None:
        return replace(side, read=no_factor(number.unit, context.unit))
    if names_no_unit(side.raw.text):
        return replace(side, read=which_unit(context.unit))
    return _converted(side, number, value, context.unit)


def _converted(side: _Side, number: Number, value: Decimal, unit: str) -> _Side:
    value = value.normalize() + 0
    return replace(
        side, read=Read(Number(value, unit, number.comparator), f"{show_number(value)}，单位 {unit}", "CELL_005")
    )


def _in_unit_of(side: _Side, other: _Side) -> _Side:
    """Without 计量单位 the actual is counted in the target's unit where a factor is known; where none is, a check says
    so."""
    number, model = side.number, other.number
    if number is None or model is None or number.unit is None or model.unit is None:
        return side
    if normal(number.unit) == normal(model.unit):
        return replace(side, read=side.read._replace(value=replace(number, unit=model.unit)))
    value = converted(number.value, number.unit, model.unit)
    if value is None:
        return side
    if names_no_unit(side.raw.text):
        return replace(side, read=which_unit(model.unit))
    return _converted(side, number, value, model.unit)


def _with_unit_of(side: _Side, other: _Side) -> _Side:
    number, model = side.number, other.number
    if number is None or model is None or number.unit is not None or model.unit is None:
        return side
    return replace(side, read=side.read._replace(value=replace(number, unit=model.unit)))


def _dated(target: _Side, actual: _Side, context: RowContext) -> tuple[_Side, _Side]:
    """Digits that are a date become one (20251231, 46022 beside 2025-12-31); what may be one is asked about, never
    compared as a number."""
    place, first, second = context.place, _digits(target), _digits(actual)
    if _is_misformatted(target, actual, second, place):
        return replace(target, read=_which_format(target.raw)), actual
    if _is_misformatted(actual, target, first, place):
        return target, replace(actual, read=_which_format(actual.raw))
    return (
        _as_date(target, first, _span(actual) or second, place),
        _as_date(actual, second, _span(target) or first, place),
    )


def _digits(side: _Side) -> Digits | None:
    """What a bare number may be as a date; it may have a comparator (≤20251231)."""
    number = side.number
    if number is None or not side.bare or not may_be_date(number.value):
        return None
    return digits_of(number.value, is_text=isinstance(side.raw.value, str), from_1904=side.raw.from_1904)


def _span(side: _Side) -> DateSpan | None:
    return side.read.value if isinstance(side.read.value, DateSpan) else None


def _is_misformatted(side: _Side, other: _Side, digits: Digits | None, place: Place) -> bool:
    """A cell shown as a day beside a number, in an indicator of no time and without 计量单位: is it the format that is
    wrong? The number beside it is not to blame."""
    is_shown = side.raw.stored is not None and _span(side) is not None
    is_number = other.bare and (digits is None or digits.form == SERIAL)
    return is_shown and is_number and not place.unit and not place.is_timely


def _which_format(raw: RawCell) -> Read:
    remedy = "是数的，请把单元格格式改为“常规”，并填写计量单位；是日期的，请把同一行的另一个值也写成 2025年12月31日 这样的日期。"
    stored = show_number(raw.stored) if raw.stored is not None else ""
    return problem("CELL_024", doubt=f"是日期，还是设成了日期格式的数（存的是 {stored}）", remedy=remedy)


def _as_date(side: _Side, digits: Digits | None, other: Digits | DateSpan | None, place: Place) -> _Side:
    verdict = is_date(digits, other, place) if digits is not None else False
    if digits is None or verdict is False:
        return side
    if digits.span is None:
        return replace(side, read=problem("CELL_012"))
    if verdict is None or digits.doubt:
        remedy = "是日期的，请写成 2025年12月31日 或 2025年12月 这样；是数的，请填写计量单位。"
        return replace(side, read=problem("CELL_024", doubt=digits.doubt or "是日期还是数", remedy=remedy))
    return replace(side, read=Read(digits.span, show_span(digits.span)), bare=False)


def _repeated(target: _Side, actual: _Side) -> _Side:
    """An actual identical to a target of words is 达成; 经常 and 经常性, 长期 and 长期坚持 are one word."""
    words = isinstance(target.read.value, Phrase | Level)
    if not words or actual.done is not None or _bare_word(actual.raw.text) != _bare_word(target.raw.text):
        return actual
    return replace(actual, read=Read(Level(ACHIEVED)))


def _bare_word(text: str) -> str:
    return SAME_WORD.sub("", plain_name(text))


def _on_scale(target: _Side, actual: _Side) -> tuple[_Side, _Side]:
    """良好 where 优良中低差 is meant is 良; of a scale with two ends (好坏) the first is 达成, the other 未达成."""
    goal, level = target.read.value, actual.read.value
    if not isinstance(level, Level) or level.name == ACHIEVED:
        return target, actual
    if isinstance(goal, Scale) and len(goal.levels) == 2 and level.name in goal.levels:
        return target, _as_level(actual, ACHIEVED if level.name == goal.levels[0] else NOT_ACHIEVED)
    if isinstance(goal, Level) and goal.name in GRADES:
        target = _as_level(target, GRADES[goal.name])
    if isinstance(goal, Level | Scale | Phrase) and level.name in GRADES:
        actual = _as_level(actual, GRADES[level.name])
    same = isinstance(target.read.value, Level) and target.read.value == actual.read.value
    return target, _as_level(actual, ACHIEVED) if same else actual


def _as_level(side: _Side, name: str) -> _Side:
    return replace(side, read=Read(Level(name), name))


def _without_comparator_note(actual: _Side) -> _Side:
    """An actual copied with its comparator is reported by its own check; a conversion is reported here all the same."""
    number = actual.number
    if number is None or number.comparator is None or show_number(number.value) not in actual.raw.text:
        return actual
    return replace(actual, read=actual.read._replace(note=""))


def _percentage(side: _Side, other: _Side, context: RowContext) -> _Side:
    """0.98 beside 95 where per cent is meant: 0.98 % or 98 %? That is asked, and nothing is read.

    Where 计量单位 is %, only if 98 % lies nearer to the other value than 0.98 % does: 0.5 beside 1.2 is what it says, and
    so is a 差错率 of 0.1 against ≤ 2.
    """
    number, model = side.number, other.number
    if number is None or model is None or not side.bare or not 0 < abs(number.value) <= ONE < abs(model.value):
        return side
    as_it_says = abs(model.value) < TEN * abs(number.value) or (
        context.nature in ("≤", "<") and not _is_share(context.name)
    )
    if not _in_per_cent(context, number, model) or (normal(context.unit) == "%" and as_it_says):
        return side
    is_actual = side.label == FIELDS["actual"].label
    return replace(side, read=two_rates(number.value, more=IF_MISSED if is_actual else ""))


def _in_per_cent(context: RowContext, *numbers: Number) -> bool:
    units = (context.unit, *(number.unit or "" for number in numbers))
    return any(normal(unit) == "%" for unit in units) or (not any(units) and context.name.endswith(RATE_NAMES))


def _fractions(target: _Side, actual: _Side, context: RowContext) -> tuple[_Side, _Side]:
    """满意度 0.9 against 0.935, or 1 against 1, counted in %: was a rate near 100 meant? Asked about once, at the target,
    and neither is read."""
    numbers = [side.number for side in (target, actual) if side.number is not None and side.bare]
    if len(numbers) < 2 or not all(0 < n.value <= ONE for n in numbers) or not _in_per_cent(context, *numbers):
        return target, actual
    if all(n.value == ONE for n in numbers):  # 100 % pasted as its value; a 差错率 of 1 % is what it says
        is_asked = normal(context.unit) == "%" and SMALL_RATE.search(context.name) is None
    else:
        is_asked = _is_share(context.name)
    if not is_asked:
        return target, actual
    unread: Cell[Any] = Cell(actual.raw.ref, actual.label, actual.raw.text, None, UNREADABLE)
    return replace(target, read=two_rates(numbers[0].value, unread, IF_MISSED)), replace(actual, done=(unread, ()))


def _is_share(name: str) -> bool:
    return name.endswith(NEAR_HUNDRED_NAMES) or (name.endswith(SHARE_NAMES) and SMALL_RATE.search(name) is None)


def _comparator(target: _Side, context: RowContext) -> _Side:
    """≥ in the value against ≤ in 指标性质: which one holds is not for the program to say."""
    number = target.number
    if number is None or number.comparator is None or context.nature in ("", "定性", number.comparator):
        return target
    return replace(
        target,
        read=problem(
            "CELL_020", where=target.label, nature=context.nature, comparator=number.comparator, expected=context.nature
        ),
    )


def _concluded(side: _Side) -> tuple[Cell[Any], tuple[Finding, ...]]:
    return side.done if side.done is not None else conclude(side.raw, side.label, side.read)
