"""The numbers a regulation may name as inputs.

A name is a cell (`money.paid.final`, `cut.executed.previous`, `management.reports_due`, `project.executed`), the
spending by the end of a month (`progress.6`) or a computed figure (`carryover_rate`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.frames import FILED, rows_of, value
from perfeval.model.numbers import total
from perfeval.model.scorecard import IndicatorScore, Unit
from perfeval.model.submission import (
    STAGED,
    STANDING,
    WHOLE_DEPARTMENT,
    Cut,
    CutRow,
    DutyDatum,
    Management,
    Money,
    MoneyRow,
    Project,
)
from perfeval.rules.facts import Evidence, Fact, computed_rate, figure, points_of, tally
from perfeval.rules.frames import ALL, PROJECT_TYPES, complete_sum, mean

SATISFACTION = "满意度"
Draw = Callable[[Evidence], Fact | None]


def execution_rate(evidence: Evidence) -> Fact | None:
    """预算执行率 = 决算数 ÷ 调整后预算数 of 支出合计."""
    return _of_total("预算执行率", "execution_rate", "{executed}/{adjusted}", ("executed", "adjusted"), evidence)


def adjustment_rate(evidence: Evidence) -> Fact | None:
    """调整率 = (调整后预算数 − 年初预算数) ÷ 年初预算数 of 支出合计."""
    return _of_total("调整率", "adjustment_rate", "({adjusted}-{initial})/{initial}", ("initial", "adjusted"), evidence)


def carryover_rate(evidence: Evidence) -> Fact | None:
    """结余率 = (调整后预算数 − 决算数 − 收回或注销数) ÷ 调整后预算数: net of what was taken back."""
    formula = "({adjusted}-{executed}-{taken_back})/{adjusted}"
    return _of_total("结余率", "carryover_rate", formula, ("adjusted", "executed", "taken_back"), evidence)


def _of_total(name: str, column: str, formula: str, operands: Sequence[str], evidence: Evidence) -> Fact | None:
    """A rate of 支出合计."""
    money = evidence.submission.money
    row = money.expenditure_total
    cells = {
        "initial": row.initial,
        "adjusted": row.adjusted,
        "executed": row.final,
        "taken_back": money.taken_back.final,
    }
    found = value(evidence.tables["money"], "expenditure_total", column)
    return computed_rate(name, found, formula, *(figure(key, cells[key]) for key in operands))


def initial_budget_cut_rate(evidence: Evidence) -> Fact | None:
    """年初预算压减率 = (上年 − 本年) ÷ 上年."""
    return _cut("年初预算压减率", "budget", "initial_budget", evidence)


def executed_cut_rate(evidence: Evidence) -> Fact | None:
    """执行压减率 = (上年 − 本年) ÷ 上年."""
    return _cut("执行压减率", "executed", "executed", evidence)


def _cut(name: str, key: str, row: str, evidence: Evidence) -> Fact | None:
    filed: CutRow = getattr(evidence.submission.cut, row)
    before, now = figure(f"{key}_previous", filed.previous), figure(f"{key}_current", filed.current)
    formula = f"({{{key}_previous}}-{{{key}_current}})/{{{key}_previous}}"
    return computed_rate(name, value(evidence.tables["cuts"], row, "rate"), formula, now, before)


def asset_difference_rate(evidence: Evidence) -> Fact | None:
    """差异率 = |资产系统账面原值 − 财务账面资产原值| ÷ 财务账面资产原值."""
    management = evidence.submission.management
    system, ledger = (
        figure("system", management.asset_system_value.value),
        figure("ledger", management.asset_ledger_value.value),
    )
    if system is None or ledger is None or ledger.value <= 0:
        return None
    return computed_rate(
        "账账差异率", abs(system.value - ledger.value) / ledger.value, "ABS({system}-{ledger})/{ledger}", system, ledger
    )


def controlled_items_over_budget(evidence: Evidence) -> Fact | None:
    """How many controlled items were spent above their budget; None where none is listed or an amount is missing."""
    excess = evidence.tables["controlled"]["excess"]
    if not excess or None in excess:
        return None
    over = sum(1 for amount in excess if amount > 0)
    cells = [cell for item in evidence.submission.controlled_items for cell in (item.budget, item.executed)]
    return replace(
        tally("over_budget", "超出预算的控制支出项数", Decimal(over), Unit.COUNT, cells), words=f"超预算 {over} 项"
    )


def duty_completion_rate(evidence: Evidence) -> Fact | None:
    """The mean completion rate of the rows of 履职数据 that are no part of another; None where one has none."""
    rows = rows_of(evidence.tables["duty_data"], "completion")
    rates = [completion(datum, rate, f"_{datum.row}") for datum, rate in rows if not datum.parent.is_read]
    known = [fact for fact in rates if fact is not None]
    average = mean(None if fact is None else fact.value for fact in rates)
    return computed_rate("平均完成率", average, f"({'+'.join(fact.formula for fact in known)})/{len(known)}", *known)


def completion(datum: DutyDatum, rate: Decimal | None, suffix: str = "") -> Fact | None:
    """The completion rate of a row of 履职数据 as computed, as stated where it has no 计划数; `suffix` keeps the operand keys
    of several rows apart."""
    planned = figure(f"planned{suffix}", datum.planned, Unit.NUMBER)
    if planned is None:
        return figure(f"completion_rate{suffix}", datum.completion_rate, Unit.RATE)
    completed = figure(f"completed{suffix}", datum.completed, Unit.NUMBER)
    return (
        computed_rate("完成率", rate, f"{{completed{suffix}}}/{{planned{suffix}}}", completed, planned)
        if planned.value > 0
        else None
    )


def project_execution_rate(evidence: Evidence) -> Fact | None:
    """Σ 执行数 ÷ Σ 调整后预算数 of all projects."""
    return _executed("项目执行率", ALL, evidence)


def standing_execution_rate(evidence: Evidence) -> Fact | None:
    """The same of 常年 projects."""
    return _executed("常年项目执行率", STANDING, evidence)


def staged_execution_rate(evidence: Evidence) -> Fact | None:
    """The same of 阶段 and 一次性 projects."""
    return _executed("阶段项目执行率", STAGED, evidence)


def _executed(name: str, kind: str, evidence: Evidence) -> Fact | None:
    """None where a type is missing that decides who belongs."""
    projects, sums = evidence.tables["projects"], evidence.tables["project_types"]
    rate, *amounts = (
        value(sums, kind, column, by="type") for column in ("execution_rate", "executed", "adjusted_budget")
    )
    if rate is None or (kind != ALL and None in projects["type"]):
        return None
    inside = [project for project in projects[FILED] if kind == ALL or project.type.value in PROJECT_TYPES[kind]]
    executed = tally("executed", "执行数合计", amounts[0], Unit.AMOUNT, [project.executed for project in inside])
    adjusted = tally(
        "adjusted", "调整后预算数合计", amounts[1], Unit.AMOUNT, [project.adjusted_budget for project in inside]
    )
    return computed_rate(name, rate, "{executed}/{adjusted}", executed, adjusted)


def project_count(evidence: Evidence) -> Fact | None:
    """How many projects are listed; None for none."""
    projects = evidence.submission.projects
    return (
        tally("project_count", "项目数", Decimal(len(projects)), Unit.COUNT, [p.name for p in projects])
        if projects
        else None
    )


def staff(evidence: Evidence) -> Fact | None:
    """年末实有人数."""
    return _heads("staff", "年末实有人数", [evidence.submission.basic.staff])


def posts(evidence: Evidence) -> Fact | None:
    """行政, 机关工勤 and 事业编制人数 together."""
    basic = evidence.submission.basic
    return _heads("posts", "编制人数合计", [basic.administrative_posts, basic.worker_posts, basic.institution_posts])


def _heads(key: str, name: str, cells: list[Cell[int]]) -> Fact | None:
    counts = [Decimal(cell.value) for cell in cells if cell.value is not None]
    return tally(key, name, total(counts), Unit.COUNT, cells) if len(counts) == len(cells) else None


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


def _project_cell(column: str) -> Callable[[Project], Fact | None]:
    return lambda project: figure(column, getattr(project, column))


def _amount_columns(row: type) -> list[str]:
    return [field.name for field in fields(row) if field.name != "note"]


COMPUTED: tuple[Draw, ...] = (
    execution_rate,
    adjustment_rate,
    carryover_rate,
    initial_budget_cut_rate,
    executed_cut_rate,
    asset_difference_rate,
    controlled_items_over_budget,
    duty_completion_rate,
    project_execution_rate,
    standing_execution_rate,
    staged_execution_rate,
    project_count,
    staff,
    posts,
    indicators_score,
    indicators_weight,
    satisfaction_score,
    satisfaction_weight,
)
MONTHS = range(1, 13)
RATES = frozenset(  # those that are shares: a limit for them is written as one, 0.10 for 10%
    {
        *(draw.__name__ for draw in COMPUTED if draw.__name__.endswith("_rate")),
        *(f"progress.{month}" for month in MONTHS),
    }
)
REPORTS = frozenset(f"management.{row.name}" for row in fields(Management) if row.name.startswith("reports"))
COUNTS = REPORTS | {"controlled_items_over_budget", "project_count", "staff", "posts"}
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
}
PROJECT_NUMBERS: Mapping[str, Callable[[Project], Fact | None]] = {
    f"project.{column}": _project_cell(column)
    for column in ("initial_budget", "adjusted_budget", "executed", "taken_back")
}
AMOUNTS = frozenset(name for name in NUMBERS if name.startswith(("money.", "cut.", "management."))) - REPORTS
