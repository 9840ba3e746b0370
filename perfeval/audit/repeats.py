"""The same thing said twice: scores, totals, a document's amount, a date, the unit's name, the year, the grade."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfeval.audit.balances import said
from perfeval.model.numbers import ZERO, total
from perfeval.prose.comparison import Comparison, Kind
from perfeval.prose.passage import Passage
from perfeval.prose.quantities import Quantity, plain_grade
from perfeval.prose.relations import twice
from perfeval.prose.text import Figure, Line

FULL_AND_GOT = re.compile(
    r"(?:满分|分值|标准分|总分|权重)?(?:为|共)?(?<![扣得少低高\d.])(?P<full>\d{1,3}(?:\.\d{1,2})?)分[，、/；)]{0,2}(?:本项|实际|自评|评价"
    r"|实)?(?:得分?|评分)(?:为|是|:|：)?(?P<got>\d{1,3}(?:\.\d{1,2})?)分"
)
TOTAL = re.compile(
    r"(?P<who>[^，。；：()]{0,24}?)(?:综合得分|综合评分|自评总分|自评得分|总得分|合计得分|最终得分|评价总分|总分|总评分|评价得分)(?:为|是|共|:"
    r"|：)?(?P<n>\d{1,3}(?:\.\d{1,2})?)分(?!，?得)"
)
OTHER_JUDGE = re.compile(
    "第三方|财政|抽评|复核|复评|初评|专家|上年|去年|20\\d\\d年(?!度?部门|度?项目)|项目(?!支出绩效)|满分|分组|该项|本项|小计|一级|二级"
)
FILE = re.compile(r"(?P<file>[一-鿿]{1,10}[〔\[(](?:19|20)\d{2}[〕\])]\d+号)")
ISSUED = re.compile(r"^文?(?:件)?(?:规定|批复)?(?:共|已)?(?:下达|安排|拨付|批复|核定)[^，。；\d]{0,16}$")
RANGE = re.compile(r"(?<!\d)(?P<a>(?:19|20)\d{2})年?[-—–~～至到]+(?P<b>(?:19|20)\d{2})年")
MONTHS = re.compile(r"(?P<y>20\d{2})年(?P<m>\d{1,2})月(?:\d{1,2}日)?[-—–~至到](?P<y2>20\d{2})年(?P<m2>\d{1,2})月")
BUILT = re.compile(
    r"(?P<y>20\d{2})年(?P<m>\d{1,2})月(?:\d{1,2}日)?[^，。；\d]{0,6}(?:开工|启动|动工"
    r"|开始)[^。；\d]{0,8}，[^。；\d]{0,6}(?:(?P<y2>20\d{2})年)?(?P<m2>\d{1,2})月(?:\d{1,2}日)?[^，。；\d]{0,6}(?:完工|竣工|结束|建成)"
)
MONTH = re.compile(r"(?P<y>20\d{2})年(?P<m>\d{1,2})月")
TITLE_YEAR = re.compile(r"(?P<year>20\d{2})年度?(?:[^，。；\d]{0,30})(?:自评报告|评价报告|自评表|绩效报告|自评)")
TITLE_WHO = re.compile(r"^(?P<who>[一-鿿()]{3,30}?)(?:关于|20\d{2}年)")
THIS_YEAR = re.compile(
    r"(?:(?:评价|自评|绩效评价)(?:年度|期间?|时段|时间|基准年|范围)|(?:本次|此次|本报告)[^，。；\d]{0,16})(?:为|是|：|:|对|就)*(?P<year>20\d{2})年"
)
THIS_UNIT = re.compile(
    r"(?:本单位|本部门|我单位|我局|单位名称|部门名称|本局|我部门)(?:全称)?(?:[(]|为|是|：|:|即|\t)+(?P<who>[一-鿿]{3,30}?(?:局|委员会|委|厅|院|馆|所|站|中心"
    r"|办公室|办|政府|队|校|会|社|处|公司|大学|学院))(?=[)，。；]|$|是)"
)
GRADE = re.compile(
    r"(?:评价等级|自评等级|绩效等级|评价结果|自评结果|绩效水平)(?:被评)?(?:为|是|达到)?“?(?P<grade>优秀|良好|中等|较差|优|良|中|差)”?(?=[，。；、(]|$)"
)
OTHER_GRADE = re.compile(
    r"“[^”]+”.*得|项目|上年|去年|往年|上一年|以上|以下|分为|20\d\d年(?!度?(?:部门|整体|项目|绩效))|标准"
)


def repeat_relations(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """Each pair of a report that states one thing."""
    yield from _within_full_marks(passages)
    yield from _scores(passages)
    yield from _files(passages)
    yield from _ranges(passages)
    yield from _months(passages)
    yield from _years(passages)
    yield from _unit_names(passages)
    yield from _dates(passages)
    yield from _totals(passages)
    yield from _grades(passages)


def _number(line: Line, match: re.Match[str], group: str) -> Figure:
    at = match.span(group)
    return Figure(
        ("line", line.number, at[0]), Decimal(match[group]), match[group], line.where, line.quote(*at), line.clause(*at)
    )


def _within_full_marks(passages: Sequence[Passage]) -> Iterator[Comparison]:
    for passage in passages:
        for match in FULL_AND_GOT.finditer(passage.line.plain):
            if _is_rule(passage, match.start("full")):
                continue
            full, got = _number(passage.line, match, "full"), _number(passage.line, match, "got")
            says = f"得分 {got.shown} 分，超过满分 {full.shown} 分"
            yield Comparison(
                Kind.PAIR,
                got.value <= full.value,
                says,
                (got, full),
                right=f"不大于{full.shown}分",
                word="得分超过满分",
            )


def _scores(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """Items whose full marks make 100 against the total score."""
    beside = {(p.line.number, m.start("got")) for p in passages for m in FULL_AND_GOT.finditer(p.line.plain)}
    totals = [
        _number(p.line, m, "n")
        for p in passages
        for m in TOTAL.finditer(p.line.plain)
        if not OTHER_JUDGE.search(m["who"])
        and (p.line.number, m.start("n")) not in beside
        and not _is_rule(p, m.start("n"))
    ]
    items = [
        (_number(p.line, m, "full"), _number(p.line, m, "got"))
        for p in passages
        for m in FULL_AND_GOT.finditer(p.line.plain)
        if not _is_rule(p, m.start("full"))
    ]
    if totals and len(items) > 1 and total(f.value for f, _ in items) == 100 and len({t.value for t in totals}) == 1:
        added = total(g.value for _, g in items)
        says = f"总分写的是 {totals[0].shown} 分，而各项相加为 {added} 分（{' + '.join(g.shown for _, g in items)}）"
        yield Comparison(
            Kind.SUM,
            added == totals[0].value,
            says,
            (totals[0], *(g for _, g in items)),
            right=f"{added}分",
            word="总分",
        )


def _is_rule(passage: Passage, at: int) -> bool:
    found = passage.by_start.get(at)
    return found is not None and not found.is_fact


def _files(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """One document, two amounts."""
    amounts: dict[str, list[Quantity]] = defaultdict(list)
    for passage in passages:
        for match in FILE.finditer(passage.line.plain):
            q = next((q for q in passage.quantities if q.start >= match.end()), None)
            if (
                q is not None
                and q.unit == "money"
                and q.is_fact
                and ISSUED.match(passage.line.plain[match.end() : q.start])
            ):
                amounts[match["file"]].append(q)
    for file, found in amounts.items():
        for other in found[1:]:
            yield twice(f"{file}下达的资金", found[0], other, "同一文号")


def _ranges(passages: Sequence[Passage]) -> Iterator[Comparison]:
    for passage in passages:
        for match in RANGE.finditer(passage.line.plain):
            first, second = _number(passage.line, match, "a"), _number(passage.line, match, "b")
            says = f"年份写的是 {match[0]}，先后颠倒"
            right = f"{second.shown}—{first.shown}年"
            yield Comparison(
                Kind.PAIR, first.value <= second.value, says, (first, second), right=right, word="年份先后"
            )


def _months(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """2024年5月开工，2024年3月完工; 2024年3月至2024年1月."""
    for passage in passages:
        for match in (*MONTHS.finditer(passage.line.plain), *BUILT.finditer(passage.line.plain)):
            first, second = (int(match["y"]), int(match["m"])), (int(match["y2"] or match["y"]), int(match["m2"]))
            start = said(passage.line, match)
            says = f"“{match[0]}”的先后颠倒"
            yield Comparison(Kind.PAIR, first <= second, says, (start,), right="先开始后结束", word="年份先后")


def _years(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """The year of the title, of the header and of the sentence that names it."""
    named = [
        (p.line, m)
        for p in passages
        if len(p.line.plain) < 60 and not re.search("[。；]", p.line.plain)
        for m in [TITLE_YEAR.search(p.line.plain)]
        if m
    ]
    named += [(p.line, m) for p in passages for m in THIS_YEAR.finditer(p.line.plain)]
    years = [_number(line, m, "year") for line, m in named]
    if len(years) < 2:
        return
    counted = Counter(y.value for y in years)
    main = max(years, key=lambda y: counted[y.value])
    for year in years:
        if year is not main:
            says = f"评价年度一处写的是 {year.shown} 年，另一处写的是 {main.shown} 年"
            yield Comparison(
                Kind.PAIR, year.value == main.value, says, (year, main), right=f"{main.shown}年", word="评价年度"
            )


def _unit_names(passages: Sequence[Passage]) -> Iterator[Comparison]:
    title = next(
        (
            (p.line, m)
            for p in passages[:6]
            if len(p.line.plain) < 60 and (m := TITLE_WHO.match(p.line.plain)) and "报告" in p.line.plain
        ),
        None,
    )
    if title is None:
        return
    line, match = title
    who = match["who"]
    first = Figure(
        ("line", line.number, match.start("who")),
        ZERO,
        who,
        line.where,
        line.quote(*match.span("who")),
        line.printed(*match.span("who")),
    )
    for passage in passages:
        for found in THIS_UNIT.finditer(passage.line.plain):
            other = said(passage.line, found)
            name = found["who"]
            ok = name in who or who in name or name[-3:] == who[-3:]
            says = f"单位名称一处写的是“{who}”，另一处写的是“{name}”"
            yield Comparison(Kind.PAIR, ok, says, (other, first), right=who, word="单位名称")


def _dates(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """上述2023年3月下达的专项资金84.60万元: the amount's own date elsewhere."""
    dated: list[tuple[re.Match[str], Quantity, Line]] = []
    for passage in passages:
        for q in passage.quantities:
            if q.unit != "money" or not q.is_fact:
                continue
            text = passage.line.plain
            clause = max(text.rfind(m, 0, q.start) for m in "，。；") + 1
            end = min([e for e in (text.find(m, q.end) for m in "，。；") if e >= 0], default=len(text))
            months = list(MONTH.finditer(text, clause, end))
            if len(months) == 1 and re.search("下达|拨付|到账|批复", text[clause:end]):
                dated.append((months[0], q, passage.line))
    for at, (month, q, line) in enumerate(dated):
        for earlier, other, there in dated[max(0, at - 8) : at]:
            if (
                q.value == other.value
                and q.shown == other.shown
                and _core(q) == _core(other)
                and re.match(".{0,6}(?:上述|该笔|前述|此)", line.plain[max(0, month.start() - 6) :])
            ):
                first, second = said(line, month), said(there, earlier)
                says = f"{q.printed}一处写的是 {month[0]}，另一处写的是 {earlier[0]}"
                yield Comparison(
                    Kind.PAIR, month[0] == earlier[0], says, (first, second), right=earlier[0], word="两处日期"
                )


def _grades(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """评价等级为“优” and 绩效水平良好, of one judge and one year."""
    found = []
    for passage in passages:
        for match in GRADE.finditer(passage.line.plain):
            sentence = re.split("[。；]", passage.line.plain[: match.start()])[-1]
            if not OTHER_GRADE.search(sentence) and not OTHER_JUDGE.search(re.split("，", sentence)[-1]):
                found.append((said(passage.line, match), plain_grade(match["grade"])))
    for other, grade in found[1:]:
        first, first_grade = found[0]
        says = f"绩效等级一处写的是“{first.shown}”，另一处写的是“{other.shown}”"
        yield Comparison(Kind.PAIR, grade == first_grade, says, (other, first), right=first.shown, word="等级")


def _core(q: Quantity) -> str:
    return re.sub(r"^.*?(?:下达|拨付|到账|批复)的?", "", q.label)[-4:]


def _totals(passages: Sequence[Passage]) -> Iterator[Comparison]:
    """A total of the year in two places, in the same words."""
    known: dict[tuple[str, str, int | None], Quantity] = {}
    for passage in passages:
        parts = {id(p) for listed in passage.listings for p in listed.parts}
        for q in passage.quantities:
            if (
                q.unit not in ("money", "名", "人")
                or not q.is_fact
                or id(q) in parts
                or q.previous
                or q.depth
                or q.is_price
            ):
                continue
            name = re.sub(r"(?:为|共计?|是|合计|达到?)+$", "", re.sub(r"^.*?(?:20\d\d年度?)", "", q.label))
            if (
                not re.search("总额$|总投资$|编制总数$|年初预算(?:收入|支出)|决算总?(?:收入|支出)$", name)
                or len(name) < 4
            ):
                continue
            key = (name, q.unit, q.year)
            if key in known and known[key].sentence != q.sentence:
                yield twice(f"“{name}”", known[key], q, "两处总额")
            known.setdefault(key, q)
