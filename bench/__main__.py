"""`make bench`: the table of ratios, as it is in docs/测速.md. `--brief` takes fewer workbooks."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

from bench.inputs import write_sources, write_workbooks
from bench.measure import Times, report_alone, side_by_side, start_time, whole_run, worker_growth
from perfeval.rules.load import load_regulations

SMALL, LARGE = (20, 60), (200, 2000)  # projects, indicators
WEEK, COUNTY = 60, 1000  # workbooks: what a county's bureau gets in a week, what a long run is


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--brief", action="store_true", help="少量工作簿，只看大概")
    brief = parser.parse_args().brief
    print(f"处理器 {os.cpu_count()} 核，Python {platform.python_version()}，{platform.system()}。\n", flush=True)
    print("| 项目 | 结果 | 目标 |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), brief)


def _measure(folder: Path, brief: bool) -> None:
    regulations = load_regulations()
    write_workbooks(folder / "small", regulations, 20 if brief else COUNTY, *SMALL)
    write_workbooks(folder / "large", regulations, 2 if brief else 6, *LARGE)
    small = sorted((folder / "small").iterdir())
    _contest(
        "小工作簿（20 个项目、60 个指标）",
        side_by_side(small[: 5 if brief else 20], 3 if brief else 5),
        peer=4,
        limit=7,
    )
    _contest(
        "大工作簿（200 个项目、2000 个指标）",
        side_by_side(sorted((folder / "large").iterdir()), 1 if brief else 2),
        peer=2.5,
    )
    prepared, docxtpl = report_alone(small[:5], 3)
    _line(
        "出一份自评报告 ÷ 每次从头用 docxtpl",
        f"{prepared:.1f} ÷ {docxtpl:.1f} 毫秒 = {prepared / docxtpl:.2f} 倍",
        "≤ 0.33 倍",
    )
    single = [whole_run(small[:1], 1) for _ in range(3)]  # the first compiles the modules
    _line("一份小工作簿，从启动到做完", f"{min(single):.1f} 秒")
    week = small[:WEEK]
    _line(f"{len(week)} 份小工作簿，两个进程，从启动到做完", f"{whole_run(week, 2):.1f} 秒")
    sources = write_sources(folder / "sources", SMALL[0])
    command = ["-m", "perfeval", "prefill", *map(str, sources), "--year", "2026", "-o", str(folder / "填报.xlsx")]
    _line("读入三份材料（20 个项目、200 个指标），从启动到做完", f"{start_time(command, 3):.1f} 秒", "≤ 3 秒")
    one, two = (whole_run(small, jobs) for jobs in (1, 2))
    _line(f"{len(small)} 份小工作簿，一个进程", f"{one:.1f} 秒，每份 {one / len(small) * 1000:.0f} 毫秒")
    _line(f"{len(small)} 份小工作簿，两个进程", f"{two:.1f} 秒，每份 {two / len(small) * 1000:.0f} 毫秒")
    _line("两个进程比一个进程快", f"{one / two:.2f} 倍", "≥ 1.8 倍")
    first, last = (10, 100) if brief else (100, 1000)
    _line(
        f"一个进程从第 {first} 份到第 {last} 份多占内存",
        f"{worker_growth(folder / 'small', first, last):.1f} MB",
        "≤ 5 MB",
    )
    bare = start_time(["-c", "pass"], 20)
    helping = start_time(["-m", "perfeval", "--help"], 20)
    _line(
        "显示帮助 ÷ 空的 Python", f"{helping * 1000:.0f} ÷ {bare * 1000:.0f} 毫秒 = {helping / bare:.1f} 倍", "≤ 4 倍"
    )


def _contest(name: str, times: Times, peer: float, limit: float | None = None) -> None:
    spent = f"本程序 {times.product:.0f} 毫秒，普通写法 {times.peer:.0f} 毫秒，物理极限 {times.limit:.0f} 毫秒"
    _line(f"{name}，每份处理器时间", spent)
    _line(f"{name}，比普通写法快", f"{times.peer / times.product:.1f} 倍", f"≥ {peer} 倍")
    _line(f"{name}，是物理极限的", f"{times.product / times.limit:.1f} 倍", f"≤ {limit} 倍" if limit else "")


def _line(name: str, result: str, mark: str = "") -> None:
    print(f"| {name} | {result} | {mark} |", flush=True)


if __name__ == "__main__":
    main()
