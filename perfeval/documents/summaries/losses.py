"""Two views of the bureau: 执行率排名, and the items on which most points were lost."""

from decimal import Decimal

import pandas as pd

from perfeval.documents.summaries import overview
from perfeval.documents.summaries.tables import Tables, ranked_by
from perfeval.excel.write import Column, Live, Place, Sheet
from perfeval.model.numbers import half_up, total

EXECUTION, LOST = "执行率排名", "失分最多的项"
HEAD = 2
EXECUTION_COLUMNS = (
    Column("名次", "count", 6),
    Column("部门名称", "text", 40, 20),
    Column("预算执行率", "rate", 12),
    Column("状态", "word", 12),
)
LOST_COLUMNS = (
    Column("指标体系", "text", 24),
    Column("编号", "word", 8),
    Column("指标", "text", 30),
    Column("评分的部门数", "count", 10),
    Column("失分的部门数", "count", 10),
    Column("共失分", "points", 10),
    Column("平均得分率", "rate", 12),
)


def write_execution(sheet: Sheet, tables: Tables) -> None:
    """Every workbook that has a rate, the highest first; each rate is that of 汇总表."""
    frame, note = tables.workbooks, "预算执行率 = 执行数 ÷ 调整后预算数；项目支出的工作簿是项目执行率。无法计算的不列。"
    sheet.title(EXECUTION, note, len(EXECUTION_COLUMNS))
    sheet.head(HEAD, EXECUTION_COLUMNS)
    rated = frame[frame["execution"].notna()] if len(frame) else frame
    if rated.empty:
        sheet.put(HEAD + 1, 1, "没有能算出执行率的工作簿", "text", 40)
    else:
        _ranked(sheet, ranked_by(rated, "execution"))
    sheet.finish(HEAD, EXECUTION)


def _ranked(sheet: Sheet, rated: pd.DataFrame) -> None:
    first, column = HEAD + 1, overview.column_of("execution")
    cells = f"$C${first + 1}:$C${first + len(rated)}"
    for line, (index, row) in enumerate(rated.iterrows(), start=first):
        place = Place(overview.NAME, overview.HEAD + 1 + int(str(index)), column)
        name = Place(overview.NAME, place.row, overview.column_of("department"))
        rank = Live(f"RANK(C{line + 1},{cells})", Decimal(int(row["rank"])))
        values = rank, Live(name.reference, row["department"]), Live(place.reference, row["execution"]), row["status"]
        sheet.row(line, EXECUTION_COLUMNS, values)


def write_lost(sheet: Sheet, tables: Tables) -> None:
    """The items of each regulation on which points were lost, those with the most first. 未评分 and 不涉及 are no loss."""
    sheet.title(
        LOST, "失分 = 分值 − 得分，只算评了分的末级指标；平均得分率 = 各部门得分之和 ÷ 分值之和。", len(LOST_COLUMNS)
    )
    sheet.head(HEAD, LOST_COLUMNS)
    lost = lost_points(tables.items)
    if lost.empty:
        sheet.put(HEAD + 1, 2, "没有失分的项", "text", 30)
    for line, row in enumerate(lost.itertuples(index=False, name=None), start=HEAD + 1):
        sheet.row(line, LOST_COLUMNS, row)
    sheet.finish(HEAD, LOST)


def lost_points(items: pd.DataFrame) -> pd.DataFrame:
    """One row an item, in the order of LOST_COLUMNS; Decimal points, the rate a share to four decimals."""
    columns = ["regulation", "id", "name", "scored", "departments", "lost", "rate"]
    if items.empty:
        return pd.DataFrame(columns=columns)
    lines = []
    for (regulation, identifier, name), group in items.groupby(["regulation", "id", "name"], sort=False):
        points, most = total(group["score"]), total(group["max"])
        losing = group[group["score"] < group["max"]]
        if len(losing):
            rate = half_up(points / most, 4)
            lines.append((regulation, identifier, name, len(group), len(losing), most - points, rate))
    found = pd.DataFrame(lines, columns=columns, dtype=object)
    return found.sort_values(["lost", "departments"], ascending=False, kind="stable") if lines else found
