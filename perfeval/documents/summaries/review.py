"""先看这五家: which workbooks a reviewer should open first, each with its reasons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.documents.summaries.tables import records
from perfeval.model.numbers import show_number

FIRST = 5
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """A ground for an early look: how strongly it speaks for one workbook (0: not at all), and its words."""

    weight: Callable[[Row], Decimal | int]
    words: Callable[[Row], str]


# The order is the rule: a workbook with more of the first ground comes before all with less, whatever else they have.
REASONS = (
    Reason(lambda row: row["errors"], lambda row: f"错误 {row['errors']} 条"),
    Reason(lambda row: row["red"], lambda row: f"红灯 {row['red']} 个"),
    Reason(lambda row: abs(row["difference"] or 0), lambda row: f"自评比计算{_more(row['difference'])}"),
    Reason(lambda row: row["not_scored"], lambda row: f"未评分 {row['not_scored']} 项"),
    Reason(lambda row: row["questions"], lambda row: f"未说明的疑点 {row['questions']} 条"),
    Reason(lambda row: row["yellow"], lambda row: f"黄灯 {row['yellow']} 个"),
)
RULE = "依次比较：错误多的、红灯多的、自评与计算得分差得多的、未评分项多的、未说明的疑点多的、黄灯多的，排在前面。"


@dataclass(frozen=True, slots=True)
class First:
    """A workbook to review first: its row in the table of workbooks, counted from 0, and why."""

    index: int
    reasons: str


def review_first(workbooks: pd.DataFrame) -> tuple[First, ...]:
    """At most five, the most urgent first; a workbook without any ground is not named."""
    rows = records(workbooks)
    urgent = [
        (tuple(-r.weight(row) for r in REASONS), index)
        for index, row in enumerate(rows)
        if any(r.weight(row) for r in REASONS)
    ]
    return tuple(
        First(index, "；".join(r.words(rows[index]) for r in REASONS if r.weight(rows[index])))
        for _, index in sorted(urgent)[:FIRST]
    )


def _more(difference: Decimal) -> str:
    return f"{'多' if difference > 0 else '少'} {show_number(abs(difference))} 分"
