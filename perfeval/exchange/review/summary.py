"""复核汇总.xlsx for the bureau: 自评, 计算 and 复核 side by side, live, and who is off by a grade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.documents.result import finding_json
from perfeval.excel.write import Book, Column, Live, Place, Sheet, Value, column_range, less
from perfeval.exchange.review.lines import Line, Unit
from perfeval.exchange.review.reviewed import ACCEPTED, NOT_REVIEWED, REFUSED, Reviewed
from perfeval.findings.finding import SEVERITY_NAMES, Severity
from perfeval.findings.render import place
from perfeval.model.numbers import total
from perfeval.model.regulation import Regulation

OVERVIEW, DETAILS, GRADES, PROBLEMS = "复核汇总", "各项对照", "等级界限", "问题"
HEAD = 2
NOT_SCORED, LEFT_OUT, NONE, UNGRADED, SAME, NOT_FILED = "未评分", "不计分", "—", "无法评定", "一致", "未填"
DETAIL_COLUMNS = (
    Column("部门名称", "text", 26),
    Column("项目", "text", 18),
    Column("编号", "word", 8),
    Column("指标名称", "text", 26),
    Column("分值", "number", 8),
    Column("自评得分", "points", 9),
    Column("计算得分", "points", 9),
    Column("复核填写", "points", 9),
    Column("复核得分", "points", 9),
    Column("复核−计算", "difference", 9),
    Column("复核意见", "text", 40, 30),
)
MAX, COMPUTED, FILLED, RESULT, CHANGE = 4, 6, 7, 8, 9
OVERVIEW_COLUMNS = (
    Column("序号", "count", 6),
    Column("部门名称", "text", 30, 20),
    Column("年度", "number", 7),
    Column("项目", "text", 20),
    Column("状态", "word", 14),
    Column("自评得分", "points", 9),
    Column("计算得分", "points", 9),
    Column("复核得分", "points", 9),
    Column("复核−计算", "difference", 9),
    Column("自评−复核", "difference", 9),
    Column("自评等级", "word", 9),
    Column("计算等级", "word", 9),
    Column("复核等级", "word", 9),
    Column("自评与复核等级", "text", 18, 14),
    Column("改分项数", "count", 8),
    Column("复核工作簿", "text", 30),
)
DECLARED_TOTAL, COMPUTED_TOTAL, REVIEWED_TOTAL, FIRST_GRADE, OFF = 5, 6, 7, 10, 13
GRADE_COLUMNS = (Column("指标体系", "text", 26), Column("等级", "word", 8), Column("最低得分", "points", 10))
PROBLEM_COLUMNS = (
    Column("复核工作簿", "text", 26),
    Column("级别", "word", 8),
    Column("编号", "word", 12),
    Column("位置", "text", 24),
    Column("问题", "text", 50, 40),
    Column("改法", "text", 50, 40),
)
NOTE = "复核得分 = 复核人员填写的得分，没有填写的同意计算得分。各数由公式从“各项对照”“等级界限”现算。退回复核人员的见“问题”表，改正后再运行一次。"


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of 复核汇总; `first`, `last` are the rows of its unit on 各项对照."""

    reviewed: Reviewed
    unit: Unit | None
    first: int = 0
    last: int = 0


def write_review_summary(reviewed: Iterable[Reviewed]) -> bytes:
    """The workbook's bytes."""
    every = list(reviewed)
    book = Book("绩效自评复核汇总", "perfeval")
    overview, details, grades, problems = (book.sheet(name) for name in (OVERVIEW, DETAILS, GRADES, PROBLEMS))
    bounds = _write_grades(grades, [r.regulation for r in every if r.regulation])
    _write_overview(overview, _write_details(details, every), bounds)
    _write_problems(problems, every)
    for sheet, frozen in ((overview, 2), (details, 4), (grades, 0), (problems, 0)):
        sheet.finish(HEAD, "绩效自评复核", frozen_columns=frozen)
    return book.finish()


Bounds = dict[str, list[tuple[str, str, Decimal]]]  # by regulation: name, its cell's reference, lowest score


def _write_grades(sheet: Sheet, regulations: Sequence[Regulation]) -> Bounds:
    """The grades' lower bounds, which the grade formulas point at."""
    sheet.title("等级界限", "得分达到最低得分即为该等级。界限取自指标体系。", len(GRADE_COLUMNS))
    sheet.head(HEAD, GRADE_COLUMNS)
    bounds: Bounds = {}
    row = HEAD + 1
    for regulation in sorted({r.id: r for r in regulations}.values(), key=lambda r: r.id):
        for band in regulation.grades:
            sheet.row(row, GRADE_COLUMNS, (regulation.id, band.name, band.lower))
            bounds.setdefault(regulation.id, []).append((band.name, Place(GRADES, row, 2).reference, band.lower))
            row += 1
    return bounds


def _write_details(sheet: Sheet, every: Iterable[Reviewed]) -> list[_Row]:
    """Each line that is added up; gives the lines of 复核汇总 with the rows their units take here."""
    sheet.title("各项对照", "“复核填写”空白的，复核得分用计算得分。", len(DETAIL_COLUMNS))
    sheet.head(HEAD, DETAIL_COLUMNS)
    rows: list[_Row] = []
    row = HEAD + 1
    for reviewed in every:
        units = [unit for unit in reviewed.units if unit.parts] if reviewed.status == ACCEPTED else []
        for unit in units:
            rows.append(_Row(reviewed, unit, row, row + len(unit.parts) - 1))
            for line in unit.parts:
                _detail(sheet, row, reviewed, unit, line)
                row += 1
        if not units:
            rows.append(_Row(reviewed, None))
    sheet.raw.autofilter(HEAD, 0, max(row - 1, HEAD + 1), len(DETAIL_COLUMNS) - 1)
    return rows


def _detail(sheet: Sheet, row: int, reviewed: Reviewed, unit: Unit, line: Line) -> None:
    computed, filled, result = (Place(DETAILS, row, column).cell for column in (COMPUTED, FILLED, RESULT))
    shown: Decimal | str = _word(line) if line.result is None else line.result
    change = less(line.result, line.computed)
    values: tuple[Value, ...] = (
        reviewed.department,
        unit.subject or NONE,
        line.code,
        line.name,
        line.maximum,
        NONE if line.declared is None else line.declared,
        _word(line) if line.computed is None else line.computed,
        line.filled,
        Live(f"IF(ISNUMBER({filled}),{filled},{computed})", shown),
        NONE if change is None else Live(f"ROUND({result}-{computed},4)", change),
        line.opinion,
    )
    sheet.row(row, DETAIL_COLUMNS, values, **({"bold": True} if line.is_changed else {}))


def _word(line: Line) -> str:
    return LEFT_OUT if line.left_out else NOT_SCORED


def _write_overview(sheet: Sheet, rows: Sequence[_Row], bounds: Bounds) -> None:
    sheet.title("绩效自评复核汇总表", NOTE, len(OVERVIEW_COLUMNS))
    sheet.head(HEAD, OVERVIEW_COLUMNS)
    for number, row in enumerate(rows, start=1):
        sheet.row(HEAD + number, OVERVIEW_COLUMNS, _overview(HEAD + number, number, row, bounds))
    last = HEAD + max(1, len(rows))
    sheet.raw.autofilter(HEAD, 0, last, len(OVERVIEW_COLUMNS) - 1)
    off = Place(OVERVIEW, HEAD + 1, OFF).cell
    criteria = f'=AND({off}<>"",{off}<>"{SAME}",{off}<>"{NONE}")'
    sheet.raw.conditional_format(
        HEAD + 1, OFF, last, OFF, {"type": "formula", "criteria": criteria, "format": sheet.book.emphasis("#FCE4D6")}
    )


def _overview(row: int, number: int, line: _Row, bounds: Bounds) -> tuple[Value, ...]:
    reviewed, unit = line.reviewed, line.unit
    known = reviewed.known
    head = (
        number,
        reviewed.department,
        known.year if known else "",
        (unit.subject if unit else "") or NONE,
        reviewed.status,
    )
    file = reviewed.file or "（没有复核过的评分表）"
    if unit is None or unit.sum is None:
        values = [NONE] * (len(OVERVIEW_COLUMNS) - len(head) - 1)
        if known and reviewed.status == NOT_REVIEWED:
            values[:2] = [known.result["declared_total"] or NONE, known.result["total"] or NONE]
            return (*head, *(_number(t) for t in values), file)
        return (*head, *values, file)
    declared, computed, points = unit.sum.declared, unit.sum.computed, unit.reviewed_total
    cells = [Place(OVERVIEW, row, column).cell for column in range(len(OVERVIEW_COLUMNS))]
    scores: tuple[Value, ...] = (
        NOT_FILED if declared is None else declared,
        _summed(line, COMPUTED, computed, computed_only=True),
        _summed(line, RESULT, points),
        _difference(cells[REVIEWED_TOTAL], cells[COMPUTED_TOTAL], points, computed),
        _difference(cells[DECLARED_TOTAL], cells[REVIEWED_TOTAL], declared, points),
    )
    bands = bounds.get(reviewed.regulation.id, []) if reviewed.regulation else []
    graded = [
        _grade(cells[column], value, bands, unit)
        for column, value in ((DECLARED_TOTAL, declared), (COMPUTED_TOTAL, computed), (REVIEWED_TOTAL, points))
    ]
    changes = column_range(CHANGE, line.first, line.last)
    count = Decimal(sum(1 for part in unit.parts if part.is_changed and part.computed is not None))
    graded[0] = NOT_FILED if declared is None else graded[0]
    counted = Live(f'COUNTIF({DETAILS}!{changes},">=0.005")+COUNTIF({DETAILS}!{changes},"<=-0.005")', count)
    return (*head, *scores, *graded, _off(cells, graded), counted, file)


def _number(text: str) -> Value:
    return text if text == NONE else Decimal(text)


def _summed(line: _Row, column: int, value: Decimal | None, *, computed_only: bool = False) -> Value:
    """A column of the unit added up; points that are not applicable are excluded and the rest scaled."""
    if value is None or line.unit is None:
        return UNGRADED
    points, maxima = (f"{DETAILS}!{column_range(c, line.first, line.last)}" for c in (column, MAX))
    left_out = total(
        p.maximum or Decimal(0) for p in line.unit.parts if p.left_out and (computed_only or p.filled is None)
    )
    if not left_out:
        return Live(f"ROUND(SUM({points}),2)", value)
    return Live(f'ROUND(SUM({points})*100/(100-SUMIF({points},"{LEFT_OUT}",{maxima})),2)', value)


def _difference(first: str, second: str, minuend: Decimal | None, subtrahend: Decimal | None) -> Value:
    value = less(minuend, subtrahend)
    return NONE if value is None else Live(f"ROUND({first}-{second},4)", value)


def _grade(cell: str, value: Decimal | None, bands: list[tuple[str, str, Decimal]], unit: Unit) -> Value:
    """The grade as a formula over the bounds; 无法评定 where a score is missing."""
    if value is None or not bands or unit.unscored:
        return UNGRADED
    formula = f'"{bands[-1][0]}"'
    for name, reference, _ in reversed(bands[:-1]):
        formula = f'IF({cell}>={reference},"{name}",{formula})'
    return Live(formula, next((name for name, _, lower in bands if value >= lower), bands[-1][0]))


def _off(cells: Sequence[str], graded: Sequence[Value]) -> Value:
    """Whether the department's grade survived the review."""
    declared, reviewed = graded[0], graded[2]
    if not isinstance(declared, Live) or not isinstance(reviewed, Live):
        return NONE
    first, second = cells[FIRST_GRADE], cells[FIRST_GRADE + 2]
    verdict = SAME if declared.value == reviewed.value else f"自评{declared.value}，复核{reviewed.value}"
    return Live(f'IF({first}={second},"{SAME}","自评"&{first}&"，复核"&{second})', verdict)


def _write_problems(sheet: Sheet, every: Iterable[Reviewed]) -> None:
    """Every finding, for the reviewers."""
    sheet.title("问题", f"“{REFUSED}”的评分表没有采用，改正以后再放进复核文件夹运行一次。", len(PROBLEM_COLUMNS))
    sheet.head(HEAD, PROBLEM_COLUMNS)
    row = HEAD + 1
    for reviewed in every:
        for finding in map(finding_json, reviewed.findings):
            level = SEVERITY_NAMES[Severity(finding["severity"])]
            where = place(finding["sheet"], finding["cell"], finding["label"])
            sheet.row(
                row, PROBLEM_COLUMNS, (reviewed.file, level, finding["code"], where, finding["message"], finding["fix"])
            )
            row += 1
    if row == HEAD + 1:
        sheet.put(row, 0, "没有问题", "text", 26)
