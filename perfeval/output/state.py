"""Reading back what earlier runs wrote down: 结果.json, 运行记录.json, manifests, journals. Any of it may have been damaged,
or written by others.

A file is read whole or not at all: an ordinary file of bearable size, UTF-8, no key twice, no number JSON does not
know, not nested beyond reason. It is held against its JSON Schema (schemas/) once, here, so that nobody further on need
ask for types.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from perfeval.documents.json_text import json_bytes
from perfeval.output.files import is_file, read_file
from perfeval.output.schema import rule, shipped

RESULT_FILE, RECORD_FILE, WORK_FOLDER = "结果.json", "运行记录.json", ".perfeval"
MOST_BYTES = 64 * 1024 * 1024
MOST_LEVELS = 40
MOST_VALUES = (
    4_000_000  # the record of 5,000 departments has half of them; 64 MB of empty lists would take gigabytes of memory
)
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
Json = dict[str, Any]


class Unreadable(ValueError):  # noqa: N818  (it says what is wrong with a file)
    """The text is no JSON that perfeval writes."""


def parsed(content: bytes) -> Any:
    """The value of a JSON text. Raises Unreadable for anything that the program would not have written."""
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Unreadable("too many values")
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refused)
        if SURROGATE.search(content):
            json.dumps(value, ensure_ascii=False).encode()  # half a character is none
    except (ValueError, RecursionError) as error:  # numbers of more digits than Python reads are a ValueError too
        raise Unreadable(str(error)) from error
    if not _is_shallow(value):
        raise Unreadable("nested too deeply")
    return value


def written_value(content: bytes) -> Any:
    """The value that `json_bytes` wrote as `content`. Raises Unreadable for whatever it would not have written just
    so."""
    value = parsed(content)
    if json_bytes(value) != content:
        raise Unreadable("not written by json_bytes")
    return value


def _object(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a key is there twice")
    return found


def _refused(word: str) -> Any:
    raise Unreadable(f"{word} is no number")


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        inside = (part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list))
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
        if not level:
            return True
    return False


def read_object(path: Path) -> Json:
    """The object in a JSON file; {} where there is none, whatever else is there."""
    try:
        value = parsed(read_file(path, MOST_BYTES))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


RESULT, RECORD = shipped("result"), shipped("record")
SHA256, VERSION, NAME = (RESULT["$defs"][name] for name in ("sha256", "version", "name"))
TARGET, BUILT = RECORD["$defs"]["target"], RECORD["$defs"]["built"]
_is_result, _is_record, _is_built = rule(RESULT), rule(RECORD), rule(BUILT, RECORD["$defs"])
is_version = rule(VERSION)
is_plain = rule(NAME)  # the name of an entry of a folder, that leads nowhere else
is_target = rule(TARGET)  # a set's folder below the output folder (<year>/<department>, 待补/<file>)


def is_result(value: Any) -> bool:
    """Whether a value is the object of 结果.json."""
    return _is_result(value)


def read_record(output: Path) -> Json:
    """The object of the output folder's 运行记录.json; {} where it is missing or damaged."""
    record = read_object(output / RECORD_FILE)
    return record if _is_record(record) else {}


def record_is_damaged(output: Path) -> bool:
    """Whether there is a run record that cannot be read."""
    return is_file(output / RECORD_FILE) and not read_record(output)


def recorded_lines(record: Json) -> list[Json]:
    """A run record's lines of its inputs, and those of the workbooks whose sets the run left in place."""
    return [*record.get("inputs", ()), *(kept["line"] for kept in record.get("kept", ()) if kept["line"])]


def built_lines(lines: Iterable[Any]) -> list[Json]:
    """Those lines of a run record or a run's journal that name a published set."""
    return [line for line in lines if _is_built(line) and line["outputs"]]


def damaged(path: Path) -> str:
    """Begins the sentence for a set's 结果.json, or the run record, that cannot be read."""
    return f"“{path}”已损坏（读不出来，或者不是本程序写的样子）。"


MOVE_AWAY = "请把占着位置的东西移走（没有权限的，请先改好权限），再运行一次 perfeval report。"
