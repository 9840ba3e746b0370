"""Dates as people type them: days, and the spans of days that a month, quarter or deadline stands for."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from perfeval.excel.number_format import day_of_serial
from perfeval.filing.typed.numbers import half_width
from perfeval.model.readings import DateSpan

CLOCK = re.compile(  # behind a day: 18:00, 下午3:00:15, 14时30分, T09:30, 上午
    r"(?:\s+|T|(?<=[日号]))\s*(?:(?:上午|下午|凌晨|晚上|中午)?\s*\d{1,2}\s*"
    r"(?::\d{2}(?::\d{2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?)?)整?|上午|下午)$",
    re.ASCII,
)
INCLUDED = re.compile(r"\s*[(](?:包?含|包括)(?:当[日天]|本[日数])?[)]$")  # 12月31日（含）
WEEKDAY = re.compile(r"\s*[(]?(?:星期|周)[一二三四五六日天][)]?$")
NUMERALS = "零一二三四五六七八九"
IN_WORDS = re.compile("[〇○零一二三四五六七八九十]+(?=[年月日号])")  # 二〇二五年十二月三十一日
DAY = re.compile(r"(?P<y>\d{4})(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})日?号?", re.ASCII)
EIGHT_DIGITS = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
SIX_DIGITS = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])", re.ASCII)
POINTED = re.compile(r"(?P<y>(?:19|20)\d{2})\.(?P<m>0?[1-9]|1[0-2])", re.ASCII)
FOUR_DIGITS = re.compile(r"(?:19|20)\d{2}", re.ASCII)
UP_TO = re.compile(r"^(?:截[至止]|至)?(\d{4}年)?(?:1月?[-—~至到](?=\d)|前(?=[二三四]))?", re.ASCII)  # 1-6月, 前三季度
USUAL = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日", re.ASCII)
YEAR_PART = r"(?:(?P<y>\d{4})年?度?[-/.]?|(?P<own>当年|本年|年内))?"
LIMIT = r"(?P<limit>之?前|以前|前完成|之内|内|以内|完成|前全部完成)?"
DAY_OF_YEAR = re.compile(YEAR_PART + r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?" + LIMIT, re.ASCII)
DAY_LIMIT = re.compile(DAY.pattern + LIMIT, re.ASCII)
MONTH = re.compile(YEAR_PART + r"(?P<m>\d{1,2})月(?:份)?(?P<part>底|末|中旬|上旬|下旬|初)?" + LIMIT, re.ASCII)
YEAR_MONTH = re.compile(  # 2025.12 alone may be a number: see digits.py
    r"(?P<y>(?:19|20)\d{2})(?:[-/]|\.(?=\d+\D))(?P<m>0?[1-9]|1[0-2])(?P<part>底|末)?" + LIMIT, re.ASCII
)
QUARTER = re.compile(YEAR_PART + r"第?(?P<q>[一二三四1-4])季度(?P<end>末|底)?" + LIMIT, re.ASCII)
HALF = re.compile(YEAR_PART + r"(?P<h>上|下)半年(?P<end>末|底)?" + LIMIT, re.ASCII)
YEAR_END = re.compile(r"(?:(?P<y>\d{4})|当|本)?年(?:底|末|内)(?P<limit>之?前|以前|前完成|完成)?", re.ASCII)
YEAR = re.compile(r"(?P<y>(?:19|20)\d{2})年度?(?:全年|内)?", re.ASCII)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of a day that has lost its format


class ImpossibleDate(Exception):  # noqa: N818  (reported as a finding)
    """The text has the form of a date that does not exist: 2025年2月30日."""


def day_of(text: str) -> date | None:
    """A whole day; None for any other text. Raises ImpossibleDate."""
    bare = _bare(text)
    match = DAY.fullmatch(bare) or EIGHT_DIGITS.fullmatch(bare)
    return _day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def is_usual(text: str) -> bool:
    """Whether a date is written in a form that needs no word: 2025-12-31, 2025/12/31, 2025年12月31日."""
    return USUAL.fullmatch(text) is not None


def day_without_format(number: Decimal, *, from_1904: bool = False) -> date | None:
    """The day of a serial number between 2000 and 2100; None for any other number."""
    day = day_of_serial(number, from_1904=from_1904) if number == number.to_integral_value() else None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _bare(text: str) -> str:
    """Without spaces, the day of the week and the time of day, numerals as digits."""
    bare = "".join(WEEKDAY.sub("", CLOCK.sub("", INCLUDED.sub("", half_width(text).strip()))).split())
    return IN_WORDS.sub(lambda match: _in_digits(match[0]), bare)


def _in_digits(numeral: str) -> str:
    """二〇二五 → 2025, 三十一 → 31."""
    tens, ten, ones = numeral.replace("〇", "零").replace("○", "零").rpartition("十")
    digits = "".join(str(NUMERALS.index(n)) for n in ones)
    return f"{NUMERALS.index(tens) if len(tens) == 1 else 1}{digits or 0}" if ten else digits


def span_of(text: str, year: int | None) -> DateSpan | None:
    """The days a text allows; a deadline has only its last day. `year` serves where the text names none.

    None for any other text, and where no year is known. Raises ImpossibleDate.
    """
    bare = _bare(text)
    for pattern, read in _READERS:
        match = pattern.fullmatch(bare)
        if match is not None:
            groups = match.groupdict()
            used = int(groups["y"]) if groups.get("y") else year
            return read(groups, used) if used is not None else None
    return None


def needs_year(text: str) -> bool:
    """Whether the text is a date without a year: 12月底前."""
    return span_of(text, 2000) is not None and span_of(text, None) is None


def month_of(text: str, year: int | None) -> int | None:
    """The month up to whose end a text counts: 6月, 1-6月, 2025.6, 第二季度, 2025年6月30日; None where it names none, another
    year than `year`, or a day before the month's end. Raises ImpossibleDate."""
    bare = UP_TO.sub(lambda match: match[1] or "", _bare(text)).removesuffix("累计").removesuffix("份")
    if bare.isascii() and bare.isdigit() and len(bare) <= 2:
        bare += "月"
    span = span_of(bare, year or FIRST_YEAR) or span_of_digits(bare)
    if span is None or (year is not None and span.last.year != year) or (span.last + timedelta(days=1)).day != 1:
        return None
    is_end = span.first is not None or "底" in bare or "末" in bare  # 6月前 ends with May
    return span.last.month if is_end else None


def span_of_digits(text: str) -> DateSpan | None:
    """A day or month written in digits alone: 20251231, 202512, 2025.12. Raises ImpossibleDate."""
    if (day := EIGHT_DIGITS.fullmatch(text)) is not None:
        return _day_span(day.groupdict(), int(day["y"]))
    month = SIX_DIGITS.fullmatch(text) or POINTED.fullmatch(text)
    return _whole_month(int(month["y"]), int(month["m"])) if month else None


Groups = dict[str, str | None]


def _bounded(first: date, last: date, limit: str | None) -> DateSpan:
    return DateSpan(None if limit and limit != "完成" else first, last)


def _day_span(groups: Groups, year: int) -> DateSpan:
    day = _day(year, int(groups["m"] or 0), int(groups["d"] or 0))
    return _bounded(day, day, groups.get("limit"))


def _month_span(groups: Groups, year: int) -> DateSpan:
    month, part, limit = int(groups["m"] or 0), groups["part"], groups["limit"]
    whole = _whole_month(year, month)
    first, last = _day(year, month, 1), whole.last
    if part is None and limit is not None and limit.removeprefix("之").removeprefix("以").startswith("前"):
        return DateSpan(None, first - timedelta(days=1))  # 9月前: before September begins
    first, last = {
        "初": (first, first.replace(day=10)), "上旬": (first, first.replace(day=10)),
        "中旬": (first.replace(day=11), first.replace(day=20)), "下旬": (first.replace(day=21), last),
    }.get(part or "", (first, last))  # fmt: skip
    return _bounded(first, last, limit)


def _whole_month(year: int, month: int) -> DateSpan:
    first = _day(year, month, 1)
    return DateSpan(first, date(year, month, monthrange(year, month)[1]))


def _quarter_span(groups: Groups, year: int) -> DateSpan:
    end = 3 * QUARTERS[groups["q"] or "1"]
    return _bounded(date(year, end - 2, 1), date(year, end, monthrange(year, end)[1]), groups["limit"])


def _half_span(groups: Groups, year: int) -> DateSpan:
    first, last = (
        (date(year, 1, 1), date(year, 6, 30)) if groups["h"] == "上" else (date(year, 7, 1), date(year, 12, 31))
    )
    return _bounded(first, last, groups["limit"])


def _year_end(groups: Groups, year: int) -> DateSpan:
    return DateSpan(None, date(year, 12, 31))


def _year_span(groups: Groups, year: int) -> DateSpan:
    return DateSpan(date(year, 1, 1), date(year, 12, 31))


_READERS = (
    (DAY_LIMIT, _day_span),
    (DAY_OF_YEAR, _day_span),
    (MONTH, _month_span),
    (YEAR_MONTH, _month_span),
    (QUARTER, _quarter_span),
    (HALF, _half_span),
    (YEAR_END, _year_end),
    (YEAR, _year_span),
)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDate from error
