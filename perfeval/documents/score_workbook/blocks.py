"""The scores by block below the tree of 总评分表: a small table and a native chart beside it."""

from collections.abc import Mapping

from perfeval.documents.score_workbook.layout import TREE
from perfeval.documents.score_workbook.scores import words
from perfeval.excel.write import Column, Live, Place, Sheet, Value, live
from perfeval.model.scorecard import ItemScore, Scorecard
from perfeval.rules.frames import share

COLUMNS = (
    Column("编号", "word"),
    Column("指标名称", "text", 26),
    Column("分值", "number"),
    Column("得分", "points"),
    Column("得分率", "rate"),
)
NAME, MAX, SCORE, CHART = 1, 2, 3, 6  # the columns also of the tree
FEW_BLOCKS = 4


def write_blocks(sheet: Sheet, card: Scorecard, rows: Mapping[str, int], row: int) -> None:
    """Writes from `row` on; `rows` gives the tree's row of each item by id."""
    blocks = _blocks(card)
    if not blocks:
        return
    sheet.section(row, "各部分得分")
    sheet.head(row + 1, COLUMNS)
    first = row + 2
    for line, score in enumerate(blocks, start=first):
        maximum, earned = (Place(TREE, rows[score.item.id], column).cell for column in (MAX, SCORE))
        shown: Value = words(score) if score.score is None else Live(earned, score.score)
        portion = live(
            f"{Place(TREE, line, SCORE).cell}/{Place(TREE, line, MAX).cell}",
            share([score.score], [score.max_points])[0],
            "—",
        )
        sheet.row(line, COLUMNS, (score.item.id, score.item.name, Live(maximum, score.max_points), shown, portion))
    _draw(sheet, first, first + len(blocks) - 1)


def _blocks(card: Scorecard) -> list[ItemScore]:
    """The highest items, or what is directly below them where they are few."""
    tops = [s for s in card.items if s.item.parent is None]
    if len(tops) >= FEW_BLOCKS:
        return tops
    return [block for top in tops for block in ([s for s in card.items if s.item.parent == top.item.id] or [top])]


def _draw(sheet: Sheet, first: int, last: int) -> None:
    chart = sheet.book.chart("column")
    names = [TREE, first, NAME, last, NAME]
    for title, column, color in (("分值", MAX, "#BFBFBF"), ("得分", SCORE, "#1F4E79")):
        series = {
            "name": title,
            "categories": names,
            "values": [TREE, first, column, last, column],
            "fill": {"color": color},
        }
        chart.add_series(
            {**series, "border": {"color": "#404040"}, "data_labels": {"value": True, "font": {"size": 8}}, "gap": 60}
        )
    chart.set_title({"name": "各部分分值与得分", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "min": 0})
    chart.set_size({"width": 720, "height": 300})
    sheet.raw.insert_chart(first - 1, CHART, chart, {"object_position": 2})
