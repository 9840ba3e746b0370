"""What comes in, goes out and is left; targets against what was reached; words that claim what figures deny."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from perfeval.model.numbers import ZERO, Interval, total
from perfeval.prose.comparison import QUESTION, Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import Quantity
from perfeval.prose.relations import agrees, role_of, show, summed, verdict
from perfeval.prose.text import Figure, Line

OPENING = re.compile(r"(?:年初|期初|上年(?:度)?末?|以前年度)[^，。；]{0,8}(?:结转|结余|余额)|上年结转")
CLOSING = re.compile(r"(?:结转|结余|余额|剩余|节余)")
INCOME = re.compile(r"(?:本年|全年|年度|总)?收入(?:合计|总额)?|到位资金|资金到位|^(?:实际)?到位|下达资金")
SPENT = re.compile(r"支出|支付|使用|执行")
OTHER_FLOW = re.compile("收回|上缴|缴回|注销|结余分配|核减|调剂|调入|调出|动用|使用非财政|弥补|追加|冲销|财政统筹|退回")
ENDING = re.compile(r"年末|期末|本年末|年终|账面|^(?:结余|结转|剩余|余额|结转结余|结转和结余|尚余|资金结余|结余资金)")
RATE_WORD = re.compile("率")
PART = re.compile("其中|基本|项目(?:支出|收入)|财政拨款(?:支出|收入)")
ALL_PAID = re.compile(
    r"(?:资金|款项|经费|预算|补助)?(?:已)?(?:全部|均已?|全额)(?:已)?(?:支付|拨付|使用|执行|支出|兑付|发放)(?:完毕|完成|到位)?|无(?:任何)?(?:结转和?)?(?:结余"
    r"|结转)(?!率)|没有(?:结转和?)?(?:结余|结转)|结余(?:为零|为0(?!\.))|零结余"
)
ALL_DONE = re.compile(
    r"(?:均|都|全部|全面|圆满|如期|按期|已经?)(?:已经?|按(?:时|期|计划))?(?:圆满|顺利|全面|超额|高质量)?(?:完成|实现|达标|达成|达到)|"
    r"(?:完成|实现|达到)了?(?:全部|所有|各项)[^，。；]{0,10}(?:目标|任务|指标)|全部完成|未出现偏离|无偏差|没有偏差"
)
ABOUT_TARGETS = re.compile("目标|任务|指标|计划|工作|项目|预期|各项")
EXCEPT = re.compile(
    "除|其余|未(?:均|全部|能|完全)|大部分|基本(?:完成|实现)|多数|不是|并非|尚未|力争|确保|争取|将|应|要求|预计|能够"
)
TARGET = re.compile(r"(?:目标值?|指标值|计划(?:数|值)?|任务(?:数|量)?|应|拟|预期|预计|年初设定|指标)")
ACTUAL = re.compile(r"实际|完成|已|建成|达到|实有|新建成|竣工")
LEFT_OF_ALL = re.compile(
    r"^(?:[，]|年末|期末|资金|项目|账面|专项|年终|尚有|仍有|还有|尚|共|全年|本年|财政|未|其|有|截至.*?[日底])*(?:结转和?结余|结余|结转|余额|剩余|未支付|未使用)(?:资金"
    r"|金额)?(?:为|共|有)?$"
)
EXPLAINED = re.compile("原因|偏差|未完成|未达|没有完成|没有达到")
DONE_ALREADY = re.compile("实际|已|^完成|建成|实有|竣工")
AT_MOST = re.compile("不超过|不高于|不大于|控制在|≤|<|以内|以下|低于|上限")
NO_EXCESS = re.compile(r"(?:无|没有|未|不存在)(?:出现|发生)?(?:超编|超员|超过编制)|未超编")
POSTS = re.compile(r"编制(?:总数|总额|人数|数|总计|共计|共有|共|合计|为)*$|^核定[^，。；]{0,8}编制")
STAFF = re.compile(r"(?:实有|在编|在职|在岗)[^，。；]{0,8}$")
NO_OVERRUN = re.compile(
    r"(?:未|没有|无|均未)(?:超出|超过|突破|超)(?:年初)?(?:预算|概算|批复|控制数|限额)|控制在(?:年初)?(?:预算|概算|控制数|限额)(?:以|之)?内|预算控制(?:以|之)?内"
)


def balance_relations(passage: Passage) -> Iterator[Comparison]:
    """年初结转 + 收入 − 支出 = 年末结余, and what was spent against what had come in, in one paragraph."""
    parts = {id(p) for listed in passage.listings for p in listed.parts}
    money = [
        q
        for q in passage.quantities
        if q.unit == "money"
        and q.is_fact
        and not q.is_price
        and (id(q) not in parts or OPENING.search(q.label))
        and not RATE_WORD.search(q.label)
    ]
    if not 2 <= len(money) <= 12:
        return
    opening = [q for q in money if OPENING.search(q.label)]
    rest = [q for q in money if q not in opening]
    income = [
        q
        for q in rest
        if INCOME.search(q.label)
        and not SPENT.search(q.label)
        and not CLOSING.search(q.label)
        and not re.search("预算|计划", q.label)
    ]
    spent = [
        q
        for q in rest
        if SPENT.search(q.label) and not re.search("预算|计划|未支|应", q.label) and not CLOSING.search(q.label)
    ]
    closing = [q for q in rest if CLOSING.search(q.label) and ENDING.search(q.label) and not OTHER_FLOW.search(q.label)]
    flows = [q for q in rest if OTHER_FLOW.search(q.label)]
    if len(income) != 1 or len(spent) != 1 or len(closing) > 1 or len(opening) > 1:
        return
    if len({q.year for q in (*income, *spent, *closing)}) > 1 or any(q.previous for q in (*income, *spent, *closing)):
        return
    yield from _balance(passage, opening, income[0], spent[0], closing, flows)


def _balance(
    passage: Passage,
    opening: list[Quantity],
    income: Quantity,
    spent: Quantity,
    closing: list[Quantity],
    flows: list[Quantity],
) -> Iterator[Comparison]:
    have = [*opening, income]
    unexplained = bool(flows) or (not opening and OTHER_FLOW.search(passage.line.plain) is not None)
    if closing:
        computed = summed(have)
        rest = Interval(computed.low - spent.high, computed.high - spent.low)
        arithmetic = " + ".join(q.printed for q in have) + f" − {spent.printed}"
        ok = agrees(closing[0], rest) or _with_flows(closing[0], rest, flows)
        if ok:
            yield Comparison(Kind.SUM, True, "", (closing[0], *have, spent), word="收支结余")
        elif rest.high < ZERO:
            yield _overspent(spent, have, closing, bool(opening), "到位" in income.label)
        elif not unexplained:
            value = show((rest.low + rest.high) / 2, closing[0])
            says = f"结余写的是 {closing[0].printed}，而 {arithmetic} = {value}"
            yield Comparison(Kind.SUM, False, says, (closing[0], *have, spent), right=value, word="收支结余")
    elif not unexplained and "到位" in income.label:
        if spent.low > summed(have).high:
            yield _overspent(spent, have, closing, bool(opening), True)
        else:
            yield Comparison(Kind.PAIR, True, "", (spent, *have), word="到位与支出")


def left_relations(passage: Passage) -> Iterator[Comparison]:
    """合同金额1280万元，已支付896万元，剩余384万元: one plan, one payment and what is left of it, in one segment."""
    for segment in passage.segments:
        money = [q for q in segment if q.unit == "money" and q.is_fact and not q.is_price and not q.previous]
        plan, done, left = ([q for q in money if role_of(q) == role] for role in ("plan", "done", "left"))
        if not len(plan) == len(done) == len(left) == 1 or len(money) != 3 or OTHER_FLOW.search(passage.line.plain):
            continue
        rest = Interval(plan[0].low - done[0].high, plan[0].high - done[0].low)
        if plan[0].start < done[0].start < left[0].start and rest.low > ZERO:
            yield verdict(
                Kind.SUM, "收支结余", left[0], rest, (plan[0], done[0]), f"{plan[0].printed} − {done[0].printed}"
            )


def _with_flows(closing: Quantity, rest: Interval, flows: Sequence[Quantity]) -> bool:
    """Whether money that was taken back or came besides explains the balance."""
    moved = summed(flows)
    less = Interval(rest.low - moved.high, rest.high - moved.low)
    more = Interval(rest.low + moved.low, rest.high + moved.high)
    return bool(flows) and (agrees(closing, less) or agrees(closing, more))


def _overspent(
    spent: Quantity, have: list[Quantity], closing: list[Quantity], opened: bool, arrived: bool
) -> Comparison:
    limit = summed(have)
    value = show((limit.low + limit.high) / 2, spent)
    if arrived or opened:
        says = f"支出 {spent.printed} 大于 {' + '.join(q.printed for q in have)} = {value}"
        return Comparison(Kind.PAIR, False, says, (spent, *have, *closing), right=f"不大于{value}", word="到位与支出")
    gap = show(spent.value - total(q.value for q in have), spent)
    says = f"支出 {spent.printed} 大于收入 {value}，而没有写年初结转"
    advice = "请写明年初结转或其他资金来源。"
    return Comparison(
        Kind.PAIR,
        False,
        says,
        (spent, *have, *closing),
        advice,
        level=QUESTION,
        right=f"写明年初结转{gap}",
        word="支出大于收入",
    )


def claim_relations(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """Words that claim against the figures of the report."""
    yield from _all_paid(passages)
    yield from _targets(passages)
    yield from _posts(passages)
    yield from _overrun(passages)


def said(line: Line, match: re.Match[str]) -> Figure:
    """The words of a claim as something that can be quoted."""
    at = match.span()
    return Figure(("line", line.number, at[0]), ZERO, line.printed(*at), line.where, line.quote(*at), line.clause(*at))


def _claims(passages: Iterable[Passage], pattern: re.Pattern[str]) -> Iterator[tuple[Passage, re.Match[str]]]:
    for passage in passages:
        for match in pattern.finditer(passage.line.plain):
            yield passage, match


def _clause_of(passage: Passage, match: re.Match[str]) -> str:
    text = passage.line.plain
    first = max(text.rfind(m, max(0, match.start() - 60), match.start()) for m in "，。；") + 1
    ends = [e for e in (text.find(m, match.end(), match.end() + 30) for m in "，。；") if e >= 0]
    return text[first : min(ends, default=match.end() + 20)]


def _all_paid(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """全部支付完毕 with money left, in one paragraph or the next."""
    for number, passage in enumerate(passages):
        for match in ALL_PAID.finditer(passage.line.plain):
            clause = _clause_of(passage, match)
            if EXCEPT.search(clause) or re.search("上年|项目“|率", clause):
                continue
            near = [q for p in passages[max(0, number - 1) : number + 2] for q in p.quantities]
            left = [
                q for q in near
                if q.unit == "money" and q.is_fact and not q.previous and q.low > ZERO and role_of(q) == "left"
                and LEFT_OF_ALL.search(q.label)
            ]  # fmt: skip
            if left and not OTHER_FLOW.search(passage.line.plain):
                says = f"写的是“{match[0]}”，而{left[0].label} {left[0].printed}"
                yield Comparison(
                    Kind.PAIR,
                    False,
                    says,
                    (left[0], said(passage.line, match)),
                    right="0，或改正说法",
                    word="说法与数字",
                )


def _targets(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """目标值240人次，实际完成213人次 where all targets are said to be met."""
    claims = [
        said(p.line, m)
        for p, m in _claims(passages, ALL_DONE)
        if ABOUT_TARGETS.search(_clause_of(p, m))
        and not EXCEPT.search(_clause_of(p, m))
        and re.search("均|都|全部|全面|圆满|各项|所有|未出现|无偏", _clause_of(p, m))
    ]
    for passage in passages:
        if EXPLAINED.search(passage.line.plain):
            continue
        for sentence in passage.sentences:
            for target, actual in pairwise(sentence):
                if not _is_target(target, actual):
                    continue
                ceiling = bool(AT_MOST.search(target.label))
                met = actual.low <= target.high if ceiling else actual.high >= target.low
                if met or claims:
                    says = (
                        f"目标 {target.printed}，实际 {actual.printed}，没有达到，而写了“{claims[0].shown}”"
                        if claims
                        else ""
                    )
                    yield Comparison(
                        Kind.PAIR, met, says, (actual, target, *claims[:1]), right=target.printed, word="目标未达"
                    )


def _is_target(target: Quantity, actual: Quantity) -> bool:
    if (
        target.unit != actual.unit
        or target.unit in ("money", "points", "")
        or actual.hedged
        or target.rule
        or actual.rule
    ):
        return False
    if target.previous or actual.previous or target.segment != actual.segment:
        return False
    return bool(
        TARGET.search(target.label)
        and not DONE_ALREADY.search(target.label)
        and ACTUAL.search(actual.label)
        and not TARGET.search(actual.label)
    )


def _posts(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """More staff than posts where there is said to be no excess."""
    claims = [said(p.line, m) for p, m in _claims(passages, NO_EXCESS)]
    if not claims:
        return
    people = [
        q
        for p in passages
        for q in p.quantities
        if q.unit in ("人", "名", "个") and q.is_fact and q.depth == 0 and not q.previous
    ]
    posts = [q for q in people if POSTS.search(q.label) and not re.search("行政|事业|工勤|其中", q.label)]
    staff = [q for q in people if STAFF.search(q.label) and not POSTS.search(q.label)]
    if len(posts) == 1 and len(staff) == 1:
        says = f"编制 {posts[0].printed}，实有 {staff[0].printed}，而写了“{claims[0].shown}”"
        ok = staff[0].value <= posts[0].value
        yield Comparison(
            Kind.PAIR, ok, says, (staff[0], posts[0], claims[0]), right=f"不大于{posts[0].printed}", word="编制与实有"
        )


def _overrun(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """未超预算 with more spent than planned, in one sentence or the one before."""
    for passage, match in _claims(passages, NO_OVERRUN):
        if EXCEPT.search(_clause_of(passage, match).replace("未超", "").replace("未突破", "")):
            continue
        near = [
            q
            for q in passage.quantities
            if q.end <= match.start() and q.unit == "money" and q.is_fact and not q.previous
        ][-2:]
        if len(near) == 2 and role_of(near[0]) == "plan" and role_of(near[1]) == "done":
            says = f"预算 {near[0].printed}，支出 {near[1].printed}，而写了“{match[0]}”"
            ok = near[1].low <= near[0].high
            yield Comparison(
                Kind.PAIR,
                ok,
                says,
                (near[1], near[0], said(passage.line, match)),
                right=f"不大于{near[0].printed}",
                word="说法与数字",
            )
