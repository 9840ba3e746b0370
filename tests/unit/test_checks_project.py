"""项目: each error planted into the clean completed example. PROJECT_009 is in the example itself, and is true of
it."""

from datetime import date

import pytest
from planting import at, findings_of, news, plant, project_workbook

from perfeval.findings.finding import Severity

S = "项目"
PROJECT = "阶段项目（示例）06"  # 12.00 budgeted, 11.52 spent, 0.48 taken back
NAME, INITIAL, ADJUSTED, SPENT, BACK, REASON = (
    "项目名称",
    "年初预算数",
    "调整后预算数",
    "执行数",
    "收回或注销数",
    "偏差原因",
)
TOPICS = ["PROJECT", "CELL"]


def project(changes: dict[str, object], name: str = PROJECT) -> set[tuple[str, str]]:
    return news({(S, name, column): value for column, value in changes.items()}, TOPICS)


def reported(code: str, column: str, name: str = PROJECT) -> set[tuple[str, str]]:
    return {(code, at(S, name, column))}


PLANTED = [
    ({SPENT: 12.01}, "PROJECT_002", SPENT),
    ({INITIAL: -12}, "PROJECT_003", INITIAL),
    ({ADJUSTED: -12}, "PROJECT_003", ADJUSTED),
    ({SPENT: -11.52}, "PROJECT_003", SPENT),
    ({BACK: -0.48}, "PROJECT_003", BACK),
    ({SPENT: 10.79, REASON: "招标节约"}, "PROJECT_004", SPENT),
    ({SPENT: 10.79}, "PROJECT_005", REASON),
    ({"入库日期": date(2024, 10, 1)}, "PROJECT_006", "入库日期"),
    ({"已采取调整措施": "否"}, "PROJECT_007", "已采取调整措施"),
    ({"已采取调整措施": None}, "PROJECT_007", "已采取调整措施"),
    ({"已采取调整措施": "不涉及"}, "PROJECT_007", "已采取调整措施"),
    ({BACK: 0}, "PROJECT_008", "已采取调整措施"),
    ({SPENT: 0, ADJUSTED: 0}, "PROJECT_010", SPENT),
    # blank: the reader's own finding, nothing on top
    ({SPENT: None}, "CELL_001", SPENT),
    ({ADJUSTED: None}, "CELL_001", ADJUSTED),
]


@pytest.mark.parametrize(("changes", "code", "column"), PLANTED)
def test_a_planted_error_is_reported_once_at_its_cell(changes, code, column):
    assert project(changes) == reported(code, column)


CLEAN = [
    {SPENT: 12},
    {SPENT: 10.8},  # 90.00 % exactly
    {"入库日期": date(2024, 9, 30)},
    {"入库日期": None},
    {"需要调整": None, "已采取调整措施": None},
    {"需要调整": "不涉及", "已采取调整措施": "不涉及"},
    {BACK: None},  # not supplied is not 0
    {BACK: 0, INITIAL: 12.5},  # the budget changed
    {SPENT: 0, ADJUSTED: 0, "数量指标完成": "否"},
    {SPENT: 0, ADJUSTED: 0, "数量指标完成": None},
]


@pytest.mark.parametrize("changes", CLEAN)
def test_nothing_is_reported_of_what_may_be_true(changes):
    assert project(changes) == set()


def test_a_negative_amount_is_no_carryover_a_text_could_contradict():
    """“0个项目预算结余率大于10%” is in 评分."""
    assert news({(S, PROJECT, SPENT): -11.52}, ["PROJECT", "TEXT", "CELL"]) == reported("PROJECT_003", SPENT)


@pytest.mark.parametrize("name", ["伙食团 运行费", "伙食团运行费\u200b", "伙食团运⾏费"])
def test_a_name_that_looks_the_same_is_entered_twice(name):
    assert news({(S, PROJECT, NAME): name}, ["PROJECT", "CELL"]) == {("PROJECT_001", at(S, PROJECT, NAME))}


def test_a_name_entered_twice_is_reported_at_the_later_row():
    changes = {(S, PROJECT, NAME): "伙食团运行费"}
    assert news(changes, ["PROJECT", "CELL"]) == {("PROJECT_001", at(S, PROJECT, NAME))}
    finding = next(f for f in plant(changes) if f.code == "PROJECT_001")
    assert [str(ref) for ref in finding.related] == [at(S, "伙食团运行费", NAME)]


@pytest.mark.parametrize("changes", [
    {SPENT: 10, REASON: "招标节约"},
    {"入库日期": date(2024, 12, 1), REASON: "上级年中新增"},
    {"已采取调整措施": "否", REASON: "年底才确定"},
    {BACK: 0, REASON: "只调整了目标"},
    {SPENT: 0, ADJUSTED: 0, REASON: "由上级直接支付"},
])  # fmt: skip
def test_a_reason_in_the_row_answers_the_question(changes):
    before = {f.ref for f in plant({})}
    asked = [
        f
        for f in plant({(S, PROJECT, column): value for column, value in changes.items()})
        if f.code.startswith("PROJECT")
    ]
    assert [f.answered for f in asked if f.ref not in before] == [True]


def test_the_rate_and_both_figures_are_named():
    message = next(f for f in plant({(S, PROJECT, SPENT): 10}) if f.code == "PROJECT_005").message
    assert "10.00 ÷ 调整后预算数 12.00 = 83.33%" in message
    assert "90.00%" in message


def test_a_rate_just_short_of_the_limit_is_reported_with_the_digits_that_show_it():
    """Both figures as filed: 90.00 ÷ 100.00 = 90.00 %, 低于 90.00 % would contradict itself."""
    changes = {(S, PROJECT, INITIAL): 100, (S, PROJECT, ADJUSTED): 100, (S, PROJECT, SPENT): 89.995}
    message = next(f for f in plant(changes) if f.code == "PROJECT_005").message
    assert message == "执行数 89.995 ÷ 调整后预算数 100.00 = 89.995%，低于 90.00%，没有写偏差原因。"
    answered = next(f for f in plant({**changes, (S, PROJECT, REASON): "招标节约"}) if f.code == "PROJECT_004").message
    assert answered == "执行数 89.995，调整后预算数 100.00，结余率 10.01%，超过 10.00%。"


def test_projects_without_indicators_are_one_question_naming_them():
    findings = [f for f in plant({}) if f.code == "PROJECT_009"]
    assert [str(f.ref) for f in findings] == [at(S, "经济运行分析业务经费", NAME)]
    assert "19 个项目" in findings[0].message
    assert "阶段项目（示例）10" in findings[0].message
    assert len(findings[0].related) == 18


def test_a_project_with_an_indicator_is_not_named():
    message = next(
        f for f in plant({("指标", "检查粮铺", "适用对象"): "粮食执法管理经费"}) if f.code == "PROJECT_009"
    ).message
    assert "18 个项目" in message
    assert "粮食执法管理经费" not in message


def test_a_project_misspelt_in_the_indicators_is_reported_there_alone():
    changes = {("指标", "检查粮铺", "适用对象"): "粮食执法管理费"}
    message = next(f for f in plant(changes) if f.code == "PROJECT_009").message
    assert "粮食执法管理经费" not in message
    assert news(changes, ["PROJECT"]) == set()


RIVER = {"项目名称": "河道清淤", "项目类型": "常年", "年初预算数": "10", "调整后预算数": "10", "执行数": "10"}
ROAD = {**RIVER, "项目名称": "村道养护"}
KINDS = [
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("产出指标", "成本指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "满意度指标"),
]


def of(subject: str) -> list[dict[str, str]]:
    """Indicators that add up to 90, one of each kind, all met."""
    figures = {"指标性质": "=", "指标值": "5", "计量单位": "个", "实际完成值": "5"}
    weights = ("20", "10", "10", "10", "30", "10")
    return [
        {"适用对象": subject, "一级指标": one, "二级指标": two, "三级指标": f"{two}{n}", **figures, "权重": weight}
        for n, ((one, two), weight) in enumerate(zip(KINDS, weights, strict=True))
    ]


@pytest.mark.parametrize(("projects", "indicators", "expected"), [
    ([RIVER], of("河道清淤"), []),
    ([], [], [("PROJECT_015", "项目!B4")]),
    ([], of("河道清淤"), [("PROJECT_015", "项目!B4")]),
    ([], of("部门整体"), [("PROJECT_015", "项目!B4")]),
    ([RIVER], [], [("PROJECT_016", "项目!B5")]),
    ([RIVER, ROAD], of("河道清淤"), [("PROJECT_016", "项目!B6")]),
    ([RIVER, ROAD], [], [("PROJECT_016", "项目!B5")]),
    ([RIVER], of("部门整体"), [("INDICATOR_005", "指标!A5")]),
    ([RIVER, ROAD], of("河道清淤") + of("园林绿化"), [("INDICATOR_005", "指标!A11")]),  # perhaps those of 村道养护
    ([RIVER, ROAD], of("园林绿化"), [("INDICATOR_005", "指标!A5"), ("PROJECT_016", "项目!B5")]),
    ([RIVER], of("河道清於"), [("INDICATOR_005", "指标!A5")]),
    ([{**RIVER, "项目名称": "部门整体"}], of("部门整体"), [("PROJECT_017", "项目!B5")]),
])  # fmt: skip
def test_projects_alone_need_projects_and_each_its_indicators(projects, indicators, expected):
    reported = findings_of(project_workbook(projects, indicators))
    assert sorted((f.code, str(f.ref)) for f in reported) == sorted(expected)
    assert {f.severity for f in reported} <= {Severity.ERROR}


def test_every_project_without_indicators_is_named_and_marked():
    finding = findings_of(project_workbook([RIVER, ROAD], []))[0]
    assert "这 2 个项目的绩效指标：河道清淤、村道养护" in finding.message
    assert [str(ref) for ref in finding.related] == ["项目!B6"]


def test_of_projects_alone_the_department_is_not_offered():
    finding = findings_of(project_workbook([RIVER], of("部门整体")))[0]
    assert finding.message == "现在是“部门整体”，“项目”表里没有这个项目名称。共 6 格：A5:A10。"
    assert finding.fix.startswith("从下拉列表中选择“项目”表里的项目名称；")


def test_a_project_named_like_the_department():
    assert news({(S, PROJECT, NAME): "部门整体"}, ["PROJECT"]) == reported("PROJECT_017", NAME)


EMPTY_PROJECTS = {f"项目!{column}{row}": None for row in range(5, 24) for column in "ABCDEFGHIJKLMNOPQRS"}


def test_an_empty_project_sheet_is_one_finding_even_where_indicators_name_projects():
    named = {("指标", "检查粮铺", "适用对象"): "粮食执法管理经费", ("指标", "发放工资人数", "适用对象"): "伙食团运行费"}
    assert news({**EMPTY_PROJECTS, **named}, ["PROJECT", "MONEY", "INDICATOR_005", "CELL"]) == {
        ("MONEY_006", at("收支", "项目支出", "年初预算数"))
    }


def test_a_department_without_indicators_of_its_own_is_asked():
    empty = {f"指标!{column}{row}": None for row in range(5, 41) for column in "ABCDEFGHIJKLM"}
    assert news(empty, ["INDICATOR", "CELL"]) == {("INDICATOR_030", "指标!A4")}
    one_projects = {f"指标!A{row}": "伙食团运行费" for row in range(5, 41)}
    assert news(one_projects, ["INDICATOR_03"]) == {("INDICATOR_030", "指标!A4")}
    unplaced = {f"指标!A{row}": "部门" for row in range(5, 41)}
    assert news(unplaced, ["INDICATOR_005", "INDICATOR_03"]) == {("INDICATOR_005", "指标!A5")}
    assert news({"指标!A5": None}, ["INDICATOR_03"]) == set()


def test_nothing_is_concluded_from_a_kind_of_evaluation_reported_to_be_wrong():
    kind = ("基本情况", "评价类型")
    assert news({kind: "项目支出"}) == {("SHEET_007", at(*kind))}


OF_101 = "".join(f"第{number:02}批材料九月才到，" for number in range(9)) + "未付"
LOW = {**RIVER, "执行数": "6"}


@pytest.mark.parametrize(("project", "regulation", "found"), [
    ({**LOW, "偏差原因": OF_101}, "sichuan-project-10-90", True),
    ({**LOW, "偏差原因": OF_101[1:]}, "sichuan-project-10-90", False),
    ({**LOW, "偏差原因": " ".join(OF_101[1:])}, "sichuan-project-10-90", False),  # spaces do not count
    ({**RIVER, "偏差原因": OF_101}, "sichuan-project-10-90", False),  # 100 %: the form asks for no reason
    ({**LOW, "偏差原因": OF_101}, "cn-project-10-90", False),  # that form sets no length
])  # fmt: skip
def test_a_reason_is_as_long_as_the_form_takes(project, regulation, found):
    reported = [
        f for f in findings_of(project_workbook([project], of("河道清淤"), regulation)) if f.code == "PROJECT_018"
    ]
    assert [(f.severity, f.ref and f.ref.sheet, f.label, f.answered, f.clause) for f in reported] == (
        [(Severity.QUESTION, S, "偏差原因", False, "参照表 510000_0013zp推定")] if found else []
    )


def test_a_departments_projects_are_under_the_projects_form():
    """Its scheme names the form; the limit is that form's, not the department scheme's own."""
    assert news({(S, PROJECT, SPENT): 10, (S, PROJECT, REASON): OF_101}, ["PROJECT"]) == reported(
        "PROJECT_004", SPENT
    ) | reported("PROJECT_018", REASON)
