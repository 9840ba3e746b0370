"""指标: results that need a word, and the department's own scores against the computed ones."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from perfeval.checks.context import Check, Context
from perfeval.checks.indicators.kinds import contradicts_cost
from perfeval.checks.indicators.misfit import counts_later
from perfeval.checks.indicators.rows import AT_LEAST, OVER_FULFILMENT, Row, shown
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import Mask, where
from perfeval.model.numbers import ZERO, half_up, show_points, show_rate, show_rate_beside, sum_agrees
from perfeval.model.readings import DateSpan, Level, Number
from perfeval.model.scorecard import Basis
from perfeval.rules.frames import is_usable


def unmet_without_reason(context: Context) -> Iterator[Finding]:
    """A target that was not met, and no 偏差原因. A 成本指标 with ≥ is reported as such: with ≤ it would be met."""
    rows = context.indicators
    for row in rows.judged[
        where(rows, lambda met, row: not met and _lacks_reason(row), "met", "judged") & _compared(context)
    ]:
        if _misses_equality(row) or contradicts_cost(row):
            continue  # reported as such
        yield make(
            "INDICATOR_011", row.indicator.deviation_reason, **_figures(row), related=(row.indicator.actual.ref,)
        )


def _compared(context: Context) -> Mask:
    """The rows whose two values can be set against each other."""
    rows, misfits = context.indicators, context.misfits
    return where(rows, lambda row: row.indicator.row not in misfits and not counts_later(row), "judged")


def _lacks_reason(row: Row) -> bool:
    """Not of a 偏差原因 that could not be read: that has been reported."""
    return row.indicator.deviation_reason.is_blank


def unequal_without_reason(context: Context) -> Iterator[Finding]:
    """= with another actual than the target, and no 偏差原因."""
    rows = context.indicators
    for row in rows.judged[where(rows, lambda row: _misses_equality(row) and _lacks_reason(row), "judged")]:
        yield make(
            "INDICATOR_012", row.indicator.deviation_reason, **_figures(row), related=(row.indicator.actual.ref,)
        )


def _misses_equality(row: Row) -> bool:
    target, actual = row.indicator.target.value, row.indicator.actual.value
    if row.nature != "=" or not isinstance(target, Number) or not isinstance(actual, Number):
        return False
    same_unit = not target.unit or not actual.unit or target.unit == actual.unit
    return same_unit and target.value != actual.value


def _figures(row: Row) -> dict[str, Any]:
    """The words of a sentence that sets the actual against the target; a sign is before a number, and before a day that
    itself is too late."""
    target, actual = row.indicator.target, row.indicator.actual
    is_signed = isinstance(target.value, Number) or (row.nature == "<" and isinstance(target.value, DateSpan))
    sign = f"{row.nature} " if is_signed else ""
    return {"name": row.name, "target": f"{sign}{shown(row, target)}", "actual": shown(row, actual)}


def far_beyond_target(context: Context) -> Iterator[Finding]:
    """≥ with an actual far above the target, and no 偏差原因: was the target set too low?"""
    rows = context.indicators
    far = where(rows, _is_far_beyond, "judged", "ratio")
    for row, ratio in zip(rows.judged[far], rows.ratio[far], strict=True):
        limit = row.regulation.thresholds[OVER_FULFILMENT]
        yield make(
            "INDICATOR_013",
            row.indicator.deviation_reason,
            **_figures(row),
            ratio=show_rate_beside(ratio, limit.value),
            limit=show_rate(limit.value),
            clause=limit.provenance.words,
            related=(row.indicator.actual.ref,),
        )


def _is_far_beyond(row: Row, ratio: Decimal) -> bool:
    limit = row.regulation.threshold(OVER_FULFILMENT) if row.regulation else None
    return limit is not None and ratio > limit and row.nature in AT_LEAST and _lacks_reason(row)


def declared_out_of_range(context: Context) -> Iterator[Finding]:
    """自评得分 above the weight, or below 0."""
    rows = context.indicators
    outside = ~where(rows, _in_range, "judged")
    for row, weight in zip(rows.judged[outside], rows.weight_used[outside], strict=True):
        yield make(
            "INDICATOR_014",
            row.indicator.declared,
            expected=f"0 到 {show_points(weight)}",
            name=row.name,
            related=(row.indicator.weight.ref,),
        )


def declared_differs(context: Context) -> Iterator[Finding]:
    """自评得分 other than the computed score."""
    rows = context.indicators
    differs = where(rows, lambda declared, score: not sum_agrees(declared, [score]), "declared", "score")
    for row in rows.judged[differs & _compared(context) & where(rows, _in_range, "judged")]:
        if row.result.basis is Basis.COMPUTED:
            yield make(
                "INDICATOR_015",
                row.indicator.declared,
                expected=show_points(row.result.score),
                name=row.name,
                explanation=row.result.explanation,
                total=_total_too(context, row),
                answer=row.reason,
            )


def _total_too(context: Context, row: Row) -> str:
    """The project's own total, which has to follow; '' where there is none, or it is right already."""
    scores = context.scorecard.projects if context.scorecard else ()
    score = next((s for s in scores if s.project.name.value == row.indicator.subject.value), None)
    if score is None or score.total is None or score.project.declared.value is None:
        return ""
    declared = score.project.declared
    if sum_agrees(declared.value or ZERO, [score.total]):
        return ""
    return f"，“项目”表的自评得分（{declared.ref.address}）一并改为 {show_points(score.total)}"


def _in_range(row: Row) -> bool:
    """Also true where there is no declared score, or no weight to compare it with: one that was only shared out binds
    nobody."""
    declared = row.indicator.declared.value
    weight = row.indicator.weight.value
    return declared is None or weight is None or not is_usable(weight) or 0 <= declared <= half_up(weight)


def outside_band(context: Context) -> Iterator[Finding]:
    """A level that leaves room (达成 100–80 %) with a declared score outside of it, or without one where it takes one."""
    rows = context.indicators
    chosen = where(rows, _leaves_room, "judged", "weight_used") & _compared(context)
    for row, weight in zip(rows.judged[chosen], rows.weight_used[chosen], strict=True):
        band = row.rules.bands[row.indicator.actual.value.name]
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


def _leaves_room(row: Row, weight: Decimal) -> bool:
    actual = row.indicator.actual.value
    named = row.rules is not None and isinstance(actual, Level) and actual.name in row.rules.bands
    return named and is_usable(weight) and _in_range(row)


CHECKS: tuple[Check, ...] = (
    unmet_without_reason,
    unequal_without_reason,
    far_beyond_target,
    declared_out_of_range,
    declared_differs,
    outside_band,
)
