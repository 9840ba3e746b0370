"""What the coordinator spends on 汇总表.xlsx: `python -m bench.summary 5000` (workbooks of 20 projects and 60 indicators).
Needs Linux for the memory."""

import pickle
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.contestants import SETTINGS
from bench.inputs import SMALL, workbook
from perfeval.documents.result import Json
from perfeval.documents.summaries.write import write_summary
from perfeval.output.record import Outcome, outcome_of
from perfeval.rules.load import load_regulations
from perfeval.run.pipeline import evaluate, plain_result

DIFFERENT = 50  # results of so many workbooks are worked out, the others are like one of them under another name


def main(count: int) -> None:
    """Measures and prints."""
    results = _results(DIFFERENT)
    start = _resident()
    arrived = [_arrived(results[number % DIFFERENT], number) for number in range(count)]
    held = _resident()
    clock = time.process_time()
    content = write_summary([outcome.brief for outcome in arrived if outcome.brief], unfiled=["示例构造未报送局"])
    spent = time.process_time() - clock
    print(
        f"{count} 份小工作簿（{SMALL.projects} 个项目、{SMALL.indicators} 个指标）：汇总表 {len(content) / 1e6:.1f} MB"
    )
    print(f"写汇总表 {spent:.1f} 秒（处理器时间），每份 {spent / count * 1000:.2f} 毫秒")
    print(f"运行到最后留在内存里的 {held - start:.0f} MB，写汇总表时最多再用 {_resident(peak=True) - held:.0f} MB")


def _results(count: int) -> list[Json]:
    regulations = load_regulations()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "部门.xlsx"
        results = []
        for number in range(1, count + 1):
            path.write_bytes(workbook(regulations, number, SMALL))
            results.append(plain_result(evaluate(path, path.name, SETTINGS)))
    return results


def _arrived(result: Json, number: int) -> Outcome:
    """As it comes from a worker, nothing in it shared with another."""
    outcome: Outcome = pickle.loads(
        pickle.dumps(outcome_of({**result, "department": f"示例构造第{number}局"}, brief=True))
    )
    return outcome


def _resident(peak: bool = False) -> float:
    """MB."""
    if peak:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1e3


if __name__ == "__main__":
    main(int(sys.argv[1]))
