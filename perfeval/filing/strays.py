"""Rows of a table that are no record: totals and notes. Each is reported once, at its label, with what to do.

A total that agrees with the rows, and what is plainly a note, is a notice; where the row could be data after all it is
an error, never left out in silence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.excel.read import RawCell
from perfeval.filing.convert import Beside, convert
from perfeval.filing.headers import tidy
from perfeval.filing.rows import Row
from perfeval.filing.typed.numbers import half_width, number_of
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.form import DUTY_DATA, Field, Kind, Sheet
from perfeval.model.money_units import WAN
from perfeval.model.numbers import sum_agrees

RawCells = Mapping[str, RawCell]
ADDED_UP = frozenset({Kind.AMOUNT, Kind.POINTS})
MEASURED = frozenset({Kind.READING, Kind.NUMBER, Kind.RATE})
IN_BRACKETS = re.compile(r"\([^()]*\)$")
TOTAL = re.compile(r"(?P<of>.*?)(?:合计|小计|总计|共计|汇总|总和)(?:数|行|栏|额|金额)?")
BARE_TOTALS = frozenset({"合计", "小计", "总计", "共计", "合计数", "总计数"})  # whatever column they stand in
OF_ALL = re.compile(
    "(?:以上|上述|本页|本表|本年|全年|年度|各项|全部|所有|部门|单位|项目|支出|经费|资金|金额|预算|指标|权重|分值|得分)+"
)
NOTE = re.compile(
    r"[(\[【※*#]*(?:[\u4e00-\u9fff]{0,4}(?:说明|备注|附注|注释|注明|注意事项|须知|口径|[资数][料据]来源|负责人)|注意?|[填制][表报]人?|经办人?|[审复]核人?"
    r"|分管领导|联系(?:人|电话|方式)|(?:填[表报]|制表|报送|编制)(?:要求|单位|部门|日期|时间)|(?:金额|计量)?单位)[0-9一二三四五六七八九十]*(?:$|[:)\]】]|、)"
)
SENTENCE = re.compile(
    r"[(\[【※*#]*(?:以上|上述|本表|此表|表中).*|[(\[【]?(?:以下|此[处页行])(?:空白|无.*|略)[)\]】]?|.*。", re.DOTALL
)  # names nothing
OF_WHICH = re.compile(r"其中(?:$|:.*)")  # a part of the row above: it counts there already
LEAST_ROWS = 2  # so many rows make a sum of which the total does not only repeat one


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that is no record, or may be none; `label` is the cell that says so. `is_sure` false: only if it adds
    up."""

    number: int
    cells: RawCells
    label: RawCell
    is_sure: bool


def labels_of(cells: RawCells, sheet: Sheet) -> list[tuple[Field, RawCell]]:
    """The cells of a row that name it: the first one filled, and those up to the name."""
    keys = [field.key for field in sheet.fields]
    named = keys[: keys.index("name") + 1] if "name" in keys and sheet is not DUTY_DATA else keys[:1]
    first = next(iter(cells))
    return [(sheet.field(key), cells[key]) for key in dict.fromkeys((first, *named)) if key in cells]


def note_of(cells: RawCells, sheet: Sheet) -> Finding | None:
    """CELL_023 for a row that only says something about the table. A paragraph may well begin with 说明：."""
    labels = labels_of(cells, sheet)
    for field, cell in labels:
        text = "".join(half_width(cell.text).split())
        if field.kind is Kind.LONG_TEXT:
            continue
        if NOTE.match(text) is not None:
            names = {field.key for field, _ in labels}
            has_figures = any(_is_datum(cells[f.key], f) for f in sheet.fields if f.key in cells and f.key not in names)
            return _finding(
                cell, "是说明文字，同一行还填了别的数" if has_figures else "是说明文字", is_doubtful=has_figures
            )
        if OF_WHICH.fullmatch(text) is not None:
            return _finding(cell, "像是上一行的其中数，已经算在上一行里", is_doubtful=len(cells) > 1)
        if len(cells) == 1 and SENTENCE.fullmatch(text) is not None:
            return _finding(cell, "是说明文字", is_doubtful=False)
    return None


def _is_datum(cell: RawCell, field: Field) -> bool:
    """A number, or one of the words of a drop-down: not what somebody wrote to sign the table."""
    return not isinstance(cell.value, str) or number_of(cell.text) is not None or cell.text in field.choices


def total_of(number: int, cells: RawCells, sheet: Sheet) -> Stray | None:
    """The row as a total, by its label (合计, 项目支出合计（万元）), or perhaps by its sums where it has none; None for any other
    row."""
    labels, measured = labels_of(cells, sheet), _is_measured(cells, sheet)
    elsewhere = [] if sheet is DUTY_DATA else [cell for cell in cells.values() if tidy(cell.text) in BARE_TOTALS]
    for cell in [*(cell for _, cell in labels), *elsewhere]:
        name = IN_BRACKETS.sub("", tidy(cell.text))
        match = TOTAL.fullmatch(name)
        if match is not None and not (match["of"] and measured):
            is_sure = not match["of"] or ("汇总" not in name and OF_ALL.fullmatch(match["of"]) is not None)
            return Stray(number, cells, cell, is_sure)  # 决算报表汇总, 常年项目合计 may well be projects
    has_no_name = not measured and all(field.kind in ADDED_UP for field, _ in labels)
    return Stray(number, cells, labels[0][1], is_sure=False) if has_no_name else None


def _is_measured(cells: RawCells, sheet: Sheet) -> bool:
    """Whether the row holds a value that nobody adds up, as an indicator's."""
    return any(field.kind in MEASURED and field.key in cells for field in sheet.fields)


def adds_up(
    stray: Stray, sheet: Sheet, above: Sequence[Row], every: Sequence[Row], money_unit: str = WAN
) -> bool | None:
    """Whether the amounts of a total are the sums of the rows above it, or of all rows; None where it has none that can
    be read."""
    beside = Beside(money_unit=money_unit)
    stated = {
        field.key: value
        for field in sheet.fields
        if field.kind in ADDED_UP and field.key in stray.cells
        if isinstance(value := convert(stray.cells[field.key], field, field.label, beside)[0].value, Decimal)
    }
    if not any(stated.values()):
        return None
    least = 1 if stray.is_sure else LEAST_ROWS
    return any(_agree(stated, rows) for rows in (above, every) if len(rows) >= least)


def _agree(stated: Mapping[str, Decimal], rows: Sequence[Row]) -> bool:
    columns = {key: [row.cells[key].value for row in rows] for key in stated}
    return all(
        sum_agrees(stated[key], [value for value in column if value is not None]) for key, column in columns.items()
    )


def total_finding(stray: Stray, sheet: Sheet, agrees: bool | None) -> Finding:
    """CELL_023 for a total that is not read."""
    if _is_measured(stray.cells, sheet):
        return _finding(stray.label, "像是合计，又填了别的内容", is_doubtful=True)
    if agrees is False:
        return _finding(stray.label, "像是合计，却与各行之和不符", is_doubtful=True)
    return _finding(stray.label, "是合计，与各行之和相符" if agrees else "是合计", is_doubtful=False)


def _finding(label: RawCell, what: str, is_doubtful: bool) -> Finding:
    more = "如果它是一条填报内容，请写上它自己的名称。" if is_doubtful else ""
    severity = Severity.ERROR if is_doubtful else Severity.NOTICE
    return make("CELL_023", label.ref, found=label.text, what=what, more=more, severity=severity)
