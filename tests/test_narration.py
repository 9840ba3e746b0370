"""What the operator is told: a bar on a terminal, plain lines otherwise, nothing when quiet."""

import io
from pathlib import Path

import pytest

from perfeval import narration
from perfeval.batch import Entry, RunOutcome
from perfeval.narration import Narrator


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


ENTRIES = [Entry("甲局.xlsx", "", "reported"), Entry("乙局.xlsx", "", "returned"), Entry("丙局.xlsx", "", "returned", unchanged=True)]


def tell(narrator: Narrator) -> None:
    with narrator:
        for number, entry in enumerate(ENTRIES, start=1):
            narrator.progress(number, len(ENTRIES), entry)


def test_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Narrator())
    assert capsys.readouterr().err.splitlines() == [
        "1/3 甲局.xlsx：已出报告",
        "2/3 乙局.xlsx：退回修改",
        "3/3 丙局.xlsx：退回修改（未变化，没有重做）",
    ]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Narrator(quiet=True))
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(narration.sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    tell(Narrator())
    shown = terminal.getvalue()
    assert "已完成 3，退回 2" in shown
    assert "3/3" in shown
    assert "剩余" in shown
    assert "甲局.xlsx" not in shown


def test_what_has_not_changed_is_counted() -> None:
    told = Narrator(quiet=True).summary(RunOutcome((ENTRIES[0], Entry("丁.txt", "", "ignored", "不是工作簿"))), Path("out"))
    assert "未变化" not in told
    assert "未处理的其他文件 1 个" in told
