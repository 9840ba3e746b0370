"""Reading back what earlier runs wrote down: 结果.json, 运行记录.json, manifests, journals. Any of it may have been damaged, or written by others.

A file is read whole or not at all: an ordinary file of bearable size, UTF-8, no key twice, no number JSON does not know, not nested beyond reason.
What is used of it is declared as a shape and held against it once, here, so that nobody further on need ask for types.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perfeval.output.files import Kind, is_file, is_own_folder, kind_of, read_file

RESULT_FILE, RECORD_FILE, WORK_FOLDER = "结果.json", "运行记录.json", ".perfeval"
MOST_BYTES = 64 * 1024 * 1024
MOST_LEVELS = 40
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
Json = dict[str, Any]


class Unreadable(ValueError):  # noqa: N818  (it says what is wrong with a file)
    """The text is no JSON that perfeval writes."""


def parsed(content: bytes) -> Any:
    """The value of a JSON text. Raises Unreadable for anything that the program would not have written."""
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refused)
        if SURROGATE.search(content):
            json.dumps(value, ensure_ascii=False).encode()  # half a character is none
    except (ValueError, RecursionError) as error:  # numbers of more digits than Python reads are a ValueError too
        raise Unreadable(str(error)) from error
    if not _is_shallow(value):
        raise Unreadable("nested too deeply")
    return value


def _object(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a key stands there twice")
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


# Shapes: a type; a rule that says whether a value fits; [shape] a list of it; {"key": shape} an object with these keys and perhaps others, a key with ?
# at its end may be missing; Each(shape) an object whose values all have it.
Rule = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Each:
    """An object with any keys that are `named`, and values of one shape."""

    shape: Any
    named: Rule = bool


def fits(value: Any, shape: Any) -> bool:
    """Whether a value has a shape."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            fits(value[name], inner) if (name := key.rstrip("?")) in value else key.endswith("?") for key, inner in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(entry, shape[0]) for entry in value)
    if isinstance(shape, Each):
        return isinstance(value, dict) and all(shape.named(key) and fits(entry, shape.shape) for key, entry in value.items())
    return isinstance(value, shape) if isinstance(shape, type) else bool(shape(value))


def optional(shape: Any) -> Rule:
    """The shape, or null."""
    return lambda value: value is None or fits(value, shape)


def one_of(*words: str) -> Rule:
    """One of some words."""
    return lambda value: isinstance(value, str) and value in words


def whole(low: int, high: int) -> Rule:
    """A whole number between two others."""
    return lambda value: type(value) is int and low <= value <= high


def text_like(pattern: str) -> Rule:
    """A text that a pattern matches from end to end."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.fullmatch(value))


def is_plain(name: Any) -> bool:
    """Whether a name found in a file is that of an entry of a folder, and leads nowhere else."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\:\0")


def is_target(target: Any) -> bool:
    """Whether this names a set's folder below the output folder (<year>/<department>, 待补/<file>), and leads nowhere else."""
    return isinstance(target, str) and target.count("/") == 1 and all(map(is_plain, target.split("/")))


def _is_document(path: Any) -> bool:
    return isinstance(path, str) and path.count("/") == 2 and all(map(is_plain, path.split("/")))


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


WORDS = optional(str)
NUMBER = optional(text_like(r"-?[0-9]{1,5000}(\.[0-9]{1,5000})?"))
RATE = optional(text_like(r"-?[0-9]{1,5000}(\.[0-9]{1,5000})?%"))
SHA256 = text_like("[0-9a-f]{64}|")  # '' of a file that was too large to be hashed
STATUS = one_of("reported", "returned", "rejected", "ignored")
VERSION, ROW, YEAR = whole(1, 99_999), whole(0, 2_000_000), whole(1, 9_998)
FINDING = {
    **dict.fromkeys(("code", "label", "found", "expected", "message", "fix", "clause"), str),
    **dict.fromkeys(("sheet", "cell"), WORDS),
    "severity": one_of("error", "question", "notice"),
    "answered": bool,
}
ITEM = {
    **dict.fromkeys(("id", "name", "explanation", "clause", "confidence"), str),
    **dict.fromkeys(("max", "score", "declared"), NUMBER),
    "subject?": WORDS,
    "level": whole(1, 100),
    "parent": WORDS,
    "basis": one_of("computed", "declared", "not_applicable", "not_scored"),
    "operands": [{"name": str, "value": WORDS, "cell": WORDS}],
}
INDICATOR = {
    **dict.fromkeys(("subject", "l1", "l2", "l3", "nature", "target", "actual", "unit", "explanation"), WORDS),
    **dict.fromkeys(("weight", "score", "declared"), NUMBER),
    "ratio": RATE,
    "row": ROW,
}
PROJECT = {
    **dict.fromkeys(("name", "type", "grade"), WORDS),
    **dict.fromkeys(("initial_budget", "adjusted_budget", "executed", "total", "declared"), NUMBER),
    **dict.fromkeys(("execution_rate", "carryover_rate"), RATE),
    "row": ROW,
}
RESULT = {
    "source": {"file": str, "sha256": SHA256},
    "version?": optional(VERSION),
    "predecessor?": optional({"sha256": SHA256, "version": whole(0, 99_999)}),
    "status": STATUS,
    **dict.fromkeys(("department", "kind", "regulation", "grade"), WORDS),
    "year": optional(YEAR),
    **dict.fromkeys(("total", "max", "declared_total"), NUMBER),
    "items": [ITEM],
    "indicators": [INDICATOR],
    "projects": [PROJECT],
    "measures": Each({"value": RATE, "cells": [str]}),
    "findings": [FINDING],
    "signals": [{"code": str, "level": str, "message": str}],
    "documents": Each(optional(is_plain)),
}
LINE = {"file": str, "sha256": SHA256, "status": STATUS, "reason": str, "outputs": Each(SHA256, _is_document), "folder?": str}
BUILT = {**LINE, "fingerprint": str, "texts": [str]}
KEPT = {"set": is_target, "reason": str, "files": [str], "line": optional(BUILT)}
RECORD = {"inputs": [LINE], "versions": Each(str), "as_of": optional(_is_day), "kept?": [KEPT]}


def is_result(value: Any) -> bool:
    """Whether a value is the object of 结果.json."""
    return fits(value, RESULT)


def read_result(folder: Path) -> Json:
    """The object of a set's own 结果.json; {} where it is missing or damaged."""
    result = read_object(folder / RESULT_FILE)
    return result if is_result(result) else {}


def read_record(output: Path) -> Json:
    """The object of the output folder's 运行记录.json; {} where it is missing or damaged."""
    record = read_object(output / RECORD_FILE)
    return record if fits(record, RECORD) else {}


def record_is_damaged(output: Path) -> bool:
    """Whether there is a run record that cannot be read."""
    return is_file(output / RECORD_FILE) and not read_record(output)


def recorded_lines(record: Json) -> list[Json]:
    """A run record's lines of its inputs, and those of the workbooks whose sets the run left standing."""
    return [*record.get("inputs", ()), *(kept["line"] for kept in record.get("kept", ()) if kept["line"])]


def built_lines(lines: Iterable[Any]) -> list[Json]:
    """Those lines of a run record or a run's journal that tell of a published set."""
    return [line for line in lines if fits(line, BUILT) and line["outputs"]]


def damaged(path: Path) -> str:
    """Begins the sentence for a set's 结果.json, or the run record, that cannot be read."""
    return f"“{path}”已损坏（读不出来，或者不是本程序写的样子）。"


MOVE_AWAY = "请把占着位置的东西移走，再运行一次 perfeval report。"


def result_folders(output: Path) -> list[Path]:
    """The folders of all sets in the output folder: <year>/<department> and 待补/<file>; those behind a link are somebody else's."""
    return [folder for folder in _found(output) if is_own_folder(output, folder) and is_file(folder / RESULT_FILE)]


def lost_sets(output: Path) -> dict[Path, str]:
    """The folders where a set should lie and none can be read, each with words for what is there instead, which follow the folder's name.

    One is known by a 结果.json behind a link, or by the run record.
    """
    recorded = {output / path.rpartition("/")[0] for line in recorded_lines(read_record(output)) for path in line["outputs"]}
    return {folder: _instead(output, folder) for folder in sorted({*_found(output), *recorded} - set(result_folders(output)))}


def _instead(output: Path, folder: Path) -> str:
    if is_own_folder(output, folder):
        kind = _seen_kind(folder / RESULT_FILE)
        return f"里的“{RESULT_FILE}”{f'是{kind}' if kind else '不见了'}"
    barred = next(part for part in (folder.parent, folder) if not is_own_folder(output, part))
    kind = _seen_kind(barred)
    return f"这个位置上是{kind}" if kind else "不见了"


def _seen_kind(path: Path) -> Kind:
    try:
        return kind_of(path)
    except OSError:
        return Kind.OTHER


def _found(output: Path) -> list[Path]:
    return sorted(path.parent for path in output.glob(f"*/*/{RESULT_FILE}") if path.parent.parent.name != WORK_FOLDER)
