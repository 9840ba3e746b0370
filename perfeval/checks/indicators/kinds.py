"""指标: 指标性质 against the kind of indicator, and indicators that do not measure what their class says.

The word lists recognise kinds of indicators by their usual names; they hold no rule of any regulation.
"""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.indicators.misfit import counts_later
from perfeval.checks.indicators.rows import (
    AT_LEAST,
    AT_MOST,
    QUALITATIVE,
    Row,
    bare_name,
    is_benefit,
    is_cost,
    is_percent,
    is_quantity,
    is_rate,
    shown,
    unit_of,
)
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.frames import where
from perfeval.model.readings import TIME_UNITS, DateSpan, Number

LESS_IS_BETTER = ("控制率", "结余率", "变动率")
MONEY_UNITS = ("元", "万元")
SPENDING_NAMES = ("支出", "金额", "执行率")
SERVICE_WORDS = ("补助", "服务", "培训", "救助", "检查", "受益")
STAFF = re.compile(  # what is counted is the unit's own staff: 伙食团员工人数, 服务人员数量; 受益职工人数 are not
    r"((?<!受益|补助|救助|培训)(员工|职工)|服务员|检查员|队员|编制|(工作|服务|检查|编外|聘用|聘请|在职|辅助|临聘|后勤|管理)人员)"
    r"(的?(总?人数|总?数量?|名额|规模))?$"
)
VAGUE_WORDS = ("促进", "提高", "向好", "持续", "公平")
MEASURABLE = re.compile(  # what can be counted or measured although its name holds such a word: 群众满意度提高幅度, 就业人数持续增长
    r"((?<!效|表)率|度|比例|比重|占比|幅度|增幅|涨幅|降幅|增长|增速|增收|增加值|增量|产量|产值|收入|人数|人次|户数|家数|面积|数量|指数|得分|额)$"
)


def cost_with_floor(context: Context) -> Iterator[Finding]:
    """A 成本指标 with ≥ or >: more cost would be better. In per cent it may be meant otherwise, so it is asked."""
    rows = context.indicators
    for row in rows.judged[where(rows, lambda sign, filed: sign in AT_LEAST and is_cost(filed), "sign", "filed")]:
        question = is_percent(row.indicator)
        yield make(
            "INDICATOR_006",
            row.indicator.nature,
            found=row.nature,
            expected="≤",
            name=row.name,
            severity=Severity.QUESTION if question else None,
            answer=row.reason if question else None,
            related=(row.indicator.level1.ref, row.indicator.level2.ref),
        )


def contradicts_cost(row: Row) -> bool:
    """Whether the row's 指标性质 is already reported as an error."""
    return is_cost(row.indicator) and row.nature in AT_LEAST and not is_percent(row.indicator)


def controlled_rate_with_floor(context: Context) -> Iterator[Finding]:
    """A 控制率, 结余率 or 变动率 with ≥ or >."""
    rows = context.indicators
    for row in rows.judged[where(rows, _has_floor_on_control, "judged")]:
        yield make(
            "INDICATOR_007", row.indicator.nature, found=row.nature, expected="≤", name=row.name, answer=row.reason
        )


def _has_floor_on_control(row: Row) -> bool:
    return bare_name(row).endswith(LESS_IS_BETTER) and row.nature in AT_LEAST and not is_cost(row.indicator)


def qualitative_rate(context: Context) -> Iterator[Finding]:
    """A …率 typed 定性: it could be measured."""
    rows = context.indicators
    for row in rows.judged[where(rows, lambda nature, row: nature == QUALITATIVE and is_rate(row), "nature", "judged")]:
        yield make("INDICATOR_008", row.indicator.nature, expected="≥、≤ 或 =", name=row.name, answer=row.reason)


def date_without_deadline(context: Context) -> Iterator[Finding]:
    """A date typed 定性 is questioned; with ≥ or > the later would be the better, and nothing can be scored."""
    rows = context.indicators
    for row in rows.judged[
        where(rows, lambda target, row: isinstance(target, DateSpan) and _lacks_deadline(row), "target", "judged")
    ]:
        later = counts_later(row)
        yield make(
            "INDICATOR_009",
            row.indicator.nature,
            expected="≤",
            name=row.name,
            target=row.indicator.target.raw,
            excuse="" if later else "；确实无法用日期衡量的，在本行“偏差原因”写明",
            severity=Severity.ERROR if later else None,
            answer=None if later else row.reason,
        )


def _lacks_deadline(row: Row) -> bool:
    """Of a row whose target is a date."""
    if counts_later(row):
        return not isinstance(row.indicator.actual.value, Number)
    return row.indicator.nature.value == QUALITATIVE and not is_rate(row)


def spending_as_quantity(context: Context) -> Iterator[Finding]:
    """A 数量指标 that measures what was spent instead of what was done."""
    rows = context.indicators
    for row in rows.judged[where(rows, is_quantity, "filed")]:
        unit, named = unit_of(row.indicator), bare_name(row).endswith(SPENDING_NAMES)
        if unit in MONEY_UNITS or named:
            why = "名称说的是花钱的多少" if named else f"计量单位是“{unit}”"
            yield make("INDICATOR_021", row.indicator.name, why=why, answer=row.reason)


def service_with_ceiling(context: Context) -> Iterator[Finding]:
    """≤ or < on a quantity of service: helping fewer would be better. Numbers of staff may well have a ceiling."""
    rows = context.indicators
    for row in rows.judged[where(rows, lambda sign, row: sign in AT_MOST and _serves(row), "sign", "judged")]:
        yield make(
            "INDICATOR_022",
            row.indicator.nature,
            found=row.nature,
            expected="“≥”或“=”",
            name=row.name,
            target=shown(row, row.indicator.target),
            answer=row.reason,
        )


def _serves(row: Row) -> bool:
    return (
        is_quantity(row.indicator)
        and any(word in row.name for word in SERVICE_WORDS)
        and not STAFF.search(bare_name(row))
        and not isinstance(row.indicator.target.value, DateSpan)
        and row.indicator.target.is_read
        and unit_of(row.indicator) not in TIME_UNITS  # 检查用时 ≤ 20天: the fewer the better
    )


def unmeasurable_benefit(context: Context) -> Iterator[Finding]:
    """An 效益指标 “提高… ≥ 95 %”: nobody can say of what the per cent is."""
    rows = context.indicators
    for row in rows.judged[where(rows, lambda sign, row: sign in AT_LEAST and _is_vague(row), "sign", "judged")]:
        target = row.indicator.target
        stated = f"{row.nature} {shown(row, target)}"
        yield make("INDICATOR_023", target, name=row.name, stated=stated, answer=row.reason)


def _is_vague(row: Row) -> bool:
    shares = is_benefit(row.indicator) and is_percent(row.indicator)
    return shares and any(word in row.name for word in VAGUE_WORDS) and not MEASURABLE.search(bare_name(row))


CHECKS: tuple[Check, ...] = (
    cost_with_floor,
    controlled_rate_with_floor,
    qualitative_rate,
    date_without_deadline,
    spending_as_quantity,
    service_with_ceiling,
    unmeasurable_benefit,
)
