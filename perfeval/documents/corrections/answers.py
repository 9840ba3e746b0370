"""What was asked of a version and what has become of it in the next: finding by finding, opinion by opinion, and what changed unasked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from perfeval.documents.corrections.cells import Changed, Comparison
from perfeval.documents.corrections.effects import NOT_SCORED_BY, cells_of, effect
from perfeval.documents.package import Package
from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.findings.render import by_severity
from perfeval.model.cells import CellRef
from perfeval.model.scorecard import Scorecard


class Response(StrEnum):
    """How the department answered."""

    CORRECTED = "已改正"
    EXPLAINED = "已说明"
    AS_REVIEWED = "已按复核得分改正"
    OTHERWISE = "已改动，与复核得分不同"
    RELATED = "已改动有关单元格"
    RESOLVED = "已消除（因别处改动）"
    INSUFFICIENT = "已改动，仍不符合"
    UNANSWERED = "未回应"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of an answer: its place, what stood there, what stands there now."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One finding or opinion with what was changed for it; `cells` is never empty."""

    code: str
    place: str
    asked: str
    cells: tuple[Shown, ...]
    effect: str
    response: Response


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers, and the changes nobody asked for."""

    answers: tuple[Answer, ...]
    unasked: tuple[Changed, ...]
    told: Mapping[CellRef, str]  # the codes of what was told of a cell without asking for anything, by its old place


UNCHANGED, GONE, NO_SHEET, WHOLE_FILE = "未改动", "（所在的行或列已删除）", "（没有这张工作表）", "整个文件"


def answers_of(before: Package, after: Package, comparison: Comparison, opinions: Sequence[Finding]) -> Answers:
    """Errors first, then questions that had no word of explanation, then the reviewer's opinions. Notices ask for nothing."""
    asked = [f for f in by_severity(before.findings) if f.severity is not Severity.NOTICE and not f.answered]
    remaining = _remaining(asked, after.findings, comparison)
    taken: list[Changed] = []
    answers = []
    for finding in asked:
        changes, response = _answered(finding, remaining.get(id(finding)), comparison)
        answers.append(_answer(finding, changes, response, before.scorecard, after.scorecard, comparison))
        taken += changes
    for opinion in opinions:
        changes, response = _reviewed(opinion, before.scorecard, comparison)
        answers.append(_answer(opinion, changes, response, before.scorecard, after.scorecard, comparison))
        taken += changes
    told = {f.ref: f.code for f in before.findings if f.ref and f not in asked}
    asked_for = set(taken)
    return Answers(tuple(answers), tuple(c for c in comparison.changes if c not in asked_for), told)


def _remaining(asked: Iterable[Finding], found: Iterable[Finding], comparison: Comparison) -> Mapping[int, Finding]:
    """For each finding that is still there the one of the new version: of the same code at the same cell, if there are several the one in the same words."""
    free: dict[tuple[str, CellRef | None], list[Finding]] = {}
    for finding in found:
        free.setdefault((finding.code, finding.ref), []).append(finding)
    remaining = {}
    ordered = list(asked)
    for exact in (True, False):
        for finding in ordered:
            there = free.get((finding.code, comparison.moved(finding.ref) if finding.ref else None), [])
            is_gone = finding.ref is not None and comparison.moved(finding.ref) is None
            match = next((f for f in there if not exact or f.message == finding.message), None)
            if match and not is_gone and id(finding) not in remaining:
                remaining[id(finding)] = match
                there.remove(match)
    return remaining


def _answered(finding: Finding, still: Finding | None, comparison: Comparison) -> tuple[tuple[Changed, ...], Response]:
    """What was changed for a finding, and how that is to be called."""
    if finding.ref is None:
        return (), Response.RESOLVED if still is None else Response.UNANSWERED
    if finding.ref.sheet in comparison.lost or finding.ref.sheet in comparison.added:
        sheet = tuple(c for c in comparison.changes if c.place.sheet == finding.ref.sheet)
        return sheet, Response.CORRECTED if still is None else Response.INSUFFICIENT
    marked = tuple(c for ref in dict.fromkeys([finding.ref, *finding.related]) if (c := comparison.at(ref)))
    beside = comparison.beside(finding.ref)
    if still is not None and still.answered:
        return tuple(dict.fromkeys((*marked, *beside))), Response.EXPLAINED
    if still is not None:
        return marked, Response.INSUFFICIENT if marked else Response.UNANSWERED
    changes = marked or beside
    if not changes:
        return (), Response.RESOLVED
    return changes, Response.EXPLAINED if _is_word(finding, changes) else Response.CORRECTED


def _is_word(finding: Finding, changes: Iterable[Changed]) -> bool:
    """Whether a question went away because words were written where nothing stood."""
    return finding.severity is Severity.QUESTION and all(not c.before and c.after for c in changes)


def _reviewed(opinion: Finding, before: Scorecard | None, comparison: Comparison) -> tuple[tuple[Changed, ...], Response]:
    """What was changed for an opinion: the department's own score, what the item is made of, a word in its row."""
    if opinion.ref is None:
        return (), Response.UNANSWERED
    own = comparison.at(opinion.ref)
    related = _operands(opinion.ref, before, comparison)
    if own:
        agreed = Response.AS_REVIEWED if own.after == opinion.expected else Response.OTHERWISE
        return (own, *related), agreed if opinion.expected else Response.CORRECTED
    if related:
        return related, Response.RELATED
    beside = comparison.beside(opinion.ref)
    return beside, Response.EXPLAINED if beside else Response.UNANSWERED


def _operands(declared: CellRef, before: Scorecard | None, comparison: Comparison) -> tuple[Changed, ...]:
    """The changed cells of the item whose own score stands at `declared`."""
    items = [i for i in before.items if i.declared and i.declared.ref == declared] if before else []
    refs = sorted({ref for item in items for ref in cells_of(item)} - {declared})
    return tuple(c for ref in refs if (c := comparison.at(ref)))


def _answer(
    finding: Finding,
    changes: tuple[Changed, ...],
    response: Response,
    before: Scorecard | None,
    after: Scorecard | None,
    comparison: Comparison,
) -> Answer:
    asked = f"{SEVERITY_NAMES[finding.severity]} {finding.code} {finding.label}".rstrip() + f"：{finding.message}{finding.fix}"
    place = place_of(finding.ref) if finding.ref else WHOLE_FILE
    scored = effect(changes, before, after, comparison) if changes else NOT_SCORED_BY
    return Answer(finding.code, place, asked, tuple(_cells(finding, changes, comparison)), scored, response)


def _cells(finding: Finding, changes: tuple[Changed, ...], comparison: Comparison) -> Iterator[Shown]:
    """The changed cells; the finding's own where nothing changed; a sheet that was put in or taken out as a whole."""
    ref = finding.ref
    if ref is None:
        yield Shown(WHOLE_FILE, finding.found, "—")
    elif ref.sheet in comparison.added:
        yield Shown(f"「{ref.sheet}」", NO_SHEET, f"有这张工作表，填了 {len(changes)} 个单元格")
    elif ref.sheet in comparison.lost:
        yield Shown(f"「{ref.sheet}」", f"填了 {len(changes)} 个单元格", NO_SHEET)
    elif not changes:
        renamed = comparison.shifts.get(ref.sheet)
        now = f"工作表改名为“{renamed.name}”" if renamed and renamed.name != ref.sheet else UNCHANGED
        yield Shown(place_of(ref), comparison.text(ref), now)
    for change in changes if ref is not None and ref.sheet not in (*comparison.added, *comparison.lost) else ():
        yield shown(change)


def shown(change: Changed) -> Shown:
    """A change as the tables show it: its place now, and where it stood if it moved."""
    was = f"（原 {change.old.address}）" if change.old and change.new and change.old.address != change.new.address else ""
    return Shown(place_of(change.place) + was, change.before, change.after if change.new else GONE)


def place_of(ref: CellRef) -> str:
    """「指标」I9"""
    return f"「{ref.sheet}」{ref.address}"
