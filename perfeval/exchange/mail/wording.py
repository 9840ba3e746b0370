"""What a letter says: three lines about a report, or the request to correct a workbook that comes back."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from perfeval.documents.evaluation import REPORTED
from perfeval.model.text import version_name

INDENT = "　　"


def is_reported(result: Mapping[str, Any]) -> bool:
    """Whether the set has its report; else its workbook goes back."""
    return bool(result["status"] == REPORTED)


def summary(result: Mapping[str, Any]) -> str:
    """The three lines about a report: 总分, 等级, 疑点数."""
    return f"总分：{_total(result)}\n等级：{_grades(result)}\n疑点：{_questions(result)}\n"


def request(result: Mapping[str, Any], version: int, attached: str, deadline: str, signature: str, day: date) -> str:
    """The letter with a workbook that comes back: what was found, what is asked for, by when, who asks.

    `attached` is the name of the file with the marks, `deadline` and `signature` may be ''.
    """
    found = [f["severity"] for f in result["findings"] if not f["answered"]]
    questions = f"，另有 {found.count('question')} 处疑点需要说明" if "question" in found else ""
    paragraphs = (
        f"你单位报送的{result['year']}年度绩效自评填报工作簿（{version_name(version)}）已收到。经核对，"
        f"有 {found.count('error')} 处错误需要改正{questions}，现退回修改。",
        f"请打开附件“{attached}”，只改标了颜色的单元格（每一处现在是什么、应当是什么、怎样改，见其中的“问题清单”），"
        "保存后把这份工作簿作为附件回复本邮件。请不要另建工作簿，也不要改动工作表和表头，以便认出它改自哪一份。",
        f"请于 {shown_day(deadline)} 前发回。" if deadline else "请尽快发回。",
    )
    closing = [*signature.strip().splitlines(), f"{day.year}年{day.month}月{day.day}日"]
    return "\n".join([f"{result['department']}：", *(INDENT + text for text in paragraphs), "", *closing, ""])


def shown_day(text: str) -> str:
    """2026-03-31 as 2026年3月31日; other words as they are."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _total(result: Mapping[str, Any]) -> str:
    if result["total"] is None:
        return f"共 {len(result['projects'])} 个项目，逐个得分见评分表"
    parents = {item["parent"] for item in result["items"]}
    lacking = sum(1 for item in result["items"] if item["basis"] == "not_scored" and item["id"] not in parents)
    unscored = f"，含 {lacking} 项未评分" if lacking else ""
    declared = f"；单位自评 {result['declared_total']} 分" if result.get("declared_total") else ""
    return f"按填报数据计算 {result['total']} 分（满分 {result['max']} 分{unscored}）{declared}"


def _grades(result: Mapping[str, Any]) -> str:
    if result["grade"] or result["total"] is not None:
        return str(result["grade"] or "无法评定")
    grades = Counter(project["grade"] or "无法评定" for project in result["projects"])
    return "，".join(f"{grade} {number} 个" for grade, number in grades.items())


def _questions(result: Mapping[str, Any]) -> str:
    answers = [finding["answered"] for finding in result["findings"] if finding["severity"] == "question"]
    answered = f"（另有 {sum(answers)} 条已经说明）" if any(answers) else ""
    return f"{answers.count(False)} 条{answered}"
