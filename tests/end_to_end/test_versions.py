"""Versions of a filing: which one a workbook is, what becomes of the superseded set, of a workbook that comes again, of
a set that is built again."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from batch_runs import inputs, small_workbook, tree
from openpyxl import load_workbook

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.run import batch
from perfeval.run.batch import Order, run_report
from perfeval.run.renames import renames

SETTINGS = Settings(date(2026, 1, 20))
SET = "2025/甲局"
OWN = (
    "甲局_2025_评分表.xlsx",
    "甲局_2025_退回修改.xlsx",
    "甲局_2025_整改对照表.docx",
    "甲局_2025_自评报告.docx",
    "结果.json",
)


class Office:
    """A department's input folder and what the program makes of it."""

    def __init__(self, base: Path) -> None:
        self.folder, self.output = base / "in", base / "out"
        self.folder.mkdir()

    def put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def take_away(self, name: str) -> None:
        (self.folder / name).unlink()

    def run(self, *, force: bool = False, renamed: str = "") -> dict[str, str]:
        """File → what the run record says of it; `renamed` is a former and a present name, 旧=新."""
        ordered = renames([tuple(renamed.split("="))] if renamed else [])
        outcome = run_report([self.folder], self.output, SETTINGS, Order(force=force, renames=ordered))
        self.kept_sets, self.remarks = {one.target: one.reason for one in outcome.kept_sets}, outcome.remarks
        self.unchanged = {e.file for e in outcome.entries if e.unchanged}
        self.kept = outcome.kept
        return {file: f"{line['status']}：{line['reason']}" for file, line in inputs(self.output).items()}

    def returned(self, version: str = "") -> bytes:
        """The workbook that was sent back for a version; the current one without a word."""
        return (self.output / SET / (f"历史/{version}/" if version else "") / "甲局_2025_退回修改.xlsx").read_bytes()

    @property
    def result(self) -> dict:
        return json.loads((self.output / SET / "结果.json").read_text(encoding="utf-8"))

    def own(self, folder: str = SET) -> dict[str, bytes]:
        """The documents of a set, without what lies in its folders."""
        return {p.name: p.read_bytes() for p in sorted((self.output / folder).iterdir()) if p.is_file()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


FIRST = small_workbook("甲局", 24)  # 项目支出 of 收支 says 43: an error


def corrected(returned: bytes, **cells: object) -> bytes:
    """The workbook that came back with some cells filled in again: 项目_G4 = 22."""
    book = load_workbook(io.BytesIO(returned))
    for place, value in cells.items():
        sheet, address = place.split("_")
        book[sheet][address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def second(office: Office) -> Office:
    """The first version was returned, a correction of it took its place."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    office.first = office.own()
    office.correction = corrected(office.returned(), 项目_G3=23)
    office.put("甲局.xlsx", office.correction)
    office.reported = office.run()
    return office


def test_a_first_filing_is_version_1_and_says_so(office: Office) -> None:
    office.put("甲局.xlsx", FIRST)
    assert office.run() == {"甲局.xlsx": "returned："}
    assert (office.result["version"], office.result["predecessor"]) == (1, None)
    assert load_workbook(io.BytesIO(office.returned()))["问题清单"]["J4"].value == "2025年度第1版"


def test_a_correction_is_the_next_version_and_keeps_the_superseded_set(second: Office) -> None:
    assert second.result["version"] == 2
    assert second.result["predecessor"]["version"] == 1
    assert second.own(f"{SET}/历史/v1") == second.first
    assert second.reported["甲局.xlsx"].endswith("第2版，由第1版改正而来。")
    assert inputs(second.output)["甲局.xlsx"]["version"] == 2
    assert second.result["documents"]["corrections"]["file"] == "甲局_2025_整改对照表.docx"


def test_the_version_is_shown(second: Office, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", str(second.folder), "-o", str(second.output), "--quiet", "--jobs", "1"])
    reported = capsys.readouterr().out
    assert "第2版，由第1版改正而来。" in reported
    assert "改了什么见 甲局_2025_整改对照表.docx" in reported
    sheet = openpyxl.load_workbook(second.output / "汇总表.xlsx")["汇总表"]
    heads = [cell.value for cell in sheet[3]]
    assert sheet.cell(4, heads.index("版本") + 1).value == 2


def test_nothing_else_of_the_set_changes(second: Office, tmp_path: Path) -> None:
    """The same correction in an empty output folder, its predecessor beside it: the same documents, but no history."""
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", second.correction)
    other.put("原来.xlsx", FIRST)
    other.run()
    assert other.own() == second.own()
    assert not (other.output / SET / "历史").exists()


def test_a_second_run_changes_nothing_and_force_builds_the_same(second: Office) -> None:
    before = tree(second.output)
    second.run()
    assert second.unchanged == {"甲局.xlsx"}
    assert tree(second.output) == before
    second.run(force=True)
    assert second.unchanged == set()
    assert tree(second.output) == before


def test_a_third_version_is_on_the_second(second: Office) -> None:
    earlier = second.own()
    second.put("甲局.xlsx", corrected(second.returned(), 项目_G4=21))
    second.run()
    assert second.result["version"] == 3
    assert second.own(f"{SET}/历史/v2") == earlier
    assert second.own(f"{SET}/历史/v1") == second.first


def test_a_rebuilt_set_of_the_same_workbook_makes_no_history(second: Office) -> None:
    run_report([second.folder], second.output, Settings(date(2026, 1, 20), as_of=date(2026, 3, 1)))
    assert second.result["version"] == 2
    assert [p.name for p in (second.output / SET / "历史").iterdir()] == ["v1"]


def test_a_workbook_that_names_nobody_takes_the_place_without_history(office: Office) -> None:
    office.put("甲局.xlsx", FIRST)
    office.run()
    office.put("甲局.xlsx", small_workbook("甲局", 25))
    office.run()
    assert office.result["version"] == 1
    assert not (office.output / SET / "历史").exists()


def test_the_same_file_corrected_once_more_supersedes_the_other_correction(second: Office) -> None:
    """Its workbook no longer lies in the inputs: version 3, and the table answers what was asked in the version it
    names itself."""
    earlier = second.own()
    second.put("甲局.xlsx", corrected(second.returned("v1"), 项目_G4=22))
    reported = second.run()
    assert (second.result["version"], second.result["predecessor"]["version"]) == (3, 1)
    assert reported["甲局.xlsx"].endswith("第3版，由第1版改正而来。")
    assert second.own(f"{SET}/历史/v2") == earlier
    before = tree(second.output)
    second.run(force=True)
    assert tree(second.output) == before


def test_two_corrections_of_one_version_are_rivals(second: Office) -> None:
    second.put("又一份.xlsx", corrected(second.returned("v1"), 项目_G4=22))
    reported = second.run()
    assert {line.split("：")[0] for line in reported.values()} == {"rejected"}
    assert second.own(f"{SET}/历史/v1") == second.first


def test_a_superseded_workbook_that_comes_again_is_named_and_changes_nothing(
    second: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = second.own()
    outputs = inputs(second.output)["甲局.xlsx"]["outputs"]
    second.put("甲局.xlsx", FIRST)
    sentence = "与已收到的第1版完全相同，第2版已经取代它，没有改动。"
    assert second.run() == {"甲局.xlsx": f"ignored：{sentence}"}
    assert second.own() == before
    assert inputs(second.output)["甲局.xlsx"]["outputs"] == outputs
    sheet = openpyxl.load_workbook(second.output / "汇总表.xlsx")["汇总表"]
    assert sheet.cell(4, 2).value == "甲局"
    main(["report", str(second.folder), "-o", str(second.output), "--quiet", "--jobs", "1"])
    assert sentence in capsys.readouterr().out
    assert inputs(second.output)["甲局.xlsx"]["outputs"] == outputs


def test_a_version_that_was_never_published_is_known_too(office: Office, tmp_path: Path) -> None:
    """Both came at once, so there is no history; then the correction's workbook is taken out of the folder."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    content = corrected(office.returned(), 项目_G4=23)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", FIRST)
    other.put("改.xlsx", content)
    assert "已被修改后的“改.xlsx”取代" in other.run()["甲局.xlsx"]
    before = other.own()
    other.take_away("改.xlsx")
    assert "与已收到的第1版完全相同" in other.run()["甲局.xlsx"]
    assert other.own() == before


def test_the_table_is_whole_when_the_first_workbook_is_taken_away(office: Office, tmp_path: Path) -> None:
    office.put("甲局.xlsx", FIRST)
    office.run()
    content = corrected(office.returned(), 项目_G4=23)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", FIRST)
    other.put("改.xlsx", content)
    other.run()
    before = other.own()
    other.take_away("甲局.xlsx")
    other.run()
    assert other.unchanged == {"改.xlsx"}
    assert other.own() == before


def test_versions_that_come_at_once_supersede_the_published_one(second: Office, tmp_path: Path) -> None:
    """The folder holds version 1; version 2 and its correction come in together."""
    third = corrected(second.returned(), 项目_G4=21)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", FIRST)
    other.run()
    other.put("甲局.xlsx", second.correction)
    other.put("第三版.xlsx", third)
    other.run()
    assert other.result["version"] == 3
    assert other.own(f"{SET}/历史/v1") == second.first


def test_without_the_corrected_version_there_is_no_table_and_that_is_said(second: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", second.correction)
    assert other.run()["甲局.xlsx"].endswith("没有找到第1版的填报工作簿，所以没有整改对照表。")
    assert "corrections" not in other.result["documents"]
    assert other.result["version"] == 2


def test_a_returned_workbook_without_a_version_was_made_from_the_first(office: Office) -> None:
    office.put("甲局.xlsx", FIRST)
    office.run()
    office.put("甲局.xlsx", corrected(office.returned(), 问题清单_I4=None, 问题清单_J4=None, 项目_G4=23))
    office.run()
    assert office.result["version"] == 2


def test_a_withdrawn_workbook_leaves_its_history(second: Office) -> None:
    second.put("乙局.xlsx", small_workbook("乙局"))
    second.take_away("甲局.xlsx")
    second.run()
    assert second.own() == {}
    assert second.own(f"{SET}/历史/v1") == second.first


@pytest.mark.parametrize(("wrong", "folder", "renamed"), [("XX局", "2025/XX局", "XX局=甲局"), (None, "待补/甲局", "")])
def test_a_corrected_name_takes_the_set_along(office: Office, wrong: str | None, folder: str, renamed: str) -> None:
    """The first version lay under a wrong name, and the operator says so, or under none; its package and a scan beside
    it go with the correction."""
    office.put("甲局.xlsx", corrected(FIRST, 基本情况_B3=wrong))
    office.run()
    first = office.own(folder)
    (office.output / folder / "盖章件.pdf").write_bytes(b"scan")
    returned = next(content for name, content in first.items() if name.endswith("退回修改.xlsx"))
    office.put("甲局.xlsx", corrected(returned, 基本情况_B3="甲局", 项目_G4=23))
    office.run(renamed=renamed)
    assert not (office.output / folder).exists()
    assert office.own(f"{SET}/历史/v1") == first
    assert office.own()["盖章件.pdf"] == b"scan"
    assert (office.result["version"], "corrections" in office.result["documents"]) == (2, True)


@pytest.mark.parametrize("name", ["甲 局", "甲局\u3000"])
def test_a_name_that_reads_alike_is_no_other_department(office: Office, name: str) -> None:
    """The correction lies beside the version it corrects, its department typed a little otherwise: it supersedes that
    one, and is no rival."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    first = office.own()
    office.put("改好.xlsx", corrected(office.returned(), 基本情况_B3=name, 项目_G4=23))
    reported = office.run()
    assert "取代" in reported["甲局.xlsx"]
    (result,) = office.output.glob("*/*/结果.json")
    assert json.loads(result.read_text(encoding="utf-8"))["version"] == 2
    assert office.own(f"2025/{result.parent.name}/历史/v1") == first


OTHERS = [  # what is typed into 甲局's returned workbook → the cell where it is reported, and how
    ({"基本情况_B3": "乙局"}, "B3", "BATCH_003"),
    ({"基本情况_B3": "乙局", "问题清单_I4": None, "问题清单_J4": None}, "B3", "BATCH_003"),
    ({"基本情况_B3": "县教育局"}, "B3", "BATCH_003"),  # its 部门简称
    ({"基本情况_B3": None}, "B3", "BATCH_003"),
    ({"基本情况_B3": " "}, "B3", "BATCH_003"),
    ({"基本情况_B7": None}, "B7", "BATCH_003"),
    ({"基本情况_B7": 2024}, "B7", "BATCH_004"),
    (
        {"基本情况_B7": 2024, "问题清单_I4": None, "问题清单_J4": None},
        "B3",
        "BATCH_003",
    ),  # an older 问题清单 does not say the year
]


@pytest.mark.parametrize(("cells", "cell", "code"), OTHERS, ids=[str(cells) for cells, *_ in OTHERS])
@pytest.mark.parametrize("arrives", ["later", "at once", "in its place"])
def test_a_workbook_of_another_or_of_nobody_supersedes_nothing(
    office: Office, tmp_path: Path, cells: dict[str, object], cell: str, code: str, arrives: str
) -> None:
    """A colleague, the same office in the next year, or an official who deleted the name: a first version, and nothing
    of 甲局's is touched."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    before, borrowed = office.own(), corrected(office.returned(), **cells, 项目_G4=22)
    if arrives == "at once":
        (tmp_path / "other").mkdir()
        office = Office(tmp_path / "other")
        office.put("甲局.xlsx", FIRST)
    if arrives == "in its place":
        office.put("甲局.xlsx", borrowed)
    else:
        office.put("又一份.xlsx", borrowed)
    reported = office.run()
    assert {line.partition("：")[0] for line in reported.values()} == {"returned"}
    assert office.own() == before
    assert (set(office.kept_sets) == {SET}) == (arrives == "in its place")
    (other,) = [p for p in office.output.glob("*/*/结果.json") if p.parent != office.output / SET]
    result = json.loads(other.read_text(encoding="utf-8"))
    assert (result["version"], result["predecessor"]) == (1, None)
    assert (code, "基本情况", cell) in [(f["code"], f["sheet"], f["cell"]) for f in result["findings"]]
    assert list(other.parent.glob("*整改*")) == []


def test_a_renamed_department_needs_the_operators_word(second: Office) -> None:
    """Without it the correction is a first version and says what to do; with it the same workbook supersedes, and the
    whole history travels along."""
    before = second.own()
    content = corrected(second.returned(), 基本情况_B3="新局", 项目_G4=21)
    second.put("甲局.xlsx", content)
    reported = second.run()["甲局.xlsx"]
    assert "--rename 甲局=新局" in reported
    assert second.own() == before
    reported = second.run(renamed="甲局=新局")["甲局.xlsx"]
    assert "部门由“甲局”改名为“新局”，旧名称的结果移入 历史/v2" in reported
    assert not (second.output / SET).exists()
    assert second.own("2025/新局/历史/v2") == before
    assert second.own("2025/新局/历史/v1") == second.first
    assert json.loads((second.output / "2025/新局/结果.json").read_text(encoding="utf-8"))["version"] == 3
    assert second.remarks == ()
    before = tree(second.output)
    assert second.run()["甲局.xlsx"] == reported  # what lies in 历史 needs no word again
    assert tree(second.output) == before


def test_a_rename_nobody_needs_is_reported(second: Office) -> None:
    second.run(renamed="丁局=甲局")
    assert "都没有“丁局”" in second.remarks[0]
    second.run(renamed="甲局=丁局")
    assert "没有“丁局”" in second.remarks[0]


def test_a_name_written_down_by_another_department_takes_nothing_from_the_first(office: Office, tmp_path: Path) -> None:
    """乙局's workbook names 甲局's before that was ever filed here; when 甲局's comes, it is 甲局's first version."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("乙局.xlsx", corrected(office.returned(), 基本情况_B3="乙局", 项目_G4=22))
    other.run()
    other.put("甲局.xlsx", FIRST)
    reported = other.run()
    assert reported["甲局.xlsx"] == "returned："
    assert other.own() == office.own()
    assert "BATCH_003" in (other.output / "2025/乙局/结果.json").read_text(encoding="utf-8")


def test_a_correction_of_a_missing_version_keeps_the_published_one(second: Office, tmp_path: Path) -> None:
    """Version 3 comes, the folder knows version 1 alone and its workbook is gone: that goes to 历史."""
    third = corrected(second.returned(), 项目_G4=21)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.put("甲局.xlsx", FIRST)
    other.run()
    other.put("甲局.xlsx", third)
    other.run()
    assert other.result["version"] == 3
    assert other.own(f"{SET}/历史/v1") == second.first


def test_files_of_others_stay_with_the_newest_version(second: Office) -> None:
    (second.output / SET / "盖章件.pdf").write_bytes(b"scan")
    second.put("甲局.xlsx", corrected(second.returned(), 项目_G4=21))
    second.run()
    assert "盖章件.pdf" in second.own()
    assert "盖章件.pdf" not in second.own(f"{SET}/历史/v2")


def test_a_second_history_of_the_same_number_gets_a_name_of_its_own(second: Office) -> None:
    """A new filing that names nobody starts at 1 again; its correction must not fall into the old v1."""
    second.put("甲局.xlsx", small_workbook("甲局", 26))
    second.run()
    fresh = second.own()
    second.put("甲局.xlsx", corrected(second.returned(), 项目_G4=23))
    second.run()
    assert second.own(f"{SET}/历史/v1") == second.first
    assert second.own(f"{SET}/历史/v1（2）") == fresh


def test_a_locked_set_stays_though_its_workbook_has_another_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("甲局.xlsx", FIRST)
    office.run()
    before = office.own()
    content = corrected(office.returned(), 项目_G4=23)
    office.take_away("甲局.xlsx")
    office.put("改.xlsx", content)

    real = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == "甲局":
            raise PermissionError(13, "open in another program")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    reported = office.run()
    monkeypatch.undo()
    assert "请关闭文件" in reported["改.xlsx"]
    assert office.own() == before
    office.run()
    assert office.own(f"{SET}/历史/v1") == before


def test_check_shows_the_version_a_workbook_says(second: Office, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(second.folder), "--json"])
    (result,) = json.loads(capsys.readouterr().out)
    assert result["version"] == 2
    assert batch.RECORD_FILE in {p.name for p in second.output.iterdir()}


def test_a_returned_workbook_filled_in_where_it_lies_is_kept_and_never_taken_for_the_first_version(
    office: Office,
) -> None:
    """The official changes it in the output folder, then drops it in: what was there at first can no longer be reported
    from it."""
    office.put("甲局.xlsx", FIRST)
    office.run()
    place = office.output / SET / "甲局_2025_退回修改.xlsx"
    place.write_bytes(corrected(office.returned(), 项目_G3=23))
    mended = place.read_bytes()
    office.take_away("甲局.xlsx")
    office.put("甲局改好.xlsx", mended)
    reported = office.run()["甲局改好.xlsx"]
    assert "没有找到第1版的填报工作簿，所以没有整改对照表" in reported
    assert len(office.kept) == 1
    assert (
        "“甲局_2025_退回修改.xlsx”被改动过，没有覆盖，改名保留为“甲局_2025_退回修改（原有，改动过）.xlsx”"
        in office.kept[0]
    )
    assert (office.output / SET / "甲局_2025_退回修改（原有，改动过）.xlsx").read_bytes() == mended
    assert not list((office.output / SET).glob("*整改对照表*"))
