"""Each comparison of the audit on a few written lines: both sides of the boundary, and what must not be reported."""

import pytest
from audit_reports import found_in, sentences, written

from perfeval.audit.equations import value_of
from perfeval.model.numbers import Interval

SCORES = """三、绩效分析
（一）总体分析
总分{max}分，得分{total}分。
1. 管理（{first_max}分，得分{first}分）
（1）甲。做得好，得{a}分。
（2）乙。做得好，得{b}分。
2. 采购（6分，得分{second}分）
四、结论
本次自评综合得分{grand}分，绩效水平优秀。
"""
RIGHT = {
    "max": "100",
    "total": "99.5",
    "first_max": "94",
    "first": "93.5",
    "a": "50",
    "b": "43.5",
    "second": "6",
    "grand": "99.5",
}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, ""),
        ({"grand": "98.5"}, "综合得分写的是 98.5 分，而各项末级得分相加为 99.5 分"),
        ({"total": "99.4"}, "得分写的是 99.4 分，而各项相加为 99.5 分"),
        ({"first": "92.5"}, "“管理”的得分写的是 92.5 分，而各项相加为 93.5 分（50 + 43.5）"),
        ({"a": "40"}, "“管理”的得分写的是 93.5 分，而各项相加为 83.5 分（40 + 43.5）"),
        ({"second": "7"}, "“采购”的得分 7 分，超过分值 6 分"),
        ({"max": "99"}, "分值写的是 99 分，而各项相加为 100 分（94 + 6）"),
    ],
)
def test_scores_are_added_level_by_level(wrong: dict[str, str], says: str) -> None:
    found = found_in(written(SCORES.format(**RIGHT | wrong)))
    assert len(found) == bool(says)
    assert says in "".join(s for c in found for s in c.says)


@pytest.mark.parametrize(
    ("text", "contradictory"),
    [
        ("全年决算支出10.01万元，其中基本支出5.00万元，项目支出5.00万元。", False),
        ("全年决算支出10.02万元，其中基本支出5.00万元，项目支出5.00万元。", True),
        ("全年决算收入100.00万元，其中财政拨款收入60.00万元，上年结转10.00万元，其他收入30.00万元。", False),
        ("全年决算收入100.00万元，其中财政拨款收入60.00万元，上年结转10.00万元，其他收入20.00万元。", True),
        ("全年决算收入100.00万元，其中上级专款20.00万元。", False),
        ("年初预算支出100万元，其中基本支出60万元，项目支出40万元。", False),
        ("年初预算支出100万元，其中基本支出60万元，项目支出30万元，上缴上级支出10万元。", False),
        ("全年决算收入100万元，其中财政拨款收入90万元（含专项20万元），上年结转10万元。", False),
        ("年初预算支出1,430.66万元，其中基本支出1,000.66万元，项目支出430万元。", False),
        ("年初预算支出1,430.66万元，其中基本支出1,000.66万元，项目支出530万元。", True),
        ("年末结转结余为5万元。全年决算支出10万元，其中基本支出10万元。", False),
        (
            "全年决算收入15万元，其中财政拨款收入15万元。全年决算支出10万元，其中基本支出10万元。年末结转结余为5万元。",
            False,
        ),
        (
            "全年决算收入15万元，其中财政拨款收入15万元。全年决算支出10万元，其中基本支出10万元。年末结转结余为8万元。",
            True,
        ),
    ],
)
def test_amounts_are_added(text: str, contradictory: bool) -> None:
    assert bool(found_in(written(f"二、收支\n{text}\n"))) is contradictory, sentences(written(f"二、收支\n{text}\n"))


@pytest.mark.parametrize(
    ("text", "contradictory"),
    [
        ("计划完成投资62.16亿元，已完成投资40.23亿元，完成率64.72%。", False),
        ("计划完成投资62.16亿元，已完成投资40.23亿元，完成率64.7%。", False),
        ("计划完成投资62.16亿元，已完成投资40.23亿元，完成率64.74%。", True),
        ("计划完成投资100亿元，已完成投资60亿元。其中，甲组完成计划60.00%；乙组完成计划20.00%。", False),
        ("计划完成投资100.00亿元，已完成投资60.00亿元。其中，甲组完成计划59.9%；乙组完成计划20.00%。", True),
        ("计划完成投资100.00亿元，已完成投资60.00亿元。其中，甲组完成计划90%；乙组完成计划61%。", True),
        ("计划完成投资100亿元，已完成投资60亿元。其中，甲组完成计划90%；乙组完成计划60%。", False),
        ("计划完成投资62.16亿元，已完成投资40.23亿元。按履职数据计算的完成率：年度投资64.74%。", True),
        ("计划完成投资62.16亿元，已完成投资40.23亿元。按履职数据计算的完成率：服务企业90.00%。", False),
        ("计划完成投资62.16亿元，已完成入库10.00亿元，完成率100%。", False),
        ("三公经费较上年减少2万元，压减3万元，压减14.29%。", False),
        ("上年21万元，本年18万元，压减3万元，压减14.29%。", False),
        ("上年21.00万元，本年18.00万元，压减3.00万元，压减14.39%。", True),
        ("上年21.00万元，本年17.00万元，压减3.00万元，压减14.29%。", True),
        ("一般性支出由上年的24.95万元下降到15.28万元，压减9.67万元，压减38.76%。", False),
        ("一般性支出由上年的24.95万元下降到15.28万元，压减9.67万元，压减33.76%。", True),
        ("一般性支出较上年压减3万元，压减14.29%。", False),
        ("一般性支出较上年压减0万元，压减14.29%。", True),
    ],
)
def test_rates_are_computed(text: str, contradictory: bool) -> None:
    assert bool(found_in(written(f"二、情况\n{text}\n"))) is contradictory, sentences(written(f"二、情况\n{text}\n"))


@pytest.mark.parametrize(
    ("text", "contradictory"),
    [
        ("阶段（一次性）项目绩效分析。该类项目总数10个。\n部门预算阶段项目（含一次性项目）19个，其中0个有结余。", True),
        (
            "阶段（一次性）项目绩效分析。该类项目总数10个。\n部门预算阶段项目（含一次性项目）10个，其中0个有结余。",
            False,
        ),
        ("阶段（一次性）项目绩效分析。该类项目总数10个。\n未完成的阶段项目2个，已整改。", False),
        ("阶段（一次性）项目绩效分析。该类项目总数10个。\n结余率大于10%的项目5个，其中阶段项目3个。", False),
        ("常年项目绩效分析。该类项目总数9个。\n阶段项目绩效分析。该类项目总数10个。\n年度预算项目共19个。", False),
        ("常年项目绩效分析。该类项目总数9个。\n阶段项目绩效分析。该类项目总数10个。\n年度预算项目共20个。", True),
        ("核定编制16名，其中行政编制8名，机关工勤编制1名，事业编制7名。", False),
        ("核定编制17名，其中行政编制8名，机关工勤编制1名，事业编制7名。", True),
        ("围绕决策、过程、产出和效益四个方面评价。", False),
        ("围绕决策、过程、产出、效益三个方面评价。", True),
        ("评价等级为“优”，整体绩效水平良好。", True),
        ("评价等级为“良”，整体绩效水平良好。", False),
        ("评价等级为“优”。上年评价等级为“良”。", False),
        (
            "常年项目绩效分析。该类项目总数9个，1—12月预算执行总体进度为85%，其中：预算结余率大于10%的项目共计2个。",
            False,
        ),
    ],
)
def test_counts_and_words_agree(text: str, contradictory: bool) -> None:
    assert bool(found_in(written(f"二、情况\n{text}\n"))) is contradictory, sentences(written(f"二、情况\n{text}\n"))


ANNEX = """四、结论
{claim}
附表
一级指标\t二级指标\t三级指标\t性质\t指标值\t单位\t权重\t实际完成值\t得分
产出指标\t数量指标\t{row}
"""


@pytest.mark.parametrize(
    ("row", "claim", "contradictory"),
    [
        ("检查次数\t≥\t10\t次\t3\t10\t3", "指标均实现预设目标。", False),
        ("检查次数\t≥\t10\t次\t3\t9\t2.7", "指标均实现预设目标。", True),
        ("检查次数\t≥\t10\t次\t3\t9\t2.7", "指标未均实现预设目标。", False),
        ("检查次数\t≥\t10\t次\t3\t9\t2.7", "检查次数未达到指标值，其余均实现预设目标。", False),
        ("检查次数\t≥\t10\t次\t3\t9\t2.7", "工作平稳。", False),
        ("检查次数\t≥\t10\t次\t3\t20\t2", "工作平稳。", False),
        ("检查次数\t≥\t10\t次\t3\t10\t2", "工作平稳。", True),
        ("检查次数\t≥\t10\t次\t3\t9\t3", "工作平稳。", True),
        ("检查次数\t≥\t10\t次\t3\t9\t2.4", "工作平稳。", False),
        ("检查次数\t≥\t10\t次\t3\t10\t3.1", "工作平稳。", True),
        ("工资标准\t≤\t15000\t元\t2\t16000\t1.88", "圆满完成年度绩效目标。", True),
        ("发放人数\t=\t15\t人\t3\t16", "数量指标未出现偏离情况。", True),
        ("满意度\t\\geq\t95\t%\t3\t95", "数量指标未出现偏离情况。", False),
        ("工资发放及时率\t=\t100\t%\t\t2", "数量指标未出现偏离情况。", False),
        ("完成时限\t定性\t12月底前\t\t\t2\t12月底前", "圆满完成年度绩效目标。", False),
    ],
)
def test_the_annex_is_held_against_the_text(row: str, claim: str, contradictory: bool) -> None:
    report = written(ANNEX.format(row=row, claim=claim))
    assert len(found_in(report)) == contradictory, sentences(report)


@pytest.mark.parametrize(
    ("arithmetic", "low", "high"),
    [
        ("4×570.41÷612.44", "3.725", "3.726"),
        ("3×(19−5)÷19", "2.210", "2.211"),
        ("3×(10%−3.21%)÷(10%−0%)", "2.03", "2.04"),
        ("10", "10", "10"),
    ],
)
def test_printed_arithmetic_is_done_again(arithmetic: str, low: str, high: str) -> None:
    computed = value_of(arithmetic)
    assert computed is not None
    assert computed.overlaps(Interval(*map(type(computed.low), (low, high))))
    assert computed.high - computed.low < 1


@pytest.mark.parametrize("arithmetic", ["", "4÷0", "4**9**9**9", "()", "__import__", "1+", "9" * 300, "(" * 150])
def test_what_is_no_arithmetic_is_not_done(arithmetic: str) -> None:
    assert value_of(arithmetic) is None


TOTALS = """三、绩效分析
（一）总体分析
总分100分，得分{overall}分。
1. 管理（60分，得分50分）
2. 采购（40分，得分38分）
四、结论
本次自评综合得分{first}分，绩效水平优秀。
五、公开
上述综合得分{second}分已公示。
"""


@pytest.mark.parametrize(
    ("overall", "first", "second", "says"),
    [
        ("88", "88", "88", []),
        (
            "88",
            "88",
            "89",
            ["一处写的是 89 分，另一处写的是 88 分", "综合得分写的是 89 分，而各项末级得分相加为 88 分"],
        ),
        ("88", "89", "88", ["一处写的是 88 分，另一处写的是 89 分"]),
        ("88", "89", "89", ["综合得分写的是 89 分，而各项末级得分相加为 88 分（管理 50 + 采购 38）"]),
        ("89", "88", "88", ["“总体分析”的得分写的是 89 分，而各项相加为 88 分（50 + 38）"]),
    ],
)
def test_two_totals_of_one_report_agree(overall: str, first: str, second: str, says: list[str]) -> None:
    found = found_in(written(TOTALS.format(overall=overall, first=first, second=second)))
    assert len(found) == bool(says)
    printed = [sentence for one in found for sentence in one.says]
    assert len(printed) == len(says)
    assert all(part in sentence for part, sentence in zip(says, printed, strict=True))


@pytest.mark.parametrize(
    ("text", "contradictory"),
    [
        # numbers are before and behind the word: the first behind it is its own
        ("按100分计，自评综合得分98分，等级为优。本部门自评综合得分98分。", False),
        ("按100分计，自评综合得分98分，上年95分。本部门自评综合得分97分。", True),
        ("自评综合得分98分，满分100分。本部门自评综合得分98分。", False),
        ("2个科室核定编制16名，其中行政编制8名，机关工勤编制1名，事业编制7名。年末实有20名。", False),
        ("2个科室核定编制17名，其中行政编制8名，机关工勤编制1名，事业编制7名。年末实有16名。", True),
        ("2024年结转到2025年的上年结转10万元。全年决算收入100万元，其中财政拨款收入90万元，上年结转10万元。", False),
        ("计划完成投资62.16亿元，12个项目已完成投资40.23亿元，完成率64.72%，比上年高3.10%。", False),
        ("计划完成投资62.16亿元，12个项目已完成投资40.23亿元，完成率3.10%，上年64.72%。", True),
    ],
)
def test_the_first_number_behind_a_word_is_its_own(text: str, contradictory: bool) -> None:
    assert bool(found_in(written(f"二、情况\n{text}\n"))) is contradictory, sentences(written(f"二、情况\n{text}\n"))


# an indicator in the text, in the words of older reports and of today's → whether it contradicts the annex
@pytest.mark.parametrize(
    ("sentence", "contradictory"),
    [
        ("指标值≥10次，实际完成9次，分值3分，得2.7分。", False),
        ("目标值≥10次，实际完成9次，分值3分，得2.7分。", False),
        ("指标值≥11次，实际完成9次，分值3分，得2.7分。", True),
        ("目标值≥10次，实际完成8次，分值3分，得2.7分。", True),
        ("目标值≥10次，实际完成9次，分值3分，得2.5分。", True),
    ],
)
def test_an_indicator_in_the_text_is_its_row(sentence: str, contradictory: bool) -> None:
    report = written(ANNEX.format(row="检查次数\t≥\t10\t次\t3\t9\t2.7", claim=f"“检查次数”{sentence}"))
    assert len(found_in(report)) == contradictory, sentences(report)


OWN = """三、绩效分析
1. 管理（4分，得分3.73分）
（1）执行。得3.73分，扣0.27分。单位自评{declared}分，{apart}。
"""


@pytest.mark.parametrize(
    ("declared", "apart", "contradictory"),
    [
        ("4", "与计算得分相差0.27分", False),
        ("4", "与计算得分相差0.37分", True),
        ("4", "按填报数据计算得3.73分，相差0.27分", False),
        ("4", "按填报数据计算得3.43分，相差0.27分", True),
        ("3", "按填报数据计算得3.73分，相差0.27分", True),
    ],
)
def test_the_departments_own_score_is_as_far_apart_as_is_said(declared: str, apart: str, contradictory: bool) -> None:
    report = written(OWN.format(declared=declared, apart=apart))
    assert len(found_in(report)) == contradictory, sentences(report)


@pytest.mark.parametrize(
    "said", ["绩效自评得92.5分，等级为“优”", "按填报数据计算得92.5分，等级为“优”", "有未评分的内容，没有总分"]
)
def test_a_projects_tally_is_not_the_departments(said: str) -> None:
    report = written(ANNEX.format(row="检查次数\t≥\t10\t次\t3\t10\t3", claim=f"“修路”{said}；绩效指标9项，均已完成。"))
    assert sentences(report) == ""


CAPPED = """三、部门预算绩效分析
（一）管理分析
根据办法，围绕支付、制度两个方面，开展逐项分析与评分，总分40分，得分{item}分。
1. 支付（20分，得分16分）
2. 制度（20分，得分14.5分）
（二）履职分析
根据办法，围绕任务、培训两个方面，开展逐项分析与评分，总分60分，得分50分。
1. 任务（30分，得分30分）
2. 培训（30分，得分20分）
四、评价结论及建议
综合得分{total}分（满分100分）。综合得分原为{before}分，预算执行率 75.00% 低于 80%，按规定不超过 70 分（条款待核）。
附件
管理 = 16 + 14.5 = 30.5 分；是否公开 否，按规定不超过 26 分（条款待核），原为 {was} 分。
"""


@pytest.mark.parametrize(
    ("item", "was", "total", "before", "says"),
    [
        ("26", "30.5", "70", "76", ""),
        ("27", "30.5", "70", "77", "“管理分析”的得分写的是 27 分"),
        ("26", "29.5", "70", "76", "“管理分析”的得分写的是 26 分"),
        ("26", "30.5", "71", "76", "综合得分写的是 71 分"),
        ("26", "30.5", "70", "78", "综合得分写的是 70 分"),
    ],
)
def test_what_is_said_to_be_capped_is_no_contradiction(item: str, was: str, total: str, before: str, says: str) -> None:
    found = sentences(written(CAPPED.format(item=item, was=was, total=total, before=before)))
    assert (says in found) if says else not found, found
