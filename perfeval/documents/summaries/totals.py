"""统计与排名: totals over all workbooks as live formulas, reconciled with the lists; grade distribution; ranking."""

from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.documents.summaries.lists import FINDINGS
from perfeval.documents.summaries.overview import HEAD as ROWS_HEAD
from perfeval.documents.summaries.overview import NAME as OVERVIEW
from perfeval.documents.summaries.overview import column_of, total_place
from perfeval.documents.summaries.rows import SEVERITY_COLUMNS
from perfeval.documents.summaries.tables import Tables, ranked_by
from perfeval.excel.write import Column, Live, Place, Sheet, column_range
from perfeval.model.numbers import total
from perfeval.model.status import STATUS_NAMES

NAME = "统计与排名"
LEVEL_COLUMN = 1  # in 全部问题
HEAD = 2
COLUMNS = (
    Column("项目", "text", 36, 26),
    Column("数值", "number", 12),
    Column("核对", "word", 12),
    Column("说明", "text", 20, 16),
)
GRADE_COLUMNS = (Column("等级", "text", 36), Column("份数", "count", 12))
RANK_COLUMNS = (
    Column("部门名称", "text", 36),
    Column("计算总分", "points", 12),
    Column("名次", "count", 12),
    Column("等级", "word", 20),
)
CHART_COLUMN = len(COLUMNS) + 1
CHART_LIMIT = 30


def write_statistics(sheet: Sheet, tables: Tables, rejected: int, unfiled: int) -> None:
    """Fills the sheet: counts and sums, grades with a chart, ranking with a chart."""
    sheet.title("统计与排名", "各数由公式从“汇总表”“全部问题”现算；“核对”一列比较两处的合计。", len(COLUMNS))
    sheet.head(HEAD, COLUMNS)
    row = _totals(sheet, tables, rejected, unfiled)
    row = _grades(sheet, row + 1, tables.workbooks)
    _ranking(sheet, row + 1, tables.workbooks)
    sheet.finish(HEAD, "统计与排名")
    sheet.raw.repeat_rows(row + 2)  # the ranking's header: it alone goes on over several pages


def _range(key: str, count: int) -> str:
    return f"{OVERVIEW}!{column_range(column_of(key), ROWS_HEAD + 1, ROWS_HEAD + max(1, count))}"


def _totals(sheet: Sheet, tables: Tables, rejected: int, unfiled: int) -> int:
    """Gives the row after the last."""
    frame = tables.workbooks
    count = len(frame)
    numbers = _range("number", count)
    lines: list[tuple[str, Live | int | str, str | Live, str]] = [
        ("读取的工作簿（份）", Live(f"COUNT({numbers})", Decimal(count)), "", ""),
    ]
    for status in ("reported", "returned"):
        word = STATUS_NAMES[status]
        number = int((frame["status"] == word).sum()) if count else 0
        lines.append((f"　{word}（份）", Live(f'COUNTIF({_range("status", count)},"{word}")', Decimal(number)), "", ""))
    lines += [("无法读取（份）", rejected, "", "见“未报送”表"), ("未报送（家）", unfiled, "", "见“未报送”表")]
    lines += _scores(frame)
    for key, name in SEVERITY_COLUMNS.items():
        stated = int(frame[key].sum()) if count else 0
        listed = int(tables.findings.loc[tables.findings["level"] == name, "count"].sum())
        lines.append(
            (
                f"{name}（条）",
                Live(f"SUM({_range(key, count)})", Decimal(stated)),
                _reconciled(name, stated, listed, key, tables),
                "",
            )
        )
    for row, line in enumerate(lines, start=HEAD + 1):
        sheet.row(row, COLUMNS, line)
    return HEAD + 1 + len(lines)


def _scores(frame: pd.DataFrame) -> list[tuple[str, Live | int | str, str | Live, str]]:
    totals = [t for t in frame["total"] if t is not None] if len(frame) else []
    if not totals:
        return [("有总分的工作簿（份）", 0, "", "")]
    cells = _range("total", len(frame))
    mean = total(totals) / len(totals)
    return [
        ("有总分的工作簿（份）", Live(f"COUNT({cells})", Decimal(len(totals))), "", ""),
        ("平均分", Live(f"ROUND(AVERAGE({cells}),2)", round(mean, 2)), "", "按计算总分，含退回修改的"),
        ("最高分", Live(f"MAX({cells})", max(totals)), "", ""),
        ("最低分", Live(f"MIN({cells})", min(totals)), "", ""),
    ]


def _reconciled(name: str, stated: int, listed: int, key: str, tables: Tables) -> Live:
    """一致, or the difference between the overview's sum and the number of lines listed."""
    lists = [
        f"'{p.sheet}'!{column_range(LEVEL_COLUMN, ROWS_HEAD + 1, ROWS_HEAD + max(1, p.last - p.first))}"
        for p in tables.lists[FINDINGS]
    ]
    lines = "+".join(f'COUNTIF({cells},"{name}")' for cells in lists)
    sums = f"SUM({_range(key, len(tables.workbooks))})"
    return Live(
        f'IF({sums}={lines},"一致","相差 "&({sums}-({lines})))',
        "一致" if stated == listed else f"相差 {stated - listed}",
    )


def _grades(sheet: Sheet, row: int, frame: pd.DataFrame) -> int:
    """How many workbooks have each grade; gives the row after the table."""
    sheet.section(row, "等级分布")
    sheet.head(row + 1, GRADE_COLUMNS)
    first = row + 2
    groups = graded_counts(frame)
    if not groups:
        sheet.row(first, GRADE_COLUMNS, ("没有评定等级的工作簿", 0))
        return first + 1
    for number, (grade, size) in enumerate(groups):
        formula = f'COUNTIF({_range("grade", len(frame))},"{grade}")'
        sheet.row(first + number, GRADE_COLUMNS, (grade, Live(formula, Decimal(size))))
    last = first + len(groups) - 1
    chart = _chart(sheet, "column", "等级分布（份）", first, last)
    chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_size({"width": 480, "height": 260})
    sheet.raw.insert_chart(HEAD, CHART_COLUMN, chart, {"object_position": 2})
    return last + 1


def graded_counts(frame: pd.DataFrame) -> list[tuple[str, int]]:
    """How many workbooks with a total have each grade, 优 before 良, whatever they are called."""
    graded = frame[frame["grade"].notna() & frame["total"].notna()] if len(frame) else frame
    if graded.empty:
        return []
    groups = graded.groupby("grade")["total"].agg(["size", "max"]).sort_values("max", ascending=False)
    return [(str(grade), int(size)) for grade, size in groups["size"].items()]


def _ranking(sheet: Sheet, row: int, frame: pd.DataFrame) -> None:
    """The reported workbooks by total; the chart shows the first thirty."""
    sheet.section(row, "得分排名（已出报告的）")
    sheet.head(row + 1, RANK_COLUMNS)
    first = row + 2
    reported = frame[(frame["status"] == STATUS_NAMES["reported"]) & frame["total"].notna()] if len(frame) else frame
    if reported.empty:
        sheet.put(first, 0, "没有已出报告并有总分的工作簿", "text", 36)
        return
    sheet.raw.set_h_pagebreaks([row])
    ranked = ranked_by(reported, "total")
    last = first + len(ranked) - 1
    scores = f"$B${first + 1}:$B${last + 1}"
    for number, (index, ranks) in enumerate(ranked.iterrows()):
        line, score = first + number, total_place(int(str(index)))
        name = Place(OVERVIEW, score.row, column_of("department"))
        rank = Live(f"RANK(B{line + 1},{scores})", Decimal(int(ranks["rank"])))
        sheet.row(
            line,
            RANK_COLUMNS,
            (
                Live(name.reference, ranks["department"]),
                Live(score.reference, ranks["total"]),
                rank,
                ranks["grade"] or "—",
            ),
        )
    shown = min(len(ranked), CHART_LIMIT)
    chart = _chart(
        sheet, "bar", "得分排名" if shown == len(ranked) else f"得分排名（前{shown}名）", first, first + shown - 1
    )
    chart.set_x_axis(
        {"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )  # cut short, bars would mislead
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_size({"width": 480, "height": 120 + 16 * shown})
    sheet.raw.insert_chart(first, CHART_COLUMN, chart, {"object_position": 2})


def _chart(sheet: Sheet, kind: str, title: str, first: int, last: int) -> Any:
    chart = sheet.book.chart(kind)
    series = {"categories": [NAME, first, 0, last, 0], "values": [NAME, first, 1, last, 1]}
    look = {"fill": {"color": "#1F4E79"}, "border": {"color": "#404040"}, "gap": 50}
    chart.add_series({"name": title, **series, **look, "data_labels": {"value": True, "font": {"size": 8}}})
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    return chart
