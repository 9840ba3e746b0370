"""xlsxwriter without our short ways: the measure of what they write."""

import io
import zipfile
from typing import Any

import pytest
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from perfeval.excel import write


class _Cells(dict[int, tuple[Any, ...]]):
    """Cells that write themselves when they are set: each is the name of xlsxwriter's own method and what it is
    given."""

    def __init__(self, sheet: Worksheet, row: int) -> None:
        super().__init__()
        self.sheet, self.row = sheet, row

    def __setitem__(self, column: int, cell: tuple[Any, ...]) -> None:
        method, *given = cell
        getattr(self.sheet, method)(self.row, column, *given)


class OwnSheet(Worksheet):
    quick_height = Worksheet.set_row

    def quick_cells(self, row: int) -> _Cells:
        return _Cells(self, row)

    def quick_text(self, text: str, form: Format) -> tuple[Any, ...]:
        return "write_string", text, form

    def quick_number(self, number: float, form: Format) -> tuple[Any, ...]:
        return "write_number", number, form

    def quick_formula(self, formula: str, form: Format, value: float | str) -> tuple[Any, ...]:
        return "write_formula", f"={formula}", form, value

    def quick_link(self, row: int, column: int, location: str) -> None:
        self.hyperlinks[row][column] = Url(f"internal:{location}")

    def quick_blank(self, form: Format) -> tuple[Any, ...]:
        return "write_blank", None, form


class OwnLongSheet(OwnSheet):
    """Of a workbook in constant_memory mode."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize({**init_data, "constant_memory": True})


class OwnWorkbook(Workbook):
    def __init__(self, options: dict[str, Any]) -> None:
        self.file = io.BytesIO()
        super().__init__(self.file, {**options, "in_memory": True})

    @property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.file) as package:
            return {name: package.read(name) for name in package.namelist()}


def by_xlsxwriter_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on a Book is written by xlsxwriter alone."""
    monkeypatch.setattr(write, "QuickSheet", OwnSheet)
    monkeypatch.setattr(write, "LongSheet", OwnLongSheet)
    monkeypatch.setattr(write, "QuickWorkbook", OwnWorkbook)
