"""A report perfeval wrote for a clean workbook holds no contradiction; one wrong digit in it is exactly one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from audit_reports import changed, changed_cell, found_in, ours, rendered, sentences
from departments import Department, departments
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_packages import completed, fill, package, project_kind, put, with_indicators

from perfeval.audit.audit import examine
from perfeval.audit.message import message
from perfeval.model.readings import DateSpan
from perfeval.model.submission import Submission

NAMES = [str(project.name.value) for project in completed().projects[:2]]


def with_forms():  # type: ignore[no-untyped-def]
    made = completed()
    for name in NAMES:
        made = with_indicators(made, [f"{name}的指标{i}" for i in range(9)], subject=name, weight=10)
    return rendered(package(made))


@pytest.mark.parametrize(
    "made",
    [
        package(completed()),
        package(completed(), "pidu-dept-40-50-10"),
        package(project_kind(completed(), "cn-project-10-90")),
        package(project_kind(completed(), "hubei-project-20-80")),
        package(project_kind(completed(), "sichuan-project-10-90")),
    ],
    ids=["department", "another scheme", "cn-project", "hubei-project", "sichuan-project"],
)
def test_our_own_reports_hold_no_contradiction(made) -> None:  # type: ignore[no-untyped-def]
    assert found_in(rendered(made)) == ()


def test_nor_does_a_department_with_project_forms() -> None:
    assert found_in(with_forms()) == ()


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(filed=departments(most_projects=12, most_indicators=30))
def test_nor_do_the_reports_of_generated_clean_workbooks(filed: Department) -> None:
    assert sentences(rendered(package(filed.submission))) == ""


ONE_DIGIT = [
    # scores: sections, blocks, leaves, maxima, lost points, the arithmetic, the total
    ("总分65分，得分65分", "总分65分，得分66分"),
    ("总分65分，得分65分", "总分55分，得分65分"),
    ("总分35分，得分33.94分", "总分35分，得分33.04分"),
    ("履职效能（20分，得分20分）", "履职效能（20分，得分10分）"),
    ("发展规划编制职能（7分，自评得分7分）", "发展规划编制职能（7分，自评得分8分）"),
    ("发展规划编制职能（7分，自评得分7分）", "发展规划编制职能（9分，自评得分7分）"),
    ("预算管理（25分，得分25分）", "预算管理（25分，得分24分）"),
    ("预算管理（25分，得分25分）", "预算管理（26分，得分25分）"),
    ("科学性和准确性较高，得6分", "科学性和准确性较高，得5分"),
    ("没有延迟，得3分", "没有延迟，得2分"),
    ("采购管理（6分，得分6分）", "采购管理（6分，得分4分）"),
    ("属不涉及事项，得6分", "属不涉及事项，得5分"),
    ("项目决策（12分，得分12分）", "项目决策（12分，得分11分）"),
    ("项目执行（12分，得分11.73分）", "项目执行（12分，得分11.93分）"),
    ("得3.73分", "得3.13分"),
    ("扣0.27分，扣分原因", "扣0.37分，扣分原因"),
    ("执行结果扣0.27分", "执行结果扣0.21分"),
    ("4 × 570.41", "3 × 570.41"),
    ("÷ 612.44", "÷ 712.44"),
    ("= 3.73 分", "= 3.83 分"),
    ("得2.21分", "得2.31分"),
    ("3 × (19 − 5) ÷ 19", "3 × (19 − 6) ÷ 19"),
    ("综合得分98.94分（满分", "综合得分98.84分（满分"),
    ("综合得分98.94分（满分", "综合得分93.94分（满分"),
    ("单位自评综合得分98.94分", "单位自评综合得分98.84分"),
    ("（满分100分）", "（满分120分）"),
    ("评价等级为“优”", "评价等级为“良”"),
    # counts
    ("预算项目共19个", "预算项目共18个"),
    ("该类项目总数9个", "该类项目总数8个"),
    ("该类项目总数10个", "该类项目总数11个"),
    ("其中阶段（一次性）项目10个", "其中阶段（一次性）项目19个"),
    ("全部项目19个", "全部项目29个"),
    ("19个项目中有5个", "19个项目中有4个"),
    ("扣分原因：5个项目", "扣分原因：6个项目"),
    ("绩效指标共36项", "绩效指标共35项"),
    ("部门整体绩效指标中有", "部门整体绩效指标中有1"),
    # amounts
    ("年初预算收入430.66万元", "年初预算收入480.66万元"),
    ("年初预算收入430.66万元，其中财政拨款收入388.63万元", "年初预算收入430.66万元，其中财政拨款收入388.69万元"),
    ("年初预算支出430.66万元", "年初预算支出430.06万元"),
    ("基本支出223.90万元", "基本支出222.90万元"),
    ("按来源分，财政拨款388.63万元", "按来源分，财政拨款381.63万元"),
    ("调整后预算收入612.44万元", "调整后预算收入612.94万元"),
    ("基本支出405.68万元", "基本支出415.68万元"),
    ("全年决算总收入570.41万元", "全年决算总收入571.41万元"),
    ("全年决算总支出570.41万元", "全年决算总支出510.41万元"),
    ("基本支出369.79万元", "基本支出369.19万元"),
    ("全年财政拨款决算总收入为570.41万元", "全年财政拨款决算总收入为670.41万元"),
    ("收回或注销42.03万元", "收回或注销42.93万元"),
    ("年末结转和结余0万元", "年末结转和结余3万元"),
    ("涉及预算总金额58.15万元", "涉及预算总金额53.15万元"),
    ("涉及预算总金额148.61万元", "涉及预算总金额148.21万元"),
    # rates
    ("预算调整率42.21%", "预算调整率42.31%"),
    ("预算执行率93.14%", "预算执行率98.14%"),
    ("结余率0.00%", "结余率0.30%"),
    ("预算执行总体进度为97.03%", "预算执行总体进度为97.43%"),
    ("预算执行总体进度为95.87%", "预算执行总体进度为94.87%"),
    ("年度投资64.72%", "年度投资61.72%"),
    ("计划完成投资62.16亿元", "计划完成投资62.86亿元"),
    ("已完成投资40.23亿元", "已完成投资46.23亿元"),
    ("其他项目完成计划95.00%", "其他项目完成计划05.00%"),
    # indicators in the text
    ("“经济形势向好”目标值≥95%", "“经济形势向好”目标值≥91%"),
    ("目标值≥95%，实际完成90%，分值2分", "目标值≥95%，实际完成80%，分值2分"),
    ("分值2分，得1.89分", "分值2分，得1.79分"),
    ("分值5分，得4.74分", "分值3分，得4.74分"),
    ("实际完成16人，分值3分", "实际完成15人，分值3分"),
]


@pytest.mark.parametrize(("right", "wrong"), ONE_DIGIT)
def test_one_wrong_digit_is_one_contradiction(right: str, wrong: str) -> None:
    assert len(found_in(changed(ours(), right, wrong))) == 1


ONE_CELL = [
    ("发放工资覆盖率", 2, "99", "target below the actual of an = indicator: reported by the row"),
    ("发放工资覆盖率", 5, "90", "actual"),
    ("经济形势向好", 2, "96", "target"),
    ("经济形势向好", 5, "80", "actual"),
    ("经济形势向好", 6, "1.09", "score"),
    ("经济形势向好", 4, "3", "weight"),
    ("群众满意度", 5, "80", "actual"),
    ("群众满意度", 4, "6", "weight"),
    ("群众满意度", 6, "4", "score"),
    ("维护社会持续稳定", 2, "99", "target"),
    ("补助企业家数", 5, "7", "actual above a ceiling"),
    ("检查完成时限", 2, "10月底前", "deadline"),
    ("部门正常运转", 6, "4", "more points than the weight"),
    ("388.63", -1, "430.16", "资金总额"),
    ("388.63", 0, "388.03", "财政拨款"),
    ("388.63", 1, "42.33", "上年结转"),
]


@pytest.mark.parametrize(
    ("row", "column", "wrong"), [case[:3] for case in ONE_CELL], ids=[f"{c[0]} {c[3]}" for c in ONE_CELL]
)
def test_one_wrong_cell_of_the_annex_is_one_contradiction(row: str, column: int, wrong: str) -> None:
    assert len(found_in(changed_cell(ours(), row, column, wrong))) == 1


DIGITS = [
    (n, at)
    for n, line in enumerate(ours().lines)
    if line.chapter
    for at, c in enumerate(line.text)
    if c in "0123456789"
]


@settings(max_examples=60, deadline=None)
@given(place=st.sampled_from(DIGITS), digit=st.sampled_from("0123456789"))
def test_whatever_digit_is_wrong_is_reported_once_at_most(place: tuple[int, int], digit: str) -> None:
    number, at = place
    line = ours().lines[number]
    lines = (
        *ours().lines[:number],
        replace(line, text=line.text[:at] + digit + line.text[at + 1 :]),
        *ours().lines[number + 1 :],
    )
    assert len(found_in(replace(ours(), lines=lines))) <= 1


def test_two_wrong_figures_are_two_contradictions() -> None:
    twice = changed(changed(ours(), "没有延迟，得3分", "没有延迟，得2分"), "预算执行率93.14%", "预算执行率98.14%")
    assert len(found_in(twice)) == 2


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("按填报数据计算得92.5分", "按填报数据计算得82.5分"),
        ("绩效指标9项", "绩效指标8项"),
        ("，等级为“优”", "，等级为“良”"),
    ],
)
def test_a_projects_sentence_is_held_against_its_form(right: str, wrong: str) -> None:
    report = with_forms()
    line = next(line for line in report.lines if right in line.text)
    lines = tuple(replace(x, text=x.text.replace(right, wrong)) if x is line else x for x in report.lines)
    assert len(found_in(replace(report, lines=lines))) == 1


def scored(name: str, declared: str | None) -> Submission:
    """The completed example with another score of the department's own for one item."""
    rows = completed().scores
    value = None if declared is None else Decimal(declared)
    return replace(completed(), scores=tuple(fill(r, declared=value) if r.item_name.value == name else r for r in rows))


def deadline_missed() -> Submission:
    """One indicator is a day, and was done later."""
    rows = list(completed().indicators)
    at = next(i for i, row in enumerate(rows) if row.name.value == "检查完成时限")
    row = fill(rows[at], nature="≤", deviation_reason="汛期停工", improvement="提前安排")
    due, done = DateSpan(None, date(2025, 8, 31)), DateSpan(date(2025, 9, 20), date(2025, 9, 20))
    rows[at] = replace(
        row, target=put(row.target, due, "2025年8月31日前"), actual=put(row.actual, done, "2025年9月20日")
    )
    return replace(completed(), indicators=tuple(rows))


def own_total(declared: str) -> Submission:
    return replace(completed(), grand_total=put(completed().grand_total, Decimal(declared)))


def own_indicator_score() -> Submission:
    rows = completed().indicators
    return replace(
        completed(),
        indicators=tuple(fill(r, declared=Decimal(2)) if r.name.value == "经济形势向好" else r for r in rows),
    )


def project_declared(declared: str) -> Submission:
    made = with_indicators(completed(), [f"{NAMES[0]}的指标{i}" for i in range(9)], subject=NAMES[0], weight=10)
    return replace(made, projects=(fill(made.projects[0], declared=Decimal(declared)), *made.projects[1:]))


# what the department filed → a sentence only such a report holds, and the same sentence with a wrong digit
FILED = [
    (scored("执行结果", "4"), "计算得3.73分，相差0.27分", "计算得3.73分，相差0.57分"),
    (scored("执行结果", "4"), "计算得3.73分，相差0.27分", "计算得3.43分，相差0.27分"),
    (scored("执行结果", "4"), "= 3.73 分。单位自评4分", "= 3.73 分。单位自评3分"),
    (scored("预算编制质量", None), "（25分，得分19分，", "（25分，得分18分，"),
    (own_total("99.94"), "比计算得分高1分", "比计算得分高2分"),
    (own_total("96.5"), "单位自评综合得分96.5分", "单位自评综合得分95.5分"),
    (own_total("96.5"), "综合得分98.94分（满分", "综合得分98.84分（满分"),
    (own_indicator_score(), "，得1.89分", "，得1.79分"),
    (deadline_missed(), "应于2025年8月31日前完成", "应于2025年8月30日前完成"),
    (deadline_missed(), "实际于2025年9月20日完成", "实际于2025年9月10日完成"),
    (project_declared("95"), "按填报数据计算得92.5分", "按填报数据计算得93.5分"),
]


@pytest.mark.parametrize(("filed", "right", "wrong"), FILED, ids=[wrong for *_, wrong in FILED])
def test_what_only_some_reports_say_is_understood_too(filed: Submission, right: str, wrong: str) -> None:
    report = rendered(package(filed))
    assert sentences(report) == ""
    assert len(found_in(changed(report, right, wrong))) == 1


def test_the_arithmetic_of_the_annex_is_that_of_the_scored_item() -> None:
    report = changed(ours(), "3 × (19 − 5) ÷ 19 = 2.21", "3 × (19 − 4) ÷ 19 = 2.37")
    assert "同一项的得分，一处写的是 2.21 分，另一处写的是 2.37 分" in sentences(report)


def test_the_answer_says_what_was_compared(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "报告.txt"
    path.write_text(
        "一、评价结论\n（一）得分\n1. 管理（5分，得分5分）\n（1）甲。得2分。\n（2）乙。得3分。\n", encoding="utf-8"
    )
    assert message(examine(path)).splitlines() == [
        "“报告.txt”没有发现前后矛盾：重新核对了 1 处合计、3 处前后对照。",
        "读到金额 0 个、比率 0 个、得分 4 个，连同其他数共 4 个；核对了 4 处关系，发现 0 处矛盾；0 个数没有可以核对的关系。",
    ]


def test_a_report_without_figures_is_not_called_sound(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "报告.txt"
    path.write_text("一、基本情况\n本单位工作正常。\n", encoding="utf-8")
    assert "无法判断前后是否一致" in message(examine(path))
