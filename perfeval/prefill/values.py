"""What is read of a source: values with their places, and what is asked instead of being guessed."""

from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.prefill.grid import Grid

Content = str | Decimal
Record = tuple[str, ...]  # what a row is known by; () on 基本情况, the row's key on a grid


@dataclass(frozen=True, slots=True)
class Value:
    """A value for a cell of the filing workbook. `sheet` and `column` are keys of the form, `raw` is what stands at
    `place` of `file`."""

    sheet: str
    record: Record
    column: str
    value: Content
    raw: str
    file: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What was not taken: what it is, what stands there, and why, with what to do."""

    what: str
    raw: str
    file: str
    place: str
    why: str


@dataclass(slots=True)
class Reading:
    """What is read of one source. `forms` are the tables that were recognised, `looked_like` what the file is where
    none was; `years` those that it says it is of, with the place."""

    file: str
    forms: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    looked_like: str = ""
    is_department: bool = False
    years: dict[int, str] = field(default_factory=dict)
    last_year: int | None = None  # of a filing workbook of ours
    regulation: str = ""  # the id it names

    @property
    def is_recognised(self) -> bool:
        """Whether anything in it is known."""
        return bool(self.forms)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes down what is found in one grid."""

    grid: Grid
    reading: Reading

    def take(
        self, sheet: str, record: Record, column: str, value: Content | None, at: tuple[int, int], note: str = ""
    ) -> None:
        """A value found at a place; None is nothing."""
        if value is not None and value != "":
            raw, place = self.grid.text(*at), self.grid.place(*at)
            self.reading.values.append(Value(sheet, record, column, value, raw, self.reading.file, place, note))

    def ask(self, what: str, why: str, at: tuple[int, int], raw: str | None = None) -> None:
        """A question about a place."""
        shown = self.grid.text(*at) if raw is None else raw
        self.reading.questions.append(Question(what, shown, self.reading.file, self.grid.place(*at), why))
