"""Wholes and their parts: 其中 …, brackets, 合计, shares of a whole, restated units, 单价 × 数量, counts against names."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfeval.model.numbers import Interval, total
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import MOST_IN_A_LIST, TOTAL_BEHIND, Listed, Passage
from perfeval.prose.quantities import COUNTED, EACH, FACTORS, Quantity, chinese_number, words
from perfeval.prose.relations import added, quotient, role_of, summed, verdict
from perfeval.prose.text import Figure

VOCABULARY = words()["parts"]
OVERLAPPING = re.compile(VOCABULARY["overlapping"])
MOST_PARTS = 12
CONNECTED = re.compile("[、和及与]?")
SHARE_OF = re.compile(r"(?:占比?|占[^，。；]{0,12}?的?(?:比例|比重|比率)?)(?:为|达到?|是)?$")
NAMED_BASE = re.compile(r"(?:占|完成|为|达到?|实现)(?P<base>[^，。；]{1,12}?)的?(?:比例|比重|比率)?(?:为|达到?|是)?$")


def sum_relations(passage: Passage) -> Iterator[Comparison]:
    """Every relation of this module in a paragraph."""
    for listed in passage.listings:
        yield from _sum(listed)
        yield from _shares(passage, listed)
    yield from _totals_behind(passage)
    yield from _shares_of_named(passage)
    yield from _restated(passage)
    yield from _products(passage)


def _sum(listed: Listed) -> Iterator[Comparison]:
    whole = listed.whole
    for part in listed.parts:
        if part.low > whole.high:
            says = f"其中的 {part.printed} 大于它所在的 {whole.printed}"
            yield Comparison(Kind.SUM, False, says, (whole, part), right=f"不小于{part.printed}", word="部分大于总数")
            return
    readings = [r for r in listed.readings if len(r) > 1]
    if not readings:
        return
    sure = not listed.nested and len(readings) == len(listed.readings)  # else one part may be all that 其中 names
    results = [added(whole, reading) for reading in readings]
    good = next((r for r in results if r.agrees), None)
    if good is not None:
        yield good
        return
    over = len(results) == 1 and summed(readings[0]).low > whole.high and not _may_overlap(listed)
    if sure and (listed.exhaustive or over):
        yield min(results, key=lambda r: abs(total(f.value for f in r.figures[1:]) - whole.value))


def _may_overlap(listed: Listed) -> bool:
    return listed.whole.unit in COUNTED and any(OVERLAPPING.search(p.label) for p in listed.parts)


def _totals_behind(passage: Passage) -> Iterator[Comparison]:
    """提前下达4.15亿元，年中下达1.92亿元，合计6.07亿元."""
    for sentence in passage.sentences:
        for at, whole in enumerate(sentence):
            if (
                at < 2
                or not whole.is_fact
                or whole.unit in ("share", "points", "")
                or not TOTAL_BEHIND.match(whole.label)
            ):
                continue
            before = [
                q for q in sentence[max(0, at - MOST_IN_A_LIST) : at] if q.unit == whole.unit and q.depth == whole.depth
            ]
            before = [q for q in before if not q.is_price]
            while before and not before[0].is_fact:
                before.pop(0)
            if len(before) < 2 or not all(p.is_fact for p in before) or len(whole.label) > 12:
                continue
            yield from _behind(whole, before)


def _behind(whole: Quantity, before: list[Quantity]) -> Iterator[Comparison]:
    """The parts are all figures before it, or the last of them."""
    before = before[-MOST_PARTS:]
    results = [added(whole, before[i:]) for i in range(len(before) - 1)]
    good = next((r for r in results if r.agrees), None)
    if good is not None:
        yield good
    elif _are_alike(whole, before):
        yield results[0]


def _are_alike(whole: Quantity, before: Sequence[Quantity]) -> bool:
    """Whether figures can be the parts of one total: named alike, or enumerated behind one name."""
    if any(p.previous for p in before):
        return False
    if before[0].label and all(CONNECTED.fullmatch(p.label) for p in before[1:]):
        return True
    roles = {role_of(p) for p in before}
    counts = whole.unit in COUNTED and "plan" not in roles and "累计" not in whole.label
    return all(p.label for p in before) and (len(roles) == 1 or counts)


def _shares(passage: Passage, listed: Listed) -> Iterator[Comparison]:
    """其中线上1120人次，占70%."""
    for q in passage.quantities:
        if q.unit != "share" or not q.is_fact or q.sentence != listed.whole.sentence or not SHARE_OF.search(q.label):
            continue
        before = [p for p in listed.parts if p.end <= q.start]
        after = [p for p in listed.parts if p.start >= q.start]
        if (
            not before
            or (after and q.start > after[0].start)
            or passage.line.plain.count("，", before[-1].end, q.start) > 1
        ):
            continue
        based = NAMED_BASE.search(q.label)
        if based and not re.match("总|全部|其|比", based["base"]) and based["base"] not in listed.whole.label:
            continue
        computed = quotient(before[-1].interval, listed.whole.interval)
        if computed is not None:
            yield verdict(
                Kind.RATE, "占比", q, computed, (before[-1], listed.whole), f"{before[-1].shown} ÷ {listed.whole.shown}"
            )


def _shares_of_named(passage: Passage) -> Iterator[Comparison]:
    """累计完成投资4500万元，占总投资的90%; 甲…，占本年收入的92%；乙…，占本年收入的8%: one base for both."""
    said: dict[str, tuple[Quantity, Quantity]] = {}
    for at, share in enumerate(passage.quantities):
        based = NAMED_BASE.search(share.label) if share.unit == "share" and share.is_fact else None
        part = passage.quantities[at - 1] if at and based else None
        if (
            based is None
            or part is None
            or part.unit in ("share", "points", "")
            or not part.is_fact
            or part.sentence != share.sentence
        ):
            continue
        if "，" in passage.between(part, share)[1:]:
            continue
        base = re.sub("^(?:其|全部)", "", based["base"])
        wholes = [
            q
            for q in passage.quantities[max(0, at - MOST_PARTS) : at - 1]
            if q.unit == part.unit and q.is_fact and base in q.label and not q.previous
        ]
        computed = quotient(part.interval, wholes[0].interval) if len(wholes) == 1 else None
        if computed is not None and (wholes[0].value >= part.value or not share.label.startswith("占")):
            yield verdict(Kind.RATE, "占比", share, computed, (part, wholes[0]), f"{part.shown} ÷ {wholes[0].shown}")
        elif not wholes and base in said and share.label.startswith("占"):
            yield from _one_base(base, *said[base], part, share)
        said.setdefault(base, (part, share))


def _one_base(
    base: str, first: Quantity, first_share: Quantity, part: Quantity, share: Quantity
) -> Iterator[Comparison]:
    """Two parts with their shares of one whole: the whole that each gives must be one."""
    if first.unit != part.unit or first_share.low <= 0 or share.low <= 0:
        return
    low, high = first.low / first_share.high, first.high / first_share.low
    computed = Interval(part.low / high, part.high / low)
    yield verdict(
        Kind.RATE,
        "占比",
        share,
        computed,
        (part, first, first_share),
        f"{part.shown} ÷ {base}（{first.shown} ÷ {first_share.printed}）",
    )


def _restated(passage: Passage) -> Iterator[Comparison]:
    """1860000元（186万元）; 6.07亿元，即60700万元."""
    for first, second in zip(passage.quantities, passage.quantities[1:], strict=False):
        if first.unit != second.unit or first.unit in ("", "share") or not (first.is_fact and second.is_fact):
            continue
        joined = re.fullmatch(
            r"[(，]?(?:即|折合|合|约合|折算为|也就是|换算为|人民币|折)*(?:人民币)?", passage.between(first, second)
        )
        if not joined or not joined[0] or (joined[0] == "，") or first.factor == second.factor:
            continue
        if joined[0] == "(" and not passage.gap(second).startswith(")"):
            continue
        yield verdict(Kind.PAIR, "单位换算", second, first.interval, (first,), f"{first.printed} 换算")


def _products(passage: Passage) -> Iterator[Comparison]:
    """改良牧草地1200亩，补助标准76.50元/亩，补助资金9.18万元."""
    for sentence in passage.sentences:
        prices = [q for q in sentence if _priced(q)]
        if len(prices) != 1 or not prices[0].is_fact:
            continue
        price = prices[0]
        units = _priced(price)
        amounts = [
            q
            for q in sentence
            if q.unit == "money" and q is not price and not q.is_price and q.is_fact and q.start > price.start
        ]
        counts = [
            [q for q in sentence if (q.unit == u or (u == "*" and q.unit in COUNTED)) and q.is_fact] for u in units
        ]
        if len(amounts) != 1 or any(len(c) != 1 for c in counts):
            continue
        factors = [c[0] for c in counts]
        yield _product(price, factors, amounts[0])


def _product(price: Quantity, factors: list[Quantity], amount: Quantity) -> Comparison:
    """The price is a standard and exact; a count may be rounded."""
    low = high = price.value
    for f, each in zip(factors, _each(price, len(factors)), strict=True):
        low, high = low * f.low / each, high * f.high / each
    arithmetic = " × ".join([price.printed, *(f.printed for f in factors)])
    return verdict(Kind.SUM, "单价乘数量", amount, Interval(low, high), (price, *factors), arithmetic)


PER = {"月": "个月", "日": "天"}


def _priced(price: Quantity) -> list[str]:
    """Of what a price is: 元/亩 → [area]; 每人每月800元 → [人, 个月]; none where it is no price."""
    if price.unit.startswith("money/"):
        names = [n for n in re.split(r"[/·.*]", price.per) if n]
    elif price.unit == "money" and (found := EACH.search(price.label)):
        names = [n for n in (found["one"], found["two"]) if n]
    elif price.unit == "money" and price.label.endswith(("单价", "单价为")):
        return ["*"]
    else:
        return []
    units = [PER.get(n) or FACTORS.get(n, (n,))[0] for n in names if n != "年"]
    return [u for u in units if u]


def _each(price: Quantity, count: int) -> list[Decimal]:
    """How many of the family's own unit one of each is: a price of 公里 is of 1000 米."""
    found = EACH.search(price.label)
    names = re.split(r"[/·.*]", price.per) if price.per else [found["one"], found["two"]] if found else []
    sizes = [FACTORS.get(n or "", ("", Decimal(1)))[1] for n in names if n and n != "年"]
    return [*sizes, *[Decimal(1)] * count][:count]


COUNT_OF = re.compile(
    r"(?P<n>\d{1,3}|[两二三四五六七八九十]{1,3})(?P<u>个|家|项|名|所|处|位|方面|类|种|大|座|条|期|部|乡镇|镇|乡|村|社区)(?P<what>[^，。；：:()、\d]{0,12})"
    r"(?:[(](?:即|分别(?:为|是)|包括|为)?[:：]?(?P<in>[^()。；\d]+)[)]|[，:：]?(?:即|分别(?:为|是)|具体为|具体包括|包括|："
    r"|:)[:：]?(?P<list>[^。；()\d]+?)(?=[。；(]|，(?!.{0,12}、)|$))"
)
LIST_BEFORE = re.compile(
    r"(?:(?<=[，。；：])|^)[^，。；：、]{0,6}?(?:围绕|包括|涵盖|从)(?P<list>[^，。；：:()\d]*?、[^，。；：:()\d]*?)(?P<etc>等)?(?P<n>\d{1,2}"
    r"|[两一二三四五六七八九十]{1,3})(?P<u>个|大|家|项|所|名|处|类|种)"
)


def identity_relations(passage: Passage) -> Iterator[Comparison]:
    """年初预算数850万元，年中追加150万元，全年预算数1000万元: what words.toml says is made of what."""
    for sentence in passage.sentences:
        money = [q for q in sentence if q.unit == "money" and q.is_fact and not q.is_price and not q.previous]
        for identity in words()["identities"] if 2 < len(money) < MOST_PARTS else ():
            wholes = [q for q in money if re.search(rf"(?:{identity['whole']})(?:为|是)?$", q.label)]
            plus = [[q for q in money if re.search(p, q.label) and q not in wholes] for p in identity["plus"]]
            minus = [[q for q in money if re.search(p, q.label)] for p in identity["minus"]]
            if len(wholes) != 1 or any(len(p) != 1 for p in plus) or any(len(m) > 1 for m in minus):
                continue
            added, taken = [p[0] for p in plus], [m[0] for m in minus if m]
            up, down = summed(added), summed(taken)
            arithmetic = " + ".join(q.shown for q in added) + "".join(f" − {q.shown}" for q in taken)
            computed = Interval(up.low - down.high, up.high - down.low)
            yield verdict(Kind.SUM, "合计", wholes[0], computed, [*added, *taken], arithmetic)


def name_relations(passage: Passage) -> Iterator[Comparison]:
    """涉及10个乡镇（甲、乙、…）: the count against the names."""
    text = passage.line.plain
    for pattern in (COUNT_OF, LIST_BEFORE):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            names = (groups.get("list") or groups.get("in") or "").strip("，")
            count = Decimal(match["n"]) if match["n"].isdigit() else chinese_number(match["n"])
            if (
                "、" not in names
                or count is None
                or text[max(0, match.start("n") - 1) : match.start("n")] in tuple("第十百.0123456789约近")
            ):
                continue
            open_list = bool(groups.get("etc")) or bool(re.search("等", names))
            possible = _possible_counts(names)
            ok = (count >= min(possible)) if open_list else int(count) in possible
            at = match.start("n"), match.end("u")
            stated = Figure(
                ("line", passage.line.number, at[0]),
                count,
                match["n"],
                passage.line.where,
                passage.line.quote(*at),
                passage.line.clause(*at),
            )
            key = "list" if groups.get("list") else "in"
            named = Figure(
                ("line", passage.line.number, match.start(key)),
                Decimal(min(possible)),
                "",
                passage.line.where,
                "",
                passage.line.printed(*match.span(key))[:120],
            )
            says = f"写的是 {match['n']}{match['u']}，而列出的有 {min(possible)} 个：{names}"
            yield Comparison(
                Kind.PAIR,
                ok,
                says,
                (stated, named),
                "请核对列出的名称，改正个数。",
                (stated,),
                right=f"{min(possible)}{match['u']}",
                word="个数与名单",
            )


def _possible_counts(names: str) -> set[int]:
    """How many names a list may hold, since a name may hold 和 or 及 itself."""
    parts = [n for n in re.split("[、，]", names) if n]
    least = len(parts)
    return set(range(least, least + sum(len(re.findall("以及|和|及|与", p)) for p in parts) + 1)) if parts else {0}
