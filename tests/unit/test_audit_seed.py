"""The published report of the seed: every contradiction a strict reviewer finds in it, with both figures and both
sentences."""

import pytest
from audit_reports import SEED, sentences, written

from perfeval.audit.audit import Audit, audit, examine
from perfeval.audit.message import message

CONTRADICTIONS = [
    ("总体 65 against 60", ["得分写的是 65 分", "相加为 60 分"], ["总分 65 分，得分 65 分", "1. 履职效能（15 分，得分 15 分）"]),
    ("项目执行 12 against 11.73", ["12 分", "11.73 分"], ["2. 项目执行。（12 分，得分 12 分）", "得 3.73 分"]),
    ("目标实现 11 against 10.21", ["11 分", "10.21 分"], ["3. 目标实现。（11 分，得分 11 分）", "得2.21分"]),
    ("综合得分 98.94 against 93.94", ["98.94 分", "93.94 分"], ["本次绩效目标自评综合得分 98.94 分"]),
    ("阶段项目 10 against 19", ["10个", "19个"], ["该类项目总数 10 个", "部门预算阶段项目（含一次性项目）19 个"]),
    ("sources", ["388.63 + 42.03 万元", "430.66 + 0 万元"],
        ["财政拨款收入 388.63 万元，上年结转 42.03 万元", "财政拨款支出 430.66 万元，上年结转 0 万元"]),
    ("opening carryover", ["上年结转 42.03万元", "上年结转是 0万元"], ["全年财政拨款决算总收入为 570.41 万元"]),
    ("资金总额", ["430.66万元", "388.63 万元"], ["年初预算收入 430.66 万元", "388.63｜388.63｜0"]),
    ("重点项目", ["64.72%（40.23 ÷ 62.16）", "60.22%"], ["计划完成投资62.16亿元，已完成投资40.23亿元", "民生和社会事业组完成计划60.22%"]),
    ("发放工资人数", ["发放工资人数", "均实现"], ["发放工资人数｜=｜15｜人｜3｜16", "数量指标均实现预设目标"]),
    ("经济形势向好", ["经济形势向好", "均实现"], ["经济形势向 好｜\\geq｜95｜%｜2｜90", "数量指标均实现预设目标"]),
    ("经营者和消费者满意度", ["满意度", "均实现"], ["经营者和消费者满意度｜≥｜95｜%｜5｜90", "数量指标均实现预设目标"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def seed() -> Audit:
    return examine(SEED)


@pytest.mark.parametrize(
    ("figures", "quotes"), [row[1:] for row in CONTRADICTIONS], ids=[row[0] for row in CONTRADICTIONS]
)
def test_each_contradiction_names_both_figures_and_both_sentences(
    seed: Audit, figures: list[str], quotes: list[str]
) -> None:
    named = [c for c in seed.contradictions if any(all(f in says for f in figures) for says in c.says)]
    assert len(named) == 1
    reported = message(Audit("报告", (named[0],), seed.coverage))
    assert all(quote in reported for quote in quotes)


def test_nothing_else_is_reported(seed: Audit) -> None:
    assert (
        len(seed.contradictions) == 11
    )  # the carryover that is gone belongs to the sources: one wrong figure explains both
    assert audit(SEED) == seed.contradictions


def test_the_answer_is_numbered_and_says_where_and_what_to_do(seed: Audit) -> None:
    reported = message(seed)
    assert "“report.txt”有 11 处前后矛盾" in reported
    for number in range(1, 12):
        part = reported.split(f"\n{number}. ")[1].split("\n\n")[0]
        assert "改法：" in part
        assert "行）：“" in part
    assert "三、部门预算绩效分析 / (二)部门预算项目绩效分析 / 2.项目执行（第 162 行）" in reported


CORRECTED = [
    ("履职效能（15 分，得分 15 分）", "履职效能（20 分，得分 20 分）"),
    ("2. 项目执行。（12 分，得分 12 分）", "2. 项目执行。（12 分，得分 11.73 分）"),
    ("3. 目标实现。（11 分，得分 11 分）", "3. 目标实现。（11 分，得分 10.21 分）"),
    ("部门预算阶段项目（含一次性项目）19 个", "部门预算阶段项目（含一次性项目）10 个"),
    ("财政拨款支出 430.66 万元，上年结转 0 万元；", "财政拨款支出 388.63 万元，上年结转 42.03 万元；"),
    ("年末结转和结余 0 万元。", "年末结转和结余 0 万元，年初结转由财政收回。"),
    ("\t388.63\t388.63\t0\t", "\t430.66\t388.63\t42.03\t"),
    ("民生和社会事业组完成计划60.22%", "民生和社会事业组完成计划80.22%"),
    ("发放工资人数\t=\t15\t人\t3\t16", "发放工资人数\t=\t15\t人\t3\t15"),
    ("经济形势向 好\t\\geq\t95\t%\t2\t90", "经济形势向 好\t\\geq\t95\t%\t2\t95"),
    ("经营者和消费者满意度\t≥\t95\t%\t5\t90", "经营者和消费者满意度\t≥\t95\t%\t5\t95"),
]


def corrected(*left_wrong: int) -> str:
    text = SEED.read_text(encoding="utf-8")
    for number, (wrong, right) in enumerate(CORRECTED):
        assert text.count(wrong) == 1, wrong
        text = text if number in left_wrong else text.replace(wrong, right)
    return text


def test_the_corrected_report_holds_no_contradiction() -> None:
    assert sentences(written(corrected())) == ""


@pytest.mark.parametrize("number", range(len(CORRECTED)), ids=[right for _, right in CORRECTED])
def test_each_correction_was_needed(number: int) -> None:
    assert sentences(written(corrected(number))) != ""
