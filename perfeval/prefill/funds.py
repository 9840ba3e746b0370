"""The 资金 block of a project's form → 年初预算数, 调整后预算数, 执行数: the line of the total, proved by 执行率; and the lines
of its parts → 项目资金."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.model.numbers import show_number
from perfeval.prefill.forms import bare, plain, unnumbered
from perfeval.prefill.money import amounts_of, conversion, is_rate
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen, Record
from perfeval.prefill.words import amount_of

FIELDS = {"initial": "initial_budget", "adjusted": "adjusted_budget", "executed": "executed"}
PART_FIELDS = FIELDS | {"budget": "adjusted_budget"}
UNPROVED = "执行率 {rate} 不是 执行数 ÷ 预算数，不知道哪个数读错了，都没有读入；请核对后自己填。"
WHICH_BUDGET = "“预算数”没有写明是年初预算还是调整后预算，没有读入；请核对后自己填。"
NO_TOTAL = "资金表里没有合计一行，程序不代为相加；请自己填合计。"
TWO_ROWS = "原表有几行都算“{source}”，程序不代为相加，“项目资金”没有读入；要填的请自己填。"
AMONG = re.compile("^其中[:：-]*")


def read_funds(pen: Pen, table: Table, project: str, at: tuple[int, int]) -> Decimal | None:
    """Takes the total line of the block and its parts; gives the points that the execution of the budget has, None
    where the block does not say. `at` is where the project's name stands."""
    row = _total_row(table)
    if row is None:
        if project:
            pen.ask(f"项目“{project}” 项目资金", NO_TOTAL, (table.header, table.left))
        return None
    what = f"项目“{project}”" if project else "项目"
    amounts = amounts_of(pen, table, row, what, ask=bool(project))
    proved = _proved(pen, table, row, amounts, what)
    for key, field in FIELDS.items():
        if project and key in proved:
            column = table.grid.between(row, *table.columns[key])[1]
            pen.take("projects", (project,), field, proved[key], (row, column), conversion(table, key))
    if "budget" in proved and project:
        column = table.grid.between(row, *table.columns["budget"])[1]
        note = "执行率按它计算，读作调整后预算数"
        pen.take("projects", (project,), "adjusted_budget", proved["budget"], (row, column), note)
    if project:
        _take_parts(pen, table, project, at)
    return _points(pen, table, row, project)


def _take_parts(pen: Pen, table: Table, project: str, at: tuple[int, int]) -> None:
    """The lines that are one of the sources of 项目资金. Whether they come to the total is seen when all is read."""
    found: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for row, label in _rows(table):
        source = table.layout.sources.get(bare(AMONG.sub("", label)))
        amounts = amounts_of(pen, table, row, "", ask=False)
        if source is None or not amounts or (source in found and not any(amounts.values())):
            continue
        if source in found and any(found[source][1].values()):
            pen.ask(f"项目资金“{project}” 资金来源", TWO_ROWS.format(source=source), (row, table.left), label)
            return
        found[source] = row, amounts
    for source, (row, amounts) in found.items():
        _take_part(pen, table, (project, source), row, amounts, at)


def _take_part(
    pen: Pen, table: Table, record: Record, row: int, amounts: dict[str, Decimal], at: tuple[int, int]
) -> None:
    pen.take("funds", record, "project", record[0], at)
    pen.take("funds", record, "source", record[1], (row, _label_column(table, row)))
    for key, amount in amounts.items():
        if key in PART_FIELDS and not (key == "budget" and "adjusted" in amounts):
            column = table.grid.between(row, *table.columns[key])[1]
            pen.take("funds", record, PART_FIELDS[key], amount, (row, column), conversion(table, key))


def _proved(pen: Pen, table: Table, row: int, amounts: dict[str, Decimal], what: str) -> dict[str, Decimal]:
    """The amounts that the stated rate does not contradict; a bare 预算数 is taken where a rate says what it is."""
    budget = next((key for key in ("adjusted", "budget", "initial") if key in amounts), None)
    rate = table.grid.between(row, *table.columns["rate"])[0] if "rate" in table.columns else None
    stated = (rate is not None and amount_of(rate)[0] is not None) or (rate is not None and rate.text.endswith("%"))
    if budget and stated and rate and "executed" in amounts:
        bases = [amounts[key] for key in (budget, "initial") if key in amounts]
        if budget == "initial" and "change" in table.columns:
            return amounts  # of a budget that is not there
        if not any(is_rate(rate, amounts["executed"], base) for base in bases):
            shown = "、".join(show_number(amount) for amount in amounts.values())
            column = table.columns["rate"][0]
            pen.ask(
                f"{what} 预算数、执行数",
                UNPROVED.format(rate=rate.text),
                (row, column),
                f"{shown}（执行率 {rate.text}）",
            )
            return {}
    if "budget" in amounts and not (stated and "executed" in amounts):
        pen.ask(f"{what} 调整后预算数", WHICH_BUDGET, (row, table.columns["budget"][0]))
        return {key: amount for key, amount in amounts.items() if key != "budget"}
    return amounts


def _total_row(table: Table) -> int | None:
    """The row of 年度资金总额; the only row where the block has just one."""
    rows = list(_rows(table))
    totals = [row for row, label in rows if bare(label) in table.layout.total]
    if totals:
        return totals[0]
    return rows[0][0] if len(rows) == 1 and not rows[0][1] else None


def _rows(table: Table) -> Iterator[tuple[int, str]]:
    """The block's rows with their labels: those of the total and of the families of funds."""
    parts = table.layout.parts
    for row in range(table.first, table.last + 1):
        label = unnumbered(row_label(table, row))
        if bare(label) in table.layout.total or (parts and parts.fullmatch(label)):
            yield row, label
        elif label or not any(column >= table.left for column, _ in table.grid.filled(row)):
            return
        else:
            yield row, ""


def row_label(table: Table, row: int) -> str:
    """The last words left of the amounts that are of this row alone."""
    column = _label_column(table, row)
    return plain(table.grid.text(row, column)) if column else ""


def _label_column(table: Table, row: int) -> int:
    """Where they stand; 0 where there are none."""
    left = min(table.columns[key][0] for key in PART_FIELDS if key in table.columns)
    for column in range(left - 1, 0, -1):
        if table.grid.area(row, column).top > table.header and plain(table.grid.text(row, column)):
            return column
    return 0


def _points(pen: Pen, table: Table, row: int, project: str) -> Decimal | None:
    """Takes the score of the execution; gives its points."""
    values = {
        key: amount_of(table.grid.between(row, *table.columns[key])[0])[0]
        for key in ("weight", "score")
        if key in table.columns
    }
    if project and values.get("score") is not None:
        column = table.grid.between(row, *table.columns["score"])[1]
        pen.take("projects", (project,), "execution_declared", values["score"], (row, column))
    return values.get("weight")
