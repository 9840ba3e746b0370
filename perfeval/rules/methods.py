"""The scoring methods, each a pure function of Decimals that states itself twice: as arithmetic and as a
spreadsheet formula.

Both are templates over `{max}` and the names of the inputs; `{value|0.1}` is a limit counted as the input `value` is,
so that it prints as 10% beside a rate. The formula gives the same number as the arithmetic for any inputs in the
method's domain, so a reviewer may change an operand. An outcome of None means: not computable from these numbers (zero
budget).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfeval.model.numbers import HUNDRED, ONE, ZERO, floor, half_up, show_number
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.regulation import Method

GUARD = 12  # decimals to which a formula rounds before it compares, since a spreadsheet counts in binary floats
SIGNS = {"above": ">", "at_least": ">=", "at_most": "<=", "below": "<"}
SIGN_WORDS = {"above": "大于", "at_least": "不低于", "at_most": "不超过", "below": "低于"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A score before rounding, between 0 and the points; its arithmetic in words and its formula."""

    score: Decimal
    arithmetic: str
    formula: str


def meets(value: Decimal, sign: str, limit: Decimal) -> bool:
    """Whether `value` is above, at_least, at_most or below `limit`, at as many decimals as a formula compares."""
    difference = half_up(value - limit, GUARD)
    match sign:
        case "above":
            return difference > 0
        case "at_least":
            return difference >= 0
        case "at_most":
            return difference <= 0
        case _:
            return difference < 0


def bound(parameters: Mapping[str, Any]) -> tuple[str, Decimal]:
    """The one comparison among parameters, as sign and limit. Raises StopIteration where there is none."""
    return next((sign, parameters[sign]) for sign in SIGNS if parameters.get(sign) is not None)


def _test(name: str, sign: str, limit: Decimal) -> str:
    return f"ROUND({{{name}}},{GUARD}){SIGNS[sign]}{show_number(limit)}"


def _limit(name: str, limit: Decimal) -> str:
    return f"{{{name}|{show_number(limit)}}}"


def per_cent(share: Decimal) -> str:
    """A share as a rule states it: 0.1 → 10%, every digit kept: two shares that differ never read alike."""
    return f"{show_number(share * HUNDRED)}%"


def not_below_zero(score: Decimal, arithmetic: str) -> tuple[Decimal, str]:
    """A score that would fall below 0 is 0, and the arithmetic says so."""
    return (score, arithmetic) if score >= 0 else (ZERO, f"{arithmetic}，低于 0 按 0 计")


def yes_no(
    points: Decimal,
    *,
    value: Decimal,
    above: Decimal | None = None,
    at_least: Decimal | None = None,
    at_most: Decimal | None = None,
    below: Decimal | None = None,
) -> Outcome:
    """是否评分: full where the value passes its one bound, else 0."""
    sign, limit = bound({"above": above, "at_least": at_least, "at_most": at_most, "below": below})
    passed = meets(value, sign, limit)
    words = f"{{value}} {'' if passed else '不'}满足“{SIGN_WORDS[sign]} {_limit('value', limit)}”"
    return Outcome(
        points if passed else ZERO,
        f"{'{max}' if passed else '0'}（{words}）",
        f"IF({_test('value', sign, limit)},{{max}},0)",
    )


def graded(
    points: Decimal, *, value: Decimal, steps: Sequence[Mapping[str, Decimal]], absolute: bool = False
) -> Outcome:
    """分级评分: the points of the first step the value falls into, bounds included; the last step has no bound.

    A step is {up_to, points} or {from, points}; `absolute` takes the value without its sign.
    """
    compared = abs(value) if absolute else value
    shown = "ABS({value})" if absolute else "{value}"
    formula, score, words = "", ZERO, ""
    for step in reversed(steps):
        sign, limit = ("<=", step["up_to"]) if "up_to" in step else (">=", step.get("from"))
        earned = step["points"]
        if limit is None:
            formula, score, words = show_number(earned), earned, "其余情形"
            continue
        formula = f"IF(ROUND({shown},{GUARD}){sign}{show_number(limit)},{show_number(earned)},{formula})"
        if meets(compared, "at_most" if sign == "<=" else "at_least", limit):
            score, words = earned, f"{'不超过' if sign == '<=' else '不低于'} {_limit('value', limit)}"
    unsigned = "，不计正负，" if absolute and value < 0 else " "
    return Outcome(score, f"{show_number(score)}（{{value}}{unsigned}属于“{words}”一档）", formula)


def ratio(
    points: Decimal,
    *,
    numerator: Decimal,
    denominator: Decimal | None = None,
    floor: Decimal = ZERO,
    cap: Decimal = ONE,
    zero_below: Decimal | None = None,
    zero_above: Decimal | None = None,
) -> Outcome | None:
    """比率分值: points × numerator ÷ denominator, the share kept between `floor` and `cap`; 0 below `zero_below` or above
    `zero_above`.

    Without a denominator the numerator is itself the rate. None where the denominator is 0 or negative.
    """
    if denominator is not None and denominator <= 0:
        return None
    divisor = ONE if denominator is None else denominator
    quotient, words = (
        ("{numerator}", "{numerator}")
        if denominator is None
        else ("{numerator}/{denominator}", "{numerator} ÷ {denominator}")
    )
    formula = f"{{max}}*MAX({show_number(floor)},MIN({show_number(cap)},{quotient}))"
    score, text = points * numerator / divisor, f"{{max}} × {words}"
    share = numerator / divisor
    if share > cap:
        score, text = points * cap, f"{{max}} × {per_cent(cap)}（{words} 超过 {per_cent(cap)}，按 {per_cent(cap)} 计）"
    elif share < floor:
        score, text = (
            points * floor,
            f"{{max}} × {per_cent(floor)}（{words} 低于 {per_cent(floor)}，按 {per_cent(floor)} 计）",
        )
    for sign, limit in (("below", zero_below), ("above", zero_above)):
        if limit is None:
            continue
        formula = f"IF(ROUND({quotient},{GUARD}){SIGNS[sign]}{show_number(limit)},0,{formula})"
        if meets(share, sign, limit):
            score, text = ZERO, f"0（{words} {SIGN_WORDS[sign]} {per_cent(limit)}，不得分）"
    return Outcome(score, text, formula)


def deduct_missing(points: Decimal, *, conditions: Sequence[Mapping[str, Any]], **values: Decimal) -> Outcome:
    """缺项扣分: points less those of each condition that is not met, never below 0. A condition is {input, one bound,
    points}."""
    score, text, formula, kept = points, "{max}", "{max}", []
    for condition in conditions:
        name, deducted = condition["input"], condition["points"]
        sign, limit = bound(condition)
        formula += f"-IF({_test(name, sign, limit)},0,{show_number(deducted)})"
        if meets(values[name], sign, limit):
            kept.append(f"{{{name}}}")
        else:
            score -= deducted
            text += f" − {show_number(deducted)}（{{{name}}} 未满足“{SIGN_WORDS[sign]} {_limit(name, limit)}”）"
    text += f"（{'、'.join(kept)} 满足要求）" if kept else ""
    return Outcome(*not_below_zero(score, text), f"MAX(0,{formula})")


def full_value(points: Decimal, *, value: Decimal, satisfactory: Decimal, unacceptable: Decimal) -> Outcome:
    """满意值赋分: full at or beyond the satisfactory value, 0 at or beyond the unacceptable one, proportional between them.

    The order of the two says whether more is better or less.
    """
    good, bad = _limit("value", satisfactory), _limit("value", unacceptable)
    low, high = show_number(unacceptable), show_number(satisfactory)
    formula = f"{{max}}*MAX(0,MIN(1,({low}-{{value}})/({low}-{high})))"
    span, reached = unacceptable - satisfactory, unacceptable - value
    share = reached / span
    if share >= 1:
        return Outcome(points, f"{{max}} × 100%（{{value}} 达到满意值 {good}）", formula)
    if share <= 0:
        return Outcome(ZERO, f"0（{{value}} 达到不允许值 {bad}）", formula)
    rising = f"({{value}} − {bad}) ÷ ({good} − {bad})"
    falling = f"({bad} − {{value}}) ÷ ({bad} − {good})"
    return Outcome(points * reached / span, f"{{max}} × {rising if span < 0 else falling}", formula)


def accumulate(points: Decimal, *, count: Decimal, points_per_case: Decimal) -> Outcome:
    """按数累加: points for each case, up to the item's points; never below 0."""
    each = show_number(points_per_case)
    formula = f"MAX(0,MIN({{max}},{each}*{{count}}))"
    score = points_per_case * count
    if score > points:
        return Outcome(points, f"{{max}}（{each} × {{count}} 超过分值，按分值计）", formula)
    return Outcome(*not_below_zero(score, f"{each} × {{count}}"), formula)


SIDES = {"over": ("超过", "没有超过"), "under": ("低于", "没有低于"), "both": ("偏离", "没有偏离")}
COUNTINGS = {"whole": "，不满 {each} 的不扣", "begun": "，不满 {each} 的按 {each} 扣", "proportional": "，按比例扣"}


def step_deduct(
    full: Decimal,
    /,
    *,
    value: Decimal,
    limit: Decimal,
    side: str,
    per: Decimal,
    points: Decimal,
    counting: str,
    relief: Decimal | None = None,
) -> Outcome:
    """超标扣分: `points` off for every `per` beyond the limit, never below 0; 0 at or beyond `relief`."""
    beyond = {"over": value - limit, "under": limit - value, "both": abs(value - limit)}[side]
    steps = _steps(beyond, per, counting)
    formula = _step_formula(limit, side, per, points, counting, relief)
    bad, good = SIDES[side]
    border, each = _limit("value", limit), _limit("value", per)
    if relief is not None and _is_relieved(value, limit, side, relief):
        return Outcome(ZERO, f"0（{{value}} 达到 {_limit('value', relief)}，不得分）", formula)
    if half_up(beyond, GUARD) <= 0:
        return Outcome(full, f"{{max}}（{{value}} {good} {border}，不扣分）", formula)
    times = show_number(steps)
    if counting == "proportional":
        distance = {"over": f"({{value}} − {border})", "under": f"({border} − {{value}})"}
        times = f"{distance.get(side, f'|{{value}} − {border}|')} ÷ {each}"
    reading = COUNTINGS[counting].replace("{each}", each)
    rule = f"{{value}} {bad} {border}，每{bad} {each} 扣 {show_number(points)} 分{reading}"
    text = f"{{max}} − {show_number(points)} × {times}（{rule}）"
    return Outcome(*not_below_zero(full - points * steps, text), formula)


def _steps(beyond: Decimal, per: Decimal, counting: str) -> Decimal:
    """How many steps count; 115 % is exactly three of 5 %, whatever the division leaves behind."""
    if beyond <= 0:
        return ZERO
    if counting == "proportional":
        return beyond / per
    exact = half_up(beyond / per, GUARD)
    whole = floor(exact, 0)
    return whole if counting == "whole" or whole == exact else whole + ONE


def _is_relieved(value: Decimal, limit: Decimal, side: str, relief: Decimal) -> bool:
    if side == "both":
        return meets(abs(value - limit), "at_least", abs(relief - limit))
    return meets(value, "at_least" if side == "over" else "at_most", relief)


def _step_formula(
    limit: Decimal, side: str, per: Decimal, points: Decimal, counting: str, relief: Decimal | None
) -> str:
    border = f"({show_number(limit)})"
    beyond = {"over": f"{{value}}-{border}", "under": f"{border}-{{value}}", "both": f"ABS({{value}}-{border})"}[side]
    steps = f"MAX(0,{beyond})/{show_number(per)}"
    if counting != "proportional":
        steps = f"ROUND{'DOWN' if counting == 'whole' else 'UP'}(ROUND({steps},{GUARD}),0)"
    formula = f"MAX(0,{{max}}-{show_number(points)}*{steps})"
    if relief is None:
        return formula
    if side == "both":
        return f"IF(ROUND({beyond},{GUARD})>={show_number(abs(relief - limit))},0,{formula})"
    return f"IF(ROUND({{value}},{GUARD}){'>=' if side == 'over' else '<='}{show_number(relief)},0,{formula})"


def share(points: Decimal, *, counted: Decimal, bad: Decimal) -> Outcome | None:
    """项目占比: points × (N − n_bad) ÷ N over the projects that count. None where no project counts."""
    if counted <= 0:
        return None
    return Outcome(
        points * (counted - bad) / counted,
        "{max} × ({counted} − {bad}) ÷ {counted}",
        "{max}*({counted}-{bad})/{counted}",
    )


@dataclass(frozen=True, slots=True)
class MethodShape:
    """What a regulation must and may say of a method: its inputs and its parameters.

    A parameter is "number", "steps", "conditions", "criteria", "flag" or a tuple of the words it may be. `open_inputs`:
    the inputs are named freely.
    """

    inputs: tuple[str, ...]
    optional_inputs: tuple[str, ...] = ()
    required: Mapping[str, str | tuple[str, ...]] | None = None
    optional: Mapping[str, str | tuple[str, ...]] | None = None
    one_bound: bool = False
    open_inputs: bool = False


BOUNDS = dict.fromkeys(SIGNS, "number")
EVERY = "all"
SCOPES = (EVERY, *(one.name for one in PROJECT_CLASSES))
SHAPES: Mapping[Method, MethodShape] = {
    Method.YES_NO: MethodShape(("value",), optional=BOUNDS, one_bound=True),
    Method.GRADED: MethodShape(("value",), required={"steps": "steps"}, optional={"absolute": "flag"}),
    Method.RATIO: MethodShape(
        ("numerator",), ("denominator",), optional=dict.fromkeys(("floor", "cap", "zero_below", "zero_above"), "number")
    ),
    Method.DEDUCT_MISSING: MethodShape((), required={"conditions": "conditions"}, open_inputs=True),
    Method.FULL_VALUE: MethodShape(("value",), required={"satisfactory": "number", "unacceptable": "number"}),
    Method.ACCUMULATE: MethodShape(("count",), required={"points_per_case": "number"}),
    Method.SHARE: MethodShape(("bad",), required={"scope": SCOPES}, optional={"when_none": ("full", "not_supplied")}),
    Method.CRITERIA: MethodShape(
        (), required={"mode": ("add", "deduct"), "criteria": "criteria"}, optional={"na": ("full", "rescale")}
    ),
    Method.STEP_DEDUCT: MethodShape(
        ("value",),
        required={
            "limit": "number",
            "side": tuple(SIDES),
            "per": "number",
            "points": "number",
            "counting": tuple(COUNTINGS),
        },
        optional={"relief": "number"},
    ),
    Method.ONE_OF: MethodShape(()),
    Method.DECLARED: MethodShape((), ("declared",)),
}
COMPUTING: Mapping[Method, Callable[..., Outcome | None]] = {
    Method.YES_NO: yes_no,
    Method.GRADED: graded,
    Method.RATIO: ratio,
    Method.DEDUCT_MISSING: deduct_missing,
    Method.FULL_VALUE: full_value,
    Method.ACCUMULATE: accumulate,
    Method.STEP_DEDUCT: step_deduct,
}
