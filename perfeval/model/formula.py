"""The formula of a fact as a tree of plain values; `at` is the place in its text, from 0, for whoever tells a fault."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Literal:
    """A number written in the formula."""

    value: Decimal
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A cell, an input or another fact: money.paid.final, visits_cost_last_year."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table by its header; `scope` keeps the rows where it holds."""

    table: str
    label: str
    scope: "Comparison | None"
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column set against a column, a number or a word."""

    column: Column
    sign: str  # = <> < <= > >=
    other: "Column | Decimal | str | Name"  # a name only in a condition of projects: a limit of the regulation
    at: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """sum, mean of a column; count_if of a comparison. `text` is how it is written."""

    function: str
    of: Column | Comparison
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """min, max, abs."""

    function: str
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """+ − × ÷; a number with a minus in front is 0 − it."""

    sign: str
    left: "Node"
    right: "Node"
    at: int


Node = Literal | Name | Gathered | Call | Binary


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside."""
    if isinstance(node, Binary):
        return node.left, node.right
    return node.arguments if isinstance(node, Call) else ()


def leaves(node: Node) -> tuple[Name | Gathered, ...]:
    """Everything a formula takes from data, in the order written."""
    found, waiting = list[Name | Gathered](), [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name | Gathered):
            found.append(node)
        waiting += reversed(parts(node))
    return tuple(found)


def names(node: Node) -> tuple[str, ...]:
    """The cells, inputs and facts it names."""
    return tuple(leaf.name for leaf in leaves(node) if isinstance(leaf, Name))
