"""Who is who among the workbooks of a run, decided before any set is published: copies, superseded versions, rivals,
and where each set belongs."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfeval.documents.evaluation import IGNORED, REJECTED, Revision, Settings
from perfeval.documents.result import rejected_result
from perfeval.filing.identify import Identity
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.roster import FORMER_HEADER
from perfeval.model.text import version_name
from perfeval.output.publishing import HISTORY_FOLDER, Superseded
from perfeval.output.record import Earlier, Entry, Task, outcome_of
from perfeval.output.versions import PENDING_FOLDER, Archive, FiledVersion, Filer
from perfeval.run.inbox import Candidate, safe_name
from perfeval.run.pipeline import fingerprint
from perfeval.run.renames import OPTION, Renames, is_same_name
from perfeval.run.task import identify_one, is_readable
from perfeval.run.workers import Runner


@dataclass(frozen=True, slots=True)
class Filings:
    """What is decided already, what is to be done, and which departments have filed as far as is known.

    `resubmitted` are the workbooks that have been superseded, each with the set that did and stays although its own
    workbook is not among the inputs; None where that is there too, or a newer one.
    """

    entries: tuple[Entry, ...]
    tasks: tuple[Task, ...]
    departments: Mapping[str, str]  # file → department
    identities: Mapping[str, Identity] = field(default_factory=dict)  # of every workbook that could be opened, by file
    resubmitted: Mapping[str, FiledVersion | None] = field(default_factory=dict)  # by file

    @property
    def kept(self) -> tuple[str, ...]:
        """The folders of the sets that stay like that, below the output folder."""
        return tuple(dict.fromkeys(newer.target for newer in self.resubmitted.values() if newer))


def sort_filings(
    candidates: Sequence[Candidate],
    settings: Settings,
    run: Runner,
    archive: Archive,
    renames: Renames | None = None,
    earlier: Earlier | None = None,
) -> Filings:
    """Learns each workbook's department and year. A file that ends its worker here is not tried again. `archive` is
    what was published before, `earlier` what the last run knew: a workbook it has read is not opened again."""
    renames = renames or Renames()
    filed = [Task(c.path, c.file, c.sha256, folder=c.folder) for c in candidates if not c.ignored and not c.unread]
    identities, ended = _identities(filed, run, earlier.identities if earlier else {})
    unreadable = _unreadable_claimants(identities, run, renames, earlier.readable if earlier else frozenset())
    placed = _places(identities)
    readable = {t: i for t, i in identities.items() if t not in unreadable}
    shelf = _Shelf(archive, renames, {t.sha256: (placed[t], i) for t, i in readable.items() if t.sha256})
    replaced = shelf.corrected()
    current = {t: i for t, i in identities.items() if t.sha256 not in replaced}
    again = {
        t: found for t, i in current.items() if (found := archive.successor_of(t.sha256, filer_of(i), renames.is_one))
    }
    remaining = {t: i for t, i in current.items() if t not in again}
    rivals = _rivals({t: i for t, i in remaining.items() if t not in unreadable}, renames)
    tasks = _without_borrowed(
        tuple(_revised(placed[t], i, shelf, settings) for t, i in remaining.items() if t not in rivals)
    )
    return Filings(
        entries=(
            *_passed_over(candidates),
            *ended,
            *(_replaced(t, replaced[t.sha256]) for t in identities if t.sha256 in replaced),
            *(_filed_before(t, *found) for t, found in again.items()),
            *(rejected(t, finding) for t, finding in rivals.items()),
        ),
        tasks=tasks,
        departments={t.file: i.department for t, i in current.items() if i.department and t not in unreadable},
        identities={t.file: i for t, i in identities.items()},
        resubmitted={t.file: _kept_version(newer, tasks) for t, (_, newer) in again.items()},
    )


def _passed_over(candidates: Iterable[Candidate]) -> Iterator[Entry]:
    """The entries of the files that are no workbooks to be read, and of the folders that cannot be opened."""
    for one in candidates:
        if one.ignored:
            yield Entry(one.file, one.sha256, IGNORED, one.ignored)
        elif one.unread:
            yield rejected(Task(one.path, one.file, ""), make("BATCH_005", None, found=one.file))


def _identities(
    filed: Sequence[Task], run: Runner, known: Mapping[str, Identity]
) -> tuple[dict[Task, Identity], list[Entry]]:
    """Who filed each workbook, and the entries of those that end their worker. One of a `known` sha256 is not
    opened."""
    found = {task: known[task.sha256] for task in filed if task.sha256 in known}
    ended = []
    for done in run(identify_one, [task for task in filed if task not in found]):
        if done.result is None and not done.fault:
            ended.append(rejected(done.task, make(done.code, None, found=done.task.file)))
        else:
            found[done.task] = done.result or Identity()
    return {task: found[task] for task in filed if task in found}, ended


def _replaced(task: Task, newer: str) -> Entry:
    return Entry(task.file, task.sha256, IGNORED, f"已被修改后的“{newer}”取代，只处理修改后的那一份。")


def _kept_version(newer: FiledVersion, tasks: Iterable[Task]) -> FiledVersion | None:
    """The set that has superseded a workbook, where no workbook of this run takes its place."""
    taken = {t.target for t in tasks} | {t.superseded.target for t in tasks if t.superseded}
    return None if newer.target in taken else newer


def _filed_before(task: Task, version: int, newer: FiledVersion) -> Entry:
    reason = f"与已收到的{version_name(version)}完全相同，{version_name(newer.version)}已经取代它，没有改动。"
    return Entry(task.file, task.sha256, IGNORED, reason, folder=task.folder)


def rejected(task: Task, finding: Finding) -> Entry:
    """The entry of a workbook that is not read, for one reason."""
    outcome = outcome_of(rejected_result(task.file, task.sha256, [finding]))
    return Entry(task.file, task.sha256, REJECTED, outcome.reason, outcome)


def filer_of(identity: Identity) -> Filer:
    """Whose filing a workbook is, as it says itself."""
    return Filer(identity.department, identity.year)


def _unreadable_claimants(
    identities: Mapping[Task, Identity], run: Runner, renames: Renames, readable: Set[str]
) -> frozenset[Task]:
    """Of the workbooks that would be in another's way those that cannot be read in full: a damaged file harms nobody
    but itself. Those known to be `readable` (sha256) are not opened."""
    groups = _groups(identities, renames)
    claimants = [t for group in groups.values() if len(group) > 1 for t in group]
    claimants += [t for t, i in identities.items() if i.predecessor and t not in claimants]
    asked = [task for task in claimants if task.sha256 not in readable]
    return frozenset(done.task for done in run(is_readable, asked) if not done.result)


def _groups(identities: Mapping[Task, Identity], renames: Renames) -> dict[str, list[Task]]:
    """The workbooks by year and department, whose names are compared as people read them; those without department or
    year stand alone."""
    groups: dict[str, list[Task]] = {}
    for task, identity in identities.items():
        if identity.department and identity.year:
            groups.setdefault(f"{identity.year}/{renames.newest(identity.department)}", []).append(task)
    return groups


def _rivals(identities: Mapping[Task, Identity], renames: Renames) -> dict[Task, Finding]:
    """Different workbooks of one department and year: all of them, each with the finding that names the others."""
    return {
        task: make(
            "BATCH_001",
            None,
            found=task.file,
            department=identities[task].department,
            year=identities[task].year,
            others=_names(t for t in group if t is not task),
        )
        for group in _groups(identities, renames).values()
        if len(group) > 1
        for task in group
    }


def _names(tasks: Iterable[Task]) -> str:
    return "、".join(f"“{t.file}”" for t in tasks)


def _target(department: str, year: int) -> str:
    return f"{year}/{safe_name(department)}"


def _pending_name(task: Task) -> str:
    return safe_name(Path(task.file).stem)


def _places(identities: Mapping[Task, Identity]) -> dict[Task, Task]:
    """Each workbook's task with where its set belongs."""
    pending = Counter(_pending_name(t).casefold() for t, i in identities.items() if not filer_of(i).is_known)
    return {task: _placed(task, identity, pending) for task, identity in identities.items()}


def _placed(task: Task, identity: Identity, pending: Mapping[str, int]) -> Task:
    """Where the set belongs: <year>/<department>, or 待补/<input file name> where one of them is missing (`pending`
    counts those names)."""
    if identity.department and identity.year:
        target = _target(identity.department, identity.year)
        stem = f"{target.partition('/')[2]}_{identity.year}"
    else:
        name = _pending_name(task)
        alone = (
            "/" not in task.file and pending[name.casefold()] == 1
        )  # not so a.xlsx of two sub-folders, or a.xlsx beside A.xlsx
        apart = "" if alone else "_" + hashlib.sha256(task.file.encode()).hexdigest()[:6]
        target, stem = f"{PENDING_FOLDER}/{name}{apart}", f"{name}{apart}"
    return replace(task, target=target, stem=stem)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where versions are found: those published, and the readable workbooks of this run by sha256, each with where its
    set belongs and who filed it."""

    archive: Archive
    renames: Renames
    filed: Mapping[str, tuple[Task, Identity]]

    def filers(self, predecessor: str) -> tuple[Filer, ...]:
        """Who filed the workbook that is named as a predecessor; none where nobody knows it."""
        filed = self.filed.get(predecessor)
        return self.archive.filers(predecessor, filer_of(filed[1]) if filed else None)

    def is_correction(self, identity: Identity) -> bool:
        """Whether a workbook corrects the one it names: only one with department and year does, and what is known of
        the other must fit."""
        if not identity.predecessor or not filer_of(identity).is_known:
            return False
        known = self.filers(identity.predecessor)
        return not known or any(self.fits(filer, identity) for filer in known)

    def fits(self, earlier: Filer, identity: Identity) -> bool:
        """Whether the earlier filing can be that department's of that year."""
        return earlier.may_be(filer_of(identity), self.renames.is_one)

    def corrected(self) -> dict[str, str]:
        """The workbooks whose corrected version is there too: sha256 → its file."""
        return {
            i.predecessor: t.file
            for t, i in self.filed.values()
            if i.predecessor in self.filed and self.is_correction(i)
        }

    def superseded(self, task: Task, identity: Identity) -> FiledVersion | None:
        """The published set that a correction supersedes, through versions too that came in with it and were never
        published.

        Of those it goes back to, the one in the task's own folder comes first. Where there is none, it is the set of
        that folder all the same (a version in between is missing), and last one without department or year.
        """
        back = [
            v
            for sha256 in self._chain(identity)
            for v in self.archive.gone_back(sha256, self.filed.keys())
            if self.fits(v.filer, identity)
        ]
        own = self.archive.published_in(task.target)
        found = sorted((v for v in back if not v.is_pending), key=lambda v: v.target != task.target)
        found += [own] if own and own.sha256 not in self.filed else []
        return next(iter([*found, *back]), None)

    def _chain(self, identity: Identity) -> Iterator[str]:
        """The sha256 of the workbook that was corrected, of the one that this was made from, and so on as far as they
        are there."""
        seen: set[str] = set()
        predecessor = identity.predecessor
        while predecessor and predecessor not in seen:
            yield predecessor
            seen.add(predecessor)
            predecessor = self.filed[predecessor][1].predecessor if predecessor in self.filed else ""


def _revised(task: Task, identity: Identity, shelf: _Shelf, settings: Settings) -> Task:
    """Which version the workbook is, what it corrects and supersedes (see versions.py); and all its set will be made
    from."""
    archive, predecessor = shelf.archive, identity.predecessor
    revision, earlier, superseded = Revision(), None, None
    if shelf.is_correction(identity):
        made = archive.made_from(task.sha256)
        made = (
            made if made and made.predecessor == predecessor else None
        )  # it may have been no correction, for lack of the operator's word
        old = None if made else shelf.superseded(task, identity)
        number = made.version if made else max(identity.predecessor_version, old.version if old else 0) + 1
        revision = Revision(number, predecessor, identity.predecessor_version)
        at_hand = shelf.filed[predecessor][0].path if predecessor in shelf.filed else None
        earlier = archive.workbook(at_hand, predecessor, task.stem, identity.predecessor_version)
        superseded = archive.into_history(old, task.target) if old else None
    is_compared = earlier is not None or archive.is_compared(task.sha256)
    made_from = fingerprint(
        settings, task.file, task.sha256, task.target, identity.filing_date, (revision, is_compared)
    )
    remark = _remark(identity, revision, superseded, shelf)
    return replace(
        task, fingerprint=made_from, revision=revision, earlier=earlier, superseded=superseded, remark=remark
    )


def _remark(identity: Identity, revision: Revision, superseded: Superseded | None, shelf: _Shelf) -> str:
    """What the operator sees where a correction has another department or year than the workbook it was made
    from."""
    earlier = (
        next((f for f in shelf.filers(identity.predecessor) if f.is_known), None) if identity.predecessor else None
    )
    if earlier is None or earlier.may_be(filer_of(identity), is_same_name):
        return ""
    if revision.predecessor:
        moved = f"，旧名称的结果移入 {HISTORY_FOLDER}/{superseded.name}" if superseded else ""
        return f"部门由“{earlier.department}”改名为“{identity.department}”{moved}。"
    what = f"没有取代“{earlier.department}”{earlier.year}年度的结果：这一份的部门名称或年度不同。"
    is_renamed = identity.department and identity.year == earlier.year
    option = f"{OPTION} {earlier.department}={identity.department}"
    return what + (f"确实改了名称的，请加上 {option} 再运行，或者在名册里填“{FORMER_HEADER}”。" if is_renamed else "")


def _without_borrowed(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """A set in another folder moves only where nobody else of this run belongs there or supersedes it too."""
    targets = Counter(task.target for task in tasks)
    targets.update(t.superseded.target for t in tasks if t.superseded and t.superseded.target != t.target)
    return tuple(
        replace(t, superseded=None)
        if t.superseded and t.superseded.target != t.target and targets[t.superseded.target] > 1
        else t
        for t in tasks
    )
