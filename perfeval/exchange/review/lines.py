"""总评分表 as the reviewer left it, line by line, and what his scores come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfeval.documents.score_workbook.layout import HEAD, TREE
from perfeval.documents.score_workbook.scores import LEFT_OUT, LOST, Columns
from perfeval.documents.score_workbook.tree import BASIS, CODE, COLUMNS, DECLARED, ITEM, MAX, OPINION, REVIEW, SCORE
from perfeval.exchange.review.read import Cells, Content
from perfeval.filing.typed.numbers import number_of
from perfeval.model.cells import CellRef
from perfeval.model.numbers import HUNDRED, half_up, total
from perfeval.model.regulation import Regulation

FIRST_ROW = HEAD + 2  # of the lines, counted from 1
PROJECT_WORD, TOTAL_WORD = "项目", "合计"
OPEN_COLUMNS = (REVIEW, OPINION)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of 总评分表. `counts`: it is added up itself, not the sum of others; `left_out`: not applicable, its points are
    excluded."""

    row: int
    columns: Columns
    code: str
    name: str
    maximum: Decimal | None
    computed: Decimal | None
    declared: Decimal | None
    left_out: bool
    counts: bool
    parent: str | None
    review: Content  # as it is in the cell
    opinion: str

    @property
    def filled(self) -> Decimal | None:
        """复核得分 where it is a number, typed as text or full-width too."""
        return (
            number_of(self.review)
            if isinstance(self.review, str)
            else self.review
            if isinstance(self.review, Decimal)
            else None
        )

    @property
    def result(self) -> Decimal | None:
        """What counts after the review: the reviewer's score, else the computed one."""
        return self.computed if self.filled is None else self.filled

    @property
    def is_changed(self) -> bool:
        """Whether the reviewer's score is another than the computed one."""
        return self.filled is not None and self.filled != self.computed

    def ref(self, column: int) -> CellRef:
        """The place of one of the plain columns (from 0) of this row."""
        return CellRef(TREE, self.row, self.columns.at(column) + 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """What has a total of its own: a whole department (`subject` ''), or one project. `head` is a project's own row."""

    subject: str
    head: Line | None
    lines: tuple[Line, ...]
    sum: Line | None

    @property
    def parts(self) -> tuple[Line, ...]:
        """The lines that are added up."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def unscored(self) -> int:
        """How many have no score even after the review."""
        return sum(1 for line in self.parts if line.result is None and not line.left_out)

    def subtotal(self, code: str) -> Decimal:
        """The reviewed scores below a line, added up."""
        below = [line for line in self.lines if line.parent == code]
        return total(self.subtotal(line.code) if not line.counts else line.result or Decimal(0) for line in below)

    @property
    def reviewed_total(self) -> Decimal | None:
        """复核得分 of the whole; excluded points are scaled as in the score workbook.

        None where there is no computed total: a review fills in what a department's tree lacks, but not indicators a
        project never filed.
        """
        completed = self.head is None and any(line.filled is not None for line in self.parts)
        if self.sum is None or (self.sum.computed is None and not completed):
            return None
        points = total(line.result for line in self.parts if line.result is not None)
        excluded = total(line.maximum or Decimal(0) for line in self.parts if line.left_out and line.filled is None)
        return half_up(points * HUNDRED / (HUNDRED - excluded)) if excluded else half_up(points)

    def grade(self, points: Decimal | None, regulation: Regulation | None) -> str | None:
        """The grade of a total; none where something has no score."""
        return regulation.grade(points) if regulation and points is not None and not self.unscored else None


def units_of(cells: Cells, items: Iterable[Mapping[str, Any]]) -> tuple[Unit, ...]:
    """The units of 总评分表; `items` are those of 结果.json, which say what lies below what."""
    parents = {item["id"]: item["parent"] for item in items}
    units: list[Unit] = []
    head: Line | None = None
    lines: list[Line] = []
    columns = _columns(cells)
    for row in _rows(cells, columns):
        word = cells.get((row, columns.at(BASIS) + 1))
        line = _line(cells, row, columns, parents)
        if word == PROJECT_WORD and not line.code:
            head, lines = line, []
        elif word == TOTAL_WORD and not line.code:
            units.append(Unit(head.name if head else "", head, tuple(lines), line))
            head, lines = None, []
        else:
            lines.append(line)
    return tuple(units)


def open_cells(cells: Cells) -> frozenset[tuple[int, int]]:
    """The cells of 总评分表 that a reviewer may fill in."""
    columns = _columns(cells)
    return frozenset((row, columns.at(column) + 1) for row in _rows(cells, columns) for column in OPEN_COLUMNS)


def filled_in(issued: Cells, reviewed: Cells) -> dict[tuple[int, int], Content]:
    """What was issued, with the reviewer's columns as they were left."""
    return {**issued, **{place: reviewed[place] for place in open_cells(issued) if place in reviewed}}


def _columns(cells: Cells) -> Columns:
    """Where the columns stand: 扣减分数 is beside the score in some."""
    return Columns(COLUMNS, SCORE, cells.get((HEAD + 1, SCORE + 2)) == LOST.header)


def _rows(cells: Cells, columns: Columns) -> Iterable[int]:
    row = FIRST_ROW
    while (row, ITEM + 1) in cells and (row, columns.at(BASIS) + 1) in cells:
        yield row
        row += 1


def _line(cells: Cells, row: int, columns: Columns, parents: Mapping[str, str | None]) -> Line:
    def number(column: int) -> Decimal | None:
        value = cells.get((row, columns.at(column) + 1))
        return value if isinstance(value, Decimal) else None

    def text(column: int) -> str:
        return str(cells.get((row, columns.at(column) + 1)) or "")

    code = text(CODE)
    return Line(
        row=row,
        columns=columns,
        code=code,
        name=text(ITEM),
        maximum=number(MAX),
        computed=number(SCORE),
        declared=number(DECLARED),
        left_out=text(SCORE) == LEFT_OUT,
        counts=bool(code) and code not in parents.values(),
        parent=parents.get(code),
        review=cells.get((row, columns.at(REVIEW) + 1)),
        opinion=text(OPINION),
    )
