"""A check that must not fire: of the other 评价类型, of a blank department, of a form nobody has filled in yet."""

from collections import Counter

import pytest
from planting import Changes, at, findings_of, news, plant, regulations

from perfeval.blank.workbook import blank_template
from perfeval.model.submission import PROJECT_KIND

AS_PROJECT: Changes = {("基本情况", "评价类型"): PROJECT_KIND, ("基本情况", "指标体系"): "cn-project-10-90"}
# errors of a department's own sheets, one of each topic
OF_A_DEPARTMENT: dict[str, Changes] = {
    "MONEY_001": {("收支", "收入合计", "年初预算数"): 999},
    "MONEY_008": {("收支", "其他资金收入", "决算数"): -3},
    "MONEY_013": {("收支", "收入合计", "决算数"): None},
    "MONEY_015": {"支出进度!B5": -1},
    "CUT_001": {("压减", "一般性支出年初预算", "上年"): 0},
    "CUT_004": {("控制支出", "培训费", "本年执行数"): 2.5},
    "DUTY_001": {("履职", "发展规划编制职能", "分值"): 99},
    "DUTY_008": {("履职数据", "编发《价格动态》", "完成数"): -12},
    "SCORE_002": {("评分", "综合得分", "自评得分"): 5},
    "SCORE_004": {("评分", "财务岗位设置", "自评得分"): None},
    "TEXT_003": {("报告文字", "评价结论补充", "内容"): "2025年度，区教育局各项工作取得成效。"},
    "TEXT_008": {("报告文字", "绩效结果应用", "内容"): None},
}


@pytest.mark.parametrize(("code", "changes"), OF_A_DEPARTMENT.items(), ids=OF_A_DEPARTMENT)
def test_a_departments_error_is_none_of_a_project_workbook(code: str, changes: Changes) -> None:
    """Its sheets are not read there, which one notice says."""
    assert code in {found for found, _ in news(changes)}
    as_project = plant({**AS_PROJECT, **changes})
    assert [(f.code, f.ref) for f in as_project] == [(f.code, f.ref) for f in plant(AS_PROJECT)]


def test_a_project_workbook_with_a_departments_sheets_is_asked_nothing_of_them() -> None:
    topics = {finding.code.split("_")[0] for finding in plant(AS_PROJECT)}
    assert topics.isdisjoint({"MONEY", "CUT", "DUTY", "SCORE", "TEXT"})
    assert [str(f.ref) for f in plant(AS_PROJECT) if f.code == "SHEET_007"] == [at("基本情况", "评价类型")]


@pytest.mark.parametrize("label", ["部门名称", "加挂牌子", "内设机构"])
def test_a_blank_department_is_asked_for_at_most_once(label: str) -> None:
    """The names of a text are held against those of the department: against none, nothing is a stranger."""
    praise = {("报告文字", "评价结论补充", "内容"): "2025年度，区教育局各项工作取得成效。"}
    assert {code for code, _ in news({("基本情况", label): None})} <= {"CELL_001"}
    blank = {("基本情况", "部门名称"): None}
    assert {code for code, _ in news({**blank, **praise})} == {"CELL_001"}


@pytest.mark.parametrize(
    ("kind", "regulation", "codes"),
    [
        (
            "部门整体",
            "sichuan-dept-65-35",
            # one finding a sheet that has to be filled in; a score that has to be declared, each
            {"CELL_001": 5, "MONEY_013": 1, "DUTY_001": 1, "INDICATOR_030": 1, "TEXT_008": 2, "SCORE_004": 22},
        ),
        (PROJECT_KIND, "cn-project-10-90", {"CELL_001": 1, "PROJECT_015": 1}),
    ],
)
def test_of_a_blank_form_only_what_is_missing_is_reported(kind: str, regulation: str, codes: dict[str, int]) -> None:
    findings = findings_of(blank_template(kind, regulations(), regulation, 2025))
    assert Counter(finding.code for finding in findings) == codes
    assert not any("None" in f.message or "“”" in f.message for f in findings)
