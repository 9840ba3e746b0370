"""The grade a department writes of itself in 报告文字 against the grade of its total.

Recognised is a grade word right after 等级, 等次, 绩效水平, 综合评价, 自评结果为 or 评定为, or right before 等级 or 等次: “整体绩效水平优秀”, “达到良好等次”.
What is said of projects, of another year or by others is left alone: a grade whose own clause, or what is before it
in the sentence, names them. Projects that are only counted among what was done (“3个项目全部完成，自评得分98.50分，等级为良”) are not
what is graded, once the department or its one score is named after them.
"""

import re
from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import show_points
from perfeval.prose.quantities import plain_grade

CHAPTERS = ("评价结论补充", "其他说明")
SENTENCES = re.compile(r"[。；;！\n]")
WORD = "优秀|良好|中等|较差|不合格|合格|优|良|中|差"
SUBJECT = r"(?:等级|等次|评级|绩效水平|评定(?=为)|评为|(?:整体|总体|综合)(?:绩效)?评价(?=为|优|良|中等|较差|[“：])|(?:自评|评价)(?:结果|结论)?(?=为|是|：|属))"
GRADE = re.compile(
    rf"{SUBJECT}(?:评定)?(?:为|是|达到|属于|属|：|:)?[“\"「『]?(?P<word>{WORD})[”\"」』]?(?:等级|等次|等|级)?(?=[，,。；;、！（）()\s]|$)"
    rf"|(?<![优良中差])(?P<before>{WORD})(?:等级|等次)"
)
ELSEWHERE = re.compile(r"上年|去年|上一年|往年|考核|群众(?!满意)|公众|社会各界|服务对象")
PROJECT = "项目"
COUNTED = re.compile(
    r"(?:\d{2,}|[2-9两二三四五六七八九十])个项目|(?:各|全部|所有)项目|^项目已?全部"
)  # several: no single score is theirs
JUDGED = re.compile(r"得分|评分|评价|自评|评定|评为|等级|等次|绩效")
OF_SEVERAL = re.compile(r"均|都|各|分别|平均|其中|\d个|[一二三四五六七八九十]个|占")
WHOLE = re.compile(r"部门整体|整体支出|[我本全](?:局|委|办|部门|单位)|综合得分|综合评价|自评(?:综合|总)?得分|总得分")
CLAUSES = re.compile(r"[，,、：:]")
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
            if plain_grade(word) != plain_grade(scorecard.grade):
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
        if not other_year:
            yield from (
                match["word"] or match["before"]
                for match in GRADE.finditer(sentence)
                if _is_the_departments(sentence, match)
            )


def _is_the_departments(sentence: str, grade: re.Match[str]) -> bool:
    *earlier, begun = CLAUSES.split(sentence[: grade.start()])
    own = begun + CLAUSES.split(sentence[grade.start() :])[0]
    if PROJECT in own or any(ELSEWHERE.search(clause) for clause in (*earlier, own)):
        return False
    about = [n for n, clause in enumerate(earlier) if PROJECT in clause]
    if not about:
        return True
    since = [*earlier[about[-1] + 1 :], own]
    only_counted = all(COUNTED.search(earlier[n]) and not JUDGED.search(earlier[n]) for n in about)
    return only_counted and any(map(WHOLE.search, since)) and not any(map(OF_SEVERAL.search, since))


CHECKS: tuple[Check, ...] = (grade_words,)
