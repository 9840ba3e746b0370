"""Where each row of the score workbook will stand, known before any sheet is written, so that sheets may refer to each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.documents.workbook import Place, column_range
from perfeval.model.scorecard import IndicatorScore, ItemScore, ProjectScore, Scorecard
from perfeval.model.submission import WHOLE_DEPARTMENT

TREE, INDICATORS, PROJECTS = "总评分表", "指标评分", "项目评分"
HEAD = 2  # the header's row on each of these sheets; rows count from 0
NO_SUBJECT = "（适用对象未填）"
INDICATOR_SCORE = 10
PROJECT_FIXED_COLUMNS = 10  # columns of the project table before its scores
MARK_NAME, FIRST_MARK = 1, 3
CLASS_ROWS = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of 指标评分 and 项目评分. `blocks` gives the first and last row of each 适用对象's indicators, which stand together."""

    indicators: tuple[IndicatorScore, ...]
    blocks: Mapping[str, tuple[int, int]]
    projects: tuple[ProjectScore, ...]
    project_items: tuple[str, ...]  # ids of the leaves every project is scored by, in the regulation's order
    marked: tuple[ItemScore, ...]  # the items that count projects

    def block_sum(self, subject: str) -> str | None:
        """The sum of a subject's indicator scores as a formula."""
        block = self.blocks.get(subject)
        return f"SUM({INDICATORS}!{column_range(INDICATOR_SCORE, *block)})" if block else None

    def project_row(self, number: int) -> int:
        """The row of the project that stands at `number` (from 0)."""
        return HEAD + 1 + number

    def item_place(self, number: int, item_id: str) -> Place:
        """The score of a project's own item."""
        return Place(PROJECTS, self.project_row(number), PROJECT_FIXED_COLUMNS + self.project_items.index(item_id))

    @property
    def indicator_column(self) -> int:
        """The column of 项目评分 with the sum of a project's indicators; its total and grade follow."""
        return PROJECT_FIXED_COLUMNS + len(self.project_items)

    @property
    def first_mark_row(self) -> int:
        """The row of the first project's marks, below the projects, their class sums, a blank line, a heading and a header."""
        return self.project_row(len(self.projects)) + CLASS_ROWS + 3

    def mark_range(self, item_id: str) -> str:
        """The marks of an item over all projects."""
        column = FIRST_MARK + next(n for n, item in enumerate(self.marked) if item.item.id == item_id)
        last = self.first_mark_row + len(self.projects) - 1
        return f"{PROJECTS}!{column_range(column, self.first_mark_row, last)}"


def lay_out(card: Scorecard) -> Layout:
    """Plans the sheets of a scorecard: indicators grouped by 适用对象, the department's own first, else in the order filed."""
    grouped: dict[str, list[IndicatorScore]] = {WHOLE_DEPARTMENT: []}
    for score in card.indicators:
        grouped.setdefault(subject_of(score), []).append(score)
    blocks: dict[str, tuple[int, int]] = {}
    row = HEAD + 1
    for subject, scores in grouped.items():
        if scores:
            blocks[subject] = (row, row + len(scores) - 1)
            row += len(scores)
    leaves = dict.fromkeys(i.item.id for p in card.projects for i in p.items if i.item.is_leaf)
    marked = tuple(i for i in card.items if i.marks)
    return Layout(tuple(s for scores in grouped.values() for s in scores), blocks, card.projects, tuple(leaves), marked)


def subject_of(score: IndicatorScore) -> str:
    """The 适用对象 an indicator belongs to."""
    return score.indicator.subject.value or NO_SUBJECT
