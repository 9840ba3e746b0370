"""Filed text as a report prints it: sentences, days, and numbering that never looks like a chapter's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.documents.report.view_words import MARKERS, fair, numeral, one_line, paragraphs


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")]
)
def test_numerals(number: int, text: str) -> None:
    assert numeral(number) == text


@pytest.mark.parametrize(
    ("filed", "printed"),
    [
        ("所有项目均履行事前评估。", "所有项目均履行事前评估"),
        ("报送及时\n数据准确；", "报送及时；数据准确"),
        ("一、报送及时。\n\n 数据准确", "报送及时。数据准确"),
        ("2025年01月05日前完成", "2025年1月5日前完成"),
        ("3.5万元用于培训", "3.5万元用于培训"),
        ("2025年10月20日", "2025年10月20日"),
        (None, ""),
    ],
)
def test_a_filed_text_becomes_part_of_a_sentence(filed: str | None, printed: str) -> None:
    assert one_line(filed) == printed


def test_numbering_of_a_filed_text_goes_below_that_of_the_report() -> None:
    filed = "总的看\n一、内部应用\n（一）预算编制\n（二）考核\n二、公开\n(一)网站"
    assert paragraphs(filed) == ["总的看", "1. 内部应用", "（1）预算编制", "（2）考核", "2. 公开", "（1）网站"]


@given(
    st.lists(st.sampled_from(["一、甲", "（一）乙", "1. 丙", "2、丁", "（3）戊", "己", "①庚", "3.5万元"]), max_size=12)
)
def test_whatever_the_numbering_it_counts_up_from_one_and_holds_no_chapter_number(lines: list[str]) -> None:
    printed = paragraphs("\n".join(lines))
    assert len(printed) == len(lines)
    assert not any(MARKERS[0].match(line) or MARKERS[1].match(line) for line in printed)
    numbers = [int(line.split(".")[0]) for line in printed if MARKERS[2].match(line)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("filed", "printed"),
    [
        ("严格落实要求，圆满完成年度各项绩效目标，工作成效显著。", "严格落实要求，工作成效显著。"),
        ("圆满完成年度各项绩效目标。工作成效显著。", "工作成效显著。"),
        ("工作成效显著，全面完成各项目标任务。", "工作成效显著。"),
        ("圆满完成年度各项绩效目标。", ""),
        ("全面完成会议保障。", "全面完成会议保障。"),
    ],
)
def test_praise_for_goals_that_were_missed_is_left_out(filed: str, printed: str) -> None:
    assert fair(filed, something_missed=True) == printed
    assert fair(filed, something_missed=False) == filed
