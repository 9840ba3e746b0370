"""Departments are drawn by risk: the riskiest first, the same seed draws the same, each with the reason why or why
not."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import UsageError
from perfeval.exchange.review.sample import NOT_FINAL, RANDOM_REASON, Sampled, draw, share_of
from perfeval.output.sets import PublishedSet

NOBODY: dict[str, Any] = {
    "source": {"file": "x.xlsx", "sha256": ""}, "status": "reported", "year": 2025, "kind": "部门整体", "regulation": "r",
    "total": "90", "grade": "优",
    "declared_total": "90", "items": [], "indicators": [], "projects": [], "measures": {}, "findings": [],
    "signals": [],
}  # fmt: skip


def one(name: str, errors: int = 0, red: int = 0, declared: str = "90", status: str = "reported") -> PublishedSet:
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
    result = {
        **NOBODY,
        "status": status,
        "department": name,
        "declared_total": declared,
        "findings": reported,
        "signals": signals,
    }
    return PublishedSet(Path(name), result, Path(f"{name}_2025_评分表.xlsx"), True)


MANY = [one(f"第{n}局", errors=n // 5, red=n % 3) for n in range(20)]


@given(st.permutations(MANY), st.integers())
def test_the_same_seed_draws_the_same_whatever_the_order(shuffled: list[PublishedSet], seed: int) -> None:
    assert draw(shuffled, Fraction(1, 5), seed) == draw(MANY, Fraction(1, 5), seed)


def names(sampled: tuple[Sampled, ...]) -> list[str]:
    return [s.one.department for s in sampled if s.is_drawn]


def test_another_seed_draws_others_only_among_equal_risks() -> None:
    drawn = [names(draw(MANY, Fraction(1, 4), seed)) for seed in range(20)]
    assert {frozenset(one) for one in drawn} == {frozenset(f"第{n}局" for n in range(15, 20))}
    alike = [one(f"第{n}局") for n in range(20)]
    assert len({tuple(names(draw(alike, Fraction(1, 5), seed))) for seed in range(20)}) > 10


@pytest.mark.parametrize(
    ("share", "count"), [("20%", 4), ("21%", 5), ("100%", 20), ("1%", 1), ("0.2", 4), ("33.3％", 7)]
)
def test_the_share_is_rounded_up(share: str, count: int) -> None:
    assert len(names(draw(MANY, share_of(share), 1))) == count


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-5%", "二成", "", "nan", "1e999999"])
def test_a_share_that_is_none_is_reported(text: str) -> None:
    with pytest.raises(UsageError, match="抽取比例"):
        share_of(text)


def test_the_riskiest_are_drawn_and_everybody_has_a_reason() -> None:
    sets = [
        one("甲局"),
        one("乙局", errors=2, red=1),
        one("丙局", declared="95"),
        one("丁局", status="returned", errors=9),
    ]
    assert [(s.one.department, s.is_drawn, s.reasons, s.rank) for s in draw(sets, Fraction(1, 2), 5)] == [
        ("乙局", True, "错误 2 条；红灯 1 个", 1),
        ("丙局", True, "自评比计算多 5 分", 2),
        ("甲局", False, RANDOM_REASON, 3),
        ("丁局", False, NOT_FINAL, None),
    ]
