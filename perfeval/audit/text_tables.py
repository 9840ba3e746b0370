"""What the text says of a table against the table."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfeval.audit.balances import ALL_DONE, EXCEPT, said
from perfeval.audit.grid import Grid, layout
from perfeval.audit.indicators import IndicatorRow, last_day
from perfeval.audit.read import TableRow
from perfeval.audit.scores import OF_A_PROJECT
from perfeval.audit.tables import Sheet
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import Quantity
from perfeval.prose.relations import agrees, show
from perfeval.prose.text import plain

WHOLE_AMOUNT = re.compile(r"(?:共|合计|总计|总额|总共)[^，。；\d]{0,8}$")
OF_MONEY = re.compile("资金|拨款|投入|安排|经费|预算|补助|下达|筹集|到位")
GRADE_SAID = re.compile("等级为“([^”]+)”")
DAY_SAID = re.compile(r"应于(?P<due>[^，。；]{4,16}?前)完成|实际于(?P<done>[^，。；]{4,16}?)完成")
SAID_OF = (
    (re.compile("目标值?|指标值|计划"), "target"),
    (re.compile("实际|完成"), "actual"),
    (re.compile("分值|权重"), "weight"),
    (re.compile("得分?"), "score"),
)


def text_against_tables(
    passages: Sequence[Passage], tables: Sequence[Sequence[TableRow]], unit: str, sheet: Sheet
) -> Iterator[Comparison]:
    """Each figure that stands both in the text and in a table, and what the text claims of all indicators."""
    yield from _totals(passages, tables, unit)
    yield from _indicators(passages, sheet.indicators)
    yield from _claims(passages, sheet.indicators)
    yield from _forms(passages, sheet)


def _totals(passages: Sequence[Passage], tables: Sequence[Sequence[TableRow]], unit: str) -> Iterator[Comparison]:
    """共下达资金640万元 above a table whose 合计 is 600."""
    stated = [q for p in passages for q in p.quantities if _is_whole_amount(q)]
    if len(stated) != 1:
        return
    for rows in tables:
        total = _total_of(Grid(tuple(rows), unit))
        if total is not None:
            says = f"“{stated[0].label}”写的是 {stated[0].printed}，而表内合计是 {total.printed}"
            right = show(total.value, stated[0])
            yield Comparison(
                Kind.PAIR, agrees(stated[0], total.interval), says, (stated[0], total), right=right, word="正文与表"
            )


def _is_whole_amount(q: Quantity) -> bool:
    return (
        q.unit == "money"
        and q.is_fact
        and not q.previous
        and not q.is_price
        and bool(WHOLE_AMOUNT.search(q.label) and OF_MONEY.search(q.label))
    )


def _total_of(grid: Grid) -> Quantity | None:
    """The 合计 of a table with one column of amounts, its unit in the header."""
    amounts = [
        (i, re.search(r"[(](?:单位:)?((?:亿|千|百)?万?元|亿元)[)]", plain(c))) for i, c in enumerate(grid.rows[0].cells)
    ]
    named = [(i, m[1]) for i, m in amounts if m]
    if len(named) != 1:
        return None
    for at, row in enumerate(grid.rows):
        if any(re.search(layout()["words"]["total_row"], plain(c)) for c in row.cells):
            return grid.figure(at, named[0][0], named[0][1])
    return None


def _indicators(passages: Sequence[Passage], rows: Sequence[IndicatorRow]) -> Iterator[Comparison]:
    """“name”目标值≥95%，实际完成90%，分值2分，得1.89分 against its row; of several of one name against the one that fits
    best."""
    named = defaultdict[str, list[IndicatorRow]](list)
    for row in rows:
        if len(row.name) > 1:
            named[row.name].append(row)
    for passage in passages:
        for match in re.finditer("“([^”]{2,40})”", passage.line.plain):
            if match[1] in named:
                found = [list(_said_of(passage, row, match.end())) for row in named[match[1]]]
                yield from min(found, key=lambda pairs: sum(not pair.agrees for pair in pairs))


def _said_of(passage: Passage, row: IndicatorRow, start: int) -> Iterator[Comparison]:
    if row.days is not None:
        yield from _days(passage, row, start)
    behind = [q for q in passage.quantities if q.start > start]
    for q in behind:
        if q.segment == behind[0].segment:
            yield from _beside(row, q)


def _forms(passages: Sequence[Passage], sheet: Sheet) -> Iterator[Comparison]:
    """“project”…得92.5分，等级为“优” against its form."""
    for passage in passages:
        of = OF_A_PROJECT.match(passage.line.plain)
        there = sheet.forms.get(of["name"]) if of else None
        score = next((q for q in passage.quantities if of and q.start >= of.end() - 4 and q.unit == "分"), None)
        if there is None or score is None:
            continue
        says = f"“{of['name'] if of else ''}”正文写的是 {score.printed}，附表总分是 {there[0].shown}"
        yield Comparison(
            Kind.PAIR, score.value == there[0].value, says, (score, there[0]), right=there[0].shown, word="正文与表"
        )
        grade = GRADE_SAID.search(passage.line.plain)
        if grade and there[1]:
            figure = said(passage.line, grade)
            says = f"等级正文写的是“{grade[1]}”，附表是“{there[1]}”"
            yield Comparison(
                Kind.PAIR, grade[1] == there[1], says, (figure, there[0]), right=there[1], word="等级", shares=(figure,)
            )


def _days(passage: Passage, row: IndicatorRow, start: int) -> Iterator[Comparison]:
    """应于2025年8月31日前完成，实际于2025年9月20日完成 against the dates of the row."""
    for match in DAY_SAID.finditer(passage.line.plain, start, start + 80):
        day = last_day(match["due"] or match["done"])
        there, cell = (row.days or (0, 0))[0 if match["due"] else 1], row.target if match["due"] else row.actual
        if day is not None and cell is not None:
            says = f"“{row.name}”正文写的是 {match[0]}，附表是 {cell.shown}"
            yield Comparison(
                Kind.PAIR, day == there, says, (said(passage.line, match), cell), right=cell.shown, word="正文与表"
            )


def _beside(row: IndicatorRow, q: Quantity) -> Iterator[Comparison]:
    key = next((k for pattern, k in SAID_OF if pattern.search(q.label)), None)
    there = getattr(row, key) if key else None
    if isinstance(there, Quantity) and (there.unit in ("", q.unit) or key in ("weight", "score")):
        ok = there.value == q.value if there.unit == q.unit else there.value == q.value / q.factor
        says = f"“{row.name}”正文写的是 {q.printed}，附表是 {there.printed}"
        yield Comparison(Kind.PAIR, ok, says, (q, there), right=there.printed, word="正文与表")


def _claims(passages: Sequence[Passage], rows: Sequence[IndicatorRow]) -> Iterator[Comparison]:
    """各项目标均已完成 with an indicator that is not met and not named as an exception."""
    text = "".join(p.line.plain for p in passages)
    missed = [
        r for r in rows if r.met is False and r.actual is not None and r.target is not None and r.name not in text
    ]
    if not missed:
        return
    for passage in passages:
        for match in ALL_DONE.finditer(passage.line.plain):
            clause = _around(passage, match)
            if (
                EXCEPT.search(clause)
                or not re.search("目标|指标|任务", clause)
                or not re.search("均|都|全部|全面|圆满|各项|所有|未出现|无偏", clause)
            ):
                continue
            claim = said(passage.line, match)
            for row in missed:
                says = f"“{row.name}”没有达到指标值，而写了“{claim.shown}”"
                figures = tuple(f for f in (row.actual, row.target, claim) if f is not None)
                yield Comparison(
                    Kind.PAIR,
                    False,
                    says,
                    figures,
                    shares=figures[:1],
                    right=row.target.shown if row.target else "",
                    word="说法与数字",
                )


def _around(passage: Passage, match: re.Match[str]) -> str:
    text = passage.line.plain
    first = max(text.rfind(m, 0, match.start()) for m in "。；，") + 1
    ends = [e for e in (text.find(m, match.end()) for m in "。；，") if e >= 0]
    return text[first : min(ends, default=len(text))]
