"""The long lists of 汇总表: their columns, and one workbook's lines of them, made in its worker and packed.

The coordinator holds the lines of thousands of workbooks until it writes them.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfeval.excel.write import Column, Value

PROJECTS, FINDINGS, INDICATORS, SIGNALS = "项目", "全部问题", "全部指标", "复核信号"
LISTS: Mapping[str, tuple[str, str, Mapping[str, Column]]] = {
    PROJECTS: (
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
            "total": Column("计算总分", "points", 10),
            "declared": Column("自评总分", "points", 10),
            "grade": Column("等级", "line", 8),
        },
    ),
    FINDINGS: (
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
    INDICATORS: (
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
    SIGNALS: (
        "复核信号（只供复核人员参考，不影响得分）",
        "红灯：结果与执行明显不符；黄灯：需要留意；参考：填报特征。",
        {
            "department": Column("部门名称", "text", 30),
            "light": Column("信号", "word", 8),
            "code": Column("编号", "word", 14),
            "message": Column("内容", "text", 90),
        },
    ),
}
MISSING = {"total": "未评分", "score": "未评分", "declared": "未填", "weight": "未填", "grade": "—", "ratio": "—"}
MISSING_OTHER = {"amount": "未填", "rate": "无法计算"}


@dataclass(frozen=True, slots=True)
class Lines:
    """One workbook's lines of a list: how many, and their values as JSON, compressed."""

    count: int
    packed: bytes

    def rows(self) -> list[list[Value]]:
        """The values of each line, column by column."""
        return json.loads(zlib.decompress(self.packed), parse_float=Decimal)  # type: ignore[no-any-return]


def lines(name: str, rows: Iterable[Mapping[str, Any]]) -> Lines:
    """One workbook's lines of the list `name`."""
    fills = {key: MISSING.get(key, MISSING_OTHER.get(column.look, "")) for key, column in LISTS[name][2].items()}
    values = [[fill if row[key] is None else row[key] for key, fill in fills.items()] for row in rows]
    return Lines(len(values), zlib.compress(json.dumps(values, ensure_ascii=False, default=float).encode(), 1))
