"""A paragraph with its quantities: by sentence, by segment, and the wholes whose parts it lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from perfeval.prose.quantities import OVERLAPPING, PEOPLE, Quantity, words
from perfeval.prose.text import Line

VOCABULARY = words()["parts"]
MOST_NAMED = 2  # scores that are named beside a total are all of them, unless they are one or two
MOST_IN_A_LIST = 40  # a longer enumeration is no sentence
INTRODUCED = re.compile(
    r"^(?P<after>[^，。；：()\d]{0,6}(?:[(](?:[^()\d]{1,10}|满分[\d.]+分)[)])?)(?:(?P<how>(?:[，；。]|(?=[(]))[(]?(?:其中|包括"
    r"|包含|分别(?:为|是|用于)|分[两二三四五六](?:批|次|年|期|笔)[^，。；：\d]{0,8}|具体(?:为|是|包括)?|构成为?|即|分为)[:：，]?)"
    r"|(?P<colon>[:：])|(?P<bracket>[(](?:其中|包括|含)?[:：]?))"
)
CHANGE = re.compile(f"(?:{words()['changes']['less']}|{words()['changes']['more']})(?:了|额|幅度?|率)?(?:为)?$")
NEXT_SENTENCE = re.compile("[^，。；]{0,4}。其中")
GOT = re.compile("^(?:实际|自评)?得分?")
SAID_OF = re.compile("^(?:为|占|完成|较|比|同比|的|是)")
RATED = re.compile("，[^，。；]{2,10}率(?:为|是)?")
BY_SOURCE = re.compile(r"；按[^，。；]{1,8}分[，：:]?[^，。；]*$")
SIDE_OR_TOTAL = re.compile("(?<!基本)(?<!项目)(?:收入|支出)(?:总额|合计|总计)?(?:为|共计?)?$|总额(?:为)?$")
AGAIN = re.compile("其中|包含|包括|含")
BREAK = re.compile(
    r"^(?:比|较|同比|与上年|占|全年|实际|已|累计|截至|至|共)|(?<!上年)(?<!年初)结[余转]|执行率|(?<!项目)(?<!基本)支出|支付|执行|完成|到位|增长|下降|减少|增加|压减|得分率"
    r"|满分|扣|应|计划"
)
ALL_NAMED = re.compile(f"(?:{VOCABULARY['kinds']}|{VOCABULARY['sources']})")
OPEN_LIST = re.compile(f"(?:{VOCABULARY['open_list']})")

TOTAL_BEHIND = re.compile(
    r"^(?:[^，。；]{0,8}?)(?:合计|共计|总计|总共|累计|总得分|合计得分|综合得分|总分|总额|共)(?:[^，。；\d]{0,10})$"
)


@dataclass(frozen=True)
class Passage:
    """A paragraph or a cell with its quantities."""

    line: Line
    quantities: tuple[Quantity, ...]

    @cached_property
    def sentences(self) -> tuple[tuple[Quantity, ...], ...]:
        """The quantities sentence by sentence."""
        return tuple(tuple(group) for _, group in groupby(self.quantities, key=lambda q: q.sentence))

    @cached_property
    def segments(self) -> tuple[tuple[Quantity, ...], ...]:
        """The quantities between semicolons."""
        return tuple(tuple(group) for _, group in groupby(self.quantities, key=lambda q: q.segment))

    def between(self, first: Quantity, second: Quantity) -> str:
        """The words between two quantities."""
        return self.line.plain[first.end : second.start]

    def gap(self, quantity: Quantity, length: int = 40) -> str:
        """The words just behind a quantity."""
        return self.line.plain[quantity.end : quantity.end + length]

    @cached_property
    def by_start(self) -> dict[int, Quantity]:
        """The quantities by where they begin."""
        return {q.start: q for q in self.quantities}

    @cached_property
    def listings(self) -> tuple["Listed", ...]:
        """The wholes whose parts are named behind them."""
        return tuple(_listings(self))

    @cached_property
    def parents(self) -> dict[int, Quantity]:
        """The whole of each part, by the part's id."""
        return {id(part): listed.whole for listed in self.listings for part in listed.parts}


@dataclass(frozen=True)
class Listed:
    """A whole with the figures behind it that may be its parts."""

    whole: Quantity
    parts: tuple[Quantity, ...]
    readings: tuple[tuple[Quantity, ...], ...]  # which of them are, in each way of reading the words
    exhaustive: bool
    nested: bool = False  # the whole is a part itself: what is behind it may be of the outer whole


def _listings(passage: Passage) -> Iterator[Listed]:
    inside: set[int] = set()
    for at, whole in enumerate(passage.quantities):
        if not whole.is_fact or whole.unit in ("share", "points", "") or whole.is_price:
            continue
        further = NEXT_SENTENCE.match(passage.gap(whole)) is not None
        following = [
            q
            for q in passage.quantities[at + 1 : at + 1 + MOST_IN_A_LIST]
            if q.sentence == whole.sentence or (further and q.sentence == whole.sentence + 1)
        ]
        by_source = _by_source(passage, whole, following)
        if by_source is not None:
            yield by_source
        listed = _listed(passage, whole, following)
        if listed is not None:
            yield replace(listed, nested=id(whole) in inside and whole.depth == listed.parts[0].depth)
            inside |= {id(p) for p in listed.parts}


def _listed(passage: Passage, whole: Quantity, following: Sequence[Quantity]) -> Listed | None:
    if not following:
        return None
    if CHANGE.search(whole.label):
        return None
    skipped = _beside(passage, whole, following)
    found = INTRODUCED.match(passage.gap(following[skipped - 1] if skipped else whole))
    following = following[skipped:]
    if not following:
        return None
    if found is None or re.search("[比较]", found["after"] or ""):
        return None
    gathered = _parts(passage, whole, following, bool(found["bracket"] or "(" in (found["how"] or "")))
    if not gathered:
        return None
    words_of = passage.line.plain[whole.end : gathered[-1].end + 12]
    introduced = words_of[: gathered[0].start - whole.end]
    if found["bracket"] and not re.search("其中|包括", introduced) and len(gathered) == 1:
        return None  # (含 …) or a restated amount
    if found["colon"] and len(gathered) == 1:
        return None
    open_list = bool(OPEN_LIST.search(introduced)) or any(p.after.startswith("等") for p in gathered)
    named = all(ALL_NAMED.search(p.label) for p in gathered) or (whole.unit == "分" and len(gathered) > MOST_NAMED)
    closed = bool(
        found["colon"]
        or found["bracket"]
        or "：" in introduced
        or ":" in introduced
        or re.search("分别|，分[两二三四五六]", introduced)
    )
    money_like = whole.unit not in PEOPLE or not any(OVERLAPPING.search(p.label) for p in gathered)
    return Listed(
        whole, tuple(gathered), tuple(_readings(passage, gathered)), (named or closed) and not open_list and money_like
    )


def _beside(passage: Passage, whole: Quantity, following: Sequence[Quantity]) -> int:
    """How many figures behind a whole only say more of it: its rate, its change."""
    count, last = 0, whole
    for q in following[:3]:
        between = passage.between(last, q)
        said_of = RATED.fullmatch(between) if q.unit == "share" else None
        if said_of is None and ("其中" in between or not (CHANGE.search(q.label) or SAID_OF.match(q.label))):
            break
        count, last = count + 1, q
    return count


def _by_source(passage: Passage, whole: Quantity, following: Sequence[Quantity]) -> Listed | None:
    """…；按来源分，财政拨款388.63万元，上年结转42.03万元: the whole divided once more."""
    for at, q in enumerate(following if "；按" in passage.line.plain else ()):
        if q.unit == whole.unit and BY_SOURCE.search(passage.line.plain[max(0, q.start - 30) : q.start]):
            parts = [
                p for p in following[at:] if p.segment == q.segment and p.unit == whole.unit and p.depth == whole.depth
            ]
            if SIDE_OR_TOTAL.search(whole.label) and not any(SIDE_OR_TOTAL.search(f.label) for f in following[:at]):
                return Listed(whole, tuple(parts), (tuple(parts),), len(parts) > 1)
            return None
    return None


def _parts(passage: Passage, whole: Quantity, following: Sequence[Quantity], bracket: bool) -> list[Quantity]:
    depth = whole.depth + (1 if bracket else 0)
    gathered: list[Quantity] = []
    first = ""
    for q in following:
        if bracket and q.depth < depth:
            break
        if q.depth != depth or q.unit != whole.unit or q.is_price:
            continue
        if not first:
            first = q.label
        elif _breaks(passage, whole, gathered[-1], q, first):
            break
        if q.hedged or q.previous:
            break
        gathered.append(q)
    got = [q for q in gathered if GOT.match(q.label)] if whole.unit == "分" else []
    return got if len(got) > 1 else gathered


def _breaks(passage: Passage, whole: Quantity, last: Quantity, here: Quantity, first: str) -> bool:
    """Whether the enumeration has ended: a word of another stage, another year, or the words 合计."""
    if TOTAL_BEHIND.match(here.label):
        return True
    if "；" in passage.between(last, here) and here.label[-2:] == whole.label[-2:] != first[-2:]:
        return True  # the next of the whole's own kind
    verb = BREAK.search(here.label)
    if verb and verb[0] not in first and not (verb[0][0] == "结" and re.search("结[余转]", first)):
        return True
    return "；" in passage.between(last, here) and bool(re.match("按|比|较|上年|本年|调整|全年|决算", here.label))


def _readings(passage: Passage, parts: list[Quantity]) -> Iterator[tuple[Quantity, ...]]:
    """All of them; without what an inner 其中 names, be that the next figure, those to the semicolon or all behind."""
    inner = [i for i, p in enumerate(parts) if i and AGAIN.search(passage.between(parts[i - 1], p))]
    yield tuple(parts)
    for i in inner:
        yield tuple(parts[:i] + parts[i + 1 :])
        yield tuple(parts[:i])
        stop = next((j for j in range(i, len(parts)) if parts[j].segment != parts[i].segment), len(parts))
        yield tuple(parts[:i] + parts[stop:])
    if len(inner) > 1:
        yield tuple(p for i, p in enumerate(parts) if i not in inner)
    if inner:  # what an inner 其中 names ends with its segment
        named = {i for first in inner for i in range(first, len(parts)) if parts[i].segment == parts[first].segment}
        yield tuple(p for i, p in enumerate(parts) if i not in named)
    first = tuple(p for p in parts if p.segment == parts[0].segment)
    if 1 < len(first) < len(parts):
        yield first
