"""One wrong first digit in any figure of the seed's report: found, or named here with the reason why nothing in the
report can show it."""

import re

from audit_reports import SEED, found_in, written

FIGURE = re.compile(
    r"(?<![\d.〔第“])\d+(?:\.\d+)?(?=\s*(?:万元|亿元|分|%|个|名|人|期|宗|项|\t|$))|(?<=\t)\d+(?:\.\d+)?(?=\t|$)", re.M
)
FIRST = "(三) 人员概况"  # before it the report has no figures
UNSEEN = {
    # reason → the figures, with the words in front of them
    "said once, and nothing else in the report is made of it; or a part that may as well be the whole": [
        "概况。区发改局行政编制 8",
        "8 名，机关工勤编制 1",
        "编制 1 名，事业编制 7",
        "025 年年末实有人数 16",
        "区政府审核后，最终收集到20",
        "集到20项专项规划，涉及16",
        "能。2025年区重点项目58",
        "区重点项目58个，总投资277.24",
        "其中，交通强区组完成计划27.44",
        "4%；宜居城市组完成计划18.02",
        "业能源和信息化组完成计划43.68",
        "8%；全域旅游组完成计划17.69",
        "农业和乡村振兴组完成计划12.94",
        "体稳定，编发《价格动态》12",
        "受理涉案物品价格认定案件7",
        "定案件7宗，涉及认定总额4.5",
        "违规支出。上级资金均在 1",
        "支出年初预算较上年压减 3",
        "年压减 3 万元，压减 14.29",
        "支出预算执行较上年压减 9.67",
        "9.67 万元，压减 38.76",
        "76%。“三公”经费等 8",
        "绩效分析。该类项目总数 9",
        "9 个，涉及预算总金额 58.15",
        "，其中：预算结余率大于 10",
        "于 10% 的项目共计 0",
        "0 个，涉及预算总金额 148.61",
        "，其中：预算结余率大于 10",
        "于 10% 的项目共计 0",
        "性项目）19 个，其中 0",
        "个项目预算结余率大于 10",
        "次性项目）的效益指标中有5",
        "标未得满分，偏离程度小于10",
    ],
    "a target that is still met, an actual that still meets it, or one whose columns have slipped": [
        "指标 补助企业家数 ≤ 4",
        "业家数 ≤ 4 家 3 1",
        "发放工资人数 = 15",
        "人数 = 15 人 3 16",
        "伙食团员工人数 ≤ 6",
        "粮铺 ≥ 10 家 3 10",
        "目个数 ≥ 1 个 3 1",
        "析次数 ≥ 4 次 3 4",
        "工资发放及 时率 = 100",
        "户务工增收 \\geq 90",
        "\\geq 95 % 2 90",
        "班后 顾之忧 \\geq 98",
        "业企 业发展 \\geq 90",
        "众生 活质量 \\geq 90",
        "振兴脱 贫率 \\geq 95",
        "定价格标准公平公正 ≥ 95",
        "营单位持续健康发展 ≥ 95",
        "服务社会可持续发展 ≥ 95",
        "维护社会持续稳定 ≥ 98",
        "度指标 群众满意度 ≥ 90",
        "意度 ≥ 95 % 5 90",
        "伙食团员工工资标准 ≤ 15000",
        "合理核定单位成本 ≥ 95",
    ],
}  # fmt: skip
FIGURES, FOUND = 182, 126


def sentences(text: str) -> set[str]:
    return {says for found in found_in(written(text)) for says in found.says}


def test_one_wrong_first_digit_is_found_or_cannot_be() -> None:
    text = SEED.read_text(encoding="utf-8")
    before = sentences(text)
    unseen = []
    for match in FIGURE.finditer(text, text.index(FIRST)):
        digit = "7" if match[0][0] == "0" else str((int(match[0][0]) + 1) % 10)
        if sentences(text[: match.start()] + digit + text[match.start() + 1 :]) == before:
            unseen.append(" ".join(text[max(0, match.start() - 12) : match.end()].split()))
    assert len(list(FIGURE.finditer(text, text.index(FIRST)))) == FIGURES
    assert FIGURES - len(unseen) == FOUND
    assert unseen == [place for places in UNSEEN.values() for place in places]
