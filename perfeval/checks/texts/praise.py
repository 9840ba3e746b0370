"""圆满完成 and its like, written although something was missed."""

from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import show_number, show_rate
from perfeval.model.praise import praise
from perfeval.model.submission import Duty
from perfeval.rules.missed import missed, missed_data

NAMED = 3  # how many missed things a message names


def praise_in_chapters(context: Context) -> Iterator[Finding]:
    """TEXT_002 in 报告文字: all goals praised as reached, although an indicator, a duty or an item was missed."""
    things = [] if context.submission.is_project_kind else missed(context.submission, context.scorecard, context.frames)
    for text in context.submission.texts if things else ():
        words = praise(text.content.value or "")
        if words:
            more = f"等{len(things)}项" if len(things) > NAMED else ""
            yield make("TEXT_002", text.content, found=words, words=words, missed="、".join(things[:NAMED]) + more)


def praise_in_duties(context: Context) -> Iterator[Finding]:
    """TEXT_002 in 履职: a duty praised as wholly done, although its own data or its own score say otherwise."""
    if context.submission.is_project_kind:
        return
    for duty in context.submission.duties:
        words, things = praise(duty.achievement.value or ""), _missed_in(context, duty)
        if words and things:
            yield make(
                "TEXT_002",
                duty.achievement,
                found=words,
                words=words,
                missed="、".join(things[:NAMED]),
                answer=duty.deduction_reason,
            )


def _missed_in(context: Context, duty: Duty) -> list[str]:
    things = [f"“{d.name.raw}”完成{show_rate(reached)}" for d, reached in missed_data(context.frames.duty_data, duty)]
    declared, points = duty.declared.value, duty.max_points.value
    if declared is not None and points is not None and declared < points:
        things.append(f"“{duty.name.raw}”得{show_number(declared)}分（分值{show_number(points)}分）")
    return things


CHECKS: tuple[Check, ...] = (praise_in_chapters, praise_in_duties)
