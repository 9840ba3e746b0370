"""计算过程: each operand of each score and rate, its value, its unit, its cell in the filed workbook."""

from dataclasses import replace
from functools import cache

from perfeval.documents.score_workbook.trace import DERIVATION_HEAD, DERIVATION_SHEET, OPERAND_COLUMN, Derivation, Shown, Trace, cells_text
from perfeval.documents.workbook import Column, Live, Sheet, Value
from perfeval.model.scorecard import Operand, Unit

COLUMNS = (
    Column("对象", "text", 20),
    Column("编号", "word", 8),
    Column("评分或测算项目", "text", 26),
    Column("结果", "number", 12),
    Column("计算说明", "text", 46),
    Column("所用的数", "text", 26),
    Column("数值", "number"),
    Column("单位", "word", 12),
    Column("填报工作簿中的单元格", "text", 30),
)
RESULT_COLUMN = 3
UNIT_NAMES = {Unit.AMOUNT: "万元", Unit.COUNT: "个", Unit.POINTS: "分", Unit.RATE: "%", Unit.NUMBER: "按填报单位"}


def write_derivation(sheet: Sheet, trace: Trace, shown: Shown) -> None:
    """Fills the sheet; operands that stand elsewhere in this workbook are formulas that point there."""
    sheet.title("计算过程", "每个得分和比率由哪些数算出、这些数取自填报工作簿的哪个单元格。数值改动时，各表的公式随之重算。", len(COLUMNS))
    sheet.head(DERIVATION_HEAD, COLUMNS)
    for derivation in trace.derivations:
        _write(sheet, derivation, shown)
    if trace.derivations:
        sheet.raw.autofilter(DERIVATION_HEAD, 0, trace.next_row - 1, len(COLUMNS) - 1)


def _write(sheet: Sheet, derivation: Derivation, shown: Shown) -> None:
    result = derivation.result
    outcome: Value = Live(result.place.reference, result.value)
    explanation = result.explanation
    for row, operand in enumerate(derivation.operands, start=derivation.first_row):
        source = derivation.formulas.get(operand.key) or shown.formula(operand)
        value = Live(source, operand.value) if source else operand.value
        unit = UNIT_NAMES[operand.unit]
        told = (result.owner, result.code, result.name, outcome, explanation, operand.name, value, unit, _source(operand))
        sheet.row(row, _columns(result.look, str(operand.unit)), told)
        outcome, explanation = None, ""  # told once, in the first row
        if len(operand.cells) == 1:
            shown.record(operand.cells[0], DERIVATION_SHEET, row, OPERAND_COLUMN, operand.value)
        else:
            shown.record_all(operand.cells, DERIVATION_SHEET, row, OPERAND_COLUMN)


@cache
def _columns(result_look: str, operand_look: str) -> tuple[Column, ...]:
    """The columns of a row whose result and operand look like this."""
    looks = {RESULT_COLUMN: result_look, OPERAND_COLUMN: operand_look}
    return tuple(replace(column, look=looks.get(number, column.look)) for number, column in enumerate(COLUMNS))


def _source(operand: Operand) -> str:
    """The filed cells; what has none is the regulation's."""
    return cells_text(operand.cells) or "指标体系"
