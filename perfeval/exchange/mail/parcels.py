"""The published sets as packages that can be handed over: what each holds, in which version, and why one cannot go."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from perfeval.documents.kinds import KINDS
from perfeval.errors import NothingToReadError
from perfeval.exchange.mail.letter import message_id
from perfeval.exchange.mail.wording import is_reported
from perfeval.model.text import version_name
from perfeval.output.files import read_file
from perfeval.output.sets import as_written, documents_of, lost_sets, read_result, report_date, result_folders
from perfeval.output.state import (
    MOST_BYTES,
    MOVE_AWAY,
    RECORD_FILE,
    RESULT_FILE,
    damaged,
    read_record,
    record_is_damaged,
    recorded_lines,
)
from perfeval.output.versions import version_of

AGAIN = "改法：请再运行一次 perfeval report。"
RETURNED_NAME = "退回修改"
LOST = f"“{{folder}}”{{instead}}，没有动它。改法：{MOVE_AWAY}"


class Blocked(Exception):  # noqa: N818  (its message is the sentence)
    """A package that cannot be handed over, with the sentence why."""


@dataclass(frozen=True, slots=True)
class SentPackage:
    """One department's documents of one year. `result` is the object of 结果.json; `blocked` a sentence where it must not
    go out.

    `report_date` is the report's 成文日期.
    """

    folder: Path
    department: str
    year: int
    version: int
    result: Mapping[str, Any]
    attachments: Mapping[str, bytes]
    report_date: date = date.min
    blocked: str = ""

    @property
    def title(self) -> str:
        """部门 年度 版本, on one line; of a returned workbook with 退回修改."""
        kind = "" if self.is_reported else f" {RETURNED_NAME}"
        return f"{' '.join(self.department.split())} {self.year}年度绩效自评 {version_name(self.version)}{kind}"

    @property
    def is_reported(self) -> bool:
        """Whether it is the report that goes out; else the workbook goes back."""
        return is_reported(self.result)

    @property
    def purpose(self) -> str:
        """What goes before the recipients: 退回修改（24 处错误）， where the workbook goes back."""
        errors = sum(finding["severity"] == "error" for finding in self.result["findings"])
        return "" if self.is_reported else f"{RETURNED_NAME}（{errors} 处错误），"

    @property
    def message_id(self) -> str:
        """The Message-ID of its letter."""
        return message_id(self.attachments)


def packages(output: Path) -> tuple[SentPackage, ...]:
    """Every set in the output folder, by folder name. Raises NothingToReadError where there is none."""
    record = read_record(output)
    recorded: dict[str, Mapping[str, str]] = {line["file"]: line["outputs"] for line in recorded_lines(record)}
    doubts = {
        kept["set"]: kept["reason"] for kept in record.get("kept", ()) if kept["files"]
    }  # a file lies there that may be a later version
    no_record = (
        f"{damaged(output / RECORD_FILE)}不知道文档生成以后改动过没有。{AGAIN}" if record_is_damaged(output) else ""
    )
    found = (
        *(_package(output, folder, recorded, doubts, no_record) for folder in result_folders(output)),
        *(
            SentPackage(folder, folder.name, 0, 1, {}, {}, blocked=LOST.format(folder=folder, instead=instead))
            for folder, instead in lost_sets(output).items()
        ),
    )
    if not found:
        raise NothingToReadError(f"“{output}”里还没有可以寄送的结果。", "请先运行 perfeval report（或 make report）。")
    return found


def _package(
    output: Path, folder: Path, recorded: Mapping[str, Mapping[str, str]], doubts: Mapping[str, str], no_record: str
) -> SentPackage:
    """`doubts` are the reasons why sets were left in place; `no_record` is the sentence where nothing is known of the
    documents any more."""
    result = read_result(folder)
    package = SentPackage(
        folder, result.get("department") or folder.name, result.get("year") or 0, version_of(folder), result, {}
    )
    if no_record or not result:
        return replace(package, blocked=no_record or f"{damaged(folder / RESULT_FILE)}{AGAIN}")
    name = folder.relative_to(output).as_posix()
    try:
        hashes = recorded.get(result["source"]["file"])
        if name in doubts:
            raise Blocked(
                f"“{name}”是保留下来的上次的结果，因为{doubts[name]}。改法：请先按这个原因处理，再运行一次 perfeval report。"
            )
        _refuse_unfinished(name, hashes)
        attachments = _attachments(folder, name, _attached(result), as_written(output, name, hashes or {}))
        return replace(package, attachments=attachments, report_date=report_date(result))
    except Blocked as sentence:
        return replace(package, blocked=str(sentence))
    except (OSError, LookupError, TypeError, ValueError):
        return replace(package, blocked=f"“{name}”里的文件不全或读不出来。{AGAIN}")


def _attached(result: Mapping[str, Any]) -> list[str]:
    """The files that go out: report and score workbook; else the workbook with the marks, or where it could not be
    marked the score workbook, whose 问题清单 says the same."""
    documents = documents_of(result)
    if is_reported(result):
        sent = sorted((kind for kind in KINDS if kind.is_sent), key=lambda kind: not kind.is_rendered)  # report first
        return [documents[kind.key] for kind in sent]
    return [documents.get("returned") or documents["score_workbook"]]


def _refuse_unfinished(name: str, hashes: Mapping[str, str] | None) -> None:
    """Raises Blocked for a set the last run meant to renew and could not."""
    if hashes is not None and not hashes:
        raise Blocked(
            f"“{name}”里的结果是旧的，最近一次运行没有能更新它。改法：请关闭打开着的文件，再运行一次 perfeval report。"
        )


def _attachments(folder: Path, name: str, documents: Sequence[str], known: Mapping[str, str]) -> Mapping[str, bytes]:
    """The documents to attach. Raises Blocked where one of them, or the result, is not as it was made, or nobody knows
    how it was; `known` is their sha256."""
    contents = {file: read_file(folder / file, MOST_BYTES) for file in (*documents, RESULT_FILE)}
    changed = [f"“{file}”" for file, content in contents.items() if known.get(file) != _sha256(content)]
    if changed:
        raise Blocked(
            f"“{name}”里的{'、'.join(changed)}在生成以后被改动过，或者没有生成时的记录，不能确认是原来的文件。改法：请再运行一次 perfeval report。"
        )
    return {file: contents[file] for file in documents}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
