"""择一计分: the best of several ways to score an item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfeval.model.numbers import show_points
from perfeval.model.regulation import Item
from perfeval.rules.apply import apply
from perfeval.rules.criteria import Judged
from perfeval.rules.facts import Fact
from perfeval.rules.methods import Outcome
from perfeval.rules.numbers import Numbers
from perfeval.rules.render import with_prefix
from perfeval.rules.rounding import rounded


@dataclass(frozen=True, slots=True)
class _Way:
    """One alternative that is supplied, its inputs named apart from those of the others."""

    number: int
    outcome: Outcome
    facts: Mapping[str, Fact]


def best_of(item: Item, numbers: Numbers) -> Judged | None:
    """The better alternative; one not supplied drops out, None where all are."""
    ways = [way for n in range(len(item.alternatives)) if (way := _way(item, n, numbers)) is not None]
    if not ways:
        return None
    best = max(ways, key=lambda way: way.outcome.score)  # of equal ones the first
    formula = ",".join(way.outcome.formula for way in ways)
    outcome = Outcome(best.outcome.score, best.outcome.arithmetic, f"MAX({formula})" if len(ways) > 1 else formula)
    facts = {key: fact for way in (best, *ways) for key, fact in way.facts.items()}
    return Judged(outcome, facts, _remark(item, best, ways, numbers))


def _way(item: Item, number: int, numbers: Numbers) -> _Way | None:
    chosen = item.alternatives[number]
    facts = {role: numbers.get(name) for role, name in chosen.inputs.items()}
    applied = apply(chosen.method, item.max_points, facts, chosen.parameters, numbers.rounding)
    if applied is None:
        return None
    outcome, known = applied
    prefix = f"way{number + 1}_"
    named = Outcome(
        outcome.score, with_prefix(outcome.arithmetic, prefix, known), with_prefix(outcome.formula, prefix, known)
    )
    return _Way(number, named, {f"{prefix}{role}": fact for role, fact in known.items()})


def _remark(item: Item, best: _Way, ways: Sequence[_Way], numbers: Numbers) -> str:
    """（按第 1 种办法计；第 2 种办法得 0.27 分）"""
    by_number = {way.number: way for way in ways}
    said = [f"按第 {best.number + 1} 种办法计"]
    for number in range(len(item.alternatives)):
        if number == best.number:
            continue
        way = by_number.get(number)
        if way is None:
            said.append(f"第 {number + 1} 种办法没有提供数据")
            continue
        named = [fact.words for fact in way.facts.values()]
        points = show_points(rounded(way.outcome.score, numbers.rounding))
        said.append(f"第 {number + 1} 种办法（{'、'.join(named)}）得 {points} 分")
    return f"（择一计分，{'；'.join(said)}）"
