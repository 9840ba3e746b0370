"""What if another regulation applied: whose total or grade would change, and by which item. Reads workbooks, writes
nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.errors import NothingToReadError, UsageError
from perfeval.filing.read_filing import ReadFiling, read_filing
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.names import plain_name
from perfeval.model.numbers import show_points
from perfeval.model.regulation import Item, Regulation
from perfeval.model.scorecard import ItemScore, ProjectScore, Scorecard
from perfeval.model.submission import PROJECT_KIND, Submission
from perfeval.rules.engine import score
from perfeval.run.inbox import Candidate, find
from perfeval.run.workers import Done, run_all

TOTAL_WORDS = "总分"


@dataclass(frozen=True, slots=True)
class Result:
    """A total with its grade; None where it cannot be computed. `not_scored`: how many items have no score."""

    total: Decimal | None
    grade: str | None
    not_scored: int = 0

    def __str__(self) -> str:
        lacking = f"（含 {self.not_scored} 项未评分）" if self.not_scored else ""
        return f"{show_points(self.total)}{' ' + self.grade if self.grade else ''}{lacking}"


@dataclass(frozen=True, slots=True)
class Moved:
    """An item or indicator (`id` is then its row, “第 9 行”) whose score changes; None where one regulation does not have
    or cannot score it.

    `added`, `removed`: the old, or the new, regulation has no such item.
    """

    id: str
    name: str
    old: Decimal | None
    new: Decimal | None
    explanation: str
    added: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """A project whose total or grade changes. `reason` says why the new regulation gives no total, '' where it gives
    one."""

    name: str
    old: Result
    new: Result
    moved: tuple[Moved, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One workbook under both regulations. `reason` says why it was not scored again, '' where it was; `errors` are
    those that are in it now."""

    file: str
    department: str = ""
    year: int | None = None
    old: Result | None = None
    new: Result | None = None
    moved: tuple[Moved, ...] = ()
    projects: tuple[ProjectChange, ...] = ()
    errors: int = 0
    reason: str = ""
    rejected: bool = False
    fault: BaseException | None = None

    @property
    def changes(self) -> bool:
        """Whether a total or a grade is another one."""
        return self.old != self.new or bool(self.projects)


@dataclass(frozen=True, slots=True)
class Question:
    """The two regulations, and all the others by id: a department's scheme names a project scheme."""

    old: Regulation
    new: Regulation
    regulations: Mapping[str, Regulation]


@dataclass(frozen=True, slots=True)
class Answer:
    """Every workbook's effect, in the order of the files' names."""

    old: str
    new: str
    effects: tuple[Effect, ...]
    lacking: str = ""  # what the new regulation asks for and the old one did not

    @property
    def changed(self) -> list[Effect]:
        """Those whose total or grade changes."""
        return [e for e in self.effects if e.changes]

    @property
    def unchanged(self) -> list[Effect]:
        """Those scored again with the same outcome."""
        return [e for e in self.effects if not e.changes and not e.reason]

    @property
    def others(self) -> list[Effect]:
        """Those that another regulation applies to."""
        return [e for e in self.effects if e.reason and not e.rejected]

    @property
    def rejected(self) -> list[Effect]:
        """Those that cannot be read."""
        return [e for e in self.effects if e.rejected]


def what_if(question: Question, paths: Sequence[Path], jobs: int) -> Answer:
    """Scores every workbook under both regulations. Raises UsageError where the two are for different evaluations,
    NothingToReadError."""
    old, new = question.old, question.new
    if old.kind != new.kind:
        raise UsageError(
            f"{old.id} 用于{old.kind}，{new.id} 用于{new.kind}，不能比较。", "请写两个用于同一类评价的指标体系。"
        )
    candidates = [c for c in find(paths) if not c.ignored]
    if not candidates:
        raise NothingToReadError("没有可以读取的填报工作簿。", "请写出工作簿或者它们所在的文件夹。")
    effects = [_finished(done) for done in run_all(partial(effect_on, question), candidates, jobs)]
    return Answer(old.id, new.id, tuple(effects), _newly_asked(old, new))


def _newly_asked(old: Regulation, new: Regulation) -> str:
    """The inputs and criteria that no workbook of the old regulation was asked for: they count as not supplied."""
    known = {asked.key for asked in old.inputs} | {_criteria_of(item) for item in old.judged}
    labels = [f"“{asked.label}”" for asked in new.inputs if asked.key not in known]
    labels += [f"{item.id} {item.name} 的要点" for item in new.judged if _criteria_of(item) not in known]
    return "、".join(labels)


def _criteria_of(item: Item) -> tuple[str, tuple[str, ...]]:
    return item.id, tuple(plain_name(criterion["text"]) for criterion in item.parameters.get("criteria", ()))


def _finished(done: Done[Candidate, Effect]) -> Effect:
    if done.result is not None:
        return done.result
    return replace(_rejected(done.task.file, [make(done.code, None, found=done.task.file)]), fault=done.fault)


def _rejected(file: str, findings: Iterable[Finding]) -> Effect:
    return Effect(file, reason="".join(f.message + f.fix for f in findings), rejected=True)


def effect_on(question: Question, candidate: Candidate) -> Effect:
    """One workbook, in a worker."""
    taken = read_filing(candidate.path, candidate.file, question.regulations)
    if taken.submission is None:
        return _rejected(candidate.file, taken.findings)
    basic, submission = taken.submission.basic, taken.submission
    known = Effect(candidate.file, basic.department.value or "", basic.year.value)
    schemes = _schemes(question, submission)
    if schemes is None:
        return replace(known, reason=f"指标体系是“{basic.regulation.raw or '空白'}”")
    old, new = (score(submission, scheme) for scheme in schemes)
    return replace(
        known,
        old=_result(old),
        new=_result(new),
        moved=(*_moved(old.items, new.items), *_total_capped(old, new)) if not submission.is_project_kind else (),
        projects=tuple(_project_changes(old, new)),
        errors=_errors(taken, submission, old, question.regulations),
    )


def _schemes(question: Question, submission: Submission) -> tuple[Regulation, Regulation] | None:
    """What the workbook is scored under, before and after; None where the change does not concern it.

    A changed project scheme concerns the departments whose scheme names it, too.
    """
    named, concerned = submission.basic.regulation.value or "", {question.old.id, question.new.id}
    if named in concerned:
        return question.old, question.new
    scheme = question.regulations.get(named)
    if (
        scheme is None
        or question.old.kind != PROJECT_KIND
        or scheme.project_regulation is None
        or scheme.project_regulation.id not in concerned
    ):
        return None
    return _over(scheme, question.old), _over(scheme, question.new)


def _over(scheme: Regulation, projects: Regulation) -> Regulation:
    return replace(scheme, project_regulation=projects, indicators=projects.indicators)


def _errors(taken: ReadFiling, submission: Submission, card: Scorecard, regulations: Mapping[str, Regulation]) -> int:
    levels = card.regulation.severities
    findings = [
        *taken.findings,
        *run_checks(Context(submission, card.regulation, card, regulations, reader_findings=taken.findings)),
    ]
    return sum(1 for f in findings if levels.get(f.code, f.severity) == Severity.ERROR)


def _result(card: Scorecard) -> Result:
    return Result(card.total, card.grade, card.not_scored)


def _moved(old: Iterable[ItemScore], new: Iterable[ItemScore]) -> tuple[Moved, ...]:
    """The lowest items whose score changes, or that only one regulation has: of those below each other the cause, not
    the sum. A sum that is capped otherwise is a cause, too."""
    before, after = ({score.item.id: score for score in scores} for scores in (old, new))
    lowest = {**_lowest(before), **_lowest(after)}
    pairs = [(before.get(i), after.get(i)) for i in {**before, **after}]
    return tuple(
        _move(b, a)
        for b, a in pairs
        if b is None or a is None or b.score != a.score
        if (shown := a or b) is not None and (shown.item.id in lowest or _is_capped_otherwise(b, a))
    )


def _is_capped_otherwise(old: ItemScore | None, new: ItemScore | None) -> bool:
    """Whether a cap bites under one regulation and not, or at another limit, under the other."""
    limits = [score.score if score is not None and score.uncapped is not None else None for score in (old, new)]
    return limits[0] != limits[1]


def _total_capped(old: Scorecard | ProjectScore, new: Scorecard | ProjectScore) -> Iterator[Moved]:
    """The total, where a cap bites under one regulation and not, or at another limit, under the other."""
    limits = [card.total if card.uncapped_total is not None else None for card in (old, new)]
    if limits[0] != limits[1]:
        bites = new if limits[1] is not None else old
        words = bites.capping.sentence if bites.capping else ""
        name = f"封顶（{words}）" if bites is new else f"不再封顶（{words}）"
        yield Moved(TOTAL_WORDS, name, old.total, new.total, words)


def _lowest(scores: Mapping[str, ItemScore]) -> Mapping[str, ItemScore]:
    parents = {score.item.parent for score in scores.values()}
    return {item_id: score for item_id, score in scores.items() if item_id not in parents}


def _move(old: ItemScore | None, new: ItemScore | None) -> Moved:
    shown = new or old
    assert shown is not None, "an id of one of the two"
    words = shown.explanation if new else "新的指标体系里没有这一项"
    before, after = old.score if old else None, new.score if new else None
    return Moved(shown.item.id, shown.item.name, before, after, words, added=old is None, removed=new is None)


def _project_changes(old: Scorecard, new: Scorecard) -> Iterator[ProjectChange]:
    """Both cards list the same projects, in the sheet's order."""
    for before, after in zip(old.projects, new.projects, strict=True):
        results = Result(before.total, before.grade), Result(after.total, after.grade)
        if results[0] != results[1]:
            moved = (
                *_moved(before.items, after.items),
                *_moved_indicators(before, after),
                *_total_capped(before, after),
            )
            yield ProjectChange(
                before.project.name.raw or f"第 {before.project.row} 行", *results, moved, after.lacking
            )


def _moved_indicators(old: ProjectScore, new: ProjectScore) -> Iterator[Moved]:
    for before, after in zip(old.indicators, new.indicators, strict=True):
        if before.score != after.score:
            row = before.indicator
            yield Moved(f"第 {row.row} 行", row.name.raw, before.score, after.score, after.explanation)


def describe(answer: Answer) -> str:
    """The answer in plain Chinese."""
    scored = len(answer.changed) + len(answer.unchanged)
    verdict = f"{len(answer.changed)} 份的总分或等级会变" if answer.changed else "没有一份的总分或等级会变"
    head = f"从 {answer.old} 改为 {answer.new}：重算了 {scored} 份工作簿，{verdict}。"
    if not scored:
        head = f"没有一份工作簿用 {answer.old} 或 {answer.new} 评分，没有可比的。"
    if answer.lacking and scored:
        head += f"\n{answer.new} 另外要填：{answer.lacking}。用 {answer.old} 填报的工作簿里没有，按没有提供数据计。"
    lines = [line for effect in answer.changed for line in ("", *_effect_lines(effect))]
    for name, effects in (("用其他指标体系，没有重算", answer.others), ("无法读取", answer.rejected)):
        lines += (
            ["", f"{name}的 {len(effects)} 份：", *(f"　　{e.file}：{e.reason}" for e in effects)] if effects else []
        )
    return "\n".join([head, *lines])


def _effect_lines(effect: Effect) -> Iterator[str]:
    year = f"{effect.year}年度，" if effect.year else ""
    total = f"：{effect.old} → {effect.new}" if effect.old != effect.new else "：总分不变"
    errors = f"（工作簿现有 {effect.errors} 处错误，分数仅供参考）" if effect.errors else ""
    several = effect.projects and effect.old is not None and effect.old.total is None
    yield f"{effect.department or '（部门名称待补）'}（{year}{effect.file}）{'：' if several else total}{errors}"
    yield from (_move_line(m) for m in effect.moved)
    for project in effect.projects:
        reason = f"（按新的指标体系不能计总分：{project.reason}）" if project.reason else ""
        yield f"　　项目“{project.name}”：{project.old} → {project.new}{reason}"
        yield from (f"　　{_move_line(m)}" for m in project.moved)


def _move_line(moved: Moved) -> str:
    old, new = _shown(moved.old, moved.added), _shown(moved.new, moved.removed)
    return f"　　{moved.id} {moved.name}：{old} → {new}"


def _shown(points: Decimal | None, is_absent: bool) -> str:
    return "没有这一项" if is_absent else "没有得分" if points is None else show_points(points)


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer for programs; scores are strings as in 结果.json."""
    return {
        "old": answer.old,
        "new": answer.new,
        "newly_asked": answer.lacking,
        "changed": [_effect_json(e) for e in answer.changed],
        "unchanged": [e.file for e in answer.unchanged],
        "others": [{"file": e.file, "reason": e.reason} for e in answer.others],
        "rejected": [{"file": e.file, "reason": e.reason} for e in answer.rejected],
    }


def _effect_json(effect: Effect) -> dict[str, Any]:
    kept = {key: value for key, value in asdict(effect).items() if key not in ("reason", "rejected", "fault")}
    texts: dict[str, Any] = _texts(kept)
    return texts


def _texts(value: Any) -> Any:
    """Decimals as strings with two decimals, all the way down."""
    if isinstance(value, dict):
        return {key: _texts(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_texts(entry) for entry in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
