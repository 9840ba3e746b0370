"""The cross-department tables, made by pandas from what the workers say of each workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from perfeval.documents.summaries.brief import Brief
from perfeval.documents.summaries.lists import LISTS
from perfeval.documents.summaries.rows import ANSWERED, NOT_THERE
from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import SEVERITY_NAMES

NAMED_DEPARTMENTS = 5
ROWS_PER_SHEET = 1_000_000  # a sheet holds 1,048,576, and more would be dropped without a word


@dataclass(frozen=True, slots=True)
class Part:
    """The rows `first` to `last` (exclusive, from 0) of a list, and the sheet they are on."""

    sheet: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Frames of plain values; a missing number is None, never NaN or 0. The long lists are only divided into sheets
    here, not held."""

    workbooks: pd.DataFrame
    blocks: tuple[str, ...]  # columns of `workbooks` with the score of each block
    findings: pd.DataFrame  # by workbook, level and code: how many, and the first one's words
    common: pd.DataFrame
    lists: Mapping[str, tuple[Part, ...]]
    items: pd.DataFrame  # by workbook and scored leaf: points and 分值


def tables(briefs: Sequence[Brief], rows_per_sheet: int = ROWS_PER_SHEET) -> Tables:
    """Every table of one run; the rows keep the order of `briefs`."""
    workbooks = pd.DataFrame([b.workbook for b in briefs], dtype=object)
    blocks = dict.fromkeys(block for b in briefs for block in b.blocks)
    for block in blocks:
        workbooks[block] = pd.Series([b.blocks.get(block, NOT_THERE) for b in briefs], dtype=object)
    findings = pd.DataFrame(
        [(b.workbook["department"], *values) for b in briefs for values in b.findings],
        columns=["department", "level", "code", "count", "example"],
    )
    return Tables(
        workbooks=workbooks,
        blocks=tuple(blocks),
        findings=findings,
        common=_common(findings),
        items=pd.DataFrame(
            [item for b in briefs for item in b.items],
            columns=["regulation", "id", "name", "score", "max"],
            dtype=object,
        ),
        lists={name: parts(name, sum(b.lists[name].count for b in briefs), rows_per_sheet) for name in LISTS},
    )


def parts(name: str, count: int, limit: int = ROWS_PER_SHEET) -> tuple[Part, ...]:
    """全部指标, 全部指标（2） …; one part, maybe empty, where the list is short."""
    starts = range(0, max(count, 1), limit)
    return tuple(
        Part(name if n == 0 else f"{name}（{n + 1}）", start, min(start + limit, count))
        for n, start in enumerate(starts)
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain mappings by column name."""
    return [
        dict(zip(map(str, frame.columns), values, strict=True)) for values in frame.itertuples(index=False, name=None)
    ]


def ranked_by(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows, the highest first, with a column `rank`; equal ones share a rank."""
    rank = frame[key].astype(object).map(float).rank(method="min", ascending=False).astype(int)
    return frame.assign(rank=rank).sort_values(key, ascending=False, kind="stable")


def _common(findings: pd.DataFrame) -> pd.DataFrame:
    """Each code once: how often, in how many workbooks' departments, whose; the most widespread first."""
    if findings.empty:
        return pd.DataFrame(columns=["level", "code", "title", "count", "departments", "named", "example"])
    unanswered = findings[findings["level"] != ANSWERED]
    grouped = unanswered.groupby(["level", "code"], sort=False).agg(
        count=("count", "sum"),
        departments=("department", "nunique"),
        named=("department", lambda names: _named(list(dict.fromkeys(names)))),
        example=("example", "first"),
    )
    common = grouped.reset_index()
    common["title"] = [catalogue()[code].title if code in catalogue() else "" for code in common["code"]]
    order = {name: number for number, name in enumerate(SEVERITY_NAMES.values())}
    common["order"] = common["level"].map(order)
    return common.sort_values(
        ["order", "departments", "count", "code"], ascending=[True, False, False, True], kind="stable"
    )


def _named(names: list[str]) -> str:
    more = f" 等{len(names)}家" if len(names) > NAMED_DEPARTMENTS else ""
    return "、".join(names[:NAMED_DEPARTMENTS]) + more
