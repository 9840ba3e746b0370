"""The workbooks perfeval writes itself: one look, A4 print set-up, widths from content, live formulas with their cached
values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from xlsxwriter.format import Format

from perfeval.excel.looks import BORDER, FONT, Style, Styles
from perfeval.excel.quick_sheet import LongSheet, QuickSheet, QuickWorkbook, column_name, sound_text
from perfeval.excel.zips import write_zip
from perfeval.model.text import clean

CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # a fixed day: the same inputs give the same bytes
A4 = 9
PADDING, SLACK = 1.5, 1  # a column is a little wider than its text; a line holds a little less than the column
LINE_HEIGHT, HIGHEST = 13.5, 409  # points; Excel allows no higher row
ONE_LINE_HEADER = 8
MOST_TEXTS = 20_000
LEGIBLE_WIDTH = (
    215  # half-width characters on a line of A4 landscape at 6 points; a wider table goes on two pages side by side
)
TITLE_HEIGHT = 28
TITLE_SCALE = 1.7  # a title's letters are bold and of 16 points, those widths are counted in of 10


class Live(NamedTuple):
    """A formula (without =) and the value it comes to; the value is cached, since previews and pandas read a formula
    without one as 0."""

    formula: str
    value: Decimal | str


Value = str | Decimal | int | Live | None
UNKNOWN = "无法计算"


def live(formula: str, value: Decimal | None, otherwise: str = UNKNOWN) -> Live | str:
    """The formula, or words where it has no value: a missing number is neither 0 nor an error cell."""
    return otherwise if value is None else Live(formula, value)


def less(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """first − second; None where one is missing."""
    return None if first is None or second is None else first - second


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its header, how its values look, and its least and greatest width in half-width characters;
    beyond it text wraps."""

    header: str
    look: str = "text"
    widest: int = 16
    narrowest: int = 6


class _Texts(dict[str, tuple[str, int]]):
    """The texts of a workbook: each as it is written, and its width. Of a long one only the latest are kept."""

    def __missing__(self, text: str) -> tuple[str, int]:
        if len(self) >= MOST_TEXTS:
            self.clear()
        sound = sound_text(text)
        self[text] = measured = sound, display_width(sound)
        return measured


class Book:
    """A workbook in memory. `finish` gives its bytes."""

    def __init__(self, title: str, author: str) -> None:
        """`title` and `author` go into the document properties."""
        self._book = QuickWorkbook(
            {"default_format_properties": dict(FONT), "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": clean(title), "author": clean(author), "created": CREATED})
        self.styles = Styles(self._book)
        self.texts = _Texts()
        self._emphases: dict[str, Format] = {}

    def sheet(self, name: str, *, landscape: bool = True, long: bool = False) -> "Sheet":
        """A new sheet after the others; a `long` one holds a single table of any number of rows, written in order."""
        kind = LongSheet if long else QuickSheet
        return Sheet(self, self._book.add_worksheet(name, worksheet_class=kind), name, landscape)

    def emphasis(self, color: str) -> Format:
        """What a conditional format adds: bold, so that it shows in black and white, and a fill."""
        if color not in self._emphases:
            self._emphases[color] = self._book.add_format({"bg_color": color, "bold": True})
        return self._emphases[color]

    def frame(self) -> Format:
        """What a conditional format gives an empty cell: the lines of a table."""
        return self._book.add_format({"border": BORDER["border"], "border_color": BORDER["border_color"]})

    def chart(self, kind: str) -> Any:
        """A native chart; `kind` is bar or column."""
        return self._book.add_chart({"type": kind})

    def finish(self) -> bytes:
        """The file's bytes."""
        self._book.close()
        return write_zip(self._book.parts)


class Sheet:
    """A worksheet that remembers how wide its columns must be. Rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Any, name: str, landscape: bool) -> None:
        self.book, self.raw, self.name = book, sheet, name
        self._styles, self._measured = book.styles, book.texts
        self._layouts: dict[
            tuple[Any, ...], tuple[Sequence[Column], list[Style], list[int]]
        ] = {}  # by the columns' id: they are kept with it
        self._widths: dict[int, float] = {}
        self._texts: dict[int, list[tuple[int, str, int]]] = {}  # row → the texts that may wrap: column, text, width
        self._title = ("", 1)  # and over how many columns it is centred
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)

    def put(self, row: int, column: int, value: Value, look: str = "text", widest: int = 16, **extra: Any) -> None:
        """Writes one value; text is cleaned and always stays text, None leaves the cell empty."""
        self._fill(row, ((column, value, self._styles[(look, *sorted(extra.items())) if extra else look], widest),))

    def _fill(self, row: int, values: Iterable[tuple[int, Value, Style, int]]) -> None:
        """Writes values of one row, each with its column, its style and its greatest width."""
        raw, styles, measured, widths = self.raw, self._styles, self._measured, self._widths
        cells = raw.quick_cells(row)
        for column, value, style, widest in values:
            formula = None
            if isinstance(value, Live):
                formula, value = value
            if isinstance(value, str):
                text, width = measured[value]
                if formula is not None:
                    cells[column] = raw.quick_formula(formula, style.form, text)
                elif style.words is None:
                    cells[column] = raw.quick_text(text, style.form)
                else:
                    style = styles[style.words]
                    cells[column] = raw.quick_text(text, style.form)
                if style.wraps and (
                    width > widest or "\n" in text
                ):  # one within its column's greatest width stays on a line
                    self._texts.setdefault(row, []).append((column, text, width))
            elif value is None:
                width = 0
                cells[column] = raw.quick_blank(style.form)
            else:
                width = len(format(value, style.digits)) + 1
                number = float(value)
                cells[column] = (
                    raw.quick_number(number, style.form)
                    if formula is None
                    else raw.quick_formula(formula, style.form, number)
                )
            if widths.get(column, -1) < width:
                widths[column] = max(widths.get(column, 0), min(width, widest))

    def title(self, text: str, note: str, columns: int) -> None:
        """The two lines above a table: the title over its whole width, and a note."""
        self._title = (text, columns)
        self.raw.quick_height(0, TITLE_HEIGHT)
        self.raw.merge_range(0, 0, 0, columns - 1, clean(text), self._styles["title"].form)
        self.note(1, note)

    def note(self, row: int, text: str) -> None:
        """A line of small print that runs to the right."""
        self.raw.write_string(row, 0, clean(text), self._styles["note"].form)

    def section(self, row: int, text: str) -> None:
        """The heading of a further table on the sheet."""
        self.raw.write_string(row, 0, clean(text), self._styles["section"].form)

    def head(self, row: int, columns: Sequence[Column]) -> None:
        """The header row of a table. A header may break once."""
        for number, column in enumerate(columns):
            self.put(row, number, column.header, "head", 0)
            length = display_width(column.header)
            self._widen(
                number,
                max(column.narrowest, length if length <= ONE_LINE_HEADER else length / 2 + 1),
                max(column.widest, column.narrowest),
            )

    def row(self, row: int, columns: Sequence[Column], values: Iterable[Value], **extra: Any) -> None:
        """One row of a table, each value in its column's look."""
        key = (id(columns), *sorted(extra.items())) if extra else (id(columns),)
        if key not in self._layouts:
            looks = [self._styles[(column.look, *key[1:]) if extra else column.look] for column in columns]
            self._layouts[key] = columns, looks, [column.widest for column in columns]
        _, looks, widest = self._layouts[key]
        self._fill(row, zip(range(len(looks)), values, looks, widest, strict=True))

    def long_rows(self, first: int, columns: Sequence[Column], rows: Iterable[Iterable[Value]]) -> None:
        """The rows of a long sheet's table, made as they are asked for.

        Its columns are as wide as they may be, since no row can be looked at again.
        """
        self._heighten()
        self._widths = {number: max(column.widest, column.narrowest) for number, column in enumerate(columns)}
        for row, values in enumerate(rows, start=first):
            self.row(row, columns, values)
            self._heighten()

    def link(self, row: int, column: int, target: "Place", text: str, widest: int = 16) -> None:
        """A link that jumps to another cell of this workbook."""
        self.put(row, column, text, "link", widest)
        self.jump(row, column, target)

    def jump(self, row: int, column: int, target: "Place") -> None:
        """Makes a cell that is written anyway jump to another one when it is clicked."""
        self.raw.quick_link(row, column, target.link)

    def two_pages_wide(self, repeated: int) -> None:
        """Prints on two pages side by side, the second with the first `repeated` columns once more."""
        self.raw.repeat_columns(0, repeated - 1)
        self.raw.fit_to_pages(2, 0)

    def _make_room_for_the_title(self) -> None:
        """A title wider than its table would lose both its ends in print: the last column takes the rest."""
        text, columns = self._title
        lacking = display_width(text) * TITLE_SCALE - sum(self._widths.get(c, 0) + PADDING for c in range(columns))
        if lacking > 0:
            self._widths[columns - 1] = self._widths.get(columns - 1, 0) + lacking

    def finish(self, header_row: int, footer: str, *, frozen_columns: int = 0) -> None:
        """Widths, frozen and repeated header, page numbers."""
        self._make_room_for_the_title()
        if sum(self._widths.values()) + PADDING * len(self._widths) > LEGIBLE_WIDTH and frozen_columns:
            self.two_pages_wide(frozen_columns)
        for column, width in self._widths.items():
            self.raw.set_column(column, column, width + PADDING)
        self._heighten()
        self.raw.freeze_panes(header_row + 1, frozen_columns)
        self.raw.repeat_rows(header_row)
        text = clean(footer).replace("&", "&&")[:60]
        self.raw.set_footer(f"&L&9{text}&C&9第 &P 页，共 &N 页&R&9&A")

    def _heighten(self) -> None:
        """Each row as high as its wrapped text needs: not every program works that out by itself."""
        for row, texts in self._texts.items():
            lines = max(_lines(text, width, self._widths[column] + PADDING - SLACK) for column, text, width in texts)
            if lines > 1:
                self.raw.quick_height(row, min(HIGHEST, LINE_HEIGHT * lines + 4))
        self._texts.clear()

    def _widen(self, column: int, width: float, widest: int) -> None:
        self._widths[column] = max(self._widths.get(column, 0), min(width, widest))


class Place(NamedTuple):
    """A cell of the workbook being written; row and column count from 0."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """Its address within its own sheet: D5."""
        return address(self.row, self.column)

    @property
    def reference(self) -> str:
        """As a formula on any sheet names it."""
        return f"{self.sheet}!{address(self.row, self.column)}"

    @property
    def link(self) -> str:
        """As a hyperlink names it."""
        return f"'{self.sheet}'!{self.cell}"


def address(row: int, column: int) -> str:
    """D5, of a row and column counted from 0."""
    return f"{column_name(column)}{row + 1}"


def column_range(column: int, first: int, last: int) -> str:
    """D5:D23, of rows `first` to `last` counted from 0."""
    name = column_name(column)
    return f"{name}{first + 1}:{name}{last + 1}"


@lru_cache(maxsize=4096)
def display_width(text: str) -> int:
    """How many half-width characters the longest line of a text takes; a Chinese character is two."""
    if "\n" in text:
        return max(map(display_width, text.split("\n")))
    return 2 * len(text) - len(text.encode("latin-1", "ignore"))


def _lines(text: str, longest: int, room: float) -> int:
    """How many lines a text takes in a column; `longest` is the width of its longest line."""
    widths = [longest] if "\n" not in text else map(display_width, text.split("\n"))
    return sum(max(1, ceil(width / max(room, 1))) for width in widths)
