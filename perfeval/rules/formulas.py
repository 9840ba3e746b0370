"""The text of a fact's formula → its tree. A small grammar of its own: nothing of a formula is ever run as code, and
whatever the text, the answer comes at once."""

import re
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.formula import Binary, Call, Column, Comparison, Gathered, Literal, Name, Node
from perfeval.model.project_types import PROJECT_TYPES

MOST_CHARACTERS, MOST_TOKENS, MOST_LEVELS, MOST_DIGITS = 2_000, 200, 20, 30
GATHERING = ("sum", "mean", "count_if")
CALLS = {"min": "至少两个数", "max": "至少两个数", "abs": "一个数"}
COMPARING = ("<=", ">=", "<>", "=", "<", ">")
TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<word>\"[^\"]*\"|“[^”]*”)"
    r"|(?P<name>[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff]*(?:\.[\w\u4e00-\u9fff]+)*)"
    r"|(?P<sign><=|>=|<>|[-+*/(),.=<>\[\]]))"
)
FULL_WIDTH = str.maketrans("（），＋－−×÷＊／＝＜＞［］．", "(),+--*/*/=<>[].")


class FormulaFault(Exception):  # noqa: N818  (it says what is wrong with a text)
    """A formula that cannot be read: the place in its text from 1, what stands there, what is expected."""

    def __init__(self, at: int, found: str, expected: str) -> None:
        super().__init__(f"第 {at + 1} 个字处{found}，应为{expected}")
        self.at, self.found, self.expected = at, found, expected


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number | word | name | sign | end
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of a formula. Raises FormulaFault."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaFault(MOST_CHARACTERS, "还没有写完", f"不超过 {MOST_CHARACTERS} 个字的算式")
    parser = _Parser(text, _tokens(text.translate(FULL_WIDTH)))
    node = parser.sum()
    parser.finish()
    return node


def parse_comparison(text: str) -> Comparison:
    """A condition of the rows of a table: projects.事前评估 = "否". Raises FormulaFault."""
    parser = _Parser(text, _tokens(text.translate(FULL_WIDTH)))
    comparison = parser.comparison(named=True)
    parser.finish()
    return comparison


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, length = 0, len(text.rstrip())
    while position < length:
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise FormulaFault(at, f"是“{text[at]}”", "数、数据名、+ − × ÷、括号或函数")
        tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        if len(tokens) > MOST_TOKENS:
            raise FormulaFault(tokens[-1].at, "还没有写完", f"不超过 {MOST_TOKENS} 个数、名称和符号")
        position = match.end()
    return [*tokens, _Token("end", "", length)]


class _Parser:
    """A sum of products of numbers, names, brackets and functions."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text, self._tokens, self._at, self._level = text, tokens, 0, 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def sum(self) -> Node:
        node = self._product()
        while self._next.text in ("+", "-"):
            sign = self._take()
            node = Binary(sign.text, node, self._product(), sign.at)
        return node

    def finish(self) -> None:
        if self._next.kind != "end":
            raise self._fault("算式到此为止，或者 + − × ÷")

    def _product(self) -> Node:
        node = self._factor()
        while self._next.text in ("*", "/"):
            sign = self._take()
            node = Binary(sign.text, node, self._factor(), sign.at)
        return node

    def _factor(self) -> Node:
        self._level += 1
        if self._level > MOST_LEVELS:
            raise FormulaFault(self._next.at, "括号套得太深", f"不超过 {MOST_LEVELS} 层")
        node = self._plain_factor()
        self._level -= 1
        return node

    def _plain_factor(self) -> Node:
        token = self._take()
        if token.text == "(":
            node = self.sum()
            self._expect(")")
            return node
        if token.text == "-":
            inner = self._factor()
            if isinstance(inner, Literal):
                return Literal(-inner.value, token.at)
            return Binary("-", Literal(Decimal(0), token.at), inner, token.at)
        if token.kind == "number":
            return Literal(_number(token), token.at)
        if token.kind != "name":
            raise self._fault("数、数据名、函数或左括号", token)
        return self._function(token) if self._next.text == "(" else Name(token.text, token.at)

    def _function(self, name: _Token) -> Node:
        self._take()
        if name.text in GATHERING:
            of = self.comparison() if name.text == "count_if" else self._column()
            self._expect(")")
            return Gathered(name.text, of, self._text[name.at : self._tokens[self._at - 1].at + 1], name.at)
        if name.text not in CALLS:
            raise self._fault("、".join((*CALLS, *GATHERING)) + " 之一", name)
        arguments = [self.sum()]
        while self._next.text == ",":
            self._take()
            arguments.append(self.sum())
        self._expect(")")
        if (len(arguments) == 1) != (name.text == "abs"):
            raise FormulaFault(name.at, f"的 {name.text} 有 {len(arguments)} 个数", CALLS[name.text])
        return Call(name.text, tuple(arguments), name.at)

    def _column(self, scoped: bool = True) -> Column:
        """projects.执行数, projects[项目类型="常年"].执行数"""
        token = self._take()
        if token.kind != "name":
            raise self._fault("一列，如 controlled.本年执行数", token)
        table, _, label = token.text.partition(".")
        scope = self._scope(table) if scoped and not label and self._next.text == "[" else None
        if scope is not None:
            self._expect(".")
            label = self._take().text
        if not label:
            raise self._fault("一列，如 controlled.本年执行数", token)
        return Column(table, label, scope, token.at)

    def _scope(self, table: str) -> Comparison:
        self._take()
        token, sign = self._take(), self._take()
        if token.kind != "name" or sign.text not in COMPARING:
            raise self._fault(f'范围，如 [项目类型="{PROJECT_TYPES[0]}"]', token if token.kind != "name" else sign)
        value = self._take()
        if value.kind not in ("word", "number"):
            raise self._fault("加引号的文字或一个数", value)
        self._expect("]")
        other = value.text[1:-1] if value.kind == "word" else _number(value)
        return Comparison(Column(table, token.text, None, token.at), sign.text, other, token.at)

    def comparison(self, *, named: bool = False) -> Comparison:
        """A column set against a column, a number, a word; where `named`, also a limit of the regulation."""
        column, sign = self._column(), self._take()
        if sign.text not in COMPARING:
            raise self._fault("= <> < <= > >= 之一", sign)
        if named and self._next.kind == "name" and "." not in self._next.text:
            limit = self._take()
            return Comparison(column, sign.text, Name(limit.text, limit.at), column.at)
        if self._next.kind == "name":
            return Comparison(column, sign.text, self._column(), column.at)
        minus = self._next.text == "-"
        if minus:
            self._take()
        value = self._take()
        if value.kind == "word" and not minus:
            return Comparison(column, sign.text, value.text[1:-1], column.at)
        if value.kind != "number":
            raise self._fault("一列、一个数或加引号的文字", value)
        return Comparison(column, sign.text, -_number(value) if minus else _number(value), column.at)

    def _take(self) -> _Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _expect(self, sign: str) -> None:
        if self._next.text != sign:
            raise self._fault(f"“{sign}”")
        self._take()

    def _fault(self, expected: str, token: _Token | None = None) -> FormulaFault:
        token = token or self._next
        return FormulaFault(token.at, f"是“{token.text}”" if token.text else "已经没有了", expected)


def _number(token: _Token) -> Decimal:
    if len(token.text) > MOST_DIGITS:
        raise FormulaFault(token.at, f"是一个 {len(token.text)} 位的数", f"不超过 {MOST_DIGITS} 位的数")
    return Decimal(token.text)
