"""Named rates against the figures they name, and rates that cannot be so high."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from perfeval.model.numbers import HUNDRED
from perfeval.prose.comparison import QUESTION, Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import COUNTED, Quantity, words
from perfeval.prose.relations import agrees, quotient, role_of, show, verdict

SPECS = [v for v in words()["rates"].values() if isinstance(v, dict)]
NAMED = [
    (re.compile(rf"(?P<whose>[^，。；：]*?){spec['name']}(?:为|达到?|是|也?达|则为|均为|[:：])?(?:了)?$"), spec)
    for spec in SPECS
]
WHOLE = re.compile(f"(?:{words()['rates']['whole']}|[0-9]+|年)*")
NEVER_ABOVE = re.compile(rf"(?:{words()['rates']['never_above']})(?:为|达到?|是|均为)?$")
ANY_RATE = re.compile(r"(?P<root>[一-鿿]{2})(?:率|度|比例)(?:为|达到?|是)?$")
PERIOD = re.compile("季度|上半年|下半年|月底|月末|月份|前三|中期")
CHANGED = re.compile("增|降|减|升|高|低|涨|压|占|浮动|幅")
SCORED = re.compile("得分率(?:为|达到?|是)?$")
NO_NOUN = re.compile(
    r"计划|实际|完成|目标|任务|指标值?|已|累计|预算|全年|年度|本年|20\d\d|年|共|总|数|为|值|资金|支出|执行|支付|投入|安排|下达|到位|当年|其中|拨付|使用|截至.*?[日底]"
)
RATE_BEFORE = re.compile(r"(?P<name>完成率|执行率|到位率)[：:]$")
PROGRESS = re.compile("总体进度(?:为)?$")
LIMIT = re.compile("结余率(?:大于|超过|高于)$")
OF_NAMED = re.compile("的(?:比例|比重)?(?:为)?")
OF_WHOLE = re.compile("^(?:占|完成|达到?|为|实现)")
AIM = re.compile("计划|目标|任务|应")
GROUP = re.compile("完成(?:年度)?(?:计划|任务)的?$|完成率(?:为)?$")
FULL = re.compile(r"满分|分值|权重|标准分|总分")
GOT = re.compile(r"得分?|实得|评分")
MOST_BASES = 2  # more, and it is uncertain which is meant
NEAR_MISS = 12  # quantities looked back at for a base


def rate_relations(passage: Passage) -> Iterator[Comparison]:
    """Each rate of a paragraph against its bases."""
    parents = passage.parents
    yield from _groups(passage)
    yield from _left_over(passage)
    for at, rate in enumerate(passage.quantities):
        if rate.unit != "share" or not rate.is_fact:
            continue
        if NEVER_ABOVE.search(rate.label) and rate.low > HUNDRED:
            says = f"{rate.label}写的是 {rate.printed}，这样的比率不会超过 100%"
            yield Comparison(Kind.RATE, False, says, (rate,), right="不大于100%", word="比率上限")
            continue
        yield from _rate(passage, at, rate, parents)


def _rate(passage: Passage, at: int, rate: Quantity, parents: dict[int, Quantity]) -> Iterator[Comparison]:
    if SCORED.search(rate.label):
        yield from _score_rate(passage, at, rate)
        return
    colon = RATE_BEFORE.search(rate.before.removesuffix(rate.label))
    label = rate.label + colon["name"] if colon else rate.label
    for pattern, spec in NAMED:
        found = pattern.match(label)
        if found:
            results = list(_named(passage, at, rate, spec, found["whose"], parents))
            yield from results or _lexical(passage, at, rate)
            return
    if OF_NAMED.fullmatch(rate.label) and at > 1:
        yield from _of_before(passage, at, rate)
        return
    yield from _lexical(passage, at, rate)


def _of_before(passage: Passage, at: int, rate: Quantity) -> Iterator[Comparison]:
    """新增就业5200人，完成目标任务5000人的104%."""
    whole = passage.quantities[at - 1]
    before = [
        q
        for q in passage.quantities[max(0, at - NEAR_MISS) : at - 1]
        if q.unit == whole.unit and q.segment == rate.segment and q.is_fact and not q.previous and not q.is_price
    ]
    if before and whole.is_fact and whole.end + len(rate.label) == rate.start and OF_WHOLE.search(whole.label):
        yield from _judged(rate, [(before[-1], whole)], True)


def _named(
    passage: Passage, at: int, rate: Quantity, spec: Mapping[str, Any], whose: str, parents: dict[int, Quantity]
) -> Iterator[Comparison]:
    if PERIOD.search(whose):
        return
    qualifier = _qualifier(whose)
    windows = list(_windows(passage, at, rate))
    good = _any_reading(rate, windows[-1][0] + windows[0][0], spec, parents)
    if good is not None:
        yield good
        return
    for window, sure in windows:
        near = [q for q in window if q.is_fact and q.unit not in ("share", "points", "分", "") and not q.is_price]
        near = [
            q
            for q in near
            if q.previous == rate.previous and (q.year == rate.year or q.year is None or rate.year is None)
        ]
        if qualifier:
            near = [
                q
                for q in near
                if qualifier in q.label
                or (qualifier in q.before and q.segment == rate.segment)
                or (_noun(q) and _noun(q) in qualifier)
            ]
        else:
            near = [q for q in near if id(q) not in parents or id(parents[id(q)]) not in {id(n) for n in near}]
        pairs = _pairs(near, spec, parents)
        if pairs:
            yield from _judged(rate, pairs, sure)
            return


def _noun(q: Quantity) -> str:
    """What a plan or a result is of: 计划完成投资 → 投资."""
    return NO_NOUN.sub("", q.label)


def _one_thing(a: Quantity, b: Quantity) -> bool:
    """Whether a result can be that of a plan: their nouns, where both have one, share a word."""
    first, second = _noun(a), _noun(b)
    return not first or not second or bool(set(first) & set(second))


def _any_reading(
    rate: Quantity, near: Sequence[Quantity], spec: Mapping[str, Any], parents: dict[int, Quantity]
) -> Comparison | None:
    """A rate that some pair of figures near it gives is no contradiction, whichever pair is meant."""
    facts = [q for q in near if q.unit not in ("share", "points", "分", "") and not q.is_price]
    over = [q for q in facts if role_of(q) in spec["over"] or role_of(q, parents.get(id(q))) in spec["over"]]
    for part in over[-NEAR_MISS:]:
        for whole in facts[-NEAR_MISS:]:
            computed = (
                quotient(part.interval, whole.interval) if whole.unit == part.unit and whole is not part else None
            )
            if computed is not None and agrees(rate, computed):
                return verdict(Kind.RATE, "比率", rate, computed, (part, whole), f"{part.printed} ÷ {whole.printed}")
    return None


def _qualifier(whose: str) -> str:
    """What part of the whole a rate is of: “基本支出” of 基本支出预算; "" for the whole."""
    bare = re.sub(r"^(?:其中|和|及|并|，)+", "", whose)
    bare = re.sub(
        r"(?:预算|资金|经费|实际|年度|任务|目标)+$", "", re.sub(r"^(?:20\d\d年度?|全年|年度|本年|该)+", "", bare)
    )
    named = re.search(words()["rates"]["part"], bare)
    return named[0] if named else "" if WHOLE.fullmatch(bare) else bare


def _windows(passage: Passage, at: int, rate: Quantity) -> Iterator[tuple[list[Quantity], bool]]:
    """Where the bases may stand: its segment, its sentence, the paragraph before it."""
    before = passage.quantities[max(0, at - 2 * NEAR_MISS) : at]
    after = passage.quantities[at + 1 : at + 1 + NEAR_MISS]
    bracket = [q for q in after if q.segment == rate.segment and q.depth > rate.depth]
    yield [q for q in before if q.segment == rate.segment] + bracket, True
    yield [q for q in before if q.sentence == rate.sentence], True
    yield [q for q in (*before, *after) if q.segment == rate.segment], True
    yield [q for q in before if q.sentence == rate.sentence - 1 or q.sentence == rate.sentence], True
    yield list(before), False


def _pairs(
    near: Sequence[Quantity], spec: Mapping[str, Any], parents: dict[int, Quantity]
) -> list[tuple[Quantity, Quantity]]:
    over = [q for q in near if role_of(q, parents.get(id(q))) in spec["over"]]
    for role in spec["under"]:
        under = [q for q in near if _is_under(q, parents.get(id(q)), role)]
        pairs = [
            (a, b)
            for a in over[-4:]
            for b in under[-4:]
            if a.unit == b.unit and a is not b and (not spec.get("same") or _one_thing(a, b))
        ]
        if pairs:
            return pairs
    return []


def _is_under(q: Quantity, parent: Quantity | None, role: str) -> bool:
    own = role_of(q, parent)
    return own == "plan" and AIM.search(q.label) is not None if role == "aim" else own == role


def _judged(rate: Quantity, pairs: list[tuple[Quantity, Quantity]], sure: bool) -> Iterator[Comparison]:
    results = []
    for part, whole in pairs:
        computed = quotient(part.interval, whole.interval)
        if computed is None:
            if part.value == 0 == whole.value:
                says = f"{part.printed} ÷ {whole.printed} 无法计算，而写了 {rate.printed}"
                yield Comparison(
                    Kind.RATE,
                    False,
                    says,
                    (rate, part, whole),
                    "分母为 0，不计算比率；请写明。",
                    level=QUESTION,
                    right="不计算",
                    word="零除以零",
                )
            return
        results.append(verdict(Kind.RATE, "比率", rate, computed, (part, whole), f"{part.printed} ÷ {whole.printed}"))
    good = next((r for r in results if r.agrees), None)
    if good is not None:
        yield good
    elif sure or len(results) == 1:
        yield results[-1]


def _groups(passage: Passage) -> Iterator[Comparison]:
    """计划62.16亿元，已完成40.23亿元。其中，甲组完成计划27.44%；…: a whole lies between its best and its worst part."""
    for sentence in passage.sentences:
        rates = [q for q in sentence if q.unit == "share" and q.is_fact and GROUP.search(q.label)]
        if len(rates) < 2 or not re.search("其中", rates[0].before):
            continue
        before = [
            q
            for q in passage.quantities
            if q.end <= rates[0].start and q.unit == "money" and q.sentence >= rates[0].sentence - 1
        ]
        plan, done = [q for q in before if role_of(q) == "plan"], [q for q in before if role_of(q) == "done"]
        plan = [q for q in plan if "计划" in q.label]
        computed = quotient(done[0].interval, plan[0].interval) if len(plan) == len(done) == 1 else None
        if computed is None:
            continue
        best, worst = max(rates, key=lambda q: q.value), min(rates, key=lambda q: q.value)
        ok = computed.low <= best.high and computed.high >= worst.low
        overall = show((computed.low + computed.high) / 2, best)
        side = f"最高的只有 {best.printed}" if computed.low > best.high else f"最低的也有 {worst.printed}"
        says = f"总体完成率为 {overall}（{done[0].shown} ÷ {plan[0].shown}），而各组完成计划{side}"
        advice = "总体的完成率应在各组最高与最低之间：请核对计划数、完成数和各组完成率，或补上没有列出的组。"
        figures = (best if computed.low > best.high else worst, done[0], plan[0], *rates)
        yield Comparison(
            Kind.RATE,
            ok,
            says,
            figures,
            advice,
            right=f"不{'小' if computed.low > best.high else '大'}于{overall}",
            word="各组完成率",
        )


def _left_over(passage: Passage) -> Iterator[Comparison]:
    """总体进度85%，其中结余率大于10%的项目0个: where more than the limit of the whole is left, some part has it left."""
    for sentence in passage.sentences:
        progress = next((q for q in sentence if q.unit == "share" and PROGRESS.search(q.label)), None)
        limit = next((q for q in sentence if q.unit == "share" and LIMIT.search(q.label)), None)
        count = next((q for q in sentence if limit is not None and q.unit == "个" and q.start > limit.end), None)
        if progress is None or limit is None or count is None:
            continue
        ok = count.value > 0 or HUNDRED - progress.high <= limit.value
        says = f"总体进度是 {progress.printed}，而写着结余率大于 {limit.printed} 的项目为 {count.printed}"
        yield Comparison(Kind.RATE, ok, says, (count, progress), right="不小于1个", word="进度与结余")


def _score_rate(passage: Passage, at: int, rate: Quantity) -> Iterator[Comparison]:
    near = [
        q
        for q in passage.quantities[max(0, at - NEAR_MISS) : at]
        if q.sentence == rate.sentence and q.unit == "分" and q.is_fact
    ]
    full = [q for q in near if FULL.search(q.label)]
    got = [q for q in near if GOT.search(q.label) and not FULL.search(q.label)]
    if full and got:
        yield from _judged(rate, [(got[-1], full[-1])], True)


def _lexical(passage: Passage, at: int, rate: Quantity) -> Iterator[Comparison]:
    """合格率 = 合格 ÷ the other figure of the same unit in the sentence: the root of the rate's name is in a figure's
    words."""
    found = ANY_RATE.search(rate.label)
    if not found or CHANGED.search(found["root"]) or PERIOD.search(rate.label):
        return
    near = [
        q
        for q in passage.quantities[max(0, at - NEAR_MISS) : at]
        if q.sentence == rate.sentence and q.is_fact and not q.previous
    ]
    over = [
        q
        for q in near
        if re.search(f"(?<![不未无非]){found['root']}", q.label + q.after[:4])
        and q.unit not in ("share", "points", "分", "", "money")
    ]
    if len(over) != 1:
        return
    under = [q for q in near if q.unit == over[0].unit and q is not over[0]]
    under = [q for q in under if q.unit in COUNTED and q.value >= over[0].value]
    if 0 < len(under) <= MOST_BASES:
        yield from _judged(rate, [(over[0], q) for q in under], True)
