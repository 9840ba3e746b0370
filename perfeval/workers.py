"""Worker processes: each workbook is read in one, with time and memory limits; a worker that dies costs that workbook alone."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")
R = TypeVar("R")

SECONDS_PER_WORKBOOK = 120
BYTES_PER_WORKER = 3 * 1024**3

TIMED_OUT, CRASHED, BUG = "FILE_019", "FILE_018", "BATCH_002"  # the findings' codes


@dataclass(frozen=True, slots=True)
class Done(Generic[T, R]):
    """A task and what became of it: its result, or the code of the finding that says why there is none. `fault` is the exception where it is a bug."""

    task: T
    result: R | None
    code: str = ""
    fault: BaseException | None = None


def run_all(function: Callable[[T], R], tasks: Iterable[T], jobs: int) -> Iterator[Done[T, R]]:
    """Runs `function` on every task in `jobs` worker processes; yields in the tasks' order, each as soon as it and those before it are done."""
    waiting = list(tasks)
    if not waiting:
        return
    with ProcessPool(max_workers=min(jobs, len(waiting)), context=get_context("spawn"), initializer=_limit_worker) as pool:
        futures = [pool.schedule(function, args=[task], timeout=SECONDS_PER_WORKBOOK) for task in waiting]
        try:
            for task, future in zip(waiting, futures, strict=True):
                yield _outcome(task, future.result)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _outcome(task: T, result: Callable[[], R]) -> Done[T, R]:
    try:
        return Done(task, result())
    except FutureTimeoutError:
        return Done(task, None, TIMED_OUT)
    except (ProcessExpired, MemoryError):
        return Done(task, None, CRASHED)
    except Exception as error:  # a bug in one workbook's way must not stop the others; the coordinator ends with code 70
        return Done(task, None, BUG, error)


def _limit_worker() -> None:
    """Bounds the worker's memory (POSIX) and keeps its chatter off the operator's terminal; Ctrl-C is the coordinator's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.environ.get("PERFEVAL_DEBUG") != "1":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # Windows: time limit only
        return
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_PER_WORKER, BYTES_PER_WORKER))
