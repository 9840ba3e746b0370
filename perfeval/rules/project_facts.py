"""What may count against a project under a `share` item: True counts against it, False for it, None means the project
does not count.

MISSING: the department did not supply it. Flags are 是, 否 or 不涉及; 不涉及 does not count.
"""

from datetime import date
from enum import Enum
from typing import Any

from perfeval.model.cells import Cell
from perfeval.model.formula import Column, Comparison, Name
from perfeval.model.project_types import PROJECT_TYPES, types_of
from perfeval.model.regulation import Regulation, Shortcoming
from perfeval.model.scorecard import IndicatorScore
from perfeval.model.submission import NOT_CONCERNED, Project
from perfeval.rules.columns import COLUMNS
from perfeval.rules.facts import Evidence
from perfeval.rules.formula_facts import compares
from perfeval.rules.methods import EVERY

DEADLINE = "entry_deadline"


class Missing(Enum):
    """The value of a fact that was not supplied."""

    MISSING = "missing"


MISSING = Missing.MISSING
Mark = bool | None | Missing


def judge(shortcoming: Shortcoming, evidence: Evidence, project: Project) -> Mark:
    """Whether a project falls short."""
    if shortcoming.among is not None:
        counts = _holds(shortcoming.among, evidence, project)
        if counts is not True:
            return MISSING if counts is MISSING else None
    met = [score.met for score in _indicators(shortcoming, evidence, project)]
    if False in met:
        return True
    return False if met and None not in met else _holds(shortcoming.bad, evidence, project)


def cells_of(shortcoming: Shortcoming, evidence: Evidence, project: Project) -> tuple[Cell[Any], ...]:
    """The cells it is read from."""
    indicators = _indicators(shortcoming, evidence, project)
    if indicators:
        return tuple(score.indicator.actual for score in indicators)
    among = (shortcoming.among,) if shortcoming.among else ()
    return tuple(cell for part in (*among, shortcoming.bad) for cell in _cells(part.column, project))


def lacks(shortcoming: Shortcoming, regulation: Regulation) -> str:
    """The threshold or the deadline that it needs and the regulation does not state; '' for none."""
    limit = shortcoming.bad.other
    if not isinstance(limit, Name):
        return ""
    known = regulation.entry_deadline if limit.name == DEADLINE else regulation.threshold(limit.name)
    return limit.name if known is None else ""


def rests_on_deadline(shortcoming: Shortcoming) -> bool:
    """Whether it sets a day against the deadline of the evaluation year."""
    return isinstance(shortcoming.bad.other, Name) and shortcoming.bad.other.name == DEADLINE


def _holds(comparison: Comparison, evidence: Evidence, project: Project) -> Mark:
    limit = _limit(comparison, evidence)
    if limit is None or not all(cell.is_read for cell in _cells(comparison.column, project)):
        return MISSING
    value = _value(comparison.column, evidence, project)
    if value is None or value == NOT_CONCERNED:
        return None
    if isinstance(value, date):
        return bool(value > limit)
    return compares(value, comparison.sign, limit)


def _limit(comparison: Comparison, evidence: Evidence) -> Any:
    """What it is set against: a word, a number, a threshold, the deadline's day; None where that is not known."""
    if not isinstance(comparison.other, Name):
        return comparison.other
    if comparison.other.name != DEADLINE:
        return evidence.regulation.threshold(comparison.other.name)
    year, deadline = evidence.submission.basic.year.value, evidence.regulation.entry_deadline
    if deadline is None or year is None or not date.min.year < year < date.max.year:
        return None
    return deadline.in_year(year)


def _cells(column: Column, project: Project) -> tuple[Cell[Any], ...]:
    return tuple(getattr(project, key) for key in COLUMNS[column.table][column.label].cells)


def _value(column: Column, evidence: Evidence, project: Project) -> Any:
    computed = evidence.project_rates.get(COLUMNS[column.table][column.label].computed)
    return _cells(column, project)[0].value if computed is None else computed[project.row]


def _indicators(shortcoming: Shortcoming, evidence: Evidence, project: Project) -> list[IndicatorScore]:
    kind = shortcoming.indicators
    return [
        s
        for s in (evidence.indicators_of(project.name.value) if kind else ())
        if any((level.value or "").startswith(kind) for level in (s.indicator.level1, s.indicator.level2))
    ]


def in_scope(project: Project, scope: str) -> bool | None:
    """Whether a project is of the scope (all, or a class of the form); None where its type is not known."""
    if scope == EVERY:
        return True
    kind = project.type.value
    return kind in types_of(scope) if kind in PROJECT_TYPES else None
