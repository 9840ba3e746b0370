"""`regulation diff`: nothing of the model that can change a score, a grade or a question changes in silence, and every
sentence is Chinese."""

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from perfeval.model.regulation import (
    Alternative,
    Asked,
    Block,
    Cap,
    Confidence,
    FactRule,
    GradeBand,
    IndicatorRules,
    Item,
    Method,
    NotApplicable,
    Outline,
    OverFulfilment,
    ProgressMark,
    Provenance,
    Regulation,
    Rounding,
    Section,
    Threshold,
)
from perfeval.rules.formulas import parse
from perfeval.rules.load import load_regulations
from perfeval.schemes.compare import differences

REGULATIONS = load_regulations()
DEPARTMENT, PROJECT = REGULATIONS["sichuan-dept-65-35"], REGULATIONS["cn-project-10-90"]
PROGRAM_WORD = re.compile(r"[a-z]+_[a-z]+|Decimal|None|True|False")
SAYS_WHERE_IT_STANDS = {
    "id",
    "title",
    "issuer",
    "provenance",
    "source_note",
    "shares_out",  # changes the points, which are compared
}  # never changes a score

ITEM_CHANGES = {
    "id": ("A9", ["取消指标 A2.4 预算年终结余（3 分）。", "新增指标 A9 预算年终结余（3 分）。"]),
    "name": ("年终结余", ["A2.4 年终结余 的名称：由“预算年终结余”改为“年终结余”。"]),
    "parent": ("A3", ["A2.4 预算年终结余 的上级：由“A2”改为“A3”。"]),
    "max_points": (Decimal(4), ["A2.4 预算年终结余 的分值：由“3”改为“4”。"]),
    "method": (Method.RATIO, ["A2.4 预算年终结余 的方法：由“满意值赋分”改为“比率分值”。"]),
    "inputs": (
        {"value": "execution_rate"},
        [
            "A2.4 预算年终结余 的数据来源：由“数据来源 结余率（扣除收回或注销数）”改为“数据来源 预算执行率（决算数 ÷"
            " 调整后预算数）”。"
        ],
    ),
    "parameters": (
        {"satisfactory": Decimal(0), "unacceptable": Decimal("0.2")},
        ["A2.4 预算年终结余 的参数：由“满意值 0；不允许值 0.1”改为“满意值 0；不允许值 0.2”。"],
    ),
    "share": (Decimal(12), ["A2.4 预算年终结余 的占上级：由“不按百分比”改为“上级的 12%”。"]),
    "fallback": (False, ["A2.4 预算年终结余 的缺数据时：由“按单位自评”改为“不评分”。"]),
    "alternatives": (
        (Alternative(Method.ACCUMULATE, {"count": "project_count"}, {"points_per_case": Decimal(1)}),),
        ["A2.4 预算年终结余 的各种办法：由“无”改为“第 1 种：按数累加（数据来源 项目个数；每个得分 1）”。"],
    ),
    "not_applicable": (NotApplicable.ZERO, ["A2.4 预算年终结余 的不涉及时：由“计满分”改为“计 0 分”。"]),
}
INDICATOR_CHANGES = {
    "weight_sum": (Decimal(80), "权重合计：由“90”改为“80”"),
    "at_most": ("linear", "≤ 的规则：由“超过的按 指标值÷实际值”改为“超过的按超过的比例扣”"),
    "equal": ("exact", "= 的规则：由“同 ≥”改为“相等才得分”"),
    "late": ("proportional", "逾期的规则：由“逾期不得分”改为“按逾期天数扣”"),
    "late_days": (Decimal(30), "逾期扣完的天数：由“不规定”改为“30 天”"),
    "scale": (
        {"优": Decimal(1), "差": Decimal("0.001")},
        "定性等次：由“优 100%、良 80%、中 60%、低 40%、差 0%”改为“优 100%、差 0.1%”",
    ),
    "bands": (
        {"达成": (Decimal(0), Decimal(1))},
        "达成程度：由“达成 80%—100%、部分达成 60%—80%、未达成 0%—60%”改为“达成 0%—100%”",
    ),
    "over_fulfilment": (
        (OverFulfilment("deduct", Decimal("1.5"), None, Decimal(2)), OverFulfilment("zero", None, Decimal("0.7"))),
        "超额与不足：由“超过 1.3 倍：只要求说明”改为“超过 1.5 倍：扣分 2 分；不足 0.7 倍：不得分”",
    ),
    "splits": ((Block({"产出指标": Decimal(90)}),), "改为“产出指标 90”"),
    "blank_weight": ("equal_in_group", "权重空白时：由“不能评分”改为“在同一适用对象内平均分配”"),
    "rounding": (Rounding.INTEGER, "得分取舍：由“四舍五入到两位小数”改为“四舍五入到整数”"),
}
ENTRY = DEPARTMENT.entry_deadline
assert ENTRY is not None
READ = Provenance("某县文件第八条", Confidence.READ)
LIMIT_CHANGES = {  # a limit that is as it was, only confirmed now
    "thresholds": ({**DEPARTMENT.thresholds,
        "carryover_rate_limit": replace(DEPARTMENT.thresholds["carryover_rate_limit"], provenance=READ)},
        "核对界限“结余率超过”"),
    "entry_deadline": (replace(ENTRY, provenance=READ), "项目入库截止日"),
    "progress_marks": (tuple(replace(mark, provenance=READ) if mark.month == 10 else mark
        for mark in DEPARTMENT.progress_marks), "支出进度要求 10月末"),
}  # fmt: skip
HEAD_CHANGES = {
    "kind": ("项目支出", "适用：由“部门整体”改为“项目支出”。"),
    "region": ("某县", "适用地区：由“金口河区”改为“某县”。"),
    "document": ("《某县办法》", "文件名称：由“《金口河区预算绩效评价指标体系》”改为“《某县办法》”。"),
    "document_number": ("某财〔2026〕1号", "文号：由“没有写”改为“某财〔2026〕1号”。"),
    "outline": (
        Outline("评价报告", "", (Section("全部", ("A", "B"), projects=True),)),
        "报告各节：由“部门预算总体绩效（A）；部门预算项目绩效（B、项目）”改为“全部（A、B、项目）”。",
    ),
    "effective_from": (date(2026, 1, 1), "施行日期：由“待核”改为“2026-01-01”。"),
    "effective_to": (date(2026, 12, 31), "废止日期：由“没有”改为“2026-12-31”。"),
    "grades": (
        (GradeBand("优", Decimal(95)), GradeBand("差", Decimal(0))),
        "等级：由“优 ≥ 90，良 ≥ 80，中 ≥ 70，差 ≥ 0”改为“优 ≥ 95，差 ≥ 0”。",
    ),
    "rounding": (Rounding.FLOOR_1, "末级得分取舍：由“四舍五入到两位小数”改为“截到一位小数”。"),
    "thresholds": (
        {**DEPARTMENT.thresholds, "carryover_rate_limit": Threshold(Decimal("0.05"), DEPARTMENT.provenance)},
        "核对界限“结余率超过”：由“10%”改为“5%”。",
    ),
    "entry_deadline": (replace(ENTRY, year_offset=0), "项目入库截止日：由“上年9月30日”改为“当年9月30日”。"),
    "progress_marks": ((ProgressMark(6, Decimal("0.4")),), "支出进度要求：由“6月末 40%，10月末 80%”改为“6月末 40%”。"),
    "inputs": (
        (Asked("honours", "表彰次数", "count", "次", True, "表彰文件", DEPARTMENT.provenance),),
        "新增补充数据“表彰次数”（个数，次，必填；表彰文件）。",
    ),
    "facts": (
        (
            FactRule(
                "per_post",
                "人均支出",
                "money.paid.final / posts",
                parse("money.paid.final / posts"),
                "number",
                Decimal(0),
                2,
                DEPARTMENT.provenance,
            ),
        ),
        "新增算式“人均支出”（数 = 收支 全年单位实际支付数·决算数 / 编制人数合计；除数为 0 时计 0；显示 2 位小数）。",
    ),
    "caps": (
        (Cap("total", Decimal(59), "execution_rate", {"below": Decimal("0.5")}, DEPARTMENT.provenance),),
        "总分封顶：由“无”改为“预算执行率（决算数 ÷ 调整后预算数）低于 0.5，不超过 59 分”。",
    ),
    "deduction_column": (True, "扣减分数一列：由“否”改为“是”。"),
    "severities": ({"MONEY_010": "notice"}, "问题 MONEY_010 的级别："),
    "project_regulation": (REGULATIONS["hubei-project-20-80"], "项目的E 预算执行率 的分值：由“10”改为“20”。"),
    "items": ((), "取消指标 A 部门预算总体绩效（65 分）。"),
    "indicators": (replace(PROJECT.indicators, weight_sum=Decimal(80)), "绩效指标的权重合计：由“90”改为“80”。"),
}


def with_item(**change: object) -> Regulation:
    items = tuple(replace(item, **change) if item.id == "A2.4" else item for item in DEPARTMENT.items)
    return replace(DEPARTMENT, items=items)


@pytest.mark.parametrize(("name", "change"), ITEM_CHANGES.items(), ids=list(ITEM_CHANGES))
def test_a_change_of_an_item(name: str, change: tuple) -> None:
    assert differences(DEPARTMENT, with_item(**{name: change[0]})) == change[1]


@pytest.mark.parametrize(("name", "change"), INDICATOR_CHANGES.items(), ids=list(INDICATOR_CHANGES))
def test_a_change_of_the_indicator_rules(name: str, change: tuple) -> None:
    found = differences(PROJECT, replace(PROJECT, indicators=replace(PROJECT.indicators, **{name: change[0]})))
    assert len(found) == 1
    assert change[1] in found[0]


@pytest.mark.parametrize(("name", "change"), HEAD_CHANGES.items(), ids=list(HEAD_CHANGES))
def test_a_change_of_the_regulation(name: str, change: tuple) -> None:
    found = differences(DEPARTMENT, replace(DEPARTMENT, **{name: change[0]}))
    assert [sentence for sentence in found if change[1] in sentence]
    assert not [sentence for sentence in found if PROGRAM_WORD.search(sentence)]


def test_nothing_of_the_model_is_forgotten() -> None:
    """A field added to the model must be compared, or named here as one that changes no score."""
    assert {f.name for f in fields(Regulation)} == {*HEAD_CHANGES, *SAYS_WHERE_IT_STANDS}
    assert {f.name for f in fields(Item)} == {
        *ITEM_CHANGES,
        "level",
        "provenance",
        "remark",
        "shares_out",
    }  # the level follows from the parent, what shares out shows in the children
    assert {f.name for f in fields(IndicatorRules)} == {
        *INDICATOR_CHANGES,
        "at_least",
        "provenance",
        "notes",
    }  # at_least has one word


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=lambda r: r.id)
def test_no_difference_from_itself(regulation: Regulation) -> None:
    assert differences(regulation, regulation) == []


def test_steps_and_conditions_read_as_sentences() -> None:
    steps = {"absolute": True, "steps": ({"up_to": Decimal("0.1"), "points": Decimal(3)}, {"points": Decimal(0)})}
    found = differences(DEPARTMENT, with_item(method=Method.GRADED, parameters=steps))
    assert found[1].endswith("改为“不计正负 是；分档 不超过 0.1 得 3 分、其余 得 0 分”。")
    item = DEPARTMENT.item("A2.5")
    conditions = tuple({**condition, "points": Decimal(1)} for condition in item.parameters["conditions"])
    changed = tuple(
        replace(i, parameters={"conditions": conditions}) if i.id == "A2.5" else i for i in DEPARTMENT.items
    )
    found = differences(DEPARTMENT, replace(DEPARTMENT, items=changed))
    assert "年初预算压减率大于 0，否则扣 1 分" in found[0]


def test_shipped_schemes_against_each_other_in_chinese() -> None:
    for old in REGULATIONS.values():
        for new in REGULATIONS.values():
            assert not [sentence for sentence in differences(old, new) if PROGRAM_WORD.search(sentence)]


def test_an_item_that_is_confirmed() -> None:
    items = tuple(replace(i, provenance=READ) if i.id == "A2.4" else i for i in DEPARTMENT.items)
    assert differences(DEPARTMENT, replace(DEPARTMENT, items=items)) == [
        f"A2.4 预算年终结余 的条款：由“{DEPARTMENT.provenance.clause}”改为“某县文件第八条”。",
        "A2.4 预算年终结余 的核定状态：由“待核”改为“已核”。",
    ]


@pytest.mark.parametrize(("name", "change"), LIMIT_CHANGES.items(), ids=list(LIMIT_CHANGES))
def test_a_limit_that_is_confirmed(name: str, change: tuple) -> None:
    assert differences(DEPARTMENT, replace(DEPARTMENT, **{name: change[0]})) == [
        f"{change[1]}的条款：由“待核”改为“某县文件第八条”。",
        f"{change[1]}的核定状态：由“待核”改为“已核”。",
    ]


def test_an_input_a_fact_and_a_cap_that_are_confirmed() -> None:
    own = {name: HEAD_CHANGES[name][0] for name in ("inputs", "facts", "caps")}
    old = replace(DEPARTMENT, **own)
    for name, called in (("inputs", "补充数据“表彰次数”"), ("facts", "算式“人均支出”"), ("caps", "第 1 个封顶")):
        new = replace(old, **{name: tuple(replace(one, provenance=READ) for one in own[name])})
        assert differences(old, new) == [
            f"{called}的条款：由“{DEPARTMENT.provenance.clause}”改为“某县文件第八条”。",
            f"{called}的核定状态：由“推定”改为“已核”。",
        ]
