"""Amounts beside the 成本指标 of the same project, which state its cost in 万元 and come from another document."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfeval.checks.indicators.rows import is_cost, unit_of
from perfeval.checks.magnitude.amounts import Entry, project_entries
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import SURE, Culprit, known
from perfeval.model.money_units import WAN
from perfeval.model.numbers import show_number
from perfeval.model.readings import Number
from perfeval.model.submission import Submission

FEWEST = 2  # projects that show a small factor


class Costed(NamedTuple):
    """A project's amounts, and what a 成本指标 of it states."""

    entries: tuple[Entry, ...]
    name: str
    stated: Decimal

    def times(self, power: int) -> bool:
        """Whether one of its budgets is, in another unit, what is stated, to the digit."""
        return any(entry.value.scaleb(power) == self.stated for entry in self.entries if not entry.spent)


def by_targets(book: Book) -> list[Culprit]:
    """The projects whose budget is 10 000 times what a 成本指标 of them states."""
    far = (costed for costed in costs(book.meant) if -SURE in book.steps and costed.times(-SURE))
    return known(
        Culprit(c.entries, -SURE, f"成本指标“{c.name}”的指标值是 {show_number(c.stated)} 万元", certain=False)
        for c in far
    )


def power_by_targets(book: Book) -> tuple[int, str]:
    """The small factor by which the projects with a 成本指标 in 万元 are all apart from it, and the grounds."""
    costed = list(costs(book.filed))
    power = next((p for p in book.steps if abs(p) < SURE and all(one.times(p) for one in costed)), 0)
    names = dict.fromkeys(one.entries[0].cell.ref for one in costed)
    if len(names) < FEWEST or not power:
        return 0, ""
    first, budget = costed[0], costed[0].stated.scaleb(-power)
    grounds = (
        f"成本指标“{first.name}”的指标值是 {show_number(first.stated)} 万元，项目的预算却是 {show_number(budget)} 万元"
    )
    return power, f"{grounds}，有成本指标的 {len(names)} 个项目都是这样"


def costs(submission: Submission) -> Iterator[Costed]:
    """The projects with a 成本指标 that is a number of 万元."""
    rows = [row for row in submission.indicators if is_cost(row) and unit_of(row) == WAN]
    for project in submission.projects:
        entries = tuple(entry for entry in project_entries(project) if entry.value)
        for row in (row for row in rows if entries and row.subject.value == project.name.value):
            if isinstance(row.target.value, Number) and row.target.value.value > 0:
                yield Costed(entries, row.name.raw, row.target.value.value)
