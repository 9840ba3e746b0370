"""LibreOffice recalculates the score workbooks of 200 generated departments and projects and comes to every cached
value."""

import pytest
from generated_packages import packages
from libreoffice import count_formulas, disagreements
from made_up_regulations import made_up_regulations

from perfeval.documents.score_workbook import write_score_workbook
from perfeval.model.regulation import Method, NotApplicable, Rounding
from perfeval.model.scorecard import Basis


def test_the_generated_packages_use_every_method_setting_and_policy():
    regulations = made_up_regulations().values()
    cards = [p.scorecard for p in packages() if p.scorecard]
    own = {Method.CRITERIA, Method.STEP_DEDUCT, Method.ONE_OF}  # tests/end_to_end/test_example_county.py
    assert {item.method for r in regulations for item in r.leaves()} == set(Method) - own
    assert {r.rounding for r in regulations} == set(Rounding)
    assert {leaf.not_applicable for r in regulations for leaf in r.leaves()} == set(NotApplicable)
    rules = [r.indicators for r in regulations]
    assert {(i.at_most, i.equal) for i in rules} == {
        (a, e) for a in ("ratio", "linear") for e in ("as_up", "symmetric", "exact")
    }
    assert {i.late for i in rules} == {"zero", "proportional"}
    assert {gate.action for i in rules for gate in i.over_fulfilment} == {"explain", "zero", "scale", "deduct"}
    used = {s.item.method for card in cards for s in card.items if s.basis is Basis.COMPUTED and s.formula}
    assert used >= set(Method) - own - {Method.DECLARED}
    assert {s.basis for card in cards for s in card.items} >= {Basis.COMPUTED, Basis.DECLARED, Basis.NOT_APPLICABLE}
    assert any(card.rescale_note for card in cards)


@pytest.mark.libreoffice
@pytest.mark.parametrize("half", [0, 1])  # two processors share them; one LibreOffice call each
def test_libreoffice_comes_to_every_cached_value(half):
    made = list(packages())
    assert len(made) >= 200
    files = {
        f"{number:03}.xlsx": write_score_workbook(package) for number, package in enumerate(made) if number % 2 == half
    }
    assert all(count_formulas(content) > 20 for content in list(files.values())[::40])
    assert disagreements(files) == []
