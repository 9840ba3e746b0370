"""The block of the yearly goal of a project's form → 年度目标 and 目标完成情况."""

from collections.abc import Iterator

from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import words

COLUMNS = {"goal": "annual_goal", "reached": "goal_reached"}
JOINED = "原表分 {count} 行写，按行连接"


def read_goals(pen: Pen, table: Table, project: str) -> None:
    """Takes both texts; several goals are several lines."""
    for key, column in COLUMNS.items():
        texts = dict.fromkeys(_texts(table, *table.columns[key]))
        if texts:
            note = JOINED.format(count=len(texts)) if len(texts) > 1 else ""
            pen.take("projects", (project,), column, "\n".join(text for text, _ in texts), next(iter(texts))[1], note)


def _texts(table: Table, first: int, last: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """What stands in a column with its place: in the row below the header, and as far down as the label left of the
    header reaches."""
    bottom = max(table.first, table.grid.area(table.header, table.left - 1).bottom)
    for row in range(table.first, min(bottom, table.last) + 1):
        area = table.grid.area(row, first)
        if area.right > last:  # one text over both columns is of neither
            continue
        if text := words(table.grid.text(row, first)):
            yield text, (area.top, area.left)
