"""Relations that do not hold → findings: two levels, both places quoted, the arithmetic, what would be right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from perfeval.prose.comparison import CONTRADICTION, Comparison, Key
from perfeval.prose.quantities import Quantity
from perfeval.prose.text import Figure

LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cannot be right as printed: every disagreement that one wrong figure explains."""

    comparisons: tuple[Comparison, ...]

    @property
    def level(self) -> str:
        """矛盾, or 请说明 where a word could settle it."""
        return CONTRADICTION if any(c.level == CONTRADICTION for c in self.comparisons) else self.comparisons[0].level

    @property
    def says(self) -> tuple[str, ...]:
        """Each disagreement as a sentence, with both figures."""
        return tuple(dict.fromkeys(c.says for c in self.comparisons))


def as_json(found: Finding) -> Iterator[dict[str, object]]:
    """The machine's form: one object a disagreement."""
    for comparison in found.comparisons:
        yield {
            "level": comparison.level,
            "a": _quoted(comparison.figures[0]),
            "b": _others(comparison.figures[1:]),
            "right": comparison.right,
            "kind": comparison.word or comparison.kind.value,
        }


def _quoted(figure: Figure) -> Mapping[str, str]:
    return {"text": _text(figure), "place": figure.where}


def _text(figure: Figure) -> str:
    """The figure as written; with its clause where it was read in one."""
    printed = figure.printed if isinstance(figure, Quantity) else figure.shown
    return (figure.clause or printed)[:LONGEST_TEXT]


def _others(figures: Sequence[Figure]) -> Mapping[str, str] | None:
    """The figures a result comes from that stand in the first one's place, as far as they can be quoted."""
    if not figures:
        return None
    here = [f for f in figures if f.where == figures[0].where]
    texts = list(dict.fromkeys(_text(f) for f in here))
    while len("；".join(texts)) > LONGEST_TEXT and len(texts) > 1:
        texts.pop()
    return {"text": "；".join(texts), "place": figures[0].where}


def findings(comparisons: Iterable[Comparison]) -> tuple[Finding, ...]:
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
    return tuple(Finding(tuple(every[order] for order in group)) for group in sorted(groups))
