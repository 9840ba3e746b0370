"""Rows of 指标 as an honest department fills them in: six kinds of indicator, each reached, just reached, missed or far
surpassed, and explained where it must be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

Row = dict[str, str]
PLACES = (
    "城关镇", "永和镇", "共安乡", "和平乡", "红华镇", "吉星乡", "东街社区", "西街社区", "北山片区", "南岸片区", "河东片区", "开发区",
    "老城区", "新城区", "高新片区", "乡镇", "社区", "农村", "全区", "重点区域", "临江片区", "工业园区", "中心校", "敬老院",
)  # fmt: skip
REASONS = (
    "受7月洪灾影响，部分工程停工45天",
    "省级资金于11月下达，当年来不及全部实施",
    "机构改革后人员于9月到位",
    "服务对象搬迁，需求比年初测算的少",
    "上级临时增加任务，超出年初测算",
    "采购竞价后单价下降，同样的资金多办了事",
)


class Draw(Random):
    """A source of chance that knows whether it is for a spotless department, in which nothing goes wrong."""

    spotless = False

    def slips(self, chance: float) -> bool:
        """Whether something goes wrong here; the draw is made either way."""
        return self.random() < chance and not self.spotless


@dataclass(frozen=True)
class Kind:
    """A kind of indicator: where it is, what it may be called, how its values are drawn."""

    level1: str
    level2: str
    names: tuple[str, ...]
    values: str  # count | length | rate | money | low_rate | date | scale | goal | years
    unit: str = ""
    natures: tuple[str, ...] = ("≥",)


KINDS: tuple[tuple[Kind, ...], ...] = (
    (
        Kind("产出指标", "数量指标", ("维修校舍数量", "建设文化广场"), "count", "所", ("≥", "=", ">")),
        Kind("产出指标", "数量指标", ("开展执法检查", "组织技能培训", "召开调度会议"), "count", "次", ("≥", "=")),
        Kind("产出指标", "数量指标", ("发放困难群众补助", "办理审批事项"), "count", "件", ("≥", "=", "")),
        Kind("产出指标", "数量指标", ("新建供水管网", "整治农村公路"), "length", "公里", ("≥",)),
        Kind("产出指标", "数量指标", ("聘用人员数量",), "count", "人", ("≤", "=")),
    ),
    (
        Kind("产出指标", "质量指标", ("工程验收合格率", "数据准确率", "培训合格率"), "rate", "%", ("≥", "=", "")),
        Kind("产出指标", "质量指标", ("成果评审质量", "档案整理质量"), "scale", "", ("定性",)),
        Kind("产出指标", "质量指标", ("台账差错率",), "low_rate", "%", ("≤", "<")),
    ),
    (
        Kind("产出指标", "时效指标", ("项目完成时间", "报告报送时间"), "date", "", ("≤",)),
        Kind("产出指标", "时效指标", ("资金拨付及时率", "按时办结率"), "rate", "%", ("≥", "=")),
    ),
    (
        Kind("产出指标", "成本指标", ("人均培训费用", "户均补助标准"), "money", "元/人", ("≤", "<")),
        Kind("产出指标", "成本指标", ("维修工程总费用", "设备购置费用"), "money", "万元", ("≤", "=", "")),
    ),
    (
        Kind("效益指标", "社会效益指标", ("受益群众人数", "带动就业人数"), "count", "人", ("≥",)),
        Kind("效益指标", "社会效益指标", ("群众出行便利程度", "公共服务水平"), "goal", "", ("定性",)),
        Kind("效益指标", "经济效益指标", ("企业产值增长率", "粮食增产比例"), "low_rate", "%", ("≥",)),
        Kind("效益指标", "生态效益指标", ("污水集中处理率", "垃圾分类覆盖率"), "rate", "%", ("≥", ">")),
        Kind("效益指标", "可持续影响指标", ("设施持续使用年限",), "years", "年", ("≥",)),
    ),
    (
        Kind(
            "满意度指标", "服务对象满意度指标", ("群众满意度", "服务对象满意度", "参训人员满意度"), "rate", "%", ("≥",)
        ),
        Kind("满意度指标", "满意度指标", ("企业满意度",), "rate", "%", ("≥", ">")),
    ),
)
ALL_KINDS = len(KINDS)
DEADLINES = (
    ("12月底前", ("12月", "11月", "{year}年11月20日", "{year}年12月31日")),
    ("9月底前", ("7月", "{year}年9月30日")),
)
LATE = "{later}年1月15日"


def group(rng: Draw, subject: str, count: int, shares: Sequence[tuple[str, int]], year: int) -> list[Row]:
    """The rows of one 适用对象: as many kinds as fit, the weights of each 一级指标 adding to its share (points), or all of them
    to one share."""
    kinds = [rng.choice(KINDS[i % ALL_KINDS]) for i in range(count)]
    weights = _weights(rng, [kind.level1 for kind in kinds], shares)
    names: set[str] = set()
    rows = []
    for kind, weight in zip(kinds, weights, strict=True):
        name = _name(rng, kind, names)
        row = {
            "适用对象": subject,
            "一级指标": kind.level1,
            "二级指标": kind.level2,
            "三级指标": name,
            "权重": _plain(weight),
        }
        values = _values(rng, kind, year)
        if values.get("偏差原因"):  # one sentence in three rows would be no reason
            values["偏差原因"] = f"{subject}的{name}：{values['偏差原因']}"
        rows.append({**row, **values})
    return rows


def _name(rng: Draw, kind: Kind, taken: set[str]) -> str:
    """A 三级指标 this 适用对象 does not have yet."""
    for _ in range(20):
        name = rng.choice(("", rng.choice(PLACES))) + rng.choice(kind.names)
        if name not in taken:
            break
    else:
        name = f"第{len(taken) + 1}批{rng.choice(PLACES)}{rng.choice(kind.names)}"
    taken.add(name)
    return name


def _weights(rng: Draw, levels: list[str], shares: Sequence[tuple[str, int]]) -> list[Decimal]:
    """A weight for each row: those of a 一级指标 add to its share; the share named '' is for every row."""
    weights: dict[int, Decimal] = {}
    for name, points in shares:
        members = [i for i, level in enumerate(levels) if name in ("", level)]
        weights.update(zip(members, portions(rng, Decimal(points), len(members)), strict=True))
    return [weights[i] for i in range(len(levels))]


def portions(rng: Draw, whole: Decimal, parts: int) -> list[Decimal]:
    """`whole` in so many parts above 0, as coarse as they can be: whole points, halves, cents."""
    if not parts:
        return []
    unit = next(
        u
        for u in (Decimal(1), Decimal("0.5"), Decimal("0.1"), Decimal("0.01"))
        if whole / u >= 2 * parts or u == Decimal("0.01")
    )
    total = int(whole / unit)
    cuts = sorted(rng.sample(range(1, total), parts - 1)) if parts > 1 else []
    return [(b - a) * unit for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def _values(rng: Draw, kind: Kind, year: int) -> Row:
    nature = rng.choice(kind.natures)
    outcome = "missed" if rng.slips(0.1) else rng.choices(("met", "exact", "beyond"), (6, 3, 1))[0]
    if rng.spotless and nature in ("<", ">"):
        outcome = "met"  # equality does not reach it
    row = {"指标性质": nature, "计量单位": kind.unit}
    if kind.values == "date":
        target, days = rng.choice(DEADLINES)
        actual = LATE if outcome == "missed" else rng.choice(days)
        row |= {"指标值": target, "实际完成值": actual.format(year=year, later=year + 1)}
        return _explained(rng, row, outcome == "missed")
    if kind.values == "scale":
        row |= {"指标值": "优良中低差", "实际完成值": "良" if outcome == "missed" else "优"}
        return _explained(rng, row, outcome == "missed")
    if kind.values == "goal":
        row |= {"指标值": "有所改善", "实际完成值": "部分达成" if outcome == "missed" else "达成"}
        return _explained(rng, row, outcome == "missed")
    less = nature in ("≤", "<") or (not nature and kind.values == "money")
    target, step, highest = _target(rng, kind.values)
    if nature == ">" and target == highest:
        target -= 5
    actual = _actual(rng, nature, less, target, step, highest, outcome)
    row |= {"指标值": _plain(target), "实际完成值": _plain(actual)}
    return _explained(rng, row, _needs_reason(nature, less, target, actual))


def _target(rng: Draw, values: str) -> tuple[Decimal, Decimal, Decimal]:
    """指标值, its last decimal place and the highest 实际完成值 there can be."""
    if values == "rate":
        return Decimal(rng.choice((80, 85, 90, 95, 98, 100))), Decimal("0.1"), Decimal(100)
    if values == "low_rate":
        return Decimal(rng.randint(2, 10)), Decimal("0.1"), Decimal(100)
    if values == "years":
        return Decimal(rng.randint(3, 10)), Decimal(1), Decimal(100)
    if values == "length":
        return Decimal(rng.randint(20, 900)) / 10, Decimal("0.1"), Decimal(10000)
    if values == "money":
        return Decimal(rng.randint(200, 90000)) / rng.choice((1, 100)), Decimal("0.01"), Decimal(1000000)
    return Decimal(rng.choice((rng.randint(1, 20), rng.randint(20, 5000)))), Decimal(1), Decimal(100000)


def _actual(
    rng: Draw, nature: str, less: bool, target: Decimal, step: Decimal, highest: Decimal, outcome: str
) -> Decimal:
    """What was reached: better, equal, worse or far better than the target, in the target's own decimals."""
    if outcome == "exact" or (nature == "=" and outcome != "missed"):
        return target
    worse = outcome == "missed"
    ratio = (
        Decimal(rng.randint(30, 99)) / 100
        if worse
        else Decimal(rng.randint(140, 250) if outcome == "beyond" else rng.randint(101, 125)) / 100
    )
    value = target / ratio if less else target * ratio
    value = (value / step).to_integral_value() * step
    if not worse and nature in (">", "<"):
        value = max(value, target + step) if nature == ">" else min(value, target - step)
    return max(step, min(highest, value)) if not (less and worse) else max(value, target + step)


def _needs_reason(nature: str, less: bool, target: Decimal, actual: Decimal) -> bool:
    """Not met, other than an = target, or above 1.3 times an upward one."""
    if nature == "=":
        return actual != target
    if less:
        return actual > target or (nature == "<" and actual == target)
    return (
        actual < target
        or (nature == ">" and actual == target)
        or Fraction(actual) > Fraction(13, 10) * Fraction(target)
    )


def _explained(rng: Draw, row: Row, needed: bool) -> Row:
    if not needed:
        return row
    return {**row, "偏差原因": rng.choice(REASONS), "改进措施": "加强年初测算，按月跟踪进度"}


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def missed_kinds(rows: list[Row]) -> bool:
    """Whether one of the six kinds is absent: then the question about it is true."""
    levels = [row["一级指标"] + row["二级指标"] for row in rows]
    return any(
        not any(name in level for level in levels) for name in ("数量", "质量", "时效", "成本", "效益", "满意度")
    )


def statements(rows: list[Row]) -> Iterator[str]:
    """True sentences about indicators: 全区群众满意度达96.5%."""
    for row in rows:
        if row["计量单位"] in ("%", "人", "件", "次", "公里") and row["适用对象"] == "部门整体":
            yield f"{row['三级指标']}达{row['实际完成值']}{row['计量单位']}"
