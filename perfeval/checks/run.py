"""All checks of one workbook, in a fixed order: the sheets' own, root causes before what follows from them."""

from perfeval.checks import basic, previous
from perfeval.checks.context import Check, Context
from perfeval.checks.follow_on import without_follow_ons
from perfeval.checks.indicators import kinds, results, subjects, values, weights
from perfeval.checks.indicators.unscored import unexplained_unscored
from perfeval.checks.magnitude import sums as magnitude_sums
from perfeval.checks.magnitude.judge import in_place_of_errors, judge
from perfeval.checks.money import balances, cells, cuts, rates
from perfeval.checks.projects import funds, rows
from perfeval.checks.scores import duty, items, rule_sheets
from perfeval.checks.scores import projects as project_scores
from perfeval.checks.texts import names, numbers, praise, problems, tense
from perfeval.findings.finding import Finding

CHECKS: tuple[Check, ...] = (
    *basic.CHECKS,
    *magnitude_sums.CHECKS,
    *cells.CHECKS,
    *balances.CHECKS,
    *rates.CHECKS,
    *cuts.CHECKS,
    *rows.CHECKS,
    *funds.CHECKS,
    *weights.CHECKS,
    *subjects.CHECKS,
    *values.CHECKS,
    *kinds.CHECKS,
    *results.CHECKS,
    *project_scores.CHECKS,
    *items.CHECKS,
    *rule_sheets.CHECKS,
    *duty.CHECKS,
    *problems.CHECKS,
    *tense.CHECKS,
    *praise.CHECKS,
    *names.CHECKS,
    *numbers.CHECKS,
    *previous.CHECKS,
)


def run_checks(context: Context) -> tuple[Finding, ...]:
    """Everything the checks find, in their order; what only follows from another finding is left out.

    What is out of scale is reported first, and everything else of the workbook as it is most likely meant.
    """
    judged = judge(context)
    reported = _checked(judged.meant)
    if judged.meant is context:
        return (*judged.findings, *reported)
    return (*in_place_of_errors(judged.findings, _checked(context), reported), *reported)


def _checked(context: Context) -> tuple[Finding, ...]:
    reported = [finding for check in CHECKS for finding in check(context)]
    reported += unexplained_unscored(context, reported)
    return without_follow_ons(reported, context)
