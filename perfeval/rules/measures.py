"""The rates a report names, by their Chinese names; a rate that cannot be computed is there with None."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.model.frames import rows_of
from perfeval.model.scorecard import Measure, Unit
from perfeval.model.submission import DutyDatum, Submission
from perfeval.rules.facts import Fact, computed_rate, figure
from perfeval.rules.frames import is_part
from perfeval.rules.library import library
from perfeval.rules.numbers import FormNumbers

COMPLETION = "完成率："


def measures(numbers: FormNumbers) -> tuple[Measure, ...]:
    """Every measure, in the order of docs/开发/结果文件.md."""
    evidence, known = numbers.evidence, library()
    rates = {known.facts[key].label: numbers.get(key) for key in known.measures}
    totals = {datum.row for datum in _totals(evidence.submission)}
    data = [(datum, rate) for datum, rate in rows_of(evidence.tables["duty_data"], "completion") if datum.row in totals]
    rates |= {f"{COMPLETION}{datum.name.value}": completion(datum, rate) for datum, rate in data}
    return tuple(_measure(name, fact) for name, fact in rates.items())


def completion(datum: DutyDatum, rate: Decimal | None) -> Fact | None:
    """The completion rate of a row of 履职数据 as computed, as stated where it has no 计划数."""
    planned = figure("planned", datum.planned, Unit.NUMBER)
    if planned is None:
        return figure("completion_rate", datum.completion_rate, Unit.RATE)
    completed = figure("completed", datum.completed, Unit.NUMBER)
    return computed_rate("完成率", rate, "{completed}/{planned}", completed, planned) if planned.value > 0 else None


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
