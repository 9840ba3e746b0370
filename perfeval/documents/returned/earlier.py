"""Takes the marks of an earlier round out of a workbook: our page, our comments, our colours."""

from perfeval.documents.returned.list_sheet import ListRead, read_memories
from perfeval.excel.patch.boxes import is_empty, remove_boxes
from perfeval.excel.patch.cells import EMPTY_ROW, MADE, NEW_ROW, PLAIN, Change, FoundRow, Place, Rows, open_sheet
from perfeval.excel.patch.comments import HEADING, clear_comments
from perfeval.excel.patch.parts import Parts
from perfeval.excel.patch.splice import CannotMark, Document
from perfeval.excel.patch.styles import NO_FILL, Styles
from perfeval.excel.patch.workbook_part import Sheet, Workbook, comment_drawing
from perfeval.model.form import FINDINGS_SHEET


def remove_earlier_marks(workbook: Workbook) -> None:
    """Gives every cell of ours its look back and removes our comments and our page. A workbook without marks stays as
    it is.

    A coloured cell the page does not name (a row was inserted, a cell copied) loses the colour and keeps the rest of
    its look.
    """
    page = _our_page(workbook)
    memories = page[1].memories if page else {}
    styles_part = workbook.parts.related(workbook.part, "styles")
    sheets = [sheet for sheet in workbook.sheets() if sheet.has_cells and (page is None or sheet.part != page[0].part)]
    if styles_part:
        styles = Styles(workbook.parts[styles_part])
        for sheet in sheets:
            own = {place: c for (name, place), c in memories.items() if name == sheet.name}
            try:
                restored = _restore(workbook.parts[sheet.part], own, styles)
            except CannotMark:
                if own:
                    raise
                continue  # a damaged sheet of the official's own: nothing was marked there
            if restored is not None:
                workbook.parts[sheet.part] = restored
        workbook.parts[styles_part] = styles.render()
    for sheet in sheets:
        _clear_sheet_comments(workbook.parts, sheet.part)
    if page:
        workbook.take_out(page[0])


def _our_page(workbook: Workbook) -> tuple[Sheet, ListRead] | None:
    strings = workbook.parts.related(workbook.part, "sharedStrings")
    for sheet in workbook.sheets():
        if sheet.has_cells and sheet.name.startswith(FINDINGS_SHEET):
            read = read_memories(workbook.parts, sheet.part, strings)
            if read.is_ours:
                return sheet, read
    return None


def _restore(data: bytes, memories: dict[Place, Change], styles: Styles) -> bytes | None:
    looks = styles.marked_looks()
    if not looks:
        return None
    document, _ = open_sheet(data)
    rows = Rows(document.data, frozenset(), looks)
    for row in rows.rows.values():
        _restore_row(document, row, looks, memories, styles)
    return document.render() if rows.rows else None


def _restore_row(
    document: Document, row: FoundRow, looks: frozenset[int], memories: dict[Place, Change], styles: Styles
) -> None:
    changes = {cell.column: memories.get((row.number, cell.column)) for cell in row.cells if cell.look in looks}
    made = {column: change.was for column, change in changes.items() if change and change.was in MADE}
    gone = [cell for cell in row.cells if cell.column in made and cell.blank]
    if len(gone) == len(row.cells) and NEW_ROW in made.values():
        return document.remove(row.element)
    if len(gone) == len(row.cells) and EMPTY_ROW in made.values():
        return document.collapse(row.element)
    for cell in row.cells:
        if cell in gone:
            document.remove(cell.element)
        elif cell.look in looks:
            document.set_attribute(cell.element, "s", _earlier_look(cell.look, changes[cell.column], styles))


def _earlier_look(look: int, change: Change | None, styles: Styles) -> str | None:
    if change is None:
        return str(styles.filled(look, NO_FILL))
    return None if change.was == PLAIN and change.look == 0 else str(change.look)


def _clear_sheet_comments(parts: Parts, sheet_part: str) -> None:
    comments_part = parts.related(sheet_part, "comments")
    if comments_part is None or HEADING.encode() not in parts[comments_part]:
        return
    cleared = clear_comments(parts[comments_part])
    parts[comments_part] = cleared.data
    drawing_part = comment_drawing(parts, sheet_part)
    if drawing_part:
        parts[drawing_part] = remove_boxes(parts[drawing_part], cleared.gone)
    if cleared.empty:
        _drop_comments(parts, sheet_part, comments_part, drawing_part)


def _drop_comments(parts: Parts, sheet_part: str, comments_part: str, drawing_part: str | None) -> None:
    """No comment is left: the part goes, and the drawing with it if nothing else is drawn there."""
    parts.unrelate(sheet_part, comments_part)
    parts.remove(comments_part)
    if drawing_part is None or not is_empty(parts[drawing_part]):
        return
    document, _ = open_sheet(parts[sheet_part])
    element = document.root.child("legacyDrawing")
    if element is None:
        return
    document.remove(element)
    parts[sheet_part] = document.render()
    parts.unrelate(sheet_part, drawing_part)
    parts.remove(drawing_part)
