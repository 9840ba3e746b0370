"""Every number of a line with its unit, its value and what is said about it."""

from decimal import Decimal

import pytest

from perfeval.prose.quantities import Quantity, chinese_number, malformed, quantities
from perfeval.prose.text import Line


def read(text: str, unit: str = "") -> list[Quantity]:
    return quantities(Line(1, text, "第 1 段"), unit)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("到位资金1，640.00万元", [("1，640.00万元", "money", "1640.00")]),
        ("到位资金１５０万元，支付率９０％", [("150万元", "money", "150"), ("90%", "share", "90")]),
        ("投入40万，增加0.5亿元", [("40万", "money", "40"), ("0.5亿元", "money", "5000.0")]),
        ("游客2.3万人次，用电86.0万千瓦时", [("2.3万人次", "人次", "23000.0"), ("86.0万千瓦时", "千瓦时", "860000.0")]),
        ("投入一百二十万元，满意度百分之九十五", [("一百二十万元", "money", "120"), ("百分之九十五", "share", "95")]),
        ("六个乡镇的两家企业", [("六个", "个", "6"), ("两家", "家", "2")]),
        ("补助标准76.50元/亩", [("76.50元/亩", "money/亩", "0.007650")]),
        ("提高3.5个百分点，得8分", [("3.5个百分点", "points", "3.5"), ("8分", "分", "8")]),
        ("2024年12月底前完成，第3次，《规划（2021—2035年）》，川财〔2024〕18号，用时5分钟", [("5", "", "5")]),
        ("2024.12.31至2025.1.15支出2012.12万元", [("2012.12万元", "money", "2012.12")]),
        ("一是完善制度，一个问题", []),
    ],
)
def test_every_number_has_its_unit_and_value(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(q.printed, q.unit, q.value) for q in read(text)] == [(p, u, Decimal(v)) for p, u, v in found]


@pytest.mark.parametrize(
    "text",
    [
        "约90%",
        "近90%",
        "超过90%",
        "不低于90%",
        "90%以上",
        "90%左右",
        "94%至98%",
        "≥90%",
        "按办法达到90%得满分",
        "每低90%扣1分",
    ],
)
def test_no_equality_follows_from_a_hedge_or_a_rule(text: str) -> None:
    assert not any(q.is_fact for q in read(text))


def test_a_printed_figure_is_an_interval_and_a_count_is_exact() -> None:
    amount, count = read("支出12.3万元，培训30人")
    assert (amount.low, amount.high) == (Decimal("12.25"), Decimal("12.35"))
    assert (count.low, count.high) == (30, 30)


def test_words_in_front_year_and_bracket_are_its_scope() -> None:
    first, inner, second = read("2023年阶段（一次性）项目预算80万元（含结转5万元），上年支出70万元")
    assert (first.label, first.year, first.depth) == ("阶段项目预算", 2023, 0)
    assert (inner.label, inner.depth) == ("含结转", 1)
    assert second.previous


def test_the_unit_of_a_heading_is_that_of_bare_amounts() -> None:
    assert [(q.unit, q.value) for q in read("资金合计542.00，其中中央资金300.00", "万元")] == [
        ("money", Decimal("542.00")),
        ("money", Decimal("300.00")),
    ]


@pytest.mark.parametrize("text", ["8,20.0,77万元", "12.3.5万元", "1234,567.00元", "12。5万元"])
def test_what_is_no_number_is_named(text: str) -> None:
    assert [m.shown for m in malformed(Line(1, f"到位资金{text}。", "第 1 段"))] == [text]


@pytest.mark.parametrize(
    "text", ["8,200.77万元", "1,234,500.00元", "2024.12.31", "1.2.3 总体情况", "3,4月", "2024.12万元"]
)
def test_what_is_one_is_not(text: str) -> None:
    assert list(malformed(Line(1, text, "第 1 段"))) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", "10"),
        ("一百零五", "105"),
        ("二十三", "23"),
        ("三点五", "3.5"),
        ("一万二千", "12000"),
        ("二〇二四", "2024"),
    ],
)
def test_chinese_numerals(text: str, value: str) -> None:
    assert chinese_number(text) == Decimal(value)
