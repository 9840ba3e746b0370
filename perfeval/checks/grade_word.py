"""The grade a department writes of itself in 报告文字 against the grade of its total.

Recognised is a grade word right after 等级, 绩效水平 or 评定为, as in “整体绩效水平优秀”, “评价等级为良”, “评定为“优””. Sentences about projects or about another
year are left alone.
"""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import show_points

CHAPTERS = ("评价结论补充", "其他说明")
CANONICAL = {"优秀": "优", "良好": "良", "中等": "中", "较差": "差"}
SENTENCES = re.compile(r"[。；;！\n]")
GRADE = re.compile(
    r"(?:(?:评价|绩效|自评|评定|综合|总体)?等级|(?:整体|总体)?绩效水平|(?:自评|评价)?(?:结果|结论)(?=为|是|：|属)|评定(?=为)|评为)"
    r"(?:评定)?(?:为|是|达到|属于|属|：|:)?[“\"「『]?(优秀|良好|中等|较差|不合格|合格|优|良|中|差)[”\"」』]?(?:等级|等次|等|级)?(?=[，,。；;、！（）()\s]|$)"
)
ELSEWHERE = re.compile(r"项目|上年|去年|上一年|往年|考核")
YEAR = re.compile(r"(20\d\d)\s*年")


def grade_words(context: Context) -> Iterator[Finding]:
    """SCORE_010: a grade word in 报告文字 that is not the grade of the total; silent while an item is not scored."""
    scorecard = context.scorecard
    if context.submission.is_project_kind or scorecard is None or scorecard.grade is None or scorecard.not_scored:
        return
    for text in context.submission.texts:
        if text.chapter.value not in CHAPTERS:
            continue
        for word in stated_grades(text.content.value or "", context.submission.basic.year.value):
            if canonical(word) != canonical(scorecard.grade):
                yield make(
                    "SCORE_010",
                    text.content,
                    found=word,
                    expected=scorecard.grade,
                    total=show_points(scorecard.total),
                    grade=scorecard.grade,
                )


def stated_grades(text: str, year: int | None) -> Iterator[str]:
    """The grade words a text gives the whole department for the year."""
    for sentence in SENTENCES.split(text):
        other_year = any(int(named) != year for named in YEAR.findall(sentence))
        if not other_year and not ELSEWHERE.search(sentence):
            yield from (match[1] for match in GRADE.finditer(sentence))


def canonical(word: str) -> str:
    """优秀 → 优: the words of a text and of a regulation on one scale."""
    return CANONICAL.get(word, word)


CHECKS: tuple[Check, ...] = (grade_words,)
