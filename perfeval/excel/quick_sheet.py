"""xlsxwriter's own worksheet with a short way for plain cells, which are nearly all of a workbook. The bytes are the
same; a test compares them.

A cell is kept as the XML it will be except for its address and its style's index, which xlsxwriter gives out in the
order the cells are written.
"""

import io
import re
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache, lru_cache, partial
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from perfeval.excel.zips import Content
from perfeval.model.text import clean

MOST_LINKS = 65_530  # of a sheet; Excel repairs a file with more
LONGEST = 32_767  # UTF-16 units; Excel takes no longer text
MOST_STYLES = 64  # parts with styles that are kept, of some 15 KB each
ROWS_HELD = 32  # of a long sheet as cells; thousands of them would be walked through by the garbage collector
ROWS_BYTES, PIECE_BYTES = 4 * 1024**2, 1024**2  # of its rows in memory, the rest is on disk; of a piece of its part
ROWS_HERE = "\x00"  # stands for a long sheet's rows; no XML holds it
SPAN_ROWS = 16  # rows that share one `spans` attribute, as Excel writes it
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
QUOTE = {'"': "&quot;"}
ESCAPE, ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)"), r"_x005F\1"

column_name = cache(xl_col_to_name)


class _Indices(dict[Format, str]):
    """A format's index as a cell names it; xlsxwriter gives one out when it is first asked."""

    def __missing__(self, form: Format) -> str:
        named = self[form] = f'" s="{form._get_xf_index()}"'
        return named


class _Strings(dict[str, str]):
    """The shared strings in order, each with the XML of a cell that shows it; `count` is how often they are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __missing__(self, text: str) -> str:
        cell = self[text] = f' t="s"><v>{len(self)}</v></c>'
        return cell


def sound_text(text: str) -> str:
    """A text as a cell can hold it."""
    sound = clean(text)
    return (
        sound if len(sound) <= LONGEST // 2 else sound.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    )


Cell = tuple[Format, str, float | str]  # its format, the rest of its XML, its value for a chart


class QuickSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter is untyped
    """What is handed in is known to be sound: text by `sound_text`, finite numbers, formulas without functions newer
    than Excel 2007, always a format.

    `table` holds row → column → Cell; of rows without cells, and of what set_row sets, nothing is written.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[int, str] = {}
        self._rows: list[tuple[int, list[tuple[int, Cell]]]] = []
        self._links: dict[tuple[int, int], str] = {}

    def quick_cells(self, row: int) -> dict[int, Cell]:
        """The cells of a row by column, to be filled with what the following give."""
        cells: dict[int, Cell] = self.table[row]
        return cells

    def quick_text(self, text: str, form: Format) -> Cell:
        """As write_string."""
        strings = self.str_table
        strings.count += 1
        return form, strings[text], text

    def quick_number(self, number: float, form: Format) -> Cell:
        """As write_number."""
        shown = f"{number:.16G}"
        return form, f"><v>{shown}</v></c>", shown.lower()

    def quick_formula(self, formula: str, form: Format, value: float | str) -> Cell:
        """As write_formula, without looking for thirty names of newer functions; `formula` without its =."""
        kind, shown = (' t="str"' if value else "", escape(value)) if isinstance(value, str) else ("", value)
        return form, f"{kind}><f>{escape(formula)}</f><v>{shown}</v></c>", value

    def quick_blank(self, form: Format) -> Cell:
        """As write_blank."""
        return form, "/>", ""

    def quick_height(self, row: int, points: float) -> None:
        """As set_row, for a row that holds cells."""
        pixels = int(points * 4 / 3 + 0.5)
        self._heights[row] = f' ht="{pixels * 0.75:.16g}" customHeight="1"'
        self.row_sizes[row] = [pixels, False]

    def quick_link(self, row: int, column: int, location: str) -> None:
        """Makes a cell, whatever it holds, jump to another of the workbook: what write_url adds to the cell."""
        self._links[row, column] = escape(location, QUOTE)

    def _write_string(self, row: int, column: int, text: str, form: Format) -> int:
        """Where xlsxwriter's merged titles end."""
        self.table[row][column] = self.quick_text(text, form)
        return 0

    def _write_blank(self, row: int, column: int, _: None, form: Format) -> int:
        self.table[row][column] = self.quick_blank(form)
        return 0

    def _write_dimension(self) -> None:
        self._arrange()
        super()._write_dimension()

    def _arrange(self) -> None:
        self._rows = [(row, sorted(cells.items())) for row, cells in sorted(self.table.items())]
        if self._rows:
            self._check_dimensions(self._rows[0][0], min(cells[0][0] for _, cells in self._rows))
            self._check_dimensions(self._rows[-1][0], max(cells[-1][0] for _, cells in self._rows))

    def _write_rows(self) -> None:
        self.fh.write(self._finished_rows())

    def _finished_rows(self) -> str:
        indices, starts = _Indices(), [f'<c r="{column_name(column)}' for column in range(self.dim_colmax + 1)]
        written = []
        for _, neighbours in groupby(self._rows, lambda numbered: numbered[0] // SPAN_ROWS):
            block = list(neighbours)
            span = f"{min(cells[0][0] for _, cells in block) + 1}:{max(cells[-1][0] for _, cells in block) + 1}"
            for row, cells in block:
                number = str(row + 1)
                written.append(f'<row r="{number}" spans="{span}"{self._heights.get(row, "")}>')
                written += [f"{starts[column]}{number}{indices[form]}{rest}" for column, (form, rest, _) in cells]
                written.append("</row>")
        # the workbook is a circle of objects: the garbage collector would have to walk through all its cells
        self._rows.clear()
        self.table.clear()
        return "".join(written)

    def _write_hyperlinks(self) -> None:
        if self._links:
            links = sorted(self._links.items())[:MOST_LINKS]
            elements = (
                f'<hyperlink ref="{column_name(c)}{r + 1}" location="{place}" display="{place}"/>'
                for (r, c), place in links
            )
            self.fh.write(f"<hyperlinks>{''.join(elements)}</hyperlinks>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """A conditional format's or a drop-down's."""
        return formula.removeprefix("=")

    def _get_range_data(self, first_row: int, first_column: int, last_row: int, last_column: int) -> list[Any]:
        rows = [self.table.get(row, {}) for row in range(first_row, last_row + 1)]
        return [row[c][2] if c in row else None for row in rows for c in range(first_column, last_column + 1)]


class LongSheet(QuickSheet):
    """The same for more rows than memory should hold, written one below the other: xlsxwriter's constant_memory, by our
    short ways. Texts are in their cells, not among the shared ones."""

    def __init__(self) -> None:
        super().__init__()
        self._put_by = SpooledTemporaryFile(ROWS_BYTES)  # noqa: SIM115  (as long as the sheet)

    def quick_cells(self, row: int) -> dict[int, Cell]:
        """The cells of a row below the others."""
        if len(self.table) >= ROWS_HELD and row not in self.table:
            self._put_rows_by()
        return super().quick_cells(row)

    def quick_text(self, text: str, form: Format) -> Cell:
        """As write_string."""
        return form, _inline(text), text

    def _put_rows_by(self) -> None:
        self._arrange()
        self._put_by.write(self._finished_rows().encode())
        self._heights.clear()
        self.row_sizes.clear()

    def _write_rows(self) -> None:
        self._put_rows_by()
        self.fh.write(ROWS_HERE)

    def pieces(self, part: str) -> Iterator[bytes]:
        """The sheet's part with its rows, of which only one piece is in memory at a time."""
        before, _, after = part.partition(ROWS_HERE)
        yield before.encode()
        self._put_by.seek(0)
        yield from iter(partial(self._put_by.read, PIECE_BYTES), b"")
        yield after.encode()


@lru_cache(maxsize=256)
def _pattern(properties: frozenset[tuple[str, Any]]) -> Format:
    form = Format(dict(properties))
    form._get_format_key()  # kept in the format, and in its copies
    return form


class QuickWorkbook(Workbook):  # type: ignore[misc]
    """xlsxwriter's own workbook around such sheets. `parts` holds the finished parts once it is closed; zipping them is
    not its task."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(io.BytesIO(), {**options, "in_memory": True})
        self.str_table = _Strings()
        self.parts: dict[str, Content] = {}

    def add_format(self, properties: Mapping[str, Any]) -> Format:
        """As xlsxwriter's own, from a pattern that is made once per process."""
        form = copy(_pattern(frozenset({**self.default_format_properties, **properties}.items())))
        form.xf_format_indices, form.dxf_format_indices = self.xf_format_indices, self.dxf_format_indices
        self.formats.append(form)
        return form

    def _prepare_sst_string_data(self) -> None:
        """They are in order as they are."""

    def _get_packager(self) -> Packager:
        return _QuickPackager()


_STYLES: dict[tuple[str | None, ...], str] = {}  # by the formats' keys, as xlsxwriter keeps formats apart


class _QuickPackager(Packager):  # type: ignore[misc]
    def _create_package(self) -> list[Any]:
        written = {name: content.getvalue() for content, name, _ in super()._create_package()}
        sheets = {f"xl/worksheets/sheet{sheet.index + 1}.xml": sheet for sheet in self.workbook.worksheets()}
        for name, part in written.items():
            sheet = sheets.get(name)
            self.workbook.parts[name] = sheet.pieces(part) if isinstance(sheet, LongSheet) else part.encode()
        return []

    def _write_styles_file(self) -> None:
        """Made once for each choice of formats: the workbooks of a kind have them alike."""
        book = self.workbook
        chosen = tuple(form and form._get_format_key() for form in (*book.xf_formats, None, *book.dxf_formats))
        if chosen in _STYLES:
            self._filename("xl/styles.xml").write(_STYLES[chosen])
            return
        super()._write_styles_file()
        if len(_STYLES) < MOST_STYLES:
            _STYLES[chosen] = self.filenames[-1][0].getvalue()

    def _write_shared_strings_file(self) -> None:
        strings = self.workbook.str_table
        if strings.count:
            start = f'{DECLARATION}<sst xmlns="{SPREADSHEET}" count="{strings.count}" uniqueCount="{len(strings)}">'
            self._filename("xl/sharedStrings.xml").write(f"{start}{''.join(map(_item, strings))}</sst>")


@lru_cache(maxsize=8192)  # the same words are in many rows
def _inline(text: str) -> str:
    return f' t="inlineStr"><is>{_text_element(text)}</is></c>'


def _item(text: str) -> str:
    return f"<si>{_text_element(text)}</si>"


def _text_element(text: str) -> str:
    """A text of a cell. Cleaned, it holds no control characters; what only looks like the escape of one is itself
    escaped."""
    preserve = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{preserve}>{escape(ESCAPE.sub(ESCAPED, text) if '_x' in text else text)}</t>"
