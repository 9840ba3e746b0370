"""Who is who among the workbooks of a run, settled before any set is published: copies, superseded versions, rivals, and where each set belongs."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfeval.documents.package import Revision
from perfeval.documents.result import rejected_result
from perfeval.documents.text import version_name
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.inbox import Candidate, safe_name
from perfeval.intake.identify import Identity
from perfeval.model.names import plain_name
from perfeval.pipeline import IGNORED, REJECTED, Settings, fingerprint
from perfeval.run_record import Entry
from perfeval.tasks import Task, identify_one, is_readable, outcome_of
from perfeval.versions import PENDING_FOLDER, Archive, FiledVersion, is_same_filing
from perfeval.workers import Runner


@dataclass(frozen=True, slots=True)
class Settled:
    """What is decided already, what is to be done, and which departments have filed as far as is known.

    `resubmitted` are the workbooks that have been superseded, each with the set that did and stays although its own workbook is not among the inputs;
    None where that is there too, or a newer one.
    """

    entries: tuple[Entry, ...]
    tasks: tuple[Task, ...]
    departments: Mapping[str, str]  # file → department
    resubmitted: Mapping[str, FiledVersion | None] = field(default_factory=dict)  # by file

    @property
    def standing(self) -> tuple[Path, ...]:
        """The folders of the sets that stay like that."""
        return tuple(dict.fromkeys(newer.folder for newer in self.resubmitted.values() if newer))


def settle(candidates: Sequence[Candidate], settings: Settings, run: Runner, archive: Archive) -> Settled:
    """Learns each workbook's department and year. A file that ends its worker here is not tried again. `archive` is what was published before."""
    entries = [Entry(c.file, c.sha256, IGNORED, c.ignored) for c in candidates if c.ignored]
    identities: dict[Task, Identity] = {}
    for done in run(identify_one, [Task(c.path, c.file, c.sha256) for c in candidates if not c.ignored]):
        if done.result is None and not done.fault:
            entries.append(rejected(done.task, make(done.code, None, found=done.task.file)))
        else:
            identities[done.task] = done.result or Identity()
    unreadable = _unreadable_claimants(identities, run)
    pending = Counter(_pending_name(t).casefold() for t, i in identities.items() if not (i.department and i.year))
    placed = {t: _placed(t, i, pending) for t, i in identities.items()}
    shelf = _Shelf(archive, {t.sha256: (placed[t], i) for t, i in identities.items() if t.sha256 and t not in unreadable})
    replaced = shelf.corrected()
    entries += [
        Entry(t.file, t.sha256, IGNORED, f"已被修改后的“{replaced[t.sha256]}”取代，只处理修改后的那一份。")
        for t in identities
        if t.sha256 in replaced
    ]
    again = {t: found for t in identities if t.sha256 not in replaced and (found := archive.successor_of(t.sha256))}
    entries += [Entry(t.file, t.sha256, IGNORED, _filed_before(*found)) for t, found in again.items()]
    remaining = {t: i for t, i in identities.items() if t.sha256 not in replaced and t not in again}
    rivals = _rivals({t: i for t, i in remaining.items() if t not in unreadable})
    entries += [rejected(task, finding) for task, finding in rivals.items()]
    tasks = _without_borrowed(tuple(_revised(placed[t], i, shelf, settings) for t, i in remaining.items() if t not in rivals))
    departments = {t.file: i.department for t, i in identities.items() if i.department and t.sha256 not in replaced and t not in unreadable}
    return Settled(tuple(entries), tasks, departments, {t.file: _standing(newer, tasks) for t, (_, newer) in again.items()})


def _standing(newer: FiledVersion, tasks: Iterable[Task]) -> FiledVersion | None:
    """The set that has superseded a workbook, where no workbook of this run takes its place."""
    taken = {t.target for t in tasks} | {t.superseded.target for t in tasks if t.superseded}
    return None if newer.target in taken else newer


def _filed_before(version: int, newer: FiledVersion) -> str:
    return f"与已收到的{version_name(version)}完全相同，{version_name(newer.version)}已经取代它，没有改动。"


def rejected(task: Task, finding: Finding) -> Entry:
    """The entry of a workbook that is not read, for one reason."""
    outcome = outcome_of(rejected_result(task.file, task.sha256, [finding]))
    return Entry(task.file, task.sha256, REJECTED, outcome.reason, outcome)


def _unreadable_claimants(identities: Mapping[Task, Identity], run: Runner) -> frozenset[Task]:
    """Of the workbooks that would stand in another's way those that cannot be read in full: a damaged file harms nobody but itself."""
    groups = _groups(identities)
    claimants = [t for group in groups.values() if len(group) > 1 for t in group]
    claimants += [t for t, i in identities.items() if i.predecessor and t not in claimants]
    return frozenset(done.task for done in run(is_readable, claimants) if not done.result)


def _groups(identities: Mapping[Task, Identity]) -> dict[str, list[Task]]:
    """The workbooks by year and department, whose names are compared as people read them; those without department or year stand alone."""
    groups: dict[str, list[Task]] = {}
    for task, identity in identities.items():
        if identity.department and identity.year:
            groups.setdefault(f"{identity.year}/{plain_name(identity.department)}", []).append(task)
    return groups


def _rivals(identities: Mapping[Task, Identity]) -> dict[Task, Finding]:
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
        for group in _groups(identities).values()
        if len(group) > 1
        for task in group
    }


def _names(tasks: Iterable[Task]) -> str:
    return "、".join(f"“{t.file}”" for t in tasks)


def _target(department: str, year: int) -> str:
    return f"{year}/{safe_name(department)}"


def _pending_name(task: Task) -> str:
    return safe_name(Path(task.file).stem)


def _placed(task: Task, identity: Identity, pending: Mapping[str, int]) -> Task:
    """Where the set belongs: <year>/<department>, or 待补/<input file name> where one of them is missing (`pending` counts those names)."""
    if identity.department and identity.year:
        target = _target(identity.department, identity.year)
        stem = f"{target.partition('/')[2]}_{identity.year}"
    else:
        name = _pending_name(task)
        alone = "/" not in task.file and pending[name.casefold()] == 1  # not so a.xlsx of two sub-folders, or a.xlsx beside A.xlsx
        apart = "" if alone else "_" + hashlib.sha256(task.file.encode()).hexdigest()[:6]
        target, stem = f"{PENDING_FOLDER}/{name}{apart}", f"{name}{apart}"
    return replace(task, target=target, stem=stem)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where versions are found: those published, and the readable workbooks of this run by sha256, each with where its set belongs and who filed it."""

    archive: Archive
    filed: Mapping[str, tuple[Task, Identity]]

    def is_correction(self, predecessor: str, target: str) -> bool:
        """Whether a workbook whose set belongs in `target` corrects the one it names: what is known of that must fit."""
        known, filed = self.archive.known(predecessor), self.filed.get(predecessor)
        if known is None and filed is None:
            return True
        return bool(known and known.may_precede(target)) or bool(filed and is_same_filing(filed[0].target, target))

    def corrected(self) -> dict[str, str]:
        """The workbooks whose corrected version is there too: sha256 → its file."""
        named = ((i.predecessor, t) for t, i in self.filed.values() if i.predecessor in self.filed)
        return {predecessor: task.file for predecessor, task in named if self.is_correction(predecessor, task.target)}

    def superseded(self, predecessor: str, target: str) -> FiledVersion | None:
        """The published set that a correction supersedes, be it through versions that came in with it and were never published."""
        seen: set[str] = set()
        while predecessor and predecessor not in seen:
            if old := self.archive.superseded_by(predecessor, target, self.filed.keys()):
                return old
            seen.add(predecessor)
            predecessor = self.filed[predecessor][1].predecessor if predecessor in self.filed else ""
        return None


def _revised(task: Task, identity: Identity, shelf: _Shelf, settings: Settings) -> Task:
    """Which version the workbook is, what it corrects and supersedes (see versions.py); and all its set will be made from."""
    archive, predecessor = shelf.archive, identity.predecessor
    revision, earlier, superseded = Revision(), None, None
    if predecessor and shelf.is_correction(predecessor, task.target):
        made = archive.made_from(task.sha256)
        old = None if made else shelf.superseded(predecessor, task.target)
        number = made.version if made else max(identity.predecessor_version, old.version if old else 0) + 1
        revision = Revision(number, predecessor, identity.predecessor_version)
        at_hand = shelf.filed[predecessor][0].path if predecessor in shelf.filed else None
        earlier = archive.workbook(at_hand, predecessor, task.stem, identity.predecessor_version)
        superseded = archive.into_history(old, task.target) if old else None
    is_compared = earlier is not None or archive.is_compared(task.sha256)
    made_from = fingerprint(settings, task.file, task.sha256, task.target, identity.filing_date, (revision, is_compared))
    return replace(task, fingerprint=made_from, revision=revision, earlier=earlier, superseded=superseded)


def _without_borrowed(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """A set in another folder moves only where nobody else of this run belongs there."""
    targets: Set[str] = {task.target for task in tasks}
    return tuple(
        replace(t, superseded=None) if t.superseded and t.superseded.target != t.target and t.superseded.target in targets else t
        for t in tasks
    )
