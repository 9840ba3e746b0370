"""Many machines: the same functions on the workers of a Dask scheduler, inputs and outputs on a folder all of them
share (docs/大批量运行.md).

Each Dask worker reads a workbook in a child process of its own, under the same limits as on one machine; that is why
Dask's `distributed.worker.daemon` has to be False. A worker that is lost loses nothing: its workbooks are done once
more elsewhere.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import current_process
from typing import Any, TypeVar

from perfeval import __version__
from perfeval.errors import UsageError
from perfeval.run.workers import CRASHED, Crew, Done, Runner

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 8  # workbooks handed out for each place where one is worked on: nobody waits, and the scheduler is not flooded
_CREWS: list[Crew] = []


@contextmanager
def cluster_workers(address: str) -> Iterator[Runner]:
    """The workers known to the scheduler at `address`, as tcp://10.0.0.1:8786. Raises UsageError where nobody answers
    or Dask is not installed."""
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError(
            "没有安装 Dask，不能使用 --cluster。", "请安装带 cluster 的版本：pip install 'perfeval[cluster]'。"
        ) from error
    try:
        client = dask.Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"连不上 Dask 调度器“{address}”。", "请检查地址，确认调度器已经启动（dask scheduler）。"
        ) from error

    def run(function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        waiting, running = deque(tasks), deque[tuple[T, Any]]()
        places = max(1, sum(client.nthreads().values()))
        while waiting or running:
            while waiting and len(running) < AHEAD * places:
                task = waiting.popleft()
                running.append((task, client.submit(run_in_child, __version__, function, task, pure=False)))
            task, future = running.popleft()
            try:
                done: Done[T, R] = future.result()
            except dask.KilledWorker:
                done = Done(task, None, CRASHED)
            future.release()
            yield done

    with client:
        yield run


def run_in_child(version: str, function: Callable[[T], R], task: T) -> Done[T, R]:
    """On a Dask worker: the task in a child process, with limits. Raises UsageError where the worker's program is
    another version or may have no children."""
    if version != __version__:
        raise UsageError(
            f"集群中有机器装的是 perfeval {__version__}，发起的机器是 {version}。", "请把所有机器装成同一个版本。"
        )
    if current_process().daemon:
        raise UsageError(
            "集群的工作进程不能再开子进程。",
            "启动 dask worker 之前请设置环境变量 DASK_DISTRIBUTED__WORKER__DAEMON=False。",
        )
    return next(_crew().run(function, [task]))


def _crew() -> Crew:
    """This worker's children, kept from workbook to workbook."""
    if not _CREWS:
        from distributed import get_worker

        _CREWS.append(Crew(get_worker().state.nthreads))
    return _CREWS[0]
