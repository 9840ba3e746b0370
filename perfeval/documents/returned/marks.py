"""Colours the cells of one sheet and writes the comments beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfeval.excel.patch.boxes import VML_TYPE, add_boxes, box, new_drawing
from perfeval.excel.patch.cells import CellPainter, Change, Outline, Place, Rows, open_sheet
from perfeval.excel.patch.comments import COMMENTS_TYPE, EMPTY, add_comments
from perfeval.excel.patch.splice import Document
from perfeval.excel.patch.styles import Styles
from perfeval.excel.patch.workbook_part import Workbook, comment_drawing, relation_prefix
from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.findings.render import ORDER, remedy
from perfeval.model.cells import CellRef
from perfeval.model.text import clean

# CT_Worksheet's order (ECMA-376 part 1, 18.3.1.99): what is before legacyDrawing
_BEFORE_DRAWING = frozenset((
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as reported at one cell: at its own, or at a related one."""

    finding: Finding
    at: CellRef

    @property
    def text(self) -> str:
        """What the comment says: what is there and why it is asked, then how to correct it."""
        finding, own = self.finding, self.finding.ref
        answered = "（已说明）" if finding.answered else ""
        elsewhere = "" if own is None or own == self.at else f"与「{own.sheet}」{own.address} 一起核对。"
        said = f"{SEVERITY_NAMES[finding.severity]}{answered} {finding.code}：{elsewhere}{finding.message}"
        return clean(f"{said}\n{remedy(finding.fix, finding.answer)}".rstrip())


@dataclass(frozen=True, slots=True)
class Marked:
    """What was done to a sheet: the cells with their earlier looks, and those whose conversation was left alone."""

    changes: tuple[Change, ...]
    threaded: frozenset[Place]


def mark_sheet(workbook: Workbook, sheet_part: str, notes: Sequence[Note], styles: Styles) -> Marked:
    """Colours each cell by its gravest finding and writes one comment with all of them. A cell inside a merge is marked
    at the merge's first cell."""
    document, outline = open_sheet(workbook.parts[sheet_part])
    at_cells: dict[Place, list[Note]] = {}
    for note in notes:
        first, _ = outline.merge_around((note.at.row, note.at.column))
        at_cells.setdefault(first, []).append(note)
    rows = Rows(document.data, {row for row, _ in at_cells})
    painter = CellPainter(document, outline, rows)
    changes = tuple(painter.earlier_look(place) for place in sorted(at_cells))
    painter.paint({c.place: styles.filled(c.look, styles.mark_fill(_gravest(at_cells[c.place]))) for c in changes})
    workbook.parts[sheet_part] = document.render()
    texts = {place: "\n\n".join(dict.fromkeys(note.text for note in there)) for place, there in at_cells.items()}
    return Marked(changes, _write_comments(workbook, sheet_part, texts, outline, rows))


def _gravest(notes: Sequence[Note]) -> Severity:
    """An answered question asks for nothing more: it looks like a notice."""
    shown = (Severity.NOTICE if note.finding.answered else note.finding.severity for note in notes)
    return min(shown, key=lambda severity: ORDER[severity])


def _write_comments(
    workbook: Workbook, sheet_part: str, texts: Mapping[Place, str], outline: Outline, rows: Rows
) -> frozenset[Place]:
    parts = workbook.parts
    part = parts.related(sheet_part, "comments")
    added = add_comments(parts[part] if part else EMPTY, texts)
    if part:
        parts[part] = added.data
    elif added.new:
        part = parts.free_name(workbook.inside("comments{}.xml"))
        parts.add(part, added.data, COMMENTS_TYPE)
        parts.relate(sheet_part, "comments", part)
    if added.new:
        drawing = comment_drawing(parts, sheet_part) or _add_drawing(workbook, sheet_part)
        parts[drawing] = add_boxes(
            parts[drawing], [box(place, texts[place], outline, rows.heights) for place in added.new]
        )
    return frozenset(added.threaded)


def _add_drawing(workbook: Workbook, sheet_part: str) -> str:
    parts = workbook.parts
    drawing = parts.free_name(workbook.inside("drawings/vmlDrawing{}.vml"))
    parts.add(drawing, new_drawing(parts[name] for name in parts.names() if name.lower().endswith(".vml")), VML_TYPE)
    relation = parts.relate(sheet_part, "vmlDrawing", drawing)
    document: Document = open_sheet(parts[sheet_part])[0]
    prefix, declared = relation_prefix(document)
    document.insert_child(document.root, f'<legacyDrawing{declared} {prefix}id="{relation}"/>', _BEFORE_DRAWING)
    parts[sheet_part] = document.render()
    return drawing
