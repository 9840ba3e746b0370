"""The real process killed at random moments, a full disk, a read-only folder, Ctrl-C: then run again, it is as if
nothing had happened."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from batch_runs import fill, inputs, small_workbook, tree
from openpyxl import load_workbook

from perfeval.documents.evaluation import Settings
from perfeval.excel.guard import file_sha256
from perfeval.output.record import Task
from perfeval.run import task as tasks

NAMES = ["甲局", "乙局", "丙局", "丁局", "戊局", "己局"]
OLD, NEW, FAULTY = 23, 22, 24
AS_OF = ["--as-of", "2026-01-15"]
VERSIONS = ("old", "new")


def live(folder: Path) -> Path:
    """An input folder whose workbooks are now those of `folder`: the earlier and the later version lie in one place,
    one after the other."""
    if folder.parent.name not in VERSIONS:
        return folder
    there = folder.parents[1] / "in"
    shutil.rmtree(there, ignore_errors=True)
    return Path(shutil.copytree(folder, there))


def command(folder: Path, output: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "perfeval",
        "report",
        str(live(folder)),
        "-o",
        str(output),
        "--jobs",
        "2",
        "--quiet",
        *AS_OF,
    ]


def run(folder: Path, output: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, output), capture_output=True, text=True, encoding="utf-8", check=False, **options
    )  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same departments' workbooks, an earlier and a later version; one of them was withdrawn in between."""
    base = tmp_path_factory.mktemp("versions")
    return fill(base / "old" / "in", [*NAMES, "撤回局"], OLD), fill(base / "new" / "in", NAMES, NEW)


@pytest.fixture(scope="module")
def undisturbed(
    folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], dict[str, str]]:
    trees = []
    for folder in folders:
        output = tmp_path_factory.mktemp("undisturbed") / "out"
        assert run(folder, output).returncode == 1
        trees.append(tree(output))
    return trees[0], trees[1]


def set_of(files: dict[str, str], name: str) -> dict[str, str]:
    return {path: digest for path, digest in files.items() if path.startswith(f"2025/{name}/")}


def kills(folder: Path, output: Path, choice: random.Random) -> Iterator[dict[str, str]]:
    """What is in the output folder after each of four runs that were killed, somewhere in the time that a run takes
    here."""
    begun = time.monotonic()
    run(folder, output.with_name("timed"))
    whole = time.monotonic() - begun
    killed = 0
    for _ in range(40):  # some come too late: the more is done already, the sooner a run ends
        begun = time.monotonic()
        process = subprocess.Popen(command(folder, output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(choice.uniform(0.3, 1) * whole)
            whole = time.monotonic() - begun  # where all is done already a run opens no workbook and takes this long
        except subprocess.TimeoutExpired:
            process.kill()
            if process.wait() == -signal.SIGKILL:
                killed += 1
                yield tree(output)
        if killed == 4:
            return
    pytest.fail("the runs ended before they could be killed")


def test_killed_at_any_moment_and_run_again(
    folders: tuple[Path, Path], undisturbed: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    old, new = folders
    output = tmp_path / "out"
    assert run(old, output).returncode == 1
    (output / "2025" / "甲局" / "盖章件.pdf").write_bytes(b"scan")
    for found in kills(new, output, random.Random(20260115)):
        found.pop("2025/甲局/盖章件.pdf", None)  # briefly on its way into the new set
        for name in NAMES:
            assert set_of(found, name) in ({}, set_of(undisturbed[0], name), set_of(undisturbed[1], name)), name
    assert run(new, output).returncode == 1
    after = tree(output)
    assert after.pop("2025/甲局/盖章件.pdf")
    assert after == undisturbed[1]


@pytest.fixture(scope="module")
def corrections(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """An input folder with workbooks that are returned, one with their corrections, and the output of the first."""
    base = tmp_path_factory.mktemp("corrections")
    first, output = fill(base / "first", NAMES, FAULTY), base / "out"
    assert run(first, output).returncode == 1
    (base / "second").mkdir()
    for name in NAMES:
        book = load_workbook(output / "2025" / name / f"{name}_2025_退回修改.xlsx")
        book["项目"]["G3"].value = OLD
        book.save(base / "second" / f"{name}.xlsx")
    return first, base / "second", output


def test_killed_while_versions_are_superseded_and_run_again(
    corrections: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """Every set is wholly the first version or wholly the second with the first in its history; in the end as if
    nothing had happened."""
    _, second, returned = corrections
    undisturbed, output = (Path(shutil.copytree(returned, tmp_path / name)) for name in ("undisturbed", "out"))
    assert run(second, undisturbed).returncode == 1
    old, new = tree(returned), tree(undisturbed)
    assert all(f"2025/{name}/历史/v1/结果.json" in new for name in NAMES)
    for found in kills(second, output, random.Random(20260116)):
        for name in NAMES:
            assert set_of(found, name) in ({}, set_of(old, name), set_of(new, name)), name
    assert run(second, output).returncode == 1
    assert tree(output) == new
    assert run(second, output).returncode == 1
    assert tree(output) == new


def test_ctrl_c_ends_with_130_and_what_is_done_stays(
    folders: tuple[Path, Path], undisturbed: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = subprocess.Popen(
        command(folders[1], output), stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(output.glob("2025/*/结果.json")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, reported = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "已中断" in reported
    assert "Traceback" not in reported
    done = tree(output)
    assert done
    assert done.items() <= undisturbed[1].items()
    assert run(folders[1], output).returncode == 1
    assert tree(output) == undisturbed[1]


def limited_files() -> None:
    """No file beyond 10 KiB: what a write to a full disk comes to."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_full_disk_stops_the_run_with_a_sentence_and_loses_nothing(
    folders: tuple[Path, Path], undisturbed: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    old, new = folders
    output = tmp_path / "out"
    run(old, output)
    before = tree(output)
    stopped = run(new, output, preexec_fn=limited_files)
    assert stopped.returncode == 5
    assert "写不进去" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert tree(output) == before
    run(new, output)
    assert tree(output) == undisturbed[1]


def test_a_folder_that_cannot_be_written_is_reported(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    stopped = run(folders[1], tmp_path / "file" / "out")
    assert stopped.returncode == 5
    assert "写不进去" in stopped.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root 用户不受只读限制")
def test_a_read_only_folder_is_reported(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    stopped = run(folders[1], tmp_path / "out")
    assert stopped.returncode == 5
    assert "写不进去" in stopped.stderr


def test_a_locked_set_stays_and_the_others_go_on(
    folders: tuple[Path, Path],
    undisturbed: tuple[dict[str, str], dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Windows refuses to rename a folder whose file is open; here the rename is made to refuse."""
    from perfeval.cli.commands import main

    old, new = folders
    output = tmp_path / "out"
    run(old, output)
    real = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self == output / "2025" / "乙局":
            raise PermissionError(13, "open in another program")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert main(["report", str(live(new)), "-o", str(output), "--quiet", *AS_OF]) == 5
    monkeypatch.undo()
    found = tree(output)
    assert set_of(found, "乙局") == set_of(undisturbed[0], "乙局")
    assert all(set_of(found, name) == set_of(undisturbed[1], name) for name in NAMES if name != "乙局")
    assert "请关闭文件" in inputs(output)["乙局.xlsx"]["reason"]
    assert run(new, output).returncode == 1
    assert tree(output) == undisturbed[1]


def test_a_workbook_that_now_fails_keeps_what_was_shown(folders: tuple[Path, Path], tmp_path: Path) -> None:
    folder, output = fill(tmp_path / "in", NAMES[:2]), tmp_path / "out"
    run(folder, output)
    (folder / "甲局.xlsx").write_bytes(small_workbook("甲局")[:-30])
    assert run(folder, output).returncode == 1
    assert {path.split("/")[1] for path in tree(output) if path.startswith("2025/")} == {"甲局", "乙局"}
    assert [kept["set"] for kept in inputs(output)["甲局.xlsx"]["kept"]] == ["2025/甲局"]


def test_a_summary_that_is_open_in_excel_stops_nothing_else(
    folders: tuple[Path, Path],
    undisturbed: tuple[dict[str, str], dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The sets are published and recorded; the old summary stays, with a sentence; the next run catches up."""
    from perfeval.cli.commands import main

    old, new = folders
    output = tmp_path / "out"
    run(old, output)
    real = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if target == output / "汇总表.xlsx":
            raise PermissionError(13, "open in another program")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    assert main(["report", str(live(new)), "-o", str(output), "--quiet", *AS_OF]) == 5
    reported = capsys.readouterr().out
    assert f"“{output / '汇总表.xlsx'}”写不进去（没有权限，或者文件正打开着）" in reported
    assert "汇总见" not in reported
    monkeypatch.undo()
    found = tree(output)
    record = json.loads((output / "运行记录.json").read_text(encoding="utf-8"))
    assert record["written"]["汇总表.xlsx"] == found["汇总表.xlsx"] == undisturbed[0]["汇总表.xlsx"]
    beside = {"汇总表.xlsx", "运行记录.json"}  # the record knows which summary is there
    assert {p: d for p, d in found.items() if p not in beside} == {
        p: d for p, d in undisturbed[1].items() if p not in beside
    }
    assert run(new, output).returncode == 1
    assert tree(output) == undisturbed[1]


def test_a_stale_set_that_is_open_is_reported(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from perfeval.cli.commands import main

    old, new = folders
    output = tmp_path / "out"
    run(old, output)
    before = set_of(tree(output), "撤回局")
    real = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self == output / "2025" / "撤回局":
            raise PermissionError(13, "open in another program")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert main(["report", str(live(new)), "-o", str(output), "--quiet", *AS_OF]) == 5
    reported = capsys.readouterr().out
    assert "撤回局”里旧的结果没有清除：文件正被别的程序打开" in reported
    assert set_of(tree(output), "撤回局") == before
    assert "请关闭文件" in reported


def test_a_workbook_that_is_taken_away_during_the_run_is_reported(tmp_path: Path) -> None:
    gone = Task(tmp_path / "甲局.xlsx", "甲局.xlsx", "0" * 64)
    assert "移走或删除" in tasks.check_one(Settings(date(2026, 1, 15)), gone).outcome.reason
    gone.path.write_bytes(b"another")
    assert "还在变化" in tasks.check_one(Settings(date(2026, 1, 15)), gone).outcome.reason


@pytest.mark.parametrize("change", ["another version", "gone"])
def test_a_set_is_made_of_the_bytes_that_were_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A workbook that changes meanwhile: its 退回修改 is never made from one version and its score from another."""
    folder = fill(tmp_path / "in", ["甲局"])
    path = folder / "甲局.xlsx"
    task = Task(path, "甲局.xlsx", file_sha256(path), "2025/甲局", "甲局_2025")
    undisturbed = tasks.stage_one(Settings(date(2026, 1, 15)), tmp_path / "undisturbed", task)
    real = tasks.evaluate

    def late(*words: object) -> object:
        evaluated = real(*words)
        path.write_bytes(small_workbook("甲局", 20)) if change == "another version" else path.unlink()
        return evaluated

    monkeypatch.setattr(tasks, "evaluate", late)
    processed = tasks.stage_one(Settings(date(2026, 1, 15)), tmp_path / "out", task)
    assert undisturbed.staged is not None
    assert processed.staged is not None
    assert processed.staged.hashes == undisturbed.staged.hashes
