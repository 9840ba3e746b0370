"""指标: two values that were read, but not so that one can be set against the other. What would follow from them is not
reported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfeval.checks.indicators.rows import AT_LEAST, QUALITATIVE, Row, is_rate, unit_of
from perfeval.model.cells import Cell
from perfeval.model.readings import TIME_UNITS, DateSpan, Level, Number, Reading, Scale

A_NUMBER, A_DATE = "一个数", "一个日期，例如“12月底前”"


@dataclass(frozen=True, slots=True)
class Misfit:
    """The cell that does not fit and what it should hold: a number, a date, or one of some levels."""

    cell: Cell[Reading]
    wanted: str
    is_level: bool = False


def misfits(rows: Iterable[Row]) -> Mapping[int, Misfit]:
    """What is wrong with a row's two values, by the row's number; no entry where they can be compared, or where one of
    them is missing."""
    found = ((row.indicator.row, _misfit(row)) for row in rows)
    return {number: misfit for number, misfit in found if misfit is not None}


def _misfit(row: Row) -> Misfit | None:
    target, actual = row.indicator.target, row.indicator.actual
    if not (target.is_read and actual.is_read and row.nature):
        return None
    if isinstance(target.value, DateSpan):
        return _off_calendar(row) if _is_undecided(row) else None
    if row.nature == QUALITATIVE:
        return _off_scale(row)
    if isinstance(target.value, Number):
        return None if isinstance(actual.value, Number) else Misfit(actual, A_NUMBER)
    wanted = A_DATE if isinstance(actual.value, DateSpan) else A_NUMBER
    return Misfit(target, wanted) if _is_undecided(row) else None


def _off_calendar(row: Row) -> Misfit | None:
    """Beside a date: a number that is counted in something makes the date the odd one; a span of days lacks its day;
    anything else is no date.

    A date under ≥ is reported as such, at 指标性质.
    """
    target, actual = row.indicator.target, row.indicator.actual
    if isinstance(actual.value, Number) and (counts_later(row) or unit_of(row.indicator) not in TIME_UNITS):
        return Misfit(target, A_NUMBER)
    if counts_later(row):
        return None
    if isinstance(actual.value, DateSpan):
        day = actual.value.last
        return Misfit(actual, f"一个写明到日的日期，例如“{day.year}年{day.month}月{day.day}日”")
    return Misfit(actual, A_DATE)


def counts_later(row: Row) -> bool:
    """Whether 指标性质 says the more the better, of a date: the later."""
    return row.nature in AT_LEAST and isinstance(row.indicator.target.value, DateSpan)


def _is_undecided(row: Row) -> bool:
    """Scoring could not say from the two values whether the target was met."""
    return row.result is not None and row.result.weight is not None and row.result.met is None


def _off_scale(row: Row) -> Misfit | None:
    """A qualitative actual that is no level of the target's scale, else of the regulation's. A …率 with numbers is asked
    about as such.

    The ends of a scale the regulation does not know (好坏) have been read as 达成 and 未达成.
    """
    target, actual = row.indicator.target.value, row.indicator.actual
    if row.rules is None or (isinstance(actual.value, Number) and is_rate(row)):
        return None
    known = (*row.rules.scale, *row.rules.bands)
    named = target.levels if isinstance(target, Scale) else ()
    own = tuple(level for level in named if level in known)
    fitting = own or (row.rules.bands if named else known)
    fits = isinstance(actual.value, Level) and actual.value.name in fitting
    return None if fits else Misfit(actual, "、".join(own or named or known), is_level=True)
