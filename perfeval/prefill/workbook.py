"""The blank template of a regulation, filled with what was read (openpyxl, on our own file), and the sheet 读入说明."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.dimensions import RowDimension

from perfeval.blank.layout import FIRST_ROW, LABEL_COLUMN, Filling, column_of, row_of
from perfeval.blank.style import FONT, HEADER_FILL
from perfeval.blank.workbook import filled_template
from perfeval.model.form import FORM, PREFILL_SHEET, SCORES, Kind, Shape, Sheet
from perfeval.model.numbers import show_number
from perfeval.model.regulation import Regulation
from perfeval.model.text import clean
from perfeval.prefill.gather import Gathered
from perfeval.prefill.values import Content, Question, Record, Value

TINT = PatternFill("solid", fgColor="FFFFF8DC")
NOTE, AUTHOR = "读入，请核对", "perfeval"
SHEETS, EPOCH = "xl/worksheets/", (1980, 1, 1, 0, 0, 0)
LEFT_OUT = re.compile(rb"<ignoredErrors>.*?</ignoredErrors>")
BEFORE = re.compile(rb"<(?:drawing|legacyDrawing|tableParts)[ />]|</worksheet>")  # what follows it in a sheet
HEADERS = ("表", "单元格", "栏目", "读入的值", "原文", "来源文件", "来源位置", "说明")
WIDTHS = (12, 10, 18, 28, 28, 28, 30, 60)
NOT_TAKEN = "没有读入的内容"
LINE, HEAD = "读入说明", "读入说明表头"  # styles of its cells
TYPED_TEXT = (Kind.TEXT, Kind.LONG_TEXT, Kind.READING, Kind.CHOICE, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell that was filled: its sheet and address, its column's label, the value."""

    sheet: str
    address: str
    label: str
    value: Value


class GrowingRow(RowDimension):
    """A row whose height grows with what is typed into it, as in the template: openpyxl would mark each height as
    chosen by hand."""

    @property
    def customHeight(self) -> bool:  # noqa: N802  (the library's name)
        """Never."""
        return False


def fill(
    gathered: Gathered,
    kind: str,
    regulations: Mapping[str, Regulation],
    regulation_id: str,
    year: int | None,
    *,
    is_chosen: bool = True,
) -> tuple[bytes, list[Filled]]:
    """The workbook's bytes and the cells that were filled, sheet by sheet. Where nobody has chosen the regulation,
    指标体系 stays blank."""
    filling = Filling() if is_chosen else Filling(basic={"regulation": None})
    blank = filled_template(kind, regulations, regulation_id, year, filling)
    workbook = load_workbook(io.BytesIO(blank))
    regulation = regulations[regulation_id]
    filled: list[Filled] = []
    for sheet in FORM:
        page = workbook[sheet.name] if sheet.name in workbook.sheetnames else None
        if page is not None:
            if sheet.shape is not Shape.NOTES:
                _grow(page)
            filled += _fill_sheet(page, sheet, gathered, regulation)
    _add_styles(workbook)
    _write_notes(workbook.create_sheet(PREFILL_SHEET), filled, gathered.questions)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _completed(buffer.getvalue(), blank), filled


def _grow(page: Any) -> None:
    for row in page.row_dimensions.values():
        row.__class__ = GrowingRow


def _completed(saved: bytes, blank: bytes) -> bytes:
    """The package with what the library leaves out of the template's sheets: where a number stored as text is no
    error."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as package, zipfile.ZipFile(io.BytesIO(blank)) as template:
        own = set(template.namelist())
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as result:
            for name in package.namelist():
                content = package.read(name)
                left_out = LEFT_OUT.search(template.read(name)) if name.startswith(SHEETS) and name in own else None
                at = BEFORE.search(content) if left_out else None
                if left_out and at:
                    content = content[: at.start()] + left_out[0] + content[at.start() :]
                result.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _fill_sheet(page: Any, sheet: Sheet, gathered: Gathered, regulation: Regulation) -> Iterable[Filled]:
    for number, record in enumerate(gathered.records.get(sheet.key, ())):
        for field in sheet.fields:
            value = gathered.values.get((sheet.key, record, field.key))
            if value is None:
                continue
            row, column = _place(sheet, record, number, field.key, regulation)
            cell = page.cell(row, column)
            _put(cell, value.value, field.kind)
            cell.fill, cell.comment = TINT, Comment(NOTE, AUTHOR, height=40, width=120)
            yield Filled(sheet.name, cell.coordinate, _label(sheet, record, field.label), value)


def _place(sheet: Sheet, record: Record, number: int, key: str, regulation: Regulation) -> tuple[int, int]:
    if sheet.shape is Shape.LABELS:
        return row_of(sheet, key), LABEL_COLUMN + 1
    if sheet.shape is Shape.GRID:
        return row_of(sheet, record[0]), column_of(sheet, key)
    if sheet is SCORES:
        ids = [item.id.casefold() for item in regulation.items]
        number = ids.index(record[0]) if record[0] in ids else len(ids)
    return FIRST_ROW + number, column_of(sheet, key)


def _label(sheet: Sheet, record: Record, label: str) -> str:
    row = next((row.label for row in sheet.rows if row.key == record[0]), "") if record else ""
    return f"{row} {label}".strip()


def _put(cell: Any, content: Content, kind: Kind) -> None:
    """Writes a value as what its column holds: numbers as numbers, readings and codes as text (≥12, =24人, 95%)."""
    if isinstance(content, Decimal) and kind not in TYPED_TEXT:
        cell.value = content
        return
    cell.value = clean(content if isinstance(content, str) else show_number(content))
    cell.data_type = "s"  # =24人 is no formula


# ---- 读入说明 ----
def _add_styles(workbook: Any) -> None:
    """Named ones, which the library looks up sooner than it compares fonts."""
    for name, is_bold in ((LINE, False), (HEAD, True)):
        style = NamedStyle(name, font=Font(name=FONT, size=10, bold=is_bold))
        style.alignment = Alignment(wrap_text=True, vertical="center")
        style.fill = PatternFill("solid", fgColor=f"FF{HEADER_FILL[1:]}") if is_bold else PatternFill()
        workbook.add_named_style(style)


def _write_notes(page: Any, filled: Sequence[Filled], questions: Sequence[Question]) -> None:
    _line(page, 1, HEADERS, HEAD)
    row = 1
    for row, one in enumerate(filled, 2):
        value = one.value
        shown = show_number(value.value) if isinstance(value.value, Decimal) else value.value
        _line(page, row, (one.sheet, one.address, one.label, shown, value.raw, value.file, value.place, value.note))
    _line(page, row + 2, (NOT_TAKEN, *[""] * (len(HEADERS) - 1)), HEAD)
    for number, question in enumerate(questions, row + 3):
        what, _, label = question.what.rpartition(" ") if " " in question.what else (question.what, "", "")
        _line(page, number, (what, "", label, "", question.raw, question.file, question.place, question.why))
    for column, width in enumerate(WIDTHS):
        page.column_dimensions["ABCDEFGH"[column]].width = width
    page.freeze_panes = "A2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    page.print_title_rows = "1:1"


def _line(page: Any, row: int, texts: Sequence[str], style: str = LINE) -> None:
    for column, text in enumerate(texts, 1):
        if text or style == HEAD:
            cell = page.cell(row, column)
            cell.style, cell.value, cell.data_type = style, clean(text), "s"
