"""The Chinese words for what a regulation writes in English: data names, parameters, settings. A test holds them
complete.

They are what an official sees in `regulation diff`, in a regulation written as a workbook, and in the docs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from perfeval.model.form import CUT, MANAGEMENT, MONEY, PROJECTS
from perfeval.model.numbers import show_number
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.regulation import (
    DUTIES,
    METHOD_NAMES,
    Alternative,
    Asked,
    Cap,
    FactRule,
    Item,
    NotApplicable,
    OverFulfilment,
    Regulation,
    Section,
)
from perfeval.rules.columns import TABLES
from perfeval.rules.library import library
from perfeval.rules.methods import EVERY, per_cent
from perfeval.rules.outline import sections_of

Names = Mapping[str, str]
NO_NAMES: Names = MappingProxyType({})
MONEY_ROWS, CUT_ROWS, MANAGEMENT_ROWS = (
    {row.key: row.label for row in sheet.rows} for sheet in (MONEY, CUT, MANAGEMENT)
)
MONEY_COLUMNS = {"initial": "年初预算数", "adjusted": "调整后预算数", "final": "决算数"}
CUT_COLUMNS = {"previous": "上年", "current": "本年"}
PROJECT_COLUMNS = {
    "initial_budget": "年初预算数",
    "adjusted_budget": "调整后预算数",
    "executed": "执行数",
    "taken_back": "收回或注销数",
}
FIGURE_NAMES: Mapping[str, str] = {
    "execution_rate": "预算执行率（决算数 ÷ 调整后预算数）",
    "adjustment_rate": "预算调整率（调整数 ÷ 年初预算数）",
    "carryover_rate": "结余率（扣除收回或注销数）",
    "initial_budget_cut_rate": "年初预算压减率",
    "executed_cut_rate": "执行压减率",
    "asset_difference_rate": "资产账账差异率",
    "controlled_items_over_budget": "超出预算的控制支出项数",
    "duty_completion_rate": "“履职数据”各项的平均完成率",
    "project_execution_rate": "全部项目的执行率",
    **{one.execution: f"{one.name}项目的执行率" for one in PROJECT_CLASSES},
    "project_count": "项目个数",
    "staff": "年末实有人数",
    "posts": "编制人数合计",
    "basic.staff": "基本情况 年末实有人数",
    "basic.administrative_posts": "基本情况 行政编制人数",
    "basic.worker_posts": "基本情况 机关工勤编制人数",
    "basic.institution_posts": "基本情况 事业编制人数",
    "indicators_score": "部门整体绩效指标得分合计",
    "indicators_weight": "部门整体绩效指标权重合计",
    "satisfaction_score": "部门整体满意度指标得分合计",
    "satisfaction_weight": "部门整体满意度指标权重合计",
}
NUMBER_NAMES: Mapping[str, str] = {
    **FIGURE_NAMES,
    **{f"progress.{month}": f"{month}月末支出进度" for month in range(1, 13)},
    **{
        f"money.{row}.{column}": f"收支 {name}·{head}"
        for row, name in MONEY_ROWS.items()
        for column, head in MONEY_COLUMNS.items()
    },
    **{
        f"cut.{row}.{column}": f"压减 {name}·{head}"
        for row, name in CUT_ROWS.items()
        for column, head in CUT_COLUMNS.items()
    },
    **{f"management.{row}": f"管理数据 {name}" for row, name in MANAGEMENT_ROWS.items()},
}
PROJECT_NUMBER_NAMES: Mapping[str, str] = {
    f"project.{column}": f"项目 {head}" for column, head in PROJECT_COLUMNS.items()
}
CONDITION_NAMES: Mapping[str, str] = {
    name: f"项目{condition.words}" for name, condition in library().shortcomings.items()
}
DECLARED_NAMES: Mapping[str, str] = {DUTIES: "“履职”表的自评得分合计"}
INPUT_NAMES: Mapping[str, str] = {**NUMBER_NAMES, **PROJECT_NUMBER_NAMES, **CONDITION_NAMES, **DECLARED_NAMES}

ROLE_NAMES = {
    "value": "数据来源", "numerator": "数据来源", "count": "数据来源", "bad": "数据来源", "declared": "数据来源", "denominator": "分母",
}  # fmt: skip
PARAMETER_NAMES = {
    "above": "大于", "at_least": "不低于", "at_most": "不超过", "below": "低于", "absolute": "不计正负",
    "floor": "比率最低按", "cap": "比率最高按", "zero_below": "低于则不得分", "zero_above": "高于则不得分",
    "satisfactory": "满意值", "unacceptable": "不允许值", "points_per_case": "每个得分", "scope": "项目范围", "when_none": "没有项目时",
    "steps": "分档", "conditions": "条件", "mode": "计分方式", "na": "要点不涉及时", "criteria": "要点", "limit": "标准", "side": "扣分方向",
    "per": "每", "points": "每次扣", "counting": "次数", "relief": "达到则不得分",
}  # fmt: skip
PARAMETER_WORDS = {
    "scope": {EVERY: "全部", **{one.name: one.name for one in PROJECT_CLASSES}},
    "when_none": {"full": "计满分", "not_supplied": "视为没有提供数据"},
    "mode": {"add": "从 0 分加", "deduct": "从满分扣"},
    "na": {"full": "计满分", "rescale": "按其余要点折算"},
    "side": {"over": "超过", "under": "低于", "both": "偏离"},
    "counting": {"whole": "不满一次不计", "begun": "不满一次计一次", "proportional": "按比例"},
}
FLAG_WORDS = {True: "是", False: "否"}
FALLBACK_WORDS = {True: "按单位自评", False: "不评分"}
NOT_APPLICABLE_NAMES = {
    NotApplicable.FULL: "计满分", NotApplicable.EXCLUDE_AND_RESCALE: "不计分，总分折算", NotApplicable.ZERO: "计 0 分",
}  # fmt: skip
SETTING_NAMES = {
    "weight_sum": "权重合计", "at_least": "≥ 的规则", "at_most": "≤ 的规则", "equal": "= 的规则", "late": "逾期的规则",
    "late_days": "逾期扣完的天数", "scale": "定性等次", "bands": "达成程度", "over_fulfilment": "超额与不足", "splits": "权重构成",
    "blank_weight": "权重空白时",
    "rounding": "得分取舍",
}  # fmt: skip
SETTING_WORDS: Mapping[str, Mapping[str, str]] = {
    "at_least": {"ratio": "按完成比例，最多满分"},
    "at_most": {"ratio": "超过的按 指标值÷实际值", "linear": "超过的按超过的比例扣"},
    "equal": {"as_up": "同 ≥", "symmetric": "偏离多少扣多少", "exact": "相等才得分"},
    "late": {"zero": "逾期不得分", "proportional": "按逾期天数扣"},
    "blank_weight": {"error": "不能评分", "equal_in_group": "在同一适用对象内平均分配"},
}
ACTION_WORDS = {"explain": "只要求说明", "zero": "不得分", "scale": "按界限折减", "deduct": "扣分"}
THRESHOLD_NAMES = {
    "adjustment_rate_limit": "预算调整率超过", "execution_rate_floor": "执行率低于", "carryover_rate_limit": "结余率超过",
    "over_fulfilment": "实际完成值达到指标值的倍数超过", "signal_outcome_over_execution": "指标得分率高出执行率超过",
    "signal_unexecuted": "未执行的比例超过", "reason_characters": "执行率偏低的偏差原因字数超过",
    "basic_per_head_high": "人均基本支出超过", "basic_per_head_usual": "少见的人均基本支出超过",
    "basic_per_head_low": "人均基本支出低于", "department_total_high": "一个部门的支出超过",
    "usual_in_yuan": "像是按元填的数一般不小于", "least_in_yuan": "像是按元填的数至少有", "indicator_over": "先问单位：实际完成值达到指标值的倍数",
    "indicator_under": "先问单位：实际完成值不到指标值的", "unit_tolerance": "换算后与同类的数相差不超过", "part_over_whole": "部分达到总数的倍数超过",
    "sum_apart": "合计与各数相差的倍数超过", "assets_over_total": "资产原值达到支出合计的倍数超过",
}  # fmt: skip
LIMIT_UNITS = {
    "reason_characters": "字",
    **dict.fromkeys(
        (
            "basic_per_head_high",
            "basic_per_head_usual",
            "basic_per_head_low",
            "department_total_high",
            "usual_in_yuan",
            "least_in_yuan",
        ),
        "万元",
    ),
    **dict.fromkeys(("indicator_over", "unit_tolerance", "part_over_whole", "sum_apart", "assets_over_total"), "倍"),
}  # all others are shares
YEAR_WORDS = {
    **{-n: f"前 {n} 年" for n in range(5, 1, -1)}, -1: "上年", 0: "当年", 1: "次年", **{n: f"后 {n} 年" for n in range(2, 6)},
}  # fmt: skip
FORMULA_WORD = re.compile(r'"[^"]*"|[A-Za-z_一-鿿][\w]*(?:\.[\w]+)*')
FUNCTION_WORDS = {"sum": "合计", "mean": "平均", "count_if": "个数", "min": "较小的", "max": "较大的", "abs": "绝对值"}
TABLE_WORDS = {name: sheet.name for name, sheet in TABLES.items()}
KIND_WORDS = {
    "amount": "金额", "count": "个数", "number": "数", "rate": "比率", "yes_no": "是否", "date": "日期", "text": "文字",
}  # fmt: skip
BOUND_WORDS = {"from": "不低于", "above": "大于", "up_to": "不超过", "below": "低于"}
LEVEL_WORDS = {"error": "错误", "question": "疑点", "notice": "提示"}


def limit_words(name: str, value: Decimal) -> str:
    """A limit of that name: 10%, or 100 字."""
    unit = LIMIT_UNITS.get(name)
    return f"{show_number(value)} {unit}" if unit else per_cent(value)


def method_words(item: Item) -> str:
    """比率分值; of a parent, and of the item that stands for a project's indicators: 下级之和."""
    return METHOD_NAMES[item.method] if item.method else "下级之和"


def share_words(item: Item) -> str:
    """上级的 30%; "" of an item whose points are stated."""
    return f"上级的 {show_number(item.share)}%" if item.share is not None else ""


def input_words(item: Item | Alternative, named: Names = NO_NAMES) -> str:
    """数据来源 管理数据 实际采购金额；分母 管理数据 采购预算金额. Those of conditions are named with the conditions. `named` are the
    regulation's own inputs and facts."""
    if "conditions" in item.parameters:
        return "无"
    parts = (
        f"{ROLE_NAMES.get(role, role)} {data_words(name, named)}"
        for role, name in sorted(item.inputs.items(), reverse=True)
    )
    return "；".join(parts) or "无"


def data_words(name: str, named: Names = NO_NAMES) -> str:
    """The Chinese name of a data name: the regulation's own label, or the form's."""
    return named.get(name) or INPUT_NAMES.get(name, name)


def data_labels(own: Names) -> Names:
    """Every data name with the one word it goes by in a workbook; `own` are the labels of the regulation's own, by
    key. Where a word could mean two, the key itself."""
    words = {**INPUT_NAMES, **own}
    meant = Counter([*words.values(), *(key for key in words if key != words[key])])
    return {key: label if meant[label] == 1 else key for key, label in words.items()}


def own_names(regulation: Regulation) -> Names:
    """The labels of the regulation's own inputs and facts."""
    return {key: label if "“" in label else f"“{label}”" for key, label in regulation.own_labels.items()}


def parameter_words(item: Item | Alternative, named: Names = NO_NAMES) -> str:
    """满意值 0；不允许值 0.1"""
    return (
        "；".join(
            f"{PARAMETER_NAMES[name]} {_value_words(name, v, item, named)}"
            for name, v in sorted(item.parameters.items())
        )
        or "无"
    )


def alternative_words(item: Item, named: Names = NO_NAMES) -> str:
    """第 1 种：满意值赋分（…）；第 2 种：…"""
    return (
        "；".join(
            f"第 {n} 种：{METHOD_NAMES[way.method]}（{input_words(way, named)}；{parameter_words(way, named)}）"
            for n, way in enumerate(item.alternatives, start=1)
        )
        or "无"
    )


def asked_words(asked: Asked) -> str:
    """金额，万元，必填"""
    unit = f"，{asked.unit}" if asked.unit else ""
    help_words = f"；{' '.join(asked.help.split())}" if asked.help else ""
    return f"{KIND_WORDS[asked.kind]}{unit}，{'必填' if asked.required else '可以不填'}{help_words}"


def fact_words(fact: FactRule, named: Names = NO_NAMES) -> str:
    """比率 = 年末实有人数 / 编制人数合计；除数为 0 时没有数据"""
    zero = fact.when_divisor_zero
    otherwise = "没有数据" if zero is None else f"计 {show_number(zero)}"
    formula = formula_words(fact.formula, named)
    negative = "，为负时没有数据" if fact.above_zero else ""
    words = f"；句子里写作“{fact.words}”" if fact.words else ""
    return f"{KIND_WORDS[fact.kind]} = {formula}；除数为 0 时{otherwise}{negative}；显示 {fact.printed} 位小数{words}"


def formula_words(formula: str, named: Names = NO_NAMES) -> str:
    """The formula with Chinese names: sum(controlled.本年执行数) → 合计(控制支出.本年执行数). What is quoted stays."""

    def word(found: re.Match[str]) -> str:
        name = found[0]
        table, dot, column = name.partition(".")
        if name.startswith('"') or name in FUNCTION_WORDS:
            return FUNCTION_WORDS.get(name, name)
        return f"{TABLE_WORDS[table]}{dot}{column}" if table in TABLE_WORDS else data_words(name, named)

    return FORMULA_WORD.sub(word, formula)


def cap_words(cap: Cap, named: Names = NO_NAMES) -> str:
    """预算执行率…不低于 0.7、低于 0.8，不超过 89 分"""
    bounds = "、".join(f"{BOUND_WORDS[word]} {show_number(limit)}" for word, limit in cap.bounds.items())
    return f"{data_words(cap.input, named)}{bounds}，不超过 {show_number(cap.at_most)} 分"


def section_words(section: Section) -> str:
    """管理情况（B、A、项目）"""
    parts = [*section.items, *([PROJECTS.name] if section.projects else [])]
    return f"{section.title}（{'、'.join(parts)}）"


def outline_words(regulation: Regulation) -> str:
    """The report's sections in their order, as they are printed."""
    return "；".join(section_words(section) for section in sections_of(regulation))


def _value_words(name: str, value: Any, item: Item | Alternative, named: Names) -> str:
    if name == "steps":
        return "、".join(_step_words(step) for step in value)
    if name == "conditions":
        return "、".join(_condition_words(condition, item, named) for condition in value)
    if name == "criteria":
        return "、".join(f"“{c['text']}”{show_number(c['points'])} 分" for c in value)
    if isinstance(value, bool):
        return FLAG_WORDS[value]
    return PARAMETER_WORDS[name].get(value, value) if name in PARAMETER_WORDS else show_number(value)


def _step_words(step: Mapping[str, Decimal]) -> str:
    bound = next(
        (
            f"{sign} {show_number(step[kind])}"
            for kind, sign in (("up_to", "不超过"), ("from", "不低于"))
            if kind in step
        ),
        "其余",
    )
    return f"{bound} 得 {show_number(step['points'])} 分"


def _condition_words(condition: Mapping[str, Any], item: Item | Alternative, named: Names) -> str:
    sign = next(sign for sign in ("above", "at_least", "at_most", "below") if sign in condition)
    name = item.inputs.get(condition["input"], condition["input"])
    limit, points = show_number(condition[sign]), show_number(condition["points"])
    return f"{data_words(name, named)}{PARAMETER_NAMES[sign]} {limit}，否则扣 {points} 分"


def over_fulfilment_words(rules: Sequence[OverFulfilment]) -> str:
    """超过 1.3 倍：只要求说明"""
    return "；".join(_gate_words(rule) for rule in rules) or "无"


def _gate_words(rule: OverFulfilment) -> str:
    limit = (
        f"超过 {show_number(rule.above)} 倍"
        if rule.above is not None
        else f"不足 {show_number(rule.below or Decimal(0))} 倍"
    )
    points = f" {show_number(rule.points)} 分" if rule.points is not None else ""
    return f"{limit}：{ACTION_WORDS[rule.action]}{points}"


def split_words(splits: Sequence[Mapping[str, Decimal]]) -> str:
    """产出指标 50、效益指标 30 或 …"""
    return (
        " 或 ".join(
            "、".join(f"{block} {show_number(points)}" for block, points in sorted(split.items())) for split in splits
        )
        or "不规定"
    )


def pairs(values: Mapping[str, Decimal]) -> Iterator[str]:
    """优 100%, 良 80%, one after another, the best first: their order in the file does not matter."""
    yield from (
        f"{name} {per_cent(share)}" for name, share in sorted(values.items(), key=lambda entry: (-entry[1], entry[0]))
    )
