"""From a form to the report and back into 一体化: nothing is typed twice."""

from pathlib import Path

import places
import prefilled
import pytest
from openpyxl import load_workbook

from perfeval import report
from perfeval.cli.commands import main
from perfeval.errors import NothingToReadError
from perfeval.prefill.export import HEADERS, export

DECREE = {"regulation": "cn-project-10-90"}
EXAMPLE = places.ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"


def completed(folder: Path) -> Path:
    """The form of Yunnan, read and completed as an official does: what is new, and what was asked."""
    opened = prefilled.read(folder, prefilled.FORMS / "yunnan.xlsx", **DECREE)
    book = load_workbook(opened.outcome.path)
    project = book["项目"]
    project["C5"], project["E5"] = "常年", 64.8
    parts = [row for row in book["项目资金"].iter_rows(min_row=5) if row[1].value]
    for row, amount in zip(parts, (64.8, 0, 0), strict=False):
        row[2].value = amount
    (folder / "input").mkdir()
    path = folder / "input" / "填报.xlsx"
    book["指标"]["I10"], book["指标"]["J10"] = "部分达成", 24
    book.save(path)
    return path


def test_a_prefilled_workbook_is_reported_and_goes_back(tmp_path: Path) -> None:
    completed(tmp_path)
    (entry,) = report([tmp_path / "input"], tmp_path / "output", jobs=1).entries
    assert entry.result is not None
    assert (entry.status, entry.result["prefilled"]) == ("reported", True)
    written, _ = export([tmp_path / "output"], tmp_path / "导入")
    assert [path.name for path in written] == ["示例州文艺服务中心_2025_送戏下乡惠民演出_一体化导入表.xlsx"]
    rows = list(load_workbook(written[0]).active.iter_rows(values_only=True))
    assert rows[0] == HEADERS
    assert rows[1][:10] == ("产出指标", "数量指标", "送戏下乡演出场次", "≥", 60, 63, "场", 10, 10, 0)
    assert rows[6][2:6] == ("群众文化参与度", "定性", "明显提升", "部分达成")
    assert rows[6][11] == "春耕期间到场人数偏少；下年避开农忙安排场次。"
    again = prefilled.read(tmp_path / "导入", written[0], year=2025, **DECREE)
    there = load_workbook(tmp_path / "input" / "填报.xlsx")["指标"]
    assert [row[0] for row in again.table("指标", "三级指标")] == [there.cell(row, 4).value for row in range(5, 12)]
    assert [row[0] for row in again.table("指标", "权重")] == ["10", "10", "10", "10", "10", "30", "10"]


def test_where_there_is_no_project_with_indicators_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingToReadError, match="没有带指标的项目结果"):
        export([tmp_path], tmp_path / "导入")


def test_last_year_and_this_year_raise_nothing_about_carry_over_or_bases(tmp_path: Path) -> None:
    (tmp_path / "去年").mkdir()
    (tmp_path / "去年" / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "input").mkdir()
    arguments = ["prefill", str(EXAMPLE), "--year", "2026", "-o", str(tmp_path / "input" / "填报.xlsx")]
    assert main(arguments) == 0
    outcome = report([tmp_path / "input"], tmp_path / "output", jobs=1, previous=tmp_path / "去年")
    (entry,) = outcome.entries
    assert entry.result is not None
    codes = {finding["code"] for finding in entry.result["findings"]}
    assert codes & {"PREVIOUS_001", "PREVIOUS_002"} == set()
    assert {"BATCH_004", "SHEET_004", "PROJECT_007"} & codes == set()


def test_what_lies_in_the_materials_folder_is_no_filing(tmp_path: Path) -> None:
    folder = tmp_path / "input" / "已有材料"
    folder.mkdir(parents=True)
    (folder / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "input" / "填报.xlsx").write_bytes(EXAMPLE.read_bytes())
    outcome = report([tmp_path / "input"], tmp_path / "output", jobs=1)
    assert {entry.file: entry.status for entry in outcome.entries} == {
        "填报.xlsx": "reported",
        f"已有材料/{EXAMPLE.name}": "ignored",
    }
