"""收支, 压减 and 控制支出: root causes first."""

from perfeval.checks.context import Check
from perfeval.checks.money import balances, cells, cuts, rates

CHECKS: tuple[Check, ...] = (*cells.CHECKS, *balances.CHECKS, *rates.CHECKS, *cuts.CHECKS)
