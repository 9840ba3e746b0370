"""No false alarm: what is generated without a contradiction raises no error, and no question or notice that is not true
of it."""

from collections.abc import Iterable

import pytest
from departments import Department, department, departments, project_workbook
from hypothesis import HealthCheck, given, settings
from planting import context_of, findings_of, taken_in

from perfeval.checks.run import run_checks
from perfeval.findings.finding import Finding
from perfeval.model.scorecard import Basis

MADE_FOR_CHECKS = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def untrue(findings: Iterable[Finding], filed: Department) -> list[str]:
    """What is reported of a clean department although it is not so; answered questions are closed."""
    return [f"{f.code} {f.ref} {f.message}" for f in findings if f.code not in filed.true_questions and not f.answered]


@settings(MADE_FOR_CHECKS, max_examples=300)
@given(departments(most_projects=60, most_indicators=120))
def test_the_checks_raise_nothing_untrue_of_a_clean_department(filed):
    findings = run_checks(filed.context)
    assert untrue(findings, filed) == []
    assert {f.code for f in findings} >= filed.true_questions


@settings(MADE_FOR_CHECKS, max_examples=40)
@given(departments(most_projects=30, most_indicators=80))
def test_reader_and_checks_raise_nothing_untrue_of_a_clean_workbook(filed):
    assert untrue(findings_of(filed.workbook), filed) == []


@pytest.mark.parametrize("filed", [department(1, 200, 400), project_workbook(1, 40, 400)], ids=["部门整体", "项目支出"])
def test_the_largest_workbooks_raise_nothing_untrue(filed):
    assert untrue(findings_of(filed.workbook), filed) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_department_read_from_its_workbook_scores_as_the_one_made_without_a_file(seed):
    filed = department(seed)
    read = taken_in(filed.workbook).submission
    assert read is not None
    cards = context_of(read).scorecard, filed.context.scorecard
    first, second = ([(s.item.id, s.score, s.basis) for s in card.items] for card in cards if card)
    assert first == second


def test_equal_seeds_give_equal_departments():
    assert department(7).workbook == department(7).workbook
    assert department(7).sheets != department(8).sheets


def test_the_departments_are_of_every_sort():
    """Reached and missed, explained and answered, computed and declared: else the tests above would prove little."""
    filed = [department(seed, 6, 24) for seed in range(40)]
    cards = [d.context.scorecard for d in filed]
    answered = {f.code for d in filed for f in run_checks(d.context) if f.answered}
    assert {s.met for card in cards if card for s in card.indicators} == {True, False}
    assert {s.basis for card in cards if card for s in card.items} == {
        Basis.COMPUTED,
        Basis.DECLARED,
        Basis.NOT_APPLICABLE,
    }
    assert {card.grade for card in cards if card} >= {"优", "良"}
    assert answered >= {"CUT_002", "CUT_004", "PROJECT_004", "PROJECT_006"}
    assert {"圆满完成" in row["内容"] for d in filed for row in d.sheets["报告文字"]} == {True, False}
