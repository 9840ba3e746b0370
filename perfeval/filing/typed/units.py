"""Units of measure as people write them: their normal form, and the factor between two of one kind."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

SEPARATORS = re.compile(r"[·・•*×xX]")
SYNONYMS = {
    "百分比": "%", "百分之": "%", "%": "%", "百分点": "个百分点", "畝": "亩", "戶": "户", "日": "天", "名": "人", "位": "人", "㎡": "平方米",
    "m2": "平方米", "m²": "平方米", "平米": "平方米", "平方": "平方米", "m3": "立方米", "m³": "立方米", "立方": "立方米", "km": "公里", "千米": "公里",
    "m": "米", "cm": "厘米",
    "mm": "毫米", "kg": "公斤", "千克": "公斤", "g": "克", "t": "吨", "h": "小时", "人民币": "元", "块钱": "元", "rmb": "元", "課時": "课时",
    "個": "个", "家次": "家次", "萬": "万",
    "億": "亿", "萬元": "万元", "億元": "亿元",
}  # fmt: skip
FAMILIES: tuple[dict[str, Fraction], ...] = (
    {"元": Fraction(1), "角": Fraction(1, 10), "分钱": Fraction(1, 100)},
    {"米": Fraction(1), "公里": Fraction(1000), "厘米": Fraction(1, 100), "毫米": Fraction(1, 1000)},
    {"公斤": Fraction(1), "吨": Fraction(1000), "克": Fraction(1, 1000), "斤": Fraction(1, 2)},
    {"亩": Fraction(1), "公顷": Fraction(15), "平方公里": Fraction(1500)},
    {"小时": Fraction(1), "分钟": Fraction(1, 60)},
    {"%": Fraction(1), "‰": Fraction(1, 10)},
    {"升": Fraction(1), "毫升": Fraction(1, 1000)},
    {"MB": Fraction(1), "GB": Fraction(1024), "TB": Fraction(1024 * 1024)},
    {"月": Fraction(1), "个月": Fraction(1), "年": Fraction(12)},
)
MULTIPLIERS = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
MULTIPLIED = re.compile(rf"({'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})(.*)")
NAMES = """
    个 家 人 次 项 户 件 份 期 篇 条 套 台 辆 座 处 所 场 批 册 本 只 头 匹 羽 尾 棵 株 例 宗 起 部 幅 张 块 盏 根 眼 口 间 栋 幢 层 片 对 双 艘 枚 组 支 班 村 镇 乡 县 社区
    门 类 种 倍 岁 周岁 度 度电 千瓦时 千瓦 周 季度 季 天 时 课时 学时 节 节课 人次 人天 户次 车次 班次 家次 场次 项次 台次 床 床位 站 点 个百分点 标段 段 道 面 页 字 分 级 等 公
    立方米 平方米 平方千米 平方公里 万元 亿元 名次 学生 台套 对象 套次 件次 宗次 份次 亩次 村次 批次 届 轮 笔 单 款 箱 袋 瓶 桶 车 艘次 孔 井 座次 户数 人数 户均 人均 元
    米 厘米 毫米 公里 亩 公顷 吨 公斤 克 斤 小时 分钟 升 毫升 月 个月 年 MB GB TB % ‰ 角"""
SINGLE = frozenset(NAMES.split())


@lru_cache(maxsize=1024)  # the same few units come again row by row
def normal(unit: str) -> str:
    """A unit without spaces and brackets, one spelling for synonyms and separators: 元/人*月 → 元/人·月."""
    bare = re.sub(r"[\s()（）]", "", unit).replace("％", "%").replace("／", "/")
    bare = SEPARATORS.sub("·", bare) if "/" in bare else bare
    parts = re.split(r"([/·])", bare)
    return "".join(SYNONYMS.get(part, SYNONYMS.get(part.lower(), part)) for part in parts)


def is_unit(text: str) -> bool:
    """Whether a text can only be a unit: 个, 万亩, 元/人·月."""
    return bool(text) and all(_is_single(part) for part in re.split(r"[/·]", normal(text)))


def _is_single(part: str) -> bool:
    if part in SINGLE:
        return True
    match = MULTIPLIED.fullmatch(part)
    return match is not None and (match[2] == "" or match[2] in SINGLE)


def factor(source: str, target: str) -> Decimal | None:
    """What a number in `source` is multiplied by to be in `target`; None where no exact factor is known. 万亩 → 亩:
    10000."""
    first, second = normal(source), normal(target)
    if first == second:
        return Decimal(1)
    if not first or not second:
        return None
    (first_head, _, first_rest), (second_head, _, second_rest) = first.partition("/"), second.partition("/")
    if first_rest != second_rest:
        return None
    return _exact(_in_base(first_head), _in_base(second_head))


def _in_base(unit: str) -> tuple[str, Fraction]:
    """The family's base unit (or the unit itself) and how many of it the unit is."""
    for family in FAMILIES:
        if unit in family:
            return next(iter(family)), family[unit]
    match = MULTIPLIED.fullmatch(unit)
    if match is not None:
        base, share = _in_base(match[2]) if match[2] else ("", Fraction(1))
        return base, share * MULTIPLIERS[match[1]]
    return unit, Fraction(1)


def _exact(source: tuple[str, Fraction], target: tuple[str, Fraction]) -> Decimal | None:
    """A bare multiplier (5万) counts in whatever the other side counts."""
    if source[0] != target[0] and source[0] and target[0]:
        return None
    if source[0] == "" and target[0] == "" and source[1] == target[1]:
        return Decimal(1)
    ratio = source[1] / target[1]
    value = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return value if Fraction(value) == ratio else None
