"""A workbook as a list of calls of xlsxwriter's public API: what the informed peer writes for our score workbook.

The list is taken from a finished workbook with openpyxl and not measured. It holds every cell with its cached value,
formats, widths, heights, merges, panes, print set-up, conditional formats, drop-downs, filters, protection and bar
charts.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet as Sheet
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Formats = list[Format]
Call = Callable[[xlsxwriter.Workbook, Worksheet, Formats], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: its cells (row, column, value, number of the format; a formula with its value) and the other calls."""

    title: str
    cells: tuple[tuple[int, int, Any, int, Any], ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A workbook: the properties of its formats, and its sheets."""

    formats: tuple[Mapping[str, Any], ...]
    pages: tuple[Page, ...]


def write_plan(plan: Plan) -> bytes:
    """The workbook by the public API: what is measured. Cells row by row and constant_memory off, as the charts and
    shared strings of the original want it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        formats = [book.add_format(properties) for properties in plan.formats]
        for page in plan.pages:
            sheet = book.add_worksheet(page.title)
            for row, column, value, number, cached in page.cells:
                if cached is not None:
                    sheet.write_formula(row, column, value, formats[number], cached)
                elif value is None:
                    sheet.write_blank(row, column, None, formats[number])
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, formats[number])
                else:
                    sheet.write_number(row, column, value, formats[number])
            for call in page.calls:
                call(book, sheet, formats)
    return buffer.getvalue()


def plan_of(content: bytes) -> Plan:
    """The plan of a finished workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    numbers: dict[Any, int] = {}
    formats: list[Mapping[str, Any]] = []

    def number_of(cell: Cell) -> int:
        key = cell.style_id
        if key not in numbers:
            numbers[key] = len(formats)
            formats.append(_format(cell))
        return numbers[key]

    pages = tuple(_page(sheet, values[sheet.title], number_of) for sheet in book.worksheets)
    return Plan(tuple(formats), pages)


def _page(sheet: Sheet, values: Sheet, number_of: Callable[[Cell], int]) -> Page:
    cells = []
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell) or not (cell.has_style or cell.value is not None):
                continue
            is_formula = isinstance(cell.value, str) and cell.data_type == "f"
            cached = values[cell.coordinate].value if is_formula else None
            cached = "" if is_formula and cached is None else cached
            cells.append((cell.row - 1, cell.column - 1, cell.value, number_of(cell), cached))
    merged = [_merge(str(area), sheet, number_of) for area in sheet.merged_cells.ranges]
    return Page(sheet.title, tuple(cells), (*_sizes(sheet), *merged, *_set_up(sheet), *_rules(sheet), *_charts(sheet)))


def _merge(area: str, sheet: Sheet, number_of: Callable[[Cell], int]) -> Call:
    first = sheet[area.partition(":")[0]]
    value, number = first.value, number_of(first)
    return lambda book, page, formats: page.merge_range(area, value, formats[number])


def _sizes(sheet: Sheet) -> list[Call]:
    calls: list[Call] = []
    for letter, dimension in sheet.column_dimensions.items():
        area, width = f"{letter}:{letter}", dimension.width
        calls.append(lambda book, page, formats, area=area, width=width: page.set_column(area, width))
    for number, row in sheet.row_dimensions.items():
        if row.height is not None:
            calls.append(lambda book, page, formats, n=number - 1, height=row.height: page.set_row(n, height))
    return calls


def _set_up(sheet: Sheet) -> list[Call]:
    landscape, titles, footer = (
        sheet.page_setup.orientation == "landscape",
        sheet.print_title_rows,
        sheet.oddFooter.center.text,
    )
    filtered, panes, protected = sheet.auto_filter.ref, sheet.freeze_panes, sheet.protection.sheet

    def call(book: xlsxwriter.Workbook, page: Worksheet, formats: Formats) -> None:
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(2)
        if landscape:
            page.set_landscape()
        if footer:
            page.set_footer(f"&C{footer}")
        if titles:
            page.repeat_rows(*(int(part) - 1 for part in titles.replace("$", "").split(":")))
        if panes:
            page.freeze_panes(panes)
        if filtered:
            page.autofilter(filtered)
        if protected:
            page.protect()

    return [call]


def _rules(sheet: Sheet) -> list[Call]:
    calls: list[Call] = []
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            criteria = rule.formula[0]
            options = (
                {"type": "cell", "criteria": "==", "value": int(criteria)}
                if rule.type == "cellIs"
                else {"type": "formula", "criteria": f"={criteria}"}
            )
            calls.append(
                lambda book, page, formats, where=str(area.sqref), options=options: page.conditional_format(
                    where, {**options, "format": book.add_format({"bg_color": "#FCE4D6"})}
                )
            )
    for checked in sheet.data_validations.dataValidation:
        options = {"validate": "decimal", "criteria": ">=", "value": 0}
        calls.append(
            lambda book, page, formats, where=str(checked.sqref), options=options: page.data_validation(where, options)
        )
    return calls


def _charts(sheet: Sheet) -> list[Call]:
    calls: list[Call] = []
    for chart in sheet._charts:  # type: ignore[attr-defined]  # openpyxl has no other way to those it has read
        series = [(f"={one.val.numRef.f}", f"={(one.cat.strRef or one.cat.numRef).f}") for one in chart.series]
        at = chart.anchor._from.row, chart.anchor._from.col

        def call(
            book: xlsxwriter.Workbook, page: Worksheet, formats: Formats, series: Any = series, at: Any = at
        ) -> None:
            drawn = book.add_chart({"type": "bar"})
            for values, categories in series:
                drawn.add_series({"values": values, "categories": categories})
            page.insert_chart(*at, drawn)

        calls.append(call)
    return calls


def _format(cell: Cell) -> Mapping[str, Any]:
    font, fill, edge, place = cell.font, cell.fill, cell.border.left, cell.alignment
    properties: dict[str, Any] = {
        "font_name": font.name,
        "font_size": font.sz,
        "bold": bool(font.b),
        "num_format": cell.number_format,
        "text_wrap": bool(place.wrap_text),
        "locked": cell.protection.locked,
    }
    if font.u:
        properties["underline"] = 1
    if font.color is not None and isinstance(font.color.rgb, str):
        properties["font_color"] = f"#{font.color.rgb[-6:]}"
    if fill.fill_type == "solid":
        properties["bg_color"] = f"#{fill.fgColor.rgb[-6:]}"
    if edge is not None and edge.style:
        properties |= {"border": 1, "border_color": "#808080"}
    if place.horizontal:
        properties["align"] = place.horizontal
    if place.vertical:
        properties["valign"] = {"center": "vcenter"}.get(place.vertical, place.vertical)
    return properties
