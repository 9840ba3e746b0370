"""补充数据 and 评分要点 as filed: every fault at its cell, in a workbook of the made-up county that is clean otherwise."""

import copy
import io
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import project_rules
import pytest
from example_county import CASES, SETTINGS, evaluated, workbook
from openpyxl import Workbook, load_workbook
from rule_workbooks import cell_of, saved

from perfeval.findings.finding import Severity
from perfeval.run.pipeline import evaluate

CLEAN = CASES["算例2"]["sheets"]  # full marks without the cap
A4 = [c["要点"] for c in CLEAN["评分要点"] if c["指标编号"] == "A4"]
Reported = list[tuple[str, str]]


def reported(book: Workbook, folder: Path, *codes: str) -> Reported:
    """Errors, and the questions of these codes: code and place."""
    buffer = io.BytesIO()
    book.save(buffer)
    path = saved(buffer.getvalue(), folder)
    findings = evaluate(path, path.name, SETTINGS).findings
    return [(f.code, str(f.ref)) for f in findings if f.severity is Severity.ERROR or f.code in codes]


@cache
def clean_bytes() -> bytes:
    return workbook(CLEAN)


def clean_book() -> Workbook:
    return load_workbook(io.BytesIO(clean_bytes()))


def put(sheet: str, header: str, *labels: str, value: Any) -> Callable[[Workbook], str]:
    def change(book: Workbook) -> str:
        address = cell_of(book, sheet, header, *labels)
        book[sheet][address].value = value
        return f"{sheet}!{address}"

    return change


def remove_sheet(name: str) -> Callable[[Workbook], str]:
    def change(book: Workbook) -> str:
        del book[name]
        return f"{name}!A1"

    return change


PLANTED = {
    "a required input is blank": (put("补充数据", "填报内容", "上年“三公”经费决算数", value=None), "CELL_001"),
    "words for an amount": (put("补充数据", "填报内容", "重点项目支出预算数", value="约三百万"), "CELL_002"),
    "half an item": (put("补充数据", "填报内容", "获得县级以上表彰次数", value=2.5), "CELL_002"),
    "no choice of the list": (put("补充数据", "填报内容", "预决算是否按时公开", value="大概"), "CELL_003"),
    "no day": (put("补充数据", "填报内容", "资产清查完成日期", value="年底"), "CELL_002"),
    "another unit": (put("补充数据", "填报内容", "新建楼堂馆所实际建筑面积", value="1060吨"), "CELL_006"),
    "a misspelt row": (put("补充数据", "数据项", "重点项目支出预算数", value="重点项目预算数"), "COLUMN_005"),
    "the same row twice": (put("补充数据", "数据项", "资产清查说明", value="社会公众满意度"), "COLUMN_007"),
    "no such answer": (put("评分要点", "是否符合", "A4", A4[0], value="也许"), "CELL_003"),
    "partly, without points": (put("评分要点", "是否符合", "A4", A4[0], value="部分"), "SCORE_014"),
    "another criterion": (put("评分要点", "要点", "A4", A4[0], value="另写的要点"), "SCORE_015"),
    "an amount below 0": (put("补充数据", "填报内容", "重点项目支出预算数", value=-3), "SCORE_020"),
    "a count below 0": (put("补充数据", "填报内容", "未按时下达的专项个数", value=-1), "SCORE_020"),
    "points of a criterion": (put("评分要点", "分值", "A4", A4[0], value=2), "SCORE_011"),
    "是, with some points": (put("评分要点", "得分", "A4", A4[0], value=0.5), "SCORE_021"),
    "no 补充数据": (remove_sheet("补充数据"), "SHEET_001"),
    "no 评分要点": (remove_sheet("评分要点"), "SHEET_001"),
}


@pytest.mark.parametrize(("change", "code"), PLANTED.values(), ids=list(PLANTED))
def test_a_fault_is_reported_at_its_cell(change: Callable[[Workbook], str], code: str, tmp_path: Path) -> None:
    book = clean_book()
    place = change(book)
    found = reported(book, tmp_path)
    if code == "SCORE_014":
        place = f"评分要点!{cell_of(book, '评分要点', '得分', 'A4', A4[0])}"
    assert (code, place) in found
    follow = {"SCORE_015": ["SCORE_016"]}  # the criterion that was written over has no row of its own now
    assert [c for c, _ in found if c != code] == follow.get(code, [])


def test_the_clean_book_is_clean(tmp_path: Path) -> None:
    assert reported(clean_book(), tmp_path) == []


@pytest.mark.parametrize("points", [0, 1.5, 2, -1])
def test_points_of_a_part_lie_between_none_and_all(points: float, tmp_path: Path) -> None:
    book = clean_book()
    put("评分要点", "是否符合", "A4", A4[0], value="部分")(book)
    place = put("评分要点", "得分", "A4", A4[0], value=points)(book)
    assert ("SCORE_014", place) in reported(book, tmp_path)


def test_a_row_that_is_gone_is_named(tmp_path: Path) -> None:
    book = clean_book()
    page = book["评分要点"]
    page.delete_rows(page[cell_of(book, "评分要点", "要点", "A4", A4[3])].row)
    assert [code for code, _ in reported(book, tmp_path)] == ["SCORE_016"]


@pytest.mark.parametrize(
    ("answer", "points", "contradicts"),
    [("是", 1.5, False), ("是", 1.4, True), ("否", 0, False), ("否", 0.1, True), ("不涉及", 0, True)],
)
def test_points_beside_an_answer_say_what_it_says(
    answer: str, points: float, contradicts: bool, tmp_path: Path
) -> None:
    book = clean_book()
    put("评分要点", "是否符合", "A4", A4[0], value=answer)(book)
    place = put("评分要点", "得分", "A4", A4[0], value=points)(book)
    assert (("SCORE_021", place) in reported(book, tmp_path)) is contradicts


def test_a_criterion_is_answered_once(tmp_path: Path) -> None:
    book = clean_book()
    page = book["评分要点"]
    last = page.max_row + 1
    for column, value in ((1, "A4"), (3, A4[0]), (5, "否")):
        page.cell(last, column).value = value
    assert reported(book, tmp_path) == [("SCORE_015", f"评分要点!C{last}")]


def test_a_filled_row_that_nobody_asked_for_is_reported(tmp_path: Path) -> None:
    book = clean_book()
    page = book["补充数据"]
    last = page.max_row + 1
    page.cell(last, 1).value, page.cell(last, 2).value = "职工食堂人数", 5
    assert reported(book, tmp_path, "SHEET_008") == [("SHEET_008", f"补充数据!A{last}")]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("补充数据", "填报内容", "社会公众满意度"), None),
        (("评分要点", "是否符合", "B7", "已制定专项资金管理办法"), None),
        (("补充数据", "填报内容", "新建楼堂馆所批准建筑面积"), 0),  # a divisor of 0
    ],
)
def test_an_item_without_its_data_is_asked_about(change: tuple[str, ...], place: int | None, tmp_path: Path) -> None:
    book = clean_book()
    at = put(*change, value=place)(book)
    found = reported(book, tmp_path, "SCORE_018")
    assert found == [("SCORE_018", at if place is None else f"评分!{cell_of(book, '评分', '自评得分', 'B10')}")]


def test_a_cap_is_asked_about_where_the_total_stands(tmp_path: Path) -> None:
    book = clean_book()
    last = max(row for row in range(5, 60) if book["评分"].cell(row, 2).value == "综合得分")
    assert reported(book, tmp_path, "SCORE_019") == [("SCORE_019", f"评分!F{last}")]
    for stated, wrong in ((100, []), (89, []), (88, ["SCORE_002"])):
        book["评分"].cell(last, 6).value = stated
        assert [code for code, _ in reported(book, tmp_path)] == wrong


def test_a_sheet_of_that_name_is_ones_own_where_nothing_is_asked(tmp_path: Path) -> None:
    sheets = copy.deepcopy(CLEAN)
    del sheets["补充数据"], sheets["评分要点"], sheets["评分"]
    sheets["基本情况"]["指标体系"] = "sichuan-dept-65-35"
    evaluation = evaluated(sheets, tmp_path)
    assert [f.code for f in evaluation.findings if f.ref and f.ref.sheet == "补充数据"] == ["SHEET_004"]


def test_a_row_of_no_project(tmp_path: Path) -> None:
    answers, data = {"符合法律": "是", "符合规划": "是"}, {"计划工作量": 10, "实际工作量": 10, "是否通过验收": "是"}
    book = load_workbook(io.BytesIO(project_rules.workbook(tmp_path, {}, data, answers)))
    book["评分要点"]["A5"].value = "修桥"
    buffer = io.BytesIO()
    book.save(buffer)
    evaluation, _ = project_rules.evaluated(tmp_path, buffer.getvalue())
    found = [(f.code, str(f.ref)) for f in evaluation.findings if f.severity is Severity.ERROR]
    assert found == [("SCORE_017", "评分要点!A5")]


def test_amounts_are_read_in_the_stated_unit(tmp_path: Path) -> None:
    """金额单位 holds for 补充数据 too: its amounts are 万元 behind the reader."""
    book = clean_book()
    put("基本情况", "填报内容", "金额单位", value="元")(book)
    put("补充数据", "填报内容", "重点项目支出预算数", value=2700000)(book)
    buffer = io.BytesIO()
    book.save(buffer)
    path = saved(buffer.getvalue(), tmp_path)
    rows = evaluate(path, path.name, SETTINGS).submission.supplements
    assert [row.content.value for row in rows if row.content.label == "重点项目支出预算数"] == [Decimal(270)]


def test_a_workbook_out_of_scale_is_so_with_its_own_data(tmp_path: Path) -> None:
    """What is asked of all amounts is asked of those of 补充数据 too, so that no rate mixes two units."""
    findings = evaluated(CLEAN, tmp_path).findings
    (asked,) = [f for f in findings if f.code == "MAGNITUDE_001"]
    assert "补充数据" in {ref.sheet for ref in asked.related}
    assert not [f for f in findings if "9233.33%" in f.message]
