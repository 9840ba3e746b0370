"""Amounts that a project's own words state: “投入30万元” beside 300000."""

import re
from decimal import Decimal

from perfeval.checks.magnitude.amounts import project_entries
from perfeval.checks.magnitude.book import Book
from perfeval.checks.magnitude.culprit import SURE, Culprit, known
from perfeval.model.money_units import in_wan
from perfeval.model.numbers import show_number
from perfeval.model.submission import Project

# not of 元: “每人30元” is no budget
STATED = re.compile(r"(?<![\d.,])(\d+(?:,\d{3})*(?:\.\d+)?)\s*(万元|亿元)(?![/／])")


def by_words(book: Book) -> list[Culprit]:
    """The projects whose budget is 10 000 times what is written of them, to the digit."""
    return known(_by_words(book, project) for project in book.meant.projects)


def _by_words(book: Book, project: Project) -> Culprit | None:
    texts = (project.name, project.content, project.deviation_reason)
    stated = {in_wan(Decimal(n.replace(",", "")), unit) for text in texts for n, unit in STATED.findall(text.raw)}
    entries = tuple(entry for entry in project_entries(project) if entry.value)
    named = [entry.value.scaleb(-SURE) for entry in entries if entry.value.scaleb(-SURE) in stated]
    if not named or -SURE not in book.steps or any(entry.value in stated for entry in entries):
        return None
    grounds = f"本行的文字写的是 {show_number(named[0])} 万元"
    return Culprit(entries, -SURE, grounds, certain=False)
