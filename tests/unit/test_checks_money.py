"""收支: each error planted into the clean completed example, reported once at the cell where it is corrected; both sides
of each boundary."""

from dataclasses import fields, replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import at, marked, news, plant, planted, taken_in

from perfeval.checks.money.cells import COLUMNS, FINAL_ONLY, IN_EVERY_COLUMN
from perfeval.checks.money.sums import broken_sums
from perfeval.model.submission import Money, Submission

S, INITIAL, ADJUSTED, FINAL, NOTE = "收支", "年初预算数", "调整后预算数", "决算数", "说明"
FULL_ROWS = (
    "收入合计", "财政拨款收入", "上年结转", "单位资金收入", "其他资金收入", "支出合计", "基本支出", "项目支出", "支出来源：财政拨款", "支出来源：上年结转",
)  # fmt: skip
CARRIED = {INITIAL: 42.03, ADJUSTED: 42.03, FINAL: 0}
FINAL_ROWS = (*FULL_ROWS, "收回或注销数", "年末结转结余", "全年下达单位计划数", "全年单位实际支付数")


def money(changes: dict[tuple[str, str], object]) -> set[tuple[str, str]]:
    """What 收支 (row, column) → value brings."""
    return news({(S, row, column): value for (row, column), value in changes.items()}, ["MONEY", "CELL"])


def paid(column: str, whole: float) -> dict[tuple[str, str], object]:
    """支出合计 with income and sources to match; what was carried over stays as it is in the example."""
    appropriation = round(whole - CARRIED[column], 2)
    return {
        ("支出合计", column): whole, ("支出来源：财政拨款", column): appropriation,
        ("财政拨款收入", column): appropriation, ("收入合计", column): whole,
    }  # fmt: skip


def reported(code: str, row: str, column: str) -> set[tuple[str, str]]:
    return {(code, at(S, row, column))}


# a change of (row, column) cells → the one finding, and its cell
PLANTED = [
    # a wrong total is at the total, whichever addend was mistyped
    ({("收入合计", INITIAL): 440.66}, "MONEY_001", "收入合计", INITIAL),
    ({("收入合计", ADJUSTED): 602.44}, "MONEY_001", "收入合计", ADJUSTED),
    ({("单位资金收入", FINAL): 5}, "MONEY_001", "收入合计", FINAL),
    ({("财政拨款收入", INITIAL): 398.63}, "MONEY_001", "收入合计", INITIAL),
    ({("支出合计", INITIAL): 431.66}, "MONEY_002", "支出合计", INITIAL),
    ({("基本支出", INITIAL): 233.90}, "MONEY_002", "支出合计", INITIAL),
    ({("基本支出", FINAL): 379.79}, "MONEY_002", "支出合计", FINAL),
    # the same wrong figure breaks the balance too, and is still reported once
    ({("支出合计", FINAL): 560.41}, "MONEY_002", "支出合计", FINAL),
    ({("支出合计", ADJUSTED): 622.44}, "MONEY_002", "支出合计", ADJUSTED),
    # so low a total that the accounts seem to exceed it: the total is the cause
    ({("支出合计", ADJUSTED): 500}, "MONEY_002", "支出合计", ADJUSTED),
    # spending under another source than the income
    ({("支出来源：财政拨款", INITIAL): 430.66, ("支出来源：上年结转", INITIAL): 0}, "MONEY_003", "支出来源：财政拨款", INITIAL),
    ({("支出来源：上年结转", ADJUSTED): 32.03}, "MONEY_003", "支出来源：上年结转", ADJUSTED),
    ({("支出来源：上年结转", FINAL): 5}, "MONEY_003", "支出来源：上年结转", FINAL),
    ({("年末结转结余", FINAL): 42.03}, "MONEY_004", "年末结转结余", FINAL),
    ({("收回或注销数", FINAL): 0}, "MONEY_004", "年末结转结余", FINAL),
    ({("上年结转", NOTE): None}, "MONEY_005", "上年结转", NOTE),
    ({("项目支出", FINAL): 210.62, **paid(FINAL, 580.41), ("财政拨款收入", FINAL): 570.41, ("上年结转", FINAL): 10,
      ("支出来源：财政拨款", FINAL): 570.41, ("支出来源：上年结转", FINAL): 10, ("收回或注销数", FINAL): 32.03}, "MONEY_006", "项目支出", FINAL),
    ({("项目支出", INITIAL): 216.76}, "MONEY_006", "项目支出", INITIAL),
    ({("项目支出", ADJUSTED): 106.76}, "MONEY_006", "项目支出", ADJUSTED),
    # spent more than budgeted; the balance that follows is not reported again
    (
        {("基本支出", FINAL): 411.82, **paid(FINAL, 612.44), ("支出来源：财政拨款", FINAL): 570.41, ("支出来源：上年结转", FINAL): 42.03,
         ("上年结转", FINAL): 42.03, ("财政拨款收入", FINAL): 570.41, ("收回或注销数", FINAL): 0},
        "MONEY_007", "基本支出", FINAL,
    ),
    ({("其他资金收入", INITIAL): -1}, "MONEY_008", "其他资金收入", INITIAL),
    ({("附表资金总额", INITIAL): -1}, "MONEY_008", "附表资金总额", INITIAL),
    ({("支出合计", NOTE): None}, "MONEY_010", "支出合计", NOTE),
    ({("附表资金总额", INITIAL): 388.63}, "MONEY_011", "附表资金总额", INITIAL),
    # a blank is asked for, and never counts as 0 in a sum
    ({("单位资金收入", INITIAL): None}, "MONEY_013", "单位资金收入", INITIAL),
    ({("收入合计", FINAL): None}, "MONEY_013", "收入合计", FINAL),
    ({("收回或注销数", FINAL): None}, "MONEY_013", "收回或注销数", FINAL),
    ({("全年下达单位计划数", FINAL): "—"}, "MONEY_013", "全年下达单位计划数", FINAL),
    # unreadable: the reader's own finding, nothing on top
    ({("支出合计", FINAL): "约570万"}, "CELL_002", "支出合计", FINAL),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "row", "column"), PLANTED)
def test_a_planted_error_is_reported_once_at_its_cell(changes, code, row, column):
    assert money(changes) == reported(code, row, column)


@pytest.mark.parametrize("changes", [changes for changes, *_ in PLANTED if len(changes) == 1])
def test_the_mistyped_cell_is_among_those_marked(changes):
    (row, column), value = next(iter(changes.items()))
    assert at(S, row, column) in marked({(S, row, column): value}, ["MONEY", "CELL"])


# changes that are true of some department: nothing is reported
CLEAN = [
    # n addends printed to the cent may differ by 0.005·(n + 1): four parts by 0.025, two by 0.015
    {("收入合计", INITIAL): 430.68},
    {("支出合计", INITIAL): 430.67},
    {("年末结转结余", FINAL): 0.02},
    # less may be spent from a source than it brought in: something was left
    {("财政拨款收入", FINAL): 600, ("收入合计", FINAL): 600},
    # carried over and still there: no word is needed
    {("上年结转", NOTE): None, ("上年结转", FINAL): 42.03, ("财政拨款收入", FINAL): 528.38, ("支出来源：财政拨款", FINAL): 528.38,
        ("支出来源：上年结转", FINAL): 42.03},
    {("附表资金总额", INITIAL): 430.66},
    {("附表资金总额", INITIAL): 430.67},
    # income above its budget is no contradiction
    {("其他资金收入", FINAL): 3, ("收入合计", FINAL): 573.41},
    # a word in 说明 answers for 调整率 and 执行率 alike
    {},
]  # fmt: skip


@pytest.mark.parametrize("changes", CLEAN)
def test_nothing_is_reported_of_what_may_be_true(changes):
    assert money(changes) == set()


@pytest.mark.parametrize(("total", "found"), [(430.68, False), (430.69, True), (430.64, False), (430.63, True)])
def test_income_may_differ_by_rounding_of_four_parts_and_its_total(total, found):
    assert (("MONEY_001", at(S, "收入合计", INITIAL)) in money({("收入合计", INITIAL): total})) is found


@pytest.mark.parametrize(("total", "found"), [(430.67, False), (430.68, True), (430.65, False), (430.64, True)])
def test_expenditure_may_differ_by_rounding_of_two_parts_and_its_total(total, found):
    assert (("MONEY_002", at(S, "支出合计", INITIAL)) in money({("支出合计", INITIAL): total})) is found


# 调整后 612.44: at 年初 556.76 the change is 10.0007 %, at 556.77 it is 9.9987 %; downwards at 680.49 10.0002 %, at 680.48
# 9.9988 %
@pytest.mark.parametrize(("initial", "found"), [(556.76, True), (556.77, False), (680.49, True), (680.48, False)])
def test_an_adjustment_above_ten_per_cent_needs_a_word(initial, found):
    basic = round(initial - 206.76, 2)
    changes = {**paid(INITIAL, initial), ("基本支出", INITIAL): basic, ("支出合计", NOTE): None}
    assert money(changes) == (reported("MONEY_010", "支出合计", NOTE) if found else set())


# 决算 ÷ 612.44: 551.19 is 89.9990 %, 551.20 is 90.0006 %
@pytest.mark.parametrize(("spent", "found"), [(551.19, True), (551.20, False)])
def test_execution_below_ninety_per_cent_needs_a_word(spent, found):
    changes = {
        **paid(INITIAL, 612.44),
        ("基本支出", INITIAL): 405.68,
        **paid(FINAL, spent),
        ("基本支出", FINAL): round(spent - 200.62, 2),
        ("收回或注销数", FINAL): round(612.44 - spent, 2),
        ("支出合计", NOTE): None,
    }
    assert money(changes) == (reported("MONEY_012", "支出合计", NOTE) if found else set())
    messages = [
        f.message
        for f in plant({(S, row, column): value for (row, column), value in changes.items()})
        if f.code == "MONEY_012"
    ]
    assert all("551.19 ÷ 调整后预算数 612.44 = 89.999%，低于 90.00%" in message for message in messages)


def test_a_column_without_any_adjusted_budget_is_reported_once_and_marked_whole():
    changes = {(S, row, ADJUSTED): None for row in FULL_ROWS}
    assert news(changes, ["MONEY", "CELL"]) == reported("MONEY_009", "支出合计", ADJUSTED)
    finding = next(f for f in plant(changes) if f.code == "MONEY_009")
    assert {str(ref) for ref in finding.related} == {at(S, row, ADJUSTED) for row in FULL_ROWS if row != "支出合计"}


def test_without_adjusted_budget_the_accounts_are_compared_with_the_initial_budget_and_it_is_said():
    changes = {(S, row, ADJUSTED): None for row in FULL_ROWS} | {(S, "支出合计", NOTE): None}
    finding = next(f for f in plant(changes) if f.code == "MONEY_010")
    assert "没有填调整后预算数，按决算数比较" in finding.message
    assert "430.66" in finding.message
    assert "570.41" in finding.message
    assert "增加 32.45%" in finding.message


@pytest.mark.parametrize(("column", "rows"), [(INITIAL, FULL_ROWS), (FINAL, FINAL_ROWS)])
def test_another_blank_column_is_reported_once_too(column, rows):
    assert money({(row, column): None for row in rows}) == reported("MONEY_013", "支出合计", column)


def test_a_blank_sheet_is_one_finding():
    changes = {(row, column): None for column in (INITIAL, ADJUSTED) for row in FULL_ROWS} | {
        (row, FINAL): None for row in FINAL_ROWS
    }
    assert money(changes) == reported("MONEY_013", "收入合计", INITIAL)


def test_a_wrong_total_names_both_figures_and_marks_the_addends():
    finding = next(f for f in plant({(S, "收入合计", INITIAL): 440.66}) if f.code == "MONEY_001")
    assert finding.found == "440.66"
    assert finding.expected == "430.66"
    assert {str(ref) for ref in finding.related} == {at(S, row, INITIAL) for row in FULL_ROWS[1:5]}


def test_other_sources_are_reported_with_all_four_figures():
    changes = {(S, "支出来源：财政拨款", INITIAL): 430.66, (S, "支出来源：上年结转", INITIAL): 0}
    message = next(f for f in plant(changes) if f.code == "MONEY_003").message
    assert "财政拨款 430.66、上年结转 0、单位资金 0、其他资金 0，" in message
    assert "财政拨款收入 388.63、上年结转 42.03、单位资金收入 0、其他资金收入 0，" in message


# a department with 单位资金 60 of 490.66 at the start of the year: its four sources as typed → what is reported
UNIT, OTHER = "支出来源：单位资金", "支出来源：其他资金"
WITH_UNIT_FUNDS = {
    ("单位资金收入", INITIAL): 60,
    ("收入合计", INITIAL): 490.66,
    ("支出合计", INITIAL): 490.66,
    ("基本支出", INITIAL): 283.9,
}
SOURCES = [
    # filled in as it is: nothing; 其他资金 may say 0 or be left blank
    ({(UNIT, INITIAL): 60}, None, "", ""),
    ({(UNIT, INITIAL): 60, (OTHER, INITIAL): 0}, None, "", ""),
    # not filled in, or in part: the figure that is missing, at its cell
    ({}, "MONEY_003", UNIT, "本格应为 60.00"),
    ({(UNIT, INITIAL): 50}, "MONEY_003", UNIT, "本格应为 60.00"),
    # under another source: both cells in one finding, both figures
    ({(OTHER, INITIAL): 60}, "MONEY_003", UNIT, "本格应为 60.00，“支出来源：其他资金”应为 0"),
    ({("支出来源：财政拨款", INITIAL): 448.63}, "MONEY_003", "支出来源：财政拨款", "本格应为 388.63，“支出来源：单位资金”应为 60.00"),
    # something was left over: a source may not be overdrawn, and the four come to 支出合计
    ({("其他资金收入", INITIAL): 10, ("收入合计", INITIAL): 500.66, (UNIT, INITIAL): 60}, None, "", ""),
    ({("其他资金收入", INITIAL): 10, ("收入合计", INITIAL): 500.66, (UNIT, INITIAL): 61}, "MONEY_003", UNIT, "本格应不超过 60.00"),
    ({("其他资金收入", INITIAL): 10, ("收入合计", INITIAL): 500.66, (UNIT, INITIAL): 50}, "MONEY_016", OTHER, "本格应为 10.00"),
    ({("其他资金收入", INITIAL): 10, ("收入合计", INITIAL): 500.66}, "MONEY_016", UNIT, "本格应为 60.00"),
    ({("其他资金收入", INITIAL): 10, ("收入合计", INITIAL): 500.66, (UNIT, INITIAL): 40, (OTHER, INITIAL): 5}, "MONEY_016", UNIT,
    "本格应为 55.00"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "code", "row", "remedy"), SOURCES)
def test_the_four_sources_come_to_the_whole_and_none_is_overdrawn(sources, code, row, remedy):
    changes = {**WITH_UNIT_FUNDS, **sources}
    assert money(changes) == (reported(code, row, INITIAL) if code else set())
    planted_ones = plant({(S, r, c): value for (r, c), value in changes.items()})
    assert all(remedy in f.fix for f in planted_ones if f.code == code)


# sources that cannot be put right by one figure: no figure is proposed
def test_no_source_is_proposed_a_figure_it_did_not_bring_in():
    changes = {(S, "支出合计", FINAL): 600, (S, "基本支出", FINAL): 399.38, (S, "收回或注销数", FINAL): 12.44}
    finding = next(f for f in plant(changes) if f.code == "MONEY_016")
    assert "使四个来源之和等于支出合计 600.00" in finding.fix


# a workbook of 1.1 has no rows for two of the sources: it reads as before
OLDER = [
    ({}, None),
    ({("支出来源：财政拨款", FINAL): 500}, None),
    ({**WITH_UNIT_FUNDS}, None),
    ({("支出来源：上年结转", ADJUSTED): 32.03}, "支出来源：上年结转"),
    ({("支出来源：财政拨款", INITIAL): 430.66, ("支出来源：上年结转", INITIAL): 0}, "支出来源：财政拨款"),
]


@pytest.mark.parametrize(("changes", "row"), OLDER)
def test_a_workbook_without_the_rows_of_the_new_template_reads_as_before(changes, row):
    labels = {at(S, source, INITIAL).replace("!B", "!A"): None for source in (UNIT, OTHER)}
    found = plant({**{(S, r, c): value for (r, c), value in changes.items()}, **labels})
    assert [f.label.split()[0] for f in found if f.code.startswith(("MONEY", "COLUMN"))] == ([row] if row else [])


def test_two_wrong_figures_in_one_column_are_two_findings():
    changes = {("收入合计", INITIAL): 440.66, ("支出来源：上年结转", INITIAL): 52.05}
    assert money(changes) == reported("MONEY_001", "收入合计", INITIAL) | reported(
        "MONEY_003", "支出来源：上年结转", INITIAL
    )


def test_a_word_in_the_row_answers_the_question_about_the_annex_total():
    changes = {(S, "附表资金总额", INITIAL): 388.63, (S, "附表资金总额", NOTE): "附表不含上年结转"}
    assert [f.answered for f in plant(changes) if f.code == "MONEY_011"] == [True]


def test_a_project_left_out_is_reported_at_the_summary_figure():
    changes = {("项目", "科技工作经费", "执行数"): 14.62}
    assert news(changes, ["MONEY"]) == reported("MONEY_006", "项目支出", FINAL)


# 支出进度, first row: of 612.44, 40 % is 244.976 and 80 % is 489.952
PROGRESS = [
    (6, 244.97, True),
    (6, 244.98, False),
    (10, 489.95, True),
    (10, 489.96, False),
    (8, 100, False),  # the regulation marks no share for August
    (6, None, False),
]


@pytest.mark.parametrize(("month", "spent", "found"), PROGRESS)
def test_slow_spending_is_questioned_at_the_marked_months(month, spent, found):
    changes = {"支出进度!A5": month, "支出进度!B5": spent}
    assert news(changes, ["MONEY", "CELL_002"]) == ({("MONEY_014", "支出进度!B5")} if found else set())


def test_a_word_answers_for_slow_spending():
    changes = {"支出进度!A5": 6, "支出进度!B5": 200, "支出进度!C5": "上级专款5月下达"}
    assert [f.answered for f in plant(changes) if f.code == "MONEY_014"] == [True]


@pytest.mark.parametrize(
    "place",
    [("管理数据", row, "数值") for row in ("资产系统账面原值", "应报送资产报表次数", "实际采购金额")] + ["支出进度!B5"],
)
def test_figures_beside_the_amounts_are_not_negative_either(place):
    """And no score is reported to differ from what comes of them."""
    assert news({place: -1}) == {("MONEY_015", place if isinstance(place, str) else at(*place))}


CELLS = [
    (row, column)
    for column in COLUMNS
    for row in (IN_EVERY_COLUMN + FINAL_ONLY if column == "final" else IN_EVERY_COLUMN)
]
IN_NO_SUM = {("plan_issued", "final"), ("paid", "final")}


@cache
def completed() -> Submission:
    submission = taken_in(planted({})).submission
    assert submission is not None
    return submission


@settings(deadline=None)  # the first example also reads the workbook
@given(
    cell=st.sampled_from([cell for cell in CELLS if cell not in IN_NO_SUM]),
    cents=st.integers(min_value=5, max_value=10**7),
)
def test_any_single_amount_mistyped_upwards_breaks_one_sum_that_marks_it(cell, cents):
    """Rows that are in two or three sums at once (支出合计, 项目支出, 财政拨款收入 …) are still reported once."""
    row, column = cell
    money = completed().money
    amounts = getattr(money, row)
    wrong = getattr(amounts, column)._replace(value=getattr(amounts, column).value + Decimal(cents) / 100)
    broken = broken_sums(replace(completed(), money=replace(money, **{row: replace(amounts, **{column: wrong})})))
    assert len(broken) == 1
    assert wrong.ref in {ref for s in broken for ref in (s.place.ref, *s.related)}


def test_the_rows_of_the_sheet_are_all_known_to_the_checks():
    optional = {"spent_from_unit_funds", "spent_from_other_funds", "annex_total"}
    assert {field.name for field in fields(Money)} == {*IN_EVERY_COLUMN, *FINAL_ONLY, *optional}


# one mistyped addend that breaks two sums, or whose total could not be changed: named first, with what it should be
LIKELY = [
    (("基本支出", FINAL), 379.79, "MONEY_002", "369.79"),
]


@pytest.mark.parametrize(("cell", "value", "code", "due"), LIKELY)
def test_the_addend_that_alone_mends_everything_is_named_first(cell, value, code, due):
    (finding,) = [f for f in plant({(S, *cell): value}) if f.code == code]
    address = at(S, *cell).split("!")[1]
    assert finding.fix.startswith(f"多半是“{cell[0]} {cell[1]}”（{address}）填错了，改为 {due} 就都相符")
    assert money({cell: float(due)}) == set()


def test_where_the_total_alone_is_wrong_no_addend_is_suspected():
    (finding,) = [f for f in plant({(S, "收入合计", INITIAL): 440.66}) if f.code == "MONEY_001"]
    assert finding.fix.startswith("先核对各项收入")
