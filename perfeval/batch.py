"""Many workbooks: each isolated in a worker, who-is-who settled before anything is published, then sets, summary and run record."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from perfeval import publishing
from perfeval.documents.result import Json
from perfeval.documents.summaries.brief import brief_of
from perfeval.errors import NothingToReadError, OutputError, PerfevalError, UsageError
from perfeval.findings.catalogue import make
from perfeval.inbox import Candidate, find
from perfeval.output_lock import occupied
from perfeval.pipeline import REJECTED, REPORTED, RETURNED, Settings, refuse_faulty_templates, tools
from perfeval.publishing import own_result
from perfeval.roster import Roster
from perfeval.run_record import RECORD_FILE, Earlier, Entry, count, journal, record
from perfeval.settling import Settled, rejected, settle
from perfeval.tasks import Processed, Task, check_one, stage_one, texts_of
from perfeval.versions import Archive
from perfeval.workers import Crew, Done, Runner

__all__ = ["RECORD_FILE", "SUMMARY_FILE", "Entry", "Order", "RunOutcome", "run_check", "run_report"]

SUMMARY_FILE = "汇总表.xlsx"
Progress = Callable[[int, int, Entry], None]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A finished run: every input, and whether an output was locked or the program itself failed on one.

    `locked` is also told where `problems` are: sentences about outputs that belong to no workbook of this run; `unwritten` are summary or record where
    they could not be written. `resubmitted` are those of the inputs, by file, that were filed before and have been superseded since. `kept` are
    sentences about documents that somebody changed in the output folder.
    """

    entries: tuple[Entry, ...]
    unfiled: tuple[str, ...] = ()
    locked: bool = False
    fault: BaseException | None = None
    problems: tuple[str, ...] = ()
    unwritten: frozenset[str] = frozenset()
    resubmitted: frozenset[str] = frozenset()
    kept: tuple[str, ...] = ()

    def count(self, status: str) -> int:
        """How many inputs ended with a status."""
        return count(self.entries, status)


@dataclass(frozen=True, slots=True)
class Order:
    """How a run is to be done: with how many workers or with which (`workers`), whether unchanged sets are built again, who has to file."""

    jobs: int = 1
    workers: Callable[[], AbstractContextManager[Runner]] | None = None
    force: bool = False
    roster: Roster | None = None

    def start(self, tasks: int) -> AbstractContextManager[Runner]:
        """The workers, no more of them than there are tasks."""
        return self.workers() if self.workers else Crew(max(1, min(self.jobs, tasks)))


def run_check(paths: Sequence[Path], settings: Settings, order: Order) -> RunOutcome:
    """Evaluates every workbook and writes nothing. Raises NothingToReadError, RegulationError, UsageError."""
    candidates = _candidates(paths)
    tools(settings)  # a faulty regulation stops the run before any workbook is touched
    faults: list[BaseException] = []
    with order.start(len(candidates)) as run:
        settled = settle(candidates, settings, run, Archive(None))
        entries = [_entry(done, faults) for done in run(partial(check_one, settings), settled.tasks)]
    return RunOutcome(_ordered([*settled.entries, *entries]), fault=faults[0] if faults else None)


def run_report(
    paths: Sequence[Path], output: Path, settings: Settings, order: Order | None = None, progress: Progress | None = None
) -> RunOutcome:
    """Turns workbooks into sets of documents, summary and run record below `output`.

    Raises NothingToReadError, RegulationError, TemplateError, UsageError, and OutputError where nothing at all can be written.
    """
    order = order or Order()
    _keep_apart(paths, output)
    candidates = _candidates(paths, output)
    prepared = tools(settings)
    refuse_faulty_templates(settings.templates)
    with occupied(output), _opened(output) as earlier, order.start(len(candidates)) as run:
        Thread(target=import_module, args=["perfeval.documents.summary"], daemon=True).start()  # pandas, while the workers start
        settled = settle(candidates, settings, run, Archive(output, earlier.written))
        publisher = _Publisher(output, settings, earlier, run, order.force)
        entries = [_with_standing_set(entry, settled, earlier, output) for entry in settled.entries]
        for number, entry in enumerate(publisher.publish(settled.tasks), start=1):
            entries.append(entry)
            if progress:
                progress(number, len(settled.tasks), entry)
        ordered = _ordered(entries)
        standing = [own_result(folder) for folder in settled.standing]
        problems = (
            _withdraw_stale(output, ordered, {*publisher.locked, *settled.standing}, publisher.set_aside)
            if any(path.is_dir() for path in paths)
            else []
        )
        unfiled = order.roster.missing(set(settled.departments.values())) if order.roster else ()
        summary = _summary(ordered, standing, unfiled, _duplicates(ordered, settled, run))
        own = {SUMMARY_FILE: summary, RECORD_FILE: record(ordered, prepared.versions, settings)}
        unwritten = {name: told for name, content in own.items() if (told := _not_replaced(output, name, content))}
        problems += unwritten.values()
    fault = publisher.faults[0] if publisher.faults else None
    locked = bool(publisher.locked or problems)
    return RunOutcome(
        ordered, unfiled, locked, fault, tuple(problems), frozenset(unwritten), frozenset(settled.resubmitted), tuple(publisher.kept)
    )


def _with_standing_set(entry: Entry, settled: Settled, earlier: Earlier, output: Path) -> Entry:
    """The entry of a workbook that was filed before lists the set that stays for it, as it was written."""
    newer = settled.resubmitted.get(entry.file)
    return replace(entry, outputs=earlier.outputs_in(newer.folder.relative_to(output).as_posix())) if newer else entry


def _not_replaced(output: Path, name: str, content: bytes) -> str:
    """The sentence where the file is open in another program, else '': the sets are in their places all the same."""
    try:
        publishing.replace_file(output, name, content)
    except OutputError as error:
        return str(error)
    return ""


def _keep_apart(paths: Iterable[Path], output: Path) -> None:
    """Refuses workbooks that lie among the results, where the next set to be published would sweep them away. Raises UsageError."""
    results = output.resolve()
    for path in (p.resolve() for p in paths):
        if path == results:
            raise UsageError(
                f"填报工作簿和结果放在了同一个文件夹“{output}”里，写出的结果会被当成填报。",
                "请把填报工作簿单独放一个文件夹，或者用 -o 指定另一个结果文件夹。",
            )
        within = [folder for folder in (path, *path.parents) if results in folder.parents]
        below = path.glob(f"*/{publishing.RESULT_FILE}") if within else ()
        if any((folder / publishing.RESULT_FILE).is_file() for folder in within) or any(below):
            raise UsageError(
                f"“{path}”在结果文件夹“{output}”里，更新结果时会被替换掉。", "请先把改好的工作簿复制到放填报工作簿的文件夹，再运行一次。"
            )


def _candidates(paths: Sequence[Path], output: Path | None = None) -> tuple[Candidate, ...]:
    candidates = find(paths, skip=output)
    if not any(not c.ignored for c in candidates):
        where = "、".join(f"“{p}”" for p in paths)
        raise NothingToReadError(f"{where}里没有可以读取的填报工作簿。", "请把填好的 .xlsx 工作簿放进去，再运行一次。")
    return candidates


@contextmanager
def _opened(output: Path) -> Iterator[Earlier]:
    """The output folder, recovered, and what earlier runs built; however the run ends, what was committed is in its place and the work folder empty."""
    earlier = Earlier(output, output / publishing.WORK_FOLDER)
    try:
        publishing.recover(output)
    except OSError as error:
        raise publishing.unwritable(output, error) from error
    try:
        yield earlier
    except BaseException:
        with suppress(OSError, OutputError):
            publishing.recover(output)
        raise
    publishing.clear(output)


class _Publisher:
    """Has the sets built that need it, and puts each into its place as soon as it is staged."""

    def __init__(self, output: Path, settings: Settings, earlier: Earlier, run: Runner, force: bool) -> None:
        self.faults: list[BaseException] = []
        self.locked: set[Path] = set()  # the folders whose old documents stay
        self.kept: list[str] = []  # sentences about documents that somebody had changed
        self._output, self._earlier, self._run, self._force = output, earlier, run, force
        self._stage = partial(stage_one, settings, output)

    def publish(self, tasks: Sequence[Task]) -> Iterator[Entry]:
        """An entry for each task: first those that stand unchanged, then each that is built, as it is done."""
        standing = {} if self._force else {task: self._earlier.entry(task) for task in tasks}
        for entry in standing.values():
            if entry is not None:
                self._note(entry)
                yield entry
        for done in self._run(self._stage, [task for task in tasks if standing.get(task) is None]):
            yield self._published(done)

    def _published(self, done: Done[Task, Processed]) -> Entry:
        """The entry of a finished workbook, its set in place; a locked set stays the old one."""
        entry = _entry(done, self.faults)
        if done.result is None or done.result.staged is None:
            return entry
        staged, task = done.result.staged, done.task
        targets = {task.target, *([task.superseded.target] if task.superseded else ())}
        try:
            for target in sorted(targets):
                self.set_aside(target)
            publishing.publish(self._output, staged)
        except OutputError as error:
            self.locked |= {self._output / target for target in targets}
            return replace(entry, reason=str(error))
        outputs = {f"{staged.target}/{name}": digest for name, digest in sorted(staged.hashes.items())}
        entry = replace(entry, outputs=outputs, fingerprint=task.fingerprint, texts=done.result.texts)
        self._note(entry)
        return entry

    def set_aside(self, target: str) -> None:
        """Keeps what somebody changed in a set's folder from being swept away with the old documents. Raises OutputError."""
        self.kept += publishing.set_changed_aside(self._output, target, self._earlier.written)

    def _note(self, entry: Entry) -> None:
        journal(self._output / publishing.WORK_FOLDER, entry)


def _entry(done: Done[Task, Processed], faults: list[BaseException]) -> Entry:
    task = done.task
    if done.result is None:
        if isinstance(done.fault, PerfevalError):
            raise done.fault  # a full disk or a broken template stops the run; it is no fault of this workbook
        faults += [done.fault] if done.fault else []
        return rejected(task, make(done.code, None, found=task.file))
    outcome = done.result.outcome
    return Entry(task.file, task.sha256, outcome.status, outcome.reason or done.result.remark, outcome)


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: e.file))


def _withdraw_stale(output: Path, entries: Sequence[Entry], kept_folders: Set[Path], set_aside: Callable[[str], None]) -> list[str]:
    """Removes sets whose workbook has been withdrawn or is now rejected, but not those in `kept_folders`; the sentences about those that are locked.

    `set_aside` is given each folder before anything in it is removed.
    """
    current = {path.rsplit("/", 1)[0] for entry in entries for path in entry.outputs}
    kept = {e.file for e in entries if e.status in (REPORTED, RETURNED)}  # a locked set keeps its old documents
    problems = []
    for folder in publishing.published_sets(output):
        target = folder.relative_to(output).as_posix()
        if folder in kept_folders or target in current or publishing.source_of(folder) in kept:
            continue
        try:
            set_aside(target)
            publishing.withdraw(output, target)
        except OutputError as error:
            problems.append(str(error))
    return problems


def _duplicates(entries: Sequence[Entry], settled: Settled, run: Runner) -> list[tuple[str, tuple[str, ...]]]:
    """Long texts that two or more departments filed alike, each with the departments; the text is read once more from the first of them."""
    filed: dict[str, dict[str, Entry]] = {}
    departments = settled.departments
    for entry in entries:
        for digest in entry.texts:
            filed.setdefault(digest, {}).setdefault(departments.get(entry.file, entry.file), entry)
    shared = {digest: by for digest, by in filed.items() if len(by) > 1}
    by_file = {task.file: task for task in settled.tasks}
    first = dict.fromkeys(by_file[next(iter(by.values())).file] for by in shared.values())
    texts: dict[str, str] = {}
    for done in run(texts_of, first):
        texts.update(done.result or {})
    return [(texts[digest], tuple(by)) for digest, by in shared.items() if digest in texts]


def _summary(
    entries: Sequence[Entry], standing: Sequence[Json], unfiled: Sequence[str], duplicates: Sequence[tuple[str, Sequence[str]]]
) -> bytes:
    """`standing` are the results of sets that stay although their workbooks are not there."""
    from perfeval.documents.summary import write_summary  # not at the top: the workers do without pandas

    briefs = [*(e.outcome.brief for e in entries if e.outcome and e.outcome.brief), *map(brief_of, standing)]
    refused: list[Mapping[str, str]] = [{"file": e.file, "status": e.status, "reason": e.reason} for e in entries if e.status == REJECTED]
    return write_summary(briefs, refused, unfiled, duplicates)
