"""A 部门整体 评分表 → 评分 by the names of its leaves."""

from perfeval.model.form import GRAND_TOTAL_LABEL
from perfeval.prefill.forms import load_forms, plain
from perfeval.prefill.grid import Grid
from perfeval.prefill.points import NOT_POINTS, SHARED, own_name, points_of
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import words

LEVELS = ("name", "level2", "level1")
TEXTS = ("deduction_reason", "basis")


def read_scores(pen: Pen, table: Table) -> None:
    """Takes 自评得分 and 扣分原因 of each leaf; `max_points` goes along, for it has to be the regulation's."""
    forms = load_forms()
    for row in range(table.first, table.last + 1):
        texts = [plain(cell.text) for column, cell in table.grid.filled(row) if column <= table.right]
        if texts and forms.note.match(texts[0]):
            return
        leaf = _leaf(table, row)
        if texts and texts[0] in forms.totals:
            _take_score(pen, table, row, GRAND_TOTAL_LABEL)
        elif leaf:
            _take_leaf(pen, table, row, leaf)


def _leaf(table: Table, row: int) -> str:
    """The deepest name that is of this row."""
    for key in LEVELS:
        if key in table.columns and (text := words(table.grid.between(row, *table.columns[key])[0].text)):
            return own_name(text)[0]
    return ""


def _take_leaf(pen: Pen, table: Table, row: int, leaf: str) -> None:
    weight, _ = table.grid.between(row, *table.columns["weight"])
    points = points_of(weight)
    if points is not None:
        pen.take("scores", (leaf,), "max_points", points, (row, table.columns["weight"][0]))
    _take_score(pen, table, row, leaf)
    for key in TEXTS:
        if key in table.columns:
            cell, column = table.grid.between(row, *table.columns[key])
            pen.take("scores", (leaf,), key, words(cell.text), (row, column))


def _take_score(pen: Pen, table: Table, row: int, leaf: str) -> None:
    cell, column = table.grid.between(row, *table.columns["score"])
    score = points_of(cell)
    if _is_shared(table.grid, row, table.columns["score"][0]):
        pen.ask(f"评分“{leaf}” 自评得分", SHARED.format(what="得分"), (row, column))
    elif score is not None:
        pen.take("scores", (leaf,), "declared", score, (row, column))
    elif words(cell.text):
        pen.ask(f"评分“{leaf}” 自评得分", NOT_POINTS, (row, column))


def _is_shared(grid: Grid, row: int, column: int) -> bool:
    area = grid.area(row, column)
    return area.bottom > area.top
