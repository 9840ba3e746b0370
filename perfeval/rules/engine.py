"""A submission under a regulation → Scorecard."""

from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.numbers import HUNDRED
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import Basis, IndicatorScore, ProjectScore, Scorecard
from perfeval.model.submission import PROJECT_KIND, Submission
from perfeval.rules.caps import TOTAL, capping
from perfeval.rules.facts import Evidence
from perfeval.rules.frames import frames_of, rated_tables
from perfeval.rules.indicators import score_indicators
from perfeval.rules.measures import measures
from perfeval.rules.numbers import FormNumbers, Numbers
from perfeval.rules.projects import score_projects
from perfeval.rules.totals import total_of, within
from perfeval.rules.tree import score_tree

Indicators = tuple[IndicatorScore, ...]
Projects = tuple[ProjectScore, ...]


def score(submission: Submission, regulation: Regulation) -> Scorecard:
    """Scores everything the regulation asks for. What cannot be scored is None and says why; bad input never raises."""
    scheme = regulation if regulation.kind == PROJECT_KIND else regulation.project_regulation
    tables = rated_tables(submission, regulation)
    indicators = score_indicators(tables["indicators"], regulation.indicators)
    form = FormNumbers(Evidence.of(submission, regulation, tables, indicators))
    card = _project_card if submission.is_project_kind else _department_card
    return card(form, indicators, score_projects(form, scheme))


def _department_card(form: FormNumbers, indicators: Indicators, projects: Projects) -> Scorecard:
    evidence, regulation = form.evidence, form.evidence.regulation
    numbers = Numbers(form, regulation) if regulation.kind != PROJECT_KIND else None
    items = score_tree(numbers) if numbers else ()
    uncapped, note = total_of(items)
    limit = capping(TOTAL, HUNDRED, numbers) if numbers else None
    points = within(uncapped, limit)
    unscored = sum(1 for score in items if score.item.is_leaf and score.basis is Basis.NOT_SCORED)
    return Scorecard(
        regulation=regulation,
        items=items,
        indicators=indicators,
        projects=projects,
        measures=measures(form),
        total=points,
        max_points=HUNDRED,
        grade=regulation.grade(points) if points is not None and not unscored else None,
        declared_total=evidence.submission.grand_total,
        not_scored=unscored,
        frames=frames_of(evidence.tables, regulation, indicators, items),
        rescale_note=note,
        uncapped_total=uncapped if points != uncapped else None,
        capping=limit,
        facts=numbers.facts() if numbers else (),
    )


def _project_card(form: FormNumbers, indicators: Indicators, projects: Projects) -> Scorecard:
    evidence = form.evidence
    only = projects[0] if len(projects) == 1 else None
    items = tuple(item for project in projects for item in project.items)
    unscored = sum(1 for item in items if item.item.is_leaf and item.basis is Basis.NOT_SCORED)
    unscored += sum(1 for indicator in indicators if indicator.score is None)
    declared: Cell[Decimal] | None = only.project.declared if only else None
    return Scorecard(
        regulation=evidence.regulation,
        items=items,
        indicators=indicators,
        projects=projects,
        measures=measures(form),
        total=only.total if only else None,
        max_points=HUNDRED,
        grade=only.grade if only else None,
        declared_total=declared,
        not_scored=unscored,
        frames=frames_of(evidence.tables, evidence.regulation, indicators),
        rescale_note=only.rescale_note if only else "",
        uncapped_total=only.uncapped_total if only else None,
        capping=only.capping if only else None,
        facts=only.facts if only else (),
    )
