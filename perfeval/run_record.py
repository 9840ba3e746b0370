"""运行记录.json: every input and what became of it. It is also what tells the next run which sets need not be built again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import Json
from perfeval.errors import OutputError
from perfeval.inbox import file_sha256
from perfeval.output import files
from perfeval.output.state import (
    MOST_BYTES,
    RECORD_FILE,
    RESULT_FILE,
    Unreadable,
    built_lines,
    damaged,
    is_result,
    parsed,
    read_record,
    record_is_damaged,
)
from perfeval.pipeline import IGNORED, REJECTED, REPORTED, RETURNED, Settings
from perfeval.publishing import JOURNAL
from perfeval.tasks import Outcome, Task, outcome_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One input and what became of it. `outcome` is None for ignored files; `outputs` are path → sha256.

    `fingerprint` stands for everything the outputs were made from, `texts` are digests of the long texts; `unchanged`: nothing was built again.
    """

    file: str
    sha256: str
    status: str
    reason: str = ""
    outcome: Outcome | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    texts: tuple[str, ...] = ()
    unchanged: bool = False

    @property
    def result(self) -> Json | None:
        """The object of 结果.json, unpacked; None for ignored files."""
        return self.outcome.result if self.outcome else None

    @property
    def findings(self) -> int:
        """How many findings, of any severity."""
        return self.outcome.findings if self.outcome else 0

    def as_json(self) -> Json:
        """Its line in the record."""
        line: Json = {
            "file": self.file,
            "sha256": self.sha256,
            "status": self.status,
            "reason": self.reason,
            "findings": self.findings,
            "outputs": dict(self.outputs),
            "version": self.outcome.version if self.outcome else None,
        }
        return {**line, "fingerprint": self.fingerprint, "texts": list(self.texts)} if self.outputs else line


def count(entries: Iterable[Entry], status: str) -> int:
    """How many inputs ended with a status."""
    return sum(1 for e in entries if e.status == status)


def record(entries: Sequence[Entry], versions: Mapping[str, str], settings: Settings) -> bytes:
    """The file's bytes."""
    return json_bytes(
        {
            "inputs": [e.as_json() for e in entries],
            "versions": dict(versions),
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
            "counts": {status: count(entries, status) for status in (REPORTED, RETURNED, REJECTED, IGNORED)},
        }
    )


class Earlier:
    """What earlier runs built: lines of the last record, and of the journal of a run that was cut off after it."""

    def __init__(self, output: Path, work: Path) -> None:
        self._output = output
        self.problems: list[str] = []  # sentences about what earlier runs left that can neither be finished nor cleared
        self.notes = [f"{damaged(output / RECORD_FILE)}这一次已经全部重新生成。"] if record_is_damaged(output) else []
        recorded = read_record(output).get("inputs", ())
        self._lines = {line["fingerprint"]: line for line in built_lines([*recorded, *_journalled(work)])}

    def entry(self, task: Task) -> Entry | None:
        """The entry of a workbook whose set stands as it was built, from the same inputs; None where it has to be built."""
        line = self._lines.get(task.fingerprint)
        if line is None or line["file"] != task.file or not files.is_own_folder(self._output, self._output / task.target):
            return None
        if not all(file_sha256(self._output / path) == digest for path, digest in line["outputs"].items()):
            return None
        try:
            written = files.read_file(self._output / task.target / RESULT_FILE, MOST_BYTES)
            result = parsed(written)
        except (OSError, Unreadable):
            return None
        if not is_result(result):
            return None
        outcome, texts = outcome_of(result, written, brief=True), tuple(line["texts"])
        return Entry(
            task.file, task.sha256, line["status"], line["reason"], outcome, line["outputs"], task.fingerprint, texts, unchanged=True
        )

    def outputs_in(self, target: str) -> Mapping[str, str]:
        """What was written into a set's folder below the output folder: path → sha256."""
        found = (line["outputs"] for line in self._lines.values())
        return next((outputs for outputs in found if any(path.rpartition("/")[0] == target for path in outputs)), {})

    @cached_property
    def written(self) -> Mapping[str, str]:
        """Everything that was written below the output folder: path → sha256."""
        return {path: digest for line in self._lines.values() for path, digest in line["outputs"].items()}


def _journalled(work: Path) -> list[object]:
    """The journal's lines; the last may be cut off."""
    try:
        lines = files.read_file(work / JOURNAL, MOST_BYTES).splitlines()
    except OSError:
        return []
    return [_parsed(line) for line in lines]


def _parsed(line: bytes) -> object:
    try:
        return parsed(line)
    except Unreadable:
        return None


def journal(work: Path, entry: Entry) -> None:
    """Notes a published set, so that a run that is cut off can be taken up where it stopped. Where it cannot be noted, it is built once more then."""
    with suppress(OSError, OutputError):
        files.append(work / JOURNAL, json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
