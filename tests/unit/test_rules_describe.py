"""`regulation show` keeps nothing back: everything a regulation lays down, each with clause and confidence, and what is
待核 at the end."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from test_regulation_workbook_own import everything

from perfeval.model.regulation import Confidence, IndicatorRules, OverFulfilment, Provenance, Regulation
from perfeval.rules.load import load_regulations
from perfeval.schemes.describe import show_regulation

REGULATIONS = load_regulations()
PROJECT = REGULATIONS["cn-project-10-90"]
READ = Provenance("某县文件第八条", Confidence.READ)


def lines_of(regulation: Regulation) -> list[str]:
    return show_regulation(regulation).splitlines()


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=lambda r: r.id)
def test_every_line_that_decides_something_says_where_it_is_and_how_sure_it_is(regulation: Regulation) -> None:
    _, _, basis, _, _, *rest = lines_of(regulation)
    assert basis == f"依据：{regulation.provenance.clause}　{regulation.provenance.confidence}"
    *reported, unconfirmed_items, unconfirmed_rules = (line for line in rest if line)
    assert len(reported) > len(regulation.items) + 10
    for line in reported:
        assert "　条款：" in line, line
        assert any(f"　{confidence}" in line for confidence in Confidence), line
    named = unconfirmed_rules.partition("：")[2].split("、")
    for line in reported[len(regulation.items) :]:
        assert (line.endswith("　待核")) == (line.partition("：")[0] in named), line
    for item in regulation.items:
        assert (f"{item.id} {item.name}" in unconfirmed_items) == (item.provenance.confidence is Confidence.UNCONFIRMED)


@pytest.mark.parametrize(
    "words",
    [
        "绩效指标≥ 的规则：按完成比例，最多满分", "绩效指标≤ 的规则：超过的按 指标值÷实际值", "绩效指标= 的规则：同 ≥", "绩效指标逾期的规则：逾期不得分",
        "绩效指标定性等次：优 100%、良 80%", "绩效指标达成程度：达成 80%—100%", "绩效指标超额与不足：超过 1.3 倍：只要求说明", "绩效指标权重构成：产出指标 50",
        "绩效指标权重空白时：不能评分", "绩效指标得分取舍：四舍五入到两位小数", "末级得分取舍：四舍五入到两位小数", "项目入库截止日：上年9月30日", "支出进度要求 6月末：40%",
        "支出进度要求 10月末：80%", "核对界限 执行率低于：90%",
    ],
)  # fmt: skip
def test_what_used_to_be_kept_back(words: str) -> None:
    assert words in show_regulation(PROJECT)


def test_no_setting_of_the_indicators_changes_unseen() -> None:
    changed = {
        "weight_sum": 80, "at_most": "linear", "equal": "exact", "late": "proportional", "late_days": 30, "scale": {},
        "bands": {},
        "over_fulfilment": (OverFulfilment("zero", below=PROJECT.indicators.scale["良"]),), "splits": (),
        "blank_weight": "equal_in_group",
        "rounding": "integer", "provenance": READ, "notes": {"equal": READ},
    }  # fmt: skip
    assert set(changed) == {field.name for field in fields(IndicatorRules)} - {
        "at_least"
    }  # there is only one rule for ≥
    for name, value in changed.items():
        other = replace(PROJECT, indicators=replace(PROJECT.indicators, **{name: value}))
        assert show_regulation(other) != show_regulation(PROJECT), name


def test_the_unconfirmed_settings_are_named_at_the_end() -> None:
    *_, items, rules = lines_of(PROJECT)
    assert items == "没有待核的指标。"
    assert rules.startswith("待核的规定（19 项）：施行日期、绩效指标权重合计、绩效指标≥ 的规则、")
    assert "权重构成" not in rules  # 推定
    assert rules.endswith("支出进度要求 6月末、支出进度要求 10月末")


def test_levels_and_the_project_scheme_of_a_department_are_shown() -> None:
    department = replace(REGULATIONS["sichuan-dept-65-35"], severities={"MONEY_010": "notice"})
    shown = show_regulation(department)
    assert "问题 MONEY_010 的级别：提示" in shown
    assert "　缺数据时按单位自评　不涉及时计满分　条款：" in shown
    assert "不涉及时" not in show_regulation(PROJECT)  # nothing of a project scheme has a row in 评分
    assert "项目和绩效指标使用的指标体系：sichuan-project-10-90" in shown


def test_what_a_regulation_brings_of_its_own_is_a_sentence_each(tmp_path: Path) -> None:
    shown = show_regulation(everything(tmp_path))
    for words in (
        "适用地区：某县　条款：",
        "文件名称：《某县办法》",
        "扣减分数一列：各张评分的表在得分旁边印扣减分数",
        "报告名称：绩效评价报告",
        "报告各节：乙和甲（B、A1、A2）；项目情况（项目）",
        "补充数据 负债：金额，必填；取自决算 “资产负债表”　条款：第三条　已核",
        "补充数据 里程：数，公里，可以不填",
        "算式 负债率：比率 = “负债” / 较大的(收支 支出合计·决算数, 1)；除数为 0 时计 0.5；显示 2 位小数",
        "算式 本县执行率：比率 = 收支 全年单位实际支付数·决算数 / 收支 全年下达单位计划数·决算数；除数为 0 时没有数据，为负时没有数据；"
        "显示 1 位小数；句子里写作“执行 {}”",
        "总分封顶：“负债率”大于 0.5、不超过 1.25，不超过 70 分　条款：第四条　推定",
        "指标 A2封顶：“是否公开”低于 1，不超过 3 分",
        "A 甲　30.5 分（上级的 30.5%）　下级之和",
        "第 3 种：超标扣分（数据来源 “本县执行率”；次数 不满一次计一次；标准 0.95；每 0.01；每次扣 2；达到则不得分 0.5；扣分方向 低于）",
        "“一、有办法；有台账”10.19 分",
    ):
        assert words in shown, words
