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
from perfeval.tasks import Outcome, Task, outcome_of

RECORD_FILE = "运行记录.json"
JOURNAL = "journal.jsonl"  # in the work folder: the entries of a run that may not live to write its record


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
        self._lines = {line["fingerprint"]: line for line in [*_recorded(output), *_journalled(work)]}

    def entry(self, task: Task) -> Entry | None:
        """The entry of a workbook whose set stands as it was built, from the same inputs; None where it has to be built."""
        line = self._lines.get(task.fingerprint)
        if line is None or line["file"] != task.file or not all(self._stands(path, digest) for path, digest in line["outputs"].items()):
            return None
        try:
            written = (self._output / task.target / RESULT_FILE).read_bytes()
            outcome = outcome_of(json.loads(written), written, brief=True)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):  # not what perfeval writes
            return None
        texts = tuple(map(str, line["texts"]))
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

    def _stands(self, path: str, digest: str) -> bool:
        try:
            return hashlib.sha256((self._output / path).read_bytes()).hexdigest() == digest
        except OSError:
            return False


def _recorded(output: Path) -> list[Json]:
    try:
        recorded = json.loads((output / RECORD_FILE).read_text(encoding="utf-8"))
        return [line for line in recorded["inputs"] if _is_built(line)]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):  # missing, or written by somebody else
        return []


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
