"""What is in a cell that holds a score: a live formula where its arithmetic is known, the words 未评分 where there is
none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from perfeval.documents.score_workbook.trace import Result, Trace, substitute
from perfeval.excel.write import Column, Live, Place, Value
from perfeval.model.regulation import METHOD_NAMES
from perfeval.model.scorecard import BASIS_NAMES, Basis, ItemScore

NOT_SCORED, LEFT_OUT = BASIS_NAMES[Basis.NOT_SCORED], "不计分"
T = TypeVar("T")
LOST = Column("扣减分数", "points", 10)


@dataclass(frozen=True)
class Columns:
    """The columns of a table with scores. 扣减分数 stands beside the score, where the regulation wants it, and moves what
    follows one to the right."""

    plain: tuple[Column, ...]
    score: int
    with_lost: bool

    @cached_property
    def all(self) -> tuple[Column, ...]:
        """Those that are printed."""
        return self.beside(self.plain, LOST)

    def at(self, column: int) -> int:
        """Where one of the plain columns stands."""
        return column + 1 if self.with_lost and column > self.score else column

    def beside(self, values: Sequence[T], lost: T) -> tuple[T, ...]:
        """A row's values with what was lost beside the score."""
        left, right = values[: self.score + 1], values[self.score + 1 :]
        return (*left, lost, *right) if self.with_lost else tuple(values)


def words(score: ItemScore) -> str:
    """What is in the place of a score that is none."""
    return LEFT_OUT if score.basis is Basis.NOT_APPLICABLE else NOT_SCORED


def leaf_value(
    score: ItemScore, owner: str, cells: Mapping[str, Place], trace: Trace, formulas: Mapping[str, str]
) -> Value:
    """The score of a leaf whose 计算得分, 自评得分 and 分值 are at `cells` (score, declared, max)."""
    item = score.item
    shown: Decimal | str = words(score) if score.score is None else score.score
    result = Result(owner, item.id, item.name, cells["score"], shown, "points", score.sentence)
    operands = trace.add(result, score.operands, {"max": cells["max"].cell} if "max" in cells else {}, formulas)
    if score.score is None:
        return words(score)
    if score.formula:
        return Live(substitute(score.formula, operands), score.score)
    if score.basis is Basis.NOT_APPLICABLE and score.score == score.max_points and "max" in cells:
        return Live(cells["max"].cell, score.score)
    if score.basis is Basis.DECLARED and score.declared and score.declared.value == score.score and "declared" in cells:
        return Live(cells["declared"].cell, score.score)
    return score.score


def sum_value(score: Decimal | None, parts: list[Place], otherwise: str = NOT_SCORED) -> Value:
    """The sum of other cells of the same sheet."""
    return otherwise if score is None else Live(f"SUM({','.join(p.cell for p in parts)})", score)


def basis_text(score: ItemScore) -> str:
    """How a score came about: 计算（项目占比）, 单位自评, 不涉及, 未评分; a parent is 下级合计."""
    if score.item.method is None:
        return "下级合计"
    name = BASIS_NAMES[score.basis]
    return f"{name}（{METHOD_NAMES[score.item.method]}）" if score.basis is Basis.COMPUTED else name
