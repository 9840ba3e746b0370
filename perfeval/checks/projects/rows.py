"""项目: each row's amounts, and the row by itself."""

from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.projects import execution
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import below_zero, cell, rows_of, where
from perfeval.model.numbers import show_filed
from perfeval.model.submission import PROJECT_KIND, WHOLE_DEPARTMENT, YES

SHEET = "项目"


def duplicate_names(context: Context) -> Iterator[Finding]:
    """A 项目名称 that already is further up."""
    projects = context.frames.projects
    for project, first in rows_of(projects, "duplicate_of", only=projects.duplicate_of.notna()):
        earlier = cell(projects, first, "name")
        yield make("PROJECT_001", project.name, earlier=earlier.address, related=(earlier,))


def no_projects(context: Context) -> Iterator[Finding]:
    """PROJECT_015: a 项目支出 workbook without any project; reported at the column's header."""
    header = context.submission.headers.get((SHEET, "name"))
    if context.kind == PROJECT_KIND and header is not None and not context.submission.projects:
        yield make("PROJECT_015", header, found="", label="项目名称", expected="至少一个项目")


def named_like_the_department(context: Context) -> Iterator[Finding]:
    """PROJECT_017: a project named 部门整体, which says in 适用对象 that an indicator is the department's."""
    projects = context.frames.projects
    for project in projects.filed[projects.plain_name == WHOLE_DEPARTMENT]:
        yield make("PROJECT_017", project.name)


def overspent(context: Context) -> Iterator[Finding]:
    """执行数 above 调整后预算数."""
    projects = context.frames.projects
    above = where(projects, lambda spent, budget: spent > budget >= 0, "executed", "adjusted_budget")
    for project in projects.filed[above]:
        limit = show_filed(project.adjusted_budget.value)
        yield make(
            "PROJECT_002",
            project.executed,
            expected=f"不超过 {limit}",
            budget=limit,
            related=(project.adjusted_budget.ref,),
        )


def negative_amounts(context: Context) -> Iterator[Finding]:
    """An amount below 0."""
    for amount in below_zero(context.frames.projects, "initial_budget", "adjusted_budget", "executed", "taken_back"):
        yield make("PROJECT_003", amount, expected="不小于 0 的数")


def entered_late(context: Context) -> Iterator[Finding]:
    """入库日期 after the regulation's deadline for the evaluation year."""
    year, regulation = context.year, context.regulation
    if year is None or regulation is None or regulation.entry_deadline is None:
        return
    deadline, projects = regulation.entry_deadline.in_year(year), context.frames.projects
    late = where(projects, lambda day: day > deadline, "entry_date")
    for project, day in rows_of(projects, "entry_date", only=late):
        yield make(
            "PROJECT_006",
            project.entry_date,
            expected=f"{deadline.year}年{deadline.month}月{deadline.day}日以前",
            day=f"{day.year}年{day.month}月{day.day}日",
            clause=regulation.entry_deadline.provenance.words,
            answer=project.deviation_reason,
        )


def adjustment_not_taken(context: Context) -> Iterator[Finding]:
    """需要调整 = 是, but 已采取调整措施 is not 是."""
    projects = context.frames.projects
    for project in projects.filed[projects.adjustment_needed == YES]:
        taken = project.adjustment_taken
        if taken.value != YES and (taken.is_blank or taken.is_read):
            yield make(
                "PROJECT_007",
                taken,
                expected=YES,
                answer=project.deviation_reason,
                related=(project.adjustment_needed.ref,),
            )


def adjustment_without_effect(context: Context) -> Iterator[Finding]:
    """已采取调整措施 = 是, but nothing was taken back and the budget did not change."""
    projects = context.frames.projects
    columns = "adjustment_taken", "taken_back", "initial_budget", "adjusted_budget"
    idle = where(
        projects, lambda taken, back, initial, adjusted: taken == YES and back == 0 and initial == adjusted, *columns
    )
    for project in projects.filed[idle]:
        initial, adjusted = project.initial_budget, project.adjusted_budget
        yield make(
            "PROJECT_008",
            project.adjustment_taken,
            budget=show_filed(adjusted.value),
            answer=project.deviation_reason,
            related=(project.taken_back.ref, initial.ref, adjusted.ref),
        )


def done_without_spending(context: Context) -> Iterator[Finding]:
    """执行数 = 0, but 数量指标完成 = 是."""
    projects = context.frames.projects
    idle = where(projects, lambda spent, met: spent == 0 and met == YES, "executed", "quantity_met")
    for project in projects.filed[idle]:
        yield make(
            "PROJECT_010", project.executed, answer=project.deviation_reason, related=(project.quantity_met.ref,)
        )


CHECKS: tuple[Check, ...] = (
    no_projects,
    duplicate_names,
    named_like_the_department,
    overspent,
    negative_amounts,
    *execution.CHECKS,
    entered_late,
    adjustment_not_taken,
    adjustment_without_effect,
    done_without_spending,
)
