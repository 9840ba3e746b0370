"""`[[inputs]]`, `[[facts]]`, `[[caps]]` of a regulation's TOML, and the alternatives of an item → values."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfeval.model.formula import Literal, Node
from perfeval.model.numbers import ZERO
from perfeval.model.regulation import Alternative, Asked, Cap, FactRule, Method, Provenance
from perfeval.rules.faults import Table
from perfeval.rules.formulas import FormulaFault, parse
from perfeval.rules.kinds import BOUNDS, FACT_KINDS, INPUT_KINDS

KEY = re.compile(r"[A-Za-z_一-鿿][0-9A-Za-z_一-鿿]*")
RESERVED = frozenset({"staff", "posts", "duties", "total", "sum", "mean", "count_if", "min", "max", "abs"})
NOT_SUPPLIED = "not_supplied"
MOST_DECIMALS = 10
Confirmed = Callable[[Table], Provenance]


def read_asked(table: Table, provenance: Confirmed) -> tuple[Asked, ...]:
    """The inputs, each a row of 补充数据."""
    found = []
    labels: set[str] = set()
    for entry, key in keyed(table, "inputs"):
        kind = entry.choice("kind", INPUT_KINDS)
        asked = Asked(
            key,
            entry.text("label"),
            kind,
            entry.text("unit", ""),
            entry.flag("required", False),
            entry.text("help", ""),
            provenance(entry),
        )
        if asked.label in labels:
            entry.fault("label", "没有用过的名称：填报表按名称找行")
        labels.add(asked.label)
        entry.close()
        found.append(asked)
    return tuple(found)


def read_facts(table: Table, asked: Iterable[Asked], provenance: Confirmed) -> tuple[FactRule, ...]:
    """The facts, in the order written."""
    taken = {one.key for one in asked}
    found = []
    for entry, key in keyed(table, "facts"):
        if key in taken:
            entry.fault("key", "没有用过的名称", "与一个 inputs 重复")
        found.append(read_fact(entry, key, provenance))
    return tuple(found)


def read_fact(entry: Table, key: str, provenance: Confirmed) -> FactRule:
    """One fact."""
    text = entry.text("formula")
    rule = FactRule(
        key,
        entry.text("label"),
        text,
        _tree(entry, text),
        entry.choice("kind", FACT_KINDS),
        _zero_divisor(entry),
        entry.whole("printed", 0, MOST_DECIMALS) if "printed" in entry.values else _usual(entry),
        provenance(entry),
        entry.text("words", ""),
        entry.choice("when_divisor_negative", (NOT_SUPPLIED,), "") == NOT_SUPPLIED,
    )
    entry.close()
    return rule


def read_caps(table: Table, provenance: Confirmed) -> tuple[Cap, ...]:
    """The caps; `when` has one or two bounds."""
    found = []
    for entry in table.tables("caps"):
        on = entry.text("on")
        when = entry.table("when")
        name = when.text("input")
        bounds = {word: limit for word in BOUNDS if (limit := when.optional_number(word)) is not None}
        when.close()
        written = sum(word in when.values for word in BOUNDS)
        if not 1 <= written <= 2:
            entry.fault("when", f"{'、'.join(BOUNDS)} 中的一个或两个", f"写了 {written} 个界限")
        found.append(Cap(on, entry.number("at_most"), name, bounds, provenance(entry)))
        entry.close()
    return tuple(found)


def read_alternatives(table: Table, decimals: Callable[[Any], Any]) -> tuple[Alternative, ...]:
    """The ways of an item of 择一计分."""
    found = []
    for entry in table.tables("alternatives"):
        method = Method(entry.choice("method", Method))
        inputs = entry.table("inputs")
        parameters: Mapping[str, Any] = decimals(entry.table("parameters").values)
        found.append(Alternative(method, {role: inputs.text(role) for role in inputs.values}, parameters))
        entry.close()
    return tuple(found)


def keyed(table: Table, name: str, reserved: Collection[str] = RESERVED) -> Iterator[tuple[Table, str]]:
    """The entries of a list with their keys; each goes by its key from then on."""
    seen: set[str] = set()
    for entry in table.tables(name):
        key = entry.text("key")
        if key and (KEY.fullmatch(key) is None or key in reserved):
            entry.fault("key", "由字母、数字、汉字和下划线组成的名称，不以数字开头，也不是已有的数据名")
        entry.where = f"{name} {key}" if key else entry.where
        if key in seen:
            entry.fault("key", "没有用过的名称", "与前面的重复")
        seen.add(key)
        yield entry, key


def _tree(entry: Table, text: str) -> Node:
    try:
        return parse(text) if text.strip() else Literal(ZERO, 0)
    except FormulaFault as fault:
        entry.fault(f"formula 第 {fault.at + 1} 个字", fault.expected, fault.found)
        return Literal(ZERO, 0)


def _zero_divisor(entry: Table) -> Decimal | None:
    if entry.values.get("when_divisor_zero") in (None, NOT_SUPPLIED):
        entry.take("when_divisor_zero")
        return None
    return entry.optional_number("when_divisor_zero")


def _usual(entry: Table) -> int:
    entry.take("printed")
    return 0 if entry.values.get("kind") == "count" else 2
