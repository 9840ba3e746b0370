"""Departments are drawn by risk: the same seed draws the same, riskier ones more often, each with its reasons."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import UsageError
from perfeval.exchange.review.sample import RANDOM_REASON, draw, share_of
from perfeval.output.sets import PublishedSet

NOBODY: dict[str, Any] = {
    "source": {"file": "x.xlsx", "sha256": ""}, "status": "reported", "year": 2025, "kind": "部门整体", "regulation": "r",
    "total": "90", "grade": "优",
    "declared_total": "90", "items": [], "indicators": [], "projects": [], "measures": {}, "findings": [],
    "signals": [],
}  # fmt: skip


def one(name: str, errors: int = 0, red: int = 0, declared: str = "90") -> PublishedSet:
    findings = [{"severity": "error", "answered": False}] * errors
    signals = [{"code": "SIGNAL_001", "level": "red", "message": "x"}] * red
    reported = [
        {
            **f,
            "code": "MONEY_001",
            **dict.fromkeys(("sheet", "cell", "label", "found", "expected", "message", "fix", "clause"), ""),
        }
        for f in findings
    ]
    result = {**NOBODY, "department": name, "declared_total": declared, "findings": reported, "signals": signals}
    return PublishedSet(Path(name), result, Path(f"{name}_2025_评分表.xlsx"), True)


MANY = [one(f"第{n}局", errors=n // 5, red=n % 3) for n in range(20)]


@given(st.permutations(MANY), st.integers())
def test_the_same_seed_draws_the_same_whatever_the_order(shuffled: list[PublishedSet], seed: int) -> None:
    assert draw(shuffled, Fraction(1, 5), seed) == draw(MANY, Fraction(1, 5), seed)


def test_another_seed_draws_others() -> None:
    assert len({tuple(d.chosen.department for d in draw(MANY, Fraction(1, 5), seed)) for seed in range(20)}) > 10


@pytest.mark.parametrize(
    ("share", "count"), [("20%", 4), ("21%", 5), ("100%", 20), ("1%", 1), ("0.2", 4), ("33.3％", 7)]
)
def test_the_share_is_rounded_up(share: str, count: int) -> None:
    assert len(draw(MANY, share_of(share), 1)) == count


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-5%", "二成", "", "nan", "1e999999"])
def test_a_share_that_is_none_is_reported(text: str) -> None:
    with pytest.raises(UsageError, match="抽取比例"):
        share_of(text)


def test_riskier_departments_are_drawn_more_often() -> None:
    drawn = [d.chosen.department for seed in range(200) for d in draw(MANY, Fraction(1, 5), seed)]
    safest, riskiest = drawn.count("第0局"), drawn.count("第17局")
    assert 0 < safest < riskiest


def test_each_one_has_its_reasons_and_the_riskiest_comes_first() -> None:
    drawn = draw([one("甲局"), one("乙局", errors=2, red=1), one("丙局", declared="95")], Fraction(1), 5)
    assert [(d.chosen.department, d.reasons, d.rank) for d in drawn] == [
        ("乙局", "错误 2 条；红灯 1 个", 1),
        ("丙局", "自评比计算多 5 分", 2),
        ("甲局", RANDOM_REASON, 3),
    ]
