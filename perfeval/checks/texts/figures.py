"""The data a text may name, each with the phrases that name it unmistakably.

Recognised (N a number with its unit; 约N, N余, N以上 and the like are left alone):

| data | phrases |
|---|---|
| 基本情况 | 行政编制N名, (机关)工勤编制N名, 事业编制N名, (年末)实有人数N人 |
| 收支 | 年初预算收入/支出N万元, (财政拨款)决算(总)收入/支出N万元, 收入/支出决算N万元, 全年下达单位计划数N万元, 全年单位实际支付金额N万元, 上年结转N万元, 年末结转(和)结余N万元 |
| 压减 | 一般性支出年初预算/预算执行较上年压减N万元，压减N%, …压减率N% |
| 控制支出 | “三公”经费等N项 |
| 项目, in 评分 | 全部/所有项目N个, N个项目中, 常年项目N个, 阶段（一次性）项目N个, N个项目效益指标未得满分, N个项目预算结余率大于10% |
| 履职数据 | the row's name and N with the row's unit, also inside the name (收集到20项专项规划); the name and 完成计划N%; 计划完成投资N亿元,
已完成投资N亿元 |
| 指标 | the 三级指标 and N with its unit |
| 评分 | 综合得分N分; the one 得N分 at the end of a 得分依据 |
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.model.cells import Cell, CellRef
from perfeval.model.frames import rows_of
from perfeval.model.numbers import HUNDRED, ONE, ZERO, Interval, show_amount, show_number, show_rate
from perfeval.model.project_types import PROJECT_CLASSES, ProjectClass
from perfeval.model.submission import Project
from perfeval.prose.quantities import Quantity, measured
from perfeval.prose.relations import agrees
from perfeval.prose.text import Line
from perfeval.rules.columns import COLUMNS
from perfeval.rules.formula_facts import compares
from perfeval.rules.library import library

LINK = r"(?:总额|总计|合计|共计|共有|共|达到|达|为|是|有|：)?"
WORDS_BEFORE_A_FIGURE = ("其中", "全年", "本年", "本年度", "部门", "核定", "现有", "共有", "中有", "累计")
PART_OF = re.compile(r"上半年|下半年|季度|\d月|其中|上年|去年|往年|同期|计划|目标|预计")
MONEY, PER_CENT = ("万元",), ("%",)
PERSONS = ("名", "人", "个")
CUT = "一般性支出"
CLAUSES = re.compile("[，]")
SENTENCE_MARKS = "。；"


@dataclass(frozen=True, slots=True)
class Datum:
    """A datum and the phrase that states it; `accepted`: the values the phrase may mean, counted in any of `units`."""

    phrase: str  # on the text as prose/text.py has it: half width, without blanks
    units: tuple[str, ...]
    accepted: tuple[Decimal, ...]
    source: str  # where it is, for the message
    shown: str
    refs: tuple[CellRef, ...] = ()
    anywhere: bool = False  # the phrase needs no start of a clause, being unmistakable in itself
    keyword: str = ""  # plain words of the phrase; a text without them is not searched
    unless: re.Pattern[str] | None = None  # what a sentence must not have spoken of before

    def sought(self, year: int | None) -> "Sought":
        """The phrase at the start of a clause (or after 全年, 其中, the year and the like), parted at its number."""
        when = rf"|(?<={year}年)|(?<={year}年度)" if year else ""
        words = "|".join(f"(?<={word})" for word in WORDS_BEFORE_A_FIGURE)
        start = "" if self.anywhere else rf"(?:(?<![一-龥\w])|{words}{when})"
        before, inside, behind = self.phrase.partition("{N}")
        return Sought(self, re.compile(start + before + ("" if inside else LINK) + "$"), re.compile(behind))


@dataclass(frozen=True, slots=True)
class Sought:
    """A datum with what stands before and behind its number where a text states it."""

    datum: Datum
    before: re.Pattern[str]
    behind: re.Pattern[str]

    def stated(self, line: Line, quantity: Quantity) -> "Statement | None":
        """The datum as the line states it by this number; None where the number is of something else."""
        measures = [m for unit in self.datum.units if (m := measured(quantity, unit, line.plain)) is not None]
        if not measures or quantity.hedged or quantity.per:
            return None
        end, factor = measures[0]
        before = self.before.search(quantity.before)
        behind = self.behind.match(line.plain, end)
        if before is None or behind is None or self._narrower(line, quantity.start - len(before[0])):
            return None
        words = line.printed(quantity.start - len(before[0]), behind.end())
        return Statement(words, any(agrees(quantity, Interval(v * factor, v * factor)) for v in self.datum.accepted))

    def _narrower(self, line: Line, start: int) -> bool:
        """Whether what the sentence has spoken of before is less than the datum."""
        said = line.plain[max(line.plain.rfind(mark, 0, start) for mark in SENTENCE_MARKS) + 1 : start]
        part_of = self.datum.anywhere and PART_OF.search(CLAUSES.split(said)[-1])
        return bool(part_of or (self.datum.unless is not None and self.datum.unless.search(said)))


@dataclass(frozen=True, slots=True)
class Statement:
    """A datum as a text states it: the words, and whether the printed number agrees."""

    words: str
    agrees: bool


def general_figures(context: Context) -> Iterator[Datum]:
    """What any text of the workbook may state."""
    yield from _staff(context)
    yield from _money(context)
    yield from _cuts(context)
    items = context.submission.controlled_items
    if items:
        yield Datum(
            '[“"]?三公[”"]?经费等{N}',
            ("项", "个"),
            (Decimal(len(items)),),
            "控制支出”表的行数",
            f"{len(items)}",
            tuple(i.name.ref for i in items),
            keyword="三公",
        )


def _figure(
    keyword: str, phrase: str, units: tuple[str, ...], cells: tuple[Cell[Decimal] | Cell[int], ...], source: str
) -> Iterator[Datum]:
    """One datum from cells; none where one of them was not read, since then the phrase may mean just that one."""
    values = tuple(Decimal(c.value) for c in cells if c.value is not None)
    if len(values) == len(cells):
        shown = " 或 ".join(dict.fromkeys(show_number(v) for v in values))
        yield Datum(phrase, units, values, source, shown, tuple(c.ref for c in cells), keyword=keyword)


def _staff(context: Context) -> Iterator[Datum]:
    basic = context.submission.basic
    for keyword, phrase, cell in (
        ("行政编制", r"行政编制(?:人数)?", basic.administrative_posts),
        ("工勤", r"(?:机关)?工勤(?:人员)?编制(?:人数)?", basic.worker_posts),
        ("事业编制", r"事业编制(?:人数)?", basic.institution_posts),
        ("实有", r"(?:年末)?实有(?:在职|在编)?(?:人数|人员)", basic.staff),
    ):
        yield from _figure(keyword, phrase, PERSONS, (cell,), f"基本情况”{cell.label}")


def _money(context: Context) -> Iterator[Datum]:
    money = context.submission.money
    opening = money.opening_carryover
    for keyword, phrase, cells in (
        ("年初预算", r"(?:年初预算总?收入|收入年初预算数?)", (money.income_total.initial,)),
        ("年初预算", r"(?:年初预算总?支出|支出年初预算数?)", (money.expenditure_total.initial,)),
        ("决算", r"(?:(?:财政拨款)?决算总?收入|收入总?决算数?)", (money.income_total.final, money.appropriation.final)),
        (
            "决算",
            r"(?:(?:财政拨款)?决算总?支出|支出总?决算数?)",
            (money.expenditure_total.final, money.spent_from_appropriation.final),
        ),
        ("全年下达单位计划", r"全年下达单位计划数?", (money.plan_issued.final,)),
        ("全年单位实际支付", r"全年单位实际支付(?:数|金额)?", (money.paid.final,)),
        ("年末结转", r"年末结转(?:和|、)?结余(?:资金|数)?", (money.closing_carryover.final,)),
        (
            "上年结转",
            r"上年结转(?:收入|资金)?",
            (opening.initial, opening.adjusted, opening.final, money.spent_from_carryover.final),
        ),
    ):
        yield from _figure(keyword, phrase, MONEY, cells, f"收支”{cells[0].label}")


def _cuts(context: Context) -> Iterator[Datum]:
    """一般性支出年初预算较上年压减3万元，压减14.29%; the same of 执行."""
    cuts = context.frames.cuts
    subjects = {"initial_budget": rf"{CUT}年初预算数?", "executed": rf"{CUT}(?:预算)?执行数?"}
    for row, key, saved, share in rows_of(cuts[cuts.rate.notna()], "key", "saved", "rate"):
        subject = subjects[key]
        refs, source = (row.previous.ref, row.current.ref), f"压减”{row.current.label.split()[0]}算出的压减"
        less = rf"{subject}(?:较|比)上年(?:压减|减少|下降)(?:了)?"
        amount = r"[\d.,]+万元，(?:压减|减少|下降)(?:率|了)?(?:为|达到|达)?"
        yield Datum(less, MONEY, (saved,), source + "额", show_amount(saved) + "万元", refs, keyword=CUT)
        for phrase in (less, less + amount + "{N}", rf"{subject}(?:较上年)?压减率"):
            yield Datum(phrase, PER_CENT, (share * HUNDRED,), source + "率", show_rate(share), refs, keyword=CUT)


def project_figures(context: Context) -> Iterator[Datum]:
    """Counts of projects, as the bases of 评分 state them; none where the rows are totals of several projects (常年项目合计) or
    a type is missing."""
    projects = context.submission.projects
    if not projects or any(re.search("合计|小计|总计", p.name.raw) or not p.type.is_read for p in projects):
        return
    if context.frames.projects.duplicate_of.notna().any():  # that is reported, and how many there are is not known
        return
    for keyword, phrase, counts in (
        ("项目", r"(?:全部|所有)项目(?:共|共计|总数)?{N}", {len(projects)}),
        ("项目中", r"{N}项目中", {len(projects)}),
        *((c.name, rf"{c.written}(?:共|共计|总数)?{{N}}", {_of_class(projects, c)}) for c in PROJECT_CLASSES),
    ):
        yield _counted(keyword, phrase, counts, "项目”表的行数")
    yield from _falling_short(projects)
    limit, card = context.limit("carryover_rate_limit"), context.scorecard
    rates = (
        [p.carryover_rate for p in card.projects if p.carryover_rate is not None and ZERO <= p.carryover_rate <= ONE]
        if card
        else []
    )
    if limit is not None and len(rates) == len(projects):
        percent = show_number(limit * HUNDRED)
        over = sum(1 for r in rates if r > limit)
        phrase = rf"{{N}}项目(?:的)?预算结余率(?:大于|超过|高于){percent}%"
        yield _counted("预算结余率", phrase, {over}, f"项目”表结余率大于{percent}%的")


def _counted(keyword: str, phrase: str, counts: set[int], source: str) -> Datum:
    shown = "、".join(str(c) for c in sorted(counts))
    return Datum(phrase, ("个",), tuple(Decimal(c) for c in sorted(counts)), source, shown, keyword=keyword)


def _of_class(projects: tuple[Project, ...], one: ProjectClass) -> int:
    return sum(project.type.value in one.types for project in projects)


def _falling_short(projects: tuple[Project, ...]) -> Iterator[Datum]:
    """N个项目 and the words of a shortcoming that texts count."""
    for shortcoming in (s for s in library().shortcomings.values() if s.stated):
        column, answer = shortcoming.bad.column.label, str(shortcoming.bad.other)
        cells = [getattr(project, COLUMNS["projects"][column].cells[0]) for project in projects]
        if all(cell.is_read for cell in cells):
            found = sum(compares(cell.value, shortcoming.bad.sign, answer) for cell in cells)
            phrase = rf"(?:有)?{{N}}项目(?:的)?{shortcoming.words}"
            yield _counted(shortcoming.words, phrase, {found}, f"项目”表{column}为“{answer}”的")
