"""指标 as a list: for whom each row is, rows entered twice, kinds of indicators and projects that are missing."""

from collections.abc import Iterable, Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.indicators.groups import NO_SUBJECT
from perfeval.checks.indicators.rows import SHEET
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import cell
from perfeval.model.names import nearest_name, plain_name
from perfeval.model.numbers import ZERO
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND, WHOLE_DEPARTMENT, Project, Text

DEPARTMENT_TOO = ("它不是“部门整体”，“项目”表里也没有这个项目名称", "“部门整体”，或者“项目”表里的项目名称")
PROJECTS_ALONE = ("“项目”表里没有这个项目名称", "“项目”表里的项目名称")
REQUIRED_CLASSES = ("数量", "质量", "时效", "成本", "效益", "满意度")
PROJECT_SHEET = "项目"


def unknown_subjects(context: Context) -> Iterator[Finding]:
    """适用对象 that is neither 部门整体 nor a 项目名称; each such name is reported once, all its rows marked."""
    known = context.known_subjects
    what, choices = PROJECTS_ALONE if context.kind == PROJECT_KIND else DEPARTMENT_TOO
    for subject, group in context.by_subject.items():
        if subject == NO_SUBJECT or subject in known or not _projects_are_known(context):
            continue
        near = nearest_name(subject, context.known_subjects)
        if near is None and _projects_are_asked_for(context):
            continue
        yield make(
            "INDICATOR_005",
            group[0].indicator.subject,
            expected="、".join(known),
            what=what,
            choices=choices,
            suggestion=f"是否为“{near}”？" if near else "",
            alike=tuple(row.indicator.subject.ref for row in group[1:]),
        )


def _projects_are_known(context: Context) -> bool:
    """Where 项目 is missing or one of its names could not be read, any 适用对象 may be right."""
    submission = context.submission
    return PROJECT_SHEET not in submission.absent_sheets and all(p.name.is_read for p in submission.projects)


def _projects_are_asked_for(context: Context) -> bool:
    """项目 is empty and that has been reported: PROJECT_015, and of a department MONEY_006 where money was spent on
    projects."""
    spent = context.submission.money.project_expenditure
    is_reported = context.kind == PROJECT_KIND or any(
        (cell.value or ZERO) > 0 for cell in (spent.initial, spent.adjusted, spent.final)
    )
    return is_reported and not context.submission.projects


def duplicates(context: Context) -> Iterator[Finding]:
    """The same 三级指标 twice under one 适用对象."""
    rows = context.indicators
    again = rows.duplicate_of.notna()
    for row, first in zip(rows.judged[again], rows.duplicate_of[again], strict=True):
        name, earlier = row.indicator.name, cell(rows, first, "name")
        subject = row.indicator.subject.value
        yield make(
            "INDICATOR_020", name, subject=subject, earlier=earlier.address, answer=row.reason, related=(earlier,)
        )


def missing_classes(context: Context) -> Iterator[Finding]:
    """A kind of indicator that a 适用对象 has none of; one question naming all that are missing, at its first row."""
    for subject, group in context.by_meant_subject.items():
        levels = {level.value or "" for row in group for level in (row.indicator.level1, row.indicator.level2)}
        missing = [name for name in REQUIRED_CLASSES if not any(name in level for level in levels)]
        if subject != NO_SUBJECT and missing and all(row.indicator.level1.is_read for row in group):
            place = group[0].indicator.subject
            yield make("INDICATOR_024", place, expected="、".join(f"{name}指标" for name in missing), subject=subject)


def projects_without_indicators(context: Context) -> Iterator[Finding]:
    """One finding naming every project without a row of 指标: PROJECT_009 of a department, PROJECT_016 where projects are
    what is scored.

    A 适用对象 that is only misspelt counts for the project meant.
    """
    submission = context.submission
    if SHEET in submission.absent_sheets:
        return
    named = {plain_name(subject) for subject in context.by_meant_subject}
    projects = context.frames.projects
    without = list(
        projects.filed[projects.plain_name.notna() & projects.duplicate_of.isna() & ~projects.plain_name.isin(named)]
    )
    scored = context.kind == PROJECT_KIND
    if len(without) > (len(_strangers(context)) if scored else 0):
        yield make(
            "PROJECT_016" if scored else "PROJECT_009",
            without[0].name,
            count=len(without),
            names="、".join(str(p.name.value) for p in without),
            answer=None if scored else _least_explained(without),
            related=tuple(p.name.ref for p in without[1:]),
        )


def _least_explained(projects: Iterable[Project]) -> Text:
    """The 偏差原因 of the first project that has none; of the first where all have one."""
    reasons = [project.deviation_reason for project in projects]
    return next((reason for reason in reasons if not reason.is_read), reasons[0])


def _strangers(context: Context) -> set[str]:
    """The 适用对象 as written that can be no project's, the blank one included: each may stand for a project that seems to
    have no indicators."""
    return {row.indicator.subject.value or NO_SUBJECT for row in context.by_meant_subject.get(NO_SUBJECT, [])}


def department_without_indicators(context: Context) -> Iterator[Finding]:
    """INDICATOR_030: no row of 指标 for 部门整体. Silent while a row cannot be placed: it may be one."""
    header = context.submission.headers.get((SHEET, "subject"))
    if (
        context.kind == DEPARTMENT_KIND
        and header is not None
        and not {WHOLE_DEPARTMENT, NO_SUBJECT} & context.by_meant_subject.keys()
    ):
        yield make("INDICATOR_030", header, found="", label="适用对象", expected=WHOLE_DEPARTMENT)


CHECKS: tuple[Check, ...] = (
    unknown_subjects,
    duplicates,
    missing_classes,
    projects_without_indicators,
    department_without_indicators,
)
