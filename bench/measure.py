"""What is measured: processor time of the three side by side, whole runs with one and two workers, a worker's memory,
cold starts."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from bench.contestants import (
    SETTINGS,
    Case,
    case_of,
    render_by_docxtpl,
    render_prepared,
    run_limit,
    run_peer,
    run_product,
)
from perfeval.excel.guard import file_sha256
from perfeval.output.record import Task
from perfeval.run.task import stage_one
from perfeval.run.workers import GARBAGE_THRESHOLD, run_all

MIB = 1024 * 1024


@dataclass(frozen=True)
class Times:
    """Milliseconds of processor time a workbook."""

    product: float
    peer: float
    limit: float


def side_by_side(workbooks: Sequence[Path], rounds: int) -> Times:
    """The three by turns on each workbook, so that whatever else the machine does hits all alike; the best round of
    each workbook counts."""
    return Times(*_by_turns((run_product, run_peer, run_limit), workbooks, rounds))


def report_alone(workbooks: Sequence[Path], rounds: int) -> tuple[float, float]:
    """Milliseconds of processor time a report: by the prepared template, and through docxtpl each time."""
    prepared, docxtpl = _by_turns((render_prepared, render_by_docxtpl), workbooks, rounds)
    return prepared, docxtpl


def _by_turns(
    contestants: Sequence[Callable[[Case, Path], None]], workbooks: Sequence[Path], rounds: int
) -> list[float]:
    gc.set_threshold(GARBAGE_THRESHOLD)  # as in a worker, for all of them
    cases = [case_of(path) for path in workbooks]
    gc.collect()
    gc.freeze()  # what is kept here for the others is no burden to any of them
    totals = dict.fromkeys(contestants, 0.0)
    for run in totals:  # once for nothing: templates compiled, libraries loaded
        _processor_time(run, cases[0])
    for case in cases:
        for run in totals:
            totals[run] += min(_processor_time(run, case) for _ in range(rounds))
    return [total / len(cases) * 1000 for total in totals.values()]


def _processor_time(run: Callable[[Case, Path], None], case: Case) -> float:
    """Seconds, into an empty output folder, and with nobody else's garbage about."""
    gc.collect()
    with tempfile.TemporaryDirectory() as output:
        start = time.process_time()
        run(case, Path(output))
        return time.process_time() - start


def whole_run(workbooks: Sequence[Path], jobs: int) -> float:
    """Seconds on the clock of the command `perfeval report`, from its start to its end, into an empty output folder."""
    with tempfile.TemporaryDirectory() as output:
        return start_time(
            ["-m", "perfeval", "report", *map(str, workbooks), "-o", output, "--quiet", "--jobs", str(jobs)], 1
        )


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


def start_time(arguments: Sequence[str], rounds: int) -> float:
    """Seconds from starting an interpreter to its end, the best of some; modules are found compiled, as an installed
    program's are."""
    best = float("inf")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(rounds):
        start = time.perf_counter()
        command = [sys.executable, *arguments]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best
