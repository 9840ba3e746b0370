"""The texts: tense, praise, names, figures, problems and measures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from example_contexts import completed, with_card
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import at, news, plant

from perfeval.checks.texts.figures import MONEY, PER_CENT, Datum, general_figures, project_figures
from perfeval.checks.texts.named import duty_figures, indicator_figures, total_figure
from perfeval.checks.texts.names import strangers
from perfeval.checks.texts.numbers import statements
from perfeval.checks.texts.problems import NO_ASSETS, NO_PROBLEM, problems_and_points
from perfeval.checks.texts.tense import future_phrases
from perfeval.model.praise import praise

OWN = ["乐山市金口河区发展和改革委员会", "区发改局", "乐山市金口河区科学技术局", "乐山市金口河区粮食和储备中心"]
HOME = "四川省乐山市金口河区"


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("目前，我区各专项规划正稳步推进中", ["目前，我区各专项规划正稳步推进中"]),
        ("编发《价格动态》12期。计划年底前召开听证会程序。", ["计划年底前召开听证会程序"]),
        ("二期工程正在建设中", ["二期工程正在建设中"]),
        ("规划年底前完成", ["规划年底前完成"]),
        ("拟召开座谈会", ["拟召开座谈会"]),
        ("我局计划开展检查", ["我局计划开展检查"]),
        ("听证会计划于明年召开", ["听证会计划于明年召开"]),
        ("方案将于2026年3月印发", ["方案将于2026年3月印发"]),
        ("一期已完工，二期正在施工。拟启动三期。", ["二期正在施工", "拟启动三期"]),
        # 计划 as a noun, an object or a figure
        ("交通强区组完成计划27.44%", []),
        ("按计划推进，按年度计划召开会议6次", []),
        ("计划完成投资62.16亿元，已完成投资40.23亿元", []),
        ("下达计划12项，投资计划于2025年3月下达", []),
        ("计划开展培训10次，实际开展10次", []),
        ("落实计划生育政策", []),
        # 将 in the sense of 把
        ("推动一起故意损坏案将矛盾化解在了基层，将工作责任落实到人", []),
        ("立即将在建项目纳入监管", []),
        # words that only look like the future
        ("模拟演练2次，草拟方案3个，拟订规划1部", []),
        ("纠正在建项目问题5个", []),
        ("目前已全部完成", []),
        ("截至目前，累计完成投资40.23亿元", []),
        ("截至目前，主体工程正在施工", ["截至目前，主体工程正在施工"]),
        ("目前，已完成一期，二期正在推进", ["二期正在推进"]),
        ("2024年底前建成的项目", []),
        ("12月底前完成编制", []),
        ("", []),
    ],
)
def test_words_of_the_future(text: str, phrases: list[str]) -> None:
    assert future_phrases(text, 2025) == phrases


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("财政资金使用规范，圆满完成年度各项绩效目标，成效显著。", "圆满完成年度各项绩效目标"),
        ("各项工作任务全面完成", "各项工作任务全面完成"),
        ("年度目标全部实现", "年度目标全部实现"),
        ("未圆满完成年度目标", ""),
        ("没有全部完成年度任务", ""),
        ("圆满完成某某会议保障", ""),
        ("完成各项目标任务", ""),
    ],
)
def test_praise_of_everything(text: str, words: str) -> None:
    assert praise(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025年度，区发改局严格落实预算绩效管理要求", []),
        ("2025年度区发改局严格落实", []),
        ("金口河区发展和改革委员会各项工作", []),
        ("区科学技术局", []),
        ("区教育局严格落实预算绩效管理要求", ["区教育局"]),
        ("乐山市金口河区发展和改革局", ["金口河区发展和改革局"]),
        ("乐山市沙湾区发展和改革委员会", ["沙湾区发展和改革委员会"]),
        ("沙湾区发改局与沙湾区发改局", ["沙湾区发改局"]),
        ("在区财政局的指导下，会同区审计局开展检查", []),
        ("教育局面良好，审计委托第三方，数据局限", []),
        ("区投资促进局各项工作完成较好", ["区投资促进局"]),
        ("全区经济发展格局，全市产业布局，县域发展新局面", []),
        ("乐山市金口河区发改局", []),
        ("区委、区政府高度重视，乐山市金口河区成效显著", []),
    ],
)
def test_names_of_other_departments(text: str, found: list[str]) -> None:
    assert strangers(text, OWN, HOME) == found


@pytest.mark.parametrize(
    ("declared", "missed"),
    [
        (7, "“重点项目年度投资”完成64.72%"),
        (3, "“重点项目年度投资”完成64.72%、“重大项目推进职能”得3分（分值7分）"),
    ],
)
def test_praise_of_a_duty_names_its_own_data_and_its_own_points(declared: int, missed: str) -> None:
    place = ("履职", "重大项目推进职能", "工作完成情况")
    changes = {place: "各项工作任务全面完成。", ("履职", "重大项目推进职能", "自评得分"): declared}
    (found,) = [f for f in plant(changes) if f.code == "TEXT_002" and str(f.ref) == at(*place)]
    assert found.message == f"文字里写“各项工作任务全面完成”，而下面这些没有达到：{missed}。"


STAFF = Datum("(?:年末)?实有人数", ("名", "人"), (Decimal(16),), "基本情况”年末实有人数", "16")
INCOME = Datum("(?:财政拨款)?决算总?收入", MONEY, (Decimal("570.41"),), "收支”收入合计 决算数", "570.41")
RATE = Datum("交通强区组完成计划", PER_CENT, (Decimal("27.44"),), "履职数据”中“交通强区组”的完成率", "27.44%")
ROADS = Datum("新建道路", ("公里",), (Decimal(12),), "履职数据”中“新建道路”的完成数", "12公里")
BOXES = Datum("吞吐量", ("标准箱",), (Decimal(35),), "履职数据”中“吞吐量”的完成数", "35标准箱")
PLANS = Datum("收集到{N}专项规划", ("项",), (Decimal(20),), "履职数据”中“收集专项规划”的完成数", "20项", anywhere=True)


@pytest.mark.parametrize(
    ("datum", "text", "wrong"),
    [
        (STAFF, "2025年年末实有人数16人", []),
        (STAFF, "2025年年末实有人数 17 人", ["年末实有人数 17 人"]),
        (STAFF, "实有人数约17人，实有人数17人以上，其他单位实有人数20人", []),
        (INCOME, "全年财政拨款决算总收入为570.41万元", []),
        (INCOME, "决算收入570.4万元", []),  # printed to one decimal: anything that rounds to it
        (INCOME, "决算收入570.5万元", ["决算收入570.5万元"]),
        (INCOME, "决算收入5,704,100元", []),
        (INCOME, "决算收入0.06亿元", []),
        (INCOME, "决算收入570.42万元", ["决算收入570.42万元"]),
        (INCOME, "2024年决算收入500万元，2025年决算收入500万元", ["决算收入500万元"]),
        (INCOME, "2024年度决算收入500万元", []),
        (RATE, "其中，交通强区组完成计划27.44%；", []),
        (RATE, "其中，交通强区组完成计划27.4％；", []),
        (RATE, "其中，交通强区组完成计划72.44%；", ["交通强区组完成计划72.44%"]),
        (PLANS, "最终收集到20项专项规划", []),
        (PLANS, "最终收集到21项专项规划", ["收集到21项专项规划"]),
        (PLANS, "上半年收集到9项专项规划", []),
        # the number is read as everywhere: full width, numerals, hedges, another unit, one's own unit
        (STAFF, "实有人数１７名", ["实有人数１７名"]),
        (STAFF, "实有人数十六人；实有人数近17人，实有人数17人次", []),
        (STAFF, "实有人数十七人", ["实有人数十七人"]),
        (PLANS, "收集到十九项专项规划", ["收集到十九项专项规划"]),
        (RATE, "交通强区组完成计划百分之二十七", []),
        (ROADS, "新建道路12000米，新建道路12公里", []),
        (ROADS, "新建道路1300米", ["新建道路1300米"]),
        (BOXES, "吞吐量35标准箱，吞吐量36个", []),
        (BOXES, "吞吐量36标准箱", ["吞吐量36标准箱"]),
    ],
)
def test_figures_in_a_text(datum: Datum, text: str, wrong: list[str]) -> None:
    found = statements(text, [datum.sought(2025)])
    assert [statement.words for _, statement in found if not statement.agrees] == wrong


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("2025年度不涉及国有资本、行政事业性国有资产、债券资金", True),
        ("未涉及国有资产", True),
        ("不涉及资产处置", False),
        ("不涉及债券资金，资产管理规范", False),
        ("不涉及国有资本、债券资金、政府采购和政府购买服务等", False),
    ],
)
def test_assets_denied(text: str, denied: bool) -> None:
    assert bool(NO_ASSETS.search(text)) is denied


@pytest.mark.parametrize(
    ("text", "none"),
    [("未发现问题", True), ("经自评，暂无问题。", True), ("没有建立台账，管理粗放", False), ("指标量化不够", False)],
)
def test_words_for_no_problem(text: str, none: bool) -> None:
    assert bool(NO_PROBLEM.fullmatch(text)) is none


CONCLUSION = ("报告文字", "评价结论补充", "内容")
BASIS = ("评分", "严控一般性支出", "得分依据")
PROBLEM_ROWS = (
    "绩效指标精细化程度不足，部分指标量化不够精准",
    "绩效监控常态化机制仍需完善，过程跟踪不够及时",
    "绩效结果与预算管理衔接的深度有待加强",
)


def problem(row: int, column: str) -> str:
    return at("问题与建议", PROBLEM_ROWS[row], column)


PLANTED = [
    (
        "TEXT_001",
        {("履职", "重大项目推进职能", "工作完成情况"): "2025年区重点项目58个，正在推进。"},
        at("履职", "重大项目推进职能", "工作完成情况"),
    ),
    ("TEXT_002", {CONCLUSION: "区发改局圆满完成年度各项绩效目标。"}, at(*CONCLUSION)),
    ("TEXT_003", {CONCLUSION: "2025年度，区教育局各项工作取得成效。"}, at(*CONCLUSION)),
    ("TEXT_004", {BASIS: "“三公”经费等9项支出控制在预算内"}, at(*BASIS)),
    ("TEXT_004", {BASIS: "一般性支出年初预算较上年压减3万元，压减14.92%。"}, at(*BASIS)),
    (
        "TEXT_004",
        {("评分", "目标设置", "得分依据"): "全部项目18个，其中阶段（一次性）项目10个"},
        at("评分", "目标设置", "得分依据"),
    ),
    (
        "TEXT_004",
        {("评分", "单位收入统筹", "得分依据"): "财政拨款决算总收入为570.14万元"},
        at("评分", "单位收入统筹", "得分依据"),
    ),
    ("TEXT_004", {CONCLUSION: "自评综合得分89.94分。"}, at(*CONCLUSION)),
    (
        "TEXT_005",
        {
            (
                "报告文字",
                "重点领域绩效分析",
                "内容",
            ): "区发改局2025年度不涉及国有资本、行政事业性国有资产、债券资金。"
        },
        at("报告文字", "重点领域绩效分析", "内容"),
    ),
    ("TEXT_006", {problem(row, "存在问题"): None for row in range(3)}, problem(0, "存在问题")),
    ("TEXT_007", {problem(1, "责任人"): None}, problem(1, "责任人")),
    ("TEXT_007", {problem(1, "完成时限"): None}, problem(1, "完成时限")),
    ("TEXT_009", {problem(1, "完成时限"): "年底前"}, problem(1, "完成时限")),
    ("TEXT_009", {problem(1, "完成时限"): "6月30日前"}, problem(1, "完成时限")),
    ("TEXT_009", {problem(1, "完成时限"): "明年6月底"}, problem(1, "完成时限")),
    ("TEXT_009", {problem(1, "完成时限"): "2026年"}, problem(1, "完成时限")),
    ("TEXT_009", {problem(1, "完成时限"): "尽快"}, problem(1, "完成时限")),
    ("TEXT_007", {problem(1, "责任人"): None, problem(1, "完成时限"): None}, problem(1, "责任人")),
    ("TEXT_008", {("报告文字", "绩效结果应用", "内容"): None}, at("报告文字", "绩效结果应用", "内容")),
    (
        "TEXT_008",
        {at("报告文字", "绩效结果应用", "章节"): None, at("报告文字", "绩效结果应用", "内容"): None},
        "报告文字!B4",
    ),
    (
        "TEXT_008",
        {problem(row, column): None for row in range(3) for column in ("存在问题", "改进建议", "责任人", "完成时限")},
        "问题与建议!B4",
    ),
]


@pytest.mark.parametrize(("code", "changes", "cell"), PLANTED)
def test_a_planted_error_is_found_at_its_cell_and_alone(code: str, changes: dict, cell: str) -> None:
    assert news(changes) == {(code, cell)}


@pytest.mark.parametrize(
    "changes",
    [
        {CONCLUSION: "2025年度，区发改局各项工作取得成效，整体绩效水平优秀，自评综合得分98.94分。"},
        {CONCLUSION: "在区财政局指导下，乐山市金口河区发展和改革委员会基本完成年度目标。"},
        {BASIS: "一般性支出年初预算较上年压减3万元，压减14.3%。"},
        {("报告文字", "重点领域绩效分析", "内容"): "区发改局2025年度不涉及资产处置。"},
        {("评分", "财务管理制度", "得分依据"): "修订内控制度，得2分。"},
    ],
)
def test_true_sentences_raise_nothing(changes: dict) -> None:
    assert news(changes) == set()


def test_problems_although_nothing_was_lost() -> None:
    context = completed()
    full = tuple(
        replace(s, score=s.max_points, declared=s.declared._replace(value=s.max_points))
        if s.item.is_leaf and s.declared
        else s
        for s in context.scorecard.items
    )
    met = tuple(replace(s, score=s.weight, met=True) for s in context.scorecard.indicators)
    faultless = with_card(context, items=full, indicators=met)
    assert [(f.code, str(f.ref)) for f in problems_and_points(faultless)] == [("TEXT_006", problem(0, "存在问题"))]
    one_missed = with_card(context, items=full, indicators=(replace(met[0], score=Decimal(0), met=False), *met[1:]))
    assert list(problems_and_points(one_missed)) == []
    assert list(problems_and_points(with_card(faultless, not_scored=1))) == []


def figures() -> list[Datum]:
    """Every figure the completed example has."""
    context = completed()
    duties = [figure for duty in context.submission.duties for figure in duty_figures(context, duty)]
    return [
        *general_figures(context),
        *project_figures(context),
        *indicator_figures(context),
        *total_figure(context),
        *duties,
    ]


@given(st.data())
@settings(max_examples=300)
def test_a_text_without_the_keyword_of_a_figure_cannot_state_it(data: st.DataObject) -> None:
    figure = data.draw(st.sampled_from(figures()))
    stated = data.draw(st.from_regex(figure.phrase.replace("{N}", "9"), fullmatch=True))
    assert figure.keyword in stated


def test_the_figures_any_text_may_state_are_searched_by_keyword() -> None:
    assert all(
        figure.keyword
        for figure in (*general_figures(completed()), *project_figures(completed()), *total_figure(completed()))
    )


def test_a_text_is_not_reported_where_its_datum_is_wrong_itself() -> None:
    """“已完成投资40.23亿元” contradicts a corrected datum, but the datum outside its parts is the one to correct."""
    place = ("履职数据", "重点项目年度投资", "完成数")
    assert news({place: 62}) == {("DUTY_005", at(*place))}
    assert news({place: 41}) == {("TEXT_004", at("履职", "重大项目推进职能", "工作完成情况"))}


@pytest.mark.parametrize("text", [
    "全部项目20个，均已完成。",
    "常年项目20个。",
    "自评得分97.5分。",
    "区发改局2025年自评得分97.5分，等级为优。",
    "部门整体自评得分97.5分。",
    "预算执行率为99%。",
    "全年预算执行率92%。",
    "在职人员35人。",
    "区发改局在职人员35人，各司其职。",
])  # fmt: skip
def test_a_conclusion_is_held_against_what_it_names_of_the_department(text: str) -> None:
    assert news({CONCLUSION: text}) == {("TEXT_004", at(*CONCLUSION))}


@pytest.mark.parametrize("text", [
    "全部项目19个，自评得分98.94分，预算执行率93.14%，在职人员16人。",
    "自评得分98.9分，预算执行率为93%。",
    # may be of something else
    "20个项目中，18个完成。",
    "4个项目全部完成。",
    "教育领域：全部项目5个。",
    "其中全部项目5个。",
    "“学校维修”项目已完工，自评得分97分。",
    "财务管理规范，自评得分6分。",
    "2024年，自评得分97分。",
    "自评得分90分以上。",
    "截至10月底，预算执行率80%。",
    "项目预算执行率99%。",
    "公用经费预算执行率99%。",
    "年末实有人数16人，其中在职人员15人。",
    "慰问困难职工50人，在职人员35人参加。",
])  # fmt: skip
def test_what_a_conclusion_may_say_of_something_else_is_left_alone(text: str) -> None:
    assert news({CONCLUSION: text}) == set()


def test_only_a_conclusion_speaks_of_the_department_without_naming_it() -> None:
    elsewhere = ("报告文字", "重点领域绩效分析", "内容")
    assert news({elsewhere: "自评得分97.5分，全部项目5个，预算执行率为99%，在职人员35人。"}) == set()
    assert news({("评分", "财务管理制度", "得分依据"): "制度健全，自评得分2分"}) == set()


@pytest.mark.parametrize(("empty", "fix"), [
    (["责任人"], "在空白处填写责任人，例如“办公室”。"),
    (["完成时限"], "在空白处填写完成时限，例如“2026年6月30日”。"),
    (["责任人", "完成时限"], "在空白处填写责任人和完成时限，例如“办公室”“2026年6月30日”。"),
])  # fmt: skip
def test_an_example_is_one_of_what_is_missing(empty: list[str], fix: str) -> None:
    findings = plant({problem(1, column): None for column in empty})
    assert [f.fix for f in findings if f.code == "TEXT_007"] == [fix]


@pytest.mark.parametrize(("text", "contradicts"), [
    ("自评综合得分98.94分，满分100分。", False),
    ("满分100分，自评综合得分98.94分，高于上年95分。", False),
    ("满分100分，自评综合得分95分，高于上年98.94分。", True),
    ("上年600万元，全年收入合计570.41万元，比上年减少29.59万元。", False),
])  # fmt: skip
def test_the_first_number_behind_a_word_is_its_own(text, contradicts):
    assert news({CONCLUSION: text}) == ({("TEXT_004", at(*CONCLUSION))} if contradicts else set())


@pytest.mark.parametrize(
    "deadline",
    ["2026年6月30日前", "2026年6月", "2026年底前", "2026-06-30", "2026.6.30", "２０２６年６月", "2026年上半年", "二〇二六年六月", "20260630",
        "已完成", "长期坚持"],
)  # fmt: skip
def test_a_deadline_that_says_when_is_not_asked_about(deadline):
    assert news({problem(1, "完成时限"): deadline}, ["TEXT"]) == set()
