"""Changes between two figures, their size and their rate: 比上年21万元减少2.4万元, 下降11.43%; 由91.8%提高到95.3%, 提高3.5个百分点."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfeval.model.numbers import HUNDRED, ZERO, Interval
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import Quantity, words
from perfeval.prose.relations import verdict

LESS, MORE = words()["changes"]["less"], words()["changes"]["more"]
TO = re.compile(rf"(?:(?P<less>{LESS})|(?P<more>{MORE})|调整|变)(?:至|到|为)$")
FROM = re.compile(r"(?:由|从)[^，。；]*$")
SIZE = re.compile(rf"(?:(?P<less>{LESS})|(?P<more>{MORE}))(?:了|额|幅度?|率|金额|资金)?(?:为|达到?|约)?$")
ONLY_CHANGE = re.compile(
    rf"^(?:[^，。；\d]*?(?:{words()['changes']['than']})[^，。；\d]{{0,8}}?)?(?:共|同比|环比|净|总体|合计)?(?:{LESS}|{MORE}|增幅|降幅"
    rf"|涨幅)(?:了|额|幅度?|率|金额|资金)?(?:为|达到?)?$"
)
THAN = re.compile(rf"(?:{words()['changes']['than']}).*?(?:{words()['changes']['previous']})[^，。；]*$")
AVERAGE = re.compile("年均|月均|平均|人均|户均|累计")
AT_ONCE = re.compile(rf"^(?:，)?(?:{words()['changes']['than']})")
MOST_BEFORE, FARTHEST = 12, 300  # quantities and characters looked back for what has changed
NOW = re.compile("本年|今年|现在|目前|本期|20\\d\\d年")


@dataclass(frozen=True)
class Change:
    """From what to what; None where only the size is known."""

    old: Quantity
    new: Quantity


def change_relations(passage: Passage) -> Iterator[Comparison]:
    """Each size and rate of a change in a paragraph against the two figures it is between."""
    for group in passage.segments:
        sizes = [q for q in group if _is_size(q)]
        for at, size in enumerate(sizes):
            if size.is_fact:
                first = bisect_left(group, size.start - FARTHEST, key=lambda q: q.start)
                near = group[first : bisect_left(group, size.start, key=lambda q: q.start)]
                yield from _size(passage, near, sizes[max(0, at - MOST_BEFORE) : at], size)


def _is_size(q: Quantity) -> bool:
    if AVERAGE.search(q.label):
        return False
    return bool(ONLY_CHANGE.match(q.label)) or (SIZE.search(q.label) is not None and q.unit == "points")


def _size(passage: Passage, group: Sequence[Quantity], earlier: list[Quantity], size: Quantity) -> Iterator[Comparison]:
    if size.is_price:
        return
    unit = "share" if size.unit == "points" else None if size.unit == "share" else size.unit
    before = [q for q in group[-MOST_BEFORE:] if not any(q is s for s in earlier) and q.is_fact]
    before = [
        q
        for q in before
        if (unit is None or q.unit == unit) and q.unit not in ("points", "") and not q.is_price and not _is_size(q)
    ]
    if unit is None:
        before = [q for q in before if q.unit != "share"]
    structured = _structured(passage, before)
    if structured is not None:
        yield _compared(size, structured)
        return
    amount = next((e for e in reversed(earlier) if e.unit not in ("share", "points") and e.is_fact), None)
    if before and amount is None and size.unit not in ("share", "points"):
        pairs = [
            Change(a, b) for a in before[-6:] for b in before[-6:] if a is not b and a.previous and a.unit == b.unit
        ]
        good = next((r for r in (_compared(size, pair) for pair in pairs) if r.agrees), None)
        if good:
            yield good
        elif len(before) == 2 and len(pairs) == 1 and pairs[0].new.start > pairs[0].old.start:
            yield _compared(size, pairs[0])
    elif amount is not None and size.unit == "share":
        yield from _rate_of(passage, before, amount, size)
    elif (
        size.unit in ("share", "points")
        and len(before) == 2
        and before[0].previous
        and before[0].unit == before[1].unit
    ):
        yield _compared(size, Change(before[0], before[1]))


def _structured(passage: Passage, before: Sequence[Quantity]) -> Change | None:
    """由A降至B; B，比上年A减少."""
    if len(before) < 2:
        return None
    first, second = before[-2], before[-1]
    if first.unit != second.unit:
        return None
    if TO.search(second.label) and (FROM.search(first.label) or "由" in first.label or "从" in first.label):
        return Change(first, second)
    if (
        first.year
        and second.year
        and first.year != second.year
        and ({first.year, second.year} & {_own_year(first), _own_year(second)})
    ):
        return Change(first, second) if first.year < second.year else Change(second, first)
    if THAN.search(second.label) and second.previous:
        candidates = [q for q in before[:-1] if q.unit == second.unit]
        return Change(second, first) if len(candidates) == 1 or AT_ONCE.match(passage.between(first, second)) else None
    return None


def _own_year(q: Quantity) -> int | None:
    """The year said in its own clause."""
    found = re.search(r"(20\d\d)年(?:度)?[^，。；]*$", q.before)
    return int(found[1]) if found else None


def _rate_of(passage: Passage, before: Sequence[Quantity], amount: Quantity, rate: Quantity) -> Iterator[Comparison]:
    """压减3万元，压减14.29%: the base is last year's figure; where only this year's is said, it less the change."""
    old = [q for q in before if q.unit == amount.unit and q.previous]
    if old:
        results = [_of_base(rate, amount, q) for q in old[-6:]]
        good = next((r for r in results if r.agrees), None)
        if good or len(results) == 1:
            yield good or results[0]
        return
    if amount.value == ZERO and rate.low > ZERO:
        says = f"增减额是 {amount.printed}，而增减率写的是 {rate.printed}"
        yield Comparison(Kind.RATE, False, says, (rate, amount), right="0%", word="增减率")
        return
    new = [q for q in before if q.unit == amount.unit]
    if len(new) == 2 and abs(new[0].value - new[1].value) == amount.value and new[0].value > ZERO:
        results = [_of_base(rate, amount, q) for q in new]  # 合同价1250万元，结算价1187.5万元，核减62.5万元
        yield next((r for r in results if r.agrees), results[0])
        return
    if (
        len(new) == 1
        and AT_ONCE.match(passage.between(new[0], amount))
        and not re.search("，.*，", passage.between(new[0], amount))
    ):
        sign = 1 if _falls(amount) else -1
        low, high = (
            (new[0].low + amount.low, new[0].high + amount.high)
            if sign == 1
            else (new[0].low - amount.high, new[0].high - amount.low)
        )
        if low > ZERO:
            computed = Interval(amount.low / high * HUNDRED, amount.high / low * HUNDRED)
            words_ = f"{amount.printed} ÷ ({new[0].printed} {'+' if sign == 1 else '−'} {amount.printed})"
            yield verdict(Kind.RATE, "增减率", rate, computed, (new[0], amount), words_)


def _falls(size: Quantity) -> bool:
    """Whether the word of a change says that it became less."""
    found = SIZE.search(size.label)
    return bool(found and found["less"])


def _of_base(rate: Quantity, amount: Quantity, base: Quantity) -> Comparison:
    low = max(base.low, base.factor.scaleb(-6))
    computed = Interval(amount.low / base.high * HUNDRED, amount.high / low * HUNDRED)
    return verdict(Kind.RATE, "增减率", rate, computed, (amount, base), f"{amount.printed} ÷ {base.printed}")


def _compared(size: Quantity, change: Change) -> Comparison:
    """Size or rate against the two figures, whose direction is that of the word."""
    old, new = change.old, change.new
    falls = _falls(size)
    low, high = (old.low - new.high, old.high - new.low) if falls else (new.low - old.high, new.high - old.low)
    arithmetic = f"{old.printed} − {new.printed}" if falls else f"{new.printed} − {old.printed}"
    word = "增减额"
    if size.unit == "share":
        if old.unit == "share":  # 由92%提高到96%，提高4%: points or per cent of it
            computed = Interval(low, high)
            plain = verdict(Kind.RATE, word, size, computed, (old, new), arithmetic)
            if plain.agrees or old.low <= ZERO:
                return plain
        base_low = max(old.low, old.factor.scaleb(-6))
        low, high = min(low / base_low, low / old.high) * HUNDRED, max(high / base_low, high / old.high) * HUNDRED
        arithmetic, word = f"({arithmetic}) ÷ {old.printed}", "增减率"
    if size.unit == "points":
        word = "百分点"
    return verdict(Kind.RATE, word, size, Interval(low, high), (new, old), arithmetic)
