"""指标: results that need a word, and the department's own scores against the computed ones."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from perfeval.checks.context import Check, Context
from perfeval.checks.indicator_kinds import contradicts_cost
from perfeval.checks.indicator_misfit import counts_later
from perfeval.checks.indicator_rows import AT_LEAST, Row, shown
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import half_up, show_points, show_rate, show_rate_beside, sum_agrees
from perfeval.model.readings import Level, Number
from perfeval.model.scorecard import Basis

OVER_FULFILMENT = "over_fulfilment"  # the regulation's threshold


def unmet_without_reason(context: Context) -> Iterator[Finding]:
    """A target that was not met, and no 偏差原因. A 成本指标 with ≥ is told as such: with ≤ it would be met."""
    for row in _compared(context):
        unmet = row.result is not None and row.result.met is False
        if unmet and row.indicator.deviation_reason.is_blank and not _misses_equality(row) and not contradicts_cost(row):
            yield make("INDICATOR_011", row.indicator.deviation_reason, **_figures(row), related=(row.indicator.actual.ref,))


def _compared(context: Context) -> Iterator[Row]:
    """The rows whose two values can be set against each other."""
    return (row for row in context.indicators.judged if row.indicator.row not in context.misfits and not counts_later(row))


def unequal_without_reason(context: Context) -> Iterator[Finding]:
    """= with another actual than the target, and no 偏差原因."""
    for row in context.indicators.judged:
        if _misses_equality(row) and row.indicator.deviation_reason.is_blank:
            yield make("INDICATOR_012", row.indicator.deviation_reason, **_figures(row), related=(row.indicator.actual.ref,))


def _misses_equality(row: Row) -> bool:
    target, actual = row.indicator.target.value, row.indicator.actual.value
    if row.nature != "=" or not isinstance(target, Number) or not isinstance(actual, Number):
        return False
    same_unit = not target.unit or not actual.unit or target.unit == actual.unit
    return same_unit and target.value != actual.value


def _figures(row: Row) -> dict[str, Any]:
    """The words of a sentence that sets the actual against the target; a sign stands before a number only."""
    target, actual = row.indicator.target, row.indicator.actual
    sign = f"{row.nature} " if isinstance(target.value, Number) else ""
    return {"name": row.name, "target": f"{sign}{shown(row, target)}", "actual": shown(row, actual)}


def far_beyond_target(context: Context) -> Iterator[Finding]:
    """≥ with an actual far above the target, and no 偏差原因: was the target set too low?"""
    for row in context.indicators.judged:
        threshold = row.regulation.thresholds.get(OVER_FULFILMENT) if row.regulation else None
        ratio = row.result.ratio if row.result else None
        if (
            threshold is None
            or ratio is None
            or ratio <= threshold.value
            or row.nature not in AT_LEAST
            or not row.indicator.deviation_reason.is_blank
        ):
            continue
        yield make(
            "INDICATOR_013",
            row.indicator.deviation_reason,
            **_figures(row),
            ratio=show_rate_beside(ratio, threshold.value),
            limit=show_rate(threshold.value),
            clause=threshold.provenance.clause,
            related=(row.indicator.actual.ref,),
        )


def declared_out_of_range(context: Context) -> Iterator[Finding]:
    """自评得分 above the weight, or below 0."""
    for row in context.indicators.judged:
        if not _in_range(row):
            allowed = f"0 到 {show_points(_weight(row))}"
            yield make("INDICATOR_014", row.indicator.declared, expected=allowed, name=row.name, related=(row.indicator.weight.ref,))


def _weight(row: Row) -> Decimal | None:
    """The weight used; None where there is no usable one."""
    weight = row.result.weight if row.result else row.indicator.weight.value
    return weight if weight is not None and weight > 0 else None


def declared_differs(context: Context) -> Iterator[Finding]:
    """自评得分 other than the computed score."""
    for row in _compared(context):
        declared, result = row.indicator.declared, row.result
        if result is None or result.basis is not Basis.COMPUTED or result.score is None or not _in_range(row):
            continue
        if declared.value is not None and not sum_agrees(declared.value, [result.score]):
            yield make(
                "INDICATOR_015",
                declared,
                expected=show_points(result.score),
                name=row.name,
                explanation=result.explanation,
                answered=row.explained,
            )


def _in_range(row: Row) -> bool:
    """Also true where there is no declared score, or no weight to compare it with: one that was only shared out binds nobody."""
    declared = row.indicator.declared.value
    weight = None if row.indicator.weight.is_blank else _weight(row)
    return declared is None or weight is None or 0 <= declared <= half_up(weight)


def outside_band(context: Context) -> Iterator[Finding]:
    """A level that leaves room (达成 100–80 %) with a declared score outside of it, or without one where it takes one."""
    for row in _compared(context):
        actual, weight = row.indicator.actual.value, _weight(row)
        band = row.rules.bands.get(actual.name) if row.rules and isinstance(actual, Level) else None
        if band is None or weight is None or not _in_range(row):
            continue
        low, high = (share * weight for share in band)
        declared = row.indicator.declared
        words: dict[str, Any] = {
            "expected": f"{show_points(low)} 到 {show_points(high)}",
            "level": row.indicator.actual.raw,
            "name": row.name,
        }
        if declared.value is not None and not low <= declared.value <= high:
            yield make("INDICATOR_016", declared, **words, related=(row.indicator.actual.ref,))
        elif declared.is_blank and row.result is not None and row.result.score is None:
            yield make("INDICATOR_027", declared, **words, related=(row.indicator.actual.ref,))


CHECKS: tuple[Check, ...] = (
    unmet_without_reason,
    unequal_without_reason,
    far_beyond_target,
    declared_out_of_range,
    declared_differs,
    outside_band,
)
