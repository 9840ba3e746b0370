"""Which departments to review: the riskiest first, reproducibly, each with the reason why it is drawn or not."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from perfeval.documents.summaries.review import REASONS
from perfeval.documents.summaries.rows import workbook_row
from perfeval.errors import UsageError
from perfeval.model.numbers import HUNDRED
from perfeval.model.status import REPORTED
from perfeval.output.sets import PublishedSet

RANDOM_REASON = "没有风险信号"
NOT_FINAL = "退回修改，还没有定稿，不抽"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A set and whether it is to be reviewed: why, and its rank in risk (1: the highest; None for one that is not
    final)."""

    one: PublishedSet
    is_drawn: bool
    reasons: str
    rank: int | None


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


def draw(sets: Iterable[PublishedSet], share: Fraction, seed: int) -> tuple[Sampled, ...]:
    """Every set in the order of risk, a share of the final ones drawn, rounded up: the riskiest first, by the grounds a
    reviewer would look at first. Among equal risks the seed and the set's own name decide. What was returned is not
    final and is not drawn.
    """
    every = sorted(sets, key=lambda s: (s.year, s.department, s.folder.name))
    final = [s for s in every if s.result["status"] == REPORTED]
    rows = [workbook_row(s.result) for s in final]
    ranks = _ranks([tuple(Decimal(reason.weight(row)) for reason in REASONS) for row in rows])
    wanted = int((Decimal(share.numerator) * len(final) / share.denominator).to_integral_value(ROUND_CEILING))
    order = sorted(range(len(final)), key=lambda n: (ranks[n], _luck(seed, final[n])))
    sampled = [Sampled(final[n], place < wanted, _reasons(rows[n]), ranks[n]) for place, n in enumerate(order)]
    return (*sampled, *(Sampled(s, False, NOT_FINAL, None) for s in every if s not in final))


def _ranks(weights: list[tuple[Decimal, ...]]) -> list[int]:
    """1 for the riskiest; equal risks share a rank."""
    order = sorted(weights, reverse=True)
    return [order.index(weight) + 1 for weight in weights]


def _luck(seed: int, one: PublishedSet) -> str:
    """What decides between equal risks; it depends on the seed and the set's name alone."""
    name = f"{seed}\n{one.year}\n{one.department}\n{one.folder.name}"
    return hashlib.sha256(name.encode()).hexdigest()


def _reasons(row: dict[str, object]) -> str:
    return "；".join(reason.words(row) for reason in REASONS if reason.weight(row)) or RANDOM_REASON
