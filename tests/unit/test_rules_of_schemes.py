"""The rules that hold for a whole scheme, with figures worked out by hand: at, just below and just above every limit,
with a divisor of 0, a blank and 不涉及."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from own_data import with_own_data
from submissions import submission

from perfeval.model.regulation import Regulation
from perfeval.rules.engine import score
from perfeval.rules.load import load_folder

CLAUSE = 'clause = "待核"\nconfidence = "待核"'
CAPS = """
caps = [
    { on = "total", at_most = 89, when = { input = "execution_rate", from = 0.70, below = 0.80 } },
    { on = "total", at_most = 79, when = { input = "execution_rate", from = 0.60, below = 0.70 } },
    { on = "total", at_most = 69, when = { input = "execution_rate", below = 0.60 } },
    { on = "total", at_most = 59, when = { input = "execution_rate", below = 0.50 } },
]
"""


def scheme(folder: Path, items: str, more: str = "") -> Regulation:
    text = f'id = "某县"\nextends = "sichuan-dept-65-35"\ntitle = "某县"\n{more}\n{items}'
    (folder / "regulation.toml").write_text(text, encoding="utf-8")
    return load_folder(folder)["某县"]


def leaf(item: str, points: str, how: str = 'method = "declared"', parent: str = "") -> str:
    return f'[[items]]\nid = "{item}"\nname = "{item}"\nparent = "{parent}"\n{points}\n{how}\n{CLAUSE}\n'


def spent(final: str, adjusted: str = "10000") -> dict[str, Any]:
    return {"收支": {"支出合计": {"调整后预算数": adjusted, "决算数": final}}}


def declared(**points: str) -> list[dict[str, str]]:
    return [{"指标编号": item, "自评得分": value} for item, value in points.items()]


@pytest.mark.parametrize(
    ("final", "total"),
    [
        ("8001", "95"), ("8000", "95"), ("7999", "89"), ("7001", "89"), ("7000", "89"), ("6999", "79"), ("6001", "79"),
        ("6000", "79"), ("5999", "69"), ("5001", "69"), ("5000", "69"), ("4999", "59"), ("0", "59"), ("", "95"),
    ],
)  # fmt: skip
def test_a_total_is_capped_by_the_rate_of_execution(final: str, total: str, tmp_path: Path) -> None:
    """预算一体化: 70–80 % → 总分 ≤ 89, 60–70 → 79, below 60 → 69, below 50 → 59; a blank rate caps nothing."""
    made = scheme(tmp_path, leaf("A", "max_points = 100"), CAPS)
    card = score(submission({**spent(final), "评分": declared(A="95")}), made)
    assert card.total == Decimal(total)
    assert card.uncapped_total == (None if total == "95" else Decimal(95))


def test_a_budget_of_nothing_caps_nothing(tmp_path: Path) -> None:
    made = scheme(tmp_path, leaf("A", "max_points = 100"), CAPS)
    assert score(submission({**spent("10", "0"), "评分": declared(A="95")}), made).total == Decimal(95)


def test_a_score_below_its_cap_stays(tmp_path: Path) -> None:
    made = scheme(tmp_path, leaf("A", "max_points = 100"), CAPS)
    card = score(submission({**spent("7500"), "评分": declared(A="80")}), made)
    assert (card.total, card.uncapped_total) == (Decimal(80), None)


@pytest.mark.parametrize(
    ("done", "points"),
    [("69.99", "0"), ("70", "35"), ("70.01", "35.01"), ("100", "50"), ("130", "50"), ("130.01", "0"), ("0", "0"),
     ("", None)],
)  # fmt: skip
def test_a_gate_below_and_above(done: str, points: str | None, tmp_path: Path) -> None:
    """成都区级 重点履职 50: below 70 % or above 130 % nothing."""
    how = 'method = "ratio"\ninputs = { numerator = "duty" }\nparameters = { zero_below = 0.7, zero_above = 1.3 }\n'
    fact = 'facts = [{ key = "duty", label = "完成率", formula = "mean(duty_data.完成率)", kind = "rate" }]\n'
    items = leaf("A", "max_points = 50", f"{how}fallback = false") + leaf("B", "max_points = 50")
    filed = submission({"履职数据": [{"指标名称": "件数", "计划数": "100", "完成数": done}], "评分": declared(B="50")})
    found = score(filed, scheme(tmp_path, items, fact)).item("A")
    assert found is not None
    assert found.score == (None if points is None else Decimal(points))


def test_a_plan_of_nothing_is_not_supplied(tmp_path: Path) -> None:
    how = 'method = "ratio"\ninputs = { numerator = "duty" }\nfallback = false\n'
    fact = 'facts = [{ key = "duty", label = "完成率", formula = "mean(duty_data.完成率)", kind = "rate" }]\n'
    filed = submission({"履职数据": [{"指标名称": "件数", "计划数": "0", "完成数": "5"}]})
    found = score(filed, scheme(tmp_path, leaf("A", "max_points = 100", how), fact)).item("A")
    assert found is not None
    assert found.score is None


WEIGHTED: list[tuple[tuple[str, str, str], Mapping[str, str]]] = [
    (("100", "100", "100"), {"A": "20", "B1": "48", "B2": "32"}),  # 一级 20 % and 80 %, 二级 60 % and 40 %
    (("99.9", "0", "50"), {"A": "19.98", "B1": "0", "B2": "16"}),
]


@pytest.mark.parametrize(("rates", "wanted"), WEIGHTED)
def test_points_counted_by_weights_in_per_cent(
    rates: tuple[str, str, str], wanted: Mapping[str, str], tmp_path: Path
) -> None:
    """哈尔滨 折算得分 = 单项得分 × 权重 %; a block of 100 points that counts 60 % is a share at the top."""
    asked = ", ".join(f'{{ key = "r{n}", label = "第{n}项得分率", kind = "rate" }}' for n in range(3))
    ratio = 'method = "ratio"\ninputs = {{ numerator = "r{}" }}'
    items = leaf("A", "share = 20", ratio.format(0))
    items += '[[items]]\nid = "B"\nname = "B"\nshare = 80\npoints = "share"\n'
    items += leaf("B1", "share = 60", ratio.format(1), "B") + leaf("B2", "share = 40", ratio.format(2), "B")
    made = scheme(tmp_path, items, f'points = "share"\ninputs = [{asked}]')
    filed = with_own_data({}, "部门整体", {f"r{n}": str(Decimal(r) / 100) for n, r in enumerate(rates)})
    card = score(filed, made)
    assert {item.item.id: item.score for item in card.items if item.item.id in wanted} == {
        item: Decimal(points) for item, points in wanted.items()
    }


@pytest.mark.parametrize(
    ("applicable", "total"),
    [(("是", "是", "是"), "90"), (("是", "是", "不涉及"), "88.89"), (("不涉及", "不涉及", "不涉及"), "83.33")],
)
def test_points_of_what_applies(applicable: tuple[str, str, str], total: str, tmp_path: Path) -> None:
    """达州 2017: what does not apply is left out and the total rescaled. 60 declared 50, the others in full: 90 of 100,
    80 of 90, 50 of 60."""
    out = 'method = "declared"\nnot_applicable = "exclude_and_rescale"'
    items = leaf("A", "max_points = 60")
    items += "".join(leaf(f"B{n}", f"max_points = {p}", out) for n, p in enumerate((20, 10, 10)))
    rows = declared(A="50") + [
        {"指标编号": f"B{n}", "是否适用": word, **({"自评得分": p} if word == "是" else {})}
        for n, (word, p) in enumerate(zip(applicable, ("20", "10", "10"), strict=True))
    ]
    assert score(submission({"评分": rows}), scheme(tmp_path, items)).total == Decimal(total)
