"""Where each row of the score workbook will be, known before any sheet is written, so that sheets may refer to each
other."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.documents.score_workbook.trace import sum_of
from perfeval.excel.write import Place, column_range
from perfeval.model.cells import CellRef
from perfeval.model.frames import Frames
from perfeval.model.numbers import total
from perfeval.model.scorecard import IndicatorScore, ItemScore, Operand, ProjectScore, Scorecard
from perfeval.model.submission import WHOLE_DEPARTMENT

TREE, INDICATORS, PROJECTS = "总评分表", "指标评分", "项目评分"
HEAD = 2  # the header's row on each of these sheets; rows count from 0
NO_SUBJECT = "（适用对象未填）"
INDICATOR_SCORE = 10
PROJECT_NAME, EXECUTION_RATE = 1, 8
PROJECT_FIXED_COLUMNS = 10  # columns of 项目评分 before the projects' scores


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of 指标评分 and the rows and columns of 项目评分. `blocks` gives the first and last row of each 适用对象's
    indicators."""

    indicators: tuple[IndicatorScore, ...]
    blocks: Mapping[str, tuple[int, int]]
    indicator_scores: Mapping[CellRef, Place]  # by each filed cell an indicator's score is made from
    projects: tuple[ProjectScore, ...]
    project_items: tuple[ItemScore, ...]  # the leaves every project is scored by, as the first project has them
    marked: tuple[ItemScore, ...]  # the items that count projects
    frames: Frames

    def indicator_sum(self, operand: Operand) -> str | None:
        """The points of indicators as a sum of their scores, where the operand is made from just the cells their scores
        are made from."""
        rows = {self.indicator_scores[ref].row for ref in operand.cells if ref in self.indicator_scores}
        scores = [self.indicators[row - HEAD - 1] for row in rows]
        if not rows or {cell.ref for score in scores for cell in score.sources} != set(operand.cells):
            return None
        if total(score.score for score in scores if score.score is not None) != operand.value:
            return None
        between = range(min(rows), max(rows) + 1)
        added = [
            row for row in between if row in rows or self.indicators[row - HEAD - 1].score is None
        ]  # words add nothing
        return sum_of(Place(INDICATORS, row, INDICATOR_SCORE) for row in added)

    def block_sum(self, subject: str) -> str | None:
        """The sum of a subject's indicator scores as a formula."""
        block = self.blocks.get(subject)
        return f"SUM({INDICATORS}!{column_range(INDICATOR_SCORE, *block)})" if block else None

    @property
    def rates_projects(self) -> bool:
        """Whether any project has indicators: else its own scores are nobody's concern."""
        return any(project.indicators for project in self.projects)

    def project_row(self, number: int) -> int:
        """The row of the project that is at `number` (from 0)."""
        return HEAD + 1 + number

    @property
    def project_rows(self) -> tuple[int, int]:
        """The first and the last of them."""
        return self.project_row(0), self.project_row(len(self.projects) - 1)

    def item_place(self, number: int, item_id: str) -> Place:
        """The score of a project's own item."""
        column = next(n for n, item in enumerate(self.project_items) if item.item.id == item_id)
        return Place(PROJECTS, self.project_row(number), PROJECT_FIXED_COLUMNS + column)

    @property
    def indicator_column(self) -> int:
        """The column of 项目评分 with the sum of a project's indicators; its total and grade follow."""
        return PROJECT_FIXED_COLUMNS + len(self.project_items)

    @property
    def first_mark(self) -> int:
        """The column of 项目评分 with the first item's marks."""
        return self.indicator_column + 3 if self.rates_projects else PROJECT_FIXED_COLUMNS

    def mark_range(self, item_id: str) -> str:
        """The marks of an item over all projects, on their own sheet."""
        column = self.first_mark + next(n for n, item in enumerate(self.marked) if item.item.id == item_id)
        return column_range(column, *self.project_rows)


def lay_out(card: Scorecard) -> Layout:
    """Plans the sheets of a scorecard: indicators grouped by 适用对象, the department's own first, and by 一级指标, else in the
    order filed."""
    grouped: dict[str, dict[str | None, list[IndicatorScore]]] = {WHOLE_DEPARTMENT: {}}
    for score in card.indicators:
        grouped.setdefault(subject_of(score), {}).setdefault(score.indicator.level1.value, []).append(score)
    by_subject = {
        subject: [score for level in levels.values() for score in level] for subject, levels in grouped.items()
    }
    ordered = tuple(score for scores in by_subject.values() for score in scores)
    blocks: dict[str, tuple[int, int]] = {}
    row = HEAD + 1
    for subject, scores in by_subject.items():
        if scores:
            blocks[subject] = (row, row + len(scores) - 1)
            row += len(scores)
    return Layout(
        indicators=ordered,
        blocks=blocks,
        indicator_scores={
            cell.ref: Place(INDICATORS, HEAD + 1 + n, INDICATOR_SCORE)
            for n, s in enumerate(ordered)
            for cell in s.sources
        },
        projects=card.projects,
        project_items=tuple({i.item.id: i for p in card.projects for i in p.items if i.item.is_leaf}.values()),
        marked=tuple(i for i in card.items if i.marks),
        frames=card.frames,
    )


def subject_of(score: IndicatorScore) -> str:
    """The 适用对象 an indicator belongs to."""
    return score.indicator.subject.value or NO_SUBJECT
