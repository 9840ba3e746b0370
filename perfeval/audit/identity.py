"""Whose report it is and of which year: the annex against the title and the text."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from perfeval.audit.annex import row_quote
from perfeval.audit.comparison import Comparison, Kind, same
from perfeval.audit.read import Report, TableRow
from perfeval.audit.text import Figure, figure, plain

TITLE_YEAR = re.compile(r"(?P<year>\d{4})年度[^，。]*(?:自评|评价)报告$")
ANNEX_YEAR = re.compile(r"^\((?P<year>\d{4})年度\)$")
DEPARTMENT_HEADS = ("部门名称", "部门(单位)名称")


def identity_checks(report: Report) -> Iterator[Comparison]:
    """The year of each annex against the title's; the department of each annex, which the text must name too."""
    titles = [figure(line, m, "year") for line in report.lines if (m := TITLE_YEAR.search(line.plain))]
    annexes = [figure(line, m, "year") for line in report.lines if (m := ANNEX_YEAR.search(line.plain))]
    for annex in annexes if titles else ():
        yield same("评价年度，标题与附表，", titles[0], annex, "年")
    text = "".join(line.plain for line in report.lines)
    if titles:
        for table in report.tables:
            for row in table:
                yield from _department(row, text, titles[0])


def _department(row: TableRow, text: str, title: Figure) -> Iterator[Comparison]:
    cells = [plain(cell) for cell in row.cells]
    for head, name in pairwise(cells):
        if head in DEPARTMENT_HEADS and len(name) > 3:
            stated = Figure(
                ("row", row.table, row.number, head), Decimal(0), name, f"附表（{row.place}）", row_quote(row)
            )
            says = f"附表的{head}是“{name}”，标题和正文里没有这个名称"
            yield Comparison(
                Kind.PAIR, name in text, says, (stated, title), "请核对部门名称，全文写同一个全称。", (stated,)
            )
