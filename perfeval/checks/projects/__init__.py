"""项目: the rows and what they spent."""

from perfeval.checks.context import Check
from perfeval.checks.projects import rows

CHECKS: tuple[Check, ...] = rows.CHECKS
