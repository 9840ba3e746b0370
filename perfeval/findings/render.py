"""How a finding is reported to a person: where → what is there → the rule → what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity

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
    return f"{head}\n改法：{finding['fix']}" if finding["fix"] else head


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then open questions, answered ones, notices; within each in the order they were raised (root cause
    first)."""
    return tuple(sorted(findings, key=lambda f: (ORDER[f.severity], f.answered)))


def count(findings: Iterable[Finding], severity: Severity) -> int:
    """How many of a severity; an answered question is not counted."""
    return sum(1 for f in findings if f.severity is severity and not f.answered)
