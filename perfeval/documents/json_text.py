"""JSON as 结果.json and 运行记录.json are written, one entry a line, Chinese as it is; and read back with suspicion."""

import json
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

NO_NUMBERS = (b"NaN", b"Infinity")


def json_bytes(value: Any) -> bytes:
    """A file's bytes."""
    return f"{indented(value)}\n".encode()


def json_value(content: bytes) -> Any:
    """The value `json_bytes` wrote as `content`. Raises ValueError for whatever it would not have written just so.

    That covers doubled keys, NaN, numbers beyond all bounds, half characters and nesting too deep to read.
    """
    try:
        value = json.loads(content)
        written = json_bytes(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if written != content or (any(word in content for word in NO_NUMBERS) and not _is_finite(value)):
        raise ValueError("not written by json_bytes")
    return value


def _is_finite(value: Any) -> bool:
    """Whether no number in it is NaN or infinite; json reads and writes both, but they are no JSON."""
    if isinstance(value, dict | list):
        return all(map(_is_finite, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or isfinite(value)


def indented(value: Any, gap: str = "\n") -> str:
    """As json.dumps(value, ensure_ascii=False, indent=1), in half its time: Python's quick encoder does not indent.
    Keys are texts."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    inner = f"{gap} "
    if isinstance(value, dict) and value:
        entries = [
            f"{encode_basestring(key)}:"
            f" {encode_basestring(entry) if isinstance(entry, str) else indented(entry, inner)}"
            for key, entry in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(entries)}{gap}}}"
    if isinstance(value, (list, tuple)) and value:
        return f"[{inner}{f',{inner}'.join([indented(entry, inner) for entry in value])}{gap}]"
    return json.dumps(value)
