"""Many workbooks: each isolated in a worker, who-is-who decided before anything is published, then sets, summary and
run record."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from perfeval.documents.evaluation import IGNORED, REJECTED, REPORTED, RETURNED, Settings
from perfeval.documents.summaries.brief import Brief
from perfeval.errors import NothingToReadError, OutputError, PerfevalError, UsageError
from perfeval.excel.guard import file_sha256
from perfeval.filing.identify import Identity
from perfeval.findings.catalogue import make
from perfeval.output import files, publishing, state
from perfeval.output.lock import occupied
from perfeval.output.record import Earlier, Entry, Kept, Task, count, journal, record
from perfeval.output.sets import read_result, result_folders
from perfeval.output.versions import Archive, FiledVersion
from perfeval.output.written import Written
from perfeval.run.filings import Filings, filer_of, rejected, sort_filings
from perfeval.run.follow_up import FOLLOW_UP_FILE, follow_up_workbook, followed, not_compared
from perfeval.run.inbox import Candidate, find, folder_id, folders_in
from perfeval.run.kept_sets import Input, Reasons, kept_sentences, kept_sets, with_kept
from perfeval.run.pipeline import refuse_faulty_templates, tools
from perfeval.run.renames import Renames
from perfeval.run.roster import Roster
from perfeval.run.task import Processed, check_one, kept_brief, stage_one, texts_of
from perfeval.run.workers import Crew, Done, Runner

__all__ = ["RECORD_FILE", "SUMMARY_FILE", "Entry", "Order", "RunOutcome", "run_check", "run_report"]

SUMMARY_FILE, RECORD_FILE = "汇总表.xlsx", state.RECORD_FILE
UNKNOWN_SET = "请把它的填报工作簿放回来再运行一次 make report；工作簿已经撤回的，请自己移走这个文件夹。"
Progress = Callable[[int, int, Entry], None]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A finished run: every input, and whether an output was locked or the program itself failed on one.

    `locked` is also reported where `problems` are: sentences about outputs that belong to no workbook of this run;
    `unwritten` are summary or record where they could not be written. `resubmitted` are those of the inputs, by file,
    that were filed before and have been superseded since. `kept` are sentences about documents that somebody changed in
    the output folder, `kept_sets` the sets that stay although nothing was made of their workbook, `remarks` sentences
    about what was ordered and had no use, `follow_up` those about the list of last year's suggestions.
    """

    entries: tuple[Entry, ...]
    unfiled: tuple[str, ...] = ()
    locked: bool = False
    fault: BaseException | None = None
    problems: tuple[str, ...] = ()
    unwritten: frozenset[str] = frozenset()
    resubmitted: frozenset[str] = frozenset()
    kept: tuple[str, ...] = ()
    kept_sets: tuple[Kept, ...] = ()
    remarks: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()

    def count(self, status: str) -> int:
        """How many inputs ended with a status."""
        return count(self.entries, status)

    @property
    def other_sentences(self) -> tuple[str, ...]:
        """The sentences that the results themselves do not hold: what was kept or in the way."""
        reasons = (f"{e.file}：{e.reason}" for e in self.entries if e.reason and e.status in (REPORTED, RETURNED))
        return (*self.kept, *self.remarks, *kept_sentences(self.kept_sets), *self.problems, *reasons)


@dataclass(frozen=True, slots=True)
class Order:
    """How a run is to be done: with how many workers or with which (`workers`), whether unchanged sets are built again,
    who has to file.

    `renames` are the departments that were renamed.
    """

    jobs: int = 1
    workers: Callable[[], AbstractContextManager[Runner]] | None = None
    force: bool = False
    roster: Roster | None = None
    renames: Renames = field(default_factory=Renames)

    def start(self, tasks: int) -> AbstractContextManager[Runner]:
        """The workers, no more of them than there are tasks."""
        return self.workers() if self.workers else Crew(max(1, min(self.jobs, tasks)))


def run_check(paths: Sequence[Path], settings: Settings, order: Order) -> RunOutcome:
    """Evaluates every workbook and writes nothing. Raises NothingToReadError, RegulationError, UsageError."""
    candidates = _candidates(paths)
    tools(settings)  # a faulty regulation stops the run before any workbook is touched
    faults: list[BaseException] = []
    with order.start(len(candidates)) as run:
        filings = sort_filings(candidates, settings, run, Archive(None))
        entries = [_entry(done, faults) for done in run(partial(check_one, settings), filings.tasks)]
    return RunOutcome(_ordered([*filings.entries, *entries]), fault=faults[0] if faults else None)


def run_report(
    paths: Sequence[Path],
    output: Path,
    settings: Settings,
    order: Order | None = None,
    progress: Progress | None = None,
) -> RunOutcome:
    """Turns workbooks into sets of documents, summary and run record below `output`.

    Raises NothingToReadError, RegulationError, TemplateError, UsageError, and OutputError where nothing at all can be
    written.
    """
    order = order or Order()
    _keep_apart(paths, output)
    candidates = _candidates(paths, output)
    prepared = tools(settings)
    refuse_faulty_templates(settings.templates)
    with occupied(output), _opened(output) as earlier, order.start(len(candidates)) as run:
        archive = Archive(output, earlier.written)
        before = archive.current  # as it is now: what is published from here on is another matter
        filings = sort_filings(candidates, settings, run, archive, order.renames, earlier)
        publisher = _Publisher(output, settings, earlier, run, order.force)
        entries = [_with_kept_set(entry, filings, earlier) for entry in filings.entries]
        for number, entry in enumerate(publisher.publish(filings.tasks), start=1):
            entries.append(entry)
            if progress:
                progress(number, len(filings.tasks), entry)
        ordered = _ordered(entries)
        stale = _stale(output, ordered, before, publisher.locked)
        roots = frozenset(folder_id(folder) for path in paths for folder in folders_in(path))
        kept = tuple(
            kept_sets(stale, Reasons(_inputs(candidates, ordered, filings), roots, earlier, archive, order.renames))
        )
        spared = {*filings.kept, *(one.target for one in kept)}
        ordered = with_kept(ordered, kept)
        results = _kept_results(output, filings, kept)
        problems = [
            *earlier.problems,
            *(_damaged(output / target) for target, (result, _) in results.items() if not result),
        ]
        problems += _withdraw(output, stale.keys() - spared, publisher.set_aside)
        filed = {*filings.departments.values(), *filter(None, (stale[one.target].filer.department for one in kept))}
        unfiled = _unfiled(order.roster, filed, ordered) if order.roster else ()
        beside, shared = earlier.beside, _shared(ordered, filings)
        remarks = {target: remark for target, (result, remark) in results.items() if result}
        made_from = _made_from(output, ordered, remarks, unfiled, shared, prepared.digest)
        if order.force or made_from != earlier.summary or not beside.stands(SUMMARY_FILE):
            briefs = [kept_brief(result, remark) for result, remark in results.values() if result]
            duplicates = _duplicates(shared, filings, run)
            beside.write(SUMMARY_FILE, _summary(ordered, briefs, unfiled, duplicates))
        follow_up = _follow_up(output, beside, ordered) if settings.previous else ()
        summary = made_from if SUMMARY_FILE not in beside.unwritten else ""
        beside.write_record(record(ordered, prepared.versions, settings, kept, filings.identities, summary))
        problems += beside.unwritten.values()
    return RunOutcome(
        ordered,
        unfiled,
        locked=bool(publisher.locked or problems),
        fault=publisher.faults[0] if publisher.faults else None,
        problems=tuple(problems),
        unwritten=frozenset(beside.unwritten),
        resubmitted=frozenset(filings.resubmitted),
        kept=(*publisher.kept, *beside.kept),
        kept_sets=kept,
        remarks=(*_roster_remarks(order.roster), *_remarks(order.renames, filings, archive)),
        follow_up=follow_up,
    )


def _unfiled(roster: Roster, filed: Collection[str], entries: Iterable[Entry]) -> tuple[str, ...]:
    """Who has not filed; not who sent a file that cannot be opened: that is reported with the file."""
    received = roster.named_by([entry.file for entry in entries if entry.status == REJECTED])
    return tuple(name for name in roster.missing(filed) if name not in received)


def _roster_remarks(roster: Roster | None) -> Iterator[str]:
    """What is to be said of the roster itself."""
    if roster is not None and roster.repeated:
        yield f"名册里有部门写了不止一行，按一个部门计：{'、'.join(roster.repeated)}。"


def _follow_up(output: Path, beside: Written, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Writes the list of last year's suggestions; says where it lies, and which departments were compared with
    nothing."""
    lines = followed(e.outcome.result for e in entries if e.outcome and e.status != REJECTED)
    if not beside.write(FOLLOW_UP_FILE, follow_up_workbook(lines)):
        return ()
    sentence, alone = f"上年改进建议的落实情况见 {output / FOLLOW_UP_FILE}。", not_compared(lines)
    if not alone:
        return (sentence,)
    rename = "部门改过名称的，请把去年那份里的部门名称改成一样。"
    return sentence, f"有 {len(alone)} 个部门没有找到上一年度的填报，没有与去年核对：{'、'.join(alone)}。{rename}"


def _remarks(renames: Renames, filings: Filings, archive: Archive) -> tuple[str, ...]:
    """What is to be said of the renames that were ordered."""
    filed = [i.department for i in filings.identities.values() if i.department]
    return renames.remarks([*filed, *archive.departments], filed) if renames.ordered else ()


def _inputs(candidates: Iterable[Candidate], entries: Iterable[Entry], filings: Filings) -> tuple[Input, ...]:
    """Every input with what is known of it."""
    by_file, tasks = {entry.file: entry for entry in entries}, {task.file: task for task in filings.tasks}
    identities = {c.file: filings.identities.get(c.file, Identity()) for c in candidates}
    return tuple(
        Input(c, by_file[c.file], filer_of(i := identities[c.file]), i.named, tasks.get(c.file)) for c in candidates
    )


def _with_kept_set(entry: Entry, filings: Filings, earlier: Earlier) -> Entry:
    """The entry of a workbook that was filed before lists the set that stays for it, as it was written."""
    newer = filings.resubmitted.get(entry.file)
    return replace(entry, outputs=earlier.outputs_in(newer.target)) if newer else entry


def _damaged(folder: Path) -> str:
    """The sentence for a set that stays although its workbook is not there, and of which nothing can be read."""
    return f"{state.damaged(folder / state.RESULT_FILE)}这一份没有列入汇总表。请把它的填报工作簿放回来，再运行一次 make report。"


def _load_pandas() -> None:
    with suppress(Exception):  # what it fails by is said where the summary needs it
        import_module("perfeval.documents.summaries.write")


def _keep_apart(paths: Iterable[Path], output: Path) -> None:
    """Refuses workbooks that lie among the results, where the next set to be published would sweep them away. Raises
    UsageError."""
    results = output.resolve()
    for path in (p.resolve() for p in paths):
        if path == results:
            raise UsageError(
                f"填报工作簿和结果放在了同一个文件夹“{output}”里，写出的结果会被当成填报。",
                "请把填报工作簿单独放一个文件夹，或者用 -o 指定另一个结果文件夹。",
            )
        within = [folder for folder in (path, *path.parents) if results in folder.parents]
        below = path.glob(f"*/{state.RESULT_FILE}") if within else ()
        if any((folder / state.RESULT_FILE).is_file() for folder in within) or any(below):
            raise UsageError(
                f"“{path}”在结果文件夹“{output}”里，更新结果时会被替换掉。",
                "请先把改好的工作簿复制到放填报工作簿的文件夹，再运行一次。",
            )


def _candidates(paths: Sequence[Path], output: Path | None = None) -> tuple[Candidate, ...]:
    candidates = find(paths, skip=output)
    if not any(not c.ignored and not c.unread for c in candidates):
        where = "、".join(f"“{p}”" for p in paths)
        if closed := "、".join(f"“{c.file}”" for c in candidates if c.unread):
            raise NothingToReadError(
                f"{where}里没有读到填报工作簿：文件夹{closed}打不开。", "请检查文件夹的权限和网络连接，再运行一次。"
            )
        raise NothingToReadError(f"{where}里没有可以读取的填报工作簿。", "请把填好的 .xlsx 工作簿放进去，再运行一次。")
    return candidates


@contextmanager
def _opened(output: Path) -> Iterator[Earlier]:
    """The output folder, recovered, and what earlier runs built; however the run ends, what was committed is in its
    place and the work folder empty."""
    earlier = Earlier(output)
    try:
        earlier.problems += publishing.recover(output)
    except OSError as error:
        raise files.unwritable(output, error) from error
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
        self.kept = list(
            earlier.notes
        )  # sentences about a damaged record, and about documents that somebody had changed
        self._output, self._earlier, self._run, self._force = output, earlier, run, force
        self._stage = partial(stage_one, settings, output)

    def publish(self, tasks: Sequence[Task]) -> Iterator[Entry]:
        """An entry for each task: first those that are unchanged, then each that is built, as it is done."""
        unchanged = {} if self._force else {task: self._earlier.entry(task) for task in tasks}
        for entry in unchanged.values():
            if entry is not None:
                self._note(entry)
                yield entry
        due = [task for task in tasks if unchanged.get(task) is None]
        if due:
            Thread(target=_load_pandas, daemon=True).start()  # while the workers are at it
        for done in self._run(self._stage, due):
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
                self.set_aside(target, staged.hashes if target == staged.target else None)
            publishing.publish(self._output, staged)
        except OutputError as error:
            self.locked |= {self._output / target for target in targets}
            return replace(entry, reason=str(error))
        outputs = {f"{staged.target}/{name}": digest for name, digest in sorted(staged.hashes.items())}
        entry = replace(entry, outputs=outputs, fingerprint=task.fingerprint, texts=done.result.texts)
        self._note(entry)
        return entry

    def set_aside(self, target: str, new: Mapping[str, str] | None = None) -> None:
        """Keeps what somebody changed in a set's folder, or put in the place of a `new` document (name → sha256), from
        being swept away. Raises OutputError."""
        self.kept += publishing.set_changed_aside(self._output, target, self._earlier.written, new)

    def _note(self, entry: Entry) -> None:
        journal(self._output, entry)


def _entry(done: Done[Task, Processed], faults: list[BaseException]) -> Entry:
    task = done.task
    if done.result is None:
        if isinstance(done.fault, PerfevalError):
            raise done.fault  # a full disk or a broken template stops the run; it is no fault of this workbook
        faults += [done.fault] if done.fault else []
        return rejected(task, make(done.code, None, found=task.file))
    outcome = done.result.outcome
    return Entry(
        task.file, task.sha256, outcome.status, outcome.reason or done.result.remark, outcome, folder=task.folder
    )


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: e.file))


def _stale(
    output: Path, entries: Iterable[Entry], before: Iterable[FiledVersion], locked: Iterable[Path]
) -> Mapping[str, FiledVersion]:
    """The sets from before the run of which nothing was made in it, by folder below the output folder; not those that
    are `locked`."""
    taken = {path.rpartition("/")[0] for entry in entries if entry.status != IGNORED for path in entry.outputs}
    taken |= {folder.relative_to(output).as_posix() for folder in locked}
    still = {folder.relative_to(output).as_posix() for folder in result_folders(output)} - taken
    return {version.target: version for version in before if version.target in still}


def _withdraw(output: Path, targets: Iterable[str], set_aside: Callable[[str], None]) -> list[str]:
    """Removes sets; the sentences about those that are locked. `set_aside` is given each folder before anything in it
    is removed."""
    problems = []
    for target in sorted(targets):
        if not state.read_object(output / target / state.RESULT_FILE):
            problems.append(
                f"{state.damaged(output / target / state.RESULT_FILE)}不知道这一份是谁的，没有动它。{UNKNOWN_SET}"
            )
            continue
        try:
            set_aside(target)
            publishing.withdraw(output, target)
        except OutputError as error:
            problems.append(str(error))
    return problems


def _kept_results(output: Path, filings: Filings, kept: Iterable[Kept]) -> Mapping[str, tuple[state.Json, str]]:
    """The sets that stay without a workbook of this run, by folder: the object of 结果.json ({} where it is damaged) and
    a remark for the summary."""
    remarks = {
        **dict.fromkeys(filings.kept, ""),
        **{one.target: f"上次的结果保留，因为{one.reason}。" for one in kept},
    }
    return {target: (read_result(output / target), remark) for target, remark in remarks.items()}


def _made_from(
    output: Path,
    entries: Iterable[Entry],
    kept: Mapping[str, str],
    unfiled: Sequence[str],
    shared: Mapping[str, Mapping[str, Entry]],
    tools_digest: str,
) -> str:
    """Equal where 汇总表 would be the same; `kept` are the remarks of the sets that stay, by folder."""
    lines = [
        (e.file, e.sha256, e.status, e.reason, sorted(e.outputs.items()), e.fingerprint)
        for e in entries
        if e.status != IGNORED
    ]
    left = [(target, remark, file_sha256(output / target / state.RESULT_FILE)) for target, remark in kept.items()]
    alike = [(digest, tuple(by)) for digest, by in shared.items()]
    return hashlib.sha256(repr((tools_digest, lines, left, unfiled, alike)).encode()).hexdigest()


def _shared(entries: Iterable[Entry], filings: Filings) -> dict[str, dict[str, Entry]]:
    """The digests of long texts that two or more departments filed alike, each with the departments and their
    entries."""
    filed: dict[str, dict[str, Entry]] = {}
    departments = filings.departments
    for entry in entries:
        for digest in entry.texts:
            filed.setdefault(digest, {}).setdefault(departments.get(entry.file, entry.file), entry)
    return {digest: by for digest, by in filed.items() if len(by) > 1}


def _duplicates(
    shared: Mapping[str, Mapping[str, Entry]], filings: Filings, run: Runner
) -> list[tuple[str, tuple[str, ...]]]:
    """Those texts, each with its departments; the text is read once more from the first of them."""
    by_file = {task.file: task for task in filings.tasks}
    first = dict.fromkeys(by_file[next(iter(by.values())).file] for by in shared.values())
    texts: dict[str, str] = {}
    for done in run(texts_of, first):
        texts.update(done.result or {})
    return [(texts[digest], tuple(by)) for digest, by in shared.items() if digest in texts]


def _summary(
    entries: Sequence[Entry],
    kept: Sequence[Brief],
    unfiled: Sequence[str],
    duplicates: Sequence[tuple[str, Sequence[str]]],
) -> bytes:
    """`kept` are the sets that stay although nothing was made of their workbooks."""
    from perfeval.documents.summaries.write import write_summary  # not at the top: it loads pandas

    briefs = [*(e.outcome.brief for e in entries if e.outcome and e.outcome.brief), *kept]
    refused: list[Mapping[str, str]] = [
        {"file": e.file, "status": e.status, "reason": e.reason} for e in entries if e.status == REJECTED
    ]
    return write_summary(briefs, refused, unfiled, duplicates)
