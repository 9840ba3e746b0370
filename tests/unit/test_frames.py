"""The frames of a workbook: what was filed, exact and in its place, and every column computed of it, each by hand."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from submissions import Unreadable, submission

from perfeval.blank.examples import completed_sheets
from perfeval.model.frames import FILED, Frames, cell, filed_cell, frame_of, row_of, tables_of, value, where
from perfeval.model.readings import DateSpan, Level, Number
from perfeval.model.scorecard import Scorecard
from perfeval.rules import frames as rules
from perfeval.rules.engine import score
from perfeval.rules.frames import frames_for, frames_of, rated_tables
from perfeval.rules.load import load_regulations

D = Decimal
REGULATIONS = load_regulations()
DEPARTMENT = REGULATIONS["sichuan-dept-65-35"]
PROJECT = {"项目名称": "甲", "项目类型": "常年", "年初预算数": "10", "调整后预算数": "12", "执行数": "9"}
INDICATOR = {
    "适用对象": "部门整体",
    "一级指标": "产出指标",
    "三级指标": "甲",
    "指标性质": "≥",
    "指标值": "4",
    "权重": "10",
    "实际完成值": "3",
}


def card(sheets: dict) -> Scorecard:
    return score(submission(sheets), DEPARTMENT)


def framed(sheets: dict) -> Frames:
    return card(sheets).frames


def every(frames: Frames) -> list[tuple[str, pd.DataFrame]]:
    return [(field.name, getattr(frames, field.name)) for field in fields(frames)]


@pytest.mark.parametrize(
    "sheets", [{}, completed_sheets(), {"项目": [PROJECT], "指标": [INDICATOR]}], ids=["nothing", "example", "little"]
)
def test_all_is_object_and_missing_is_none(sheets: dict) -> None:
    for name, frame in every(framed(sheets)):
        assert {kind.name for kind in frame.dtypes} == {"object"}, name
        missing = [
            found for column in frame for found in frame[column] if pd.api.types.is_scalar(found) and pd.isna(found)
        ]
        assert all(found is None for found in missing), name


def test_a_cell_without_a_value_is_none_whatever_its_state() -> None:
    rows = [{**PROJECT, "执行数": ""}, {**PROJECT, "项目名称": "乙", "执行数": Unreadable("约9")}]
    projects = framed({"项目": rows}).projects
    assert list(projects.executed) == [None, None]
    assert list(projects.execution_rate) == [None, None]
    assert [filed_cell(projects, row, "executed").is_blank for row in projects.index] == [True, False]


def test_values_are_as_filed_under_the_rows_of_the_sheet() -> None:
    frames = framed(
        {
            "项目": [{**PROJECT, "入库日期": "2024-11-05"}],
            "指标": [INDICATOR, {**INDICATOR, "指标值": "12月底前", "实际完成值": "优"}],
        }
    )
    assert list(frames.projects.index) == [4]
    assert frames.projects.loc[4, "adjusted_budget"] == D(12)
    assert frames.projects.loc[4, "entry_date"] == date(2024, 11, 5)
    assert list(map(type, frames.indicators.target)) == [Number, DateSpan]
    assert frames.indicators.loc[5, "actual"] == Level("优")


def test_each_value_knows_its_cell() -> None:
    filed = submission(completed_sheets())
    frames = frames_for(filed, None)
    project = filed.projects[2]
    assert cell(frames.projects, project.row, "executed") == project.executed.ref
    assert filed_cell(frames.projects, project.row, "executed") is project.executed
    row = row_of(frames.money, "expenditure_total")
    assert row is not None
    assert cell(frames.money, row, "final") == filed.money.expenditure_total.final.ref
    assert value(frames.money, "expenditure_total", "final") == D("570.41")
    assert row_of(frames.money, "nothing") is None
    late = frames.projects[where(frames.projects, lambda day: day > date(2024, 9, 30), "entry_date")]
    assert all(cell(late, number, "entry_date").row == number for number in late.index)


def test_a_sheet_that_is_not_there_has_no_rows() -> None:
    frames = framed({})
    assert all(frame.empty for name, frame in every(frames) if name != "project_types")
    assert value(frames.money, "expenditure_total", "execution_rate") is None


def test_the_columns_are_the_keys_of_the_form() -> None:
    tables = tables_of(submission(completed_sheets()))
    projects = frame_of(tables["projects"])
    assert list(projects.columns)[:3] == ["code", "name", "type"]
    assert list(projects.columns)[-1] == FILED
    assert list(frame_of(tables["cuts"])["key"]) == ["initial_budget", "executed"]


def test_a_mask_is_never_true_of_a_missing_value() -> None:
    projects = framed({"项目": [PROJECT, {**PROJECT, "项目名称": "乙", "执行数": ""}]}).projects
    assert list(where(projects, lambda spent, budget: spent < budget, "executed", "adjusted_budget")) == [True, False]


def test_the_example_by_hand() -> None:
    frames = framed({**completed_sheets(), "支出进度": [{"截止月份": "6", "累计支出数": "306.22"}]})
    rounded = {
        "execution_rate": "0.9314", "adjustment_rate": "0.4221", "carryover_rate": "0.0000",
        "initial_execution_rate": "1.3245",
    }  # fmt: skip
    for column, expected in rounded.items():
        assert round(value(frames.money, "expenditure_total", column), 4) == D(expected)
    assert round(value(frames.money, "paid", "payment_rate"), 4) == D("0.9314")
    assert [round(rate, 4) for rate in frames.cuts.rate] == [D("0.1429"), D("0.3876")]
    assert list(frames.progress.share) == [D("0.5")]
    kinds = frames.project_types
    assert [round(kinds.loc[kind, "execution_rate"], 4) for kind in ("常年", "阶段", "全部")] == [
        D(1),
        D("0.9587"),
        D("0.9703"),
    ]
    assert list(kinds["count"]) == [9, 10, 19]
    assert round(frames.projects.execution_rate.iloc[-1], 4) == round(
        frames.projects.executed.iloc[-1] / frames.projects.adjusted_budget.iloc[-1], 4
    )
    assert frames.subjects.loc["部门整体", "weight_used"] == 90
    assert frames.subjects.loc["部门整体", "score"] == D("89.63")


def test_rates_are_exact() -> None:
    projects = framed({"项目": [{**PROJECT, "调整后预算数": "3", "执行数": "1"}]}).projects
    assert projects.loc[4, "execution_rate"] == D(1) / D(3)
    assert projects.loc[4, "carryover_rate"] == 1 - D(1) / D(3)


@pytest.mark.parametrize(("budget", "spent"), [("0", "0"), ("0", "5"), ("-3", "1"), ("", "1"), ("3", "")])
def test_no_rate_without_a_budget_or_with_a_missing_amount(budget: str, spent: str) -> None:
    projects = framed({"项目": [{**PROJECT, "调整后预算数": budget, "执行数": spent}]}).projects
    assert projects.loc[4, "execution_rate"] is None
    assert projects.loc[4, "carryover_rate"] is None


def test_a_sum_that_lacks_a_part_is_none() -> None:
    kinds = framed({"项目": [PROJECT, {**PROJECT, "项目名称": "乙", "项目类型": "一次性", "执行数": ""}]}).project_types
    assert [kinds.loc[kind, "executed"] for kind in kinds.index] == [D(9), None, None]
    assert [kinds.loc[kind, "adjusted_budget"] for kind in kinds.index] == [D(12), D(12), D(24)]


def test_controlled_items_and_duties() -> None:
    frames = framed(
        {
            "控制支出": [
                {"支出名称": "公务接待费", "本年预算数": "4", "本年执行数": "5"},
                {"支出名称": "因公出国（境）费", "本年预算数": "4"},
            ],
            "履职数据": [
                {"指标名称": "甲", "计划数": "8", "完成数": "6", "完成率": "70%"},
                {"指标名称": "乙", "完成率": "70%"},
                {"指标名称": "丙", "计划数": "0", "完成数": "0"},
            ],
        }
    )
    assert list(frames.controlled.excess) == [D(1), None]
    assert list(frames.controlled.execution_rate) == [D("1.25"), None]
    assert list(frames.duty_data.completion) == [D("0.75"), D("0.7"), None]


def test_duplicates_name_the_first_row() -> None:
    frames = framed(
        {
            "项目": [PROJECT, PROJECT, {**PROJECT, "项目名称": ""}, PROJECT],
            "指标": [INDICATOR, {**INDICATOR, "适用对象": "甲"}, INDICATOR],
        }
    )
    assert list(frames.projects.duplicate_of) == [None, 4, None, 4]
    assert list(frames.indicators.duplicate_of) == [None, None, 4]


def test_indicators_carry_what_they_were_scored_by() -> None:
    frames = framed(
        {"指标": [INDICATOR, {**INDICATOR, "指标值": "0"}, {**INDICATOR, "权重": ""}, {**INDICATOR, "指标性质": ""}]}
    )
    assert list(frames.indicators.ratio) == [D("0.75"), None, None, D("0.75")]
    assert list(frames.indicators.score) == [D("7.5"), D(10), None, D("7.5")]
    assert list(frames.indicators.nature_assumed) == [False, False, False, True]


def test_the_columns_are_what_the_scorecard_says() -> None:
    made = card(completed_sheets())
    assert list(made.frames.indicators.ratio) == [found.ratio for found in made.indicators]
    assert list(made.frames.indicators.score) == [found.score for found in made.indicators]
    assert list(made.frames.indicators.weight_used) == [found.weight for found in made.indicators]
    assert list(made.frames.projects.execution_rate) == [found.execution_rate for found in made.projects]
    by_id = {found.item.id: found.score for found in made.items}
    assert [by_id.get(item) for item in made.frames.scores["item"]] == list(made.frames.scores.computed)
    assert value(made.frames.scores, "B3.3", "computed", by="item") == D("2.21")


def test_blank_weights_are_shared_where_the_regulation_says_so() -> None:
    sharing = replace(DEPARTMENT, indicators=REGULATIONS["hubei-project-20-80"].indicators)
    filed = submission(
        {
            "指标": [
                {**INDICATOR, "权重": ""},
                {**INDICATOR, "三级指标": "乙", "权重": ""},
                {**INDICATOR, "三级指标": "丙", "权重": "20"},
            ]
        }
    )
    assert list(frames_of(rated_tables(filed, sharing)).indicators.weight_used) == [D(30), D(30), D(20)]
    assert list(frames_of(rated_tables(filed, None)).indicators.weight_used) == [None, None, D(20)]


@pytest.mark.parametrize(
    ("weights", "agree"),
    [(["30", "60"], True), (["33.33"] * 3, False), (["30.00", "30.00", "29.99"], True), (["30", "59"], False)],
)
def test_weights_agree_within_what_rounding_may_have_changed(weights: list[str], agree: bool) -> None:
    assert rules.weights_agree([D(weight) for weight in weights], D(90)) is agree
