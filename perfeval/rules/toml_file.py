"""A TOML file as values: bounded, with Decimals for numbers, every fault in words with its place. Nothing in a file can
make this raise anything else."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_BYTES = 4 * 1024 * 1024
MOST_LEVELS, MOST_DOTS = 20, 1_000  # tables within tables; dots in one line: a.a.a.… is a table in a table in a table
MOST_DIGITS = 30
LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000,}")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"|\'[^\']*+\'')  # a text on one line: its digits and dots cost nothing
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
PLACE = re.compile(r"line (\d+), column (\d+)")


class TomlFault(Exception):  # noqa: N818  (it says what is wrong with a file)
    """The file cannot be read: where, what is there, what is expected, all three in Chinese."""

    def __init__(self, place: str, found: str, expected: str) -> None:
        super().__init__(f"{place}：现在{found}，应为{expected}")
        self.place, self.found, self.expected = place, found, expected


@dataclass(frozen=True, slots=True)
class Unusable:
    """What is where a number no regulation can mean was written (nan, 1e999, 31 digits): no number and no text, so
    its key is reported as faulty."""

    text: str

    def __str__(self) -> str:
        return self.text


def read_toml(content: bytes) -> dict[str, Any]:
    """The tables of a file. Raises TomlFault."""
    if len(content) > MOST_BYTES:
        raise TomlFault("文件", f"超过 {MOST_BYTES // 1024 // 1024} MB", "一份文本文件，通常只有几十 KB")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise TomlFault("文件", "不是 UTF-8 编码", "以 UTF-8 编码保存的文本") from None
    for number, line in enumerate(text.split("\n"), start=1):
        bare = QUOTED.sub("", line)
        if LONG_NUMBER.search(bare):
            raise TomlFault(f"第 {number} 行", "有一个几千位的数", f"不超过 {MOST_DIGITS} 位的数")
        if bare.count(".") > MOST_DOTS:
            raise TomlFault(f"第 {number} 行", "嵌套太深", f"不超过 {MOST_LEVELS} 层的表")
    try:
        return {key: _bearable(value, key, 1) for key, value in tomllib.loads(text, parse_float=_number).items()}
    except RecursionError:
        raise TomlFault("文件", "嵌套太深", f"不超过 {MOST_LEVELS} 层的表") from None
    except tomllib.TOMLDecodeError as error:
        found = PLACE.search(str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列" if found else "文件末尾"
        raise TomlFault(place, "写法有误或重复", "正确的 TOML：键 = 值，文字加引号，一个键只写一次") from error
    except ValueError as error:  # a date there is none of, and the like
        raise TomlFault("文件", "有一个日期或数不成立", "正确的日期和数") from error


def _number(text: str) -> Decimal | Unusable:
    plain = text.replace("_", "")
    return Decimal(plain) if NUMBER.fullmatch(plain) and len(plain) <= MOST_DIGITS else Unusable(text)


def _bearable(value: Any, key: str, level: int) -> Any:
    """The value with every whole number beyond bearing as Unusable. Raises TomlFault naming the key where it is nested
    too deeply."""
    if level > MOST_LEVELS:
        raise TomlFault(key, "嵌套太深", f"不超过 {MOST_LEVELS} 层的表")
    if isinstance(value, dict):
        return {name: _bearable(inner, key, level + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_bearable(inner, key, level + 1) for inner in value]
    if isinstance(value, int) and value.bit_length() > 100:
        return Unusable("一个太大的数")
    return value
