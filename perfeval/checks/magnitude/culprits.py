"""Which amounts are most likely filled in another unit: the smallest change that makes them fit what they are beside.

Root cause first: the whole 收支 against the staff, then sums that one change of unit makes right, then rows, then what
is more than the whole it is a part of. Each step sees the amounts as the steps before read them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from perfeval.checks.context import Context
from perfeval.checks.indicators.rows import is_cost, unit_of
from perfeval.checks.magnitude.amounts import (
    OVER_WHOLE,
    Entry,
    Family,
    Part,
    families,
    money_entries,
    parts,
    project_entries,
)
from perfeval.checks.money.sums import COLUMNS, Sum, amount, money_sums
from perfeval.model.amounts import with_amounts
from perfeval.model.cells import CellRef
from perfeval.model.money_units import POWERS, WAN, plain
from perfeval.model.numbers import CENT, HALF_UNIT, half_up, show_amount, show_number
from perfeval.model.readings import Number
from perfeval.model.submission import Amount, Indicator, Project, Submission

SURE = 4  # powers of ten: a factor of 10 000 is no chance; a smaller one needs a second witness
MOST_STEPS = 60  # so many changes of unit are looked for in one workbook; the rest are reported one by one
UNIT_IS_RIGHT = "单位无误"  # what answers a question about a unit, as its remedy says
HUNDREDTH = Decimal("0.01")
HALF_MORE = Decimal("1.5")
FAR = 3  # a sum is so many times off where several of its addends are in another unit
NEIGHBOUR = 15  # where one row of 控制支出 is out of scale, another one is taken along from so much less on


@dataclass(frozen=True, slots=True)
class Culprit:
    """Amounts that are meant times ten to the `power`, and why. `certain`: as filed they contradict something.

    `about_all`: the 收支 itself is judged, by the staff or by its size.
    """

    entries: tuple[Entry, ...]
    power: int
    grounds: str
    certain: bool
    about_all: bool = False

    @property
    def powers(self) -> dict[CellRef, int]:
        """For each cell its power of ten."""
        return {entry.cell.ref: self.power for entry in self.entries}


class Search:
    """Looks for culprits in one workbook, step by step; `found` and `powers` grow."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.filed = context.submission
        stated = POWERS[self.filed.money_unit]
        self.steps = tuple(power - stated for power in POWERS.values() if power != stated)
        self.powers: dict[CellRef, int] = {}
        self.found: list[Culprit] = []

    def run(self) -> tuple[Culprit, ...]:
        """The culprits, root causes first."""
        self._note(self._whole())
        for step in (self._sums, self._rows, self._rests, self._wholes, self._sums):
            for _ in range(MOST_STEPS):
                noted = [self._note(culprit) for culprit in step()]
                if not any(noted):
                    break
        return self._with_the_whole()

    def _rests(self) -> list[Culprit]:
        return _known(self._rest_of(project) for project in self.filed.projects)

    def _rest_of(self, project: Project) -> Culprit | None:
        """What was taken back, of a project whose other amounts are all in one other unit."""
        rest = Entry(project.taken_back, project.deviation_reason)
        powers = {self.powers.get(entry.cell.ref, 0) for entry in project_entries(project) if entry.value}
        if not rest.value or rest.cell.ref in self.powers or len(powers) != 1 or not max(powers, key=abs):
            return None
        return Culprit((rest,), powers.pop(), "与同一行的其他金额一样", certain=True)

    def _note(self, culprit: Culprit | None) -> bool:
        if culprit is None or culprit in self.found or any(self._is_changed(r, p) for r, p in culprit.powers.items()):
            return False
        if not self._is_answered(culprit):
            for ref, power in culprit.powers.items():
                self.powers[ref] = self.powers.get(ref, 0) + power
            self.__dict__.pop("meant", None)
        self.found.append(culprit)
        return True

    def _is_changed(self, ref: CellRef, power: int) -> bool:
        """Whether the cell was changed in that direction already: nothing is read twice over."""
        return self.powers.get(ref, 0) * power > 0

    @cached_property
    def meant(self) -> Submission:
        """The workbook as the culprits found so far make it."""
        return self._with(self.powers)

    def _with(self, powers: Mapping[CellRef, int]) -> Submission:
        """The workbook as filed, except for these amounts times their powers of ten."""
        scaled = ((entry, powers.get(entry.cell.ref, 0)) for entry in self.entries)
        return with_amounts(self.filed, {e.cell.ref: plain(e.value.scaleb(power)) for e, power in scaled if power})

    def _limit(self, name: str) -> Decimal | None:
        return self.context.limit(name)

    # 收支 against the staff

    def _whole(self) -> Culprit | None:
        """收支 whose 基本支出 for each of the staff, or whose size, no department has."""
        power = self._power_by_staff()
        if power:
            return Culprit(self._of_sheet("收支"), power, self._by_staff(power), certain=False, about_all=True)
        return self._by_size()

    def _power_by_staff(self) -> int:
        """The power of ten that brings 基本支出 per head between the limits; 0 where it lies there, or is not known."""
        low, high, heads, spent = *self._staff_limits(), self._heads(), self._basic()
        if low is None or high is None or not heads or not spent or low <= spent / heads <= high:
            return 0
        too_much = spent / heads > high
        if not too_much and self._per_head(self.filed.money.expenditure_total, heads) > 2 * low:
            return 0  # the staff may be paid by another department
        fitting = (p for p in self.steps if (p < 0) == too_much and low <= (spent / heads).scaleb(p) <= high)
        return next(iter(sorted(fitting, key=lambda p: abs(abs(p) - SURE))), 0)  # 元 for 万元 before all others

    def _staff_limits(self) -> tuple[Decimal | None, Decimal | None]:
        return self._limit("basic_per_head_low"), self._limit("basic_per_head_high")

    def _heads(self) -> int:
        """年末实有人数, else the posts."""
        basic = self.filed.basic
        posts = (basic.administrative_posts, basic.worker_posts, basic.institution_posts)
        return basic.staff.value or sum(post.value or 0 for post in posts)

    def _basic(self) -> Decimal:
        """基本支出: the middle one of its columns, so that one odd cell is not taken for the whole."""
        row = self.filed.money.basic_expenditure
        return _middle(amount(row, column) for column in COLUMNS)

    def _per_head(self, row: object, heads: int) -> Decimal:
        return _middle(getattr(row, column) for column in COLUMNS) / heads

    def _by_staff(self, power: int) -> str:
        spent, heads = self._basic(), self._heads()
        each = half_up(spent / heads, 2 if spent >= heads else 6)
        what = f"基本支出 {show_number(spent)} 万元，人员 {heads} 人，人均 {show_number(each)} 万元"
        return f"{what}，与人数不相称；换算后人均 {show_amount((spent / heads).scaleb(power))} 万元"

    def _by_size(self) -> Culprit | None:
        """An expenditure, or without 收支 a project, larger than any department's; the staff is the better witness."""
        if any(self._is_plausible(column) for column in COLUMNS):
            return None
        limit, sheet = self._limit("department_total_high"), "项目" if self.filed.is_project_kind else "收支"
        entries = self._of_sheet(sheet)
        most = max((entry.value for entry in entries), default=Decimal(0))
        if limit is None or most <= limit or self._is_lone(most, entries):
            return None
        power = next((p for p in sorted(self.steps, reverse=True) if p < 0 and most.scaleb(p) <= limit / 10), 0)
        grounds = f"最大的一笔 {show_amount(most)} 万元，超过了一个部门可能有的数"
        return Culprit(entries, power, grounds, certain=False, about_all=True) if power else None

    @staticmethod
    def _is_lone(most: Decimal, entries: tuple[Entry, ...]) -> bool:
        """One cell (with its total) that is out of line with all others is reported by what it is beside."""
        return sum(entry.value * 1000 > most for entry in entries) <= 2 < len(entries)

    def _of_sheet(self, sheet: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.cell.ref.sheet == sheet)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every amount that is filled in and not 0."""
        return money_entries(self.filed)

    # sums

    def _sums(self) -> list[Culprit]:
        """The one change of a cell, or of the largest or smallest addends, that makes most wrong sums right."""
        sums = _keyed(self.meant)
        if all(found.agrees for found in sums.values()):
            return []
        wrong = [found for found in sums.values() if not found.agrees]
        best: tuple[tuple[int, int, int], Culprit] | None = None
        for culprit in (found for one in wrong for found in self._changes(one)):
            worth = self._worth(sums, culprit), -culprit.power, -len(culprit.entries)
            if worth[0] > 0 and (best is None or worth > best[0]):
                best = worth, culprit
        return [best[1]] if best else []

    def _worth(self, sums: dict[tuple[str, str], Sum], culprit: Culprit) -> int:
        """How many wrong sums it makes right, less those it makes wrong."""
        powers = {ref: self.powers.get(ref, 0) + power for ref, power in culprit.powers.items()}
        after = _keyed(self._with({**self.powers, **powers}))
        mended = sum(not old.agrees and (key not in after or after[key].agrees) for key, old in sums.items())
        return mended - sum(not new.agrees and (key not in sums or sums[key].agrees) for key, new in after.items())

    def _changes(self, wrong: Sum) -> Iterator[Culprit]:
        slack = CENT * HALF_UNIT * (len(wrong.addends) + 1)
        stated = {wrong.place.ref: wrong.stated, **{a.cell.ref: a.value for a in wrong.addends}}
        for ref, due in wrong.corrections().items():
            for power in self.steps:
                value = stated[ref].scaleb(power)
                if value > 0 and abs(value - due) <= min(slack, value * HUNDREDTH) and self._may_be(ref, power):
                    yield self._culprit_of(wrong, (ref,), power)
        yield from self._several(wrong, slack)

    def _several(self, wrong: Sum, slack: Decimal) -> Iterator[Culprit]:
        """The largest addends together, or for a larger unit the smallest."""
        addends = sorted((a for a in wrong.addends if a.value), key=lambda a: a.value, reverse=True)
        far = wrong.stated > 0 and _apart(max(wrong.computed, CENT), wrong.stated) >= FAR
        if len(addends) < 2 or not far or any(a.sign < 0 for a in wrong.addends):
            return
        for power in self.steps:
            together = Decimal(0)
            for count, addend in enumerate(addends if power < 0 else addends[::-1], 1):
                together += addend.value
                fits = abs(wrong.computed - together + together.scaleb(power) - wrong.stated) <= slack
                if count > 1 and fits and (abs(power) >= SURE or count == len(addends)):
                    chosen = (addends if power < 0 else addends[::-1])[:count]
                    yield self._culprit_of(wrong, tuple(a.cell.ref for a in chosen), power)

    def _culprit_of(self, wrong: Sum, refs: tuple[CellRef, ...], power: int) -> Culprit:
        """Where all addends seem to be too small, it is the column of the sum that is in the smaller unit."""
        entries = tuple(entry for entry in self.entries if entry.cell.ref in refs)
        if power > 0 and len(refs) > 1 and -power in self.steps and not self._is_plausible(wrong.column):
            place = wrong.place.ref
            column = tuple(e for e in self._of_sheet(place.sheet) if e.cell.ref.column == place.column)
            return Culprit(column, -power, self._beside(wrong), certain=True)
        return Culprit(entries, power, self._beside(wrong), certain=True)

    def _is_plausible(self, column: str) -> bool:
        """Whether 基本支出 of a column is what a department spends on its staff."""
        low, high, heads = *self._staff_limits(), self._heads()
        spent = amount(self.meant.money.basic_expenditure, column).value
        return bool(low is not None and high is not None and heads and spent and low <= spent / heads <= high)

    @staticmethod
    def _beside(wrong: Sum) -> str:
        return f"换算后“{wrong.place.label}”与各项之和正好相符"

    def _may_be(self, ref: CellRef, power: int) -> bool:
        """A small factor needs a second witness: the row has to fit better with it."""
        if abs(power) >= SURE:
            return True
        for family in families(self.meant):
            own = next((entry for entry in family.entries if entry.cell.ref == ref), None)
            others = [value for value in _values(family) if own is None or value is not own.cell.value]
            if own is not None and others and len(family.entries) + len(family.beside) > 1:
                return _apart(own.value.scaleb(power), median(others)) < _apart(own.value, median(others))
        return True

    # rows

    def _rows(self) -> list[Culprit]:
        alike = self._limit("unit_tolerance")
        if alike is None:
            return []
        uneven = (family for family in families(self.meant) if _spread(_values(family) or [Decimal(1)]) > 2)
        judged = (self._split(family, alike) or self._odd_one(family) for family in uneven)
        costs = [row for row in self.filed.indicators if is_cost(row) and unit_of(row) == WAN]
        targets = (self._by_target(project, costs) for project in self.meant.projects if costs)
        return [*_known(judged), *_known(targets)]

    def _by_target(self, project: Project, costs: list[Indicator]) -> Culprit | None:
        """A project whose budget is 10 000 times what a 成本指标 of it states in 万元, to the digit."""
        budget = (project.adjusted_budget.value or Decimal(0)).scaleb(-SURE)
        for row in (row for row in costs if row.subject.value == project.name.value):
            stated = row.target.value
            if isinstance(stated, Number) and stated.value == budget > 0 and -SURE in self.steps:
                grounds = f"成本指标“{row.name.raw}”的指标值是 {show_number(stated.value)} 万元"
                return Culprit(tuple(e for e in project_entries(project) if e.value), -SURE, grounds, certain=False)
        return None

    def _split(self, family: Family, alike: Decimal) -> Culprit | None:
        """A row that falls into two groups about 10 000 times apart."""
        entries = sorted((e for e in family.entries if e.value), key=lambda e: e.value)
        values = sorted(_values(family))
        for place in range(1, len(values)):
            low, high = values[:place], values[place:]
            times = median(high) / median(low)
            for power in (p for p in self.steps if abs(p) >= SURE):
                if (
                    Decimal(1) / alike <= times.scaleb(-abs(power)) <= alike
                    and max(_spread(low), _spread(high)) <= alike**2
                ):
                    chosen = [e for e in entries if e.value in (high if power < 0 else low)]
                    if chosen and self._is_the_odd_group(power, chosen, low, high):
                        return self._out_of_line(tuple(chosen), power, low if power < 0 else high)
        return None

    def _is_the_odd_group(self, power: int, chosen: list[Entry], low: list[Decimal], high: list[Decimal]) -> bool:
        """Of the two groups the smaller one; of two equal ones, and where it may well be 元, the one with the larger
        figures."""
        least, usual = self._limit("least_in_yuan"), self._limit("usual_in_yuan")
        asked = least if len(high) == len(low) else usual if len(high) > len(low) else Decimal(0)
        in_yuan = -SURE in self.steps and asked is not None and min(high) >= asked
        if power < 0:
            return in_yuan
        if in_yuan or (any(entry.first for entry in chosen) and not self._meets(chosen, power, high)):
            return False
        small = max(entry.value for entry in chosen).scaleb(power)
        return not all(entry.spent for entry in chosen) or small <= max(high) * Decimal("1.05")

    @staticmethod
    def _meets(chosen: list[Entry], power: int, others: list[Decimal]) -> bool:
        """Whether one of them is then what is beside it, to two hundredths."""
        return any(
            abs(entry.value.scaleb(power) - other) <= other * HUNDREDTH * 2 for entry in chosen for other in others
        )

    def _odd_one(self, family: Family) -> Culprit | None:
        """One amount that another unit, of a factor less than 10 000, makes just what is beside it."""
        for entry in (e for e in family.entries if e.value):
            others = [value for value in _values(family) if value is not entry.cell.value]
            for power in (p for p in self.steps if abs(p) < SURE and others):
                if self._lands_on(entry, power, others, family) or self._holds_what_was_spent(entry, power, family):
                    return self._out_of_line((entry,), power, others)
        return None

    @staticmethod
    def _lands_on(entry: Entry, power: int, others: list[Decimal], family: Family) -> bool:
        """Whether it then is, to the digit, what stands beside it; of a larger family about that; of what was spent: no
        more than the budget."""
        then, pair_of_budgets = entry.value.scaleb(power), len(others) == 1 and any(e.spent for e in family.entries)
        if entry.spent and power < 0:
            return entry.value > 3 * max(others) and max(others) * Decimal("0.3") <= then <= max(others)
        if pair_of_budgets or _spread(others) > 2 or (power > 0 and entry.first):
            return False
        if len(others) > 2:
            return min(_apart(then, other) for other in others) <= HALF_MORE
        return any(then == other and len(other.normalize().as_tuple().digits) >= len(others) + 1 for other in others)

    @staticmethod
    def _holds_what_was_spent(entry: Entry, power: int, family: Family) -> bool:
        """A budget of which more than three times was spent, and which then is enough."""
        spent = next((e.value for e in family.entries if e.spent and e.value), None)
        if spent is None or entry.spent or power < 0 or (entry.first and len(family.entries) > 2):
            return False
        return spent > 3 * entry.value and spent <= entry.value.scaleb(power) <= 3 * spent

    @staticmethod
    def _out_of_line(entries: tuple[Entry, ...], power: int, others: list[Decimal]) -> Culprit:
        shown = "、".join(dict.fromkeys(show_number(value) for value in others))
        grounds = f"与同类的 {shown} 万元相差约 {_times(abs(power))}倍"
        return Culprit(entries, power, grounds, certain=False)

    # parts and wholes

    def _wholes(self) -> list[Culprit]:
        """The amounts that are far more than what they are a part of; of 累计支出数 also one that is far less."""
        found = []
        for part in parts(self.meant):
            whole = max((cell.value or Decimal(0) for cell in part.whole), default=Decimal(0))
            most = max(entry.value for entry in part.entries)
            if whole and most:
                found.append(self._over(part, most, whole) or self._under(part, most, whole))
        return _known(found)

    def _over(self, part: Part, most: Decimal, whole: Decimal) -> Culprit | None:
        sheet, over = part.entries[0].cell.ref.sheet, self._limit(part.limit)
        if over is None or most <= whole * (
            over / NEIGHBOUR if self._is_small_sort(sheet) and self._is_begun(sheet) else over
        ):
            return None
        power = self._mildest(most, whole * over, lambda p: p < 0, reverse=self._is_small_sort(sheet))
        grounds = f"与“{self._label(part)}”的 {show_amount(whole)} 万元不相称"
        is_part = part.limit == OVER_WHOLE and most > whole
        return self._of_part(
            part, power, f"比“{self._label(part)}”的 {show_amount(whole)} 万元还多" if is_part else grounds, is_part
        )

    def _under(self, part: Part, most: Decimal, whole: Decimal) -> Culprit | None:
        under = self._limit("indicator_under")
        if not part.is_cumulative or under is None or most >= whole * under * 4 or most >= self._spent_by_then(part):
            return None
        power = self._mildest(most, whole, lambda p: p > 0, reverse=True)
        return self._of_part(part, power, f"比“{self._label(part)}”的 {show_amount(whole)} 万元少得多", False)

    @staticmethod
    def _of_part(part: Part, power: int, grounds: str, certain: bool) -> Culprit | None:
        return Culprit(tuple(e for e in part.entries if e.value), power, grounds, certain) if power else None

    @staticmethod
    def _is_small_sort(sheet: str) -> bool:
        """控制支出 is a very small part of the whole: a larger factor is the more likely one."""
        return sheet == "控制支出"

    def _is_begun(self, sheet: str) -> bool:
        """Whether another row of the sheet is in another unit for certain."""
        return any(c.certain and c.entries[0].cell.ref.sheet == sheet for c in self.found)

    def _mildest(self, most: Decimal, whole: Decimal, wanted: Callable[[int], bool], reverse: bool) -> int:
        """The smallest change of unit that makes a part no more than its whole; `reverse`: the largest; where 收支 is in
        another unit, that one."""
        fitting = [p for p in self.steps if wanted(p) and most.scaleb(p) <= whole * Decimal("1.05")]
        if self._head is not None and self._head.power in fitting:
            return self._head.power
        return next(iter(sorted(fitting, key=abs, reverse=reverse)), 0)

    @staticmethod
    def _label(part: Part) -> str:
        return part.whole[0].label.split()[0] if len(part.whole) > 2 else part.whole[0].label

    def _spent_by_then(self, part: Part) -> Decimal:
        """What wages alone come to by that month, taken at less than a third."""
        ref = part.entries[0].cell.ref
        month = next((row.month.value or 0 for row in self.meant.progress if row.spent.ref == ref), 0)
        return (self.meant.money.basic_expenditure.final.value or Decimal(0)) * month / 40

    # the whole workbook

    def _with_the_whole(self) -> tuple[Culprit, ...]:
        """Where 收支 as a whole is in another unit, so is every sheet that nothing else speaks for."""
        head = self._head
        if head is None:
            return tuple(self.found)
        silent = tuple(
            entry
            for sheet in self._silent_sheets()
            if not self._speaks_against(sheet, head.power)
            for entry in self._of_sheet(sheet)
        )
        alike = [c for c in self.found if c.power == head.power and not self._is_answered(c)]
        entries = tuple(
            dict.fromkeys(entry for c in (*alike, Culprit(silent, head.power, "", False)) for entry in c.entries)
        )
        self.powers |= {entry.cell.ref: head.power for entry in silent}
        self.__dict__.pop("meant", None)
        kept = tuple(e for e in entries if self.powers.get(e.cell.ref) == head.power)
        whole = Culprit(kept, head.power, head.grounds, certain=False, about_all=True)
        return (whole, *(c for c in self.found if c not in alike and self._stays(c)))

    @property
    def _head(self) -> Culprit | None:
        return next((culprit for culprit in self.found if culprit.about_all), None)

    def _silent_sheets(self) -> list[str]:
        sheets = dict.fromkeys(entry.cell.ref.sheet for entry in self.entries)
        return [s for s in sheets if not any(e.cell.ref in self.powers for e in self._of_sheet(s))]

    def _speaks_against(self, sheet: str, power: int) -> bool:
        """Whether a sheet fits 收支 as it is meant, and would not if it were in the other unit too."""
        money, most = self.meant.money, max(entry.value for entry in self._of_sheet(sheet))
        whole, wages = (
            _middle(getattr(row, c) for c in COLUMNS) for row in (money.expenditure_total, money.basic_expenditure)
        )
        if sheet == "项目":
            return all(found.agrees for found in money_sums(self.meant) if found.code == "MONEY_006")
        if power > 0:
            mine = (p for p in parts(self.meant) if p.limit == OVER_WHOLE and p.entries[0].cell.ref.sheet == sheet)
            return any(e.value.scaleb(power) > whole * HALF_MORE for part in mine for e in part.entries)
        if sheet == "支出进度":
            return most <= whole * HALF_MORE
        return most.scaleb(power) < wages / (500 if sheet == "管理数据" else 5000)

    def _stays(self, culprit: Culprit) -> bool:
        """Not one that only took back what the whole had changed: those cells are right as filed."""
        return any(self.powers.get(ref) for ref in culprit.powers) or self._is_answered(culprit)

    @staticmethod
    def _is_answered(culprit: Culprit) -> bool:
        return is_answered(culprit)


def is_answered(culprit: Culprit) -> bool:
    """Whether every row of a question says that its unit is right. A contradiction cannot be answered."""
    return (
        not culprit.certain
        and not culprit.about_all
        and all(UNIT_IS_RIGHT in (entry.note.value or "") for entry in culprit.entries)
    )


def _known(found: Iterable[Culprit | None]) -> list[Culprit]:
    return [culprit for culprit in found if culprit is not None]


def _keyed(submission: Submission) -> dict[tuple[str, str], Sum]:
    return {(found.code, str(found.place.ref)): found for found in money_sums(submission)}


def _middle(cells: Iterable[Amount]) -> Decimal:
    values = sorted(cell.value for cell in cells if cell.value and cell.value > 0)
    return values[len(values) // 2] if values else Decimal(0)


def _values(family: Family) -> list[Decimal]:
    cells = (*(entry.cell for entry in family.entries), *family.beside)
    return [cell.value for cell in cells if cell.value and cell.value > 0]


def _spread(values: list[Decimal]) -> Decimal:
    return max(values) / min(values)


def _apart(one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) / min(one, other)


def _times(power: int) -> str:
    """1 → “10 ”, 4 → “1 万”"""
    return f"{10 ** (power - SURE)} 万" if power >= SURE else f"{10**power} "
