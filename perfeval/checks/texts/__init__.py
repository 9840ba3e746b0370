"""The texts of a workbook: tense, praise, names, figures, problems and measures. One module a subject; here their order."""

from perfeval.checks.context import Check
from perfeval.checks.texts import names, numbers, praise, problems, tense

CHECKS: tuple[Check, ...] = (
    *problems.CHECKS,
    *tense.CHECKS,
    *praise.CHECKS,
    *names.CHECKS,
    *numbers.CHECKS,
)
