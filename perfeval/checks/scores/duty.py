"""履职 and 履职数据: points, texts, completion rates."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.scores.declared import department_regulation, duty_item
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.frames import Frame, rows_of, where
from perfeval.model.names import nearest_name
from perfeval.model.numbers import ZERO, Interval, show_number, show_rate, sum_agrees, total
from perfeval.model.submission import Duty, DutyDatum
from perfeval.rules.frames import is_part
from perfeval.rules.missed import impossible, missed_data

SHEET = "履职"


def points_sum(context: Context) -> Iterator[Finding]:
    """DUTY_001: the 分值 of 履职 do not add up to the item's; at the column's header, the addends marked too."""
    item = duty_item(context) if department_regulation(context) else None
    header = context.submission.headers.get((SHEET, "max_points"))
    duties = _duties(context)
    points = [d.max_points.value for d in duties if d.max_points.value is not None]
    if item is None or header is None or len(points) < len(duties) or sum_agrees(item.max_points, points):
        return
    yield make(
        "DUTY_001",
        header,
        label="分值",
        found=show_number(total(points)) if points else "",
        expected=show_number(item.max_points),
        item=item.name,
        stated=f" {len(points)} 项职能的分值相加是 {show_number(total(points))}" if points else "一项职能也没有填",
        related=tuple(d.max_points.ref for d in duties),
        clause=item.provenance.words,
    )


def ranges(context: Context) -> Iterator[Finding]:
    """DUTY_002: a 自评得分 above its 分值 or below 0."""
    for duty in _duties(context):
        declared, points = duty.declared.value, duty.max_points.value
        if declared is not None and (declared < ZERO or (points is not None and declared > points)):
            limit = show_number(points) if points is not None else "分值"
            yield make("DUTY_002", duty.declared, expected=f"0 到 {limit}", duty=_name(duty), limit=limit)


def texts(context: Context) -> Iterator[Finding]:
    """DUTY_003: no 工作完成情况."""
    for duty in _duties(context):
        if duty.achievement.is_blank:
            yield make("DUTY_003", duty.achievement, expected="工作完成情况", duty=_name(duty))


def stated_rates(context: Context) -> Iterator[Finding]:
    """DUTY_004: 完成率 that is not 完成数 ÷ 计划数, each taken as printed."""
    data = _data(context)
    contradicted = where(data, lambda stated, computed: not stated.overlaps(computed), "stated_span", "computed_span")
    for datum, reached in rows_of(data, "completion", only=contradicted):
        yield make(
            "DUTY_004",
            datum.completion_rate,
            expected=show_rate(reached),
            name=datum.name.raw,
            planned=show_number(datum.planned.value),
            completed=show_number(datum.completed.value),
        )


def totals_outside_parts(context: Context) -> Iterator[Finding]:
    """DUTY_005: a total's completion rate lies outside the lowest and highest of its parts, so no mix of them can give
    it."""
    rows = list(rows_of(_data(context), "completion_span", "completion"))
    for datum, own, reached in rows:
        parts = [row for row in rows if datum.name.value and is_part(row[0], datum)]
        spans = [span for _, span, _ in parts if span is not None]
        if own is None or not spans or len(spans) < len(parts):
            continue
        reach = Interval(min(s.low for s in spans), max(s.high for s in spans))
        if not own.overlaps(reach):
            rates = [rate for *_, rate in parts]
            lowest, highest = show_rate(min(rates)), show_rate(max(rates))
            yield make(
                "DUTY_005",
                _rate_cell(datum),
                found=show_rate(reached),
                expected=f"{lowest} 到 {highest}",
                name=datum.name.raw,
                count=len(parts),
                lowest=lowest,
                highest=highest,
                related=tuple(_rate_cell(part).ref for part, *_ in parts),
            )


def full_marks(context: Context) -> Iterator[Finding]:
    """DUTY_006: full marks although a completion rate of that duty is below 100 %; names the totals, else the parts."""
    data = _data(context)
    for duty in _duties(context):
        declared, points = duty.declared.value, duty.max_points.value
        missed = missed_data(data, duty)
        if missed and declared is not None and points is not None and declared >= points > ZERO:
            shown = "、".join(f"“{d.name.raw}”的完成率 {show_rate(reached)}" for d, reached in missed)
            yield make(
                "DUTY_006",
                duty.declared,
                duty=_name(duty),
                points=show_number(points),
                rates=shown,
                answer=duty.deduction_reason,
                related=tuple(_rate_cell(d).ref for d, _ in missed),
            )


def unknown_names(context: Context) -> Iterator[Finding]:
    """DUTY_007: a 职能名称 or 上级指标 in 履职数据 that names no row: what hangs on it could not be compared."""
    data = _data(context).filed
    duties = {d.name.value for d in _duties(context)}
    names = {d.name.value for d in data}
    for datum in data:
        for cell, known, sheet in ((datum.duty, duties, "履职"), (datum.parent, names, "履职数据")):
            if cell.value is None or cell.value in known or None in known or not known:
                continue
            near = nearest_name(cell.value, filter(None, known))
            suggestion = f"是否为“{near}”？" if near else ""
            yield make(
                "DUTY_007", cell, expected="、".join(sorted(filter(None, known))), where=sheet, suggestion=suggestion
            )


def negative_figures(context: Context) -> Iterator[Finding]:
    """DUTY_008: a figure of 履职数据 below 0."""
    for datum in _data(context).filed:
        for cell in impossible(datum):
            yield make("DUTY_008", cell, expected="不小于 0 的数", name=datum.name.raw or f"第{datum.row}行")


def _rate_cell(datum: DutyDatum) -> Cell[Decimal]:
    """Where a row's rate is corrected: 完成数 where it is computed, else 完成率."""
    return datum.completed if datum.completed.is_read and datum.planned.is_read else datum.completion_rate


def _name(duty: Duty) -> str:
    return duty.name.raw or f"第{duty.row}行"


def _duties(context: Context) -> tuple[Duty, ...]:
    return () if context.submission.is_project_kind else context.submission.duties


def _data(context: Context) -> Frame:
    data = context.frames.duty_data
    return data.iloc[:0] if context.submission.is_project_kind else data


CHECKS: tuple[Check, ...] = (
    points_sum,
    ranges,
    texts,
    stated_rates,
    totals_outside_parts,
    full_marks,
    unknown_names,
    negative_figures,
)
