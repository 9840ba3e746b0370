"""Last year's workbook beside this one: a sheet, or a row, that differs from it only by its unit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from perfeval.checks.magnitude.amounts import Entry, project_entries
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import HUNDREDTH, SURE, Culprit, known, middle, times
from perfeval.checks.money.sums import COLUMNS, amount
from perfeval.model.names import plain_name
from perfeval.model.numbers import CENT, show_number
from perfeval.model.submission import Amount, ManagementRow, Submission

FEWEST, TELLING = 3, 3  # amounts that show a small factor; digits of an amount that is no coincidence
MOST = Decimal("0.6")  # of the rows of a sheet


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount above 0 and what it was last year."""

    entry: Entry
    then: Decimal

    @property
    def ratio(self) -> Decimal:
        """How many times last year's it is."""
        return self.entry.value / self.then

    def meets(self, power: int, share: Decimal) -> bool:
        """Whether in another unit it is last year's, to so small a share."""
        return abs(self.ratio.scaleb(power) - 1) <= share


Row = list[Pair]


def by_last_year(book: Book) -> list[Culprit]:
    """Sheets first, then rows. 收支 as a whole is looked at before all else, its cells by their sums."""
    if book.last is None or book.filed.is_project_kind != book.last.is_project_kind:
        return []
    growth = _growth(book.meant, book.last)
    found: list[Culprit | None] = []
    for sheet, rows in _sheets(book.meant, book.last).items():
        alike = _sheet(book, sheet, rows, growth)
        found += [alike] if alike else [_row(book, row, growth) for row in rows]
    return known(found)


def _growth(now: Submission, last: Submission) -> Decimal:
    """How many times last year's 支出合计 this year's is; 1 where that is not known."""
    both = [middle(amount(one.money.expenditure_total, column) for column in COLUMNS) for one in (now, last)]
    return both[0] / both[1] if all(both) else Decimal(1)


def _sheet(book: Book, sheet: str, rows: list[Row], growth: Decimal) -> Culprit | None:
    """A sheet of several rows whose amounts are in the same other unit: all of them, or most."""
    for power in book.steps:
        alike = [row for row in rows if _are_alike(book, row, power, growth)]
        pairs = [pair for row in alike for pair in row]
        if len(pairs) >= FEWEST and len(alike) >= max(_fewest_rows(sheet, power), MOST * len(rows)):
            entries = book.of_sheet(sheet) if len(alike) == len(rows) else tuple(pair.entry for pair in pairs)
            return Culprit(entries, power, _grounds(pairs, power), certain=False)
    return None


def _fewest_rows(sheet: str, power: int) -> Decimal:
    """Two projects may well have grown tenfold at once."""
    return Decimal(3 if sheet == "项目" and abs(power) < SURE else 2)


def _row(book: Book, row: Row, growth: Decimal) -> Culprit | None:
    steps = (p for p in book.steps if _are_alike(book, row, p, growth) and _is_telling(book, row, p))
    power = next(steps, 0)
    return Culprit(tuple(p.entry for p in row), power, _grounds(row, power), certain=False) if power else None


def _are_alike(book: Book, pairs: Row, power: int, growth: Decimal) -> bool:
    """Whether all are in that unit beside last year's, and also if they grew as all expenditure did."""
    return all(book.is_about(p.ratio, power) and book.is_about(p.ratio / growth, power) for p in pairs)


def _is_telling(book: Book, row: Row, power: int) -> bool:
    """Whether one row alone shows it: it may have grown or shrunk as much. A small factor has to hold to the digit, a
    large one nearly, or the figures have to be of a size nobody has."""
    if abs(power) < SURE:
        exact = [p for p in row if p.meets(power, Decimal(0)) and len(p.then.normalize().as_tuple().digits) >= TELLING]
        return len(exact) > 1
    usual, most = book.limit("usual_in_yuan"), max(p.entry.value for p in row)
    is_odd = most < CENT if power > 0 else usual is not None and most >= usual
    return is_odd or any(p.meets(power, 2 * HUNDREDTH) for p in row)


def _grounds(pairs: Row, power: int) -> str:
    shown = "、".join(dict.fromkeys(show_number(pair.then) for pair in pairs[:FEWEST]))
    more = f"等 {len(pairs)} 个数" if len(pairs) > FEWEST else ""
    return f"与上年填报的 {shown} 万元{more}相差约 {times(abs(power))}倍"


def _sheets(now: Submission, last: Submission) -> Mapping[str, list[Row]]:
    """The rows of each sheet that last year has too, as pairs."""
    rows = [
        *_cuts(now, last),
        *_controlled(now, last),
        *_management(now, last),
        *_projects(now, last),
    ]
    sheets: dict[str, list[Row]] = {}
    for row in rows:
        paired = [Pair(entry, then.value) for entry, then in row if entry.value and then.value and then.value > 0]
        if paired:
            sheets.setdefault(paired[0].entry.cell.ref.sheet, []).append(paired)
    return sheets


Cells = Iterable[tuple[Entry, Amount]]


def _cuts(now: Submission, last: Submission) -> Iterator[Cells]:
    """上年 is what 本年 was."""
    for row, then in ((now.cut.initial_budget, last.cut.initial_budget), (now.cut.executed, last.cut.executed)):
        yield [(Entry(cell, row.note), then.current) for cell in (row.previous, row.current)]


def _controlled(now: Submission, last: Submission) -> Iterator[Cells]:
    known_items = {plain_name(item.name.value): item for item in last.controlled_items if item.name.value}
    for item in now.controlled_items:
        then = known_items.get(plain_name(item.name.value or ""))
        if then is not None:
            yield [(Entry(item.budget, item.note), then.budget), (Entry(item.executed, item.note), then.executed)]


def _management(now: Submission, last: Submission) -> Iterator[Cells]:
    for field in fields(now.management):
        row, then = (getattr(one.management, field.name) for one in (now, last))
        assert isinstance(row, ManagementRow)
        if not field.name.startswith("reports_"):  # counted, not paid
            yield [(Entry(row.value, row.note), then.value)]


def _projects(now: Submission, last: Submission) -> Iterator[Cells]:
    known_projects = {plain_name(p.name.value): p for p in last.projects if p.name.value}
    for project in now.projects:
        then = known_projects.get(plain_name(project.name.value or ""))
        if then is not None:
            cells = (entry.cell for entry in project_entries(then))
            yield zip(project_entries(project), cells, strict=True)
