"""A method's templates filled with facts: the sentence an official reads, and the formula of the score workbook."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from perfeval.model.numbers import floor, half_up, show_number, show_points
from perfeval.model.regulation import ROUNDING_NAMES, Rounding
from perfeval.model.scorecard import Operand, Unit
from perfeval.rules.facts import Fact
from perfeval.rules.methods import per_cent
from perfeval.rules.rounding import GUARD, rounded

PLACE = re.compile(r"\{(\w+)(?:\|(-?[\d.]+))?\}")
SIGNS = ("× ", "÷ ", "− ")
SHOWN_PLACES = 4  # decimals of a number that is still to be rounded


@lru_cache(maxsize=512)  # a method's templates are few, and the same row after row
def _split(template: str) -> tuple[str, ...]:
    """text, key, limit, text, key, limit, …, text"""
    return tuple(PLACE.split(template))


def _filled(template: str, fill: Callable[[str, str, str | None], str]) -> str:
    """The template with each place filled; `fill` gets the text before it, its key and perhaps a limit."""
    pieces = _split(template)
    places = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False)  # the last text has no place behind it
    return "".join([text + fill(text, key, limit) for text, key, limit in places]) + pieces[-1]


def _is_place(formula: str) -> bool:
    pieces = _split(formula)
    return len(pieces) == 4 and not pieces[0] and not pieces[-1]


def keys_of(template: str) -> frozenset[str]:
    """The keys of a template's places."""
    return frozenset(_split(template)[1::3])


def constant(key: str, name: str, value: Decimal, unit: Unit = Unit.POINTS) -> Fact:
    """A number that is in no cell of the filed workbook: the points of an item."""
    return Fact(value, show_number(value), f"{{{key}}}", (Operand(key, name, value, unit),))


def in_words(template: str, facts: Mapping[str, Fact]) -> str:
    """`{max} × {numerator} ÷ {denominator}` → 4 × 570.41 ÷ 612.44; a limit beside a rate prints in per cent, a negative
    number behind a sign in brackets."""

    def word(before: str, key: str, limit: str | None) -> str:
        fact = facts[key]
        if limit is None:
            is_signed = fact.words.startswith("-") and before.endswith(SIGNS)
            return f"({fact.words})" if is_signed else fact.words
        return per_cent(Decimal(limit)) if fact.is_rate else limit

    return _filled(template, word)


def as_formula(template: str, facts: Mapping[str, Fact]) -> str:
    """The template with each input replaced by its own arithmetic."""

    def arithmetic(_before: str, key: str, _limit: str | None) -> str:
        formula = facts[key].formula
        return formula if _is_place(formula) else f"({formula})"

    return _filled(template, arithmetic)


def sum_in_words(name: str, parts: Sequence[Decimal], whole: Decimal) -> str:
    """过程 = 6.00 + 10.65 = 16.65 分; what comes to one part is no sum."""
    steps = [name, " + ".join(show_points(part) for part in parts), show_points(whole)]
    return f"{' = '.join(dict.fromkeys(steps))} 分"


def kept_apart(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts with every operand key meaning one number: a key that two facts use for different cells is prefixed by
    its input."""
    taken: dict[str, Operand] = {}
    apart: dict[str, Fact] = {}
    for role, fact in facts.items():
        clashing = {operand.key for operand in fact.operands if taken.get(operand.key, operand) != operand}
        apart[role] = _prefixed(fact, role, clashing) if clashing else fact
        taken |= {operand.key: operand for operand in apart[role].operands}
    return apart


def with_prefix(template: str, prefix: str, keys: Collection[str]) -> str:
    """The template with a prefix before some of its keys."""
    return PLACE.sub(lambda place: f"{{{prefix}{place[0][1:]}" if place[1] in keys else place[0], template)


def _prefixed(fact: Fact, role: str, keys: Collection[str]) -> Fact:
    formula = with_prefix(fact.formula, f"{role}_", keys)
    operands = tuple(replace(o, key=f"{role}_{o.key}") if o.key in keys else o for o in fact.operands)
    return replace(fact, formula=formula, operands=operands)


def operands_of(facts: Iterable[Fact]) -> tuple[Operand, ...]:
    """Every operand once, in the order of the facts."""
    return tuple({operand.key: operand for fact in facts for operand in fact.operands}.values())


def equation(name: str, arithmetic: str, exact: Decimal, rounding: Rounding) -> str:
    """执行结果 = 4 × 570.41 ÷ 612.44 = 3.73 分; the last step is left out where the arithmetic is already the score.

    `exact` is what the arithmetic comes to. Rounding half-up to two decimals goes without saying, any other is said.
    """
    unrounded, points = _unrounded(exact, rounding), show_points(rounded(exact, rounding))
    steps = [name, arithmetic, *([unrounded] if unrounded else []), points]
    return f"{name} = {points} 分" if arithmetic == points else f"{' = '.join(steps)} 分"


def _unrounded(exact: Decimal, rounding: Rounding) -> str:
    """6.6666…，截到一位小数; '' where nothing is rounded or it need not be said."""
    if rounding is Rounding.HALF_UP_2:
        return ""
    value = half_up(exact, GUARD)
    if rounded(exact, rounding) == value:
        return ""
    shown = floor(value, SHOWN_PLACES)
    return f"{show_number(shown)}{'' if shown == value else '…'}，{ROUNDING_NAMES[rounding]}"


def agree(one: Decimal, other: Decimal, rounding: Rounding) -> bool:
    """Whether two exact scores print alike."""
    return equation("", "", one, rounding) == equation("", "", other, rounding)


def as_declared(kind: str, declared: Decimal, rounding: Rounding) -> str:
    """按单位自评计 8.5 分; what was rounded is said: 按单位自评 8.57 分、截到一位小数计 8.5 分."""
    score = rounded(declared, rounding)
    stated = "" if score == declared else f" {show_number(declared)} 分、{ROUNDING_NAMES[rounding]}"
    return f"按{kind}{stated}计 {show_points(score)} 分"
