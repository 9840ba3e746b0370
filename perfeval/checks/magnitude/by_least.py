"""Amounts in too large a unit, where nothing of the same kind is beside them: nobody spends or owns as little."""

from decimal import Decimal

from perfeval.checks.magnitude.amounts import Entry
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import HUNDREDTH, Culprit, known, middle
from perfeval.checks.magnitude.whole import heads
from perfeval.checks.money.sums import COLUMNS, amount
from perfeval.model.numbers import CENT, show_number

ROOM = Decimal("1.05")  # what a part may be above its whole


def by_least(book: Book) -> list[Culprit]:
    """压减 and assets of some yuan for each of the staff; 控制支出 whose every figure is 0.00 when printed in 万元. Where 收支
    itself is in another unit, its power decides."""
    low, staff = book.limit("basic_per_head_low"), heads(book.filed)
    if book.head is not None:
        return []
    least = low * HUNDREDTH * staff if low is not None else Decimal(0)
    spent = middle(amount(book.meant.money.expenditure_total, column) for column in COLUMNS) * ROOM
    each = f"，人员 {staff} 人"
    return known(
        [
            _too_little(book, book.of_sheet("压减"), least, spent, each),
            _too_little(book, book.of_sheet("控制支出"), CENT / 2, spent, ""),
            _too_little(book, _assets(book), least * 2, spent * (book.limit("assets_over_total") or 1), each),
        ]
    )


def _assets(book: Book) -> tuple[Entry, ...]:
    """The assets, and what else of their sheet would not fill one 万元."""
    management = book.meant.management
    owned = {row.value.ref for row in (management.asset_system_value, management.asset_ledger_value)}
    entries = book.of_sheet("管理数据")
    has_assets = any(entry.cell.ref in owned for entry in entries)
    return tuple(entry for entry in entries if has_assets and (entry.cell.ref in owned or entry.value < 1))


def _too_little(book: Book, entries: tuple[Entry, ...], least: Decimal, room: Decimal, beside: str) -> Culprit | None:
    """The largest unit in which the figures are no more than `room`."""
    most = max((entry.value for entry in entries), default=Decimal(0))
    if not most or most >= least or any(entry.cell.ref in book.powers for entry in entries):
        return None
    power = next((p for p in sorted(book.steps, reverse=True) if p > 0 and most.scaleb(p) <= room), 0)
    grounds = f"最大的一笔只有 {show_number(most)} 万元{beside}，一个部门不会这么少"
    return Culprit(entries, power, grounds, certain=False) if power else None
