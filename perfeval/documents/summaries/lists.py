"""The long lists of 汇总表: their columns, and one workbook's lines of them as a worker writes them, so that the
coordinator only strings them together."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from perfeval.excel.looks import LOOKS
from perfeval.excel.write import HIGHEST, LINE_HEIGHT, PADDING, SLACK, Column, display_width
from perfeval.model.text import clean

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
            "total": Column("得分", "points", 10),
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
USED_LOOKS = tuple(dict.fromkeys(column.look for _, _, columns in LISTS.values() for column in columns.values()))
ROW_NUMBER, ROW_END = "\x00", "\x01"  # stand for what the coordinator alone knows; a cleaned text holds neither
STYLES = {look: chr(0x10 + number) for number, look in enumerate(USED_LOOKS)}  # so do these, for styles
LONGEST = 32_767  # characters that Excel takes in a cell
LOOKS_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A


@dataclass(frozen=True, slots=True)
class Lines:
    """One workbook's lines of a list: how many, and their rows' XML, compressed."""

    count: int
    packed: bytes

    def rows(self, styles: Mapping[str, int]) -> list[bytes]:
        """The rows, their numbers still open; `styles` are the looks' numbers in the workbook being written."""
        xml = zlib.decompress(self.packed)
        for look, mark in STYLES.items():
            xml = xml.replace(mark.encode(), b"%d" % styles[look])
        return xml.split(ROW_END.encode())[:-1]


def numbered(rows: Iterable[bytes], first: int) -> Iterator[bytes]:
    """The rows with their numbers, from `first` (counted from 1)."""
    mark = ROW_NUMBER.encode()
    for number, row in enumerate(rows, start=first):
        yield row.replace(mark, b"%d" % number)


def width(column: Column) -> float:
    """A list's columns are always as wide as they may be, so that a worker knows how high a row gets."""
    return max(column.widest, column.narrowest) + PADDING


def lines(name: str, rows: Iterable[Mapping[str, Any]]) -> Lines:
    """One workbook's lines of the list `name`."""
    columns = LISTS[name][2]
    layout = [
        (key, column.look, xl_col_to_name(n), fill_of(key, column)) for n, (key, column) in enumerate(columns.items())
    ]
    wrapped = [(n, width(column) - SLACK) for n, column in enumerate(columns.values()) if LOOKS[column.look].wraps]
    written = []
    for row in rows:
        values = [fill if row[key] is None else row[key] for key, _, _, fill in layout]
        cells = "".join(
            [_cell(letter, look, value) for (_, look, letter, _), value in zip(layout, values, strict=True)]
        )
        written.append(
            f'<row r="{ROW_NUMBER}"{_height([(values[n], room) for n, room in wrapped])}>{cells}</row>{ROW_END}'
        )
    return Lines(len(written), zlib.compress("".join(written).encode(), 1))


def fill_of(key: str, column: Column) -> str:
    """What is where a value is missing."""
    return MISSING.get(key, MISSING_OTHER.get(column.look, ""))


@lru_cache(maxsize=8192)  # the same words are in many rows and many workbooks
def _cell(letter: str, look: str, value: str | Decimal | int) -> str:
    if not isinstance(value, str):
        return f'<c r="{letter}{ROW_NUMBER}" s="{STYLES[look]}"><v>{float(value):.16G}</v></c>'
    text = LOOKS_LIKE_AN_ESCAPE.sub("_x005F_", escape(clean(value)[:LONGEST]))
    style = STYLES["word" if LOOKS[look].digits else look]  # words where a number is missing
    return f'<c r="{letter}{ROW_NUMBER}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _height(texts: Iterable[tuple[str, float]]) -> str:
    """As high as the wrapped text needs: not every program works that out by itself."""
    long = (
        (value, room) for value, room in texts if 2 * len(value) > room or "\n" in value
    )  # a shorter one stays on a line in any case
    count = max(
        (sum(max(1, ceil(display_width(line) / room)) for line in value.split("\n")) for value, room in long), default=1
    )
    return f' ht="{min(HIGHEST, LINE_HEIGHT * count + 4):g}" customHeight="1"' if count > 1 else ""
