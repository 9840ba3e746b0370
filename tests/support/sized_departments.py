"""Clean departments of every size, from a handful of people with 20 万元 to tens of thousands with 200 亿元.

Only what a check of magnitude looks at is drawn: staff, money, projects, indicators. Sums add up; what is side by
side differs as it does in real departments: projects many times the wages, one of 5 万元 beside one of 30 亿元, new
programmes and cancelled ones, last year zero, pensions beside wages.
"""

from decimal import Decimal
from math import exp, log
from random import Random
from typing import Any

from planting import regulations
from submissions import submission

from perfeval.checks.context import Context

D, CENT, ZERO = Decimal, Decimal("0.01"), Decimal(0)
LARGEST = D(2_000_000)  # 200 亿元, in 万元
COLUMNS = ("年初预算数", "调整后预算数", "决算数")
Row = dict[str, str]
Sheets = dict[str, Any]


class Draw(Random):
    """Chance with the spreads of real departments."""

    def between(self, low: float, high: float) -> Decimal:
        """Evenly over the orders of magnitude: 3 to 30 as often as 300 to 3000."""
        return D(str(exp(self.uniform(log(low), log(high)))))

    def part(self, of: Decimal, low: float, high: float) -> Decimal:
        """A share of an amount, to the cent."""
        return (of * D(str(self.uniform(low, high)))).quantize(CENT, rounding="ROUND_FLOOR")


def sized_department(seed: int) -> Sheets:
    """The sheets of one department; equal seeds give equal ones."""
    rng = Draw(seed)
    staff = int(rng.between(3, 30_000))
    per_head = rng.between(4, 40) * (D(str(rng.uniform(1, 2.2))) if rng.random() < 0.3 else 1)  # pensions
    basic = _three(rng, min((staff * per_head).quantize(CENT), LARGEST / 2))
    projects = _projects(rng, basic[0])
    spent = [sum((D(p[name]) for p in projects), ZERO) for name in ("年初预算数", "调整后预算数", "执行数")]
    total = [one + other for one, other in zip(basic, spent, strict=True)]
    return {
        "基本情况": _basic(rng, staff),
        "收支": _money(rng, basic, spent, total),
        "压减": _cuts(rng, total[2]),
        "控制支出": _controlled(rng, staff, total[2]),
        "支出进度": [_reached(rng, month, total[2]) for month in (6, 10)],
        "管理数据": _management(rng, total[2]),
        "项目": projects,
        "履职数据": [_datum(rng, n) for n in range(1, 5)],
        "指标": [_indicator(rng, n) for n in range(1, 13)],
    }


def sized_context(sheets: Sheets, kind: str = "部门整体") -> Context:
    """What the checks are given of it, without scores: nothing here asks for them."""
    known = regulations()
    regulation = known["sichuan-dept-65-35" if kind == "部门整体" else "cn-project-10-90"]
    return Context(submission(sheets, kind), regulation, None, known)


def _basic(rng: Draw, staff: int) -> Row:
    posts = {"行政编制人数": str(staff // 3), "事业编制人数": str(staff - staff // 3)}
    return {
        "部门名称": "示例县某某局",
        "指标体系": "sichuan-dept-65-35",
        **posts,
        **({"年末实有人数": str(staff)} if rng.random() < 0.9 else {}),
    }


def _three(rng: Draw, initial: Decimal) -> list[Decimal]:
    adjusted = rng.part(initial, 0.8, 1.4)
    return [initial, adjusted, rng.part(adjusted, 0.85, 1)]


def _projects(rng: Draw, basic: Decimal) -> list[Row]:
    """Up to 200 times the wages, unevenly shared out."""
    money = min(basic * rng.between(0.02, 200), LARGEST - basic * 2)
    weights = [rng.between(1, 60_000) for _ in range(rng.randint(1, 40))]
    shares = [max(CENT * rng.randint(50, 500), (money * w / sum(weights)).quantize(CENT)) for w in weights]
    return [_project(rng, number, share) for number, share in enumerate(shares, 1)]


def _project(rng: Draw, number: int, initial: Decimal) -> Row:
    fate = rng.choice(("plain",) * 6 + ("new", "cancelled", "grown", "cut", "late"))
    adjusted = {"new": initial, "cancelled": ZERO}.get(fate) if fate in ("new", "cancelled") else initial
    if fate == "grown":
        adjusted = (initial * (rng.between(1.2, 60) if initial < 2000 else D("1.3"))).quantize(CENT)
    if fate == "cut":
        adjusted = rng.part(initial, 0.03, 0.6)
    executed = rng.part(adjusted, *((0.003, 0.3) if fate == "late" else (0.7, 1)))
    if fate == "plain" and rng.random() < 0.4:
        executed = adjusted
    return {
        "项目名称": f"项目{number}",
        "项目类型": "常年",
        "年初预算数": str(ZERO if fate == "new" else initial),
        "调整后预算数": str(adjusted),
        "执行数": str(executed),
        "收回或注销数": str(rng.part(adjusted - executed, 0, 1)),
        "偏差原因": "" if fate == "plain" else "上级年中调整",
    }


def _money(rng: Draw, basic: list[Decimal], spent: list[Decimal], total: list[Decimal]) -> dict[str, Row]:
    smallest = min(total)
    opening = rng.choice((ZERO, rng.part(smallest, 0.00001, 0.3)))
    unit = [rng.part(smallest, 0, 0.1) if rng.random() < 0.5 else ZERO for _ in COLUMNS]
    left = total[1] - total[2]
    back = rng.part(left, 0, 1)
    rows = {
        "收入合计": total,
        "财政拨款收入": [whole - opening - own for whole, own in zip(total, unit, strict=True)],
        "上年结转": [opening] * 3,
        "单位资金收入": unit,
        "其他资金收入": [ZERO] * 3,
        "支出合计": total,
        "基本支出": basic,
        "项目支出": spent,
        "支出来源：财政拨款": [whole - opening - own for whole, own in zip(total, unit, strict=True)],
        "支出来源：上年结转": [opening] * 3,
    }
    final = {
        "收回或注销数": back,
        "年末结转结余": left - back,
        "全年下达单位计划数": total[1],
        "全年单位实际支付数": total[2],
    }
    written = {label: dict(zip(COLUMNS, map(str, row), strict=True)) for label, row in rows.items()}
    return written | {label: {"决算数": str(value)} for label, value in final.items()}


def _cuts(rng: Draw, total: Decimal) -> dict[str, Row]:
    """一般性支出 of a hundredth to half of everything; now and then there was none last year."""
    now = rng.part(total, 0.005, 0.4)
    before = ZERO if rng.random() < 0.03 else rng.part(now, 0.7, 1.6)
    return {
        "一般性支出年初预算": {"上年": str(before), "本年": str(now)},
        "一般性支出执行数": {"上年": str(rng.part(before, 0.5, 1.1)), "本年": str(rng.part(now, 0.4, 1))},
    }


def _controlled(rng: Draw, staff: int, total: Decimal) -> list[Row]:
    """会议费, 培训费, … of a few yuan to some thousands a head; much of it was not spent."""
    items = []
    for name in ("公务接待费", "公务用车购置及运行维护费", "会议费", "培训费"):
        budget = min(max(CENT * rng.randint(1, 90), (staff * rng.between(0.001, 0.6)).quantize(CENT)), total / 4)
        budget = budget.quantize(CENT)
        items.append({"支出名称": name, "本年预算数": str(budget), "本年执行数": str(rng.part(budget, 0.02, 1))})
    return items


def _reached(rng: Draw, month: int, total: Decimal) -> Row:
    return {"截止月份": str(month), "累计支出数": str(rng.part(total, month / 30, month / 12))}


def _management(rng: Draw, total: Decimal) -> dict[str, Row]:
    assets, bought = (total * rng.between(0.01, 300)).quantize(CENT), rng.part(total, 0.001, 0.8)
    ledger = assets if rng.random() < 0.8 else rng.part(assets, 0.6, 1.4)
    actual = rng.part(bought, 0.5, 1)
    figures = {"资产系统账面原值": assets, "财务账面资产原值": ledger, "采购预算金额": bought, "实际采购金额": actual}
    small = {"面向中小企业采购金额": rng.part(actual, 0, 1)}
    return {label: {"数值": str(value)} for label, value in (figures | small).items()}


def _datum(rng: Draw, number: int) -> Row:
    planned = rng.between(1, 100_000).quantize(CENT)
    return {
        "指标名称": f"数据{number}",
        "计划数": str(planned),
        "完成数": str(rng.part(planned, 0.05, 2.8)),
        "计量单位": "次",
    }


def _indicator(rng: Draw, number: int) -> Row:
    """Reached or missed, at times two or three times over, or not at all."""
    unit = rng.choice(("人", "万人", "次", "元", "万元", "%", "天", "公里"))
    nature = rng.choice(("≥", "≤", "="))
    target = D(rng.randint(50, 100)) if unit == "%" else rng.between(1, 50_000).quantize(CENT)
    actual = ZERO if rng.random() < 0.05 else rng.part(target, 0.2, 3.5)
    return {
        "适用对象": "部门整体",
        "一级指标": "产出指标",
        "三级指标": f"指标{number}",
        "指标性质": nature,
        "指标值": str(target),
        "计量单位": unit,
        "权重": "7.5",
        "实际完成值": str(actual),
        "偏差原因": "上级年中追加任务",
    }
