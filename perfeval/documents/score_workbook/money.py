"""收支与压减: the amounts as filed with their rates, the sums re-added, and every rate the report names."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook.trace import Result, Shown, Trace, substitute
from perfeval.excel.write import UNKNOWN, Column, Live, Place, Sheet, live
from perfeval.model.cells import Cell
from perfeval.model.form import CUT, MONEY
from perfeval.model.frames import Frames, rows_of, value
from perfeval.model.numbers import total
from perfeval.model.scorecard import Measure
from perfeval.model.submission import DEPARTMENT_KIND, Submission

NAME = "收支与压减"
HEAD = 2
NOT_ASKED = "—"
MONEY_COLUMNS = (
    Column("项目", "text", 30),
    Column("年初预算数", "amount"),
    Column("调整后预算数", "amount"),
    Column("决算数", "amount"),
    Column("调整率", "rate"),
    Column("执行率", "rate"),
    Column("说明", "text", 50),
)
CUT_COLUMNS = (
    *(Column(h, look) for h, look in (("项目", "text"), ("上年", "amount"), ("本年", "amount"), ("压减率", "rate"))),
)
CONTROLLED_COLUMNS = (
    *(
        Column(h, look)
        for h, look in (
            ("支出名称", "text"),
            ("本年预算数", "amount"),
            ("本年执行数", "amount"),
            ("超支", "difference"),
        )
    ),
)
MEASURE_COLUMNS = (Column("比率", "text", 30), Column("数值", "rate"))
INITIAL, ADJUSTED, FINAL, ADJUSTMENT_RATE, EXECUTION_RATE, NOTE = range(1, 7)
RATES = {ADJUSTMENT_RATE: "adjustment_rate", EXECUTION_RATE: "execution_rate"}
FIELDS = {"initial": INITIAL, "adjusted": ADJUSTED, "final": FINAL}
SUMS = {
    "income_total": ("appropriation", "opening_carryover", "unit_funds", "other_funds"),
    "expenditure_total": ("basic_expenditure", "project_expenditure"),
}


@dataclass
class _Writer:
    sheet: Sheet
    shown: Shown
    row: int = HEAD

    def place(self, column: int) -> Place:
        return Place(self.sheet.name, self.row, column)

    def cell(self, column: int, cell: Cell[Decimal], look: str = "amount") -> None:
        self.shown.put(self.sheet, self.row, column, cell, look)

    def computed(self, column: int, formula: str, found: Decimal | None) -> None:
        """A rate of two cells; says so where it cannot be computed."""
        self.sheet.put(self.row, column, live(formula, found), "rate")

    def head(self, title: str, columns: tuple[Column, ...]) -> None:
        self.row += 1
        self.sheet.section(self.row, title)
        self.sheet.head(self.row + 1, columns)
        self.row += 2


def write_money(sheet: Sheet, evaluation: Evaluation, shown: Shown, trace: Trace) -> None:
    """Fills the sheet. A 项目支出 workbook has no such sheets: only its rates are shown."""
    submission = evaluation.submission
    writer = _Writer(sheet, shown)
    sheet.title(
        "收支与压减情况",
        "单位：万元。率和差额由公式现算；执行率 = 决算数 ÷ 调整后预算数，调整率 = （调整后预算数 − 年初预算数） ÷ 年初预算数。",
        7,
    )
    sheet.head(HEAD, MONEY_COLUMNS)
    writer.row += 1
    if submission.is_project_kind:
        sheet.put(writer.row, 0, "项目支出评价不填报部门收支", "text", 30)
        writer.row += 1
    else:
        frames = evaluation.frames
        _money(writer, submission, frames)
        _cut(writer, submission, frames)
        _controlled(writer, frames)
    _measures(writer, evaluation.scorecard.measures if evaluation.scorecard else (), trace, submission)


def _money(writer: _Writer, submission: Submission, frames: Frames) -> None:
    rows: dict[str, int] = {}
    for declared in MONEY.rows:
        rows[declared.key] = writer.row
        rates = {column: value(frames.money, declared.key, name) for column, name in RATES.items()}
        _money_row(writer, submission, declared.key, declared.label, declared.used or tuple(FIELDS), rates)
        writer.row += 1
    for key, parts in SUMS.items():
        _re_added(writer, submission, key, parts, rows)
        writer.row += 1


def _money_row(
    writer: _Writer,
    submission: Submission,
    key: str,
    label: str,
    used: tuple[str, ...],
    rates: Mapping[int, Decimal | None],
) -> None:
    sheet, filed = writer.sheet, getattr(submission.money, key)
    bold = key in SUMS
    sheet.put(writer.row, 0, label if bold else f"　{label}", "text", 30, bold=bold)
    for field, column in FIELDS.items():
        if field in used:
            writer.cell(column, getattr(filed, field))
        else:
            sheet.put(writer.row, column, NOT_ASKED, "word")
    initial, adjusted, final = (writer.place(column).cell for column in FIELDS.values())
    if len(used) == len(FIELDS):
        writer.computed(ADJUSTMENT_RATE, f"({adjusted}-{initial})/{initial}", rates[ADJUSTMENT_RATE])
        writer.computed(EXECUTION_RATE, f"{final}/{adjusted}", rates[EXECUTION_RATE])
    else:
        sheet.put(writer.row, ADJUSTMENT_RATE, NOT_ASKED, "word")
        sheet.put(writer.row, EXECUTION_RATE, NOT_ASKED, "word")
    sheet.put(writer.row, NOTE, filed.note.value or "", "text", 50)
    writer.shown.record(filed.note.ref, NAME, writer.row, NOTE)


def _re_added(writer: _Writer, submission: Submission, key: str, parts: tuple[str, ...], rows: dict[str, int]) -> None:
    """The stated sum minus its parts: 0 where they agree, UNKNOWN where one is missing."""
    label = next(r.label for r in MONEY.rows if r.key == key)
    sheet = writer.sheet
    sheet.put(writer.row, 0, f"复核：{label} − 各项之和", "text", 30, italic=True)
    for field, column in FIELDS.items():
        values = [getattr(getattr(submission.money, name), field).value for name in (key, *parts)]
        addresses = [Place(sheet.name, rows[name], column).cell for name in (key, *parts)]
        known = [v for v in values if v is not None]
        complete = len(known) == len(values)
        formula = f"ROUND({addresses[0]}-SUM({','.join(addresses[1:])}),4)"
        sheet.put(writer.row, column, Live(formula, known[0] - total(known[1:])) if complete else UNKNOWN, "difference")
    for column in (ADJUSTMENT_RATE, EXECUTION_RATE):
        sheet.put(writer.row, column, NOT_ASKED, "word")
    sheet.put(writer.row, NOTE, "不为 0 的请核对合计（进位误差除外）", "text", 50)


def _cut(writer: _Writer, submission: Submission, frames: Frames) -> None:
    writer.head("一般性支出压减", CUT_COLUMNS)
    for declared in CUT.rows:
        filed = getattr(submission.cut, declared.key)
        writer.sheet.put(writer.row, 0, declared.label, "text", 30)
        writer.cell(1, filed.previous)
        writer.cell(2, filed.current)
        previous, current = writer.place(1).cell, writer.place(2).cell
        writer.computed(3, f"({previous}-{current})/{previous}", value(frames.cuts, declared.key, "rate"))
        writer.row += 1


def _controlled(writer: _Writer, frames: Frames) -> None:
    if frames.controlled.empty:
        return
    writer.head("控制性支出", CONTROLLED_COLUMNS)
    for item, excess in rows_of(frames.controlled, "excess"):
        writer.shown.put(writer.sheet, writer.row, 0, item.name, "text", widest=30)
        writer.cell(1, item.budget)
        writer.cell(2, item.executed)
        over = live(f"ROUND({writer.place(2).cell}-{writer.place(1).cell},4)", excess)
        writer.sheet.put(writer.row, 3, over, "difference")
        writer.row += 1


def _measures(writer: _Writer, measures: tuple[Measure, ...], trace: Trace, submission: Submission) -> None:
    if not measures:
        return
    writer.head("报告使用的比率（计算过程见“计算过程”表）", MEASURE_COLUMNS)
    owner = submission.basic.kind.value or DEPARTMENT_KIND
    for measure in measures:
        known: Decimal | str = UNKNOWN if measure.value is None else measure.value
        result = Result(owner, "", measure.name, writer.place(1), known, "rate")
        places = trace.add(result, measure.operands)
        shown = known if measure.value is None else Live(substitute(measure.formula, places), known)
        writer.sheet.put(writer.row, 0, measure.name, "text", 30)
        writer.sheet.put(writer.row, 1, shown, "rate")
        writer.row += 1
