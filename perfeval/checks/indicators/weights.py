"""指标: the weights, each by itself and summed for each 适用对象."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfeval.checks.context import Check, Context
from perfeval.checks.indicators.groups import NO_SUBJECT, is_whole
from perfeval.checks.indicators.rows import SHEET, Row, class_of
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import ZERO, show_number, total
from perfeval.model.regulation import IndicatorRules
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.frames import EQUAL_IN_GROUP, weights_agree


def weight_sums(context: Context) -> Iterator[Finding]:
    """The weights of each 适用对象 must come to the regulation's sum. Reported at the column's header, every weight marked.

    Weights already above the sum leave nothing to share among the blank ones, where the regulation shares.
    """
    written, homeless = context.by_subject, context.by_meant_subject.get(NO_SUBJECT, [])
    for subject, rules, group in (*_complete_groups(context), *_overfull_groups(context)):
        readings = (
            group,
            written.get(subject, []),
            [*group, *homeless],
        )  # a row under a wrong name may belong here or not
        if not any(_is_right(reading, rules) for reading in readings):
            yield make(
                "INDICATOR_001",
                context.submission.headers.get((SHEET, "weight"), group[0].indicator.weight.ref),
                found=show_number(_sum(group)),
                label="权重",
                expected=show_number(rules.weight_sum),
                subject=subject,
                count=len(group),
                clause=rules.provenance.words,
                related=tuple(row.indicator.weight.ref for row in group),
            )


def _complete_groups(context: Context) -> Iterator[tuple[str, IndicatorRules, list[Row]]]:
    """The groups whose 适用对象 is known and whose weights are all usable: what is missing has been reported.

    None while a row that cannot be placed has no usable weight (a shifted row has neither): it may belong to any of
    them.
    """
    if any(_weight(row) <= 0 for row in context.by_meant_subject.get(NO_SUBJECT, [])):
        return
    for subject, group in context.by_meant_subject.items():
        regulation = context.regulation_of(subject)
        if regulation is not None and subject != NO_SUBJECT and all(_weight(row) > 0 for row in group):
            yield subject, regulation.indicators, group


def _overfull_groups(context: Context) -> Iterator[tuple[str, IndicatorRules, list[Row]]]:
    """The groups whose filled weights alone are above the sum, so that nothing is left for those that may be blank."""
    for subject, group in context.by_subject.items():
        rules = group[0].rules
        if rules is None or subject == NO_SUBJECT or rules.blank_weight != EQUAL_IN_GROUP:
            continue
        if any(row.indicator.weight.is_blank for row in group) and _is_shareable(group) and _is_overfull(group, rules):
            yield subject, rules, group


def _is_shareable(group: list[Row]) -> bool:
    """Whether every weight is above 0 or blank: else that is reported, and what is left cannot be known."""
    return all(row.indicator.weight.is_blank or _weight(row) > 0 for row in group)


def _is_overfull(group: list[Row], rules: IndicatorRules) -> bool:
    return _sum(group) > rules.weight_sum and not _is_right(group, rules)


def _weight(row: Row) -> Decimal:
    return row.indicator.weight.value or ZERO


def _sum(group: list[Row]) -> Decimal:
    return total(_weight(row) for row in group)


def _is_right(group: list[Row], rules: IndicatorRules) -> bool:
    return weights_agree([_weight(row) for row in group], rules.weight_sum)


def missing_weights(context: Context) -> Iterator[Finding]:
    """A weight that is not above 0, or blank: a notice where the regulation shares out what the others leave, and they
    leave something."""
    for subject, group in context.by_subject.items():
        yield from _blank_weights(subject, group)
        for row in group:
            weight = row.indicator.weight
            if weight.value is not None and weight.value <= 0:
                yield make(
                    "INDICATOR_002",
                    weight,
                    expected="大于 0 的数",
                    what=f"“{row.name}”",
                    state=f"现在是 {show_number(weight.value)}",
                )


def _blank_weights(subject: str, group: list[Row]) -> Iterator[Finding]:
    """Where a 适用对象 has no weight at all, that is reported once."""
    rules, blank = group[0].rules, [row for row in group if row.indicator.weight.is_blank]
    if rules is None or (
        rules.blank_weight == EQUAL_IN_GROUP and (not _is_shareable(group) or _is_overfull(group, rules))
    ):
        return  # the other weights are what is wrong, and reported
    shared = [row.result.weight for row in blank if row.result is not None and row.result.weight is not None]
    code, words = "INDICATOR_002", dict[str, Any](expected="大于 0 的数", state="没有填")
    if shared and subject == NO_SUBJECT:
        return  # a missing 适用对象 is reported
    if shared:
        code, words = "INDICATOR_028", {"subject": subject, "left": show_number(total(shared)), "count": len(blank)}
    if is_whole(subject, group, blank):
        others = tuple(row.indicator.weight.ref for row in blank[1:])
        yield make(
            code, blank[0].indicator.weight, what=f"“{subject}”的全部 {len(blank)} 个指标", alike=others, **words
        )
    else:
        yield from (make(code, row.indicator.weight, what=f"“{row.name}”", **words) for row in blank)


def split_differs(context: Context) -> Iterator[Finding]:
    """项目支出: the weights by 一级指标 are none of the splits the regulation accepts. A wrong sum is reported instead."""
    if context.kind != PROJECT_KIND:
        return
    for subject, rules, group in _complete_groups(context):
        if not rules.splits or not _is_right(group, rules):
            continue
        found = _by_class((row.indicator.level1.value, _weight(row)) for row in group)
        if not any(found == _by_class(split.weights.items()) for split in rules.splits):
            yield make(
                "INDICATOR_019",
                context.submission.headers.get((SHEET, "weight"), group[0].indicator.weight.ref),
                found=_named(found),
                label="权重",
                expected="；或者".join(_named(split.weights) for split in rules.splits),
                subject=subject,
                clause=rules.provenance.words,
                related=tuple(row.indicator.weight.ref for row in group),
            )


def _by_class(weights: Iterable[tuple[str | None, Decimal]]) -> Mapping[str, Decimal]:
    """The weights of each 一级指标, summed; a class without weight is left out."""
    sums: dict[str, Decimal] = {}
    for level, weight in weights:
        name = f"{class_of(level)}指标"
        sums[name] = sums.get(name, ZERO) + weight
    return {name: weight for name, weight in sums.items() if weight}


def _named(weights: Mapping[str, Decimal]) -> str:
    return "、".join(f"{name} {show_number(weight)}" for name, weight in weights.items())


CHECKS: tuple[Check, ...] = (weight_sums, missing_weights, split_differs)
