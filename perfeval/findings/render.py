"""How a finding is reported to a person: where → what is there → the rule → what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.model.cells import CellRef
from perfeval.model.form import FORM

SHEETS = {sheet.name: number for number, sheet in enumerate(FORM)}
ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.NOTICE: 2}


def place(sheet: str | None, cell: str | None, label: str) -> str:
    """「指标」I9 实际完成值; “文件” for what concerns the whole file."""
    return f"「{sheet}」{cell} {label}".rstrip() if sheet else "文件"


def message(finding: Mapping[str, Any]) -> str:
    """A finding as it is in 结果.json, in two lines.

    错误 INDICATOR_003 「指标」I9 实际完成值：现在是“约20个”，这里需要一个数。
    改法：填 20，单位写在“计量单位”一列。
    """
    answered = "（已说明）" if finding["answered"] else ""
    where = place(finding["sheet"], finding["cell"], finding["label"])
    head = f"{SEVERITY_NAMES[Severity(finding['severity'])]}{answered} {finding['code']} {where}：{finding['message']}"
    how = remedy(finding["fix"], finding.get("answer", ""))  # sets of earlier versions keep no words
    return f"{head}\n{how}" if how else head


def remedy(fix: str, answer: str = "") -> str:
    """How to mend it; of a question that is answered the department's words instead."""
    if answer:
        return f"单位的说明：{answer}"
    return f"改法：{fix}" if fix else ""


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then open questions, answered ones, notices; within each by sheet as in the form, row and
    column. What concerns the whole file comes last."""
    return tuple(sorted(findings, key=lambda f: (ORDER[f.severity], f.answered, *_position(f.ref))))


def _position(ref: CellRef | None) -> tuple[int, int, int]:
    return (SHEETS.get(ref.sheet, len(SHEETS)), ref.row, ref.column) if ref else (len(SHEETS), 0, 0)


def count(findings: Iterable[Finding], severity: Severity) -> int:
    """How many of a severity; an answered question is not counted."""
    return sum(1 for f in findings if f.severity is severity and not f.answered)
