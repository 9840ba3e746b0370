"""Sheets, headers and labels that are not as the form has them: one finding for each root cause, no follow-ons."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from workbooks import Sheets, department, project, save, workbook

from perfeval.filing import sheets as sheets_module
from perfeval.filing.read_filing import ReadFiling, read_filing
from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import Finding
from perfeval.model.cells import State

ROW_OF_INCOME, ROW_OF_HEADER = 1, 0


def taken(book: openpyxl.Workbook | Sheets, folder: Path) -> ReadFiling:
    return read_filing(save(book, folder), "填报.xlsx")


def reported(book: openpyxl.Workbook | Sheets, folder: Path) -> list[tuple[str, str]]:
    return [(f.code, str(f.ref)) for f in taken(book, folder).findings]


def renamed_sheet(old: str, new: str) -> Sheets:
    return {new if name == old else name: rows for name, rows in department().items()}


def renamed_cell(sheet: str, old: str, new: object) -> Sheets:
    book = department()
    book[sheet] = [[new if value == old else value for value in row] for row in book[sheet]]
    return book


def without_sheet(*names: str) -> Sheets:
    return {name: rows for name, rows in department().items() if name not in names}


def without_column(sheet: str, header: str) -> Sheets:
    book = department()
    at = book[sheet][0].index(header)
    book[sheet] = [row[:at] + row[at + 1 :] for row in book[sheet]]
    return book


def without_row(sheet: str, label: str) -> Sheets:
    book = department()
    book[sheet] = [row for row in book[sheet] if row[0] != label]
    return book


def hidden(sheet: str) -> openpyxl.Workbook:
    book = workbook(department())
    book[sheet].sheet_state = "hidden"
    return book


def with_sheet(name: str, rows: list[list[object]]) -> Sheets:
    return {**department(), name: rows}


def with_header_twice() -> Sheets:
    book = department()
    book["控制支出"] = [[*row, "本年执行数" if number == 0 else 9] for number, row in enumerate(book["控制支出"])]
    return book


def with_row_twice() -> Sheets:
    book = department()
    book["收支"].append(["支出合计", 1, 1, 1])
    return book


def older_template() -> Sheets:
    return renamed_cell("填报说明", "1.0", "0.9")


def beside(sheet: str, row: int, column: int, value: object) -> Sheets:
    """A value in a place of the table, counted from 0."""
    book = department()
    rows = book[sheet]
    rows += [[] for _ in range(len(rows), row + 1)]
    rows[row] = [*rows[row], *[None] * (column + 1 - len(rows[row]))]
    rows[row][column] = value
    return book


CASES: list[tuple[str, str, Callable[[], openpyxl.Workbook | Sheets]]] = [
    ("SHEET_001", "压减!A1", lambda: without_sheet("压减")),
    ("SHEET_001", "基本情况!A1", lambda: without_sheet("基本情况")),
    ("SHEET_002", "指标表!A1", lambda: renamed_sheet("指标", "指标表")),
    ("SHEET_002", "收支情况!A1", lambda: renamed_sheet("收支", "收支情况")),
    ("SHEET_003", "履职!A1", lambda: hidden("履职")),
    ("SHEET_004", "底稿!A1", lambda: with_sheet("底稿", [["随手记", 1]])),
    ("SHEET_006", "填报说明!B2", older_template),
    ("SHEET_007", "基本情况!B2", lambda: renamed_cell("基本情况", "部门整体", "项目支出")),
    ("SHEET_008", "基本情况!D3", lambda: beside("基本情况", 2, 3, "请核对")),
    ("COLUMN_001", "项目!A1", lambda: without_column("项目", "执行数")),
    ("COLUMN_001", "指标!A1", lambda: without_column("指标", "实际完成值")),
    ("COLUMN_002", "指标!I1", lambda: renamed_cell("指标", "实际完成值", "实际完成数")),
    ("COLUMN_002", "项目!E1", lambda: renamed_cell("项目", "年初预算数", "年初预算金额")),
    ("COLUMN_003", "履职!A1", lambda: {**department(), "履职": department()["履职"][1:]}),
    ("COLUMN_004", "收支!A1", lambda: without_row("收支", "上年结转")),
    ("COLUMN_004", "基本情况!A1", lambda: without_row("基本情况", "填报人")),
    ("COLUMN_005", "收支!A7", lambda: renamed_cell("收支", "支出合计", "支出总计")),
    ("COLUMN_006", "控制支出!E1", with_header_twice),
    ("COLUMN_007", "收支!A17", with_row_twice),
]


@pytest.mark.parametrize(("code", "place", "make"), CASES, ids=[f"{code} {place}" for code, place, _ in CASES])
def test_one_cause_is_one_finding(
    code: str, place: str, make: Callable[[], openpyxl.Workbook | Sheets], tmp_path: Path
) -> None:
    assert reported(make(), tmp_path) == [(code, place)]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["底稿"], "“底稿”不是填报模板的工作表，程序没有读取。"),
        (["底稿", "打印用"], "“底稿”、“打印用”不是填报模板的工作表，程序没有读取。"),
        (
            [f"表{n}" for n in range(1, 401)],
            "“表1”、“表2”、“表3”、“表4”、“表5”等 400 张工作表不是填报模板的工作表，程序没有读取。",
        ),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, list) else "",
)
def test_all_sheets_of_their_own_are_one_notice(names: list[str], sentence: str, tmp_path: Path) -> None:
    book = workbook({**department(), **{name: [["随手记", 1]] for name in names}})
    assert [f.message for f in read_filing(save(book, tmp_path), "a.xlsx").findings] == [sentence]


def test_the_clean_workbooks_raise_nothing(tmp_path: Path) -> None:
    assert reported(department(), tmp_path) == []
    assert reported(project(), tmp_path) == []


def test_a_workbook_without_the_form_is_rejected_with_one_finding(tmp_path: Path) -> None:
    result = taken({"Sheet1": [["部门", "金额"], ["教育局", 1]], "填报说明": [["模板编号", "PERFEVAL-DEPT"]]}, tmp_path)
    assert [f.code for f in result.findings] == ["SHEET_005"]
    assert result.submission is None


def test_every_code_has_a_case_here() -> None:
    tested = {code for code, _, _ in CASES} | {"SHEET_005"}
    assert {code for code in catalogue() if code.startswith(("SHEET_", "COLUMN_"))} == tested


def one(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1
    return findings[0]


def test_a_misspelt_name_is_suggested_in_words(tmp_path: Path) -> None:
    finding = one(taken(renamed_cell("指标", "实际完成值", "实际完成数"), tmp_path).findings)
    assert "是否为“实际完成值”？" in finding.message
    assert finding.found == "实际完成数"


def test_cells_of_a_missing_column_are_absent_not_blank(tmp_path: Path) -> None:
    submission = taken(without_column("项目", "执行数"), tmp_path).submission
    assert submission is not None
    assert {project.executed.state for project in submission.projects} == {State.ABSENT}
    assert {project.initial_budget.state for project in submission.projects} == {State.READ}


def test_cells_of_a_missing_sheet_are_absent_and_the_sheet_is_named(tmp_path: Path) -> None:
    submission = taken(without_sheet("压减", "指标"), tmp_path).submission
    assert submission is not None
    assert submission.cut.executed.current.state is State.ABSENT
    assert submission.absent_sheets == {"压减", "指标", "项目资金"}  # the last is of version 1.2
    assert submission.indicators == ()


def test_a_project_workbook_needs_no_department_sheets(tmp_path: Path) -> None:
    submission = taken(project(), tmp_path).submission
    assert submission is not None
    assert submission.is_project_kind
    assert submission.money.income_total.final.state is State.ABSENT


def test_department_kind_in_a_project_workbook_is_one_finding(tmp_path: Path) -> None:
    book = project()
    book["基本情况"][1][1] = "部门整体"
    assert reported(book, tmp_path) == [("SHEET_007", "基本情况!B2")]


def test_an_unreadable_kind_brings_no_follow_ons(tmp_path: Path) -> None:
    for book in (department(), project()):
        book["基本情况"][1][1] = "不知道"
        assert reported(book, tmp_path) == [("CELL_003", "基本情况!B2")]


def test_a_project_kind_in_a_department_template_left_blank_is_fine(tmp_path: Path) -> None:
    """The template prints the rows of 评分 and the labels of 收支; that is nothing filled in."""
    blank = {name: rows[:1] for name, rows in department().items()}
    blank["收支"] = [row[:1] for row in department()["收支"]]
    blank["收支"][0] = department()["收支"][0]
    blank["评分"] = [row[:5] for row in department()["评分"]]
    blank["评分"][0] = department()["评分"][0]
    assert reported({**blank, **project()}, tmp_path) == []


def test_headers_may_be_lower_carry_a_star_and_be_in_another_order(tmp_path: Path) -> None:
    book = department()
    book["项目"] = [
        ["项目支出情况表"],
        ["单位：万元"],
        [],
        [f"* {name}" for name in reversed(book["项目"][0])],
        *(row[::-1] for row in book["项目"][1:]),
    ]
    submission = taken(book, tmp_path).submission
    assert reported(book, tmp_path) == []
    assert submission is not None
    assert [(p.row, p.name.value, p.executed.ref.address) for p in submission.projects] == [
        (5, "校舍维修", "M5"),
        (6, "设备采购", "M6"),
    ]
    assert submission.headers["项目", "executed"].address == "M4"


def test_extra_columns_are_ignored_silently(tmp_path: Path) -> None:
    book = department()
    book["指标"] = [[*row, extra] for row, extra in zip(book["指标"], ["备注", 1, "x", None, "y"], strict=True)]
    assert reported(book, tmp_path) == []


def test_the_programs_own_sheets_are_ignored_and_the_predecessor_is_read(tmp_path: Path) -> None:
    book = workbook(
        {
            "问题清单": [["退回修改清单"], [], [None, "原文件校验值", "ab12"]],
            **department(),
            "下拉选项": [["是"], ["否"]],
        }
    )
    book["下拉选项"].sheet_state = "hidden"
    result = taken(book, tmp_path)
    assert result.findings == ()
    assert result.predecessor == "ab12"


def test_an_older_template_learns_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "CHANGES", {"0.9": "旧", "1.0": "增加“附表资金总额”"})
    finding = one(taken(older_template(), tmp_path).findings)
    assert "增加“附表资金总额”" in finding.message
    assert "旧" not in finding.message.split("变化：")[1]


def test_template_id_and_version_are_kept(tmp_path: Path) -> None:
    submission = taken(department(), tmp_path).submission
    assert submission is not None
    assert (submission.template_id, submission.template_version) == ("PERFEVAL-DEPT", "1.0")


def test_several_causes_are_all_reported_at_once(tmp_path: Path) -> None:
    book = {name: rows for name, rows in renamed_cell("指标", "权重", "权数").items() if name != "压减"}
    book["基本情况"][2][1] = None
    assert reported(book, tmp_path) == [
        ("SHEET_001", "压减!A1"),
        ("COLUMN_002", "指标!H1"),
        ("CELL_001", "基本情况!B3"),
    ]


@pytest.mark.parametrize("name", ["指\u200b标", "\u202a指标", "指标\ufe0f", "指\u00ad标 "])
def test_a_sheet_is_known_by_the_name_that_is_seen(name: str, tmp_path: Path) -> None:
    assert reported(renamed_sheet("指标", name), tmp_path) == []


@pytest.mark.parametrize(
    ("sheet", "old", "new"),
    [
        ("收支", "支出合计", "⽀出合计"),
        ("收支", "基本支出", "基\u200b本支出"),
        ("项目", "项目名称", "项目\u200b名称"),
        ("项目", "年初预算数", "\uf98e初预算数"),
        ("基本情况", "部门名称", "部⻔名称"),
        ("填报说明", "模板编号", "模板\u2060编号"),
    ],
)
def test_a_header_is_known_by_what_is_seen(sheet: str, old: str, new: str, tmp_path: Path) -> None:
    result = taken(renamed_cell(sheet, old, new), tmp_path)
    assert result.findings == ()
    assert result.submission is not None
    assert result.submission.template_id == "PERFEVAL-DEPT"
