"""Checks, before any workbook is read, that a template's tags use only names the program provides."""

from collections.abc import Mapping
from typing import Any

from jinja2 import UndefinedError, nodes

# What a name stands for: a description (a text or a yes/no), a mapping (it has parts, written 名称.部分), or a list of one of them (for 甲 in 名称).
Names = Mapping[str, Any]


def check_names(tree: nodes.Template, names: Names) -> None:
    """Raises UndefinedError, with `lineno`, at the first tag that uses an unknown name or more than names, if and for."""
    for child in tree.iter_child_nodes():
        _check(child, dict(names))


def _check(node: nodes.Node, names: Names) -> None:
    if isinstance(node, nodes.For):
        _check_for(node, names)
    elif isinstance(node, nodes.Expr) and not isinstance(node, nodes.TemplateData):
        _kind(node, names)
    else:
        for child in node.iter_child_nodes():
            _check(child, names)


def _check_for(node: nodes.For, names: Names) -> None:
    listed = _kind(node.iter, names)
    if not isinstance(listed, list) or not isinstance(node.target, nodes.Name):
        raise _unknown(node, "for 后面要写“某某 in 一个列表的名称”")
    inner = {**names, node.target.name: listed[0]}
    for child in node.body:
        _check(child, inner)
    for child in node.else_:
        _check(child, names)


def _kind(node: nodes.Node, names: Any) -> Any:
    """What an expression stands for."""
    if isinstance(node, nodes.Const):
        return ""
    if isinstance(node, nodes.Name):
        if node.name not in names:
            raise _unknown(node, f"没有“{node.name}”这个名称")
        return names[node.name]
    if isinstance(node, nodes.Getattr):
        owner = _kind(node.node, names)
        if not isinstance(owner, Mapping) or node.attr not in owner:
            raise _unknown(node, f"没有“{_written(node)}”这个名称")
        return owner[node.attr]
    if isinstance(node, (nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand)):
        for child in node.iter_child_nodes():
            _kind(child, names)
        return ""
    raise _unknown(node, "标签里只能写名称、if 和 for")


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _unknown(node: nodes.Node, reason: str) -> UndefinedError:
    error = UndefinedError(reason)
    error.lineno = node.lineno  # type: ignore[attr-defined]
    return error
