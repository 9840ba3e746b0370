"""`perfeval watch` and the lines that other programs read, from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from batch_runs import fill, inputs, small_workbook

from perfeval.cli.commands import main

LONG_ENOUGH = 120  # seconds


@contextmanager
def watching(place: Path, name: str = "watch") -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """The process, and what it has said so far."""
    said = place / f"{name}.txt"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "perfeval", "watch", "input", "--every", "1", "--jobs", "1"],
            cwd=place,
            stdout=stream,
            stderr=stream,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            yield process, lambda: said.read_text(encoding="utf-8")
        finally:
            process.kill()
            process.wait()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG_ENOUGH
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_workbook_is_reported_once_it_is_whole_and_nobody_has_it_open_until_ctrl_c(tmp_path: Path) -> None:
    fill(tmp_path / "input", ["甲局"])
    other = tmp_path / "input" / "乙局.xlsx"
    other.write_bytes(small_workbook("乙局")[:3000])  # half copied
    with watching(tmp_path) as (process, said):
        until(lambda: "已出报告 1 份" in said() or "退回修改 1 份" in said())
        assert "正在编辑或者还没有复制完，等它稳定：乙局.xlsx" in said()
        assert inputs(tmp_path / "output")["乙局.xlsx"]["status"] == "ignored"
        (tmp_path / "input" / "~$乙局.xlsx").write_bytes(b"")
        other.write_bytes(small_workbook("乙局"))
        time.sleep(3)
        assert not (tmp_path / "output" / "2025" / "乙局").exists()
        (tmp_path / "input" / "~$乙局.xlsx").unlink()
        until(lambda: (tmp_path / "output" / "2025" / "乙局").is_dir())
        until(lambda: "乙局.xlsx：" in said())
        process.send_signal(signal.SIGINT)
        assert process.wait(LONG_ENOUGH) == 130
        assert "Traceback" not in said()


def test_the_set_of_a_workbook_that_is_being_edited_stays(tmp_path: Path) -> None:
    fill(tmp_path / "input", ["甲局", "乙局"])
    with watching(tmp_path) as (_, said):
        until(lambda: (tmp_path / "output" / "汇总表.xlsx").exists())
        (tmp_path / "input" / "~$甲局.xlsx").write_bytes(b"")
        (tmp_path / "input" / "甲局.xlsx").write_bytes(small_workbook("甲局", 22))
        (tmp_path / "input" / "乙局.xlsx").write_bytes(small_workbook("乙局", 22))
        until(lambda: "2025/甲局：上次的结果保留，因为“甲局.xlsx”正在编辑" in said())
    assert (tmp_path / "output" / "2025" / "甲局").is_dir()


def test_two_watchers_of_one_folder_take_turns(tmp_path: Path) -> None:
    fill(tmp_path / "input", ["甲局"])
    with watching(tmp_path, "one") as (_, first), watching(tmp_path, "two") as (_, second):
        until(lambda: all("甲局.xlsx：" in said() for said in (first, second)))
        assert "Traceback" not in first() + second()
    assert list((tmp_path / "output" / "2025").iterdir()) == [tmp_path / "output" / "2025" / "甲局"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(tmp_path / "没有")]) == 2
    assert "找不到文件夹" in capsys.readouterr().err


def test_a_run_as_lines_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(tmp_path / "input", ["甲局"])
    (folder / "坏的.xlsx").write_bytes(b"<html>")
    (folder / "说明.txt").write_text("x")
    code = main(["report", str(folder), "-o", str(tmp_path / "output"), "--progress", "json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == ["started", "settling", "done", "done", "finished"]
    assert lines[0]["workbooks"] == 2
    status = {line["file"]: line["status"] for line in lines[2:4]}
    assert status["坏的.xlsx"] == "rejected"
    one = next(line for line in lines if line.get("file") == "甲局.xlsx")
    assert one.keys() == {
        "event", "number", "of", "file", "status", "score", "grade", "errors", "questions", "reason", "unchanged",
    }  # fmt: skip
    assert (lines[-1]["rejected"], lines[-1]["ignored"]) == (1, 1)
    assert code == 1


def test_the_usual_options_stand_in_a_file_and_those_of_the_call_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "input", ["甲局"])
    (tmp_path / "perfeval.toml").write_text('[report]\noutput = "结果"\njobs = 1\nreturned-ok = true\n', "utf-8")
    assert main(["report"]) == 0
    assert (tmp_path / "结果" / "汇总表.xlsx").exists()
    assert main(["report", "-o", "别处"]) == 0
    assert (tmp_path / "别处" / "汇总表.xlsx").exists()
    capsys.readouterr()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[report]\nno-such = 1\n", ("perfeval.toml", "[report]", "--no-such=1")),
        ('[report]\njobs = "很多"\n', ("perfeval.toml", "很多")),
        ("report = 1\n", ("perfeval.toml", "应是一节")),
        ("[report\n", ("perfeval.toml", "写法不对")),
    ],
)
def test_a_faulty_file_of_options_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, words: tuple[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "perfeval.toml").write_text(text, "utf-8")
    assert main(["report"]) == 2
    said = capsys.readouterr().err
    assert [word for word in words if word not in said] == []


def test_the_log_has_what_a_maintainer_needs_and_no_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, log = fill(tmp_path / "input", ["甲局"]), tmp_path / "log.txt"
    (folder / "坏的.xlsx").write_bytes(b"<html>")
    for _ in range(2):
        main(["report", str(folder), "-o", str(tmp_path / "output"), "--log", str(log)])
    text = log.read_text(encoding="utf-8")
    assert text.count("perfeval 0.") == 2
    assert "FILE_" in text
    assert "未变化" in text
    assert [word for word in ("甲局", "坏的", str(tmp_path)) if word in text] == []
    capsys.readouterr()


def test_a_log_is_not_written_into_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = fill(tmp_path / "input", ["甲局"]) / "甲局.xlsx"
    before = workbook.read_bytes()
    assert main(["check", str(workbook), "--log", str(workbook)]) == 2
    assert "没有往里写日志" in capsys.readouterr().err
    assert workbook.read_bytes() == before
