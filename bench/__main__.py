"""`make bench`: the table of ratios, as it is in docs/测速.md. `--brief` takes fewer workbooks."""

import argparse
import math
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import count as numbers
from pathlib import Path
from statistics import median

from bench.contestants import Case, case_of, run_floor, run_informed, run_plain, run_product
from bench.inputs import LARGE, SMALL, Size, write_sources, write_workbooks
from bench.measure import Contest, contest, processor_time, report, spent, typical, worker_growth
from bench.reports import long_report
from perfeval.rules.load import load_regulations

BATCH, LONG = 200, 1000  # workbooks: what two workers and a rerun are measured by; what a worker's memory is
GROWTH = (60, 600, 6000)  # indicators
PAGES = 60  # of a finished report
CONTESTANTS = (run_product, run_informed, run_plain, run_floor)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--brief", action="store_true", help="少量工作簿，只看大概")
    brief = parser.parse_args().brief
    print(f"处理器 {os.cpu_count()} 核，Python {platform.python_version()}，{platform.system()}。\n", flush=True)
    print("| 项目 | 结果 | 目标 |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        _contests(Path(folder), brief)
        _runs(Path(folder), brief)
        _starts(Path(folder))


def _contests(folder: Path, brief: bool) -> None:
    """Reported and returned workbooks, small and large; how the time grows."""
    rounds = 3 if brief else 7
    for name, size, count in (("小", SMALL, 3), ("大", LARGE, 1)):
        label = f"{name}工作簿（{size.projects} 个项目、{size.indicators} 个指标）"
        reported, returned = (
            contest(CONTESTANTS, _cases(folder / f"{name}{faulty}", replace(size, faulty=faulty), count), rounds)
            for faulty in (False, True)
        )
        _compared(f"{label}，出报告", reported, "≥ 2.3 倍")
        _compared(f"{label}，退回修改", returned)
        ratio = returned.typical(run_product) / reported.typical(run_product)
        _line(f"{label}，退回的 ÷ 出报告的", f"{ratio:.2f} 倍", "≤ 1.3 倍")
    for name, faulty in (("出报告", False), ("退回修改", True)):
        sizes = [Size(max(20, n // 10), n, faulty) for n in (GROWTH[:2] if brief else GROWTH)]
        times = [
            median(processor_time(run_product, case) for _ in range(3))
            for size in sizes
            for case in _cases(folder / f"增长{faulty}{size.indicators}", size, 1)
        ]
        indicators = [size.indicators for size in sizes]
        points = "，".join(f"{n} 个 {t:.0f} 毫秒" for n, t in zip(indicators, times, strict=True))
        _line(
            f"指标从 {indicators[0]} 到 {indicators[-1]} 个，{name}",
            f"{points}；指数 {_exponent(indicators, times):.2f}",
            "≤ 1.05",
        )


def _cases(folder: Path, size: Size, count: int) -> list[Case]:
    return [case_of(path) for path in write_workbooks(folder, load_regulations(), count, size)]


def _exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope between the last two, on logarithmic scales: what does not grow is least there."""
    return math.log(times[-1] / times[-2]) / math.log(sizes[-1] / sizes[-2])


def _runs(folder: Path, brief: bool) -> None:
    """Whole runs of the command: one and two workers, an unchanged rerun, a worker's memory."""
    count = BATCH // 10 if brief else BATCH
    paths = write_workbooks(folder / "batch", load_regulations(), count, SMALL)
    one = report(paths, folder / "one", 1)
    two = report(paths, folder / "two", 2)
    again = typical(lambda: report(paths, folder / "two", 2), 3)
    _line(f"{count} 份小工作簿，一个进程", f"{one.clock:.1f} 秒，处理器时间 {one.processor:.1f} 秒")
    _line(f"{count} 份小工作簿，两个进程", f"{two.clock:.1f} 秒，处理器时间 {two.processor:.1f} 秒")
    _line("两个进程比一个进程快", f"{one.clock / two.clock:.2f} 倍", "≥ 1.8 倍")
    _line(
        f"{count} 份没有变化，再运行一次",
        f"处理器时间 {again.processor:.2f} 秒，是第一次的 1/{two.processor / again.processor:.0f}",
        "≤ 1/20",
    )
    first, last = (10, 100) if brief else (100, LONG)
    growth = worker_growth(folder / "batch", first, last)
    _line(f"一个进程从第 {first} 份到第 {last} 份多占内存", f"{growth:.1f} MB", "≤ 5 MB")


def _starts(folder: Path) -> None:
    """From the start of the command to its end."""
    paths = write_workbooks(folder / "single", load_regulations(), 1, SMALL)
    outputs = (folder / f"single-{number}" for number in numbers())
    report(paths, next(outputs), 1)  # once for nothing: it compiles the modules
    single = typical(lambda: report(paths, next(outputs), 1), 5)
    _line("一份小工作簿，从启动到做完", f"{single.clock:.2f} 秒，处理器时间 {single.processor:.2f} 秒")
    sources = write_sources(folder / "sources", SMALL.projects)
    command = ["-m", "perfeval", "prefill", *map(str, sources), "--year", "2026", "-o", str(folder / "填报.xlsx")]
    prefilled = typical(lambda: spent(command), 3)
    _line(
        "读入三份材料（20 个项目、200 个指标），从启动到做完",
        f"{prefilled.clock:.1f} 秒，处理器时间 {prefilled.processor:.1f} 秒",
        "≤ 3 秒",
    )
    long_report(finished := folder / "自评报告.txt", PAGES)
    audited = typical(lambda: spent(["-m", "perfeval", "audit", str(finished)]), 3)
    _line(f"核算一份 {PAGES} 页的报告，从启动到做完", f"{audited.clock:.1f} 秒", "≤ 2 秒")
    bare, helping = (typical(lambda a=a: spent(a), 20) for a in (["-c", "pass"], ["-m", "perfeval", "--help"]))
    times = f"{helping.clock * 1000:.0f} ÷ {bare.clock * 1000:.0f} 毫秒"
    _line("显示帮助 ÷ 空的 Python", f"{times} = {helping.clock / bare.clock:.1f} 倍", "≤ 4 倍")


def _compared(name: str, found: Contest, mark: str = "") -> None:
    times = "，".join(
        f"{label} {found.typical(run):.0f} 毫秒"
        for label, run in zip(("本程序", "行家写法", "普通写法", "下限"), CONTESTANTS, strict=True)
    )
    _line(f"{name}，每份处理器时间", times)
    _line(f"{name}，比行家写法快", f"{found.ratio(run_informed, run_product):.2f} 倍", mark)
    _line(f"{name}，比普通写法快", f"{found.ratio(run_plain, run_product):.2f} 倍")
    _line(f"{name}，是下限的", f"{found.ratio(run_product, run_floor):.1f} 倍")


def _line(name: str, result: str, mark: str = "") -> None:
    print(f"| {name} | {result} | {mark} |", flush=True)


if __name__ == "__main__":
    main()
