"""A regulation as the records of the workbook's sheets: sheet key → rows of what is written into the cells."""

from collections.abc import Iterator, Mapping
from typing import Any

from perfeval.model.regulation import (
    METHOD_NAMES,
    ROUNDING_NAMES,
    Alternative,
    Asked,
    Cap,
    FactRule,
    Item,
    NotApplicable,
    Provenance,
    Regulation,
    Section,
)
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.caps import TOTAL
from perfeval.schemes.words import (
    ACTION_WORDS,
    FALLBACK_WORDS,
    FLAG_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    NOT_APPLICABLE_NAMES,
    SETTING_WORDS,
    YEAR_WORDS,
    Names,
    data_labels,
)
from perfeval.schemes.workbook.figures import parameters_text
from perfeval.schemes.workbook.sheets import (
    ALL_RULES,
    GATE_WORDS,
    NO_DATA,
    REST,
    SIGN_WORDS,
    STEP_WORDS,
    WHOLE_SCORE,
    WITH_OWN_SHEET,
)

Record = Mapping[str, Any]
Records = dict[str, Any]  # of a table: a list of records; of labels: one record; of a grid: row key → record
ONE_SOURCE = ("value", "numerator", "count", "bad", "declared")


def records_of(regulation: Regulation) -> Records:
    """Everything the regulation holds, by sheet."""
    named = data_labels(regulation.own_labels)
    records: Records = {
        "head": _head(regulation),
        "inputs": [_asked(asked) for asked in regulation.inputs],
        "facts": [_fact(fact) for fact in regulation.facts],
        "items": [_item(item, named) for item in regulation.items],
        **_lists_of_items(regulation, named),
        "caps": [_cap(cap, named) for cap in regulation.caps],
        "sections": [_section(section) for section in regulation.outline.sections],
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


def _lists_of_items(regulation: Regulation, named: Names) -> Records:
    """What is a list of an item, or of one of its alternatives, a row each."""
    records: Records = {"steps": [], "conditions": [], "criteria": [], "alternatives": []}
    for item in regulation.items:
        for place, scored in _ways(item):
            listed = scored.parameters
            records["steps"] += [{**place, **_step(step)} for step in listed.get("steps", ())]
            records["conditions"] += [{**place, **_condition(c, scored, named)} for c in listed.get("conditions", ())]
            records["criteria"] += [{**place, **criterion} for criterion in listed.get("criteria", ())]
        records["alternatives"] += [
            {"item": item.id, "method": METHOD_NAMES[way.method], **_how_scored(way, named)}
            for way in item.alternatives
        ]
    return records


def _ways(item: Item) -> Iterator[tuple[Record, Item | Alternative]]:
    """The item itself and its alternatives, each with what names it in a list."""
    yield {"item": item.id}, item
    for number, way in enumerate(item.alternatives, 1):
        yield {"item": item.id, "way": number}, way


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
        "report": regulation.outline.report,
        "projects": regulation.outline.projects,
        "deduction_column": FLAG_WORDS[True] if regulation.deduction_column else None,
        "source_note": regulation.source_note,
    }


def _provenance(provenance: Provenance) -> Record:
    return {"clause": provenance.clause, "confidence": str(provenance.confidence)}


def _asked(asked: Asked) -> Record:
    return {
        "key": asked.key,
        "label": asked.label,
        "kind": KIND_WORDS[asked.kind],
        "unit": asked.unit,
        "required": FLAG_WORDS[True] if asked.required else None,
        "help": asked.help,
        **_provenance(asked.provenance),
    }


def _fact(fact: FactRule) -> Record:
    return {
        "key": fact.key,
        "label": fact.label,
        "formula": fact.formula,
        "kind": KIND_WORDS[fact.kind],
        "when_divisor_zero": NO_DATA if fact.when_divisor_zero is None else fact.when_divisor_zero,
        "when_divisor_negative": NO_DATA if fact.above_zero else None,
        "printed": fact.printed,
        "words": fact.words,
        **_provenance(fact.provenance),
    }


def _cap(cap: Cap, named: Names) -> Record:
    return {
        "on": WHOLE_SCORE if cap.on == TOTAL else cap.on,
        "source": named[cap.input],
        "at_most": cap.at_most,
        **cap.bounds,
        **_provenance(cap.provenance),
    }


def _section(section: Section) -> Record:
    return {
        "title": section.title,
        "items": "、".join(section.items),
        "projects": FLAG_WORDS[True] if section.projects else None,
    }


def _how_scored(scored: Item | Alternative, named: Names) -> Record:
    """Where the figures come from, and the parameters; the conditions name their own."""
    inputs = {} if "conditions" in scored.parameters else scored.inputs
    source = next((inputs[role] for role in ONE_SOURCE if role in inputs), None)
    return {
        "source": named[source] if source else None,
        "denominator": named[inputs["denominator"]] if "denominator" in inputs else None,
        "parameters": parameters_text(scored.parameters),
    }


def _item(item: Item, named: Names) -> Record:
    return {
        "id": item.id,
        "parent": item.parent,
        "item_name": item.name,
        "max_points": item.max_points if item.share is None else None,
        "share": item.share,
        "method": METHOD_NAMES[item.method] if item.method else None,
        **_how_scored(item, named),
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


def _condition(condition: Record, scored: Item | Alternative, named: Names) -> Record:
    sign = next(sign for sign in SIGN_WORDS if sign in condition)
    role = condition["input"]
    return {
        "source": named[scored.inputs[role]],
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
