"""The data a text may name, each with the phrases that name it unmistakably.

Recognised (N a number in Arabic figures, followed by its unit; 约N, N余, N以上 and the like are left alone):

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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.model.cells import Cell, CellRef
from perfeval.model.frames import rows_of
from perfeval.model.numbers import HUNDRED, ONE, ZERO, show_amount, show_number, show_rate
from perfeval.model.project_types import PROJECT_CLASSES, ProjectClass
from perfeval.model.submission import Project
from perfeval.rules.columns import COLUMNS
from perfeval.rules.formula_facts import compares
from perfeval.rules.library import library

NUMBER = r"\s*(?<![\d.])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
LINK = r"\s*(?:总额|总计|合计|共计|共有|共|达到|达|为|是|有|：|:)?"
AFTER = r"(?!\s*(?:以上|以下|以内|左右|余|多|之|至|到|次|/|每|[-—–~～]))"
WORDS_BEFORE_A_FIGURE = ("其中", "全年", "本年", "本年度", "部门", "核定", "现有", "共有", "中有", "累计")
PART_OF = re.compile(r"上半年|下半年|季度|\d月|其中|上年|去年|往年|同期|计划|目标|预计")
MONEY_UNITS = {"万元": Decimal(1), "亿元": Decimal(10000), "元": Decimal("0.0001")}
PERSONS = {"名": Decimal(1), "人": Decimal(1), "个": Decimal(1)}
CUT = "一般性支出"
PER_CENT = {"%": Decimal("0.01"), "％": Decimal("0.01")}


def one(*units: str) -> Mapping[str, Decimal]:
    """Units that count as they are."""
    return dict.fromkeys(units, Decimal(1))


@dataclass(frozen=True, slots=True)
class Figure:
    """A datum and the phrase that states it; `accepted` are the values the phrase may mean, `units` their factors."""

    phrase: str
    units: Mapping[str, Decimal]
    accepted: tuple[Decimal, ...]
    source: str  # where it is, for the message
    shown: str
    refs: tuple[CellRef, ...] = ()
    anywhere: bool = False  # the phrase needs no start of a clause, being unmistakable in itself
    keyword: str = ""  # plain words of the phrase; a text without them is not searched
    unless: re.Pattern[str] | None = None  # what a sentence must not have spoken of before

    def pattern(self, year: int | None) -> re.Pattern[str]:
        """The phrase at the start of a clause (or after 全年, 其中, the year and the like) with its number and unit."""
        units = "|".join(map(re.escape, sorted(self.units, key=len, reverse=True)))
        when = rf"|(?<={year}年)|(?<={year}年度)" if year else ""
        words = "|".join(f"(?<={word})" for word in WORDS_BEFORE_A_FIGURE)
        start = rf"(?:(?<![一-龥\w])|{words}{when})"
        body = self.phrase if "{N}" in self.phrase else self.phrase + LINK + "{N}"
        return re.compile(("" if self.anywhere else start) + body.replace("{N}", f"{NUMBER}(?P<u>{units}){AFTER}"))


def general_figures(context: Context) -> Iterator[Figure]:
    """What any text of the workbook may state."""
    yield from _staff(context)
    yield from _money(context)
    yield from _cuts(context)
    items = context.submission.controlled_items
    if items:
        yield Figure(
            '[“"]?三公[”"]?经费等{N}',
            one("项", "个"),
            (Decimal(len(items)),),
            "控制支出”表的行数",
            f"{len(items)}",
            tuple(i.name.ref for i in items),
            keyword="三公",
        )


def _figure(
    keyword: str, phrase: str, units: Mapping[str, Decimal], cells: tuple[Cell[Decimal] | Cell[int], ...], source: str
) -> Iterator[Figure]:
    """One figure from cells; none where one of them was not read, since then the phrase may mean just that one."""
    values = tuple(Decimal(c.value) for c in cells if c.value is not None)
    if len(values) == len(cells):
        shown = " 或 ".join(dict.fromkeys(show_number(v) for v in values))
        yield Figure(phrase, units, values, source, shown, tuple(c.ref for c in cells), keyword=keyword)


def _staff(context: Context) -> Iterator[Figure]:
    basic = context.submission.basic
    for keyword, phrase, cell in (
        ("行政编制", r"行政编制(?:人数)?", basic.administrative_posts),
        ("工勤", r"(?:机关)?工勤(?:人员)?编制(?:人数)?", basic.worker_posts),
        ("事业编制", r"事业编制(?:人数)?", basic.institution_posts),
        ("实有", r"(?:年末)?实有(?:在职|在编)?(?:人数|人员)", basic.staff),
    ):
        yield from _figure(keyword, phrase, PERSONS, (cell,), f"基本情况”{cell.label}")


def _money(context: Context) -> Iterator[Figure]:
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
        yield from _figure(keyword, phrase, MONEY_UNITS, cells, f"收支”{cells[0].label}")


def _cuts(context: Context) -> Iterator[Figure]:
    """一般性支出年初预算较上年压减3万元，压减14.29%; the same of 执行."""
    cuts = context.frames.cuts
    subjects = {"initial_budget": rf"{CUT}年初预算数?", "executed": rf"{CUT}(?:预算)?执行数?"}
    for row, key, saved, share in rows_of(cuts[cuts.rate.notna()], "key", "saved", "rate"):
        subject = subjects[key]
        refs, source = (row.previous.ref, row.current.ref), f"压减”{row.current.label.split()[0]}算出的压减"
        less = rf"{subject}(?:较|比)上年(?:压减|减少|下降)(?:了)?"
        amount = r"\s*[\d.,]+\s*万元[，,]\s*(?:压减|减少|下降)(?:率|了)?(?:为|达到|达)?"
        yield Figure(less, MONEY_UNITS, (saved,), source + "额", show_amount(saved) + "万元", refs, keyword=CUT)
        for phrase in (less, less + amount + "{N}", rf"{subject}(?:较上年)?压减率"):
            yield Figure(phrase, PER_CENT, (share,), source + "率", show_rate(share), refs, keyword=CUT)


def project_figures(context: Context) -> Iterator[Figure]:
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
        phrase = rf"{{N}}项目(?:的)?预算结余率(?:大于|超过|高于){percent}[%％]"
        yield _counted("预算结余率", phrase, {over}, f"项目”表结余率大于{percent}%的")


def _counted(keyword: str, phrase: str, counts: set[int], source: str) -> Figure:
    shown = "、".join(str(c) for c in sorted(counts))
    return Figure(phrase, one("个"), tuple(Decimal(c) for c in sorted(counts)), source, shown, keyword=keyword)


def _of_class(projects: tuple[Project, ...], one: ProjectClass) -> int:
    return sum(project.type.value in one.types for project in projects)


def _falling_short(projects: tuple[Project, ...]) -> Iterator[Figure]:
    """N个项目 and the words of a shortcoming that texts count."""
    for shortcoming in (s for s in library().shortcomings.values() if s.stated):
        column, answer = shortcoming.bad.column.label, str(shortcoming.bad.other)
        cells = [getattr(project, COLUMNS["projects"][column].cells[0]) for project in projects]
        if all(cell.is_read for cell in cells):
            found = sum(compares(cell.value, shortcoming.bad.sign, answer) for cell in cells)
            phrase = rf"(?:有)?{{N}}项目(?:的)?{shortcoming.words}"
            yield _counted(shortcoming.words, phrase, {found}, f"项目”表{column}为“{answer}”的")
