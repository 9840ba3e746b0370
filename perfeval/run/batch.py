"""Many workbooks: each isolated in a worker, who-is-who decided before anything is published, then sets, summary and
run record."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from perfeval.documents.evaluation import IGNORED, REJECTED, REPORTED, RETURNED, Settings
from perfeval.errors import NothingToReadError, OutputError, UsageError
from perfeval.filing.identify import Identity
from perfeval.output import files, publishing
from perfeval.output.lock import occupied
from perfeval.output.record import Earlier, Entry, Kept, count, record
from perfeval.output.sets import result_folders
from perfeval.output.state import RECORD_FILE, RESULT_FILE
from perfeval.output.versions import Archive, FiledVersion
from perfeval.output.written import Written
from perfeval.run.filings import Filings, filer_of, sort_filings
from perfeval.run.follow_up import FOLLOW_UP_FILE, follow_up_workbook, followed, not_compared
from perfeval.run.inbox import Candidate, find, folder_id, folders_in
from perfeval.run.kept_sets import Input, Reasons, kept_sentences, kept_sets, with_kept
from perfeval.run.pdf import pdf_copies
from perfeval.run.pipeline import refuse_faulty_templates, tools
from perfeval.run.publisher import Publisher, entry_of
from perfeval.run.renames import Renames
from perfeval.run.roster import Roster
from perfeval.run.summary import NOTICE_FILE, SUMMARY_FILE, Summary
from perfeval.run.task import check_one
from perfeval.run.workers import Crew, Runner

__all__ = ["RECORD_FILE", "SUMMARY_FILE", "Entry", "Order", "RunOutcome", "run_check", "run_report"]

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

    `renames` are the departments that were renamed, `waiting` the workbooks that are left alone: they are being copied
    or edited; `pdf`: PDF copies of the Word documents are wanted.
    """

    jobs: int = 1
    workers: Callable[[], AbstractContextManager[Runner]] | None = None
    force: bool = False
    roster: Roster | None = None
    renames: Renames = field(default_factory=Renames)
    waiting: frozenset[Path] = frozenset()
    pdf: bool = False

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
        entries = [entry_of(done, faults) for done in run(partial(check_one, settings), filings.tasks)]
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
    candidates = _candidates(paths, output, order.waiting)
    prepared = tools(settings)
    refuse_faulty_templates(settings.templates)
    with occupied(output), _opened(output) as earlier, order.start(len(candidates)) as run:
        archive = Archive(output, earlier.written)
        before = archive.current  # as it is now: what is published from here on is another matter
        filings = sort_filings(candidates, settings, run, archive, order.renames, earlier)
        publisher = Publisher(output, settings, earlier, run, order.force)
        entries = _published(publisher, filings, earlier, progress)
        stale = _stale(output, entries, before, publisher.locked)
        reasons = Reasons(_inputs(candidates, entries, filings), _roots(paths), earlier, archive, order.renames)
        kept = tuple(kept_sets(stale, reasons))
        entries = with_kept(entries, kept)
        publisher.withdraw(stale.keys() - {*filings.kept, *(one.target for one in kept)})
        filed = {*filings.departments.values(), *(stale[one.target].filer.department or "" for one in kept)}
        unfiled = _unfiled(order.roster, filed, entries) if order.roster else ()
        summary = Summary(output, entries, filings, _left(filings, kept), unfiled, prepared.digest, order.roster)
        beside = earlier.beside
        made_from = _write_summary(summary, beside, run, "" if order.force else earlier.summary)
        follow_up = _follow_up(output, beside, entries) if settings.previous else ()
        copies = tuple(pdf_copies(output, entries, beside, order.pdf))
        beside.write_record(record(entries, prepared.versions, settings, kept, filings.identities, made_from))
    problems = (*earlier.problems, *summary.problems, *publisher.problems, *beside.unwritten.values())
    return RunOutcome(
        entries,
        unfiled,
        locked=bool(publisher.locked or problems),
        fault=publisher.faults[0] if publisher.faults else None,
        problems=problems,
        unwritten=frozenset(beside.unwritten),
        resubmitted=frozenset(filings.resubmitted),
        kept=(*earlier.notes, *publisher.kept, *beside.kept),
        kept_sets=kept,
        remarks=(*_roster_remarks(order.roster), *_remarks(order.renames, filings, archive), *copies),
        follow_up=follow_up,
    )


def _published(
    publisher: Publisher, filings: Filings, earlier: Earlier, progress: Progress | None
) -> tuple[Entry, ...]:
    """Every input's entry, once all sets are in their places."""
    entries = [_with_kept_set(entry, filings, earlier) for entry in filings.entries]
    for number, entry in enumerate(publisher.publish(filings.tasks), start=1):
        entries.append(entry)
        if progress:
            progress(number, len(filings.tasks), entry)
    return _ordered(entries)


def _roots(paths: Iterable[Path]) -> frozenset[str]:
    """The folders the run was given, as the record names them."""
    return frozenset(folder_id(folder) for path in paths for folder in folders_in(path))


def _left(filings: Filings, kept: Iterable[Kept]) -> Mapping[str, str]:
    """The sets that stay without a workbook of this run, by folder, each with a remark for the summary."""
    return {
        **dict.fromkeys(filings.kept, ""),
        **{one.target: f"上次的结果保留，因为{one.reason}。" for one in kept},
    }


def _write_summary(summary: Summary, beside: Written, run: Runner, last: str) -> str:
    """Writes 汇总表 and 通报 where they are not made from the same as the `last` ones; what they are made from, '' where
    one could not be written. A 通报 of an earlier run that has no successor does not stay."""
    names = (SUMMARY_FILE, NOTICE_FILE) if summary.has_notice else (SUMMARY_FILE,)
    if summary.digest != last or not all(map(beside.stands, names)):
        for name, content in summary.files(run).items():
            beside.write(name, content)
    if not summary.has_notice and beside.stands(NOTICE_FILE):
        files.remove_file(summary.output / NOTICE_FILE)
    return summary.digest if not beside.unwritten.keys() & set(names) else ""


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
        below = path.glob(f"*/{RESULT_FILE}") if within else ()
        if any((folder / RESULT_FILE).is_file() for folder in within) or any(below):
            raise UsageError(
                f"“{path}”在结果文件夹“{output}”里，更新结果时会被替换掉。",
                "请先把改好的工作簿复制到放填报工作簿的文件夹，再运行一次。",
            )


def _candidates(
    paths: Sequence[Path], output: Path | None = None, waiting: frozenset[Path] = frozenset()
) -> tuple[Candidate, ...]:
    candidates = find(paths, output, waiting)
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
