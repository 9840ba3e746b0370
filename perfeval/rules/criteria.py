"""要点计分: the criteria of an item that hold, part of them, or not, as 评分要点 says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import ZERO, show_number, total
from perfeval.model.regulation import Item
from perfeval.model.scorecard import Operand, Unit
from perfeval.model.submission import NO, NOT_CONCERNED, PARTLY, Criterion
from perfeval.rules.facts import Fact
from perfeval.rules.methods import Outcome, not_below_zero
from perfeval.rules.numbers import Numbers

ADD, RESCALE = "add", "rescale"


@dataclass(frozen=True, slots=True)
class Judged:
    """What an item comes to; an outcome of None: it is 不涉及 as a whole."""

    outcome: Outcome | None
    facts: Mapping[str, Fact]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One criterion as it was answered: the points earned of `points`."""

    number: int
    points: Decimal
    answer: str
    earned: Decimal
    cell: Cell[object]

    @property
    def lost(self) -> Decimal:
        return self.points - self.earned

    def fact(self, key: str, value: Decimal, text: str) -> Fact:
        operand = Operand(key, f"要点{self.number}“{text}”", value, Unit.POINTS, (self.cell.ref,))
        return Fact(value, show_number(value), f"{{{key}}}", (operand,))


def judged_criteria(item: Item, numbers: Numbers) -> Judged | None:
    """None where a criterion has no answer, or no valid points for 部分."""
    criteria = item.parameters["criteria"]
    found = [
        answer_of(n, criterion["points"], numbers.criterion(item.id, criterion["text"]))
        for n, criterion in enumerate(criteria, start=1)
    ]
    answers = [answer for answer in found if answer is not None]
    if len(answers) < len(found):
        return None
    texts = [str(criterion["text"]) for criterion in criteria]
    adds = item.parameters["mode"] == ADD
    rescales = adds and item.parameters.get("na") == RESCALE
    counted = [answer for answer in answers if not rescales or answer.answer != NOT_CONCERNED]
    if not counted:
        return Judged(None, {})
    facts = {
        f"c{answer.number}": answer.fact(
            f"c{answer.number}", answer.earned if adds else answer.lost, texts[answer.number - 1]
        )
        for answer in counted
    }
    outcome = _added(item, counted, rescaled=len(counted) < len(answers)) if adds else _deducted(item, counted)
    return Judged(outcome, facts, _remark(answers))


def answer_of(number: int, points: Decimal, row: Criterion | None) -> _Answer | None:
    """The answer to one criterion; None where it is blank or 部分 has no points between 0 and those of the criterion."""
    if row is None or row.answer.value is None:
        return None
    answer, score = row.answer.value, row.score.value
    if answer == PARTLY:
        if score is None or not ZERO < score < points:
            return None
        return _Answer(number, points, answer, score, row.score)
    return _Answer(number, points, answer, ZERO if answer == NO else points, row.answer)


def _added(item: Item, counted: Sequence[_Answer], *, rescaled: bool) -> Outcome:
    earned = total(answer.earned for answer in counted)
    words = " + ".join(f"{{c{answer.number}}}" for answer in counted)
    formula = "+".join(f"{{c{answer.number}}}" for answer in counted)
    if not rescaled:
        return Outcome(earned, words, formula)
    rest = total(answer.points for answer in counted)
    shown = show_number(rest)
    return Outcome(item.max_points * earned / rest, f"{{max}} × ({words}) ÷ {shown}", f"{{max}}*({formula})/{shown}")


def _deducted(item: Item, counted: Sequence[_Answer]) -> Outcome:
    lost = [answer for answer in counted if answer.lost > 0]
    words = "".join(f" − {{c{answer.number}}}" for answer in lost)
    formula = "".join(f"-{{c{answer.number}}}" for answer in counted)
    score = item.max_points - total(answer.lost for answer in lost)
    return Outcome(*not_below_zero(score, f"{{max}}{words}"), f"MAX(0,{{max}}{formula})")


def _remark(answers: Sequence[_Answer]) -> str:
    """（4 个要点：第 2 个部分符合，第 3 个不符合）"""
    words = {PARTLY: "部分符合", NO: "不符合", NOT_CONCERNED: "不涉及"}
    named = [
        f"第 {'、'.join(str(a.number) for a in answers if a.answer == answer)} 个{word}"
        for answer, word in words.items()
        if any(a.answer == answer for a in answers)
    ]
    return f"（{len(answers)} 个要点：{'，'.join(named) if named else '都符合'}）"
