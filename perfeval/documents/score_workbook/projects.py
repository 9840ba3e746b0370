"""项目评分: the projects' amounts, rates and scores, their sums by 常年 and 阶段, and what each counts as under the 项目占比 items."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from perfeval.documents.score_workbook.layout import FIRST_MARK, HEAD, PROJECT_FIXED_COLUMNS, PROJECTS, Layout
from perfeval.documents.score_workbook.scores import NOT_SCORED, leaf_value, sum_value
from perfeval.documents.score_workbook.trace import Shown, Trace
from perfeval.documents.workbook import TOTAL_FILL, Column, Live, Place, Sheet, Value, column_range, less, live
from perfeval.model.cells import Cell
from perfeval.model.numbers import rate, total
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import ProjectScore
from perfeval.model.submission import ONE_OFF, STAGED, STANDING, Project

FIXED = (
    Column("序号", "count", 6),
    Column("项目名称", "text", 34),
    Column("项目类型", "word", 8),
    Column("年初预算数", "amount", 14),
    Column("调整后预算数", "amount", 14),
    Column("执行数", "amount", 14),
    Column("收回或注销数", "amount", 14),
    Column("结转结余数", "amount", 14),
    Column("执行率", "rate", 10),
    Column("结余率", "rate", 10),
)
NUMBER, NAME, TYPE, INITIAL, ADJUSTED, EXECUTED, TAKEN_BACK, CARRYOVER, EXECUTION_RATE, CARRYOVER_RATE = range(PROJECT_FIXED_COLUMNS)
AMOUNTS = {INITIAL: "initial_budget", ADJUSTED: "adjusted_budget", EXECUTED: "executed"}
CLASSES = {"常年项目合计": (STANDING,), "阶段项目合计（含一次性）": (STAGED, ONE_OFF), "全部项目合计": (STANDING, STAGED, ONE_OFF)}
NOTE = "单位：万元、分。执行率 = 执行数 ÷ 调整后预算数；结余率 = 1 − 执行率；结转结余数 = 调整后预算数 − 执行数（含收回或注销数）。"
INCOMPLETE = "有未填，未合计"
CHART_LIMIT = 30


def write_projects(sheet: Sheet, layout: Layout | None, regulation: Regulation | None, shown: Shown, trace: Trace) -> None:
    """Fills the sheet; with many projects the chart shows those with the lowest execution rates."""
    items = {i.item.id: i.item.name for p in layout.projects for i in p.items} if layout else {}
    scores = [Column(f"{items[i]}得分", "points", 12) for i in layout.project_items] if layout else []
    columns = (*FIXED, *scores, Column("绩效指标得分", "points", 12), Column("项目得分", "points", 10), Column("等级", "word", 8))
    sheet.title("项目评分表", NOTE, len(columns))
    sheet.head(HEAD, columns)
    if layout is None or not layout.projects:
        sheet.put(HEAD + 1, NAME, "没有填列项目", "text", 34)
        return
    for number, project in enumerate(layout.projects):
        _project(sheet, layout, number, project, shown)
        _scores(sheet, layout, number, project, trace)
    first, last = layout.project_row(0), layout.project_row(len(layout.projects) - 1)
    sheet.raw.autofilter(HEAD, 0, last, len(columns) - 1)
    _emphasise_low_rates(sheet, first, last, regulation)
    for row, (name, types) in enumerate(CLASSES.items(), start=last + 1):
        _class_sum(sheet, layout, row, name, types, len(columns))
    _marks(sheet, layout)
    _chart(sheet, layout)


def _project(sheet: Sheet, layout: Layout, number: int, score: ProjectScore, shown: Shown) -> None:
    filed, row = score.project, layout.project_row(number)
    sheet.put(row, NUMBER, number + 1, "count", 6)
    shown.put(sheet, row, NAME, filed.name, "text", widest=34)
    shown.put(sheet, row, TYPE, filed.type, "word", widest=8)
    for column, field in AMOUNTS.items():
        shown.put(sheet, row, column, getattr(filed, field), "amount")
    if filed.taken_back.is_blank:
        sheet.put(row, TAKEN_BACK, "—", "word")
    else:
        shown.put(sheet, row, TAKEN_BACK, filed.taken_back, "amount")
    adjusted, executed = Place(PROJECTS, row, ADJUSTED).cell, Place(PROJECTS, row, EXECUTED).cell
    left = live(f"{adjusted}-{executed}", less(filed.adjusted_budget.value, filed.executed.value))
    sheet.put(row, CARRYOVER, left, "amount")
    sheet.put(row, EXECUTION_RATE, live(f"{executed}/{adjusted}", score.execution_rate), "rate", 10)
    sheet.put(row, CARRYOVER_RATE, live(f"1-{Place(PROJECTS, row, EXECUTION_RATE).cell}", score.carryover_rate), "rate", 10)


def _scores(sheet: Sheet, layout: Layout, number: int, score: ProjectScore, trace: Trace) -> None:
    row, owner = layout.project_row(number), score.project.name.value or f"第{score.project.row}行的项目"
    parts: list[Place] = []
    by_id = {i.item.id: i for i in score.items}
    for item_id in layout.project_items:
        place = layout.item_place(number, item_id)
        item = by_id.get(item_id)
        sheet.put(row, place.column, leaf_value(item, owner, {"score": place}, trace, {}) if item else "—", "points", 12)
        parts += [place] if item else []
    column = layout.indicator_column
    known = [i.score for i in score.indicators if i.score is not None]
    block = layout.block_sum(score.project.name.value or "")
    told: Value = "未列指标" if not score.indicators or block is None else NOT_SCORED
    if block and len(known) == len(score.indicators):
        told = Live(block, total(known))
    sheet.put(row, column, told, "points", 12)
    sheet.put(row, column + 1, sum_value(score.total, [*parts, Place(PROJECTS, row, column)]), "points", 10)
    sheet.put(row, column + 2, score.grade or "—", "word", 8)


def _class_sum(sheet: Sheet, layout: Layout, row: int, name: str, types: tuple[str, ...], width: int) -> None:
    """Σ of a class of projects; a sum that lacks a part is not added up."""
    inside = [p.project for p in layout.projects if p.project.type.value in types or len(types) == len(CLASSES)]
    extra: Any = {"bold": True, "bg_color": TOTAL_FILL}
    for column in range(width):
        sheet.put(row, column, "", "text", **extra)
    sheet.put(row, NAME, f"{name}（{len(inside)}个）", "text", 34, **extra)
    sums: dict[int, Decimal | None] = {}
    for column, field in AMOUNTS.items():
        sums[column] = _sum(inside, lambda project, field=field: getattr(project, field))  # type: ignore[misc]
        formula = _class_formula(layout, column, types)
        value = sums[column]
        sheet.put(row, column, live(formula, value, INCOMPLETE), "amount", **extra)
    adjusted, executed = Place(PROJECTS, row, ADJUSTED).cell, Place(PROJECTS, row, EXECUTED).cell
    whole, part = sums[ADJUSTED], sums[EXECUTED]
    left = live(f"{adjusted}-{executed}", less(whole, part))
    sheet.put(row, CARRYOVER, left, "amount", **extra)
    sheet.put(row, EXECUTION_RATE, live(f"{executed}/{adjusted}", rate(part, whole)), "rate", 10, **extra)
    share = rate(part, whole)
    sheet.put(
        row,
        CARRYOVER_RATE,
        live(f"1-{Place(PROJECTS, row, EXECUTION_RATE).cell}", None if share is None else 1 - share),
        "rate",
        10,
        **extra,
    )


def _sum(projects: list[Project], amount: Callable[[Project], Cell[Decimal]]) -> Decimal | None:
    values = [amount(project).value for project in projects]
    known = [v for v in values if v is not None]
    return total(known) if len(known) == len(values) else None


def _class_formula(layout: Layout, column: int, types: tuple[str, ...]) -> str:
    rows = layout.project_row(0), layout.project_row(len(layout.projects) - 1)
    amounts, kinds = column_range(column, *rows), column_range(TYPE, *rows)
    if len(types) == len(CLASSES):
        return f"SUM({amounts})"
    return "+".join(f'SUMIF({kinds},"{kind}",{amounts})' for kind in types)


def _marks(sheet: Sheet, layout: Layout) -> None:
    """One column for each 项目占比 item: 1 counts against, 0 counts for, empty does not count; N and n below are what its score is made of."""
    if not layout.marked:
        return
    first = layout.first_mark_row
    columns = (*FIXED[:FIRST_MARK], *(Column(f"{i.item.id} {i.item.name}", "count", 14) for i in layout.marked))
    sheet.section(first - 2, "按项目占比评分的指标：1 = 扣分的项目，0 = 不扣分的项目，空白 = 不计入（不涉及，或不在评分范围内）")
    sheet.head(first - 1, columns)
    marks = {i.item.id: {m.project.row: m.bad for m in i.marks} for i in layout.marked}
    for row, score in enumerate(layout.projects, start=first):
        number = row - first
        told: list[Value] = [number + 1, Live(Place(PROJECTS, layout.project_row(number), NAME).cell, score.project.name.value or "未填")]
        told.append(score.project.type.value or "")
        told += [_mark(marks[i.item.id].get(score.project.row)) for i in layout.marked]
        sheet.row(row, columns, told)
    last = first + len(layout.projects) - 1
    emphasis = {"type": "cell", "criteria": "==", "value": 1, "format": sheet.book.emphasis("#FCE4D6")}
    sheet.raw.conditional_format(first, FIRST_MARK, last, FIRST_MARK + len(layout.marked) - 1, emphasis)
    counted = [sum(1 for bad in marks[i.item.id].values() if bad is not None) for i in layout.marked]
    bad = [sum(1 for bad in marks[i.item.id].values() if bad) for i in layout.marked]
    for row, name, function, values in ((last + 1, "计入的项目数 N", "COUNT", counted), (last + 2, "扣分的项目数 n", "SUM", bad)):
        lives = [Live(f"{function}({column_range(FIRST_MARK + n, first, last)})", Decimal(v)) for n, v in enumerate(values)]
        sheet.row(row, columns, [None, name, "", *lives], bold=True, bg_color=TOTAL_FILL)


def _mark(bad: bool | None) -> int | None:
    return None if bad is None else int(bad)


def _emphasise_low_rates(sheet: Sheet, first: int, last: int, regulation: Regulation | None) -> None:
    floor = regulation.threshold("execution_rate_floor") if regulation else None
    if floor is not None:
        cell = Place(PROJECTS, first, EXECUTION_RATE).cell
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}<{floor})", "format": sheet.book.emphasis("#FCE4D6")}
        sheet.raw.conditional_format(first, EXECUTION_RATE, last, EXECUTION_RATE, rule)


def _chart(sheet: Sheet, layout: Layout) -> None:
    """Execution rate by project; beyond the limit only the lowest, in a small table of their own."""
    first = layout.first_mark_row + (len(layout.projects) + 3 if layout.marked else -1)
    rated = [(p.execution_rate, n) for n, p in enumerate(layout.projects) if p.execution_rate is not None]
    if not rated:
        return
    lowest = sorted(rated)[:CHART_LIMIT] if len(rated) > CHART_LIMIT else sorted(rated, key=lambda r: r[1])
    title = f"执行率最低的{CHART_LIMIT}个项目" if len(rated) > CHART_LIMIT else "各项目执行率"
    sheet.section(first, title)
    columns = (FIXED[NUMBER], FIXED[NAME], Column("执行率", "rate", 10))
    sheet.head(first + 1, columns)
    for row, (value, number) in enumerate(lowest, start=first + 2):
        source = layout.project_row(number)
        name = layout.projects[number].project.name.value or "未填"
        links = Live(Place(PROJECTS, source, NAME).cell, name), Live(Place(PROJECTS, source, EXECUTION_RATE).cell, value)
        sheet.row(row, columns, (number + 1, *links))
    _draw(sheet, title, first + 2, first + 1 + len(lowest))


def _draw(sheet: Sheet, title: str, first: int, last: int) -> None:
    chart = sheet.book.chart("bar")
    values = {"categories": [PROJECTS, first, NAME, last, NAME], "values": [PROJECTS, first, TYPE, last, TYPE]}
    look = {"fill": {"color": "#1F4E79"}, "border": {"color": "#404040"}, "gap": 40}
    chart.add_series({"name": "执行率", **values, **look, "data_labels": {"value": True, "num_format": "0.00%", "font": {"size": 8}}})
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_size({"width": 820, "height": 120 + 22 * (last - first + 1)})
    sheet.raw.insert_chart(first - 1, INITIAL, chart, {"object_position": 2})
