"""Writes a regulation as a workbook: the sheets of the declaration with drop-downs, and two to look things up in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from perfeval.blank import inputs
from perfeval.blank.layout import FIRST_ROW, HEADER_ROW, field_width, last_column, row_height, sheet_width
from perfeval.blank.page import fit, paper, put
from perfeval.blank.style import Styles
from perfeval.blank.workbook import CREATED
from perfeval.model.form import Field, Kind, Need, Shape, Sheet
from perfeval.model.regulation import ROUNDING_NAMES, Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.kinds import DATE, TEXT
from perfeval.rules.numbers import kinds_of
from perfeval.schemes.words import CONDITION_NAMES, DECLARED_NAMES, LIMIT_UNITS, SETTING_WORDS, data_labels
from perfeval.schemes.workbook.guide import METHOD_ROWS, NAME_ROWS, STEPS_TO_TAKE
from perfeval.schemes.workbook.records import Record, Records, records_of
from perfeval.schemes.workbook.sheets import FIGURES, GUIDE_SHEET, ITEMS, METHODS_SHEET, NAMES_SHEET, SHARES, sheets_of

WIDTHS = (22, 64, 56)
GRID_LABEL_WIDTH = 34
WIDE = 105
SPARE_ROWS = 6
LAST_OPEN_ROW = 504  # drop-downs reach this far; what is below is read all the same


def regulation_workbook(regulation: Regulation, regulations: Mapping[str, Regulation]) -> bytes:
    """The regulation as the bytes of an .xlsx file; `regulations` are all installed ones. Equal arguments give equal
    bytes."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": f"指标体系 {regulation.id}", "author": "perfeval", "created": CREATED})
    _Writer(workbook, regulation, regulations).write()
    workbook.close()
    return buffer.getvalue()


class _Writer:
    def __init__(self, workbook: Workbook, regulation: Regulation, regulations: Mapping[str, Regulation]) -> None:
        self.workbook, self.regulation = workbook, regulation
        self.styles, self.lists = Styles(workbook), inputs.Lists()
        self.schemes = tuple(r.id for r in regulations.values() if r.kind == PROJECT_KIND)

    def write(self) -> None:
        """All sheets, in the order an official goes through them."""
        self._lines(
            GUIDE_SHEET,
            f"{self.regulation.title}",
            ("", ""),
            [(str(n), s) for n, s in enumerate(STEPS_TO_TAKE, 1)],
            (6, 110),
        )
        records = records_of(self.regulation)
        for sheet in sheets_of(self.regulation.kind):
            self._sheet(sheet, records)
        self._lines(METHODS_SHEET, "评分方法", METHOD_ROWS[0], METHOD_ROWS[1:], (14, 56, 38, 22, 60))
        own = [(label, "本指标体系", key) for key, label in self.regulation.own_labels.items()]
        self._lines(NAMES_SHEET, "数据名", NAME_ROWS[0], [*own, *NAME_ROWS[1:]], (46, 32, 44))
        self.lists.write(self.workbook, self.styles)

    def _lines(
        self, name: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> None:
        """A sheet to read: a title, perhaps headers, rows of text."""
        page = self.workbook.add_worksheet(name)
        page.set_tab_color("#7F7F7F")
        put(page, 1, 1, title, self.styles.title())
        page.set_row(0, 28)
        first = 3
        if any(headers):
            for column, header in enumerate(headers, 1):
                put(page, first, column, header, self.styles.header())
            page.freeze_panes(first, 0)
            first += 1
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for number, row in enumerate(rows, first):
            for column, text in enumerate(row, 1):
                put(page, number, column, text, self.styles.requirement() if any(headers) else self.styles.text())
            fit(page, number, list(zip(row, map(float, widths), strict=True)))
        self._finish(page, sum(widths))

    def _sheet(self, sheet: Sheet, records: Records) -> None:
        page = self.workbook.add_worksheet(sheet.name)
        page.set_tab_color("#1F3864" if sheet.shape is not Shape.TABLE else "#95B3D7")
        put(page, 1, 1, f"{self.regulation.id} · {sheet.name}", self.styles.title())
        put(page, 2, 1, sheet.guide, self.styles.remark())
        page.set_row(0, 28)
        page.set_row(HEADER_ROW - 1, 26)
        shapes: Mapping[Shape, Callable[..., None]] = {
            Shape.LABELS: self._labels,
            Shape.GRID: self._grid,
            Shape.TABLE: self._table,
        }
        shapes[sheet.shape](page, sheet, records[sheet.key])
        page.freeze_panes(HEADER_ROW, 3 if sheet is ITEMS else 0)
        page.repeat_rows(HEADER_ROW - 1)
        self._finish(page, sheet_width(sheet))

    def _finish(self, page: Worksheet, width: float) -> None:
        page.hide_gridlines(1)
        paper(page, landscape=width > WIDE)
        page.fit_to_pages(1, 0)

    def _labels(self, page: Worksheet, sheet: Sheet, record: Record) -> None:
        for column, (width, header) in enumerate(
            zip(WIDTHS, (sheet.label_header, "填报内容", "填报要求"), strict=True), 1
        ):
            page.set_column(column - 1, column - 1, width)
            put(page, HEADER_ROW, column, header, self.styles.header())
        for row, field in enumerate(sheet.fields, FIRST_ROW):
            put(page, row, 1, field.label, self.styles.label(required=field.need is Need.REQUIRED))
            put(page, row, 2, record.get(field.key), self.styles.field(field.kind, bordered=True, align="left"))
            put(page, row, 3, field.help, self.styles.requirement())
            fit(page, row, [(str(record.get(field.key) or ""), WIDTHS[1]), (field.help, WIDTHS[2])])
            self._accept(page, sheet, field, (row, 2, row, 2))

    def _grid(self, page: Worksheet, sheet: Sheet, records: Mapping[str, Record]) -> None:
        page.set_column(0, 0, GRID_LABEL_WIDTH)
        put(page, HEADER_ROW, 1, sheet.label_header, self.styles.header())
        for column, field in enumerate(sheet.fields, 2):
            page.set_column(column - 1, column - 1, field_width(field))
            put(page, HEADER_ROW, column, field.label, self.styles.header())
        for number, row in enumerate(sheet.rows, FIRST_ROW):
            put(page, number, 1, row.label, self.styles.label())
            record = records.get(row.key, {})
            for column, field in enumerate(sheet.fields, 2):
                if row.used and field.key not in row.used:
                    put(page, number, column, None, self.styles.label())
                    continue
                put(
                    page,
                    number,
                    column,
                    record.get(field.key),
                    self.styles.field(self._kind(sheet, field, row.key), bordered=True),
                )
                self._accept(page, sheet, field, (number, column, number, column), row.key)
            fit(page, number, [(str(record.get(f.key) or ""), field_width(f)) for f in sheet.fields])

    def _table(self, page: Worksheet, sheet: Sheet, records: Sequence[Record]) -> None:
        rows = max(sheet.prepared_rows, len(records) + SPARE_ROWS)
        for column, field in enumerate(sheet.fields, 1):
            kind = self._kind(sheet, field)
            page.set_column(column - 1, column - 1, field_width(field), self.styles.field(kind, bordered=False))
            put(page, HEADER_ROW, column, field.label, self.styles.header(field.need is Need.REQUIRED))
            for number in range(rows):
                record = records[number] if number < len(records) else {}
                is_parent = sheet is ITEMS and bool(record) and not record["method"]
                put(
                    page,
                    FIRST_ROW + number,
                    column,
                    record.get(field.key),
                    self.styles.field(kind, bordered=True, bold=is_parent),
                )
            self._accept(page, sheet, field, (FIRST_ROW, column, LAST_OPEN_ROW, column))
        for number, record in enumerate(records, FIRST_ROW):
            height = row_height([(str(record.get(f.key) or ""), field_width(f)) for f in sheet.fields])
            if height is not None:
                page.set_row(number - 1, height)
        page.autofilter(HEADER_ROW - 1, 0, FIRST_ROW + rows - 2, last_column(sheet) - 1)

    @staticmethod
    def _kind(sheet: Sheet, field: Field, row: str = "") -> Kind:
        """How a cell looks: numbers and shares are read from text, but are no text on the page."""
        place = (sheet.key, field.key)
        if field.key == "value" and row in LIMIT_UNITS:
            return Kind.NUMBER
        return Kind.RATE if place in SHARES else Kind.READING if place in FIGURES else field.kind

    def _accept(
        self, page: Worksheet, sheet: Sheet, field: Field, cells: tuple[int, int, int, int], row: str = ""
    ) -> None:
        """Drop-downs and input messages."""
        choices = self._choices(field, row)
        source = self.lists.source(f"{field.label}{row}", choices) if choices else None
        inputs.apply(page, cells, inputs.validation(field, field.kind, source))

    def _choices(self, field: Field, row: str) -> tuple[str, ...]:
        if field.key in ("source", "denominator"):
            return self._data_names()
        if field.key == "project_regulation":
            return self.schemes
        if field.key == "value" and row in SETTING_WORDS:
            return tuple(SETTING_WORDS[row].values())
        return tuple(ROUNDING_NAMES.values()) if (field.key, row) == ("value", "rounding") else field.choices

    def _data_names(self) -> tuple[str, ...]:
        """The regulation's own first, then what its kind of evaluation has."""
        own = self.regulation.own_labels
        named = data_labels(own)
        usable = {key for key, kind in kinds_of(self.regulation).items() if kind not in (DATE, TEXT)}
        if self.regulation.kind != PROJECT_KIND:
            usable |= {*CONDITION_NAMES, *DECLARED_NAMES}
        return tuple(named[key] for key in dict.fromkeys([*own, *named]) if key in usable)
