"""Notices of one kind in one column as one line: what asks for nothing must not bury what has to be mended."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import ranges

OF_A_SHEET = frozenset({"CELL_017", "CELL_018"})  # merged cells, rows left over from the template: one line a sheet
NAMED = 6  # so many cells are named with their own words


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, of the notices of one code in one column (of some codes, in one sheet) a single one, at the first
    cell."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        groups.setdefault(_key(finding) or number, []).append(finding)
    return [_joined(group) if len(group) > 1 else group[0] for group in groups.values()]


def _key(finding: Finding) -> object:
    ref = finding.ref
    if finding.severity is not Severity.NOTICE or ref is None:
        return None
    return finding.code, ref.sheet, 0 if finding.code in OF_A_SHEET else ref.column


def _joined(group: Sequence[Finding]) -> Finding:
    group = sorted(group, key=lambda finding: (finding.ref.row, finding.ref.column) if finding.ref else (0, 0))
    first = group[0]
    refs = [ref for finding in group for ref in (finding.ref, *finding.related) if ref is not None]
    others = tuple(dict.fromkeys(ref for ref in refs if ref != first.ref))
    return replace(first, message=_in_one(group) + f"共 {len(others) + 1} 格：{ranges(refs)}。", related=others)


def _in_one(group: Sequence[Finding]) -> str:
    """The words that all share; else what is said of each of the first cells."""
    if len({finding.message for finding in group}) == 1:
        return group[0].message
    said = [_with_place(finding) for finding in group[:NAMED]]
    more = "；其余同类" if len(group) > NAMED else ""
    return "；".join(said) + more + "。"


def _with_place(finding: Finding) -> str:
    """I9 读作 18（原文 １８）; a message that begins with its range needs no other place."""
    words, address = finding.message.rstrip("。"), finding.ref.address if finding.ref else ""
    return words if words.startswith(f"{address}:") else f"{address} {words}"
