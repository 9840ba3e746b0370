"""指标值 and 实际完成值 as people type them, each with its expected reading written down.

`data/readings_public.csv` holds every pair of the thirty public tables that has one, `data/readings_typed.csv` the
forms of docs/开发/填报表.md. Notation: 数 comparator number unit · 期 first..last · 级 level · 尺 scale · 文 words that are not
guessed at · 空 missing · 不读 reported and not read. Plain numbers stand for numeric cells, everything else for text.
"""

import csv
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA

from perfeval.excel.read import RawCell, clean_text
from perfeval.filing.indicator_row import Pair, RowContext, read_pair
from perfeval.filing.typed.numbers import PLAIN, is_malformed, number_of, quantity_of
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.numbers import show_number
from perfeval.model.readings import DateSpan, Level, Number, Reading, Scale

TARGET, ACTUAL = 6, 9


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def typed(text: str, column: int) -> RawCell:
    cleaned = clean_text(text)
    value: Any = Decimal(cleaned) if PLAIN.fullmatch(cleaned) else cleaned or None
    return RawCell(CellRef("指标", 2, column), value, cleaned)


def notation(cell: Cell[Reading]) -> str:
    value = cell.value
    if cell.state is not State.READ:
        return "空" if cell.state is State.BLANK else "不读"
    if isinstance(value, Number):
        return f"数 {value.comparator or ''}{show_number(value.value)}{value.unit or ''}"
    if isinstance(value, DateSpan):
        return f"期 {value.first or ''}..{value.last}"
    if isinstance(value, Level):
        return f"级 {value.name}"
    return f"尺 {'/'.join(value.levels)}" if isinstance(value, Scale) else "文"


def reported(pair: Pair, column: int) -> str:
    return "+".join(f.code for f in pair.findings if f.ref is not None and f.ref.column == column)


@pytest.mark.parametrize(
    "row",
    rows_of("readings_public.csv"),
    ids=lambda row: f"{row['case']} {row['name']} {row['target']} {row['actual']}",
)
def test_the_thirty_public_tables(row: dict[str, str]) -> None:
    context = RowContext(row["nature"], row["unit"], row["name"], int(row["year"]))
    pair = read_pair(typed(row["target"], TARGET), typed(row["actual"], ACTUAL), context)
    read = (notation(pair.target), reported(pair, TARGET), notation(pair.actual), reported(pair, ACTUAL))
    assert read == (row["target_reading"], row["target_finding"], row["actual_reading"], row["actual_finding"])


@pytest.mark.parametrize("row", rows_of("readings_typed.csv"), ids=lambda row: f"{row['typed']} {row['unit']}")
def test_what_people_really_type(row: dict[str, str]) -> None:
    pair = read_pair(typed(row["typed"], TARGET), typed("", ACTUAL), RowContext(unit=row["unit"], year=2025))
    assert (notation(pair.target), reported(pair, TARGET)) == (row["reading"], row["finding"])


def test_nothing_missing_is_ever_read_as_zero() -> None:
    for row in rows_of("readings_public.csv") + [
        {"target": r["typed"], "actual": ""} for r in rows_of("readings_typed.csv")
    ]:
        for text in (row["target"], row["actual"]):
            if "0" not in text:
                pair = read_pair(typed(text, TARGET), typed(text, ACTUAL), RowContext(year=2025))
                values = [cell.value.value for cell in (pair.target, pair.actual) if isinstance(cell.value, Number)]
                assert Decimal(0) not in values


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)
FULL_WIDTH = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789.,"}


@given(AMOUNTS)
def test_a_number_is_the_same_however_it_is_written(amount: Decimal) -> None:
    separated = f"{amount:,}"
    for text in (str(amount), separated, separated.translate(FULL_WIDTH), f" {amount}\u00a0"):
        assert number_of(text) == amount


@given(AMOUNTS, st.sampled_from(["≥", "<=", "不超过", ""]), st.sampled_from(["个", "万元", "元/人*月", "%"]))
def test_comparator_number_and_unit_come_apart(amount: Decimal, comparator: str, unit: str) -> None:
    quantity = quantity_of(f"{comparator}{amount}{unit}")
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (amount, unit)
    assert quantity.comparator == {"≥": "≥", "<=": "≤", "不超过": "≤", "": None}[comparator]


@given(st.text(alphabet="0123456789.,", min_size=1, max_size=12))
def test_digits_points_and_commas_are_a_number_or_an_error_never_a_guess(text: str) -> None:
    number = number_of(text)
    if number is not None:
        assert text.replace(",", "").strip("0.") in f"{number:f}"
        assert not is_malformed(text)


BARE = [  # name, unit, nature, target, actual → how both are read; 0 % and 0 are the same, 1 may be 1 % or 100 %
    ("合格率", "%", "≥", "95", "0", "数 95", "数 0"),
    ("合格率", "%", "≥", "95", "1", "数 95", "CELL_007"),
    ("合格率", "%", "≥", "95", "0.98", "数 95", "CELL_007"),
    ("合格率", "%", "≥", "95", "1.01", "数 95", "数 1.01"),
    ("合格率", "%", "≥", "1", "100", "CELL_007", "数 100"),
    ("合格率", "%", "≥", "1", "1", "CELL_007", "不读"),  # asked once, at the target
    ("差错率", "%", "≤", "1", "1", "数 1", "数 1"),
    ("合格率", "%", "≥", "0", "1", "数 0", "数 1"),
    ("满意度", "", "≥", "95", "1", "数 95", "CELL_007"),
    ("满意度", "", "≥", "95", "0", "数 95", "数 0"),
    ("差错率", "%", "≤", "2", "0", "数 2", "数 0"),
    ("差错率", "%", "≤", "2", "1", "数 2", "数 1"),
    ("差错率", "%", "≤", "2", "0.1", "数 2", "数 0.1"),
    ("差错率", "%", "≤", "0", "1", "数 0", "数 1"),
    ("培训场次", "场", "≥", "95", "1", "数 95", "数 1"),
]


@pytest.mark.parametrize(("name", "unit", "nature", "target", "actual", "of_target", "of_actual"), BARE)
def test_a_bare_rate_of_0_is_read_and_a_bare_1_is_asked(name, unit, nature, target, actual, of_target, of_actual):
    pair = read_pair(typed(target, TARGET), typed(actual, ACTUAL), RowContext(nature, unit, name, 2025))
    assert (reported(pair, TARGET) or notation(pair.target)) == of_target
    assert (reported(pair, ACTUAL) or notation(pair.actual)) == of_actual
