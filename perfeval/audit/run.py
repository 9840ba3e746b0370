"""Files and folders of reports → what was found in each, and what is written of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from perfeval.audit.audit import Audit, examined, nothing
from perfeval.audit.comments import commented
from perfeval.audit.findings import as_json
from perfeval.audit.read import CONVERTED, SUFFIXES, read_report, unreadable
from perfeval.audit.summary import SUMMARY, accepted_in, summary_workbook
from perfeval.errors import UsageError
from perfeval.excel.guard import MIB, Refused, read_file, refuse
from perfeval.output import files
from perfeval.run.workers import BYTES_PER_WORKER, Crew, Limits, read_apart

COPY = "_核算批注.docx"
CLEAN, CONTRADICTIONS, UNREADABLE, NOTHING = 0, 1, 2, 4
MOST_JOBS = 2
LIMITS = Limits(processor_seconds=10, bytes_per_worker=500 * MIB)


@dataclass(frozen=True, slots=True)
class Task:
    """A report: the file, and how it is called in the answer."""

    path: Path
    name: str
    wants_copy: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run."""

    audits: tuple[Audit, ...]
    written: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 compared and clean, 1 contradictions, 2 something could not be read, 4 nothing to compare."""
        if any(a.contradictions for a in self.audits):
            return CONTRADICTIONS
        if any(a.error for a in self.audits):
            return UNREADABLE
        return CLEAN if any(a.coverage.relations for a in self.audits) else NOTHING


def audit_reports(paths: Sequence[Path], output: Path | None = None) -> Outcome:
    """Reads every report in a worker; writes 核算汇总.xlsx and the commented copies where `output` is given. Raises
    UsageError, OutputError."""
    tasks = [replace(t, wants_copy=output is not None and t.path.suffix.lower() == ".docx") for t in _tasks(paths)]
    accepted = _accepted(output)
    found = []
    copies: dict[str, bytes] = {}
    with Crew(min(MOST_JOBS, len(tasks)), limits=_limits(tasks)) as run:
        for done in run(_examine, [(t, accepted) for t in tasks]):
            task = done.task[0]
            if done.fault is not None:
                raise done.fault
            audit, copy = done.result or (nothing(task.name, str(unreadable(task.path, refuse(done.code)))), None)
            found.append(audit)
            if copy is not None:
                copies[str(Path(task.name).with_suffix("")) + COPY] = copy
    return Outcome(tuple(found), _write(output, found, copies, accepted) if output else ())


def _limits(tasks: Sequence[Task]) -> Limits:
    """LIMITS; LibreOffice, which a worker starts, lives within its worker's memory and needs more."""
    is_converted = any(t.path.suffix.lower() in CONVERTED for t in tasks)
    return replace(LIMITS, bytes_per_worker=BYTES_PER_WORKER) if is_converted else LIMITS


def _tasks(paths: Sequence[Path]) -> list[Task]:
    tasks = []
    for path in paths:
        if not path.is_dir():
            tasks.append(Task(path, path.name))
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and not _is_ours(p))
        if not inside:
            raise UsageError(
                f"文件夹“{path.name}”里没有可以核算的报告。", f"请放入 {'、'.join(SUFFIXES)} 文件后再运行。"
            )
        tasks += [Task(p, p.relative_to(path).as_posix()) for p in inside]
    return tasks


def _is_ours(path: Path) -> bool:
    return path.name.startswith(("~$", ".")) or path.name.endswith(COPY) or path.name == SUMMARY


def _examine(task: tuple[Task, Mapping[tuple[str, str], str]]) -> tuple[Audit, bytes | None]:
    """In a worker. A report that cannot be read is an answer too."""
    one, accepted = task
    try:
        report = read_report(one.path)
        audit = replace(examined(report, one.name), note=report.note).without(accepted)
        copy = commented(read_file(one.path), report, audit.findings) if one.wants_copy and audit.findings else None
    except UsageError as error:
        return nothing(one.name, str(error)), None
    except Refused as refused:
        return nothing(one.name, str(unreadable(one.path, refused))), None
    return audit, copy


def _accepted(output: Path | None) -> Mapping[tuple[str, str], str]:
    """The reasons written into the 核算汇总 of an earlier run, by report and finding."""
    path = output / SUMMARY if output else None
    if path is None or not files.is_file(path):
        return {}
    try:
        return read_apart(accepted_in, path)
    except Refused:
        return {}


def _write(
    output: Path, found: Sequence[Audit], copies: Mapping[str, bytes], accepted: Mapping[tuple[str, str], str]
) -> tuple[str, ...]:
    contents = {SUMMARY: summary_workbook(found, accepted), **copies}
    kept = [files.write_over(output, name, content, lambda _: True) for name, content in contents.items()]
    return (*(f"已写出 {output / name}" for name in contents), *filter(None, kept))


def answer(found: Sequence[Audit]) -> list[dict[str, object]]:
    """The array that --json prints."""
    return list(_answers(found))


def _answers(found: Sequence[Audit]) -> Iterator[dict[str, object]]:
    for audit in found:
        one: dict[str, object] = {
            "file": audit.name,
            "findings": [f for finding in audit.findings for f in as_json(finding)],
            "coverage": {"quantities": audit.coverage.quantities, "relations": audit.coverage.relations},
        }
        yield one | ({"error": audit.error} if audit.error else {})
