"""A remedy that names a value, followed to the letter: exactly that value in exactly that cell."""

import re
from collections.abc import Iterable, Iterator

from perfeval.findings.finding import Finding, Severity

VALUE = r"“?(?P<value>-?\d+(?:\.\d+)?%?|[≥≤=><]|是|否|[^“”，；。、\s]+)”?(?=[，；。、 ]|$)"
HERE = re.compile(rf"(?<!没有的)(?<!没有发生的)(?:改为|改回|应为|只填|填)\s*{VALUE}(?!\s*到)")
ELSEWHERE = re.compile(r"（([A-Z]+\d+)）填错了，改为 (-?\d+(?:\.\d+)?)")
TOTAL = re.compile(r"“(.+?)”表的自评得分（([A-Z]+\d+)）一并改为 (-?\d+(?:\.\d+)?)")
REASON = re.compile(r"（([A-Z]+\d+)）写明(?:“(.+?)”和)?原因")
LITERAL = re.compile(r"-?\d+(\.\d+)?%?|[≥≤=><]|是|否")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def named(finding: Finding) -> dict[str, object]:
    """The cells a remedy names a value for, with the value: its own cell first; empty where it names none."""
    if finding.severity is Severity.NOTICE or finding.ref is None:
        return {}
    sheet = finding.ref.sheet
    culprit = ELSEWHERE.search(finding.fix)
    if culprit:
        return {f"{sheet}!{culprit[1]}": typed(culprit[2])}
    words = [match["value"] for match in HERE.finditer(finding.fix)]
    value = next((word for word in words if LITERAL.fullmatch(word) or word == finding.expected), None)
    if value is None:
        return {}
    more: dict[str, object] = {
        f"{sheet}!{at}": f"{word}受洪灾影响，工期推迟" for at, word in REASON.findall(finding.fix)
    }
    more |= {f"{other}!{address}": typed(number) for other, address, number in TOTAL.findall(finding.fix)}
    return {f"{sheet}!{finding.ref.address}": typed(value), **more}


def typed(word: str) -> object:
    """What a spreadsheet makes of what is typed."""
    return float(word) if NUMBER.fullmatch(word) else word


def followed(findings: Iterable[Finding]) -> dict[str, object]:
    """All remedies of a list at once; what an error says of a cell counts before a question."""
    changes: dict[str, object] = {}
    for finding in sorted(findings, key=lambda f: f.severity is Severity.ERROR):
        changes |= named(finding)
    return changes


def open_ones(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What still asks for something."""
    return (f for f in findings if f.severity is not Severity.NOTICE and not f.answered)
