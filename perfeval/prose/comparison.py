"""One thing re-added or compared: which figures it names, what is there, what comes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from perfeval.model.numbers import Interval, places, show_number, sum_agrees, total
from perfeval.prose.text import Figure

Key = tuple[object, ...]  # of a figure
ADVICE = "请核对原始资料，改正其中不对的一处，使两处一致。"
CONTRADICTION, QUESTION = "矛盾", "请说明"
COUNTED = frozenset("分个项名年")  # nobody rounds these


class Kind(Enum):
    """What was done to compare."""

    SUM = "求和"
    RATE = "比率"
    PAIR = "两处对照"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of the report against each other.

    `says` is the disagreement in one sentence, both figures in it; `advice` what to do. `shares` are the figures by
    which several disagreements are recognised as one wrong figure.
    """

    kind: Kind
    agrees: bool
    says: str
    figures: tuple[Figure, ...]
    advice: str = ADVICE
    shares: tuple[Figure, ...] | None = None
    level: str = CONTRADICTION
    right: str = ""  # what would be right for the first figure
    word: str = ""  # the kind in a word, for the machine's answer

    @property
    def keys(self) -> tuple[Key, ...]:
        """What a wrong figure is recognised by, each once."""
        return tuple(dict.fromkeys(f.key for f in (self.figures if self.shares is None else self.shares)))


def can_be_same(first: Figure, second: Figure) -> bool:
    """Whether two figures may state one number: printed alike they must be alike, else the coarser may be the other one
    rounded."""
    if places(first.value) == places(second.value):
        return first.value == second.value
    return Interval.printed(first.value, 0).overlaps(Interval.printed(second.value, 0))


def adds_up(name: str, stated: Figure, addends: Iterable[Figure], unit: str, advice: str = "") -> Comparison:
    """A stated sum against its printed addends, each of which may be rounded; whole points and counts are not."""
    parts = tuple(addends)
    computed = total(p.value for p in parts)
    words = " + ".join(p.shown for p in parts)
    says = f"{name}写的是 {stated.shown} {unit}，而各项相加为 {show_number(computed)} {unit}（{words}）"
    advice = advice or "请逐项重新相加：改正写错的一项，或者改正合计。"
    rounded = [p.value for p in parts if unit not in COUNTED or places(p.value)]
    agrees = sum_agrees(stated.value - (computed - total(rounded)), rounded) if rounded else stated.value == computed
    right = f"{show_number(computed)}{unit}"
    return Comparison(Kind.SUM, agrees, says, (stated, *parts), advice, right=right, word="得分合计")


def same(name: str, first: Figure, second: Figure, unit: str, advice: str = "") -> Comparison:
    """Two places that state the same thing."""
    says = f"{name}一处写的是 {first.shown} {unit}，另一处写的是 {second.shown} {unit}"
    agrees = first.value == second.value if unit in COUNTED else can_be_same(first, second)
    shown = f"{first.shown}{unit}"
    return Comparison(Kind.PAIR, agrees, says, (second, first), advice or ADVICE, right=shown, word="两处不同")
