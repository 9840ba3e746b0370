"""A line of a report → its quantities: every number with unit, what it measures and in what scope it is said."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from perfeval.model.numbers import HALF_UNIT, Interval, places
from perfeval.prose.text import Figure, Line

Key = tuple[object, ...]


@cache
def words() -> Mapping[str, Any]:
    """The vocabulary, words.toml."""
    return tomllib.loads((files("perfeval.prose") / "words.toml").read_text(encoding="utf-8"))


def _factors() -> dict[str, tuple[str, Decimal]]:
    """万元 → (money, 1): unit → family and how many of the family's own unit it is."""
    families = {k: v for k, v in words()["units"].items() if isinstance(v, dict)}
    factors = {u: (family, Decimal(f)) for family, table in families.items() for u, f in table.items()}
    plain = {u: (u, Decimal(1)) for key in ("measured", "counted") for u in words()["units"][key].split("|")}
    return plain | factors


FACTORS = _factors()
COUNTED = frozenset(words()["units"]["counted"].split("|"))
PEOPLE = frozenset(words()["units"]["people"].split("|"))
NAMES = "|".join(sorted(map(re.escape, FACTORS), key=len, reverse=True))
MULTIPLES = {
    "": Decimal(1),
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "亿": Decimal(100_000_000),
}
UNIT = (
    rf"(?:(?P<u>{NAMES})|(?P<m>[万亿千])(?P<mu>{NAMES})?|(?P<f>分)(?![钟之别布局期])|(?P<y>年|月|日|时|号|级|届|[xX]))?"
)
PRICE = rf"(?P<per>/(?:{NAMES}|月|年|日|学期)(?:[·.*/](?:{NAMES}|月|年|日|次))?)?"
CHINESE = "〇零一二两三四五六七八九十百千万亿"
SKIPPED = (
    r"^\d{1,2}[、.](?!\d)|\(\d{1,2}\)|《[^《》]{0,60}》|(?<!\d)(?:19|20)\d{2}(?:年度?)?[-—–~～至](?:19|20)\d{2}年?"
    r"|(?<!\d)(?:19|20)\d{2}(?:年\d{1,2}月(?:\d{1,2}日?)?|[./-](?:0?[1-9]|1[0-2])(?:[./-]\d{1,2})?(?![\d.万亿千元%]))"
    r"|(?<![\d.])\d+(?:\.\d+){2,}|\d{1,2}月(?:\d{1,2}日?)?|[〔\[(【](?:19|20)\d{2}[〕\])】]\d*号?|第[\d、]+"
    r"|(?<![\d.])\d{1,2}[:：]\d{2}(?!\d)|[A-Za-z][A-Za-z\d-]*\d[A-Za-z\d-]*"
)
NUMBERS = (
    rf"(?<![\d.A-Za-z])(?P<n>\d{{1,3}}(?:[,，]\d{{3}})+(?:\.\d+)(?!\d)|\d{{1,3}}(?:,\d{{3}})+(?!\d)"
    rf"|(?<![第表图号件])\d{{1,3}}(?:，\d{{3}})+(?=万元|元)|\d{{1,18}}(?:\.\d{{1,12}})?){UNIT}{PRICE}"
    rf"|百分之(?P<c>[{CHINESE}点]{{1,9}}|[\d.]{{1,8}})"
    rf"|(?<![第十{CHINESE}])(?P<z>[两二三四五六七八九十一][两二三四五六七八九十百千万亿零〇一]{{0,11}}(?:点[{CHINESE}]{{1,4}})?)(?P<zu>{NAMES})(?"
    rf"!级|大[队会型]|类地区|次产业|是|重)"
)
TOKEN = re.compile(f"(?P<skip>{SKIPPED})|{NUMBERS}")
FIGURE = re.compile(NUMBERS)
BARE = re.compile(r"[\d,]+(?:\.\d+)?")
MALFORMED = re.compile(r"(?<![\d.,A-Za-z])\d[\d.,]{2,30}\d(?P<u>(?:亿|千|百)?万?元|亿元|%|人次|人|个|户|亩|公里|分)")
WELL_FORMED = re.compile(
    r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?:19|20)\d{2}\.\d{1,2}(?:\.\d{1,2})?|\d{1,3}(?:,\d{1,3})+"
)
STOP_AS_POINT = re.compile(r"\d+。\d+(?:亿|千|百)?万?元")
SENTENCE = re.compile("[。！？]")
SEGMENT = re.compile("[。！？；]")
MARK = re.compile("[，。；！？：、()]")
CLAUSE = re.compile("[，。；！？：()]")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
HEDGE_BEFORE = re.compile(f"(?:{words()['hedges']['before']})(?:为|达|到|了)?$")
HEDGE_AFTER = re.compile(f"(?:{words()['hedges']['after']})")
EACH = re.compile(
    r"每(?P<one>人次|人|户|亩|吨|公里|平方米|个|家|套|台|次|场|期|村|头|只|座|棵|株|盏|件|份|课时|年|月|天|日)(?:次)?(?:每|·|\.)?(?P<two>月|天|日|年|次|期)?"
)
RANGE_BEFORE = re.compile(r"[\d%元](?:[-—–~～至]|到)$")
OVERLAPPING = re.compile(words()["parts"]["overlapping"])
RULE = re.compile(words()["rules"]["sentence"])
PREVIOUS = re.compile(words()["changes"]["previous"])
UNIT_OF_ALL = re.compile(r"单位:?：?((?:百|千|十|亿)?万?元|亿元)")
LONGEST_CLAUSE = 120
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, eq=False)
class Quantity(Figure):
    """A printed number. `value` counts in the first unit of its family (money in 万元)."""

    unit: str = ""  # the family: money, share, points, 分, 人, …; "" for a bare number
    factor: Decimal = Decimal(1)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    label: str = ""  # the words in front of it, back to the last mark or number
    after: str = ""
    before: str = ""  # its sentence up to the number
    start: int = 0
    end: int = 0
    sentence: int = 0
    segment: int = 0
    depth: int = 0
    year: int | None = None
    previous: bool = False
    hedged: bool = False
    rule: bool = False
    per: str = ""  # of a price: /亩
    unit_shown: str = ""

    @property
    def interval(self) -> Interval:
        """The numbers it may stand for."""
        return Interval(self.low, self.high)

    @property
    def printed(self) -> str:
        """The number with its unit."""
        return self.shown + self.unit_shown

    @property
    def is_price(self) -> bool:
        """Of one of something: 76.50元/亩, 每人每月800元."""
        return bool(self.per) or (self.unit == "money" and EACH.search(self.label) is not None)

    @property
    def is_fact(self) -> bool:
        """Whether an equality may follow from it."""
        return not self.hedged and not self.rule


def plain_grade(word: str) -> str:
    """优秀 → 优: the words of a text and of a regulation on one scale."""
    return str(words()["grades"].get(word, word))


def chinese_number(text: str) -> Decimal | None:
    """一百二十 → 120; None for what is no numeral."""
    whole, _, decimals = text.partition("点")
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    if all(c in digits for c in whole):
        number = Decimal("".join(str(digits[c]) for c in whole))
    else:
        number, section, digit = Decimal(0), 0, 0
        for c in whole:
            if c in digits:
                digit = digits[c]
            elif c in "十百千":
                section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
                digit = 0
            else:
                number = (number + section + digit) * (10_000 if c == "万" else 100_000_000)
                section = digit = 0
        number += section + digit
    if decimals:
        number += Decimal("0." + "".join(str(digits.get(c, 0)) for c in decimals))
    return number


def unit_of_all(text: str) -> str:
    """“单位：万元” → 万元: the unit of the bare numbers below it."""
    found = UNIT_OF_ALL.search(text)
    return found[1] if found else ""


@cache
def _measure(unit: str) -> tuple[str, Decimal] | None:
    """万人次 → (人次, 10000): family and factor; None for a word that is no unit here."""
    match = FIGURE.fullmatch(f"1{unit}")
    read = _read(match, unit, "") if match and match["n"] == "1" else None
    return read and (read[3], read[4])


def measured(quantity: Quantity, unit: str, text: str) -> tuple[int, Decimal] | None:
    """Where a quantity of a text ends that is counted in `unit`, and how many of its family's first unit that is; None
    where it counts something else. Somebody's own unit (标准箱) is one where it stands behind the bare number."""
    known = _measure(unit)
    if known is not None:
        return (quantity.end, known[1]) if quantity.unit == known[0] else None
    is_own = not quantity.unit and text.startswith(unit, quantity.end)
    return (quantity.end + len(unit), quantity.factor) if is_own else None


def malformed(line: Line) -> Iterator[Figure]:
    """Digits, points and commas with a unit that make no number: 8,20.0,77万元."""
    text = line.half_width
    for match in MALFORMED.finditer(text):
        digits = match[0].removesuffix(match["u"])
        money = "元" in match["u"]
        if not WELL_FORMED.fullmatch(digits) or (
            money and "," in digits and not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits)
        ):
            yield _broken(line, match[0])
    for match in STOP_AS_POINT.finditer(text):
        yield _broken(line, match[0])


def _broken(line: Line, printed: str) -> Figure:
    return Figure(("broken", line.number, printed), Decimal(0), printed, line.where, line.text, printed)


def quantities(line: Line, unit: str = "", year: int | None = None) -> list[Quantity]:
    """The quantities of a line in their order; `unit` is that of bare numbers, `year` the one the report is about."""
    text = line.plain
    if not any(c.isdigit() or c in CHINESE for c in text):
        return []
    marks = [m.end() for m in MARK.finditer(text)]
    sentences = [m.end() for m in SENTENCE.finditer(text)]
    segments = [m.end() for m in SEGMENT.finditer(text)]
    depths = _depths(text)
    rules: dict[int, bool] = {}
    found: list[Quantity] = []
    last_end = 0
    is_number = BARE.fullmatch(text) is not None  # 2012.12 alone in a cell is an amount
    for match in TOKEN.finditer(text) if not is_number else FIGURE.finditer(text):
        if not is_number and match["skip"]:
            continue
        read = _read(match, text, unit)
        start, end = match.start(), match.end()
        if read is None:
            last_end = end + text.startswith("度", end)
            continue
        number, shown, unit_shown, family, factor = read
        sentence = bisect_right(sentences, start)
        opened = sentences[sentence - 1] if sentence else 0
        closed = sentences[sentence] if sentence < len(sentences) else len(text)
        at = bisect_right(marks, start)
        label = _label(text, max(marks[at - 1] if at else 0, last_end, start - 60), start)
        after = text[
            end : min(
                end + 30, marks[bisect_right(marks, end)] - 1 if bisect_right(marks, end) < len(marks) else len(text)
            )
        ]
        before = text[max(opened, start - 200) : start]
        if sentence not in rules:
            rules[sentence] = bool(RULE.search(text[opened : min(closed, opened + 2000)]))
        said = YEAR.findall(before)
        low, high = _interval(number, family, factor, unit_shown)
        found.append(
            Quantity(
                ("line", line.number, start),
                number * factor,
                shown,
                line.where,
                line.quote(start, end),
                line.clause(start, end),
                family,
                factor,
                low,
                high,
                label,
                after,
                before,
                start,
                end,
                sentence,
                bisect_right(segments, start),
                depths[start],
                int(said[-1]) if said else year,
                bool(PREVIOUS.search(label)),
                _hedged(label, text[end : end + 4], text[max(0, start - 3) : start]),
                rules[sentence],
                match.groupdict().get("per") or "",
                unit_shown,
            )
        )
        last_end = end
    return found


def _label(text: str, first: int, start: int) -> str:
    """The words in front of a number; a bracket among them is left out: 阶段（一次性）项目 → 阶段项目."""
    label = text[first:start]
    if first and text[first - 1] == ")":
        opened = text.rfind("(", max(0, first - 40), first)
        before = text[max(0, opened - 40) : opened] if opened > 0 else ""
        if before and not before[-1].isdigit():
            label = re.split(r"[，。；！？：、()]|\d+年?度?", before)[-1] + label
    return label


def _hedged(label: str, after: str, just_before: str) -> bool:
    return bool(HEDGE_BEFORE.search(label) or HEDGE_AFTER.match(after) or RANGE_BEFORE.search(just_before))


def _depths(text: str) -> list[int]:
    depth, depths = 0, []
    for character in text:
        depth += 1 if character == "(" else -1 if character == ")" and depth else 0
        depths.append(depth)
    return depths


def _interval(number: Decimal, family: str, factor: Decimal, shown: str) -> tuple[Decimal, Decimal]:
    """A whole count is exact; all else may be rounded at its last printed digit."""
    exact = (family in COUNTED or family in ("分", "")) and places(number) == 0 and factor == 1
    half = Decimal(0) if exact else HALF_UNIT.scaleb(-places(number)) * factor
    return number * factor - half, number * factor + half


def _read(match: re.Match[str], text: str, unit: str) -> tuple[Decimal, str, str, str, Decimal] | None:
    """Number, as printed, unit as printed, family and factor; None for a date, an ordinal or no number."""
    if match["c"]:
        number = Decimal(match["c"]) if match["c"].replace(".", "", 1).isdigit() else chinese_number(match["c"])
        return None if number is None else (number, match[0], "", "share", Decimal(1))
    if match["z"]:
        number = chinese_number(match["z"])
        if number is None or match["z"] == "一":
            return None
        family, factor = FACTORS[match["zu"]]
        return number, match["z"], match["zu"], family, factor
    number = Decimal(match["n"].replace(",", "").replace("，", ""))
    shown = match["n"]
    if match["y"]:
        return None
    if match["f"]:
        return number, shown, "分", "分", Decimal(1)
    if match["u"]:
        family, factor = FACTORS[match["u"]]
        family = family + match["per"] if match["per"] and family == "money" else family
        return number, shown, match["u"] + (match["per"] or ""), family, factor
    if match["m"]:
        return _multiplied(match, number, shown)
    if unit and _may_be_amount(match, text):
        return number, shown, "", *FACTORS[unit]
    return number, shown, "", "", Decimal(1)


def _multiplied(match: re.Match[str], number: Decimal, shown: str) -> tuple[Decimal, str, str, str, Decimal]:
    """2.3万人次, 40万 (元 left out)."""
    multiple, counted = match["m"], match["mu"]
    if counted:
        family, factor = FACTORS[counted]
        return number, shown, multiple + counted, family, factor * MULTIPLES[multiple]
    return number, shown, multiple, "money", {"万": Decimal(1), "亿": Decimal(10_000), "千": Decimal("0.1")}[multiple]


def _may_be_amount(match: re.Match[str], text: str) -> bool:
    return match.start() > 0 and (places(Decimal(match["n"].replace(",", "").replace("，", ""))) > 0 or "资金" in text)
