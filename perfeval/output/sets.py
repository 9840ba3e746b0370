"""The sets that lie in an output folder, each with its results and the score workbook that was issued with it."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perfeval.errors import NothingToReadError
from perfeval.excel.guard import file_sha256
from perfeval.output.files import Kind, is_file, is_folder, is_own_folder, kind_of, read_file
from perfeval.output.state import (
    MOST_BYTES,
    MOVE_AWAY,
    RESULT_FILE,
    WORK_FOLDER,
    Json,
    Unreadable,
    damaged,
    is_plain,
    is_result,
    parsed,
    read_object,
    read_record,
    recorded_lines,
    written_value,
)

HEAD_LENGTH = 4_000  # bytes


def read_result(folder: Path) -> Json:
    """The object of a set's own 结果.json; {} where it is missing or damaged."""
    result = read_object(folder / RESULT_FILE)
    return result if is_result(result) else {}


def result_folders(output: Path) -> list[Path]:
    """The folders of all sets in the output folder: <year>/<department> and 待补/<file>; those behind a link are somebody
    else's."""
    return [folder for folder in _found(output) if is_own_folder(output, folder) and is_file(folder / RESULT_FILE)]


def lost_sets(output: Path) -> dict[Path, str]:
    """The folders where a set should lie and none can be read, each with words for what is there instead, which follow
    the folder's name.

    One is known by a 结果.json behind a link, or by the run record.
    """
    recorded = {
        output / path.rpartition("/")[0] for line in recorded_lines(read_record(output)) for path in line["outputs"]
    }
    return {
        folder: _instead(output, folder)
        for folder in sorted({*_found(output), *recorded} - set(result_folders(output)))
    }


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
        return Kind.CLOSED


def _found(output: Path) -> list[Path]:
    return sorted(path.parent for path in output.glob(f"*/*/{RESULT_FILE}") if path.parent.parent.name != WORK_FOLDER)


def result_head(folder: Path) -> dict[str, Any]:
    """The first keys of a set's 结果.json, which say who it is: of a hundred thousand sets nobody wants to read every
    finding."""
    try:
        with (folder / RESULT_FILE).open("rb") as stream:
            first, found, _ = stream.read(HEAD_LENGTH).partition(b',\n "kind"')
        head = parsed(first + b"}") if found else None
    except (OSError, Unreadable):
        head = None
    return head if isinstance(head, dict) else read_object(folder / RESULT_FILE)


def report_date(result: Json) -> date:
    """The date that a readable workbook's documents bear."""
    return date.fromisoformat(result["as_of"])


def documents_of(result: Mapping[str, Any]) -> dict[str, str]:
    """The documents that a 结果.json names: kind → file name. Names that lead elsewhere are left out."""
    documents = result.get("documents")
    named = documents.items() if isinstance(documents, dict) else ()
    names = {kind: one.get("file") if isinstance(one, dict) else one for kind, one in named}  # format 1.0: the name
    return {kind: name for kind, name in names.items() if isinstance(name, str) and is_plain(name)}


def hashes_of(result: Json) -> dict[str, str]:
    """The sha256 of those documents by file name; none in format 1.0."""
    documents, names = result.get("documents", {}), documents_of(result)
    return {
        name: str(documents[kind].get("sha256")) for kind, name in names.items() if isinstance(documents[kind], dict)
    }


def own_documents(folder: Path) -> dict[str, str]:
    """The documents of a set by kind, by its own 结果.json."""
    return documents_of(read_object(folder / RESULT_FILE))


def named_documents(folder: Path) -> frozenset[str]:
    """The names of a set's files by its own 结果.json, itself among them; none where that names nothing."""
    result = read_object(folder / RESULT_FILE)
    return frozenset({RESULT_FILE, *documents_of(result).values()}) if result.get("documents") else frozenset()


def as_written(output: Path, target: str, written: Mapping[str, str]) -> dict[str, str]:
    """The sha256 of a set's files as perfeval wrote them, as far as anybody knows.

    `written` is what the run record knows, path below `output` → sha256. Where a run that was cut off has published the
    set since, its own 结果.json knows better: other documents are in it. One that somebody changed has the same.
    """
    folder = output / target
    digest, own = "", dict[str, str]()
    with suppress(OSError, ValueError):
        content = read_file(folder / RESULT_FILE, MOST_BYTES)
        result = written_value(content)
        digest, own = hashlib.sha256(content).hexdigest(), hashes_of(result) if isinstance(result, dict) else {}
    names = {*own, *(path.name for path in (folder.iterdir() if is_folder(folder) else ()))}
    recorded = {name: sha256 for name in names if (sha256 := written.get(f"{target}/{name}"))}
    if recorded.get(RESULT_FILE) == digest:
        return {**own, **recorded}
    is_newer = any(recorded.get(name) != sha256 for name, sha256 in own.items())
    return {**own, RESULT_FILE: digest} if is_newer else recorded


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """One published set. `result` is the object of 结果.json; `score_workbook` the file issued, `is_genuine` whether it
    still is what the run wrote."""

    folder: Path
    result: Mapping[str, Any]
    score_workbook: Path
    is_genuine: bool

    @property
    def department(self) -> str:
        """The department, or a word where it did not say."""
        return str(self.result["department"] or "（部门名称未填）")

    @property
    def year(self) -> str:
        """The evaluation year."""
        return str(self.result["year"] or "")

    @property
    def stem(self) -> str:
        """How its documents' names begin: 部门_年度."""
        return self.score_workbook.name.removesuffix("_评分表.xlsx")

    @property
    def source_sha256(self) -> str:
        """That of the filed workbook."""
        return str(self.result["source"]["sha256"])


def sets_in(output: Path) -> tuple[PublishedSet, ...]:
    """Every set below an output folder, by folder. Raises NothingToReadError where there is none, or where one cannot
    be read."""
    for folder, instead in lost_sets(output).items():
        raise NothingToReadError(f"“{folder}”{instead}，没有读取，也没有动它。", MOVE_AWAY)
    recorded = {
        path: digest for line in recorded_lines(read_record(output)) for path, digest in line["outputs"].items()
    }
    found = tuple(_set(output, folder, recorded) for folder in result_folders(output))
    if not found:
        raise NothingToReadError(f"“{output}”里还没有结果。", "请先运行 perfeval report，再指到放结果的那个文件夹。")
    return found


def _set(output: Path, folder: Path, recorded: Mapping[str, str]) -> PublishedSet:
    result = read_result(folder)
    name = documents_of(result).get("score_workbook")
    if not name:
        raise NothingToReadError(damaged(folder / RESULT_FILE), "请重新运行 make report（perfeval report）。")
    known = as_written(output, folder.relative_to(output).as_posix(), recorded)
    is_genuine = all(known.get(file) == file_sha256(folder / file) for file in (name, RESULT_FILE))
    return PublishedSet(folder, result, folder / name, is_genuine)
