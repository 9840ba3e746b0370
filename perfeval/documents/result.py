"""结果.json: one workbook's results as plain values with stable keys (docs/开发/结果文件.md). Decimals are strings, what cannot
be computed is null."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from perfeval.documents.evaluation import Evaluation, LastYear
from perfeval.documents.public import left_out
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, CellRef
from perfeval.model.follow_up import FollowUp
from perfeval.model.numbers import half_up, show_number, show_rate
from perfeval.model.scorecard import (
    FactValue,
    IndicatorScore,
    ItemScore,
    Measure,
    Operand,
    ProjectScore,
    Scorecard,
    Unit,
)
from perfeval.model.submission import PROJECT_KIND

Json = dict[str, Any]

SCHEMA = "1.2"  # the version of the format of 结果.json and 运行记录.json, as perfeval/output/schemas/ declares it
FACT_PLACES = 8  # a rate as the share it is: 0.14285714
PUBLIC = "public"  # the kind of the edition for publication
DOCUMENT_KINDS = ("score_workbook", "report", "returned")


def result_of(evaluation: Evaluation, documents: Mapping[str, tuple[str, bytes]]) -> Json:
    """Turns an evaluation into the object of 结果.json; `documents` are the files written, by key: name and bytes
    (kinds.py)."""
    basic = evaluation.submission.basic
    card = evaluation.scorecard
    source, revision = evaluation.submission.source, evaluation.revision
    return {
        "schema": SCHEMA,
        "source": {"file": source.file, "sha256": source.sha256},
        "version": revision.version,
        "predecessor": {"sha256": revision.predecessor, "version": revision.predecessor_version}
        if revision.predecessor
        else None,
        "status": evaluation.status,
        "as_of": evaluation.as_of.isoformat(),
        "prefilled": evaluation.submission.is_prefilled,
        "department": basic.department.value,
        "year": basic.year.value,
        "kind": basic.kind.value,
        "regulation": evaluation.regulation.id if evaluation.regulation else basic.regulation.value,
        "total": _score(card.total) if card else None,
        "max": _number(card.max_points) if card else None,
        "grade": card.grade if card else None,
        "declared_total": _cell_number(card.declared_total) if card else None,
        "uncapped_total": _score(card.uncapped_total) if card else None,
        "unscored": card.not_scored if card else None,
        "items": [_item(i) for i in card.items] if card else [],
        "indicators": [_indicator(i) for i in card.indicators] if card else [],
        "projects": [_project(p) for p in card.projects] if card else [],
        "measures": {m.name: _measure(m) for m in card.measures} if card else {},
        "facts": _facts(card) if card else [],
        "findings": [finding_json(f) for f in evaluation.findings],
        "signals": [{"code": s.code, "level": s.level, "message": s.message} for s in evaluation.signals],
        "follow_up": None if evaluation.follow_ups is None else [_follow_up(one) for one in evaluation.follow_ups],
        "last_year": _last_year(evaluation.last_year) if evaluation.last_year else None,
        "left_out": left_out(evaluation.submission) if PUBLIC in documents else None,
        "documents": dict.fromkeys(DOCUMENT_KINDS)
        | {
            kind: {"file": name, "sha256": hashlib.sha256(content).hexdigest()}
            for kind, (name, content) in documents.items()
        },
    }


def rejected_result(file: str, sha256: str, findings: Iterable[Finding]) -> Json:
    """The same object for a file that could not be read: everything null or empty but its source and findings."""
    empty: Json = dict.fromkeys(
        (
            "version",
            "predecessor",
            "as_of",
            "prefilled",
            "department",
            "year",
            "kind",
            "regulation",
            "total",
            "max",
            "grade",
            "declared_total",
            "uncapped_total",
            "unscored",
            "follow_up",
            "last_year",
            "left_out",
        )
    )
    return {
        "schema": SCHEMA,
        "source": {"file": file, "sha256": sha256},
        "status": "rejected",
        **empty,
        **{key: [] for key in ("items", "indicators", "projects")},
        "measures": {},
        "facts": [],
        "findings": [finding_json(f) for f in findings],
        "signals": [],
        "documents": dict.fromkeys(DOCUMENT_KINDS),
    }


def _last_year(last: LastYear) -> Json:
    rate = _rate(last.execution_rate)
    return {"year": last.year, "total": _score(last.total), "grade": last.grade, "execution_rate": rate}


def _follow_up(one: FollowUp) -> Json:
    return {
        "suggestion": one.suggestion,
        "responsible": one.responsible,
        "deadline": one.deadline,
        "state": one.state,
        "cell": cells_text([one.place] if one.place else []),
    }


def finding_json(finding: Finding) -> Json:
    """A finding with its place taken apart."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "sheet": finding.ref.sheet if finding.ref else None,
        "cell": finding.ref.address if finding.ref else None,
        "label": finding.label,
        "found": finding.found,
        "expected": finding.expected,
        "message": finding.message,
        "fix": finding.fix,
        "clause": finding.clause,
        "answered": finding.answered,
        "answer": finding.answer,
    }


def _item(score: ItemScore) -> Json:
    item = score.item
    subject = {"subject": score.subject} if score.subject is not None else {}
    return {
        **subject,
        "id": item.id,
        "name": item.name,
        "level": item.level,
        "parent": item.parent,
        "max": _number(score.max_points),
        "score": _score(score.score),
        "declared": _cell_number(score.declared),
        "uncapped": _score(score.uncapped),
        "basis": str(score.basis),
        "explanation": score.explanation,
        "clause": item.provenance.clause,
        "confidence": str(item.provenance.confidence),
        "operands": [_operand(o) for o in score.operands],
    }


def _indicator(score: IndicatorScore) -> Json:
    indicator = score.indicator
    return {
        "subject": indicator.subject.value,
        "l1": indicator.level1.value,
        "l2": indicator.level2.value,
        "l3": indicator.name.value,
        "nature": score.nature,
        "target": indicator.target.raw or None,
        "actual": indicator.actual.raw or None,
        "unit": indicator.unit.value,
        "weight": _number(score.weight),
        "ratio": _rate(score.ratio),
        "score": _score(score.score),
        "declared": _cell_number(indicator.declared),
        "deviation_reason": indicator.deviation_reason.value,
        "improvement": indicator.improvement.value,
        "explanation": score.explanation,
        "row": indicator.row,
    }


def _project(score: ProjectScore) -> Json:
    project = score.project
    return {
        "name": project.name.value,
        "type": project.type.value,
        "initial_budget": _cell_number(project.initial_budget),
        "adjusted_budget": _cell_number(project.adjusted_budget),
        "executed": _cell_number(project.executed),
        "execution_rate": _rate(score.execution_rate),
        "carryover_rate": _rate(score.carryover_rate),
        "total": _score(score.total),
        "uncapped_total": _score(score.uncapped_total),
        "declared": _cell_number(project.declared),
        "grade": score.grade,
        "row": project.row,
    }


def _measure(measure: Measure) -> Json:
    return {"value": _rate(measure.value), "cells": [str(ref) for ref in measure.cells]}


def _facts(card: Scorecard) -> list[Json]:
    """The regulation's own facts: of a department, or of each project."""
    if card.regulation.kind != PROJECT_KIND:
        return [_fact(fact) for fact in card.facts]
    return [{"subject": p.project.name.value, **_fact(fact)} for p in card.projects for fact in p.facts]


def _fact(fact: FactValue) -> Json:
    rule = fact.rule
    value = None if fact.value is None else show_number(half_up(fact.value, FACT_PLACES))
    refs = [str(ref) for operand in fact.operands for ref in operand.cells]
    return {"key": rule.key, "label": rule.label, "kind": rule.kind, "value": value, "cells": list(dict.fromkeys(refs))}


def _operand(operand: Operand) -> Json:
    value = _rate(operand.value) if operand.unit is Unit.RATE else _number(operand.value)
    return {"name": operand.name, "value": value, "cell": cells_text(operand.cells)}


def cells_text(cells: Iterable[CellRef]) -> str | None:
    """收支!D9, or several joined by 、; None for none."""
    return "、".join(str(ref) for ref in cells) or None


def _rate(value: Decimal | None) -> str | None:
    return None if value is None else show_rate(value)


def _score(value: Decimal | None) -> str | None:
    return None if value is None else f"{half_up(value):f}"


def _number(value: Decimal | None) -> str | None:
    return None if value is None else show_number(value)


def _cell_number(cell: Cell[Decimal] | None) -> str | None:
    return None if cell is None else _number(cell.value)
