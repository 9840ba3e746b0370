"""指标: each error planted into the clean completed example, reported once at the cell where it is corrected; both sides
of each boundary."""

import pytest
from planting import at, findings_of, marked, news, plant, project_workbook

from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import Severity

S = "指标"
SUBJECT, L1, L2, NAME, NATURE, TARGET, UNIT = (
    "适用对象",
    "一级指标",
    "二级指标",
    "三级指标",
    "指标性质",
    "指标值",
    "计量单位",
)
WEIGHT, ACTUAL, DECLARED, REASON = "权重", "实际完成值", "自评得分", "偏差原因"
SHOPS = "检查粮铺"  # 数量 ≥ 10 家, weight 3, actual 10
WAGE = "伙食团员工工资标准"  # 经济成本 ≤ 15000 元/月
COVERAGE = "发放工资覆盖率"  # 数量 = 100 %
STAFF = "发放工资人数"  # 数量 = 15 人, actual 16, with a reason
CANTEEN = "伙食团员工人数"  # 数量 ≤ 6 人
RUNNING = "部门正常运转"  # 质量 定性 优良中低差, actual 优, weight 3
CHECKED = "检查完成时限"  # 时效 定性 12月底前
WORRIES = "伙食团解决职工上班后顾之忧"  # 效益 ≥ 98 %
CONSUMERS = "经营者和消费者满意度"  # ≥ 95 %, actual 90, with a reason
TOPICS = ["INDICATOR", "CELL"]


def indicator(name: str, changes: dict[str, object]) -> set[tuple[str, str]]:
    """What changes of one row bring."""
    return news({(S, name, column): value for column, value in changes.items()}, TOPICS)


def reported(code: str, name: str, column: str) -> set[tuple[str, str]]:
    return {(code, at(S, name, column))}


# the row, its changes → the one finding and its column
PLANTED = [
    (SHOPS, {WEIGHT: None}, "INDICATOR_002", WEIGHT),
    (SHOPS, {WEIGHT: 0}, "INDICATOR_002", WEIGHT),
    (SHOPS, {WEIGHT: -3}, "INDICATOR_002", WEIGHT),
    (SHOPS, {ACTUAL: "约20个"}, "INDICATOR_003", ACTUAL),
    (SHOPS, {ACTUAL: "签约率提高1%、体检率提高2%"}, "INDICATOR_003", ACTUAL),
    (SHOPS, {ACTUAL: "优"}, "INDICATOR_003", ACTUAL),
    (SHOPS, {TARGET: "18—54周岁"}, "INDICATOR_003", TARGET),
    (CHECKED, {NATURE: "≤", ACTUAL: "若干"}, "INDICATOR_003", ACTUAL),
    (SHOPS, {ACTUAL: None}, "INDICATOR_004", ACTUAL),
    (SHOPS, {ACTUAL: "—"}, "INDICATOR_004", ACTUAL),
    (RUNNING, {ACTUAL: "优良中低差"}, "INDICATOR_004", ACTUAL),  # nothing was chosen
    (WAGE, {NATURE: "≥"}, "INDICATOR_006", NATURE),
    (WAGE, {NATURE: ">"}, "INDICATOR_006", NATURE),
    (WAGE, {NATURE: "≥", ACTUAL: 14000}, "INDICATOR_006", NATURE),  # with ≤ it would be met: the sign is the cause
    (WAGE, {L1: "产出指标", L2: "成本指标", NATURE: "≥"}, "INDICATOR_006", NATURE),
    (WORRIES, {NAME: "行政成本变动率"}, "INDICATOR_007", NATURE),
    (WORRIES, {NAME: "运行经费控制率"}, "INDICATOR_007", NATURE),
    (WORRIES, {NAME: "预算结余率（%）"}, "INDICATOR_007", NATURE),
    (RUNNING, {NAME: "设备完好率"}, "INDICATOR_008", NATURE),
    (RUNNING, {TARGET: "12月底前", ACTUAL: "11月"}, "INDICATOR_009", NATURE),
    (SHOPS, {TARGET: "12月底前", ACTUAL: "2025年11月20日"}, "INDICATOR_009", NATURE),  # ≥: the later the better?
    (SHOPS, {NATURE: ">", TARGET: "12月底前", ACTUAL: "达成"}, "INDICATOR_009", NATURE),
    (SHOPS, {TARGET: "2025-08-10"}, "INDICATOR_003", TARGET),  # 8-10 that became a day
    (SHOPS, {ACTUAL: "2025-08-10"}, "INDICATOR_003", ACTUAL),
    (CANTEEN, {TARGET: "2025-06-08"}, "INDICATOR_003", TARGET),
    (CHECKED, {NATURE: "≤", ACTUAL: 30}, "INDICATOR_003", ACTUAL),
    (CHECKED, {NATURE: "≤", TARGET: "2025年11月15日", ACTUAL: "2025年11月"}, "INDICATOR_003", ACTUAL),
    (SHOPS, {NATURE: None}, "INDICATOR_010", NATURE),
    (CHECKED, {NATURE: None}, "INDICATOR_010", NATURE),
    (SHOPS, {ACTUAL: 9}, "INDICATOR_011", REASON),
    (CANTEEN, {ACTUAL: 7}, "INDICATOR_011", REASON),
    (CONSUMERS, {REASON: None}, "INDICATOR_011", REASON),
    (CHECKED, {NATURE: "≤", ACTUAL: "2026年1月5日"}, "INDICATOR_011", REASON),
    (STAFF, {REASON: None}, "INDICATOR_012", REASON),
    (COVERAGE, {ACTUAL: 99}, "INDICATOR_012", REASON),
    (COVERAGE, {ACTUAL: 140}, "INDICATOR_012", REASON),
    (SHOPS, {ACTUAL: 14}, "INDICATOR_013", REASON),
    (SHOPS, {DECLARED: 4}, "INDICATOR_014", DECLARED),
    (SHOPS, {DECLARED: -1}, "INDICATOR_014", DECLARED),
    (SHOPS, {DECLARED: 2}, "INDICATOR_015", DECLARED),
    (RUNNING, {TARGET: "达成", ACTUAL: "部分达成", DECLARED: 2.7, REASON: "人手不足"}, "INDICATOR_016", DECLARED),
    (RUNNING, {TARGET: "达成", ACTUAL: "达成", DECLARED: 2}, "INDICATOR_016", DECLARED),
    (RUNNING, {ACTUAL: "还可以"}, "INDICATOR_017", ACTUAL),
    (RUNNING, {ACTUAL: "较好"}, "INDICATOR_017", ACTUAL),
    (RUNNING, {ACTUAL: "满意"}, "INDICATOR_017", ACTUAL),
    (RUNNING, {TARGET: "好坏", ACTUAL: "中"}, "INDICATOR_017", ACTUAL),
    (RUNNING, {ACTUAL: "部分达成"}, "INDICATOR_017", ACTUAL),  # the target's scale is 优良中低差
    (RUNNING, {TARGET: "保障机关正常运转", ACTUAL: "运转较为正常"}, "INDICATOR_017", ACTUAL),
    (SHOPS, {NATURE: "定性"}, "INDICATOR_017", ACTUAL),
    (COVERAGE, {NATURE: "定性"}, "INDICATOR_008", NATURE),  # the numbers beside it follow from that
    (RUNNING, {ACTUAL: "显著"}, "INDICATOR_017", ACTUAL),
    ("开展成本监审项目个数", {NAME: SHOPS}, "INDICATOR_020", NAME),
    ("开展成本监审项目个数", {NAME: f" {SHOPS[:2]} {SHOPS[2:]}\u200b"}, "INDICATOR_020", NAME),
    (SHOPS, {UNIT: "万元"}, "INDICATOR_021", NAME),
    (SHOPS, {UNIT: "元"}, "INDICATOR_021", NAME),
    (SHOPS, {NAME: "检查工作支出"}, "INDICATOR_021", NAME),
    (SHOPS, {NAME: "发放补助金额"}, "INDICATOR_021", NAME),
    (SHOPS, {NAME: "项目预算执行率", UNIT: "%"}, "INDICATOR_021", NAME),
    (SHOPS, {NATURE: "≤"}, "INDICATOR_022", NATURE),
    (SHOPS, {NATURE: "<", NAME: "培训农户人数", ACTUAL: 9}, "INDICATOR_022", NATURE),
    (SHOPS, {NATURE: "≤", NAME: "受益职工人数"}, "INDICATOR_022", NATURE),
    (WORRIES, {NAME: "提高机关办事效率"}, "INDICATOR_023", TARGET),
    (WORRIES, {NAME: "促进社会和谐"}, "INDICATOR_023", TARGET),
    (SHOPS, {ACTUAL: "≥10"}, "INDICATOR_025", ACTUAL),
    (RUNNING, {TARGET: "保障机关正常运转", ACTUAL: "保障机关正常运转"}, "INDICATOR_026", ACTUAL),
    (SHOPS, {TARGET: "18—54周岁", ACTUAL: "18—54周岁"}, "INDICATOR_026", ACTUAL),  # 达成, before a range is questioned
    (SHOPS, {TARGET: "完成1部宣传片,2套方案", ACTUAL: "完成1部宣传片,2套方案", NATURE: "="}, "INDICATOR_026", ACTUAL),
    (CANTEEN, {TARGET: "不超过核定编制", ACTUAL: "不超过核定编制"}, "INDICATOR_026", ACTUAL),
    (RUNNING, {TARGET: "达成", ACTUAL: "部分达成", REASON: "人手不足"}, "INDICATOR_027", DECLARED),
    (RUNNING, {TARGET: 10, ACTUAL: "优"}, "INDICATOR_029", ACTUAL),
    (CHECKED, {ACTUAL: "1月4日"}, "INDICATOR_031", ACTUAL),
    # a strict target is missed at equality, a day is a deadline under ≤, = and <
    (SHOPS, {NATURE: ">", TARGET: 10}, "INDICATOR_011", REASON),
    (CANTEEN, {NATURE: "<", TARGET: 6, ACTUAL: 6}, "INDICATOR_011", REASON),
    (SHOPS, {NATURE: "=", TARGET: "2025-06-15", ACTUAL: "2025-06-16"}, "INDICATOR_011", REASON),
    (SHOPS, {NATURE: "≤", TARGET: "2025-06-15", ACTUAL: "2025-06-16"}, "INDICATOR_011", REASON),
    (SHOPS, {NATURE: "<", TARGET: "2025-06-15", ACTUAL: "2025-06-15"}, "INDICATOR_011", REASON),
    (SHOPS, {NATURE: "≥", TARGET: "2025-06-15", ACTUAL: "2025-06-15"}, "INDICATOR_009", NATURE),
    # unreadable: the reader's own finding, nothing on top
    (SHOPS, {ACTUAL: "7,00.0,77"}, "CELL_011", ACTUAL),
    (SHOPS, {WEIGHT: "三分"}, "CELL_002", WEIGHT),
    (COVERAGE, {ACTUAL: 0.98}, "CELL_007", ACTUAL),  # 0.98 % or 98 %: neither is taken for not met
    (CONSUMERS, {ACTUAL: 0.9, REASON: None}, "CELL_007", ACTUAL),
    (CONSUMERS, {TARGET: 0.95, ACTUAL: 0.94, REASON: None, DECLARED: 4.9}, "CELL_007", TARGET),
    (SHOPS, {NATURE: "大概"}, "CELL_003", NATURE),
]


@pytest.mark.parametrize(("name", "changes", "code", "column"), PLANTED)
def test_a_planted_error_is_reported_once_at_its_cell(name, changes, code, column):
    expected = reported(code, name, column)
    assert indicator(name, changes) == expected


BLOCKING = [
    (name, changes)
    for name, changes, code, _ in PLANTED
    if len(changes) == 1 and catalogue()[code].severity is Severity.ERROR
]


@pytest.mark.parametrize(("name", "changes"), BLOCKING)
def test_the_mistyped_cell_is_among_those_marked(name, changes):
    column, value = next(iter(changes.items()))
    assert at(S, name, column) in marked({(S, name, column): value}, TOPICS)


def test_units_without_a_known_factor_are_reported_at_the_actual():
    changes = {(S, SHOPS, TARGET): "10户", (S, SHOPS, ACTUAL): "12人", (S, SHOPS, UNIT): None}
    assert news(changes, ["INDICATOR"]) == reported("INDICATOR_018", SHOPS, ACTUAL)
    message = next(f for f in plant(changes) if f.code == "INDICATOR_018").message
    assert "单位是人，指标值的单位是户" in message


# changes of one row that are true of some department: nothing is reported
CLEAN = [
    (SHOPS, {NATURE: ">", TARGET: 9}),
    (CANTEEN, {NATURE: "<", TARGET: 7, ACTUAL: 6}),
    (SHOPS, {NATURE: "=", TARGET: "2025-06-15", ACTUAL: "2025-06-15"}),
    (SHOPS, {NATURE: "=", TARGET: "2025-06-15", ACTUAL: "2025-06-14"}),
    # of a date the sign says nothing about how many are served
    (SHOPS, {NATURE: "≤", TARGET: "2025-06-15", ACTUAL: "2025-06-15"}),
    (SHOPS, {NATURE: "<", TARGET: "2025-06-15", ACTUAL: "2025-06-14"}),
    (SHOPS, {ACTUAL: 13}),  # 130 % exactly
    (SHOPS, {ACTUAL: 9, REASON: "一家停业"}),
    (SHOPS, {ACTUAL: 20, REASON: "年中新增任务"}),
    (SHOPS, {DECLARED: 3}),
    (SHOPS, {DECLARED: 2.99}),  # within rounding of 3
    (CONSUMERS, {DECLARED: 4.74}),
    (COVERAGE, {ACTUAL: 99, REASON: "一人停职"}),
    (RUNNING, {TARGET: "达成", ACTUAL: "达成", DECLARED: 2.4}),
    (RUNNING, {TARGET: "达成", ACTUAL: "达成"}),
    (RUNNING, {TARGET: "好坏", ACTUAL: "好"}),
    (RUNNING, {ACTUAL: "优秀"}),
    (RUNNING, {ACTUAL: "良好", REASON: "一次停电"}),
    (RUNNING, {NAME: "提高工作效率"}),  # 效率 is no rate
    (RUNNING, {NAME: "单位成本核算工作"}),
    (WORRIES, {NAME: "单位成本节约率"}),  # the word 成本 in a name counts for nothing
    (WORRIES, {NAME: "促进就业增长率"}),  # a rate can be measured
    (WORRIES, {NAME: "群众满意度提高幅度"}),
    (WAGE, {NATURE: "="}),
    (WAGE, {UNIT: "%"}),
    (CANTEEN, {NAME: "食堂服务人员数量"}),  # staff may have a ceiling
    (CANTEEN, {NAME: "检查人员数"}),
    (SHOPS, {NAME: "补助农户户数", NATURE: "="}),
    (SHOPS, {TARGET: "10家", UNIT: None, ACTUAL: "10"}),
]


@pytest.mark.parametrize(("name", "changes"), CLEAN)
def test_nothing_is_reported_of_what_may_be_true(name, changes):
    assert {place for place in indicator(name, changes) if place[0].startswith("INDICATOR")} == set()


# 部分达成 of weight 3 is worth 1.80 to 2.40, both ends included
@pytest.mark.parametrize(("declared", "found"), [(1.79, True), (1.80, False), (2.40, False), (2.41, True)])
def test_both_ends_of_a_band(declared, found):
    changes = {TARGET: "达成", ACTUAL: "部分达成", DECLARED: declared, REASON: "人手不足"}
    assert indicator(RUNNING, changes) == (reported("INDICATOR_016", RUNNING, DECLARED) if found else set())


def test_weights_are_reported_at_the_header_with_every_weight_marked():
    changes = {(S, SHOPS, WEIGHT): 4}
    header = at(S, SHOPS, WEIGHT)[:-1].rstrip("0123456789") + "4"
    assert news(changes, TOPICS) == {("INDICATOR_001", header)}
    finding = next(f for f in plant(changes) if f.code == "INDICATOR_001")
    assert (finding.found, finding.expected) == ("91", "90")
    assert len(finding.related) == 36


def test_rows_under_a_name_that_nobody_knows_are_to_be_mended_first():
    """Their weights count too then: 90 without them would be 92 with them."""
    changes = {(S, SHOPS, WEIGHT): 4, (S, CANTEEN, "适用对象"): "本部门"}
    finding = next(f for f in plant(changes) if f.code == "INDICATOR_001")
    assert f"先改正 {at(S, CANTEEN, '适用对象').partition('!')[2]} 的适用对象（这 1 行的权重" in finding.fix


@pytest.mark.parametrize(("weight", "found"), [(3, False), (3.01, True), (2.99, True), (3.1, True)])
def test_weights_written_out_must_sum_exactly(weight, found):
    assert any(code == "INDICATOR_001" for code, _ in indicator(SHOPS, {WEIGHT: weight})) is found


def test_weights_of_one_third_each_are_only_rounded():
    changes = {(S, name, WEIGHT): 3.33 for name in (SHOPS, COVERAGE)} | {(S, CANTEEN, WEIGHT): 2.33}
    assert not any(code == "INDICATOR_001" for code, _ in news(changes, TOPICS))


@pytest.mark.parametrize("step", [1, -1])
def test_a_shifted_row_is_reported_alone(step):
    """Its weight is not known, so no sum is reported to be wrong."""
    columns, row = (
        "ABCDEFGHIJKLM",
        ["部门整体", "产出指标", "数量指标", SHOPS, "≥", 10, "家", 3, 10, None, None, None, None],
    )
    moved = [None, *row[:-1]] if step > 0 else [*row[:5], *row[6:], None]
    place = at(S, SHOPS, NAME)[len(S) + 2 :]
    assert news({f"{S}!{column}{place}": value for column, value in zip(columns, moved, strict=True)}, TOPICS) == {
        ("CELL_013", f"{S}!G{place}")
    }


def test_an_unknown_subject_is_reported_once_with_the_nearest_name():
    """The row still counts where it was meant, so no sum of weights is reported on top."""
    changes = {(S, SHOPS, SUBJECT): "部门整休", (S, COVERAGE, SUBJECT): "部门整休"}
    assert news(changes, TOPICS) == reported("INDICATOR_005", COVERAGE, SUBJECT)
    finding = next(f for f in plant(changes) if f.code == "INDICATOR_005")
    assert str(finding.ref) == at(S, COVERAGE, SUBJECT)
    assert [str(ref) for ref in finding.related] == [at(S, SHOPS, SUBJECT)]
    assert "是否为“部门整体”？" in finding.message


@pytest.mark.parametrize(("subject", "code"), [("园林绿化", "INDICATOR_005"), (None, "CELL_001")])
def test_a_row_that_cannot_be_placed_is_reported_alone(subject, code):
    assert indicator(SHOPS, {SUBJECT: subject}) == reported(code, SHOPS, SUBJECT)


def test_a_missing_class_is_questioned_at_the_first_row():
    changes = {(S, name, column): "效益指标" for name in ("群众满意度", CONSUMERS) for column in (L1, L2)}
    assert ("INDICATOR_024", at(S, "补助企业家数", SUBJECT)) in news(changes, TOPICS)
    finding = next(f for f in plant(changes) if f.code == "INDICATOR_024")
    assert finding.expected == "满意度指标"


def test_a_column_without_any_actual_is_reported_once():
    names = [f"I{row}" for row in range(5, 41)]
    found = news({f"{S}!{cell}": None for cell in names}, ["INDICATOR"])
    assert ("INDICATOR_004", f"{S}!I5") in found
    assert len([code for code, _ in found if code == "INDICATOR_004"]) == 1


def test_a_cost_in_per_cent_is_only_questioned():
    severities = {str(f.ref): f.severity for f in plant({(S, WAGE, NATURE): "≥"}) if f.code == "INDICATOR_006"}
    assert severities == {at(S, WAGE, NATURE): "error", at(S, "合理核定单位成本", NATURE): "question"}


ANSWERED = [
    (WORRIES, {NAME: "运行经费控制率"}, "INDICATOR_007"),
    (RUNNING, {NAME: "设备完好率"}, "INDICATOR_008"),
    (CHECKED, {}, "INDICATOR_009"),
    (SHOPS, {DECLARED: 2}, "INDICATOR_015"),
    (SHOPS, {UNIT: "万元"}, "INDICATOR_021"),
    (SHOPS, {NATURE: "≤"}, "INDICATOR_022"),
    (WORRIES, {NAME: "促进社会和谐"}, "INDICATOR_023"),
    (RUNNING, {TARGET: "保障机关正常运转", ACTUAL: "保障机关正常运转"}, "INDICATOR_026"),
    ("合理核定单位成本", {}, "INDICATOR_006"),
]


@pytest.mark.parametrize(("name", "changes", "code"), ANSWERED)
def test_a_reason_in_the_row_answers_the_question(name, changes, code):
    row = at(S, name, NAME)[len(S) + 2 :]
    findings = plant(
        {(S, name, column): value for column, value in {**changes, REASON: "已与财政部门确认口径"}.items()}
    )
    assert [f.answered for f in findings if f.code == code and f.ref and str(f.ref.row) == row] == [True]


def test_an_unmet_target_is_reported_with_both_values():
    message = next(f for f in plant({(S, SHOPS, ACTUAL): 9}) if f.code == "INDICATOR_011").message
    assert message == "“检查粮铺”的指标值是“≥ 10家”，实际完成值是“9家”，没有完成，也没有写偏差原因。"


def test_an_unreadable_number_is_reported_with_what_to_write():
    finding = next(f for f in plant({(S, SHOPS, ACTUAL): "约20个"}) if f.code == "INDICATOR_003")
    assert finding.message == "现在是“约20个”，这里需要一个数。"
    assert finding.fix.startswith("填 20，单位写在“计量单位”一列；并在“偏差原因”（K9）写明原因。")  # 20 of ≥ 10


def test_a_qualitative_indicator_with_a_date_as_target_is_met_or_missed_by_no_number():
    changes = {(S, SHOPS, NATURE): "定性", (S, SHOPS, TARGET): "12月底前", (S, SHOPS, ACTUAL): 5}
    (finding,) = [f for f in plant(changes) if f.code == "INDICATOR_003"]
    assert finding.fix.startswith("填 12，单位写在“计量单位”一列。")


def test_a_month_that_may_be_late_lacks_its_day():
    finding = next(
        f
        for f in plant(
            {(S, CHECKED, NATURE): "≤", (S, CHECKED, TARGET): "2025年11月15日", (S, CHECKED, ACTUAL): "2025年11月"}
        )
        if f.code == "INDICATOR_003"
    )
    assert finding.message == "现在是“2025年11月”，这里需要一个写明到日的日期，例如“2025年11月30日”。"


def test_a_number_that_became_a_date_is_reported_how_to_come_back():
    fixes = [f.fix for f in plant({(S, SHOPS, TARGET): "2025-08-10"}) if f.code == "INDICATOR_003"]
    assert [fix.partition("。")[0] for fix in fixes] == [
        "只填一个数；表格软件把数改成了日期的，先把单元格格式改为“常规”再填"
    ]


def test_a_date_with_a_floor_blocks_and_a_reason_does_not_answer_it():
    severities = [
        (f.severity, f.answered)
        for f in plant({(S, CHECKED, NATURE): "≥", (S, CHECKED, REASON): "已与财政部门确认"})
        if str(f.ref) == at(S, CHECKED, NATURE)
    ]
    assert severities == [(Severity.ERROR, False)]


PROJECTS = [{"项目名称": "河道清淤", "项目类型": "常年", "年初预算数": "10", "调整后预算数": "10", "执行数": "10"}]
RIVER = [
    ("产出指标", "数量指标", "清淤长度", "≥", "10", "公里", "20", "10"),
    ("产出指标", "质量指标", "验收合格率", "=", "100", "%", "10", "100"),
    ("产出指标", "时效指标", "完成时限", "≤", "2025年12月31日", "", "10", "2025年11月30日"),
    ("产出指标", "成本指标", "单位成本", "≤", "1", "万元/公里", "10", "1"),
    ("效益指标", "生态效益指标", "水质达标率", "≥", "90", "%", "30", "92"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%", "10", "91"),
]


def river(
    weights: list[str], regulation: str = "cn-project-10-90", changes: list[dict[str, str]] | None = None
) -> list[tuple[str, str, str]]:
    """What is reported of a 项目支出 workbook with these weights."""
    columns = (L1, L2, NAME, NATURE, TARGET, UNIT, WEIGHT, ACTUAL)
    rows = [{SUBJECT: "河道清淤", **dict(zip(columns, row, strict=True))} for row in RIVER]
    filled = [
        {**row, WEIGHT: weight, **change}
        for row, weight, change in zip(rows, weights, changes or [{}] * len(rows), strict=True)
    ]
    reported = findings_of(project_workbook(PROJECTS, filled, regulation))
    return [(f.code, f.severity.value, f.ref.address if f.ref else "") for f in reported]


# the weights of 清淤长度, 合格率, 时限, 成本, 水质, 满意度 → what is reported
WEIGHTS = [
    (["20", "10", "10", "10", "30", "10"], []),
    (["20", "10", "10", "10", "20", "20"], [("INDICATOR_019", "notice", "H4")]),
    (["20", "10", "10", "10", "30", "20"], [("INDICATOR_001", "error", "H4")]),
    (["20", "10", "10", "10", "30", ""], [("INDICATOR_002", "error", "H10")]),
]


@pytest.mark.parametrize(("weights", "expected"), WEIGHTS)
def test_a_projects_weights(weights, expected):
    assert river(weights) == expected


def test_points_written_behind_a_class_are_no_other_class():
    with_points = [{L1: f"{row[0]}（50分）"} for row in RIVER]
    assert river(["20", "10", "10", "10", "30", "10"], changes=with_points) == []


def test_blank_weights_are_a_notice_where_the_regulation_shares_points_out():
    assert river([""] * 6, "hubei-project-20-80") == [("INDICATOR_028", "notice", "H5")]
    assert river(["20", "10", "10", "10", "20", ""], "hubei-project-20-80") == [("INDICATOR_028", "notice", "H10")]


# the weights under a regulation that shares out what is left of 80 → what is reported
NOTHING_TO_SHARE = {
    "more than 80 without the blanks": (["30", "20", "30", "", "", "10"], [("INDICATOR_001", "error", "H4")]),
    "80 without the blanks": (
        ["30", "20", "20", "", "", "10"],
        [("INDICATOR_002", "error", "H8"), ("INDICATOR_002", "error", "H9")],
    ),
    "80, rounded, without the blanks": (
        ["26.67", "26.67", "26.67", "", "", ""],
        [("INDICATOR_002", "error", f"H{n}") for n in (8, 9, 10)],
    ),
    "a weight of 0": (["30", "0", "20", "", "10", "10"], [("INDICATOR_002", "error", "H6")]),
}


@pytest.mark.parametrize(("weights", "expected"), NOTHING_TO_SHARE.values(), ids=NOTHING_TO_SHARE)
def test_blank_weights_with_nothing_left_to_share_are_an_error(weights, expected):
    assert river(weights, "hubei-project-20-80") == expected


def test_the_notice_says_how_many_points_are_shared_among_how_many_indicators():
    rows = [dict(zip((L1, L2, NAME, NATURE, TARGET, UNIT, WEIGHT, ACTUAL), row, strict=True)) for row in RIVER]
    weights = ["20", "10", "10", "10", "", ""]
    filled = [{SUBJECT: "河道清淤", **row, WEIGHT: weight} for row, weight in zip(rows, weights, strict=True)]
    reported = findings_of(project_workbook(PROJECTS, filled, "hubei-project-20-80"))
    assert [
        "把“河道清淤”其余权重没有占用的 30 分平均分配给没有填权重的 2 个指标" in finding.message for finding in reported
    ] == [True, True]


# a day without a year, as one of 评价年度 ten months early, is asked about; 填报日期 None: not known

SAID_OF_DATES = [
    # 指标值, 实际完成值 → what is reported
    ("2025年12月31日（含）", "2025.12.30", set()),
    ("年底左右", "2025年12月20日", {("INDICATOR_003", TARGET)}),
]


@pytest.mark.parametrize(("target", "actual", "findings"), SAID_OF_DATES)
def test_a_day_that_counts_too_and_what_is_no_date(target, actual, findings):
    changes = {NATURE: "≤", TARGET: target, ACTUAL: actual}
    assert indicator(CHECKED, changes) == {(code, at(S, CHECKED, column)) for code, column in findings}


def test_a_letter_in_a_number_proposes_no_number():
    (finding,) = [f for f in plant({(S, SHOPS, ACTUAL): "1O"}) if f.code == "INDICATOR_003"]
    assert "填 1" not in finding.fix


@pytest.mark.parametrize("actual", ["长期", "长期性"])
def test_one_word_with_another_ending_is_the_target(actual):
    assert indicator(RUNNING, {TARGET: "长期坚持", ACTUAL: actual}) == set()


YEARLESS = [
    ("12月20日前", "1月15日", None, True),
    ("12月底前", "3月", None, True),
    ("2025年11月30日", "2月10日", None, True),
    ("12月20日前", "1月15日", "2026-02-01", True),
    ("12月20日前", "1月15日", "2026-01-10", False),  # that day has not come yet
    ("12月20日前", "2026年1月15日", None, False),
    ("12月20日前", "2025年1月15日", None, False),
    ("12月20日前", "11月15日", None, False),
    ("2026年1月31日前", "1月15日", None, False),  # in time in either year
    ("12月底前", "1月", "2026-01-15", True),
    ("12月底前", "2月", "2026-01-15", False),
    ("12月20日前", "12月25日", None, False),  # late in any year
    ("12月底前", "5月20日", None, False),
    ("3月底前", "1月15日", None, False),
    ("6月底前", "1月15日", None, False),
]


@pytest.mark.parametrize(("target", "actual", "filed", "is_asked"), YEARLESS)
def test_a_day_without_a_year_that_may_be_of_the_next_one(target, actual, filed, is_asked):
    changes = {(S, CHECKED, TARGET): target, (S, CHECKED, ACTUAL): actual, ("基本情况", "填报日期"): filed}
    found = [f for f in plant(changes) if f.code == "INDICATOR_031"]
    assert [str(f.ref) for f in found] == ([at(S, CHECKED, ACTUAL)] if is_asked else [])
    if is_asked:
        assert news({**changes, (S, CHECKED, ACTUAL): "2025年1月15日"}, ["INDICATOR_031"]) == set()
