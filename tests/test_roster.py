"""The roster is read like a filed workbook: looked at first, in a worker, and whatever is wrong with it is a sentence."""

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfeval import roster
from perfeval.cli import main
from perfeval.errors import UsageError
from perfeval.roster import load_roster


def put(address: str, value: str | int) -> Callable[[Worksheet], None]:
    return lambda sheet: sheet.__setitem__(address, value)


def written(path: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.Workbook()
    for row in (["部门"], ["甲局"]):
        book.active.append(row)
    change(book.active)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("XFD1048576", 1), "XFD1048576"),
        (put("A3", "#N/A"), "A3 是错误值"),
        (put("A3", "=B1"), "A3 是错误值或没有算出来的公式"),
        (put("A1", "单位"), "没有“部门”这一列"),
        (put("A2", ""), "下面没有部门"),
    ],
)
def test_what_is_wrong_with_it_is_told(tmp_path: Path, change: Callable[[Worksheet], None], told: str) -> None:
    path = written(tmp_path / "名册.xlsx", change)
    with pytest.raises(UsageError, match=told) as refused:
        load_roster(path)
    assert "名册" in refused.value.message
    assert refused.value.remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="管道是 POSIX 系统才有的")
def test_a_pipe_is_no_roster(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "名册.xlsx")
    with pytest.raises(UsageError, match="管道"):
        load_roster(tmp_path / "名册.xlsx")


def die(_: Path) -> None:
    os._exit(1)


def test_one_that_its_reader_dies_of_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "_read", die)
    with pytest.raises(UsageError, match="停住或崩溃"):
        load_roster(tmp_path / "名册.xlsx")


def test_the_command_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "名册.xlsx", put("XFD1048576", 1))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "甲.xlsx").write_bytes(path.read_bytes())
    assert main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--roster", str(path), "--quiet"]) == 2
    assert "名册" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
