"""How cells look in the workbooks perfeval writes itself: one font, one kind of border, a look for each kind of
value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

FONT = {"font_name": "宋体", "font_size": 10, "font_scheme": "none"}
BORDER = {"border": 1, "border_color": "#808080", "valign": "vcenter"}
LINKED: Mapping[str, Any] = {"font_color": "#0000EE", "underline": 1}
HEAD_FILL, TOTAL_FILL, INPUT_FILL = "#D9E2F3", "#EDEDED", "#FFF8DC"


class Look(NamedTuple):
    """A cell format's properties, whether text wraps in it, and for numbers the digits shown: words in their place look
    as `word` does."""

    properties: Mapping[str, Any]
    wraps: bool = False
    digits: str = ""


LOOKS: Mapping[str, Look] = {
    "text": Look({**BORDER, "text_wrap": True}, wraps=True),
    "line": Look({**BORDER}),
    "word": Look({**BORDER, "text_wrap": True, "align": "center"}, wraps=True),
    "amount": Look({**BORDER, "num_format": "#,##0.00", "align": "right"}, digits=",.2f"),
    "points": Look({**BORDER, "num_format": "0.00", "align": "right"}, digits=",.2f"),
    "difference": Look({**BORDER, "num_format": "+0.00;-0.00;0.00", "align": "right"}, digits=",.2f"),
    "rate": Look({**BORDER, "num_format": "0.00%", "align": "right"}, digits=",.4f"),
    "count": Look({**BORDER, "num_format": "0", "align": "right"}, digits="f"),
    "number": Look({**BORDER, "align": "right"}, digits="f"),
    "link": Look({**BORDER, "text_wrap": True, "align": "center", **LINKED}, wraps=True),
    "jump": Look({**BORDER, "text_wrap": True, **LINKED}, wraps=True),
    "head": Look({**BORDER, "text_wrap": True, "align": "center", "bold": True, "bg_color": HEAD_FILL}, wraps=True),
    "title": Look({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
    "section": Look({"bold": True, "font_size": 11, "valign": "vcenter"}),
    "note": Look({"font_size": 9, "valign": "vcenter"}),
}

StyleKey = str | tuple[Any, ...]  # a look's name, or the name followed by (property, value) pairs


@dataclass(frozen=True, slots=True)
class Style:
    """A look in one workbook. `digits` says how wide a number is; `words` is the style of words in a number's place,
    None where text is at home."""

    form: Format
    wraps: bool
    digits: str
    words: StyleKey | None


class Styles(dict[StyleKey, Style]):
    """A workbook's styles, each made when it is first asked for."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        super().__init__()
        self._book = book

    def __missing__(self, key: StyleKey) -> Style:
        parts: tuple[Any, ...] = (key,) if isinstance(key, str) else key
        name, *extra = parts
        look = LOOKS[name]
        form = self._book.add_format({**look.properties, **dict(extra)})
        words = (("word", *extra) if extra else "word") if look.digits else None
        style = self[key] = Style(form, look.wraps, look.digits or "f", words)
        return style
