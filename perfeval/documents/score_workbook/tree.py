"""总评分表: the tree of scores, the department's beside the computed ones, and two open columns for the reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook.blocks import write_blocks
from perfeval.documents.score_workbook.layout import HEAD, PROJECTS, TREE, Layout
from perfeval.documents.score_workbook.scores import NOT_SCORED, Columns, basis_text, leaf_value, sum_value, words
from perfeval.documents.score_workbook.trace import Result, Shown, Trace, substitute
from perfeval.excel.looks import HEAD_FILL, INPUT_FILL, TOTAL_FILL
from perfeval.excel.write import Column, Live, Place, Sheet, Value, less
from perfeval.model.cells import Cell
from perfeval.model.numbers import show_points
from perfeval.model.regulation import Confidence
from perfeval.model.scorecard import Basis as ScoreBasis
from perfeval.model.scorecard import Capping, ItemScore, Operand, ProjectScore, Scorecard, Unit
from perfeval.model.submission import WHOLE_DEPARTMENT

COLUMNS = (
    Column("编号", "word", 8),
    Column("指标名称", "text", 26),
    Column("分值", "number", 8),
    Column("计算得分", "points", 10),
    Column("自评得分", "points", 10),
    Column("差异", "difference", 9),
    Column("得分方式", "word", 12),
    Column("依据", "text", 50, 50),
    Column("核定状态", "word", 8),
    Column("复核得分", "points", 10),
    Column("复核意见", "text", 24, 24),
)
CODE, ITEM, MAX, SCORE, DECLARED, DIFFERENCE, BASIS, REASON, STATE, REVIEW, OPINION = range(len(COLUMNS))
NOTE = "差异 = 自评得分 − 计算得分。复核人员只填“复核得分”“复核意见”两列，其他单元格已锁定（无密码）。核定状态“待核”：评分规则尚未与文件原文核对。"
NO_CARD = "指标体系未填或者不认识，暂时不能评分；请先按“问题清单”改正“基本情况”表的指标体系。"
POINTS_TOLERANCE = "0.005"
NO_CAP = "没有触及得分上限"


@dataclass
class _Tree:
    sheet: Sheet
    shown: Shown
    trace: Trace
    layout: Layout
    columns: Columns
    row: int = HEAD + 1

    def place(self, column: int) -> Place:
        return Place(TREE, self.row, self.columns.at(column))

    def line(self, values: Sequence[Value], most: Decimal | None, points: Decimal | None, **extra: Any) -> None:
        """One row; 扣减分数 = 分值 − 得分."""
        lost = less(most, points)
        shown = None if lost is None else Live(f"{self.place(MAX).cell}-{self.place(SCORE).cell}", lost)
        self.sheet.row(self.row, self.columns.all, self.columns.beside(values, shown), **extra)

    def put(self, column: int, value: Value, look: str, widest: int = 16, **extra: Any) -> None:
        self.sheet.put(self.row, self.columns.at(column), value, look, widest, **extra)


def write_tree(sheet: Sheet, evaluation: Evaluation, layout: Layout | None, shown: Shown, trace: Trace) -> None:
    """Fills the sheet, protects it except for the reviewer's columns, and draws the scores by block."""
    basic, card = evaluation.submission.basic, evaluation.scorecard
    columns = Columns(COLUMNS, SCORE, card is not None and card.regulation.deduction_column)
    sheet.title(
        f"{basic.department.value or '（部门名称未填）'}{basic.year.value or ''}年度绩效自评总评分表",
        NOTE,
        len(columns.all),
    )
    sheet.head(HEAD, columns.all)
    if card is None or layout is None:
        sheet.put(HEAD + 1, ITEM, NO_CARD, "text", 26)
        return
    tree = _Tree(sheet, shown, trace, layout, columns)
    if evaluation.submission.is_project_kind:
        for number, project in enumerate(card.projects):
            _project(tree, number, project)
    else:
        rows = _items(tree, card)
        _grand_total(tree, card, rows)
        write_blocks(sheet, card, rows, tree.row + 1)
    _open_to_review(tree)


def _items(tree: _Tree, card: Scorecard) -> dict[str, int]:
    """Every item in the regulation's order; gives their rows by id."""
    rows = {score.item.id: tree.row + n for n, score in enumerate(card.items)}
    for score in card.items:
        children = [Place(TREE, rows[c.item.id], SCORE) for c in card.items if c.item.parent == score.item.id]
        if score.item.is_leaf:
            cells = {"score": tree.place(SCORE), "declared": tree.place(DECLARED), "max": tree.place(MAX)}
            if score.declared is not None and score.declared.value is not None:
                tree.shown.record(score.declared.ref, *cells["declared"], score.declared.value)
            value = leaf_value(score, WHOLE_DEPARTMENT, cells, tree.trace, _formulas(score, tree.layout))
        else:
            value = _sum(tree, score, WHOLE_DEPARTMENT, children)
        _line(tree, score, value)
    return rows


def _sum(tree: _Tree, score: ItemScore, owner: str, children: list[Place]) -> Value:
    """A parent: the sum of the items below it, within its caps."""
    plain = score.uncapped if score.uncapped is not None else score.score
    named = Result(owner, score.item.id, score.item.name, tree.place(SCORE), score.score or NOT_SCORED, "points")
    return _within(tree, sum_value(plain, children, words(score)), score.score, score.capping, named)


def _within(tree: _Tree, value: Value, points: Decimal | None, capping: Capping | None, named: Result) -> Value:
    """A live figure within its caps; what they are made of stands in 计算过程."""
    if capping is None or points is None or not isinstance(value, Live):
        return value
    places = tree.trace.add(named._replace(explanation=capping.sentence or NO_CAP), capping.operands)
    return Live(f"MIN({value.formula},{substitute(capping.formula, places)})", points)


def _formulas(score: ItemScore, layout: Layout) -> dict[str, str]:
    """The number of projects that count, and of those that count against, are counted live from the marks on 项目评分;
    points of indicators are added up."""
    if not score.marks:
        return {
            o.key: formula for o in score.operands if o.unit is Unit.POINTS and (formula := layout.indicator_sum(o))
        }
    marks = f"{PROJECTS}!{layout.mark_range(score.item.id)}"
    return {"counted": f"COUNT({marks})", "bad": f"SUM({marks})"}


def _line(tree: _Tree, score: ItemScore, value: Value) -> None:
    item = score.item
    extra = (
        {} if item.is_leaf or score.formula else {"bold": True, "bg_color": TOTAL_FILL if item.level > 1 else HEAD_FILL}
    )
    confidence = str(item.provenance.confidence)
    values = (
        item.id,
        None,
        score.max_points,
        value,
        None,
        None,
        basis_text(score),
        score.sentence,
        confidence,
        None,
        "",
    )
    tree.line(values, score.max_points, score.score, **extra)
    tree.put(ITEM, item.name, "text", 26, indent=item.level - 1, **extra)
    if item.provenance.confidence is Confidence.UNCONFIRMED:
        tree.put(STATE, confidence, "word", 8, **{**extra, "bold": True})
    _declared(
        tree,
        score.declared,
        None if score.incomplete else score.score,
        extra,
        asked=item.is_leaf and score.subject is None,
    )  # a project need not state it
    tree.row += 1


def _declared(
    tree: _Tree, declared: Cell[Decimal] | None, score: Decimal | None, extra: dict[str, object], *, asked: bool
) -> None:
    """The department's own score and its difference from a whole `score`; a parent's may be left blank."""
    if declared is not None and (asked or declared.is_read):
        tree.shown.put(tree.sheet, tree.row, tree.columns.at(DECLARED), declared, "points", **extra)
    if declared is not None and declared.value is not None and score is not None:
        formula = f"ROUND({tree.place(DECLARED).cell}-{tree.place(SCORE).cell},4)"
        tree.put(DIFFERENCE, Live(formula, declared.value - score), "difference", 9, **extra)


def _grand_total(tree: _Tree, card: Scorecard, rows: dict[str, int]) -> None:
    tops = [s for s in card.items if s.item.parent is None]
    maxima = [Place(TREE, rows[s.item.id], MAX) for s in tops]
    scores = [Place(TREE, rows[s.item.id], SCORE) for s in tops]
    notes = [f"等级：{card.grade}" if card.grade else "等级：无法评定"]
    notes += [f"含 {card.not_scored} 项未评分"] if card.not_scored else []
    notes += _total_notes(card)
    uncapped = card.total if card.uncapped_total is None else card.uncapped_total
    value = _rescaled(tree, card, rows, scores, uncapped) if card.rescale_note else sum_value(uncapped, scores)
    value = _within(
        tree, value, card.total, card.capping, _total_result(tree, WHOLE_DEPARTMENT, "综合得分", card.total)
    )
    most = card.max_points if tops else None
    _total_line(tree, "综合得分", sum_value(most, maxima), value, "\n".join(notes), most, card.total)
    _declared(tree, card.declared_total, card.whole_total, TOTAL, asked=True)
    tree.row += 1


def _total_result(tree: _Tree, owner: str, name: str, points: Decimal | None) -> Result:
    return Result(owner, "", name, tree.place(SCORE), NOT_SCORED if points is None else points, "points")


def _total_notes(card: Scorecard | ProjectScore) -> list[str]:
    """How the total was rescaled, and which cap bit."""
    notes = [card.rescale_note] if card.rescale_note else []
    if card.capping is not None and card.uncapped_total is not None:
        notes.append(f"{card.capping.sentence}，封顶前 {show_points(card.uncapped_total)} 分")
    return notes


def _rescaled(tree: _Tree, card: Scorecard, rows: dict[str, int], scores: list[Place], points: Decimal | None) -> Value:
    """得分 ÷ (100 − 不适用分) × 100; the leaves left out have no score."""
    left_out = [s for s in card.items if s.item.is_leaf and s.score is None and s.basis is ScoreBasis.NOT_APPLICABLE]
    out = ",".join(Place(TREE, rows[s.item.id], MAX).cell for s in left_out)
    whole, earned = tree.place(MAX).cell, ",".join(p.cell for p in scores)
    formula = f"ROUND(SUM({earned})*{whole}/({whole}-SUM({out})),2)"
    return NOT_SCORED if points is None else Live(formula, points)


TOTAL: dict[str, object] = {"bold": True, "bg_color": HEAD_FILL}


def _total_line(
    tree: _Tree,
    name: str,
    maximum: Value,
    score: Value,
    reason: str,
    most: Decimal | None = None,
    points: Decimal | None = None,
) -> None:
    values = ("", name, maximum, score, None, None, "合计", reason, "", None, "")
    tree.line(values, most, points, **TOTAL)


def _project(tree: _Tree, number: int, project: ProjectScore) -> None:
    """One project of a 项目支出 workbook: its own items, its indicators, its total."""
    filed = project.project
    name = filed.name.value or f"（第{filed.row}行，项目名称未填）"
    tree.line(("", name, None, None, None, None, "项目", "", "", None, ""), None, None, **TOTAL)
    tree.row += 1
    rows = {score.item.id: tree.row + n for n, score in enumerate(project.items)}
    tops = [Place(TREE, rows[s.item.id], SCORE) for s in project.items if s.item.parent is None]
    for score in project.items:
        below = [Place(TREE, rows[s.item.id], SCORE) for s in project.items if s.item.parent == score.item.id]
        value = _sum(tree, score, name, below) if below else _project_item(tree, number, name, score)
        _line(tree, score, value)
    state = f"等级：{project.grade}" if project.grade else "等级：无法评定（有未评分的指标或没有填列指标）"
    uncapped = project.total if project.uncapped_total is None else project.uncapped_total
    whole = _rescaled_project(project, rows, tops, uncapped) if project.rescale_note else sum_value(uncapped, tops)
    named = _total_result(tree, name, "项目得分", project.total)
    whole = _within(tree, whole, project.total, project.capping, named)
    _total_line(tree, "项目得分", None, whole, "\n".join([state, *_total_notes(project)]))
    _declared(tree, filed.declared, project.total, TOTAL, asked=True)
    tree.row += 1


def _rescaled_project(project: ProjectScore, rows: dict[str, int], tops: list[Place], points: Decimal | None) -> Value:
    """The same of a project, whose items come to 100."""
    left_out = [s for s in project.items if s.item.is_leaf and s.score is None and s.basis is ScoreBasis.NOT_APPLICABLE]
    out = ",".join(Place(TREE, rows[s.item.id], MAX).cell for s in left_out)
    earned = ",".join(place.cell for place in tops)
    return NOT_SCORED if points is None else Live(f"ROUND(SUM({earned})*100/(100-SUM({out})),2)", points)


def _project_item(tree: _Tree, number: int, owner: str, score: ItemScore) -> Value:
    """A leaf is on 项目评分 where projects are scored there; a block of indicators is the sum of theirs."""
    if score.item.is_leaf and tree.layout.rates_projects:
        return (
            words(score)
            if score.score is None
            else Live(tree.layout.item_place(number, score.item.id).reference, score.score)
        )
    block = score if score.item.is_leaf else _added_up(score)
    return leaf_value(
        block, owner, {"score": tree.place(SCORE), "max": tree.place(MAX)}, tree.trace, _formulas(block, tree.layout)
    )


def _added_up(block: ItemScore) -> ItemScore:
    """A block of indicators as made of one number, the sum of theirs: each of them has its own row on 指标评分 and in
    计算过程."""
    if block.score is None:
        return block
    cells = tuple(ref for operand in block.operands for ref in operand.cells)
    return replace(
        block, operands=(Operand("sum", "各指标得分合计", block.score, Unit.POINTS, cells),), formula="{sum}"
    )


def _open_to_review(tree: _Tree) -> None:
    """Unlocks the reviewer's two columns, keeps their scores between 0 and 分值, and makes differences stand out, in bold
    as well as in colour."""
    sheet, first, last = tree.sheet, HEAD + 1, tree.row - 1
    review, opinion, differing = (tree.columns.at(column) for column in (REVIEW, OPINION, DIFFERENCE))
    for row in range(first, last + 1):
        sheet.put(row, review, None, "points", bg_color=INPUT_FILL, locked=False)
        sheet.put(row, opinion, None, "text", bg_color=INPUT_FILL, locked=False)
    limit = Place(TREE, first, MAX).cell
    rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": f"={limit}"}
    words = {
        "error_title": "复核得分",
        "error_message": "复核得分应在 0 和分值之间。",
        "input_title": "复核得分",
        "input_message": "同意计算得分的不填。",
    }
    sheet.raw.data_validation(first, review, last, review, {**rule, **words})
    difference = Place(TREE, first, differing).cell
    emphasis = sheet.book.emphasis("#FCE4D6")
    criteria = f"=AND(ISNUMBER({difference}),ABS({difference})>={POINTS_TOLERANCE})"
    sheet.raw.conditional_format(
        first, differing, last, differing, {"type": "formula", "criteria": criteria, "format": emphasis}
    )
    sheet.raw.protect("", {"format_columns": True, "format_rows": True, "objects": True})
