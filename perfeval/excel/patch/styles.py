"""The styles part: looks are appended, never renumbered, so that every cell that is not marked keeps its own."""

from collections.abc import Mapping
from typing import Final

from perfeval.excel.patch.splice import MAIN, Document, Element, retag
from perfeval.findings.finding import Severity

# Of three brightnesses, so that a black-and-white print keeps them apart; unusual enough that nobody else's cell has
# exactly them.
MARK_COLOURS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "FFF59A93",
    Severity.QUESTION: "FFFFDA61",
    Severity.NOTICE: "FFD9E9F7",
}
NO_FILL = 0  # the first fill of every styles part is “none” (ECMA-376 part 1, 18.8.20)

MINIMAL = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}"></styleSheet>'.encode()
_DEFAULTS = {
    "fonts": ['<font><sz val="11"/><name val="宋体"/></font>'],
    "fills": ['<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'],
    "borders": ["<border><left/><right/><top/><bottom/><diagonal/></border>"],
    "cellXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
}
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")


class Styles:
    """The looks of a workbook by number, and the ones appended to them."""

    def __init__(self, data: bytes) -> None:
        self._document = Document(data)
        self._entries: dict[str, list[str]] = {}
        self._given: dict[str, int] = {}
        for name, defaults in _DEFAULTS.items():
            container = self._container(name)
            self._entries[name] = [self._document.source(e) for e in container.children] if container else []
            self._given[name] = len(self._entries[name])
            self._entries[name] = self._entries[name] or list(defaults)

    def _container(self, name: str) -> Element | None:
        return self._document.root.child(name)

    def mark_fill(self, severity: Severity) -> int:
        """The number of the fill that marks a cell of that severity."""
        return self.fill(MARK_COLOURS[severity])

    def fill(self, rgb: str) -> int:
        """The number of a plain fill."""
        colours = f'<fgColor rgb="{rgb}"/><bgColor indexed="64"/>'
        return self._number("fills", f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>')

    def font(self, name: str, size: int, *, bold: bool = False, underline: bool = False, rgb: str = "FF000000") -> int:
        """The number of a font."""
        words = f"{'<b/>' * bold}{'<u/>' * underline}"
        return self._number("fonts", f'<font>{words}<sz val="{size}"/><color rgb="{rgb}"/><name val="{name}"/></font>')

    def thin_border(self, rgb: str) -> int:
        """The number of a thin line on all four sides."""
        sides = "".join(
            f'<{side} style="thin"><color rgb="{rgb}"/></{side}>' for side in ("left", "right", "top", "bottom")
        )
        return self._number("borders", f"<border>{sides}<diagonal/></border>")

    def look(self, *, font: int, fill: int = NO_FILL, border: int = 0, alignment: str = "") -> int:
        """The number of a cell format made of the parts given; `alignment` are the attributes of its alignment."""
        numbers = f'numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}"'
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        return self._number("cellXfs", f"<xf {numbers} {applied}><alignment {alignment}/></xf>")

    def filled(self, look: int, fill: int) -> int:
        """The number of a cell format like `look` in all but its fill."""
        looks = self._entries["cellXfs"]
        source = looks[look] if look < len(looks) else looks[0]
        return self._number("cellXfs", retag(source, {"fillId": str(fill), "applyFill": "1"}))

    def marked_looks(self) -> frozenset[int]:
        """The cell formats that have one of our fills."""
        fills = self._container("fills")
        ours = {number for number, fill in enumerate(fills.children if fills else ()) if _is_ours(fill)}
        looks = self._container("cellXfs")
        return frozenset(
            n for n, xf in enumerate(looks.children if looks else ()) if int(xf.attributes.get("fillId", "0")) in ours
        )

    def _number(self, name: str, xml: str) -> int:
        entries = self._entries[name]
        written = self._document.qualified(xml).decode()
        if written not in entries:
            entries.append(written)
        return entries.index(written)

    def render(self) -> bytes:
        """The part with what was appended."""
        for place, name in enumerate(_ORDER):
            added = self._entries.get(name, [])[self._given.get(name, 0) :]
            container = self._container(name)
            if not added:
                continue
            if container is None:
                xml = f'<{name} count="{len(self._entries[name])}">{"".join(added)}</{name}>'
                self._document.insert_child(self._document.root, xml, frozenset(_ORDER[:place]))
            else:
                self._document.append(container, "".join(added))
                if "count" in container.attributes:
                    self._document.set_attribute(container, "count", str(len(self._entries[name])))
        return self._document.render()


def _is_ours(fill: Element) -> bool:
    pattern = fill.child("patternFill")
    colour = pattern.child("fgColor") if pattern else None
    return colour is not None and colour.attributes.get("rgb", "").upper() in MARK_COLOURS.values()
