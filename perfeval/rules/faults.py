"""Reading a regulation's TOML: every fault is collected with its file, key, what is there and what is expected, so that
one run names them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from perfeval.errors import RegulationError
from perfeval.model.names import nearest_name
from perfeval.model.numbers import ZERO
from perfeval.rules.ranges import Within

NOTHING = "没有填"
MAX_SHOWN = 60
MOST_ENTRIES = 300  # of a list: what looks at each pair of them ends in a second


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a regulation, in parts: the key where it is, what is there, what is expected."""

    key: str
    found: str
    expected: str


class Faults:
    """The faults found so far, in the order met: `lines` as they are reported, `entries` in parts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.entries: list[Fault] = []

    def add(self, file: str, key: str, found: str, expected: str) -> None:
        """One fault: where, what is there, what is expected."""
        self.entries.append(Fault(key, found, expected))
        space = " " if expected[:1].isascii() else ""
        self.lines.append(f"{file}：{key}：现在{found}，应为{space}{expected}。")

    def withdraw(self, file: str, key: str) -> None:
        """Takes back that nothing is at a key: it was misspelt, which is reported."""
        gone = [
            n
            for n, entry in enumerate(self.entries)
            if (entry.key, entry.found) == (key, NOTHING) and self.lines[n].startswith(file)
        ]
        for n in reversed(gone):
            del self.entries[n], self.lines[n]

    def take(self, others: "Faults", known: Iterable[Fault]) -> None:
        """Those of `others` that are not among `known`."""
        known_faults = set(known)
        for line, entry in zip(others.lines, others.entries, strict=True):
            if entry not in known_faults:
                self.lines.append(line)
                self.entries.append(entry)

    def raise_if_any(self) -> None:
        """Raises RegulationError naming every fault."""
        if self.lines:
            message = f"指标体系文件有 {len(self.lines)} 处问题：\n" + "\n".join(self.lines)
            raise RegulationError(message, "按上面列出的文件和键逐处改正后，再运行一次。")


def shown(value: object) -> str:
    """A value as a fault quotes it."""
    if value is None:
        return NOTHING
    text = _written(value)
    return f"是“{text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + '…'}”"


def _written(value: object) -> str:
    """As it is written in the file: { input = "execution_rate" }; a text of its own without quotation marks."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_quoted(part)}' for key, part in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_quoted, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else _written(value)


def one_of(words: Iterable[str]) -> str:
    """甲、乙、丙 之一"""
    return f"{'、'.join(words)} 之一"


class Table:
    """A TOML table that notes which keys were read; `close` says the unknown ones. After a fault a stand-in is
    returned: nothing is built from it."""

    def __init__(self, values: Mapping[str, Any], where: str, file: str, faults: Faults) -> None:
        self.values, self.where, self.file, self.faults = values, where, file, faults
        self._known: set[str] = set()

    def key(self, name: str) -> str:
        """`items A2.1 的 max_points`"""
        return f"{self.where} 的 {name}" if self.where else name

    def fault(self, name: str, expected: str, found: str | None = None) -> None:
        """A fault at a key of this table."""
        self.faults.add(
            self.file, self.key(name), found if found is not None else shown(self.values.get(name)), expected
        )

    def take(self, name: str) -> Any:
        """The raw value of a key, None where it is absent."""
        self._known.add(name)
        return self.values.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required where there is no default."""
        value = self.take(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fault(name, "一段文字")
            return ""
        return value

    def number(self, name: str, within: Within | None = None) -> Decimal:
        """A number that must be there."""
        if self.values.get(name) is None:
            self.fault(name, "一个数")
        value = self.optional_number(name, within)
        return value if value is not None else ZERO

    def optional_number(self, name: str, within: Within | None = None) -> Decimal | None:
        """A finite number, or None where the key is absent."""
        value = self.take(name)
        if value is None:
            return None
        number = to_number(value)
        if number is None:
            self.fault(name, "一个数")
        elif within is not None and number not in within:
            self.fault(name, within.words)
        return number

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number between two others."""
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(name, f"{low} 到 {high} 的整数")
            return low
        return value

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(name, "true 或 false")
            return default
        return value

    def day(self, name: str) -> date | None:
        """A date, or None where the key is absent."""
        value = self.take(name)
        if value is not None and type(value) is not date:
            self.fault(name, "一个日期，例如 2025-01-01，不加引号")
            return None
        return value

    def choice(self, name: str, words: Iterable[str], default: str | None = None) -> str:
        """One of some words."""
        value, allowed = self.take(name), list(words)
        if value is None and default is not None:
            return default
        if value not in allowed:
            self.fault(name, one_of(allowed))
            return allowed[0]
        return str(value)

    def table(self, name: str) -> "Table":
        """A table inside, empty where absent."""
        value = self.take(name)
        if value is not None and not isinstance(value, Mapping):
            self.fault(name, f"一个表，写作 [{name}]")
            value = None
        return Table(value or {}, self.key(name) if self.where else name, self.file, self.faults)

    def tables(self, name: str) -> list["Table"]:
        """The tables of a list, empty where absent."""
        value = self.take(name)
        if value is not None and (
            not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value)
        ):
            self.fault(name, f"一组表，每个写作 [[{name}]]")
            value = None
        if value is not None and len(value) > MOST_ENTRIES:
            self.fault(name, f"不超过 {MOST_ENTRIES} 个", f"有 {len(value)} 个")
            value = value[:MOST_ENTRIES]
        where = self.key(name) if self.where else name
        return [Table(entry, f"{where} 第 {i} 个", self.file, self.faults) for i, entry in enumerate(value or [], 1)]

    def close(self) -> None:
        """Reports every key that nothing reads, with the one that was probably meant."""
        for name in self.values:
            if name not in self._known:
                near = nearest_name(name, self._known)
                hint = f"（是否为 {near}？）" if near else ""
                if near and near not in self.values:
                    self.faults.withdraw(self.file, self.key(near))
                self.faults.add(self.file, self.key(name), f"是一个不认识的键{hint}", one_of(sorted(self._known)))


def to_number(value: object) -> Decimal | None:
    """A TOML integer or float as Decimal; None for anything else, and for nan and inf."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None
