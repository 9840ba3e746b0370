"""项目: each row's amounts, and the row by itself."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.numbers import ONE, show_filed, show_number, show_rate, show_rate_beside
from perfeval.model.submission import PROJECT_KIND, WHOLE_DEPARTMENT, YES, Project

SHEET = "项目"


def execution_rate(project: Project) -> Decimal | None:
    """执行数 ÷ 调整后预算数; None where a figure is missing or negative, or nothing was budgeted."""
    spent, budget = project.executed.value, project.adjusted_budget.value
    if spent is None or budget is None or spent < 0 or budget <= 0:
        return None
    return spent / budget


def duplicate_names(context: Context) -> Iterator[Finding]:
    """A 项目名称 that already stands further up."""
    seen: dict[str, CellRef] = {}
    for project in context.submission.projects:
        name = project.name.value
        if name in seen:
            yield make("PROJECT_001", project.name, earlier=seen[name].address, related=(seen[name],))
        elif name:
            seen[name] = project.name.ref


def no_projects(context: Context) -> Iterator[Finding]:
    """PROJECT_015: a 项目支出 workbook without any project; told at the column's header."""
    header = context.submission.headers.get((SHEET, "name"))
    if context.kind == PROJECT_KIND and header is not None and not context.submission.projects:
        yield make("PROJECT_015", header, found="", label="项目名称", expected="至少一个项目")


def named_like_the_department(context: Context) -> Iterator[Finding]:
    """PROJECT_017: a project named 部门整体, which says in 适用对象 that an indicator is the department's."""
    for project in context.submission.projects:
        if project.name.value == WHOLE_DEPARTMENT:
            yield make("PROJECT_017", project.name)


def overspent(context: Context) -> Iterator[Finding]:
    """执行数 above 调整后预算数."""
    for project in context.submission.projects:
        spent, budget = project.executed.value, project.adjusted_budget.value
        if spent is not None and budget is not None and spent > budget >= 0:
            limit = show_filed(budget)
            yield make("PROJECT_002", project.executed, expected=f"不超过 {limit}", budget=limit, related=(project.adjusted_budget.ref,))


def negative_amounts(context: Context) -> Iterator[Finding]:
    """An amount below 0."""
    for project in context.submission.projects:
        for cell in (project.initial_budget, project.adjusted_budget, project.executed, project.taken_back):
            if cell.value is not None and cell.value < 0:
                yield make("PROJECT_003", cell, expected="不小于 0 的数")


def left_unspent(context: Context) -> Iterator[Finding]:
    """Gross 结余率 (1 − 执行率, money taken back included) above the limit; where the reason is missing altogether, that is asked instead."""
    limit = context.limit("carryover_rate_limit")
    for project in context.submission.projects:
        rate = execution_rate(project)
        if limit is None or rate is None or ONE - rate <= limit or _reason_is_asked(context, project):
            continue
        yield make(
            "PROJECT_004",
            project.executed,
            rate=show_rate_beside(ONE - rate, limit),
            budget=show_filed(project.adjusted_budget.value),
            limit=show_rate(limit),
            clause=context.clause("carryover_rate_limit"),
            answered=project.deviation_reason.is_read,
            related=(project.adjusted_budget.ref,),
        )


def low_execution(context: Context) -> Iterator[Finding]:
    """执行率 below the floor without 偏差原因."""
    for project in context.submission.projects:
        rate, floor = execution_rate(project), context.limit("execution_rate_floor")
        if rate is None or floor is None or not _reason_is_asked(context, project):
            continue
        yield make(
            "PROJECT_005",
            project.deviation_reason,
            spent=show_filed(project.executed.value),
            budget=show_filed(project.adjusted_budget.value),
            rate=show_rate_beside(rate, floor),
            floor=show_rate(floor),
            clause=context.clause("execution_rate_floor"),
            related=(project.executed.ref, project.adjusted_budget.ref),
        )


def _reason_is_asked(context: Context, project: Project) -> bool:
    rate, floor = execution_rate(project), context.limit("execution_rate_floor")
    return rate is not None and floor is not None and rate < floor and project.deviation_reason.is_blank


def reason_too_long(context: Context) -> Iterator[Finding]:
    """PROJECT_018: 偏差原因 of a low 执行率 longer than the projects' own form takes; what is written cannot answer for its length."""
    scheme = context.project_regulation
    limit = scheme.thresholds.get("reason_characters") if scheme else None
    floor = scheme.threshold("execution_rate_floor") if scheme else None
    if limit is None or floor is None:
        return
    for project in context.submission.projects:
        rate, characters = execution_rate(project), len("".join((project.deviation_reason.value or "").split()))
        if rate is not None and rate < floor and characters > limit.value:
            most = show_number(limit.value)
            yield make(
                "PROJECT_018",
                project.deviation_reason,
                expected=f"不超过 {most} 字",
                count=characters,
                limit=most,
                floor=show_rate(floor),
                clause=limit.provenance.clause,
                related=(project.executed.ref, project.adjusted_budget.ref),
            )


def entered_late(context: Context) -> Iterator[Finding]:
    """入库日期 after the regulation's deadline for the evaluation year."""
    year, regulation = context.year, context.regulation
    if year is None or regulation is None or regulation.entry_deadline is None:
        return
    deadline = regulation.entry_deadline.in_year(year)
    for project in context.submission.projects:
        day = project.entry_date.value
        if day is not None and day > deadline:
            yield make(
                "PROJECT_006",
                project.entry_date,
                expected=f"{deadline.year}年{deadline.month}月{deadline.day}日以前",
                day=f"{day.year}年{day.month}月{day.day}日",
                clause=regulation.entry_deadline.provenance.clause,
                answered=project.deviation_reason.is_read,
            )


def adjustment_not_taken(context: Context) -> Iterator[Finding]:
    """需要调整 = 是, but 已采取调整措施 is not 是."""
    for project in context.submission.projects:
        taken = project.adjustment_taken
        if project.adjustment_needed.value == YES and (taken.is_blank or (taken.is_read and taken.value != YES)):
            answered = project.deviation_reason.is_read
            yield make("PROJECT_007", taken, expected=YES, answered=answered, related=(project.adjustment_needed.ref,))


def adjustment_without_effect(context: Context) -> Iterator[Finding]:
    """已采取调整措施 = 是, but nothing was taken back and the budget did not change."""
    for project in context.submission.projects:
        initial, adjusted = project.initial_budget, project.adjusted_budget
        unchanged = adjusted.value is not None and adjusted.value == initial.value
        if project.adjustment_taken.value == YES and project.taken_back.value == 0 and unchanged:
            yield make(
                "PROJECT_008",
                project.adjustment_taken,
                budget=show_filed(adjusted.value),
                answered=project.deviation_reason.is_read,
                related=(project.taken_back.ref, initial.ref, adjusted.ref),
            )


def done_without_spending(context: Context) -> Iterator[Finding]:
    """执行数 = 0, but 数量指标完成 = 是."""
    for project in context.submission.projects:
        if project.executed.value == 0 and project.quantity_met.value == YES:
            answered = project.deviation_reason.is_read
            yield make("PROJECT_010", project.executed, answered=answered, related=(project.quantity_met.ref,))


CHECKS: tuple[Check, ...] = (
    no_projects,
    duplicate_names,
    named_like_the_department,
    overspent,
    negative_amounts,
    left_unspent,
    low_execution,
    reason_too_long,
    entered_late,
    adjustment_not_taken,
    adjustment_without_effect,
    done_without_spending,
)
