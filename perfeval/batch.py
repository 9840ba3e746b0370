"""Many workbooks: each isolated in a worker, who-is-who settled before anything is published, then sets, summary and run record."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from perfeval import publishing
from perfeval.documents.result import Json, rejected_result
from perfeval.documents.summary import write_summary
from perfeval.errors import NothingToReadError, OutputError, TemplateError
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.inbox import Candidate, find, safe_name
from perfeval.intake.identify import Identity, identify
from perfeval.pipeline import (
    IGNORED,
    REJECTED,
    REPORTED,
    RETURNED,
    Settings,
    evaluate,
    plain_result,
    tools,
    write_documents,
)
from perfeval.roster import Roster
from perfeval.workers import Done, run_all

SUMMARY_FILE, RECORD_FILE, PENDING_FOLDER = "汇总表.xlsx", "运行记录.json", "待补"


@dataclass(frozen=True, slots=True)
class Entry:
    """One input and what became of it. `result` is the object of 结果.json (None for ignored files), `outputs` path → sha256."""

    file: str
    sha256: str
    status: str
    reason: str = ""
    result: Json | None = None
    outputs: Mapping[str, str] | None = None

    @property
    def findings(self) -> int:
        """How many findings, of any severity."""
        return len(self.result["findings"]) if self.result else 0


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A finished run: every input, and whether an output was locked or the program itself failed on one."""

    entries: tuple[Entry, ...]
    unfiled: tuple[str, ...] = ()
    locked: bool = False
    fault: BaseException | None = None

    def count(self, status: str) -> int:
        """How many inputs ended with a status."""
        return sum(1 for e in self.entries if e.status == status)


@dataclass(frozen=True, slots=True)
class Task:
    """One workbook for a worker; `target` and `stem` say where its set belongs and how its documents are called."""

    path: Path
    file: str
    sha256: str
    target: str = ""
    stem: str = ""


Progress = Callable[[int, int, Entry], None]


def run_check(paths: Sequence[Path], settings: Settings, jobs: int) -> RunOutcome:
    """Evaluates every workbook and writes nothing. Raises NothingToReadError, RegulationError, UsageError."""
    candidates = _candidates(paths)
    tools(settings)  # a faulty regulation or template stops the run before any workbook is touched
    entries, tasks, _ = _settle(candidates, jobs)
    faults: list[BaseException] = []
    for done in run_all(partial(_check_one, settings), tasks, jobs):
        entries.append(_finished(done, faults))
    return RunOutcome(_ordered(entries), fault=faults[0] if faults else None)


def run_report(
    paths: Sequence[Path], output: Path, settings: Settings, jobs: int, roster: Roster | None = None, progress: Progress | None = None
) -> RunOutcome:
    """Turns workbooks into sets of documents, summary and run record below `output`.

    Raises NothingToReadError, RegulationError, TemplateError, UsageError, and OutputError where nothing at all can be written.
    """
    candidates = _candidates(paths, output)
    prepared = tools(settings)
    _open_output(output)
    entries, tasks, departments = _settle(candidates, jobs)
    faults: list[BaseException] = []
    locked = False
    for number, done in enumerate(run_all(partial(stage_one, settings, output), tasks, jobs), start=1):
        entry, failed = _published(output, done, faults)
        locked |= failed
        entries.append(entry)
        if progress:
            progress(number, len(tasks), entry)
    ordered = _ordered(entries)
    if any(path.is_dir() for path in paths):
        locked |= _withdraw_stale(output, ordered)
    unfiled = roster.missing(departments) if roster else ()
    publishing.replace_file(output, SUMMARY_FILE, write_summary(*_summary_input(ordered, unfiled)))
    publishing.replace_file(output, RECORD_FILE, _record(ordered, prepared.versions, settings))
    publishing.clear(output)
    return RunOutcome(ordered, unfiled, locked, faults[0] if faults else None)


def _candidates(paths: Sequence[Path], output: Path | None = None) -> tuple[Candidate, ...]:
    candidates = find(paths, skip=output)
    if not any(not c.ignored for c in candidates):
        where = "、".join(f"“{p}”" for p in paths)
        raise NothingToReadError(f"{where}里没有可以读取的填报工作簿。", "请把填好的 .xlsx 工作簿放进去，再运行一次。")
    return candidates


def _open_output(output: Path) -> None:
    try:
        (output / publishing.WORK_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise publishing.unwritable(output, error) from error
    publishing.recover(output)


def _settle(candidates: Sequence[Candidate], jobs: int) -> tuple[list[Entry], list[Task], set[str]]:
    """Learns each workbook's department and year, and decides which are read: entries already settled, tasks, departments that filed."""
    entries = [Entry(c.file, c.sha256, IGNORED, c.ignored) for c in candidates if c.ignored]
    readable = [Task(c.path, c.file, c.sha256) for c in candidates if not c.ignored]
    identities = {done.task: done.result or Identity() for done in run_all(_identify_one, readable, jobs)}
    superseded = {i.predecessor for i in identities.values() if i.predecessor}
    replaced = [t for t in readable if t.sha256 in superseded]
    entries += [Entry(t.file, t.sha256, IGNORED, _superseded_by(t, identities)) for t in replaced]
    remaining = {t: i for t, i in identities.items() if t not in replaced}
    rivals = _rivals(remaining)
    entries += [_rejected(task, finding) for task, finding in rivals.items()]
    tasks = [_placed(t, i) for t, i in remaining.items() if t not in rivals]
    return entries, tasks, {i.department for i in remaining.values() if i.department}


def _identify_one(task: Task) -> Identity:
    return identify(task.path)


def _superseded_by(task: Task, identities: Mapping[Task, Identity]) -> str:
    successor = next(t.file for t, i in identities.items() if i.predecessor == task.sha256)
    return f"已被修改后的“{successor}”取代，只处理修改后的那一份。"


def _rivals(identities: Mapping[Task, Identity]) -> dict[Task, Finding]:
    """Different workbooks of one department and year: all of them, each with the finding that names the others."""
    groups: dict[tuple[str, int], list[Task]] = {}
    for task, identity in identities.items():
        if identity.department and identity.year:
            groups.setdefault((identity.department, identity.year), []).append(task)
    return {
        task: make("BATCH_001", None, found=task.file, department=department, year=year, others=_names(t for t in group if t is not task))
        for (department, year), group in groups.items()
        if len(group) > 1
        for task in group
    }


def _rejected(task: Task, finding: Finding) -> Entry:
    return Entry(task.file, task.sha256, REJECTED, finding.message + finding.fix, rejected_result(task.file, task.sha256, [finding]))


def _names(tasks: Iterable[Task]) -> str:
    return "、".join(f"“{t.file}”" for t in tasks)


def _placed(task: Task, identity: Identity) -> Task:
    """Where the set belongs: <year>/<department>, or 待补/<input file name> where one of them is missing."""
    if identity.department and identity.year:
        name = safe_name(identity.department)
        return replace(task, target=f"{identity.year}/{name}", stem=f"{name}_{identity.year}")
    name = safe_name(Path(task.file).stem)
    apart = "" if "/" not in task.file else "_" + hashlib.sha256(task.file.encode()).hexdigest()[:6]  # a.xlsx of two sub-folders
    return replace(task, target=f"{PENDING_FOLDER}/{name}{apart}", stem=f"{name}{apart}")


@dataclass(frozen=True, slots=True)
class Processed:
    """What a worker hands back: the result, and the staged set (None where nothing is published)."""

    result: Json
    staged: publishing.StagedSet | None = None
    remark: str = ""


def _check_one(settings: Settings, task: Task) -> Processed:
    return Processed(plain_result(evaluate(task.path, task.file, settings), task.sha256))


def stage_one(settings: Settings, output: Path, task: Task) -> Processed:
    """Evaluates one workbook and writes its set into the work folder; runs in a worker. Raises OutputError, TemplateError."""
    evaluated = evaluate(task.path, task.file, settings)
    if evaluated.package is None:
        return Processed(plain_result(evaluated, task.sha256))
    documents = write_documents(evaluated, task.path.read_bytes(), task.stem, settings)
    files = {**documents.files, publishing.RESULT_FILE: _json_bytes(documents.result)}
    identifier = hashlib.sha256(task.file.encode()).hexdigest()[:16]
    return Processed(documents.result, publishing.stage(output, identifier, task.target, files), documents.remark)


def _finished(done: Done[Task, Processed], faults: list[BaseException]) -> Entry:
    task = done.task
    if done.result is None:
        if isinstance(done.fault, OutputError | TemplateError):
            raise done.fault  # a full disk or a broken template stops the run; it is no fault of this workbook
        faults += [done.fault] if done.fault else []
        return _rejected(task, make(done.code, None, found=task.file))
    result = done.result.result
    return Entry(task.file, task.sha256, result["status"], _reason(result) or done.result.remark, result)


def _reason(result: Json) -> str:
    """Why a file was rejected, in its finding's own words."""
    return "".join(f["message"] + f["fix"] for f in result["findings"]) if result["status"] == REJECTED else ""


def _published(output: Path, done: Done[Task, Processed], faults: list[BaseException]) -> tuple[Entry, bool]:
    """The entry of a finished workbook, its set in place; True where the old set was locked and stays."""
    entry = _finished(done, faults)
    staged = done.result.staged if done.result else None
    if staged is None:
        return entry, False
    try:
        publishing.publish(output, staged)
    except OutputError as error:
        return replace(entry, reason=str(error)), True
    return replace(entry, outputs={f"{staged.target}/{name}": digest for name, digest in sorted(staged.hashes.items())}), False


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: e.file))


def _withdraw_stale(output: Path, entries: Sequence[Entry]) -> bool:
    """Removes sets whose workbook has been withdrawn or is now rejected; True where one was locked."""
    current = {path.rsplit("/", 1)[0] for entry in entries for path in entry.outputs or {}}
    kept = {e.file for e in entries if e.status in (REPORTED, RETURNED)}  # a locked set keeps its old documents
    locked = False
    for folder in publishing.published_sets(output):
        if folder.relative_to(output).as_posix() in current or publishing.source_of(folder) in kept:
            continue
        try:
            publishing.withdraw(folder)
        except OutputError:
            locked = True
    return locked


def _summary_input(entries: Sequence[Entry], unfiled: Sequence[str]) -> tuple[Any, ...]:
    results = [e.result for e in entries if e.result and e.status in (REPORTED, RETURNED)]
    rejected = [{"file": e.file, "status": e.status, "reason": e.reason} for e in entries if e.status == REJECTED]
    return results, rejected, unfiled


def _record(entries: Sequence[Entry], versions: Mapping[str, str], settings: Settings) -> bytes:
    return _json_bytes(
        {
            "inputs": [
                {
                    "file": e.file,
                    "sha256": e.sha256,
                    "status": e.status,
                    "reason": e.reason,
                    "findings": e.findings,
                    "outputs": dict(e.outputs or {}),
                }
                for e in entries
            ],
            "versions": dict(versions),
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
            "counts": {status: sum(1 for e in entries if e.status == status) for status in (REPORTED, RETURNED, REJECTED, IGNORED)},
        }
    )


def _json_bytes(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
