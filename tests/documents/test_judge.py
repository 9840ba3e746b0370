"""The judge itself: it must correct a planted wrong value, else its agreement proves nothing."""

import io

import pytest
import xlsxwriter
from libreoffice import agree, count_formulas, disagreements, recalculated


def workbook(cached: object) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("数")
        sheet.write_row("A1", [3, 19, 5])
        sheet.write_formula("D1", "=ROUND(A1*(B1-C1)/B1,2)", None, cached)
        sheet.write_formula("E1", '=IF(D1>2,"达成","未达成")', None, "达成")
    return buffer.getvalue()


@pytest.mark.libreoffice
def test_a_planted_wrong_value_is_corrected() -> None:
    files = {"right.xlsx": workbook(2.21), "planted.xlsx": workbook(3.21)}
    judged = recalculated(files)
    assert judged["planted.xlsx"]["数"]["D1"].value == pytest.approx(2.21)
    assert [line.split("：")[0] for line in disagreements(files)] == ["planted.xlsx 数!D1"]


@pytest.mark.libreoffice
def test_a_formula_never_calculated_disagrees() -> None:
    assert [line.split("：")[0] for line in disagreements({"blank.xlsx": workbook(0)})] == ["blank.xlsx 数!D1"]


def test_counts_formulas() -> None:
    assert count_formulas(workbook(2.21)) == 2


@pytest.mark.parametrize(
    ("cached", "recalculated_value", "agrees"),
    [
        (98.94, 98.9449, True),
        (98.94, 98.9451, False),
        (0.142857, 0.142906, True),
        (0.142857, 0.142908, False),
        (1.5, 1.50004, True),
        (1.5, 1.504, False),
        (3, 3.0, True),
        ("未评分", "未评分", True),
        ("未评分", 0, False),
        (0, None, False),
    ],
)
def test_tolerances(cached: object, recalculated_value: object, agrees: bool) -> None:
    assert agree(cached, recalculated_value) is agrees
