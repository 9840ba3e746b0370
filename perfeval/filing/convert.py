"""Raw cells into typed values, by what the form says a cell holds (docs/开发/填报表.md, “What people really type”).

What is unambiguous is read, with a notice where the reading is not literal; what is not is a finding and the cell
UNREADABLE: never guessed, and never 0 for missing.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perfeval.excel.number_format import UNSHOWN, seen
from perfeval.excel.read import SOUND, Fault, RawCell
from perfeval.filing.answers import is_unwritten
from perfeval.filing.typed import dates, numbers
from perfeval.filing.typed.choices import choice_of
from perfeval.filing.typed.units import converted, normal, why_not
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import BLANK, READ, UNREADABLE, Cell, CellRef
from perfeval.model.form import PRINTED, Field, Kind, Need
from perfeval.model.money_units import WAN, in_wan
from perfeval.model.names import plain_signs
from perfeval.model.numbers import HUNDRED, half_up, show_number
from perfeval.model.readings import Number

PLAUSIBLE_RATE = Decimal(
    5
)  # a larger number shown in per cent was most likely pasted into a cell of that format: 27.44 shows as 2744%
RATE_TEXT = re.compile(r"[0-9]+(\.[0-9]+)?%")  # only the cell's type is wrong
BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # ≥ 18 is ≥18; 1 234 may be two numbers
REGULATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# a bureau may write its own in Chinese; a space ends it
OWN_ID = re.compile(r"(?:[一-鿿]|[0-9A-Za-z一-鿿]+-)[0-9A-Za-z一-鿿._-]*(?=\s|$)")
NUMERAL_FIELDS = frozenset({"number"})  # 序号: 一 is a numeral there, not a dash
COUNT_UNITS = frozenset({"个", "人", "次", "家", "项", "条", "件", "份", "期"})
WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!)", re.IGNORECASE)
A_DAY = "请先把单元格格式改为“文本”，再填 2025-12-31 这样的日期。"
RESULT_DECIMALS = 6  # of a formula's result as a finding prints it
FAULTS = {Fault.ERROR: "CELL_008", Fault.NEVER_CALCULATED: "CELL_009", Fault.STALE: "CELL_010"}
WANTED = {  # what belongs into a cell, and how to put it there
    Kind.AMOUNT: ("一个数", "请只填数，以万元计；要说明的写在说明或原因一栏。"),
    Kind.NUMBER: ("一个数", "请只填数，单位写在“计量单位”一列。"),
    Kind.POINTS: ("一个数", "请只填数，要说明的写在依据或原因一栏。"),
    Kind.COUNT: ("一个整数", "请填整数，如 8。"),
    Kind.RATE: ("一个百分比", "请填百分比，如 64.72%。"),
    Kind.DATE: ("一个日期", "请按“年-月-日”填写，如 2025-12-31。"),
    Kind.MONTH: ("评价年度的一个月份", "请填 1 到 12 的数，如 6。"),
    Kind.YEAR: ("一个年度", "请填四位数字，如 2025。"),
    Kind.READING: ("一个数、日期或等次", "请只填数、日期或等次，单位写在“计量单位”一列。"),
}


class Read(NamedTuple):
    """What a cell was read as. `note` is how to print a reading that is not literal; `problem` the finding where there
    is no value."""

    value: Any = None
    note: str = ""
    note_code: str = "CELL_019"
    problem: str = ""
    words: tuple[tuple[str, Any], ...] = ()


def problem(code: str, **words: Any) -> Read:
    """A cell that cannot be read, for the reason `code`."""
    return Read(problem=code, words=tuple(words.items()))


class Beside(NamedTuple):
    """What is known from elsewhere while a cell is read: 计量单位 of its row, the evaluation year, 金额单位."""

    unit: str = ""
    year: int | None = None
    money_unit: str = WAN


NOTHING_BESIDE = Beside()


def convert(
    raw: RawCell, field: Field, label: str, beside: Beside = NOTHING_BESIDE
) -> tuple[Cell[Any], tuple[Finding, ...]]:
    """The typed cell and what is to be reported of it."""
    value = raw.value
    is_word = (
        isinstance(value, str)
        and not numbers.is_placeholder(value)
        and (field.kind in WORDS or value in field.choices)
        and "#" not in value
        and "＃" not in value
        and not is_unprinted(raw, field)
    )
    if is_word:  # most cells: they are as they are
        return Cell(raw.ref, label, raw.text, value, READ), ()
    blank = blank_or_faulty(raw, field, label)
    if blank is not None:
        return blank
    if is_unprinted(raw, field):
        return _unprinted(raw, field, label)
    cell, reported = conclude(raw, label, _KINDS[field.kind](raw, field, beside))
    if field.kind is Kind.AMOUNT and beside.money_unit != WAN and cell.value is not None:
        cell = cell._replace(raw=show_number(cell.value))  # whatever quotes it counts in 万元
    return cell, reported


def is_unprinted(raw: RawCell, field: Field) -> bool:
    """Whether the report would print words that only hold a place."""
    return field.key in PRINTED and field.kind is Kind.LONG_TEXT and is_unwritten(raw.text)


def _unprinted(raw: RawCell, field: Field, label: str) -> tuple[Cell[Any], tuple[Finding, ...]]:
    """Such a cell as a blank one. Where it may be required, a check says so."""
    cell: Cell[Any] = Cell(raw.ref, label, raw.text, None, BLANK, flaw="没有写出内容")
    return cell, (make("CELL_025", cell),) if field.need is Need.OPTIONAL else ()


def blank_or_faulty(raw: RawCell, field: Field, label: str) -> tuple[Cell[Any], tuple[Finding, ...]] | None:
    """The cell where nothing can be read: blank, a placeholder, an error value (also one pasted as text), a formula
    never calculated, a date that cannot be shown; None otherwise."""
    value = raw.value
    fault = raw.fault
    if fault is SOUND and isinstance(value, str) and _is_error_text(value, field.kind):
        fault = Fault.ERROR
    if fault is not SOUND:
        cell: Cell[Any] = Cell(raw.ref, label, raw.text, None, UNREADABLE)
        now = seen(half_up(raw.recalculated, RESULT_DECIMALS), raw.format).text if raw.recalculated is not None else ""
        return cell, (make(FAULTS[fault], cell, expected=now),)
    if raw.stored is not None and raw.text == UNSHOWN:
        return conclude(raw, label, shown_as_date(raw, field.kind))
    if value is None or (isinstance(value, str) and numbers.is_placeholder(value) and field.key not in NUMERAL_FIELDS):
        return Cell(raw.ref, label, raw.text, None, BLANK), ()
    return None


def _is_error_text(text: str, kind: Kind) -> bool:
    """Whether an error value was pasted as text; in a name also with other words about it."""
    plain = numbers.half_width(text)
    found = ERROR_TEXT.search(plain) if kind in (Kind.TEXT, Kind.CHOICE) else ERROR_TEXT.fullmatch(plain)
    return found is not None


def conclude(raw: RawCell, label: str, read: Read) -> tuple[Cell[Any], tuple[Finding, ...]]:
    """The cell of a reading, with its finding or notices."""
    if read.problem:
        words = dict(read.words)
        cell: Cell[Any] = Cell(raw.ref, label, raw.text, None, UNREADABLE, by_format=raw.is_worded)
        return cell, (make(read.problem, cell, expected=str(words.pop("expected", "")), **words),)
    cell = Cell(raw.ref, label, raw.text, read.value, READ)
    if not (read.note or raw.format or raw.is_doubtful):  # as it is: nothing to say
        return cell, ()
    is_noted = bool(read.note) and not _is_literal(raw, read)
    cell = cell._replace(by_format=is_noted and raw.is_worded)
    findings = [make(read.note_code, cell, reading=read.note)] if is_noted else []
    if raw.displayed and not read.note:
        findings.append(make("CELL_015", cell, stored=raw.text, displayed=raw.displayed))
    if raw.is_doubtful:
        findings.append(make("CELL_022", cell))
    return cell, tuple(findings)


def _is_literal(raw: RawCell, read: Read) -> bool:
    """Whether a reading is what the cell says anyway: word for word, or a number whose format names its own unit."""
    value = read.value.value if isinstance(read.value, Number) else read.value
    is_same = read.note_code == "CELL_019" and read.note == BLANKS.sub("", raw.text)
    return is_same or (read.note_code == "CELL_005" and bool(value == raw.value))


def empty(cell: Cell[Any], field: Field, related: tuple[CellRef, ...] = ()) -> Finding:
    """A required cell was left blank; `related` names the others of a blank column."""
    return make("CELL_001", cell, alike=related, zero=_zero(field))


def _zero(field: Field) -> str:
    """What is said of a 0: it is offered only where it can be right."""
    if field.above_zero:
        return "，要大于 0"
    return {Kind.AMOUNT: "，没有发生的填 0", Kind.POINTS: "，没有得分的填 0"}.get(field.kind, "")


def wrong_type(kind: Kind) -> Read:
    """Something else is where a value of `kind` belongs."""
    expected, remedy = WANTED[kind]
    return problem("CELL_002", expected=expected, remedy=remedy)


def shown_as_date(raw: RawCell, kind: Kind) -> Read:
    """CELL_002 for a number whose format shows a date or time where none belongs, or a day that cannot be shown."""
    stored = show_number(raw.stored) if raw.stored is not None else ""
    if kind in WANTED and kind not in (Kind.DATE, Kind.READING):
        expected, remedy = WANTED[kind][0], f"请把单元格格式改为“常规”，再核对这个数（存的是 {stored}）。"
    elif kind is Kind.READING:
        expected, remedy = (
            "一个数",
            f"请把单元格格式改为“常规”，再核对这个数（存的是 {stored}）；要填日期的，{A_DAY[1:]}",
        )
    else:
        why = f"存的数 {stored} 显示不出来" if raw.text == UNSHOWN else "没有显示出年、月、日"
        expected, remedy = WANTED[Kind.DATE][0], f"{why}，{A_DAY}"
    return problem("CELL_002", expected=expected, remedy=f"这一格设成了日期或时间的格式：{remedy}")


def two_rates(number: Decimal, other: Cell[Any] | None = None, more: str = "") -> Read:
    """CELL_007: a bare 0.98 is 0.98 % or 98 %, and the program does not choose. `other` is a cell that is just as
    unclear, `more` what else is to be done: either would be asked about next."""
    low, high = f"{show_number(number)}%", f"{show_number(number * HUNDRED)}%"
    too = f"，“{other.label}”（{other.ref.address}）也这样写明" if other is not None else ""
    return problem(
        "CELL_007",
        low=low,
        high=high,
        remedy=f"请写明百分号，如 {high}{too}；或者把单元格格式设为百分比。{more}",
        related=(other.ref,) if other is not None else (),
    )


def pasted_rate(raw: RawCell, kind: Kind) -> Read | None:
    """CELL_007 where a number shown in per cent is too large to have been meant so; None for any other cell."""
    if not raw.is_percent or not isinstance(raw.value, Decimal) or abs(raw.value) <= PLAUSIBLE_RATE:
        return None
    low, high = show_number(raw.value), show_number(raw.value * HUNDRED)
    how = "填计划数和完成数" if kind is Kind.RATE else f"把单元格格式改为“常规”，再填 {high}，计量单位填 %"
    return problem(
        "CELL_007", low=f"{low}%", high=f"{high}%", remedy=f"请重新填写，如 {low}%；确实是 {high}% 的，{how}。"
    )


def number_read(raw: RawCell, kind: Kind, unit: str) -> Read:
    """A number counted in `unit` ('' for none): a numeric cell as it is, text where nothing but number and unit stand
    in it. A unit that the cell's format shows counts like a typed one."""
    if raw.stored is not None:
        return shown_as_date(raw, kind)
    if isinstance(raw.value, Decimal) and not raw.is_worded:
        if not raw.is_percent:
            return Read(raw.value)
        return (pasted_rate(raw, kind) or Read(raw.value * HUNDRED)) if normal(unit) == "%" else wrong_type(kind)
    if not isinstance(raw.value, Decimal | str) or isinstance(raw.value, bool):
        return wrong_type(kind)
    number = numbers.number_of(raw.text)
    if number is not None:
        return Read(number, show_number(number), "CELL_004" if is_plain_text_number(raw.text) else "CELL_019")
    if numbers.is_malformed(raw.text):
        return problem("CELL_011")
    return _quantity_read(raw, kind, unit)


def _quantity_read(raw: RawCell, kind: Kind, unit: str) -> Read:
    quantity = numbers.quantity_of(raw.text, unit)
    if quantity is None or quantity.comparator is not None or quantity.unit is None:
        return wrong_type(kind) if isinstance(raw.value, str) else as_stored(raw)
    if (
        not unit
        or normal(quantity.unit) == normal(unit)
        or (kind is Kind.COUNT and normal(quantity.unit) in COUNT_UNITS)
    ):
        return Read(quantity.value, show_number(quantity.value), "CELL_005")
    value = converted(quantity.value, quantity.unit, unit)
    if value is None:
        return no_factor(quantity.unit, unit)
    if numbers.names_no_unit(raw.text):
        return which_unit(unit)
    return Read(value, f"{show_number(value)}{unit}", "CELL_005")


def as_stored(raw: RawCell) -> Read:
    """The number itself, where the words of its format are no unit: 0"所学校". That is reported."""
    assert isinstance(raw.value, Decimal)
    number = raw.value * HUNDRED if raw.is_percent else raw.value
    return Read(number, show_number(number))


def no_factor(unit: str, wanted: str) -> Read:
    """CELL_006, with the reason."""
    return problem("CELL_006", unit=unit, expected=wanted, why=why_not(unit, wanted))


def which_unit(unit: str) -> Read:
    """￥1150 where amounts are counted in 万元: a sign that does not say which."""
    return problem("CELL_002", expected=f"一个写明是“元”还是“{unit}”的数", remedy=f"请只填数，以{unit}计。")


def is_plain_text_number(text: str) -> bool:
    """Whether only the cell's type is wrong: 12.5 stored as text, as against １２．５ or 1,234."""
    return numbers.PLAIN.fullmatch(text) is not None


def _amount(raw: RawCell, field: Field, beside: Beside) -> Read:
    """Money in 金额单位 → in 万元."""
    money = beside.money_unit
    read = number_read(raw, field.kind, money)
    if money == WAN:
        return read
    words = tuple((name, word.replace(WAN, money) if isinstance(word, str) else word) for name, word in read.words)
    note = "" if read.value == raw.value else read.note
    return read._replace(value=in_wan(read.value, money) if read.value is not None else None, note=note, words=words)


def _points(raw: RawCell, field: Field, beside: Beside) -> Read:
    return number_read(raw, field.kind, "分")


def _number(raw: RawCell, field: Field, beside: Beside) -> Read:
    return number_read(raw, field.kind, beside.unit)


def _count(raw: RawCell, field: Field, beside: Beside) -> Read:
    read = number_read(raw, Kind.COUNT, "个")
    if isinstance(read.value, Decimal):
        if read.value != read.value.to_integral_value():
            return wrong_type(Kind.COUNT)
        return Read(int(read.value), read.note, read.note_code)
    return read


def _rate(raw: RawCell, field: Field, beside: Beside) -> Read:
    """A fraction. The cell's format decides, then the % in the text, then the row's unit; a bare number is asked
    about."""
    if raw.is_percent and not raw.is_worded:
        return pasted_rate(raw, field.kind) or Read(raw.value)
    if isinstance(raw.value, str) or raw.is_worded:
        quantity = numbers.quantity_of(raw.text)
        if quantity is not None and quantity.unit == "%" and quantity.comparator is None:
            code = "CELL_004" if RATE_TEXT.fullmatch(raw.text) else "CELL_019"
            return Read(quantity.value / HUNDRED, f"{show_number(quantity.value)}%", code)
    read = number_read(raw, Kind.RATE, "%")
    if not isinstance(read.value, Decimal):
        return read
    if read.value == 0:
        return Read(read.value)
    if normal(beside.unit) == "%" and read.value > 1:
        return Read(read.value / HUNDRED, note=f"{show_number(read.value)}%")
    return two_rates(read.value)


def _text(raw: RawCell, field: Field, beside: Beside) -> Read:
    return Read(raw.text)


def _date(raw: RawCell, field: Field, beside: Beside) -> Read:
    if isinstance(raw.value, date):
        return Read(raw.value)
    if isinstance(raw.value, Decimal):
        day = dates.day_without_format(raw.value, from_1904=raw.from_1904) or _eight_digits(raw.value)
        return Read(day, note=day.isoformat()) if day else wrong_type(Kind.DATE)
    try:
        day = dates.day_of(raw.text)
    except dates.ImpossibleDate:
        return problem("CELL_012")
    if day is None:
        return wrong_type(Kind.DATE) if raw.stored is None else shown_as_date(raw, Kind.DATE)
    return Read(day, note="" if dates.is_usual(raw.text) else day.isoformat())


def _eight_digits(value: Decimal) -> date | None:
    try:
        return dates.day_of(show_number(value))
    except dates.ImpossibleDate:
        return None


def _month(raw: RawCell, field: Field, beside: Beside) -> Read:
    """6, 6月, 2025年6月, 第二季度. Of a day only a month's last: of a typed “1-6” the spreadsheet makes 6 January. A cell
    drops the 0 of 2025.10."""
    text = show_number(raw.value) if isinstance(raw.value, Decimal) and not raw.is_worded else raw.text
    if isinstance(raw.value, Decimal) and text.endswith(".1"):
        return wrong_type(Kind.MONTH)
    try:
        month = dates.month_of(text, beside.year)
    except dates.ImpossibleDate:
        month = None
    if month is None:
        return wrong_type(Kind.MONTH) if raw.stored is None else shown_as_date(raw, Kind.MONTH)
    return _whole(raw, text, month)


def _year(raw: RawCell, field: Field, beside: Beside) -> Read:
    text = numbers.half_width(raw.text).replace(" ", "")
    bare = text.removesuffix("度").removesuffix("年")
    if isinstance(raw.value, date):
        return shown_as_date(raw, Kind.YEAR)
    if not (bare.isascii() and bare.isdigit()) or len(bare) != 4:
        return wrong_type(Kind.YEAR)
    return _whole(raw, text, int(bare))


def _whole(raw: RawCell, text: str, number: int) -> Read:
    """A month or year, with the notice for one that was typed as text or with more than the number: 2025年."""
    if raw.value == number:
        return Read(number)
    return Read(number, str(number), "CELL_004" if text == str(number) else "CELL_019")


def _choice(raw: RawCell, field: Field, beside: Beside) -> Read:
    if field.list_key:
        return Read(_regulation_id(raw.text) if field.list_key == "regulations" else raw.text)
    chosen = choice_of(raw.text, field.choices)
    if chosen is None:
        return problem("CELL_003", expected="、".join(field.choices))
    return Read(chosen, note="" if chosen == raw.text else chosen)


def _regulation_id(text: str) -> str:
    """A title may follow the id, and its dashes be of any kind: “sichuan-dept-65—35 四川省……” → sichuan-dept-65-35."""
    signs = plain_signs(text)
    plain, own = REGULATION_ID.match(signs), OWN_ID.match(signs)
    if own is not None and (plain is None or "-" not in plain[0]):
        return own[0]
    return plain[0] if plain else text


_KINDS: dict[Kind, Callable[[RawCell, Field, Beside], Read]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.POINTS: _points,
    Kind.COUNT: _count,
    Kind.MONTH: _month,
    Kind.YEAR: _year,
    Kind.DATE: _date,
    Kind.RATE: _rate,
    Kind.CHOICE: _choice,
}
