"""What may count against a project under a `share` item: True counts against it, False for it, None means the project
does not count.

MISSING: the department did not supply it. Flags are 是, 否 or 不涉及; 不涉及 does not count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from perfeval.model.cells import Cell
from perfeval.model.scorecard import IndicatorScore
from perfeval.model.submission import NO, NOT_CONCERNED, ONE_OFF, STAGED, STANDING, YES, Project, Text
from perfeval.rules.facts import Evidence

CARRYOVER_LIMIT = "carryover_rate_limit"
QUANTITY = "数量"


class Missing(Enum):
    """The value of a fact that was not supplied."""

    MISSING = "missing"


MISSING = Missing.MISSING
Mark = bool | None | Missing


@dataclass(frozen=True, slots=True)
class Condition:
    """One way a project can fall short: how it is judged, the cells it is read from, and what of the regulation it
    needs."""

    judge: Callable[[Evidence, Project], Mark]
    cells: Callable[[Evidence, Project], tuple[Cell[object], ...]]
    words: str  # what a project that falls short is called
    needs: str = ""  # a threshold's name, or entry_deadline


def _flag(cell: Text, bad: str) -> Mark:
    if cell.value is None:
        return MISSING
    return None if cell.value == NOT_CONCERNED else cell.value == bad


def not_evaluated_ex_ante(evidence: Evidence, project: Project) -> Mark:
    """事前评估 = 否."""
    return _flag(project.ex_ante_evaluated, NO)


def spent_off_purpose(evidence: Evidence, project: Project) -> Mark:
    """列支与目标相符 = 否."""
    return _flag(project.spending_on_purpose, NO)


def goal_deviated(evidence: Evidence, project: Project) -> Mark:
    """目标偏离 = 是."""
    return _flag(project.goal_deviated, YES)


def benefit_not_full(evidence: Evidence, project: Project) -> Mark:
    """效益指标满分 = 否."""
    return _flag(project.benefit_full, NO)


def adjustment_not_taken(evidence: Evidence, project: Project) -> Mark:
    """已采取调整措施 = 否, of the projects with 需要调整 = 是; the others do not count."""
    if project.adjustment_needed.value is None:
        return MISSING
    return _flag(project.adjustment_taken, NO) if project.adjustment_needed.value == YES else None


def carryover_above_limit(evidence: Evidence, project: Project) -> Mark:
    """结余率 = 1 − 执行率 above the regulation's limit; money taken back included. A project without a budget does not
    count."""
    limit = evidence.regulation.threshold(CARRYOVER_LIMIT)
    budget, spent = project.adjusted_budget.value, project.executed.value
    if limit is None or budget is None or spent is None:
        return MISSING
    left = evidence.carryover_rates[project.row]
    return None if left is None else left > limit


def entered_after_deadline(evidence: Evidence, project: Project) -> Mark:
    """入库日期 after the regulation's deadline for the evaluation year."""
    year, deadline = evidence.submission.basic.year.value, evidence.regulation.entry_deadline
    day = project.entry_date.value
    if deadline is None or day is None or year is None or not date.min.year < year < date.max.year:
        return MISSING
    return day > deadline.in_year(year)


def quantity_not_met(evidence: Evidence, project: Project) -> Mark:
    """A 数量指标 not met, where 指标 lists quantity indicators of the project that can be judged; else 数量指标完成 = 否."""
    met = [score.met for score in _quantities(evidence, project)]
    if False in met:
        return True
    return False if met and None not in met else _flag(project.quantity_met, NO)


def _quantities(evidence: Evidence, project: Project) -> list[IndicatorScore]:
    own = evidence.indicators_of(project.name.value)
    return [
        s
        for s in own
        if any((level.value or "").startswith(QUANTITY) for level in (s.indicator.level1, s.indicator.level2))
    ]


def _quantity_cells(evidence: Evidence, project: Project) -> tuple[Cell[object], ...]:
    return tuple(score.indicator.actual for score in _quantities(evidence, project)) or (project.quantity_met,)


CONDITIONS: Mapping[str, Condition] = {
    "not_evaluated_ex_ante": Condition(not_evaluated_ex_ante, lambda e, p: (p.ex_ante_evaluated,), "未履行事前评估"),
    "carryover_above_limit": Condition(
        carryover_above_limit, lambda e, p: (p.adjusted_budget, p.executed), "结余率超过界限", CARRYOVER_LIMIT
    ),
    "entered_after_deadline": Condition(
        entered_after_deadline, lambda e, p: (p.entry_date,), "入库晚于规定日期", "entry_deadline"
    ),
    "spent_off_purpose": Condition(spent_off_purpose, lambda e, p: (p.spending_on_purpose,), "列支与目标不符"),
    "adjustment_not_taken": Condition(
        adjustment_not_taken, lambda e, p: (p.adjustment_needed, p.adjustment_taken), "需要调整而未采取措施"
    ),
    "quantity_not_met": Condition(quantity_not_met, _quantity_cells, "数量指标未完成"),
    "goal_deviated": Condition(goal_deviated, lambda e, p: (p.goal_deviated,), "目标偏离"),
    "benefit_not_full": Condition(benefit_not_full, lambda e, p: (p.benefit_full,), "效益指标未得满分"),
}


def in_scope(project: Project, scope: str) -> bool | None:
    """Whether a project is of the scope (all, 常年, 阶段; 一次性 counts as 阶段); None where its type is not known."""
    if scope == "all":
        return True
    kind = project.type.value
    if kind not in (STANDING, STAGED, ONE_OFF):
        return None
    return (kind == STANDING) == (scope == STANDING)
