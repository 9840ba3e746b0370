"""Our short ways lean on xlsxwriter's insides: another version that does otherwise fails here. See also
test_documents_score_workbook.py."""

import io
import re
from decimal import Decimal

import openpyxl
import pytest
from unsound_files import parts_of
from xlsxwriter_itself import by_xlsxwriter_itself

from perfeval.excel import quick_sheet
from perfeval.excel.write import Book, Column, Live, Place, Value

ROWS = 200
TEXTS = [
    " 前后有空格 ",
    "两\n行\t制表",
    "&<>\"' 和 _x0041_ 与 _x00zz_",
    "　全角空格",
    "=1+1",
    "#N/A",
    "字" * 32_767,
    "𠮷" * 20_000,
    "字" * 32_766 + "𠮷",
]
NUMBERS = [Decimal(n) for n in ("0", "-0.005", "9.95", "123456789.123456789", "0.00001", "1E+20")]
FORMULAS = [
    Live('IF(A1<2,"甲","乙")&"丙"', "甲<丙"),
    Live("A1", ""),
    Live("1/3", Decimal(1) / 3),
    Live("B2", Decimal(100)),
]


def odd_book() -> bytes:
    """Every kind of cell, rows and columns left out, a chart over texts, numbers, formulas and nothing."""
    book = Book("标题", "作者")
    sheet = book.sheet("表")
    sheet.title("标题", "说明", 3)
    sheet.head(2, (Column("甲"), Column("乙", "amount"), Column("丙", "rate")))
    values: list[Value] = [*TEXTS, *NUMBERS, *FORMULAS, 7, None]
    for row, value in enumerate(values, start=40):
        sheet.put(row, row % 5 + 1, value, "text")
        sheet.put(row, 7, value, "amount", bold=True)
    sheet.link(90, 30, Place("空表", 0, 0), "跳转")
    sheet.put(91, 2, Decimal("1.5"), "amount")
    for row, column in ((91, 2), (44, 7), (40, 1)):  # a number, a text, a row above
        sheet.jump(row, column, Place("空表", 3, 4))
    sheet.raw.conditional_format(
        3, 0, 60, 0, {"type": "formula", "criteria": '=A4<>"甲"', "format": book.emphasis("#FCE4D6")}
    )
    chart = book.chart("bar")
    chart.add_series({"categories": ["表", 40, 7, 70, 7], "values": ["表", 40, 7, 70, 7]})
    sheet.raw.insert_chart(50, 10, chart)
    sheet.finish(2, "页脚")
    book.sheet("空表", landscape=False)
    return book.finish()


def test_every_kind_of_cell_has_the_bytes_of_xlsxwriter_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = odd_book()
    by_xlsxwriter_itself(monkeypatch)
    assert odd_book() == quick


def long_book() -> bytes:
    """More rows than are held as cells, and than are held in memory at all."""
    book = Book("标题", "作者")
    columns = (Column("甲", widest=20), Column("乙", "amount"), Column("丙", "rate"))
    sheet = book.sheet("长表", long=True)
    sheet.title("标题", "说明", 3)
    sheet.head(2, columns)
    sheet.long_rows(3, columns, ((TEXTS[n % 6], NUMBERS[n % 6], None if n % 5 else "无") for n in range(ROWS)))
    sheet.raw.autofilter(2, 0, ROWS + 2, 2)
    sheet.finish(2, "页脚")
    book.sheet("别的表").put(0, 0, "甲")
    return book.finish()


def test_a_long_sheet_has_the_bytes_of_constant_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_sheet, "ROWS_BYTES", 1000)
    quick = parts_of(long_book())
    by_xlsxwriter_itself(monkeypatch)
    own = parts_of(long_book())
    name = "xl/worksheets/sheet1.xml"
    assert re.sub(rb' spans="[0-9:]*"', b"", quick.pop(name)) == own.pop(name)  # xlsxwriter leaves them out there
    assert quick == own


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("text", ["<r>甲</r>", "<r><t>乙</t></r>"])
def test_a_text_that_looks_like_rich_text_stays_text(text: str, long: bool) -> None:
    book = Book("标题", "作者")
    book.sheet("表", long=long).put(0, 0, text)
    assert openpyxl.load_workbook(io.BytesIO(book.finish()))["表"]["A1"].value == text
