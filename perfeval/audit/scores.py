"""The scores of a report as the tree its numbering makes: 一、 （一） 1. （1）."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.audit.read import Report
from perfeval.prose.text import NUMBER, Figure, Line, figure

MAX_AND_SCORE = re.compile(rf"(?P<max>{NUMBER})分[，、](?:自评|实际)?得分?[为：]?(?P<score>{NUMBER})分")
SCORE = re.compile(rf"(?<![未应可])得分?[为：]?(?P<score>{NUMBER})分(?!钟)")
CLAUSE = re.compile("[，。；]")
ITEM_LEVEL = 3
LOST = re.compile(rf"扣分?[为：]?(?P<lost>{NUMBER})分")
DECLARED = re.compile(
    rf"单位自评(?P<declared>{NUMBER})分，(?:与计算得分|按填报数据计算得(?P<computed>{NUMBER})分，)?"
    rf"相差(?P<difference>{NUMBER})分"
)
GRAND_TOTAL = re.compile(
    rf"(?<!”)(?P<own>单位自评)?(?:综合得分|综合评分|自评总分|总得分|最终得分|评价得分)[为是：]?(?P<score>{NUMBER})分(?:\(满分(?P<max>{NUMBER})分\))?"
    rf"(?:，比计算得分[高低](?P<difference>{NUMBER})分)?"
)
CAPPED = (  # an item, the total: what it was and what it may not exceed
    re.compile(rf"按规定不超过(?P<most>{NUMBER})分(?:\([^()]*\))?，原为(?P<was>{NUMBER})分"),
    re.compile(rf"综合得分原为(?P<was>{NUMBER})分，[^。；]*?按规定不超过(?P<most>{NUMBER})分"),
)
NOT_SCORED = re.compile("未评分|不参与评分")
INDICATOR_SENTENCE = re.compile("指标值.*实际完成|^“.+”(?:目标值|应于)[^。]*，实际(?:完成|于)")
OF_A_PROJECT = re.compile(
    "^“(?P<name>.+?)”(?:(?:绩效自评|按填报数据计算)得|有未评分的内容)"
)  # a name may hold quotation marks itself


@dataclass
class Node:
    """A numbered place of the report with what it states: points to be had, points given, points lost."""

    level: int
    line: Line
    max_points: Figure | None = None
    score: Figure | None = None
    lost: Figure | None = None
    restated: list[Figure] = field(default_factory=list)
    ambiguous: bool = False
    not_scored: bool = False
    children: list["Node"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The title, without number and without what follows it."""
        title = re.split(r"[。(（；，：]", re.sub(r"^(?:\([^)]*\)|[^、.]{1,3}[、.])", "", self.line.plain))[0]
        return f"“{title[:20]}”"

    @property
    def scored(self) -> bool:
        """Whether it or one below states a score."""
        return self.score is not None or self.not_scored or any(child.scored for child in self.children)

    @property
    def parts(self) -> list["Node"]:
        """The nodes below that state scores."""
        return [child for child in self.children if child.scored]

    def leaves(self) -> Iterator["Node"]:
        """The deepest nodes that state scores; a node is not left for its parts where some part states none."""
        if self.parts and (
            self.score is None or (len(self.parts) == len(self.children) and all(p.complete for p in self.parts))
        ):
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self

    @property
    def complete(self) -> bool:
        """Whether its score is known: stated by itself or by all that is below."""
        if self.score is not None or self.not_scored:
            return not self.ambiguous
        return bool(self.parts) and all(part.complete for part in self.parts)

    def tops(self) -> Iterator["Node"]:
        """The highest nodes that state a score themselves."""
        if self.score is not None:
            yield self
        else:
            for part in self.parts:
                yield from part.tops()

    def walk(self) -> Iterator["Node"]:
        """It and all below."""
        yield self
        for child in self.children:
            yield from child.walk()


def caps_of(line: Line) -> set[tuple[Decimal, Decimal]]:
    """The caps a line says bit: what a score was, and what it counts as."""
    found = (match for pattern in CAPPED for match in pattern.finditer(line.plain))
    return {(figure(line, match, "was").value, figure(line, match, "most").value) for match in found}


def score_tree(report: Report) -> list[Node]:
    """The numbered places of level 一、 with everything below them."""
    roots: list[Node] = []
    open_nodes: list[Node] = []
    previous_marked = False
    for line in report.lines:
        if line.level:
            open_nodes = [n for n in open_nodes if n.level < line.level]
            node = Node(line.level, line)
            (open_nodes[-1].children if open_nodes else roots).append(node)
            open_nodes.append(node)
        if open_nodes:
            _state(_owner(open_nodes, line), line, near=line.level > 0 or previous_marked)
        previous_marked = bool(line.level)
    return roots


def _owner(open_nodes: list[Node], line: Line) -> Node:
    """Whose words a line is: those of the place it is under; below parts that state their points and scores
    themselves it speaks of the whole again (履职效能 after its duties)."""
    node, above = open_nodes[-1], open_nodes[-2] if len(open_nodes) > 1 else None
    stated = node.max_points is not None and line is not node.line
    return (
        above if stated and above is not None and above.level >= ITEM_LEVEL and above.max_points is not None else node
    )


def _state(node: Node, line: Line, near: bool) -> None:
    """Takes what a line states about the node it is under; single scores only from its own paragraph or the next
    (`near`)."""
    text = line.plain
    if INDICATOR_SENTENCE.search(text) or OF_A_PROJECT.match(text) or GRAND_TOTAL.search(text):
        return
    both = MAX_AND_SCORE.search(text)
    if both and node.score is None:
        node.max_points, node.score = figure(line, both, "max"), figure(line, both, "score")
    elif near and node.level >= ITEM_LEVEL:
        _state_score(node, line)


def _state_score(node: Node, line: Line) -> None:
    text = DECLARED.sub(lambda m: "　" * len(m[0]), line.plain)
    scores = [figure(line, m, "score") for m in SCORE.finditer(text) if "每" not in CLAUSE.split(text[: m.start()])[-1]]
    if not scores:
        node.not_scored = node.not_scored or (node.score is None and bool(NOT_SCORED.search(text)))
    elif node.score is None or node.max_points is not None:
        if node.score is None:
            node.score = scores[-1]
            node.ambiguous = len({s.value for s in scores}) > 1
        else:
            node.restated.append(scores[-1])
        lost = LOST.search(text)
        node.lost = figure(line, lost, "lost") if lost else node.lost
