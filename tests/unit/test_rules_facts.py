"""The numbers a regulation may name: each by hand from filed cells, each with arithmetic of its own that comes to the
same."""

from dataclasses import replace
from decimal import Decimal

import pytest
from submissions import Unreadable, submission

from perfeval.blank.examples import completed_sheets
from perfeval.model.regulation import Item, Method
from perfeval.rules.department_facts import PROJECT_NUMBERS
from perfeval.rules.engine import score
from perfeval.rules.facts import Evidence
from perfeval.rules.frames import rated_tables
from perfeval.rules.load import load_regulations
from perfeval.rules.numbers import FormNumbers, built_in_kinds

DEPARTMENT = load_regulations()["sichuan-dept-65-35"]
SHEETS = {
    **completed_sheets(),
    "支出进度": [{"截止月份": "6", "累计支出数": "306.22"}, {"截止月份": "10", "累计支出数": "500"}, {"截止月份": "10", "累计支出数": "510"}],
    "管理数据": {
        "资产系统账面原值": {"数值": "490"}, "财务账面资产原值": {"数值": "500"}, "应报送资产报表次数": {"数值": "13"}, "按时准确报送次数": {"数值": "12"},
        "采购预算金额": {"数值": "20"}, "实际采购金额": {"数值": "18.5"}, "面向中小企业采购金额": {"数值": "9"},
    },
}  # fmt: skip


def drawn(name: str, sheets: dict) -> object:
    filed = submission(sheets)
    tables = rated_tables(filed, DEPARTMENT)
    return FormNumbers(Evidence.of(filed, DEPARTMENT, tables, score(filed, DEPARTMENT).indicators)).get(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("execution_rate", "0.9314"), ("adjustment_rate", "0.4221"), ("carryover_rate", "0"),
        ("initial_budget_cut_rate", "0.1429"),
        ("executed_cut_rate", "0.3876"), ("asset_difference_rate", "0.02"), ("controlled_items_over_budget", "0"),
        ("duty_completion_rate", "0.8824"),
        ("project_execution_rate", "0.9703"), ("standing_execution_rate", "1"), ("staged_execution_rate", "0.9587"),
        ("project_count", "19"),
        ("staff", "16"), ("posts", "16"), ("indicators_score", "89.63"), ("indicators_weight", "90"),
        ("satisfaction_score", "9.74"),
        ("satisfaction_weight", "10"), ("progress.6", "0.5"), ("money.paid.final", "570.41"),
        ("money.expenditure_total.initial", "430.66"),
        ("cut.executed.previous", "24.95"), ("management.procurement_small_firms", "9"),
        ("management.reports_due", "13"),
    ],
)  # fmt: skip
def test_by_hand(name: str, value: str) -> None:
    fact = drawn(name, SHEETS)
    assert fact is not None
    assert round(fact.value, 4) == Decimal(value)


@pytest.mark.parametrize("name", built_in_kinds("部门整体"))
def test_nothing_filed_is_no_number(name: str) -> None:
    assert drawn(name, {}) is None


@pytest.mark.parametrize("name", built_in_kinds("部门整体"))
def test_its_formula_comes_to_its_value(name: str) -> None:
    fact = drawn(name, SHEETS)
    if fact is None:  # cells the example leaves blank
        return
    operands = {operand.key: operand.value for operand in fact.operands}
    assert eval(fact.formula.replace("{", "").replace("}", ""), {"ABS": abs}, operands) == fact.value
    assert all(operand.cells for operand in fact.operands)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (
            "carryover_rate",
            {"收支": {"支出合计": {"调整后预算数": "100", "决算数": "90"}}},
        ),  # 收回或注销数 blank: missing is not 0
        ("execution_rate", {"收支": {"支出合计": {"调整后预算数": "0", "决算数": "90"}}}),
        ("initial_budget_cut_rate", {"压减": {"一般性支出年初预算": {"上年": "0", "本年": "3"}}}),
        ("asset_difference_rate", {"管理数据": {"资产系统账面原值": {"数值": "3"}, "财务账面资产原值": {"数值": "0"}}}),
        ("controlled_items_over_budget", {"控制支出": [{"支出名称": "会议费", "本年预算数": "2", "本年执行数": ""}]}),
        (
            "controlled_items_over_budget",
            {"控制支出": [{"支出名称": "会议费", "本年预算数": Unreadable("两万"), "本年执行数": "1"}]},
        ),
        (
            "project_execution_rate",
            {"项目": [{"项目名称": "甲", "项目类型": "常年", "调整后预算数": "", "执行数": "1"}]},
        ),
        ("standing_execution_rate", {"项目": [{"项目名称": "甲", "项目类型": "", "调整后预算数": "2", "执行数": "1"}]}),
        ("duty_completion_rate", {"履职数据": [{"指标名称": "甲", "计划数": "2"}]}),
        ("duty_completion_rate", {"履职数据": [{"指标名称": "甲", "计划数": "0", "完成数": "1", "完成率": "90%"}]}),
        ("progress.10", SHEETS),  # two rows of one month
        (
            "satisfaction_score",
            {
                "指标": [
                    {"适用对象": "部门整体", "一级指标": "满意度指标", "三级指标": "甲", "指标值": "9", "权重": "9"}
                ]
            },
        ),
        ("posts", {"基本情况": {"行政编制人数": "3", "事业编制人数": "2"}}),
    ],
)
def test_one_missing_part_leaves_no_number(name: str, change: dict) -> None:
    assert drawn(name, change) is None


def test_a_controlled_item_over_its_budget() -> None:
    rows = [{"支出名称": "会议费", "本年预算数": "2", "本年执行数": spent} for spent in ("2", "2.01", "3")]
    fact = drawn("controlled_items_over_budget", {"控制支出": rows})
    assert fact is not None
    assert (fact.value, fact.words) == (2, "超预算 2 项")


def test_the_projects_own_numbers() -> None:
    project = submission(completed_sheets()).projects[9]
    assert {name: str(draw(project).value) for name, draw in PROJECT_NUMBERS.items()} == {
        "project.initial_budget": "30.00", "project.adjusted_budget": "30.00", "project.executed": "28.20",
        "project.taken_back": "1.80",
    }  # fmt: skip


def test_inputs_that_use_one_key_for_different_cells_are_kept_apart() -> None:
    """Both rates call their operands executed and adjusted."""
    conditions = tuple(
        {"input": name, "at_least": Decimal("0.96"), "points": Decimal(3)} for name in ("whole", "projects", "staged")
    )
    inputs = {"whole": "execution_rate", "projects": "project_execution_rate", "staged": "staged_execution_rate"}
    leaf = DEPARTMENT.item("A2.5")
    item = Item(
        **{f: getattr(leaf, f) for f in ("id", "name", "parent", "level", "provenance")},
        max_points=Decimal(9),
        method=Method.DEDUCT_MISSING,
        inputs=inputs,
        parameters={"conditions": conditions},
    )
    changed = replace(DEPARTMENT, items=tuple(item if i.id == leaf.id else i for i in DEPARTMENT.items))
    result = score(submission(SHEETS), changed).item(leaf.id)
    assert result is not None
    operands = {operand.key: operand.value for operand in result.operands}
    assert result.score == 3  # only the projects together reach 96 %
    assert len(operands) == 7
    spreadsheet = {"IF": lambda test, then, other: then if test else other, "ROUND": round, "MAX": max}
    assert eval(result.formula.replace("{", "").replace("}", ""), spreadsheet, operands) == 3
