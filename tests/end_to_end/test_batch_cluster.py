"""The same run on a Dask scheduler with two worker processes, one of them killed in mid-run: the same bytes as on one
machine."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from batch_runs import fill, tree

from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.run.batch import Entry, Order, run_report

pytest.importorskip("distributed", reason="没有安装 distributed（pip install 'perfeval[cluster]'），跳过多台机器的测试")

SETTINGS = Settings(date(2026, 1, 15))
NAMES = [f"示例构造第{number}局" for number in range(1, 13)]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers, started as the documentation says."""
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": tmp_path}
    dask = [sys.executable, "-m", "dask"]
    command = [*dask, "scheduler", "--host", address, "--no-dashboard"]
    scheduler = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]
    start = [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)]
    workers = [
        subprocess.Popen(start, start_new_session=True, **quiet)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    try:
        yield address
    finally:
        for process in [*workers, scheduler]:
            process.terminate()
        for process in [*workers, scheduler]:
            process.wait(timeout=30)


def test_a_killed_worker_changes_nothing(cluster: str, tmp_path: Path) -> None:
    from distributed import Client

    from perfeval.run.cluster import cluster_workers

    folder = fill(tmp_path / "in", NAMES)
    run_report([folder], tmp_path / "local", SETTINGS, Order(2))
    with Client(cluster, timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        victim = next(iter(client.run(os.getpid).values()))

    def kill_one(done: int, total: int, entry: Entry) -> None:
        if done == 2:
            os.kill(victim, signal.SIGKILL)

    run_report([folder], tmp_path / "cluster", SETTINGS, Order(workers=partial(cluster_workers, cluster)), kill_one)
    assert tree(tmp_path / "cluster") == tree(tmp_path / "local")
    assert not (tmp_path / "cluster" / ".perfeval").exists()


def test_a_scheduler_that_does_not_answer_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "in", NAMES[:1])
    assert (
        main(
            ["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--cluster", f"tcp://127.0.0.1:{free_port()}"]
        )
        == 2
    )
    assert "连不上 Dask 调度器" in capsys.readouterr().err
