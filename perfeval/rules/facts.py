"""The numbers a regulation may score: drawn from a submission by name, each with its cells and its own spreadsheet arithmetic.

A name is a cell (`money.paid.final`, `cut.executed.previous`, `management.reports_due`, `project.executed`) or a computed figure (`carryover_rate`).
A fact is None where one of its cells holds no value, or where it cannot be computed: missing is never 0.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import rate, show_number, show_rate, total
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import IndicatorScore, Operand, Unit
from perfeval.model.submission import WHOLE_DEPARTMENT, Cut, CutRow, DutyDatum, Management, Money, MoneyRow, Project, Submission


@dataclass(frozen=True, slots=True)
class Evidence:
    """What facts are drawn from."""

    submission: Submission
    regulation: Regulation
    indicators: tuple[IndicatorScore, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its words for a sentence (`结余率 0.00%`), its formula over operand keys in braces, and the operands."""

    value: Decimal
    words: str
    formula: str
    operands: tuple[Operand, ...]
    is_rate: bool = False


def figure(key: str, cell: Cell[Decimal], unit: Unit = Unit.AMOUNT) -> Fact | None:
    """The number of one cell, under the operand key `key`."""
    if cell.value is None:
        return None
    return Fact(cell.value, show_number(cell.value), f"{{{key}}}", (Operand(key, cell.label, cell.value, unit, (cell.ref,)),), unit is Unit.RATE)


def column_sum(key: str, name: str, cells: Iterable[Cell[Decimal]], unit: Unit = Unit.AMOUNT) -> Fact | None:
    """The sum of a column as one operand; None where a cell has no value, or there is no cell at all."""
    filed = tuple(cells)
    values = [cell.value for cell in filed if cell.value is not None]
    if not filed or len(values) < len(filed):
        return None
    return tally(key, name, total(values), unit, filed)


def tally(key: str, name: str, value: Decimal, unit: Unit, cells: Iterable[Cell[object]]) -> Fact:
    """A number counted or added up from several cells, as one operand."""
    operand = Operand(key, name, value, unit, tuple(cell.ref for cell in cells))
    return Fact(value, show_number(value), f"{{{key}}}", (operand,))


def computed_rate(name: str, value: Decimal | None, formula: str, *parts: Fact | None) -> Fact | None:
    """A rate computed from `parts`; None where one is missing or the rate has no value."""
    known = [part for part in parts if part is not None]
    if value is None or len(known) < len(parts):
        return None
    operands = tuple(operand for part in known for operand in part.operands)
    return Fact(value, f"{name} {show_rate(value)}", formula, operands, is_rate=True)


def quotient(name: str, part: Fact | None, whole: Fact | None) -> Fact | None:
    """part ÷ whole; None where the whole is 0 or less."""
    if part is None or whole is None or whole.value <= 0:
        return None
    return computed_rate(name, part.value / whole.value, f"{part.formula}/{whole.formula}", part, whole)


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
    fact = tally("over_budget", "超出预算的控制支出项数", Decimal(over), Unit.COUNT, cells)
    return Fact(fact.value, f"超预算 {over} 项", fact.formula, fact.operands)


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


def satisfaction_score(evidence: Evidence) -> Fact | None:
    """The points of the department's 满意度指标; None where there is none or one is not scored."""
    scores = _satisfaction(evidence)
    points = [s.score for s in scores if s.score is not None]
    if not scores or len(points) < len(scores):
        return None
    return tally("satisfaction_score", "满意度指标得分合计", total(points), Unit.POINTS, [s.indicator.actual for s in scores])


def satisfaction_weight(evidence: Evidence) -> Fact | None:
    """The weights of the department's 满意度指标."""
    scores = _satisfaction(evidence)
    weights = [s.weight for s in scores if s.weight is not None]
    if not scores or len(weights) < len(scores):
        return None
    return tally("satisfaction_weight", "满意度指标权重合计", total(weights), Unit.POINTS, [s.indicator.weight for s in scores])


def _satisfaction(evidence: Evidence) -> list[IndicatorScore]:
    own = (s for s in evidence.indicators if s.indicator.subject.value == WHOLE_DEPARTMENT)
    return [s for s in own if "满意度" in f"{s.indicator.level1.value or ''}{s.indicator.level2.value or ''}"]


def _money_cell(row: str, column: str) -> Callable[[Evidence], Fact | None]:
    return lambda evidence: figure(f"{row}_{column}", getattr(getattr(evidence.submission.money, row), column))


def _cut_cell(row: str, column: str) -> Callable[[Evidence], Fact | None]:
    return lambda evidence: figure(f"{row}_{column}", getattr(getattr(evidence.submission.cut, row), column))


def _management_cell(row: str) -> Callable[[Evidence], Fact | None]:
    unit = Unit.COUNT if row.startswith("reports") else Unit.AMOUNT
    return lambda evidence: figure(row, getattr(evidence.submission.management, row).value, unit)


def _project_cell(column: str) -> Callable[[Project], Fact | None]:
    return lambda project: figure(column, getattr(project, column))


def _amount_columns(row: type) -> list[str]:
    return [field.name for field in fields(row) if field.name != "note"]


COMPUTED: tuple[Callable[[Evidence], Fact | None], ...] = (
    execution_rate,
    adjustment_rate,
    carryover_rate,
    initial_budget_cut_rate,
    executed_cut_rate,
    asset_difference_rate,
    controlled_items_over_budget,
    duty_completion_rate,
    satisfaction_score,
    satisfaction_weight,
)
NUMBERS: Mapping[str, Callable[[Evidence], Fact | None]] = {
    **{fact.__name__: fact for fact in COMPUTED},
    **{f"money.{row.name}.{column}": _money_cell(row.name, column) for row in fields(Money) for column in _amount_columns(MoneyRow)},
    **{f"cut.{row.name}.{column}": _cut_cell(row.name, column) for row in fields(Cut) for column in _amount_columns(CutRow)},
    **{f"management.{row.name}": _management_cell(row.name) for row in fields(Management)},
}
PROJECT_NUMBERS: Mapping[str, Callable[[Project], Fact | None]] = {
    f"project.{column}": _project_cell(column) for column in ("initial_budget", "adjusted_budget", "executed", "taken_back")
}
DUTIES = "duties"  # the declared source of the item that takes its score from 履职
