"""指标: every check of the sheet, what is missing or unreadable before what follows from it."""

from perfeval.checks.context import Check
from perfeval.checks.indicators import kinds, results, subjects, values, weights

CHECKS: tuple[Check, ...] = (
    *weights.CHECKS,
    *subjects.CHECKS,
    *values.CHECKS,
    *kinds.CHECKS,
    *results.CHECKS,
)
