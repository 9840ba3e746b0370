"""The two example workbooks of a published 2025 report: as published, and completed with parts marked 示例构造.

`jinkouhe.json` holds the published facts in the form's own words, and the completion as changes to them, so no fact
is there twice.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from perfeval.blank.layout import Filling, Record, Value
from perfeval.blank.workbook import blank_templates, filled_template
from perfeval.model.form import BASIC, DUTIES, FORM, INDICATORS, PROBLEMS, SCORES, TEXTS, Field, Kind, Shape, Sheet
from perfeval.model.numbers import HUNDRED
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND

__all__ = [
    "COMPLETED_NAME",
    "PUBLISHED_NAME",
    "blank_templates",
    "completed_sheets",
    "completed_workbook",
    "filling_of",
    "published_workbook",
]

PUBLISHED_NAME, COMPLETED_NAME = "示例_金口河发改_公开稿.xlsx", "示例_金口河发改_补齐稿.xlsx"
# the column by which a change names the row it changes
NAMED_BY = {
    sheet.name: column
    for sheet, column in (
        (DUTIES, "职能名称"),
        (INDICATORS, "三级指标"),
        (SCORES, "指标名称"),
        (TEXTS, "章节"),
        (PROBLEMS, "序号"),
    )
}
NUMBERS = (Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.COUNT, Kind.MONTH, Kind.YEAR)
Sheets = dict[str, Any]  # sheet name → {label: value} | {row label: {column: value}} | [{column: value}]


def published_workbook(regulations: Mapping[str, Regulation]) -> bytes:
    """The workbook as the department published its figures, contradictions included; what was not published is
    blank."""
    source = _source()
    return _workbook(regulations, source["published"]["sheets"], source["published"]["remarks"])


def completed_workbook(regulations: Mapping[str, Regulation]) -> bytes:
    """The same, completed so that nothing blocks its report; every made-up part says 示例构造."""
    source = _source()
    return _workbook(regulations, completed_sheets(), source["completed"]["remarks"])


def completed_sheets() -> Sheets:
    """The published sheets with the changes, added rows and replaced sheets of the completion."""
    source = _source()
    completion = source["completed"]
    sheets: Sheets = {**source["published"]["sheets"], **completion["replaced"]}
    for name, rows in completion["added"].items():
        sheets[name] = [*sheets.get(name, []), *rows]
    for name, changes in completion["changed"].items():
        sheets[name] = _changed(name, sheets[name], changes)
    return sheets


@cache
def _source() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("perfeval.blank").joinpath("jinkouhe.json").read_text(encoding="utf-8"))
    return loaded


def _changed(name: str, content: Any, changes: Mapping[str, Any]) -> Any:
    """A sheet's content with the changes to its rows; a change to a row that is not there is an error of the data."""
    if name == BASIC.name:
        return {**content, **changes}
    if isinstance(content, dict):
        return {label: {**content.get(label, {}), **changes.get(label, {})} for label in {**content, **changes}}
    column = NAMED_BY[name]
    unknown = set(changes) - {row[column] for row in content}
    if unknown:
        raise KeyError(f"no such row on {name}: {sorted(unknown)}")
    return [{**row, **changes.get(row[column], {})} for row in content]


def _workbook(regulations: Mapping[str, Regulation], sheets: Sheets, remarks: list[str]) -> bytes:
    regulation_id = _source()["regulation"]
    filling = filling_of(sheets, regulations[regulation_id], tuple(remarks))
    return filled_template(DEPARTMENT_KIND, regulations, regulation_id, int(sheets[BASIC.name]["评价年度"]), filling)


def filling_of(sheets: Sheets, regulation: Regulation, remarks: tuple[str, ...] = ()) -> Filling:
    """The form's words turned into its keys, and each text into the value its column holds. Raises KeyError for a word
    the form does not have."""
    unknown = set(sheets) - {sheet.name for sheet in FORM}
    if unknown:
        raise KeyError(f"no such sheet: {sorted(unknown)}")
    basic: Record = {}
    grids: dict[str, dict[str, Record]] = {}
    tables: dict[str, list[Record]] = {}
    for sheet in FORM:
        content = sheets.get(sheet.name)
        if content is None:
            continue
        if sheet.shape is Shape.LABELS:
            basic = _record(sheet, content)
        elif sheet.shape is Shape.GRID:
            kinds = {row.label: row for row in sheet.rows}
            grids[sheet.key] = {kinds[label].key: _record(sheet, cells) for label, cells in content.items()}
        else:
            tables[sheet.key] = [_record(sheet, row) for row in content]
    ids = {item.name: item.id for item in regulation.items}
    tables[SCORES.key] = [{"item_id": ids.get(str(row["item_name"])), **row} for row in tables.get(SCORES.key, [])]
    return Filling(basic=basic, grids=grids, tables=tables, remarks=remarks)


def _record(sheet: Sheet, cells: Mapping[str, str | None]) -> Record:
    fields = {field.label: field for field in sheet.fields}
    return {fields[label].key: _value(fields[label], text) for label, text in cells.items()}


def _value(field: Field, text: str | None) -> Value:
    """A text of the data as the value an official would have typed."""
    if not text:
        return None
    if field.kind in NUMBERS or (field.kind is Kind.READING and re.fullmatch(r"-?\d+(\.\d+)?", text)):
        return Decimal(text)
    if field.kind is Kind.RATE:
        return Decimal(text.removesuffix("%")) / HUNDRED
    return date.fromisoformat(text) if field.kind is Kind.DATE else text
