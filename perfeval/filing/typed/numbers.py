"""Numbers as people type them: full-width digits, thousands separators, comparators, units glued on. Text in, a
quantity or nothing out."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfeval.filing.typed.units import is_unit, normal

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("　"): " ", ord("\u00a0"): " "}
PLACEHOLDERS = frozenset(
    {
        "/",
        "\\",
        "-",
        "—",
        "——",
        "–",
        "―",
        "一",
        "无",
        "……",
        "…",
        "...",
        "......",
        "待填",
        "--",
        "---",
        "－",
        "暂无",
        "N/A",
        "n/a",
    }
)
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
SHORT_WORDS = 1024  # 是, 件, ≥: so many are remembered, for they come again row by row
COMPARATORS = {
    "≥": "≥", ">=": "≥", "=>": "≥", "≧": "≥", "⩾": "≥", "\\geq": "≥", "\\ge": "≥", "不少于": "≥", "不低于": "≥", "不小于": "≥",
    "至少": "≥", "大于等于": "≥", "大于或等于": "≥", "›=": "≥",
    "≤": "≤", "<=": "≤", "=<": "≤", "≦": "≤", "⩽": "≤", "\\leq": "≤", "\\le": "≤", "‹=": "≤", "不超过": "≤", "不高于": "≤",
    "不大于": "≤", "不多于": "≤", "至多": "≤", "小于等于": "≤", "小于或等于": "≤",
    "=": "=", "═": "=", "==": "=", "等于": "=",
    ">": ">", "﹥": ">", "›": ">", "大于": ">", "高于": ">", "超过": ">", "多于": ">", "\\gt": ">",
    "<": "<", "﹤": "<", "‹": "<", "小于": "<", "低于": "<", "少于": "<", "\\lt": "<",
}  # fmt: skip
TRAILING = {
    "及以上": "≥",
    "以上": "≥",
    "或以上": "≥",
    "及以下": "≤",
    "以下": "≤",
    "或以下": "≤",
    "以内": "≤",
    "及以内": "≤",
    "之内": "≤",
}
COMPARATOR_FIRST = re.compile("|".join(re.escape(c) for c in sorted(COMPARATORS, key=len, reverse=True)))
QUANTITY = re.compile(
    rf"(?P<comparator>{COMPARATOR_FIRST.pattern})?"
    r"(?P<per>每[^\d\s]{1,4})?(?P<currency>[¥￥$])?"
    r"(?P<percent>百分之)?(?P<number>[-+−]?[\d][\d,.]*|[-+−]?\.\d+)"
    r"(?P<unit>[^\d]*?)"
    rf"(?P<trailing>{'|'.join(sorted(TRAILING, key=len, reverse=True))})?",
    re.ASCII,
)
HEDGES = re.compile("大约|大概|约|将近|接近|近|不到|不足|左右|上下|多|余|逾")  # 约5万人, 200多人
LONGEST_UNIT = 6
PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
NUMBER_IN_WORDS = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![A-Za-z\d])", re.ASCII)  # not the 1 of 1O
MALFORMED = re.compile(r"[-+]?[\d.,]*\d[\d.,]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what was around it. `unit` is as written, normal form; a number in per cent has the unit %."""

    value: Decimal
    unit: str | None = None
    comparator: str | None = None


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as the keyboard's own."""
    return text if text.isascii() else text.translate(FULL_WIDTH)


def is_placeholder(text: str) -> bool:
    """Whether it only says that nothing is there: / - — 一 无 …… 待填."""
    return len(text) <= LONGEST_PLACEHOLDER and _is_placeholder(text)


@lru_cache(maxsize=SHORT_WORDS)
def _is_placeholder(text: str) -> bool:
    return text in PLACEHOLDERS or half_width(text) in PLACEHOLDERS


@lru_cache(maxsize=SHORT_WORDS)
def comparator_of(text: str) -> str | None:
    """One of ≥ ≤ = > < where the text is only a comparator, in whatever spelling."""
    return COMPARATORS.get(half_width(text).replace(" ", "").lower())


def number_of(text: str) -> Decimal | None:
    """A bare number: 1234.5, 1,234.50, １２３; None for anything else, broken separators too."""
    if text.isalpha():  # 件, 优, 达成: no digit, in whatever width
        return None
    bare = _joined(text).replace("−", "-")
    if THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    return Decimal(bare) if PLAIN.fullmatch(bare) else None


def is_malformed(text: str) -> bool:
    """Digits, points and commas that make no number: 7,00.0,77."""
    bare = _joined(text)
    return (
        MALFORMED.fullmatch(bare) is not None
        and number_of(bare) is None
        and not re.fullmatch(r"\d{4}\.\d{1,2}(\.\d{1,2})?", bare)
    )


def quantity_of(text: str, own_unit: str = "") -> Quantity | None:
    """A number with comparator and unit, nothing else in the text; `own_unit` is a unit in addition to the known ones
    (the row's 计量单位)."""
    match = QUANTITY.fullmatch(_joined(text))
    if match is None:
        return None
    value = number_of(match["number"])
    if value is None or (match["comparator"] and match["trailing"]):
        return None
    unit = (match["unit"] or "").strip()
    if unit and not is_unit(unit) and normal(unit) != normal(own_unit):
        return None
    shown = _whole_unit(match["per"], match["currency"], "%" if match["percent"] else unit)
    comparator = COMPARATORS.get((match["comparator"] or "").lower()) or TRAILING.get(match["trailing"] or "")
    return Quantity(value, shown or None, comparator)


def hedged_quantity(text: str, own_unit: str = "") -> Quantity | None:
    """The one number of a text, with the unit behind it, whatever words are around: 约5万人 → 5 万人. For a remedy; it is
    never read so."""
    bare = HEDGES.sub("", _joined(text))
    found = list(NUMBER_IN_WORDS.finditer(bare))
    if len(found) != 1:
        return None
    tail = bare[found[0].end() :]
    heads = (tail[:length] for length in range(min(LONGEST_UNIT, len(tail)), 0, -1))
    unit = next((head for head in heads if is_unit(head) or normal(head) == normal(own_unit)), None)
    return Quantity(Decimal(found[0][0]), unit)


def names_no_unit(text: str) -> bool:
    """Whether a currency sign is all that shows the unit: in a table of 万元, ￥1150 may be either."""
    match = QUANTITY.fullmatch(_joined(text))
    return match is not None and match["currency"] is not None and not match["unit"]


def comparator_before(text: str) -> tuple[str, str] | None:
    """≥个 → (≥, 个): a comparator in whatever spelling and what is behind it; None where the text begins with
    none."""
    bare = _joined(text)
    match = COMPARATOR_FIRST.match(bare)
    return (COMPARATORS[match[0].lower()], bare[match.end() :]) if match else None


def _whole_unit(per: str | None, currency: str | None, unit: str) -> str:
    """As written, except for ways to write %. 每亩300 → 元/亩 would be a guess, 每亩300元 is not: without a currency the unit
    stays 每亩."""
    amount = "%" if normal(unit) == "%" else unit or ("元" if currency in ("¥", "￥") else "")
    if not per:
        return amount
    return f"{amount}/{'·'.join(per[1:].split('每'))}" if amount else per


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", half_width(text))
