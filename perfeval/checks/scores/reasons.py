"""评分: differences between declared and computed scores, reasons for lost points, stated bases, items marked 不涉及."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.checks.scores.declared import (
    declared_points,
    department_regulation,
    duty_item,
    policy_points,
    rescaled,
    scored_leaves,
    total_or_none,
)
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import ZERO, half_up, show_number, show_points, total
from perfeval.model.regulation import DUTIES
from perfeval.model.scorecard import Basis, ItemScore
from perfeval.model.submission import Text

# A clause made of nothing but a subject everybody has and a judgement anybody can pass: it names no cause.
STOCK_CLAUSE = re.compile(
    r"(?:由于|因|因为|主要是|部分|有关|相关|日常|内部|思想|资金|项目|预算|绩效|财务|资产|单位|工作|人员)*"
    r"(?:管理|监管|监督|落实|执行|推进|认识|重视|重视程度|宣传|沟通|协调|统筹|责任|制度|机制|措施|意识|水平|能力|工作|力度|监控|质量|效果|效率)*"
    r"(?:还|仍|尚|有些|存在)*"
    r"(?:不到位|不够到位|未到位|不够|不足|不高|不强|不健全|不够健全|不完善|不够完善|不规范|不够规范|不及时|不够及时|有待加强|有待提高|有待完善|有待提升"
    r"|需加强|需要加强|需进一步加强|需提高|需完善|进一步加强|欠缺|存在不足|存在差距)"
)
CLAUSES = re.compile(r"[，,。.；;、\s]+")


def differences(context: Context) -> Iterator[Finding]:
    """SCORE_005: a declared leaf that is not what the filed data give; for 履职效能, not the total of 履职."""
    for row, score in scored_leaves(context):
        declared = row.declared.value
        if (
            score.score is None
            or declared is None
            or not _is_computed(score)
            or not ZERO <= declared <= score.max_points
        ):
            continue
        if half_up(declared) != score.score:
            yield make(
                "SCORE_005",
                row.declared,
                expected=show_points(score.score),
                item=score.item.name,
                explanation=score.explanation.rstrip("。"),
                clause=score.item.provenance.words,
                answer=row.deduction_reason,
            )


def total_not_rescaled(context: Context) -> Iterator[Finding]:
    """SCORE_005 at 综合得分: the plain sum, although the regulation leaves 不涉及 items out and rescales."""
    stated, regulation = context.submission.grand_total, department_regulation(context)
    if regulation is None or stated.value is None:
        return
    plain = total_or_none(declared_points(context, leaf) for leaf in regulation.leaves())
    if plain is None or half_up(plain) != half_up(stated.value):
        return
    expected = rescaled(context, plain)
    if half_up(expected) != half_up(stated.value):
        how = "不涉及的指标不计分，总分按得分 ÷ (100 − 不适用分) × 100 折算"
        yield make("SCORE_005", stated, expected=show_points(expected), item="综合得分", explanation=how)


def _is_computed(score: ItemScore) -> bool:
    return score.basis is Basis.COMPUTED or DUTIES in score.item.inputs.values()


def lost_without_reason(context: Context) -> Iterator[Finding]:
    """SCORE_006: a leaf declared below its 分值 without 扣分原因, at the empty reason cell."""
    for row, score in scored_leaves(context):
        declared = row.declared.value
        if declared is None or score.basis is Basis.NOT_APPLICABLE or not row.deduction_reason.is_blank:
            continue
        if ZERO <= declared < score.max_points and not _is_explained_in_duties(context, score):
            yield make(
                "SCORE_006",
                row.deduction_reason,
                item=score.item.name,
                declared=show_number(declared),
                points=show_number(score.max_points),
                lost=show_number(score.max_points - declared),
                clause=score.item.provenance.words,
            )


def _is_explained_in_duties(context: Context, score: ItemScore) -> bool:
    """履职效能: its reasons are in 履职; and where the 分值 of 履职 do not add up, that alone is to be corrected."""
    if score.item != duty_item(context):
        return False
    duties = context.submission.duties
    points = [d.max_points.value for d in duties if d.max_points.value is not None]
    if len(points) < len(duties) or total(points) != score.max_points:
        return True
    lost = [d for d in duties if _below(d.declared.value, d.max_points.value)]
    return bool(lost) and all(d.deduction_reason.is_read for d in lost)


def _below(declared: Decimal | None, points: Decimal | None) -> bool:
    return declared is not None and points is not None and declared < points


def stock_phrases(context: Context) -> Iterator[Finding]:
    """SCORE_007: a 扣分原因 of 评分 or 履职 that consists of stock phrases. The word itself is questioned, so it answers
    nothing."""
    if context.submission.is_project_kind:
        return
    submission = context.submission
    for reason in (
        *(row.deduction_reason for row in submission.scores),
        *(duty.deduction_reason for duty in submission.duties),
    ):
        if is_stock_phrase(reason):
            yield make("SCORE_007", reason)


def is_stock_phrase(reason: Text) -> bool:
    """Whether a reason names no cause: every clause is a phrase like “管理不到位”."""
    clauses = [clause for clause in CLAUSES.split(reason.value or "") if clause]
    return bool(clauses) and all(map(STOCK_CLAUSE.fullmatch, clauses))


def missing_bases(context: Context) -> Iterator[Finding]:
    """SCORE_008: a leaf whose score is the department's own word, without 得分依据. 履职效能 has its basis in 履职."""
    for row, score in scored_leaves(context):
        rests_on_word = score.basis is Basis.DECLARED and score.item != duty_item(context)
        if rests_on_word and row.declared.is_read and row.basis.is_blank:
            points = show_number(row.declared.value or ZERO)
            yield make(
                "SCORE_008", row.basis, item=score.item.name, declared=points, clause=score.item.provenance.words
            )


def not_applicable(context: Context) -> Iterator[Finding]:
    """SCORE_009: an item marked 不涉及 whose declared score is not what the regulation gives it."""
    for row, score in scored_leaves(context):
        declared = row.declared.value
        if score.basis is not Basis.NOT_APPLICABLE or declared is None:
            continue
        points = policy_points(score.item)
        if half_up(declared) != half_up(points or ZERO):
            yield make(
                "SCORE_009",
                row.declared,
                expected="不填" if points is None else show_number(points),
                item=score.item.name,
                rule="不计分，也不计入满分" if points is None else f"得 {show_number(points)} 分",
                clause=score.item.provenance.words,
            )


CHECKS: tuple[Check, ...] = (
    differences,
    total_not_rescaled,
    lost_without_reason,
    stock_phrases,
    missing_bases,
    not_applicable,
)
