"""The sheets of 汇总表.xlsx in their order, and the plain lists among them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.documents.summaries import overview, totals
from perfeval.documents.summaries.parts import parts
from perfeval.documents.summaries.review import RULE, review_first
from perfeval.documents.summaries.tables import Tables, records
from perfeval.documents.workbook import Book, Column, Live, Place, Sheet, Value

HEAD = 2
LISTS = {
    "项目": (
        "项目执行与得分",
        "单位：万元、分。项目支出工作簿按项目评分；部门整体工作簿的项目列有指标的才有得分。",
        {
            "department": Column("部门名称", "line", 30),
            "kind": Column("评价类型", "line", 10),
            "name": Column("项目名称", "line", 36),
            "type": Column("项目类型", "line", 10),
            "initial_budget": Column("年初预算数", "amount", 16),
            "adjusted_budget": Column("调整后预算数", "amount", 16),
            "executed": Column("执行数", "amount", 16),
            "execution_rate": Column("执行率", "rate", 10),
            "carryover_rate": Column("结余率", "rate", 10),
            "total": Column("得分", "points", 10),
            "grade": Column("等级", "line", 8),
        },
    ),
    "全部问题": (
        "全部问题",
        "“位置”是填报工作簿中的单元格。可以用筛选只看一个部门、一个级别或者一个编号。",
        {
            "department": Column("部门名称", "text", 24),
            "level": Column("级别", "word", 14),
            "code": Column("编号", "word", 16),
            "sheet": Column("工作表", "word", 12),
            "cell": Column("单元格", "word", 8),
            "label": Column("项目", "text", 18),
            "found": Column("现在是", "text", 18),
            "expected": Column("应为", "text", 14),
            "message": Column("问题", "text", 46),
            "fix": Column("改法", "text", 40),
        },
    ),
    "全部指标": (
        "全部绩效指标",
        "完成比 = 实际完成值 ÷ 指标值；没有得分的写“未评分”。",
        {
            "department": Column("部门名称", "line", 24),
            "subject": Column("适用对象", "line", 16),
            "l1": Column("一级指标", "line", 12),
            "l2": Column("二级指标", "line", 12),
            "l3": Column("三级指标", "line", 32),
            "nature": Column("指标性质", "line", 8),
            "target": Column("指标值", "line", 14),
            "actual": Column("实际完成值", "line", 14),
            "unit": Column("计量单位", "line", 10),
            "weight": Column("权重", "number", 8),
            "ratio": Column("完成比", "rate", 10),
            "score": Column("计算得分", "points", 10),
            "declared": Column("自评得分", "points", 10),
        },
    ),
    "复核信号": (
        "复核信号（只供复核人员参考，不影响得分）",
        "红灯：结果与执行明显不符；黄灯：需要留意；参考：填报特征。",
        {
            "department": Column("部门名称", "text", 30),
            "light": Column("信号", "word", 8),
            "code": Column("编号", "word", 14),
            "message": Column("内容", "text", 90),
        },
    ),
    "常见问题": (
        "常见问题",
        "同一编号的问题合在一起，按级别和涉及的部门数排列；已经说明的疑点不计。",
        {
            "level": Column("级别", "word", 8),
            "code": Column("编号", "word", 16),
            "title": Column("问题", "text", 36),
            "departments": Column("涉及部门数", "count", 10),
            "count": Column("条数", "count", 8),
            "named": Column("涉及部门", "text", 40),
            "example": Column("例", "text", 50),
        },
    ),
}
MISSING = {"total": "未评分", "score": "未评分", "declared": "未填", "weight": "未填", "grade": "—", "ratio": "—"}
MISSING_OTHER = {"amount": "未填", "rate": "无法计算"}


def write(
    book: Book,
    tables: Tables,
    rejected: Sequence[Mapping[str, str]],
    unfiled: Sequence[str],
    duplicates: Sequence[tuple[str, Sequence[str]]],
) -> None:
    """Every sheet; the overview first."""
    sheet = {name: book.sheet(name) for name in (overview.NAME, totals.NAME, "先看这五家", "未报送")}
    overview.write_overview(sheet[overview.NAME], tables)
    frames = {
        "常见问题": tables.common,
        "项目": tables.projects,
        totals.FINDINGS: tables.findings,
        "全部指标": tables.indicators,
        "复核信号": tables.signals,
    }
    for name, frame in frames.items():
        title, note, columns = LISTS[name]
        for part in parts(name, len(frame)):
            write_list(book.sheet(part.sheet), title, note, columns, frame.iloc[part.first : part.last])
    totals.write_statistics(sheet[totals.NAME], tables, len(rejected), len(unfiled))
    _review(sheet["先看这五家"], tables)
    _unfiled(sheet["未报送"], unfiled, rejected)
    _duplicates(book.sheet("相同文字"), duplicates)


def write_list(sheet: Sheet, title: str, note: str, columns: Mapping[str, Column], frame: pd.DataFrame) -> None:
    """A frame as a filtered table; its columns by key."""
    layout = tuple(columns.values())
    sheet.title(title, note, len(layout))
    sheet.head(HEAD, layout)
    if frame.empty:
        sheet.put(HEAD + 1, 0, "没有", "text", 30)
    fills = [MISSING.get(key, MISSING_OTHER.get(column.look, "")) for key, column in columns.items()]
    for row, values in enumerate(frame[list(columns)].itertuples(index=False), start=HEAD + 1):
        sheet.row(row, layout, (plain(value, fill) for value, fill in zip(values, fills, strict=True)))
    sheet.raw.autofilter(HEAD, 0, HEAD + max(1, len(frame)), len(layout) - 1)
    sheet.finish(HEAD, title)


def plain(value: Any, missing: str) -> Value:
    """A frame's value as a cell takes it; pandas may have made None into NaN."""
    if value is None or (isinstance(value, float) and value != value):
        return missing
    return value if isinstance(value, str | Decimal) else int(value)


def _review(sheet: Sheet, tables: Tables) -> None:
    columns = (
        Column("顺序", "count", 6),
        Column("部门名称", "text", 34),
        Column("总分", "points", 10),
        Column("状态", "word", 12),
        Column("理由", "text", 80),
    )
    sheet.title("先看这五家", RULE, len(columns))
    sheet.head(HEAD, columns)
    firsts, rows = review_first(tables.workbooks), records(tables.workbooks)
    for number, first in enumerate(firsts, start=1):
        row = HEAD + number
        told = rows[first.index]
        total = overview.total_place(first.index)
        value: Value = Live(total.reference, told["total"]) if told["total"] is not None else overview.no_total(told)
        sheet.row(row, columns, (number, None, value, told["status"], first.reasons))
        sheet.link(row, 1, Place(overview.NAME, total.row, 1), told["department"], 34)
    if not firsts:
        sheet.put(HEAD + 1, 1, "没有需要先看的", "text", 34)
    sheet.finish(HEAD, "先看这五家")


def _unfiled(sheet: Sheet, unfiled: Sequence[str], rejected: Sequence[Mapping[str, str]]) -> None:
    columns = (Column("序号", "count", 6), Column("部门或文件", "text", 50, 40), Column("情况", "text", 80, 40))
    sheet.title(
        f"未报送 {len(unfiled)} 家，无法读取 {len(rejected)} 份",
        "未报送按名册比对；没有提供名册时不列。无法读取的文件请按原因改正后重新报送。",
        len(columns),
    )
    sheet.head(HEAD, columns)
    lines: list[tuple[str, str]] = [(name, "未报送") for name in unfiled]
    lines += [(line["file"], f"无法读取：{line['reason']}") for line in rejected]
    _numbered(sheet, columns, lines)
    sheet.finish(HEAD, "未报送")


def _duplicates(sheet: Sheet, duplicates: Sequence[tuple[str, Sequence[str]]]) -> None:
    columns = (Column("序号", "count", 6), Column("相同的文字", "text", 90, 40), Column("部门", "text", 50, 40))
    sheet.title("不同部门填写的相同文字", "较长的文字在两个以上部门中完全相同，请核对是否照抄。", len(columns))
    sheet.head(HEAD, columns)
    _numbered(sheet, columns, [(text, "、".join(names)) for text, names in duplicates])
    sheet.finish(HEAD, "相同文字")


def _numbered(sheet: Sheet, columns: Sequence[Column], lines: Iterable[tuple[str, str]]) -> None:
    number = 0
    for number, line in enumerate(lines, start=1):
        sheet.row(HEAD + number, columns, (number, *line))
    if not number:
        sheet.put(HEAD + 1, 1, "没有", "text", 40)
