"""收支: the sums and balances that do not hold, reported."""

from collections.abc import Iterable, Iterator
from typing import Any

from perfeval.checks.context import Check, Context
from perfeval.checks.money.sums import COLUMNS, Sum, amount, sources
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.form import SOURCE
from perfeval.model.numbers import ZERO, show_amount, total
from perfeval.model.submission import Amount


def sums(context: Context) -> Iterator[Finding]:
    """Totals, sources, balance and the 项目 sheet, re-added."""
    broken = context.wrong_sums
    yield from (_wrong_sum(context, s) for s in broken if s.code in ("MONEY_001", "MONEY_002", "MONEY_004"))
    for column in COLUMNS:
        over = [s for s in broken if s.code == "MONEY_003" and s.column == column]
        if over:
            yield _other_sources(context, column, over)
        yield from (_sources_differ(context, s) for s in broken if s.code == "MONEY_016" and s.column == column)
    yield from _projects_differ(context, [s for s in broken if s.code == "MONEY_006"])


def _wrong_sum(context: Context, found: Sum) -> Finding:
    parts = " ".join(f"{'+' if a.sign > 0 else '−'} {_named(found, a.cell)}" for a in found.addends).removeprefix("+ ")
    likely = _likely(context, found)
    return make(found.code, found.place, **_due(context, found), likely=likely, parts=parts, related=found.related)


def _due(context: Context, found: Sum) -> dict[str, Any]:
    """What a sum comes to, as it is said and as it is typed."""
    return {"expected": context.to_type(found.computed), "due": show_amount(found.computed)}


def _likely(context: Context, found: Sum) -> str:
    """The addend that is most likely wrong, and its value; '' where none is known."""
    if found.likely is None:
        return ""
    cell, value = found.likely
    return f"多半是“{cell.label}”（{cell.ref.address}）填错了，改为 {context.to_type(value)} 就都相符；不是的，"


def _named(found: Sum, cell: Amount) -> str:
    """财政拨款收入 388.63; with its column where the sum runs over several columns."""
    name = cell.label if found.code == "MONEY_004" else _row(cell)
    return f"{name} {show_amount(cell.value)}"


def _other_sources(context: Context, column: str, broken: list[Sum]) -> Finding:
    """One finding a column: all its figures are in it, since one amount put under the wrong source breaks two."""
    pairs = sources(context.submission.money, column)
    related = tuple(ref for s in broken for ref in (s.place.ref, *s.related) if ref != broken[0].place.ref)
    wanted = "，".join(f"{'本格' if s is broken[0] else f'“{_row(s.place)}”'}应{_wanted(context, s)}" for s in broken)
    return make(
        "MONEY_003",
        broken[0].place,
        expected=_wanted(context, broken[0]).removeprefix("为 "),
        related=related,
        spent=_listed(spent for spent, _ in pairs),
        income=_listed(income for _, income in pairs),
        wanted=wanted,
    )


def _wanted(context: Context, found: Sum) -> str:
    """All that came in, where all of it is spent; else at most that."""
    return f"{'为' if found.exact else '不超过'} {context.to_type(found.computed)}"


def _listed(cells: Iterable[Amount]) -> str:
    return "、".join(f"{_row(cell).removeprefix(SOURCE)} {show_amount(cell.value)}" for cell in cells)


def _row(cell: Amount) -> str:
    """支出来源：财政拨款 年初预算数 → 支出来源：财政拨款"""
    return cell.label.partition(" ")[0]


def _sources_differ(context: Context, found: Sum) -> Finding:
    """The sources that do not come to 支出合计; a figure is proposed only where the source can have brought it."""
    money = context.submission.money
    pairs = sources(money, found.column)
    spent = total(cell.value for cell, _ in pairs if cell.value is not None)
    most = next(income.value or ZERO for cell, income in pairs if cell.ref == found.place.ref)
    whole = show_amount(amount(money.expenditure_total, found.column).value)
    able = ZERO <= found.computed <= most
    proposed = context.to_type(found.computed) if able else f"四个来源之和等于支出合计 {whole}"
    return make(
        "MONEY_016",
        found.place,
        expected=proposed,
        parts=_listed(cell for cell, _ in pairs),
        spent=show_amount(spent),
        whole=whole,
        wanted=f"本格应为 {proposed}" if able else f"使{proposed}",
        related=found.related,
    )


def _projects_differ(context: Context, broken: list[Sum]) -> Iterator[Finding]:
    """Where 项目 lists no project at all, that is reported once, not for each column."""
    count = len(context.submission.projects)
    reported = broken if count else broken[:1]
    for found in reported:
        others = found.related if count else tuple(s.place.ref for s in broken[1:])
        yield make(
            "MONEY_006",
            found.place,
            **_due(context, found),
            count=count,
            remedy=_beside_projects(context, found),
            related=others,
        )


def _beside_projects(context: Context, found: Sum) -> str:
    """What to do where 项目 is right: a 项目支出 that fits 支出合计 cannot be changed alone."""
    if any(s.code == "MONEY_002" and s.column == found.column for s in context.wrong_sums):
        return f"“项目”表正确的，把本格改为 {context.to_type(found.computed)}。"
    return "本格与支出合计对得上，多半是“项目”表填错了；“项目”表正确的，本格、支出合计和与它们有关的各数一并改正。"


CHECKS: tuple[Check, ...] = (sums,)
