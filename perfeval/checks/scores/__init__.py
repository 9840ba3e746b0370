"""评分 and 履职: the department's own scores against the computed ones."""

from perfeval.checks.context import Check
from perfeval.checks.scores import duty, items, projects

CHECKS: tuple[Check, ...] = (*projects.CHECKS, *items.CHECKS, *duty.CHECKS)
