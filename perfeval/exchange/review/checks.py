"""Is a reviewed score workbook honest and sound: nothing changed but the reviewer's columns, every score in range,
every change with a reason."""

from collections.abc import Iterator

from perfeval.documents.score_workbook.layout import TREE
from perfeval.documents.score_workbook.tree import OPINION, REVIEW
from perfeval.exchange.review.lines import Line, Unit, open_cells
from perfeval.exchange.review.read import Cells, ReadBook, Uncalculated, said, same
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.numbers import half_up, show_number, show_points

REVIEW_LABEL, OPINION_LABEL = "复核得分", "复核意见"
EXTRA_SHEET, LOST_SHEET = "出评分表时没有，是后来加上的", "出评分表时有，现在不见了"
MANY = 20  # changed cells of a sheet; more are one finding: a row or a column was put in or taken out


def changed_cells(reviewed: ReadBook, issued: ReadBook) -> Iterator[Finding]:
    """Every cell outside the reviewer's columns that is not as it was issued."""
    for sheet in [
        *issued.sheets,
        *(name for name in reviewed.sheets if name not in issued.sheets and reviewed.sheets[name]),
    ]:
        if sheet not in reviewed.sheets:
            yield make("REVIEW_012", CellRef(sheet, 1, 1), found=sheet, state=LOST_SHEET)
        elif sheet not in issued.sheets:
            yield make("REVIEW_012", CellRef(sheet, 1, 1), found=sheet, state=EXTRA_SHEET)
        else:
            yield from _reported(tuple(_changed(sheet, reviewed.sheets[sheet], issued)))


def _reported(changes: tuple[Finding, ...]) -> Iterator[Finding]:
    """Each changed cell; of a sheet with very many of them all in one sentence."""
    if len(changes) <= MANY:
        yield from changes
        return
    places = [finding.ref for finding in changes if finding.ref]
    cells = "、".join(place.address for place in places)
    yield make("REVIEW_013", places[0], found=f"{len(places)} 个单元格", cells=cells)


def _changed(sheet: str, reviewed: Cells, issued: ReadBook) -> Iterator[Finding]:
    """A formula that was saved without being calculated is the same formula or it is changed."""
    due_cells, formulas = issued.sheets[sheet], issued.formulas[sheet]
    free = open_cells(due_cells) if sheet == TREE else frozenset()
    for place in sorted((reviewed.keys() | due_cells.keys()) - free):
        found, due = reviewed.get(place), due_cells.get(place)
        agrees = found.formula == formulas.get(place) if isinstance(found, Uncalculated) else same(found, due)
        if not agrees:
            yield make("REVIEW_001", CellRef(sheet, *place), found=said(found), expected=said(due))


def review_findings(units: tuple[Unit, ...]) -> Iterator[Finding]:
    """What is wrong with the reviewer's own entries."""
    for unit in units:
        for line in [unit.head, *unit.lines, unit.sum]:
            if line is not None:
                yield from _of_line(unit, line)
    lines = [line for unit in units for line in [unit.head, *unit.lines, unit.sum] if line is not None]
    if lines and all(line.review is None and not line.opinion for line in lines):
        yield make("REVIEW_010", None)


def _of_line(unit: Unit, line: Line) -> Iterator[Finding]:
    place = line.ref(REVIEW)
    if line.review is None:
        return
    if line.filled is None:
        yield make("REVIEW_003", place, found=said(line.review), expected="一个数", label=REVIEW_LABEL, item=line.name)
    elif not line.counts:
        due = _sum(unit, line)
        if due != show_number(half_up(line.filled)):
            yield make("REVIEW_005", place, found=said(line.review), expected=due, label=REVIEW_LABEL, item=line.name)
    elif line.maximum is None or not 0 <= line.filled <= line.maximum:
        maximum = show_points(line.maximum)
        due = f"0 到 {maximum}"
        yield make(
            "REVIEW_002",
            place,
            found=said(line.review),
            expected=due,
            label=REVIEW_LABEL,
            item=line.name,
            maximum=maximum,
        )
    elif line.is_changed and not line.opinion:
        change = f"的计算得分是 {show_points(line.computed)}，复核得分填了 {show_points(line.filled)}"
        cell = line.ref(OPINION)
        yield make(
            "REVIEW_004", cell, found="", expected="改分的理由", label=OPINION_LABEL, item=line.name, change=change
        )


def _sum(unit: Unit, line: Line) -> str:
    """What a line that is a sum of others comes to."""
    if line is unit.head:
        return "空白"
    points = unit.reviewed_total if line is unit.sum else half_up(unit.subtotal(line.code))
    return "未评分" if points is None else show_number(points)
