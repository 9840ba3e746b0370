"""A method applied to the facts of its inputs, printed so that the arithmetic comes out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfeval.model.regulation import Method, Rounding
from perfeval.rules.facts import Fact
from perfeval.rules.methods import COMPUTING, Outcome
from perfeval.rules.render import agree

MORE_PLACES = range(11)  # decimals beyond those usually printed, as few as will do


def apply(
    method: Method,
    points: Decimal,
    facts: Mapping[str, Fact | None],
    parameters: Mapping[str, Any],
    rounding: Rounding,
) -> tuple[Outcome, Mapping[str, Fact]] | None:
    """What the method comes to, and the facts as a sentence prints them; None where one is missing or the method cannot
    be applied to them."""
    known = {role: fact for role, fact in facts.items() if fact is not None}
    if len(known) < len(facts):
        return None
    outcome = COMPUTING[method](points, **{role: fact.value for role, fact in known.items()}, **parameters)
    if outcome is None or not any(fact.name for fact in known.values()):
        return None if outcome is None else (outcome, known)
    for more in MORE_PLACES:
        printed = {role: fact.printed(more) for role, fact in known.items()}
        again = COMPUTING[method](points, **{role: fact.value for role, fact in printed.items()}, **parameters)
        if again is not None and again.arithmetic == outcome.arithmetic and agree(again.score, outcome.score, rounding):
            return outcome, printed
    return outcome, known
