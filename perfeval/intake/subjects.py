"""适用对象 that is a 项目名称 but for brackets or spaces: the same project, said once a name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.intake.headers import tidy
from perfeval.model.cells import Cell
from perfeval.model.submission import WHOLE_DEPARTMENT, Indicator, Project


def named_alike(indicators: tuple[Indicator, ...], projects: Iterable[Project]) -> tuple[tuple[Indicator, ...], tuple[Finding, ...]]:
    """The indicators with 适用对象 as the 项目 sheet writes it, and a notice for each name that was written otherwise."""
    known = {name: tidy(name) for name in (WHOLE_DEPARTMENT, *(p.name.value for p in projects if p.name.value))}
    written: dict[str, list[Cell[str]]] = {}
    for indicator in indicators:
        if indicator.subject.value and indicator.subject.value not in known:
            written.setdefault(indicator.subject.value, []).append(indicator.subject)
    meant = {subject: name for subject in written if (name := _only_one(subject, known))}
    told = tuple(make("CELL_019", written[s][0], reading=name, related=tuple(c.ref for c in written[s][1:])) for s, name in meant.items())
    return (tuple(_as_meant(indicator, meant) for indicator in indicators) if meant else indicators), told


def _only_one(subject: str, known: Mapping[str, str]) -> str | None:
    """The one known name a 适用对象 can stand for; None where it is none of them, or two differ by their brackets alone."""
    alike = [name for name, bare in known.items() if bare == tidy(subject)]
    return alike[0] if len(alike) == 1 else None


def _as_meant(indicator: Indicator, meant: Mapping[str, str]) -> Indicator:
    name = meant.get(indicator.subject.value or "")
    return replace(indicator, subject=indicator.subject._replace(value=name)) if name else indicator
