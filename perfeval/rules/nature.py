"""Which 指标性质 an indicator is scored by."""

from perfeval.model.cells import State
from perfeval.model.readings import DateSpan, Level, Number, Phrase, Scale
from perfeval.model.submission import Indicator
from perfeval.rules.deviation import AT_LEAST, AT_MOST, QUALITATIVE

LESS_IS_BETTER = ("控制率", "结余率", "变动率", "受害率")
COST = ("成本指标", "成本")


def nature_of(indicator: Indicator) -> tuple[str, bool]:
    """The nature and whether it was assumed; '' where 指标性质 could not be read.

    Assumed from the comparator in 指标值, else from the kind of indicator: words → 定性; a date, a cost, a name ending in
    控制率 … → ≤; else ≥.
    """
    filed, target = indicator.nature, indicator.target.value
    comparator = target.comparator if isinstance(target, Number) else None
    if filed.value is not None:
        return (comparator, False) if comparator and filed.value == QUALITATIVE else (filed.value, False)
    if filed.state is State.UNREADABLE:
        return "", False
    if comparator is not None:
        return comparator, True
    if isinstance(target, Level | Scale | Phrase):
        return QUALITATIVE, True
    levels = (indicator.level1.value or "", indicator.level2.value or "")
    less = isinstance(target, DateSpan) or any(level.endswith(COST) for level in levels)
    return (AT_MOST if less or (indicator.name.value or "").endswith(LESS_IS_BETTER) else AT_LEAST), True
