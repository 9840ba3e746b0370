"""A foreign file → its grids, behind the guard: .xls, .xlsx, .docx and .csv. What cannot be read is refused with the
way out."""

import csv
import io
import re
from collections.abc import Iterable, Sequence, Sized
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from perfeval.excel.formats import ENCRYPTED, Format, format_of
from perfeval.excel.guard import ZIP_START, Archive, Refused, open_archive, read_file
from perfeval.excel.read import PANIC, RawCell, RawSheet, RawWorkbook, clean, read_workbook
from perfeval.model.numbers import HUNDRED, show_number
from perfeval.prefill.grid import BLANK, Area, Grid, GridCell, undebris
from perfeval.word.tables import DOCUMENT, Paragraph, WordTable, read_blocks

OLD_WORKBOOK = "（.xls"  # as the formats' names have it
CELLS = 500_000  # of a source; a list of a county's payments has a tenth
PDF, PICTURE, OLD_WORD = "PDF", "图片", "（.doc"
WAYS_OUT = (
    (
        PDF,
        "PDF 里的数字读不可靠。请找到导出它的电子表格（.xlsx、.xls），或者在 Word、WPS 里打开 PDF 另存为 .docx 再试。",
    ),
    (PICTURE, "图片里的字不读。请找到原来的电子表格（.xlsx、.xls）或 Word 文档（.docx）再试。"),
    (OLD_WORD, "请用 Word 或 WPS 打开，另存为 .docx 再试。"),
    ("压缩包", "请先解压，再读里面的文件。"),
    ("", "请用 Excel 或 WPS 打开，另存为 .xlsx 再试；文档另存为 .docx。"),
)
AS_TEXT = re.compile(r"=\"(.*)\"|'(.*)")  # how systems keep a spreadsheet from making a number of a code
UNLOCK = "请用 Excel、Word 或 WPS 打开，去掉打开密码，保存后再试。"
TOO_LARGE = "表太大了，超出了能读的行数、列数或格数。"
KEEP = "请只保留要读的表，删去多余的行和列，另存后再试。"
REASONS = {
    "FILE_004": ("设置了打开密码，读不了。", UNLOCK),
    "FILE_006": ("带有宏程序，为了安全没有读取。", "请另存为不带宏的 .xlsx 或 .docx 再试。"),
    "FILE_007": ("在读取时还在变化。", "请等复制或保存完成、关闭文件后再试。"),
    "FILE_008": ("太大了。", "请只保留要读的表，另存后再试。"),
    "FILE_009": ("解开后异常庞大，为了安全没有读取。", "请新建一个文件，把要读的表粘贴进去再试。"),
    "FILE_010": (TOO_LARGE, KEEP),
    "FILE_012": ("不是普通文件。", "请指到文件本身。"),
    "FILE_018": ("读取时程序被系统中止，可能已经损坏或者异常庞大。", "请用 Excel 或 WPS 打开，另存后再试。"),
    "FILE_019": ("读取的时间太长，已经停止。", "请只保留要读的表，另存后再试。"),
    "FILE_020": ("打不开：没有读取权限，或者系统无法打开。", "请核对权限；文件正在别的程序里打开时请先关闭。"),
    "FILE_021": ("是空文件。", "请重新复制或重新导出。"),
    "FILE_022": (TOO_LARGE, KEEP),
}
DAMAGED = ("已经损坏，或者不是通常的格式，读不出来。", "请用 Excel、Word 或 WPS 打开，另存后再试。")


class Unreadable(Exception):  # noqa: N818  (no error of the program: it says what is wrong with the file)
    """A source that is not read: why, and the way out, each a Chinese sentence."""

    def __init__(self, why: str, way_out: str) -> None:
        super().__init__(why, way_out)
        self.why, self.way_out = why, way_out

    def __str__(self) -> str:
        return f"{self.why}{self.way_out}"


def grids_of(path: Path, content: bytes) -> list[Grid]:
    """The grids of a file's bytes. Raises Unreadable."""
    try:
        if content.startswith(ZIP_START):
            archive = open_archive(content, path.name, whole=False)
            if DOCUMENT in archive.parts:
                return [_document_grid(archive, content)]
            return workbook_grids(read_workbook(content, path.name))
        known = format_of(content, path.name)
        if known is not None and known.code != ENCRYPTED and _is_old_workbook(known):
            return _old_grids(content)
        if path.suffix.lower() in (".csv", ".txt", ".tsv"):
            return [_text_grid(path, content)]
    except Refused as refused:
        raise unreadable(refused) from refused
    raise _foreign(known)


def bytes_of(path: Path) -> bytes:
    """A source's bytes. Raises Unreadable."""
    try:
        return read_file(path)
    except Refused as refused:
        raise unreadable(refused) from refused


def unreadable(refused: Refused) -> Unreadable:
    """The guard's refusal in the words that fit a source."""
    code, known = refused.finding.code, refused.words.get("found")
    if known:
        return _foreign(Format(str(known)))
    return Unreadable(*REASONS.get(code, DAMAGED))


def _foreign(known: Format | None) -> Unreadable:
    if known is not None and known.code == ENCRYPTED:
        return Unreadable(*REASONS[ENCRYPTED])
    name = known.name if known else "认不出的文件"
    return Unreadable(f"是{name}，读不了。", next(way for mark, way in WAYS_OUT if mark in name))


def _is_old_workbook(known: Format) -> bool:
    return OLD_WORKBOOK in known.name and "97-2003" in known.name


# ---- workbooks ----
def workbook_grids(workbook: RawWorkbook) -> list[Grid]:
    """The grids of the sheets that can be seen."""
    return [_sheet_grid(sheet) for sheet in workbook.sheets.values() if not sheet.hidden]


def _sheet_grid(sheet: RawSheet) -> Grid:
    cells = {}
    for row in range(1, sheet.height + 1):
        for column, cell in sheet.filled_cells(row, ((n, n) for n in range(1, sheet.width + 1))).items():
            cells[row, column] = _grid_cell(cell)
    _refuse_many(cells)
    areas = [Area(m.top, m.left, m.bottom, m.right) for m in sheet.facts.merges]
    return Grid(sheet.name, cells, areas)


def _grid_cell(cell: RawCell) -> GridCell:
    if not cell.is_blank and cell.value is None:
        return GridCell(cell.text, is_fault=True)
    if isinstance(cell.value, bool) or cell.value is None:
        return GridCell(cell.text)
    if not isinstance(cell.value, Decimal) or cell.is_worded:
        return GridCell(cell.text)
    number = undebris(cell.value)
    return GridCell(
        f"{show_number(number * HUNDRED)}%" if cell.is_percent else show_number(number), number, cell.is_percent
    )


def _old_grids(content: bytes) -> list[Grid]:
    """The sheets of an .xls file: values and merges; its number formats are not known."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [m.name for m in workbook.sheets_metadata if "visible" in str(m.visible).lower()]
        return [_old_grid(name, workbook.get_sheet_by_name(name)) for name in visible]
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise Unreadable(*(REASONS[ENCRYPTED] if "password" in str(error).lower() else DAMAGED)) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise Unreadable(*DAMAGED) from error


def _old_grid(name: str, sheet: Any) -> Grid:
    cells = {}
    for row, line in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, value in enumerate(line, 1):
            if value != "" and (cell := _old_cell(value)) is not BLANK:
                cells[row, column] = cell
    _refuse_many(cells)
    return Grid(name, cells, _areas(sheet.merged_cell_ranges or ()), knows_formats=False)


def _old_cell(value: object) -> GridCell:
    own = clean(value)
    if own is None:
        return BLANK
    if isinstance(own, Decimal):
        number = undebris(own)
        return GridCell(show_number(number), number)
    return GridCell(str(own), is_fault=str(own).startswith("#"))


def _areas(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> list[Area]:
    return [Area(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]


# ---- documents ----
def _document_grid(archive: Archive, content: bytes) -> Grid:
    """All of a .docx as one grid: a paragraph is a row of one cell, tables stand below each other."""
    cells: dict[tuple[int, int], GridCell] = {}
    areas: list[Area] = []
    places: dict[tuple[int, int], str] = {}
    row = 0
    for block in _blocks(archive, content):
        if isinstance(block, Paragraph):
            row += 1
            cells[row, 1], places[row, 1] = GridCell(block.text), f"第 {block.number} 段"
            continue
        for cell in block.cells:
            top, left = row + cell.row, cell.column
            if cell.text:
                cells[top, left] = GridCell(cell.text)
            places[top, left] = f"表 {block.number} 第 {cell.row} 行第 {cell.position} 格"
            if (cell.bottom, cell.right) != (cell.row, cell.column):
                areas.append(Area(top, left, row + cell.bottom, cell.right))
        row += block.height
    _refuse_many(cells)
    return Grid("文档", cells, areas, places)


def _blocks(archive: Archive, content: bytes) -> Sequence[Paragraph | WordTable]:
    for part in archive.parts:  # each is looked at by the guard when it is asked for
        archive.parts[part]
    try:
        return read_blocks(content)
    except MemoryError:
        raise
    except Exception as error:  # python-docx has no exception of its own for a part that is not as expected
        raise Unreadable(*DAMAGED) from error


# ---- text ----
def _text_grid(path: Path, content: bytes) -> Grid:
    text = _decoded(content)
    first = text[: text.find("\n") + 1 or len(text)] + text[:4096]
    delimiter = max((",", "\t", ";", "，"), key=first.count)
    cells = {}
    try:
        for row, line in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            for column, value in enumerate(line, 1):
                own = clean(AS_TEXT.sub(r"\1\2", value.strip()))
                if own is not None:
                    cells[row, column] = GridCell(str(own))
    except csv.Error as error:
        raise Unreadable(*DAMAGED) from error
    _refuse_many(cells)
    return Grid(path.stem, cells)


def _decoded(content: bytes) -> str:
    """The text in the first encoding that fits strictly."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(
        "不是文字文件，或者文字编码无法识别。",
        "请用 Excel 或 WPS 打开，另存为 .xlsx，或另存为 UTF-8 编码的 .csv 再试。",
    )


def _refuse_many(cells: Sized) -> None:
    if len(cells) > CELLS:
        raise Unreadable("有太多的单元格，不像一张表。", "请只保留要读的表，另存后再试。")
