"""Writes the sheets of the filing workbook: title, header, input cells, check columns, view and print set-up."""

from collections.abc import Mapping
from dataclasses import replace

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfeval.blank import inputs
from perfeval.blank.arithmetic import AGREES, DIFFERS
from perfeval.blank.checks import CHECK_WIDTHS, check_cells, subject_list
from perfeval.blank.guide import write_guide
from perfeval.blank.layout import (
    FIRST_ROW,
    GIVEN_COLUMNS,
    GRID_LABEL_WIDTH,
    GUIDE_ROW,
    HEADER_ROW,
    LABEL_COLUMN,
    LABEL_WIDTHS,
    LAST_ROW,
    REQUIREMENT_HEADERS,
    TITLE_ROW,
    UNIT_ROW,
    Filling,
    Record,
    address,
    check_column,
    column_of,
    field_width,
    given_rows,
    is_given,
    last_column,
    prepared_basic,
    prepared_table,
    regulation_choice,
    sheet_width,
)
from perfeval.blank.page import GrowingSheet, fit, paper, prepared_height, put, put_check, texts
from perfeval.blank.style import Styles
from perfeval.filing.rule_sheets import input_field
from perfeval.model.form import (
    DUTIES,
    PROJECTS,
    SCORES,
    SUPPLEMENT,
    Field,
    GridRow,
    Kind,
    Need,
    Shape,
    Sheet,
)
from perfeval.model.regulation import Regulation

ACCEPTED_BY_HAND = {"format_columns": True, "format_rows": True}
TAB_COLOURS = {Shape.NOTES: "#7F7F7F", Shape.LABELS: "#1F3864", Shape.GRID: "#4F81BD", Shape.TABLE: "#95B3D7"}
FROZEN_COLUMNS = {PROJECTS.name: 2, SCORES.name: 2}
WIDE = 105  # characters: beyond, the page is turned
VERY_WIDE = 260  # beyond, two pages side by side: on one the print would be too small to read
LAST_SHEET_ROW = 1_048_576  # printing whole columns prints what is filled in, however many rows


class SheetWriter:
    """Writes the sheets of one workbook; rows and columns count from 1."""

    def __init__(
        self,
        workbook: Workbook,
        kind: str,
        regulations: Mapping[str, Regulation],
        regulation: Regulation,
        year: int | None,
        filling: Filling,
    ) -> None:
        self.workbook, self.kind, self.regulation, self.filling = workbook, kind, regulation, filling
        self.heading = f"{year}年度{kind}绩效自评填报表" if year else f"{kind}绩效自评填报表"
        self.basic = prepared_basic(kind, regulation, year, filling)
        self.choices = tuple(
            regulation_choice(r) for r in regulations.values() if r.kind == kind and not r.is_over(year)
        )
        self.styles, self.lists = Styles(workbook), inputs.Lists()

    def write(self, sheet: Sheet) -> None:
        """Adds one sheet of the form."""
        page = self.workbook.add_worksheet(sheet.name, None if sheet.shape is Shape.NOTES else GrowingSheet)
        page.set_tab_color(TAB_COLOURS[sheet.shape])
        if sheet.shape is Shape.NOTES:
            write_guide(page, self.styles, self.kind, self.regulation, self.heading, self.filling.remarks)
            page.fit_to_pages(1, 0)
            paper(page, landscape=False)
        else:
            self._head(page, sheet)
            {Shape.LABELS: self._labels, Shape.GRID: self._grid, Shape.TABLE: self._table}[sheet.shape](page, sheet)
            self._checks(page, sheet)
            self._view(page, sheet)
        insertable = given_rows(sheet, self.regulation) is None
        page.protect("", {**ACCEPTED_BY_HAND, "insert_rows": insertable, "sort": insertable})
        page.hide_gridlines(1 if insertable else 2)  # 1: on screen only

    def _head(self, page: Worksheet, sheet: Sheet) -> None:
        """Title, guide and unit line; each row wholly locked, although the columns below are open."""
        lines = {
            TITLE_ROW: f"{self.heading} · {sheet.name}",
            GUIDE_ROW: f"填写要求：{sheet.guide}",
            UNIT_ROW: sheet.unit_line,
        }
        for row, words in lines.items():
            style = self.styles.title() if row == TITLE_ROW else self.styles.remark()
            page.set_row(row - 1, 28 if row == TITLE_ROW else 18, style)
            for column in range(1, last_column(sheet) + 1):
                put(page, row, column, words if column == 1 else None, style)
        page.set_row(HEADER_ROW - 1, 26)

    def _labels(self, page: Worksheet, sheet: Sheet) -> None:
        """基本情况: label, value, requirement."""
        for column, (width, header) in enumerate(
            zip(LABEL_WIDTHS, (sheet.label_header, *REQUIREMENT_HEADERS), strict=True), start=1
        ):
            page.set_column(column - 1, column - 1, width)
            put(page, HEADER_ROW, column, header, self.styles.header())
        for row, field in enumerate(sheet.fields, start=FIRST_ROW):
            required, cell = field.need is not Need.OPTIONAL, (row, LABEL_COLUMN + 1)
            put(page, row, LABEL_COLUMN, field.label, self.styles.label(required=required))
            put(page, *cell, self.basic.get(field.key), self.styles.field(field.kind, bordered=True, align="left"))
            put(page, row, LABEL_COLUMN + 2, field.help, self.styles.requirement())
            words = [(str(self.basic.get(field.key) or ""), LABEL_WIDTHS[1]), (field.help, LABEL_WIDTHS[2])]
            fit(page, row, words, prepared_height([field]))
            self._accept(page, field, field.kind, (*cell, *cell))
            if required:
                self._mark_missing(page, f'={address(*cell, absolute=True)}=""', (*cell, *cell))

    def _grid(self, page: Worksheet, sheet: Sheet) -> None:
        """Labelled rows × columns; cells a row does not use are locked."""
        page.set_column(0, 0, GRID_LABEL_WIDTH)
        put(page, HEADER_ROW, LABEL_COLUMN, sheet.label_header, self.styles.header())
        for field in sheet.fields:
            column = column_of(sheet, field.key)
            self._header(page, column, field)
        filled = self.filling.grids.get(sheet.key, {})
        for number, row in enumerate(sheet.rows, start=FIRST_ROW):
            self._grid_row(page, sheet, row, number, filled.get(row.key, {}))

    def _header(self, page: Worksheet, column: int, field: Field, below: Format | None = None) -> None:
        """A column's header and width, and the look of its cells down to the last row."""
        page.set_column(column - 1, column - 1, field_width(field), below)
        put(page, HEADER_ROW, column, field.label, self.styles.header(field.need is not Need.OPTIONAL))

    def _grid_row(self, page: Worksheet, sheet: Sheet, row: GridRow, number: int, record: Record) -> None:
        put(page, number, LABEL_COLUMN, row.label, self.styles.label())
        fit(page, number, texts(sheet, record))
        for field in sheet.fields:
            column = column_of(sheet, field.key)
            is_note = field.kind is Kind.LONG_TEXT
            if row.used and field.key not in row.used and not is_note:
                put(page, number, column, None, self.styles.label())
                continue
            kind = field.kind if is_note else row.kind or field.kind
            put(page, number, column, record.get(field.key), self.styles.field(kind, bordered=True))
            need = Need.OPTIONAL if row.optional else field.need
            self._accept(
                page, replace(field, help=row.help or field.help, need=need), kind, (number, column, number, column)
            )
            if field.need is not Need.OPTIONAL and not row.optional:
                self._mark_missing(
                    page, f'={address(number, column, absolute=True)}=""', (number, column, number, column)
                )

    def _table(self, page: Worksheet, sheet: Sheet) -> None:
        """One record a row: the columns are open down to the last row, the prepared ones are there as cells."""
        records = prepared_table(sheet, self.regulation, self.filling)
        given, grows = is_given(sheet), given_rows(sheet, self.regulation) is None
        prepared = len(records) if given else max(sheet.prepared_rows, len(records))
        for column, field in enumerate(sheet.fields, start=1):
            style = self.styles.field(field.kind, bordered=given)
            self._header(page, column, field, below=self.styles.field(field.kind, bordered=False) if grows else None)
            for number in range(prepared):
                record = records[number] if number < len(records) else {}
                cell_style = self._cell_style(sheet, field, number, style)
                put(page, FIRST_ROW + number, column, record.get(field.key), cell_style)
            last = LAST_ROW if grows else FIRST_ROW + prepared - 1
            if sheet.key != SUPPLEMENT.key or field.key != "content":
                self._accept(page, field, field.kind, (FIRST_ROW, column, last, column))
        if sheet.key == SUPPLEMENT.key:
            self._accept_inputs(page, column_of(sheet, "content"))
        self._accept_codes(page, sheet)
        for number in range(prepared):
            record = records[number] if number < len(records) else {}
            fit(page, FIRST_ROW + number, texts(sheet, record), prepared_height(sheet.fields))
        if not given:
            self._mark_rows(page, sheet)

    def _accept_inputs(self, page: Worksheet, column: int) -> None:
        """填报内容 of 补充数据: each row holds what its input is."""
        for row, asked in enumerate(self.regulation.inputs, start=FIRST_ROW):
            field, cell = input_field(asked), (row, column, row, column)
            self._accept(page, field, field.kind, cell)
            if asked.required:
                self._mark_missing(page, f'={address(row, column, absolute=True)}=""', cell)

    def _accept_codes(self, page: Worksheet, sheet: Sheet) -> None:
        """No green corner on a code or a number in a list that is meant to be text."""
        columns = (column_of(sheet, field.key) for field in sheet.fields if field.kind in (Kind.TEXT, Kind.READING))
        ranges = " ".join(f"{address(FIRST_ROW, column)}:{address(LAST_ROW, column)}" for column in columns)
        if ranges:
            page.ignore_errors({"number_stored_as_text": ranges})

    def _cell_style(self, sheet: Sheet, field: Field, number: int, usual: Format) -> Format:
        """What the regulation gives is grey and locked; on 评分 parents are bold, on 补充数据 each row has its own kind."""
        if not is_given(sheet):
            return usual
        if sheet.key == SUPPLEMENT.key and field.key == "content":
            return self.styles.field(input_field(self.regulation.inputs[number]).kind, bordered=True)
        items = self.regulation.items if sheet is SCORES else ()
        item = items[number] if number < len(items) else None
        bold = sheet is SCORES and (item is None or not item.is_leaf)
        if field.key not in GIVEN_COLUMNS[sheet.key]:
            return self.styles.field(field.kind, bordered=True, bold=bold)
        if field.key in ("name", "text", "note"):
            return self.styles.label()
        if field.key == "item_name":
            return self.styles.label(bold=bold, indent=item.level - 1 if item else 0)
        return self.styles.label(bold=bold, align="center")

    def _mark_rows(self, page: Worksheet, sheet: Sheet) -> None:
        """Rows in which something is get their lines, and their empty required cells a colour; blank rows stay
        unprinted."""
        cells = f"$A{FIRST_ROW}:${address(FIRST_ROW, last_column(sheet))}"
        begun = f"COUNTA({cells})>0"
        for field in sheet.fields:
            column = column_of(sheet, field.key)
            if field.need is not Need.OPTIONAL:
                self._mark_missing(
                    page, f'=AND({begun},${address(FIRST_ROW, column)}="")', (FIRST_ROW, column, LAST_ROW, column)
                )
        rule = {"type": "formula", "criteria": f"={begun}", "format": self.styles.filled_row()}
        page.conditional_format(FIRST_ROW - 1, 0, LAST_ROW - 1, last_column(sheet) - 1, rule)

    def _mark_missing(self, page: Worksheet, formula: str, cells: tuple[int, int, int, int]) -> None:
        page.conditional_format(
            *(n - 1 for n in cells), {"type": "formula", "criteria": formula, "format": self.styles.missing()}
        )

    def _accept(self, page: Worksheet, field: Field, kind: Kind, cells: tuple[int, int, int, int]) -> None:
        inputs.apply(page, cells, inputs.validation(field, kind, self._source(field)))

    def _source(self, field: Field) -> list[str] | str | None:
        """The drop-down of a field, None where it has none."""
        if field.list_key == "regulations":
            return self.lists.source(field.label, self.choices)
        if field.list_key == "subjects":
            return subject_list(self.kind)
        for sheet in (DUTIES, PROJECTS):
            if field.list_key == sheet.key:
                return inputs.names_on(sheet)
        return self.lists.source(field.label, field.choices) if field.choices else None

    def _checks(self, page: Worksheet, sheet: Sheet) -> None:
        """The check columns beside the table, after a narrow empty one."""
        headers, cells = check_cells(sheet, self.kind, self.regulation, self.filling)
        if not headers:
            return
        first = check_column(sheet)
        page.set_column(first - 2, first - 2, 3)
        for column, header in enumerate(headers, start=first):
            page.set_column(column - 1, column - 1, CHECK_WIDTHS.get(header, 14))
            put(page, HEADER_ROW, column, header, self.styles.header())
        for cell in cells:
            put_check(page, cell, self.styles.check())
        top, last = address(FIRST_ROW, first), max(cell.row for cell in cells)
        shown = {"type": "formula", "criteria": f'={top}<>""', "format": self.styles.filled_row()}
        page.conditional_format(FIRST_ROW - 1, first - 1, last - 1, first + len(headers) - 2, shown)
        for words, agrees in ((AGREES, True), (DIFFERS, False)):
            rule = {"type": "text", "criteria": "begins with", "value": words, "format": self.styles.verdict(agrees)}
            page.conditional_format(FIRST_ROW - 1, first - 1, last - 1, first + len(headers) - 2, rule)

    def _view(self, page: Worksheet, sheet: Sheet) -> None:
        """Frozen header, printing on A4 without the check columns."""
        page.freeze_panes(HEADER_ROW, FROZEN_COLUMNS.get(sheet.name, 1 if sheet.shape is Shape.GRID else 0))
        page.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
        rows = given_rows(sheet, self.regulation)
        corner = address(FIRST_ROW + rows - 1 if rows else LAST_SHEET_ROW, last_column(sheet))
        # only what is below the header, which is repeated: a table in which nothing is is no page
        page.print_area(f"{address(FIRST_ROW, 1)}:{corner}")
        width = sheet_width(sheet)
        paper(page, landscape=width > WIDE)
        if width > VERY_WIDE:
            page.fit_to_pages(2, 0)
            page.repeat_columns(0, 1)
        else:
            page.fit_to_pages(1, 0)
