"""A fact is a number a regulation may score, with its words, its cells and its own spreadsheet arithmetic.

It is None where one of its cells holds no value, or where it cannot be computed: missing is never 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.frames import ROW, Tables
from perfeval.model.names import plain_name
from perfeval.model.numbers import half_up, show_number, show_rate, total
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import IndicatorScore, Operand, Unit
from perfeval.model.submission import Criterion, ScoreRow, Submission, Supplement
from perfeval.rules.frames import score_rows


@dataclass(frozen=True, slots=True)
class Evidence:
    """What facts are drawn from. `tables` are the filed ones with their rates; `by_subject` are the scored indicators
    by 适用对象, rows without one left out; `score_rows` the rows of 评分 by item; `project_rates` what is computed of the
    projects, by column and row; `supplements` the rows of 补充数据 by project ("" in a department's workbook) and
    input, `criteria` those of 评分要点 by project, item and text."""

    submission: Submission
    regulation: Regulation
    tables: Tables
    by_subject: Mapping[str, tuple[IndicatorScore, ...]]
    score_rows: Mapping[str, ScoreRow]
    project_rates: Mapping[str, Mapping[int, Decimal | None]]
    supplements: Mapping[tuple[str, str], Supplement]
    criteria: Mapping[tuple[str, str, str], Criterion]

    @classmethod
    def of(
        cls, submission: Submission, regulation: Regulation, tables: Tables, indicators: Iterable[IndicatorScore]
    ) -> "Evidence":
        """Groups the indicators once: there may be thousands."""
        groups: dict[str, list[IndicatorScore]] = {}
        for score in indicators:
            if score.indicator.subject.value is not None:
                groups.setdefault(score.indicator.subject.value, []).append(score)
        by_subject = {subject: tuple(group) for subject, group in groups.items()}
        projects = tables["projects"]
        rates = {name: dict(zip(projects[ROW], projects[name], strict=True)) for name in PROJECT_RATES}
        return cls(
            submission,
            regulation,
            tables,
            by_subject,
            score_rows(submission.scores, regulation),
            rates,
            {(owner_of(row, submission), row.key): row for row in reversed(submission.supplements)},
            {
                (owner_of(row, submission), plain_name(row.item_id.raw), plain_name(row.text.raw)): row
                for row in reversed(submission.criteria)
            },
        )

    def indicators_of(self, subject: str | None) -> tuple[IndicatorScore, ...]:
        """The indicators of 部门整体 or of a project."""
        return self.by_subject.get(subject, ()) if subject is not None else ()


PROJECT_RATES = ("execution_rate", "carryover_rate")


def owner_of(row: Supplement | Criterion, submission: Submission) -> str:
    """Whose a row of 补充数据 or 评分要点 is: "" of a department, else the project's name as it is compared; a blank 适用对象
    is the only project."""
    if not submission.is_project_kind:
        return ""
    projects = submission.projects
    name = row.subject.value or (projects[0].name.value if len(projects) == 1 else "")
    return plain_name(name or "")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its words for a sentence (`结余率 0.00%`), its formula over operand keys in braces, and the operands.

    `name` is that of a computed number, whose words have `places` decimals (of a rate in per cent); `printed` gives it
    more.
    """

    value: Decimal
    words: str
    formula: str
    operands: tuple[Operand, ...]
    is_rate: bool = False
    name: str = ""
    places: int = 2

    def printed(self, more: int = 0) -> "Fact":
        """The fact as a sentence with so many more decimals gives it; only a computed number is rounded."""
        if not self.name:
            return self
        places = self.places + more
        if self.is_rate:
            return replace(
                self, value=half_up(self.value, places + 2), words=f"{self.name} {show_rate(self.value, places)}"
            )
        value = half_up(self.value, places)
        return replace(self, value=value, words=f"{self.name} {show_number(value)}")


def figure(key: str, cell: Cell[Decimal], unit: Unit = Unit.AMOUNT) -> Fact | None:
    """The number of one cell, under the operand key `key`."""
    if cell.value is None:
        return None
    return Fact(
        cell.value,
        show_number(cell.value),
        f"{{{key}}}",
        (Operand(key, cell.label, cell.value, unit, (cell.ref,)),),
        unit is Unit.RATE,
    )


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


def points_of(key: str, name: str, scores: Iterable[IndicatorScore]) -> Fact:
    """The points of scored indicators as one operand. They are in no filed cell: its cells are those they are made
    from, and its name says so."""
    chosen = tuple(scores)
    cells = [cell for score in chosen for cell in score.sources]
    label = f"{name}（由{'、'.join(dict.fromkeys(cell.label for cell in cells))}得出）"
    return tally(key, label, total(score.score for score in chosen if score.score is not None), Unit.POINTS, cells)


def computed_rate(name: str, value: Decimal | None, formula: str, *parts: Fact | None) -> Fact | None:
    """A rate of `rules/frames.py` with what it was computed from; None where a part is missing or the rate has no
    value."""
    known = [part for part in parts if part is not None]
    if value is None or len(known) < len(parts):
        return None
    operands = tuple(operand for part in known for operand in part.operands)
    return Fact(value, f"{name} {show_rate(value)}", formula, operands, is_rate=True, name=name)
