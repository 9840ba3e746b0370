"""Paragraphs and tables of a template as WordprocessingML."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

# the style of lines that vanish from the document: small and grey, so that the wording stands out in the template
TAG = "Tag"


def paragraph(text: str, style: str = "Normal", properties: str = "") -> str:
    """One paragraph; `properties` are further w:pPr children (a section's end, a page break)."""
    style = TAG if text.startswith(("{%p", "{%tr", "{#p")) else style
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{run}</w:p>'


def paragraphs(text: str, style: str = "Normal") -> str:
    """One paragraph a line."""
    return "".join(paragraph(line.strip(), style) for line in text.strip().splitlines())


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a row: its tags or words, its style, how many columns it spans, and whether it starts or continues a
    vertical merge."""

    text: str
    style: str = "TableText"
    span: int = 1
    merge: str = ""  # restart | continue


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `header` rows repeat on every page."""

    slots: Sequence[Slot]
    header: bool = False


def loop(text: str, columns: int) -> Row:
    """A row that holds only a {%tr … %} tag."""
    return Row((Slot(text, span=columns),))


def heads(*texts: str) -> tuple[Slot, ...]:
    """Header cells of one column each."""
    return tuple(Slot(text, "TableHead") for text in texts)


BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def table(widths: Sequence[int], rows: Sequence[Row]) -> str:
    """A table of fixed column widths (twips), no row broken across pages."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc'
        f' w:val="center"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57"'
        ' w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_row(row, widths) for row in rows)}</w:tbl>"
    )


def _row(row: Row, widths: Sequence[int]) -> str:
    cells, column = [], 0
    for slot in row.slots:
        cells.append(_cell(slot, sum(widths[column : column + slot.span])))
        column += slot.span
    if column != len(widths):
        raise ValueError(f"a row of {column} columns in a table of {len(widths)}")
    header = "<w:tblHeader/>" if row.header else ""
    return (
        '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="454"'
        f' w:hRule="atLeast"/>{header}</w:trPr>{"".join(cells)}</w:tr>'
    )


def _cell(slot: Slot, width: int) -> str:
    span = f'<w:gridSpan w:val="{slot.span}"/>' if slot.span > 1 else ""
    merge = f'<w:vMerge w:val="{slot.merge}"/>' if slot.merge else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph(slot.text, slot.style)}</w:tc>"
    )
