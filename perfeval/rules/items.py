"""One leaf by its method: facts in, a computed ItemScore out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.regulation import Item, Rounding
from perfeval.model.scorecard import Basis, ItemScore, ProjectMark, Unit
from perfeval.model.submission import Project
from perfeval.rules.facts import Evidence, Fact, tally
from perfeval.rules.methods import COMPUTING, Outcome, share
from perfeval.rules.project_facts import CONDITIONS, MISSING, Condition, Mark, in_scope
from perfeval.rules.render import agree, as_formula, constant, equation, in_words, kept_apart, operands_of
from perfeval.rules.rounding import rounded, rounded_formula

Declared = Cell[Decimal] | None
RATE_PLACES = range(2, 13)  # decimals of a per cent, as few as will do


def compute(
    item: Item, facts: Mapping[str, Fact | None], rounding: Rounding, declared: Declared, subject: str | None = None
) -> ItemScore | None:
    """The item by its method over the facts of its inputs; None where one is missing or the method cannot be applied to
    them."""
    known = {role: fact for role, fact in facts.items() if fact is not None}
    if item.method is None or len(known) < len(facts):
        return None
    values = {role: fact.value for role, fact in known.items()}
    outcome = COMPUTING[item.method](item.max_points, **values, **item.parameters)
    return (
        None
        if outcome is None
        else scored(item, outcome, _legible(item, known, outcome, rounding), rounding, declared, subject)
    )


def _legible(item: Item, facts: Mapping[str, Fact], outcome: Outcome, rounding: Rounding) -> Mapping[str, Fact]:
    """The facts with as many decimals of a rate as it takes for the printed arithmetic to come to the same outcome:
    89.996% is not 90.00%."""
    if item.method is None or not any(fact.name for fact in facts.values()):
        return facts
    for places in RATE_PLACES:
        printed = {role: fact.printed(places) for role, fact in facts.items()}
        again = COMPUTING[item.method](
            item.max_points, **{role: fact.value for role, fact in printed.items()}, **item.parameters
        )
        if again is not None and again.arithmetic == outcome.arithmetic and agree(again.score, outcome.score, rounding):
            return printed
    return facts


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
    condition = CONDITIONS[item.inputs["bad"]]
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


def _judge(item: Item, condition: Condition, evidence: Evidence, project: Project) -> Mark:
    within = in_scope(project, item.parameters["scope"])
    if within is None:
        return MISSING
    return condition.judge(evidence, project) if within else None


def _count(
    key: str, name: str, chosen: Sequence[Project], among: Sequence[Project], condition: Condition, evidence: Evidence
) -> Fact:
    """A count of projects with the cells that decide who belongs; of a count of 0, those of every project it was
    counted among."""
    cells = [cell for project in chosen or among for cell in condition.cells(evidence, project)]
    return tally(key, name, Decimal(len(chosen)), Unit.COUNT, cells)
