"""Standard output closed, full, or a pipe nobody reads: the work is done all the same, and results that reach nobody
are reported by the exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch_runs import fill

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
PERFEVAL = f"{sys.executable} -m perfeval"
NO_READER = (
    "import os, subprocess, sys; r, w = os.pipe(); os.close(r); sys.exit(subprocess.run(sys.argv[1:], stdout=w,"
    " stderr=2).returncode)"
)


def done(command: str, folder: Path) -> tuple[int, str]:
    """The exit code and what is on standard error."""
    ended = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert "程序内部错误" not in ended.stderr
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("way", [">&-", "> /dev/full", "2>&-", "2> /dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_run_is_done_whoever_listens(tmp_path: Path, way: str) -> None:
    fill(tmp_path / "in", ["甲局"])
    code, _ = done(f"{PERFEVAL} report in -o out --jobs 1 {way}", tmp_path)
    assert code == 1
    assert (tmp_path / "out" / "2025" / "甲局" / "结果.json").is_file()
    assert not (tmp_path / "out" / ".perfeval").exists()


@pytest.mark.parametrize("command", ["explain --all", "regulation list", "regulation show cn-project-10-90", "--help"])
@pytest.mark.parametrize("way", [">&-", "> /dev/full"])
def test_results_that_reach_nobody_end_with_5(tmp_path: Path, command: str, way: str) -> None:
    code, reported = done(f"{PERFEVAL} {command} {way}", tmp_path)
    assert code == 5
    assert command == "--help" or "结果没有全部写到标准输出" in reported


def test_a_reader_that_went_away(tmp_path: Path) -> None:
    """As with `| head -1`, but without chance: nobody ever reads."""
    fill(tmp_path / "in", ["甲局"])
    for command, code in (
        (["explain", "--all"], 5),
        (["check", "in", "--json", "--jobs", "1"], 5),
        (["report", "in", "-o", "out", "--jobs", "1"], 1),
    ):
        whole = [sys.executable, "-c", NO_READER, sys.executable, "-m", "perfeval", *command]
        ended = subprocess.run(whole, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert ended.returncode == code, ended.stderr
        assert "Traceback" not in ended.stderr
        assert "Exception ignored" not in ended.stderr


def test_no_file_of_ours_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """What a library prints would land in it."""
    reported = (
        "from perfeval.cli import streams; streams.take_over(); import os; print(sorted(os.fstat(n).st_rdev > 0 for n"
        " in range(3)))"
    )
    ended = subprocess.run(
        f'{sys.executable} -c "{reported}" <&- 2>&-', shell=True, capture_output=True, text=True, check=True
    )
    assert ended.stdout.count("True") >= 2


def test_what_is_listened_to_is_complete(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "perfeval", "regulation", "list"],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert "cn-project-10-90" in ended.stdout.decode()
    assert ended.stderr == b""
