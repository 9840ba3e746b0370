"""The sentences of the report: what a careful reader would have changed, and what stays as it was."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from report_packages import completed, fill, package, project_kind, put
from report_texts import body_of, text_of

from perfeval.documents.report.names import PROJECT_REPORT, REPORT
from perfeval.documents.report.view_basics import basics, money
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.view_indicators import (
    _in_narrow_cell,
    _stays_with_next,
    actual_words,
    rows,
    target_words,
)
from perfeval.documents.report.write import load_report_templates
from perfeval.model.cells import State
from perfeval.model.numbers import show_points
from perfeval.model.readings import DateSpan, Level, Number
from perfeval.model.submission import Submission
from perfeval.word.template import shipped_source


def lines(submission: Submission) -> list[str]:
    return body_of(load_report_templates().render(package(submission)))


def with_basic(**values: Any) -> Submission:
    return replace(completed(), basic=fill(completed().basic, **values))


NAME = "乐山市金口河区发展和改革委员会"

# 机构性质, 机构规格, 部门简称, 加挂牌子 → the sentence
ORGANISATIONS = [
    ("区人民政府工作部门", "正科级", "区发改局", None, f"{NAME}是区人民政府工作部门，为正科级，以下简称区发改局。"),
    (
        "区人民政府工作部门",
        None,
        "区发改局",
        "区科技局",
        f"{NAME}是区人民政府工作部门，以下简称区发改局，加挂区科技局牌子。",
    ),
    (None, "正科级", "区发改局", None, f"{NAME}为正科级，以下简称区发改局。"),
    (None, None, "区发改局", None, f"本报告的评价对象为{NAME}，以下简称区发改局。"),
    (None, None, None, None, f"本报告的评价对象为{NAME}。"),
]


@pytest.mark.parametrize(("nature", "rank", "short", "plates", "sentence"), ORGANISATIONS)
def test_what_the_department_is(nature, rank, short, plates, sentence):
    assert lines(with_basic(nature=nature, rank=rank, short_name=short, plates=plates))[3] == sentence


# 内设机构 as filed → as printed
LISTS = [
    ("办公室；教育股；体育股", "办公室、教育股、体育股"),
    ("办公室;教育股;体育股。", "办公室、教育股、体育股"),
    ("办公室\n教育股\n\n体育股", "办公室、教育股、体育股"),
    ("1. 办公室；\n2. 教育股；", "办公室、教育股"),
    ("办公室、教育股", "办公室、教育股"),
    ("办公室（机要；保密）；教育股", "办公室（机要；保密）、教育股"),
]


@pytest.mark.parametrize(("filed", "printed"), LISTS)
def test_a_list_is_printed_as_one(filed, printed):
    assert basics(with_basic(offices=filed), Figures())["内设机构"] == printed


# 支出合计 and 基本支出 at the start of the year → as printed
AMOUNTS = [
    ("5440", "5440"),
    ("5440.00", "5440"),
    ("0", "0"),
    ("0.00", "0"),
    ("570.41", "570.41"),
    ("223.9", "223.90"),
    ("-0.001", "0"),
]


@pytest.mark.parametrize(("filed", "printed"), AMOUNTS)
def test_a_whole_amount_is_printed_without_decimals(filed, printed):
    row = fill(completed().money.expenditure_total, initial=Decimal(filed))
    other = replace(completed(), money=replace(completed().money, expenditure_total=row))
    assert money(other, package(other).scorecard, Figures())["支出"]["年初合计"] == printed


# 单位资金 in the workbook → what is printed behind 按来源分
UNIT = "spent_from_unit_funds"


def sources(**rows: Any) -> str:
    filed = replace(
        completed().money, **{key: fill(getattr(completed().money, key), initial=value) for key, value in rows.items()}
    )
    other = replace(completed(), money=filed)
    return str(money(other, package(other).scorecard, Figures())["支出"]["年初来源"])


def test_the_sources_are_named_where_there_are_any():
    assert sources() == "财政拨款388.63万元，上年结转42.03万元"
    assert sources(spent_from_unit_funds=Decimal(60)) == "财政拨款388.63万元，上年结转42.03万元，单位资金60万元"


def test_in_an_older_workbook_what_has_no_row_is_named_so_that_the_sources_come_to_the_total():
    absent = {
        key: replace(
            row,
            **{
                c: getattr(row, c)._replace(value=None, state=State.ABSENT)
                for c in ("initial", "adjusted", "final", "note")
            },
        )
        for key in (UNIT, "spent_from_other_funds")
        for row in [getattr(completed().money, key)]
    }
    filed = replace(
        completed().money,
        **absent,
        expenditure_total=fill(completed().money.expenditure_total, initial=Decimal("490.66")),
    )
    other = replace(completed(), money=filed)
    printed = money(other, package(other).scorecard, Figures())["支出"]
    assert printed["年初来源"] == "财政拨款388.63万元，上年结转42.03万元，其他来源60万元"
    assert printed["决算来源"] == "财政拨款570.41万元，上年结转0万元"


DAY = DateSpan(date(2025, 9, 20), date(2025, 9, 20))

# nature, 指标值, 计量单位, 实际完成值 → how both are reported
DEVIATIONS = [
    ("≤", DateSpan(None, date(2025, 8, 31)), None, DAY, "应于2025年8月31日前完成", "实际于2025年9月20日完成"),
    ("≤", DateSpan(date(2025, 8, 1), date(2025, 8, 31)), None, DateSpan(date(2025, 9, 1), date(2025, 9, 30)),
    "应于2025年8月31日前完成", "实际于2025年9月完成"), ("=", Number(Decimal(9)), "栋", Number(Decimal(8)), "目标值9栋", "实际完成8栋"),
    ("≥", Number(Decimal(95)), "%", Number(Decimal(90)), "目标值≥95%", "实际完成90%"),
    ("定性", Level("优"), None, Level("良"), "目标值优", "实际完成良"),
]  # fmt: skip


@pytest.mark.parametrize(("nature", "target", "unit", "actual", "wanted", "done"), DEVIATIONS)
def test_what_was_to_be_reached_and_what_was(nature, target, unit, actual, wanted, done):
    score = package(completed()).scorecard.indicators[0]
    row = fill(score.indicator, target=target, actual=actual, unit=unit)
    score = replace(score, nature=nature, indicator=row)
    assert (target_words(score, Figures()), actual_words(score, Figures())) == (wanted, done)


def test_the_indicators_are_a_section_of_their_own():
    printed = lines(completed())
    at = printed.index("（五）绩效目标完成情况")
    assert printed[at + 1].startswith("部门整体绩效目标完成情况见附表。绩效指标共36项")
    assert not any("绩效指标共" in line for line in printed[:at])


def declared_total(value: str | None) -> Submission:
    return replace(completed(), grand_total=put(completed().grand_total, None if value is None else Decimal(value)))


# 综合得分 the department states → what is said of both totals
TOTALS = [
    ("98.94", "单位自评综合得分98.94分。"),
    ("99.94", "单位自评综合得分99.94分，比计算得分高1分。"),
    ("96.5", "单位自评综合得分96.5分，比计算得分低2.44分。"),
    (None, ""),
]


@pytest.mark.parametrize(("declared", "sentence"), TOTALS)
def test_both_totals_are_printed_and_which_is_which(declared, sentence):
    printed = next(line for line in lines(declared_total(declared)) if "综合得分98.94分" in line)
    assert printed.startswith("区发改局2025年度部门整体绩效自评按填报数据计算，综合得分98.94分（满分100分）")
    assert sentence in printed
    assert ("单位自评" in printed) is bool(sentence)


def unscored() -> Submission:
    """Without the department's score of an item that has no other."""
    return replace(
        completed(),
        scores=tuple(
            fill(row, declared=None) if row.item_name.value == "预算编制质量" else row for row in completed().scores
        ),
    )


def test_an_unscored_item_leaves_no_total_and_no_difference():
    text = "\n".join(lines(unscored()))
    assert (
        "已评分的指标合计得92.94分（满分100分，含1项未评分），没有综合得分，不评定等级。单位自评综合得分98.94分。"
        in text
    )
    assert "2. 预算管理（25分，得分19分，其中有指标未评分）" in text
    assert "比计算得分" not in text
    card = package(unscored()).scorecard
    assert card.whole_total is None
    assert [s.item.name for s in card.items if s.incomplete] == ["部门预算总体绩效", "预算管理"]
    assert all(s.difference is None for s in card.items if s.incomplete)


def test_the_conclusion_begins_with_the_whole_and_the_score_and_then_tells_what_was_lost():
    printed = lines(completed())
    first = printed.index("（一）评价结论")
    assert [printed[first + n][:6] for n in range(1, 5)] == ["2025年度", "区发改局20", "评分指标中有", "部门整体绩效"]


# without 评价结论补充: 问题与建议 kept or not → the sentence on the whole
@pytest.mark.parametrize(
    ("problems", "sentence"),
    [
        (3, "总体看，区发改局2025年度履职和预算绩效管理情况较好，存在3个方面的问题需要改进。"),
        (0, "总体看，区发改局2025年度履职和预算绩效管理情况较好，有指标未得满分或未完成。"),
    ],
)
def test_without_words_of_the_department_there_is_a_sentence_on_the_whole(problems, sentence):
    texts = tuple(t for t in completed().texts if t.chapter.value != "评价结论补充")
    printed = lines(replace(completed(), texts=texts, problems=completed().problems[:problems]))
    assert printed[printed.index("（一）评价结论") + 1] == sentence


def test_no_arithmetic_stands_in_the_chapters_and_all_of_it_in_the_annex():
    printed = lines(completed())
    at = printed.index("附件")
    assert not [line for line in printed[:at] if re.search(r"[×÷]|计算过程|按单位自评计分", line)]
    assert printed[at + 1] == "得分计算说明"
    assert len(printed[at + 2 :]) == 11


# 自评得分 of an indicator that scores 1.89 → its 得分 in the annex
@pytest.mark.parametrize(
    ("declared", "printed"), [(None, "1.89"), ("1.89", "1.89"), ("2", "1.89（自评2）"), ("0", "1.89（自评0）")]
)
def test_an_indicator_with_two_scores_shows_both(declared, printed):
    score = next(s for s in package(completed()).scorecard.indicators if s.indicator.name.value == "经济形势向好")
    filed = replace(score, indicator=fill(score.indicator, declared=None if declared is None else Decimal(declared)))
    assert rows([filed], Figures())[0]["得分"] == printed


# a project's form: its 自评得分 beside the computed total
def test_a_project_with_two_totals_shows_both_and_which_is_which():
    made = package(project_kind(completed()))
    project = next(p for p in made.scorecard.projects if p.total is not None)
    name = project.project.name.value
    projects = tuple(fill(p, declared=Decimal("88.5")) if p.name.value == name else p for p in made.submission.projects)
    text = text_of(load_report_templates().render(package(replace(made.submission, projects=projects))))
    assert f"总分 | {show_points(project.total)}（单位自评88.5） | 等级" in text


ROWS_ON_A_PAGE = [
    # 一级 and 二级指标 of each row → which rows stay with the next one; the last stays with the total
    ("产a 产a 产a 产a", "1011"),
    ("产a 产b 产c 效d 满e", "11001"),
    ("产a 产b 产b 产c 产c", "11011"),
    ("效d", "1"),
    ("产a 效d 效d", "011"),
]


@pytest.mark.parametrize(("places", "kept"), ROWS_ON_A_PAGE)
def test_no_row_of_a_block_and_no_total_is_left_alone_on_a_page(places: str, kept: str) -> None:
    named = [(place[0], place[1]) for place in places.split()]
    assert "".join(str(int(_stays_with_next(named, number))) for number in range(len(named))) == kept


IN_NARROW_CELLS = [
    ("≥35公里/年", "公里/年", "≥35\n公里/年"),
    ("≥3公里", "公里", "≥3公里"),
    ("62965.81万元", "万元", "62965.81\n万元"),
    ("113.99万元", "万元", "113.99\n万元"),
    ("≥1747次", "次", "≥1747次"),
    ("≥98%", "%", "≥98%"),
    ("优良中低差", "", "优良中低差"),
    ("2025年12月31日", "", "2025年12月31日"),
]


@pytest.mark.parametrize(("text", "unit", "printed"), IN_NARROW_CELLS)
def test_a_line_ends_before_a_unit_and_never_inside_it(text: str, unit: str, printed: str) -> None:
    assert _in_narrow_cell(text, unit) == printed


@pytest.mark.parametrize("kind", [REPORT, PROJECT_REPORT])
def test_rows_of_the_standard_tables_do_not_break_and_heads_stay_with_what_follows(kind: str) -> None:
    for table in docx.Document(io.BytesIO(shipped_source(kind))).tables:
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
            if row._tr.trPr.find(qn("w:tblHeader")) is not None and "一级指标" in row.cells[0].text:
                assert all(p.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs)
