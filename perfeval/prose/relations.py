"""Quantities of one scope → the relations between them, each checked. One function a kind; what has no certain base is
not checked."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from perfeval.model.numbers import HUNDRED, ZERO, Interval, half_up, places, show_number, total
from perfeval.prose.comparison import ADVICE, CONTRADICTION, QUESTION, Comparison, Kind
from perfeval.prose.quantities import Quantity, words

MOST_IN_A_LIST = 40  # a longer enumeration is no sentence
ROLES = {role: re.compile(pattern) for role, pattern in words()["roles"].items()}


def show(value: Decimal, like: Quantity) -> str:
    """A computed value in the unit of a quantity, printed as precisely."""
    decimals = max(places(Decimal(like.shown.replace(",", "").replace("，", ""))) if like.shown[:1].isdigit() else 0, 0)
    shown = half_up(value / like.factor, decimals if like.unit != "share" else max(decimals, 2))
    if like.unit == "share":
        return f"{show_number(shown) if decimals == 0 else shown}%"
    return f"{shown:f}{like.unit_shown}"


def summed(parts: Iterable[Quantity]) -> Interval:
    """What the sum of printed quantities may be."""
    every = list(parts)
    return Interval(total(p.low for p in every), total(p.high for p in every))


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """A share in per cent; None where the whole may be 0."""
    if whole.low <= 0:
        return None
    return Interval(max(ZERO, part.low) / whole.high * HUNDRED, part.high / whole.low * HUNDRED)


def agrees(stated: Quantity, computed: Interval) -> bool:
    """Whether one number can be both: a printed figure stands for what rounds to it, half up, so its upper end is
    another figure's."""
    if computed.low == computed.high or stated.low == stated.high:
        return (
            stated.low <= computed.high
            and (computed.low <= stated.high)
            and not (stated.low < stated.high == computed.low)
        )
    return stated.low < computed.high and computed.low < stated.high


def level_of(stated: Quantity, computed: Interval) -> str:
    """A miss of at most the last printed digit asks for a word; any larger one is a contradiction."""
    unit = stated.factor.scaleb(-_decimals(stated))
    near = _decimals(stated) >= 2 and max(computed.low - stated.high, stated.low - computed.high) <= unit
    return QUESTION if near else CONTRADICTION


def _decimals(quantity: Quantity) -> int:
    return len(quantity.shown.partition(".")[2]) if quantity.shown[:1].isdigit() else 0


def verdict(
    kind: Kind,
    word: str,
    stated: Quantity,
    computed: Interval,
    bases: Sequence[Quantity],
    arithmetic: str,
    name: str = "",
) -> Comparison:
    """A stated quantity against what its bases give."""
    middle = show((computed.low + computed.high) / 2, stated)
    ok = agrees(stated, computed)
    says = f"{name or _name(stated)}写的是 {stated.printed}，而 {arithmetic} = {middle}"
    level = CONTRADICTION if ok else level_of(stated, computed)
    advice = (
        "请核对原始资料，改正写错的一个数。" if level == CONTRADICTION else "只差末位：请核对是否四舍五入所致，并写明。"
    )
    return Comparison(kind, ok, says, (stated, *bases), advice, level=level, right=middle, word=word)


def added(whole: Quantity, parts: Sequence[Quantity], name: str = "", word: str = "合计") -> Comparison:
    """A stated whole against its parts."""
    return verdict(Kind.SUM, word, whole, summed(parts), parts, " + ".join(p.shown for p in parts), name)


def twice(what: str, first: Quantity, other: Quantity, word: str, advice: str = ADVICE, right: str = "") -> Comparison:
    """One thing, stated in two places."""
    says = f"{what}一处写的是 {first.printed}，另一处写的是 {other.printed}"
    ok = agrees(other, first.interval)
    return Comparison(Kind.PAIR, ok, says, (other, first), advice, right=right or first.printed, word=word)


def _name(quantity: Quantity) -> str:
    label = re.sub(r"^(?:其中|并|和|及|共|为)+|(?:为|是|达到?|共计?|合计)+$", "", quantity.label)
    return f"“{label}”" if label else ""


def role_of(quantity: Quantity, parent: Quantity | None = None) -> str:
    """plan, done, arrived, left, …: what a quantity's words say it is; a part is what its whole is."""
    label = quantity.label
    for role in ("returned", "saved"):
        if ROLES[role].search(label):
            return role
    if ROLES["opening"].search(label) or (quantity.previous and ROLES["left"].search(label)):
        return "opening"
    if ROLES["left"].search(label):
        return "left"
    if parent is not None:
        return role_of(parent)
    for role in ("firm_done", "plan", "arrived", "done"):
        if ROLES[role].search(label):
            return "done" if role == "firm_done" else role
    return "income" if "收入" in label else ""
