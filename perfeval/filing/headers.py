"""Finds the form in a worksheet: its header row, its columns, its labelled rows.

Headers and labels are exact names (a leading * and inner spaces do not count). A misspelt one is suggested (是否为…？), and
its cells are ABSENT until it is corrected: one finding, no follow-ons. Further columns are left alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from perfeval.excel.read import RawSheet
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.form import HEADER_SEARCH_ROWS, WITHHELD_MARK, Kind, Shape, Sheet
from perfeval.model.names import plain_name

LONGEST_NAME = 30  # characters; a longer text is no name
LIKENESS = 0.5  # from here on a name is suggested: one wrong character in a two-character name still is
ANNOTATION = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]$")
Names = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the form lies in a sheet: the header row, key → column, and for labelled sheets row key → row."""

    header_row: int
    columns: Names
    rows: Names
    withheld: frozenset[str] = frozenset()  # the keys whose headers or labels are marked 不公开


def tidy(name: str) -> str:
    """A header or label as it is compared: as a name, without * and no trailing colon."""
    return _tidied(name) if len(name) <= LONGEST_NAME else _tidy(name)


def _tidy(name: str) -> str:
    return plain_name(name).replace("*", "").rstrip(":")


_tidied = lru_cache(maxsize=4096)(_tidy)  # names come again from sheet to sheet and workbook to workbook


def likeness(one: str, other: str) -> float:
    """0 to 1; an annotation such as （万元） does not count."""
    first, second = ANNOTATION.sub("", tidy(one)), ANNOTATION.sub("", tidy(other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a misspelt name most likely means, or None where none is like it."""
    best = max(candidates, key=lambda candidate: likeness(name, candidate), default=None)
    return best if best is not None and likeness(name, best) >= LIKENESS else None


def find(raw: RawSheet, sheet: Sheet) -> tuple[Found | None, tuple[Finding, ...]]:
    """Where the form lies in `raw`, and what is missing of it. None where no header row is found: that is one
    finding."""
    labelled = sheet.shape in (Shape.LABELS, Shape.GRID)
    headers = {f.key: f.label for f in sheet.fields} if sheet.shape is not Shape.LABELS else {"value": "填报内容"}
    if labelled:
        headers = {"label": sheet.label_header, **headers}
    header_row = _header_row(raw, headers)
    if header_row is None:
        place = CellRef(raw.name, 1, 1)
        return None, (
            make("COLUMN_003", place, found="", headers="、".join(headers.values()), rows=HEADER_SEARCH_ROWS),
        )
    added = frozenset(field.key for field in sheet.fields if field.added)
    header_texts, withheld = _unmarked(_cells_of_row(raw, header_row), sheet)
    columns, findings = _match(header_texts, headers, raw.name, _COLUMN_CODES, optional=added)
    if not labelled:
        return Found(header_row, columns, {}, withheld), findings
    labels = (
        {f.key: f.label for f in sheet.fields} if sheet.shape is Shape.LABELS else {r.key: r.label for r in sheet.rows}
    )
    if "label" not in columns:
        return Found(header_row, columns, {}, withheld), findings
    optional = frozenset(row.key for row in sheet.rows if row.optional) | added
    texts, marked = _unmarked(_cells_of_column(raw, header_row, columns["label"]), sheet)
    rows, more = _match(texts, labels, raw.name, _ROW_CODES, optional=optional)
    return Found(header_row, columns, rows, withheld | marked), findings + more


def _unmarked(texts: "Texts", sheet: Sheet) -> tuple["Texts", frozenset[str]]:
    """The headers or labels without the mark 不公开, and the keys of those that had it. Only words can be left out of
    what is published: figures are in sums and rates as well."""
    names = {
        tidy(field.label + WITHHELD_MARK): field
        for field in sheet.fields
        if field.kind is Kind.LONG_TEXT or field.is_private or field.may_be_withheld
    }
    marked = [(ref, names.get(tidy(text)), text) for ref, text in texts]
    bare = [(ref, field.label if field else text) for ref, field, text in marked]
    return bare, frozenset(field.key for _, field, _ in marked if field)


def _header_row(raw: RawSheet, headers: Mapping[str, str]) -> int | None:
    """The row with most of the names, at least a third of them; names alike count only where no row holds enough exact
    ones."""
    wanted = {tidy(label) for label in headers.values()}
    rows: dict[int, list[str]] = {}
    exact: dict[int, int] = {}
    for number in range(1, min(raw.height, HEADER_SEARCH_ROWS) + 1):
        rows[number] = [text for _, text in _cells_of_row(raw, number)]
        exact[number] = len(wanted.intersection(map(tidy, rows[number])))
        if exact[number] == len(wanted):  # no row below can have more
            return number
    best = max(exact, key=lambda number: exact[number], default=None)
    if best is None or exact[best] * 3 >= len(wanted):
        return best
    alike = {
        number: len({closest(text, wanted) for text in texts if len(text) < LONGEST_NAME} - {None})
        for number, texts in rows.items()
    }
    best = max(alike, key=lambda number: alike[number])
    return best if alike[best] * 3 >= len(wanted) else None


@dataclass(frozen=True, slots=True)
class _Codes:
    missing: str
    misspelt: str
    twice: str


_COLUMN_CODES = _Codes("COLUMN_001", "COLUMN_002", "COLUMN_006")
_ROW_CODES = _Codes("COLUMN_004", "COLUMN_005", "COLUMN_007")
Texts = list[tuple[CellRef, str]]


def _cells_of_row(raw: RawSheet, row: int) -> Texts:
    line = raw.grid[row - 1] if row <= len(raw.grid) else []
    return _texts(raw, [(row, column) for column, value in enumerate(line, 1) if value != ""])


def _cells_of_column(raw: RawSheet, header_row: int, column: int) -> Texts:
    return _texts(raw, [(row, column) for row in range(header_row + 1, len(raw.grid) + 1)])


def _texts(raw: RawSheet, places: Iterable[tuple[int, int]]) -> Texts:
    return [(CellRef(raw.name, row, column), text) for row, column in places if (text := raw.text(row, column))]


def _match(
    texts: Texts, names: Mapping[str, str], sheet: str, codes: _Codes, optional: frozenset[str] = frozenset()
) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """Key → column (for a header row) or row (for labels); one finding for each name that is missing, misspelt or there
    twice."""
    by_row = codes is _ROW_CODES
    keys = {tidy(label): key for key, label in names.items()}
    found: dict[str, int] = {}
    findings: list[Finding] = []
    strangers: Texts = []
    for ref, text in texts:
        key = keys.get(tidy(text))
        if key is None:
            strangers.append((ref, text))
        elif key in found:
            findings.append(make(codes.twice, ref, found=text, label=names[key], name=names[key]))
        else:
            found[key] = ref.row if by_row else ref.column
    for key, name in names.items():
        if key not in found and key not in optional:
            findings.append(_missing(name, strangers, sheet, codes))
    return found, tuple(findings)


def _missing(name: str, strangers: Texts, sheet: str, codes: _Codes) -> Finding:
    alike = [(likeness(text, name), ref, text) for ref, text in strangers if len(text) < LONGEST_NAME]
    best = max(alike, key=lambda entry: entry[0], default=None)
    if best is not None and best[0] >= LIKENESS:
        strangers.remove((best[1], best[2]))
        return make(codes.misspelt, best[1], found=best[2], expected=name, label=name, name=name)
    return make(codes.missing, CellRef(sheet, 1, 1), found="", expected=name, label=name, name=name)
