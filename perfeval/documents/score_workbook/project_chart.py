"""The chart of 项目评分: execution rate by project, on a page of its own."""

from decimal import Decimal

from perfeval.documents.score_workbook.layout import EXECUTION_RATE, PROJECT_NAME, PROJECTS, Layout
from perfeval.excel.write import Column, Live, Place, Sheet

CHART_LIMIT = 30  # beyond it only the lowest rates are drawn, from a small table
COLUMNS = (Column("序号", "count", 6), Column("项目名称", "text", 28, 20), Column("执行率", "rate", 10))


def draw_rates(sheet: Sheet, layout: Layout, below: int) -> None:
    """Draws at row `below`; projects without a rate have no bar."""
    rated = [(p.execution_rate, number) for number, p in enumerate(layout.projects) if p.execution_rate is not None]
    if not rated:
        return
    sheet.raw.set_h_pagebreaks([below - 1])
    if len(layout.projects) <= CHART_LIMIT:
        _draw(sheet, "各项目执行率", layout.project_rows, EXECUTION_RATE, Place(PROJECTS, below, PROJECT_NAME))
    else:
        title = f"执行率最低的{min(CHART_LIMIT, len(rated))}个项目"
        rows = _lowest(sheet, layout, title, sorted(rated)[:CHART_LIMIT], below)
        beside = Place(PROJECTS, rows[0] - 1, len(COLUMNS))  # the list and its chart stay on one page
        _draw(sheet, title, rows, len(COLUMNS) - 1, beside)


def _lowest(sheet: Sheet, layout: Layout, title: str, rated: list[tuple[Decimal, int]], row: int) -> tuple[int, int]:
    """The projects with the lowest rates as a table; gives its first and last row."""
    sheet.section(row, title)
    sheet.head(row + 1, COLUMNS)
    for line, (value, number) in enumerate(rated, start=row + 2):
        source = layout.project_row(number)
        name = Live(Place(PROJECTS, source, PROJECT_NAME).cell, layout.projects[number].project.name.value or "未填")
        sheet.row(line, COLUMNS, (number + 1, name, Live(Place(PROJECTS, source, EXECUTION_RATE).cell, value)))
    return row + 2, row + 1 + len(rated)


def _draw(sheet: Sheet, title: str, rows: tuple[int, int], column: int, corner: Place) -> None:
    first, last = rows
    chart = sheet.book.chart("bar")
    values = {
        "categories": [PROJECTS, first, PROJECT_NAME, last, PROJECT_NAME],
        "values": [PROJECTS, first, column, last, column],
    }
    look = {"fill": {"color": "#1F4E79"}, "border": {"color": "#404040"}, "gap": 40}
    chart.add_series(
        {"name": "执行率", **values, **look, "data_labels": {"value": True, "num_format": "0.00%", "font": {"size": 8}}}
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_size({"width": 640, "height": 120 + 18 * (last - first + 1)})
    sheet.raw.insert_chart(corner.row, corner.column, chart, {"object_position": 2, "x_offset": 10})
