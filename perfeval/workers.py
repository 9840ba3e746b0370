"""Worker processes: each workbook is read in one, with time and memory limits; a worker that dies costs that workbook alone."""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context, parent_process
from typing import Any, Generic, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")
R = TypeVar("R")

SECONDS_PER_WORKBOOK = 120
BYTES_PER_WORKER = 3 * 1024**3
GARBAGE_THRESHOLD = 50_000  # a large workbook is a hundred thousand live objects: looking through them every 700 costs a fifth of the time

TIMED_OUT, CRASHED, BUG = "FILE_019", "FILE_018", "BATCH_002"  # the findings' codes


@dataclass(frozen=True, slots=True)
class Done(Generic[T, R]):
    """A task and what became of it: its result, or the code of the finding that says why there is none. `fault` is the exception where it is a bug."""

    task: T
    result: R | None
    code: str = ""
    fault: BaseException | None = None


class Runner(Protocol):
    """Runs a function on every task; yields in the tasks' order, each as soon as it and those before it are done."""

    def __call__(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        """The function and its tasks must survive the way into another process."""
        ...


@contextmanager
def local_workers(jobs: int) -> Iterator[Runner]:
    """`jobs` worker processes on this machine. Whatever ends the block by an exception, Ctrl-C too, ends them at once."""
    pool = ProcessPool(max_workers=jobs, context=get_context("spawn"), initializer=prepare_worker)

    def run(function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        futures = deque((task, pool.schedule(tidily, args=[function, task], timeout=SECONDS_PER_WORKBOOK)) for task in tasks)
        while futures:  # a finished future is let go, and its result with it
            task, future = futures.popleft()
            yield outcome(task, future.result)

    with pool:
        try:
            yield run
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def run_all(function: Callable[[T], R], tasks: Iterable[T], jobs: int) -> Iterator[Done[T, R]]:
    """Runs one function with workers of its own."""
    with local_workers(jobs) as run:
        yield from run(function, tasks)


def outcome(task: T, result: Callable[[], R]) -> Done[T, R]:
    """What became of a task, from the call that gives its result or raises."""
    try:
        return Done(task, result())
    except FutureTimeoutError:
        return Done(task, None, TIMED_OUT)
    except (ProcessExpired, MemoryError):
        return Done(task, None, CRASHED)
    except Exception as error:  # a bug in one workbook's way must not stop the others; the coordinator ends with code 70
        return Done(task, None, BUG, error)


def tidily(function: Callable[[T], R], task: T) -> R:
    """In a worker: the function's result; cyclic garbage is cleared after each workbook rather than in it, so that memory stays flat."""
    _leave_libraries_out()
    try:
        return function(task)
    finally:
        gc.collect()


@cache
def _leave_libraries_out() -> None:
    """What is loaded by now stays for good: no collection need look at it."""
    gc.freeze()


def prepare_worker() -> None:
    """Bounds the worker's memory (POSIX) and keeps its chatter off the operator's terminal; Ctrl-C is the coordinator's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(GARBAGE_THRESHOLD)
    threading.Thread(target=_die_with, args=[parent_process()], daemon=True).start()
    if os.environ.get("PERFEVAL_DEBUG") != "1":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # Windows: time limit only
        return
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_PER_WORKER, BYTES_PER_WORKER))


def _die_with(parent: Any) -> None:
    """A coordinator that was killed leaves no worker behind that would still write."""
    if parent is not None:
        parent.join()
        os._exit(1)
