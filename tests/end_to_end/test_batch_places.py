"""Where workbooks lie and how they are called: nothing an official put somewhere is lost, and no two sets fall into one
folder."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from batch_runs import fill, inputs, small_workbook, tree
from openpyxl import load_workbook
from workbooks import content, department

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.errors import UsageError
from perfeval.run.batch import run_report

SETTINGS = Settings(date(2026, 1, 15))


def nameless(executed: float) -> bytes:
    sheets = department()
    next(row for row in sheets["基本情况"] if row[0] == "部门名称")[1] = None
    sheets["项目"][2][6] = executed
    return content(sheets)


def pending(output: Path) -> list[str]:
    return [folder.name for folder in sorted((output / "待补").iterdir())]


def test_names_alike_but_for_their_case_have_a_folder_each(tmp_path: Path) -> None:
    """Windows and macOS would put both sets into one folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Report.xlsx").write_bytes(nameless(23))
    (tmp_path / "in" / "report.XLSX").write_bytes(nameless(22))
    run_report([tmp_path / "in"], tmp_path / "out", SETTINGS)
    assert len({name.casefold() for name in pending(tmp_path / "out")}) == 2


def test_one_name_in_two_input_folders_makes_two_sets(tmp_path: Path) -> None:
    for number, name in enumerate(("东街", "西街")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "填报.xlsx").write_bytes(nameless(20 + number))
    run_report([tmp_path / "东街", tmp_path / "西街"], tmp_path / "out", SETTINGS)
    assert len(pending(tmp_path / "out")) == 2
    assert set(inputs(tmp_path / "out")) == {"东街/填报.xlsx", "西街/填报.xlsx"}


def test_results_are_never_taken_for_filings(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", ["甲局"])
    with pytest.raises(UsageError, match="同一个文件夹"):
        run_report([folder], tmp_path / "in" / ".." / "in", SETTINGS)
    assert [path.name for path in folder.iterdir()] == ["甲局.xlsx"]


@pytest.mark.parametrize("given", ["2025/甲局/甲局_2025_退回修改.xlsx", "2025/甲局", "2025"])
def test_a_workbook_corrected_among_the_results_is_not_swept_away(tmp_path: Path, given: str) -> None:
    output = tmp_path / "out"
    run_report([fill(tmp_path / "in", ["甲局"])], output, SETTINGS)
    before = tree(output)
    with pytest.raises(UsageError, match="复制到"):
        run_report([output / given], output, SETTINGS)
    assert tree(output) == before


def test_the_results_of_another_run_may_be_read(tmp_path: Path) -> None:
    """They lie elsewhere, where nothing replaces them."""
    run_report([fill(tmp_path / "in", ["甲局"])], tmp_path / "first", SETTINGS)
    run_report([tmp_path / "first" / "2025"], tmp_path / "second", SETTINGS)
    assert inputs(tmp_path / "second")["甲局/甲局_2025_退回修改.xlsx"]["status"] == "returned"


def test_an_input_folder_below_the_output_folder_is_fine(tmp_path: Path) -> None:
    run_report([fill(tmp_path / "in", ["甲局"])], tmp_path, SETTINGS)
    run_report([tmp_path / "in"], tmp_path, SETTINGS)
    assert set(inputs(tmp_path)) == {"甲局.xlsx"}


@pytest.mark.skipif(sys.platform != "linux", reason="文件名是任意字节")
def test_odd_file_names_stop_nobody_and_break_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/" + "甲局.xlsx".encode("gbk"))).write_bytes(small_workbook("甲局"))
    (folder / "乙局\n丙局.xlsx：已出报告\x1b[2J\u202e.xlsx").write_bytes(nameless(22))
    (folder / ("长" * 80 + ".xlsx")).write_bytes(nameless(21))
    assert main(["report", str(folder), "-o", str(tmp_path / "out"), "--jobs", "1"]) == 1
    reported = capsys.readouterr()
    assert "甲局.xlsx：退回修改" in reported.out
    assert len(reported.err.splitlines()) == 3
    assert not {"\x1b", "\u202e"} & set(reported.out + reported.err)
    assert len(pending(tmp_path / "out")) == 2


@pytest.mark.parametrize(
    "names",
    [
        ("甲局（本级）", "甲局(本级)"),
        ("甲 局", "甲局"),
        ("É局", "E\u0301局"),
        ("ABC局", "abc局"),
        ("甲\u200b局", "甲局"),
        ("⾦局", "金局"),
    ],
)
def test_names_that_read_alike_are_one_department(tmp_path: Path, names: tuple[str, str]) -> None:
    """Filed twice: neither is published, whichever way the name was typed."""
    (tmp_path / "in").mkdir()
    for number, name in enumerate(names):
        (tmp_path / "in" / f"{number}.xlsx").write_bytes(small_workbook(name, 20 + number))
    outcome = run_report([tmp_path / "in"], tmp_path / "out", SETTINGS)
    assert [entry.status for entry in outcome.entries] == ["rejected", "rejected"]
    assert all("工作簿不止一份" in entry.reason for entry in outcome.entries)


@pytest.mark.parametrize("name", ["=1+1局", "{=A1}", "http://a.b/局", "mailto:a@b.c"])
def test_a_name_that_looks_like_a_formula_or_a_link_is_a_name(tmp_path: Path, name: str) -> None:
    path = fill(tmp_path / "in", ["甲局"]) / "甲局.xlsx"
    book = load_workbook(path)
    cell = next(row[1] for row in book["基本情况"].iter_rows() if row[0].value == "部门名称")
    cell.value, cell.data_type = name, "s"  # else openpyxl makes a formula of it
    book.save(path)
    outcome = run_report([tmp_path / "in"], tmp_path / "out", SETTINGS)
    assert outcome.fault is None
    (scores,) = (tmp_path / "out").glob("*/*/*评分表.xlsx")
    sheet = load_workbook(scores)["总评分表"]
    assert sheet["A1"].value.startswith(name)
    assert sheet["A1"].data_type == "s"
    assert sheet["A1"].hyperlink is None


@pytest.mark.skipif(os.name == "nt", reason="Windows 的文件名是 Unicode")
def test_an_environment_without_chinese_file_names_is_reported(tmp_path: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [
        sys.executable,
        "-m",
        "perfeval",
        "report",
        str(fill(tmp_path / "in", ["a"])),
        "-o",
        str(tmp_path / "out"),
    ]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert stopped.returncode == 2
    assert "语言环境写不了中文文件名" in stopped.stderr
    assert "LC_ALL" in stopped.stderr
