"""A raw regulation as TOML text: plain keys, tables and lists of tables at the top, everything below on one line."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(raw: Mapping[str, Any]) -> str:
    """The text; `tomllib.loads(…, parse_float=Decimal)` gives equal values back. Empty tables and lists are left out,
    they mean the same."""
    kept = {key: value for key, value in raw.items() if value not in ({}, [])}
    plain = [
        f"{_key(key)} = {_value(value)}"
        for key, value in kept.items()
        if not _is_table(value) and not _is_tables(value)
    ]
    lines = ["\n".join(plain)]
    for key, value in kept.items():
        if _is_table(value):
            lines.append("\n".join([f"[{_key(key)}]", *_entries(value)]))
        elif _is_tables(value):
            lines += ["\n".join([f"[[{_key(key)}]]", *_entries(entry)]) for entry in value]
    return "\n\n".join(lines) + "\n"


def _entries(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{_key(key)} = {_value(value)}" for key, value in table.items() if value not in ({}, []))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_entries(value)) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value)
