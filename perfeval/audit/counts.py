"""Counts of one thing in several places: by its name, by the words behind it, by kinds that make a whole, and the
rows of a table that a text counts."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfeval.audit.indicators import IndicatorRow
from perfeval.audit.scores import OF_A_PROJECT
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import COUNTED, Quantity, words
from perfeval.prose.relations import added, twice

MODIFIERS = re.compile(
    r"^(?:20\d\d年度?|本年度?|全年|年度|部门|预算|全部|所有|其中|涉及|共|各类|我局|我单位|区|县|市|[一-鿿]{2,12}(?:局|委|中心)20\d\d年度?)*"
)
ENDINGS = re.compile(r"(?:总数|总计|共计|共有|共|合计|数量|个数|为|有|总)+$")
ANAPHOR = re.compile("^(?:该类|此类|本类|该)")
SUBJECT = re.compile(r"^(?P<name>[一-鿿()]{2,16}?)(?:绩效分析|情况|概况|分析|方面)。")
OF_SOME = re.compile("[率未超不偏低高大小增减需调]|的$|其中")
KINDS = [{"whole": "项目", "parts": [f"{one.name}项目" for one in PROJECT_CLASSES]}, *words()["counts"]["kinds"]]
WHAT = re.compile(r"[一-鿿“”]{6,30}")
INDICATORS = re.compile("绩效指标(?:共|总数)?$")
SHORT = re.compile("(?:未完成|未得满分|未达标|未达到目标)[一-鿿]*$")
LEAST_NAME = 3


def count_relations(passages: Sequence[Passage], rows: Sequence[IndicatorRow]) -> Iterator[Comparison]:
    """Each pair and sum of counts."""
    named = _named(passages)
    for name, found in named.items():
        for other in found[1:]:
            yield twice(f"{name}的个数", found[0], other, "两处个数", "请核对清单，改正写错的个数。")
    yield from _kinds(named)
    yield from _same_words(passages)
    yield from _rows(passages, rows)


def _named(passages: Sequence[Passage]) -> dict[str, list[Quantity]]:
    """Counts by the bare name of what is counted."""
    named = defaultdict[str, list[Quantity]](list)
    for passage in passages:
        subject = SUBJECT.match(passage.line.plain)
        for q in passage.quantities:
            if q.unit in COUNTED and q.is_fact and not q.previous and not q.depth:
                name = _name(q, subject["name"] if subject else "")
                if name:
                    named[name].append(q)
    return named


def _name(q: Quantity, subject: str) -> str:
    label = q.label
    if (
        label.startswith("的")
        or OF_SOME.search(label.removeprefix("其中"))
        or re.search(r"(?:率|大于|超过|小于)[^。；]*[，]其中", q.before)
    ):
        return ""
    bare = ENDINGS.sub("", label)
    if ANAPHOR.match(bare):
        bare = re.sub("[(][^()]*[)]", "", subject) if subject else ""
    if (
        bare == label
        and not re.search("总数|共", label)
        and not any(bare.endswith(p) for k in KINDS for p in k["parts"])
        and not re.match("全部|所有", bare)
    ):
        return ""
    bare = MODIFIERS.sub("", bare)
    return bare if len(bare) >= LEAST_NAME or bare in {k["whole"] for k in KINDS} else ""


def _kinds(named: dict[str, list[Quantity]]) -> Iterator[Comparison]:
    """常年项目 and 阶段项目 make all projects."""
    for kind in KINDS:
        parts = [named[p][0] for p in kind["parts"] if p in named]
        if len(parts) == len(kind["parts"]) and kind["whole"] in named:
            whole = named[kind["whole"]][0]
            if whole.unit == parts[0].unit:
                yield added(whole, parts, kind["whole"] + "总数")


def _same_words(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """5个项目效益指标未得满分 … 扣分原因：5个项目效益指标未得满分; 未完成2项 … 有2项未完成."""
    seen: dict[tuple[str, str], Quantity] = {}
    for q in (q for p in passages if not OF_A_PROJECT.match(p.line.plain) for q in p.quantities if _counts(q)):
        behind, ahead = WHAT.match(q.after), SHORT.search(q.label)
        what = behind[0] if behind else ahead[0] if ahead else ""
        if not what or (OF_SOME.search(q.label.removesuffix(what).removesuffix("中有")) and behind is None):
            continue
        first = seen.setdefault((what, q.unit), q)
        if first is not q:
            says = f"“{what}”一处写的是 {first.printed}，另一处写的是 {q.printed}"
            yield Comparison(Kind.PAIR, q.value == first.value, says, (q, first), right=first.printed, word="两处个数")


def _counts(q: Quantity) -> bool:
    return q.unit in COUNTED and q.is_fact and not q.previous


def _rows(passages: Sequence[Passage], rows: Sequence[IndicatorRow]) -> Iterator[Comparison]:
    """绩效指标共36项，完成34项，未完成2项 against each other and against the rows."""
    for passage in passages:
        for sentence in passage.sentences:
            for at, whole in enumerate(sentence):
                if whole.unit not in ("项", "个") or not INDICATORS.search(whole.label) or not whole.is_fact:
                    continue
                parts = [q for q in sentence[at + 1 : at + 5] if q.unit == whole.unit]
                if len(parts) > 1 and re.search("完成", parts[0].label):
                    yield added(whole, parts, "绩效指标的项数")
                of = OF_A_PROJECT.match(passage.line.plain)
                own = [r for r in rows if r.form == (of["name"] if of else "")]
                if own:
                    says = f"正文写绩效指标共 {whole.printed}，而附表有 {len(own)} 行"
                    yield Comparison(
                        Kind.PAIR,
                        whole.value == Decimal(len(own)),
                        says,
                        (whole,),
                        "请核对附表的行数和正文的项数。",
                        right=f"{len(own)}{whole.unit_shown}",
                        word="项数与附表",
                    )
