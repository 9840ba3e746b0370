"""Arithmetic that a report prints (执行结果 = 4 × 570.41 ÷ 612.44 = 3.73 分), done again."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, DivisionByZero, InvalidOperation

from perfeval.audit.read import Report
from perfeval.audit.score_checks import apart
from perfeval.audit.scores import DECLARED, LOST, SCORE, Node, caps_of, score_tree
from perfeval.model.numbers import HALF_UNIT, Interval, half_up, places, show_number
from perfeval.prose.comparison import Comparison, Kind, same
from perfeval.prose.text import NUMBER, Figure, Line, figure

EQUATION = re.compile(rf"(?:^|[=。：；，])(?P<left>[^=，。；：]+)=(?P<right>{NUMBER})分")
LABEL = re.compile(rf"[一-鿿“”]{{1,30}}(?={NUMBER})")  # “结余率 3.21%” counts as 3.21%
REMARK = re.compile(r"(?<=[\d%])\([^()]*\)")
ARITHMETIC = re.compile(r"[\d.,+\-−×÷*/()%]+")
NUMBERS = re.compile(rf"({NUMBER})(%?)")
SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/"})
POINTS = re.compile(rf"{NUMBER}(?=分)")
COUNTED = re.compile(
    r"(?P<whole>\d{1,9})个项目中(?:，)?有?(?P<part>\d{1,9})个"
)  # bounded: a run of digits is gone through once
SHARE = re.compile(r"×\((?P<whole>\d+)−(?P<part>\d+)\)÷(?P<again>\d+)=")


def equation_checks(report: Report) -> Iterator[Comparison]:
    """Each printed equation re-computed, its result against the score beside it, its counts against those in the
    words."""
    decimals = max(
        (len(m[0].partition(".")[2]) for line in report.lines for m in POINTS.finditer(line.plain)), default=0
    )
    items = _items(report)
    for line in report.lines:
        item = items.get(line.plain.partition("=")[0])
        for match in EQUATION.finditer(line.plain):
            yield from _equation(line, match, decimals, item)
        yield from _shares(item.line if item else line, line)


def _items(report: Report) -> dict[str, Node]:
    """The scored items by name; a name that two of them have is left out."""
    nodes = [n for root in score_tree(report) for n in root.walk() if n.score is not None and not n.ambiguous]
    counted = Counter(n.name for n in nodes)
    return {n.name.strip("“”"): n for n in nodes if counted[n.name] == 1}


def _equation(line: Line, match: re.Match[str], decimals: int, item: Node | None) -> Iterator[Comparison]:
    stated = figure(line, match, "right")
    arithmetic = REMARK.sub("", LABEL.sub("", match["left"]))
    computed = value_of(arithmetic) if ARITHMETIC.fullmatch(arithmetic) else None
    if computed is None:
        return
    operands = [figure(line, m, 1) for m in NUMBERS.finditer(line.plain, *match.span("left"))]
    # Where no score has two decimals the regulation may round to whole points, or cut them off.
    half = HALF_UNIT.scaleb(-2) if decimals >= 2 else Decimal(1).scaleb(-decimals) - Decimal("0.001")
    allowed = Interval(stated.value - half, stated.value + half)
    middle = show_number(half_up((computed.low + computed.high) / 2))
    says = f"算式“{arithmetic} = {stated.shown} 分”重新计算的结果是 {middle} 分，不是 {stated.shown} 分"
    agrees = allowed.overlaps(computed) or (computed.high < 0 and stated.value == 0)
    yield Comparison(Kind.SUM, agrees, says, (stated, *operands), "请重新计算，改正算式中的数或结果。")
    score, lost = (item.score, item.lost) if item else _beside(line)
    is_capped = score is not None and (stated.value, score.value) in caps_of(line)
    counted = score if score is not None and is_capped else stated
    own = DECLARED.search(line.plain, match.end())
    if own:
        yield apart(figure(line, own, "declared"), counted, figure(line, own, "difference"))
    if is_capped:
        return
    yield from _score_beside(stated, operands[0] if re.search("[÷%]", arithmetic) else None, score, lost)


def _beside(line: Line) -> tuple[Figure | None, Figure | None]:
    """Score and lost points of the line that prints the arithmetic itself."""
    score, lost = SCORE.search(line.plain), LOST.search(line.plain)
    return figure(line, score, "score") if score else None, figure(line, lost, "lost") if lost else None


def _score_beside(
    stated: Figure, points: Figure | None, score: Figure | None, lost: Figure | None
) -> Iterator[Comparison]:
    """The result is the score; points × a rate begins with the item's points, which less the score are the points
    lost."""
    if score is None:
        return
    yield same("同一项的得分，", score, stated, "分")
    if points is not None and lost is not None:
        says = (
            f"分值 {points.shown} 分、得分 {score.shown} 分，应扣 {show_number(points.value - score.value)} 分，"
            f"而写的是扣 {lost.shown} 分"
        )
        yield Comparison(Kind.SUM, points.value - score.value == lost.value, says, (lost, score, points))


def _shares(said: Line, line: Line) -> Iterator[Comparison]:
    """“19个项目中有5个…” where the item is scored against “×（19 − 5）÷ 19”."""
    words, arithmetic = COUNTED.search(said.plain), SHARE.search(line.plain)
    if words and arithmetic:
        for group, other in (("whole", "whole"), ("part", "part"), ("whole", "again")):
            yield same("文字与算式中的项目数，", figure(said, words, group), figure(line, arithmetic, other), "个")


def value_of(arithmetic: str) -> Interval | None:
    """What printed arithmetic may come to, its decimals being rounded; None where it is none."""
    if len(arithmetic) > 200:
        return None
    text = NUMBERS.sub(lambda m: f"({m[1]}/100)" if m[2] else m[1], arithmetic.translate(SIGNS).replace(",", ""))
    try:
        return _value(ast.parse(text, mode="eval").body, text)
    except (SyntaxError, ValueError, InvalidOperation, DivisionByZero, RecursionError):
        return None


def _value(node: ast.expr, text: str) -> Interval:
    if isinstance(node, ast.Constant):
        return _constant(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, text)
        return Interval(-inner.high, -inner.low)
    if not isinstance(node, ast.BinOp):
        raise ValueError(text)
    left, right = _value(node.left, text), _value(node.right, text)
    if isinstance(node.op, ast.Add):
        return Interval(left.low + right.low, left.high + right.high)
    if isinstance(node.op, ast.Sub):
        return Interval(left.low - right.high, left.high - right.low)
    if isinstance(node.op, ast.Div):
        if right.low <= 0 <= right.high:
            raise ValueError(text)
        right = Interval(1 / right.high, 1 / right.low)
    elif not isinstance(node.op, ast.Mult):
        raise ValueError(text)
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Interval(min(corners), max(corners))


def _constant(number: str) -> Interval:
    """A whole number is exact, one with decimals may be rounded."""
    value = Decimal(number)
    half = HALF_UNIT.scaleb(-places(value)) if places(value) else Decimal(0)
    return Interval(value - half, value + half)
