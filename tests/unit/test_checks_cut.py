"""压减 and 控制支出: each error planted into the clean completed example. CUT_003 is in the example itself, and is true
of it."""

import pytest
from planting import at, news, plant

CUT, CONTROLLED = "压减", "控制支出"
BUDGET, SPENT = "一般性支出年初预算", "一般性支出执行数"

PLANTED = [
    ((CUT, BUDGET, "上年"), 0, "CUT_001"),
    ((CUT, SPENT, "上年"), 0, "CUT_001"),
    ((CUT, BUDGET, "本年"), 21.01, "CUT_002"),
    ((CUT, SPENT, "本年"), 24.96, "CUT_002"),
    ((CONTROLLED, "公务接待费", "本年执行数"), 2.01, "CUT_004"),
    ((CONTROLLED, "因公出国（境）费", "本年执行数"), 0.01, "CUT_004"),
    ((CUT, SPENT, "本年"), -1, "CUT_005"),
    ((CUT, BUDGET, "上年"), -21, "CUT_005"),
    ((CONTROLLED, "会议费", "本年预算数"), -1.5, "CUT_005"),
    # blank: the reader's own finding, nothing on top
    ((CUT, BUDGET, "上年"), None, "CELL_001"),
    ((CUT, SPENT, "本年"), None, "CELL_001"),
]


@pytest.mark.parametrize(("place", "value", "code"), PLANTED)
def test_a_planted_error_is_reported_once_at_its_cell(place, value, code):
    assert news({place: value}, ["CUT", "CELL"]) == {(code, at(*place))}


CLEAN = [
    ((CUT, BUDGET, "本年"), 21),
    ((CUT, SPENT, "本年"), 24.95),
    ((CUT, BUDGET, "上年"), 24.95),
    ((CONTROLLED, "公务接待费", "本年执行数"), 2),
]


@pytest.mark.parametrize(("place", "value"), CLEAN)
def test_nothing_is_reported_at_the_boundary_itself(place, value):
    assert news({place: value}, ["CUT", "CELL"]) == set()


@pytest.mark.parametrize(("last_year", "found"), [(20.99, False), (21.00, False), (21.01, True), (24.95, True)])
def test_spending_above_the_budget_of_the_base_year_is_questioned(last_year, found):
    reported = [f for f in plant({(CUT, SPENT, "上年"): last_year}) if f.code == "CUT_003"]
    assert [str(f.ref) for f in reported] == ([at(CUT, SPENT, "上年")] if found else [])


# a question, the row's 说明 that answers it
ANSWERED = [
    ({(CUT, BUDGET, "本年"): 22, (CUT, BUDGET, "说明"): "新增人员3名"}, "CUT_002"),
    ({(CUT, SPENT, "说明"): "上年追加会议费3.95万元"}, "CUT_003"),
    ({(CONTROLLED, "培训费", "本年执行数"): 2.5, (CONTROLLED, "培训费", "说明"): "新增法定培训"}, "CUT_004"),
]


@pytest.mark.parametrize(("changes", "code"), ANSWERED)
def test_a_word_in_the_row_answers_the_question(changes, code):
    assert [f.answered for f in plant(changes) if f.code == code] == [True]


def test_both_figures_and_the_rate_are_named():
    message = next(f for f in plant({(CUT, BUDGET, "本年"): 22}) if f.code == "CUT_002").message
    assert "22" in message
    assert "21.00" in message
    assert "-4.76%" in message


@pytest.mark.parametrize(
    ("column", "remedy"),
    [("上年", "请填写一般性支出执行数 上年，要大于 0。"), ("本年", "请填写一般性支出执行数 本年，没有发生的填 0。")],
)
def test_a_zero_is_offered_only_where_it_may_be(column, remedy):
    """上年 = 0 is CUT_001: no remedy may lead into the next error."""
    assert [f.fix for f in plant({(CUT, SPENT, column): None}) if f.code == "CELL_001"] == [remedy]
