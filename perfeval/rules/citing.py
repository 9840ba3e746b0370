"""Whose rules: a document is cited by name only where the department lies in its region and the rule was read in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any

from perfeval.model.regulation import Confidence, Provenance, Regulation
from perfeval.model.submission import Basic
from perfeval.rules.places import is_another, is_outside

OWN_RULES = "本单位适用的预算绩效评价指标体系"  # what a document says instead of a file's name
ARTICLE = re.compile("第[一二三四五六七八九十百零〇0-9]+[条章节款项]")
SOURCE_NOTE = "评分规则取自为“{region}”编写的指标体系；本单位适用的文件、条款待核。"


def is_elsewhere(regulation: Regulation, basic: Basic) -> bool:
    """Whether the regulation names a place that the department does not lie in, by its 行政区划, else by its name."""
    region, department = regulation.region, basic.department.value or ""
    return bool(region) and any(
        (is_outside(basic.region.value or department, region), is_another(department, region))
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citations:
    """The regulations as departments may print them, each made when the first department needs it."""

    made: dict[tuple[str, bool, bool], Regulation] = field(default_factory=dict)

    def of(self, regulation: Regulation, basic: Basic) -> Regulation:
        """The regulation as this department's documents may print it: without the document's name where it may not be
        cited."""
        scheme = regulation.project_regulation
        places = is_elsewhere(regulation, basic), scheme is not None and is_elsewhere(scheme, basic)
        key = regulation.id, *places
        if key not in self.made:
            self.made[key] = _printable(regulation, *places)
        return self.made[key]


def _printable(regulation: Regulation, elsewhere: bool, scheme_elsewhere: bool) -> Regulation:
    scheme = regulation.project_regulation
    scheme = _printable(scheme, scheme_elsewhere, False) if scheme else None
    unread = elsewhere or regulation.provenance.confidence is not Confidence.READ
    cited: Regulation = replace(regulation, project_regulation=None)
    cited = _cited(cited, regulation.document, everywhere=unread)
    if elsewhere:
        note = SOURCE_NOTE.format(region=regulation.region)
        cited = replace(cited, issuer="", document_number="", source_note=note)
    return replace(
        cited,
        project_regulation=scheme,
        indicators=scheme.indicators if scheme else cited.indicators,
        document=OWN_RULES if elsewhere or (unread and regulation.document) else cited.document,
    )


def scheme_name(regulation: Regulation) -> str:
    """《…预算绩效评价指标体系》 where the regulation, as cited, names its document; else what stands for it."""
    if regulation.document:
        return regulation.document
    issued = re.search("《.+?》", regulation.provenance.clause)
    return (
        issued[0] if issued and regulation.provenance.confidence is Confidence.READ else f"“{regulation.title}”指标体系"
    )


def scheme_citation(regulation: Regulation) -> str:
    """What a report was scored by, as the beginning of a sentence; the confidence decides the words."""
    name = scheme_name(regulation)
    if regulation.provenance.confidence is Confidence.INFERRED:
        return f"参照{name}推定的评分规则"
    if regulation.provenance.is_unconfirmed:
        return f"按照{name}（评分规则待核）"
    unconfirmed = sum(item.provenance.is_unconfirmed for item in regulation.leaves())
    return f"根据{name}" + (f"（其中{unconfirmed}项指标的评分规则待核）" if unconfirmed else "")


def _cited(value: Any, document: str, *, everywhere: bool) -> Any:
    """`value` without the document's name: in the clauses that were not read in it, or `everywhere`."""
    if isinstance(value, Provenance):
        return _cited_source(value, document, unread=everywhere or value.confidence is not Confidence.READ)
    if isinstance(value, str):
        return without_name(value, document) if everywhere and document else value
    if isinstance(value, tuple):
        parts = tuple(_cited(part, document, everywhere=everywhere) for part in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    if isinstance(value, Mapping):
        changes = _changes(value, document, everywhere=everywhere)
        return {**value, **changes} if changes else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = _changes({n: getattr(value, n) for n in _names(type(value))}, document, everywhere=everywhere)
    return replace(value, **changes) if changes else value


def _cited_source(source: Provenance, document: str, *, unread: bool) -> Provenance:
    """An article by itself says nothing: 第十二条 comes with the name of what it is an article of."""
    if document and document.strip("《》") in source.clause:
        return replace(source, clause=OWN_RULES) if unread else source
    if ARTICLE.match(source.clause):
        return replace(source, clause=f"{OWN_RULES if unread or not document else document}{source.clause}")
    return source


def _changes(parts: Mapping[str, Any], document: str, *, everywhere: bool) -> dict[str, Any]:
    cited = {name: _cited(part, document, everywhere=everywhere) for name, part in parts.items()}
    return {name: new for name, new in cited.items() if new is not parts[name]}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def without_name(text: str, document: str) -> str:
    """The text with 本单位适用的… in the place of the document's name."""
    name = document.strip("《》")
    return text.replace(f"《{name}》", OWN_RULES).replace(name, OWN_RULES) if name in text else text
