"""A fact's tree over filed data → the fact: its number in Decimal, and the spreadsheet arithmetic of the same tree."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from perfeval.model.cells import Cell
from perfeval.model.formula import Binary, Call, Column, Comparison, Gathered, Literal, Name, Node, leaves
from perfeval.model.frames import FILED, Tables
from perfeval.model.names import plain_name
from perfeval.model.numbers import ZERO, half_up, show_number, total
from perfeval.model.project_types import types_of
from perfeval.model.regulation import FactRule
from perfeval.model.scorecard import Operand, Unit
from perfeval.rules.columns import COLUMNS
from perfeval.rules.facts import Fact, tally
from perfeval.rules.methods import GUARD
from perfeval.rules.render import as_formula, kept_apart, operands_of

UNITS = {"rate": Unit.RATE, "amount": Unit.AMOUNT, "count": Unit.COUNT, "number": Unit.NUMBER}
SIGN_WORDS = {"=": "为", "<>": "不为", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不低于"}
GATHERED_WORDS = {"sum": "合计", "mean": "平均", "count_if": "个数"}
MOST_ADDENDS = 30  # nobody reads a longer sum
LARGEST = Decimal("1E+60")  # whatever was filed, no number beyond is worked with
Draw = Callable[[str], Fact | None]


class _Missing(Exception):  # noqa: N818  (a part was not supplied: no error)
    """A part of a formula was not supplied."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A node worked out: its value, its arithmetic as a template over the formula's own parts."""

    value: Decimal
    formula: str


def draw_fact(rule: FactRule, draw: Draw, tables: Tables) -> Fact | None:
    """The fact; None where a part of it is not supplied, or divided by 0 where the rule gives no value for that.

    `draw` gives the cells, inputs and facts it names.
    """
    try:
        facts = kept_apart({_slot(leaf): _leaf(leaf, draw, tables) for leaf in leaves(rule.tree)})
        worked = _Worker(facts)
        part = worked.out(rule.tree)
        if rule.above_zero and worked.divided_by_less:
            return None
        if worked.divided_by_zero:
            if rule.when_divisor_zero is None:
                return None
            part = replace(part, value=rule.when_divisor_zero)
    except (_Missing, ArithmeticError):
        return None
    if not part.value.is_finite() or abs(part.value) > LARGEST:
        return None
    fact = Fact(
        part.value,
        "",
        as_formula(_guarded(part.formula, worked.divisors, rule.when_divisor_zero), facts),
        operands_of(facts.values()),
        rule.kind == "rate",
        f"{rule.label}（除数为 0，按规定计）" if worked.divided_by_zero else rule.label,
        rule.printed,
    )
    if rule.words:
        return replace(fact, words=rule.words.format(show_number(fact.value)), name="")
    return replace(fact, words=fact.printed().words)


def _guarded(formula: str, divisors: Iterable[str], otherwise: Decimal | None) -> str:
    """The value that counts for a divisor of 0 stands in front, the innermost divisor first."""
    if otherwise is None:
        return formula
    for divisor in reversed(list(divisors)):
        formula = f"IF(ROUND({divisor},{GUARD})=0,{show_number(otherwise)},{formula})"
    return formula


class _Worker:
    """Works a tree out. After a divisor of 0 the value no longer counts, but everything else is still asked for."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self.divisors: list[str] = []
        self.divided_by_zero = False
        self.divided_by_less = False

    def out(self, node: Node) -> _Part:
        if isinstance(node, Literal):
            number = show_number(node.value)
            return _Part(node.value, f"({number})" if node.value < 0 else number)
        if isinstance(node, Name | Gathered):
            slot = _slot(node)
            return _Part(self._facts[slot].value, f"{{{slot}}}")
        return self._call(node) if isinstance(node, Call) else self._binary(node)

    def _call(self, node: Call) -> _Part:
        inner = [self.out(argument) for argument in node.arguments]
        values = [part.value for part in inner]
        value = abs(values[0]) if node.function == "abs" else min(values) if node.function == "min" else max(values)
        return _Part(value, f"{node.function.upper()}({','.join(part.formula for part in inner)})")

    def _binary(self, node: Binary) -> _Part:
        left, right = self.out(node.left), self.out(node.right)
        formula = f"({left.formula}{node.sign}{right.formula})"
        if node.sign != "/":
            value = {"+": left.value + right.value, "-": left.value - right.value, "*": left.value * right.value}
            return _Part(value[node.sign], formula)
        if right.formula not in self.divisors:
            self.divisors.append(right.formula)
        self.divided_by_less = self.divided_by_less or right.value < 0
        if half_up(right.value, GUARD) == 0:
            self.divided_by_zero = True
            return _Part(ZERO, formula)
        return _Part(left.value / right.value, formula)


def _slot(leaf: Name | Gathered) -> str:
    """The key of a part of the formula: a word, as templates need it."""
    return re.sub(r"\W+", "_", leaf.name if isinstance(leaf, Name) else leaf.text)


def _leaf(leaf: Name | Gathered, draw: Draw, tables: Tables) -> Fact:
    found = draw(leaf.name) if isinstance(leaf, Name) else _gathered(leaf, tables)
    if found is None:
        raise _Missing
    return found


def _gathered(leaf: Gathered, tables: Tables) -> Fact | None:
    """The sum, the mean or the count over the rows of a table, as one number from all their cells."""
    of = leaf.of
    column = of.column if isinstance(of, Comparison) else of
    rows = _rows(tables[column.table], column)
    if isinstance(of, Comparison):
        hits = sum(1 for row in rows if _holds(row, of, _cells_value(row, column, blank=of.other == "")))
        return _with_cells(leaf, Decimal(hits), Unit.COUNT, rows, _columns_of(of))
    values = [_number(row, column) for row in rows]
    if leaf.function == "sum":
        return _with_cells(leaf, total(values), _unit(column), rows, (column,))
    return _mean(leaf, column, rows, values) if values else None


def _mean(leaf: Gathered, column: Column, rows: list["_Row"], values: list[Decimal]) -> Fact:
    """The mean; of a few rows each with the cells it is made from."""
    average = total(values) / len(values)
    if len(rows) > MOST_ADDENDS:
        return _with_cells(leaf, average, _unit(column), rows, (column,))
    parts = [row.arithmetic(column) for row in rows]
    formula = f"({'+'.join(formula for formula, _ in parts)})/{len(rows)}"
    return Fact(average, "", formula, tuple(operand for _, operands in parts for operand in operands))


def _unit(column: Column) -> Unit:
    return UNITS.get(COLUMNS[column.table][column.label].kind, Unit.NUMBER)


def _columns_of(comparison: Comparison) -> tuple[Column, ...]:
    other = comparison.other
    return (comparison.column, other) if isinstance(other, Column) else (comparison.column,)


def _with_cells(leaf: Gathered, value: Decimal, unit: Unit, rows: list["_Row"], columns: tuple[Column, ...]) -> Fact:
    """The number with the cells it was gathered from; of no row, those of the scope it was looked for in."""
    words = _counted(leaf.of) if isinstance(leaf.of, Comparison) else columns[0].label
    scope = columns[0].scope
    among = "" if scope is None else f"{scope.other}" if scope.sign == "=" else f"{scope.sign}{scope.other}"
    name = f"{among}{words}{GATHERED_WORDS[leaf.function]}"
    cells = [cell for row in rows for column in columns for cell in row.cells(column)]
    return tally(_slot(leaf), name, value, unit, cells)


def _counted(comparison: Comparison) -> str:
    """执行数大于年初预算数的, 目标偏离为“是”的: what the rows have in common that are counted."""
    other = comparison.other
    if isinstance(other, Name):  # a number with a name of its own elsewhere
        return f"{comparison.column.label}符合条件的"
    bound = other.label if isinstance(other, Column) else f"“{other}”" if isinstance(other, str) else show_number(other)
    return f"{comparison.column.label}{SIGN_WORDS[comparison.sign]}{bound}的"


@dataclass(frozen=True, slots=True)
class _Row:
    """One filed row of a table, with the values that are computed of it."""

    filed: Any
    values: Mapping[str, Any]

    def cells(self, column: Column) -> tuple[Cell[Any], ...]:
        """The filed cells of a column: of 完成率 those it was computed from."""
        known = COLUMNS[column.table][column.label]
        found = tuple(getattr(self.filed, key) for key in known.cells)
        return (getattr(self.filed, known.stated),) if known.stated and not all(c.is_read for c in found) else found

    def arithmetic(self, column: Column) -> tuple[str, tuple[Operand, ...]]:
        """The value of a column as a template over its cells, a quotient of two, and these."""
        cells = self.cells(column)
        unit = Unit.NUMBER if len(cells) > 1 else _unit(column)
        operands = tuple(
            Operand(f"row_{self.filed.row}_{n}", cell.label, Decimal(cell.value or 0), unit, (cell.ref,))
            for n, cell in enumerate(cells)
        )
        return "/".join(f"{{{operand.key}}}" for operand in operands), operands


def _rows(table: Mapping[str, list[Any]], column: Column) -> list[_Row]:
    """The rows of the scope; not supplied for a table without rows, and where it is not known whether one belongs."""
    lists = {known.computed: table[known.computed] for known in COLUMNS[column.table].values()}
    filed = [_Row(row, {name: values[n] for name, values in lists.items()}) for n, row in enumerate(table[FILED])]
    if not filed:
        raise _Missing
    scope = column.scope
    if scope is None:
        return filed
    return [row for row in filed if _holds(row, scope, _cells_value(row, scope.column, blank=scope.other == ""))]


def _cells_value(row: _Row, column: Column, *, blank: bool = False) -> Any:
    """The value; a blank is one only where it is asked for: [上级指标=""]."""
    known = COLUMNS[column.table][column.label]
    value = row.values[known.computed]
    if value is None and blank:
        return ""
    if value is None or (known.stated and not all((cell.value or 0) > 0 for cell in row.cells(column)[1:])):
        raise _Missing
    return value


def _number(row: _Row, column: Column) -> Decimal:
    return Decimal(_cells_value(row, column))


def _holds(row: _Row, comparison: Comparison, value: Any) -> bool:
    other = comparison.other
    return compares(value, comparison.sign, _cells_value(row, other) if isinstance(other, Column) else other)


def compares(value: Any, sign: str, other: Any) -> bool:
    """Whether a value compares so with another; numbers at 12 decimals, words as names are."""
    if isinstance(value, str):
        return (plain_name(value) in _meant(str(other))) == (sign == "=")
    difference = half_up(Decimal(value) - Decimal(other), GUARD)
    return {
        "=": difference == 0,
        "<>": difference != 0,
        "<": difference < 0,
        "<=": difference <= 0,
        ">": difference > 0,
        ">=": difference >= 0,
    }[sign]


@lru_cache(maxsize=256)
def _meant(word: str) -> frozenset[str]:
    """A class of projects means every type in it, as everywhere."""
    return frozenset(map(plain_name, types_of(word)))
