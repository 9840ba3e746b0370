"""A scheme for projects with inputs, facts, criteria, parents and caps of its own."""

import io
from decimal import Decimal
from pathlib import Path

import libreoffice
import pytest
from openpyxl import load_workbook
from project_rules import TOML, evaluated, workbook
from report_texts import text_of

from perfeval.run.pipeline import plain_result, write_documents

ALL = {"符合法律": "是", "符合规划": "是"}
WORK = {"计划工作量": 10, "实际工作量": 10, "是否通过验收": "是"}


FIGURES = [
    ({}, {}, {}, {"P1": 15, "P2": 4, "P3": 6, "P": 25}, "100.00", None),
    ({}, {"实际工作量": 9.4}, {}, {"P1": 13, "P": 23}, "98.00", None),  # 6 % off: two steps
    ({}, {"实际工作量": 10.59}, {}, {"P1": 14}, "99.00", None),  # 5.9 %: one
    ({}, {"实际工作量": 9}, {}, {"P1": 12, "P": 20}, "95.00", None),  # 22 and capped at 20
    ({}, {}, {"符合法律": "不涉及", "符合规划": "否"}, {"P2": 0, "P": 21}, "96.00", None),
    ({}, {}, {"符合法律": "不涉及", "符合规划": "不涉及"}, {"P2": 4}, "100.00", None),
    ({"执行数": 79.99}, {}, {}, {"P": 25}, "79.00", "100.00"),
    ({"执行数": 80}, {}, {}, {"P": 25}, "100.00", None),
    ({}, {"实际工作量": 9.4, "是否通过验收": "不涉及"}, {}, {"P3": None, "P": 17}, "97.87", None),  # 92 ÷ 94
]  # fmt: skip


@pytest.mark.parametrize(("project", "data", "answers", "scores", "total", "uncapped"), FIGURES)
def test_figures(
    project: dict, data: dict, answers: dict, scores: dict, total: str, uncapped: str, tmp_path: Path
) -> None:
    evaluation, _ = evaluated(tmp_path, workbook(tmp_path, project, {**WORK, **data}, {**ALL, **answers}))
    result = plain_result(evaluation)
    found = {item["id"]: item["score"] for item in result["items"]}
    assert {i: None if found[i] is None else Decimal(found[i]) for i in scores} == {
        i: None if points is None else Decimal(points) for i, points in scores.items()
    }
    assert (result["total"], result["uncapped_total"], result["projects"][0]["uncapped_total"]) == (
        total,
        uncapped,
        uncapped,
    )


@pytest.mark.libreoffice
def test_a_spreadsheet_program_comes_to_the_same_figures(tmp_path: Path) -> None:
    files = {}
    for number, (project, data, answers, *_) in enumerate(FIGURES):
        filed = workbook(tmp_path, project, {**WORK, **data}, {**ALL, **answers})
        evaluation, settings = evaluated(tmp_path, filed)
        documents = write_documents(evaluation, "某局", settings).files
        (files[f"{number}.xlsx"],) = [content for name, content in documents.items() if name.endswith("评分表.xlsx")]
    assert libreoffice.disagreements(files) == []


def test_a_blank_leaves_the_project_without_a_total(tmp_path: Path) -> None:
    evaluation, _ = evaluated(tmp_path, workbook(tmp_path, {}, WORK, {**ALL, "符合规划": None}))
    assert evaluation.total is None
    assert [(f.code, str(f.ref)) for f in evaluation.findings if f.code == "SCORE_018"] == [
        ("SCORE_018", "评分要点!F6")
    ]


def test_two_projects_have_two_blocks_of_rows(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(workbook(tmp_path, {}, WORK, ALL)))
    book["项目"].append([])
    for column in range(1, 25):
        book["项目"].cell(6, column).value = book["项目"].cell(5, column).value
    names = [cell.value for cell in book["项目"][4]]
    book["项目"].cell(6, names.index("项目名称") + 1).value = "修桥"
    for sheet, rows in (("补充数据", 3), ("评分要点", 2)):
        page = book[sheet]
        for row in range(5, 5 + rows):
            page.cell(row, 1).value = "修路"
            for column in range(2, 9):
                page.cell(row + rows, column).value = page.cell(row, column).value
            page.cell(row + rows, 1).value = "修桥"
    buffer = io.BytesIO()
    book.save(buffer)
    evaluation, _ = evaluated(tmp_path, buffer.getvalue())
    parts = {(item.subject, item.item.id): item.score for item in evaluation.items if item.item.id.startswith("P")}
    assert {parts["修路", i] for i in ("P",)} == {parts["修桥", i] for i in ("P",)} == {Decimal(25)}


@pytest.mark.parametrize("asked", [False, True])
def test_the_form_lists_every_scored_item_and_what_was_capped(asked: bool, tmp_path: Path) -> None:
    """过程 is no 预算执行率: its items are rows of the table, and that row stays without points."""
    text = TOML.replace('title = "某县', f'deduction_column = {str(asked).lower()}\ntitle = "某县', 1)
    evaluation, settings = evaluated(
        tmp_path, workbook(tmp_path, {"执行数": 79}, {**WORK, "实际工作量": 9.4}, ALL), text
    )
    documents = write_documents(evaluation, "某局", settings).files
    form = text_of(next(content for name, content in documents.items() if name.endswith("自评表.docx")))
    column = [" | 扣减分数", " | 2", " | 0"] if asked else ["", "", ""]
    assert f"项目资金 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分{column[0]}\n" in form
    assert f"过程 | — | 项目完成工作量 | — | — | 15 | 13{column[1]} | —" in form
    assert f"〃 | — | 决策依据 | — | — | 4 | 4{column[2]} | —" in form
    assert "总分 | 79（封顶前98分，预算执行率 79.00% 低于 80%，按规定不超过 79 分（条款待核）） | 等级 | 中" in form
    (book,) = [content for name, content in documents.items() if name.endswith("评分表.xlsx")]
    for name in ("总评分表", "指标评分"):
        heads = [cell.value for cell in load_workbook(io.BytesIO(book))[name][3]]
        at = heads.index("计算得分")
        assert heads[at + 1 : at + 3] == (["扣减分数", "自评得分"] if asked else ["自评得分", "差异"])
