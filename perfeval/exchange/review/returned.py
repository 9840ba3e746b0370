"""复核退回.xlsx: the filed workbook of a department with the reviewer's opinions marked at its own scores, so that the
correction names its predecessor."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfeval.documents.returned.list_sheet import OPINION_CODE
from perfeval.documents.returned.mark import CannotMark, mark_workbook
from perfeval.excel.guard import file_sha256
from perfeval.exchange.review.lines import Line
from perfeval.exchange.review.reviewed import Reviewed
from perfeval.filing.read_filing import read_filing
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.numbers import show_number, show_points
from perfeval.model.submission import Submission
from perfeval.model.text import version_name
from perfeval.output.versions import REVIEWED_FILE, version_of
from perfeval.run.inbox import find
from perfeval.run.workers import run_all

LABEL = "自评得分"


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of one department's opinions: the file's name and bytes, or the sentence that says why there is
    none."""

    name: str
    content: bytes = b""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Task:
    """One workbook to mark: where it lies, the name it was filed under, and the lines with an opinion, each with its
    project ('' for none)."""

    path: Path
    file: str
    sha256: str
    department: str
    version: int
    lines: tuple[tuple[str, Line], ...]


def returned_after_review(reviewed: Iterable[Reviewed], inputs: tuple[Path, ...], jobs: int) -> Iterator[Returned]:
    """The marked workbook of each department with opinions; `inputs` are where the filed workbooks lie. Raises
    UsageError for a path that is not there."""
    filed = {c.sha256: c.path for c in find(inputs) if c.sha256 and not c.ignored}
    tasks: dict[_Task, str] = {}
    for one in reviewed:
        if one.known is None or not one.commented:
            continue
        known, lines = one.known, tuple((unit.subject, line) for unit, line in one.commented)
        version, source = version_of(known.folder), known.result["source"]
        name = f"{known.stem}_{version_name(version)}_{REVIEWED_FILE}"
        if known.source_sha256 in filed:
            task = _Task(
                filed[known.source_sha256], source["file"], known.source_sha256, known.department, version, lines
            )
            tasks[task] = name
        else:
            reason = (
                f"找不到“{one.department}”的填报工作簿“{source['file']}”，或者它在出结果以后改动过，没有写出{name}。"
            )
            yield Returned(name, refusal=reason + "请用 --input 指到放着原来那份工作簿的文件夹。")
    for done in run_all(_marked, tasks, jobs):
        name = tasks[done.task]
        if isinstance(done.result, bytes):
            yield Returned(name, done.result)
        else:
            yield Returned(
                name, refusal=f"没有写出{name}：{done.result or '处理填报工作簿时超时、内存不够或程序出错。'}"
            )


def _marked(task: _Task) -> bytes | str:
    """The marked workbook, or why there is none."""
    submission = read_filing(task.path, task.file).submission
    if submission is None or file_sha256(task.path) != task.sha256:
        return f"填报工作簿“{task.file}”读不出来，或者正在改动。"
    findings = [_opinion(subject, line, submission) for subject, line in task.lines]
    title = f"{task.department}绩效自评填报工作簿复核退回清单"
    content = task.path.read_bytes()
    year = submission.basic.year.value
    try:
        return mark_workbook(
            content,
            findings,
            title=title,
            source_file=task.file,
            source_sha256=task.sha256,
            version=task.version,
            year=year,
        )
    except CannotMark as refusal:
        return str(refusal)


def _opinion(subject: str, line: Line, submission: Submission) -> Finding:
    """The opinion at the department's own score; at no cell where the workbook has none for it."""
    cell = _declared(subject, line.code, submission)
    item = f"“{subject}”的{line.name}" if subject else f"“{line.name}”"
    reviewed = f"复核得分 {show_points(line.filled)} 分，" if line.filled is not None else ""
    computed = "没有计算得分" if line.computed is None else f"计算得分 {show_points(line.computed)} 分"
    return make(
        OPINION_CODE,
        cell,
        label=LABEL,
        expected="" if line.filled is None else show_number(line.filled),
        item=item,
        score=f"{reviewed}{computed}，满分 {show_points(line.maximum)} 分",
        opinion=(line.opinion or "没有另外说明").rstrip("。 \n"),
    )


def _declared(subject: str, code: str, submission: Submission) -> Cell[object] | None:
    """An item's 自评得分 in 评分; of a project's item that of the project in 项目."""
    rows: Mapping[str, Cell[object]]
    if subject:
        return next((p.declared for p in submission.projects if p.name.value == subject), None)
    rows = {row.item_id.value: row.declared for row in submission.scores if row.item_id.value}
    return rows.get(code)
