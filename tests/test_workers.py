"""Workers that the system ends: whose workbook it was not costs nobody a workbook."""

import multiprocessing
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from perfeval.errors import PerfevalError
from perfeval.workers import CRASHED, Crew


def double(number: int) -> int:
    return 2 * number


def ended_by_the_system(marks: Path, times: int, number: int) -> int:
    """The worker at task 3 is ended, as often as told."""
    before = len(list(marks.iterdir()))
    if number == 3 and before < times:
        (marks / str(before)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


@pytest.mark.parametrize(("times", "third"), [(1, 6), (2, None)])
def test_a_worker_that_dies_is_replaced_and_its_task_tried_once_more(tmp_path: Path, times: int, third: int | None) -> None:
    with Crew(2) as run:
        done = list(run(partial(ended_by_the_system, tmp_path, times), range(6)))
    assert [d.result for d in done] == [0, 2, 4, third, 8, 10]
    assert done[3].code == ("" if third else CRASHED)


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
    monkeypatch.setattr("perfeval.workers.prepare_worker", partial(end_all_workers, os.getpid()))
    with pytest.raises(PerfevalError, match="工作进程一再被系统中止"), Crew(1) as run:
        list(run(double, range(3)))


def test_a_worker_that_is_ended_with_the_way_to_the_tasks_barred_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that waits for a task holds the lock; it dies with it, and the other would wait for ever."""
    monkeypatch.setattr("perfeval.workers.SECONDS_TO_BEGIN", 4)
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
    monkeypatch.setattr("perfeval.workers.SECONDS_TO_BEGIN", 4)
    with Crew(2) as run:
        assert [d.result for d in run(Doubling(tmp_path), range(4))] == [0, 2, 4, 6]
