"""How the list of findings reads: every cell named, one line for notices of one kind, nothing said twice."""

import pytest
from planting import at, plant

from perfeval.findings.finding import Finding, Severity
from perfeval.findings.gather import gathered
from perfeval.findings.render import by_severity
from perfeval.model.cells import CellRef, ranges

SUBJECT, NATURE, TARGET = "适用对象", "指标性质", "指标值"


def listed(changes: dict) -> tuple[Finding, ...]:
    return by_severity(gathered(plant(changes)))


@pytest.mark.parametrize(("cells", "words"), [
    (["A29"], "A29"),
    (["A29", "A30", "A31"], "A29:A31"),
    (["A31", "A29", "A30", "A29"], "A29:A31"),
    (["A29", "A31", "C3"], "A29、A31、C3"),
    (["C3", "C4", "A9"], "A9、C3:C4"),
])  # fmt: skip
def test_cells_are_named_as_ranges(cells: list[str], words: str) -> None:
    assert ranges(CellRef("指标", int(cell[1:]), ord(cell[0]) - ord("A") + 1) for cell in cells) == words


def test_a_name_wrong_in_twelve_rows_names_all_twelve() -> None:
    (finding,) = [f for f in listed({f"指标!A{row}": "部门整休" for row in range(29, 41)}) if f.code == "INDICATOR_005"]
    assert finding.message.endswith("共 12 格：A29:A40。")
    assert len(finding.related) == 11


def test_notices_of_one_kind_in_one_column_are_one_line() -> None:
    changes = {f"项目!G{row}": text for row, text in ((5, "６．０"), (6, "３．２"), (7, "２．５"))}
    notices = [f for f in listed(changes) if f.code == "CELL_019" and f.ref and f.ref.sheet == "项目"]
    assert [f.message for f in notices] == [
        "G5 读作 6（原文 ６．０）；G6 读作 3.2（原文 ３．２）；G7 读作 2.5（原文 ２．５）。共 3 格：G5:G7。"
    ]


def test_errors_stay_one_by_one() -> None:
    changes = {("指标", "检查粮铺", "实际完成值"): "约20个", ("指标", "驻村工作队队员", "实际完成值"): "约1人"}
    assert len([f for f in listed(changes) if f.code == "INDICATOR_003"]) == 2


@pytest.mark.parametrize(("text", "is_said"), [("≥10", False), ("≥ 10", False), ("＞＝10", True), ("１０", True)])
def test_a_reading_that_is_the_original_is_no_notice(text: str, is_said: bool) -> None:
    found = {
        f.code for f in plant({("指标", "检查粮铺", TARGET): text}) if str(f.ref) == at("指标", "检查粮铺", TARGET)
    }
    assert ("CELL_019" in found) is is_said


def test_the_list_goes_by_severity_then_sheet_and_cell() -> None:
    changes = {("评分", "综合得分", "自评得分"): 97, ("收支", "收入合计", "年初预算数"): 440.66, "指标!I9": "约20个"}
    errors = [str(f.ref) for f in listed(changes) if f.severity is Severity.ERROR]
    assert errors == ["收支!B5", "指标!I9", "评分!F35"]


def test_no_unit_is_said_twice() -> None:
    changes = {("评分", "部门预算总体绩效", "自评得分"): "64分", ("评分", "综合得分", "自评得分"): "97分"}
    messages = [f.message for f in plant(changes) if f.code in ("SCORE_001", "SCORE_002")]
    assert messages
    assert not any("分 分" in message for message in messages)
