"""What is measured: processor time of the contestants side by side, whole runs of the command, a worker's memory, cold
starts."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from bench.contestants import SETTINGS, Case
from perfeval.excel.guard import file_sha256
from perfeval.output.record import Task
from perfeval.run.task import stage_one
from perfeval.run.workers import GARBAGE_THRESHOLD, run_all

MIB = 1024 * 1024
Contestant = Callable[[Case, Path], None]


@dataclass(frozen=True)
class Contest:
    """Milliseconds of processor time: one row a round and workbook, by contestant."""

    rows: tuple[Mapping[Contestant, float], ...]

    def typical(self, one: Contestant) -> float:
        """The median of a contestant's times."""
        return median(row[one] for row in self.rows)

    def ratio(self, one: Contestant, other: Contestant) -> float:
        """How many times as long one takes as the other: the median of the pairs' ratios, so that what the machine does
        besides hits both alike."""
        return median(row[one] / row[other] for row in self.rows)


def contest(contestants: Sequence[Contestant], cases: Iterable[Case], rounds: int) -> Contest:
    """All contestants by turns on each workbook, the order turned round each time."""
    gc.set_threshold(GARBAGE_THRESHOLD)  # as in a worker, for all of them
    held = list(cases)
    gc.collect()
    gc.freeze()  # what is kept here for the others is no burden to any of them
    for one in contestants:  # once for nothing: templates compiled, libraries loaded
        processor_time(one, held[0])
    rows = []
    for number in range(rounds):
        order = contestants if number % 2 == 0 else tuple(reversed(contestants))
        rows += [{one: processor_time(one, case) for one in order} for case in held]
    gc.unfreeze()
    return Contest(tuple(rows))


def processor_time(run: Contestant, case: Case) -> float:
    """Milliseconds, into an empty output folder, and with nobody else's garbage about."""
    gc.collect()
    with tempfile.TemporaryDirectory() as output:
        start = time.process_time()
        run(case, Path(output))
        return (time.process_time() - start) * 1000


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one command from its start to its end: on the clock, and of processor time with its workers'."""

    clock: float
    processor: float


def report(workbooks: Sequence[Path], output: Path, jobs: int) -> Spent:
    """The command `perfeval report`."""
    paths = [str(workbooks[0].parent)] if len(workbooks) > 1 else [str(workbooks[0])]
    command = ["-m", "perfeval", "report", *paths, "-o", str(output), "--quiet", "--returned-ok"]
    return spent([*command, "--jobs", str(jobs)])


def spent(arguments: Sequence[str]) -> Spent:
    """One start of the interpreter; modules are found compiled, as an installed program's are."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = os.times(), time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clock, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Spent(clock, used)


def typical(measured: Callable[[], Spent], rounds: int) -> Spent:
    """The medians of some rounds."""
    rows = [measured() for _ in range(rounds)]
    return Spent(median(row.clock for row in rows), median(row.processor for row in rows))


def worker_growth(folder: Path, first: int, last: int) -> float:
    """By how many MiB one worker's resident memory grows from workbook `first` to workbook `last`."""
    paths = sorted(folder.iterdir())
    with tempfile.TemporaryDirectory() as output:
        tasks = [Task(p, p.name, file_sha256(p), f"2025/{p.stem}", p.stem) for p in islice(cycle(paths), last)]
        sizes = [done.result or 0 for done in run_all(partial(_resident_after, Path(output)), tasks, 1)]
    if 0 in sizes:
        raise ValueError("a workbook failed")
    return (sizes[last - 1] - sizes[first - 1]) / MIB


def _resident_after(output: Path, task: Task) -> int:
    """The worker's resident bytes after a workbook (Linux)."""
    stage_one(SETTINGS, output, task)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024
