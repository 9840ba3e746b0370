"""A remedy followed to the letter works: exactly the value it names in exactly that cell, and the finding is gone,
nothing new is said of a parent or a child, and one round is enough."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from planting import TEN_ERRORS, at, findings_of, plant, planted, project_workbook
from remedies import followed, named, open_ones

from perfeval.findings.finding import Finding

MONEY, INITIAL, ADJUSTED, FINAL = "收支", "年初预算数", "调整后预算数", "决算数"
OWN, LOST = "自评得分", "扣分原因"

PEOPLE = {("指标", "检查粮铺", "指标值"): "35000", ("指标", "检查粮铺", "计量单位"): "人"}
PLANTED: list[dict[Any, object]] = [
    {(MONEY, "收入合计", INITIAL): 440.66},
    {(MONEY, "收入合计", ADJUSTED): 600, (MONEY, "支出合计", ADJUSTED): 600},
    {(MONEY, "支出合计", FINAL): 580},
    {(MONEY, "基本支出", INITIAL): 300},
    {(MONEY, "支出来源：财政拨款", INITIAL): 380},
    {(MONEY, "年末结转结余", FINAL): 5},
    {(MONEY, "项目支出", INITIAL): 210},
    {(MONEY, "附表资金总额", INITIAL): 400},
    {("项目", "伙食团运行费", "执行数"): 17},
    {("项目", "阶段项目（示例）08", "已采取调整措施"): "否"},
    {("指标", "检查粮铺", "实际完成值"): "约12个"},
    {("指标", "检查粮铺", "实际完成值"): "约20个"},  # far above the target: the reason is asked for at once
    {("指标", "检查粮铺", "实际完成值"): "约8个"},
    {("指标", "检查粮铺", "指标值"): "约10家"},
    {("指标", "检查粮铺", "指标值"): "约12家"},  # the actual is 10
    {("指标", "检查粮铺", "实际完成值"): "约0.9", ("指标", "检查粮铺", "计量单位"): "%"},
    # a factor is part of the number: 50000 人, and that is far above the target
    {**PEOPLE, ("指标", "检查粮铺", "实际完成值"): "约5万"},
    {**PEOPLE, ("指标", "检查粮铺", "实际完成值"): "服务群众3万多人"},
    {**PEOPLE, ("指标", "检查粮铺", "实际完成值"): "近9人"},
    {("指标", "检查粮铺", OWN): 2.5},
    {("指标", "伙食团员工工资标准", "指标性质"): "≥"},
    {("指标", "工资发放及时率", "指标性质"): "定性"},
    {("评分", "部门预算总体绩效", OWN): 64},
    {("评分", "综合得分", OWN): 97},
    {("评分", "执行结果", OWN): 3.5},
    {("评分", "采购管理", OWN): 5},
    {("评分", "履职效能", "分值"): 21},
    # one leaf: every level above it, from the leaf up
    {("评分", "财务管理制度", OWN): 1, ("评分", "财务管理制度", LOST): "制度修订迟了三个月"},
    {("评分", "资产月报和年报报送", OWN): 2, ("评分", "资产月报和年报报送", LOST): "有一期月报迟报两天"},
    {"履职数据!F12": 0.5},
    {place: value for place, (value, _) in TEN_ERRORS.items()},
]


def new(findings: tuple[Finding, ...]) -> list[Finding]:
    """What asks for something and is not asked of the clean example."""
    clean = {(f.code, f.ref) for f in plant({})}
    return [f for f in open_ones(findings) if (f.code, f.ref) not in clean]


@pytest.mark.parametrize("changes", PLANTED, ids=[f"{next(iter(c))}" for c in PLANTED])
def test_one_round_mends_everything_a_value_is_named_for(changes: dict[Any, object]) -> None:
    found = new(plant(changes))
    without_value = {(f.code, f.ref) for f in found if not named(f)}
    places = {at(*([place] if isinstance(place, str) else place)): value for place, value in changes.items()}
    assert found
    left = [f for f in new(plant({**places, **followed(found)})) if (f.code, f.ref) not in without_value]
    assert [(f.code, str(f.ref), f.message) for f in left] == []


def test_a_changed_leaf_is_said_of_every_level_at_once() -> None:
    found = new(plant({("评分", "财务管理制度", OWN): 1, ("评分", "财务管理制度", LOST): "制度修订迟了三个月"}))
    levels = {str(f.ref): f.expected for f in found if f.code in ("SCORE_001", "SCORE_002")}
    assert levels == {"评分!F5": "64", "评分!F13": "5", "评分!F35": "97.94"}


def test_no_score_is_proposed_above_what_can_be_reached() -> None:
    """A leaf of 5 of 2 points is reported; what the levels above come to is not known."""
    found = new(plant({("评分", "财务管理制度", OWN): 5}))
    assert [(f.code, f.expected) for f in found] == [("SCORE_003", "0 到 2")]


HEDGED = [
    # (nature, target, unit, actual) → what to type there, and what else is to be done in the same round
    ("≥", "80", "%", "约5", "填 5，单位写在“计量单位”一列；并在“偏差原因”（K9）写明原因"),
    ("≥", "80", "%", "约85%", "填 85，单位写在“计量单位”一列"),
    ("≥", "80", "%", "约0.85", "填 0.85% 或者 85%，写明百分号；没有达到指标值的，在“偏差原因”（K9）写明原因"),
    ("≥", "35000", "人", "3.6万左右", "填 36000，以“人”计"),
    ("≥", "2", "小时", "约90分钟", "填 1.5，以“小时”计；并在“偏差原因”（K9）写明原因"),
    ("≤", "30", "天", "将近20天", "填 20，单位写在“计量单位”一列"),
    (
        "≥", "3.5", "万人", "约36800",
        "填 36800，单位写在“计量单位”一列；它与指标值 3.5万人 相差悬殊，单位没有填错的，在“偏差原因”（K9）写明“单位无误”和原因",
    ),
    ("≥", "10", "家", "十来家", "只填一个数；没有达到指标值的，在“偏差原因”（K9）写明原因"),
]  # fmt: skip


@pytest.mark.parametrize(("nature", "target", "unit", "actual", "remedy"), HEDGED)
def test_of_a_hedged_number_everything_is_said_at_once(nature, target, unit, actual, remedy) -> None:
    row = dict(zip(("指标性质", "指标值", "计量单位", "实际完成值"), (nature, target, unit, actual), strict=True))
    found = plant({("指标", "检查粮铺", column): value for column, value in row.items()})
    assert [f.fix.partition("。有几个目标")[0] for f in found if f.code == "INDICATOR_003"] == [remedy]


def test_a_projects_total_follows_its_indicators() -> None:
    project = {"项目名称": "校舍维修", "项目类型": "常年", "年初预算数": "30", "调整后预算数": "30", "执行数": "28.80"}
    of_project = {"适用对象": "校舍维修", "指标性质": "≥", "计量单位": "所", "指标值": "4", "实际完成值": "4"}
    rows = [
        {**of_project, "一级指标": "产出指标", "三级指标": "维修校舍", "权重": "50", OWN: "48"},
        {**of_project, "一级指标": "效益指标", "三级指标": "受益学校", "权重": "30", OWN: "30"},
        {**of_project, "一级指标": "满意度指标", "三级指标": "验收校舍", "权重": "10", OWN: "10"},
    ]
    content = project_workbook([{**project, OWN: "97.60"}], rows)
    (asked,) = [f for f in open_ones(findings_of(content)) if f.code in ("INDICATOR_015", "PROJECT_011")]
    book = load_workbook(io.BytesIO(content))
    for place, value in named(asked).items():
        sheet, address = place.split("!")
        book[sheet][address].value = value
    book.save(mended := io.BytesIO())
    codes = {f.code for f in open_ones(findings_of(mended.getvalue()))}
    assert not codes & {"INDICATOR_015", "PROJECT_011"}


@pytest.mark.parametrize(
    ("code", "cell"),
    [('0.00"元"', ("收支", "项目支出", FINAL)), ('0.00"千元"', ("收支", "财政拨款收入", INITIAL))],
)
def test_a_remedy_for_a_cell_whose_format_shows_another_unit_begins_with_the_format(
    code: str, cell: tuple[str, str, str]
) -> None:
    """A number typed there would be shown, and counted, in that unit again."""
    book = load_workbook(io.BytesIO(planted({})))
    sheet, address = at(*cell).split("!")

    def asked(number_format: str) -> list[Finding]:
        book[sheet][address].number_format = number_format
        content = io.BytesIO()
        book.save(content)
        return [f for f in new(findings_of(content.getvalue())) if f.code != "CELL_005"]

    assert any("先把单元格格式改为“常规”" in f.fix for f in asked(code))
    assert asked("General") == []


def test_a_number_that_is_as_its_format_says_needs_no_other_format() -> None:
    assert all(
        "单元格格式" not in f.fix for f in plant({(MONEY, "收入合计", INITIAL): 440.66}) if f.code == "MONEY_001"
    )
