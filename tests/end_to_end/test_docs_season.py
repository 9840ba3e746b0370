"""The page that takes a bureau through a season is run as it is; what is done by hand between its commands is what
the page says."""

import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from corrected_workbooks import text_of
from departments import department
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from places import ROOT

from perfeval.cli.commands import main

PAGE = (ROOT / "docs" / "一个评价季.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
WRONG, RIGHT, REVIEWED = (
    1,
    2,
    3,
)  # seeds: one whose workbook comes back, one that is in order, one that is reviewed and corrects itself
NEVER_FILED = "示例县档案局（示例构造）"
ROW_OF_TREE = 4


def name(seed: int) -> str:
    return str(department(seed).sheets["基本情况"]["部门名称"])


def run(command: str) -> int:
    program, *words = shlex.split(command)
    assert program == "perfeval"
    return main(words)


def cell(sheet: Worksheet, label: str, header: str) -> str:
    """The address of the cell in the row of a label and the column of a header."""
    heads = next(row for row in sheet.iter_rows(max_row=12) if header in [str(c.value).strip("*") for c in row])
    column = next(c.column for c in heads if str(c.value).strip("*") == header)
    row = next(c.row for r in sheet.iter_rows(min_row=heads[0].row + 1) for c in r if c.value == label)
    return sheet.cell(row, column).coordinate


def change(path: Path, sheet: str, cells: Mapping[str, object], saved: Path | None = None) -> None:
    book = load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(saved or path)


def set_of(seed: int) -> Path:
    return Path("结果/2025") / name(seed)


def one(folder: Path, ending: str) -> Path:
    (found,) = folder.glob(f"*{ending}")
    return found


def fill_roster() -> None:
    roster = load_workbook("下发/报送名册_模板.xlsx")
    sheet = roster.active
    first = next(c.row for row in sheet.iter_rows() for c in row if c.value == "部门") + 1
    for offset, who in enumerate([name(WRONG), name(RIGHT), name(REVIEWED), NEVER_FILED]):
        for column, value in enumerate([who, "示例构造 <someone@example.com>", None, "2026-03-31"], start=1):
            sheet.cell(first + offset, column).value = value
    roster.save("报送名册.xlsx")


def read_workbooks() -> None:
    Path("收件").mkdir()
    for seed in (WRONG, RIGHT, REVIEWED):
        Path(f"收件/{seed}.xlsx").write_bytes(department(seed).workbook)
    sheet = load_workbook(f"收件/{WRONG}.xlsx")["收支"]
    address = cell(sheet, "收入合计", "决算数")
    change(Path(f"收件/{WRONG}.xlsx"), "收支", {address: float(sheet[address].value) + 100})


def correct_what_came_back() -> None:
    right = department(WRONG).sheets["收支"]["收入合计"]["决算数"]
    returned = one(set_of(WRONG), "退回修改.xlsx")
    change(
        returned,
        "收支",
        {cell(load_workbook(returned)["收支"], "收入合计", "决算数"): float(right)},
        Path(f"收件/{WRONG}改好.xlsx"),
    )


def review_one() -> None:
    Path("复核件").mkdir()
    issued = one(set_of(REVIEWED), "评分表.xlsx")
    shutil.copy(issued, "复核件")
    sheet = load_workbook(issued)["总评分表"]
    row = next(r for r in range(ROW_OF_TREE, sheet.max_row) if sheet.cell(r, 1).value == "A2.1")
    change(
        Path("复核件") / issued.name, "总评分表", {f"J{row}": 5, f"K{row}": "年中两次调整没有书面说明，只能得 5 分。"}
    )


def correct_what_was_reviewed() -> None:
    back = one(Path("结果/复核"), "复核退回.xlsx")
    sheet = load_workbook(back)["评分"]
    leaf = cell(sheet, "A2.1", "自评得分")
    lost = float(sheet[leaf].value) - 5
    cells: dict[str, object] = {leaf: 5, cell(sheet, "A2.1", "扣分原因"): "年中两次调整预算没有书面说明，扣1分。"}
    for label in ("A2", "A", "综合得分"):
        address = cell(sheet, label, "自评得分")
        cells[address] = round(float(sheet[address].value) - lost, 2)
    change(back, "评分", cells, Path(f"收件/{REVIEWED}复核后改好.xlsx"))


def keep_checksums() -> None:
    Path("另存的校验值").mkdir()
    for beside in Path("归档").glob("*.sha256"):
        shutil.copy(beside, "另存的校验值")


BY_HAND = {  # before which command, by its place on the page
    2: (fill_roster, read_workbooks),
    3: (correct_what_came_back,),
    5: (review_one,),
    6: (correct_what_was_reviewed,),
    11: (keep_checksums,),
}


def test_the_season_as_it_is_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, said = [], []
    for place, command in enumerate(COMMANDS):
        for step in BY_HAND.get(place, ()):
            step()
        ended.append(run(command))
        said.append(capsys.readouterr().out)
        if place == 2:
            assert_one_came_back()
        if place == 3:
            assert_the_correction_is_the_next_version()
    assert [command.removeprefix("perfeval ").split()[0] for command in COMMANDS] == [
        "template", "template", "report", "report", "sample", "review", "report", "outbox", "send", "pack", "verify",
        "verify",
        "pack", "pack", "verify",
    ]  # fmt: skip
    assert ended == [0, 0, 1, *([0] * (len(COMMANDS) - 3))]
    assert f"未报送的部门 1 个：{NEVER_FILED}" in said[2]
    assert "3 份中抽取 2 份复核" in said[4]
    assert_the_review_was_answered()
    assert said[7].count(".eml：寄给") == 3
    assert "什么都没有发" in said[8]
    assert said[10].count("一致：") == 3
    assert said[10].count("只核对了校验值、没有重算：历史/（") == 2  # of the two that were corrected
    assert said[10].count("没有核对来源") == said[11].count("与给出的 sha256 相同") == said[14].count("签名相符") == 3


def assert_one_came_back() -> None:
    back = one(set_of(WRONG), "退回修改.xlsx")
    assert [str(row[0].value) for row in load_workbook(back).worksheets[0].iter_rows(max_row=1)]
    assert not list(set_of(WRONG).glob("*自评报告.docx"))
    assert one(set_of(RIGHT), "自评报告.docx").is_file()


def assert_the_correction_is_the_next_version() -> None:
    assert one(set_of(WRONG), "自评报告.docx").is_file()
    assert one(set_of(WRONG) / "历史" / "v1", "退回修改.xlsx").is_file()
    reported = text_of(one(set_of(WRONG), "整改对照表.docx").read_bytes())
    wrong = float(department(WRONG).sheets["收支"]["收入合计"]["决算数"]) + 100
    assert f"{wrong:.2f}" in reported.replace(",", "")
    assert "已改正" in reported


def assert_the_review_was_answered() -> None:
    reported = text_of(one(set_of(REVIEWED), "整改对照表.docx").read_bytes())
    assert "年中两次调整没有书面说明，只能得 5 分。" in reported
    assert "已按复核得分改正" in reported
    assert one(Path("结果/复核"), "复核意见表.docx").is_file()
    assert Path("结果/复核/复核汇总.xlsx").is_file()


def test_every_picture_of_the_page_is_there() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", PAGE)
    assert len(pictures) == 4
    assert [picture for picture in pictures if not (ROOT / "docs" / picture).is_file()] == []
