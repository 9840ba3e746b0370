"""指标 by 适用对象: as written, and as meant where a name is only misspelt (which is reported once, not again by every
sum)."""

from collections.abc import Collection, Iterable, Mapping

from perfeval.checks.indicators.rows import Row
from perfeval.model.names import nearest_name

NO_SUBJECT = ""


def by_subject(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """The rows of each 适用对象, in their order; those without a readable one under NO_SUBJECT."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.indicator.subject.value or NO_SUBJECT, []).append(row)
    return groups


def by_meant_subject(written: Mapping[str, list[Row]], known: Collection[str]) -> Mapping[str, list[Row]]:
    """The rows of each known 适用对象, misspelt ones included; those that cannot be placed under NO_SUBJECT."""
    groups: dict[str, list[Row]] = {}
    for subject, group in written.items():
        meant = subject if subject in known else nearest_name(subject, known)
        groups.setdefault(meant or NO_SUBJECT, []).extend(group)
    return {subject: sorted(group, key=lambda row: row.indicator.row) for subject, group in groups.items()}


def is_whole(subject: str, group: list[Row], blank: list[Row]) -> bool:
    """Whether a 适用对象 left a column wholly blank: that is reported once, not row by row."""
    return subject != NO_SUBJECT and len(blank) == len(group) > 1
