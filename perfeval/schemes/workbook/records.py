"""A regulation as the records of the workbook's sheets: sheet key → rows of what is written into the cells."""

from collections.abc import Mapping
from typing import Any

from perfeval.model.regulation import METHOD_NAMES, ROUNDING_NAMES, Item, NotApplicable, Provenance, Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.schemes.words import (
    ACTION_WORDS,
    FALLBACK_WORDS,
    INPUT_NAMES,
    LEVEL_WORDS,
    NOT_APPLICABLE_NAMES,
    SETTING_WORDS,
    YEAR_WORDS,
)
from perfeval.schemes.workbook.figures import parameters_text
from perfeval.schemes.workbook.sheets import ALL_RULES, GATE_WORDS, REST, SIGN_WORDS, STEP_WORDS, WITH_OWN_SHEET

Record = Mapping[str, Any]
Records = dict[str, Any]  # of a table: a list of records; of labels: one record; of a grid: row key → record
ONE_SOURCE = ("value", "numerator", "count", "bad", "declared")


def records_of(regulation: Regulation) -> Records:
    """Everything the regulation holds, by sheet."""
    leaves = regulation.items
    records: Records = {
        "head": _head(regulation),
        "items": [_item(item) for item in leaves],
        "steps": [{"item": item.id, **_step(step)} for item in leaves for step in item.parameters.get("steps", ())],
        "conditions": [{"item": i.id, **_condition(c, i)} for i in leaves for c in i.parameters.get("conditions", ())],
        "grades": [{"grade": band.name, "lower": band.lower} for band in regulation.grades],
        "thresholds": {
            name: {"value": t.value, **_provenance(t.provenance)} for name, t in regulation.thresholds.items()
        },
        "entry_deadline": _deadline(regulation),
        "progress_marks": [
            {"month": mark.month, "share": mark.share, **_provenance(mark.provenance)}
            for mark in regulation.progress_marks
        ],
        "severities": [{"code": code, "level": LEVEL_WORDS[level]} for code, level in regulation.severities.items()],
    }
    return records | (_indicator_rules(regulation) if regulation.kind == PROJECT_KIND else {})


def _head(regulation: Regulation) -> Record:
    scheme = regulation.project_regulation
    return {
        "id": regulation.id,
        "title": regulation.title,
        "kind": regulation.kind,
        "issuer": regulation.issuer,
        "document_number": regulation.document_number,
        "region": regulation.region,
        "document": regulation.document,
        "effective_from": regulation.effective_from,
        "effective_to": regulation.effective_to,
        **_provenance(regulation.provenance),
        "rounding": ROUNDING_NAMES[regulation.rounding],
        "project_regulation": scheme.id if scheme else None,
        "source_note": regulation.source_note,
    }


def _provenance(provenance: Provenance) -> Record:
    return {"clause": provenance.clause, "confidence": str(provenance.confidence)}


def _item(item: Item) -> Record:
    source = (
        next((item.inputs[role] for role in ONE_SOURCE if role in item.inputs), None)
        if "conditions" not in item.parameters
        else None
    )
    denominator = item.inputs.get("denominator") if "conditions" not in item.parameters else None
    return {
        "id": item.id,
        "parent": item.parent,
        "item_name": item.name,
        "max_points": item.max_points,
        "method": METHOD_NAMES[item.method] if item.method else None,
        "source": INPUT_NAMES[source] if source else None,
        "denominator": INPUT_NAMES[denominator] if denominator else None,
        "parameters": parameters_text(item.parameters),
        "fallback": FALLBACK_WORDS[item.fallback] if item.is_leaf or not item.fallback else None,
        "not_applicable": NOT_APPLICABLE_NAMES[item.not_applicable]
        if item.is_leaf or item.not_applicable is not NotApplicable.FULL
        else None,
        **_provenance(item.provenance),
        "remark": item.remark,
    }


def _step(step: Record) -> Record:
    kind = next((kind for kind in STEP_WORDS if kind in step), None)
    return {
        "comparison": STEP_WORDS[kind] if kind else REST,
        "limit": step[kind] if kind else None,
        "points": step["points"],
    }


def _condition(condition: Record, item: Item) -> Record:
    sign = next(sign for sign in SIGN_WORDS if sign in condition)
    role = condition["input"]
    return {
        "source": INPUT_NAMES[item.inputs[role]],
        "comparison": SIGN_WORDS[sign],
        "limit": condition[sign],
        "points": condition["points"],
        "role": role,
    }


def _deadline(regulation: Regulation) -> Record:
    deadline = regulation.entry_deadline
    if deadline is None:
        return {}
    return {
        "year": YEAR_WORDS[deadline.year_offset],
        "month": deadline.month,
        "day": deadline.day,
        **_provenance(deadline.provenance),
    }


def _indicator_rules(regulation: Regulation) -> Records:
    rules = regulation.indicators
    settings: dict[str, Record] = {
        ALL_RULES: _provenance(rules.provenance),
        "weight_sum": {"value": rules.weight_sum},
        "late_days": {"value": rules.late_days},
        "rounding": {"value": ROUNDING_NAMES[rules.rounding]},
        **{name: {"value": words[getattr(rules, name)]} for name, words in SETTING_WORDS.items()},
        **{name: {} for name in WITH_OWN_SHEET},
    }
    for name, provenance in rules.notes.items():
        settings[name] = {**settings[name], **_provenance(provenance)}
    gates = [
        ("above", rule, rule.above) if rule.above is not None else ("below", rule, rule.below)
        for rule in rules.over_fulfilment
    ]
    return {
        "indicators": settings,
        "scale": [{"level": level, "share": share} for level, share in rules.scale.items()],
        "bands": [{"level": level, "lower": low, "upper": high} for level, (low, high) in rules.bands.items()],
        "over_fulfilment": [
            {"direction": GATE_WORDS[kind], "limit": limit, "action": ACTION_WORDS[rule.action], "points": rule.points}
            for kind, rule, limit in gates
        ],
        "splits": [
            {"scheme": str(number), "block": block, "points": points}
            for number, split in enumerate(rules.splits, 1)
            for block, points in split.weights.items()
        ],
    }
