"""Scores re-added: every stated score against its parts, level by level, and the grand total against the deepest
scores."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

from perfeval.audit.read import Report
from perfeval.audit.scores import DECLARED, GRAND_TOTAL, NOT_SCORED, Node, caps_of, score_tree
from perfeval.model.numbers import HUNDRED, show_number, sum_agrees, total
from perfeval.prose.comparison import Comparison, Kind, adds_up, same
from perfeval.prose.text import NUMBER, Figure, figure

RESCALED = "折算"
YEAR = re.compile(r"(?<!\d)(20\d\d)年")
OTHER_JUDGE = re.compile("第三方|财政|抽评|复核|复评|初评|专家")
Caps = Collection[tuple[Decimal, Decimal]]  # what a score was before a cap, and what it counts as
LOST_ITEM = re.compile(rf"(?P<name>[^、：，。；]+?)扣(?P<lost>{NUMBER})分")
LOST_LIST = re.compile(r"扣分的为：(?P<list>[^。；]*)")


def score_checks(report: Report) -> Iterator[Comparison]:
    """Every sum and pair of scores."""
    roots = score_tree(report)
    nodes = [node for root in roots for node in root.walk()]
    caps = {cap for line in report.lines for cap in caps_of(line)}
    for node in nodes:
        yield from _node(node, caps)
    yield from _totals(report, roots, caps)
    yield from _lost(report, nodes)


def _node(node: Node, caps: Caps) -> Iterator[Comparison]:
    if node.score is not None:
        for again in node.restated:
            yield same(f"{node.name}的得分，", node.score, again, "分")
        if node.max_points is not None:
            says = f"{node.name}的得分 {node.score.shown} 分，超过分值 {node.max_points.shown} 分"
            yield Comparison(Kind.PAIR, node.score.value <= node.max_points.value, says, (node.score, node.max_points))
        if node.max_points is not None and node.lost is not None:
            yield _rest(node.name, node.max_points, node.score, node.lost)
    if not node.parts or len(node.parts) != len(node.children):
        return
    scores = [part.score for part in node.parts if part.score is not None]
    if (
        node.score is not None
        and all(part.complete for part in node.parts)
        and len(scores) + _left_out(node) == len(node.parts)
        and (total(score.value for score in scores), node.score.value) not in caps
    ):
        yield _at(node, adds_up(f"{node.name}的得分", node.score, scores, "分"))
    maxima = [part.max_points for part in node.parts if part.max_points is not None]
    if node.max_points is not None and len(maxima) == len(node.parts):
        yield _at(node, adds_up(f"{node.name}的分值", node.max_points, maxima, "分"))
    lost = [part.lost for part in node.parts if part.lost is not None]
    if node.max_points is not None and lost and len(scores) == len(node.parts):
        parts = total(f.value for f in (*scores, *lost))
        agrees = sum_agrees(node.max_points.value, [f.value for f in (*scores, *lost)]) or parts < node.max_points.value
        says = f"{node.name}的分值是 {node.max_points.shown} 分，而各项得分和扣分相加为 {show_number(parts)} 分"
        yield Comparison(Kind.SUM, agrees, says, (node.max_points, *scores, *lost), "请核对各项的得分和扣分。")
    yield from _parts_within(node, maxima)


def _left_out(node: Node) -> int:
    return sum(1 for part in node.parts if part.not_scored and part.score is None)


def _at(node: Node, comparison: Comparison) -> Comparison:
    """Points and maximum points of one place that both disagree are reported together."""
    place = Figure(("node", node.line.number), Decimal(0), "", node.line.where, "")
    return replace(comparison, shares=(*comparison.figures, place))


def _parts_within(node: Node, maxima: list[Figure]) -> Iterator[Comparison]:
    """No part can have more points than the whole."""
    if node.max_points is None or maxima:
        return
    for part in node.parts:
        if part.score is not None:
            says = f"{part.name}的得分 {part.score.shown} 分，超过它所在的{node.name}的分值 {node.max_points.shown} 分"
            yield Comparison(Kind.PAIR, part.score.value <= node.max_points.value, says, (part.score, node.max_points))


def _rest(name: str, maximum: Figure, score: Figure, lost: Figure) -> Comparison:
    says = f"{name}分值 {maximum.shown} 分、得分 {score.shown} 分，而扣分写的是 {lost.shown} 分"
    return Comparison(Kind.SUM, sum_agrees(maximum.value, [score.value, lost.value]), says, (maximum, score, lost))


def _totals(report: Report, roots: list[Node], caps: Caps) -> Iterator[Comparison]:
    """The grand total against what the highest and the deepest scores add to. Where the total follows one of the two,
    the other disagrees at a level below, and is reported there."""
    found = [
        (line, m)
        for line in report.lines
        for m in GRAND_TOTAL.finditer(line.plain)
        if not _of_a_project(line.plain[: m.start()])
    ]
    computed = [(line, m) for line, m in found if not m["own"]]
    if not found or (not computed and any(NOT_SCORED.search(line.plain) for line, _ in found)):
        return
    line, match = (computed or found)[-1]
    stated = figure(line, match, "score")
    for other_line, other in found:
        score = figure(other_line, other, "score")
        if other["difference"]:
            yield apart(score, stated, figure(other_line, other, "difference"))
        elif score.key != stated.key and _one_total(other, match):
            yield same("综合得分，", stated, score, "分")
    trees = [root for root in roots if root.parts]
    leaves = [leaf for tree in trees for leaf in tree.leaves()]
    tops = [top for tree in trees for top in tree.tops()]
    maxima = [top.max_points for top in tops if top.max_points is not None]
    maximum = figure(line, match, "max") if match["max"] else None
    if maximum is not None:
        says = f"综合得分 {stated.shown} 分，超过满分 {maximum.shown} 分"
        yield Comparison(Kind.PAIR, stated.value <= maximum.value, says, (stated, maximum))
    if len(leaves) < 2 or len(maxima) < len(tops) or not all(leaf.complete for leaf in leaves):
        return
    if any(RESCALED in near.plain for near, _ in found):
        return
    if maximum is not None:
        yield adds_up("满分", maximum, maxima, "分")
    elif total(m.value for m in maxima) != HUNDRED:
        return  # not every part of the total is printed with its points
    scores = [leaf.score for leaf in leaves if leaf.score is not None]
    if (total(top.score.value for top in tops if top.score is not None), stated.value) in caps:
        return
    by_leaves = adds_up("综合得分", stated, scores, "分")
    by_tops = adds_up("综合得分", stated, [top.score for top in tops if top.score is not None], "分")
    words = " + ".join(f"{leaf.name.strip('“”')} {leaf.score.shown}" for leaf in leaves if leaf.score)
    says = (
        f"综合得分写的是 {stated.shown} 分，而各项末级得分相加为 {show_number(total(s.value for s in scores))}"
        f" 分（{words}）"
    )
    advice = "请从最末一级起逐级重新相加，改正各级得分和综合得分。"
    # A leaf that states two scores is reported as such; the total may follow either.
    again = adds_up(
        "综合得分", stated, [(leaf.restated or [leaf.score])[-1] for leaf in leaves if leaf.score is not None], "分"
    )
    agrees = by_leaves.agrees or by_tops.agrees or again.agrees
    parts = [top.score for top in tops if top.score is not None]
    yield Comparison(Kind.SUM, agrees, says, (stated, *parts), advice, (stated,), right=by_leaves.right, word="总分")


def _one_total(first: re.Match[str], second: re.Match[str]) -> bool:
    (words, year), (other_words, other_year) = _term(first), _term(second)
    return words == other_words and (year == other_year or "" in (year, other_year))


def _term(total: re.Match[str]) -> tuple[str, str]:
    """By which words a total is called, and of which year: 综合得分 and 自评总分 may be two."""
    words = total[0][: total.start("score") - total.start()].rstrip("为是：").removeprefix("单位自评")
    sentence = re.split("[。；]", total.string[: total.start()])[-1]
    return words, (YEAR.findall(sentence) or [""])[-1]


def _of_a_project(before: str) -> bool:
    """Whether a total's own sentence speaks of a project, another year or another reviewer, each with a total of its
    own."""
    sentence = re.split("[。；]", before)[-1]
    return bool(
        re.search("项目|“|上年|去年|第三方|抽评|复[核评]|初评|专家|评审|评价机构", sentence)
        or OTHER_JUDGE.search(re.split("[，：]", sentence)[-1])
    )


def _lost(report: Report, nodes: list[Node]) -> Iterator[Comparison]:
    """Lost points named in the conclusion against the items; and the department's own score against the computed
    one."""
    by_name = {node.name.strip("“”"): node.lost for node in nodes if node.lost is not None}
    for line in report.lines:
        for stated in LOST_LIST.finditer(line.plain):
            for match in LOST_ITEM.finditer(line.plain, *stated.span("list")):
                there = by_name.get(match["name"].removeprefix("扣分的为："))
                if there is not None:
                    yield same(f"“{match['name']}”的扣分，", figure(line, match, "lost"), there, "分")
    for node in nodes:
        own = DECLARED.search(node.line.plain)
        if own and node.score is not None:
            yield apart(figure(node.line, own, "declared"), node.score, figure(node.line, own, "difference"))
            if own["computed"]:
                yield same(f"{node.name}的得分，", node.score, figure(node.line, own, "computed"), "分")


def apart(declared: Figure, computed: Figure, difference: Figure) -> Comparison:
    """The department's own score, the computed one, and how far they are said to be apart."""
    size = abs(declared.value - computed.value)
    says = (
        f"单位自评 {declared.shown} 分、计算得分 {computed.shown} 分，相差 {show_number(size)} 分，"
        f"而写的是 {difference.shown} 分"
    )
    agrees = abs(size - difference.value) <= Decimal("0.01")
    return Comparison(Kind.SUM, agrees, says, (declared, computed, difference))
