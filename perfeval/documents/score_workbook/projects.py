"""项目评分: the projects' amounts, rates and scores, their sums by class, and what each counts as under the 项目占比
items."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from perfeval.documents.score_workbook.layout import HEAD, PROJECT_FIXED_COLUMNS, PROJECTS, Layout
from perfeval.documents.score_workbook.project_chart import draw_rates
from perfeval.documents.score_workbook.scores import NOT_SCORED, leaf_value, sum_value
from perfeval.documents.score_workbook.trace import Shown, Trace, as_filed
from perfeval.excel.looks import TOTAL_FILL
from perfeval.excel.write import Column, Live, Place, Sheet, Value, address, column_range, live
from perfeval.model.cells import Cell
from perfeval.model.numbers import total
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import ItemScore, ProjectScore
from perfeval.rules.frames import ALL, SUMMED_TYPES

FIXED = (
    Column("序号", "count", 6),
    Column("项目名称", "text", 28, 20),
    Column("项目类型", "word", 8),
    Column("年初预算数", "amount"),
    Column("调整后预算数", "amount"),
    Column("执行数", "amount"),
    Column("收回或注销数", "amount"),
    Column("结转结余数", "amount"),
    Column("执行率", "rate", 10),
    Column("结余率", "rate", 10),
)
NUMBER, NAME, TYPE, INITIAL, ADJUSTED, EXECUTED, TAKEN_BACK, CARRYOVER, EXECUTION_RATE, CARRYOVER_RATE = range(
    PROJECT_FIXED_COLUMNS
)
AMOUNTS: dict[int, str] = {INITIAL: "initial_budget", ADJUSTED: "adjusted_budget", EXECUTED: "executed"}
SUMMABLE = {*AMOUNTS, TAKEN_BACK}
CLASSES = {**{one.sum_title: one.name for one in PROJECT_CLASSES}, "全部项目合计": ALL}
NOTE = (
    "单位：万元、分。执行率 = 执行数 ÷ 调整后预算数；结余率 = 1 − 执行率；结转结余数 = 调整后预算数 − 执行数。"
    "按项目占比评分的各列：1 = 扣分，0 = 不扣分，空白 = 不计入（不涉及，或不在评分范围内）。"
)
INCOMPLETE = "有未填，未合计"
SUM_LOOK: dict[str, Any] = {"bold": True, "bg_color": TOTAL_FILL}


def write_projects(
    sheet: Sheet, layout: Layout | None, regulation: Regulation | None, shown: Shown, trace: Trace
) -> None:
    """Fills the sheet: one row a project, then the class sums, then N and n, then the chart."""
    columns = _columns(layout)
    sheet.title("项目评分表", NOTE, len(columns))
    sheet.head(HEAD, columns)
    if layout is None or not layout.projects:
        sheet.put(HEAD + 1, NAME, "没有填列项目", "text", 28)
        return
    for number, (project, left) in enumerate(zip(layout.projects, layout.frames.projects["carryover"], strict=True)):
        _project(sheet, layout, number, project, left, columns, shown, trace)
    last = layout.project_rows[1]
    sheet.raw.autofilter(HEAD, 0, last, len(columns) - 1)
    _emphasise(sheet, layout, regulation)
    for row, (name, kind) in enumerate(CLASSES.items(), start=last + 1):
        _class_sum(sheet, layout, row, name, kind, len(columns))
    _mark_counts(sheet, layout, last + 1 + len(CLASSES), len(columns))
    draw_rates(sheet, layout, last + len(CLASSES) + 5)


def _columns(layout: Layout | None) -> tuple[Column, ...]:
    """The amounts and rates; the projects' own scores where there are any; one column for each 项目占比 item."""
    if layout is None:
        return FIXED
    scores = [Column(f"{i.item.name}得分", "points", 10) for i in layout.project_items]
    totals = [Column("绩效指标得分", "points", 10), Column("项目得分", "points", 10), Column("等级", "word", 6)]
    marks = [Column(f"{i.item.id}\n{i.item.name}", "count", 8) for i in layout.marked]
    return (*FIXED, *([*scores, *totals] if layout.rates_projects else []), *marks)


def _project(
    sheet: Sheet,
    layout: Layout,
    number: int,
    score: ProjectScore,
    left: Decimal | None,
    columns: tuple[Column, ...],
    shown: Shown,
    trace: Trace,
) -> None:
    filed, row = score.project, layout.project_row(number)
    cells: list[tuple[int, Cell[Any]]] = [(NAME, filed.name), (TYPE, filed.type)]
    cells += [(column, getattr(filed, field)) for column, field in AMOUNTS.items()]
    cells += [] if filed.taken_back.is_blank else [(TAKEN_BACK, filed.taken_back)]
    for column, cell in cells:
        shown.record(cell.ref, PROJECTS, row, column, cell.value if column in SUMMABLE else None)
    scores = (
        _scores(layout, number, score, trace) if layout.rates_projects else ()
    )  # they are made of what is beside them
    sheet.row(row, columns, (*_amounts(number, row, score, left), *scores, *_marks(layout, number, score)))


def _amounts(number: int, row: int, score: ProjectScore, left: Decimal | None) -> tuple[Value, ...]:
    """The values of the fixed columns."""
    filed = score.project
    return (
        number + 1,
        as_filed(filed.name),
        as_filed(filed.type),
        *(as_filed(getattr(filed, field)) for field in AMOUNTS.values()),
        "—" if filed.taken_back.is_blank else as_filed(filed.taken_back),
        _carryover(row, left),
        *_rates(row, score.execution_rate, score.carryover_rate),
    )


def _carryover(row: int, left: Decimal | None) -> Value:
    return live(f"{address(row, ADJUSTED)}-{address(row, EXECUTED)}", left)


def _rates(row: int, execution: Decimal | None, carryover: Decimal | None) -> tuple[Value, Value]:
    """执行率 and 结余率."""
    executed = live(f"{address(row, EXECUTED)}/{address(row, ADJUSTED)}", execution)
    return executed, live(f"1-{address(row, EXECUTION_RATE)}", carryover)


def _scores(layout: Layout, number: int, score: ProjectScore, trace: Trace) -> tuple[Value, ...]:
    """The scores of the project's own items, the sum of its indicators, its total and grade."""
    row, owner = layout.project_row(number), score.project.name.value or f"第{score.project.row}行的项目"
    own = {i.item.id: i for i in score.items}
    places = [layout.item_place(number, item.item.id) for item in layout.project_items]
    scores = [
        leaf_value(own[item.item.id], owner, {"score": place}, trace, {})
        for item, place in zip(layout.project_items, places, strict=True)
    ]
    known = [i.score for i in score.indicators if i.score is not None]
    block = layout.block_sum(score.project.name.value or "") if score.indicators else None
    complete = len(known) == len(score.indicators)
    shown = "未列指标" if block is None else Live(block, total(known)) if complete else NOT_SCORED
    whole = _whole(score, [*places, Place(PROJECTS, row, layout.indicator_column)])
    return (*scores, shown, whole, score.grade or "—")


def _whole(score: ProjectScore, places: list[Place]) -> Value:
    """A project's total: the sum of its leaves, where nothing was capped or rescaled on the way."""
    leaves = total(i.score for i in score.items if i.score is not None and i.item.parent is None)
    is_plain = score.total == leaves and all(i.uncapped is None or i.item.is_leaf for i in score.items)
    return sum_value(score.total, places) if is_plain or score.total is None else score.total


def _marks(layout: Layout, number: int, project: ProjectScore) -> Iterator[Value]:
    """1 counts against, 0 counts for, empty does not count."""
    for item in layout.marked:
        bad = item.marks[number].bad if item.marks[number].project.row == project.project.row else None
        yield None if bad is None else int(bad)


def _class_sum(sheet: Sheet, layout: Layout, row: int, name: str, kind: str, width: int) -> None:
    """Σ of a class of projects; a sum that lacks a part is not added up."""
    sums = layout.frames.project_types.loc[kind]
    _blank_line(sheet, row, width, f"{name}（{sums['count']}个）")
    for column, field in AMOUNTS.items():
        sheet.put(
            row, column, live(_class_formula(layout, column, kind), sums[field], INCOMPLETE), "amount", **SUM_LOOK
        )
    sheet.put(row, CARRYOVER, _carryover(row, sums["carryover"]), "amount", **SUM_LOOK)
    rates = _rates(row, sums["execution_rate"], sums["carryover_rate"])
    for column, value in zip((EXECUTION_RATE, CARRYOVER_RATE), rates, strict=True):
        sheet.put(row, column, value, "rate", 10, **SUM_LOOK)


def _blank_line(sheet: Sheet, row: int, width: int, name: str) -> None:
    for column in range(width):
        sheet.put(row, column, "", "text", **SUM_LOOK)
    sheet.put(row, NAME, name, "text", 28, **SUM_LOOK)


def _class_formula(layout: Layout, column: int, kind: str) -> str:
    amounts, kinds = column_range(column, *layout.project_rows), column_range(TYPE, *layout.project_rows)
    if kind == ALL:
        return f"SUM({amounts})"
    return "+".join(f'SUMIF({kinds},"{one}",{amounts})' for one in SUMMED_TYPES[kind])


def _mark_counts(sheet: Sheet, layout: Layout, row: int, width: int) -> None:
    """N and n, which the items' scores are made of."""
    if not layout.marked:
        return
    for line, name, function, count in (
        (row, "计入的项目数 N", "COUNT", _counted),
        (row + 1, "扣分的项目数 n", "SUM", _bad),
    ):
        _blank_line(sheet, line, width, name)
        for column, item in enumerate(layout.marked, start=layout.first_mark):
            formula = f"{function}({layout.mark_range(item.item.id)})"
            sheet.put(line, column, Live(formula, Decimal(count(item))), "count", 8, **SUM_LOOK)


def _counted(item: ItemScore) -> int:
    return sum(1 for mark in item.marks if mark.bad is not None)


def _bad(item: ItemScore) -> int:
    return sum(1 for mark in item.marks if mark.bad)


def _emphasise(sheet: Sheet, layout: Layout, regulation: Regulation | None) -> None:
    """Rates below the regulation's limit, and projects that count against, in bold as well as in colour."""
    first, last = layout.project_rows
    emphasis = sheet.book.emphasis("#FCE4D6")
    floor = regulation.threshold("execution_rate_floor") if regulation else None
    if floor is not None:
        cell = address(first, EXECUTION_RATE)
        low = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}<{floor})", "format": emphasis}
        sheet.raw.conditional_format(first, EXECUTION_RATE, last, EXECUTION_RATE, low)
    if layout.marked:
        against = {"type": "cell", "criteria": "==", "value": 1, "format": emphasis}
        sheet.raw.conditional_format(
            first, layout.first_mark, last, layout.first_mark + len(layout.marked) - 1, against
        )
