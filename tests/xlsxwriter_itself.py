"""xlsxwriter without our short ways: the measure of what they write."""

import io
import zipfile
from typing import Any

import pytest
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from perfeval.documents import workbook


class OwnSheet(Worksheet):
    quick_text, quick_number, quick_height = Worksheet.write_string, Worksheet.write_number, Worksheet.set_row

    def quick_formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        self.write_formula(row, column, f"={formula}", form, value)

    def quick_blank(self, row: int, column: int, form: Format) -> None:
        self.write_blank(row, column, None, form)


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
    monkeypatch.setattr(workbook, "QuickSheet", OwnSheet)
    monkeypatch.setattr(workbook, "QuickWorkbook", OwnWorkbook)
