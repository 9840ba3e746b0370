"""LibreOffice recalculates the score workbooks of 200 generated departments and projects and comes to every cached value."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from departments import Department, department, project_workbook
from libreoffice import count_formulas, disagreements
from made_up_regulations import made_up_regulations

from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.model.regulation import Method, NotApplicable, Regulation, Rounding
from perfeval.model.scorecard import Basis
from perfeval.model.submission import NOT_CONCERNED
from perfeval.rules.engine import score

MADE_UP, SHIPPED = 12, 8  # workbooks of each made-up and each shipped regulation
PROJECT_REGULATIONS = ("cn-project-10-90", "sichuan-project-10-90", "hubei-project-20-80")
DEPARTMENT_REGULATIONS = ("sichuan-dept-65-35", "pidu-dept-40-50-10")


def packages() -> Iterator[Evaluation]:
    """Small ones, so that many fit; each regulation meets departments of every sort."""
    for number, regulation in enumerate(made_up_regulations().values()):
        yield from (under(department(number * MADE_UP + n, 1 + n % 4, 6 + n % 7), regulation) for n in range(MADE_UP))
    for name in DEPARTMENT_REGULATIONS:
        yield from (department(1000 + n, 1 + n * n % 23, 6 + 3 * n, name).package for n in range(2 * SHIPPED))
    for name in PROJECT_REGULATIONS:
        yield from (project_workbook(2000 + n, 1 + n % 3, 6, name).package for n in range(SHIPPED + 1))


def under(filed: Department, regulation: Regulation) -> Evaluation:
    """The department scored under another regulation: its declared items filled in, some items 不涉及."""
    rng = Random(f"{filed.sheets['基本情况']['部门名称']}{regulation.id}")
    rows = [
        {
            "指标编号": leaf.id,
            "是否适用": NOT_CONCERNED if rng.random() < 0.15 else "",
            "自评得分": str(leaf.max_points - rng.choice((0, 1))),
        }
        for leaf in regulation.leaves()
    ]
    submission = replace(filed, sheets={**filed.sheets, "评分": rows}).submission
    card = score(submission, regulation)
    findings = run_checks(Context(submission, regulation, card, {regulation.id: regulation}))
    return replace(filed.package, submission=submission, regulation=regulation, scorecard=card, findings=findings)


def test_the_generated_packages_use_every_method_setting_and_policy():
    regulations = made_up_regulations().values()
    cards = [p.scorecard for p in packages() if p.scorecard]
    assert {item.method for r in regulations for item in r.leaves()} == set(Method)
    assert {r.rounding for r in regulations} == set(Rounding)
    assert {leaf.not_applicable for r in regulations for leaf in r.leaves()} == set(NotApplicable)
    rules = [r.indicators for r in regulations]
    assert {(i.at_most, i.equal) for i in rules} == {(a, e) for a in ("ratio", "linear") for e in ("as_up", "symmetric", "exact")}
    assert {i.late for i in rules} == {"zero", "proportional"}
    assert {gate.action for i in rules for gate in i.over_fulfilment} == {"explain", "zero", "scale", "deduct"}
    used = {s.item.method for card in cards for s in card.items if s.basis is Basis.COMPUTED and s.formula}
    assert used >= set(Method) - {Method.DECLARED}
    assert {s.basis for card in cards for s in card.items} >= {Basis.COMPUTED, Basis.DECLARED, Basis.NOT_APPLICABLE}
    assert any(card.rescale_note for card in cards)


@pytest.mark.libreoffice
@pytest.mark.parametrize("half", [0, 1])  # two processors share them; one LibreOffice call each
def test_libreoffice_comes_to_every_cached_value(half):
    made = list(packages())
    assert len(made) >= 200
    files = {f"{number:03}.xlsx": write_score_workbook(package) for number, package in enumerate(made) if number % 2 == half}
    assert all(count_formulas(content) > 20 for content in list(files.values())[::40])
    assert disagreements(files) == []
