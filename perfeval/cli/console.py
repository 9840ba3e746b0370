"""What the operator sees: progress while a run goes on, and in the end what was done and where to look."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from perfeval.findings.finding import SEVERITY_NAMES, Severity
from perfeval.findings.render import message
from perfeval.model.status import IGNORED, REJECTED, REPORTED, RETURNED, STATUS_NAMES
from perfeval.model.text import clean
from perfeval.run.inbox import readable_name

if TYPE_CHECKING:  # what is heavy is loaded once the workers are on their way
    from rich.progress import Progress

    from perfeval.run.batch import Entry, RunOutcome

NAMED = 10  # files that were not processed, named one by one
FEW = 60  # reported workbooks that are listed one by one


class Narrator:
    """Progress on stderr: a bar on a terminal, plain lines otherwise, nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar = _bar() if sys.stderr.isatty() and not quiet else None
        self._task = self._bar.add_task("正在处理", total=None) if self._bar else None
        self._returned = 0

    def __enter__(self) -> "Narrator":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def progress(self, done: int, total: int, entry: "Entry") -> None:
        """Called once for each finished workbook."""
        self._returned += entry.status == RETURNED
        if self._bar and self._task is not None:
            self._bar.update(
                self._task, completed=done, total=total, description=f"已完成 {done}，退回 {self._returned}"
            )
        elif not self._quiet:
            print(clean(f"{done}/{total} {entry.file}：{_status(entry)}"), file=sys.stderr)

    def summary(self, outcome: "RunOutcome", output: Path) -> str:
        """What was done, workbook by workbook (where they are many, those alone that ask for something), and where to
        look."""
        from perfeval.run.batch import RECORD_FILE, SUMMARY_FILE
        from perfeval.run.kept_sets import kept_sentences

        asking = [e for e in outcome.entries if e.status in (RETURNED, REJECTED) or e.file in outcome.resubmitted]
        reported = [e for e in outcome.entries if e.status == REPORTED]
        shown = sorted([*asking, *reported], key=lambda e: e.file) if len(reported) <= FEW else asking
        lines = [_verdict(entry, output) for entry in shown]
        counts = f"已出报告 {outcome.count(REPORTED)} 份，退回修改 {outcome.count(RETURNED)} 份，无法读取 {outcome.count(REJECTED)} 份"
        unchanged = sum(entry.unchanged for entry in outcome.entries)
        kept = f"其中 {unchanged} 份未变化，没有重做。" if unchanged else ""
        others = [entry.file for entry in outcome.entries if entry.status == IGNORED]
        more = f"等 {len(others)} 个" if len(others) > NAMED else ""
        ignored = f"，未处理的其他文件 {len(others)} 个（{'、'.join(others[:NAMED])}{more}）" if others else ""
        unfiled = [f"未报送的部门 {len(outcome.unfiled)} 个：{'、'.join(outcome.unfiled)}"] if outcome.unfiled else []
        written = {"汇总": SUMMARY_FILE, "明细记录": RECORD_FILE}
        look = [f"{what}见 {_shown(output / name)}" for what, name in written.items() if name not in outcome.unwritten]
        where = [f"{'，'.join(look)}。"] if look else []
        kept_sets = [*outcome.remarks, *kept_sentences(outcome.kept_sets)]
        return clean(
            "\n".join(
                [*lines, *outcome.kept, *kept_sets, *outcome.problems, *unfiled, f"{counts}{ignored}。{kept}", *where]
            )
        )


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("剩余"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _shown(path: Path) -> str:
    """A path as it can be printed, be its name in whatever bytes."""
    return readable_name(str(path))


def _status(entry: "Entry") -> str:
    return STATUS_NAMES[entry.status] + ("（未变化，没有重做）" if entry.unchanged else "")


def _verdict(entry: "Entry", output: Path) -> str:
    head = f"{entry.file}：{_status(entry)}"
    result = entry.result
    if result is None or entry.status == REJECTED:
        return f"{head}。{entry.reason}"
    folder = next((output / path).parent for path in entry.outputs) if entry.outputs else None
    rating = f"含 {result['unscored']} 项未评分" if result.get("unscored") else result["grade"]
    score = f"，计算得分 {result['total']} 分 {rating}" if entry.status == REPORTED and result["total"] else ""
    from perfeval.documents.kinds import KINDS
    from perfeval.output.sets import documents_of

    documents = documents_of(result)
    look = "".join(f"，{k.look} {documents[k.key]}" for k in KINDS if folder and k.look and k.key in documents)
    where = (f"\n　　结果在 {_shown(folder)}{look}" if folder else "") + (
        f"\n　　{entry.reason}" if entry.reason else ""
    )
    return f"{head}{score}。{_tally(result)}{where}"


def _tally(result: Mapping[str, Any]) -> str:
    counted = [
        (SEVERITY_NAMES[s], sum(1 for f in result["findings"] if f["severity"] == s and not f["answered"]))
        for s in Severity
    ]
    answered = sum(1 for f in result["findings"] if f["answered"])
    return "，".join(f"{name} {number} 条" for name, number in (*counted, ("已说明的疑点", answered)) if number)


def describe(entry: "Entry") -> str:
    """All findings of one checked workbook, for the terminal."""
    head = f"{entry.file}：{STATUS_NAMES[entry.status] if entry.status != REPORTED else '没有错误，可以出报告'}"
    if entry.result is None:
        return f"{head}。{entry.reason}"
    return clean("\n".join([head, *(message(f) for f in entry.result["findings"])]))
