"""Counts of the same thing in two places: projects by kind, their total, those with money left, lists that name their
length."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfeval.audit.comparison import Comparison, Kind, adds_up, same
from perfeval.audit.read import Report
from perfeval.audit.text import CLASS, INCLUDED, Figure, Line, figure
from perfeval.model.numbers import total
from perfeval.model.project_types import PROJECT_CLASSES

KIND_SECTION = re.compile(
    rf"(?P<kind>{CLASS}){INCLUDED}项目绩效分析。(?:该类项目(?:总数|共|共计)(?P<n>\d+)个|[^。]*不涉及(?P<none>{CLASS}))"
)
KIND_ABOVE = re.compile(r"预算?结余率大于(?P<limit>[\d.]+)%的项目(?:共计|共|有)?(?P<n>\d+)个")
KIND_COUNT = re.compile(
    rf"(?P<kind>{CLASS}){INCLUDED}项目{INCLUDED}(?:总数|总计|共计|共|合计)?(?P<n>\d+)个(?=[，。；、(]|$)"
)
ALL_PROJECTS = re.compile(
    r"(?:年度预算项目|全部项目|所有项目|(?<!该类)项目总数)(?:总数|总计|共计|共|合计|为)?(?P<n>\d+)个"
)
OF_ALL = re.compile(r"(?<![\d.])(?P<n>\d+)个项目中")
ABOVE_IN_LEAF = re.compile(r"(?<![\d.])(?P<n>\d+)个项目预算?结余率大于(?P<limit>[\d.]+)%")
REASON_COUNT = re.compile(r"扣分原因：(?P<n>\d+)个(?P<what>[^，。；0-9]{4,})")
POSTS = re.compile(r"编制(?:总数|总计|共计|共有|共|合计)?(?P<n>\d+)(?:名|人|个)，其中：?(?P<list>[^。；]*)")
POST_KIND = re.compile(r"(?:行政|机关工勤|工勤|事业)(?:人员)?编制(?P<n>\d+)(?:名|人|个)")
OF_SOME = re.compile(
    "[率未超不偏低高大小增减需调]|的$"
)  # “结余率大于10%的项目5个，其中阶段项目2个” counts some of a kind
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
ASPECTS = re.compile(r"围绕(?P<list>[^，。；]+?)等?(?P<n>[两一二三四五六七八九十]+)(?:大|个)(?:维度|方面)")


def count_checks(report: Report) -> Iterator[Comparison]:
    """Every pair and sum of counts."""
    kinds: dict[str, Figure] = {}
    for line in report.lines:
        for match in KIND_SECTION.finditer(line.plain):
            if match["n"]:
                kinds.setdefault(match["kind"], figure(line, match, "n"))
    yield from _kinds(report, kinds)
    yield from _all_projects(report, kinds)
    yield from _above_limit(report, kinds)
    yield from _inside_a_line(report)


def _kinds(report: Report, kinds: dict[str, Figure]) -> Iterator[Comparison]:
    """The number of a kind where it is analysed, and wherever else it is named."""
    for line in report.lines:
        for match in KIND_COUNT.finditer(line.plain):
            there = kinds.get(match["kind"])
            if there is not None and not OF_SOME.search(re.split("[。；]", line.plain[: match.start()])[-1]):
                yield same(
                    f"{match['kind']}项目的个数，",
                    there,
                    figure(line, match, "n"),
                    "个",
                    "请核对项目清单，改正写错的个数。",
                )


def _all_projects(report: Report, kinds: dict[str, Figure]) -> Iterator[Comparison]:
    """The number of all projects, where it is named, against the kinds."""
    absent = any(m["none"] for line in report.lines for m in KIND_SECTION.finditer(line.plain))
    stated = [figure(line, m, "n") for line in report.lines for m in ALL_PROJECTS.finditer(line.plain)]
    if stated and kinds and (len(kinds) == len(PROJECT_CLASSES) or absent):
        yield adds_up("项目总数", stated[0], kinds.values(), "个", "请核对项目清单，改正总数或各类的个数。")
    others = stated[1:] + [figure(line, m, "n") for line in report.lines for m in OF_ALL.finditer(line.plain)]
    for other in others if stated else ():
        if other in stated[1:]:
            yield same("项目总数，", stated[0], other, "个", "请核对项目清单，改正写错的个数。")
        else:
            says = f"项目总数写的是 {stated[0].shown} 个，而另一处从 {other.shown} 个项目中计数"
            yield Comparison(Kind.PAIR, other.value <= stated[0].value, says, (stated[0], other))


def _above_limit(report: Report, kinds: dict[str, Figure]) -> Iterator[Comparison]:
    """How many projects have more left than the limit: where a kind is analysed, and where the item is scored."""
    by_kind: dict[str, tuple[str, Figure]] = {}
    for line in report.lines:
        section, above = KIND_SECTION.search(line.plain), KIND_ABOVE.search(line.plain)
        if section and section["n"] and above:
            found = figure(line, above, "n")
            by_kind[section["kind"]] = (above["limit"], found)
            says = (
                f"{section['kind']}项目共 {section['n']} 个，其中结余率大于 {above['limit']}% 的却有 {found.shown} 个"
            )
            whole = figure(line, section, "n")
            yield Comparison(Kind.PAIR, found.value <= whole.value, says, (whole, found))
    for line in report.lines:
        for match in ABOVE_IN_LEAF.finditer(line.plain):
            parts = {kind: found for kind, (limit, found) in by_kind.items() if limit == match["limit"]}
            if parts:
                yield _above_in_leaf(figure(line, match, "n"), parts, _scope(line.plain, kinds))


def _scope(text: str, kinds: dict[str, Figure]) -> frozenset[str]:
    """The kinds of projects an item counts over, known by the number it begins with; empty where that is none of
    them."""
    first = re.search(r"(\d+)个", text)
    if first and Decimal(first[1]) == total(f.value for f in kinds.values()):
        return frozenset(kinds)
    return frozenset(
        kind for kind, found in kinds.items() if first and Decimal(first[1]) == found.value and f"{kind}项目" in text
    )


def _above_in_leaf(stated: Figure, parts: dict[str, Figure], scope: frozenset[str]) -> Comparison:
    meant = [found for kind, found in parts.items() if kind in scope]
    possible = (
        {total(f.value for f in meant)} if meant and len(meant) == len(scope) else {f.value for f in parts.values()}
    )
    possible |= set() if meant else {total(f.value for f in parts.values())}
    words = "、".join(f"{kind}项目 {found.shown} 个" for kind, found in parts.items())
    says = f"结余率超过界限的项目，评分处写的是 {stated.shown} 个，而分类统计是{words}"
    return Comparison(Kind.PAIR, stated.value in possible, says, (stated, *parts.values()))


def _inside_a_line(report: Report) -> Iterator[Comparison]:
    for line in report.lines:
        reason = REASON_COUNT.search(line.plain)
        if reason:
            for other in re.finditer(rf"(?<![\d.])(?P<n>\d+)个{re.escape(reason['what'])}", line.plain):
                if other.start("n") != reason.start("n"):
                    yield same(f"“{reason['what']}”的个数，", figure(line, other, "n"), figure(line, reason, "n"), "个")
        for match in POSTS.finditer(line.plain):
            parts = [figure(line, m, "n") for m in POST_KIND.finditer(line.plain, *match.span("list"))]
            if len(parts) > 1 and len(parts) == len(re.findall(r"\d+", match["list"])):
                yield adds_up("编制总数", figure(line, match, "n"), parts, "名")
        for match in ASPECTS.finditer(line.plain):
            yield from _aspects(line, match)


def _aspects(line: Line, match: re.Match[str]) -> Iterator[Comparison]:
    """围绕甲、乙、丙三个方面: as many names as the numeral says."""
    names = len(match["list"].split("、"))
    stated = Figure(
        ("line", line.number, match.start("n")),
        Decimal(_number(match["n"])),
        match["n"],
        line.where,
        line.quote(*match.span()),
    )
    says = f"写的是{match['n']}个方面，而列出的有 {names} 个：{match['list']}"
    possible = {names, len(re.split("、|以及|和|及|与", match["list"]))}
    if names > 1:
        yield Comparison(Kind.PAIR, int(stated.value) in possible, says, (stated,), "请核对列出的名称，改正个数。")


def _number(numeral: str) -> int:
    """六 → 6, 十六 → 16, 二十 → 20."""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
