"""The numbers a regulation may name as inputs.

A name is a cell (`money.paid.final`, `cut.executed.previous`, `management.reports_due`, `project.executed`), the spending by the end of a month
(`progress.6`) or a computed figure (`carryover_rate`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import rate, total
from perfeval.model.scorecard import IndicatorScore, Unit
from perfeval.model.submission import (
    ONE_OFF,
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
from perfeval.rules.facts import Evidence, Fact, column_sum, computed_rate, figure, points_of, quotient, tally

DUTIES = "duties"  # the declared source of the item that takes its score from 履职
SATISFACTION = "满意度"
Draw = Callable[[Evidence], Fact | None]


def execution_rate(evidence: Evidence) -> Fact | None:
    """预算执行率 = 决算数 ÷ 调整后预算数 of 支出合计."""
    row = evidence.submission.money.expenditure_total
    return quotient("预算执行率", figure("executed", row.final), figure("adjusted", row.adjusted))


def adjustment_rate(evidence: Evidence) -> Fact | None:
    """调整率 = (调整后预算数 − 年初预算数) ÷ 年初预算数 of 支出合计."""
    row = evidence.submission.money.expenditure_total
    initial, adjusted = figure("initial", row.initial), figure("adjusted", row.adjusted)
    return _change("调整率", initial, adjusted, initial, "({adjusted}-{initial})/{initial}")


def carryover_rate(evidence: Evidence) -> Fact | None:
    """结余率 = (调整后预算数 − 决算数 − 收回或注销数) ÷ 调整后预算数: net of what was taken back."""
    money = evidence.submission.money
    adjusted, executed = figure("adjusted", money.expenditure_total.adjusted), figure("executed", money.expenditure_total.final)
    taken_back = figure("taken_back", money.taken_back.final)
    if adjusted is None or executed is None or taken_back is None or adjusted.value <= 0:
        return None
    left = rate(adjusted.value - executed.value - taken_back.value, adjusted.value)
    return computed_rate("结余率", left, "({adjusted}-{executed}-{taken_back})/{adjusted}", adjusted, executed, taken_back)


def initial_budget_cut_rate(evidence: Evidence) -> Fact | None:
    """年初预算压减率 = (上年 − 本年) ÷ 上年."""
    return _cut("年初预算压减率", "budget", evidence.submission.cut.initial_budget)


def executed_cut_rate(evidence: Evidence) -> Fact | None:
    """执行压减率 = (上年 − 本年) ÷ 上年."""
    return _cut("执行压减率", "executed", evidence.submission.cut.executed)


def _cut(name: str, key: str, row: CutRow) -> Fact | None:
    before, now = figure(f"{key}_previous", row.previous), figure(f"{key}_current", row.current)
    return _change(name, now, before, before, f"({{{key}_previous}}-{{{key}_current}})/{{{key}_previous}}")


def _change(name: str, less: Fact | None, more: Fact | None, base: Fact | None, formula: str) -> Fact | None:
    if less is None or more is None or base is None or base.value <= 0:
        return None
    return computed_rate(name, (more.value - less.value) / base.value, formula, less, more)


def asset_difference_rate(evidence: Evidence) -> Fact | None:
    """差异率 = |资产系统账面原值 − 财务账面资产原值| ÷ 财务账面资产原值."""
    management = evidence.submission.management
    system, ledger = figure("system", management.asset_system_value.value), figure("ledger", management.asset_ledger_value.value)
    if system is None or ledger is None or ledger.value <= 0:
        return None
    return computed_rate("账账差异率", abs(system.value - ledger.value) / ledger.value, "ABS({system}-{ledger})/{ledger}", system, ledger)


def controlled_items_over_budget(evidence: Evidence) -> Fact | None:
    """How many controlled items were spent above their budget; None where none is listed or an amount is missing."""
    items = evidence.submission.controlled_items
    pairs = [(item, item.executed.value, item.budget.value) for item in items]
    known = [(item, spent, budget) for item, spent, budget in pairs if spent is not None and budget is not None]
    if not items or len(known) < len(items):
        return None
    over = sum(1 for _, spent, budget in known if spent > budget)
    cells = [cell for item in items for cell in (item.budget, item.executed)]
    return replace(tally("over_budget", "超出预算的控制支出项数", Decimal(over), Unit.COUNT, cells), words=f"超预算 {over} 项")


def duty_completion_rate(evidence: Evidence) -> Fact | None:
    """The mean completion rate of the rows of 履职数据 that are no part of another; None where one has none."""
    whole = [datum for datum in evidence.submission.duty_data if not datum.parent.is_read]
    rates = [completion(datum, f"_{datum.row}") for datum in whole]
    known = [fact for fact in rates if fact is not None]
    if not whole or len(known) < len(whole):
        return None
    mean = total(fact.value for fact in known) / len(known)
    return computed_rate("平均完成率", mean, f"({'+'.join(fact.formula for fact in known)})/{len(known)}", *known)


def completion(datum: DutyDatum, suffix: str = "") -> Fact | None:
    """完成数 ÷ 计划数 of a row of 履职数据, else its stated 完成率; `suffix` keeps the operand keys of several rows apart."""
    planned = figure(f"planned{suffix}", datum.planned, Unit.NUMBER)
    computed = quotient("完成率", figure(f"completed{suffix}", datum.completed, Unit.NUMBER), planned)
    if computed is not None or planned is not None:
        return computed
    return figure(f"completion_rate{suffix}", datum.completion_rate, Unit.RATE)


def project_execution_rate(evidence: Evidence) -> Fact | None:
    """Σ 执行数 ÷ Σ 调整后预算数 of all projects."""
    return _executed("项目执行率", evidence.submission.projects)


def standing_execution_rate(evidence: Evidence) -> Fact | None:
    """The same of 常年 projects."""
    return _executed_of("常年项目执行率", evidence, (STANDING,))


def staged_execution_rate(evidence: Evidence) -> Fact | None:
    """The same of 阶段 and 一次性 projects."""
    return _executed_of("阶段项目执行率", evidence, (STAGED, ONE_OFF))


def _executed_of(name: str, evidence: Evidence, types: tuple[str, ...]) -> Fact | None:
    """None where a type is missing: it decides who belongs."""
    projects = evidence.submission.projects
    if any(project.type.value is None for project in projects):
        return None
    return _executed(name, [project for project in projects if project.type.value in types])


def _executed(name: str, projects: Iterable[Project]) -> Fact | None:
    chosen = list(projects)
    executed = column_sum("executed", "执行数合计", [project.executed for project in chosen])
    return quotient(name, executed, column_sum("adjusted", "调整后预算数合计", [project.adjusted_budget for project in chosen]))


def project_count(evidence: Evidence) -> Fact | None:
    """How many projects are listed; None for none."""
    projects = evidence.submission.projects
    return tally("project_count", "项目数", Decimal(len(projects)), Unit.COUNT, [p.name for p in projects]) if projects else None


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
    return points_of(key, name, scores) if scores and all(s.score is not None for s in scores) else None


def _weights(key: str, name: str, scores: Sequence[IndicatorScore]) -> Fact | None:
    weights = [s.weight for s in scores if s.weight is not None]
    if not scores or len(weights) < len(scores):
        return None
    return tally(key, name, total(weights), Unit.POINTS, [s.indicator.weight for s in scores])


def _progress(month: int) -> Draw:
    """累计支出数 by the end of a month ÷ 调整后预算数 of 支出合计; None where no row, or more than one, is of that month."""

    def spent_share(evidence: Evidence) -> Fact | None:
        rows = [row for row in evidence.submission.progress if row.month.value == month]
        if len(rows) != 1:
            return None
        spent = figure(f"spent_{month}", rows[0].spent)
        return quotient(f"{month}月末支出进度", spent, figure("adjusted", evidence.submission.money.expenditure_total.adjusted))

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
NUMBERS: Mapping[str, Draw] = {
    **{fact.__name__: fact for fact in COMPUTED},
    **{f"progress.{month}": _progress(month) for month in MONTHS},
    **{f"money.{row.name}.{column}": _money_cell(row.name, column) for row in fields(Money) for column in _amount_columns(MoneyRow)},
    **{f"cut.{row.name}.{column}": _cut_cell(row.name, column) for row in fields(Cut) for column in _amount_columns(CutRow)},
    **{f"management.{row.name}": _management_cell(row.name) for row in fields(Management)},
}
PROJECT_NUMBERS: Mapping[str, Callable[[Project], Fact | None]] = {
    f"project.{column}": _project_cell(column) for column in ("initial_budget", "adjusted_budget", "executed", "taken_back")
}
