"""Which departments to review: drawn by risk, reproducibly, each with its reasons."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from perfeval.documents.summaries.review import REASONS
from perfeval.documents.summaries.rows import workbook_row
from perfeval.errors import UsageError
from perfeval.model.numbers import HUNDRED
from perfeval.output.sets import PublishedSet

RANDOM_REASON = "没有风险信号，随机抽取"
DIGEST_BITS = 256


@dataclass(frozen=True, slots=True)
class Drawn:
    """A set to review: why, and its rank in risk among all sets (1: the highest)."""

    chosen: PublishedSet
    reasons: str
    rank: int


def share_of(text: str) -> Fraction:
    """20% or 0.2 as a fraction above 0 and up to 1. Raises UsageError."""
    bare = text.strip().replace("％", "%")
    try:
        share = Fraction(Decimal(bare.removesuffix("%"))) / (int(HUNDRED) if bare.endswith("%") else 1)
    except (ArithmeticError, ValueError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise UsageError(f"抽取比例现在是“{text}”，应大于 0、不超过 100%。", "例如 --share 20%。")
    return share


def draw(sets: Iterable[PublishedSet], share: Fraction, seed: int) -> tuple[Drawn, ...]:
    """A share of the sets, rounded up, in the order of risk.

    Sets are ranked by the grounds a reviewer would look at first. A set's chance grows with its rank: of n sets the
    riskiest has n lots, the next n − 1, …; a set without any ground has one. Each set's luck is made from the seed and
    its own name, so no other set and no order changes it.
    """
    every = sorted(sets, key=lambda s: (s.year, s.department, s.folder.name))
    rows = [workbook_row(s.result) for s in every]
    weights = [tuple(Decimal(reason.weight(row)) for reason in REASONS) for row in rows]
    ranks = _ranks(weights)
    lots = [len(every) + 1 - rank if any(weight) else 1 for rank, weight in zip(ranks, weights, strict=True)]
    luck = [
        _luck(seed, one) ** (1 / lot) for one, lot in zip(every, lots, strict=True)
    ]  # Efraimidis and Spirakis (2006): weighted, without return
    wanted = int((Decimal(share.numerator) * len(every) / share.denominator).to_integral_value(ROUND_CEILING))
    chosen = sorted(range(len(every)), key=lambda n: -luck[n])[:wanted]
    return tuple(Drawn(every[n], _reasons(rows[n]), ranks[n]) for n in sorted(chosen, key=lambda n: (ranks[n], n)))


def _ranks(weights: list[tuple[Decimal, ...]]) -> list[int]:
    """1 for the riskiest; equal risks share a rank."""
    order = sorted(weights, reverse=True)
    return [order.index(weight) + 1 for weight in weights]


def _luck(seed: int, one: PublishedSet) -> float:
    """A number between 0 and 1 that depends on the seed and the set's name alone."""
    name = f"{seed}\n{one.year}\n{one.department}\n{one.folder.name}"
    return float(Fraction(int.from_bytes(hashlib.sha256(name.encode()).digest()) + 1, 2**DIGEST_BITS + 1))


def _reasons(row: dict[str, object]) -> str:
    return "；".join(reason.words(row) for reason in REASONS if reason.weight(row)) or RANDOM_REASON
