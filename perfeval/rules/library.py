"""What every regulation of a department may name beside its own: facts, the rates that are reported, the shortcomings
of projects. Data in regulations/common, in the language of a regulation's own facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from perfeval.model.formula import Comparison
from perfeval.model.regulation import UNKNOWN, FactRule, Outline, Provenance, Shortcoming
from perfeval.rules.faults import Faults, Table
from perfeval.rules.formulas import FormulaFault, parse_comparison
from perfeval.rules.read_facts import keyed, read_fact
from perfeval.rules.toml_file import read_toml

FILE = "facts.toml"


@dataclass(frozen=True, slots=True)
class Library:
    """The built-in facts by key, of a department and of a project, the keys of those that are reported, in their order,
    the shortcomings by key, and how a report is usually called and divided."""

    facts: Mapping[str, FactRule]
    project_facts: Mapping[str, FactRule]
    measures: tuple[str, ...]
    shortcomings: Mapping[str, Shortcoming]
    outline: Outline


@cache
def library() -> Library:
    """Read once. Raises RegulationError where the shipped file is faulty."""
    content = files("perfeval.regulations").joinpath("common", FILE).read_bytes()
    faults = Faults()
    table = Table(read_toml(content), "", f"common/{FILE}", faults)
    facts = {key: read_fact(entry, key, _unknown) for entry, key in keyed(table, "facts", ())}
    of_projects = {key: read_fact(entry, key, _unknown) for entry, key in keyed(table, "project_facts", ())}
    shortcomings = {key: _shortcoming(entry, key) for entry, key in keyed(table, "conditions", ())}
    usual = table.table("outline")
    outline = Outline(usual.text("report"), usual.text("projects"))
    usual.close()
    names = tuple(table.table("measures").values["names"])
    table.close()
    faults.raise_if_any()
    return Library(facts, of_projects, names, shortcomings, outline)


def _unknown(_: Table) -> Provenance:
    return UNKNOWN


def _shortcoming(entry: Table, key: str) -> Shortcoming:
    among = _comparison(entry, "among") if "among" in entry.values else None
    bad = _comparison(entry, "bad")
    found = Shortcoming(key, entry.text("words"), bad, among, entry.text("indicators", ""), entry.flag("stated", False))
    entry.close()
    return found


def _comparison(entry: Table, name: str) -> Comparison:
    try:
        return parse_comparison(entry.text(name))
    except FormulaFault as fault:
        entry.fault(name, fault.expected, fault.found)
        return parse_comparison("projects.项目名称 = 0")
