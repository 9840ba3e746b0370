"""基本情况: each error planted into the clean completed example."""

from dataclasses import replace
from datetime import date

import pytest
from planting import at, context_of, news, plant, planted, taken_in

from perfeval.checks.basic import year_outside_regulation

SHEET = "基本情况"
TOPICS = ["BASIC", "CELL", "SHEET"]

PLANTED = [
    ("部门名称", "XX局", "BASIC_001"),
    ("部门名称", "某某局", "BASIC_001"),
    ("部门名称", "××局", "BASIC_001"),
    ("部门名称", "某局", "BASIC_001"),
    ("部门名称", "某县", "BASIC_001"),
    ("部门名称", "部门名称", "BASIC_001"),
    ("部门名称", "12345", "BASIC_001"),
    ("部门名称", "青白江区\ue000局", "BASIC_001"),
    ("评价年度", 1999, "BASIC_002"),
    ("评价年度", 2101, "BASIC_002"),
    ("指标体系", "sichuan-dept-65-36", "BASIC_003"),
    ("指标体系", "sichuan-project-10-90", "BASIC_004"),
    ("年末实有人数", 17, "BASIC_006"),
    # blank: the reader's own finding, nothing on top
    ("部门名称", None, "CELL_001"),
    ("评价年度", None, "CELL_001"),
    ("评价类型", None, "CELL_001"),
    ("指标体系", None, "CELL_001"),
    ("评价类型", "部门决算", "CELL_003"),
]


@pytest.mark.parametrize(("label", "value", "code"), PLANTED)
def test_a_planted_error_is_reported_once_at_its_cell(label, value, code):
    assert news({(SHEET, label): value}, TOPICS) == {(code, at(SHEET, label))}


CLEAN = [
    ("部门名称", "青白江区红阳街道办事处"),
    ("部门名称", "某县教育局"),  # only the place is left out
    ("部门名称", "某省某市某区财政局"),
    ("指标体系", "sichuan-dept-65-35 四川省部门整体绩效"),
    ("指标体系", "sichuan‑dept—65－35"),
    ("部门名称", "𠮷安县🏫䶮塘中心校"),
    ("年末实有人数", 16),
    ("年末实有人数", None),
    ("行政编制人数", None),  # without all three kinds of 编制 there is no sum to compare with
]


@pytest.mark.parametrize(("label", "value"), CLEAN)
def test_nothing_is_reported_of_what_may_be_true(label, value):
    assert news({(SHEET, label): value}, TOPICS) == set()


def test_a_misspelt_regulation_suggests_the_nearest():
    finding = next(f for f in plant({(SHEET, "指标体系"): "sichuan-dept-6535"}) if f.code == "BASIC_003")
    assert "是否为 sichuan-dept-65-35？" in finding.message
    assert finding.expected in finding.fix


def test_too_many_staff_are_reported_with_the_sum_of_posts():
    finding = next(f for f in plant({(SHEET, "年末实有人数"): 17}) if f.code == "BASIC_006")
    assert finding.severity == "question"
    assert "17 名" in finding.message
    assert "16 名（8 + 1 + 7）" in finding.message
    assert not finding.answered


# the regulation's first and last day → whether 2025 is questioned
DATES = [
    (None, None, False),
    (date(2025, 12, 31), None, False),
    (date(2026, 1, 1), None, True),
    (date(2020, 1, 1), date(2025, 1, 1), False),
    (date(2020, 1, 1), date(2024, 12, 31), True),
]


@pytest.mark.parametrize(("first", "last", "found"), DATES)
def test_a_year_outside_the_regulations_dates_is_questioned(first, last, found):
    context = context_of(taken_in(planted({})).submission)
    dated = replace(context, regulation=replace(context.regulation, effective_from=first, effective_to=last))
    reported = [(f.code, str(f.ref), f.severity.value) for f in year_outside_regulation(dated)]
    assert reported == ([("BASIC_005", at(SHEET, "评价年度"), "question")] if found else [])


def test_nothing_is_counted_from_an_implausible_year():
    assert news({(SHEET, "评价年度"): 1999}, ["BASIC", "PROJECT"]) == {("BASIC_002", at(SHEET, "评价年度"))}


@pytest.mark.parametrize("label", ["指标体系", "评价类型", "部门名称"])
def test_what_is_missing_here_is_the_only_thing_reported(label):
    assert news({(SHEET, label): None}, ["BASIC", "MONEY", "CUT", "PROJECT", "INDICATOR"]) == set()
