"""复核意见表.docx: what the bureau answers to a department, in the official format."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from perfeval.exchange.review.lines import Line, Unit
from perfeval.exchange.review.reviewed import Reviewed
from perfeval.model.numbers import show_number, show_points
from perfeval.model.submission import DEPARTMENT_KIND
from perfeval.model.text import clean
from perfeval.word.blocks import Row, Slot, heads, paragraph, table
from perfeval.word.package import PORTRAIT, PORTRAIT_WIDTH, TEMPLATE_DAY, package, section
from perfeval.word.template import Properties

KIND = "复核意见表"
WIDTHS = (2000, 800, 900, 900, 900, PORTRAIT_WIDTH - 5500)
HEADS = ("指标", "分值", "自评得分", "计算得分", "复核得分", "复核意见")
SPACE_BEFORE = '<w:spacing w:before="579"/>'


def write_opinion(reviewed: Reviewed) -> bytes:
    """The document's bytes; it carries no date of its own: the bureau dates it when it is sealed."""
    assert reviewed.known is not None
    department, year = clean(reviewed.department), reviewed.known.year
    title = f"{department}{year}年度绩效自评{KIND}"
    body = "".join([paragraph(title, "ReportTitle"), *_body(reviewed), section(PORTRAIT, footers=True)])
    return package(body, KIND, Properties(title, department, KIND, _day(year)))


def _day(year: str) -> date:
    return date(int(year) + 1, 1, 1) if year.isdecimal() else TEMPLATE_DAY


def _body(reviewed: Reviewed) -> Iterator[str]:
    assert reviewed.known is not None
    yield paragraph(f"{clean(reviewed.department)}：", properties='<w:ind w:firstLineChars="0" w:firstLine="0"/>')
    kind = reviewed.known.result["kind"] or DEPARTMENT_KIND
    yield paragraph(f"你单位报送的{reviewed.known.year}年度{kind}绩效自评材料，已经复核。现将复核意见反馈如下：")
    yield paragraph("一、复核结论", "Heading1")
    for unit in reviewed.units:
        yield paragraph(_conclusion(unit, reviewed))
    commented = reviewed.commented
    yield paragraph("二、复核意见", "Heading1")
    if commented:
        yield paragraph("下列指标调整了得分，或者提出了意见，其余指标同意计算得分。")
        yield _table(commented)
    else:
        yield paragraph("同意各项指标的计算得分，没有调整。")
    yield paragraph("三、有关要求", "Heading1")
    if commented:
        yield paragraph(
            "请对照复核意见逐条核实。同意的，按意见改正填报工作簿后重新报送；有异议的，请书面说明理由并附佐证材料。"
        )
    else:
        yield paragraph("请做好绩效自评资料的归档，并按规定公开。")
    yield paragraph("复核单位（盖章）：　　　　　　　　　　", "Signature", SPACE_BEFORE)
    yield paragraph("　　　　年　　月　　日", "Signature")


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


def _table(commented: Sequence[tuple[Unit, Line]]) -> str:
    rows = [Row(heads(*HEADS), header=True)]
    subject = None
    for unit, line in commented:
        if unit.subject != subject and unit.subject:
            rows.append(Row((Slot(clean(unit.subject), "TableHead", len(HEADS)),)))
        subject = unit.subject
        numbers = (line.maximum, line.declared, line.computed, line.result)
        texts = ["—" if n is None else show_number(n) for n in numbers]
        opinion = " ".join(clean(line.opinion).split("\n")) or "—"
        rows.append(
            Row((Slot(f"{line.code} {clean(line.name)}"), *(Slot(t, "TableCentre") for t in texts), Slot(opinion)))
        )
    return table(WIDTHS, rows)
