"""Parts and wholes: what is far more, or 累计支出数 far less, than what it is a part of."""

from collections.abc import Callable
from decimal import Decimal

from perfeval.checks.magnitude.amounts import OVER_WHOLE, Part, parts
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import Culprit, known
from perfeval.model.numbers import show_amount

NEIGHBOUR = 15  # where one row of 控制支出 is out of scale, another one is taken along from so much less on


def by_parts(book: Book) -> list[Culprit]:
    """The amounts that are far more than what they are a part of; of 累计支出数 also one that is far less."""
    found = []
    for part in parts(book.meant):
        whole = max((cell.value or Decimal(0) for cell in part.whole), default=Decimal(0))
        most = max(entry.value for entry in part.entries)
        if whole and most:
            found.append(_over(book, part, most, whole) or _under(book, part, most, whole))
    return known(found)


def _over(book: Book, part: Part, most: Decimal, whole: Decimal) -> Culprit | None:
    sheet, over = part.entries[0].cell.ref.sheet, book.limit(part.limit)
    if over is None or most <= whole * (over / NEIGHBOUR if _is_small_sort(sheet) and _is_begun(book, sheet) else over):
        return None
    power = _mildest(book, most, whole * over, lambda p: p < 0, reverse=_is_small_sort(sheet))
    grounds = f"与“{_label(part)}”的 {show_amount(whole)} 万元不相称"
    is_part = part.limit == OVER_WHOLE and most > whole
    return _of_part(part, power, f"比“{_label(part)}”的 {show_amount(whole)} 万元还多" if is_part else grounds, is_part)


def _under(book: Book, part: Part, most: Decimal, whole: Decimal) -> Culprit | None:
    under = book.limit("indicator_under")
    if not part.is_cumulative or under is None or most >= whole * under * 4 or most >= _spent_by_then(book, part):
        return None
    power = _mildest(book, most, whole, lambda p: p > 0, reverse=True)
    return _of_part(part, power, f"比“{_label(part)}”的 {show_amount(whole)} 万元少得多", False)


def _of_part(part: Part, power: int, grounds: str, certain: bool) -> Culprit | None:
    return Culprit(tuple(e for e in part.entries if e.value), power, grounds, certain) if power else None


def _is_small_sort(sheet: str) -> bool:
    """控制支出 is a very small part of the whole: a larger factor is the more likely one."""
    return sheet == "控制支出"


def _is_begun(book: Book, sheet: str) -> bool:
    """Whether another row of the sheet is in another unit for certain."""
    return any(c.certain and c.entries[0].cell.ref.sheet == sheet for c in book.found)


def _mildest(book: Book, most: Decimal, whole: Decimal, wanted: Callable[[int], bool], reverse: bool) -> int:
    """The smallest change of unit that makes a part no more than its whole; `reverse`: the largest; where 收支 is in
    another unit, that one."""
    fitting = [p for p in book.steps if wanted(p) and most.scaleb(p) <= whole * Decimal("1.05")]
    if book.head is not None and book.head.power in fitting:
        return book.head.power
    return next(iter(sorted(fitting, key=abs, reverse=reverse)), 0)


def _label(part: Part) -> str:
    return part.whole[0].label.split()[0] if len(part.whole) > 2 else part.whole[0].label


def _spent_by_then(book: Book, part: Part) -> Decimal:
    """What wages alone come to by that month, taken at less than a third."""
    ref = part.entries[0].cell.ref
    month = next((row.month.value or 0 for row in book.meant.progress if row.spent.ref == ref), 0)
    return (book.meant.money.basic_expenditure.final.value or Decimal(0)) * month / 40
