"""What was asked of a version and what has become of it in the next: finding by finding, opinion by opinion, and what
changed unasked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from perfeval.documents.corrections.cells import Changed, Comparison
from perfeval.documents.corrections.effects import UNSCORED, Effects, cells_of
from perfeval.documents.evaluation import Evaluation
from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.findings.render import by_severity, count
from perfeval.model.cells import CellRef
from perfeval.model.form import EXPLAINING
from perfeval.model.scorecard import Scorecard


class Response(StrEnum):
    """How the department answered."""

    CORRECTED = "已改正"
    EXPLAINED = "已说明"
    AS_REVIEWED = "已按复核得分改正"
    OTHERWISE = "已改动但与复核得分不同"
    RELATED = "已改动有关单元格"
    RESOLVED = "已消除（因别处改动）"
    INSUFFICIENT = "已改动但仍不符合"
    UNANSWERED = "未回应"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of an answer: its place, what was there, what is there now."""

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
class Unasked:
    """A change nobody asked for; `noticed` is the code of what was reported of the cell without asking for anything (''
    for nothing)."""

    change: Changed
    effect: str
    noticed: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers, the changes nobody asked for, and how many errors of the new version the old one did not have.

    `following` counts the cells whose formulas stayed as they were and give another result; `effect` names every item
    whose score changed.
    """

    answers: tuple[Answer, ...]
    unasked: tuple[Unasked, ...]
    new_errors: int
    following: int
    effect: str


UNCHANGED, GONE, NO_SHEET, WHOLE_FILE = "未改动", "（所在的行或列已删除）", "（没有这张工作表）", "整个文件"


def answers_of(before: Evaluation, after: Evaluation, comparison: Comparison, opinions: Sequence[Finding]) -> Answers:
    """Errors first, then questions that had no word of explanation, then the reviewer's opinions. Notices ask for
    nothing."""
    asked = [f for f in by_severity(before.findings) if f.severity is not Severity.NOTICE and not f.answered]
    remaining = _remaining(asked, after.findings, comparison)
    effects = Effects(before.scorecard, after.scorecard, comparison)
    explaining = _explaining_columns(after)
    taken: list[Changed] = []
    answers = []
    for finding in asked:
        changes, response = _answered(finding, remaining.get(id(finding)), comparison, explaining)
        answers.append(_answer(finding, changes, response, effects))
        taken += changes
    for opinion in opinions:
        changes, response = _reviewed(opinion, before.scorecard, comparison, explaining)
        answers.append(_answer(opinion, changes, response, effects))
        taken += changes
    noticed = {f.ref: f.code for f in before.findings if f.ref and f not in asked}
    asked_for = set(taken)
    unasked = [c for c in comparison.changes if c not in asked_for and not c.follows]
    following = sum(1 for c in comparison.changes if c not in asked_for and c.follows)
    others = tuple(Unasked(c, effects.of([c]), noticed.get(c.old, "") if c.old else "") for c in unasked)
    return Answers(
        tuple(answers),
        others,
        count(after.findings, Severity.ERROR) - count(remaining.values(), Severity.ERROR),
        following,
        effects.on_items(),
    )


def _remaining(asked: Iterable[Finding], found: Iterable[Finding], comparison: Comparison) -> Mapping[int, Finding]:
    """For each finding that is still there the one of the new version (by id): of the same code at the same cell, of
    several the one in the same words; else the one in the same words on the same sheet, since one that concerns a whole
    sheet may be in another row now."""
    free: dict[str, list[Finding]] = {}
    for finding in found:
        free.setdefault(finding.code, []).append(finding)
    remaining: dict[int, Finding] = {}
    places = {id(f): _now(f, comparison) for f in asked}
    for is_same in (_in_words_and_place, _in_place, _in_words_and_sheet):
        for finding in asked:
            there = free.get(finding.code, [])
            match = (
                next((f for f in there if is_same(finding, places[id(finding)], f)), None)
                if id(finding) not in remaining
                else None
            )
            if match:
                remaining[id(finding)] = match
                there.remove(match)
    return remaining


_Place = (
    CellRef | str | None
)  # where a finding is now; GONE where its row or column was taken out, None where it never was at a cell


def _now(finding: Finding, comparison: Comparison) -> _Place:
    return (comparison.moved(finding.ref) or GONE) if finding.ref else None


def _in_place(_: Finding, place: _Place, other: Finding) -> bool:
    return other.ref == place


def _in_words_and_place(finding: Finding, place: _Place, other: Finding) -> bool:
    return other.ref == place and other.message == finding.message


def _in_words_and_sheet(finding: Finding, place: _Place, other: Finding) -> bool:
    return (
        other.message == finding.message
        and isinstance(place, CellRef)
        and other.ref is not None
        and other.ref.sheet == place.sheet
    )


_Columns = Set[tuple[str, int]]


def _explaining_columns(evaluation: Evaluation) -> _Columns:
    """Sheet and column of every 说明, 偏差原因 and 扣分原因."""
    headers = evaluation.submission.headers
    return {(ref.sheet, ref.column) for (_, key), ref in headers.items() if key in EXPLAINING}


def _answered(
    finding: Finding, still: Finding | None, comparison: Comparison, explaining: _Columns
) -> tuple[tuple[Changed, ...], Response]:
    """What was changed for a finding, and how that is to be called."""
    if finding.ref is None:
        return (), Response.RESOLVED if still is None else Response.UNANSWERED
    if finding.ref.sheet in comparison.lost or finding.ref.sheet in comparison.added:
        sheet = tuple(c for c in comparison.changes if c.place.sheet == finding.ref.sheet)
        return sheet, Response.CORRECTED if still is None else Response.INSUFFICIENT
    if comparison.moved(finding.ref) is None:
        return comparison.taken_out(finding.ref), Response.CORRECTED
    marked = tuple(c for ref in dict.fromkeys([finding.ref, *finding.related]) if (c := comparison.at(ref)))
    beside = comparison.beside(finding.ref)
    if still is not None and still.answered:
        return tuple(dict.fromkeys((*marked, *beside))), Response.EXPLAINED
    if still is not None:
        tried = marked or tuple(c for c in beside if _are_words([c], explaining))
        return tried, Response.INSUFFICIENT if tried else Response.UNANSWERED
    changes = marked or beside
    if not changes:
        return (), Response.RESOLVED
    is_explained = finding.severity is Severity.QUESTION and _are_words(changes, explaining)
    return changes, Response.EXPLAINED if is_explained else Response.CORRECTED


def _are_words(changes: Iterable[Changed], explaining: _Columns) -> bool:
    """Whether a reason was written, and nothing else was changed: what is filled in elsewhere is a correction."""
    return all(c.after and (c.place.sheet, c.place.column) in explaining for c in changes)


def _reviewed(
    opinion: Finding, before: Scorecard | None, comparison: Comparison, explaining: _Columns
) -> tuple[tuple[Changed, ...], Response]:
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
    if not beside:
        return (), Response.UNANSWERED
    return beside, Response.EXPLAINED if _are_words(beside, explaining) else Response.RELATED


def _operands(declared: CellRef, before: Scorecard | None, comparison: Comparison) -> tuple[Changed, ...]:
    """The changed cells of the item whose own score is at `declared`."""
    items = [i for i in before.items if i.declared and i.declared.ref == declared] if before else []
    refs = sorted({ref for item in items for ref in cells_of(item)} - {declared})
    return tuple(c for ref in refs if (c := comparison.at(ref)))


def _answer(finding: Finding, changes: tuple[Changed, ...], response: Response, effects: Effects) -> Answer:
    asked = (
        f"{SEVERITY_NAMES[finding.severity]} {finding.code} {finding.label}".rstrip()
        + f"：{finding.message}"
        + (f"改法：{finding.fix}" if finding.fix else "")
    )
    place = place_of(finding.ref) if finding.ref else WHOLE_FILE
    scored = effects.of(changes) if changes else UNSCORED
    return Answer(finding.code, place, asked, tuple(_cells(finding, changes, effects.comparison)), scored, response)


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
        now = comparison.moved(ref) or ref
        kept = UNCHANGED if now.sheet == ref.sheet else f"工作表改名为“{now.sheet}”"
        yield Shown(_place(ref, now), comparison.text(ref), kept)
    for change in changes if ref is not None and ref.sheet not in (*comparison.added, *comparison.lost) else ():
        yield shown(change)


def shown(change: Changed) -> Shown:
    """A change as the tables show it: its place now, and where it was if it moved."""
    return Shown(_place(change.old, change.place), change.before, change.after if change.new else GONE)


def _place(old: CellRef | None, now: CellRef) -> str:
    """「指标」I10（原 I9）"""
    return place_of(now) + (f"（原 {old.address}）" if old and old.address != now.address else "")


def place_of(ref: CellRef) -> str:
    """「指标」I9"""
    return f"「{ref.sheet}」{ref.address}"
