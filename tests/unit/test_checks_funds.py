"""项目资金: whose money, each source once, together what 项目 has. A row is written as the form has it."""

from collections.abc import Sequence
from typing import Any

import pytest
from planting import findings_of, regulations

from perfeval.blank.examples import filling_of
from perfeval.blank.workbook import filled_template
from perfeval.model.submission import PROJECT_KIND

COLUMNS = ("项目名称", "资金来源", "年初预算数", "全年预算数", "全年执行数")
PROJECTS = """
河道清淤 | 100 | 120 | 110
村道养护 | 50 | 50 | 50
"""
CLEAN = """
河道清淤 | 当年财政拨款 | 80 | 90 | 85
河道清淤 | 上年结转资金 | 20 | 20 | 20
河道清淤 | 其他资金 | 0 | 10 | 5
村道养护 | 当年财政拨款 | 50 | 50 | 50
"""


def rows_of(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def workbook(funds: str, projects: str = PROJECTS, **basic: str) -> bytes:
    """A 项目支出 workbook; the projects' type is 常年."""
    names = ("项目名称", "年初预算数", "调整后预算数", "执行数")
    listed = [{**dict(zip(names, row, strict=True)), "项目类型": "常年"} for row in rows_of(projects)]
    filled = {"评价类型": PROJECT_KIND, "部门名称": "示例区水务局", "评价年度": "2025", "指标体系": "cn-project-10-90"}
    sheets = {
        "基本情况": {**filled, **basic},
        "项目": listed,
        "项目资金": [dict(zip(COLUMNS, row, strict=False)) for row in rows_of(funds)] if funds.strip() else [],
    }
    regulation = regulations()["cn-project-10-90"]
    return filled_template(PROJECT_KIND, regulations(), regulation.id, 2025, filling_of(sheets, regulation))


def found(content: bytes) -> list[Any]:
    """What is said of 项目资金."""
    return [f for f in findings_of(content) if f.ref.sheet == "项目资金"]


def codes(content: bytes) -> list[tuple[str, str]]:
    return [(f.code, f.ref.address) for f in found(content)]


FINE = [
    CLEAN,
    "",  # nothing is listed
    "村道养护 | 当年财政拨款 | 50 | 50 | 50",  # of one project alone
    "村道养护 | 其他资金 | 50.00 | 50 | 50.0",
    "村道养护 | 当年财政拨款 | 33.33 | 25 | 25\n村道养护 | 其他资金 | 16.66 | 25 | 25",  # rounded figures
    "河道 清淤 | 当年财政拨款 | 100 | 120 | 110",  # the same name, as names are compared
]


@pytest.mark.parametrize("funds", FINE)
def test_what_adds_up_is_not_asked_about(funds: str) -> None:
    assert [code for code, _ in codes(workbook(funds)) if not code.startswith("CELL_0")] == []


PLANTED: list[tuple[str, list[tuple[str, str]]]] = [
    # a name that 项目 does not have: once at the first of its rows, and its amounts are of no project
    (CLEAN + "园林绿化 | 当年财政拨款 | 5 | 5 | 5", [("PROJECT_019", "A9")]),
    (CLEAN + "园林绿化 | 当年财政拨款 | 5 | 5 | 5\n园林绿化 | 其他资金 | 1 | 1 | 1", [("PROJECT_019", "A9")]),
    # the same source again
    (CLEAN.replace("其他资金 | 0 | 10 | 5", "上年结转资金 | 0 | 10 | 5"), [("PROJECT_020", "B7")]),
    # a sum that differs: in each column, at its first cell
    (CLEAN.replace("80 | 90 | 85", "81 | 90 | 85"), [("PROJECT_021", "C5")]),
    (CLEAN.replace("80 | 90 | 85", "80 | 91 | 85"), [("PROJECT_021", "D5")]),
    (CLEAN.replace("80 | 90 | 85", "80 | 90 | 86"), [("PROJECT_021", "E5")]),
    (CLEAN.replace("50 | 50 | 50", "50 | 50 | 50.02"), [("PROJECT_021", "E8")]),
    (CLEAN.replace("80 | 90 | 85", "70 | 91 | 86"), [("PROJECT_021", cell) for cell in ("C5", "D5", "E5")]),
    # some rows only
    (CLEAN.replace("河道清淤 | 其他资金 | 0 | 10 | 5\n", ""), [("PROJECT_021", "D5"), ("PROJECT_021", "E5")]),
    # the reader's own, and nothing on top
    (CLEAN.replace("其他资金 | 0", "社会捐赠 | 0"), [("CELL_003", "B7")]),
    (CLEAN.replace("其他资金 | 0", " | 0"), [("CELL_001", "B7")]),
    (CLEAN.replace("80 | 90 | 85", " | 90 | 85"), [("CELL_001", "C5")]),
    (CLEAN.replace("20 | 20 | 20", "20 | 20 | -20"), [("PROJECT_003", "E6"), ("PROJECT_021", "E5")]),
]  # fmt: skip


@pytest.mark.parametrize(("funds", "expected"), PLANTED)
def test_each_fault_is_reported_once_at_its_cell(funds: str, expected: Sequence[tuple[str, str]]) -> None:
    assert sorted(codes(workbook(funds))) == sorted(expected)


def test_the_remedy_names_the_sum_and_the_amount_there() -> None:
    (finding,) = found(workbook(CLEAN.replace("80 | 90 | 85", "80 | 91 | 85")))
    assert (
        finding.message == "“河道清淤”各资金来源的全年预算数相加是 121.00，“项目”表的调整后预算数（项目!F5）是 120.00。"
    )
    assert [str(ref) for ref in finding.related] == ["项目资金!D6", "项目资金!D7", "项目!F5"]
    (alone,) = found(workbook("村道养护 | 当年财政拨款 | 50 | 50 | 49"))
    assert "本格改为 50.00" in alone.fix


def test_a_name_close_to_one_of_the_projects_is_proposed() -> None:
    findings = found(workbook(CLEAN.replace("村道养护 |", "村道养户 |")))
    assert [(f.code, f.expected) for f in findings] == [("PROJECT_019", "村道养护")]


def test_amounts_in_yuan_are_converted_like_all_others() -> None:
    projects = "河道清淤 | 1000000 | 1200000 | 1100000"
    funds = "河道清淤 | 当年财政拨款 | 800000 | 900000 | 900000\n河道清淤 | 其他资金 | 200000 | 300000 | 200000"
    assert codes(workbook(funds, projects, 金额单位="元")) == []
    wrong = funds.replace("300000", "300200")
    (finding,) = found(workbook(wrong, projects, 金额单位="元"))
    assert finding.code == "PROJECT_021"


def test_a_sheet_in_another_unit_is_asked_about_as_that() -> None:
    """Filled in 元 beside a form in 万元: the unit, not each sum."""
    funds = "\n".join(" | ".join([*row[:2], *(f"{int(cell)}0000" for cell in row[2:])]) for row in rows_of(CLEAN))
    findings = found(workbook(funds))
    assert findings
    assert {f.code.partition("_")[0] for f in findings} == {"MAGNITUDE"}
