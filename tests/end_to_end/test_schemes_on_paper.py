"""Schemes that nobody has shipped, from the regulation to the documents on the command line: the figures are those on
paper, and a spreadsheet program comes to the same."""

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import libreoffice
import pytest
from openpyxl import load_workbook
from rule_workbooks import filled, saved
from schemes_on_paper import OF_PROJECTS, SCHEMES

from perfeval.cli.commands import main
from perfeval.model.regulation import Regulation
from perfeval.rules.load import load_regulations


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", SCHEMES)
def test_from_the_regulation_to_the_documents(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, sheets, scores, total, uncapped = SCHEMES[name]
    own = tmp_path / "体系"
    own.mkdir()
    (own / "regulation.toml").write_text(text, encoding="utf-8")
    assert main(["regulation", "lint", str(own)]) == 0
    regulations = load_regulations(own)
    saved(filled(regulations[name], regulations, sheets), tmp_path / "in")
    code = main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--regulations", str(own), "--jobs", "1"])
    assert code == 0, capsys.readouterr()
    (found,) = (tmp_path / "out").rglob("*结果.json")
    result = json.loads(found.read_text(encoding="utf-8"))
    items = {item["id"]: item for item in result["items"]}
    assert {i: number(items[i]["score"]) for i in scores} == {i: number(points) for i, points in scores.items()}
    assert (number(result["total"]), number(result["uncapped_total"])) == (number(total), number(uncapped))
    books = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*评分表.xlsx")}
    assert libreoffice.disagreements(books) == []
    (report,) = (tmp_path / "out").rglob("*自评报告.docx")
    assert main(["audit", str(report)]) == 0, capsys.readouterr()


ROADS = {
    "甲路": ((96, 50, 47.5), (9.9, 79.2), ("是", ("部分", 1.25))),
    "乙路": ((50, 20, 14), (10, 80), ("否", "不涉及")),
}  # spent of 100, kilometres planned and done; the indicator's actual and score; 有批复, 有公示
OF_ROADS = {
    # 甲: five below 100 %, begun steps of 3: 15 − 8 = 7, against 12 for 96 % spent; 5 − (3 − 1.25); 80 × 9.9 ÷ 10
    "甲路": ({"P1": "12", "P2": "3.25", "P": "15.25", "I.1": "79.2"}, "88.8", "94.45"),
    # 乙: 70 % is the relief, 3 for 50 % spent; 5 − 3; 80
    "乙路": ({"P1": "3", "P2": "2", "P": "5", "I.1": "80"}, "85", None),
}


def of_projects(regulations: Mapping[str, Regulation]) -> bytes:
    """Two projects: each has its rows of 补充数据 and 评分要点, copied below one another."""
    named = {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "里程", "指标性质": "≥", "计量单位": "公里"}
    why = {"偏差原因": "雨季停工两个月，路基返工", "改进措施": "加派一个作业队"}
    project = {"项目类型": "阶段", "年初预算数": 100, "调整后预算数": 100, "入库日期": "2024-08-01", **why}
    head = {"部门名称": "示例市交通局", "评价年度": 2025, "填报日期": "2026-03-01", "行政区划": "试验省试验市"}
    sheets = {
        "基本情况": {**head, "指标体系": "试市-项目-2025"},
        "项目": [{"项目名称": name, "执行数": road[0][0], **project} for name, road in ROADS.items()],
        "指标": [
            {
                "适用对象": name,
                "指标值": 10,
                "权重": 80,
                "实际完成值": road[1][0],
                "自评得分": road[1][1],
                **named,
                **why,
            }
            for name, road in ROADS.items()
        ],
    }
    book = load_workbook(io.BytesIO(filled(regulations["试市-项目-2025"], regulations, sheets)))
    for sheet, rows in (("补充数据", 3), ("评分要点", 2)):
        page = book[sheet]
        columns = {cell.value: cell.column for cell in page[4]}
        for number, (name, road) in enumerate(ROADS.items()):
            for row in range(5, 5 + rows):
                for column in columns.values():
                    page.cell(row + number * rows, column).value = page.cell(row, column).value
                page.cell(row + number * rows, columns["适用对象"]).value = name
                given = [*road[0][1:], None][row - 5] if sheet == "补充数据" else road[2][row - 5]
                answer, points = given if isinstance(given, tuple) else (given, None)
                at = columns["填报内容" if sheet == "补充数据" else "是否符合"]
                page.cell(row + number * rows, at).value = answer
                if sheet == "评分要点":
                    page.cell(row + number * rows, columns["得分"]).value = points
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.libreoffice
def test_projects_each_by_its_own_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "体系"
    own.mkdir()
    (own / "regulation.toml").write_text(OF_PROJECTS, encoding="utf-8")
    saved(of_projects(load_regulations(own)), tmp_path / "in")
    code = main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--regulations", str(own), "--jobs", "1"])
    assert code == 0, capsys.readouterr()
    (found,) = (tmp_path / "out").rglob("*结果.json")
    result = json.loads(found.read_text(encoding="utf-8"))
    for project in result["projects"]:
        scores, total, uncapped = OF_ROADS[project["name"]]
        items = {item["id"]: item["score"] for item in result["items"] if item["subject"] == project["name"]}
        assert {i: number(items[i]) for i in scores} == {i: number(points) for i, points in scores.items()}
        assert (number(project["total"]), number(project["uncapped_total"])) == (number(total), number(uncapped))
    books = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*评分表.xlsx")}
    assert libreoffice.disagreements(books) == []
