"""项目: what of its budget a project spent, and the reason where it was little."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import Frame, Mask, rows_of, where
from perfeval.model.numbers import show_filed, show_number, show_rate, show_rate_beside

FLOOR = "execution_rate_floor"


def left_unspent(context: Context) -> Iterator[Finding]:
    """Gross 结余率 (1 − 执行率, money taken back included) above the limit; where the reason is missing altogether, that is
    asked instead."""
    limit, projects = context.limit("carryover_rate_limit"), context.frames.projects
    if limit is None:
        return
    above = where(projects, lambda left: limit < left <= 1, "carryover_rate") & ~reason_is_asked(
        projects, context.limit(FLOOR)
    )
    for project, left in rows_of(projects, "carryover_rate", only=above):
        yield make(
            "PROJECT_004",
            project.executed,
            rate=show_rate_beside(left, limit),
            budget=show_filed(project.adjusted_budget.value),
            limit=show_rate(limit),
            clause=context.clause("carryover_rate_limit"),
            answer=project.deviation_reason,
            related=(project.adjusted_budget.ref,),
        )


def low_execution(context: Context) -> Iterator[Finding]:
    """执行率 below the floor without 偏差原因."""
    floor, projects = context.limit(FLOOR), context.frames.projects
    if floor is None:
        return
    for project, rate in rows_of(projects, "execution_rate", only=reason_is_asked(projects, floor)):
        yield make(
            "PROJECT_005",
            project.deviation_reason,
            spent=show_filed(project.executed.value),
            budget=show_filed(project.adjusted_budget.value),
            rate=show_rate_beside(rate, floor),
            floor=show_rate(floor),
            clause=context.clause(FLOOR),
            related=(project.executed.ref, project.adjusted_budget.ref),
        )


def reason_is_asked(projects: Frame, floor: Decimal | None) -> Mask:
    """执行率 below the floor, and 偏差原因 left blank. A negative one is none: the amount has been reported."""
    return where(
        projects,
        lambda rate, project: floor is not None and 0 <= rate < floor and project.deviation_reason.is_blank,
        "execution_rate",
        "filed",
    )


def reason_too_long(context: Context) -> Iterator[Finding]:
    """PROJECT_018: 偏差原因 of a low 执行率 longer than the projects' own form takes; what is written cannot answer for its
    length."""
    scheme = context.project_regulation
    limit = scheme.thresholds.get("reason_characters") if scheme else None
    floor = scheme.threshold(FLOOR) if scheme else None
    if limit is None or floor is None:
        return
    projects = context.frames.projects
    for (project,) in rows_of(projects, only=where(projects, lambda rate: 0 <= rate < floor, "execution_rate")):
        characters = len("".join((project.deviation_reason.value or "").split()))
        if characters > limit.value:
            most = show_number(limit.value)
            yield make(
                "PROJECT_018",
                project.deviation_reason,
                expected=f"不超过 {most} 字",
                count=characters,
                limit=most,
                floor=show_rate(floor),
                clause=limit.provenance.words,
                related=(project.executed.ref, project.adjusted_budget.ref),
            )


CHECKS: tuple[Check, ...] = (left_unspent, low_execution, reason_too_long)
