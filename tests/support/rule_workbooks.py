"""Workbooks under a regulation of one's own, filled into its blank template by the words of the form: sheet, header,
label."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfeval.blank.workbook import blank_template
from perfeval.model.regulation import Regulation

HEADER_ROW, FIRST_ROW = 4, 5
ROW_NAMES = {"评分": ("指标编号",), "评分要点": ("指标编号", "要点"), "补充数据": ("数据项",)}
Sheets = Mapping[str, Any]


def filled(regulation: Regulation, regulations: Mapping[str, Regulation], sheets: Sheets, year: int = 2025) -> bytes:
    """The blank template of the regulation with these values typed in. Raises KeyError for a word it does not have."""
    return typed_into(blank_template(regulation.kind, regulations, regulation.id, year), sheets)


def typed_into(template: bytes, sheets: Sheets) -> bytes:
    """A template with these values typed in."""
    book = load_workbook(io.BytesIO(template))
    for name, content in sheets.items():
        _fill(book, name, content)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def saved(content: bytes, folder: Path, name: str = "填报.xlsx") -> Path:
    """The workbook as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def cell_of(book: Workbook, sheet: str, header: str, *labels: str) -> str:
    """The address of a cell by its header and what names its row."""
    page = book[sheet]
    names = ROW_NAMES.get(sheet, (page.cell(HEADER_ROW, 1).value,))
    return page.cell(_row(page, dict(zip(names, labels, strict=True))), _columns(page)[header]).coordinate


def _fill(book: Workbook, name: str, content: Any) -> None:
    page = book[name]
    columns = _columns(page)
    if isinstance(content, list) and name not in ROW_NAMES:
        for number, record in enumerate(content, start=FIRST_ROW):
            _write(page, number, record, columns)
        return
    if isinstance(content, list):
        for record in content:
            named = {key: record[key] for key in (*ROW_NAMES[name], *(["适用对象"] if "适用对象" in record else []))}
            _write(page, _row(page, named), {k: v for k, v in record.items() if k not in named}, columns)
        return
    first = page.cell(HEADER_ROW, 1).value
    for label, value in content.items():
        row = _row(page, {ROW_NAMES[name][0] if name in ROW_NAMES else first: label})
        if isinstance(value, dict):
            _write(page, row, value, columns)
        else:
            header = "填报内容" if "填报内容" in columns else "数值"
            _write(page, row, {header: value}, columns)


def _columns(page: Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in page[HEADER_ROW] if cell.value}


def _row(page: Worksheet, named: Mapping[str, str]) -> int:
    columns = _columns(page)
    for number in range(FIRST_ROW, page.max_row + 1):
        if all(page.cell(number, columns[header]).value == value for header, value in named.items()):
            return number
    raise KeyError(f"{page.title}: {named}")


def _write(page: Worksheet, row: int, record: Mapping[str, Any], columns: Mapping[str, int]) -> None:
    for header, value in record.items():
        page.cell(row, columns[header]).value = _typed(value)


def _typed(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value
