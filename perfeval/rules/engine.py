"""A submission under a regulation → Scorecard."""

from collections.abc import Iterable
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import HUNDRED, half_up, show_number, show_points, total
from perfeval.model.regulation import NotApplicable, Regulation
from perfeval.model.scorecard import Basis, IndicatorScore, ItemScore, ProjectScore, Scorecard
from perfeval.model.submission import PROJECT_KIND, Submission
from perfeval.rules.facts import Evidence
from perfeval.rules.frames import frames_of, rated_tables
from perfeval.rules.indicators import score_indicators
from perfeval.rules.measures import measures
from perfeval.rules.projects import score_projects
from perfeval.rules.tree import score_tree

Indicators = tuple[IndicatorScore, ...]
Projects = tuple[ProjectScore, ...]


def score(submission: Submission, regulation: Regulation) -> Scorecard:
    """Scores everything the regulation asks for. What cannot be scored is None and says why; bad input never raises."""
    scheme = regulation if regulation.kind == PROJECT_KIND else regulation.project_regulation
    tables = rated_tables(submission, regulation)
    indicators = score_indicators(tables["indicators"], regulation.indicators)
    evidence = Evidence.of(submission, regulation, tables, indicators)
    card = _project_card if submission.is_project_kind else _department_card
    return card(evidence, indicators, score_projects(evidence, scheme))


def _department_card(evidence: Evidence, indicators: Indicators, projects: Projects) -> Scorecard:
    regulation = evidence.regulation
    items = score_tree(evidence) if regulation.kind != PROJECT_KIND else ()
    leaves = [score for score in items if score.item.is_leaf]
    points, note = _total(items, leaves)
    unscored = sum(1 for leaf in leaves if leaf.basis is Basis.NOT_SCORED)
    return Scorecard(
        regulation=regulation,
        items=items,
        indicators=indicators,
        projects=projects,
        measures=measures(evidence),
        total=points,
        max_points=HUNDRED,
        grade=regulation.grade(points) if points is not None and not unscored else None,
        declared_total=evidence.submission.grand_total,
        not_scored=unscored,
        frames=frames_of(evidence.tables, regulation, indicators, items),
        rescale_note=note,
    )


def _total(items: Iterable[ItemScore], leaves: Iterable[ItemScore]) -> tuple[Decimal | None, str]:
    """The sum of the highest items; 得分 ÷ (100 − 不适用分) × 100 where items were left out, and a sentence that says so."""
    tops = [score.score for score in items if score.item.parent is None and score.score is not None]
    if not tops:
        return None, ""
    plain = total(tops)
    out = [
        s
        for s in leaves
        if s.basis is Basis.NOT_APPLICABLE and s.item.not_applicable is NotApplicable.EXCLUDE_AND_RESCALE
    ]
    if not out:
        return plain, ""
    excluded = total(score.max_points for score in out)
    points = half_up(plain * HUNDRED / (HUNDRED - excluded))
    names = "、".join(f"{score.item.name}（{show_number(score.max_points)} 分）" for score in out)
    return (
        points,
        f"{names}不涉及，不计分，总分折算：{show_points(plain)} ÷ (100 − {show_number(excluded)}) × 100 = {show_points(points)} 分",
    )


def _project_card(evidence: Evidence, indicators: Indicators, projects: Projects) -> Scorecard:
    only = projects[0] if len(projects) == 1 else None
    items = tuple(item for project in projects for item in project.items)
    unscored = sum(1 for item in items if item.item.is_leaf and item.score is None)
    unscored += sum(1 for indicator in indicators if indicator.score is None)
    declared: Cell[Decimal] | None = only.project.declared if only else None
    return Scorecard(
        regulation=evidence.regulation,
        items=items,
        indicators=indicators,
        projects=projects,
        measures=measures(evidence),
        total=only.total if only else None,
        max_points=HUNDRED,
        grade=only.grade if only else None,
        declared_total=declared,
        not_scored=unscored,
        frames=frames_of(evidence.tables, evidence.regulation, indicators),
    )
