"""Worker processes: each workbook is read in one, with limits of work and memory; a worker that dies costs that
workbook alone."""

import gc
import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from perfeval.errors import MachineError

T = TypeVar("T")
R = TypeVar("R")

PROCESSOR_SECONDS = 120  # for a workbook, of its worker's own work: a busy machine takes nothing away
WALL_SECONDS = 1800  # for one whose worker does nothing, as where a network drive does not answer
SECONDS_TO_BEGIN = 60  # a worker's start included
ATTEMPTS = 6  # at a task whose workers never got as far as to begin it; one that its worker died of has two
BYTES_PER_WORKER = 3 * 1024**3
CANNOT_START = ("工作进程启动不了。", "请关闭其他占内存的程序，或者加上 --jobs 1，再运行一次。")
# a large workbook is a hundred thousand live objects: looking through them every 700 costs a fifth of the time
GARBAGE_THRESHOLD = 50_000

TIMED_OUT, CRASHED, BUG = "FILE_019", "FILE_018", "BATCH_002"  # the findings' codes
OUT_OF_TIME = 124  # how a worker ends that has used up its time where no signal ends it
WATCHED_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use for one task."""

    processor_seconds: float
    bytes_per_worker: int


@dataclass(frozen=True, slots=True)
class Done(Generic[T, R]):
    """A task and what became of it: its result, or the code of the finding that says why there is none. `fault` is the
    exception where it is a bug."""

    task: T
    result: R | None
    code: str = ""
    fault: BaseException | None = None


class Runner(Protocol):
    """Runs a function on every task; yields in the tasks' order, each as soon as it and those before it are done."""

    def __call__(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        """The function and its tasks must survive the way into another process."""
        ...


class Crew:
    """Worker processes on this machine, started at once or with the first task. Whatever ends a `with` block by an
    exception, Ctrl-C too, ends them at once.

    One that dies is replaced, and its task tried once more: perhaps it was not the workbook's fault. The system ends a
    process when memory runs short, and pebble gives up a whole pool when that befalls a worker without a task.
    """

    def __init__(self, jobs: int, load: str = "", at_once: bool = True, limits: Limits | None = None) -> None:
        """`load` is the module that the processes begin to load when they start."""
        self._jobs, self._load, self._limits = jobs, load, limits or Limits(PROCESSOR_SECONDS, BYTES_PER_WORKER)
        self._hiring = threading.Lock()
        self._pool: ProcessPool | None = None
        if at_once:
            with _deaf_to_ctrl_c():
                self._pool = self._hired()

    def _hired(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._jobs,
            context=get_context("spawn"),
            initializer=prepare_worker,
            initargs=[self._load, self._limits],
        )
        try:
            is_started = pool.active  # asking starts it
        except (
            OSError,
            RuntimeError,
        ) as error:  # no memory for a process or thread, or one of multiprocessing's own ended
            raise MachineError(*CANNOT_START) from error
        if not is_started:
            raise MachineError(*CANNOT_START)
        return pool

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        """As a Runner does. Raises MachineError where no worker can be kept alive."""
        handed = deque((task, self._hand(function, task)) for task in tasks)
        while handed:  # a finished future is let go, and its result with it
            task, one = handed.popleft()
            for attempt in range(ATTEMPTS):
                if not one.is_lost() or (attempt and one.died()):
                    break
                one = self._hand(function, task)
                handed = deque(
                    (t, o if o.pool is self._pool or not o.is_lost() else self._hand(function, t)) for t, o in handed
                )
            if one.is_lost() and not one.died():
                raise MachineError(
                    "工作进程一再被系统中止，没有做完。", "请关闭其他占内存的程序，或者加上 --jobs 1，再运行一次。"
                )
            yield outcome(task, one.future.result)

    def _hand(self, function: Callable[[T], R], task: T) -> "_Handed[R]":
        with self._hiring, _deaf_to_ctrl_c():
            pool = self._pool
            if pool is None or not pool.active:
                self.dismiss()
                pool = self._pool = self._hired()
            return _Handed(
                pool, pool.schedule(tidily, args=[function, task, self._limits.processor_seconds], timeout=WALL_SECONDS)
            )

    def __enter__(self) -> Runner:
        return self.run

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dismiss() if kind is None else self.stop()

    def stop(self) -> None:
        """Ends the workers at once, whatever they do."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self.dismiss()

    def dismiss(self) -> None:
        """Lets the workers go when they are done."""
        if self._pool is not None:
            self._pool.close()  # type: ignore[no-untyped-call]
            self._pool.join()


@dataclass(frozen=True, slots=True)
class _Handed(Generic[R]):
    """A task handed to a pool."""

    pool: ProcessPool
    future: "Future[R]"

    def is_lost(self) -> bool:
        """Waits for the end of the next task in turn; whether its worker died, or the pool before it came to a worker.

        A worker that is ended while it takes a task, or while it waits for one, leaves the task unclaimed or the way to
        the tasks barred.
        """
        begun = time.monotonic()
        while not self.future.done():
            if not self.pool.active:
                return True
            if not self.future.running() and time.monotonic() - begun > SECONDS_TO_BEGIN:
                self.pool.stop()  # type: ignore[no-untyped-call]
                return True
            wait([self.future], timeout=1)
        error = self.future.exception()
        return isinstance(error, ProcessExpired | BrokenExecutor) and not is_out_of_time(error)

    def died(self) -> bool:
        """Whether it was lost with the worker that was at it."""
        return self.future.done() and isinstance(self.future.exception(), ProcessExpired)


@contextmanager
def _unheard() -> Iterator[None]:
    """What is started in here says nothing on the operator's terminal, nor that it had to be started again: when
    somebody ends us or it, multiprocessing's tracker of resources complains in Python's words."""
    if os.environ.get("PERFEVAL_DEBUG") == "1":
        yield
        return
    warnings.filterwarnings("ignore", message="resource_tracker:")
    heard, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(heard, 2)
        os.close(heard)
        os.close(nowhere)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started in here never hears Ctrl-C, from its first moment on: it is the coordinator's to handle. Ours
    waits until we are out again."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    with _unheard():
        resource_tracker.ensure_running()  # else it is started with the first worker, and opens our ears again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def run_all(function: Callable[[T], R], tasks: Iterable[T], jobs: int) -> Iterator[Done[T, R]]:
    """Runs one function with workers of its own."""
    with Crew(jobs) as run:
        yield from run(function, tasks)


def read_apart(read: Callable[[T], R], task: T) -> R:
    """What `read` makes of one foreign file, in a worker: even a small file can abort the interpreter or ask for all
    the memory.

    Raises what `read` raises, Refused where the worker died of the file or took too long, MachineError where no worker
    can be kept alive.
    """
    from perfeval.excel.guard import refuse

    (done,) = run_all(read, [task], 1)
    if done.fault is not None:
        raise done.fault
    if done.result is None:
        raise refuse(done.code)
    return done.result


def outcome(task: T, result: Callable[[], R]) -> Done[T, R]:
    """What became of a task, from the call that gives its result or raises."""
    try:
        return Done(task, result())
    except FutureTimeoutError:
        return Done(task, None, TIMED_OUT)
    except (ProcessExpired, MemoryError) as error:
        return Done(task, None, TIMED_OUT if is_out_of_time(error) else CRASHED)
    except (
        Exception
    ) as error:  # a bug in one workbook's way must not stop the others; the coordinator ends with code 70
        return Done(task, None, BUG, error)


def is_out_of_time(error: BaseException) -> bool:
    """Whether it says that a worker was ended because it had worked for too long: its task is not tried again."""
    ended_by = -signal.SIGPROF if hasattr(signal, "setitimer") else OUT_OF_TIME
    return isinstance(error, ProcessExpired) and error.exitcode == ended_by


@contextmanager
def limited_work(seconds: float) -> Iterator[None]:
    """Ends this process where the block takes more than so many seconds of processor time. Waiting, and what others do
    meanwhile, does not count."""
    if hasattr(signal, "setitimer"):  # the system counts, even while a library keeps the interpreter to itself
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return
    done = threading.Event()  # Windows
    threading.Thread(target=watch_work, args=[time.process_time() + seconds, done], daemon=True).start()
    try:
        yield
    finally:
        done.set()


def watch_work(until: float, done: threading.Event) -> None:
    """Ends this process once it has used `until` seconds of processor time in all, unless it is `done` before."""
    while not done.wait(WATCHED_EVERY):
        if time.process_time() > until:
            os._exit(OUT_OF_TIME)


def tidily(function: Callable[[T], R], task: T, processor_seconds: float) -> R:
    """In a worker: the function's result; cyclic garbage is cleared after each workbook rather than in it, so that
    memory stays flat."""
    try:
        with limited_work(processor_seconds):
            return function(task)
    finally:
        gc.collect()
        # what outlives a workbook, as rules and templates do, stays for good: no later collection need look at it
        gc.freeze()


def prepare_worker(load: str, limits: Limits) -> None:
    """Bounds the worker's memory (POSIX) and keeps its chatter off the operator's terminal; Ctrl-C is the coordinator's
    to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, see limited_work
    gc.set_threshold(GARBAGE_THRESHOLD)
    threading.Thread(target=_die_with, args=[parent_process()], daemon=True).start()
    if os.environ.get("PERFEVAL_DEBUG") != "1":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # Windows: time limit only
        pass
    else:
        _, most = resource.getrlimit(resource.RLIMIT_AS)  # a tighter limit of the system stays
        limit = limits.bytes_per_worker if most == resource.RLIM_INFINITY else min(limits.bytes_per_worker, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if load:
        import_module(load)
    gc.freeze()


def _die_with(parent: Any) -> None:
    """A coordinator that was killed leaves no worker behind that would still write."""
    if parent is not None:
        parent.join()
        os._exit(1)
