"""Workers that the system ends: whose workbook it was not costs nobody a workbook."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from perfeval.errors import PerfevalError
from perfeval.run.workers import CRASHED, OUT_OF_TIME, TIMED_OUT, Crew, watch_work


def double(number: int) -> int:
    return 2 * number


def ended_by_the_system(marks: Path, times: int, number: int) -> int:
    """The worker at task 3 is ended, as often as reported."""
    before = len(list(marks.iterdir()))
    if number == 3 and before < times:
        (marks / str(before)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


@pytest.mark.parametrize(("times", "third"), [(1, 6), (2, None)])
def test_a_worker_that_dies_is_replaced_and_its_task_tried_once_more(
    tmp_path: Path, times: int, third: int | None
) -> None:
    with Crew(2) as run:
        done = list(run(partial(ended_by_the_system, tmp_path, times), range(6)))
    assert [d.result for d in done] == [0, 2, 4, third, 8, 10]
    assert done[3].code == ("" if third else CRASHED)


@pytest.mark.skipif(os.name == "nt", reason="there is no such process there")
@pytest.mark.parametrize("ended", ["os.getpid()", "resource_tracker._resource_tracker._pid"])
def test_pythons_tracker_of_resources_says_nothing(ended: str) -> None:
    """Whoever is ended, it or we: an official reads no words of Python's."""
    program = (
        "import os, signal, time\nfrom multiprocessing import Lock, resource_tracker, get_context\n"
        "from perfeval.run import workers\n"
        "with workers._deaf_to_ctrl_c():\n    pass\n"
        "held = get_context('spawn').Lock()\n"
        f"os.kill({ended}, signal.SIGKILL)\ntime.sleep(0.2)\n"
        "with workers._deaf_to_ctrl_c():\n    pass\n"
        "held = get_context('spawn').Lock()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_that_are_ended_while_they_wait_are_replaced(jobs: int) -> None:
    """When memory runs short the system does not ask who has work."""
    with Crew(jobs) as run:
        assert [d.result for d in run(double, range(4))] == [0, 2, 4, 6]
        for worker in multiprocessing.active_children():
            worker.kill()
            worker.join()
        time.sleep(0.5)
        assert [d.result for d in run(double, range(4))] == [0, 2, 4, 6]


def end_all_workers(parent: int) -> None:
    """A machine on which no worker lives."""
    os._exit(1)


def test_where_no_worker_can_live_the_run_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.run.workers.prepare_worker", partial(end_all_workers, os.getpid()))
    with pytest.raises(PerfevalError, match="工作进程一再被系统中止"), Crew(1) as run:
        list(run(double, range(3)))


def test_where_the_system_starts_no_process_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe to multiprocessing's own helper is broken when the system has ended that for lack of memory."""

    def broken(_: object) -> bool:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr("pebble.ProcessPool.active", property(broken))
    with pytest.raises(PerfevalError, match="工作进程启动不了"):
        Crew(1)


def test_a_worker_that_is_ended_with_the_way_to_the_tasks_barred_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that waits for a task holds the lock; it dies with it, and the other would wait for ever."""
    monkeypatch.setattr("perfeval.run.workers.SECONDS_TO_BEGIN", 4)
    with Crew(2) as run:
        assert [d.result for d in run(double, range(4))] == [0, 2, 4, 6]
        worker = multiprocessing.active_children()[0]
        worker.kill()
        worker.join()
        assert [d.result for d in run(double, range(8))] == [2 * n for n in range(8)]


def ended_on_the_way(marks: Path) -> "Doubling":
    """A task whose worker is ended before it could say that it has begun."""
    if not (marks / "once").exists():
        (marks / "once").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Doubling(marks)


class Doubling:
    def __init__(self, marks: Path) -> None:
        self._marks = marks

    def __reduce__(self) -> tuple[object, ...]:
        return ended_on_the_way, (self._marks,)

    def __call__(self, number: int) -> int:
        return 2 * number


def test_a_task_that_nobody_claims_is_handed_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.run.workers.SECONDS_TO_BEGIN", 4)
    with Crew(2) as run:
        assert [d.result for d in run(Doubling(tmp_path), range(4))] == [0, 2, 4, 6]


def busy(seconds: float) -> float:
    """So much work of the processor, however long that takes on the clock."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return seconds


def asleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_the_time_limit_counts_work_and_not_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tasks in one worker: the time is each one's own, and who is out of it is not tried again."""
    monkeypatch.setattr("perfeval.run.workers.PROCESSOR_SECONDS", 0.6)
    with Crew(1) as run:
        slept = [(d.result, d.code) for d in run(asleep, [1.0])]
        worked = [(d.result, d.code) for d in run(busy, [0.4, 0.4, 30.0, 0.1])]
    assert slept == [(1.0, "")]
    assert worked == [(0.4, ""), (0.4, ""), (None, TIMED_OUT), (0.1, "")]


def test_a_worker_that_only_waits_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.run.workers.WALL_SECONDS", 2)
    with Crew(1) as run:
        assert [(d.result, d.code) for d in run(asleep, [60.0, 0.1])] == [(None, TIMED_OUT), (0.1, "")]


@pytest.mark.parametrize(("seconds", "code"), [(0.05, 0), (30.0, OUT_OF_TIME)])
def test_without_timers_of_the_system_a_thread_counts(seconds: float, code: int) -> None:
    """As on Windows: the work alone ends the process."""
    worker = multiprocessing.get_context("spawn").Process(target=watched, args=[seconds])
    worker.start()
    worker.join(30)
    assert worker.exitcode == code


def watched(seconds: float) -> None:
    done = threading.Event()
    threading.Thread(target=watch_work, args=[time.process_time() + 0.3, done], daemon=True).start()
    time.sleep(0.7)
    busy(seconds)
    done.set()
