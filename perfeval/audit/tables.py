"""The tables of a report, of whatever layout: rates, scores, totals, targets against actuals, rows and columns that add up."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from perfeval.audit.comparison import QUESTION, Comparison, Kind
from perfeval.audit.quantities import FACTORS, Quantity, quantities
from perfeval.audit.read import TableRow
from perfeval.audit.relations import agrees, quotient, show, summed, verdict
from perfeval.audit.text import Figure, Line, plain
from perfeval.filing.typed.dates import ImpossibleDate, span_of
from perfeval.filing.typed.numbers import comparator_of, number_of
from perfeval.model.numbers import HUNDRED, ZERO, Interval, total

QUALITATIVE = "定性"
NOTHING = ("", "—", "-", "/", "——", "无")
OWN_SCORE = re.compile(r"[(](?:单位)?自评[\d.]+[)]$")
COMPARATORS = {"≥": "ge", "≤": "le", "=": "eq", ">": "gt", "<": "lt"}
HALF_POINT = Decimal("0.5")
MOST_ROWS = 2000
ROWS, COLUMNS = 100_000, 256  # more than a table has
FAR_BEYOND = Decimal("1.3")


@cache
def layout() -> Mapping[str, Any]:
    """tables.toml."""
    return tomllib.loads((files("perfeval.audit") / "tables.toml").read_text(encoding="utf-8"))


def _is(word: str, text: str) -> bool:
    return re.search(layout()["words"][word], text) is not None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, each cell as its plain text and as a line that can be quoted."""

    rows: tuple[TableRow, ...]
    unit: str  # of bare amounts: 万元

    def text(self, row: int, column: int | None) -> str:
        """The cell without spaces; "" outside of the row."""
        cells = self.rows[row].cells
        return plain(cells[column]) if column is not None and column < len(cells) else ""

    def goes_on(self, row: int, column: int) -> bool:
        """Whether a cell is one with the cell above it."""
        own, above = self.rows[row].anchors, self.rows[row - 1].anchors if row else ()
        return max(column + 1, 1) <= min(len(own), len(above)) and own[column] == above[column] >= 0

    def figure(self, row: int, column: int | None, unit: str = "") -> Quantity | None:
        """The number of a cell that holds one number; `unit` where the cell names none."""
        text = OWN_SCORE.sub("", self.text(row, column))
        if column is None or text in NOTHING or not any(c.isdigit() for c in text):
            return None
        line = cell_line(self.rows[row], column)
        found = quantities(line)
        bare = number_of(text)
        if bare is None and (
            len(found) != 1 or found[0].label not in ("", *COMPARATORS, "达", "达到") or found[0].after
        ):
            return None
        if bare is not None and (not found or found[0].value != bare):
            return None
        return found[0] if found[0].unit or not unit else _with_unit(found[0], unit)


def _with_unit(q: Quantity, unit: str) -> Quantity:
    family, factor = FACTORS.get(unit, (unit, Decimal(1)))
    return replace(q, unit=family, factor=factor, value=q.value * factor, low=q.low * factor, high=q.high * factor)


def cell_line(row: TableRow, column: int) -> Line:
    """A cell as a line of its own; its number is below 0 and unlike every other's."""
    number = -((row.table * ROWS + row.number) * COLUMNS + column + 1)
    return Line(number, row.cells[column], f"附表（{row.place}）", quoted=row_quote(row))


def cell_place(number: int) -> tuple[int, int, int]:
    """Table, row and column of a cell, from its line's number."""
    rows, column = divmod(-number - 1, COLUMNS)
    return (*divmod(rows, ROWS), column)


def row_quote(row: TableRow) -> str:
    """The row as it is printed, its cells parted by bars."""
    cells = [" ".join(cell.split()) for cell in row.cells]
    return "｜".join(cell for cell in cells if cell)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator. None where the row states no such thing, or where two numbers cannot be compared."""

    name: str
    comparator: str | None
    target: Figure | None
    weight: Quantity | None
    actual: Figure | None
    score: Quantity | None
    reason: str | None  # None where the table has no column for one
    row: TableRow
    met: bool | None
    form: str = ""  # 项目名称 of the form it is in
    days: tuple[int, int] | None = None


@dataclass
class Sheet:
    """What has been read of a report's tables."""

    indicators: list[IndicatorRow] = field(default_factory=list)
    money: dict[str, Quantity] = field(default_factory=dict)  # 资金总额 and its sources
    forms: dict[str, tuple[Figure, str]] = field(default_factory=dict)  # 总分 and 等级 by 项目名称


def header_of(row: TableRow, names: Mapping[str, str], needed: Sequence[str]) -> dict[str, int]:
    """The columns that a header row names; {} where it is none."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        text = re.sub(r"[(].*?[)]$", "", plain(cell)) or plain(cell)
        key = next((k for k, pattern in names.items() if text and len(text) <= 14 and re.search(pattern, text)), None)
        if key and number_of(text) is None and (key not in columns or _is_nearer(key, columns)):
            columns[key] = column
    return columns if all(n in columns for n in needed) else {}


def _is_nearer(key: str, columns: Mapping[str, int]) -> bool:
    """Each level may have its 分值: that of the indicator stands behind its name."""
    return key == "weight" and columns[key] < columns.get("name", -1)


class _Reader:
    """Goes through the tables row by row: which columns there are, whose form it is, what has been scored since the last
    total."""

    def __init__(self, unit: str, year: int | None, explained: str) -> None:
        self.unit, self.year, self.explained = unit, year, explained
        self.found: list[Comparison] = []
        self.sheet = Sheet()
        self.columns: dict[str, int] = {}
        self.width = 0
        self.money: dict[str, int] = {}
        self.header = ""
        self.scored: list[tuple[Quantity, Quantity | None]] = []
        self.has_indicators = False
        self.form = ""

    def table(self, rows: Sequence[TableRow]) -> None:
        """One table; in Word its header is its own, in a text a page break may have cut it into several."""
        grid = Grid(tuple(rows[:MOST_ROWS]), self.unit)
        if grid.rows and grid.rows[0].aligned:
            self.columns, self.money = {}, {}
        for at in range(len(grid.rows)):
            self._row(grid, at)
        self.found += _sums(grid)
        self.sheet.money.update({k: v for k, v in _money_below(grid).items() if k not in self.sheet.money})

    def _row(self, grid: Grid, at: int) -> None:
        row = grid.rows[at]
        self.form = next(
            (b for a, b in pairwise(plain(c) for c in row.cells if plain(c)) if a == "项目名称"), self.form
        )
        if self._heads(row):
            return
        if self.money:
            self.found += _execution(grid, at, self.money, self.header, self.scored)
        elif self.columns and (indicator := _indicator(grid, at, self.columns, self.width, self.year)):
            self._scored(replace(indicator, form=self.form))
            return
        result = _total_row(grid, at, self.columns, self.scored)
        if result:
            self.found += result
            self.sheet.forms[self.form] = (result[0].figures[0], _grade(row))
            self.scored, self.has_indicators = [], False

    def _heads(self, row: TableRow) -> bool:
        """Takes over the columns that a header names."""
        indicators = layout()["indicators"]
        header = header_of(row, indicators, ("name", "actual")) or header_of(row, indicators, ("target", "actual"))
        money = {} if header else header_of(row, layout()["money"], ("executed",))
        if header:
            header.setdefault("name", max(0, header.get("target", 1) - 1))
            self.columns, self.width, self.money = header, len(row.cells), {}
        elif {"adjusted", "initial"} & set(money):
            self.money, self.header = money, " ".join(map(plain, row.cells))
        else:
            return False
        if self.has_indicators and row.aligned:
            self.scored, self.has_indicators = [], False
        return True

    def _scored(self, row: IndicatorRow) -> None:
        self.sheet.indicators.append(row)
        self.found += _row_checks(row, row.name in self.explained)
        if row.score is not None:
            self.scored.append((row.score, row.weight))
            self.has_indicators = True


def table_relations(
    tables: Sequence[Sequence[TableRow]], unit: str, year: int | None, explained: str = ""
) -> tuple[list[Comparison], Sheet]:
    """Every relation inside the tables of a report, and what other relations may need of them."""
    reader = _Reader(unit, year, explained)
    for rows in tables:
        reader.table(rows)
    return [*reader.found, *_weights(reader.sheet.indicators)], reader.sheet


def _weights(rows: Sequence[IndicatorRow]) -> Iterator[Comparison]:
    """The weights of a whole table make 100, or what the execution of the budget leaves of it."""
    forms = {row.form for row in rows}
    for form in forms:
        own = [row.weight for row in rows if row.form == form]
        weights = [w for w in own if w is not None]
        if len(weights) < max(len(own), layout()["weights"]["rows"]):
            continue
        added = total(w.value for w in weights)
        nearest = min(layout()["weights"]["make"], key=lambda n: abs(n - added))
        if abs(nearest - added) <= layout()["weights"]["near"]:
            says = f"{len(weights)} 个指标的权重相加为 {added} 分，不是 {nearest} 分"
            advice = "请核对各指标的权重，或写明口径。"
            yield Comparison(
                Kind.SUM,
                added == nearest,
                says,
                tuple(weights),
                advice,
                level=QUESTION,
                right=f"{nearest}分",
                word="权重合计",
            )


def _grade(row: TableRow) -> str:
    return next((b for a, b in pairwise(plain(c) for c in row.cells if plain(c)) if a in ("等级", "评价等级")), "")


def _indicator(grid: Grid, at: int, columns: Mapping[str, int], width: int, year: int | None) -> IndicatorRow | None:
    row = grid.rows[at]
    if any(_is("total_row", plain(c)) for c in row.cells):
        return None
    texts = {key: grid.text(at, column) for key, column in columns.items()}
    places: dict[str, int | None] = dict(columns)
    aligned = row.aligned or (abs(len(row.cells) - width) <= 1 and _fits(texts))
    if not aligned:
        shifted = _shifted(row)
        if shifted is None:
            return None
        places, texts = shifted, {k: grid.text(at, c) for k, c in shifted.items()}
    if texts.get("name", "") in NOTHING or not texts.get("target"):
        return None
    return _read(grid, at, texts, places, year)


def _fits(texts: Mapping[str, str]) -> bool:
    """Whether a row's cells are under their headers."""
    nature = texts.get("nature")
    if nature is not None and not (comparator_of(nature) or QUALITATIVE in nature):
        return False
    if nature is not None and texts.get("weight") in NOTHING:
        return False  # what stands under another header may be the weight
    return all(
        number_of(OWN_SCORE.sub("", texts.get(k, ""))) is not None or texts.get(k, "") in NOTHING
        for k in ("weight", "score")
    )


def _shifted(row: TableRow) -> dict[str, int | None] | None:
    """A row whose columns have slipped: what is before and behind the comparator, in order; gaps tell nothing."""
    cells = [(i, plain(c)) for i, c in enumerate(row.cells) if plain(c)]
    at = next((n for n, (_, c) in enumerate(cells) if comparator_of(c) or c == QUALITATIVE), None)
    if not at or len(cells) < at + 2:
        return None
    places: dict[str, int | None] = {"name": cells[at - 1][0], "nature": cells[at][0], "target": cells[at + 1][0]}
    rest = cells[at + 2 :]
    if rest and number_of(rest[0][1]) is None:
        places["unit"] = rest.pop(0)[0]
    for key in ("weight", "actual", "score"):
        if rest:
            places[key] = rest.pop(0)[0]
    return places


def _read(
    grid: Grid, at: int, texts: Mapping[str, str], places: Mapping[str, int | None], year: int | None
) -> IndicatorRow:
    unit = "" if texts.get("unit", "") in NOTHING else texts.get("unit", "")
    target, actual = grid.figure(at, places.get("target"), unit), grid.figure(at, places.get("actual"), unit)
    text = texts.get("target", "")
    comparator = comparator_of(texts.get("nature", "")) or next((c for c in COMPARATORS if text.startswith(c)), None)
    met: bool | None = None
    days: tuple[int, int] | None = None
    shown_target: Figure | None = target
    shown_actual: Figure | None = actual
    if (
        target is not None
        and actual is not None
        and _same_unit(target, actual)
        and QUALITATIVE not in texts.get("nature", "")
    ):
        met = _meets(comparator, target, actual)
    elif target is None or actual is None:
        days = _days(texts, year)
        if days is not None:
            met = days[1] <= days[0]
            shown_target, shown_actual = (
                _as_text(grid, at, places.get("target")),
                _as_text(grid, at, places.get("actual")),
            )
    reason = texts.get("reason") if places.get("reason") is not None else None
    reason = reason if reason not in NOTHING else ("" if reason is not None else None)
    return IndicatorRow(
        texts["name"], comparator, shown_target, grid.figure(at, places.get("weight")), shown_actual,
        grid.figure(at, places.get("score")), reason, grid.rows[at], met, days=days,
    )  # fmt: skip


def _same_unit(a: Quantity, b: Quantity) -> bool:
    return a.unit == b.unit or "" in (a.unit, b.unit)


def _as_text(grid: Grid, at: int, column: int | None) -> Figure | None:
    if column is None:
        return None
    line = cell_line(grid.rows[at], column)
    return Figure(("line", line.number, 0), ZERO, line.text.strip(), line.where, line.quote(0, 1), line.text.strip())


def _meets(comparator: str | None, target: Quantity, actual: Quantity) -> bool | None:
    """Without a comparator more is taken to be better: a target that is only surpassed is no miss."""
    value, goal = (
        (actual.value, target.value)
        if actual.unit == target.unit
        else (actual.value / actual.factor, target.value / target.factor)
    )
    return {"≥": value >= goal, "≤": value <= goal, "=": value == goal, ">": value > goal, "<": value < goal}.get(comparator or "", True if value >= goal else None if comparator else False)  # fmt: skip


def last_day(text: str, year: int | None = None) -> int | None:
    """The number of the last day a date allows; None for any other text."""
    try:
        span = span_of(text, year)
    except ImpossibleDate:
        return None
    return span.last.toordinal() if span else None


def _days(texts: Mapping[str, str], year: int | None) -> tuple[int, int] | None:
    """Target and actual that are dates, as the numbers of their last days."""
    target, actual = last_day(texts.get("target", ""), year), last_day(texts.get("actual", ""), year)
    return None if target is None or actual is None else (target, actual)


def _row_checks(row: IndicatorRow, explained: bool) -> Iterator[Comparison]:
    if row.score is not None and row.weight is not None:
        says = f"“{row.name}”得分 {row.score.shown} 分，超过分值 {row.weight.shown} 分"
        yield Comparison(
            Kind.PAIR,
            row.score.value <= row.weight.value,
            says,
            (row.score, row.weight),
            right=f"不大于{row.weight.shown}",
            word="得分超过分值",
        )
    if row.met is None or row.score is None or row.weight is None or row.target is None or row.actual is None:
        return
    full = row.score.value == row.weight.value and row.weight.value > ZERO
    if not row.met:
        says = (
            f"“{row.name}”指标值 {_goal(row)}，实际完成 {_shown(row.actual)}，没有达到，而得了满分 {row.score.shown} 分"
        )
        if not (row.reason or explained) or not full:
            yield Comparison(
                Kind.PAIR, not full, says, (row.actual, row.target, row.score), right=_goal(row), word="未达标得满分"
            )
    elif (
        row.score.value < row.weight.value
        and _is_near(row)
        and not row.reason
        and not explained
        and row.comparator != "="
    ):
        says = f"“{row.name}”达到指标值，得分 {row.score.shown} 分少于分值 {row.weight.shown} 分，没有写原因"
        advice = "请写明扣分原因，或改正得分。"
        yield Comparison(
            Kind.PAIR,
            False,
            says,
            (row.score, row.weight, row.actual),
            advice,
            level=QUESTION,
            right=f"{row.weight.shown}，或写明扣分原因",
            word="达标扣分",
        )


def _is_near(row: IndicatorRow) -> bool:
    """What goes far beyond its target may be marked down by the regulation."""
    target, actual = row.target, row.actual
    return (
        not (isinstance(target, Quantity) and isinstance(actual, Quantity)) or actual.value <= target.value * FAR_BEYOND
    )


def _shown(figure: Figure) -> str:
    return figure.printed if isinstance(figure, Quantity) else figure.shown


def _goal(row: IndicatorRow) -> str:
    shown = _shown(row.target) if row.target else ""
    return shown if row.comparator is None or shown.startswith(row.comparator) else f"{row.comparator}{shown}"


def _total_row(
    grid: Grid, at: int, columns: Mapping[str, int], scored: list[tuple[Quantity, Quantity | None]]
) -> list[Comparison]:
    """总分: the scores and the weights above it."""
    row = grid.rows[at]
    label = next((i for i, c in enumerate(row.cells) if _is("total_row", plain(c))), None)
    if label is None or len(scored) < 2:
        return []
    numbers = [q for i in range(label + 1, len(row.cells)) if (q := grid.figure(at, i)) is not None]
    score = grid.figure(at, columns.get("score")) if columns else None
    weight = grid.figure(at, columns.get("weight")) if columns else None
    if score is None and numbers:
        score, weight = numbers[-1], (numbers[-2] if len(numbers) > 1 else None)
    results = []
    for stated, parts in ((score, [s for s, _ in scored]), (weight, [w for _, w in scored if w is not None])):
        if (
            stated is not None
            and len(parts) == len(scored)
            and (stated is score or total(p.value for p in parts) != ZERO)
        ):
            results.append(_added(stated, parts, "总分" if stated is score else "总分值"))
    return results


def _added(stated: Quantity, parts: Sequence[Quantity], name: str, kind: str = "表内合计") -> Comparison:
    return verdict(Kind.SUM, kind, stated, summed(parts), parts, " + ".join(p.shown for p in parts), name)


def _execution(
    grid: Grid, at: int, columns: Mapping[str, int], header: str, scored: list[tuple[Quantity, Quantity | None]]
) -> Iterator[Comparison]:
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


def _money_below(grid: Grid) -> dict[str, Quantity]:
    """资金总额 and its sources, from the row below their names; in shifted rows in their order."""
    for at in range(len(grid.rows) - 1):
        names = [plain(c) for c in grid.rows[at].cells]
        if not any("资金总额" in n for n in names):
            continue
        wanted = [
            (i, n) for i, n in enumerate(names) if n and (_is("source", n) or "资金总额" in n) and number_of(n) is None
        ]
        below = grid.rows[at + 1]
        numbers = [i for i, c in enumerate(below.cells) if number_of(c) is not None]
        places = [i for i, _ in wanted] if below.aligned or [i for i, _ in wanted] == numbers else numbers
        if len(places) == len(wanted) > 1:
            return {n: q for (_, n), i in zip(wanted, places, strict=True) if (q := grid.figure(at + 1, i)) is not None}
    return {}


def _sums(grid: Grid) -> Iterator[Comparison]:
    """合计 rows and columns of amounts, and a total with its sources beside or below it."""
    money = _money_below(grid)
    whole = next((q for n, q in money.items() if "资金总额" in n), None)
    parts = [q for n, q in money.items() if "资金总额" not in n]
    if whole is not None and len(parts) > 1:
        yield _added(whole, parts, "资金总额")
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
    if head is None or header_of(grid.rows[head], layout()["indicators"], ("target", "actual")):
        return
    body = list(range(head + 1, len(grid.rows)))
    totals = [at for at in body if any(_is("total_row", plain(c)) for c in grid.rows[at].cells[:3])]
    others = [at for at in body if at not in totals]
    if len(totals) != 1 or len(others) < 2 or totals[0] not in (body[0], body[-1]):
        return
    if any(_is("subtotal", plain(c)) for at in others for c in grid.rows[at].cells[:2]) or any(
        len(grid.rows[a].cells) != len(grid.rows[head].cells) for a in body
    ):
        return
    for column, stated in _numeric(grid, totals[0]).items():
        if re.search("率|比|%|单价|标准|均|序号|年", grid.text(head, column)) or stated.unit == "share":
            continue
        parts = [q for at in others if not grid.goes_on(at, column) and (q := grid.figure(at, column)) is not None]
        blank = [at for at in others if grid.text(at, column) not in NOTHING and grid.figure(at, column) is None]
        if len(parts) > 1 and not blank:
            yield _added(stated, parts, f"“{grid.text(head, column) or '合计'}”的合计")


def _row_sums(grid: Grid) -> Iterator[Comparison]:
    """A 合计 column against the columns beside it."""
    head = _header_at(grid)
    if head is None:
        return
    names = [plain(c) for c in grid.rows[head].cells]
    at_total = [i for i, n in enumerate(names) if _is("column_total", n)]
    if len(at_total) != 1 or any(_is("no_amount", n) for n in names if n):
        return
    for at in range(head + 1, len(grid.rows)):
        if len(grid.rows[at].cells) != len(names):
            continue
        numbers = _numeric(grid, at)
        stated = numbers.get(at_total[0])
        parts = [q for i, q in numbers.items() if i != at_total[0] and q.unit == (stated.unit if stated else "")]
        if stated is not None and len(parts) > 1 and "资金总额" not in names[at_total[0]]:
            yield _added(stated, parts, f"“{grid.text(at, 0)[:20]}”的{names[at_total[0]]}")


def _source_rows(grid: Grid) -> Iterator[Comparison]:
    """年度资金总额 with 其中：财政拨款, 其他资金 in the rows below it."""
    columns: dict[str, int] = {}
    for at, row in enumerate(grid.rows):
        columns = header_of(row, layout()["money"], ("executed",)) or columns
        first = next((plain(c) for c in row.cells if plain(c) and number_of(c) is None), "")
        if not columns or not re.search("资金总额|合计", first):
            continue
        below = []
        for after in range(at + 1, min(at + 8, len(grid.rows))):
            name = "".join(plain(c) for c in grid.rows[after].cells[:2] if number_of(c) is None)
            if not re.search(layout()["words"]["source"], name) or header_of(
                grid.rows[after], layout()["indicators"], ("actual",)
            ):
                break
            below.append(after)
        for key in ("initial", "adjusted", "executed"):
            column = columns.get(key)
            stated = grid.figure(at, column) if column is not None else None
            parts = [q for b in below if (q := grid.figure(b, column)) is not None] if column is not None else []
            if stated is not None and len(parts) > 1:
                yield _added(stated, parts, f"“{first}”的{plain(_head_name(grid, at, column))}")


def _head_name(grid: Grid, at: int, column: int | None) -> str:
    for above in range(at - 1, -1, -1):
        if grid.text(above, column) and grid.figure(above, column) is None:
            return grid.text(above, column)
    return ""
