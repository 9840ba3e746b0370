"""项目: what of its budget a project spent, and the reason where it was little."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import ONE, show_filed, show_number, show_rate, show_rate_beside
from perfeval.model.submission import Project


def execution_rate(project: Project) -> Decimal | None:
    """执行数 ÷ 调整后预算数; None where a figure is missing or negative, or nothing was budgeted."""
    spent, budget = project.executed.value, project.adjusted_budget.value
    if spent is None or budget is None or spent < 0 or budget <= 0:
        return None
    return spent / budget


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


CHECKS: tuple[Check, ...] = (left_unspent, low_execution, reason_too_long)
