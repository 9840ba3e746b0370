"""Checks, before any workbook is read, that a template's tags are made of nothing but the allowed nodes, and use only
names the program provides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import UndefinedError, nodes

# What a name stands for: a description (a text or a yes/no), a mapping (it has parts, written 名称.部分), or a list of one
# of them (for 甲 in 名称).
Names = Mapping[str, Any]


MAY_BE_BLANK = "可空"  # is in the description of a name that may have nothing to print
UNRELATED_LOOPS = 2  # loops within one another over lists of their own: each multiplies the report's length
NESTED_TAGS = 20
COMPARISONS = ("eq", "ne", "in", "notin")  # every value is a text: "100" is less than "90"

# What the parser knows and a template may not use, as an official would call it. Whatever is not in here is refused
# too.
FORBIDDEN: Mapping[type[nodes.Node], str] = {
    nodes.Call: "调用（名称后面加圆括号）",
    nodes.Filter: "过滤器（竖线 |）",
    nodes.Test: "is 判断",
    nodes.Getitem: "方括号",
    nodes.CondExpr: "一行写完的“甲 if 条件 else 乙”",
    nodes.Concat: "连接符 ~",
    nodes.BinExpr: "加减乘除等运算",
    nodes.UnaryExpr: "正负号",
    nodes.Literal: "列表、元组或字典",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.With: "with",
    nodes.Block: "block",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a tag is: the names there, those an enclosing if has found not to be blank, the loops and tags around
    it."""

    names: Names
    sure: frozenset[str] = frozenset()
    item: str = ""  # the name of the innermost loop's items
    loops: int = 0  # over lists that have nothing to do with the loop around them
    depth: int = 0

    def within(self, sure: frozenset[str] = frozenset()) -> "_Scope":
        """One tag further in, where the names of `sure` are known to hold something."""
        return replace(self, sure=self.sure | sure, depth=self.depth + 1)


def check_names(tree: nodes.Template, names: Names) -> None:
    """Raises UndefinedError, with `lineno`, at the first node that is not allowed: these are all that is ever compiled.

    Text, names and their parts, constants, and/or/not, comparisons, if and for. An unknown name is refused, and one
    printed that may be blank.
    """
    _check_all(tree.body, _Scope(names))


def _check_all(children: Iterable[nodes.Node], scope: _Scope) -> None:
    for child in children:
        _check(child, scope)


def _check(node: nodes.Node, scope: _Scope) -> None:
    if scope.depth > NESTED_TAGS:
        raise _refused(node, f"if 和 for 套了 {NESTED_TAGS} 层以上")
    if isinstance(node, nodes.Output):
        for child in node.nodes:
            _check_printed(child, scope)
    elif isinstance(node, nodes.For):
        _check_for(node, scope)
    elif isinstance(node, nodes.If):
        _check_if(node, scope)
    else:
        raise _forbidden(node)


def _check_printed(node: nodes.Node, scope: _Scope) -> None:
    if isinstance(node, nodes.TemplateData):
        return
    kind = _kind(node, scope.names)
    if not isinstance(kind, str):
        how = "是列表，要用 for 逐项取" if isinstance(kind, list) else "由几部分组成，要写成“名称.部分”"
        raise _refused(node, f"“{_written(node)}”{how}")
    if MAY_BE_BLANK in kind and _written(node) not in scope.sure:
        raise _refused(node, f"“{_written(node)}”可能没有内容，要写在 {{% if {_written(node)} %}} 里面")


def _check_for(node: nodes.For, scope: _Scope) -> None:
    listed = _kind(node.iter, scope.names)
    if not isinstance(listed, list) or not isinstance(node.target, nodes.Name) or node.recursive:
        raise _refused(node, "for 后面要写“某某 in 一个列表的名称”")
    item = node.target.name
    loops = scope.loops + (_written(node.iter).partition(".")[0] != scope.item)
    if loops > UNRELATED_LOOPS:
        raise _refused(node, "for 循环套得太深，报告会成倍变长；里层的 for 要取外层那一项自己的列表")
    sure = frozenset(name for name in scope.sure if name.partition(".")[0] != item)
    inner = replace(scope, names={**scope.names, item: listed[0]}, sure=sure, item=item, loops=loops)
    if node.test is not None:
        _kind(node.test, inner.names)
    _check_all(node.body, inner.within(_found(node.test)))
    _check_all(node.else_, scope.within())


def _check_if(node: nodes.If, scope: _Scope) -> None:
    _kind(node.test, scope.names)
    _check_all(node.body, scope.within(_found(node.test)))
    for branch in node.elif_:
        _check_if(branch, scope)
    _check_all(node.else_, scope.within())


def _found(test: nodes.Node | None) -> frozenset[str]:
    """The names that hold something wherever the test is true."""
    if isinstance(test, nodes.And):
        return _found(test.left) | _found(test.right)
    return frozenset({_written(test)}) if isinstance(test, nodes.Name | nodes.Getattr) else frozenset()


def _kind(node: nodes.Node, names: Names) -> Any:
    """What an expression stands for."""
    if isinstance(node, nodes.Const):
        return ""
    if isinstance(node, nodes.Name):
        if node.name not in names:
            raise _refused(node, f"没有“{node.name}”这个名称")
        return names[node.name]
    if isinstance(node, nodes.Getattr):
        owner = _kind(node.node, names)
        if not isinstance(owner, Mapping) or node.attr not in owner:
            raise _refused(node, f"没有“{_written(node)}”这个名称")
        return owner[node.attr]
    if isinstance(node, nodes.Compare) and any(operand.op not in COMPARISONS for operand in node.ops):
        raise _refused(node, "标签里的内容都是文字，不能用 < 或 > 比大小")
    if isinstance(node, nodes.Not | nodes.And | nodes.Or | nodes.Compare | nodes.Operand):
        for child in node.iter_child_nodes():
            _kind(child, names)
        return ""
    raise _forbidden(node)


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _forbidden(node: nodes.Node) -> UndefinedError:
    called = next((word for kind, word in FORBIDDEN.items() if isinstance(node, kind)), "这种写法")
    return _refused(node, f"标签里只能写名称、if 和 for，不能用{called}")


def _refused(node: nodes.Node, reason: str) -> UndefinedError:
    error = UndefinedError(reason)
    error.lineno = node.lineno  # type: ignore[attr-defined]
    return error
