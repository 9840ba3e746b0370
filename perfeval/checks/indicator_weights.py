"""指标: the weights, each by itself and summed for each 适用对象."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfeval.checks.context import Check, Context
from perfeval.checks.indicator_rows import SHEET, Row, by_subject, known_subjects, rows
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import HALF_UNIT, ZERO, places, show_number, total
from perfeval.model.regulation import IndicatorRules

EQUAL_IN_GROUP = "equal_in_group"  # blank_weight of a regulation that shares the points out equally


def weight_sums(context: Context) -> Iterator[Finding]:
    """The weights of each 适用对象 must come to the regulation's sum. Told at the column's header, every weight marked."""
    for subject, group in _complete_groups(context):
        rules, weights = group[0].rules, _weights(group)
        if rules is not None and not _is_right(weights, rules.weight_sum):
            yield make(
                "INDICATOR_001",
                context.submission.headers.get((SHEET, "weight"), group[0].indicator.weight.ref),
                found=show_number(total(weights)),
                label="权重",
                expected=show_number(rules.weight_sum),
                subject=subject,
                count=len(weights),
                clause=rules.provenance.clause,
                related=tuple(row.indicator.weight.ref for row in group),
            )


def _complete_groups(context: Context) -> Iterator[tuple[str, list[Row]]]:
    """The groups whose 适用对象 is known and whose weights are all usable: what is missing has been told."""
    known = known_subjects(context.submission)
    for subject, group in by_subject(rows(context)).items():
        if subject in known and all((row.indicator.weight.value or ZERO) > 0 for row in group):
            yield subject, group


def _weights(group: list[Row]) -> list[Decimal]:
    return [row.indicator.weight.value or ZERO for row in group]


def _is_right(weights: list[Decimal], wanted: Decimal) -> bool:
    """Weights are set, not measured: only those written with two decimals (3 × 33.33) may have been rounded."""
    slack = total(HALF_UNIT.scaleb(-places(w)) for w in weights if places(w) >= 2)
    return abs(total(weights) - wanted) <= slack


def missing_weights(context: Context) -> Iterator[Finding]:
    """A weight that is blank (a notice where the regulation shares points out equally) or not above 0."""
    for group in by_subject(rows(context)).values():
        rules = group[0].rules
        yield from _blank_weights(group, rules)
        for row in group:
            weight = row.indicator.weight
            if weight.value is not None and weight.value <= 0:
                yield make(
                    "INDICATOR_002", weight, expected="大于 0 的数", what=f"“{row.name}”", state=f"现在是 {show_number(weight.value)}"
                )


def _blank_weights(group: list[Row], rules: IndicatorRules | None) -> Iterator[Finding]:
    """Where a 适用对象 has no weight at all, that is told once."""
    blank = [row for row in group if row.indicator.weight.is_blank]
    if rules is None or not blank:
        return
    allowed = rules.blank_weight == EQUAL_IN_GROUP
    code = "INDICATOR_028" if allowed else "INDICATOR_002"
    words: dict[str, Any] = {"expected": "大于 0 的数", "state": "现在是空白"}
    if len(blank) == len(group):
        others = tuple(row.indicator.weight.ref for row in blank[1:])
        yield make(
            code, blank[0].indicator.weight, what=f"“{blank[0].indicator.subject.value}”的全部 {len(blank)} 个指标", related=others, **words
        )
        return
    yield from (make(code, row.indicator.weight, what=f"“{row.name}”", **words) for row in blank)


def split_differs(context: Context) -> Iterator[Finding]:
    """项目支出: the weights by 一级指标 are none of the splits the regulation accepts. A wrong sum is told instead."""
    if not context.submission.is_project_kind:
        return
    for subject, group in _complete_groups(context):
        rules = group[0].rules
        if rules is None or not rules.splits or not _is_right(_weights(group), rules.weight_sum):
            continue
        found = _by_class(group)
        if not any(found == {name: weight for name, weight in split.weights.items() if weight} for split in rules.splits):
            yield make(
                "INDICATOR_019",
                context.submission.headers.get((SHEET, "weight"), group[0].indicator.weight.ref),
                found=_named(found),
                label="权重",
                expected="；或者".join(_named(split.weights) for split in rules.splits),
                subject=subject,
                clause=rules.provenance.clause,
                related=tuple(row.indicator.weight.ref for row in group),
            )


def _by_class(group: list[Row]) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in group:
        level = row.indicator.level1.value or ""
        sums[level] = sums.get(level, ZERO) + (row.indicator.weight.value or ZERO)
    return sums


def _named(weights: Mapping[str, Decimal]) -> str:
    return "、".join(f"{name} {show_number(weight)}" for name, weight in weights.items())


CHECKS: tuple[Check, ...] = (weight_sums, missing_weights, split_differs)
