"""Grade words: of one department all alike, and of several projects in the order of their scores. No regulation's bands
are known here."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from perfeval.audit.comparison import Comparison, Kind
from perfeval.audit.read import Report
from perfeval.audit.scores import OF_A_PROJECT
from perfeval.audit.text import NUMBER, Figure, Line, figure

WORDS = {"优": "优", "优秀": "优", "良": "良", "良好": "良", "中": "中", "中等": "中", "差": "差", "较差": "差"}
GRADE = r"(?P<grade>优秀|良好|中等|较差|优|良|中|差)"
STATED = re.compile(
    rf"(?:评价等级|自评等级|绩效等级|评价结果|自评结果|绩效水平)(?:被评)?(?:为|是|达到)?“?{GRADE}”?(?=[，。；、(]|$)"
)
SCORED = re.compile(rf"得分?(?P<score>{NUMBER})分(?:\([^)]*\))?，(?:评价|自评|绩效)?等[级次](?:为|是)?“?{GRADE}”?")
OTHERS = re.compile("项目|上年|去年|往年|上一年")
ORDER = "差中良优"
ADVICE = "请按指标体系的等级标准核对得分和等级。"


def grade_checks(report: Report) -> Iterator[Comparison]:
    """Every two grade words of the department, every two scored projects."""
    of_department = [found for line in report.lines if not _of_project(line) for found in _grades(line)]
    for other, grade in of_department[1:]:
        first, first_grade = of_department[0]
        says = f"绩效等级一处写的是“{first.shown}”，另一处写的是“{other.shown}”"
        yield Comparison(Kind.PAIR, grade == first_grade, says, (first, other), ADVICE)
    scored = [
        (figure(line, m, "score"), WORDS[m["grade"]])
        for line in report.lines
        if _of_project(line)
        for m in SCORED.finditer(line.plain)
    ]
    for (first, first_grade), (second, second_grade) in combinations(scored, 2):
        higher = ORDER.index(first_grade) - ORDER.index(second_grade)
        agrees = (first.value - second.value) * higher >= 0 if first.value != second.value else higher == 0
        says = f"得 {first.shown} 分的项目等级是“{first_grade}”，而得 {second.shown} 分的项目等级是“{second_grade}”"
        yield Comparison(Kind.PAIR, agrees, says, (first, second), ADVICE)


def _of_project(line: Line) -> bool:
    return OF_A_PROJECT.match(line.plain) is not None


def _grades(line: Line) -> Iterator[tuple[Figure, str]]:
    for match in STATED.finditer(line.plain):
        sentence = re.split("[。；]", line.plain[: match.start()])[-1]
        if not OTHERS.search(sentence):
            key = ("line", line.number, match.start("grade"))
            yield (
                Figure(key, Decimal(0), match["grade"], line.where, line.quote(*match.span("grade"))),
                WORDS[match["grade"]],
            )
