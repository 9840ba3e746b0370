"""评分: the department's own sums, ranges and rows against the regulation's tree."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.scores import reasons
from perfeval.checks.scores.declared import (
    SHEET,
    children,
    declared_points,
    department_regulation,
    duty_item,
    is_out,
    leaves_under,
    rescaled,
    scored_leaves,
    total_or_none,
)
from perfeval.checks.texts import grade_word
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.names import plain_name
from perfeval.model.numbers import ZERO, show_number, show_points, sum_agrees
from perfeval.model.regulation import Item, Regulation
from perfeval.model.scorecard import ItemScore
from perfeval.model.submission import ScoreRow


def unknown_rows(context: Context) -> Iterator[Finding]:
    """SCORE_012: a row with points that belongs to no item: its 指标编号 is unknown, or is there twice. The 指标名称 may
    say which was meant."""
    regulation = department_regulation(context)
    if regulation is None:
        return
    known, meant = {plain_name(item.id) for item in regulation.items}, _missing_by_name(context, regulation)
    for row in _strangers(context):
        why = (
            "和上面的一行重复了"
            if plain_name(row.item_id.value or "") in known
            else f"不是指标体系“{regulation.title}”里的编号"
        )
        item = meant.get(plain_name(row.item_name.value or ""))
        named = f"，按指标名称应当是 {item.id}" if item else ""
        yield make("SCORE_012", row.item_id, expected=item.id if item else "", why=why + named)


def _strangers(context: Context) -> list[ScoreRow]:
    """The rows with points that belong to no item; one whose 指标编号 could not be read has been reported."""
    used = {row.row for row in context.score_rows.values()}
    rows = (
        row
        for row in context.submission.scores
        if row.row not in used and (row.item_id.is_read or row.item_id.is_blank)
    )
    return [row for row in rows if row.declared.is_read or row.max_points.is_read]


def _missing_by_name(context: Context, regulation: Regulation) -> dict[str, Item]:
    """The items without a row."""
    rows = context.score_rows
    return {plain_name(item.name): item for item in regulation.items if item.id not in rows}


def missing_rows(context: Context) -> Iterator[Finding]:
    """SCORE_013: leaves of the regulation that have no row, named in one finding; not one whose row has only a wrong
    指标编号."""
    regulation = department_regulation(context)
    if regulation is None or any(not r.item_id.is_read and not r.item_id.is_blank for r in context.submission.scores):
        return
    rows, named = context.score_rows, {plain_name(row.item_name.value or "") for row in _strangers(context)}
    missing = [item for item in regulation.leaves() if item.id not in rows and plain_name(item.name) not in named]
    header = context.submission.headers.get((SHEET, "item_id"))
    if missing and header is not None:
        names = "、".join(f"{item.id} {item.name}" for item in missing)
        yield make("SCORE_013", header, label="指标编号", expected=names, items=names, count=len(missing))


def changed_points(context: Context) -> Iterator[Finding]:
    """SCORE_011: a 分值 that is not the regulation's."""
    regulation = department_regulation(context)
    rows = context.score_rows
    for item in regulation.items if regulation else ():
        row = rows.get(item.id)
        if row is not None and row.max_points.value is not None and row.max_points.value != item.max_points:
            points = show_number(item.max_points)
            yield make("SCORE_011", row.max_points, expected=points, item=item.name, clause=item.provenance.words)


def parent_sums(context: Context) -> Iterator[Finding]:
    """SCORE_001: a declared parent that is not the sum of its declared leaves; only where every leaf has its score."""
    regulation = department_regulation(context)
    rows = context.score_rows
    for item in regulation.items if regulation else ():
        row, points = rows.get(item.id), [declared_points(context, leaf) for leaf in leaves_under(context, item)]
        due = total_or_none(points)
        if item.is_leaf or row is None or row.declared.value is None or due is None:
            continue
        if sum_agrees(row.declared.value, [p for p in points if p is not None]):
            continue
        parts = ((part.name, declared_points(context, part)) for part in children(context, item))
        yield make(
            "SCORE_001",
            row.declared,
            expected=show_number(due),
            item=item.name,
            parts="、".join(f"{name} {show_number(points)}" for name, points in parts if points is not None),
            clause=item.provenance.words,
        )


def grand_total(context: Context) -> Iterator[Finding]:
    """SCORE_002: 综合得分 that is not the sum of the declared leaves (rescaled where the regulation leaves 不涉及 items
    out)."""
    regulation = department_regulation(context)
    stated = context.submission.grand_total
    if regulation is None or stated.value is None:
        return
    points = [declared_points(context, leaf) for leaf in regulation.leaves()]
    plain = total_or_none(points)
    if plain is None or sum_agrees(stated.value, [p for p in points if p is not None]):
        return
    expected = rescaled(context, plain)
    if sum_agrees(stated.value, [expected]) or _is_capped(context, stated.value):
        return
    how = "相加" if expected == plain else "相加并按规定扣除不涉及的指标折算后"
    yield make("SCORE_002", stated, expected=show_number(expected), count=len(points), how=how)


def _is_capped(context: Context, stated: Decimal) -> bool:
    """Whether the department states what its total is capped at."""
    card = context.scorecard
    return card is not None and card.capping is not None and card.capping.at_most == stated


def ranges(context: Context) -> Iterator[Finding]:
    """SCORE_003: a 自评得分 above 分值 or below 0, of leaves, parents and the grand total."""
    regulation = department_regulation(context)
    rows = context.score_rows
    for item in regulation.items if regulation else ():
        if item.id in rows:
            yield from _outside(rows[item.id].declared, item)
    stated = context.submission.grand_total
    if context.scorecard is not None and regulation is not None and stated.value is not None:
        limit = context.scorecard.max_points
        if not ZERO <= stated.value <= limit:
            yield make(
                "SCORE_003", stated, expected=f"0 到 {show_number(limit)}", item="综合得分", limit=show_number(limit)
            )


def _outside(declared: Cell[Decimal], item: Item) -> Iterator[Finding]:
    if declared.value is not None and not ZERO <= declared.value <= item.max_points:
        limit = show_number(item.max_points)
        yield make(
            "SCORE_003", declared, expected=f"0 到 {limit}", item=item.name, limit=limit, clause=item.provenance.words
        )


def blank_scores(context: Context) -> Iterator[Finding]:
    """SCORE_004: a leaf without 自评得分; says what the program could compute, or that nothing can be computed either."""
    for row, score in scored_leaves(context):
        if row.declared.is_blank and not is_out(context, score.item):
            yield make(
                "SCORE_004",
                row.declared,
                expected=f"0 到 {show_number(score.max_points)} 之间的数",
                item=score.item.name,
                state=_computable(context, score),
                clause=score.item.provenance.words,
            )


def _computable(context: Context, score: ItemScore) -> str:
    if score.score is None:
        return "填报的数据也不够计算得分"
    source = "“履职”表合计" if score.item == duty_item(context) else "填报的数据计算"
    return f"按{source}是 {show_points(score.score)} 分"


CHECKS: tuple[Check, ...] = (
    unknown_rows,
    missing_rows,
    changed_points,
    parent_sums,
    grand_total,
    ranges,
    blank_scores,
    *reasons.CHECKS,
    *grade_word.CHECKS,
)
