"""指标评分: the annex's and the projects' indicators with score and deviation, and the sums by 适用对象."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perfeval.documents.score_workbook.layout import HEAD, INDICATORS, NO_SUBJECT, Layout, subject_of
from perfeval.documents.score_workbook.scores import NOT_SCORED, Columns
from perfeval.documents.score_workbook.trace import Result, Shown, Trace, as_filed, missing, substitute
from perfeval.excel.looks import TOTAL_FILL
from perfeval.excel.write import Column, Live, Place, Sheet, Value, address, column_range, less, live
from perfeval.model.cells import Cell
from perfeval.model.numbers import ONE, show_number
from perfeval.model.readings import Number, Reading
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import BASIS_NAMES, Basis, IndicatorScore, Operand
from perfeval.model.submission import Indicator

COLUMNS = (
    Column("适用对象", "text", 16),
    Column("一级指标", "text", 11),
    Column("二级指标", "text", 14),
    Column("三级指标", "text", 28),
    Column("指标性质", "word", 8),
    Column("指标值", "number", 14),
    Column("计量单位", "word", 8),
    Column("实际完成值", "number", 14),
    Column("完成比", "rate", 10),
    Column("权重", "number", 8),
    Column("计算得分", "points", 9),
    Column("自评得分", "points", 9),
    Column("差异", "difference", 8),
    Column("完成情况", "word", 10),
    Column("得分方式", "word", 10),
    Column("偏差原因", "text", 26),
)
(
    SUBJECT,
    LEVEL1,
    LEVEL2,
    NAME,
    NATURE,
    TARGET,
    UNIT,
    ACTUAL,
    RATIO,
    WEIGHT,
    SCORE,
    DECLARED,
    DIFFERENCE,
    MET,
    BASIS,
    REASON,
) = range(len(COLUMNS))
NUMBER_COLUMNS = {"target": TARGET, "actual": ACTUAL, "weight": WEIGHT, "declared": DECLARED}
MET_WORDS = {True: "完成", False: "未完成", None: "无法判断"}
DIFFERS_WORD = "超出"  # = with a higher actual: full points, yet not what was planned
NOTE = "得分由本行的指标值、实际完成值、权重算出（算式见“计算过程”）；完成比 = 实际完成值 ÷ 指标值；差异 = 自评得分 − 计算得分。指标性质后有“*”的没有填写，是按指标值和指标类型推定的。"


def write_indicators(
    sheet: Sheet, layout: Layout | None, regulation: Regulation | None, shown: Shown, trace: Trace
) -> None:
    """Fills the sheet; an indicator without a score says so."""
    columns = Columns(COLUMNS, SCORE, regulation is not None and regulation.deduction_column)
    sheet.title("绩效指标评分表", NOTE, len(columns.all))
    sheet.head(HEAD, columns.all)
    if layout is None or not layout.indicators:
        sheet.put(HEAD + 1, 0, "没有可以评分的绩效指标", "text", 16)
        return
    row = HEAD + 1
    for score in layout.indicators:
        _write(sheet, row, score, columns, shown, trace)
        row += 1
    sheet.raw.autofilter(HEAD, 0, row - 1, len(columns.all) - 1)
    first, last = HEAD + 1, row - 1
    _emphasise(sheet, columns, first, last)
    for subject, block in layout.blocks.items():
        scores = layout.indicators[block[0] - first : block[1] - first + 1]
        sums = layout.frames.subjects.loc["" if subject == NO_SUBJECT else subject]
        _sums(sheet, row, subject, columns, sums, scores, block)
        row += 1


def _write(sheet: Sheet, row: int, score: IndicatorScore, columns: Columns, shown: Shown, trace: Trace) -> None:
    filed = score.indicator
    used = {operand.key for operand in score.operands}
    target, actual = _as_read(filed.target, "target" in used), _as_read(filed.actual, "actual" in used)
    numbers = {"target": target, "actual": actual, "weight": score.weight, "declared": filed.declared.value}
    ratio, points, difference = _results(row, score, columns, numbers, trace)
    lost = less(score.weight, score.score)
    values = (
        *(as_filed(cell) for cell in (filed.subject, filed.level1, filed.level2, filed.name)),
        f"{score.nature}*" if score.nature_assumed else score.nature,
        target,
        filed.unit.value or "",
        actual,
        ratio,
        missing(filed.weight) if score.weight is None else score.weight,
        points,
        as_filed(filed.declared),
        difference,
        _met_word(score),
        BASIS_NAMES[score.basis],
        filed.deviation_reason.value or "",
    )
    less_of = None if lost is None else Live(f"{address(row, WEIGHT)}-{address(row, SCORE)}", lost)
    sheet.row(row, columns.all, columns.beside(values, less_of))
    weight = score.weight if filed.weight.value == score.weight else None
    for column, cell, value in (
        (SUBJECT, filed.subject, None),
        (LEVEL1, filed.level1, None),
        (LEVEL2, filed.level2, None),
        (NAME, filed.name, None),
        (TARGET, filed.target, target if isinstance(target, Decimal) else None),
        (ACTUAL, filed.actual, actual if isinstance(actual, Decimal) else None),
        (WEIGHT, filed.weight, weight),
        (DECLARED, filed.declared, filed.declared.value),
        (REASON, filed.deviation_reason, None),
    ):
        shown.record(cell.ref, INDICATORS, row, columns.at(column), value)


def _as_read(cell: Cell[Reading], is_operand: bool) -> Decimal | str:
    """The number a score is computed from, though its cell says 95% or 九成; else the cell's own words."""
    reading = cell.value
    if isinstance(reading, Number) and (is_operand or _says_just(cell, reading.value)):
        return reading.value
    return cell.raw if cell.is_read else missing(cell)


def _says_just(cell: Cell[Reading], number: Decimal) -> bool:
    return cell.raw == show_number(number)


def _quoted(operand: Operand, filed: Indicator) -> Operand:
    """The operand with the cell's own words where they are not just its number."""
    cell = {"target": filed.target, "actual": filed.actual}.get(operand.key)
    if cell is None or _says_just(cell, operand.value):
        return operand
    return replace(operand, name=f"{operand.name}（填报为“{cell.raw}”）")


def _results(
    row: int,
    score: IndicatorScore,
    columns: Columns,
    numbers: Mapping[str, Decimal | str | None],
    trace: Trace,
) -> tuple[Value, Value, Value]:
    """The live cells, 完成比, 计算得分 and 差异; `numbers` gives what is in the row under the keys of operands."""
    place, declared = Place(INDICATORS, row, SCORE), address(row, columns.at(DECLARED))
    name = score.indicator.name.raw or f"第{score.indicator.row}行"
    shown = NOT_SCORED if score.score is None else score.score
    beside = {
        o.key: address(row, columns.at(NUMBER_COLUMNS[o.key])) for o in score.operands if numbers.get(o.key) == o.value
    }
    result = Result(subject_of(score), "", name, place, shown, "points", score.sentence)
    operands = trace.add(result, [_quoted(operand, score.indicator) for operand in score.operands], beside)
    points: Value = shown
    if score.score is not None and score.formula:
        points = Live(substitute(score.formula, operands), score.score)
    elif score.score is not None and score.basis is Basis.DECLARED and score.indicator.declared.value == score.score:
        points = Live(declared, score.score)
    ratio: Value = "—"
    if score.ratio is not None:
        known = isinstance(numbers["target"], Decimal) and isinstance(numbers["actual"], Decimal)
        ratio = Live(f"{address(row, ACTUAL)}/{address(row, TARGET)}", score.ratio) if known else score.ratio
    difference = less(score.indicator.declared.value, score.score)
    return ratio, points, None if difference is None else Live(f"ROUND({declared}-{place.cell},4)", difference)


def _sums(
    sheet: Sheet,
    row: int,
    subject: str,
    columns: Columns,
    sums: Mapping[str, Decimal | None],
    scores: Sequence[IndicatorScore],
    block: tuple[int, int],
) -> None:
    """Σ weights and Σ scores of one 适用对象; a sum that lacks a part says so."""
    line: list[Value] = [f"{subject}　合计", *([""] * (len(columns.all) - 1))]
    for column, added, values in (
        (WEIGHT, sums["weight_used"], [s.weight for s in scores]),
        (SCORE, sums["score"], [s.score for s in scores]),
        (DECLARED, sums["declared"], [s.indicator.declared.value for s in scores]),
    ):
        missing_ones = values.count(None)
        lacking = f"缺 {missing_ones} 项" if missing_ones < len(values) else "未填"
        place = columns.at(column)
        line[place] = live(f"SUM({column_range(place, *block)})", added, lacking)
    sheet.row(row, columns.all, line, bold=True, bg_color=TOTAL_FILL)


def _met_word(score: IndicatorScore) -> str:
    return (
        DIFFERS_WORD
        if score.met and score.nature == "=" and score.ratio is not None and score.ratio != ONE
        else MET_WORDS[score.met]
    )


def _emphasise(sheet: Sheet, columns: Columns, first: int, last: int) -> None:
    """What differs and what was missed stands out in bold, and in colour."""
    differing, done = columns.at(DIFFERENCE), columns.at(MET)
    difference, met = address(first, differing), address(first, done)
    for column, criteria in (
        (differing, f"=AND(ISNUMBER({difference}),ABS({difference})>=0.005)"),
        (done, f'={met}="{MET_WORDS[False]}"'),
    ):
        rule = {"type": "formula", "criteria": criteria, "format": sheet.book.emphasis("#FCE4D6")}
        sheet.raw.conditional_format(first, column, last, column, rule)
