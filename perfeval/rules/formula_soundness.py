"""What must hold of the facts of a regulation: every name known, nothing in a circle, no kinds mixed, nothing divided
by a literal 0. A fault says the place in the formula's text."""

from collections.abc import Callable, Mapping
from graphlib import CycleError, TopologicalSorter

from perfeval.model.formula import Binary, Call, Column, Comparison, Gathered, Literal, Name, Node, leaves, names, parts
from perfeval.model.regulation import FactRule
from perfeval.rules.columns import COLUMNS
from perfeval.rules.faults import one_of, shown
from perfeval.rules.near import near_names

Fault = Callable[[str, str, str], None]  # key, what is there, what is expected
MOST_PARTS, MOST_LEVELS = 300, 30  # of a formula with those of all facts it names put in
KIND_NAMES = {"amount": "金额", "count": "个数", "number": "数", "rate": "比率", "text": "文字", "date": "日期"}
# what a formula comes to → the kinds its fact may be stated as: a quotient is a rate, or so many for each of the other
FITTING = {
    "amount": ("amount",), "rate": ("rate", "number", "count"), "count": ("count", "number"),
    "number": ("number", "count"),
}  # fmt: skip
NO_NUMBERS = ("date", "text")
WORDS, ANY, OPEN = "text", "", "?"  # a literal fits any kind; what a quotient of two kinds is, is open


def in_order(facts: tuple[FactRule, ...], fault: Fault) -> tuple[FactRule, ...]:
    """The facts, each behind those it names; a circle is reported, and then they stay as they are."""
    by_key = {fact.key: fact for fact in facts}
    graph = {fact.key: [name for name in names(fact.tree) if name in by_key] for fact in facts}
    try:
        return tuple(by_key[key] for key in TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        fault(f"facts {circle[0]} 的 formula", f"绕成了一圈（{' → '.join(circle)}）", "不由自己算出的数")
        return facts


def check_facts(
    facts: tuple[FactRule, ...], kinds: Mapping[str, str], fault: Fault, is_enough: Callable[[], bool]
) -> None:
    """`kinds`: of every cell, input and fact there is, its kind. Ends where enough faults are found."""
    sizes: dict[str, tuple[int, int]] = {}
    for fact in facts:
        if is_enough():
            return
        _Checker(fact, kinds, fault).check()
        size = _size(fact.tree, sizes)
        sizes[fact.key] = size
        if size[0] > MOST_PARTS or size[1] > MOST_LEVELS:
            fault(
                f"facts {fact.key} 的 formula",
                f"连同用到的数展开后有 {size[0]} 项、{size[1]} 层",
                f"不超过 {MOST_PARTS} 项、{MOST_LEVELS} 层",
            )
            sizes[fact.key] = (1, 1)


def _size(node: Node, sizes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    inner = [sizes.get(leaf.name, (1, 0)) if isinstance(leaf, Name) else (1, 0) for leaf in leaves(node)]
    return sum(size for size, _ in inner) + 1, max((level for _, level in inner), default=0) + 1


class _Checker:
    """One formula; after a fault the part it concerns has no kind, so that nothing follows from it."""

    def __init__(self, fact: FactRule, kinds: Mapping[str, str], fault: Fault) -> None:
        self._fact, self._kinds, self._tell = fact, kinds, fault

    def check(self) -> None:
        kind = self._kind(self._fact.tree)
        if kind in FITTING and self._fact.kind not in FITTING[kind]:
            self._tell(
                f"facts {self._fact.key} 的 kind",
                shown(self._fact.kind),
                f"{kind}（{KIND_NAMES[kind]}）：算式得出的就是{KIND_NAMES[kind]}",
            )

    def _fault(self, at: int, found: str, expected: str) -> None:
        self._tell(f"facts {self._fact.key} 的 formula 第 {at + 1} 个字", found, expected)

    def _kind(self, node: Node) -> str:
        """What kind of number it comes to."""
        if isinstance(node, Literal):
            return ANY
        if isinstance(node, Name):
            return self._of_name(node)
        if isinstance(node, Gathered):
            return self._of_gathered(node)
        kinds = [self._kind(part) for part in parts(node)]
        if isinstance(node, Call) or node.sign in "+-":
            return self._one_kind(node, kinds)
        if node.sign == "/":
            return self._of_quotient(node, *kinds)
        return kinds[1] if kinds[0] in (ANY, "rate") else kinds[0] if kinds[1] in (ANY, "rate") else OPEN

    def _of_name(self, node: Name) -> str:
        kind = self._kinds.get(node.name)
        if kind is None:
            self._fault(node.at, f"是没有的数据名“{node.name}”", near_names(node.name, self._kinds))
        elif kind in NO_NUMBERS:
            self._fault(node.at, f"是“{node.name}”，填的是{KIND_NAMES[kind]}", "可以计算的数")
        return "count" if kind == "yes_no" else kind if kind in FITTING else OPEN

    def _one_kind(self, node: Binary | Call, kinds: list[str]) -> str:
        known = [kind for kind in kinds if kind in FITTING]
        if len(set(known)) > 1:
            mixed = "、".join(dict.fromkeys(KIND_NAMES[kind] for kind in known))
            self._fault(node.at, f"把{mixed}放在一起", "同一种数：金额和金额、个数和个数、比率和比率")
            return OPEN
        return known[0] if known else max(kinds)

    def _of_quotient(self, node: Binary, above: str, below: str) -> str:
        if isinstance(node.right, Literal) and node.right.value == 0:
            self._fault(node.right.at, "除以 0", "不是 0 的数")
            return OPEN
        if below == ANY:
            return above
        return "rate" if above == below != "number" and above in FITTING else above if below == "rate" else OPEN

    def _of_gathered(self, node: Gathered) -> str:
        if isinstance(node.of, Comparison):
            self._compare(node.of)
            return "count"
        kind = self._column(node.of)
        if kind in NO_NUMBERS:
            self._fault(node.of.at, f"是“{node.of.label}”一列，填的是{KIND_NAMES[kind]}", "填数的一列")
        return kind if kind in FITTING else OPEN

    def _column(self, column: Column) -> str:
        known = COLUMNS.get(column.table)
        if known is None:
            self._fault(column.at, f"是没有的表“{column.table}”", one_of(COLUMNS))
            return OPEN
        if column.label not in known:
            self._fault(column.at, f"是没有的列“{column.table}.{column.label}”", near_names(column.label, known))
            return OPEN
        if column.scope is not None:
            self._compare(column.scope)
        return known[column.label].kind

    def _compare(self, comparison: Comparison) -> None:
        kind, other, at = self._column(comparison.column), comparison.other, comparison.at
        if kind == "date":
            self._fault(at, f"是“{comparison.column.label}”一列，填的是日期", "填数或文字的一列")
            return
        if isinstance(other, Column):
            if other.table != comparison.column.table:
                self._fault(other.at, f"是“{other.table}”表的列", f"“{comparison.column.table}”表的列")
                return
            second = self._column(other)
            if OPEN not in (kind, second) and second != kind:
                self._fault(at, f"拿{KIND_NAMES[kind]}与{KIND_NAMES[second]}相比", "同一种数")
            return
        if kind != OPEN and (kind == WORDS) != isinstance(other, str):
            self._fault(at, f"拿{KIND_NAMES[kind]}与“{other}”相比", "数与数相比，文字与加引号的文字相比")
        elif kind == WORDS and comparison.sign not in ("=", "<>"):
            self._fault(at, f"用“{comparison.sign}”比较文字", "= 或 <>")
        elif kind == WORDS:
            self._word(comparison, str(other))

    def _word(self, comparison: Comparison, word: str) -> None:
        """A word that the column's list does not hold is in no row: a slip of the pen, not a rule."""
        column = comparison.column
        choices = COLUMNS[column.table][column.label].choices
        if choices and word not in choices:
            self._fault(comparison.at, f"拿“{column.label}”一列与“{word}”相比", one_of(f"“{c}”" for c in choices))
