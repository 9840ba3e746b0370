"""项目: the department's own scores of a project beside the computed ones. Two projects, each with its amounts and
indicators in the test."""

import io

import pytest
from openpyxl import load_workbook
from planting import findings_of, project_workbook

from perfeval.findings.finding import Finding

# 9.60 for 执行率 (28.80 of 30.00), 90 points of indicators of which one is missed: 28.5 of 30 (95 against ≥ 100) → 98.10
ROW = {"项目名称": "校舍维修", "项目类型": "常年", "年初预算数": "30", "调整后预算数": "30", "执行数": "28.80"}
INDICATORS = [
    ("产出指标", "数量指标", "维修校舍", "≥", "4", "所", "50", "4", None, None),
    ("效益指标", "社会效益指标", "受益学生", "≥", "100", "人", "30", "95", None, "学生转走5人"),
    ("满意度指标", "服务对象满意度指标", "家长满意度", "≥", "90", "%", "10", "92", None, None),
]
HEADERS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "指标性质",
    "指标值",
    "计量单位",
    "权重",
    "实际完成值",
    "自评得分",
    "偏差原因",
)


def reported(project: dict[str, str], declared: tuple[str | None, ...] = (None, None, None)) -> list[Finding]:
    """What is reported of the project's and its indicators' own scores."""
    rows = []
    for cells, points in zip(INDICATORS, declared, strict=True):
        row = {
            "适用对象": "校舍维修",
            **{header: cell for header, cell in zip(HEADERS, cells, strict=True) if cell is not None},
        }
        rows.append(row if points is None else {**row, "自评得分": points})
    wanted = ("PROJECT_01", "INDICATOR_01", "CELL", "COLUMN", "PROJECT_002")
    return [f for f in findings_of(project_workbook([{**ROW, **project}], rows)) if f.code.startswith(wanted)]


def codes(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(f.code, f.label, f.found, f.expected) for f in findings]


@pytest.mark.parametrize(("project", "expected"), [
    ({}, []),
    ({"自评得分": "98.10", "执行率自评得分": "9.60"}, []),
    ({"自评得分": "98.1", "执行率自评得分": "9.6"}, []),
    ({"自评得分": "98.11"}, []),  # four addends printed to 2 decimals
    ({"自评得分": "98.5"}, [("PROJECT_011", "自评得分", "98.5", "98.1")]),
    ({"自评得分": "100"}, [("PROJECT_011", "自评得分", "100", "98.1")]),
    ({"自评得分": "0"}, [("PROJECT_011", "自评得分", "0", "98.1")]),
    ({"执行率自评得分": "10"}, [("PROJECT_012", "执行率自评得分", "10", "9.6")]),
    ({"执行率自评得分": "9.61"}, []),
    ({"执行率自评得分": "9.62"}, [("PROJECT_012", "执行率自评得分", "9.62", "9.6")]),
    # its parts as stated come to it: reported at the part alone
    ({"自评得分": "98.50", "执行率自评得分": "10"}, [("PROJECT_012", "执行率自评得分", "10", "9.6")]),
    ({"自评得分": "99.50", "执行率自评得分": "10"},
        [("PROJECT_012", "执行率自评得分", "10", "9.6"), ("PROJECT_011", "自评得分", "99.5", "98.1")]),
    ({"自评得分": "100.01"}, [("PROJECT_013", "自评得分", "100.01", "0 到 100")]),
    ({"自评得分": "-1"}, [("PROJECT_013", "自评得分", "-1", "0 到 100")]),
    ({"执行率自评得分": "96"}, [("PROJECT_013", "执行率自评得分", "96", "0 到 10")]),
    # from an amount that is wrong itself nothing more is concluded
    ({"执行数": "31", "执行率自评得分": "9.60", "自评得分": "98.10"}, [("PROJECT_002", "执行数", "31", "不超过 30.00")]),
    # no budget, no score: that is reported, and there is nothing to compare with
    ({"调整后预算数": "0", "年初预算数": "0", "执行数": "0", "执行率自评得分": "0"}, [("PROJECT_014", "调整后预算数", "0", "大于 0 的数")]),
    ({"调整后预算数": "0", "年初预算数": "30", "执行数": "1"}, [("PROJECT_002", "执行数", "1", "不超过 0")]),
])  # fmt: skip
def test_the_projects_own_scores(project, expected):
    assert sorted(codes(reported(project))) == sorted(expected)


def test_a_difference_in_an_indicator_is_reported_there_alone():
    findings = reported({"自评得分": "99.60"}, declared=("50", "30", "10"))
    assert codes(findings) == [("INDICATOR_015", "自评得分", "30", "28.5")]


def test_both_figures_the_parts_and_the_arithmetic_are_named():
    total, execution = sorted(reported({"自评得分": "99.50", "执行率自评得分": "10"}), key=lambda finding: finding.code)
    assert (
        total.message
        == "项目自评得分是 99.5，按规则计算是 98.1（预算执行率 9.6 + 产出指标 50 + 效益指标 28.5 + 满意度指标 10）。"
    )
    assert execution.message == "执行率自评得分是 10，按金额计算是 9.6（预算执行率 = 10 × 28.8 ÷ 30 = 9.6 分）。"


def test_a_word_in_the_row_answers_both():
    assert [
        f.answered for f in reported({"自评得分": "99.50", "执行率自评得分": "10", "偏差原因": "按县里口径计分"})
    ] == [
        True,
        True,
    ]


def test_a_workbook_filled_before_the_column_was_added_is_none_the_worse():
    book = load_workbook(io.BytesIO(project_workbook([ROW], [])))
    sheet = book["项目"]
    added = next(cell for row in sheet.iter_rows(max_row=12) for cell in row if cell.value == "执行率自评得分")
    added.value = None
    content = io.BytesIO()
    book.save(content)
    assert not [f for f in findings_of(content.getvalue()) if f.code.startswith("COLUMN")]
