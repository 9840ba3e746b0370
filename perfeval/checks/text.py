"""The texts of a workbook: tense, praise, names, figures, problems and measures. One module a subject; here their order."""

from perfeval.checks import text_names, text_numbers, text_praise, text_problems, text_tense
from perfeval.checks.context import Check

CHECKS: tuple[Check, ...] = (
    *text_problems.CHECKS,
    *text_tense.CHECKS,
    *text_praise.CHECKS,
    *text_names.CHECKS,
    *text_numbers.CHECKS,
)
