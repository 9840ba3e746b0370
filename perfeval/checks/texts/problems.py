"""Required texts, problems against points, measures against persons and dates, assets against “不涉及”."""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.checks.scores.declared import scored_leaves
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.names import plain_signs
from perfeval.model.numbers import show_number
from perfeval.model.scorecard import Basis
from perfeval.model.submission import Problem
from perfeval.rules.missed import lost_indicator_points, lost_items

TEXTS_SHEET, PROBLEMS_SHEET = "报告文字", "问题与建议"
REQUIRED_CHAPTERS = ("国有资本经营预算与社保基金预算说明", "重点领域绩效分析", "绩效结果应用")
ASSETS = "资产"
# 不涉及资产处置 speaks of disposals, not of the assets themselves
NO_ASSETS = re.compile(
    r"(?:不涉及|未涉及|没有涉及)[^，,。；;\n]*?资产(?!处置|出租|出借|划转|评估|重组|收益|证券|损失|调剂|购置)"
)
NO_PROBLEM = re.compile(
    r"(?:经自查|经自评|本年度?)?[，,]?(?:无|暂无|没有|未发现|未发现明显|不存在)[^，,。；;]{0,8}(?:问题|不足)?[。.]?"
)
# a year and what of it, in any usual writing; or no day at all: done already, or for good
DATED = re.compile(r"(?:\d{4}|[二2][〇○零0][一二三四五六七八九〇○零]{2})\s*(?:年|[./-])\s*\S|\d{8}")
LASTING = re.compile(r"已|长期|常态|持续|每[年月季]")


def required_texts(context: Context) -> Iterator[Finding]:
    """TEXT_008: a required chapter or 问题与建议 is empty; at the empty cell, else at the column's header."""
    submission = context.submission
    if submission.is_project_kind:
        return
    readable = all(t.chapter.is_read or t.chapter.is_blank for t in submission.texts)
    absent = []
    for chapter in REQUIRED_CHAPTERS:
        rows = [t for t in submission.texts if t.chapter.value == chapter]
        if not rows and readable:
            absent.append(chapter)
        elif rows and all(t.content.is_blank for t in rows):
            yield make("TEXT_008", rows[0].content, expected="文字", what=f"“{chapter}”", how="在本格写这一章的文字")
    yield from _at_header(context, TEXTS_SHEET, "content", absent)
    if all(_is_empty(problem) for problem in submission.problems):
        yield from _at_header(context, PROBLEMS_SHEET, "problem", [PROBLEMS_SHEET])


def _at_header(context: Context, sheet: str, column: str, absent: list[str]) -> Iterator[Finding]:
    header: CellRef | None = context.submission.headers.get((sheet, column))
    if absent and header is not None:
        what = "、".join(f"“{name}”" for name in absent)
        label = "内容" if sheet == TEXTS_SHEET else "存在问题"
        yield make("TEXT_008", header, label=label, found="", expected="文字", what=what, how="在下面的空行里填写")


def _is_empty(problem: Problem) -> bool:
    return problem.problem.is_blank and problem.suggestion.is_blank


def problems_and_points(context: Context) -> Iterator[Finding]:
    """TEXT_006: 存在问题 although no point was lost, or none although points were lost. Silent while an item is not
    scored."""
    problems = context.submission.problems
    scorecard = context.scorecard
    if (
        context.submission.is_project_kind
        or scorecard is None
        or scorecard.not_scored
        or all(_is_empty(p) for p in problems)
    ):
        return
    stated = [p for p in problems if p.problem.is_read and not NO_PROBLEM.fullmatch(p.problem.value or "")]
    unreadable = any(not p.problem.is_read and not p.problem.is_blank for p in problems)
    lost = lost_items(context.scorecard)
    if stated and not lost and not lost_indicator_points(context.scorecard):
        yield make("TEXT_006", stated[0].problem, state=f"各项指标都得了满分，却写了 {len(stated)} 个存在问题")
    elif lost and not stated and not unreadable:
        state = (
            f"{lost[0]}等 {len(lost)} 项没有得满分，却没有写存在问题"
            if len(lost) > 1
            else f"{lost[0]}，没有得满分，却没有写存在问题"
        )
        yield make("TEXT_006", problems[0].problem, state=state)


def measures(context: Context) -> Iterator[Finding]:
    """TEXT_007: a 改进建议 without 责任人 or 完成时限, at the empty cell; one finding a row."""
    if context.submission.is_project_kind:
        return
    for problem in context.submission.problems:
        asked = ((problem.responsible, "“办公室”"), (problem.deadline, f"“{_next_june(context)}”"))
        empty = [(cell, example) for cell, example in asked if cell.is_blank]
        if problem.suggestion.is_read and empty:
            lacking = "和".join(cell.label for cell, _ in empty)
            yield make(
                "TEXT_007",
                empty[0][0],
                expected=lacking,
                suggestion=_short(problem.suggestion.value or ""),
                lacking=lacking,
                examples="".join(example for _, example in empty),
                related=tuple(cell.ref for cell, _ in empty[1:]),
            )


def deadlines(context: Context) -> Iterator[Finding]:
    """TEXT_009: a 完成时限 from which no day follows: 年底前, 6月30日 without its year."""
    if context.submission.is_project_kind:
        return
    for problem in context.submission.problems:
        deadline = problem.deadline
        if deadline.value and not (DATED.search(plain_signs(deadline.value)) or LASTING.search(deadline.value)):
            yield make("TEXT_009", deadline, expected="年、月、日", example=_next_june(context))


def _next_june(context: Context) -> str:
    """A day in the year after the evaluated one, as an example."""
    return f"{context.year + 1}年6月30日" if context.year else "6月30日"


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def assets(context: Context) -> Iterator[Finding]:
    """TEXT_005: a chapter says 不涉及…资产 although items about assets were scored; at the text, the scores marked too."""
    scored = [
        (score.item.name, points, row.declared.ref)
        for row, score in scored_leaves(context)
        if ASSETS in score.item.name + _parent_name(context, score.item.parent)
        and score.basis is not Basis.NOT_APPLICABLE
        and (points := row.declared.value if row.declared.is_read else score.score)
    ]
    for text in context.submission.texts if scored else ():
        match = NO_ASSETS.search(text.content.value or "")
        if match:
            items = "、".join(f"“{name}”{show_number(points)}分" for name, points, _ in scored)
            related = tuple(ref for _, _, ref in scored)
            yield make("TEXT_005", text.content, found=match[0], words=match[0], items=items, related=related)


def _parent_name(context: Context, parent: str | None) -> str:
    return context.regulation.item(parent).name if context.regulation and parent else ""


CHECKS: tuple[Check, ...] = (required_texts, problems_and_points, measures, deadlines, assets)
