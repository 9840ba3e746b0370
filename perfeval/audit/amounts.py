"""Amounts re-added: totals and their parts, income against spending, the annex against the text, what is left at the
end."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfeval.audit.annex import annex_money
from perfeval.audit.comparison import Comparison, Kind, adds_up, can_be_same, same
from perfeval.audit.read import Report
from perfeval.audit.statements import KINDS, Statement, statements
from perfeval.audit.text import CLASS, INCLUDED, NUMBER, Figure, figure
from perfeval.model.numbers import Interval, show_number, total
from perfeval.model.project_types import PROJECT_CLASSES

BUDGETS = ("年初预算", "调整后预算")
CLOSING = re.compile(rf"(?:年末)?(?:结转和结余|结转结余|年末结余)(?:资金)?(?:为|共计|共)?(?P<n>{NUMBER})万元")
TAKEN_BACK = re.compile(rf"(?:收回|注销|上缴|缴回)[^，。；\d]*(?P<n>{NUMBER})万元")
KIND_BUDGET = re.compile(rf"(?P<kind>{CLASS}){INCLUDED}项目绩效分析。[^。]*?涉及预算总金额(?P<n>{NUMBER})万元")
NO_CLASS = re.compile(rf"不涉及(?:{CLASS})")
EXPLAINED = re.compile("收回|注销|上缴|缴回|调减|核减|说明")


def amount_checks(report: Report) -> Iterator[Comparison]:
    """Every sum and pair of amounts in 万元."""
    found = statements(report)
    main = {(s.stage, s.side): s for s in reversed(found) if s.parts}
    for statement in main.values():
        yield from _parts(statement, main.get((statement.stage, "收入")))
    for stage in BUDGETS:
        yield from _sides(main.get((stage, "收入")), main.get((stage, "支出")))
    yield from _accounts(main)
    yield from _opening(report, main)
    yield from _repeated(found, main)
    yield from _balance(report, main)
    yield from _projects(report, main)
    yield from _annex(report, main)


def _parts(statement: Statement, income: Statement | None) -> Iterator[Comparison]:
    """A total against its kinds and against its sources, where those named are all there are."""
    kinds, sources = statement.kinds(), statement.sources()
    if set(kinds) == set(KINDS) and statement.all_named:
        others = [f for name, f in statement.parts.items() if name.endswith("支出") and name not in KINDS]
        yield adds_up(statement.name, statement.total, [*kinds.values(), *others], "万元")
    if not {"财政拨款", "上年结转"} <= set(sources) or not statement.all_named:
        return
    if statement.side == "收入":
        yield adds_up(
            statement.name, statement.total, [f for name, f in statement.parts.items() if name not in KINDS], "万元"
        )
    elif income is None or set(income.parts) <= set(sources):
        yield adds_up(statement.name, statement.total, sources.values(), "万元")


def _sides(income: Statement | None, spending: Statement | None) -> Iterator[Comparison]:
    """A budget spends what comes in, source by source."""
    if income is None or spending is None:
        return
    if not (set(income.parts) | set(spending.sources())) - {"财政拨款", "上年结转"}:
        yield same(f"{income.stage}的收入和支出，", income.total, spending.total, "万元")
    common = [name for name in ("财政拨款", "上年结转") if name in income.parts and name in spending.parts]
    if common:
        first, second = [income.parts[n] for n in common], [spending.parts[n] for n in common]
        agrees = all(can_be_same(a, b) for a, b in zip(first, second, strict=True))
        says = (
            f"{income.stage}收入的来源是 {_composition(common, first)}，而支出的来源是 {_composition(common, second)}"
        )
        advice = "同一时间的收入和支出应按同样的来源构成：请核对财政拨款和上年结转各是多少。"
        yield Comparison(Kind.PAIR, agrees, says, (*first, *second), advice)


def _composition(names: Sequence[str], figures: list[Figure]) -> str:
    return f"{' + '.join(f.shown for f in figures)} 万元（{'、'.join(names)}）"


def _accounts(main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """In the accounts no more can be spent from a source than came in."""
    income, spending = main.get(("决算", "收入")), main.get(("决算", "支出"))
    for name in ("财政拨款", "上年结转"):
        came, went = (s.parts.get(name) if s else None for s in (income, spending))
        if came and went:
            says = f"决算中从{name}支出 {went.shown} 万元，超过{name}收入 {came.shown} 万元"
            yield Comparison(Kind.PAIR, went.value <= came.value or can_be_same(went, came), says, (went, came))


def _opening(report: Report, main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """What was carried over into the year is also in its accounts, unless the report says where it went."""
    initial, final = (main.get((stage, "收入")) for stage in ("年初预算", "决算"))
    opening, accounted = (s.parts.get("上年结转") if s else None for s in (initial, final))
    if initial and opening and accounted:
        explained = any(
            EXPLAINED.search(line.plain) for line in report.lines if line.chapter[:1] == initial.line.chapter[:1]
        )
        says = f"年初预算收入中有上年结转 {opening.shown} 万元，而决算收入中的上年结转是 {accounted.shown} 万元，报告没有说明去向"
        advice = "上年结转是年初已有的资金：请核对决算数，或写明被收回、注销的数额。"
        yield Comparison(
            Kind.PAIR, explained or not (opening.value > 0 and accounted.value == 0), says, (opening, accounted), advice
        )


def _repeated(found: list[Statement], main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """The same total named again elsewhere; 财政拨款决算总收入 may mean the total or its part from 财政拨款."""
    for again in found:
        first = main.get((again.stage, again.side))
        if first is None or again is first or again.parts:
            continue
        possible = [first.total] if first.of_appropriation == again.of_appropriation else []
        possible += [first.parts[name] for name in ("财政拨款",) if again.of_appropriation and name in first.parts]
        if possible:
            nearest = min(possible, key=lambda f: abs(f.value - again.total.value))
            yield same(f"{'财政拨款' if again.of_appropriation else ''}{again.name}，", nearest, again.total, "万元")


def _balance(report: Report, main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """调整后预算 − 决算 − 收回 = 结余; without an adjusted budget no more can be left than came in and was not spent."""
    adjusted, spent, income = main.get(("调整后预算", "支出")), main.get(("决算", "支出")), main.get(("决算", "收入"))
    closing = [(line, m) for line in report.lines for m in CLOSING.finditer(line.plain)]
    if spent is None or not closing:
        return
    line, match = closing[0]
    left = figure(line, match, "n")
    back = TAKEN_BACK.search(line.plain)
    if adjusted is not None:
        parts = [adjusted.total, spent.total, *([figure(line, back, "n")] if back else [])]
        computed = adjusted.total.value - total(p.value for p in parts[1:])
        agrees = Interval.printed(left.value).overlaps(
            Interval(computed - Decimal("0.005") * len(parts), computed + Decimal("0.005") * len(parts))
        )
        words = " − ".join(p.shown for p in parts)
        says = f"年末结转结余写的是 {left.shown} 万元，而 {words} = {show_number(computed)} 万元"
        yield Comparison(Kind.SUM, agrees, says, (left, *parts), "请核对调整后预算、决算、收回数和结转结余。")
    elif income is not None and back is None:
        rest = income.total.value - spent.total.value
        says = f"年末结转结余写的是 {left.shown} 万元，而决算收入减去决算支出只有 {show_number(rest)} 万元"
        yield Comparison(Kind.SUM, left.value <= rest + Decimal("0.015"), says, (left, income.total, spent.total))


def _projects(report: Report, main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """The budgets of the kinds of projects against 项目支出 of the adjusted budget."""
    budgets = {m["kind"]: figure(line, m, "n") for line in report.lines for m in KIND_BUDGET.finditer(line.plain)}
    adjusted = main.get(("调整后预算", "支出"))
    absent = any(NO_CLASS.search(line.plain) for line in report.lines)
    if adjusted and "项目支出" in adjusted.parts and (len(budgets) == len(PROJECT_CLASSES) or (budgets and absent)):
        yield adds_up("调整后预算的项目支出", adjusted.parts["项目支出"], budgets.values(), "万元")


def _annex(report: Report, main: dict[tuple[str, str], Statement]) -> Iterator[Comparison]:
    """资金总额 of the annex against its parts and against the text."""
    money = annex_money(report)
    whole = money.get("资金总额")
    parts = [found for name, found in money.items() if name != "资金总额"]
    if whole and len(parts) > 1:
        yield adds_up("附表的资金总额", whole, parts, "万元")
    initial = main.get(("年初预算", "收入"))
    advice = "附表填年初预算的资金总额（含上年结转），应与正文的年初预算收入一致；请核对改正，或说明口径。"
    adjusted = main.get(("调整后预算", "收入"))
    if (
        whole and initial and not (adjusted and can_be_same(adjusted.total, whole))
    ):  # some forms ask for the adjusted budget
        yield same("年初预算的资金总额，正文与附表，", initial.total, whole, "万元", advice)
    if initial and "财政拨款" in money and "财政拨款" in initial.parts:
        yield same("年初预算的财政拨款，正文与附表，", initial.parts["财政拨款"], money["财政拨款"], "万元", advice)
    if initial and "上年结转" in money and "上年结转" in initial.parts:
        yield same("年初的上年结转，正文与附表，", initial.parts["上年结转"], money["上年结转"], "万元", advice)
