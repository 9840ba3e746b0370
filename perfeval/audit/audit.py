"""A finished report → where it contradicts itself."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from perfeval.audit.amounts import amount_checks
from perfeval.audit.comparison import Comparison, Kind
from perfeval.audit.counts import count_checks
from perfeval.audit.equations import equation_checks
from perfeval.audit.forms import form_checks
from perfeval.audit.grades import grade_checks
from perfeval.audit.identity import identity_checks
from perfeval.audit.indicators import indicator_checks
from perfeval.audit.rates import rate_checks
from perfeval.audit.read import Report, read_report
from perfeval.audit.score_checks import score_checks

CHECKS: tuple[Callable[[Report], Iterable[Comparison]], ...] = (
    score_checks,
    grade_checks,
    equation_checks,
    count_checks,
    amount_checks,
    rate_checks,
    indicator_checks,
    form_checks,
    identity_checks,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that cannot be right as printed: every disagreement that one wrong figure explains."""

    comparisons: tuple[Comparison, ...]

    @property
    def says(self) -> tuple[str, ...]:
        """Each disagreement as a sentence, with both figures."""
        return tuple(c.says for c in self.comparisons)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a report, and how much was compared."""

    name: str
    contradictions: tuple[Contradiction, ...]
    compared: tuple[tuple[Kind, int], ...]


def audit(path: Path) -> tuple[Contradiction, ...]:
    """The contradictions inside a finished .docx or .txt report. Raises UsageError where it cannot be read."""
    return examine(path).contradictions


def examine(path: Path) -> Audit:
    """As `audit`, with the number of sums, rates and pairs that were compared."""
    report = read_report(path)
    comparisons = [comparison for check in CHECKS for comparison in check(report)]
    counted = Counter(c.kind for c in comparisons)
    return Audit(report.name, contradictions(comparisons), tuple((kind, counted[kind]) for kind in Kind))


def contradictions(comparisons: Iterable[Comparison]) -> tuple[Contradiction, ...]:
    """The disagreements, those that share a figure together: a wrong figure is told once, with all it breaks."""
    every = list(comparisons)
    passed = Counter(key for c in every if c.agrees for key in c.keys)
    left = [(order, c) for order, c in enumerate(every) if not c.agrees]
    groups: list[list[tuple[int, Comparison]]] = []
    while left:
        broken = Counter(key for _, c in left for key in c.keys)
        key, count = max(broken.items(), key=lambda item: (item[1], -passed[item[0]]))
        group = [(o, c) for o, c in left if key in c.keys] if count > 1 else left[:1]
        groups.append(group)
        left = [entry for entry in left if entry not in group]
    return tuple(Contradiction(tuple(c for _, c in group)) for group in sorted(groups, key=lambda g: g[0][0]))
