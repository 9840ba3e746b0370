"""What the larger screens show, as plain values for their templates."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfeval.documents.kinds import KINDS
from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import SEVERITY_NAMES
from perfeval.model.status import REPORTED
from perfeval.output.sets import documents_of
from perfeval.output.state import Json
from perfeval.page.workspace import Line, Workspace

PAGE_LENGTH = 50
RANKED = 20
RISKY = 5


def results(workspace: Workspace, asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of the table of departments; `asked` may hold status, words and page."""
    status, words = asked.get("status", ""), asked.get("words", "").strip()[:60]
    chosen = workspace.chosen(status, words)
    pages = max(1, -(-len(chosen) // PAGE_LENGTH))
    number = asked.get("page", "1")
    current = min(max(1, int(number) if number.isdecimal() and len(number) < len("1000000") else 1), pages)
    return {
        "lines": chosen[(current - 1) * PAGE_LENGTH : current * PAGE_LENGTH],
        "count": len(chosen),
        "status": status,
        "words": words,
        "current": current,
        "pages": pages,
        "counts": workspace.counts(),
    }


def department(workspace: Workspace, target: str, result: Json) -> dict[str, Any]:
    """One department: what is to be corrected, or its documents."""
    open_ones = [f for f in result["findings"] if not f["answered"]]
    errors = [f for f in open_ones if f["severity"] == "error"]
    line, documents = workspace.line(target), documents_of(result)
    name = result["department"] or (line.file if line else target)
    graded = f"{result['total']} 分 {result['grade'] or ''}".strip() if result["total"] else "总分见评分表"
    if result["unscored"]:
        graded = f"含 {result['unscored']} 项未评分"
    verdict = f"没有错误，报告已出：{graded}" if result["status"] == REPORTED else f"有 {len(errors)} 处错误"
    return {
        "title": f"{name}：{verdict}",
        "result": result,
        "target": target,
        "documents": [(kind.key, kind.name) for kind in KINDS if kind.key in documents],
        "groups": list(_groups(open_ones)),
        "titles": {code: entry.title for code, entry in catalogue().items()},
        "answered": [f for f in result["findings"] if f["answered"]],
        "history": workspace.history(target),
        "declared": result["declared_total"],
    }


def _groups(findings: list[Json]) -> Iterator[tuple[str, list[tuple[str, list[Json]]]]]:
    """The findings by severity, and within it by sheet and code, each kind with all its places."""
    for severity, name in SEVERITY_NAMES.items():
        kinds: dict[tuple[str, str], list[Json]] = {}
        for finding in findings:
            if finding["severity"] == severity:
                kinds.setdefault((finding["sheet"] or "文件", finding["code"]), []).append(finding)
        if kinds:
            yield name, [(sheet, found) for (sheet, _), found in kinds.items()]


def bureau(workspace: Workspace) -> dict[str, Any]:
    """What the finance bureau looks at: grades, ranking, whom to look at first."""
    scored = sorted(
        (line for line in workspace.lines if line.status == REPORTED and line.score),
        key=lambda line: (-Decimal(line.score or 0), line.name),
    )
    grades = Counter(line.grade or "无法评定" for line in workspace.lines if line.status == REPORTED)
    return {
        "counts": workspace.counts(),
        "grades": _bars([(grade, number) for grade, number in grades.most_common()]),
        "ranking": _ranking(scored),
        "risky": sorted(workspace.lines, key=lambda line: (-line.errors, -line.questions, line.name))[:RISKY],
        "has_summary": workspace.beside("summary") is not None,
        "has_notice": workspace.beside("notice") is not None,
        "has_follow_up": workspace.beside("follow_up") is not None,
    }


def _ranking(scored: list[Line]) -> list[dict[str, Any]]:
    """The first departments by score; equal scores share a rank."""
    scores = [line.score for line in scored]
    return [
        {"rank": scores.index(line.score) + 1, "line": line, "width": float(Decimal(line.score or 0))}
        for line in scored[:RANKED]
    ]


def _bars(counted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    most = max((number for _, number in counted), default=1)
    return [{"name": name, "number": number, "width": 100 * number / most} for name, number in counted]
