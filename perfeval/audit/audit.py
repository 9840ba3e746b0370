"""A finished report → where it contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from pathlib import Path

from perfeval.audit.amounts import amount_checks
from perfeval.audit.comparison import Comparison, Key, Kind
from perfeval.audit.counts import count_checks
from perfeval.audit.equations import equation_checks
from perfeval.audit.forms import form_checks
from perfeval.audit.grades import grade_checks
from perfeval.audit.identity import identity_checks
from perfeval.audit.indicators import indicator_checks
from perfeval.audit.rates import rate_checks
from perfeval.audit.read import Report, read_report, unreadable
from perfeval.audit.score_checks import score_checks
from perfeval.excel.guard import Refused
from perfeval.run.workers import read_apart

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


def examine_apart(path: Path) -> Audit:
    """As `examine`, in a worker with its limits: the report may be anyone's. Raises UsageError."""
    try:
        return read_apart(examine, path)
    except Refused as refused:
        raise unreadable(path, refused) from refused


def contradictions(comparisons: Iterable[Comparison]) -> tuple[Contradiction, ...]:
    """The disagreements, those that share a figure together: a wrong figure is reported once, with all it breaks.

    The figure that breaks most comes first; of several the one that agrees least often elsewhere.
    """
    every = list(comparisons)
    passed = Counter(key for c in every if c.agrees for key in c.keys)
    left = {order: c for order, c in enumerate(every) if not c.agrees}
    broken = defaultdict[Key, dict[int, None]](dict)  # which of those left a figure breaks, in their order
    for order, comparison in left.items():
        for key in comparison.keys:
            broken[key][order] = None

    def ranked(key: Key) -> tuple[int, int, int, int, Key]:
        first = next(iter(broken[key]))
        return -len(broken[key]), passed[key], first, every[first].keys.index(key), key

    ranks = [ranked(key) for key in broken]
    heapify(ranks)
    groups: list[list[int]] = []
    while ranks:
        rank = heappop(ranks)
        orders = list(broken[rank[-1]])
        if len(orders) < 2 or rank != ranked(rank[-1]):  # reported alone, or ranked once more since
            continue
        groups.append(orders)
        touched = {key for order in orders for key in left.pop(order).keys}
        for order in orders:
            for key in every[order].keys:
                del broken[key][order]
        for key in touched:
            if broken[key]:
                heappush(ranks, ranked(key))
    groups += [[order] for order in left]
    return tuple(Contradiction(tuple(every[order] for order in group)) for group in sorted(groups))
