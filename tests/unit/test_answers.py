"""What closes a question: the same words in every reason column, on both sides of the line."""

import pytest
from planting import at, plant

from perfeval.findings.finding import Finding, Severity

NOT_MET = {("指标", "群众满意度", "实际完成值"): 85}
REASON = ("指标", "群众满意度", "偏差原因")
SLOW = {("项目", "伙食团运行费", "执行数"): 10}
OF_PROJECT = ("项目", "伙食团运行费", "偏差原因")
NAME_OF_INDICATOR = "群众满意度"

SAY_NOTHING = [
    "同上述原因",
    "如前述的情况",
    "暂无说明",
    "暂时没有具体原因",
    "同上",
    "同上。",
    "原因同上",
    "同上一项目",
    "同第3行",
    "见附件",
    "见附件？",
    "详见自评报告",
    "见上",
    "如上所述",
    "已说明",
    "无",
    "没有",
    "无原因",
    "无。",
    "/",
    "-",
    "——",
    "略",
    "从略",
    "不详",
    "N/A",
    "待补充",
    "不清楚",
    "情况属实",
    "说明",
    "偏差原因",
    "哈哈",
    "哈哈哈",
    "啊啊啊",
    "。。。",
    "123",
    "2025",
    "abc",
    "忙",
    "未完成",
    "没有达到目标值",
    "其他原因",
    "客观原因",
    "客观情况",
    "受客观因素影响",
    "原因如上所示",
    "同前所列",
    "无，同上",
    "略，见附件",
]
SAY_WHY = [
    "疫情影响",
    "招标流标",
    "人员调出",
    "疫情",
    "流标",
    "受疫情影响",
    "没有完成，疫情影响",
    "无配套资金",
    "没有合格的投标人",
    "同级财政资金未到位",
    "见面会取消",
    "群众满意度低，系统升级停了3天",
    "上级年中追加任务",
    "其他原因：县里停电两周",
    "受外部电网检修影响",
    "实际情况是汛期停工",
]


def reported(code: str, changes: dict) -> list[Finding]:
    return [f for f in plant(changes) if f.code == code]


@pytest.mark.parametrize("words", SAY_NOTHING)
def test_words_that_say_nothing_leave_the_error_where_it_was(words: str) -> None:
    (finding,) = reported("INDICATOR_011", {**NOT_MET, REASON: words})
    assert str(finding.ref) == at(*REASON)
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith(f"“{words}”没有说出原因，不算偏差原因。")


@pytest.mark.parametrize("words", SAY_WHY)
def test_short_words_that_say_why_are_a_reason(words: str) -> None:
    assert reported("INDICATOR_011", {**NOT_MET, REASON: words}) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (NAME_OF_INDICATOR, "只重复了名称"),
        (f"{NAME_OF_INDICATOR}未完成", "只重复了名称"),
        (f"{NAME_OF_INDICATOR} 偏差原因", "只重复了名称"),
        ("在本格写明没有完成的原因；指标值或实际完成值填错的，改正。", "照抄了问题"),
        ("“群众满意度”的指标值是“≥ 90%”，实际完成值是“85%”，没有完成，也没有写偏差原因。", "照抄了问题"),
    ],
)
def test_a_copy_is_no_reason(words: str, why: str) -> None:
    (finding,) = reported("INDICATOR_011", {**NOT_MET, REASON: words})
    assert finding.message.endswith(f"{why}，不算偏差原因。")


@pytest.mark.parametrize(("rows", "open_ones"), [(2, 0), (3, 3)])
def test_one_sentence_in_three_rows_is_no_reason(rows: int, open_ones: int) -> None:
    missed = [("指标", name, "偏差原因") for name in ("群众满意度", "经济形势向好", "经营者和消费者满意度")]
    same = dict.fromkeys(missed[:rows], "系统升级停了3天")
    found = reported("INDICATOR_011", {**NOT_MET, REASON: "疫情影响", **same})
    assert len(found) == open_ones
    assert all(
        f.message.endswith(
            "“系统升级停了3天”在 3 行里写得一模一样，没有说几行为什么都一样（确是同一个原因的，写明“几个项目都因……”），不算偏差原因。"
        )
        for f in found
    )


@pytest.mark.parametrize(
    ("words", "is_open"),
    [
        ("三个指标都因系统升级停了3天", False),
        ("系统升级停了3天，各项指标都受影响", False),
        ("系统升级停了3天，以上指标原因相同", False),
        ("单位无误，系统升级停了3天", False),
        ("系统升级停了3天", True),
        ("受不同因素影响", True),
        ("都怪天气", True),
    ],
)
def test_one_sentence_that_says_why_it_holds_for_all_rows_is_a_reason(words: str, is_open: bool) -> None:
    same = {("指标", name, "偏差原因"): words for name in ("群众满意度", "经济形势向好", "经营者和消费者满意度")}
    assert bool(reported("INDICATOR_011", {**NOT_MET, **same})) is is_open


@pytest.mark.parametrize(("words", "answer"), [("同上", ""), ("无", ""), ("疫情影响", "疫情影响")])
def test_a_question_at_a_figure_keeps_the_words_that_close_it(words: str, answer: str) -> None:
    (finding,) = reported("PROJECT_006", {("项目", "伙食团运行费", "入库日期"): "2025-11-01", OF_PROJECT: words})
    assert (finding.answer, finding.answered) == (answer, bool(answer))
    assert finding.message.endswith(f"“{words}”没有说出原因，不算偏差原因。") is not finding.answered


@pytest.mark.parametrize(
    ("code", "changes", "cell"),
    [
        ("MONEY_005", {}, ("收支", "上年结转", "说明")),
        ("PROJECT_005", SLOW, OF_PROJECT),
        ("SCORE_006", {}, ("评分", "实现效果", "扣分原因")),
    ],
)
def test_every_reason_column_is_judged_alike(code: str, changes: dict, cell: tuple) -> None:
    assert [str(f.ref) for f in reported(code, {**changes, cell: "同上"})] == [at(*cell)]
    assert reported(code, {**changes, cell: "疫情影响"}) == []


def test_a_placeholder_elsewhere_is_named_as_what_stands_there() -> None:
    cell = ("收支", "基本支出", "决算数")
    (finding,) = reported("MONEY_013", {cell: "/"})
    assert finding.message == "“基本支出”的决算数没有填，这里需要填金额，没有的填 0。“/”等于没有填。"
