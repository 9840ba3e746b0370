"""A name that is in another table except for brackets or spaces: the same thing, said once a name, and from here on
written as it is listed there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell
from perfeval.model.names import plain_name
from perfeval.model.submission import WHOLE_DEPARTMENT, Duty, DutyDatum, Fund, Indicator, Project

T = TypeVar("T", Indicator, Fund, DutyDatum)
Findings = tuple[Finding, ...]


def with_listed_projects(
    indicators: tuple[Indicator, ...], projects: Iterable[Project]
) -> tuple[tuple[Indicator, ...], Findings]:
    """The indicators with 适用对象 as the 项目 sheet writes it, and a notice for each name that was written otherwise."""
    return _with_listed(indicators, "subject", (WHOLE_DEPARTMENT, *_names(projects)))


def with_funded_projects(funds: tuple[Fund, ...], projects: Iterable[Project]) -> tuple[tuple[Fund, ...], Findings]:
    """The rows of 项目资金 with 项目名称 as the 项目 sheet writes it, and a notice for each name that was written otherwise."""
    return _with_listed(funds, "project", _names(projects))


def with_listed_duties(data: tuple[DutyDatum, ...], duties: Iterable[Duty]) -> tuple[tuple[DutyDatum, ...], Findings]:
    """The rows of 履职数据 with 职能名称 as the 履职 sheet writes it and 上级指标 as its own row does, and a notice for each name
    written otherwise."""
    data, of_duties = _with_listed(data, "duty", _names(duties))
    data, of_parents = _with_listed(data, "parent", _names(data))
    return data, of_duties + of_parents


def _with_listed(rows: tuple[T, ...], column: str, listed: Iterable[str]) -> tuple[tuple[T, ...], Findings]:
    """The rows with the names of a column as they are listed, and the notices."""
    meant, reported = _as_listed((getattr(row, column) for row in rows), listed)
    if not meant:
        return rows, reported
    named: Iterable[tuple[T, dict[str, Any]]] = ((row, {column: _meant(getattr(row, column), meant)}) for row in rows)
    return tuple(replace(row, **changed) for row, changed in named), reported


def _names(rows: Iterable[Project | Duty | DutyDatum]) -> tuple[str, ...]:
    return tuple(row.name.value for row in rows if row.name.value)


def _as_listed(cells: Iterable[Cell[str]], listed: Iterable[str]) -> tuple[Mapping[str, str], Findings]:
    """Written → listed name where they differ, unless two listed ones are alike: which of them is meant cannot be
    known. And the notices."""
    exact = frozenset(listed)
    alike: dict[str, list[str]] = {}
    for name in exact:
        alike.setdefault(plain_name(name), []).append(name)
    written: dict[str, list[Cell[str]]] = {}
    for cell in cells:
        if cell.value and cell.value not in exact:
            written.setdefault(cell.value, []).append(cell)
    meant = {name: found[0] for name in written if len(found := alike.get(plain_name(name), [])) == 1}
    reported = (
        make("CELL_019", written[w][0], reading=name, alike=tuple(c.ref for c in written[w][1:]))
        for w, name in meant.items()
    )
    return meant, tuple(reported)


def _meant(cell: Cell[str], meant: Mapping[str, str]) -> Cell[str]:
    return cell._replace(value=meant[cell.value]) if cell.value and cell.value in meant else cell
