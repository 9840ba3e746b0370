"""xlsxwriter's own worksheet with shorter ways for plain cells, which are most of a workbook. The bytes are the same; a test compares them."""

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

LONGEST = 16_000  # characters; beyond it xlsxwriter looks whether Excel still takes the text


class QuickSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter is untyped
    """What is handed in is known to be sound: cleaned text, finite numbers, formulas without functions newer than Excel 2007, always a format."""

    def quick_text(self, row: int, column: int, text: str, form: Format) -> None:
        """As write_string."""
        if len(text) > LONGEST or self._check_dimensions(row, column):
            self.write_string(row, column, text, form)
            return
        self.table[row][column] = CellStringTuple(self.str_table._get_shared_string_index(text), form)

    def quick_number(self, row: int, column: int, number: float, form: Format) -> None:
        """As write_number."""
        if not self._check_dimensions(row, column):
            self.table[row][column] = CellNumberTuple(number, form)

    def quick_formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        """As write_formula, without looking for thirty names of newer functions; `formula` without its =."""
        if not self._check_dimensions(row, column):
            self.table[row][column] = CellFormulaTuple(formula, form, value)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell)
        if cell.format is None or kind not in (CellStringTuple, CellNumberTuple, CellFormulaTuple):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        elif isinstance(cell.value, float):
            self.fh.write(f"{start}><f>{self._escape_data(cell.formula)}</f><v>{cell.value}</v></c>")
        else:
            super()._write_cell(row, col, cell)
