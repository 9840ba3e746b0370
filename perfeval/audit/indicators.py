"""The rows of an indicator table: target against actual, score against weight; rows whose columns have slipped too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfeval.audit.grid import COMPARATORS, NOTHING, OWN_SCORE, Grid, cell_line, is_word
from perfeval.audit.read import TableRow
from perfeval.filing.typed.dates import ImpossibleDate, span_of
from perfeval.filing.typed.numbers import comparator_of, number_of
from perfeval.model.numbers import ZERO
from perfeval.prose.comparison import QUESTION, Comparison, Kind
from perfeval.prose.quantities import Quantity
from perfeval.prose.text import Figure, plain

QUALITATIVE = "定性"
FAR_BEYOND = Decimal("1.3")


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


def indicator_of(grid: Grid, at: int, columns: Mapping[str, int], width: int, year: int | None) -> IndicatorRow | None:
    """The indicator of a row; None for a row of another kind."""
    row = grid.rows[at]
    if any(is_word("total_row", plain(c)) for c in row.cells):
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
    return {"≥": value >= goal, "≤": value <= goal, "=": value == goal, ">": value > goal, "<": value < goal}.get(
        comparator or "", True if value >= goal else None if comparator else False
    )


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


def row_relations(row: IndicatorRow, explained: bool) -> Iterator[Comparison]:
    """Score against weight, target against actual; `explained` where the text gives the reason."""
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
