"""Simple formulas worked out again (+ − × ÷, SUM, ROUND over cells of the same sheet), to decide whether a saved result
is still true.

Whatever is not as simple as that is not worked out: None.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation

from perfeval.excel.scan import Place, place_of

ADDRESS = r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}"
TOKEN = re.compile(
    rf"\s*(?:(?P<range>{ADDRESS}:{ADDRESS})|(?P<cell>{ADDRESS})|(?P<number>\d+\.?\d*|\.\d+)"
    r"|(?P<name>SUM|ROUND)\(|(?P<sign>[-+*/(),]))"
)
MOST_CELLS = 20_000
Look = Callable[[Place], object]


class _GiveUp(Exception):  # noqa: N818  (the formula is beyond this module: no error)
    """The formula is not simple."""


def evaluate(formula: str, look: Look) -> Decimal | None:
    """The value of a formula (without =), given the values of cells; None where it is not simple or a cell it needs
    holds no number."""
    try:
        tokens = _tokens(formula.replace("，", ","))
        parser = _Parser(tokens, look)
        value = parser.sum()
        return value if parser.at_end else None
    except (_GiveUp, InvalidOperation, DivisionByZero, RecursionError):
        return None


def _tokens(formula: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    while position < len(formula.rstrip()):
        match = TOKEN.match(formula, position)
        if match is None or match.lastgroup is None:
            raise _GiveUp
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


class _Parser:
    """A sum of products of cells, numbers, brackets and the two functions."""

    def __init__(self, tokens: list[tuple[str, str]], look: Look) -> None:
        self._tokens = tokens
        self._look = look
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def sum(self) -> Decimal:
        value = self._product()
        while sign := self._take("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Decimal:
        value = self._factor()
        while sign := self._take("*", "/"):
            value = value * self._factor() if sign == "*" else value / self._factor()
        return value

    def _factor(self) -> Decimal:
        if self._take("-"):
            return -self._factor()
        if self._take("+"):
            return self._factor()
        if self._take("("):
            value = self.sum()
            self._expect(")")
            return value
        kind, text = self._next()
        if kind == "number":
            return Decimal(text)
        if kind == "cell":
            return self._number(self._look(place_of(text.replace("$", ""))))
        return self._function(text) if kind == "name" else self._give_up()

    def _function(self, name: str) -> Decimal:
        if name == "ROUND":
            value = self.sum()
            self._expect(",")
            digits = self.sum()
            self._expect(")")
            return value.quantize(Decimal(1).scaleb(-int(digits)), rounding=ROUND_HALF_UP)
        total = self._addend()
        while self._take(","):
            total += self._addend()
        self._expect(")")
        return total

    def _addend(self) -> Decimal:
        """In SUM the text and blank cells of a range count for nothing."""
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "range":
            first, _, last = self._next()[1].replace("$", "").partition(":")
            return sum(
                (v for v in map(self._look, _cells(place_of(first), place_of(last))) if isinstance(v, Decimal)),
                Decimal(0),
            )
        return self.sum()

    def _number(self, value: object) -> Decimal:
        if value is None:
            return Decimal(0)
        return value if isinstance(value, Decimal) else self._give_up()

    def _take(self, *signs: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "sign" and self._tokens[self._at][1] in signs:
            return self._next()[1]
        return ""

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._give_up()

    def _next(self) -> tuple[str, str]:
        if self.at_end:
            raise _GiveUp
        self._at += 1
        return self._tokens[self._at - 1]

    def _give_up(self) -> Decimal:
        raise _GiveUp


def _cells(first: Place, last: Place) -> list[Place]:
    (top, left), (bottom, right) = first, last
    if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        raise _GiveUp
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
