"""A printed explanation read back: its arithmetic is done again, step by step, with nothing but what the sentence
says."""

import re
from collections.abc import Iterator
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

REMARK = re.compile(r"（[^（）]*）")
LABEL = re.compile(r"[一-鿿“”]+ ?(?=-?\d)")
PER_CENT = re.compile(r"(-?\d+(?:\.\d+)?)%")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ARITHMETIC = re.compile(r"[\d.+\-*/()|\s%]+")
SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/"})
NOT_BELOW_ZERO = "，低于 0 按 0 计"
ROUNDINGS = {
    "": ("0.01", ROUND_HALF_UP),
    "四舍五入到两位小数": ("0.01", ROUND_HALF_UP),
    "四舍五入到一位小数": ("0.1", ROUND_HALF_UP),
    "四舍五入到整数": ("1", ROUND_HALF_UP),
    "截到一位小数": ("0.1", ROUND_FLOOR),
}
DECLARED = re.compile(
    r"按(?:单位自评|自评得分)(?: (?P<stated>[\d.]+) 分、(?P<rounding>[^\d]+))?计 (?P<score>[\d.]+) 分$"
)
COMPARISON = re.compile(
    r"(?:(?P<part>-?[\d.]+) ÷ (?:指标值 )?)?(?P<left>-?[\d.]+%?)(?P<unsigned>，不计正负，)?"
    r" ?(?P<not>不满足|未满足|满足|属于)?“?"
    r"(?P<sign>大于|不低于|不超过|低于|超过|高于|等于|不等于|没有高于|没有低于)(?:指标值)? ?(?P<right>-?[\d.]+%?)"
)
SIGN = {
    "大于": "__gt__", "高于": "__gt__", "超过": "__gt__", "没有高于": "__le__", "不低于": "__ge__", "没有低于": "__ge__",
    "不超过": "__le__", "低于": "__lt__", "等于": "__eq__", "不等于": "__ne__",
}  # fmt: skip


def untrue_in(name: str, explanation: str, score: Decimal | None) -> str:
    """What is not true of a sentence as printed; '' where all is."""
    if score is None or not explanation.startswith(f"{name} = "):
        return _untrue_declaration(explanation, score)
    return _untrue_equation(explanation.removeprefix(f"{name} = "), score) or next(
        _untrue_comparisons(explanation.removeprefix(name)), ""
    )


def _untrue_declaration(explanation: str, score: Decimal | None) -> str:
    found = DECLARED.search(explanation)
    if found is None or score is None:
        return "" if " = " not in explanation else "an equation without a score"
    if Decimal(found["score"]) != score:
        return "another score"
    return (
        ""
        if not found["stated"] or score == _rounded(Fraction(found["stated"]), found["rounding"])
        else "not what rounding gives"
    )


def _untrue_equation(text: str, score: Decimal) -> str:
    bare = text
    while REMARK.search(bare):
        bare = REMARK.sub("", bare)
    *steps, result = (step.strip() for step in bare.split(" = "))
    if Decimal(result.removesuffix(" 分")) != score:
        return "another score"
    if not steps:
        return ""
    value = value_of(steps[0])
    if value is None:
        return "no arithmetic"
    reported, _, rounding = steps[1].partition("，") if len(steps) > 1 else ("", "", "")
    if (reported and Decimal(reported.rstrip("…")) != _cut(value)) or (reported.endswith("…") and _cut(value) == value):
        return f"{reported} is not what the arithmetic comes to"
    return "" if _rounded(value, rounding) == score else f"comes to {float(value)}"


def value_of(step: str) -> Fraction | None:
    """What a step comes to; None where it is no arithmetic, or says that it falls below 0 and does not."""
    arithmetic = LABEL.sub("", step.replace(NOT_BELOW_ZERO, "")).translate(SIGNS)
    if not ARITHMETIC.fullmatch(arithmetic):
        return None
    parts = PER_CENT.sub(r"(\1/100)", arithmetic).split("|")
    code = "".join(f"abs({part})" if n % 2 else part for n, part in enumerate(parts))
    value = Fraction(eval(NUMBER.sub(lambda m: f"F('{m[0]}')", code), {"F": Fraction, "abs": abs}))
    is_below = value < 0
    return None if is_below != (NOT_BELOW_ZERO in step) else max(Fraction(0), value)


def _cut(value: Fraction) -> Fraction:
    return Fraction(int(value * 10**4), 10**4)


def _rounded(value: Fraction, rounding: str) -> Decimal:
    place, way = ROUNDINGS[rounding]
    return (
        (Decimal(value.numerator) / Decimal(value.denominator))
        .quantize(Decimal("1e-10"), ROUND_HALF_UP)
        .quantize(Decimal(place), way)
    )


def _untrue_comparisons(text: str) -> Iterator[str]:
    for found in COMPARISON.finditer(text):
        left, right = (_number(found[side]) for side in ("left", "right"))
        left = _number(found["part"]) / left if found["part"] else abs(left) if found["unsigned"] else left
        holds = getattr(left, SIGN[found["sign"]])(right)
        if holds == (found["not"] in ("不满足", "未满足")):
            yield f"“{found[0]}” is not so"


def _number(text: str) -> Fraction:
    return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
