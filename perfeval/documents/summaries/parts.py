"""Long lists over several sheets: a sheet holds 1,048,576 rows, and more would be dropped without a word."""

from dataclasses import dataclass

ROWS_PER_SHEET = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """The rows `first` to `last` (exclusive, from 0) of a list, and the sheet they are on."""

    sheet: str
    first: int
    last: int


def parts(name: str, count: int, limit: int = ROWS_PER_SHEET) -> tuple[Part, ...]:
    """全部指标, 全部指标（2） …; one part, maybe empty, where the list is short."""
    starts = range(0, max(count, 1), limit)
    return tuple(
        Part(name if n == 0 else f"{name}（{n + 1}）", start, min(start + limit, count))
        for n, start in enumerate(starts)
    )
