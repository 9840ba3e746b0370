"""Dates as people type them: days, and the spans of days that a month, quarter or deadline stands for."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from perfeval.filing.typed.numbers import half_width
from perfeval.model.readings import DateSpan

DAY = re.compile(
    r"(?P<y>\d{4})(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})日?号?(?:\s*0?0:00(?::00)?)?", re.ASCII
)
EIGHT_DIGITS = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
USUAL = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日", re.ASCII)
YEAR_PART = r"(?:(?P<y>\d{4})年?度?[-/.]?|(?P<own>当年|本年|年内))?"
LIMIT = r"(?P<limit>之?前|以前|前完成|之内|内|以内|完成|前全部完成)?"
DAY_OF_YEAR = re.compile(YEAR_PART + r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?" + LIMIT, re.ASCII)
DAY_LIMIT = re.compile(DAY.pattern + LIMIT, re.ASCII)
MONTH = re.compile(YEAR_PART + r"(?P<m>\d{1,2})月(?:份)?(?P<part>底|末|中旬|上旬|下旬|初)?" + LIMIT, re.ASCII)
QUARTER = re.compile(YEAR_PART + r"第?(?P<q>[一二三四1-4])季度(?P<end>末|底)?" + LIMIT, re.ASCII)
HALF = re.compile(YEAR_PART + r"(?P<h>上|下)半年(?P<end>末|底)?" + LIMIT, re.ASCII)
YEAR_END = re.compile(r"(?:(?P<y>\d{4})|当|本)?年(?:底|末|内)(?P<limit>之?前|以前|前完成|完成)?", re.ASCII)
YEAR = re.compile(r"(?P<y>(?:19|20)\d{2})年度?(?:全年|内)?", re.ASCII)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
SERIAL_FIRST, SERIAL_LAST = Decimal(36526), Decimal(73415)  # 2000-01-01 to 2100-12-31 as Excel counts days
SERIAL_ZERO = date(1899, 12, 30)


class ImpossibleDate(Exception):  # noqa: N818  (reported as a finding)
    """The text has the form of a date that does not exist: 2025年2月30日."""


def day_of(text: str) -> date | None:
    """A whole day; None for any other text. Raises ImpossibleDate."""
    bare = half_width(text).strip()
    match = DAY.fullmatch(bare) or EIGHT_DIGITS.fullmatch(bare)
    return _day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def is_usual(text: str) -> bool:
    """Whether a date is written in a form that needs no word: 2025-12-31, 2025/12/31, 2025年12月31日."""
    return USUAL.fullmatch(text) is not None


def day_of_serial(number: Decimal) -> date | None:
    """The day of an Excel serial number between 2000 and 2100; None for any other number."""
    if number != number.to_integral_value() or not SERIAL_FIRST <= number <= SERIAL_LAST:
        return None
    return SERIAL_ZERO + timedelta(days=int(number))


def span_of(text: str, year: int | None) -> DateSpan | None:
    """The days a text allows; a deadline has only its last day. `year` serves where the text names none.

    None for any other text, and where no year is known. Raises ImpossibleDate.
    """
    bare = re.sub(r"\s+", "", half_width(text))
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


Groups = dict[str, str | None]


def _bounded(first: date, last: date, limit: str | None) -> DateSpan:
    return DateSpan(None if limit and limit != "完成" else first, last)


def _day_span(groups: Groups, year: int) -> DateSpan:
    day = _day(year, int(groups["m"] or 0), int(groups["d"] or 0))
    return _bounded(day, day, groups.get("limit"))


def _month_span(groups: Groups, year: int) -> DateSpan:
    month, part, limit = int(groups["m"] or 0), groups["part"], groups["limit"]
    first = _day(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    if part is None and limit is not None and limit.removeprefix("之").removeprefix("以").startswith("前"):
        return DateSpan(None, first - timedelta(days=1))  # 9月前: before September begins
    first, last = {
        "初": (first, first.replace(day=10)), "上旬": (first, first.replace(day=10)),
        "中旬": (first.replace(day=11), first.replace(day=20)), "下旬": (first.replace(day=21), last),
    }.get(part or "", (first, last))  # fmt: skip
    return _bounded(first, last, limit)


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
