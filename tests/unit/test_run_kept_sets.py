"""A published set goes only when its workbook is gone: what is damaged, contested, closed or not looked at leaves it
in place, marked and reported."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from batch_runs import fill, harmed_stage_one, inputs, small_workbook, tree
from test_intake_guard import OLE, changed, packed, parts_of
from workbooks import content, department

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.excel import guard
from perfeval.excel.guard import file_sha256
from perfeval.run import publisher
from perfeval.run.batch import Order, RunOutcome, run_report
from perfeval.run.roster import Roster

SETTINGS = Settings(date(2026, 1, 20))
SET, FILE = "2025/甲局", "甲局.xlsx"


class Bureau:
    """An input folder with 甲局's and 乙局's workbooks, whose sets are published."""

    def __init__(self, base: Path) -> None:
        self.folder, self.output = fill(base / "in", ["甲局", "乙局"]), base / "out"
        self.run()
        self.before = self.sets()

    def run(self, *paths: Path, roster: Roster | None = None) -> RunOutcome:
        self.outcome = run_report([*paths] or [self.folder], self.output, SETTINGS, Order(roster=roster))
        return self.outcome

    def sets(self, target: str = SET) -> dict[str, str]:
        return {path: digest for path, digest in tree(self.output).items() if path.startswith(f"{target}/")}

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    @property
    def reasons(self) -> dict[str, str]:
        return {one.target: one.reason for one in self.outcome.kept_sets}

    @property
    def recorded(self) -> dict[str, list[dict[str, str]]]:
        return {file: line["kept"] for file, line in inputs(self.output).items() if "kept" in line}


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def remarks(output: Path) -> dict[str, str]:
    """Department → remark of the summary's rows."""
    sheet = openpyxl.load_workbook(output / "汇总表.xlsx")["汇总表"]
    heads = [cell.value for cell in sheet[3]]
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return {row[heads.index("部门名称")]: row[heads.index("备注")] or "" for row in rows}


def damaged_sheet(name: str) -> bytes:
    """Department and year can be read, another sheet cannot."""
    parts = parts_of(small_workbook(name, 20))
    parts["xl/worksheets/sheet12.xml"] = b"<worksheet>" + b"<a>" * 5000
    return packed(parts)


def no_form(name: str) -> bytes:
    return content({"通讯录": [["姓名"], [name]]})


BAD: dict[str, Callable[[str], bytes]] = {  # department → what lies in its workbook's place
    "半截局": lambda name: small_workbook(name)[:-30],
    "空白局": lambda name: b"",
    "乱码局": lambda name: b"nothing",
    "旧格式局": lambda name: OLE,
    "密码局": lambda name: OLE + "EncryptedPackage".encode("utf-16-le"),
    "坏表局": damaged_sheet,
    "坏部件局": lambda name: changed("xl/workbook.xml", lambda xml: xml[:40], lambda: small_workbook(name)),
    "通讯录局": no_form,
    "太大局": lambda name: b"PK\x03\x04" + b"0" * guard.FILE_BYTES,
}


def test_a_workbook_that_cannot_be_read_leaves_its_set(tmp_path: Path) -> None:
    """All sets stay, marked at their inputs and in the summary, run after run; with the good workbooks back nothing is
    built."""
    folder, output = fill(tmp_path / "in", [*BAD, "乙局"]), tmp_path / "out"
    roster = Order(2, roster=Roster((*BAD, "乙局")))
    run_report([folder], output, SETTINGS, roster)
    whole = tree(output)
    for name, make in BAD.items():
        (folder / f"{name}.xlsx").write_bytes(make(name))
    for _ in range(2):
        outcome = run_report([folder], output, SETTINGS, roster)
        assert {path: d for path, d in tree(output).items() if "/" in path} == {
            path: d for path, d in whole.items() if "/" in path
        }
        lines = inputs(output)
        assert {name: [kept["set"] for kept in lines[f"{name}.xlsx"]["kept"]] for name in BAD} == {
            name: [f"2025/{name}"] for name in BAD
        }
        assert {lines[f"{name}.xlsx"]["status"] for name in BAD} == {"rejected"}
        assert remarks(output).pop("乙局") == ""
        reported = {name: f"上次的结果保留，因为“{name}.xlsx”这次没有能处理" for name in BAD}
        assert {name: remarks(output)[name].partition("：")[0] for name in BAD} == reported
        assert outcome.unfiled == ()
    fill(folder, [*BAD])
    assert all(entry.unchanged for entry in run_report([folder], output, SETTINGS, roster).entries)
    assert tree(output) == whole


def test_it_is_said_aloud(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    bureau.put(FILE, b"nothing")
    assert main(["report", str(bureau.folder), "-o", str(bureau.output), "--jobs", "1", "--quiet"]) == 1
    assert f"上次的结果保留，因为“{FILE}”这次没有能处理" in capsys.readouterr().out


def test_a_workbook_that_is_gone_in_the_end_takes_its_set_along(bureau: Bureau) -> None:
    bureau.put(FILE, b"nothing")
    bureau.run()
    (bureau.folder / FILE).unlink()
    bureau.run()
    assert bureau.sets() == {}
    assert bureau.reasons == {}


@pytest.mark.parametrize("harm", ["被杀", "出错"])
def test_a_worker_that_dies_of_a_later_version_leaves_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    folder, output = fill(tmp_path / "in", [f"{harm}局"]), tmp_path / "out"
    run_report([folder], output, SETTINGS)
    before = tree(output / "2025")
    (folder / f"{harm}局.xlsx").write_bytes(small_workbook(f"{harm}局", 20))
    monkeypatch.setattr(publisher, "stage_one", harmed_stage_one)
    run_report([folder], output, SETTINGS)
    assert tree(output / "2025") == before


def test_a_stray_second_workbook_takes_nothing_away(bureau: Bureau) -> None:
    bureau.put("甲局最终版.xlsx", small_workbook("甲局", 20))
    bureau.run()
    assert bureau.sets() == bureau.before
    assert set(bureau.recorded) == {FILE, "甲局最终版.xlsx"}
    (bureau.folder / "甲局最终版.xlsx").unlink()
    assert all(entry.unchanged for entry in bureau.run().entries)
    assert bureau.recorded == {}


def test_two_rivals_under_new_names_leave_the_set(bureau: Bureau) -> None:
    (bureau.folder / FILE).unlink()
    bureau.put("一.xlsx", small_workbook("甲局", 20))
    bureau.put("二.xlsx", small_workbook("甲 局", 21))
    bureau.run()
    assert bureau.sets() == bureau.before
    (bureau.folder / "二.xlsx").unlink()
    bureau.run()
    assert bureau.sets() not in (bureau.before, {})


def test_a_damaged_file_under_a_new_name_keeps_what_vanished_with_it(bureau: Bureau) -> None:
    """It may be 甲局's; while it lies there nobody knows. A file that was damaged before is another matter."""
    (bureau.folder / FILE).rename(bureau.folder / "改名.xlsx")
    bureau.put("改名.xlsx", b"nothing")
    for _ in range(2):
        bureau.run()
        assert bureau.sets() == bureau.before
        assert [kept["set"] for kept in bureau.recorded["改名.xlsx"]] == [SET]
    (bureau.folder / "乙局.xlsx").unlink()
    bureau.run()
    assert set(bureau.reasons) == {SET}
    assert bureau.sets("2025/乙局") == {}
    (bureau.folder / "改名.xlsx").unlink()
    bureau.put("丙局.xlsx", small_workbook("丙局"))
    bureau.run()
    assert bureau.sets() == {}


@pytest.mark.parametrize("data", [b"", b"nothing", small_workbook("乙局", 23)])
def test_alike_files_in_several_workbooks_places_take_nothing_away(bureau: Bureau, data: bytes) -> None:
    """All but the first are passed over as its copies."""
    (bureau.folder / FILE).write_bytes(data)
    (bureau.folder / "乙局.xlsx").write_bytes(data)
    both = {**bureau.before, **bureau.sets("2025/乙局")}
    for _ in range(2):
        bureau.run()
        assert {**bureau.sets(), **bureau.sets("2025/乙局")} == both
    assert FILE in bureau.recorded
    (bureau.folder / FILE).unlink()
    bureau.run()
    assert bureau.sets() == {}


def test_another_departments_correction_of_one_workbook_takes_nothing_away(tmp_path: Path) -> None:
    """Several departments began with one workbook that had come back, which is not known here."""
    names = {"甲局": "0" * 64, "乙局": "0" * 64}
    (tmp_path / "in").mkdir()
    for name, sha256 in names.items():
        sheets = {**department(), "问题清单": [["原文件校验值", sha256], ["原文件版本", "2025年度第1版"]]}
        next(row for row in sheets["基本情况"] if row[0] == "部门名称")[1] = name
        (tmp_path / "in" / f"{name}.xlsx").write_bytes(content(sheets))
    output = tmp_path / "out"
    run_report([tmp_path / "in"], output, SETTINGS)
    assert {p.parent.name: json.loads(p.read_bytes())["version"] for p in output.glob("2025/*/结果.json")} == {
        "甲局": 2,
        "乙局": 2,
    }
    before = tree(output / "2025")
    (tmp_path / "in" / FILE).write_bytes(b"nothing")
    assert [one.target for one in run_report([tmp_path / "in"], output, SETTINGS).kept_sets] == [SET]
    assert tree(output / "2025") == before


def test_a_correction_of_a_year_mistyped_takes_nothing_away(bureau: Bureau) -> None:
    """The workbook it was made from has been moved away, as it may be."""
    sheets = {
        **department(),
        "问题清单": [["原文件校验值", file_sha256(bureau.folder / FILE)], ["原文件版本", "2025年度第1版"]],
    }
    for row in sheets["基本情况"]:
        row[1] = {"部门名称": "甲局", "评价年度": 2024}.get(row[0], row[1])
    bureau.put("改正.xlsx", content(sheets))
    (bureau.folder / FILE).unlink()
    bureau.run()
    assert bureau.sets() == bureau.before
    assert bureau.reasons == {SET: "“改正.xlsx”现在是“甲局”2024年度的，没有取代它"}


@pytest.mark.parametrize(
    "mark", ["~$甲局.xlsx", ".~甲局.xlsx", ".~lock.甲局.xlsx#", "甲局.xlsx.crdownload", "甲局.xlsx.bak"]
)
def test_a_workbook_that_is_being_saved_or_fetched_leaves_its_set(bureau: Bureau, mark: str) -> None:
    """For a moment there is only another file, whose name says what it is."""
    (bureau.folder / FILE).unlink()
    bureau.put(mark, b"x")
    for _ in range(2):
        bureau.run()
        assert bureau.sets() == bureau.before
        assert [kept["set"] for kept in bureau.recorded[mark]] == [SET]
    (bureau.folder / mark).unlink()
    bureau.run()
    assert bureau.sets() == {}


@pytest.mark.parametrize("name", ["甲局.bak", "甲局.txt", "旧/甲局.old", ".甲局.xlsx"])
def test_the_very_workbook_under_another_name_leaves_its_set(bureau: Bureau, name: str) -> None:
    (bureau.folder / "旧").mkdir()
    (bureau.folder / FILE).rename(bureau.folder / name)
    bureau.run()
    assert bureau.sets() == bureau.before
    assert bureau.reasons == {SET: f"它的填报工作簿还在，但名称是“{name}”，没有读取"}
    (bureau.folder / name).unlink()
    bureau.run()
    assert bureau.sets() == {}


def test_other_files_beside_a_workbook_that_is_gone_keep_nothing(bureau: Bureau) -> None:
    (bureau.folder / FILE).unlink()
    (bureau.folder / "街道").mkdir()
    for name in ("甲局.docx", "甲局.xlsx的说明.txt", "~$乙局.xlsx", "街道/~$甲局.xlsx"):
        bureau.put(name, b"x")
    bureau.run()
    assert bureau.sets() == {}


def test_a_damaged_file_under_the_name_of_one_that_was_refused_before(bureau: Bureau) -> None:
    bureau.put("收件.xlsx", b"nothing")
    bureau.run()
    (bureau.folder / FILE).unlink()
    bureau.put("收件.xlsx", small_workbook("甲局")[:-30])
    for _ in range(2):
        bureau.run()
        assert bureau.sets() == bureau.before
    bureau.put("乙局.xlsx", b"nothing")  # 乙局's own, whatever is in it
    (bureau.folder / "收件.xlsx").unlink()
    bureau.run()
    assert set(bureau.reasons) == {"2025/乙局"}


def test_what_is_plainly_no_filing_keeps_nothing(bureau: Bureau) -> None:
    (bureau.folder / FILE).unlink()
    bureau.put("通讯录.xlsx", no_form("张三"))
    bureau.run()
    assert bureau.sets() == {}


def test_another_departments_file_in_the_workbooks_place_takes_nothing_away(bureau: Bureau) -> None:
    bureau.put(FILE, small_workbook("丙局"))
    bureau.run()
    assert bureau.sets() == bureau.before
    assert "“甲局.xlsx”现在是“丙局”2025年度的，没有取代它" in bureau.reasons[SET]
    assert bureau.sets("2025/丙局")


def test_a_name_typed_otherwise_leaves_one_set(bureau: Bureau) -> None:
    bureau.put(FILE, small_workbook("甲 局"))
    bureau.run()
    assert [p.parent.name for p in bureau.output.glob("2025/*/结果.json")] == ["乙局", "甲 局"]


def test_a_file_whose_name_is_filled_in_leaves_no_set_without_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    nameless = department()
    next(row for row in nameless["基本情况"] if row[0] == "部门名称")[1] = None
    (tmp_path / "in" / FILE).write_bytes(content(nameless))
    run_report([tmp_path / "in"], tmp_path / "out", SETTINGS)
    fill(tmp_path / "in", ["甲局"])
    assert run_report([tmp_path / "in"], tmp_path / "out", SETTINGS).kept_sets == ()
    assert [p.parent.name for p in (tmp_path / "out").glob("*/*/结果.json")] == ["甲局"]


@pytest.fixture
def streets(tmp_path: Path) -> Bureau:
    """丙局's workbook lies in a folder of its own."""
    (tmp_path / "in" / "街道").mkdir(parents=True)
    (tmp_path / "in" / "街道" / "丙局.xlsx").write_bytes(small_workbook("丙局"))
    return Bureau(tmp_path)


def test_a_folder_that_cannot_be_opened_keeps_what_was_in_it(streets: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    before = streets.sets("2025/丙局")
    real = os.scandir

    def refused(path: str) -> object:
        if Path(path).name == "街道":
            raise PermissionError(13, "network down", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    streets.run()
    assert inputs(streets.output)["街道"]["reason"].startswith("文件夹“街道”打不开")
    assert streets.sets("2025/丙局") == before
    assert [kept["set"] for kept in streets.recorded["街道"]] == ["2025/丙局"]
    monkeypatch.undo()
    assert all(entry.unchanged for entry in streets.run().entries)
    shutil.rmtree(streets.folder / "街道")
    streets.run()
    assert streets.sets("2025/丙局") == {}


def test_nothing_can_be_opened(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tree(bureau.output)

    def refused(path: str) -> object:
        raise PermissionError(13, "network down", path)

    monkeypatch.setattr(os, "scandir", refused)
    assert main(["report", str(bureau.folder), "-o", str(bureau.output), "--quiet"]) == 3
    monkeypatch.undo()
    assert "打不开" in capsys.readouterr().err
    assert tree(bureau.output) == whole


def test_another_folder_or_a_single_file_takes_nothing_away(bureau: Bureau, tmp_path: Path) -> None:
    other = fill(tmp_path / "other", ["丁局"])
    bureau.run(other)
    assert bureau.sets() == bureau.before
    assert set(bureau.reasons) == {SET, "2025/乙局"}
    assert set(remarks(bureau.output)) == {"甲局", "乙局", "丁局"}
    bureau.run(bureau.folder / FILE)
    assert set(bureau.reasons) == {"2025/乙局", "2025/丁局"}
    assert all(entry.unchanged for entry in bureau.outcome.entries)
    (bureau.folder / FILE).unlink()
    bureau.run()
    assert bureau.sets() == {}
    assert set(bureau.reasons) == {"2025/丁局"}
    assert all(entry.unchanged for entry in bureau.outcome.entries)


def test_the_folder_above_is_looked_at_too(streets: Bureau) -> None:
    """What was read from a folder is gone when it is gone from there, whether that folder was given or one above it."""
    streets.run(streets.folder / "街道")
    assert all(entry.unchanged or entry.outputs for entry in streets.outcome.entries)
    (streets.folder / "街道" / "丙局.xlsx").unlink()
    streets.run()
    assert streets.sets("2025/丙局") == {}


@pytest.mark.parametrize("text", [None, "", "[]", '{"inputs": 3, "kept": [4, {"files": 3}]}'])
def test_without_a_record_nothing_is_withdrawn(bureau: Bureau, text: str | None) -> None:
    (bureau.folder / FILE).unlink()
    (bureau.output / "运行记录.json").unlink()
    if text is not None:
        (bureau.output / "运行记录.json").write_text(text, encoding="utf-8")
    bureau.run()
    assert bureau.sets() == bureau.before
    assert "没有它的来历" in bureau.reasons[SET]


def test_a_kept_set_whose_result_was_changed_stops_nobody(bureau: Bureau) -> None:
    (bureau.output / SET / "结果.json").write_text(
        json.dumps({"source": {"file": FILE}, "documents": {"a": "b"}}), encoding="utf-8"
    )
    bureau.put(FILE, b"nothing")
    assert bureau.run().fault is None
    assert (bureau.output / SET / "结果.json").is_file()


def test_a_link_in_the_workbooks_place(bureau: Bureau) -> None:
    """It leads nowhere."""
    (bureau.folder / FILE).unlink()
    (bureau.folder / FILE).symlink_to(bureau.folder / "nowhere.xlsx")
    bureau.run()
    assert bureau.sets() == bureau.before
