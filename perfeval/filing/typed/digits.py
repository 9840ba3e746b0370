"""Dates that were typed as digits alone or have lost their format: 20251231, 202512, 2025.12, 2025, 46022. Known from
numbers by the unit, the kind of the indicator and what stands beside them; where that does not tell, it is asked."""

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from perfeval.filing.typed.dates import FOUR_DIGITS, ImpossibleDate, day_without_format, span_of_digits
from perfeval.filing.typed.units import normal
from perfeval.model.numbers import show_number
from perfeval.model.readings import TIME_UNITS, DateSpan

DAY, MONTH, POINT, YEAR, SERIAL, DAY_OF_YEAR = "20251231", "202512", "2025.12", "2025", "46022", "12.31"
UNITS_OF_DAYS = ("天",)
UNITS_OF_YEARS = ("", "年", "日期", "时间")
UNITS_OF_DATES = ("", "日期", "时间", "时限", "期限", "时点", "年月日")
LEAP_YEAR = 2024  # has every day that there is
TIMELY_CLASS = "时效"
TIMELY_NAME = re.compile("时间|时限|期限|日期|时点|时效|截止|完成时|年月|年份|月份")
NEAR = 2  # years from the evaluated one: so far the digits of a date lie there by no chance
POINTED_DAY = re.compile(r"(?P<m>[1-9]|1[0-2])\.?(?P<d>[0-3]?\d)", re.ASCII)  # 12.31, 1231
ANY_NUMBER = re.compile(
    rf"(?:19|20)\d{{2}}(?:\.\d{{1,2}}|\d{{2}}|\d{{4}})?|[3-7]\d{{4}}|{POINTED_DAY.pattern}", re.ASCII
)


class Place(NamedTuple):
    """What the row says of its two values: 计量单位, whether it is about a time (时效指标, 完成时限), the evaluation year."""

    unit: str = ""
    is_timely: bool = False
    year: int | None = None


class Digits(NamedTuple):
    """What digits are as a date, and the way they are written; `span` is None for a day that does not exist (20251331).
    `doubt`: which two months they may be."""

    span: DateSpan | None
    form: str
    doubt: str = ""


def is_timely(name: str, *classes: str) -> bool:
    """Whether an indicator is about a time, by its 一级 and 二级指标 or its name."""
    return any(TIMELY_CLASS in level for level in classes) or TIMELY_NAME.search(name) is not None


def may_be_date(number: Decimal) -> bool:
    """Whether a closer look is needed: most numbers are none."""
    return ANY_NUMBER.fullmatch(str(number)) is not None


def digits_of(number: Decimal, *, is_text: bool, from_1904: bool = False) -> Digits | None:
    """The date that a bare number may be; None for what can be none. A cell that holds a number drops the 0 of
    2025.10."""
    text = show_number(number) if not is_text else str(number)
    try:
        span = span_of_digits(text)
    except ImpossibleDate:
        return Digits(None, DAY)
    if span is not None:
        form = POINT if "." in text else MONTH if span.first != span.last else DAY
        doubt = f"是{span.last.year}年1月还是{span.last.year}年10月" if text.endswith(".1") and not is_text else ""
        return Digits(span, form, doubt)
    if FOUR_DIGITS.fullmatch(text) is not None:
        return Digits(DateSpan(date(int(text), 1, 1), date(int(text), 12, 31)), YEAR)
    day = day_without_format(number, from_1904=from_1904)
    if day is not None:
        return Digits(DateSpan(day, day), SERIAL)
    return _day_of_year(text)


def _day_of_year(text: str) -> Digits | None:
    """12.31, 1231: whether it is one is only ever asked."""
    match = POINTED_DAY.fullmatch(text)
    if match is None or ("." not in text and len(text) < len("1231")):
        return None
    try:
        day = date(LEAP_YEAR, int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return Digits(DateSpan(day, day), DAY_OF_YEAR, "是日期还是数")


def is_date(digits: Digits, other: Digits | DateSpan | None, place: Place) -> bool | None:
    """Whether digits are a date, beside a date or beside what may be one (None for anything else); None where nobody
    can say."""
    unit = normal(place.unit)
    if unit not in TIME_UNITS or (digits.span is None and not (place.is_timely or isinstance(other, DateSpan))):
        return False
    if digits.form == DAY_OF_YEAR:
        both = isinstance(other, Digits) and other.form == DAY_OF_YEAR and _is_exact(digits, other)
        return None if both and place.is_timely and unit in UNITS_OF_DATES else False
    if isinstance(other, DateSpan):
        return True
    if digits.form == DAY:
        return place.is_timely or _is_near(digits, place)
    if not _is_near(digits, place):
        return False
    if digits.form == MONTH and place.is_timely:
        return True
    if other is None or not _is_near(other, place) or unit in UNITS_OF_DAYS:
        return False
    if digits.form in (YEAR, SERIAL) or other.form in (YEAR, SERIAL):
        return digits.form == other.form and place.is_timely and unit in UNITS_OF_YEARS
    return True if place.is_timely or unit else None


def _is_exact(*both: Digits) -> bool:
    """Whether one of the two days has two figures: 1.5 beside 1.2 are hours or days that were counted."""
    return any(digits.span is not None and digits.span.last.day > 9 for digits in both)


def _is_near(digits: Digits, place: Place) -> bool:
    return place.year is None or digits.span is None or abs(digits.span.last.year - place.year) <= NEAR
