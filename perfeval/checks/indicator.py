"""指标: every check of the sheet, what is missing or unreadable before what follows from it."""

from perfeval.checks import indicator_kinds, indicator_results, indicator_subjects, indicator_values, indicator_weights
from perfeval.checks.context import Check

CHECKS: tuple[Check, ...] = (
    *indicator_weights.CHECKS,
    *indicator_subjects.CHECKS,
    *indicator_values.CHECKS,
    *indicator_kinds.CHECKS,
    *indicator_results.CHECKS,
)
