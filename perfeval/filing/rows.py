"""One row of a table as typed cells: words filled down inside a merged range, target and actual read together, a
shifted row reported once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perfeval.excel.read import SOUND, RawCell, RawSheet
from perfeval.filing.convert import WORDS, Beside, convert
from perfeval.filing.headers import Found
from perfeval.filing.indicator_row import RowContext, read_pair
from perfeval.filing.typed.choices import choice_of
from perfeval.filing.typed.numbers import comparator_before, is_placeholder, number_of
from perfeval.filing.typed.units import is_unit
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import ABSENT, UNREADABLE, Cell, CellRef
from perfeval.model.form import INDICATORS, NATURES, Field, Kind, Need, Sheet
from perfeval.model.money_units import WAN

JOINT = frozenset(
    {Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.COUNT, Kind.RATE, Kind.READING}
)  # one figure for several rows belongs to none
READING = Kind.READING
TYPED = frozenset(Kind) - WORDS
WRONG_KIND = frozenset({"CELL_002", "CELL_003"})
Cells = dict[str, Cell[Any]]
RawCells = Mapping[str, RawCell]


class Row(NamedTuple):
    """A row that holds something; `cells` by column key."""

    number: int
    cells: Cells


def read_row(
    number: int, raw: RawSheet, cells: RawCells, sheet: Sheet, found: Found, year: int | None, money_unit: str = WAN
) -> tuple[Row, list[Finding]]:
    """The typed row of `cells`, the raw cells of the row that hold something; amounts are there in `money_unit`."""
    findings: list[Finding] = []
    typed: Cells = {}
    if raw.facts.merges:
        cells = _under_merges(number, raw, cells, sheet, found, typed, findings)
    if sheet is INDICATORS:
        cells = _comparator_in_place(number, raw, cells, found, findings)
    beside = Beside(cells["unit"].text if "unit" in cells else "", year, money_unit)
    for field in sheet.fields:
        key = field.key
        if key in typed or (field.kind is READING and key in found.columns):
            continue
        if key in cells:
            typed[key], reported = convert(cells[key], field, field.label, beside)
            findings += reported
        else:
            typed[key] = _nothing(raw, number, found, field)
    if sheet is INDICATORS:
        findings += _read_readings(number, raw, cells, found, typed, year)
    shifted = _shifted(sheet, cells, findings)
    if shifted is not None:
        return Row(number, _unreadable(typed, sheet)), [shifted]
    return Row(number, typed), findings


def _nothing(raw: RawSheet, number: int, found: Found, field: Field) -> Cell[Any]:
    """A cell that is blank, or whose column is not there."""
    column = found.columns.get(field.key)
    if column is None:
        return Cell(CellRef(raw.name, number, 1), field.label, "", None, ABSENT)
    return Cell(CellRef(raw.name, number, column), field.label)


def _under_merges(
    number: int, raw: RawSheet, cells: RawCells, sheet: Sheet, found: Found, typed: Cells, findings: list[Finding]
) -> RawCells:
    """The row as merged ranges make it; cells under a merge that cannot be read go to `typed`, unreadable, with their
    finding."""
    filled = dict(cells)
    for field in sheet.fields:
        column = found.columns.get(field.key)
        merge = raw.merge_at(number, column) if column is not None else None
        if column is None or merge is None or (number, column) == (merge.top, merge.left):
            continue
        top = raw.cell(merge.top, merge.left)
        own = cells.get(field.key)
        if own is None and (
            top.is_blank or (merge.left != column and (field.need is Need.OPTIONAL or field.kind not in JOINT))
        ):
            continue
        if own is None and field.kind not in JOINT:
            filled[field.key] = top._replace(ref=CellRef(raw.name, number, column))
            continue
        cell: Cell[Any] = Cell(
            CellRef(raw.name, number, column), field.label, own.text if own else "", None, UNREADABLE
        )
        typed[field.key] = cell
        findings.append(make("CELL_016" if own else "CELL_021", cell, shown=top.text or "空白", range=merge.address))
    return filled


def _comparator_in_place(
    number: int, raw: RawSheet, cells: RawCells, found: Found, findings: list[Finding]
) -> RawCells:
    """A comparator typed under 计量单位 (≥, ≥个) belongs to 指标性质: it goes there where nothing is, and is left out where
    it is already."""
    unit, nature = cells.get("unit"), cells.get("nature")
    parted = comparator_before(unit.text) if unit is not None else None
    if unit is None or parted is None or "nature" not in found.columns or (parted[1] and not is_unit(parted[1])):
        return cells
    sign, rest = parted
    label = INDICATORS.field("unit").label
    kept = {key: cell for key, cell in cells.items() if key != "unit"} | (
        {"unit": unit._replace(value=rest, text=rest)} if rest else {}
    )
    if nature is not None and choice_of(nature.text, NATURES) != sign:
        findings.append(
            make("CELL_020", unit.ref, found=unit.text, label=label, where=label, comparator=sign, nature=nature.text)
        )
        return kept
    reading = f"指标性质“{sign}”" + (f"，计量单位“{rest}”" if rest else "")
    findings.append(make("CELL_019", unit.ref, found=unit.text, label=label, reading=reading))
    ref = CellRef(raw.name, number, found.columns["nature"])
    return kept if nature is not None else {**kept, "nature": RawCell(ref, sign, sign)}


def _read_readings(
    number: int, raw: RawSheet, cells: RawCells, found: Found, typed: Cells, year: int | None
) -> list[Finding]:
    """指标值 and 实际完成值 together; beside a cell that is not to be read, the other is read as if it were blank."""
    unit = cells["unit"].text if "unit" in cells and not is_placeholder(cells["unit"].text) else ""
    nature: Cell[str] = typed["nature"]
    sides = []
    for key in ("target", "actual"):
        blank = RawCell(CellRef(raw.name, number, found.columns.get(key, 1)), None, "")
        sides.append(blank if key in typed else cells.get(key, blank))
    classes = (typed["level1"].raw, typed["level2"].raw)
    pair = read_pair(sides[0], sides[1], RowContext(nature.value or "", unit, typed["name"].raw, year, classes))
    typed.setdefault("target", pair.target)
    typed.setdefault("actual", pair.actual)
    return list(pair.findings)


def _shifted(sheet: Sheet, cells: RawCells, findings: list[Finding]) -> Finding | None:
    """A row whose cells are one column off: a number where the unit belongs, or two of the wrong kind that fit their
    neighbours' columns."""
    unit = cells.get("unit")
    if unit is not None and (
        isinstance(unit.value, Decimal | date) or (isinstance(unit.value, str) and number_of(unit.value) is not None)
    ):
        return make("CELL_013", unit.ref, found=unit.text, label=sheet.field("unit").label, belongs="计量单位")
    wrong = [f for f in findings if f.code in WRONG_KIND]
    if len(wrong) < 2:
        return None
    if max(_fits(sheet, cells, 1), _fits(sheet, cells, -1)) <= _fits(sheet, cells, 0) + 1:
        return None
    return make("CELL_013", wrong[0].ref, found=wrong[0].found, label=wrong[0].label, belongs=wrong[0].expected)


def _fits(sheet: Sheet, cells: RawCells, step: int) -> int:
    """How many typed columns read well, less those that do not, when every cell is taken for the column `step` to its
    side."""
    good = 0
    for index, field in enumerate(sheet.fields):
        source = index + step
        if field.kind in TYPED - {READING} and 0 <= source < len(sheet.fields):
            cell = cells.get(sheet.fields[source].key)
            if cell is not None and cell.fault is SOUND:
                good += 1 if convert(cell, field, field.label)[0].is_read else -1
    return good


def _unreadable(typed: Cells, sheet: Sheet) -> Cells:
    """In a shifted row nothing but the words where words belong is kept; its blank cells are not asked for either."""
    kept = {f.key for f in sheet.fields if f.kind not in TYPED and f.key != "unit" and typed[f.key].is_read}
    return {
        f.key: typed[f.key] if f.key in kept else typed[f.key]._replace(value=None, state=UNREADABLE)
        for f in sheet.fields
    }
