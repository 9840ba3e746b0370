"""The whole program as its user runs it: workbooks in, sets of documents, summary and run record out."""

import hashlib
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from places import ROOT

from perfeval.cli.commands import main

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
PUBLISHED = ROOT / "input_templates" / "示例_金口河发改_公开稿.xlsx"
DEPARTMENT = "乐山市金口河区发展和改革委员会"
SET = f"2025/{DEPARTMENT}"


def tree(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("reported")
    assert main(["report", str(COMPLETED), "-o", str(output), "--quiet"]) == 0
    return output


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("returned")
    assert main(["report", str(PUBLISHED), "-o", str(output), "--quiet"]) == 1
    return output


def test_the_completed_example_is_reported(reported: Path) -> None:
    assert set(tree(reported)) == {
        f"{SET}/{DEPARTMENT}_2025_评分表.xlsx",
        f"{SET}/{DEPARTMENT}_2025_自评报告.docx",
        f"{SET}/结果.json",
        "汇总表.xlsx",
        "运行记录.json",
    }


def test_the_completed_example_scores_as_published(reported: Path) -> None:
    result = read_json(reported / SET / "结果.json")
    scores = {item["name"]: item["score"] for item in result["items"]}
    assert (result["status"], result["grade"]) == ("reported", "优")
    assert Decimal(result["total"]) == Decimal("98.94")
    expected = {
        "部门预算总体绩效": "65",
        "部门预算项目绩效": "33.94",
        "项目决策": "12",
        "项目执行": "11.73",
        "目标实现": "10.21",
        "执行结果": "3.73",
        "实现效果": "2.21",
    }
    assert {name: Decimal(scores[name]) for name in expected} == {
        name: Decimal(points) for name, points in expected.items()
    }
    rates = {name: measure["value"] for name, measure in result["measures"].items()}
    assert {
        "年初预算压减率": "14.29%",
        "执行压减率": "38.76%",
        "阶段项目执行率": "95.87%",
        "项目执行率": "97.03%",
        "完成率：重点项目年度投资": "64.72%",
    }.items() <= rates.items()


def test_the_annex_scores(reported: Path) -> None:
    annex = {i["l3"]: i for i in read_json(reported / SET / "结果.json")["indicators"]}
    assert sum(Decimal(i["weight"]) for i in annex.values()) == 90
    assert {
        name: Decimal(annex[name]["score"]) for name in ("发放工资人数", "经济形势向好", "经营者和消费者满意度")
    } == {
        "发放工资人数": Decimal(3),
        "经济形势向好": Decimal("1.89"),
        "经营者和消费者满意度": Decimal("4.74"),
    }


def written(path: Path) -> dict[str, str]:
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def test_the_published_example_is_returned(returned: Path) -> None:
    assert set(tree(returned)) == {
        f"{SET}/{DEPARTMENT}_2025_评分表.xlsx",
        f"{SET}/{DEPARTMENT}_2025_退回修改.xlsx",
        f"{SET}/结果.json",
        "汇总表.xlsx",
        "运行记录.json",
    }
    assert read_json(returned / SET / "结果.json")["documents"] == {
        "score_workbook": written(returned / SET / f"{DEPARTMENT}_2025_评分表.xlsx"),
        "report": None,
        "returned": written(returned / SET / f"{DEPARTMENT}_2025_退回修改.xlsx"),
    }


def test_the_run_record_names_every_input_and_output(returned: Path) -> None:
    record = read_json(returned / "运行记录.json")
    (entry,) = record["inputs"]
    assert (entry["file"], entry["status"]) == (PUBLISHED.name, "returned")
    assert entry["sha256"] == hashlib.sha256(PUBLISHED.read_bytes()).hexdigest()
    assert entry["outputs"] == {path: digest for path, digest in tree(returned).items() if path.startswith(SET)}
    assert record["counts"] == {"reported": 0, "returned": 1, "rejected": 0, "ignored": 0}


def test_the_same_input_gives_the_same_bytes(reported: Path, tmp_path: Path) -> None:
    assert main(["report", str(COMPLETED), "-o", str(tmp_path), "--quiet", "--jobs", "1"]) == 0
    assert tree(tmp_path) == tree(reported)


def test_a_second_run_over_the_first_changes_nothing(reported: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    shutil.copytree(reported, output)
    (output / SET / "盖章件.pdf").write_bytes(b"scan")
    assert main(["report", str(COMPLETED), "-o", str(output), "--quiet"]) == 0
    assert tree(output) == {**tree(reported), f"{SET}/盖章件.pdf": hashlib.sha256(b"scan").hexdigest()}


def test_check_prints_what_the_result_file_holds(returned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(PUBLISHED), "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    documents = {"score_workbook": None, "report": None, "returned": None}
    assert result == {**read_json(returned / SET / "结果.json"), "documents": documents}


def test_the_corrected_copy_of_a_returned_workbook_takes_its_place(returned: Path, tmp_path: Path) -> None:
    """Dropped in beside the original, the marked workbook supersedes it; its 问题清单 is ignored, its findings are the
    same."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(PUBLISHED, folder / "公开稿.xlsx")
    shutil.copy(returned / SET / f"{DEPARTMENT}_2025_退回修改.xlsx", folder / "退回修改.xlsx")
    assert main(["report", str(folder), "-o", str(output), "--quiet"]) == 1
    entries = {e["file"]: e for e in read_json(output / "运行记录.json")["inputs"]}
    assert {name: e["status"] for name, e in entries.items()} == {"公开稿.xlsx": "ignored", "退回修改.xlsx": "returned"}
    assert "退回修改.xlsx" in entries["公开稿.xlsx"]["reason"]
    first, second = (read_json(o / SET / "结果.json")["findings"] for o in (returned, output))
    assert second == first


def test_two_different_workbooks_of_one_department_are_both_rejected(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(PUBLISHED, folder / "甲.xlsx")
    shutil.copy(COMPLETED, folder / "乙.xlsx")
    assert main(["report", str(folder), "-o", str(output), "--quiet"]) == 1
    entries = {e["file"]: e for e in read_json(output / "运行记录.json")["inputs"]}
    assert {e["status"] for e in entries.values()} == {"rejected"}
    assert "乙.xlsx" in entries["甲.xlsx"]["reason"]
    assert "甲.xlsx" in entries["乙.xlsx"]["reason"]
    assert not (output / SET).exists()


def test_rivals_carry_a_finding_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(PUBLISHED, tmp_path / "甲.xlsx")
    shutil.copy(COMPLETED, tmp_path / "乙.xlsx")
    assert main(["check", str(tmp_path), "--json"]) == 1
    results = json.loads(capsys.readouterr().out)
    assert [(r["status"], [f["code"] for f in r["findings"]]) for r in results] == [("rejected", ["BATCH_001"])] * 2


def test_a_withdrawn_workbook_leaves_no_set_behind(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(COMPLETED, folder / "甲.xlsx")
    (folder / "坏的.xlsx").write_bytes(b"not a workbook")
    assert main(["report", str(folder), "-o", str(output), "--quiet"]) == 1
    assert (output / SET).is_dir()
    (folder / "甲.xlsx").unlink()
    assert main(["report", str(folder), "-o", str(output), "--quiet"]) == 1
    assert set(tree(output)) == {"汇总表.xlsx", "运行记录.json"}


def test_with_nothing_to_read_the_example_is_run_and_the_folder_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "input", "-o", "output", "--example", str(COMPLETED)]) == 0
    assert (tmp_path / "input").is_dir()
    assert (tmp_path / "output" / "示例" / SET).is_dir()
    assert "已出报告 1 份，退回修改 0 份，无法读取 0 份" in capsys.readouterr().out


def test_without_an_example_nothing_to_read_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path), "-o", str(tmp_path / "out")]) == 3
    assert "没有可以读取的填报工作簿" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["reprt"], 2, "命令写法不对"),
        (["report", "没有的文件夹"], 2, "找不到“没有的文件夹”"),
        (["report", "--as-of", "去年"], 2, "日期应写成"),
        (["explain", "MONEY_0O1"], 2, "相近的编号有：MONEY_0"),
        (["regulation", "show", "无此体系"], 2, "没有编号为“无此体系”的指标体系"),
        (["regulation", "list", "--regulations", "没有的文件夹"], 4, "没有的文件夹"),
    ],
)
def test_a_wrong_call_is_reported_in_chinese(
    arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["regulation", "list"],
        ["regulation", "show", "sichuan-dept-65-35"],
        ["explain", "MONEY_001"],
        ["explain", "--all"],
    ],
)
def test_what_there_is_to_look_up(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_a_regulation_shows_its_clauses_and_what_is_unconfirmed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["regulation", "show", "sichuan-dept-65-35"])
    shown = capsys.readouterr().out
    assert "B3.3 实现效果　3 分　项目占比" in shown
    assert "《金口河区预算绩效评价指标体系》" in shown
    assert "A2.4 预算年终结余" in shown.split("待核的指标", 1)[1]


def test_help_loads_no_spreadsheet_library() -> None:
    script = (
        "import sys; from perfeval.cli.commands import main; assert main(['report', '--help']) == 0;"
        " print(sorted(sys.modules))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8"
    ).stdout
    loaded = set(shown.rsplit("[", 1)[1].replace("'", "").replace("]", "").replace(",", " ").split())
    assert not loaded & {
        "pandas",
        "openpyxl",
        "xlsxwriter",
        "docx",
        "docxtpl",
        "python_calamine",
        "rich",
        "pebble",
        "lxml",
    }
