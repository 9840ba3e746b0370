"""A finding is a value: code, place, what is there, what is expected, how to mend it, the clause (docs/开发/核对.md)."""

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
    """One thing wrong, questioned or reported, at the cell where it is mended.

    `ref` is None only for what concerns the whole file. `related` names further cells to mark (the addends of a sum,
    the other cells of a blank column). `answered` is True for a question whose row carries a word of explanation.
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
    answered: bool = False
    related: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A word for the reviewer alone; never changes a score. `level` is red, yellow or info."""

    code: str
    level: str
    message: str
