"""What `perfeval prefill` wrote, looked at as a person would: sheet, row and column by their names."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import places
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfeval.blank.layout import FIRST_ROW, HEADER_ROW
from perfeval.prefill import prefill
from perfeval.run.workers import Done, outcome

FORMS = places.TESTS / "data" / "forms"
NUMBERING = re.compile(r"指标\d+[：:]|\d+[．.、]|[（(][一二三四五六七八九十]+[)）]")
NOTES, NOT_TAKEN = "读入说明", "没有读入的内容"


def cases() -> list[str]:
    """The names of the official forms with what must come out."""
    return sorted(path.name.split(".")[0] for path in FORMS.glob("*.expected.json"))


def expected(name: str) -> Mapping[str, Any]:
    """What must come out of a case."""
    found: Mapping[str, Any] = json.loads((FORMS / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


def wanted(arguments: Sequence[str]) -> prefill.Wanted:
    """`--year 2025 --kind 项目支出` as the call has it."""
    given: dict[str, Any] = {
        name.removeprefix("--"): value for name, value in zip(arguments[::2], arguments[1::2], strict=True)
    }
    return prefill.Wanted(**{**given, **({"year": int(given["year"])} if "year" in given else {})})


@dataclass(frozen=True)
class Opened:
    """A prefilled workbook."""

    outcome: prefill.Prefilled

    @cached_property
    def book(self) -> Any:
        """It, opened."""
        return load_workbook(self.outcome.path)

    def values(self, sheet: str, where: Mapping[str, str], column: str) -> list[Any]:
        """What is in a column of the rows that are called so."""
        if sheet not in self.book.sheetnames:
            return []
        page = self.book[sheet]
        key = 1 if "row" in where else _column(page, where["column"])
        name = plain(where.get("row", where.get("value", "")))
        rows = [r for r in range(HEADER_ROW + 1, page.max_row + 1) if plain(page.cell(r, key).value) == name]
        return [page.cell(row, _column(page, column)).value for row in rows]

    def one(self, sheet: str, row: str, column: str, key: str = "") -> Any:
        """The one value of that row; None where the row is not there."""
        where = {"column": key, "value": row} if key else {"row": row}
        (value,) = self.values(sheet, where, column) or [None]
        return value

    def table(self, sheet: str, *columns: str) -> list[tuple[str, ...]]:
        """The rows of a table that hold anything, in some of its columns, numbers as they are printed."""
        page = self.book[sheet]
        rows = [
            tuple(_shown(page.cell(row, _column(page, column)).value) for column in columns)
            for row in range(FIRST_ROW, page.max_row + 1)
        ]
        return [row for row in rows if any(row)]

    def count(self, sheet: str) -> int:
        """How many rows of a table are filled."""
        page, width = self.book[sheet], 4
        return sum(
            any(page.cell(row, c).value for c in range(1, width + 1)) for row in range(FIRST_ROW, page.max_row + 1)
        )

    def not_taken(self) -> list[str]:
        """The lines of 读入说明 below the filled cells."""
        lines = ["|".join(str(cell or "") for cell in row) for row in self.book[NOTES].iter_rows(values_only=True)]
        start = next(number for number, line in enumerate(lines) if line.startswith(NOT_TAKEN))
        return lines[start + 1 :]

    def asks(self, *words: str) -> bool:
        """Whether one of those lines has all the words."""
        return any(all(word in line for word in words) for line in self.not_taken())


def read(folder: Path, *sources: Path, **said: Any) -> Opened:
    """The workbook made of some sources, read in this process: starting a worker takes longer than all the rest."""
    with patch.object(prefill, "Crew", lambda *_, **__: nullcontext(_run_here)):
        return Opened(prefill.prefill(list(sources), folder / "填报.xlsx", prefill.Wanted(**said)))


def _run_here(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Done[Any, Any]]:
    return (outcome(task, partial(function, task)) for task in tasks)


def same(found: object, value: str) -> bool:
    """Whether a cell holds that value, as a number or as a name."""
    try:
        return Decimal(str(found)) == Decimal(value)
    except InvalidOperation:
        return plain(found) == plain(value)


def plain(content: object) -> str:
    """A name without a running number."""
    return NUMBERING.sub("", str(content if content is not None else "").strip(), count=1)


def _column(page: Worksheet, header: str) -> int:
    return next(c for c in range(1, page.max_column + 1) if page.cell(HEADER_ROW, c).value == header)


def _shown(content: object) -> str:
    if content is None:
        return ""
    return f"{Decimal(str(content)).normalize():f}" if isinstance(content, int | float | Decimal) else str(content)
