"""The rates a report names, by their Chinese names; a rate that cannot be computed is there with None."""

from collections.abc import Iterator

from perfeval.model.frames import rows_of
from perfeval.model.scorecard import Measure
from perfeval.model.submission import DutyDatum, Submission
from perfeval.rules import department_facts as facts
from perfeval.rules.facts import Evidence, Fact
from perfeval.rules.frames import is_part

COMPLETION = "完成率："
RATES = {
    "预算执行率": facts.execution_rate,
    "调整率": facts.adjustment_rate,
    "结余率": facts.carryover_rate,
    "年初预算压减率": facts.initial_budget_cut_rate,
    "执行压减率": facts.executed_cut_rate,
    "项目执行率": facts.project_execution_rate,
    "常年项目执行率": facts.standing_execution_rate,
    "阶段项目执行率": facts.staged_execution_rate,
}


def measures(evidence: Evidence) -> tuple[Measure, ...]:
    """Every measure, in the order of docs/开发/结果文件.md."""
    rates = {name: draw(evidence) for name, draw in RATES.items()}
    totals = {datum.row for datum in _totals(evidence.submission)}
    data = [(datum, rate) for datum, rate in rows_of(evidence.tables["duty_data"], "completion") if datum.row in totals]
    rates |= {f"{COMPLETION}{datum.name.value}": facts.completion(datum, rate) for datum, rate in data}
    return tuple(_measure(name, fact) for name, fact in rates.items())


def _measure(name: str, fact: Fact | None) -> Measure:
    return Measure(name, fact.value, fact.operands, fact.formula) if fact else Measure(name, None, (), "")


def _totals(submission: Submission) -> Iterator[DutyDatum]:
    """The rows of 履职数据 that another row of the same duty names as its 上级指标; of two with one name the first."""
    seen: set[str] = set()
    for datum in submission.duty_data:
        name = datum.name.value
        if name and name not in seen and any(is_part(other, datum) for other in submission.duty_data):
            seen.add(name)
            yield datum
