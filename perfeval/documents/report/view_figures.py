"""How every figure of a Word document is printed, and, for the annotated copy, where it comes from."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from perfeval.model.cells import Cell
from perfeval.model.numbers import show_number, show_points, show_rate, show_sum
from perfeval.model.scorecard import ItemScore, Measure
from perfeval.word.comments import MARK_END, MARK_START

Origin = str | Callable[[], str]  # put into words for the annotated copy alone: a score may rest on thousands of cells


class Figures:
    """Prints figures. Annotated, each is followed by a mark with the number of its origin in `origins`; plain, by
    nothing."""

    def __init__(self, annotated: bool = False) -> None:
        self.annotated = annotated
        self.origins: list[str] = []

    def mark(self, text: str, origin: Origin) -> str:
        """`text`, with the mark of its origin where the copy is annotated."""
        if not self.annotated:
            return text
        self.origins.append(origin if isinstance(origin, str) else origin())
        return f"{text}{MARK_START}{len(self.origins) - 1}{MARK_END}"

    def cell(self, cell: Cell[Decimal], show: Callable[[Decimal], str]) -> str:
        """The number of a cell; “未填” where it has none."""
        return "未填" if cell.value is None else self.mark(show(cell.value), lambda: cell_origin(cell))

    def amount(self, cell: Cell[Decimal]) -> str:
        """An amount in 万元."""
        return self.cell(cell, show_sum)

    def number(self, cell: Cell[Decimal]) -> str:
        """A number as it was filed: weights, declared points."""
        return self.cell(cell, show_number)

    def count(self, cell: Cell[int]) -> str:
        """A whole number."""
        return "未填" if cell.value is None else self.mark(str(cell.value), lambda: cell_origin(cell))

    def points(self, score: ItemScore) -> str:
        """The score of an item."""
        return self.mark(show_points(score.score), lambda: item_origin(score))

    def lost(self, score: ItemScore) -> str:
        """The points an item did not earn."""
        return self.mark(show_points(score.lost), lambda: item_origin(score))

    def max_points(self, score: ItemScore) -> str:
        """The 分值 of an item."""
        return self.mark(
            show_number(score.max_points),
            f"指标体系：{score.item.provenance.words}",
        )

    def measure(self, measure: Measure | None) -> str:
        """A rate the report names; “无法计算” where there is none."""
        if measure is None or measure.value is None:
            return "无法计算"
        return self.mark(show_rate(measure.value), lambda: measure_origin(measure))

    def computed(self, value: Decimal | None, show: Callable[[Decimal | None], str], origin: Origin) -> str:
        """Any other figure the scorecard gives."""
        return self.mark(show(value), origin)

    def tally(self, number: int, origin: str) -> str:
        """How many records of the submission or the scorecard something is true of."""
        return self.mark(str(number), origin)


def cell_origin(cell: Cell[Any]) -> str:
    """填报工作簿「收支」D9 收入合计 决算数"""
    return f"填报工作簿「{cell.ref.sheet}」{cell.ref.address} {cell.label}"


def item_origin(score: ItemScore) -> str:
    """The arithmetic, its cells and the clause."""
    cells = "、".join(dict.fromkeys(str(ref) for operand in score.operands for ref in operand.cells))
    parts = [score.explanation, f"单元格：{cells}" if cells else "", f"{score.item.provenance.words}"]
    return "；".join(part for part in parts if part)


def measure_origin(measure: Measure) -> str:
    """The rate's formula in words and its cells."""
    operands = "、".join(f"{o.name} {show_number(o.value)}" for o in measure.operands)
    cells = "、".join(dict.fromkeys(str(ref) for ref in measure.cells))
    return f"{measure.name}：{operands}；单元格：{cells}"
