"""Caps: a total or an item may not come to more than so much where a number lies within bounds."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from perfeval.model.numbers import show_number, show_points
from perfeval.model.regulation import Cap, Regulation
from perfeval.model.scorecard import Capping, ItemScore
from perfeval.rules.facts import Fact
from perfeval.rules.kinds import BOUNDS, YES_NO
from perfeval.rules.methods import GUARD, SIGN_WORDS, SIGNS, meets, per_cent
from perfeval.rules.numbers import Numbers
from perfeval.rules.render import as_formula, kept_apart, operands_of, with_prefix

TOTAL, OWN = "total", "limit_"
MORE_PLACES = range(11)


def capping(target: str, full: Decimal, numbers: Numbers) -> Capping | None:
    """The caps of a target (total or an item's id) whose number is supplied; None where there is none."""
    known = [
        (cap, fact)
        for cap in numbers.regulation.caps
        if cap.on == target and (fact := numbers.get(cap.input)) is not None
    ]
    if not known:
        return None
    facts = kept_apart({f"cap{n}": _apart(fact) for n, (_, fact) in enumerate(known, start=1)})
    limits = [
        f"IF({_test(cap, f'cap{n}')},{show_number(cap.at_most)},{show_number(full)})"
        for n, (cap, _) in enumerate(known, start=1)
    ]
    formula = as_formula(limits[0] if len(limits) == 1 else f"MIN({','.join(limits)})", facts)
    holding = sorted(((cap, fact) for cap, fact in known if _holds(cap, fact.value)), key=lambda pair: pair[0].at_most)
    lowest = holding[0] if holding else None
    sentence = _sentence(*lowest, numbers.regulation) if lowest else ""
    return Capping(lowest[0].at_most if lowest else None, sentence, formula, operands_of(facts.values()))


def capped(score: ItemScore, numbers: Numbers) -> ItemScore:
    """The item after its caps; what it was before stays with it."""
    limit = capping(score.item.id, score.max_points, numbers)
    if limit is None or score.score is None:
        return score
    whole = _live(replace(score, capping=limit), limit)
    if limit.at_most is None or score.score <= limit.at_most:
        return whole
    words = f"{score.explanation}；{limit.sentence}，原为 {show_points(score.score)} 分"
    return replace(whole, score=limit.at_most, uncapped=score.score, explanation=words)


def bitten(points: Decimal | None, limit: Capping | None) -> bool:
    """Whether a cap takes something away."""
    return points is not None and limit is not None and limit.at_most is not None and points > limit.at_most


def _live(score: ItemScore, limit: Capping) -> ItemScore:
    """A leaf's own formula within the limit; a parent is the sum of cells, to which the documents put it."""
    if not score.item.is_leaf:
        return score
    formula = score.formula or (f"{{{score.operands[0].key}}}" if len(score.operands) == 1 else None)
    formula = formula or show_number(score.score or Decimal(0))
    operands = (*score.operands, *limit.operands)
    return replace(score, formula=f"MIN({formula},{limit.formula})", operands=operands)


def _apart(fact: Fact) -> Fact:
    """The fact with keys that no item of its own has."""
    return replace(
        fact,
        formula=with_prefix(fact.formula, OWN, [operand.key for operand in fact.operands]),
        operands=tuple(replace(operand, key=f"{OWN}{operand.key}") for operand in fact.operands),
    )


def _bounds(cap: Cap) -> Sequence[tuple[str, Decimal]]:
    return [(BOUNDS[word], limit) for word, limit in cap.bounds.items()]


def _holds(cap: Cap, value: Decimal) -> bool:
    return all(meets(value, sign, limit) for sign, limit in _bounds(cap))


def _test(cap: Cap, key: str) -> str:
    tests = [f"ROUND({{{key}}},{GUARD}){SIGNS[sign]}{show_number(limit)}" for sign, limit in _bounds(cap)]
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def _sentence(cap: Cap, fact: Fact, regulation: Regulation) -> str:
    """预算执行率 75.00% 不低于 70%、低于 80%，按规定不超过 89 分; of 是 or 否 the answer alone says it"""
    limit = f"按规定不超过 {show_number(cap.at_most)} 分（{cap.provenance.words}）"
    asked = regulation.asked(cap.input)
    if asked is not None and asked.kind == YES_NO:
        return f"{fact.words}，{limit}"
    # 79.996% is not printed as 80.00%
    printed = next((p for more in MORE_PLACES if _holds(cap, (p := fact.printed(more)).value)), fact)
    shown = per_cent if fact.is_rate else show_number
    bounds = "、".join(f"{SIGN_WORDS[sign]} {shown(limit)}" for sign, limit in _bounds(cap))
    return f"{printed.words} {bounds}，{limit}"
