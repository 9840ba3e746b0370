"""What the words of a 指标值 or 实际完成值 mean: a quantity, a date, a level, a scale, or words that are never guessed at."""

import re

from perfeval.filing.typed.dates import span_of
from perfeval.filing.typed.numbers import Quantity, half_width, quantity_of
from perfeval.model.readings import Level, Number, Phrase, Reading, Scale

ACHIEVED, PARTLY, NOT_ACHIEVED = "达成", "部分达成", "未达成"
ACHIEVED_WORDS = frozenset(
    {
        "达成", "已达成", "全部达成", "完成", "已完成", "全部完成", "已全部完成", "按期完成", "按时完成", "达成预期指标", "达成年度指标", "达成预期目标", "达成目标值",
        "达到目标值", "达到预期指标", "达到预期目标", "达到预期",
    }
)  # fmt: skip
PARTLY_WORDS = frozenset(
    {
        "部分达成",
        "部分完成",
        "部分达成并具有一定效果",
        "部分达成预期指标并具有一定效果",
        "部分达成年度指标并具有一定效果",
    }
)
NOT_ACHIEVED_WORDS = frozenset(
    {"未达成", "未完成", "未达成且效果较差", "未达成预期指标且效果较差", "未达成年度指标且效果较差", "没有完成"}
)
WORDS = {
    **dict.fromkeys(ACHIEVED_WORDS, ACHIEVED),
    **dict.fromkeys(PARTLY_WORDS, PARTLY),
    **dict.fromkeys(NOT_ACHIEVED_WORDS, NOT_ACHIEVED),
}
LEVEL_NAMES = """优 良 中 低 差 好 坏 优秀 良好 中等 合格 不合格 一般 较好 较差 很好 基本完成 显著 较显著 不显著 明显 较明显 不明显 满意 基本满意 较满意 非常满意 不满意
    及时 不及时 达标 不达标 是 否 有 无效 有效 健全 不健全 完善 较完善 规范 高 较高 较低 稳定 通过 未通过 提升 提高 改善 增强"""
LEVELS = frozenset(LEVEL_NAMES.split())
GRADES = {"优秀": "优", "良好": "良", "中等": "中"}  # the same step in two words; 较好 and 满意 are steps of no scale
SCALES = {
    "优良中低差": ("优", "良", "中", "低", "差"),
    "优良中差": ("优", "良", "中", "差"),
    "优中差": ("优", "中", "差"),
    "高中低": ("高", "中", "低"),
    "好坏": ("好", "坏"),
    "好中差": ("好", "中", "差"),
    "是否": ("是", "否"),
    "达成部分达成未达成": (ACHIEVED, PARTLY, NOT_ACHIEVED),
    "达成预期指标部分达成并具有一定效果未达成且效果较差": (ACHIEVED, PARTLY, NOT_ACHIEVED),
}
SCALE_SEPARATORS = re.compile(r"[\s、,，/;；|和或]+")
SENTENCE_END = re.compile(r"[。.!！]+$")


def words_of(text: str, year: int | None) -> Reading:
    """The reading of a text that is no quantity. `year` completes a date without one. Raises ImpossibleDate."""
    bare = SENTENCE_END.sub("", half_width(text).strip())
    if bare in WORDS:
        return Level(WORDS[bare])
    if bare in LEVELS:
        return Level(bare)
    scale = SCALES.get(SCALE_SEPARATORS.sub("", bare))
    if scale is not None:
        return Scale(scale)
    return span_of(bare, year) or Phrase(text)


def reading_of(text: str, year: int | None, own_unit: str = "") -> Reading:
    """The reading of a typed text; units are not yet compared with 计量单位. Raises ImpossibleDate."""
    words = words_of(text, year)
    if not isinstance(words, Phrase):
        return words
    quantity: Quantity | None = quantity_of(text, own_unit)
    return Number(quantity.value, quantity.unit, quantity.comparator) if quantity is not None else words
