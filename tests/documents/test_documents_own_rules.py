"""Caps on items and totals, alternatives, 扣减分数 and rescaling in one score workbook: a spreadsheet program comes to the
same, figure for figure."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import libreoffice
import pytest
from openpyxl import load_workbook
from report_packages import completed, package
from report_texts import errors, text_of
from rule_workbooks import filled, saved

from perfeval.documents.evaluation import Evaluation, Settings
from perfeval.documents.report.write import load_report_templates
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.exchange.review.lines import open_cells, units_of
from perfeval.rules.load import load_regulations
from perfeval.run.pipeline import evaluate

TOML = """
id = "某县-部门"
extends = "sichuan-dept-65-35"
title = "某县部门"
deduction_column = true
inputs = [{ key = "debt", label = "负债", kind = "amount" }, { key = "open", label = "是否公开", kind = "yes_no" }]
facts = [
    { key = "debt_rate", label = "负债率", formula = "debt / max(money.expenditure_total.final, 1)", kind = "rate" },
    { key = "per_head", label = "人均支出", formula = "money.expenditure_total.final / staff", kind = "number", \
        printed = 1 },
]
caps = [
    { on = "total", at_most = 70, when = { input = "debt_rate", above = 0.5 } },
    { on = "total", at_most = 75, when = { input = "debt", above = 40 } },
    { on = "A", at_most = 20, when = { input = "debt_rate", from = 0.2 } },
    { on = "A2", at_most = 3, when = { input = "open", up_to = 0 } },
    { on = "B", at_most = 30, when = { input = "per_head", below = 10.5 } },
]
items = [
    { id = "A", name = "甲", max_points = 30 },
    { id = "A1", name = "负债", parent = "A", max_points = 20, @, method = "one_of", alternatives = [
        { method = "full_value", inputs = { value = "debt_rate" }, \
            parameters = { satisfactory = 0.1, unacceptable = 1 } },
        { method = "step_deduct", inputs = { value = "per_head" }, \
            parameters = { limit = 9, side = "both", per = 0.3, points = 2, counting = "begun" } },
    ] },
    { id = "A2", name = "自评", parent = "A", max_points = 10, @, method = "declared" },
    { id = "B", name = "乙", max_points = 60, @, method = "declared" },
    { id = "C", name = "丙", max_points = 10, @, method = "yes_no", inputs = { value = "open" }, \
        parameters = { at_least = 1 }, not_applicable = "exclude_and_rescale" },
]
"""
SCORES = {"A2": {"自评得分": 8}, "B": {"自评得分": 58}, "C": {"自评得分": 10}}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules") / "某县-部门"
    folder.mkdir()
    text = TOML.replace("@", 'clause = "待核", confidence = "待核"')
    (folder / "regulation.toml").write_text(text, encoding="utf-8")
    return folder


def judged(root: Path, folder: Path, debt: Any, answer: str) -> Evaluation:
    regulations = load_regulations(root)
    sheets = {
        "基本情况": {"部门名称": "示例县水利局", "评价年度": 2025, "年末实有人数": 10, "填报日期": "2026-03-01"},
        "收支": {"支出合计": {"年初预算数": 100, "调整后预算数": 100, "决算数": 100}},
        "补充数据": {"负债": debt, "是否公开": answer},
        "评分": SCORES,
    }
    path = saved(filled(regulations["某县-部门"], regulations, sheets), folder)
    return evaluate(path, path.name, Settings(today=date(2026, 3, 1), regulations=root))


FIGURES = {  # debt, open → items, total, before the cap
    "nothing bites": ((10, "是"), {"A1": "20", "A2": "8", "A": "28", "B": "30", "C": "10"}, "68", None),
    "a parent is capped": ((20, "是"), {"A1": "17.78", "A": "20", "C": "10"}, "60", None),
    "a declared leaf is capped": ((10, "否"), {"A2": "3", "A": "23", "C": "0"}, "53", None),
    "rescaled, an answer of 不涉及 caps nothing": ((10, "不涉及"), {"A2": "8", "A": "28", "C": None}, "64.44", None),
    "nothing supplied": ((None, "是"), {"A1": "12", "A": "20"}, "60", None),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures(name: str, root: Path, tmp_path: Path) -> None:
    given, wanted, total, before = FIGURES[name]
    evaluation = judged(root, tmp_path, *given)
    card = evaluation.scorecard
    assert card is not None
    found = {item.item.id: item.score for item in card.items}
    expected = {i: None if points is None else Decimal(points) for i, points in wanted.items() if i != "A" or given[0]}
    assert {i: found[i] for i in expected} == expected
    assert (card.total, card.uncapped_total) == (Decimal(total), before)


@pytest.mark.libreoffice
def test_a_spreadsheet_program_comes_to_the_same(root: Path, tmp_path: Path) -> None:
    files = {
        f"{n}.xlsx": write_score_workbook(judged(root, tmp_path / str(n), *given))
        for n, (given, *_) in enumerate(FIGURES.values())
    }
    assert libreoffice.disagreements(files) == []
    page = load_workbook(io.BytesIO(files["0.xlsx"]), data_only=True)["总评分表"]
    heads = [cell.value for cell in page[3]]
    assert heads[3:6] == ["计算得分", "扣减分数", "自评得分"]
    lost = {page.cell(row, 1).value: page.cell(row, heads.index("扣减分数") + 1).value for row in range(4, 9)}
    assert lost == {"A": 2, "A1": 0, "A2": 2, "B": 30, "C": 0}


def test_a_review_reads_the_columns_behind_it(root: Path, tmp_path: Path) -> None:
    """The reviewer's columns and 自评得分 stand one further right."""
    evaluation = judged(root, tmp_path, 10, "是")
    page = load_workbook(io.BytesIO(write_score_workbook(evaluation)), data_only=True)["总评分表"]
    page["K6"], page["L6"] = 7, "凭证不全"  # of A2
    cells = {
        (c.row, c.column): Decimal(str(c.value)) if isinstance(c.value, int | float) else c.value
        for row in page
        for c in row
        if c.value is not None
    }
    assert evaluation.scorecard is not None
    items = [{"id": score.item.id, "parent": score.item.parent} for score in evaluation.scorecard.items]
    (unit,) = units_of(cells, items)
    line = next(line for line in unit.lines if line.code == "A2")
    assert (line.computed, line.declared, line.filled, line.opinion) == (8, 8, 7, "凭证不全")
    assert [page.cell(3, column).value for row, column in sorted(open_cells(cells)) if row == 6] == [
        "复核得分",
        "复核意见",
    ]


def test_the_annex_carries_the_column_where_the_regulation_says_so() -> None:
    """扣减分数 = 权重 − 得分 beside 得分; without the key neither the word nor the cell is there."""
    made = package(completed())
    plain = [row.split(" | ") for row in text_of(load_report_templates().render(made)).splitlines() if " | " in row]
    card = made.scorecard
    assert card is not None
    wanted = replace(card.regulation, deduction_column=True)
    content = load_report_templates().render(
        replace(made, regulation=wanted, scorecard=replace(card, regulation=wanted))
    )
    assert errors(content) == []
    rows = [row.split(" | ") for row in text_of(content).splitlines() if " | " in row]
    assert [row for row in plain if "扣减分数" in row] == []
    (head,) = [row for row in rows if row[0] == "一级指标"]
    assert head[-2:] == ["得分", "扣减分数"]
    lost = {row[2]: row[-2:] for row in rows if len(row) == len(head) and row is not head}
    assert lost["经济形势向好"] == ["1.89", "0.11"]
