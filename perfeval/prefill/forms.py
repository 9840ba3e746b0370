"""forms.toml → the layouts of other people's forms: tables by their header words, lines by their labels, words around
the tables. No layout is in Python."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from perfeval.model.names import plain_signs

MARKS = "*★☆▲△#●◆■□"
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
NUMBERING = re.compile(
    r"(?:其中[:：]?)?(?:[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}[、.．])+"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled row of an account and where its amounts go; `beside` names a row that must be in the same half of the
    table, `only` the columns that count."""

    labels: frozenset[str]
    goes_to: tuple[str, ...]
    beside: str
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table. `columns`: the names of its headers → column key; `required`: one key of each group; `sources`:
    the names of its rows → 资金来源."""

    id: str
    name: str
    reader: str
    columns: Mapping[str, str]
    required: tuple[frozenset[str], ...]
    without: frozenset[str]
    lines: tuple[Line, ...]
    total: frozenset[str]
    parts: re.Pattern[str] | None
    sources: Mapping[str, str]

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether a header of these columns is this table's."""
        return not keys & self.without and all(keys & group for group in self.required)


@dataclass(frozen=True, slots=True)
class Resembling:
    """What looks like a form and is none."""

    what: str
    way_out: str
    titles: re.Pattern[str]
    headers: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Forms:
    """All that is known of foreign forms; `header_names` are those of all tables."""

    tables: tuple[Layout, ...]
    refused: tuple[Resembling, ...]
    labels: Mapping[str, str]  # name → label key
    totals: frozenset[str]
    note: re.Pattern[str]
    department_titles: tuple[str, ...]
    execution: re.Pattern[str]
    header_names: frozenset[str]
    rates: re.Pattern[str]  # what an indicator is called that is measured in per cent
    levels: Mapping[str, frozenset[str]]  # what the levels are usually called, by column key


@cache
def load_forms() -> Forms:
    """The layouts that come with the program."""
    data = tomllib.loads(files("perfeval.prefill").joinpath("forms.toml").read_text(encoding="utf-8"))
    rows = data["rows"]
    tables = tuple(_layout(table) for table in data["table"])
    return Forms(
        tables,
        tuple(_resembling(one) for one in data["refused"]),
        {plain(name): key for key, names in data["labels"].items() for name in names},
        frozenset(map(plain, rows["total"])),
        re.compile(rows["note"]),
        tuple(map(plain, rows["department_titles"])),
        re.compile(rows["execution"]),
        frozenset(name for table in tables for name in table.columns),
        re.compile(rows["rates"]),
        {key: frozenset(map(plain, rows[key])) for key in ("level1", "level2")},
    )


def _layout(table: Mapping[str, Any]) -> Layout:
    rows = table.get("rows", {})
    return Layout(
        table["id"],
        table["name"],
        table["reader"],
        {plain(name): key for key, names in table["columns"].items() for name in names},
        tuple(frozenset(group) for group in table["required"]),
        frozenset(table["without"]),
        tuple(_line(line) for line in table.get("lines", ())),
        frozenset(map(plain, rows.get("total", ()))),
        re.compile(rows["parts"]) if "parts" in rows else None,
        {plain(name): source for source, names in rows.get("sources", {}).items() for name in names},
    )


def _line(line: Mapping[str, Any]) -> Line:
    return Line(
        frozenset(map(plain, line["label"])),
        tuple(line["goes_to"]),
        plain(line.get("beside", "")),
        frozenset(line.get("only", ())),
    )


def _resembling(one: Mapping[str, Any]) -> Resembling:
    return Resembling(
        one["what"], one["way_out"], re.compile("|".join(one["titles"])), re.compile("|".join(one["headers"]))
    )


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A header or label as it is compared: no blanks, half width, no leading mark, no colon at the end."""
    return "".join(plain_signs(text).split()).strip(MARKS).rstrip(":")


@lru_cache(maxsize=8192)
def spellings(text: str) -> tuple[str, ...]:
    """What a header may be called, the fullest first: as it stands, without its brackets, cut at the first bracket, cut
    at the first blank."""
    whole = plain(text)
    first = plain((plain_signs(text).strip().split() or [""])[0])
    return tuple(dict.fromkeys((whole, bare(text), whole.partition("(")[0], first.partition("(")[0])))


def bare(text: str) -> str:
    """A header or label without what stands in brackets."""
    return BRACKETS.sub("", plain(text))


def unnumbered(text: str) -> str:
    """A label without its running number: 一、基本支出 → 基本支出."""
    whole = plain(text)
    return plain(NUMBERING.sub("", whole, count=1)) if NUMBERING.match(whole) else whole
