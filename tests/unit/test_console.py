"""What the operator sees: a bar on a terminal, plain lines otherwise, nothing when quiet."""

import io
import os
from pathlib import Path

import pytest

from perfeval.cli import console
from perfeval.cli.console import Narrator
from perfeval.output.record import outcome_of
from perfeval.run.batch import Entry, RunOutcome


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


ENTRIES = [
    Entry("甲局.xlsx", "", "reported"),
    Entry("乙局.xlsx", "", "returned"),
    Entry("丙局.xlsx", "", "returned", unchanged=True),
]


OUTCOME = outcome_of({"status": "reported", "findings": [], "total": "90", "grade": "优", "documents": {}})
REPORTED_ENTRY = Entry("甲局.xlsx", "", "reported", outcome=OUTCOME)


def narrate(narrator: Narrator) -> None:
    with narrator:
        for number, entry in enumerate(ENTRIES, start=1):
            narrator.progress(number, len(ENTRIES), entry)


def test_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    narrate(Narrator())
    assert capsys.readouterr().err.splitlines() == [
        "1/3 甲局.xlsx：已出报告",
        "2/3 乙局.xlsx：退回修改",
        "3/3 丙局.xlsx：退回修改（未变化，没有重做）",
    ]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    narrate(Narrator(quiet=True))
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(console.sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    narrate(Narrator())
    shown = terminal.getvalue()
    assert "已完成 3，退回 2" in shown
    assert "3/3" in shown
    assert "剩余" in shown
    assert "甲局.xlsx" not in shown


def test_what_has_not_changed_is_counted() -> None:
    shown = Narrator(quiet=True).summary(
        RunOutcome((ENTRIES[0], Entry("丁.txt", "", "ignored", "不是工作簿"))), Path("out")
    )
    assert "未变化" not in shown
    assert "未处理的其他文件 1 个" in shown


@pytest.mark.parametrize(("reported", "listed"), [(2, True), (console.FEW + 1, False)])
def test_where_they_are_many_only_those_that_ask_for_something_are_listed(reported: int, listed: bool) -> None:
    entries = [Entry(f"{n}局.xlsx", "", "rejected" if n == 0 else "ignored", "原因。") for n in range(reported + 1)]
    entries[1:] = [REPORTED_ENTRY] * reported
    shown = Narrator(quiet=True).summary(RunOutcome(tuple(entries)), Path("out"))
    assert "0局.xlsx：无法读取。原因。" in shown
    assert ("甲局.xlsx：已出报告" in shown) == listed
    assert f"已出报告 {reported} 份" in shown


@pytest.mark.parametrize(
    ("unwritten", "shown"),
    [
        (frozenset(), "汇总见 out/汇总表.xlsx，明细记录见 out/运行记录.json。"),
        (frozenset({"汇总表.xlsx"}), "明细记录见 out/运行记录.json。"),
        (frozenset({"汇总表.xlsx", "运行记录.json"}), "无法读取 0 份。"),
    ],
)
def test_nobody_is_sent_to_what_was_not_written(unwritten: frozenset[str], shown: str) -> None:
    summary = Narrator(quiet=True).summary(RunOutcome((), unwritten=unwritten), Path("out"))
    assert summary.replace("\\", "/").splitlines()[-1].endswith(shown)


@pytest.mark.skipif(os.name == "nt", reason="Windows 的文件名是 Unicode")
def test_an_output_folder_named_in_the_bytes_of_a_chinese_zip_is_shown() -> None:
    output = Path(os.fsdecode("结果".encode("gb18030")))
    assert "汇总见 结果/汇总表.xlsx" in Narrator(quiet=True).summary(RunOutcome(()), output)
