"""Numbers, shares and the cell 参数 of the workbook, as text and back."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from perfeval.filing.typed.numbers import half_width, number_of
from perfeval.model.numbers import HUNDRED, show_number
from perfeval.rules.methods import SHAPES
from perfeval.schemes.words import FLAG_WORDS, PARAMETER_NAMES, PARAMETER_WORDS

SEPARATORS, EQUALS = "；;\n", "=＝:："
OWN_SHEET = {"steps": "分档", "conditions": "扣分条件", "criteria": "要点"}
TEXT_PARAMETERS = {name: words for name, words in PARAMETER_NAMES.items() if name not in OWN_SHEET}
FLAGS = frozenset(
    n
    for shape in SHAPES.values()
    for n, kind in {**(shape.required or {}), **(shape.optional or {})}.items()
    if kind == "flag"
)


class NotUnderstood(ValueError):  # noqa: N818  (what an official typed, not an error of the program)
    """A part of 参数 that cannot be read: the part, and what is expected instead."""

    def __init__(self, part: str, expected: str) -> None:
        super().__init__(part)
        self.part, self.expected = part, expected


def figure_of(text: str) -> Decimal | None:
    """10% → 0.1, 0.1 → 0.1; None for anything else."""
    bare = half_width(text).strip()
    if bare.endswith("%"):
        number = number_of(bare[:-1])
        return None if number is None else number / HUNDRED
    return number_of(bare)


def parameters_text(parameters: Mapping[str, Any]) -> str:
    """满意值 = 0；不允许值 = 0.1; what is a list has a sheet of its own."""
    shown = ((name, value) for name, value in parameters.items() if name not in OWN_SHEET)
    return "；".join(f"{PARAMETER_NAMES[name]} = {_value_text(name, value)}" for name, value in shown)


def _value_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return FLAG_WORDS[value]
    return PARAMETER_WORDS[name][value] if name in PARAMETER_WORDS else show_number(value)


def parameters_of(text: str) -> dict[str, Any]:
    """The parameters written in a cell, by their TOML names. Raises NotUnderstood."""
    for separator in SEPARATORS:
        text = text.replace(separator, SEPARATORS[0])
    parameters: dict[str, Any] = {}
    for part in filter(None, (p.strip() for p in text.split(SEPARATORS[0]))):
        name, value = _parameter_of(part)
        if name in parameters:
            raise NotUnderstood(part, f"“{PARAMETER_NAMES[name]}”只写一次")
        parameters[name] = value
    return parameters


def _parameter_of(part: str) -> tuple[str, Any]:
    at = next((i for i, character in enumerate(part) if character in EQUALS), None)
    if at is None:
        raise NotUnderstood(part, "“名称 = 值”的样子，各项用分号隔开")
    words, value = part[:at].strip(), part[at + 1 :].strip()
    name = next((n for n, shown in TEXT_PARAMETERS.items() if shown == words), None)
    if name is None:
        near = get_close_matches(words, TEXT_PARAMETERS.values(), n=1, cutoff=0.5)
        raise NotUnderstood(part, f"“{near[0]} = …”" if near else f"{'、'.join(TEXT_PARAMETERS.values())} 中的名称")
    return name, _value_of(name, value, part)


def _value_of(name: str, text: str, part: str) -> Any:
    choices: dict[str, Any] = {}
    if name in FLAGS:
        choices = {word: flag for flag, word in FLAG_WORDS.items()}
    elif name in PARAMETER_WORDS:
        choices = {shown: word for word, shown in PARAMETER_WORDS[name].items()}
    if choices:
        if text not in choices:
            raise NotUnderstood(part, f"“{PARAMETER_NAMES[name]} = {' 或 '.join(choices)}”")
        return choices[text]
    number = figure_of(text)
    if number is None:
        raise NotUnderstood(part, f"“{PARAMETER_NAMES[name]} = ”后面是一个数，如 0 或 10%")
    return number
