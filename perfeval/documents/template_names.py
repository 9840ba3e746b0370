"""Checks, before any workbook is read, that a template's tags use only names the program provides."""

from collections.abc import Mapping
from typing import Any

from jinja2 import UndefinedError, nodes

# What a name stands for: a description (a text or a yes/no), a mapping (it has parts, written 名称.部分), or a list of one of them (for 甲 in 名称).
Names = Mapping[str, Any]


MAY_BE_BLANK = "可空"  # stands in the description of a name that may have nothing to print


def check_names(tree: nodes.Template, names: Names) -> None:
    """Raises UndefinedError, with `lineno`, at the first tag that uses an unknown name, more than names, if and for, or prints what may be blank."""
    for child in tree.iter_child_nodes():
        _check(child, dict(names), frozenset())


def _check(node: nodes.Node, names: Names, sure: frozenset[str]) -> None:
    """`sure` are the names an enclosing if has found not to be blank."""
    if isinstance(node, nodes.For):
        _check_for(node, names, sure)
    elif isinstance(node, nodes.If):
        _check_if(node, names, sure)
    elif isinstance(node, nodes.Expr) and not isinstance(node, nodes.TemplateData):
        kind = _kind(node, names)
        if isinstance(kind, str) and MAY_BE_BLANK in kind and _written(node) not in sure:
            raise _unknown(node, f"“{_written(node)}”可能没有内容，要写在 {{% if {_written(node)} %}} 里面")
    else:
        for child in node.iter_child_nodes():
            _check(child, names, sure)


def _check_for(node: nodes.For, names: Names, sure: frozenset[str]) -> None:
    listed = _kind(node.iter, names)
    if not isinstance(listed, list) or not isinstance(node.target, nodes.Name):
        raise _unknown(node, "for 后面要写“某某 in 一个列表的名称”")
    for child in node.body:
        _check(child, {**names, node.target.name: listed[0]}, sure)
    for child in node.else_:
        _check(child, names, sure)


def _check_if(node: nodes.If, names: Names, sure: frozenset[str]) -> None:
    _kind(node.test, names)
    for child in node.body:
        _check(child, names, sure | _found(node.test))
    for child in (*node.elif_, *node.else_):
        _check(child, names, sure)


def _found(test: nodes.Node) -> frozenset[str]:
    """The names that hold something wherever the test is true."""
    if isinstance(test, nodes.And):
        return _found(test.left) | _found(test.right)
    return frozenset({_written(test)}) if isinstance(test, (nodes.Name, nodes.Getattr)) else frozenset()


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
