"""A finished report → where it contradicts itself, and how much of it was compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from perfeval.audit.check import check
from perfeval.audit.findings import Finding, findings
from perfeval.audit.read import Report, read_report
from perfeval.prose.comparison import CONTRADICTION, Kind


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a report, and how much was compared. `error`: why it could not be read."""

    name: str
    findings: tuple[Finding, ...]
    coverage: "Coverage"
    error: str = ""
    accepted: tuple[Finding, ...] = ()  # for which a reason has been written into the 核算汇总
    note: str = ""  # how it was read, where that was not the usual way

    def without(self, reasons: Mapping[tuple[str, str], str]) -> "Audit":
        """The findings that have been accepted stay quiet."""
        accepted = tuple(f for f in self.findings if (self.name, f.says[0]) in reasons)
        return replace(self, findings=tuple(f for f in self.findings if f not in accepted), accepted=accepted)

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        """Those that no reading makes true."""
        return tuple(f for f in self.findings if f.level == CONTRADICTION)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many numbers were read, of which kinds, and how many of them stand in a relation that was checked."""

    quantities: int = 0
    amounts: int = 0
    rates: int = 0
    scores: int = 0
    alone: int = 0  # numbers without a relation
    relations: int = 0
    kinds: tuple[tuple[Kind, int], ...] = ()


def audit(path: Path) -> tuple[Finding, ...]:
    """The findings inside a finished report. Raises UsageError where it cannot be read."""
    return examine(path).findings


def examine(path: Path) -> Audit:
    """As `audit`, with what was read and compared."""
    return examined(read_report(path))


def nothing(name: str, error: str) -> Audit:
    """A report that cannot be read."""
    return Audit(name, (), Coverage(), error)


def examined(report: Report, name: str = "") -> Audit:
    """A report that has been read."""
    comparisons, units = check(report)
    counted = Counter(c.kind for c in comparisons)
    used = {key for c in comparisons for key in c.keys}
    quantities = sum(units.values())
    coverage = Coverage(
        quantities,
        sum(n for unit, n in units.items() if unit.startswith("money")),
        units["share"],
        units["分"],
        max(0, quantities - len(used)),
        len(comparisons),
        tuple((kind, counted[kind]) for kind in Kind),
    )
    return Audit(name or report.name, findings(comparisons), coverage)
