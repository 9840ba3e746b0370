"""收支 against the staff and against last year. Where it is in another unit as a whole, so is every sheet that nothing
else speaks for."""

from decimal import Decimal

from perfeval.checks.magnitude.amounts import OVER_WHOLE, Entry, parts
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.by_targets import power_by_targets
from perfeval.checks.magnitude.culprit import HALF_MORE, SURE, Culprit, is_answered, middle, times
from perfeval.checks.money.sums import COLUMNS, amount, money_sums
from perfeval.model.numbers import half_up, show_amount, show_number
from perfeval.model.submission import Submission

FEWEST = 20  # different amounts whose last digits are no chance


def whole(book: Book) -> Culprit | None:
    """收支 whose 基本支出 for each of the staff, or whose size, no department has, or that is far from last year's."""
    power = _power_by_staff(book)
    if power:
        return Culprit(book.of_sheet("收支"), power, _by_staff(book, power), certain=False, about_all=True)
    return _by_last_year(book) or _by_size(book) or _by_second_witness(book)


def _power_by_staff(book: Book) -> int:
    """The power of ten that brings 基本支出 per head between the limits; 0 where it lies there, or is not known."""
    low, high, staff, spent = *_staff_limits(book), heads(book.filed), _basic(book.filed)
    if low is None or high is None or not staff or not spent or low <= spent / staff <= high:
        return 0
    too_much = spent / staff > high
    if not too_much and _total(book.filed) / staff > 2 * low:
        return 0  # the staff may be paid by another department
    fitting = (p for p in book.steps if (p < 0) == too_much and low <= (spent / staff).scaleb(p) <= high)
    return next(iter(sorted(fitting, key=lambda p: abs(abs(p) - SURE))), 0)  # 元 for 万元 before all others


def _staff_limits(book: Book) -> tuple[Decimal | None, Decimal | None]:
    return book.limit("basic_per_head_low"), book.limit("basic_per_head_high")


def heads(submission: Submission) -> int:
    """年末实有人数, else the posts."""
    basic = submission.basic
    posts = (basic.administrative_posts, basic.worker_posts, basic.institution_posts)
    return basic.staff.value or sum(post.value or 0 for post in posts)


def _basic(submission: Submission) -> Decimal:
    """基本支出: the middle one of its columns, so that one odd cell is not taken for the whole."""
    return middle(amount(submission.money.basic_expenditure, column) for column in COLUMNS)


def _total(submission: Submission) -> Decimal:
    """支出合计, likewise."""
    return middle(amount(submission.money.expenditure_total, column) for column in COLUMNS)


def _by_staff(book: Book, power: int) -> str:
    spent, staff = _basic(book.filed), heads(book.filed)
    each = half_up(spent / staff, 2 if spent >= staff else 6)
    what = f"基本支出 {show_number(spent)} 万元，人员 {staff} 人，人均 {show_number(each)} 万元"
    return f"{what}，与人数不相称；换算后人均 {show_amount((spent / staff).scaleb(power))} 万元"


def _by_last_year(book: Book) -> Culprit | None:
    """A department's wages for each of the staff and all it spends are about last year's, or in another unit. Without
    the staff of both years a small factor may be a department that grew."""
    last, now = book.last, book.filed
    if last is None or now.is_project_kind or not (_basic(now) and _basic(last) and _total(now) and _total(last)):
        return None
    staff = [heads(one) for one in (now, last)]
    each = _basic(now) / _basic(last) * (Decimal(staff[1]) / staff[0] if all(staff) else 1)
    whole = _total(now) / _total(last)
    steps = (p for p in book.steps if all(staff) or abs(p) >= SURE)
    power = next((p for p in steps if book.is_about(each, p) and book.is_about(whole, p)), 0)
    wages = f"基本支出 {show_number(_basic(now))} 万元，上年是 {show_number(_basic(last))} 万元"
    grounds = (
        f"{wages}，相差约 {times(abs(power))}倍，人数没有这样的变化"
        if all(staff)
        else f"{wages}，相差约 {times(abs(power))}倍"
    )
    return Culprit(book.of_sheet("收支"), power, grounds, certain=False, about_all=True) if power else None


def _by_size(book: Book) -> Culprit | None:
    """An expenditure, or without 收支 a project, larger than any department's; the staff is the better witness."""
    if any(is_plausible(book, column) for column in COLUMNS):
        return None
    limit, sheet = book.limit("department_total_high"), "项目" if book.filed.is_project_kind else "收支"
    entries = book.of_sheet(sheet)
    most = max((entry.value for entry in entries), default=Decimal(0))
    if limit is None or most <= limit or _is_lone(most, entries):
        return None
    power = next((p for p in sorted(book.steps, reverse=True) if p < 0 and most.scaleb(p) <= limit / 10), 0)
    grounds = f"最大的一笔 {show_amount(most)} 万元，超过了一个部门可能有的数"
    return Culprit(entries, power, grounds, certain=False, about_all=True) if power else None


def _by_second_witness(book: Book) -> Culprit | None:
    """A small factor that no department is impossible with. What speaks for it may be true of one all the same, so who
    writes 金额单位 has answered."""
    if book.filed.basic.money_unit.is_read:
        return None
    power, grounds = power_by_targets(book)
    if not power:
        power, grounds = _by_digits(book)
    entries = book.of_sheet("项目" if book.filed.is_project_kind else "收支")
    return Culprit(entries, power, grounds, certain=False, about_all=True) if power else None


def _by_digits(book: Book) -> tuple[int, str]:
    """千元: wages that only few departments have, and amounts that all miss the digit those of 万元 end with: 1240.37
    万元 are 12403.7 千元, 1240 are 12400."""
    usual, staff, spent = book.limit("basic_per_head_usual"), heads(book.filed), _basic(book.filed)
    places = [-int(amount.normalize().as_tuple().exponent) for amount in {entry.value for entry in book.entries}]
    most = max(places, default=0)
    is_telling = len(places) >= FEWEST and (most < 0 or (most == 1 and places.count(1) * 2 > len(places)))
    if usual is None or not staff or spent <= usual * staff or not is_telling:
        return 0, ""
    ends = "都是 10 的倍数" if most < 0 else "都没有第二位小数"
    return -1, f"{_by_staff(book, -1)}，全部 {len(places)} 个不同的金额又{ends}"


def _is_lone(most: Decimal, entries: tuple[Entry, ...]) -> bool:
    """One cell (with its total) that is out of line with all others is reported by what it is beside."""
    return sum(entry.value * 1000 > most for entry in entries) <= 2 < len(entries)


def is_plausible(book: Book, column: str) -> bool:
    """Whether 基本支出 of a column is what a department spends on its staff."""
    low, high, staff = *_staff_limits(book), heads(book.filed)
    spent = amount(book.meant.money.basic_expenditure, column).value
    return bool(low is not None and high is not None and staff and spent and low <= spent / staff <= high)


def with_the_whole(book: Book) -> tuple[Culprit, ...]:
    """Where 收支 as a whole is in another unit, so is every sheet that nothing else speaks for."""
    head = book.head
    if head is None:
        return tuple(book.found)
    silent = tuple(entry for sheet in _sheets_along(book, head.power) for entry in book.of_sheet(sheet))
    alike = [c for c in book.found if c.power == head.power and not is_answered(c)]
    entries = tuple(
        dict.fromkeys(entry for c in (*alike, Culprit(silent, head.power, "", False)) for entry in c.entries)
    )
    book.read_as({entry.cell.ref: head.power for entry in silent})
    kept = tuple(e for e in entries if book.powers.get(e.cell.ref) == head.power)
    whole = Culprit(kept, head.power, head.grounds, certain=False, about_all=True)
    return (whole, *(c for c in book.found if c not in alike and _stays(book, c)))


def _sheets_along(book: Book, power: int) -> list[str]:
    """The silent sheets in the same unit. None where 项目 is not: 收支 may then be the only one."""
    against = {sheet: _speaks_against(book, sheet, power) for sheet in _silent_sheets(book)}
    return [] if against.get("项目") else [sheet for sheet, speaks in against.items() if not speaks]


def _silent_sheets(book: Book) -> list[str]:
    sheets = dict.fromkeys(entry.cell.ref.sheet for entry in book.entries)
    return [s for s in sheets if not any(e.cell.ref in book.powers for e in book.of_sheet(s))]


def _speaks_against(book: Book, sheet: str, power: int) -> bool:
    """Whether a sheet fits 收支 as it is meant, and would not if it were in the other unit too."""
    money, most = book.meant.money, max(entry.value for entry in book.of_sheet(sheet))
    whole, wages = (
        middle(getattr(row, c) for c in COLUMNS) for row in (money.expenditure_total, money.basic_expenditure)
    )
    if sheet == "项目":
        return all(found.agrees for found in money_sums(book.meant) if found.code == "MONEY_006")
    if power > 0:
        mine = (p for p in parts(book.meant) if p.limit == OVER_WHOLE and p.entries[0].cell.ref.sheet == sheet)
        return any(e.value.scaleb(power) > whole * HALF_MORE for part in mine for e in part.entries)
    if sheet == "支出进度":
        return most <= whole * HALF_MORE
    return most.scaleb(power) < wages / (500 if sheet == "管理数据" else 5000)


def _stays(book: Book, culprit: Culprit) -> bool:
    """Not one that only took back what the whole had changed: those cells are right as filed."""
    return any(book.powers.get(ref) for ref in culprit.powers) or is_answered(culprit)
