"""The totals of a report by stage, side and source, wherever they are said: each against itself, against the other
side, the rates made of them and the table beside them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.audit.balances import CLOSING, OTHER_FLOW
from perfeval.audit.counts import KINDS, SUBJECT
from perfeval.model.numbers import HUNDRED, ZERO, Interval
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Listed, Passage
from perfeval.prose.quantities import Quantity, words
from perfeval.prose.relations import added, agrees, quotient, show, summed, twice, verdict

STAGES = {name: re.compile(pattern) for name, pattern in words()["stages"].items()}
INITIAL, ADJUSTED, FINAL = STAGES
SIDE = re.compile(r"(?P<side>收入|支出)(?:预算|决算)?(?:总额|合计|总计|总数|数)?(?:为|共计?|共有|是|达)?$")
OTHERS = re.compile("本级|机关|下属|所属|直属|项目支出绩效|政府采购|三公|会议费|上年")
SOURCES = {"财政拨款": re.compile("财政拨款"), "上年结转": re.compile("上年(?:度|末)?结[转余]|年初结[转余]")}
SPENT_ON = {"基本支出": re.compile("基本支出"), "项目支出": re.compile("项目支出")}
RATES = {
    "执行率": re.compile(r"^(?:20\d\d年度?|全年|部门|整体|总体|本单位)*(?:部门)?(?:整体)?预算执行率(?:为|是|达到?)?$"),
    "调整率": re.compile(r"^(?:全年|部门)*预算调整率(?:为|是|达到?)?$"),
    "结余率": re.compile(r"^(?:结转)?结余率(?:为|是|达到?)?$"),
}
PROGRESS = re.compile("(?:执行率|总体进度|执行进度)(?:为)?$")
HUNDREDTH = Decimal("0.01")
WENT = re.compile("收回|注销|上缴|缴回|调减|核减|财政统筹")


@dataclass
class Total:
    """A total of a stage and a side, with its parts by name."""

    stage: str
    side: str
    whole: Quantity
    of_appropriation: bool
    parts: dict[str, Quantity] = field(default_factory=dict)
    others: list[Quantity] = field(default_factory=list)

    @property
    def name(self) -> str:
        """年初预算收入."""
        return f"{'财政拨款' if self.of_appropriation and not self.parts else ''}{self.stage}{self.side}"


def ledger_relations(passages: Sequence[Passage], annex: Mapping[str, Quantity]) -> Iterator[Comparison]:
    """Every relation between the totals of a report's own year."""
    totals = list(_totals(passages))
    main = {(t.stage, t.side): t for t in reversed(totals) if t.parts}
    for stage in (INITIAL, ADJUSTED):
        yield from _sides(main.get((stage, "收入")), main.get((stage, "支出")))
    yield from _opening(passages, main)
    yield from _accounts(main)
    yield from _again(totals, main)
    yield from _closing(passages, main)
    yield from _rates(passages, main)
    yield from _annex(main, annex)
    yield from _kinds(passages, main)


def _totals(passages: Sequence[Passage]) -> Iterator[Total]:
    for passage in passages:
        by_whole: dict[int, list[Listed]] = {}
        for listed in passage.listings:
            by_whole.setdefault(id(listed.whole), []).append(listed)
        for q in passage.quantities:
            total = _total(q)
            if total is None:
                continue
            for listed in by_whole.get(id(q), ()):
                for part in listed.parts:
                    name = next((n for n, p in (SOURCES | SPENT_ON).items() if p.search(part.label)), None)
                    if name is None or name in total.parts:
                        total.others.append(part)
                    else:
                        total.parts[name] = part
            yield total


def _total(q: Quantity) -> Total | None:
    side = SIDE.search(q.label)
    if q.unit != "money" or not q.is_fact or side is None or q.depth or OTHERS.search(q.label):
        return None
    stage = next((name for name, pattern in reversed(STAGES.items()) if pattern.search(q.label)), None)
    return Total(stage, side["side"], q, "财政拨款" in q.label) if stage else None


def _twice(what: str, first: Quantity, other: Quantity, word: str) -> Comparison:
    """The figure of the one place in the unit of the other."""
    return twice(what, first, other, word, right=show(first.value, other))


def _sides(income: Total | None, spending: Total | None) -> Iterator[Comparison]:
    """A budget spends what comes in, source by source."""
    if income is None or spending is None or income.whole.year != spending.whole.year:
        return
    if not income.others and not [n for n in income.parts if n not in SOURCES]:
        yield _twice(f"{income.stage}的收入和支出，", income.whole, spending.whole, "收入与支出")
    common = [n for n in SOURCES if n in income.parts and n in spending.parts]
    if common:
        came, went = [income.parts[n] for n in common], [spending.parts[n] for n in common]
        ok = all(agrees(a, b.interval) for a, b in zip(came, went, strict=True))
        says = f"{income.stage}收入的来源是 {_made_of(common, came)}，而支出的来源是 {_made_of(common, went)}"
        advice = "同一口径的收入和支出应按同样的来源构成：请核对财政拨款和上年结转各是多少。"
        yield Comparison(
            Kind.PAIR, ok, says, (*went, *came), advice, right=" + ".join(q.shown for q in came), word="收支来源"
        )


def _made_of(names: Sequence[str], figures: Sequence[Quantity]) -> str:
    return f"{' + '.join(f.shown for f in figures)} {figures[0].unit_shown}（{'、'.join(names)}）"


def _opening(passages: Sequence[Passage], main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """What was carried over into the year is also in its accounts, unless the report says where it went."""
    initial, final = (main.get((stage, "收入")) for stage in (INITIAL, FINAL))
    opening, accounted = (t.parts.get("上年结转") if t else None for t in (initial, final))
    if opening is None or accounted is None:
        return
    chapter = _chapter_of(passages, opening)
    explained = any(WENT.search(p.line.plain) for p in passages if p.line.chapter[:1] == chapter)
    says = f"年初预算收入中有上年结转 {opening.printed}，而决算收入中的上年结转是 {accounted.printed}，报告没有说明去向"
    advice = "上年结转是年初已有的资金：请核对决算数，或写明被收回、注销的数额。"
    ok = explained or not (opening.value > ZERO and accounted.value == ZERO)
    yield Comparison(Kind.PAIR, ok, says, (accounted, opening), advice, right=opening.printed, word="上年结转")


def _chapter_of(passages: Sequence[Passage], quantity: Quantity) -> tuple[str, ...]:
    return next(p.line.chapter[:1] for p in passages if p.line.number == quantity.key[1])


def _accounts(main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """In the accounts no more can be spent from a source than came in."""
    income, spending = main.get((FINAL, "收入")), main.get((FINAL, "支出"))
    for name in SOURCES:
        came, went = (t.parts.get(name) if t else None for t in (income, spending))
        if came and went:
            says = f"决算中从{name}支出 {went.printed}，超过{name}收入 {came.printed}"
            yield Comparison(
                Kind.PAIR, went.low <= came.high, says, (went, came), right=f"不大于{came.printed}", word="支出大于收入"
            )


def _again(totals: Sequence[Total], main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """A total named again elsewhere; 财政拨款决算总收入 may mean the total or its part from 财政拨款."""
    for again in totals:
        first = main.get((again.stage, again.side))
        if first is None or again is first or again.parts or again.whole.year != first.whole.year:
            continue
        possible = [first.whole] if first.of_appropriation == again.of_appropriation else []
        possible += [first.parts["财政拨款"]] if again.of_appropriation and "财政拨款" in first.parts else []
        if possible:
            nearest = min(possible, key=lambda q: abs(q.value - again.whole.value))
            yield _twice(f"{again.name}，", nearest, again.whole, "两处总额")


def _closing(passages: Sequence[Passage], main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """调整后预算 − 决算 − 收回 = 结余; without an adjusted budget no more can be left than came in and was not spent."""
    adjusted, spent, income = main.get((ADJUSTED, "支出")), main.get((FINAL, "支出")), main.get((FINAL, "收入"))
    found = _left(passages)
    if found is None or spent is None:
        return
    passage, left = found
    back = [q for q in passage.quantities if q.unit == "money" and OTHER_FLOW.search(q.label) and q.is_fact]
    base = adjusted or (income if not back else None)
    if base is None:
        return
    parts = [base.whole, spent.whole, *back]
    taken = summed(parts[1:])
    rest = Interval(base.whole.low - taken.high, base.whole.high - taken.low)
    arithmetic = " − ".join(p.printed for p in parts)
    if back or left.low > rest.high:  # else what was taken back may be said elsewhere, or not at all
        yield verdict(Kind.SUM, "收支结余", left, rest, parts, arithmetic, "年末结转结余")


def _left(passages: Sequence[Passage]) -> tuple[Passage, Quantity] | None:
    every = [
        (p, q)
        for p in passages
        for q in p.quantities
        if q.unit == "money"
        and q.is_fact
        and CLOSING.search(q.label)
        and re.search("年末|结转和结余|结转结余", q.label)
        and not re.search("上年|年初", q.label)
    ]
    return every[0] if every else None


def _rates(passages: Sequence[Passage], main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """预算执行率, 预算调整率 and 结余率 where the adjusted budget is printed."""
    initial, adjusted, spent = (main.get((stage, "支出")) for stage in STAGES)
    if adjusted is None:
        return
    for rate in (q for p in passages for q in p.quantities if q.unit == "share" and q.is_fact and not q.previous):
        if spent is not None and RATES["执行率"].match(rate.label):
            yield from _rate(rate, spent.whole, adjusted.whole)
        elif initial is not None and RATES["调整率"].match(rate.label) and initial.whole.low > ZERO:
            before, after = initial.whole, adjusted.whole
            low, high = (after.low - before.high) / before.high, (after.high - before.low) / before.low
            size = Interval(-high, -low) if high < ZERO else Interval(max(low, ZERO), high)
            arithmetic = f"（{after.printed} − {before.printed}）÷ {before.printed}"
            yield verdict(
                Kind.RATE,
                "调整率",
                rate,
                Interval(size.low * HUNDRED, size.high * HUNDRED),
                (after, before),
                arithmetic,
                "预算调整率",
            )
        elif (
            RATES["结余率"].match(rate.label)
            and (found := _left(passages))
            and found[1].sentence == rate.sentence
            and found[1].where == rate.where
        ):
            yield from _rate(rate, found[1], adjusted.whole)


def _rate(rate: Quantity, part: Quantity, whole: Quantity) -> Iterator[Comparison]:
    computed = quotient(part.interval, whole.interval)
    if computed is not None and part.year == whole.year:
        yield verdict(Kind.RATE, "比率", rate, computed, (part, whole), f"{part.shown} ÷ {whole.shown}")


def _kinds(passages: Sequence[Passage], main: Mapping[tuple[str, str], Total]) -> Iterator[Comparison]:
    """The budgets of the kinds of projects make 项目支出; the progress of all lies where theirs put it."""
    for kind in KINDS:
        amounts, rates = dict[str, Quantity](), dict[str, Quantity]()
        overall: Quantity | None = None
        for passage in passages:
            subject = SUBJECT.match(passage.line.plain)
            name = re.sub("[(][^()]*[)]", "", subject["name"]) if subject else ""
            for q in passage.quantities:
                if name in kind["parts"] and q.unit == "money" and re.search("预算", q.label):
                    amounts.setdefault(name, q)
                elif q.unit == "share" and PROGRESS.search(q.label):
                    if name in kind["parts"]:
                        rates.setdefault(name, q)
                    elif kind["whole"] in q.before:
                        overall = overall or q
        budget = main.get((ADJUSTED, "支出"))
        if len(amounts) == len(kind["parts"]):
            parts = list(amounts.values())
            if budget is not None and "项目支出" in budget.parts:
                yield added(budget.parts["项目支出"], parts, "项目支出")
            if overall is not None and set(rates) == set(amounts):
                yield _weighted(overall, parts, [rates[name] for name in amounts])


def _weighted(overall: Quantity, amounts: Sequence[Quantity], rates: Sequence[Quantity]) -> Comparison:
    whole = summed(amounts)
    low = sum((a.low * r.low for a, r in zip(amounts, rates, strict=True)), ZERO) / whole.high
    high = sum((a.high * r.high for a, r in zip(amounts, rates, strict=True)), ZERO) / max(whole.low, HUNDREDTH)
    products = " + ".join(f"{a.shown} × {r.printed}" for a, r in zip(amounts, rates, strict=True))
    arithmetic = f"（{products}）÷ {sum((a.value for a in amounts), ZERO)}"
    return verdict(Kind.RATE, "总体进度", overall, Interval(low, high), [*amounts, *rates], arithmetic)


def _annex(main: Mapping[tuple[str, str], Total], annex: Mapping[str, Quantity]) -> Iterator[Comparison]:
    """资金总额 of a table and its sources against the text; some forms ask for the adjusted budget."""
    initial, adjusted = main.get((INITIAL, "收入")), main.get((ADJUSTED, "收入"))
    whole = next((q for n, q in annex.items() if "资金总额" in n), None)
    if initial is None or whole is None or whole.unit not in ("money", ""):
        return
    if adjusted is not None and agrees(whole, adjusted.whole.interval):
        return
    advice = "附表填年初预算的资金总额（含上年结转），应与正文的年初预算收入一致；请核对改正，或说明口径。"
    pairs: list[tuple[str, Quantity, Quantity]] = [("资金总额", initial.whole, whole)]
    pairs += [(n, initial.parts[n], annex[n]) for n in SOURCES if n in initial.parts and n in annex]
    for name, said, cell in pairs:
        says = f"年初预算的{name}，正文写的是 {said.printed}，附表写的是 {cell.shown} 万元"
        ok = said.low <= cell.high and cell.low <= said.high if cell.value != said.value else True
        yield Comparison(Kind.PAIR, ok, says, (cell, said), advice, right=said.printed, word="正文与表")
