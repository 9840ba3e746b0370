"""A submission under a regulation: the example's figures, where scores come from, and what holds for any workbook."""

import random
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from submissions import Unreadable, submission

from perfeval.blank.examples import completed_sheets
from perfeval.model.numbers import half_up, show_points, show_rate
from perfeval.model.regulation import NotApplicable, Regulation, Rounding
from perfeval.model.scorecard import Basis, Scorecard
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations
from perfeval.rules.rounding import rounded

REGULATIONS = load_regulations()
DEPARTMENT, PROJECT = REGULATIONS["sichuan-dept-65-35"], REGULATIONS["sichuan-project-10-90"]
KEY = re.compile(r"\{(\w+)\}")


def example(**changes) -> dict:
    return {**completed_sheets(), **changes}


def card(sheets: dict | None = None, regulation: Regulation = DEPARTMENT, kind: str = "部门整体") -> Scorecard:
    return score(submission(sheets if sheets is not None else example(), kind), regulation)


def points(scorecard: Scorecard, item_id: str) -> str:
    item = scorecard.item(item_id)
    assert item is not None
    return show_points(item.score)


COMPLETED = card()


def test_the_completed_example() -> None:
    assert (show_points(COMPLETED.total), COMPLETED.grade, COMPLETED.not_scored) == ("98.94", "优", 0)
    scores = {i: points(COMPLETED, i) for i in ("A", "A1", "A5", "B", "B1", "B2", "B3", "B2.3", "B3.3")}
    assert scores == {
        "A": "65", "A1": "20", "A5": "6", "B": "33.94", "B1": "12", "B2": "11.73", "B3": "10.21", "B2.3": "3.73",
        "B3.3": "2.21",
    }  # fmt: skip
    assert COMPLETED.declared_total is not None
    assert COMPLETED.declared_total.value == COMPLETED.total


@pytest.mark.parametrize(
    ("name", "rate", "cells"),
    [
        ("预算执行率", "93.14%", 2),
        ("调整率", "42.21%", 2),
        ("结余率", "0.00%", 3),
        ("年初预算压减率", "14.29%", 2),
        ("执行压减率", "38.76%", 2),
        ("项目执行率", "97.03%", 38),
        ("常年项目执行率", "100.00%", 18),
        ("阶段项目执行率", "95.87%", 20),
        ("完成率：重点项目年度投资", "64.72%", 2),
    ],
)
def test_the_measures_of_the_example(name: str, rate: str, cells: int) -> None:
    measure = COMPLETED.measure(name)
    assert measure is not None
    assert (show_rate(measure.value), len(measure.cells)) == (rate, cells)
    assert set(KEY.findall(measure.formula)) == {operand.key for operand in measure.operands}


def test_only_these_measures() -> None:
    assert len(COMPLETED.measures) == 9


def test_the_annex_of_the_example() -> None:
    annex = {s.indicator.name.value: s for s in COMPLETED.indicators}
    assert sum(s.weight for s in annex.values()) == 90
    shown = {
        name: show_points(annex[name].score)
        for name in ("发放工资人数", "经济形势向好", "经营者和消费者满意度", "检查完成时限")
    }
    assert shown == {"发放工资人数": "3", "经济形势向好": "1.89", "经营者和消费者满意度": "4.74", "检查完成时限": "2"}
    assert annex["发放工资人数"].met is True


def test_the_explanations_of_the_example() -> None:
    sentences = {item.item.id: item.explanation for item in COMPLETED.items}
    assert sentences["B2.3"] == "执行结果 = 4 × 570.41 ÷ 612.44 = 3.73 分"
    assert sentences["B3.3"] == "实现效果 = 3 × (19 − 5) ÷ 19 = 2.21 分（5 个项目效益指标未得满分）"
    assert sentences["B"] == "部门预算项目绩效 = 12 + 11.73 + 10.21 = 33.94 分"
    assert sentences["A1"] == "履职效能：“履职”表各项职能自评得分合计 7 + 7 + 6，按单位自评计 20 分"
    assert sentences["A5"] == "采购管理：不涉及，按规定计满分 6 分"
    assert sentences["A4.2"] == "账账相符：没有提供计算所需的数据，按单位自评计 3 分"


def test_where_the_scores_of_the_example_come_from() -> None:
    basis = {item.item.id: item.basis for item in COMPLETED.items if item.item.is_leaf}
    computed = {i for i, b in basis.items() if b is Basis.COMPUTED}
    assert computed == {"A2.4", "A2.5", "B1.1", "B1.2", "B1.3", "B2.1", "B2.2", "B2.3", "B3.1", "B3.2", "B3.3"}
    assert {i for i, b in basis.items() if b is Basis.NOT_APPLICABLE} == {"A5"}
    result = COMPLETED.item("B2.3")
    assert result is not None
    assert [str(ref) for operand in result.operands for ref in operand.cells] == ["收支!D19", "收支!D18"]


def test_every_key_of_every_formula_is_an_operand() -> None:
    scores = [
        *COMPLETED.items,
        *COMPLETED.indicators,
        *(item for project in COMPLETED.projects for item in project.items),
    ]
    for one in scores:
        assert set(KEY.findall(one.formula or "")) <= {operand.key for operand in one.operands}
        assert len({operand.key for operand in one.operands}) == len(one.operands)


def first_project(column: str, value: object) -> list[dict]:
    return [{**project, column: value} if n == 0 else project for n, project in enumerate(example()["项目"])]


@pytest.mark.parametrize(
    ("column", "value", "item", "score", "basis"),
    [
        ("事前评估", "否", "B1.1", "3.79", Basis.COMPUTED),
        ("事前评估", "不涉及", "B1.1", "4", Basis.COMPUTED),
        ("事前评估", "", "B1.1", "4", Basis.DECLARED),  # not supplied: falls back to the department's own score
        ("事前评估", Unreadable("大概"), "B1.1", "4", Basis.DECLARED),
        ("执行数", "5.39", "B1.2", "3.79", Basis.COMPUTED),  # 10.17 % left
        ("执行数", "5.4", "B1.2", "4", Basis.COMPUTED),  # exactly 10 %
        ("执行数", "", "B1.2", "4", Basis.DECLARED),
        ("调整后预算数", "0", "B1.2", "4", Basis.COMPUTED),  # without a budget it does not count
        ("入库日期", "2024-10-01", "B1.3", "3.79", Basis.COMPUTED),
        ("入库日期", "2024-09-30", "B1.3", "4", Basis.COMPUTED),
        ("入库日期", "", "B1.3", "4", Basis.DECLARED),
        ("列支与目标相符", "否", "B2.1", "3.79", Basis.COMPUTED),
        ("需要调整", "", "B2.2", "4", Basis.DECLARED),
        ("数量指标完成", "否", "B3.1", "3.79", Basis.COMPUTED),
        ("目标偏离", "是", "B3.2", "3.79", Basis.COMPUTED),
        ("效益指标满分", "否", "B3.3", "2.05", Basis.COMPUTED),
    ],
)
def test_projects_that_fall_short(column, value, item, score, basis) -> None:
    changed = card(example(项目=first_project(column, value)))
    found = changed.item(item)
    assert found is not None
    assert (show_points(found.score), found.basis) == (score, basis)


def test_adjustment_counts_only_projects_that_needed_it() -> None:
    projects = example()["项目"]
    one_failed = [{**p, "已采取调整措施": "否"} if p["项目名称"].endswith("01") else p for p in projects]
    assert points(card(example(项目=one_failed)), "B2.2") == "3.6"  # 4 × (10 − 1) ÷ 10
    none_needed = [{**p, "需要调整": "否", "已采取调整措施": ""} for p in projects]
    result = card(example(项目=none_needed)).item("B2.2")
    assert result is not None
    assert (result.score, result.basis) == (4, Basis.COMPUTED)
    assert "没有需要计入的项目" in result.explanation


def test_quantities_are_taken_from_the_indicators_where_there_are_some() -> None:
    name = example()["项目"][0]["项目名称"]
    row = {
        "适用对象": name,
        "一级指标": "产出指标",
        "二级指标": "数量指标",
        "三级指标": "份数",
        "指标性质": "≥",
        "指标值": "5",
        "权重": "90",
    }
    unmet, met = ({**row, "实际完成值": actual} for actual in ("4", "5"))
    assert points(card(example(指标=[unmet])), "B3.1") == "3.79"
    no_by_hand = first_project("数量指标完成", "否")
    assert points(card(example(指标=[met], 项目=no_by_hand)), "B3.1") == "4"
    unreported = {**row, "实际完成值": "若干"}
    assert points(card(example(指标=[unreported], 项目=no_by_hand)), "B3.1") == "3.79"


def rows_of_scores(**changes) -> list[dict]:
    return [{**row, **changes.get(row["指标名称"], {})} for row in example()["评分"]]


@pytest.mark.parametrize(
    ("policy", "total", "basis_score"),
    [
        (NotApplicable.FULL, "98.94", "6"),
        (NotApplicable.ZERO, "92.94", "0"),
        (NotApplicable.EXCLUDE_AND_RESCALE, "98.87", "未评分"),
    ],
)
def test_not_applicable(policy: NotApplicable, total: str, basis_score: str) -> None:
    items = tuple(replace(item, not_applicable=policy) if item.id == "A5" else item for item in DEPARTMENT.items)
    result = card(regulation=replace(DEPARTMENT, items=items))
    assert (show_points(result.total), points(result, "A5"), result.not_scored) == (total, basis_score, 0)
    assert bool(result.rescale_note) == (policy is NotApplicable.EXCLUDE_AND_RESCALE)
    if result.rescale_note:
        assert result.rescale_note == "采购管理（6 分）不涉及，不计分，总分折算：92.94 ÷ (100 − 6) × 100 = 98.87 分"


def test_a_parent_marked_not_applicable_takes_its_leaves_along() -> None:
    cleared = rows_of_scores(
        资产管理={"是否适用": "不涉及"}, 账账相符={"是否适用": ""}, 资产利用率与盘活率={"是否适用": "是"}
    )
    result = card(example(评分=cleared))
    assert result.item("A4.2").basis is Basis.NOT_APPLICABLE
    assert result.item("A4.3").basis is Basis.DECLARED


@pytest.mark.parametrize("value", ["", "6.01", "-1", Unreadable("六分")])
def test_a_declared_score_that_cannot_count_is_not_scored(value) -> None:
    result = card(example(评分=rows_of_scores(预算编制质量={"自评得分": value})))
    found = result.item("A2.1")
    assert (found.score, found.basis, result.not_scored, result.grade) == (None, Basis.NOT_SCORED, 1, None)
    assert show_points(result.total) == "92.94"
    assert result.item("A2").explanation.endswith("（预算编制质量未评分）")


def test_an_item_without_fallback_is_not_scored_from_a_declaration() -> None:
    items = tuple(replace(item, fallback=False) if item.id == "A4.2" else item for item in DEPARTMENT.items)
    assert card(regulation=replace(DEPARTMENT, items=items)).item("A4.2").basis is Basis.NOT_SCORED


def test_duties_without_a_complete_total_fall_back_to_the_row_of_the_item() -> None:
    duties = [{**row, "自评得分": ""} if n == 0 else row for n, row in enumerate(example()["履职"])]
    result = card(example(履职=duties)).item("A1")
    assert (result.score, result.basis) == (20, Basis.DECLARED)
    assert "没有完整的自评得分" in result.explanation


def test_missing_adjusted_budget_is_never_replaced() -> None:
    money = {label: {**cells, "调整后预算数": ""} for label, cells in example()["收支"].items()}
    result = card(example(收支=money))
    assert [result.measure(name).value for name in ("预算执行率", "调整率", "结余率")] == [None, None, None]
    assert result.item("A2.4").basis is Basis.DECLARED


@pytest.mark.parametrize(
    ("rounding", "total"), [(Rounding.HALF_UP_1, "98.9"), (Rounding.INTEGER, "99"), (Rounding.FLOOR_1, "98.9")]
)
def test_rounding_is_the_regulations(rounding: Rounding, total: str) -> None:
    assert show_points(card(regulation=replace(DEPARTMENT, rounding=rounding)).total) == total


def test_an_empty_workbook_scores_nothing() -> None:
    result = card({})
    assert (result.total, result.grade, result.not_scored) == (None, None, 22)
    assert all(item.score is None for item in result.items)
    assert all(measure.value is None for measure in result.measures)


def test_a_regulation_of_the_other_kind_scores_no_tree() -> None:
    result = card(regulation=PROJECT)
    assert (result.items, result.total) == ((), None)
    assert len(result.projects) == 19


PROJECT_SHEETS = {
    "项目": [{"项目名称": "甲", "项目类型": "常年", "调整后预算数": "10", "执行数": "9", "自评得分": "98"}],
    "指标": [
        {
            "适用对象": "甲",
            "一级指标": "产出指标",
            "三级指标": "一",
            "指标性质": "≥",
            "指标值": "9",
            "权重": "50",
            "实际完成值": "9",
        },
        {
            "适用对象": "甲",
            "一级指标": "效益指标",
            "三级指标": "二",
            "指标性质": "≥",
            "指标值": "9",
            "权重": "40",
            "实际完成值": "8",
        },
    ],
}


def test_one_project_has_the_total_of_the_workbook() -> None:
    result = card(PROJECT_SHEETS, PROJECT, "项目支出")
    assert (show_points(result.total), result.grade, result.declared_total.value) == ("94.56", "优", 98)
    assert [(item.subject, item.item.name, show_points(item.score)) for item in result.items] == [
        ("甲", "预算执行率", "9"), ("甲", "产出指标", "50"), ("甲", "效益指标", "35.56"),
    ]  # fmt: skip
    assert result.items[0].explanation == "预算执行率 = 10 × 9 ÷ 10 = 9 分"
    assert result.projects[0].carryover_rate == Decimal("0.1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"权重": "41"}, "weights that do not come to the sum"),
        ({"实际完成值": ""}, "an indicator that is not scored"),
        ({"适用对象": "乙"}, "an indicator that belongs to nobody"),
    ],
)
def test_no_total_without_everything(change: dict, why: str) -> None:
    sheets = {**PROJECT_SHEETS, "指标": [PROJECT_SHEETS["指标"][0], {**PROJECT_SHEETS["指标"][1], **change}]}
    result = card(sheets, PROJECT, "项目支出")
    assert (result.total, result.grade) == (None, None), why
    assert len(result.indicators) == 2


def test_two_projects_have_totals_of_their_own() -> None:
    other = {**PROJECT_SHEETS["项目"][0], "项目名称": "乙"}
    result = card({**PROJECT_SHEETS, "项目": [*PROJECT_SHEETS["项目"], other]}, PROJECT, "项目支出")
    assert (result.total, [p.total is None for p in result.projects]) == (None, [False, True])


shuffles = st.integers(0, 10**6)


@given(shuffles)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_row_order_and_blank_rows_change_nothing(seed: int) -> None:
    chance = random.Random(seed)
    tables = {name: list(rows) for name, rows in example().items() if isinstance(rows, list)}
    for rows in tables.values():
        chance.shuffle(rows)
        rows.insert(chance.randint(0, len(rows)), dict.fromkeys(rows[0], ""))
    shuffled = card(example(**tables))
    assert shuffled.total == COMPLETED.total
    assert {i.item.id: i.score for i in shuffled.items} == {i.item.id: i.score for i in COMPLETED.items}
    assert {m.name: m.value for m in shuffled.measures} == {m.name: m.value for m in COMPLETED.measures}


declared = st.one_of(st.just(""), st.decimals(-1, 9, places=3).map(str))
amount = st.one_of(st.just(""), st.decimals(-100, 1000, places=2).map(str), st.just("1" + "0" * 40))
applicable = st.sampled_from(["是", "否", "不涉及", ""])


@given(
    st.lists(st.tuples(declared, applicable), min_size=22, max_size=22),
    st.lists(amount, min_size=8, max_size=8),
    st.sampled_from(Rounding),
)
@settings(max_examples=60, deadline=None)
def test_the_total_is_the_sum_of_its_lines_and_every_line_is_within_its_points(rows, amounts, rounding) -> None:
    sheets = {
        "评分": [{"指标编号": leaf.id, "自评得分": d, "是否适用": a} for leaf, (d, a) in zip(DEPARTMENT.leaves(), rows, strict=True)],
        "收支": {"支出合计": dict(zip(("年初预算数", "调整后预算数", "决算数"), amounts, strict=False)), "收回或注销数": {"决算数": amounts[3]}},
        "管理数据": {"应报送资产报表次数": {"数值": "5"}, "按时准确报送次数": {"数值": "4"}, "采购预算金额": {"数值": amounts[4]},
            "实际采购金额": {"数值": amounts[5]}},
        "压减": {"一般性支出执行数": {"上年": amounts[6], "本年": amounts[7]}},
    }  # fmt: skip
    result = card(sheets, replace(DEPARTMENT, rounding=rounding))
    leaves = [item for item in result.items if item.item.is_leaf]
    scores = [item.score for item in leaves if item.score is not None]
    assert result.total == (sum(scores) if scores else None)
    assert result.not_scored == sum(1 for item in leaves if item.basis is Basis.NOT_SCORED) == len(leaves) - len(scores)
    for item in leaves:
        assert item.score is None or 0 <= item.score <= item.max_points
        assert item.score is None or item.score == rounded(item.score, rounding)
        assert item.explanation.startswith(item.item.name)


@given(st.lists(st.tuples(st.decimals(-10, 200, places=2), st.decimals(-10, 200, places=2)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_projects_blocks_are_the_sums_of_their_indicators(pairs) -> None:
    rows = [
        {
            "适用对象": "甲",
            "一级指标": f"块{n % 2}",
            "三级指标": str(n),
            "指标性质": "≥",
            "指标值": str(a),
            "权重": "10",
            "实际完成值": str(b),
        }
        for n, (a, b) in enumerate(pairs)
    ]
    result = card({**PROJECT_SHEETS, "指标": rows}, PROJECT, "项目支出")
    blocks = {item.item.name: item.score for item in result.items[1:]}
    for name, block in blocks.items():
        assert block == sum(s.score for s in result.indicators if s.indicator.level1.value == name)
    assert sum(blocks.values()) == half_up(sum(s.score for s in result.indicators))
