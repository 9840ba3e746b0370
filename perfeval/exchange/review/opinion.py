"""复核意见表.docx: what the bureau answers to a department, in the official format."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from perfeval.exchange.review.lines import Line, Unit
from perfeval.exchange.review.reviewed import Reviewed
from perfeval.model.numbers import show_number, show_points
from perfeval.model.submission import DEPARTMENT_KIND
from perfeval.model.text import clean
from perfeval.word.names import MAY_BE_BLANK, Names
from perfeval.word.template import Properties, shipped_template

KIND = "复核意见表"
POINTS = ("分值", "自评得分", "计算得分", "复核得分")
NAMES: Names = {  # of the template: the kind's own in `perfeval/word/templates`
    "标题": "",
    "部门名称": "",
    "年度": MAY_BE_BLANK,
    "评价类型": "",
    "复核结论": ["一句话"],
    "复核意见": [{"项目": MAY_BE_BLANK, "指标": [{"指标": "", **dict.fromkeys(POINTS, ""), "复核意见": ""}]}],
}
NO_YEAR = date(2026, 1, 1)  # a fixed day: the same review gives the same bytes


def write_opinion(reviewed: Reviewed) -> bytes:
    """The document's bytes; it carries no date of its own: the bureau dates it when it is sealed."""
    assert reviewed.known is not None
    department, year = clean(reviewed.department), reviewed.known.year
    title = f"{department}{year}年度绩效自评{KIND}"
    values = {
        "标题": title,
        "部门名称": department,
        "年度": year,
        "评价类型": reviewed.known.result["kind"] or DEPARTMENT_KIND,
        "复核结论": [_conclusion(unit, reviewed) for unit in reviewed.units],
        "复核意见": list(_opinions(reviewed)),
    }
    day = date(int(year) + 1, 1, 1) if year.isdecimal() else NO_YEAR
    properties = Properties(title, department, KIND, day)
    return shipped_template(KIND).compile(NAMES).render(values, properties, bounded=False)


def _conclusion(unit: Unit, reviewed: Reviewed) -> str:
    """自评、计算、复核 beside each other, with their grades; and what has no score."""
    whose = f"“{clean(unit.subject)}”" if unit.subject else ""
    computed, declared, points = (
        (unit.sum.computed, unit.sum.declared, unit.reviewed_total) if unit.sum else (None, None, None)
    )
    parts = [
        f"{whose}{_declared(declared)}",
        f"计算得分 {show_points(computed)} 分" if computed is not None else "计算得分无法评定",
    ]
    grade = unit.grade(points, reviewed.regulation)
    parts.append(f"复核得分 {show_points(points)} 分" if points is not None else "复核得分无法评定")
    end = f"，等级为“{grade}”" if grade else ""
    left = f"，含 {unit.unscored} 项未评分，不评定等级" if unit.unscored else ""
    changed = sum(1 for line in unit.parts if line.is_changed)
    more = f"复核调整了 {changed} 项指标的得分。" if changed else "没有调整得分。"
    return f"{'，'.join(parts)}{end}{left}。{more}"


def _declared(value: Decimal | None) -> str:
    return "没有填自评得分" if value is None else f"自评得分 {show_points(value)} 分"


def _opinions(reviewed: Reviewed) -> Iterator[Mapping[str, Any]]:
    """The commented lines by what they are about: '' for the department, else a project's name."""
    for subject, lines in groupby(reviewed.commented, key=lambda commented: commented[0].subject):
        yield {"项目": clean(subject), "指标": [_line(line) for _, line in lines]}


def _line(line: Line) -> Mapping[str, str]:
    numbers = (line.maximum, line.declared, line.computed, line.result)
    return {
        "指标": f"{line.code} {clean(line.name)}",
        **{name: "—" if n is None else show_number(n) for name, n in zip(POINTS, numbers, strict=True)},
        "复核意见": " ".join(clean(line.opinion).split("\n")) or "—",
    }
