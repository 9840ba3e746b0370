"""Who is who among the workbooks of a run, settled before any set is published: copies, superseded versions, rivals, and where each set belongs."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from perfeval.documents.result import rejected_result
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.inbox import Candidate, safe_name
from perfeval.intake.identify import Identity
from perfeval.pipeline import IGNORED, REJECTED, Settings, fingerprint
from perfeval.run_record import Entry
from perfeval.tasks import Task, identify_one, is_readable, outcome_of
from perfeval.workers import Runner

PENDING_FOLDER = "待补"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is decided already, what is to be done, and which departments have filed as far as is known."""

    entries: tuple[Entry, ...]
    tasks: tuple[Task, ...]
    departments: Mapping[str, str]  # file → department


def settle(candidates: Sequence[Candidate], settings: Settings, run: Runner) -> Settled:
    """Learns each workbook's department and year. A file that ends its worker here is not tried again."""
    entries = [Entry(c.file, c.sha256, IGNORED, c.ignored) for c in candidates if c.ignored]
    identities: dict[Task, Identity] = {}
    for done in run(identify_one, [Task(c.path, c.file, c.sha256) for c in candidates if not c.ignored]):
        if done.result is None and not done.fault:
            entries.append(rejected(done.task, make(done.code, None, found=done.task.file)))
        else:
            identities[done.task] = done.result or Identity()
    unreadable = _unreadable_claimants(identities, run)
    replaced = _superseded({t: i for t, i in identities.items() if t not in unreadable})
    entries += [Entry(t.file, t.sha256, IGNORED, f"已被修改后的“{by}”取代，只处理修改后的那一份。") for t, by in replaced.items()]
    remaining = {t: i for t, i in identities.items() if t not in replaced}
    rivals = _rivals({t: i for t, i in remaining.items() if t not in unreadable})
    entries += [rejected(task, finding) for task, finding in rivals.items()]
    pending = Counter(_pending_name(t).casefold() for t, i in remaining.items() if not (i.department and i.year))
    tasks = tuple(_placed(t, i, pending, settings) for t, i in remaining.items() if t not in rivals)
    return Settled(tuple(entries), tasks, {t.file: i.department for t, i in remaining.items() if i.department and t not in unreadable})


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


def _superseded(identities: Mapping[Task, Identity]) -> dict[Task, str]:
    """Each workbook whose corrected version is there, with the name of that."""
    successors = {i.predecessor: t.file for t, i in identities.items() if i.predecessor}
    return {t: successors[t.sha256] for t in identities if t.sha256 in successors}


def _groups(identities: Mapping[Task, Identity]) -> dict[str, list[Task]]:
    """The workbooks by the folder their set belongs to, as Windows compares names; those without department or year stand alone."""
    groups: dict[str, list[Task]] = {}
    for task, identity in identities.items():
        if identity.department and identity.year:
            groups.setdefault(_target(identity.department, identity.year).casefold(), []).append(task)
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


def _placed(task: Task, identity: Identity, pending: Mapping[str, int], settings: Settings) -> Task:
    """Where the set belongs: <year>/<department>, or 待补/<input file name> where one of them is missing; and what it will be made from."""
    if identity.department and identity.year:
        target = _target(identity.department, identity.year)
        stem = f"{target.partition('/')[2]}_{identity.year}"
    else:
        name = _pending_name(task)
        alone = "/" not in task.file and pending[name.casefold()] == 1  # not so a.xlsx of two sub-folders, or a.xlsx beside A.xlsx
        apart = "" if alone else "_" + hashlib.sha256(task.file.encode()).hexdigest()[:6]
        target, stem = f"{PENDING_FOLDER}/{name}{apart}", f"{name}{apart}"
    return replace(task, target=target, stem=stem, fingerprint=fingerprint(settings, task.file, task.sha256, target, identity.filing_date))
