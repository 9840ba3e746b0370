"""The amounts of a table: rates and scores of the execution, totals of rows, columns and sources."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfeval.audit.grid import NOTHING, Grid, header_of, is_word, layout
from perfeval.filing.typed.numbers import number_of
from perfeval.model.numbers import HUNDRED, ZERO, Interval
from perfeval.prose.comparison import QUESTION, Comparison, Kind
from perfeval.prose.quantities import Quantity
from perfeval.prose.relations import added, agrees, quotient, show, verdict
from perfeval.prose.text import plain

HALF_POINT = Decimal("0.5")
IN_TABLE = "表内合计"


def execution(
    grid: Grid, at: int, columns: Mapping[str, int], header: str, scored: list[tuple[Quantity, Quantity | None]]
) -> Iterator[Comparison]:
    """执行率 and its score in a row of amounts; a score goes on the list of those scored."""
    values = {key: grid.figure(at, column) for key, column in columns.items()}
    base, done, rate = values.get("adjusted") or values.get("initial"), values.get("executed"), values.get("rate")
    score, weight = values.get("score"), values.get("weight")
    computed = quotient(done.interval, base.interval) if base is not None and done is not None else None
    name = f"“{plain(grid.rows[at].cells[0])[:20]}”的"
    if rate is not None and base is not None and done is not None:
        if computed is None and base.value == ZERO == done.value:
            says = f"{name}预算和执行都是 0，执行率无法计算，而写了 {rate.printed}"
            yield Comparison(
                Kind.RATE,
                False,
                says,
                (rate, base, done),
                "分母为 0，不计算执行率；请写明。",
                level=QUESTION,
                right="不计算",
                word="零除以零",
            )
        elif computed is not None:
            shares = (
                [computed, Interval(computed.low / HUNDRED, computed.high / HUNDRED)]
                if rate.unit != "share" and rate.value <= 1
                else [computed]
            )
            results = [
                verdict(Kind.RATE, "执行率", rate, c, (done, base), f"{done.shown} ÷ {base.shown}", f"{name}执行率")
                for c in shares
            ]
            yield next((r for r in results if r.agrees), results[0])
    if score is not None and weight is not None:
        scored.append((score, weight))
        if score.value > weight.value:
            says = f"{name}得分 {score.shown} 分，超过分值 {weight.shown} 分"
            yield Comparison(
                Kind.PAIR, False, says, (score, weight), right=f"不大于{weight.shown}", word="得分超过分值"
            )
        elif computed is not None:
            yield from _execution_score(
                score, weight, [q for q in (rate, done, base) if q is not None], computed, header, name
            )


def _execution_score(
    score: Quantity, weight: Quantity, bases: list[Quantity], computed: Interval, header: str, name: str
) -> Iterator[Comparison]:
    """分值 × 执行率, exactly so where the header says it; else it may be rounded to whole points."""
    share = Interval(min(computed.low, HUNDRED) / HUNDRED, min(computed.high, HUNDRED) / HUNDRED)
    points = Interval(weight.value * share.low, weight.value * share.high)
    formula = re.search("[×xX*]执行率|执行率[×xX*]", header) is not None
    slack = Interval(points.low - HALF_POINT, points.high + HALF_POINT)
    middle = (
        show((points.low + points.high) / 2, score)
        if "." in score.shown
        else f"{(points.low + points.high) / 2:.2f}".rstrip("0").rstrip(".")
    )
    says = f"{name}得分写的是 {score.shown} 分，而 {weight.shown} × 执行率 = {middle} 分"
    ok = agrees(score, points) if formula or "." in score.shown else score.low <= slack.high and slack.low <= score.high
    level = QUESTION if score.value == weight.value and not formula else "矛盾"
    yield Comparison(Kind.SUM, ok, says, (score, weight, *bases), level=level, right=middle, word="执行率得分")


def money_below(grid: Grid) -> dict[str, Quantity]:
    """资金总额 and its sources, from the row below their names; in shifted rows in their order."""
    for at in range(len(grid.rows) - 1):
        names = [plain(c) for c in grid.rows[at].cells]
        if not any("资金总额" in n for n in names):
            continue
        wanted = [
            (i, n)
            for i, n in enumerate(names)
            if n and (is_word("source", n) or "资金总额" in n) and number_of(n) is None
        ]
        below = grid.rows[at + 1]
        numbers = [i for i, c in enumerate(below.cells) if number_of(c) is not None]
        places = [i for i, _ in wanted] if below.aligned or [i for i, _ in wanted] == numbers else numbers
        if len(places) == len(wanted) > 1:
            return {n: q for (_, n), i in zip(wanted, places, strict=True) if (q := grid.figure(at + 1, i)) is not None}
    return {}


def amount_relations(grid: Grid) -> Iterator[Comparison]:
    """合计 rows and columns of amounts, and a total with its sources beside or below it."""
    money = money_below(grid)
    whole = next((q for n, q in money.items() if "资金总额" in n), None)
    parts = [q for n, q in money.items() if "资金总额" not in n]
    if whole is not None and len(parts) > 1:
        yield added(whole, parts, "资金总额", IN_TABLE)
    yield from _column_sums(grid)
    yield from _row_sums(grid)
    yield from _source_rows(grid)


def _numeric(grid: Grid, at: int) -> dict[int, Quantity]:
    return {i: q for i in range(len(grid.rows[at].cells)) if (q := grid.figure(at, i)) is not None}


def _header_at(grid: Grid) -> int | None:
    """The first row of words above a row of numbers."""
    for at in range(len(grid.rows) - 1):
        if not _numeric(grid, at) and sum(1 for c in grid.rows[at].cells if plain(c)) > 1:
            return at
    return None


def _column_sums(grid: Grid) -> Iterator[Comparison]:
    """A 合计 row, above or below its rows; tables with 小计, 其中 or indicators have their own order."""
    head = _header_at(grid)
    if head is None or header_of(grid.rows[head], "indicators", ("target", "actual")):
        return
    body = list(range(head + 1, len(grid.rows)))
    totals = [at for at in body if any(is_word("total_row", plain(c)) for c in grid.rows[at].cells[:3])]
    others = [at for at in body if at not in totals]
    if len(totals) != 1 or len(others) < 2 or totals[0] not in (body[0], body[-1]):
        return
    if any(is_word("subtotal", plain(c)) for at in others for c in grid.rows[at].cells[:2]) or any(
        len(grid.rows[a].cells) != len(grid.rows[head].cells) for a in body
    ):
        return
    for column, stated in _numeric(grid, totals[0]).items():
        if re.search("率|比|%|单价|标准|均|序号|年", grid.text(head, column)) or stated.unit == "share":
            continue
        parts = [q for at in others if not grid.goes_on(at, column) and (q := grid.figure(at, column)) is not None]
        blank = [at for at in others if grid.text(at, column) not in NOTHING and grid.figure(at, column) is None]
        if len(parts) > 1 and not blank:
            yield added(stated, parts, f"“{grid.text(head, column) or '合计'}”的合计", IN_TABLE)


def _row_sums(grid: Grid) -> Iterator[Comparison]:
    """A 合计 column against the columns beside it."""
    head = _header_at(grid)
    if head is None:
        return
    names = [plain(c) for c in grid.rows[head].cells]
    at_total = [i for i, n in enumerate(names) if is_word("column_total", n)]
    if len(at_total) != 1 or any(is_word("no_amount", n) for n in names if n):
        return
    for at in range(head + 1, len(grid.rows)):
        if len(grid.rows[at].cells) != len(names):
            continue
        numbers = _numeric(grid, at)
        stated = numbers.get(at_total[0])
        parts = [q for i, q in numbers.items() if i != at_total[0] and q.unit == (stated.unit if stated else "")]
        if stated is not None and len(parts) > 1 and "资金总额" not in names[at_total[0]]:
            yield added(stated, parts, f"“{grid.text(at, 0)[:20]}”的{names[at_total[0]]}", IN_TABLE)


def _source_rows(grid: Grid) -> Iterator[Comparison]:
    """年度资金总额 with 其中：财政拨款, 其他资金 in the rows below it."""
    columns: dict[str, int] = {}
    for at, row in enumerate(grid.rows):
        columns = header_of(row, "funds", ("executed",)) or columns
        first = next((plain(c) for c in row.cells if plain(c) and number_of(c) is None), "")
        if not columns or not re.search("资金总额|合计", first):
            continue
        below = []
        for after in range(at + 1, min(at + 8, len(grid.rows))):
            name = "".join(plain(c) for c in grid.rows[after].cells[:2] if number_of(c) is None)
            if not re.search(layout()["words"]["source"], name) or header_of(
                grid.rows[after], "indicators", ("actual",)
            ):
                break
            below.append(after)
        for key in ("initial", "adjusted", "executed"):
            column = columns.get(key)
            stated = grid.figure(at, column) if column is not None else None
            parts = [q for b in below if (q := grid.figure(b, column)) is not None] if column is not None else []
            if stated is not None and len(parts) > 1:
                yield added(stated, parts, f"“{first}”的{plain(_head_name(grid, at, column))}", IN_TABLE)


def _head_name(grid: Grid, at: int, column: int | None) -> str:
    for above in range(at - 1, -1, -1):
        if grid.text(above, column) and grid.figure(above, column) is None:
            return grid.text(above, column)
    return ""
