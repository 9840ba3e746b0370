"""指标: what stands in 指标性质, 指标值 and 实际完成值, and whether the two can be compared."""

import re
from collections.abc import Iterable, Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.indicator_rows import QUALITATIVE, Row, by_subject, rows
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.readings import DateSpan, Level, Number, Phrase, Reading, Scale

A_NUMBER, A_DATE = "一个数", "一个日期，例如“12月底前”"
NUMBER_IN_WORDS = re.compile(r"\d+(?:\.\d+)?")


def missing_actuals(context: Context) -> Iterator[Finding]:
    """实际完成值 left blank, or a scale on which nothing was chosen. Where a 适用对象 has none at all, that is told once."""
    for subject, group in by_subject(rows(context)).items():
        blank = [row for row in group if row.indicator.actual.is_blank]
        if blank and len(blank) == len(group) > 1:
            others = tuple(row.indicator.actual.ref for row in blank[1:])
            yield make("INDICATOR_004", blank[0].indicator.actual, what=f"“{subject}”的全部 {len(blank)} 个指标", related=others)
        else:
            yield from (make("INDICATOR_004", row.indicator.actual, what=f"“{row.name}”") for row in blank)


def unreadable_values(context: Context) -> Iterator[Finding]:
    """A value that is no number (or date) although 指标性质 compares numbers: 约20个, a range, two goals in one cell."""
    for row in _not_comparable(rows(context)):
        target, actual = row.indicator.target, row.indicator.actual
        if row.nature == QUALITATIVE:
            continue
        if not isinstance(target.value, Number | DateSpan):
            yield _unreadable(target, A_NUMBER)
        elif type(actual.value) is not type(target.value):
            yield _unreadable(actual, A_NUMBER if isinstance(target.value, Number) else A_DATE)


def _unreadable(cell: Cell[Reading], wanted: str) -> Finding:
    numbers = NUMBER_IN_WORDS.findall(cell.raw)
    remedy = f"填 {numbers[0]}，单位写在“计量单位”一列" if wanted == A_NUMBER and len(numbers) == 1 else f"只填{wanted}"
    return make("INDICATOR_003", cell, expected=wanted, remedy=remedy)


def _not_comparable(all_rows: Iterable[Row]) -> Iterator[Row]:
    """Rows whose two values were read, but not so that one could be set against the other."""
    for row in all_rows:
        read = row.indicator.target.is_read and row.indicator.actual.is_read
        if read and row.nature and row.result is not None and row.result.met is None:
            yield row


def levels_off_the_scale(context: Context) -> Iterator[Finding]:
    """A qualitative actual that is no level of the target's scale, nor of the regulation's."""
    for row in _not_comparable(rows(context)):
        if row.nature == QUALITATIVE and row.rules is not None:
            target = row.indicator.target.value
            levels = target.levels if isinstance(target, Scale) else (*row.rules.bands, *row.rules.scale)
            yield make("INDICATOR_017", row.indicator.actual, expected="、".join(levels), name=row.name, clause=row.rules.provenance.clause)


def different_units(context: Context) -> Iterator[Finding]:
    """Target and actual in units between which no factor is known. (Where one is known the reader converts, and says so.)"""
    for row in rows(context):
        target, actual = row.indicator.target.value, row.indicator.actual.value
        if isinstance(target, Number) and isinstance(actual, Number) and target.unit and actual.unit and target.unit != actual.unit:
            cells = row.indicator
            yield make("INDICATOR_018", cells.actual, expected=target.unit, unit=actual.unit, related=(cells.target.ref, cells.unit.ref))


def blank_natures(context: Context) -> Iterator[Finding]:
    """指标性质 left blank: told which one was used."""
    for row in rows(context):
        if row.indicator.nature.is_blank and row.result is not None and row.nature:
            yield make("INDICATOR_010", row.indicator.nature, expected=row.nature, name=row.name)


def copied_comparators(context: Context) -> Iterator[Finding]:
    """An actual typed with its comparator: ≥95."""
    for row in rows(context):
        actual = row.indicator.actual
        if isinstance(actual.value, Number) and actual.value.comparator is not None:
            yield make(
                "INDICATOR_025", actual, comparator=actual.value.comparator, expected=f"{actual.value.value:f}{actual.value.unit or ''}"
            )


def repeated_targets(context: Context) -> Iterator[Finding]:
    """An actual that only repeats the words of the target; it was read as 达成."""
    for row in rows(context):
        target, actual = row.indicator.target, row.indicator.actual
        same = bool(actual.raw) and actual.raw == target.raw
        if same and isinstance(target.value, Phrase | Level) and actual.value != target.value:
            yield make("INDICATOR_026", actual, name=row.name, answered=row.explained)


CHECKS: tuple[Check, ...] = (
    missing_actuals,
    unreadable_values,
    levels_off_the_scale,
    different_units,
    blank_natures,
    copied_comparators,
    repeated_targets,
)
