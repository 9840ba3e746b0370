"""Two runs never write into one output folder at once; a run that was killed is in nobody's way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_runs import fill, tree

from perfeval.errors import OutputError
from perfeval.output import lock
from perfeval.output.lock import occupied
from perfeval.output.publishing import LOCK_FILE, WORK_FOLDER, clear

NAMES = ["甲局", "乙局", "丙局", "丁局"]


def lock_of(output: Path) -> Path:
    return output / WORK_FOLDER / LOCK_FILE


def test_the_second_learns_who_holds_the_folder_and_what_to_do(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(OutputError) as refused, occupied(tmp_path):
        pass
    reported = str(refused.value)
    assert f"进程号 {os.getpid()}" in reported
    assert "正在由另一次运行使用" in reported
    assert "-o" in reported
    assert refused.value.exit_code == 5


def test_when_it_is_over_the_folder_is_free_and_clean(tmp_path: Path) -> None:
    for _ in range(2):
        with occupied(tmp_path):
            pass
        assert list(tmp_path.iterdir()) == []


def test_clearing_the_work_folder_leaves_the_lock(tmp_path: Path) -> None:
    with occupied(tmp_path):
        (tmp_path / WORK_FOLDER / f"new-{16 * '1'}" / "set").mkdir(parents=True)
        (tmp_path / WORK_FOLDER / "journal.jsonl").write_text("{}")
        clear(tmp_path)
        assert list(tmp_path.rglob("*")) == [tmp_path / WORK_FOLDER, lock_of(tmp_path)]
        with pytest.raises(OutputError), occupied(tmp_path):
            pass


def test_a_lock_file_without_a_holder_is_no_lock(tmp_path: Path) -> None:
    lock_of(tmp_path).parent.mkdir()
    lock_of(tmp_path).write_text(
        "电脑 别处，进程号 1，2099-12-31 23:59 开始", encoding="utf-8"
    )  # whatever the clock says
    with occupied(tmp_path):
        assert f"进程号 {os.getpid()}" in lock_of(tmp_path).read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_just_removed_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other run ends between our opening the file and our locking it."""
    real, removed = lock._lock, []

    def late(descriptor: int) -> bool:
        if not removed:
            removed.append(lock_of(tmp_path).unlink())
        return real(descriptor)

    monkeypatch.setattr(lock, "_lock", late)
    with occupied(tmp_path):
        assert lock_of(tmp_path).is_file()
        with pytest.raises(OutputError), occupied(tmp_path):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
@pytest.mark.parametrize(("number", "kept_out"), [(11, True), (13, True), (37, False), (95, False)])
def test_a_file_server_without_locks_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kept_out: bool
) -> None:
    """EAGAIN and EACCES mean held; ENOLCK and EOPNOTSUPP that there are no locks."""
    import fcntl

    def refused(descriptor: int, operation: int) -> None:
        raise OSError(number, "as the server says")

    monkeypatch.setattr(fcntl, "flock", refused)
    if kept_out:
        with pytest.raises(OutputError, match="另一次运行"), occupied(tmp_path):
            pass
    else:
        with occupied(tmp_path):
            pass


def test_a_file_in_the_place_of_the_work_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / WORK_FOLDER).write_text("")
    with pytest.raises(OutputError, match=r"perfeval”这个位置上是一个文件"), occupied(tmp_path):
        pass


def command(folder: Path, output: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "perfeval",
        "report",
        str(folder),
        "-o",
        str(output),
        "--jobs",
        "1",
        "--quiet",
        "--as-of",
        "2026-01-15",
    ]


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert path.exists()


def wait_for_signature(output: Path) -> None:
    wait_for(lock_of(output))
    deadline = time.monotonic() + 60
    while not lock_of(output).read_text(encoding="utf-8") and time.monotonic() < deadline:
        time.sleep(0.01)


def test_two_real_runs_at_once_and_one_after_a_kill(tmp_path: Path) -> None:
    folder, output = fill(tmp_path / "in", NAMES), tmp_path / "out"
    first = subprocess.Popen(command(folder, output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_signature(output)
    first.send_signal(signal.SIGSTOP)
    second = subprocess.run(command(folder, output), capture_output=True, text=True, encoding="utf-8", check=False)
    assert (second.returncode, second.stdout) == (5, "")
    assert f"进程号 {first.pid}" in second.stderr
    first.send_signal(signal.SIGCONT)
    assert first.wait(timeout=120) == 1
    undisturbed = tree(output)
    assert ".perfeval" not in {path.split("/")[0] for path in undisturbed}
    killed = subprocess.Popen(
        [*command(folder, output), "--force"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lock_of(output))
    killed.kill()
    killed.wait()
    assert lock_of(output).exists()
    assert subprocess.run(command(folder, output), capture_output=True, check=False).returncode == 1
    assert tree(output) == undisturbed
