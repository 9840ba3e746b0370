"""A report → every relation that was checked in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from perfeval.audit.balances import EXPLAINED, balance_relations, claim_relations, left_relations
from perfeval.audit.changes import change_relations
from perfeval.audit.counts import count_relations
from perfeval.audit.equations import equation_checks
from perfeval.audit.grid import cell_line
from perfeval.audit.ledger import ledger_relations
from perfeval.audit.rates import rate_relations
from perfeval.audit.read import Report
from perfeval.audit.repeats import repeat_relations
from perfeval.audit.score_checks import score_checks
from perfeval.audit.sums import identity_relations, name_relations, sum_relations
from perfeval.audit.tables import table_relations
from perfeval.audit.text_tables import text_against_tables
from perfeval.errors import UsageError
from perfeval.filing.typed.numbers import number_of
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import malformed, quantities, unit_of_all
from perfeval.prose.text import Line

MOST_QUANTITIES = 20_000  # a report of sixty pages has a tenth of that
TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})年度?")
PROSE_IN_A_CELL = re.compile("[，。；：].*\\d|\\d.*[，。；：]")
IN_PARAGRAPH = (
    sum_relations,
    identity_relations,
    name_relations,
    rate_relations,
    change_relations,
    balance_relations,
    left_relations,
)


def check(report: Report) -> tuple[list[Comparison], Counter[str]]:
    """Every comparison, and how many quantities of each unit were read."""
    passages, unit, year = read_passages(report)
    if sum(len(p.quantities) for p in passages) > MOST_QUANTITIES:
        raise UsageError(
            f"“{report.name}”里有 {MOST_QUANTITIES // 10_000} 万个以上的数，一份自评报告不会有这么多。",
            "请只保留报告本身，删去夹带的数据后再检查。",
        )
    found = [*score_checks(report), *equation_checks(report)]
    found += [c for passage in passages for c in _of_paragraph(passage)]
    found += claim_relations(passages)
    found += repeat_relations(passages)
    in_tables, sheet = table_relations(report.tables, unit, year, _explained(passages))
    found += in_tables
    found += text_against_tables(passages, report.tables, unit, sheet)
    found += ledger_relations(passages, sheet.money)
    found += count_relations(passages, sheet.indicators)
    units = Counter(q.unit for p in passages for q in p.quantities)
    units[""] += sum(1 for rows in report.tables for row in rows for c in row.cells if number_of(c) is not None)
    return _once(found), units


def _explained(passages: Iterable[Passage]) -> str:
    """The paragraphs that give reasons: an indicator they name needs none in its row."""
    return "\n".join(p.line.plain for p in passages if EXPLAINED.search(p.line.plain))


def _once(found: Iterable[Comparison]) -> list[Comparison]:
    """Two readings of the same figures are one relation; the first stays."""
    return list({(frozenset(c.keys), c.agrees): c for c in reversed(list(found))}.values())[::-1]


def read_passages(report: Report) -> tuple[list[Passage], str, int | None]:
    """The paragraphs and the sentences in cells with their quantities; the unit of bare amounts; the report's year."""
    unit = next((u for line in report.lines if (u := unit_of_all(line.plain))), "")
    year = next((int(m[1]) for line in report.lines[:12] if (m := TITLE_YEAR.search(line.plain))), None)
    lines = [*report.lines, *_cells(report)]
    return [Passage(line, tuple(quantities(line, unit, year))) for line in lines], unit, year


def _cells(report: Report) -> Iterator[Line]:
    for rows in report.tables:
        for row in rows:
            for column, cell in enumerate(row.cells):
                if len(cell) > 12 and PROSE_IN_A_CELL.search(cell):
                    yield cell_line(row, column)


def _of_paragraph(passage: Passage) -> Iterator[Comparison]:
    for broken in malformed(passage.line):
        says = f"“{broken.shown}”不是一个数"
        yield Comparison(Kind.PAIR, False, says, (broken,), "请改成一个写法正确的数。", word="数字写坏")
    for relations in IN_PARAGRAPH:
        yield from relations(passage)
