"""All checks of one workbook, in a fixed order: the sheets' own, root causes before what follows from them."""

from perfeval.checks import basic, indicators, money, previous, projects, scores, texts
from perfeval.checks.context import Check, Context
from perfeval.checks.follow_on import without_follow_ons
from perfeval.checks.indicators.unscored import untold_unscored
from perfeval.findings.finding import Finding

CHECKS: tuple[Check, ...] = (
    *basic.CHECKS,
    *money.CHECKS,
    *projects.CHECKS,
    *indicators.CHECKS,
    *scores.CHECKS,
    *texts.CHECKS,
    *previous.CHECKS,
)


def run_checks(context: Context) -> tuple[Finding, ...]:
    """Everything the checks find, in their order; what only follows from another finding is left out."""
    told = [finding for check in CHECKS for finding in check(context)]
    told += untold_unscored(context, told)
    return without_follow_ons(told, context)
