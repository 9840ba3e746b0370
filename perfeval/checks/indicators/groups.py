"""指标 by 适用对象: as written, and as meant where a name is only misspelt (which is told once, not again by every sum)."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

from perfeval.checks.context import Context
from perfeval.checks.indicators.rows import Row, rows
from perfeval.model.submission import PROJECT_KIND, WHOLE_DEPARTMENT

NO_SUBJECT = ""


def known_subjects(context: Context) -> tuple[str, ...]:
    """What 适用对象 may say: 部门整体 or a 项目名称; of projects alone only the latter, as in the template's drop-down."""
    whole = () if context.kind == PROJECT_KIND else (WHOLE_DEPARTMENT,)
    return (*whole, *dict.fromkeys(p.name.value for p in context.submission.projects if p.name.value))


def nearest_subject(subject: str, context: Context) -> str | None:
    """The known 适用对象 that was probably meant."""
    return next(iter(get_close_matches(subject, known_subjects(context), n=1)), None)


@lru_cache(maxsize=1)  # like the rows themselves
def as_written(context: Context) -> Mapping[str, list[Row]]:
    """The rows of each 适用对象, in the sheet's order; those without a readable one under NO_SUBJECT."""
    groups: dict[str, list[Row]] = {}
    for row in rows(context):
        groups.setdefault(row.indicator.subject.value or NO_SUBJECT, []).append(row)
    return groups


@lru_cache(maxsize=1)
def as_meant(context: Context) -> Mapping[str, list[Row]]:
    """The rows of each known 适用对象, misspelt ones included; those that cannot be placed under NO_SUBJECT."""
    known, groups = known_subjects(context), dict[str, list[Row]]()
    for subject, group in as_written(context).items():
        meant = subject if subject in known else nearest_subject(subject, context)
        groups.setdefault(meant or NO_SUBJECT, []).extend(group)
    return {subject: sorted(group, key=lambda row: row.indicator.row) for subject, group in groups.items()}


def is_whole(subject: str, group: list[Row], blank: list[Row]) -> bool:
    """Whether a 适用对象 left a column wholly blank: that is told once, not row by row."""
    return subject != NO_SUBJECT and len(blank) == len(group) > 1
