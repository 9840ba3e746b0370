"""计算过程: one row a result, with its sentence, the filed cells of its operands, and those numbers that are in no other
cell of its row."""

from collections.abc import Iterator
from functools import cache

from perfeval.documents.score_workbook.trace import (
    DERIVATION_HEAD,
    DERIVATION_SHEET,
    FIRST_NUMBER,
    Derivation,
    Shown,
    Trace,
    cells_text,
)
from perfeval.excel.looks import LINKED
from perfeval.excel.write import Column, Live, Sheet
from perfeval.model.scorecard import Unit

OWNER, NAME, RESULT, EXPLANATION, SOURCES = range(FIRST_NUMBER)
SOURCE = "填报工作簿中的单元格"
NOTE = (
    "每行一个得分或比率：由哪些数算出，这些数取自填报工作簿的哪个单元格。点项目名称，跳到它所在的行，没有列作“数1”“数2”的数就在那一行；"
    "点“数1”“数2”，跳到那个数在本工作簿中的位置。"
)
UNIT_NAMES = {Unit.AMOUNT: "（万元）", Unit.COUNT: "（个）", Unit.POINTS: "（分）", Unit.RATE: "（%）", Unit.NUMBER: ""}


def write_derivation(sheet: Sheet, trace: Trace) -> None:
    """Fills the sheet; numbers that are elsewhere in this workbook are formulas that point there."""
    columns = _header(max((len(derivation.numbers) for derivation in trace.derivations), default=0))
    sheet.title("计算过程", NOTE, len(columns))
    sheet.head(DERIVATION_HEAD, columns)
    row = DERIVATION_HEAD
    for row, derivation in enumerate(trace.derivations, start=DERIVATION_HEAD + 1):
        _write(sheet, row, derivation)
        _numbers(sheet, row, derivation, trace.shown)
    _record(trace)
    if trace.derivations:
        sheet.raw.autofilter(DERIVATION_HEAD, 0, row, len(columns) - 1)
    if len(columns) > FIRST_NUMBER:
        _frame(sheet, row, len(columns) - 1)


def _frame(sheet: Sheet, last_row: int, last_column: int) -> None:
    """Lines around the places of numbers a result does not have, without a cell for each of them."""
    rule = {"type": "blanks", "format": sheet.book.frame()}
    sheet.raw.conditional_format(DERIVATION_HEAD + 1, FIRST_NUMBER, last_row, last_column, rule)


@cache
def _columns(result_look: str) -> tuple[Column, ...]:
    """The columns every row has, with a result of this look."""
    return (
        Column("对象", "text", 20),
        Column("评分或测算项目", "jump", 30),
        Column("结果", result_look, 12),
        Column("计算说明", "text", 56),
        Column(SOURCE, "text", 54),
    )


def _header(numbers: int) -> tuple[Column, ...]:
    return (*_columns("number"), *(Column(f"数{n}", "number") for n in range(1, numbers + 1)))


def _write(sheet: Sheet, row: int, derivation: Derivation) -> None:
    result = derivation.result
    name = f"{result.code} {result.name}" if result.code else result.name
    outcome = Live(result.place.reference, result.value)
    sheet.row(
        row, _columns(result.look), (result.owner, name, outcome, result.explanation, "\n".join(_sources(derivation)))
    )
    sheet.jump(row, NAME, result.place)


def _sources(derivation: Derivation) -> Iterator[str]:
    """The filed cells: of the numbers in the result's own row on one line, of each number of this row on a line of its
    own."""
    beside = "；".join(
        [f"{operand.name}：{cells_text(operand.cells)}" for operand in derivation.beside if operand.cells]
    )
    if beside:
        yield beside
    for number, operand in enumerate(derivation.numbers, start=1):
        cells = cells_text(operand.cells) or "指标体系"  # what has none is the regulation's
        yield f"数{number} {operand.name}{UNIT_NAMES[operand.unit]}：{cells}"


def _numbers(sheet: Sheet, row: int, derivation: Derivation, shown: Shown) -> None:
    """The numbers; each jumps to where its first filed cell is shown."""
    for column, operand in enumerate(derivation.numbers, start=FIRST_NUMBER):
        source = derivation.formulas.get(operand.key) or shown.formula(operand)
        value = Live(source, operand.value) if source else operand.value
        target = shown.nearest(operand.cells[0]) if operand.cells else None
        sheet.put(row, column, value, str(operand.unit), **(LINKED if target else {}))
        if target:
            sheet.jump(row, column, target)


def _record(trace: Trace) -> None:
    """For the links of 问题清单: of cells that are shown nowhere else the number they make is."""
    for row, derivation in enumerate(trace.derivations, start=DERIVATION_HEAD + 1):
        for column, operand in enumerate(derivation.numbers, start=FIRST_NUMBER):
            trace.shown.record_all(operand.cells, DERIVATION_SHEET, row, column)
