"""The 项目支出绩效自评表 of a report: execution rate, points, total; and what the text says of the project."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from perfeval.audit.annex import IndicatorRow, cell_figure, indicator_tables, row_quote
from perfeval.audit.comparison import Comparison, Kind, adds_up, rate_is, same
from perfeval.audit.read import Report, TableRow
from perfeval.audit.text import NUMBER, Figure, figure, plain
from perfeval.filing.typed.numbers import number_of
from perfeval.model.numbers import HUNDRED, ONE, Interval, half_up, printed_quotient, show_number

HEAD = ("调整后预算数", "执行数", "执行率")
IN_TEXT = re.compile(rf"^“(?P<name>.+?)”绩效自评得(?P<score>{NUMBER})分，等级为“(?P<grade>[^”]+)”")


@dataclass(frozen=True, slots=True)
class Form:
    """One project's form: the execution of its budget, its indicators, its total and grade."""

    name: str
    budget: Mapping[str, Figure]  # by column: 调整后预算数, 执行数, 执行率, 分值, 得分
    indicators: Sequence[IndicatorRow]
    total: Figure | None
    grade: str
    table: int  # the table its indicators are in


def form_checks(report: Report) -> Iterator[Comparison]:
    """Every form re-computed, and compared with the sentence that names its project."""
    forms = list(project_forms(report))
    for form in forms:
        yield from _execution(form)
        if form.total is not None:
            yield from _total(form, form.total)
    by_name = {form.name: form for form in forms}
    for line in report.lines:
        match = IN_TEXT.match(line.plain)
        there = by_name.get(match["name"]) if match else None
        if match and there and there.total is not None:
            score = figure(line, match, "score")
            yield same(f"项目“{there.name}”的得分，正文与自评表，", score, there.total, "分")
            says = f"项目“{there.name}”的等级，正文写的是“{match['grade']}”，自评表写的是“{there.grade}”"
            yield Comparison(Kind.PAIR, match["grade"] == there.grade or not there.grade, says, (score, there.total))


def project_forms(report: Report) -> Iterator[Form]:
    """The forms in order: a table with the execution of the budget, and the indicator table that follows it."""
    indicators = {table[0].table: table for table in indicator_tables(report)}
    for position, table in enumerate(report.tables):
        budget = _budget(table)
        if not budget or not table[0].aligned:
            continue
        name = next((plain(second) for row in table for first, second in _neighbours(row) if first == "项目名称"), "")
        following = (
            table if table[0].table in indicators else next(iter(report.tables[position + 1 : position + 2]), ())
        )
        rows = indicators.get(following[0].table, ()) if following else ()
        total, grade = _end(following)
        yield Form(name, budget, rows, total, grade, following[0].table if following else table[0].table)


def _neighbours(row: TableRow) -> Iterator[tuple[str, str]]:
    cells = [cell for cell in row.cells if plain(cell)]
    for first, second in pairwise(cells):
        yield plain(first), second


def _budget(table: Sequence[TableRow]) -> dict[str, Figure]:
    """The figures under 调整后预算数, 执行数, 执行率, 分值, 得分."""
    for head, row in pairwise(table):
        names = [plain(cell) for cell in head.cells]
        if not set(HEAD) <= set(names):
            continue
        found = {}
        for name, cell in zip(names, row.cells, strict=False):
            value = number_of(plain(cell).removesuffix("%"))
            if name in (*HEAD, "分值", "得分") and value is not None:
                found[name] = cell_figure(row, name, plain(cell).removesuffix("%"), value)
        return found
    return {}


def _end(table: Sequence[TableRow]) -> tuple[Figure | None, str]:
    """总分 and 等级 of the last row."""
    total, grade = None, ""
    for row in table:
        for first, second in _neighbours(row):
            value = number_of(second)
            if first == "总分" and value is not None:
                total = Figure(
                    ("row", row.table, row.number, "total"),
                    value,
                    plain(second),
                    f"附表（{row.place}）",
                    row_quote(row),
                )
            elif first == "等级":
                grade = plain(second)
    return total, grade


def _execution(form: Form) -> Iterator[Comparison]:
    """执行率 = 执行数 ÷ 调整后预算数; its points in proportion."""
    part, whole, rate = (form.budget.get(name) for name in ("执行数", "调整后预算数", "执行率"))
    if not part or not whole or not rate:
        return
    computed = printed_quotient(part.value, whole.value)
    if computed is None:
        return
    yield rate_is(f"项目“{form.name}”的预算执行率", rate, computed, (part, whole), f"{part.shown} ÷ {whole.shown}")
    points, score = form.budget.get("分值"), form.budget.get("得分")
    if points and score:
        says = f"项目“{form.name}”的预算执行得分 {score.shown} 分，超过分值 {points.shown} 分"
        yield Comparison(Kind.PAIR, score.value <= points.value, says, (score, points))
        exact = Interval(points.value * min(computed.low, ONE), points.value * min(computed.high, ONE))
        shown = show_number(half_up(points.value * min(rate.value / HUNDRED, ONE)))
        says = f"项目“{form.name}”的预算执行得分是 {score.shown} 分，而 {points.shown} × {rate.shown}% = {shown} 分"
        yield Comparison(
            Kind.RATE, Interval.printed(score.value).overlaps(exact), says, (score, points, rate, part, whole)
        )


def _total(form: Form, total: Figure) -> Iterator[Comparison]:
    """总分 = the points for execution and those of every indicator."""
    scores = [row.score for row in form.indicators if row.score is not None]
    execution = form.budget.get("得分")
    if execution and scores and len(scores) == len(form.indicators):
        yield adds_up(f"项目“{form.name}”的总分", total, [execution, *scores], "分")
