"""The roster: read under guard in a worker, and what is wrong with it reported by its name."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from unsound_files import changed, shared
from workbooks import content, workbook

from perfeval.blank.roster import roster_workbook
from perfeval.cli.commands import main
from perfeval.errors import UsageError
from perfeval.run.roster import Contact, Roster, load_roster
from perfeval.run.workers import CRASHED, TIMED_OUT, Done

SHEET = "xl/worksheets/sheet1.xml"
Rows = list[list[object]]
HEADER: list[object] = ["部门", "收件人", "抄送", "截止日期"]


def book(*rows: list[object]) -> bytes:
    return content({"名册": list(rows), "说明": [["部门"], ["不是部门"]]})


def with_cell(cell: str) -> bytes:
    """A roster whose A2 is the given cell."""
    return changed(
        SHEET,
        lambda xml: xml.replace(b'<c r="A2" t="n"><v>7</v></c>', cell.encode()),
        lambda: book(["部门"], [7], ["乙局"]),
    )


def far_cell() -> bytes:
    far = workbook({"名册": [["部门"], ["甲局"]]})
    far["名册"]["XFD1048576"] = 1
    return content(far)


def lying_count() -> bytes:
    """More shared strings promised than there is memory for."""
    return changed(
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(b"uniqueCount=", b'uniqueCount="18446744073709551615" x='),
        shared,
    )


READ: list[tuple[str, list[list[object]], tuple[Contact, ...]]] = [
    ("only 部门", [["部门"], ["甲局"], ["乙局"]], (Contact(2, "甲局"), Contact(3, "乙局"))),
    ("部门名称", [["序号", "部门名称"], [1, "甲局"]], (Contact(2, "甲局"),)),
    ("a title above, blank rows between", [["2025年名册"], [], HEADER, ["甲局"], [None, "x@y.cn"], [" "], ["乙局"]],
        (Contact(4, "甲局"), Contact(7, "乙局"))),
    ("dates and numbers", [HEADER, [" 甲局 ", "a@b.cn", 12.0, date(2026, 3, 31)]],
        (Contact(2, "甲局", "a@b.cn", "12", "2026-03-31"),)),
    ("a department that is a number", [["部门"], [110], [1.5]], (Contact(2, "110"), Contact(3, "1.5"))),
    ("totals and notes are no departments",
        [["部门"], ["甲局"], ["合计"], ["总计2家"], ["注：以上为2025年度名册"], ["填表人：张三"]], (Contact(2, "甲局"),)),
    ("a department whose name begins alike", [["部门"], ["共青团甲县委"], ["合计局"]],
        (Contact(2, "共青团甲县委"), Contact(3, "合计局"))),
    ("headers as people type them", [["部 门*", "收件人：", "曾\u200b用名"], ["甲局", "a@b.cn", "老甲局"]],
        (Contact(2, "甲局", "a@b.cn", former="老甲局"),)),
    ("departments that a list marks", [["部门"], ["*甲局"], ["★ 乙局"], ["*"]], (Contact(2, "甲局"), Contact(3, "乙局"))),
    ("one department twice", [["收件人", "部门"], ["a@b.cn", "甲局"], ["c@d.cn", "甲局"]],
        (Contact(2, "甲局", "a@b.cn"), Contact(3, "甲局", "c@d.cn"))),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "contacts"), READ, ids=[what for what, *_ in READ])
def test_the_first_sheet_is_read(what: str, rows: Rows, contacts: tuple[Contact, ...], tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(book(*rows))
    read = load_roster(tmp_path / "名册.xlsx")
    assert read.contacts == contacts
    assert read.departments == tuple(dict.fromkeys(c.department for c in contacts))


def test_a_department_written_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(book(["部门"], ["甲局（本级）"], ["乙局"], ["甲局 (本级)"], ["乙\u200b局"]))
    read = load_roster(tmp_path / "名册.xlsx")
    assert read.departments == ("甲局（本级）", "乙局")
    assert read.missing({"乙\u2060局"}) == ("甲局（本级）",)


REFUSED: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("no workbook", lambda: b"nothing", "读不了：这个文件不是 Excel 工作簿", "另存为"),
    ("a far cell", far_cell, "读不了：", "删"),
    ("more shared strings than memory", lying_count, "读不了：这个工作簿已经损坏", "修复"),
    ("damaged", lambda: book(["部门"])[:-30], "读不了：这个工作簿不完整", "复制"),
    ("no sheet of cells", lambda: book(), "没有“部门”这一列", "请在表头写上“部门”"),
    ("another header", lambda: book(["单位"], ["甲局"]), "没有“部门”这一列", "请在表头写上“部门”"),
    ("blank", roster_workbook, "一个部门也没有填", "每行填一个部门"),
    ("an error", lambda: with_cell('<c r="A2" t="e"><v>#N/A</v></c>'), "「名册」A2 显示“#N/A”", "直接填写部门名称"),
    ("an error of a newer Excel", lambda: with_cell('<c r="A2" t="e"><v>#SPILL!</v></c>'), "「名册」A2 显示“#SPILL!”",
        "直接填写部门名称"),
    ("a formula never calculated", lambda: with_cell('<c r="A2"><f>B2</f></c>'), "「名册」A2 的公式没有计算结果", "直接填写部门名称"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "make", "message", "remedy"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_what_is_no_roster_is_reported_by_its_name(
    what: str, make: Callable[[], bytes], message: str, remedy: str, tmp_path: Path
) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(make())
    with pytest.raises(UsageError) as reported:
        load_roster(path)
    assert reported.value.message.startswith(f"名册“{path}”")
    assert message in reported.value.message
    assert remedy in reported.value.remedy


@pytest.mark.parametrize(
    ("lay", "message"),
    [(lambda path: None, "找不到名册"), (Path.mkdir, "文件夹"), (lambda path: os.mkfifo(path), "管道")],
)
def test_what_is_no_file_is_no_roster(lay: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    lay(tmp_path / "名册.xlsx")
    with pytest.raises(UsageError, match=message):
        load_roster(tmp_path / "名册.xlsx")


def test_a_link_to_the_roster_is_followed(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(book(["部门"], ["甲局"]))
    (tmp_path / "链接.xlsx").symlink_to(tmp_path / "名册.xlsx")
    assert load_roster(tmp_path / "链接.xlsx").departments == ("甲局",)


@pytest.mark.parametrize(("code", "message"), [(CRASHED, "被系统中止"), (TIMED_OUT, "时间太长")])
def test_a_worker_that_dies_or_is_too_slow_is_the_rosters_fault(
    code: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "名册.xlsx").write_bytes(book(["部门"], ["甲局"]))
    monkeypatch.setattr(
        "perfeval.run.workers.run_all", lambda function, tasks, jobs: iter([Done(task, None, code) for task in tasks])
    )
    with pytest.raises(UsageError, match=f"名册.*{message}"):
        load_roster(tmp_path / "名册.xlsx")


def test_the_command_ends_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "名册.xlsx").write_bytes(far_cell())
    assert main(["outbox", str(tmp_path), "--roster", str(tmp_path / "名册.xlsx")]) == 2
    reported = capsys.readouterr().err
    assert "名册.xlsx”读不了" in reported
    assert "Traceback" not in reported


ROSTER = Roster(("青禾县司法局", "青禾县教育局", "青禾县政府办公室", "青禾县人大办公室"))


@pytest.mark.parametrize(("file", "department"), [
    ("司法局.xlsx", "青禾县司法局"),
    ("2025/2025年青禾县司法局绩效自评（最终）.xlsx", "青禾县司法局"),
    ("政府办公室.xlsx", "青禾县政府办公室"),
    ("办公室.xlsx", None),  # either of two
    ("法局.xlsx", None),
    ("乙.xlsx", None),
    ("填报.xlsx", None),
])  # fmt: skip
def test_a_damaged_file_is_a_departments_by_its_name(file: str, department: str | None) -> None:
    assert ROSTER.named_by([file]) == ({department} if department else set())


def test_a_department_in_two_rows_is_said_once() -> None:
    rows = (Contact(2, "甲局"), Contact(3, "乙局"), Contact(4, "甲 局"), Contact(5, "甲局"))
    assert Roster(("甲局", "乙局"), rows).repeated == ("甲局",)
