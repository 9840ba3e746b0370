"""The tables of a report, of whatever layout: rates, scores, totals, targets against actuals, rows and columns that add
up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from perfeval.audit.grid import MOST_ROWS, Grid, header_of, is_word, layout
from perfeval.audit.indicators import IndicatorRow, indicator_of, row_relations
from perfeval.audit.read import TableRow
from perfeval.audit.table_sums import IN_TABLE, amount_relations, execution, money_below
from perfeval.model.numbers import ZERO, total
from perfeval.prose.comparison import QUESTION, Comparison, Kind
from perfeval.prose.quantities import Quantity
from perfeval.prose.relations import added
from perfeval.prose.text import Figure, plain


@dataclass
class Sheet:
    """What has been read of a report's tables."""

    indicators: list[IndicatorRow] = field(default_factory=list)
    money: dict[str, Quantity] = field(default_factory=dict)  # 资金总额 and its sources
    forms: dict[str, tuple[Figure, str]] = field(default_factory=dict)  # 总分 and 等级 by 项目名称


class _Reader:
    """Goes through the tables row by row: which columns there are, whose form it is, what has been scored since the
    last total."""

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
        self.found += amount_relations(grid)
        self.sheet.money.update({k: v for k, v in money_below(grid).items() if k not in self.sheet.money})

    def _row(self, grid: Grid, at: int) -> None:
        row = grid.rows[at]
        self.form = next(
            (b for a, b in pairwise(plain(c) for c in row.cells if plain(c)) if a == "项目名称"), self.form
        )
        if self._heads(row):
            return
        if self.money:
            self.found += execution(grid, at, self.money, self.header, self.scored)
        elif self.columns and (indicator := indicator_of(grid, at, self.columns, self.width, self.year)):
            self._scored(replace(indicator, form=self.form))
            return
        result = _total_row(grid, at, self.columns, self.scored)
        if result:
            self.found += result
            self.sheet.forms[self.form] = (result[0].figures[0], _grade(row))
            self.scored, self.has_indicators = [], False

    def _heads(self, row: TableRow) -> bool:
        """Takes over the columns that a header names."""
        header = header_of(row, "indicators", ("name", "actual")) or header_of(row, "indicators", ("target", "actual"))
        money = {} if header else header_of(row, "funds", ("executed",))
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
        self.found += row_relations(row, row.name in self.explained)
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


def _total_row(
    grid: Grid, at: int, columns: Mapping[str, int], scored: list[tuple[Quantity, Quantity | None]]
) -> list[Comparison]:
    """总分: the scores and the weights above it."""
    row = grid.rows[at]
    label = next((i for i, c in enumerate(row.cells) if is_word("total_row", plain(c))), None)
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
            results.append(added(stated, parts, "总分" if stated is score else "总分值", IN_TABLE))
    return results
