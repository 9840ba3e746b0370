"""Printed percentages against the figures they are made of."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.audit.amounts import CLOSING, KIND_BUDGET
from perfeval.audit.comparison import Comparison, Kind, rate_is
from perfeval.audit.read import Report
from perfeval.audit.statements import statements
from perfeval.audit.text import CLASS, INCLUDED, NUMBER, Figure, Line, figure
from perfeval.model.numbers import HUNDRED, Interval, half_up, places, printed_quotient, show_number, total

PER_CENT = rf"(?P<n>{NUMBER})%"
PLAN = re.compile(
    rf"计划(?:完成)?(?P<what>[^，。；\d]{{0,10}})(?P<n>{NUMBER})(?P<unit>亿元|万元|元|个|户|人|家|次|件|项|公里|亩)"
)
DONE = re.compile(
    rf"(?:已|实际)完成(?P<what>[^，。；\d]{{0,10}})(?P<n>{NUMBER})(?P<unit>亿元|万元|元|个|户|人|家|次|件|项|公里|亩)"
)
GROUP = re.compile(rf"完成计划(?:的)?{PER_CENT}")
COMPLETION = re.compile(rf"完成率(?:为|是|达|达到)?：?(?P<what>[^，。；%\d]{{0,20}}){PER_CENT}")
EXECUTION_RATE = re.compile(rf"(?<!项目)预算执行率(?:为|是|达到|达)?{PER_CENT}")
ADJUSTMENT_RATE = re.compile(rf"预算调整率(?:为|是|达到|达)?{PER_CENT}")
CARRYOVER_RATE = re.compile(rf"(?<!预算)结余率(?:为|是|达到|达)?{PER_CENT}")
PROGRESS = re.compile(
    rf"(?P<what>(?:{CLASS}){INCLUDED}项目绩效分析|年度预算项目共\d+个)(?:(?!{CLASS}).)*?预算执行总体进度为{PER_CENT}"
)
ABOVE_LIMIT = re.compile(r"预算?结余率大于(?P<limit>[\d.]+)%的项目(?:共计|共|有)?(?P<n>\d+)个")
CUT = re.compile(rf"压减(?:了|额)?(?:为)?(?P<n>{NUMBER})万元，(?:压减率?|下降|减少)(?:为|了)?(?P<rate>{NUMBER})%")
LAST_YEAR = re.compile(rf"上年[^，。；\d减增降]{{0,12}}(?P<n>{NUMBER})万元")
THIS_YEAR = re.compile(rf"(?:本年|今年)[^，。；\d减增降]{{0,12}}(?P<n>{NUMBER})万元")
FROM_TO = re.compile(
    rf"(?:由|从)[^，。；\d]{{0,12}}(?P<from>{NUMBER})万元[^，。；\d]{{0,12}}(?:到|至|为)[^，。；\d]{{0,8}}(?P<to>{NUMBER})万元"
)


def rate_checks(report: Report) -> Iterator[Comparison]:
    """Every rate whose figures the report prints."""
    for line in report.lines:
        yield from _completion(line)
        yield from _cuts(line)
    yield from _budget_rates(report)
    yield from _project_rates(report)


def _completion(line: Line) -> Iterator[Comparison]:
    """计划完成 and 已完成 of one thing, against its rate and against the rates of its groups."""
    plans, dones = list(PLAN.finditer(line.plain)), list(DONE.finditer(line.plain))
    if len(plans) != 1 or len(dones) != 1 or plans[0].group("what", "unit") != dones[0].group("what", "unit"):
        return
    plan, done = figure(line, plans[0], "n"), figure(line, dones[0], "n")
    computed = printed_quotient(done.value, plan.value)
    if computed is None:
        return
    arithmetic = f"{done.shown} ÷ {plan.shown}"
    what, rest = dones[0]["what"], line.plain[dones[0].end() :]
    sentence_end = dones[0].end() + len(rest.partition("。")[0])
    rates = [m for m in COMPLETION.finditer(line.plain) if m.start() < sentence_end or (what and what in m["what"])]
    if len(rates) == 1:
        yield rate_is("完成率", figure(line, rates[0], "n"), computed, (done, plan), arithmetic)
    groups = [figure(line, m, "n") for m in GROUP.finditer(line.plain, dones[0].end())]
    if len(groups) > 1:
        yield _groups(groups, computed, done, plan)


def _groups(groups: list[Figure], computed: Interval, done: Figure, plan: Figure) -> Comparison:
    """A whole cannot be done to a higher rate than its best part, nor to a lower one than its worst."""
    best, worst = max(groups, key=lambda f: f.value), min(groups, key=lambda f: f.value)
    agrees = computed.low <= _rate(best).high and computed.high >= _rate(worst).low
    overall = show_number(half_up(done.value / plan.value * HUNDRED))
    side = f"最高的只有 {best.shown}%" if computed.low > _rate(best).high else f"最低的也有 {worst.shown}%"
    says = f"总体完成率为 {overall}%（{done.shown} ÷ {plan.shown}），而各组完成计划{side}"
    advice = "总体的完成率应在各组最高与最低之间：请核对计划数、完成数和各组完成率，或补上没有列出的组。"
    return Comparison(Kind.RATE, agrees, says, (done, plan, *groups), advice)


def _rate(found: Figure) -> Interval:
    """What a printed percentage may be, as a fraction."""
    half = Decimal("0.5").scaleb(-places(found.value))
    return Interval((found.value - half) / HUNDRED, (found.value + half) / HUNDRED)


def _cuts(line: Line) -> Iterator[Comparison]:
    """压减额 and 压减率: against last year's figure where it is printed in the same sentence, else both zero or neither."""
    for match in CUT.finditer(line.plain):
        amount, rate = figure(line, match, "n"), figure(line, match, "rate")
        says = f"压减额写的是 {amount.shown} 万元，而压减率写的是 {rate.shown}%"
        agrees = not (amount.value == 0 and _rate(rate).low > 0)
        yield Comparison(Kind.RATE, agrees, says, (amount, rate))
        start = line.plain.rfind("。", 0, match.start()) + 1
        before = _base(line, start, match.start())
        if before:
            base, now = before
            computed = printed_quotient(amount.value, base.value)
            if computed is not None:
                yield rate_is("压减率", rate, computed, (amount, base), f"{amount.shown} ÷ {base.shown}")
            if now is not None:
                difference = base.value - now.value
                says = (
                    f"压减额写的是 {amount.shown} 万元，而 {base.shown} − {now.shown} = {show_number(difference)} 万元"
                )
                yield Comparison(
                    Kind.SUM, abs(difference - amount.value) <= Decimal("0.015"), says, (amount, base, now)
                )


def _base(line: Line, start: int, end: int) -> tuple[Figure, Figure | None] | None:
    """Last year's amount and this year's, as the sentence gives them."""
    both = FROM_TO.search(line.plain, start, end)
    if both:
        return figure(line, both, "from"), figure(line, both, "to")
    last, now = LAST_YEAR.search(line.plain, start, end), THIS_YEAR.search(line.plain, start, end)
    return (figure(line, last, "n"), figure(line, now, "n") if now else None) if last else None


def _budget_rates(report: Report) -> Iterator[Comparison]:
    """预算执行率, 预算调整率 and 结余率 of the unit, where the adjusted budget is printed."""
    stated = {s.stage: s for s in reversed(statements(report)) if s.side == "支出" and s.parts}
    first, adjusted, spent = (stated.get(stage) for stage in ("年初预算", "调整后预算", "决算"))
    if adjusted is None:
        return
    chapter = adjusted.line.chapter[:1]
    lines = [line for line in report.lines if line.chapter[:1] == chapter]
    whole = adjusted.total
    if spent is not None:
        for rate in _stated(EXECUTION_RATE, lines):
            yield from _quotient("预算执行率", rate, spent.total, whole)
    if first is not None and first.total.value > 0:
        before = Interval.printed(first.total.value)
        after = Interval.printed(whole.value)
        change = Interval((after.low - before.high) / before.high, (after.high - before.low) / before.low)
        for rate in _stated(ADJUSTMENT_RATE, lines):
            negative = change.high < 0
            size = (
                Interval(-change.high, -change.low) if negative else Interval(max(change.low, Decimal(0)), change.high)
            )
            arithmetic = f"（{whole.shown} − {first.total.shown}）÷ {first.total.shown}"
            yield rate_is("预算调整率", rate, size, (whole, first.total), arithmetic)
    for line in lines:
        closing = CLOSING.search(line.plain)
        rate_found = CARRYOVER_RATE.search(line.plain)
        if closing and rate_found:
            yield from _quotient("结余率", figure(line, rate_found, "n"), figure(line, closing, "n"), whole)


def _stated(pattern: re.Pattern[str], lines: list[Line]) -> list[Figure]:
    return [figure(line, match, "n") for line in lines for match in pattern.finditer(line.plain)]


def _quotient(name: str, rate: Figure, part: Figure, whole: Figure) -> Iterator[Comparison]:
    computed = printed_quotient(part.value, whole.value)
    if computed is not None:
        yield rate_is(name, rate, computed, (part, whole), f"{part.shown} ÷ {whole.shown}")


def _project_rates(report: Report) -> Iterator[Comparison]:
    """The progress of all projects lies where the kinds' budgets and progress put it; and so do the projects with money
    left."""
    progress: dict[str, Figure] = {}
    for line in report.lines:
        for match in PROGRESS.finditer(line.plain):
            progress.setdefault(match["what"][:2], figure(line, match, "n"))
            above = ABOVE_LIMIT.search(line.plain, match.end())
            if above:
                yield _left_over(
                    match["what"][:4], figure(line, match, "n"), figure(line, above, "n"), Decimal(above["limit"])
                )
    budgets = {m["kind"]: figure(line, m, "n") for line in report.lines for m in KIND_BUDGET.finditer(line.plain)}
    overall = progress.get("年度")
    if overall is None or len(budgets) != 2 or not set(budgets) <= set(progress):
        return
    figures = [f for kind in budgets for f in (budgets[kind], progress[kind])]
    low = total(Interval.printed(budgets[k].value).low * _rate(progress[k]).low for k in budgets)
    high = total(Interval.printed(budgets[k].value).high * _rate(progress[k]).high for k in budgets)
    whole = total(b.value for b in budgets.values())
    slack = Decimal("0.01")
    if whole > slack:
        computed = Interval(low / (whole + slack), high / (whole - slack))
        words = " + ".join(f"{budgets[k].shown} × {progress[k].shown}%" for k in budgets)
        yield rate_is("项目预算执行总体进度", overall, computed, figures, f"（{words}）÷ {show_number(whole)}")


def _left_over(kind: str, progress: Figure, count: Figure, limit: Decimal) -> Comparison:
    """Where more than the limit of the whole is left, at least one project has more than the limit left."""
    says = f"{kind}预算执行总体进度只有 {progress.shown}%，却写着结余率大于 {show_number(limit)}% 的项目为 {count.shown} 个"
    agrees = count.value > 0 or HUNDRED - progress.value <= limit + Decimal("0.01")
    return Comparison(Kind.RATE, agrees, says, (progress, count))
