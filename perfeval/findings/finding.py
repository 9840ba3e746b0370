"""A finding is a value: code, place, what is there, what is expected, how to correct it, the clause (docs/开发/核对.md)."""

from dataclasses import dataclass
from enum import StrEnum

from perfeval.model.cells import CellRef


class Severity(StrEnum):
    """error blocks the report; question asks for a word; notice only informs."""

    ERROR = "error"
    QUESTION = "question"
    NOTICE = "notice"


SEVERITY_NAMES = {Severity.ERROR: "错误", Severity.QUESTION: "疑点", Severity.NOTICE: "提示"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, questioned or reported, at the cell where it is corrected.

    `ref` is None only for what concerns the whole file. `related` names further cells to mark (the addends of a sum,
    the other cells of a blank column). `answer` are the words of the department that close a question.
    """

    code: str
    severity: Severity
    ref: CellRef | None
    label: str
    found: str
    expected: str
    message: str
    fix: str
    clause: str = ""
    answer: str = ""
    related: tuple[CellRef, ...] = ()

    @property
    def answered(self) -> bool:
        """A question whose row carries a word of explanation."""
        return bool(self.answer)


@dataclass(frozen=True, slots=True)
class Signal:
    """A word for the reviewer alone; never changes a score. `level` is red, yellow or info."""

    code: str
    level: str
    message: str
