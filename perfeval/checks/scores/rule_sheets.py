"""What a regulation asks for besides the form: 评分要点 row by row, items that stay without a score, totals that were
capped."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.scores.declared import scored_leaves
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import Cell, CellRef
from perfeval.model.form import CRITERIA
from perfeval.model.formula import names
from perfeval.model.names import plain_name
from perfeval.model.numbers import ZERO, show_number, show_points
from perfeval.model.regulation import Item, Method, Regulation
from perfeval.model.scorecard import Basis, ItemScore, ProjectScore, Scorecard
from perfeval.model.submission import NO, PARTLY, YES, Criterion, Supplement
from perfeval.rules.facts import owner_of

SCORE = CRITERIA.field("score").label
Row = tuple[str, str]  # an item and the text of one of its criteria, as names are compared


def partly_without_points(context: Context) -> Iterator[Finding]:
    """SCORE_014: 部分 without points between 0 and those of the criterion."""
    points = _points(context.regulation)
    for row in context.submission.criteria:
        most = points.get(_row(row))
        if row.answer.value != PARTLY or most is None or not (row.score.is_read or row.score.is_blank):
            continue
        if row.score.value is None or not ZERO < row.score.value < most:
            yield make("SCORE_014", row.score, expected=f"大于 0、小于 {show_number(most)} 的数", text=row.text.raw)


def points_beside_an_answer(context: Context) -> Iterator[Finding]:
    """SCORE_021: 得分 beside 是, 否 or 不涉及 that says otherwise: 是 is all points, 否 none."""
    points = _points(context.regulation)
    for row in context.submission.criteria:
        most, answer = points.get(_row(row)), row.answer.value
        if most is None or answer in (None, PARTLY) or row.score.value is None:
            continue
        if row.score.value != (ZERO if answer == NO else most if answer == YES else None):
            yield make("SCORE_021", row.score, text=row.text.raw, chosen=answer)


def unknown_criteria(context: Context) -> Iterator[Finding]:
    """SCORE_015: an answered row that is no criterion of the regulation, or whose criterion has an answer above."""
    known = _points(context.regulation)
    seen: set[tuple[str, Row]] = set()
    for row in context.submission.criteria if known else ():
        named = owner_of(row, context.submission), _row(row)
        why = "不是指标体系的要点" if _row(row) not in known else "前面已经有一行" if named in seen else ""
        if row.answer.is_read and why:
            yield make("SCORE_015", row.text, item=row.item_id.raw or "空白", why=why)
        seen.add(named)


def changed_criteria(context: Context) -> Iterator[Finding]:
    """SCORE_011: a 分值 of a criterion that is not the regulation's."""
    points = _points(context.regulation)
    for row in context.submission.criteria:
        due = points.get(_row(row))
        if due is not None and row.points.value is not None and row.points.value != due:
            yield make("SCORE_011", row.points, expected=show_number(due), item=row.text.raw)


def negative_data(context: Context) -> Iterator[Finding]:
    """SCORE_020: an amount or a count of 补充数据 below 0, as the blank template refuses it."""
    for row in context.submission.supplements:
        if row.kind in ("amount", "count") and row.content.value is not None and row.content.value < ZERO:
            yield make("SCORE_020", row.content, expected="不小于 0 的数")


def missing_criteria(context: Context) -> Iterator[Finding]:
    """SCORE_016: criteria without a row, named in one finding."""
    header = context.submission.headers.get((CRITERIA.name, "text")) or CellRef(CRITERIA.name, 1, 1)
    there = {_row(row) for row in context.submission.criteria}
    regulation = context.regulation
    if regulation is None or not there:
        return
    lacking = [
        f"{item.id} {criterion['text']}"
        for item in regulation.judged
        for criterion in item.parameters["criteria"]
        if (plain_name(item.id), plain_name(criterion["text"])) not in there
    ]
    if lacking:
        names = "；".join(lacking)
        yield make("SCORE_016", header, label="要点", found="", expected=names, count=len(lacking), names=names)


def rows_of_no_project(context: Context) -> Iterator[Finding]:
    """SCORE_017: in a workbook of projects, a filled row whose 适用对象 is none of them."""
    if not context.submission.is_project_kind:
        return
    projects = [p.name.value for p in context.submission.projects if p.name.value]
    known = {plain_name(name) for name in projects}
    filled: list[Supplement | Criterion] = [row for row in context.submission.supplements if row.content.is_read]
    filled += [row for row in context.submission.criteria if row.answer.is_read]
    for row in filled:
        owner = plain_name(row.subject.raw)
        if (owner or len(projects) > 1) and owner not in known:
            yield make("SCORE_017", row.subject, expected="、".join(projects))


def unscored_items(context: Context) -> Iterator[Finding]:
    """SCORE_018: an item that is scored by data alone and stays without a score, at the cell that is blank."""
    card = context.scorecard
    if card is None:
        return
    for row, score in scored_leaves(context):
        if score.basis is Basis.NOT_SCORED and not score.item.fallback and row.declared.is_read:
            yield from _unscored(context, score, row.declared)
    for project in card.projects if context.submission.is_project_kind else ():
        for score in project.items:
            if score.basis is Basis.NOT_SCORED and _own_names(score.item, card.regulation):
                yield from _unscored(context, score, project.project.name)


def _unscored(context: Context, score: ItemScore, otherwise: Cell[object]) -> Iterator[Finding]:
    """Nothing where what is blank is required, or 部分 has no points: that has been reported."""
    findings = (*context.reader_findings, *partly_without_points(context))
    reported = {f.ref for f in findings if f.severity is Severity.ERROR}
    blanks = list(_blanks(context, score))
    if reported.isdisjoint(cell.ref for cell in blanks):
        answers: list[Cell[object]] = [cell for cell in blanks if cell.label != SCORE]
        place = answers[0] if answers else otherwise
        yield make("SCORE_018", place, item=score.item.name, why=score.explanation.partition("：")[2])


def _blanks(context: Context, score: ItemScore) -> Iterator[Cell[object]]:
    """The cells of 补充数据 and 评分要点 that the item would need and that hold nothing usable."""
    owner = plain_name(score.subject or "")
    regulation = context.regulation
    needed = _own_names(score.item, regulation) if regulation else frozenset()
    for row in context.submission.supplements:
        if row.key in needed and not row.content.is_read and owner == owner_of(row, context.submission):
            yield row.content
    for criterion in context.submission.criteria if score.item.method is Method.CRITERIA else ():
        same = plain_name(criterion.item_id.raw) == plain_name(score.item.id)
        if same and owner == owner_of(criterion, context.submission):
            partly = criterion.answer.value == PARTLY
            yield from [criterion.score] if partly else [] if criterion.answer.is_read else [criterion.answer]


def _own_names(item: Item, regulation: Regulation) -> frozenset[str]:
    """The inputs an item names, itself or through facts; of 评分要点 the item's own id."""
    found: set[str] = {item.id} if item.method is Method.CRITERIA else set()
    facts = {fact.key: fact for fact in regulation.facts}
    named = [*item.inputs.values(), *(name for way in item.alternatives for name in way.inputs.values())]
    while named:
        name = named.pop()
        if name in facts and name not in found:
            named += names(facts[name].tree)
        found.add(name)
    return frozenset(found & ({asked.key for asked in regulation.inputs} | {item.id}))


def caps_that_bit(context: Context) -> Iterator[Finding]:
    """SCORE_019: a total or an item that was capped, at 自评得分 or 综合得分."""
    card = context.scorecard
    if card is None:
        return
    if context.submission.is_project_kind:
        for project in card.projects:
            yield from _capped(project, project.project.declared, f"项目“{project.project.name.raw}”")
            yield from (_capped_item(score, project.project.declared) for score in project.items if score.uncapped)
        return
    yield from _capped(card, context.submission.grand_total, "总分")
    for score in card.items:
        row = context.score_rows.get(score.item.id)
        if score.uncapped is not None and row is not None:
            yield _capped_item(score, row.declared)


def _capped(card: Scorecard | ProjectScore, place: Cell[object], name: str) -> Iterator[Finding]:
    if card.uncapped_total is not None and card.capping is not None and card.total is not None:
        points = show_points(card.total)
        yield make(
            "SCORE_019",
            place,
            expected=points,
            name=name,
            before=show_points(card.uncapped_total),
            why=card.capping.sentence,
        )


def _capped_item(score: ItemScore, place: Cell[object]) -> Finding:
    why = score.capping.sentence if score.capping else ""
    points = show_points(score.score)
    name = f"“{score.item.name}”"
    return make("SCORE_019", place, expected=points, name=name, before=show_points(score.uncapped), why=why)


def _points(regulation: Regulation | None) -> dict[Row, Decimal]:
    """The points of every criterion."""
    return {
        (plain_name(item.id), plain_name(criterion["text"])): criterion["points"]
        for item in (regulation.judged if regulation else ())
        for criterion in item.parameters["criteria"]
    }


def _row(row: Criterion) -> Row:
    return plain_name(row.item_id.raw), plain_name(row.text.raw)


CHECKS: tuple[Check, ...] = (
    partly_without_points,
    points_beside_an_answer,
    changed_criteria,
    negative_data,
    unknown_criteria,
    missing_criteria,
    rows_of_no_project,
    unscored_items,
    caps_that_bit,
)
