"""评分: sums, ranges, reasons, bases, items marked 不涉及, grade words."""

from types import SimpleNamespace

import pytest

from perfeval.checks.grade_word import canonical, stated_grades
from perfeval.checks.score_reasons import is_stock_phrase


@pytest.mark.parametrize(
    ("reason", "stock"),
    [
        ("管理不到位", True),
        ("重视程度不够，管理不到位。", True),
        ("绩效管理有待加强", True),
        ("机制不健全", True),
        ("其他原因", True),
        ("预算执行不到位", True),
        ("2个项目11月才下达资金，未支付3.20万元", False),
        ("5个项目效益指标未得满分，偏离程度小于10%", False),
        ("3项资产未贴签，管理不到位", False),
        ("", False),
    ],
)
def test_stock_phrases(reason: str, stock: bool) -> None:
    assert is_stock_phrase(SimpleNamespace(value=reason)) is stock  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("自评综合得分98.94分，整体绩效水平优秀。", ["优秀"]),
        ("评价等级为“良”，", ["良"]),
        ("自评等级：优", ["优"]),
        ("等级为优秀（98.94分）", ["优秀"]),
        ("评定为良好等级。", ["良好"]),
        ("评价结果优先用于预算安排", []),
        ("项目评价等级为良", []),
        ("2024年评价等级为良", []),
        ("工作取得良好成效", []),
    ],
)
def test_grade_words_of_the_department(text: str, words: list[str]) -> None:
    assert list(stated_grades(text, 2025)) == words


def test_grade_words_are_on_one_scale() -> None:
    assert [canonical(word) for word in ("优秀", "良好", "中", "较差")] == ["优", "良", "中", "差"]
