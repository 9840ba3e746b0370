"""What a number format makes of a number: words before and behind it, per cent, a smaller scale, or a date of some
parts. A code and a number in, what is seen of it out; one place for every room."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from perfeval.model.numbers import HALF_UNIT, HUNDRED, show_number

UNSHOWN = "########"  # what is seen of a number that is no day although its format shows days
NO_DAY = "1900-01-00"  # what is seen of a 0 as a day
TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<bare>.)', re.DOTALL)
CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
TESTS: dict[str, Callable[[Decimal, Decimal], bool]] = {"<=": le, ">=": ge, "<>": ne, "=": eq, "<": lt, ">": gt}
ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
GENERAL = re.compile(r"G/通用格式|General", re.IGNORECASE)
AS_IT_IS = "#.#"  # stands for General, which shows all decimals there are
DIGITS = frozenset("0#?.,%")
DECORATION = re.compile(r"[\s()（）¥￥$€£]+")  # signs of money and brackets around a loss say no unit
SPOKEN = re.compile(r"[^\W\d_]|[<>=≤≥≦≧％%‰]")
NO_DATE_LETTERS, HALF_DAYS = re.compile(r"E[+-]", re.IGNORECASE), re.compile(r"AM/PM|A/P", re.IGNORECASE)
MINUTES = re.compile(r"(?<=h)([^ymdhs]*)m+|m+(?=[^ymdhs]*s)")
DAY_OF_MONTH = re.compile(r"(?<!d)dd?(?!d)")  # more of them name the day of the week
PARTLY = {
    "y": "{day.year}年",
    "ym": "{day.year}年{day.month}月",
    "md": "{day.month}月{day.day}日",
    "m": "{day.month}月",
    "d": "{day.day}日",
}
LEAP_DAY = 60  # the older system counts 29 February 1900, which there was not
ZERO, ZERO_BEFORE_LEAP, ZERO_OF_1904 = date(1899, 12, 30), date(1899, 12, 31), date(1904, 1, 1)
LAST_DAY = date(9999, 12, 31)
SECONDS = 86_400


class Section(NamedTuple):
    """A part of a code, for numbers of one sign or condition. `scale` is by which power of ten the number is shown
    smaller (`0,` → 3, `0!.0,` → 4), `decimals` how many of its own it shows, None where the code does not say, `parts`
    those of y m d h a date is shown by."""

    condition: tuple[str, Decimal] | None = None
    before: str = ""
    behind: str = ""
    per_cent: bool = False
    scale: int = 0
    decimals: int | None = None
    parts: str = ""
    has_number: bool = True

    @property
    def is_worded(self) -> bool:
        """Whether it says a unit, a comparator or another word with the number, or in its place."""
        return bool(self.before or self.behind)


PLAIN = Section()


class Seen(NamedTuple):
    """What is seen of a number: its text, the day where a whole one is shown, whether it is a date or time at all.
    `is_word`: only a word is seen, [=1]"是"; a 0 stays a number whatever stands for it."""

    text: str
    day: date | None = None
    is_time: bool = False
    is_word: bool = False


def section_of(code: str, value: Decimal) -> Section:
    """The part of a format that shows the number."""
    if not code:
        return PLAIN
    sections = _sections(code)
    if any(section.condition for section in sections):
        fitting = (s for s in sections if s.condition is None or TESTS[s.condition[0]](value, s.condition[1]))
        return next(fitting, sections[-1])
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    return sections[place]


def seen(value: Decimal, code: str, *, from_1904: bool = False) -> Seen:
    """A number as its format shows it, with all its digits: 0.2744 under 0.00% → 27.44%, 4.5 under 0.0"万元" → 4.5万元,
    46022 under yyyy"年"m"月" → 2025年12月. A scale counts only where a unit is shown with it."""
    section = section_of(code, value)
    if section.parts:
        return _seen_date(value, section.parts, from_1904)
    if section.is_worded and not section.has_number:
        return Seen(section.before, is_word=value != 0)
    number = value * HUNDRED if section.per_cent else value.scaleb(-section.scale) if section.is_worded else value
    return Seen(f"{section.before}{show_number(number)}{'%' if section.per_cent else ''}{section.behind}")


def day_of_serial(value: Decimal, *, from_1904: bool = False) -> date | None:
    """The day that a spreadsheet counts as number so many; None for what is none."""
    zero = ZERO_OF_1904 if from_1904 else ZERO if value >= LEAP_DAY else ZERO_BEFORE_LEAP
    if value < (0 if from_1904 else 1) or value >= (LAST_DAY - zero).days + 1:
        return None
    return zero + timedelta(days=int(value))


def _seen_date(value: Decimal, parts: str, from_1904: bool) -> Seen:
    day = day_of_serial(value, from_1904=from_1904)
    if day is None and not 0 <= value < 1:
        return Seen(UNSHOWN, is_time=True)
    if parts == "h":
        minutes, seconds = divmod(int(value * SECONDS + HALF_UNIT), 60)
        return Seen(f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}", is_time=True)
    if day is None:
        return Seen(NO_DAY, is_time=True)
    partly = PARTLY.get(parts.replace("h", ""))
    return Seen(partly.format(day=day), is_time=True) if partly else Seen(day.isoformat(), day, is_time=True)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[Section, ...]:
    """The parts of a code in order, without the one for text."""
    parts: list[list[re.Match[str]]] = [[]]
    for token in TOKEN.finditer(GENERAL.sub(AS_IT_IS, code)):
        if token["bare"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(_section(part) for part in parts if all(token["bare"] != "@" for token in part)) or (PLAIN,)


def _section(tokens: list[re.Match[str]]) -> Section:
    brackets = [token["bracket"] for token in tokens if token["bracket"]]
    condition = next((found for text in brackets if (found := CONDITION.fullmatch(text))), None)
    bare = "".join(token["bare"] or ("h" if ELAPSED.fullmatch(token["bracket"] or "") else "") for token in tokens)
    if parts := _date_parts(bare):
        return Section(parts=parts)
    numbers = [place for place, token in enumerate(tokens) if token["bare"] and token["bare"] in DIGITS]
    first, last = (numbers[0], numbers[-1] + 1) if numbers else (len(tokens), len(tokens))
    return Section(
        (condition[1], Decimal(condition[2])) if condition else None,
        _words(tokens[:first]),
        _words(tokens[last:]),
        "%" in bare,
        _scale(tokens),
        _decimals(bare, _scale(tokens)),
        has_number=bool(numbers),
    )


def _words(tokens: list[re.Match[str]]) -> str:
    """What is said beside the digits; '' for spaces, brackets and signs."""
    text = "".join(token["quoted"] or token["escaped"] or token["bare"] or "" for token in tokens)
    return DECORATION.sub("", text) if SPOKEN.search(text) else ""


def _date_parts(bare: str) -> str:
    """yyyy-mm-dd → ymd, h:mm → h; '' for what shows no date."""
    letters = HALF_DAYS.sub("h", NO_DATE_LETTERS.sub("", bare)).lower()
    if re.search("[ymdhs]|aaa", letters) is None:
        return ""
    clock = "h" if re.search("[hs]", letters) else ""
    dates = MINUTES.sub("", letters)
    day = "d" if DAY_OF_MONTH.search(dates) else ""
    parts = ("y" if re.search("[ye]", dates) else "") + ("m" if "m" in dates else "") + day
    return (parts or ("" if clock else "ymd")) + clock


def _decimals(bare: str, scale: int) -> int | None:
    """#,##0.00 → 2, 0.0% → 3; None for what shows as many as there are, and for fractions."""
    digits = re.search(r"[0#?](?:\.([0#?]*))?[^.]*$", bare)
    if digits is None or bare.strip() == AS_IT_IS or re.search("[/Ee]", bare):
        return None
    return len(digits[1] or "") + (2 if "%" in bare else 0) - scale


def _scale(tokens: list[re.Match[str]]) -> int:
    """Commas behind the last digit show thousands; a literal point before the last digits (0!.0,) shifts by those."""
    shape = "".join("!" if "." in (token["escaped"], token["quoted"]) else token["bare"] or "" for token in tokens)
    thousands, shifted = re.search(r"[0#?](,+)(?![0#?])", shape), re.search(r"!(0+)", shape)
    return (3 * len(thousands[1]) if thousands else 0) + (len(shifted[1]) if shifted else 0)
