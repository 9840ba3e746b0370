"""The tables of 部门决算 → 收支, 控制支出: labelled lines, also two or three tables side by side."""

from perfeval.prefill.forms import NUMBERING, Line, bare, plain, unnumbered
from perfeval.prefill.money import amounts_of, conversion
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen
from perfeval.prefill.words import words

CONTROLLED = "controlled_items"


def read_account(pen: Pen, table: Table) -> None:
    """Takes the lines that the layout knows."""
    rows = {row: _label(table, row) for row in range(table.first, table.last + 1)}
    names = set(map(unnumbered, rows.values()))
    for row, label in rows.items():
        line = next((one for one in table.layout.lines if _is(one, label)), None)
        if line is not None and (not line.beside or line.beside in names):
            _take(pen, table, row, label, line)


def _label(table: Table, row: int) -> str:
    return table.grid.between(row, *table.columns["label"])[0].text


def _is(line: Line, label: str) -> bool:
    name = unnumbered(label)
    return name in line.labels or (bare(name) in line.labels and plain(label).find("其中") < 0)


def _take(pen: Pen, table: Table, row: int, label: str, line: Line) -> None:
    sheet, *key = line.goes_to
    name = _name(label)
    record = tuple(key) or (name,)
    amounts = {
        column: amount
        for column, amount in amounts_of(pen, table, row, name).items()
        if not line.only or column in line.only
    }
    if sheet == CONTROLLED and amounts:
        pen.take(sheet, record, "name", name, (row, table.columns["label"][0]))
    for column, amount in amounts.items():
        pen.take(sheet, record, column, amount, (row, table.columns[column][0]), conversion(table, column))


def _name(label: str) -> str:
    """The item as it is called, without its running number: 1．因公出国（境）费 → 因公出国（境）费."""
    text = words(label)
    match = NUMBERING.match(text)
    return text[match.end() :].strip() if match else text
