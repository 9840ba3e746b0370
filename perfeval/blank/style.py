"""The one look of the filing workbook: font, colours, number formats, borders. Every format of the template is made
here."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from perfeval.model.form import Kind

FONT = "微软雅黑"
TITLE_INK, NOTE_INK, LINE = "#1F3864", "#595959", "#BFBFBF"
LABEL_FILL, HEADER_FILL, REQUIRED_FILL = "#F2F2F2", "#DCE6F1", "#F8E0CC"
MISSING_LINE = "#C55A11"
AGREES_INK, DIFFERS_INK = "#2E7D32", "#C00000"

NUMBER_FORMATS = {
    Kind.TEXT: "@",  # project codes and telephone numbers keep their leading zeros and all their digits
    Kind.CHOICE: "@",  # “=” stays a word
    Kind.READING: "@",  # 12月31日 becomes no day of this year, 95% no 0.95
    Kind.AMOUNT: "#,##0.00##",  # never hides a digit somebody typed, never scales
    Kind.COUNT: "0",
    Kind.MONTH: "0",
    Kind.YEAR: "0",
    Kind.DATE: "yyyy-mm-dd",
    Kind.RATE: "0.00%",
}
_RIGHT = (Kind.AMOUNT, Kind.NUMBER, Kind.RATE)
_CENTRED = (Kind.CHOICE, Kind.DATE, Kind.COUNT, Kind.MONTH, Kind.POINTS, Kind.READING)


class Styles:
    """The formats of one workbook; equal ones are made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _make(self, **properties: Any) -> Format:
        full = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(full)
        return self._made[key]

    def title(self) -> Format:
        """The sheet's title."""
        return self._make(bold=True, font_size=15, font_color=TITLE_INK)

    def heading(self) -> Format:
        """A heading inside 填报说明."""
        return self._make(bold=True, font_size=11, font_color=TITLE_INK)

    def remark(self, indent: int = 0) -> Format:
        """Small grey words: guide and unit line."""
        return self._make(font_color=NOTE_INK, indent=indent)

    def header(self, required: bool = False) -> Format:
        """A column header; the required ones have the warmer colour."""
        fill = REQUIRED_FILL if required else HEADER_FILL
        return self._make(bold=True, align="center", text_wrap=True, border=1, border_color=LINE, bg_color=fill)

    def label(self, *, required: bool = False, bold: bool = False, indent: int = 0, align: str = "left") -> Format:
        """A locked cell that is given: row labels, the rows of 评分."""
        fill = REQUIRED_FILL if required else LABEL_FILL
        indent = indent + 1 if align == "left" else 0
        return self._make(
            bold=bold, indent=indent, align=align, text_wrap=True, border=1, border_color=LINE, bg_color=fill
        )

    def requirement(self) -> Format:
        """The words that say what to fill in."""
        return self._make(
            font_color=NOTE_INK,
            text_wrap=True,
            align="left",
            indent=1,
            border=1,
            border_color=LINE,
            bg_color=LABEL_FILL,
        )

    def field(self, kind: Kind, *, bordered: bool, bold: bool = False, align: str = "") -> Format:
        """An unlocked cell an official fills in."""
        align = align or ("right" if kind in _RIGHT else "center" if kind in _CENTRED else "left")
        lines: dict[str, Any] = {"border": 1, "border_color": LINE} if bordered else {}
        wrap = kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.READING, Kind.CHOICE)
        lines["indent"] = 0 if align == "center" else 1
        return self._make(
            locked=False,
            num_format=NUMBER_FORMATS.get(kind, "General"),
            align=align,
            valign="top" if kind is Kind.LONG_TEXT else "vcenter",  # of a text too long for its row the beginning shows
            text_wrap=wrap,
            bold=bold,
            **lines,
        )

    def check(self) -> Format:
        """A locked check cell."""
        return self._make(align="center", text_wrap=True, font_color=NOTE_INK)

    def swatch(self, fill: str, line: str = LINE) -> Format:
        """A sample of a colour, for the legend."""
        return self._make(border=1, border_color=line, bg_color=fill, align="center")

    def text(self) -> Format:
        """Running text of 填报说明."""
        return self._make(text_wrap=True)

    def filled_row(self) -> Format:
        """Lines round the cells of a row in which something is (conditional)."""
        return self._workbook.add_format({"border": 1, "border_color": LINE})

    def missing(self) -> Format:
        """A required cell that is still empty (conditional). A frame and no fill, so that the colour of a returned
        workbook's mark shows."""
        return self._workbook.add_format({"border": 1, "border_color": MISSING_LINE})

    def verdict(self, agrees: bool) -> Format:
        """The words 相符 and 相差 (conditional)."""
        return self._workbook.add_format({"font_color": AGREES_INK if agrees else DIFFERS_INK, "bold": not agrees})
