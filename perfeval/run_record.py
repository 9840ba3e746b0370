"""运行记录.json: every input and what became of it. It is also what tells the next run which sets need not be built again."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import Json
from perfeval.pipeline import IGNORED, REJECTED, REPORTED, RETURNED, Settings
from perfeval.publishing import RESULT_FILE
from perfeval.tasks import DAMAGED_RESULT, Outcome, Task, outcome_of

RECORD_FILE = "运行记录.json"
FOLDER, KEPT = "folder", "kept"  # keys of the record
JOURNAL = "journal.jsonl"  # in the work folder: the entries of a run that may not live to write its record


@dataclass(frozen=True, slots=True)
class Entry:
    """One input and what became of it. `outcome` is None for ignored files; `outputs` are path → sha256.

    `fingerprint` stands for everything the outputs were made from, `texts` are digests of the long texts; `unchanged`: nothing was built again.
    `folder` stands for the input folder the file lies in; `kept` are the sets that were left standing because of this input.
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
    folder: str = ""
    kept: tuple["Kept", ...] = ()

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
        if self.outputs:
            line |= {"fingerprint": self.fingerprint, "texts": list(self.texts), FOLDER: self.folder}
        if self.kept:
            line[KEPT] = [{"set": kept.target, "reason": kept.reason} for kept in self.kept]
        return line


@dataclass(frozen=True, slots=True)
class Kept:
    """A published set that is left standing although nothing was made of its workbook in this run.

    `target` is its folder below the output folder, `reason` why it stays, `files` the inputs because of which, `line` the record's line of its workbook
    from when it was made: None where no record knows it.
    """

    target: str
    reason: str
    files: tuple[str, ...] = ()
    line: Json | None = None

    def as_json(self) -> Json:
        """Its line in the record: what is needed to take the set up again once its workbook can be read."""
        return {"set": self.target, "reason": self.reason, "files": list(self.files), "line": self.line}


def count(entries: Iterable[Entry], status: str) -> int:
    """How many inputs ended with a status."""
    return sum(1 for e in entries if e.status == status)


def record(entries: Sequence[Entry], versions: Mapping[str, str], settings: Settings, kept: Sequence[Kept] = ()) -> bytes:
    """The file's bytes. `kept` are all the sets that were left standing."""
    return json_bytes(
        {
            "inputs": [e.as_json() for e in entries],
            "versions": dict(versions),
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
            "counts": {status: count(entries, status) for status in (REPORTED, RETURNED, REJECTED, IGNORED)},
            KEPT: [one.as_json() for one in kept],
        }
    )


class Earlier:
    """What earlier runs built: lines of the last record, those of sets it left standing, and of the journal of a run that was cut off after it."""

    def __init__(self, output: Path, work: Path) -> None:
        self._output = output
        recorded = read_record(output)
        known = written_lines(recorded)
        self._all = [*filter(_is_built, known), *_journalled(work)]
        self._lines = {line["fingerprint"]: line for line in self._all}
        self._kept = tuple(kept_lines(recorded))
        self.files = frozenset(line["file"] for line in (*known, *self._all))

    def entry(self, task: Task) -> Entry | None:
        """The entry of a workbook whose set stands as it was built, from the same inputs; None where it has to be built."""
        line = self._lines.get(task.fingerprint)
        if line is None or line["file"] != task.file or not all(self._stands(path, digest) for path, digest in line["outputs"].items()):
            return None
        try:
            written = (self._output / task.target / RESULT_FILE).read_bytes()
            outcome = outcome_of(json.loads(written), written, brief=True)
        except DAMAGED_RESULT:
            return None
        texts = tuple(map(str, line["texts"]))
        return Entry(
            task.file, task.sha256, line["status"], line["reason"], outcome, line["outputs"], task.fingerprint, texts, True, task.folder
        )

    def line_in(self, target: str) -> Json | None:
        """The line of the set in a folder below the output folder."""
        return self._by_target.get(target)

    @cached_property
    def _by_target(self) -> Mapping[str, Json]:
        return {path.rpartition("/")[0]: line for line in self._all for path in line["outputs"]}

    def outputs_in(self, target: str) -> Mapping[str, str]:
        """What was written into a set's folder below the output folder: path → sha256."""
        line = self.line_in(target)
        return line["outputs"] if line else {}

    def was_kept(self, target: str, file: str) -> bool:
        """Whether the last run left a set standing because of this input."""
        return any(kept.get("set") == target and file in kept.get("files", ()) for kept in self._kept)

    @cached_property
    def written(self) -> Mapping[str, str]:
        """Everything that was written below the output folder: path → sha256."""
        return {path: digest for line in self._all for path, digest in line["outputs"].items()}

    def _stands(self, path: str, digest: str) -> bool:
        try:
            return hashlib.sha256((self._output / path).read_bytes()).hexdigest() == digest
        except OSError:
            return False


def read_record(output: Path) -> Json:
    """The object of an output folder's 运行记录.json; {} where it is missing, or written by somebody else."""
    try:
        recorded = json.loads((output / RECORD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return recorded if isinstance(recorded, dict) else {}


def written_lines(recorded: Mapping[str, Any]) -> list[Json]:
    """The record's lines of its inputs, then those of the workbooks whose sets the run left standing."""
    inputs = recorded.get("inputs")
    lines = [*(inputs if isinstance(inputs, list) else ()), *(kept.get("line") for kept in kept_lines(recorded))]
    return [
        line for line in lines if isinstance(line, dict) and isinstance(line.get("file"), str) and isinstance(line.get("outputs"), dict)
    ]


def kept_lines(recorded: Mapping[str, Any]) -> list[Json]:
    """The record's lines of the sets that were left standing: set, reason, files, line."""
    lines = recorded.get(KEPT)
    return [line for line in lines if isinstance(line, dict) and isinstance(line.get("files"), list)] if isinstance(lines, list) else []


def _journalled(work: Path) -> list[Json]:
    """The journal's lines; the last may be cut off."""
    try:
        lines = (work / JOURNAL).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line for text in lines if _is_built(line := _parsed(text))]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_built(line: Any) -> bool:
    wanted = {"file": str, "status": str, "reason": str, "fingerprint": str, "outputs": dict, "texts": list}
    return isinstance(line, dict) and all(isinstance(line.get(key), kind) for key, kind in wanted.items()) and bool(line["outputs"])


def journal(work: Path, entry: Entry) -> None:
    """Notes a published set, so that a run that is cut off can be taken up where it stopped. Where it cannot be noted, it is built once more then."""
    with suppress(OSError), (work / JOURNAL).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
