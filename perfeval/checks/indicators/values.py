"""指标: what is in 指标性质, 指标值 and 实际完成值, and whether the two can be compared."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt

from perfeval.checks.context import Check, Context
from perfeval.checks.indicators.groups import is_whole
from perfeval.checks.indicators.misfit import A_NUMBER, Misfit
from perfeval.checks.indicators.rows import AT_LEAST, OVER_FULFILMENT, Row, is_out_of_scale, is_percent, shown, unit_of
from perfeval.checks.magnitude.culprit import UNIT_IS_RIGHT
from perfeval.filing.typed.dates import needs_year
from perfeval.filing.typed.numbers import hedged_quantity
from perfeval.filing.typed.units import converted, why_not
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import rows_of, where
from perfeval.model.numbers import HUNDRED, show_number
from perfeval.model.readings import DateSpan, Level, Number, Phrase, Reading
from perfeval.model.submission import Indicator
from perfeval.model.text import day_text
from perfeval.rules.deviation import ratio_of

MEETS = {"≥": ge, ">": gt, "≤": le, "<": lt, "=": eq}
A_LITTLE_LATE = timedelta(days=92)  # a self-evaluation is written in the spring after


def missing_actuals(context: Context) -> Iterator[Finding]:
    """实际完成值 left blank, or a scale on which nothing was chosen. Where a 适用对象 has none at all, that is reported once."""
    for subject, group in context.by_subject.items():
        blank = [row for row in group if row.indicator.actual.is_blank]
        if is_whole(subject, group, blank):
            others = tuple(row.indicator.actual.ref for row in blank[1:])
            yield make(
                "INDICATOR_004",
                blank[0].indicator.actual,
                what=f"“{subject}”的全部 {len(blank)} 个指标",
                alike=others,
            )
        else:
            yield from (make("INDICATOR_004", row.indicator.actual, what=f"“{row.name}”") for row in blank)


def unreadable_values(context: Context) -> Iterator[Finding]:
    """A value that is no number or date where one is compared (约20个, a range, two goals in one cell), or no level of
    the scale."""
    rows = context.indicators
    for row in rows.judged[rows.index.isin(context.misfits)]:
        found = context.misfits[row.indicator.row]
        if found.is_level:
            related = (row.indicator.nature.ref, row.indicator.target.ref)
            yield make("INDICATOR_017", found.cell, expected=found.wanted, name=row.name, related=related)
        else:
            yield make("INDICATOR_003", found.cell, expected=found.wanted, remedy=_remedy(found, row))


def _remedy(found: Misfit, row: Row) -> str:
    became_date = found.wanted == A_NUMBER and isinstance(found.cell.value, DateSpan)
    quantity = hedged_quantity(found.cell.raw, unit_of(row.indicator)) if found.wanted == A_NUMBER else None
    if quantity is None or (became_date and found.cell.raw.isdecimal()):
        format_first = "；表格软件把数改成了日期的，先把单元格格式改为“常规”再填"
        return f"只填{found.wanted}{format_first if became_date else ''}{_if_missed(found, row)}"
    number, unit = quantity.value, unit_of(row.indicator)
    if is_percent(row.indicator) and quantity.unit is None and 0 < number <= 1:
        return f"填 {show_number(number)}% 或者 {show_number(number * HUNDRED)}%，写明百分号{_if_missed(found, row)}"
    due = converted(number, quantity.unit, unit) if quantity.unit and unit else None
    number, how = (number, "单位写在“计量单位”一列") if due in (None, number) else (due, f"以“{unit}”计")
    return f"填 {show_number(number)}，{how}{_reason_too(found, row, number)}"


def _reason_too(found: Misfit, row: Row, number: Decimal) -> str:
    """Asks at once for the reason that the row will need once the number is put right, or for a look at the units."""
    values = (row.indicator.target.value, row.indicator.actual.value)
    target, actual = (Number(number) if value is found.cell.value else value for value in values)
    if not isinstance(target, Number) or not isinstance(actual, Number):
        return ""
    where, ratio = f"“偏差原因”（{row.reason.ref.address}）", ratio_of(target.value, actual.value)
    if ratio is not None and is_out_of_scale(row, ratio):
        return f"；它与{_other(found, row)}相差悬殊，单位没有填错的，在{where}写明“{UNIT_IS_RIGHT}”和原因"
    limit = row.regulation.threshold(OVER_FULFILMENT) if row.regulation else None
    is_far = row.nature in AT_LEAST and limit is not None and ratio is not None and ratio > limit
    meets = MEETS.get(row.nature)  # none of 定性
    is_missed = meets is not None and not meets(actual.value, target.value)
    is_due = row.reason.is_blank and (is_far or is_missed)
    return f"；并在{where}写明原因" if is_due else ""


def _if_missed(found: Misfit, row: Row) -> str:
    """The same where it is not known what will be filled in."""
    where = f"“偏差原因”（{row.reason.ref.address}）"
    return (
        f"；没有达到指标值的，在{where}写明原因" if row.reason.is_blank and found.cell is row.indicator.actual else ""
    )


def _other(found: Misfit, row: Row) -> str:
    """The value it is set against, as the sentence names it."""
    other = row.indicator.target if found.cell is row.indicator.actual else row.indicator.actual
    return f"{other.label} {shown(row, other)} "


def different_units(context: Context) -> Iterator[Finding]:
    """Target and actual in units between which no factor is known. (Where one is known the reader converts, and says
    so.)"""
    rows = context.indicators
    for filed, target, actual in rows_of(rows, "target", "actual", only=where(rows, _in_two_units, "target", "actual")):
        yield make(
            "INDICATOR_018",
            filed.actual,
            expected=target.unit,
            unit=actual.unit,
            why=why_not(actual.unit, target.unit),
            related=(filed.target.ref, filed.unit.ref),
        )


def _in_two_units(target: Reading, actual: Reading) -> bool:
    units = [reading.unit for reading in (target, actual) if isinstance(reading, Number) and reading.unit]
    return len(set(units)) == 2


def blank_natures(context: Context) -> Iterator[Finding]:
    """指标性质 left blank: the notice says which one was used."""
    rows = context.indicators
    for row in rows.judged[
        where(rows, lambda row, target: row.indicator.nature.is_blank and row.nature, "judged", "target")
    ]:
        yield make("INDICATOR_010", row.indicator.nature, expected=row.nature, name=row.name)


def copied_comparators(context: Context) -> Iterator[Finding]:
    """An actual typed with its comparator: ≥95."""
    rows = context.indicators
    compared = where(rows, lambda actual: isinstance(actual, Number) and actual.comparator is not None, "actual")
    for filed, number in rows_of(rows, "actual", only=compared):
        unit = "" if filed.unit.is_read else number.unit or ""
        yield make("INDICATOR_025", filed.actual, expected=f"{show_number(number.value)}{unit}")


def repeated_targets(context: Context) -> Iterator[Finding]:
    """An actual that only repeats the words of the target; it was read as 达成."""
    rows = context.indicators
    for row in rows.judged[where(rows, _repeats_target, "filed")]:
        yield make("INDICATOR_026", row.indicator.actual, name=row.name, answer=row.reason)


def _repeats_target(filed: Indicator) -> bool:
    target, actual = filed.target, filed.actual
    same = bool(actual.raw) and actual.raw == target.raw
    return same and isinstance(target.value, Phrase | Level) and actual.value != target.value


def days_without_year(context: Context) -> Iterator[Finding]:
    """A day without a year that would be ten months early as one of 评价年度, and a little late as one of the year after:
    1月15日 for 12月20日前. Read as the former, it would be given full marks."""
    rows, filing_date = context.indicators, context.submission.basic.filing_date.value
    for filed, actual in rows_of(rows, "actual", only=where(rows, _may_be_late, "target", "actual")):
        is_to_come = filing_date is not None and _year_later(actual.first or actual.last) > filing_date
        if is_to_come or not needs_year(filed.actual.raw):
            continue
        yield make(
            "INDICATOR_031",
            filed.actual,
            name=filed.name.raw,
            target=filed.target.raw,
            early=day_text(actual.last),
            late=day_text(_year_later(actual.last)),
            related=(filed.target.ref,),
        )


def _may_be_late(target: Reading, actual: Reading) -> bool:
    if not isinstance(target, DateSpan) or not isinstance(actual, DateSpan) or actual.last > target.last:
        return False
    return timedelta(0) < _year_later(actual.last) - target.last <= A_LITTLE_LATE


def _year_later(day: date) -> date:
    if day.year == date.max.year:
        return date.max
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


CHECKS: tuple[Check, ...] = (
    missing_actuals,
    unreadable_values,
    different_units,
    days_without_year,
    blank_natures,
    copied_comparators,
    repeated_targets,
)
