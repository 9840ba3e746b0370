"""This year's workbook against last year's: carry-over, bases of 压减, copied prose, what became of the suggestions."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, CellRef
from perfeval.model.follow_up import DROPPED, bare
from perfeval.model.numbers import Interval, show_amount
from perfeval.model.submission import Submission

SHORT = 40  # characters without figures and punctuation; shorter texts are alike by chance
APPLICATION, TEXTS_SHEET = "绩效结果应用", "报告文字"


def opening_carryover(context: Context) -> Iterator[Finding]:
    """PREVIOUS_001: 上年结转 (决算数) is not last year's 年末结转结余."""
    if context.previous is None or context.submission.is_project_kind:
        return
    row, last = context.submission.money.opening_carryover, context.previous.money.closing_carryover.final
    if row.final.value is not None and last.value is not None and not _agree(row.final.value, last.value):
        yield make("PREVIOUS_001", row.final, expected=show_amount(last.value), answer=row.note)


def cut_bases(context: Context) -> Iterator[Finding]:
    """PREVIOUS_002: a 上年 figure of 压减 is not the 本年 figure filed last year."""
    if context.previous is None or context.submission.is_project_kind:
        return
    now, then = context.submission.cut, context.previous.cut
    for name, row, last in (
        ("一般性支出年初预算", now.initial_budget, then.initial_budget),
        ("一般性支出执行数", now.executed, then.executed),
    ):
        if (
            row.previous.value is not None
            and last.current.value is not None
            and not _agree(row.previous.value, last.current.value)
        ):
            due = last.current.value
            yield make(
                "PREVIOUS_002",
                row.previous,
                expected=context.to_type(due),
                due=show_amount(due),
                row=name,
                answer=row.note,
            )


def _agree(first: Decimal, second: Decimal) -> bool:
    return Interval.printed(first).overlaps(Interval.printed(second))


def copied_prose(context: Context) -> Iterator[Finding]:
    """PREVIOUS_003: a long text is last year's except for figures and punctuation."""
    if context.previous is None:
        return
    known = {bare(cell.value or "") for _, cell in _prose(context.previous)}
    for what, cell in _prose(context.submission):
        text = bare(cell.value or "")
        if len(text) >= SHORT and text in known:
            yield make("PREVIOUS_003", cell, expected="今年的情况", what=what)


def dropped_suggestions(context: Context) -> Iterator[Finding]:
    """PREVIOUS_004: a suggestion of last year that nothing of this year takes up."""
    place = _answer_place(context.submission)
    for one in context.follow_ups or ():
        if one.state == DROPPED:
            yield make("PREVIOUS_004", place, found="", expected="落实情况", suggestion=one.suggestion)


def _prose(submission: Submission) -> Iterator[tuple[str, Cell[str]]]:
    """What is written again each year."""
    for text in submission.texts:
        yield text.chapter.value or TEXTS_SHEET, text.content
    for duty in submission.duties:
        yield duty.name.value or "履职", duty.achievement
    for problem in submission.problems:
        yield "存在问题", problem.problem


def _answer_place(submission: Submission) -> CellRef | Cell[str] | None:
    """Where an answer is written: 绩效结果应用, else the column of 报告文字."""
    cells = [text.content for text in submission.texts if text.chapter.value == APPLICATION]
    return cells[0] if cells else submission.headers.get((TEXTS_SHEET, "content"))


CHECKS: tuple[Check, ...] = (opening_carryover, cut_bases, copied_prose, dropped_suggestions)
