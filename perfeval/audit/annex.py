"""The tables of a report: amounts by source, and indicators with target and actual."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from perfeval.audit.read import Report, TableRow
from perfeval.audit.text import Figure, plain
from perfeval.filing.typed.dates import ImpossibleDate, span_of
from perfeval.filing.typed.numbers import comparator_of, number_of, quantity_of

HEADS = {
    "l1": re.compile("一级指标"),
    "l2": re.compile("二级指标"),
    "name": re.compile("三级指标|指标名称"),
    "nature": re.compile("性质"),
    "target": re.compile("指标值|目标值"),
    "unit": re.compile("单位"),
    "weight": re.compile("权重|分值"),
    "actual": re.compile("实际完成"),
    "score": re.compile("得分"),
    "reason": re.compile("偏差原因|原因"),
}
QUALITATIVE = "定性"
BY_DAY = "不晚于"
YEAR = re.compile(r"(2\d{3})年度")
SOURCES = ("资金总额", "财政拨款", "上年结转", "单位资金", "其他资金")
NOTHING = ("", "—", "-", "/", "——")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of an indicator table. None where the row states no such thing."""

    name: str
    comparator: str | None  # ≥ ≤ = > < or BY_DAY for dates; None for words
    target: Figure | None
    unit: str
    weight: Figure | None
    actual: Figure | None
    score: Figure | None
    reason: str
    table: int
    where: str
    quote: str

    @property
    def met(self) -> bool | None:
        """Whether the actual meets the target; None where that cannot be known from two numbers."""
        if self.comparator is None or self.target is None or self.actual is None:
            return None
        target, actual = self.target.value, self.actual.value
        if self.comparator == BY_DAY:
            return actual <= target
        return {
            "≥": actual >= target,
            "≤": actual <= target,
            "=": actual == target,
            ">": actual > target,
            "<": actual < target,
        }[self.comparator]


def annex_money(report: Report) -> dict[str, Figure]:
    """资金总额 and its sources, from the row below their names."""
    for table in report.tables:
        for head, row in pairwise(table):
            names = [plain(cell) for cell in head.cells]
            if "资金总额" in names:
                return dict(_below(names, row))
    return {}


def _below(names: list[str], row: TableRow) -> Iterator[tuple[str, Figure]]:
    """The numbers under the names; in a .txt whose columns are shifted, in their order."""
    wanted = [(column, name) for column, name in enumerate(names) if name in SOURCES]
    if row.aligned:
        cells = [(name, row.cells[column]) for column, name in wanted if column < len(row.cells)]
    else:
        numbers = [cell for cell in row.cells if number_of(cell) is not None]
        cells = list(zip([name for _, name in wanted], numbers, strict=False)) if len(numbers) == len(wanted) else []
    for name, cell in cells:
        value = number_of(cell)
        if value is not None:
            yield name, cell_figure(row, name, cell, value)


def cell_figure(row: TableRow, column: str, cell: str, value: Decimal) -> Figure:
    """A number of a table row."""
    return Figure(("row", row.table, row.number, column), value, plain(cell), f"附表（{row.place}）", row_quote(row))


def row_quote(row: TableRow) -> str:
    """The row as it is printed, its cells parted by bars."""
    cells = [" ".join(cell.split()) for cell in row.cells]
    return "｜".join(cell for cell in cells if cell)


def indicator_tables(report: Report) -> Iterator[tuple[IndicatorRow, ...]]:
    """The indicator rows, table by table. In a .txt a page break may have cut a table into several: they go on with the
    last header."""
    named = (YEAR.search(line.plain) for line in report.lines)
    year = next((int(found[1]) for found in named if found), None)
    columns: dict[str, int] = {}
    gathered: list[IndicatorRow] = []
    for table in report.tables:
        for row in table:
            found = _header(row)
            if found:
                if gathered and row.aligned:
                    yield tuple(gathered)
                    gathered = []
                columns = found
                continue
            indicator = _row(row, columns, year) if columns else None
            if indicator:
                gathered.append(indicator)
        if gathered and table and table[0].aligned:
            yield tuple(gathered)
            gathered, columns = [], {}
    if gathered:
        yield tuple(gathered)


def _header(row: TableRow) -> dict[str, int]:
    cells = [plain(cell) for cell in row.cells]
    if not (any(HEADS["name"].search(c) for c in cells) and any(HEADS["actual"].search(c) for c in cells)):
        return {}
    columns: dict[str, int] = {}
    for column, cell in enumerate(cells):
        key = next(
            (
                k
                for k in ("actual", "l1", "l2", "name", "nature", "unit", "weight", "score", "reason", "target")
                if HEADS[k].search(cell)
            ),
            None,
        )
        if key and key not in columns:
            columns[key] = column
    return columns


def _row(row: TableRow, columns: dict[str, int], year: int | None) -> IndicatorRow | None:
    return _aligned(row, columns, year) if row.aligned else _shifted(row, year)


def _aligned(row: TableRow, columns: dict[str, int], year: int | None) -> IndicatorRow | None:
    """A row whose cells are under their headers."""
    texts = {key: row.cells[column].strip() if column < len(row.cells) else "" for key, column in columns.items()}
    if plain(texts.get("name", "")) in NOTHING or not texts.get("target"):
        return None
    return _indicator(row, texts.get("name", ""), texts.get("nature", ""), texts, year)


def _shifted(row: TableRow, year: int | None) -> IndicatorRow | None:
    """A row whose columns have slipped: what is before and behind the comparator, in order; without gaps nothing
    else is known."""
    cells = [cell for cell in row.cells if plain(cell)]
    at = next((i for i, cell in enumerate(cells) if comparator_of(cell) or plain(cell) == QUALITATIVE), None)
    if not at or len(cells) < at + 2:
        return None
    rest = cells[at + 1 :]
    texts = {"target": rest.pop(0)}
    if rest and number_of(rest[0]) is None:
        texts["unit"] = rest.pop(0)
    for key in ("weight", "actual", "score"):
        if rest:
            texts[key] = rest.pop(0)
    return _indicator(row, cells[at - 1], cells[at], texts, year)


def _indicator(row: TableRow, name: str, nature: str, texts: dict[str, str], year: int | None) -> IndicatorRow | None:
    unit = "" if plain(texts.get("unit", "")) in NOTHING else plain(texts.get("unit", ""))
    target = quantity_of(texts.get("target", ""), unit)
    comparator = comparator_of(nature) or (target.comparator if target else None)
    numeric = comparator is not None and target is not None
    actual = quantity_of(texts.get("actual", ""), unit) if numeric else None
    if actual is not None and target is not None and len({plain(u) for u in (unit, target.unit, actual.unit) if u}) > 1:
        actual = None  # in different units: not compared here
    values = (target.value, actual.value if actual else None) if numeric and target else _days(texts, year)
    figures = {key: _number(row, key, texts.get(key, "")) for key in ("weight", "score")}
    return IndicatorRow(
        plain(name),
        comparator if numeric else BY_DAY if values[0] is not None else None,
        cell_figure(row, "target", texts["target"], values[0]) if values[0] is not None else None,
        unit or (target.unit or "" if target else ""),
        figures["weight"],
        cell_figure(row, "actual", texts["actual"], values[1]) if values[1] is not None else None,
        figures["score"],
        "" if plain(texts.get("reason", "")) in NOTHING else texts.get("reason", ""),
        row.table,
        f"附表（{row.place}）",
        row_quote(row),
    )


def _days(texts: dict[str, str], year: int | None) -> tuple[Decimal | None, Decimal | None]:
    """Target and actual that are dates, as the numbers of their last days."""
    try:
        spans = [span_of(texts.get(key, ""), year) for key in ("target", "actual")]
    except ImpossibleDate:
        return None, None
    first, second = (Decimal(span.last.toordinal()) if span else None for span in spans)
    return (first, second) if first is not None and second is not None else (None, None)


def _number(row: TableRow, key: str, text: str) -> Figure | None:
    value = number_of(text)
    return cell_figure(row, key, text, value) if value is not None else None


def totals_of(table: Sequence[TableRow]) -> Iterator[tuple[TableRow, str]]:
    """The rows of a table that state a total (合计, 总分) with the first number behind it."""
    for row in table:
        cells = [plain(cell) for cell in row.cells]
        for place, cell in enumerate(cells):
            if cell in ("合计", "总分", "总计"):
                number = next((c for c in cells[place + 1 :] if number_of(c) is not None), None)
                if number:
                    yield row, number
                break
