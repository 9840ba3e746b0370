"""The numbers a regulation may name as inputs.

A name is a cell (`money.paid.final`, `cut.executed.previous`, `management.reports_due`, `project.executed`), the
spending by the end of a month (`progress.6`) or a computed figure (`carryover_rate`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.frames import rows_of
from perfeval.model.scorecard import IndicatorScore, Unit
from perfeval.model.submission import (
    WHOLE_DEPARTMENT,
    Cut,
    CutRow,
    Management,
    Money,
    MoneyRow,
    Project,
)
from perfeval.rules.facts import Evidence, Fact, computed_rate, figure, points_of, tally
from perfeval.rules.frames import complete_sum

SATISFACTION = "满意度"
Draw = Callable[[Evidence], Fact | None]


def indicators_score(evidence: Evidence) -> Fact | None:
    """The points of the department's own indicators; None where there is none or one is not scored."""
    return _points("indicators_score", "部门整体绩效指标得分合计", evidence.indicators_of(WHOLE_DEPARTMENT))


def indicators_weight(evidence: Evidence) -> Fact | None:
    """Their weights."""
    return _weights("indicators_weight", "部门整体绩效指标权重合计", evidence.indicators_of(WHOLE_DEPARTMENT))


def satisfaction_score(evidence: Evidence) -> Fact | None:
    """The points of the department's 满意度指标; None where there is none or one is not scored."""
    return _points("satisfaction_score", "满意度指标得分合计", _satisfaction(evidence))


def satisfaction_weight(evidence: Evidence) -> Fact | None:
    """Their weights."""
    return _weights("satisfaction_weight", "满意度指标权重合计", _satisfaction(evidence))


def _satisfaction(evidence: Evidence) -> list[IndicatorScore]:
    return [
        s
        for s in evidence.indicators_of(WHOLE_DEPARTMENT)
        if SATISFACTION in f"{s.indicator.level1.value or ''}{s.indicator.level2.value or ''}"
    ]


def _points(key: str, name: str, scores: Sequence[IndicatorScore]) -> Fact | None:
    return points_of(key, name, scores) if scores and complete_sum(s.score for s in scores) is not None else None


def _weights(key: str, name: str, scores: Sequence[IndicatorScore]) -> Fact | None:
    weight = complete_sum(s.weight for s in scores)
    return (
        tally(key, name, weight, Unit.POINTS, [s.indicator.weight for s in scores])
        if scores and weight is not None
        else None
    )


def _progress(month: int) -> Draw:
    """累计支出数 by the end of a month ÷ 调整后预算数 of 支出合计; None where no row, or more than one, is of that month."""

    def spent_share(evidence: Evidence) -> Fact | None:
        found = [
            (row, share) for row, share in rows_of(evidence.tables["progress"], "share") if row.month.value == month
        ]
        if len(found) != 1:
            return None
        row, share = found[0]
        spent, adjusted = (
            figure(f"spent_{month}", row.spent),
            figure("adjusted", evidence.submission.money.expenditure_total.adjusted),
        )
        return computed_rate(f"{month}月末支出进度", share, f"{{spent_{month}}}/{{adjusted}}", spent, adjusted)

    return spent_share


def _money_cell(row: str, column: str) -> Draw:
    return lambda evidence: figure(f"{row}_{column}", getattr(getattr(evidence.submission.money, row), column))


def _cut_cell(row: str, column: str) -> Draw:
    return lambda evidence: figure(f"{row}_{column}", getattr(getattr(evidence.submission.cut, row), column))


def _management_cell(row: str) -> Draw:
    unit = Unit.COUNT if row.startswith("reports") else Unit.AMOUNT
    return lambda evidence: figure(row, getattr(evidence.submission.management, row).value, unit)


def _heads(name: str) -> Draw:
    """A number of posts or people of 基本情况."""

    def heads(evidence: Evidence) -> Fact | None:
        cell: Cell[int] = getattr(evidence.submission.basic, name)
        return None if cell.value is None else tally(name, cell.label, Decimal(cell.value), Unit.COUNT, [cell])

    return heads


def _project_cell(column: str) -> Callable[[Project], Fact | None]:
    return lambda project: figure(column, getattr(project, column))


def _amount_columns(row: type) -> list[str]:
    return [field.name for field in fields(row) if field.name != "note"]


COMPUTED: tuple[Draw, ...] = (indicators_score, indicators_weight, satisfaction_score, satisfaction_weight)
MONTHS = range(1, 13)
RATES = frozenset(f"progress.{month}" for month in MONTHS)
HEADS = ("staff", "administrative_posts", "worker_posts", "institution_posts")
REPORTS = frozenset(f"management.{row.name}" for row in fields(Management) if row.name.startswith("reports"))
COUNTS = REPORTS | {f"basic.{name}" for name in HEADS}
NUMBERS: Mapping[str, Draw] = {
    **{fact.__name__: fact for fact in COMPUTED},
    **{f"progress.{month}": _progress(month) for month in MONTHS},
    **{
        f"money.{row.name}.{column}": _money_cell(row.name, column)
        for row in fields(Money)
        for column in _amount_columns(MoneyRow)
    },
    **{
        f"cut.{row.name}.{column}": _cut_cell(row.name, column)
        for row in fields(Cut)
        for column in _amount_columns(CutRow)
    },
    **{f"management.{row.name}": _management_cell(row.name) for row in fields(Management)},
    **{f"basic.{name}": _heads(name) for name in HEADS},
}
PROJECT_NUMBERS: Mapping[str, Callable[[Project], Fact | None]] = {
    f"project.{column}": _project_cell(column)
    for column in ("initial_budget", "adjusted_budget", "executed", "taken_back")
}
AMOUNTS = frozenset(name for name in NUMBERS if name.startswith(("money.", "cut.", "management."))) - REPORTS
