"""Units of measure as people write them: their normal form, and a number of one unit as so many of another. Synonyms
and factors are data, `units.toml`."""

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from perfeval.model.numbers import half_up

_DATA = tomllib.loads(files("perfeval.filing.typed").joinpath("units.toml").read_text(encoding="utf-8"))
SEPARATORS = re.compile(r"[·・•*×xX]")
SYNONYMS: dict[str, str] = _DATA["synonyms"]
FAMILIES: tuple[dict[str, Fraction], ...] = tuple(
    {unit: Fraction(size) for unit, size in family.items()} for family in _DATA["families"]
)
YEARLY = "年"  # an evaluation is of one year: 4次/年 are 4次
PLACES = 6  # decimals of a conversion that does not come out even: 100分钟 → 1.666667小时
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
    工作日 秒 半年"""
SINGLE = frozenset([*NAMES.split(), *(unit for family in FAMILIES for unit in family)])


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


def converted(value: Decimal, source: str, target: str) -> Decimal | None:
    """A number counted in `source` as it is counted in `target`; None where no factor is known. 1.2 万亩 in 亩: 12000."""
    ratio = _ratio(normal(source), normal(target))
    if ratio is None:
        return None
    exact = Fraction(value) * ratio
    result = Decimal(exact.numerator) / Decimal(exact.denominator)
    return result if Fraction(result) == exact else half_up(result, PLACES)


def why_not(source: str, target: str) -> str:
    """Why two units cannot be converted: “一天可能按 24 小时，也可能按 8 小时工作时间算”."""
    first, second = normal(source), normal(target)
    if first.partition("/")[0] == second.partition("/")[0]:
        return f"“{source}”和“{target}”所指的期间或范围不同"
    pair = {first, second}
    known = (e["why"] for e in _DATA["unclear"] if pair & set(e["units"]) and pair & set(e["against"]))
    return next(known, f"“{source}”和“{target}”之间没有固定的比例")


@lru_cache(maxsize=1024)
def _ratio(source: str, target: str) -> Fraction | None:
    if source == target:
        return Fraction(1)
    if not source or not target:
        return None
    (first, _, first_rest), (second, _, second_rest) = source.partition("/"), target.partition("/")
    if first_rest != second_rest and {first_rest, second_rest} != {"", YEARLY}:
        return None
    (base, share), (other, other_share) = _in_base(first), _in_base(second)
    if base != other and base and other:  # a bare multiplier (5万) counts in whatever the other side counts
        return None
    return share / other_share


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
