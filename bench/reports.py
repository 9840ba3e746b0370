"""Finished reports for the audit: as long as asked, with as many figures as such pages have."""

from pathlib import Path

CHARACTERS_ON_A_PAGE = 600  # GB/T 9704: 22 lines of 28 characters


def long_report(path: Path, pages: int) -> None:
    """Writes a .txt of so many pages whose figures agree."""
    paragraphs: list[str] = ["2025年度部门整体支出绩效自评报告"]
    while sum(map(len, paragraphs)) < pages * CHARACTERS_ON_A_PAGE:
        paragraphs.append(_paragraph(len(paragraphs)))
    path.write_text("\n".join(paragraphs), encoding="utf-8")


def _paragraph(number: int) -> str:
    """A project's money, rate, indicators and scores."""
    plan, people = 100 + number, 40 + number
    return (
        f"{number}.第{number}号项目年初预算{plan}万元，其中：财政拨款{plan - 20}万元，单位资金20万元；全年支出{plan}万元，预算执行率100%。"
        f"计划培训{people}人次，实际培训{people}人次，完成率100%；群众满意度95%，比上年提高2个百分点。"
        f"该项目分值10分，得10分。"
    )
