"""汇总表, the sheet: one row a workbook, with filters."""

from collections.abc import Mapping
from typing import Any

from perfeval.documents.summaries.rows import SEVERITY_COLUMNS
from perfeval.documents.summaries.tables import Tables, records
from perfeval.excel.write import Column, Live, Place, Sheet, Value
from perfeval.model.status import STATUS_NAMES
from perfeval.model.submission import PROJECT_KIND

NAME = "汇总表"
HEAD = 2
COLUMNS: Mapping[str, Column] = {
    "number": Column("序号", "count", 6),
    "department": Column("部门名称", "text", 30, 20),
    "year": Column("年度", "number", 7),
    "kind": Column("评价类型", "word", 10),
    "status": Column("状态", "word", 10),
    "total": Column("计算总分", "points", 8),
    "grade": Column("等级", "word", 6),
    "declared": Column("自评综合得分", "points", 8),
    "difference": Column("差异", "difference", 8),
    "execution": Column("预算执行率", "rate", 8),
    "errors": Column("错误", "count", 6),
    "questions": Column("疑点", "count", 6),
    "answered": Column("已说明疑点", "count", 8),
    "notices": Column("提示", "count", 6),
    "red": Column("红灯", "count", 6),
    "yellow": Column("黄灯", "count", 6),
    "not_scored": Column("未评分项", "count", 6),
}
TAIL: Mapping[str, Column] = {
    "regulation": Column("指标体系", "text", 20),
    "version": Column("版本", "number", 6),
    "file": Column("填报工作簿", "text", 30),
    "remark": Column("备注", "text", 40),
}
KEYS = tuple(COLUMNS)
NOTE = "差异 = 自评综合得分 − 计算总分。疑点只计没有说明的。没有计算总分的：未评分，或者是多个项目的项目支出工作簿（见“项目”表）。状态为退回修改的，得分以改正后的为准。"


def column_of(key: str) -> int:
    """The column of a value, counted from 0."""
    return KEYS.index(key)


def total_place(index: int) -> Place:
    """The total of the workbook at `index` (from 0)."""
    return Place(NAME, HEAD + 1 + index, column_of("total"))


def no_total(row: Mapping[str, Any]) -> str:
    """What is where a workbook has no total."""
    if row["kind"] == PROJECT_KIND:
        return "见“项目”表"
    return f"含 {row['not_scored']} 项未评分" if row["not_scored"] else "未评分"


def write_overview(sheet: Sheet, tables: Tables) -> None:
    """Fills the sheet. The blocks' scores are after the signals, one column each."""
    blocks = {name: Column(name, "points", 14) for name in tables.blocks}
    columns = {**COLUMNS, **blocks, **TAIL}
    layout = tuple(columns.values())
    sheet.title("绩效自评汇总表", NOTE, len(COLUMNS))
    sheet.head(HEAD, layout)
    rows = records(tables.workbooks)
    for index, row in enumerate(rows):
        sheet.row(HEAD + 1 + index, layout, [_value(key, row, index) for key in columns])
    if not rows:
        sheet.put(HEAD + 1, 1, "没有可以读取的填报工作簿", "text", 30)
    last = HEAD + max(1, len(rows))
    sheet.raw.autofilter(HEAD, 0, last, len(layout) - 1)
    _emphasise(sheet, last)
    if blocks:
        sheet.two_pages_wide(2)
    sheet.finish(HEAD, "绩效自评汇总", frozen_columns=2)


def _value(key: str, row: Mapping[str, Any], index: int) -> Value:
    value = row.get(key)
    if key == "number":
        return index + 1
    if key == "total" and value is None:
        return no_total(row)
    if key == "difference":
        total, declared = (
            Place(NAME, HEAD + 1 + index, column_of("total")),
            Place(NAME, HEAD + 1 + index, column_of("declared")),
        )
        return None if value is None else Live(f"ROUND({declared.cell}-{total.cell},4)", value)
    if value is None:
        return MISSING.get(key, "")
    return value if isinstance(value, str | Live) or key not in SEVERITY_COLUMNS else int(value)


MISSING = {
    "declared": "未填",
    "execution": "无法计算",
    "grade": "—",
    "year": "未填",
    "kind": "未填",
    "regulation": "未填",
}


def _emphasise(sheet: Sheet, last: int) -> None:
    """Returned workbooks, errors and red lights stand out, in bold as well as in colour."""
    first = HEAD + 1
    returned = STATUS_NAMES["returned"]
    status = {"type": "cell", "criteria": "==", "value": f'"{returned}"', "format": sheet.book.emphasis("#FCE4D6")}
    sheet.raw.conditional_format(first, column_of("status"), last, column_of("status"), status)
    for key, color in (("errors", "#FCE4D6"), ("red", "#F8CBAD"), ("yellow", "#FFF2CC")):
        column = column_of(key)
        cell = Place(NAME, first, column).cell
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}>0)", "format": sheet.book.emphasis(color)}
        sheet.raw.conditional_format(first, column, last, column, rule)
