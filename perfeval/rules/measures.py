"""The rates a report names, by their Chinese names; a rate that cannot be computed stands there with None."""

from collections.abc import Iterable, Iterator

from perfeval.model.cells import Cell
from perfeval.model.scorecard import Measure
from perfeval.model.submission import ONE_OFF, STAGED, STANDING, DutyDatum, Project, Submission
from perfeval.rules.facts import (
    Evidence,
    Fact,
    adjustment_rate,
    carryover_rate,
    column_sum,
    completion,
    executed_cut_rate,
    execution_rate,
    initial_budget_cut_rate,
    quotient,
)

COMPLETION = "完成率："
OF_DEPARTMENT = {
    "预算执行率": execution_rate,
    "调整率": adjustment_rate,
    "结余率": carryover_rate,
    "年初预算压减率": initial_budget_cut_rate,
    "执行压减率": executed_cut_rate,
}
OF_PROJECTS = {
    "项目执行率": (STANDING, STAGED, ONE_OFF),
    "常年项目执行率": (STANDING,),
    "阶段项目执行率": (STAGED, ONE_OFF),
}


def measures(evidence: Evidence) -> tuple[Measure, ...]:
    """Every measure, in the order of results.md."""
    rates = {name: fact(evidence) for name, fact in OF_DEPARTMENT.items()}
    rates |= {name: _execution(name, evidence.submission, types) for name, types in OF_PROJECTS.items()}
    rates |= {f"{COMPLETION}{datum.name.value}": completion(datum) for datum in _totals(evidence.submission)}
    return tuple(_measure(name, fact) for name, fact in rates.items())


def _measure(name: str, fact: Fact | None) -> Measure:
    return Measure(name, fact.value, fact.operands, fact.formula) if fact else Measure(name, None, (), "")


def _execution(name: str, submission: Submission, types: tuple[str, ...]) -> Fact | None:
    """Σ 执行数 ÷ Σ 调整后预算数; None where an amount is missing, or a type that decides who belongs."""
    everyone = len(types) == len(OF_PROJECTS["项目执行率"])
    if not everyone and any(project.type.value is None for project in submission.projects):
        return None
    chosen = [p for p in submission.projects if everyone or p.type.value in types]
    executed = column_sum("executed", "执行数合计", _column(chosen, "executed"))
    return quotient(name, executed, column_sum("adjusted", "调整后预算数合计", _column(chosen, "adjusted_budget")))


def _column(projects: Iterable[Project], key: str) -> list[Cell]:  # type: ignore[type-arg]
    return [getattr(project, key) for project in projects]


def _totals(submission: Submission) -> Iterator[DutyDatum]:
    """The rows of 履职数据 that another row of the same duty names as its 上级指标; of two with one name the first."""
    seen: set[str] = set()
    for datum in submission.duty_data:
        name = datum.name.value
        if name and name not in seen and any(_is_part(other, datum) for other in submission.duty_data if other is not datum):
            seen.add(name)
            yield datum


def _is_part(part: DutyDatum, whole: DutyDatum) -> bool:
    one_duty = part.duty.value is None or whole.duty.value is None or part.duty.value == whole.duty.value
    return part.parent.value == whole.name.value and one_duty
