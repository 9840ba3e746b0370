"""How a leaf's score is rounded, as arithmetic and as a spreadsheet formula."""

from decimal import Decimal

from perfeval.model.numbers import floor, half_up
from perfeval.model.regulation import Rounding

INTEGER, FLOOR_1 = Rounding.INTEGER, Rounding.FLOOR_1
PLACES = {Rounding.HALF_UP_2: 2, Rounding.HALF_UP_1: 1}
# decimals kept before cutting down, so that 2.9999999999999 counts as 3 in a spreadsheet too; and 13.499999999999998 as
# 13.5,
GUARD = 10
# since LibreOffice corrects a binary half only when it rounds to decimals, never to whole numbers


def rounded(score: Decimal, rounding: Rounding) -> Decimal:
    """A score (never negative) rounded as the regulation says."""
    if rounding is FLOOR_1:
        return floor(half_up(score, GUARD), 1)
    if rounding is INTEGER:
        return half_up(half_up(score, GUARD), 0)
    return half_up(score, PLACES[rounding])


def rounded_formula(formula: str, rounding: Rounding) -> str:
    """The same for spreadsheet arithmetic; ROUND is half-up there too."""
    if rounding is FLOOR_1:
        return f"ROUNDDOWN(ROUND({formula},{GUARD}),1)"
    if rounding is INTEGER:
        return f"ROUND(ROUND({formula},{GUARD}),0)"
    return f"ROUND({formula},{PLACES[rounding]})"
