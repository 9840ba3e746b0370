"""How a finding is told to a person: where → what is there → the rule → what to do."""

from collections.abc import Iterable

from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity

ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.NOTICE: 2}


def place(finding: Finding) -> str:
    """「指标」I9 实际完成值; “文件” for what concerns the whole file."""
    if finding.ref is None:
        return "文件"
    return f"「{finding.ref.sheet}」{finding.ref.address} {finding.label}".rstrip()


def headline(finding: Finding) -> str:
    """错误 INDICATOR_003 「指标」I9 实际完成值：现在是“约20个”，这里需要一个数。"""
    answered = "（已说明）" if finding.answered else ""
    return f"{SEVERITY_NAMES[finding.severity]}{answered} {finding.code} {place(finding)}：{finding.message}"


def tell(finding: Finding) -> str:
    """The headline and, below it, the remedy."""
    return f"{headline(finding)}\n改法：{finding.fix}" if finding.fix else headline(finding)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then open questions, answered ones, notices; within each in the order they were raised (root cause first)."""
    return tuple(sorted(findings, key=lambda f: (ORDER[f.severity], f.answered)))


def count(findings: Iterable[Finding], severity: Severity) -> int:
    """How many of a severity; an answered question is not counted."""
    return sum(1 for f in findings if f.severity is severity and not f.answered)
