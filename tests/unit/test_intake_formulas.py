"""Formulas in input cells: calculated, stale, or not to be worked out."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from workbooks import department

from perfeval.excel.formulas import evaluate
from perfeval.filing.read_filing import ReadFiling, read_filing

CELLS = {(1, 1): Decimal(10), (2, 1): Decimal("20.5"), (3, 1): None, (4, 1): "文字", (1, 2): Decimal(4)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("A1+A2", "30.5"),
        ("SUM(A1:A4)", "30.5"),
        ("SUM($A$1:A2,B1,3)", "37.5"),
        ("-(A1-A2)*2", "21.0"),
        ("ROUND(A1/3,2)", "3.33"),
        ("A1+A3", "10"),
        ("A1*(1+0.5)", "15.0"),
        ("A1+A4", None),
        ("A1/A3", None),
        ("IF(A1>1,2,3)", None),
        ("项目!A1+1", None),
        ("A1+", None),
        ("A0+1", None),
        ("A12345678", None),
        ("LOG10(5)", None),
        ("A1 A2", None),
        ("ROUND(A1)", None),
        ("", None),
    ],
)
def test_simple_formulas_are_worked_out_and_others_are_not(formula: str, value: str | None) -> None:
    assert evaluate(formula, CELLS.get) == (None if value is None else Decimal(value))


def taken(formula: str, result: object, folder: Path, recalculates_on_opening: bool = True) -> ReadFiling:
    """The clean workbook with a formula and its saved result in 支出合计 调整后预算数."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        if not recalculates_on_opening:
            book.set_calc_mode("auto")
            book.calc_on_load = False
        for name, rows in department().items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "收支":
                sheet.write_formula("C7", formula, None, result)
    (folder / "a.xlsx").write_bytes(buffer.getvalue())
    return read_filing(folder / "a.xlsx", "a.xlsx")


def test_a_result_that_is_true_is_read(tmp_path: Path) -> None:
    result = taken("=SUM(C8:C9)", 110, tmp_path)
    assert result.findings == ()
    assert result.submission is not None
    assert result.submission.money.expenditure_total.adjusted.value == 110


def test_a_stale_result_is_reported_with_both_figures_and_not_read(tmp_path: Path) -> None:
    result = taken("=SUM(C8:C9)", 99, tmp_path)
    assert [(f.code, str(f.ref), f.found, f.expected) for f in result.findings] == [
        ("CELL_010", "收支!C7", "99", "110")
    ]
    assert result.submission is not None
    assert result.submission.money.expenditure_total.adjusted.value is None


def test_a_formula_too_involved_is_questioned_only_where_results_may_be_old(tmp_path: Path) -> None:
    assert [f.code for f in taken("=IF(1,110,0)", 110, tmp_path).findings] == ["CELL_022"]
    assert taken("=IF(1,110,0)", 110, tmp_path, recalculates_on_opening=False).findings == ()


def test_an_empty_text_is_a_result(tmp_path: Path) -> None:
    """A formula that calculated '' is blank; 收支 amounts are asked for by a check, not by the reader."""
    assert (
        taken('=IF(1,"","x")', "", tmp_path).findings[0].code == "CELL_009"
    )  # xlsxwriter writes no type: nobody calculated it


def as_displayed(look: str, formula: str, result: object, folder: Path, precision: str) -> list[tuple[str, str]]:
    """Codes and expected figures reported of a formula in 支出合计 调整后预算数 under a number format."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        style = book.add_format({"num_format": look})
        for name, rows in department().items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "收支":
                sheet.write_formula("C7", formula, style, result)
    parts = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(parts, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            if part == "xl/workbook.xml":
                data = data.replace(b"<calcPr ", b'<calcPr fullPrecision="%s" ' % precision.encode())
            target.writestr(part, data)
    (folder / "a.xlsx").write_bytes(parts.getvalue())
    return [(f.code, f.expected) for f in read_filing(folder / "a.xlsx", "a.xlsx").findings]


# number format, formula, saved result, fullPrecision → what is reported
DISPLAYED = [
    ("0.00", "=331/3", 110.33, "0", []),
    ("#,##0.00", "=331/3", 110.33, "false", []),
    ("0", "=331/3", 110, "0", []),
    # an old result stays one, also under that setting
    ("0.00", "=331/3", 110.34, "0", [("CELL_010", "110.33")]),
    ("0.00", "=SUM(C8:C9)", 99, "0", [("CELL_010", "110")]),
    # a format that says nothing of decimals keeps them all
    ("General", "=331/3", 110.33, "0", [("CELL_010", "110.333333")]),
    # without the setting the exact result counts, and no endless row of decimals is printed
    ("0.00", "=331/3", 110.33, "1", [("CELL_010", "110.333333")]),
    ("0.00", "=331/3", 110.333333333333, "1", []),
]


@pytest.mark.parametrize(("look", "formula", "result", "precision", "reported"), DISPLAYED)
def test_a_workbook_that_counts_as_displayed_is_compared_as_displayed(
    look, formula, result, precision, reported, tmp_path
):
    assert as_displayed(look, formula, result, tmp_path, precision) == reported
