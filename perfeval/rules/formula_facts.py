"""A fact's tree over filed data → the fact: its number in Decimal, and the spreadsheet arithmetic of the same tree."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from perfeval.model.cells import Cell
from perfeval.model.formula import Binary, Call, Column, Comparison, Gathered, Literal, Name, Node, leaves
from perfeval.model.frames import FILED, Tables
from perfeval.model.names import plain_name
from perfeval.model.numbers import ZERO, half_up, show_number, total
from perfeval.model.regulation import FactRule
from perfeval.model.scorecard import Unit
from perfeval.model.submission import STAGED
from perfeval.rules.columns import COLUMNS
from perfeval.rules.facts import Fact, tally
from perfeval.rules.frames import PROJECT_TYPES
from perfeval.rules.methods import GUARD
from perfeval.rules.render import as_formula, kept_apart, operands_of

UNITS = {"rate": Unit.RATE, "amount": Unit.AMOUNT, "count": Unit.COUNT, "number": Unit.NUMBER}
GATHERED_WORDS = {"sum": "合计", "mean": "平均", "count_if": "个数"}
TABLE_NAMES = {"controlled": "控制支出", "projects": "项目", "duty_data": "履职数据", "progress": "支出进度"}
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
        hits = sum(1 for row in rows if _holds(row, of, _cells_value(row, column)))
        return _told(leaf, Decimal(hits), Unit.COUNT, rows, _columns_of(of))
    values = [_number(row, column) for row in rows]
    if leaf.function == "sum":
        return _told(leaf, total(values), _unit(column), rows, (column,))
    return _told(leaf, total(values) / len(values), _unit(column), rows, (column,)) if values else None


def _unit(column: Column) -> Unit:
    return UNITS.get(COLUMNS[column.table][column.label].kind, Unit.NUMBER)


def _columns_of(comparison: Comparison) -> tuple[Column, ...]:
    other = comparison.other
    return (comparison.column, other) if isinstance(other, Column) else (comparison.column,)


def _told(leaf: Gathered, value: Decimal, unit: Unit, rows: list["_Row"], columns: tuple[Column, ...]) -> Fact:
    """The number with the cells it was gathered from; of no row, those of the scope it was looked for in."""
    words = "与".join(column.label for column in columns)
    scope = columns[0].scope
    among = f"（{scope.column.label}{scope.sign}{scope.other}）" if scope else ""
    name = f"{TABLE_NAMES[columns[0].table]}{among}{words}{GATHERED_WORDS[leaf.function]}"
    cells = [cell for row in rows for column in columns for cell in row.cells(column)]
    return tally(_slot(leaf), name, value, unit, cells)


@dataclass(frozen=True, slots=True)
class _Row:
    """One filed row of a table, with the values that are computed of it."""

    filed: Any
    values: Mapping[str, Any]

    def cells(self, column: Column) -> tuple[Cell[Any], ...]:
        """The filed cells of a column: of 完成率 those it was computed from."""
        declared = COLUMNS[column.table][column.label]
        if declared.computed != declared.key and self.filed.planned.is_read and self.filed.completed.is_read:
            return (self.filed.completed, self.filed.planned)
        return (getattr(self.filed, declared.key),)


def _rows(table: Mapping[str, list[Any]], column: Column) -> list[_Row]:
    """The rows of the scope; not supplied for a table without rows, and where it is not known whether one belongs."""
    computed = {known.computed for known in COLUMNS[column.table].values()}
    lists = {name: table[name] for name in computed}
    filed = [_Row(row, {name: values[n] for name, values in lists.items()}) for n, row in enumerate(table[FILED])]
    if not filed:
        raise _Missing
    scope = column.scope
    return filed if scope is None else [row for row in filed if _holds(row, scope, _cells_value(row, scope.column))]


def _cells_value(row: _Row, column: Column) -> Any:
    value = row.values[COLUMNS[column.table][column.label].computed]
    if value is None:
        raise _Missing
    return value


def _number(row: _Row, column: Column) -> Decimal:
    return Decimal(_cells_value(row, column))


def _holds(row: _Row, comparison: Comparison, value: Any) -> bool:
    """Whether a row's value compares so; numbers at 12 decimals, words as names are."""
    other: Any = comparison.other
    if isinstance(other, Column):
        other = _cells_value(row, other)
    if isinstance(value, str):
        return (_word(value) in _meant(str(other))) == (comparison.sign == "=")
    difference = half_up(Decimal(value) - Decimal(other), GUARD)
    return {
        "=": difference == 0,
        "<>": difference != 0,
        "<": difference < 0,
        "<=": difference <= 0,
        ">": difference > 0,
        ">=": difference >= 0,
    }[comparison.sign]


def _meant(word: str) -> frozenset[str]:
    """阶段 means a project of 阶段 or 一次性, as everywhere."""
    return frozenset(map(_word, PROJECT_TYPES.get(word, ()) if word == STAGED else ())) | {_word(word)}


def _word(word: str) -> str:
    return plain_name(word)
