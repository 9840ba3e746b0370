"""The raw cells of a workbook: values, number formats, formula faults, merged ranges, hidden rows and sheets.

Values come from calamine, what it does not say (formats, errors, formulas never calculated) from the scan. Cells are
made when asked for, so blank areas cost nothing. Floats end here: a number becomes the Decimal of its 15 significant
digits, as Excel shows it.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from perfeval.excel.formulas import evaluate
from perfeval.excel.guard import Archive, refuse
from perfeval.excel.number_format import section_of, seen
from perfeval.excel.package import Plan, SheetPart, open_workbook, plan_of, refuse_missing, refuse_one_name_twice
from perfeval.excel.scan import Merge, Place, SheetFacts, scan_sheet
from perfeval.model.cells import CellRef
from perfeval.model.names import odd_characters, visible
from perfeval.model.numbers import ONE, half_up, show_number

UNUSUAL = re.compile(
    "[^ -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u2100-\u27ff\u3001-\u303e\u4e00-\u9fff\uff01-\uff5e]"
)  # worth a closer look
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
ERROR_CELL = re.compile(rb"""(<(?:[\w.-]+:)?c\s(?:[^<>]*\s)?t\s*=\s*)["']e["']""")
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{RELATIONS}"><sheets>{{sheets}}</sheets></workbook>'
)
FILLED_CELL = re.compile(rb"<(?:[\w.-]+:)?(?:v|is|f)[\s/>]")
PANIC = "PanicException"  # the library's own crash: no Exception, and of no class that could be imported
SAME = Decimal("1e-9")  # relative; results of binary arithmetic differ from exact ones by less
K = TypeVar("K")
ERRONEOUS = object()  # a cell no number can be had from
NUMBERS = (int, float)
Value = str | Decimal | bool | date | None


class Fault(Enum):
    """Why a cell that is not blank has no value."""

    NONE = ""
    ERROR = "error"
    NEVER_CALCULATED = "never calculated"
    STALE = "stale"  # the saved result is not what the cells give now


SOUND = Fault.NONE  # asked for with every cell, and Python 3.11 is slow to find it by its class


class RawCell(NamedTuple):
    """A cell as it stands: `value` cleaned of outer spaces (None where blank), `text` as the official sees it.

    A number shown as a whole day is that date, one shown as a part of a date (2025年12月) or as a time its text; `stored`
    is then the number that is saved. `from_1904`: the workbook counts its days from 1904.
    """

    ref: CellRef
    value: Value
    text: str
    format: str = ""
    fault: Fault = SOUND
    recalculated: Decimal | None = None  # what a stale formula gives now
    is_doubtful: bool = False  # a formula too involved to work out, in a workbook whose results may be old
    stored: Decimal | None = None
    from_1904: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing is in it, not even a faulty formula."""
        return self.value is None and self.fault is SOUND

    @property
    def is_percent(self) -> bool:
        """A number its format shows in per cent."""
        return isinstance(self.value, Decimal) and section_of(self.format, self.value).per_cent

    @property
    def is_worded(self) -> bool:
        """A number its format shows with a unit or a comparator: then it is read as the text that is seen."""
        return isinstance(self.value, Decimal) and section_of(self.format, self.value).is_worded

    @property
    def displayed(self) -> str:
        """What is seen of a number whose format shows it smaller than it is, or not at all; '' for any other cell."""
        if not isinstance(self.value, Decimal) or not self.format or self.value == 0:
            return ""
        section = section_of(self.format, self.value)
        if not section.has_number:
            return "空白"
        scaled = show_number(half_up(self.value.scaleb(-section.scale)))
        return scaled if section.scale and not section.is_worded else ""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A worksheet. Rows and columns count from 1; cells beyond `height` or `width` are blank."""

    name: str
    hidden: bool
    grid: list[list[Any]]
    facts: SheetFacts
    formats: tuple[str, ...]
    stale_results: bool
    from_1904: bool = False
    as_displayed: bool = False  # “以显示精度为准”: its numbers count with the decimals they are shown with

    @property
    def height(self) -> int:
        """The last row that holds anything."""
        return max(
            [len(self.grid), *(row for row, _ in self.facts.errors), *(row for row, _ in self.facts.uncalculated)]
        )

    @property
    def width(self) -> int:
        """The last column that holds anything."""
        return max(
            [
                len(self.grid[0]) if self.grid else 0,
                *(c for _, c in self.facts.errors),
                *(c for _, c in self.facts.uncalculated),
            ]
        )

    def cell(self, row: int, column: int) -> RawCell:
        """The cell at that place."""
        place = (row, column)
        if place in self.facts.errors:
            return RawCell(CellRef(self.name, row, column), None, self.facts.errors[place], fault=Fault.ERROR)
        if place in self.facts.uncalculated:
            return RawCell(CellRef(self.name, row, column), None, "", fault=Fault.NEVER_CALCULATED)
        return self._cell_of(row, column, self._value(place))

    def filled(self, row: int, column: int) -> RawCell | None:
        """The cell at that place where it holds something."""
        return self.filled_cells(row, ((0, column),)).get(0)

    def filled_cells(self, row: int, columns: Iterable[tuple[K, int]]) -> dict[K, RawCell]:
        """The cells of a row that hold something, each by the key of its column."""
        line = self.grid[row - 1] if row <= len(self.grid) else []
        width, errors, uncalculated = len(line), self.facts.errors, self.facts.uncalculated
        has_faults, sheet = bool(errors or uncalculated), self.name
        cells: dict[K, RawCell] = {}
        for key, column in columns:
            if has_faults and ((row, column) in errors or (row, column) in uncalculated):
                cells[key] = self.cell(row, column)
            elif column <= width and (content := line[column - 1]) != "":
                if isinstance(content, str):  # most cells
                    if text := clean_text(content):
                        cells[key] = RawCell(CellRef(sheet, row, column), text, text)
                elif (value := clean(content)) is not None:
                    cells[key] = self._cell_of(row, column, value)
        return cells

    def text(self, row: int, column: int) -> str:
        """As the official sees it; the cell itself is not made for that."""
        line = self.grid[row - 1] if row <= len(self.grid) else []
        content = line[column - 1] if column <= len(line) else ""
        return clean_text(content) if isinstance(content, str) and content else self.cell(row, column).text

    def _cell_of(self, row: int, column: int, value: Value) -> RawCell:
        """The cell of a value that is no fault, except for an old result of a formula."""
        ref = CellRef(self.name, row, column)
        if value is None or isinstance(value, str):
            return RawCell(ref, value, value or "")
        if not isinstance(value, Decimal):
            return RawCell(ref, value, shown(value))
        place = (row, column)
        code = self._format(place)
        as_seen = seen(value, code, from_1904=self.from_1904)
        own = (as_seen.day or as_seen.text) if as_seen.is_time or as_seen.is_word else value
        stored = value if as_seen.is_time else None
        cell = RawCell(ref, own, as_seen.text, code, stored=stored, from_1904=self.from_1904)
        return self._recalculated(cell, self.facts.formulas[place]) if place in self.facts.formulas else cell

    def _value(self, place: Place) -> Value:
        try:
            return clean(self.grid[place[0] - 1][place[1] - 1])
        except IndexError:  # beyond what holds anything
            return None

    def _recalculated(self, cell: RawCell, formula: str) -> RawCell:
        """The cell, faulty where its formula gives another number than the one saved."""
        if not isinstance(cell.value, Decimal):
            return cell
        now = evaluate(formula, self._operand) if formula else None
        if now is None:
            return cell._replace(is_doubtful=self.stale_results)
        now = self._counted(now, cell.format)
        return (
            cell
            if abs(now - cell.value) <= SAME * max(abs(now), ONE)
            else cell._replace(fault=Fault.STALE, recalculated=now)
        )

    def _operand(self, place: Place) -> object:
        """What a formula gets from a cell; ERRONEOUS where there is nothing to be got."""
        if place in self.facts.errors or place in self.facts.uncalculated:
            return ERRONEOUS
        value = self._value(place)
        return self._counted(value, self._format(place)) if isinstance(value, Decimal) else value

    def _counted(self, value: Decimal, code: str) -> Decimal:
        """A number as the workbook counts with it."""
        decimals = section_of(code, value).decimals if self.as_displayed else None
        return value if decimals is None else half_up(value, decimals)

    def _format(self, place: Place) -> str:
        style = self.facts.styles.get(place, 0)
        return self.formats[style] if 0 <= style < len(self.formats) else ""

    def odd_characters(self, row: int, column: int) -> str:
        """What a cell's text as it is saved holds that nobody can see or print, as a finding names it; '' for
        nothing."""
        line = self.grid[row - 1] if row <= len(self.grid) else []
        content = line[column - 1] if column <= len(line) else ""
        return odd_characters(_unescaped(content).strip()) if isinstance(content, str) else ""

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range the cell lies in."""
        return next((merge for merge in self.facts.merges if merge.holds(row, column)), None)


@dataclass(frozen=True, slots=True)
class UnreadSheet:
    """A worksheet that was not asked for: whatever it holds, it is left alone."""

    name: str
    hidden: bool
    is_filled: bool


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """The worksheets in the workbook's order, by their names as they are seen, and those that were not read."""

    sheets: Mapping[str, RawSheet]
    unread: tuple[UnreadSheet, ...] = ()


def read_workbook(content: bytes, name: str, only: frozenset[str] | None = None, *, whole: bool = True) -> RawWorkbook:
    """The raw cells of an .xlsx file's bytes, or of the sheets named in `only`: then the others may be as large and as
    damaged as they like.

    `whole` false: parts that are not needed are not even unpacked. Raises Refused where the file is unsafe, damaged or
    no workbook.
    """
    archive = open_workbook(content, name, whole)
    plan = plan_of(archive)
    wanted = [sheet for sheet in plan.sheets if only is None or sheet.seen_name in only]
    refuse_one_name_twice(wanted)
    sheets = [sheet for sheet in wanted if sheet.has_cells]
    refuse_missing(archive, (sheet.part for sheet in sheets))
    parts = [archive.xml(sheet.part) for sheet in sheets]
    facts = [scan_sheet(part, sheet.name) for part, sheet in zip(parts, sheets, strict=True)]
    parts = [_errors_as_text(part) if seen.errors else part for part, seen in zip(parts, facts, strict=True)]
    if plan.strings is None and any(seen.text_cells for seen in facts):
        raise refuse("FILE_014", part="xl/sharedStrings.xml")
    with _damage_refused():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(archive, plan, parts)))
        grids = [
            workbook.get_sheet_by_name(str(number)).to_python(skip_empty_area=False) for number in range(len(parts))
        ]
    unread = tuple(_unread(s, archive) for s in plan.sheets if s not in wanted and s.has_cells) if whole else ()
    return RawWorkbook(
        {s.seen_name: _raw_sheet(s, grid, seen, plan) for s, grid, seen in zip(sheets, grids, facts, strict=True)},
        unread,
    )


def _unread(sheet: SheetPart, archive: Archive) -> UnreadSheet:
    return UnreadSheet(
        sheet.seen_name, sheet.hidden, FILLED_CELL.search(archive.parts.get(sheet.part, b"")) is not None
    )


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise refuse("FILE_002", part="工作表") from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise refuse("FILE_002", part="工作表") from error


def _errors_as_text(sheet: bytes) -> bytes:
    """The part with its error cells as text cells: the library takes a sheet with an error it does not know (#SPILL!,
    Err:502) for damaged."""
    return ERROR_CELL.sub(rb'\1"str"', sheet)


def _raw_sheet(sheet: SheetPart, grid: list[list[Any]], facts: SheetFacts, plan: Plan) -> RawSheet:
    for row, column in facts.errors:  # no text, but a fault
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = ""
    own = (plan.formats, plan.stale_results, plan.from_1904, plan.as_displayed)
    return RawSheet(visible(sheet.name), sheet.hidden, grid, facts, *own)


def _repacked(archive: Archive, plan: Plan, sheets: Sequence[bytes]) -> bytes:
    """A package of only what holds cells, looked at already, without compression; its sheets are named 0, 1, 2 …

    Without the styles the library gives every number as it is saved: what its format shows is for `number_format`.

    Every part has the name the library looks for: it does not follow the relationships of one that has another, and
    says nothing of it.
    """
    numbers = range(len(sheets))
    names = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="s{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="s{n}" Type="{RELATIONS}/worksheet" Target="worksheets/{n}.xml"/>' for n in numbers
    )
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    parts = {
        "_rels/.rels": ROOT.encode(),
        "xl/_rels/workbook.xml.rels": relations.encode(),
        "xl/workbook.xml": WORKBOOK.format(sheets=names).encode(),
        **{f"xl/worksheets/{n}.xml": sheets[n] for n in numbers},
        **({"xl/sharedStrings.xml": archive.xml(plan.strings)} if plan.strings else {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for part, data in parts.items():
            package.writestr(zipfile.ZipInfo(part), data)
    return buffer.getvalue()


def clean(value: object) -> Value:
    """A library value as a Value: text without outer spaces and control characters, floats as Decimals, times dropped
    from dates that are saved as text."""
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, NUMBERS):
        number = Decimal(f"{value:.15g}")
        return number if number.is_finite() else str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return None


def clean_text(text: str) -> str:
    """Text as the official sees it: Excel's _x000D_ escapes resolved, outer spaces and what cannot be seen gone, line
    ends as \\n."""
    if UNUSUAL.search(text) is None and "_x" not in text:
        return text.strip()
    text = _unescaped(text).replace("\r\n", "\n").replace("\r", "\n")
    return visible(CONTROL.sub("", text)).strip()


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shown(value: date | bool) -> str:
    """A truth value, or a date that is saved as text: 2024-09-20."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat()
