"""Ten errors at once: ten findings; and correcting just the cells that 退回修改.xlsx marks makes the workbook pass."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from departments import Department, department
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from planting import TEN_ERRORS, planted

from perfeval.documents.evaluation import REPORTED, RETURNED, Evaluation, Settings
from perfeval.model.form import FINDINGS_SHEET
from perfeval.run.pipeline import evaluate, write_documents

SETTINGS = Settings(today=date(2026, 1, 15))
MORE = "7.77 more"  # than is right: a figure of the same size
PLANTED = {
    "BASIC_001": ("基本情况", "部门名称", "XX局"),
    "MONEY_001": ("收支", "收入合计", "年初预算数", MORE),
    "MONEY_004": ("收支", "年末结转结余", "决算数", MORE),
    "CUT_001": ("压减", "一般性支出年初预算", "上年", "0"),
    "PROJECT_003": ("项目", 0, "收回或注销数", "-0.06"),
    "CELL_003": ("项目", 1, "项目类型", "长期"),
    "INDICATOR_003": ("指标", 0, "实际完成值", "约20个"),
    "INDICATOR_001": ("指标", 1, "权重", "91"),
    "DUTY_003": ("履职", 0, "工作完成情况", ""),
    "TEXT_008": ("报告文字", 2, "内容", ""),
}


def spoilt(clean: Department) -> Department:
    """The department with the ten errors."""
    sheets = deepcopy(clean.sheets)
    for sheet, *path, value in PLANTED.values():
        content = sheets[sheet]
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = str(Decimal(content[path[-1]]) + Decimal("7.77")) if value == MORE else value
    return replace(clean, sheets=sheets)


def evaluated(content: bytes, folder) -> Evaluation:
    path = folder / "填报.xlsx"
    path.write_bytes(content)
    return evaluate(path, path.name, SETTINGS)


def reported(result: Evaluation) -> set[tuple[str, str]]:
    return {(f.code, str(f.ref)) for f in result.findings}


def returned(content: bytes, folder) -> bytes:
    """退回修改.xlsx as the program writes it."""
    files = write_documents(evaluated(content, folder), "示例", SETTINGS).files
    return next(written for name, written in files.items() if name.endswith("退回修改.xlsx"))


def corrected(marked: bytes, right: bytes) -> bytes:
    """Every marked cell, and no other, given what is there in the right workbook; saved by another program."""
    book, truth = load_workbook(BytesIO(marked)), load_workbook(BytesIO(right))
    for sheet in book.worksheets:
        if sheet.title != FINDINGS_SHEET:
            for cell in _marked(book, sheet.title):
                sheet[cell].value = truth[sheet.title][cell].value
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _marked(book: Workbook, sheet: str) -> list[str]:
    """The cells of a sheet that carry a comment."""
    return [cell.coordinate for row in book[sheet].iter_rows() for cell in row if cell.comment is not None]


@pytest.mark.parametrize("seed", range(6))
def test_ten_errors_in_a_department_are_ten_findings(seed, tmp_path):
    clean = department(seed, 5, 18)
    news = reported(evaluated(spoilt(clean).workbook, tmp_path)) - reported(evaluated(clean.workbook, tmp_path))
    assert sorted(code for code, _ in news) == sorted(PLANTED)


@pytest.mark.parametrize("seed", range(3))
def test_correcting_just_the_marked_cells_makes_a_department_pass(seed, tmp_path):
    clean = department(seed, 5, 18)
    before = evaluated(clean.workbook, tmp_path)
    content = corrected(returned(spoilt(clean).workbook, tmp_path), clean.workbook)
    after = evaluated(content, tmp_path)
    assert (before.status, after.status) == (REPORTED, REPORTED)
    assert reported(after) == reported(before)


def test_correcting_just_the_marked_cells_makes_the_completed_example_pass(tmp_path):
    right, wrong = planted({}), planted({place: value for place, (value, _) in TEN_ERRORS.items()})
    assert evaluated(wrong, tmp_path).status == RETURNED
    after = evaluated(corrected(returned(wrong, tmp_path), right), tmp_path)
    assert after.status == REPORTED
    assert reported(after) == reported(evaluated(right, tmp_path))
