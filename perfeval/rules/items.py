"""One leaf by its method: facts in, a computed ItemScore out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import ZERO, show_points
from perfeval.model.regulation import Item, Method, NotApplicable, Rounding, Shortcoming
from perfeval.model.scorecard import Basis, ItemScore, ProjectMark, Unit
from perfeval.model.submission import Project
from perfeval.rules.apply import apply
from perfeval.rules.criteria import judged_criteria
from perfeval.rules.facts import Evidence, Fact, tally
from perfeval.rules.library import library
from perfeval.rules.methods import Outcome, share
from perfeval.rules.numbers import Numbers
from perfeval.rules.one_of import best_of
from perfeval.rules.project_facts import MISSING, Mark, cells_of, in_scope, judge
from perfeval.rules.render import as_formula, constant, equation, in_words, kept_apart, operands_of
from perfeval.rules.rounding import rounded, rounded_formula

Declared = Cell[Decimal] | None


NOT_APPLICABLE_WORDS = {
    NotApplicable.FULL: "不涉及，按规定计满分 {points} 分",
    NotApplicable.ZERO: "不涉及，按规定计 0 分",
    NotApplicable.EXCLUDE_AND_RESCALE: "不涉及，按规定不计分，总分按其余指标折算",
}


def computed(item: Item, numbers: Numbers, declared: Declared, subject: str | None = None) -> ItemScore | None:
    """The item by its method, or 不涉及 where what it is judged by is; None where a part of it was not supplied."""
    if item.method is Method.SHARE:
        return compute_share(item, numbers.evidence, declared)
    if item.method is Method.CRITERIA:
        judged = judged_criteria(item, numbers)
    elif item.method is Method.ONE_OF:
        judged = best_of(item, numbers)
    else:
        if any(numbers.is_out(name) for name in item.inputs.values()):
            return not_applicable(item, declared, subject)
        return compute(
            item, {role: numbers.get(name) for role, name in item.inputs.items()}, numbers.rounding, declared, subject
        )
    if judged is None:
        return None
    if judged.outcome is None:
        return not_applicable(item, declared, subject)
    return scored(item, judged.outcome, judged.facts, numbers.rounding, declared, subject, judged.remark)


def not_applicable(item: Item, declared: Declared, subject: str | None = None) -> ItemScore:
    """The item 不涉及, as the regulation has it scored then."""
    points = {NotApplicable.FULL: item.max_points, NotApplicable.ZERO: ZERO}.get(item.not_applicable)
    words = NOT_APPLICABLE_WORDS[item.not_applicable].format(points=show_points(item.max_points))
    explanation = f"{item.name}：{words}"
    return ItemScore(item, subject, item.max_points, points, declared, Basis.NOT_APPLICABLE, explanation)


def compute(
    item: Item, facts: Mapping[str, Fact | None], rounding: Rounding, declared: Declared, subject: str | None = None
) -> ItemScore | None:
    """The item by its method over the facts of its inputs; None where one is missing or the method cannot be applied to
    them."""
    if item.method is None:
        return None
    outcome = apply(item.method, item.max_points, facts, item.parameters, rounding)
    return None if outcome is None else scored(item, *outcome, rounding, declared, subject)


def scored(
    item: Item,
    outcome: Outcome,
    facts: Mapping[str, Fact],
    rounding: Rounding,
    declared: Declared,
    subject: str | None = None,
    remark: str = "",
    marks: tuple[ProjectMark, ...] = (),
) -> ItemScore:
    """The outcome of a method as a score that explains itself."""
    everything = kept_apart({"max": constant("max", "分值", item.max_points), **facts})
    score = rounded(outcome.score, rounding)
    return ItemScore(
        item=item,
        subject=subject,
        max_points=item.max_points,
        score=score,
        declared=declared,
        basis=Basis.COMPUTED,
        explanation=equation(item.name, in_words(outcome.arithmetic, everything), outcome.score, rounding) + remark,
        operands=operands_of(everything.values()),
        formula=rounded_formula(as_formula(outcome.formula, everything), rounding),
        marks=marks,
    )


def compute_share(item: Item, evidence: Evidence, declared: Declared) -> ItemScore | None:
    """A `share` item; None where what it asks was not supplied for a project of its scope, or where no project
    counts."""
    condition = library().shortcomings[item.inputs["bad"]]
    judged = [(project, _judge(item, condition, evidence, project)) for project in evidence.submission.projects]
    if not judged or any(mark is MISSING for _, mark in judged):
        return None
    marks = tuple(ProjectMark(project, mark if isinstance(mark, bool) else None) for project, mark in judged)
    counted = [mark.project for mark in marks if mark.bad is not None]
    bad = [mark.project for mark in marks if mark.bad]
    judged_projects = [mark.project for mark in marks]
    facts = {
        "counted": _count("counted", "计入的项目数", counted, judged_projects, condition, evidence),
        "bad": _count("bad", f"{condition.words}的项目数", bad, counted or judged_projects, condition, evidence),
    }
    outcome = share(item.max_points, counted=facts["counted"].value, bad=facts["bad"].value)
    if outcome is not None:
        remark = f"（{len(bad)} 个项目{condition.words}）" if bad else ""
        return scored(item, outcome, facts, evidence.regulation.rounding, declared, remark=remark, marks=marks)
    if item.parameters.get("when_none") != "full":
        return None
    full = Outcome(item.max_points, "{max}", "{max}")
    return scored(
        item, full, facts, evidence.regulation.rounding, declared, remark="（没有需要计入的项目，计满分）", marks=marks
    )


def _judge(item: Item, condition: Shortcoming, evidence: Evidence, project: Project) -> Mark:
    within = in_scope(project, item.parameters["scope"])
    if within is None:
        return MISSING
    return judge(condition, evidence, project) if within else None


def _count(
    key: str, name: str, chosen: Sequence[Project], among: Sequence[Project], condition: Shortcoming, evidence: Evidence
) -> Fact:
    """A count of projects with the cells that decide who belongs; of a count of 0, those of every project it was
    counted among."""
    cells = [cell for project in chosen or among for cell in cells_of(condition, evidence, project)]
    return tally(key, name, Decimal(len(chosen)), Unit.COUNT, cells)
