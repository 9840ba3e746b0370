"""The eight methods: outcomes at every boundary, and what holds for any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.regulation import Rounding
from perfeval.rules.methods import accumulate, deduct_missing, full_value, graded, ratio, share, yes_no
from perfeval.rules.rounding import rounded

D = Decimal
ADJUSTMENT_STEPS = (
    {"up_to": D(0), "points": D(3)},
    {"up_to": D("0.10"), "points": D(2)},
    {"up_to": D("0.20"), "points": D(1)},
    {"up_to": D("0.30"), "points": D("0.5")},
    {"points": D(0)},
)
RATE_STEPS = ({"from": D("0.95"), "points": D(4)}, {"from": D("0.90"), "points": D(2)}, {"points": D(0)})
CUTS = (
    {"input": "budget", "above": D(0), "points": D("1.5")},
    {"input": "executed", "above": D(0), "points": D("1.5")},
    {"input": "over", "at_most": D(0), "points": D(2)},
)


def cents(outcome) -> str:
    return str(rounded(outcome.score, Rounding.HALF_UP_2).normalize() + 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "options", "score"),
    [
        ("570.41", "612.44", {}, "3.73"),
        ("612.44", "612.44", {}, "4"),
        ("700", "612.44", {}, "4"),  # over 100 %
        ("0", "612.44", {}, "0"),
        ("-5", "612.44", {}, "0"),  # negative
        ("50", "100", {"floor": D("0.6")}, "2.4"),
        ("95", "100", {"cap": D("0.9")}, "3.6"),
        ("69.99", "100", {"zero_below": D("0.7"), "zero_above": D("1.3")}, "0"),
        ("70", "100", {"zero_below": D("0.7"), "zero_above": D("1.3")}, "2.8"),
        ("130", "100", {"zero_below": D("0.7"), "zero_above": D("1.3")}, "4"),
        ("130.01", "100", {"zero_below": D("0.7"), "zero_above": D("1.3")}, "0"),
    ],
)
def test_ratio(numerator: str, denominator: str, options: dict, score: str) -> None:
    assert cents(ratio(D(4), numerator=D(numerator), denominator=D(denominator), **options)) == score


def test_a_zero_or_negative_budget_gives_no_score() -> None:
    assert ratio(D(4), numerator=D(5), denominator=D(0)) is None
    assert ratio(D(4), numerator=D(5), denominator=D(-1)) is None
    assert share(D(4), counted=D(0), bad=D(0)) is None


def test_a_rate_alone_is_its_own_ratio() -> None:
    assert cents(ratio(D(50), numerator=D("0.6472"), zero_below=D("0.6"))) == "32.36"


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("0", "3"),
        ("0.0001", "2"),
        ("0.10", "2"),
        ("0.1001", "1"),
        ("0.20", "1"),
        ("0.30", "0.5"),
        ("0.3001", "0"),
        ("-0.05", "2"),
        ("-0.4", "0"),
    ],
)
def test_step_table_of_the_adjustment_rate(value: str, score: str) -> None:
    assert cents(graded(D(3), value=D(value), steps=ADJUSTMENT_STEPS, absolute=True)) == score


@pytest.mark.parametrize(
    ("value", "score"), [("1", "4"), ("0.95", "4"), ("0.9499", "2"), ("0.9", "2"), ("0.8999", "0"), ("-1", "0")]
)
def test_steps_counted_from_above(value: str, score: str) -> None:
    assert cents(graded(D(4), value=D(value), steps=RATE_STEPS)) == score


@pytest.mark.parametrize(
    ("values", "score"),
    [
        (("0.14", "0.38", "0"), "5"),
        (("0", "0.38", "0"), "3.5"),
        (("-0.1", "-0.1", "0"), "2"),
        (("-0.1", "-0.1", "1"), "0"),
        (("0.1", "0.1", "2"), "3"),
    ],
)
def test_deduct_missing(values: tuple[str, str, str], score: str) -> None:
    budget, executed, over = map(D, values)
    assert cents(deduct_missing(D(5), conditions=CUTS, budget=budget, executed=executed, over=over)) == score


def test_more_cannot_be_deducted_than_there_is() -> None:
    assert deduct_missing(D(1), conditions=CUTS, budget=D(0), executed=D(0), over=D(0)).score == 0


@pytest.mark.parametrize(
    ("value", "score"),
    [("0", "3"), ("-0.02", "3"), ("0.05", "1.5"), ("0.0501", "1.5"), ("0.0999", "0"), ("0.1", "0"), ("0.2", "0")],
)
def test_full_value_where_less_is_better(value: str, score: str) -> None:
    assert cents(full_value(D(3), value=D(value), satisfactory=D(0), unacceptable=D("0.10"))) == score


@pytest.mark.parametrize(("value", "score"), [("95", "10"), ("90", "10"), ("75", "5"), ("60", "0"), ("10", "0")])
def test_full_value_where_more_is_better(value: str, score: str) -> None:
    assert cents(full_value(D(10), value=D(value), satisfactory=D(90), unacceptable=D(60))) == score


@pytest.mark.parametrize(("count", "score"), [("0", "0"), ("2", "1"), ("10", "5"), ("11", "5"), ("-1", "0")])
def test_accumulate(count: str, score: str) -> None:
    assert cents(accumulate(D(5), count=D(count), points_per_case=D("0.5"))) == score


@pytest.mark.parametrize(
    ("counted", "bad", "score"), [("19", "5", "2.21"), ("19", "0", "3"), ("19", "19", "0"), ("1", "1", "0")]
)
def test_share(counted: str, bad: str, score: str) -> None:
    assert cents(share(D(3), counted=D(counted), bad=D(bad))) == score


@pytest.mark.parametrize(
    ("option", "value", "score"),
    [
        ("above", "0.1", "0"), ("above", "0.11", "2"), ("at_least", "0.1", "2"), ("at_least", "0.09", "0"),
        ("at_most", "0.1", "2"), ("at_most", "0.11", "0"), ("below", "0.1", "0"), ("below", "0.09", "2"),
    ],
)  # fmt: skip
def test_yes_no(option: str, value: str, score: str) -> None:
    assert cents(yes_no(D(2), value=D(value), **{option: D("0.1")})) == score


@pytest.mark.parametrize(
    ("rounding", "score", "result"),
    [
        (Rounding.HALF_UP_2, "3.725", "3.73"), (Rounding.HALF_UP_2, "3.7249", "3.72"),
        (Rounding.HALF_UP_1, "3.75", "3.8"),
        (Rounding.INTEGER, "8.5", "9"), (Rounding.INTEGER, "8.49", "8"), (Rounding.FLOOR_1, "3.79", "3.7"),
        (Rounding.FLOOR_1, "3.7", "3.7"),
        (Rounding.FLOOR_1, "2.99999999999", "3.0"),
    ],
)  # fmt: skip
def test_rounding(rounding: Rounding, score: str, result: str) -> None:
    assert rounded(D(score), rounding) == D(result)


amounts = st.decimals(-10_000, 10_000, places=2)
points = st.decimals(1, 100, places=1)


@given(points, amounts, amounts, amounts)
def test_every_score_is_between_nothing_and_its_points(most: Decimal, a: Decimal, b: Decimal, c: Decimal) -> None:
    steps = ({"up_to": D(0), "points": most}, {"points": D(0)})
    outcomes = [
        ratio(most, numerator=a, denominator=b),
        ratio(most, numerator=a, denominator=b, floor=D("0.2"), cap=D("0.9"), zero_above=D("1.2")),
        graded(most, value=a, steps=steps),
        deduct_missing(most, conditions=CUTS, budget=a, executed=b, over=c),
        accumulate(most, count=a, points_per_case=D("0.5")),
        yes_no(most, value=a, at_least=b),
        full_value(most, value=a, satisfactory=D(0), unacceptable=D("0.1")),
    ]
    assert all(0 <= outcome.score <= most for outcome in outcomes if outcome is not None)


@given(points, amounts, amounts, st.decimals("0.01", 10_000, places=2))
def test_more_done_is_never_worse(most: Decimal, a: Decimal, b: Decimal, plan: Decimal) -> None:
    less, more = sorted((a, b))
    one, other = ratio(most, numerator=less, denominator=plan), ratio(most, numerator=more, denominator=plan)
    assert one is not None
    assert other is not None
    assert one.score <= other.score
    assert (
        full_value(most, value=less, satisfactory=D(90), unacceptable=D(60)).score
        <= full_value(most, value=more, satisfactory=D(90), unacceptable=D(60)).score
    )


# one score under each mode: half-up to 2, to 1, to a whole number, cut to 1; what separates a mode from its neighbours
MODES = [
    ("0", "0.00", "0.0", "0", "0.0"),
    ("0.004999", "0.00", "0.0", "0", "0.0"),
    ("0.005", "0.01", "0.0", "0", "0.0"),
    ("0.05", "0.05", "0.1", "0", "0.0"),
    ("0.5", "0.50", "0.5", "1", "0.5"),
    ("13", "13.00", "13.0", "13", "13.0"),
    ("13.4499", "13.45", "13.4", "13", "13.4"),
    ("13.45", "13.45", "13.5", "13", "13.4"),
    ("13.494999", "13.49", "13.5", "13", "13.4"),
    ("13.495", "13.50", "13.5", "13", "13.4"),
    ("13.4999999999", "13.50", "13.5", "13", "13.4"),
    ("13.499999999998", "13.50", "13.5", "14", "13.5"),  # a binary 13.5, as a spreadsheet holds it
    ("13.5", "13.50", "13.5", "14", "13.5"),
    ("13.95", "13.95", "14.0", "14", "13.9"),
    ("13.99", "13.99", "14.0", "14", "13.9"),
]


@pytest.mark.parametrize(("score", "half_up_2", "half_up_1", "integer", "floor_1"), MODES)
def test_each_rounding_differs_from_its_neighbours(
    score: str, half_up_2: str, half_up_1: str, integer: str, floor_1: str
) -> None:
    results = [str(rounded(D(score), mode)) for mode in Rounding]
    assert results == [half_up_2, half_up_1, integer, floor_1]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0.05", "3（{value} 属于“不超过 {value|0.05}”一档）"),
        ("-0.05", "3（{value}，不计正负，属于“不超过 {value|0.05}”一档）"),
        ("-0.06", "0（{value}，不计正负，属于“其余情形”一档）"),
        ("0", "3（{value} 属于“不超过 {value|0.05}”一档）"),
    ],
)
def test_a_sign_is_passed_over_only_where_there_is_one(value: str, words: str) -> None:
    steps = ({"up_to": D("0.05"), "points": D(3)}, {"points": D(0)})
    assert graded(D(3), value=D(value), steps=steps, absolute=True).arithmetic == words


def test_a_quotient_of_0_is_a_score_and_not_a_missing_one() -> None:
    outcome = ratio(D(5), numerator=D(0), denominator=D(3))
    assert outcome is not None
    assert outcome.score == 0
    assert ratio(D(5), numerator=D(3), denominator=D(0)) is None
