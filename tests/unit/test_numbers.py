"""Half-up rounding, printed intervals, and how numbers are printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.numbers import (
    Interval,
    floor,
    half_up,
    places,
    show_amount,
    show_filed,
    show_number,
    show_rate,
    show_rate_beside,
    sum_agrees,
)
from perfeval.rules.frames import share

cents = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("2.205", "2.21"), ("2.204", "2.20"), ("-2.205", "-2.21"), ("3.7255", "3.73"), ("1.005", "1.01"), ("0", "0.00")],
)
def test_half_goes_up(value: str, rounded: str) -> None:
    assert str(half_up(Decimal(value))) == rounded


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("570.41", "612.44", "93.14%"),
        ("3", "21", "14.29%"),
        ("1", "0", "无法计算"),
        (None, "5", "无法计算"),
        ("0", "5", "0.00%"),
    ],
)
def test_rates_are_printed_in_per_cent(part: str | None, whole: str, expected: str) -> None:
    assert show_rate(share([None if part is None else Decimal(part)], [Decimal(whole)])[0]) == expected


@pytest.mark.parametrize(
    ("value", "text"), [("12.00", "12"), ("3.730", "3.73"), ("-0", "0"), ("1E+3", "1000"), ("0.10", "0.1")]
)
def test_numbers_lose_their_trailing_zeros(value: str, text: str) -> None:
    assert show_number(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("570.41", "570.41"), ("0", "0"), ("3", "3.00"), (None, "未填")])
def test_amounts_have_two_decimals(value: str | None, text: str) -> None:
    assert show_amount(None if value is None else Decimal(value)) == text


# n addends printed to two decimals may differ by 0.005·(n+1): two addends by up to 0.015
@pytest.mark.parametrize(
    ("stated", "agrees"), [("3.00", True), ("3.01", True), ("2.99", True), ("3.02", False), ("2.98", False)]
)
def test_a_printed_sum_may_differ_by_rounding_only(stated: str, agrees: bool) -> None:
    assert sum_agrees(Decimal(stated), [Decimal("1.00"), Decimal("2.00")]) is agrees


def test_a_printed_figure_stands_for_what_rounds_to_it() -> None:
    printed = Interval.printed(Decimal("64.72"))
    assert printed == Interval(Decimal("64.715"), Decimal("64.725"))
    assert printed.overlaps(Interval(Decimal("64.725"), Decimal("70")))
    assert not printed.overlaps(Interval(Decimal("64.7251"), Decimal("70")))


@given(st.lists(cents, min_size=1, max_size=20))
def test_the_exact_sum_always_agrees(addends: list[Decimal]) -> None:
    assert sum_agrees(sum(addends, Decimal(0)), addends)


@pytest.mark.parametrize(
    ("filed", "shown"), [("90", "90.00"), ("89.99", "89.99"), ("89.995", "89.995"), ("89.9900", "89.99"), ("0", "0")]
)
def test_an_amount_is_quoted_as_filed(filed, shown):
    assert show_filed(Decimal(filed)) == shown


def test_a_missing_amount_is_quoted_as_such():
    assert show_filed(None) == "未填"


@pytest.mark.parametrize(("value", "limit", "shown"), [
    ("0.8333333", "0.9", "83.33%"),
    ("0.89995", "0.9", "89.995%"),
    ("0.899999", "0.9", "89.9999%"),
    ("1.30004", "1.3", "130.004%"),
    ("0.9", "0.9", "90.00%"),
])  # fmt: skip
def test_a_rate_beside_its_limit_is_printed_apart(value, limit, shown):
    assert show_rate_beside(Decimal(value), Decimal(limit)) == shown


EDGE = [  # value → show_number, show_amount, show_rate, places
    ("1E-7", "0.0000001", "0", "0.00%", 7),
    ("1E+3", "1000", "1000.00", "100000.00%", 0),
    ("0E-9", "0", "0", "0.00%", 9),
    ("-0.004", "-0.004", "0", "-0.40%", 3),
    ("-0.005", "-0.005", "-0.01", "-0.50%", 3),
    ("0.005", "0.005", "0.01", "0.50%", 3),
    ("99999999.995", "99999999.995", "100000000.00", "9999999999.50%", 3),
    ("1.2E-3", "0.0012", "0", "0.12%", 4),
]


@pytest.mark.parametrize(("value", "number", "amount", "rate", "decimals"), EDGE)
def test_numbers_at_the_edge_are_printed_without_exponent(value, number, amount, rate, decimals):
    one = Decimal(value)
    assert (show_number(one), show_amount(one), show_rate(one), places(one)) == (number, amount, rate, decimals)


@pytest.mark.parametrize(("value", "decimals", "up", "down"), [
    ("13.4999", 0, "13", "13"), ("13.5", 0, "14", "13"), ("-13.5", 0, "-14", "-14"), ("-13.4", 0, "-13", "-14"),
    ("0.005", 2, "0.01", "0.00"), ("-0.005", 2, "-0.01", "-0.01"), ("0.0049", 2, "0.00", "0.00"),
    ("2.5", 1, "2.5", "2.5"), ("-2.5", 1, "-2.5", "-2.5"), ("1E+3", 2, "1000.00", "1000.00"),
])  # fmt: skip
def test_rounding_up_and_cutting_down_differ_where_they_should(value, decimals, up, down):
    assert (str(half_up(Decimal(value), decimals)), str(floor(Decimal(value), decimals))) == (up, down)
