"""One workbook as the summary takes it, made in the worker that has its result at hand: little to hand over, little to
hold, nothing left to work out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfeval.documents.summaries import rows
from perfeval.documents.summaries.lists import FINDINGS, INDICATORS, PROJECTS, SIGNALS, Lines, lines


@dataclass(frozen=True, slots=True)
class Brief:
    """Its row of the overview, its blocks' scores, its findings by level and code (level, code, how many, the first
    one's words), its lines of the lists, its scored leaves (regulation, id, name, points, 分值)."""

    workbook: Mapping[str, Any]
    blocks: Mapping[str, Decimal | str]
    findings: tuple[tuple[str, str, int, str], ...]
    lists: Mapping[str, Lines]
    items: tuple[tuple[str, str, str, Decimal, Decimal], ...] = ()


def brief_of(result: rows.Result) -> Brief:
    """From the object of 结果.json."""
    lists = {
        PROJECTS: lines(PROJECTS, rows.project_rows(result)),
        FINDINGS: lines(FINDINGS, rows.finding_rows(result)),
        INDICATORS: lines(INDICATORS, rows.indicator_rows(result)),
        SIGNALS: lines(SIGNALS, rows.signal_rows(result)),
    }
    counted = tuple(_counted(rows.finding_rows(result)))
    scored = tuple(rows.scored_items(result))
    return Brief(rows.workbook_row(result), rows.scores_of_blocks(result), counted, lists, scored)


def _counted(findings: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, int, str]]:
    counted: dict[tuple[str, str], tuple[int, str]] = {}
    for finding in findings:
        key = finding["level"], finding["code"]
        count, first = counted.get(key, (0, finding["message"]))
        counted[key] = count + 1, first
    return ((level, code, count, first) for (level, code), (count, first) in counted.items())
