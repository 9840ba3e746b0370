"""Whose rules: a regulation written for one place is not cited in the documents of another."""

from dataclasses import replace
from functools import partial

from perfeval.model.names import plain_name
from perfeval.model.regulation import Provenance, Regulation
from perfeval.model.submission import Basic

OWN_RULES = "本单位适用的预算绩效评价指标体系"  # what a document says instead of the other place's file
SOURCE_NOTE = "评分规则取自为“{region}”编写的指标体系；本单位适用的文件、条款待核。"


def is_elsewhere(regulation: Regulation, basic: Basic) -> bool:
    """Whether the regulation names a place that the department does not lie in, by its 行政区划, else by its name."""
    place = basic.region.value or basic.department.value or ""
    return bool(regulation.region) and plain_name(regulation.region) not in plain_name(place)


def as_cited(regulation: Regulation, basic: Basic) -> Regulation:
    """The regulation with its clauses as this department's documents may print them."""
    scheme = regulation.project_regulation
    scheme = as_cited(scheme, basic) if scheme else None
    if not is_elsewhere(regulation, basic):
        return replace(regulation, project_regulation=scheme)

    own = partial(_own, regulation.document)
    rules, deadline = regulation.indicators, regulation.entry_deadline
    own_rules = replace(
        rules, provenance=own(rules.provenance), notes={n: own(note) for n, note in rules.notes.items()}
    )
    return replace(
        regulation,
        items=tuple(replace(item, provenance=own(item.provenance)) for item in regulation.items),
        thresholds={n: replace(t, provenance=own(t.provenance)) for n, t in regulation.thresholds.items()},
        indicators=scheme.indicators if scheme else own_rules,
        provenance=own(regulation.provenance),
        entry_deadline=deadline and replace(deadline, provenance=own(deadline.provenance)),
        progress_marks=tuple(replace(m, provenance=own(m.provenance)) for m in regulation.progress_marks),
        inputs=tuple(replace(asked, provenance=own(asked.provenance)) for asked in regulation.inputs),
        facts=tuple(replace(fact, provenance=own(fact.provenance)) for fact in regulation.facts),
        caps=tuple(replace(cap, provenance=own(cap.provenance)) for cap in regulation.caps),
        document="",
        source_note=SOURCE_NOTE.format(region=regulation.region),
        project_regulation=scheme,
    )


def _own(document: str, provenance: Provenance) -> Provenance:
    return replace(provenance, clause=OWN_RULES) if document and document in provenance.clause else provenance
