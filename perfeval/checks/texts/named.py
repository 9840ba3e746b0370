"""Data with a name of their own that a text may state: rows of 履职数据, indicators, the total."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.checks.texts.figures import PER_CENT, Datum
from perfeval.model.cells import Cell
from perfeval.model.frames import rows_of
from perfeval.model.numbers import HUNDRED, half_up, show_number, show_points, show_rate
from perfeval.model.readings import Number
from perfeval.model.submission import Duty, DutyDatum, ScoreRow
from perfeval.prose.text import plain

SHORTEST_NAME = 4  # characters; a shorter name may be part of anything
IN_BRACKETS = re.compile(r"[(][^)]*[)]")


def duty_figures(context: Context, duty: Duty) -> Iterator[Datum]:
    """What the text of a duty may state of the duty's rows in 履职数据."""
    rows = rows_of(context.frames.duty_data, "completion")
    own = [(datum, reached) for datum, reached in rows if duty.name.value and datum.duty.value == duty.name.value]
    for datum, reached in own:
        name = IN_BRACKETS.sub("", plain(datum.name.value or ""))
        if len(name) >= SHORTEST_NAME:
            yield from _rate_figure(datum, reached, name)
            yield from _count_figures(datum, name)
    yield from _plan_and_result([datum for datum, _ in own])


def _rate_figure(datum: DutyDatum, reached: Decimal | None, name: str) -> Iterator[Datum]:
    if reached is not None:
        phrase = rf"{re.escape(name)}(?:完成计划的?|完成率|完成比例|计划完成率|完成)(?:为|达到|达|：)?{{N}}"
        cell = datum.completion_rate if datum.completion_rate.is_read else datum.completed
        yield Datum(
            phrase,
            PER_CENT,
            (reached * HUNDRED,),
            f"履职数据”中“{datum.name.raw}”的完成率",
            show_rate(reached),
            (cell.ref,),
            keyword=name,
        )


def _count_figures(datum: DutyDatum, name: str) -> Iterator[Datum]:
    """编发《价格动态》12期; 收集到20项专项规划: the number may be inside the name."""
    unit = datum.unit.value
    if datum.completed.value is None or not unit or plain(unit) in PER_CENT:
        return
    source, shown = f"履职数据”中“{datum.name.raw}”的完成数", show_number(datum.completed.value)
    accepted, refs = (datum.completed.value,), (datum.completed.ref,)
    yield Datum(re.escape(name), (unit,), accepted, source, shown + unit, refs, keyword=name)
    for i in range(2, len(name) - 1):
        phrase = rf"{re.escape(name[:i])}(?:到|了|出)?{{N}}{re.escape(name[i:])}"
        yield Datum(phrase, (unit,), accepted, source, shown + unit, refs, anywhere=True, keyword=name[i:])


def _plan_and_result(data: list[DutyDatum]) -> Iterator[Datum]:
    """计划完成投资62.16亿元, 已完成投资40.23亿元: the noun is in the name of exactly one row with plan and result."""
    both = [
        d
        for d in data
        if d.planned.value is not None and d.completed.value is not None and d.unit.value and d.name.value
    ]
    for noun in ("投资", "产值", "收入", "任务"):
        named = [d for d in both if noun in (d.name.value or "")]
        if len(named) != 1:
            continue
        datum = named[0]
        for phrase, cell in (
            (rf"计划(?:完成)?(?:年度)?{noun}", datum.planned),
            (rf"(?:已|实际|累计|已累计)完成(?:年度)?{noun}", datum.completed),
        ):
            yield from _stated(phrase, cell, datum)


def _stated(phrase: str, cell: Cell[Decimal], datum: DutyDatum) -> Iterator[Datum]:
    unit = datum.unit.value or ""
    if cell.value is not None:
        source = f"履职数据”中“{datum.name.raw}”的{cell.label}"
        yield Datum(phrase, (unit,), (cell.value,), source, show_number(cell.value) + unit, (cell.ref,))


def indicator_figures(context: Context) -> Iterator[Datum]:
    """What any text may state of an indicator whose name is in 指标 once: 群众满意度达90%."""
    times = Counter(i.name.value for i in context.submission.indicators)
    for indicator in context.submission.indicators:
        name, actual, unit = (
            plain(indicator.name.value or ""),
            indicator.actual.value,
            plain(indicator.unit.value or ""),
        )
        if len(name) >= SHORTEST_NAME and times[indicator.name.value] == 1 and isinstance(actual, Number) and unit:
            yield Datum(
                re.escape(name),
                (unit,),
                (actual.value,),
                f"指标”中“{name}”的实际完成值",
                show_number(actual.value) + unit,
                (indicator.actual.ref,),
                keyword=name,
            )


def total_figure(context: Context) -> Iterator[Datum]:
    """综合得分98.94分: the declared total or the computed one."""
    declared, card = context.submission.grand_total, context.scorecard
    totals = [t for t in (declared.value, card.total if card else None) if t is not None]
    if totals and declared.value is not None:
        shown = " 或 ".join(dict.fromkeys(show_points(t) for t in totals))
        accepted = tuple(half_up(t) for t in totals)
        phrase = r"(?:[一-龥]{0,8})?(?:综合|自评总|综合评价)得分"
        yield Datum(phrase, ("分",), accepted, "评分”的综合得分", shown, (declared.ref,), keyword="得分")


def own_score(row: ScoreRow) -> Iterator[Datum]:
    """…，得6分 at the end of a 得分依据, where it is the only score named."""
    if row.declared.value is not None and len(re.findall(r"得[^，,。；;]{0,4}?\d", row.basis.value or "")) == 1:
        shown = show_number(row.declared.value)
        yield Datum(
            r"得(?:分)?{N}[。.]?$",
            ("分",),
            (row.declared.value,),
            "评分”本行的自评得分",
            shown,
            (row.declared.ref,),
            anywhere=True,
        )
