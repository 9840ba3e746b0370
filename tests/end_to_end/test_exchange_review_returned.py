"""After a review: the filed workbook comes back marked with the opinions, its correction is the next version, and each
opinion is answered for."""

import io
import json
import shutil
from pathlib import Path

import pytest
from batch_runs import inputs, tree
from corrected_workbooks import corrected, last_paragraph, others_of, rows_of
from openpyxl import load_workbook
from places import ROOT
from test_exchange_review import SOUND, fill, score_workbook
from workbooks import project, save

from perfeval.cli.commands import main
from perfeval.exchange.review.review import review
from perfeval.findings.explain import explain
from perfeval.rules.load import load_regulations

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
NAME = "乐山市金口河区发展和改革委员会_2025"
OPINIONS = {**SOUND, "A3.1": (1.5, "制度没有更新。")}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("issued")
    (base / "in").mkdir()
    shutil.copy(COMPLETED, base / "in" / "填报.xlsx")
    assert main(["report", str(base / "in"), "-o", str(base / "out"), "--quiet", "--jobs", "1"]) == 0
    (base / "review").mkdir()
    fill(score_workbook(base / "out"), OPINIONS).save(base / "review" / "复核.xlsx")
    command = ["review", str(base / "review"), "-o", str(base / "out"), "--input", str(base / "in"), "--jobs", "1"]
    assert main(command) == 0
    return base


@pytest.fixture
def base(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "base"))


def marked(base: Path, version: int = 1) -> Path:
    return base / "out" / "复核" / f"{NAME}_第{version}版_复核退回.xlsx"


def declared(book, code: str) -> str:
    """Where 评分 holds the department's own score of an item."""
    return next(f"评分!F{row[0].row}" for row in book["评分"].iter_rows() if row[0].value == code)


def run(base: Path) -> dict:
    assert main(["report", str(base / "in"), "-o", str(base / "out"), "--quiet", "--jobs", "1"]) in (0, 1)
    return json.loads(next((base / "out").glob("*/*/结果.json")).read_text(encoding="utf-8"))


def table(base: Path) -> bytes:
    return next((base / "out").glob("*/*/*_整改对照表.docx")).read_bytes()


def test_the_filed_workbook_comes_back_with_the_opinions_marked(base: Path) -> None:
    book, filed = load_workbook(marked(base)), load_workbook(base / "in" / "填报.xlsx")
    page = book["问题清单"]
    assert "复核退回清单" in page["A1"].value
    assert page["J4"].value == "2025年度第1版"
    codes = {"B2.3": "2", "B1.1": "", "A2.1": "0", "A3.1": "1.5"}
    lines = [
        [cell.value for cell in row] for row in page.iter_rows(min_row=6, max_col=10) if row[9].value == "REVIEW_011"
    ]
    assert {f"{line[2]}!{line[3]}": line[6] or "" for line in lines} == {
        declared(book, c): score for c, score in codes.items()
    }
    for code in codes:
        cell = book["评分"][declared(book, code).partition("!")[2]]
        assert str(OPINIONS[code][1]).rstrip("。") in cell.comment.text
    for sheet in filed.worksheets:
        assert [[c.value for c in row] for row in book[sheet.title].iter_rows()] == [
            [c.value for c in row] for row in sheet.iter_rows()
        ]


def test_without_input_nothing_is_marked_and_without_the_workbook_that_is_said(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(base).unlink()
    assert review(base / "review", base / "out", load_regulations(), 1).unmarked == ()
    assert not marked(base).exists()
    (base / "in" / "填报.xlsx").unlink()
    (base / "in" / "别的.xlsx").write_bytes(b"PK")
    assert (
        main(["review", str(base / "review"), "-o", str(base / "out"), "--input", str(base / "in"), "--jobs", "1"]) == 1
    )
    assert "请用 --input 指到放着原来那份工作簿的文件夹" in capsys.readouterr().out


def test_the_same_review_marks_the_same_bytes(base: Path) -> None:
    before = tree(base / "out" / "复核")
    review(base / "review", base / "out", load_regulations(), 1, (base / "in",))
    assert tree(base / "out" / "复核") == before


@pytest.fixture
def answered(base: Path) -> Path:
    """One opinion followed, one score lowered otherwise, a word of reason, one left alone; the workbook that was
    reviewed is gone."""
    content = marked(base).read_bytes()
    book = load_workbook(io.BytesIO(content))
    row = declared(book, "B1.1").removeprefix("评分!F")
    changes = {declared(book, "A2.1"): 0, declared(book, "A3.1"): 1, f"评分!H{row}": "评估报告已经归档，见佐证材料。"}
    (base / "in" / "填报.xlsx").unlink()
    (base / "in" / "改正.xlsx").write_bytes(corrected(content, changes))
    run(base)
    return base


def responses(base: Path) -> dict[str, list[str]]:
    """The item of an opinion → old, new, effect, response."""
    rows = [row for row in rows_of(table(base)) if "REVIEW_011" in row[1]]
    return {row[1].split("“")[1].split("”")[0]: row[3:] for row in rows if row[0]}


def test_each_opinion_has_its_row_in_the_table(answered: Path) -> None:
    assert responses(answered) == {
        "预算编制质量": ["6", "0", "预算编制质量 6 → 0 分（−6）", "已按复核得分改正"],
        "财务管理制度": ["2", "1", "财务管理制度 2 → 1 分（−1）", "已改动但与复核得分不同"],
        "决策程序": ["（空白）", "评估报告已经归档，见佐证材料。", "不涉及得分", "已说明"],
        "执行结果": ["3.73", "未改动", "不涉及得分", "未回应"],
    }
    assert "REVIEW_011 「评分」" in last_paragraph(table(answered))
    assert others_of(table(answered)) == []


def test_the_correction_after_a_review_is_the_next_version(answered: Path) -> None:
    (folder,) = (answered / "out" / "2025").iterdir()
    result = json.loads((folder / "结果.json").read_text(encoding="utf-8"))
    assert (result["version"], result["predecessor"]["version"]) == (2, 1)
    assert {p.name for p in (folder / "历史" / "v1").iterdir()} == {
        f"{NAME}_评分表.xlsx",
        f"{NAME}_自评报告.docx",
        "结果.json",
    }
    assert inputs(answered / "out")["改正.xlsx"]["reason"] == "第2版，由第1版改正而来。"


def test_a_later_review_leaves_the_table_of_the_earlier_one_alone(answered: Path) -> None:
    """Version 2 is reviewed too; version 1's marked workbook stays, so version 2 is built again as it was."""
    before = table(answered)
    folder = answered / "review"
    fill(score_workbook_of_version_2(answered), {"A3.2": (1, "没有印章管理记录。")}).save(folder / "复核.xlsx")
    outcome = review(folder, answered / "out", load_regulations(), 1, (answered / "in",))
    assert [r.status for r in outcome.reviewed] == ["已复核"]
    assert marked(answered, 2) in outcome.written
    assert main(["report", str(answered / "in"), "-o", str(answered / "out"), "--quiet", "--jobs", "1", "--force"]) in (
        0,
        1,
    )
    assert table(answered) == before


def score_workbook_of_version_2(base: Path) -> Path:
    (path,) = (base / "out").glob("2025/*/*评分表.xlsx")
    return path


def test_the_opinions_code_is_explained() -> None:
    assert "复核" in explain("REVIEW_011")


def test_data_corrected_for_an_opinion_is_reported_with_its_effect(base: Path) -> None:
    """The reviewer doubted 执行结果: what it is made of was corrected, the department's own score was not."""
    (base / "in" / "改正.xlsx").write_bytes(corrected(marked(base).read_bytes(), {"收支!D20": 500}))
    run(base)
    assert responses(base)["执行结果"] == ["570.41", "500", "执行结果 3.73 → 3.27 分（−0.46）", "已改动有关单元格"]


def test_a_project_is_marked_at_its_own_score(tmp_path: Path) -> None:
    sheets = project()
    next(row for row in sheets["基本情况"] if row[0] == "指标体系")[1] = "cn-project-10-90"
    (tmp_path / "in").mkdir()
    save(sheets, tmp_path / "in")
    output = tmp_path / "out"
    main(["report", str(tmp_path / "in"), "-o", str(output), "--quiet", "--jobs", "1"])
    book = load_workbook(score_workbook(output))
    book["总评分表"].cell(5, 10).value, book["总评分表"].cell(5, 11).value = 8, "核减执行率得分。"
    (tmp_path / "review").mkdir()
    book.save(tmp_path / "review" / "复核.xlsx")
    outcome = review(tmp_path / "review", output, load_regulations(), 1, (tmp_path / "in",))
    (path,) = [p for p in outcome.written if p.name.endswith("复核退回.xlsx")]
    (line,) = [
        [c.value for c in row]
        for row in load_workbook(path)["问题清单"].iter_rows(min_row=6, max_col=10)
        if row[9].value
    ]
    assert line[2:4] == ["项目", "Q2"]
    assert line[7] == "“校舍维修”的预算执行率：复核得分 8 分，计算得分 10 分，满分 10 分。复核意见：核减执行率得分。"
