"""指标值 against 实际完成值: pure functions of Decimals, one a nature, and the gates for over- and under-fulfilment
(docs/开发/评分规则.md).

Each states itself as arithmetic and as a spreadsheet formula over `{weight}`, `{target}`, `{actual}` (for a late date
`{days}`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model.numbers import ONE, ZERO, show_number
from perfeval.model.regulation import IndicatorRules, OverFulfilment
from perfeval.rules.methods import GUARD, not_below_zero, per_cent

AT_LEAST, MORE, AT_MOST, LESS, EQUAL, QUALITATIVE = "≥", ">", "≤", "<", "=", "定性"
NATURES = (AT_LEAST, MORE, AT_MOST, LESS, EQUAL, QUALITATIVE)
GATED = (AT_LEAST, MORE, EQUAL)
RATIO = "{actual}/{target}"
# where a target of 0 or less gives all or nothing: the test as a formula, the words where it is met, and where not
MORE_THAN, NOT_BELOW = ("{actual}>{target}", "高于", "没有高于"), ("{actual}>={target}", "不低于", "低于")
LESS_THAN, NOT_ABOVE = ("{actual}<{target}", "低于", "没有低于"), ("{actual}<={target}", "不超过", "超过")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score before rounding, between 0 and the weight; whether the target was met; its arithmetic and its formula."""

    score: Decimal
    met: bool
    arithmetic: str
    formula: str


def ratio_of(target: Decimal, actual: Decimal) -> Decimal | None:
    """actual ÷ target; None where the target is 0 or negative."""
    return actual / target if target > 0 else None


def judge_number(nature: str, weight: Decimal, target: Decimal, actual: Decimal, rules: IndicatorRules) -> Judgement:
    """The score of a number under one of ≥ > ≤ < =, gates applied."""
    if nature in (AT_LEAST, MORE):
        judged = at_least(weight, target, actual, strict=nature == MORE)
    elif nature in (AT_MOST, LESS):
        judged = at_most(weight, target, actual, strict=nature == LESS, linear=rules.at_most == "linear")
    else:
        judged = equal(weight, target, actual, rules.equal)
    return gated(judged, weight, target, actual, rules.over_fulfilment) if nature in GATED else judged


def at_least(weight: Decimal, target: Decimal, actual: Decimal, *, strict: bool = False) -> Judgement:
    """weight × min(1, actual ÷ target); with a target of 0 or less full or nothing. `strict`: at equality not met."""
    met = actual > target if strict else actual >= target
    if target <= 0:
        return _full_or_nothing(weight, met, *(MORE_THAN if strict else NOT_BELOW))
    return _proportional(weight, target, actual, met)


def _proportional(weight: Decimal, target: Decimal, actual: Decimal, met: bool) -> Judgement:
    formula = "{weight}*MAX(0,MIN(1,{actual}/{target}))"
    if met:
        return Judgement(weight, met, "{weight} × 100%（实际完成值 {actual} 达到指标值 {target}）", formula)
    score, words = not_below_zero(weight * actual / target, "{weight} × {actual} ÷ {target}")
    return Judgement(score, met, words + ("（等于指标值，没有高于指标值）" if actual == target else ""), formula)


def at_most(
    weight: Decimal, target: Decimal, actual: Decimal, *, strict: bool = False, linear: bool = False
) -> Judgement:
    """Full up to the target; beyond it weight × target ÷ actual, or linear: weight × (1 − excess ÷ target), 0 from
    twice the target on."""
    met = actual < target if strict else actual <= target
    if target <= 0:
        return _full_or_nothing(weight, met, *(LESS_THAN if strict else NOT_ABOVE))
    if linear:
        formula = "{weight}*MAX(0,MIN(1,1-({actual}-{target})/{target}))"
        score = weight * (ONE - (actual - target) / target)
        words = "{weight} × (1 − ({actual} − {target}) ÷ {target})"
    else:
        formula = "IF({actual}<={target},{weight},{weight}*{target}/{actual})"
        score, words = (weight * target / actual if actual > 0 else weight), "{weight} × {target} ÷ {actual}"
    if met:
        return Judgement(weight, met, "{weight} × 100%（实际完成值 {actual} 不超过指标值 {target}）", formula)
    score, words = not_below_zero(score, words)
    return Judgement(score, met, words + ("（等于指标值，没有低于指标值）" if actual == target else ""), formula)


def equal(weight: Decimal, target: Decimal, actual: Decimal, setting: str) -> Judgement:
    """as_up: like ≥; symmetric: weight × max(0, 1 − |ratio − 1|); exact: full or nothing. A target of 0: full up to 0,
    else nothing."""
    if target == 0:
        return _full_or_nothing(weight, actual <= 0, "{actual}<=0", "不高于", "高于")
    if setting == "as_up":
        return at_least(weight, target, actual)
    met = actual == target
    if setting == "exact":
        return _full_or_nothing(weight, met, "{actual}={target}", "等于", "不等于")
    formula = "{weight}*MAX(0,1-ABS({actual}/{target}-1))"
    if met:
        return Judgement(weight, met, "{weight} × 100%（实际完成值 {actual} 等于指标值 {target}）", formula)
    score, words = not_below_zero(
        weight * (ONE - abs(actual / target - ONE)), "{weight} × (1 − |{actual} ÷ {target} − 1|)"
    )
    return Judgement(score, met, words, formula)


def _full_or_nothing(weight: Decimal, met: bool, test: str, is_met: str, is_missed: str) -> Judgement:
    text = "{weight} × 100%" if met else "0"
    sentence = f"{text}（实际完成值 {{actual}} {is_met if met else is_missed}指标值 {{target}}）"
    return Judgement(weight if met else ZERO, met, sentence, f"IF({test},{{weight}},0)")


def gated(
    judged: Judgement, weight: Decimal, target: Decimal, actual: Decimal, gates: Iterable[OverFulfilment]
) -> Judgement:
    """The first gate whose limit the ratio passes: explain changes nothing, zero and deduct take points, scale gives
    limit ÷ ratio of the weight."""
    ratio, gates = ratio_of(target, actual), tuple(gates)
    if ratio is None or all(gate.action == "explain" for gate in gates):
        return judged
    formula, decided = judged.formula, judged
    for gate in reversed(gates):
        effect, effect_formula = _effect(gate, judged, weight, ratio)
        sign, limit = (">", gate.above) if gate.above is not None else ("<", gate.below or ZERO)
        formula = f"IF(ROUND({RATIO},{GUARD}){sign}{show_number(limit)},{effect_formula},{formula})"
        if ratio > limit if sign == ">" else ratio < limit:
            decided = effect
    return replace(decided, formula=formula)


def _effect(gate: OverFulfilment, judged: Judgement, weight: Decimal, ratio: Decimal) -> tuple[Judgement, str]:
    limit = gate.above if gate.above is not None else gate.below or ZERO
    side = "超过" if gate.above is not None else "低于"
    why = f"（实际完成值 {{actual}} ÷ 指标值 {{target}} {side} {per_cent(limit)}"
    if gate.action == "zero":
        return replace(judged, score=ZERO, arithmetic=f"0{why}，不得分）"), "0"
    if gate.action == "scale":
        formula = f"MIN({judged.formula},{{weight}}*{show_number(limit)}/({RATIO}))"
        scaled = (
            weight * limit / ratio if ratio > limit else judged.score
        )  # the ratio may be 0 where the gate is not passed
        words = f"{{weight}} × {per_cent(limit)} ÷ ({{actual}} ÷ {{target}}){why}，折减）"
        return (replace(judged, score=scaled, arithmetic=words) if scaled < judged.score else judged), formula
    if gate.action == "deduct":
        points = gate.points or ZERO
        formula = f"MAX(0,{judged.formula}-{show_number(points)})"
        if judged.score == 0:
            return judged, formula
        score, words = not_below_zero(
            judged.score - points, f"{judged.arithmetic} − {show_number(points)}{why}，扣分）"
        )
        return replace(judged, score=score, arithmetic=words), formula
    return judged, judged.formula


def judge_date(weight: Decimal, days_late: int, rules: IndicatorRules, *, strict: bool = False) -> Judgement:
    """On time full; late nothing, or weight × max(0, 1 − days ÷ T). `strict`: the target's own day is late."""
    if days_late <= 0:
        return Judgement(
            weight,
            True,
            f"{{weight}} × 100%（实际完成时间 {{actual}} {'早于' if strict else '不晚于'} {{target}}）",
            "{weight}",
        )
    if rules.late == "zero" or not rules.late_days:
        late = f"0（实际完成时间 {{actual}} {'没有早于' if strict else '晚于'} {{target}}，逾期不得分）"
        return Judgement(ZERO, False, late, "0*{weight}")
    limit = show_number(rules.late_days)
    score, words = not_below_zero(
        weight * (ONE - Decimal(days_late) / rules.late_days), f"{{weight}} × (1 − {{days}} ÷ {limit})"
    )
    return Judgement(
        score, False, f"{words}（逾期 {{days}} 天，{limit} 天扣完）", f"{{weight}}*MAX(0,1-{{days}}/{limit})"
    )


def judge_share(weight: Decimal, share: Decimal, met: bool) -> Judgement:
    """A level of the regulation's scale: weight × its share."""
    return Judgement(weight * share, met, f"{{weight}} × {per_cent(share)}（等次为“{{actual}}”）", "{weight}*{share}")
