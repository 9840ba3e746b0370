"""运行记录.json: every input and what became of it. It is also what shows the next run which sets need not be built
again."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path

from perfeval import __version__
from perfeval.documents.evaluation import FIRST_VERSION, IGNORED, REJECTED, REPORTED, RETURNED, Revision, Settings
from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import SCHEMA, Json
from perfeval.documents.summaries.brief import Brief, brief_of
from perfeval.excel.guard import file_sha256
from perfeval.filing.identify import Identity
from perfeval.output import files, publishing
from perfeval.output.seal import is_sealed
from perfeval.output.sets import read_result
from perfeval.output.state import (
    RECORD_FILE,
    built_lines,
    damaged,
    read_record,
    record_is_damaged,
    recorded_lines,
)
from perfeval.output.written import Written, journalled, note

FOLDER, KEPT, IDENTITY, SUMMARY = "folder", "kept", "identity", "summary"  # keys of the record


@dataclass(frozen=True, slots=True)
class Task:
    """One workbook for a worker; `target` and `stem` say where its set belongs and how its documents are called.

    `fingerprint` stands for everything the set depends on: the workbook, the rules, the template, the program, the
    report date. `earlier` is a workbook with the values of the version this one corrects, `superseded` the published
    set that goes to 历史 when this one is. `remark` is what the operator sees of all that; `folder` stands for the
    input folder.
    """

    path: Path
    file: str
    sha256: str
    target: str = ""
    stem: str = ""
    fingerprint: str = ""
    revision: Revision = FIRST_VERSION
    earlier: Path | None = None
    superseded: publishing.Superseded | None = None
    remark: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is kept of a workbook until the run ends, made small by the worker: the object of 结果.json compressed, and
    what the summary needs of it. Of a set that is unchanged both are read from its `folder` when somebody asks."""

    status: str
    findings: int
    packed: bytes
    version: int | None = None  # of the filing; None for a rejected workbook
    answered: int = 0  # questions closed by a word: not counted among the findings
    reason: str = ""  # why it was rejected, in its finding's own words
    made: Brief | None = None
    facts: Json = field(default_factory=dict)  # see facts_of
    folder: Path = Path()

    @property
    def result(self) -> Json:
        """The object of 结果.json."""
        result: Json = json.loads(zlib.decompress(self.packed)) if self.packed else read_result(self.folder)
        return result

    @property
    def brief(self) -> Brief | None:
        """What the summary says of it; None for a rejected workbook."""
        return self.made or (None if self.status == REJECTED else brief_of(self.result))


def outcome_of(result: Json, written: bytes = b"", brief: bool = False) -> Outcome:
    """From the object of 结果.json; `written` are the bytes of that file where there is one, `brief`: the summary is
    going to be written."""
    rejected = result["status"] == REJECTED
    reason = "".join(f["message"] + f["fix"] for f in result["findings"]) if rejected else ""
    packed = zlib.compress(written or json_bytes(result), 1)
    summary = brief_of(result) if brief and not rejected else None
    answered = sum(1 for f in result["findings"] if f["answered"])
    open_ones, version = len(result["findings"]) - answered, result.get("version")
    return Outcome(result["status"], open_ones, packed, version, answered, reason, summary, facts_of(result))


def facts_of(result: Json) -> Json:
    """What the record says of a workbook besides its line's own keys: enough to list thousands without opening any."""
    open_findings = [finding["severity"] for finding in result["findings"] if not finding["answered"]]
    return {
        **{key: result.get(key) for key in ("department", "year", "kind", "total", "grade", "left_out")},
        "errors": open_findings.count("error"),
        "questions": open_findings.count("question"),
    }


FACTS = ("department", "year", "kind", "total", "grade", "left_out", "errors", "questions")
OUTCOME_KEYS = {*FACTS, "findings", "answered", "version"}  # of a line that says all that an Outcome needs


@dataclass(frozen=True, slots=True)
class Entry:
    """One input and what became of it. `outcome` is None for ignored files; `outputs` are path → sha256.

    `fingerprint` stands for everything the outputs were made from, `texts` are digests of the long texts; `unchanged`:
    nothing was built again. `folder` stands for the input folder the file lies in; `kept` are the sets that were left
    in place because of this input.
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
        """How many findings, of any severity; answered questions are counted apart."""
        return self.outcome.findings if self.outcome else 0

    def as_json(self) -> Json:
        """Its line in the record."""
        line: Json = {
            "file": self.file,
            "sha256": self.sha256,
            "status": self.status,
            "reason": self.reason,
            "findings": self.findings,
            "answered": self.outcome.answered if self.outcome else 0,
            "outputs": dict(self.outputs),
            "version": self.outcome.version if self.outcome else None,
            **(self.outcome.facts if self.outcome else {}),
        }
        if self.outputs:
            line |= {"fingerprint": self.fingerprint, "texts": list(self.texts), FOLDER: self.folder}
        if self.kept:
            line[KEPT] = [{"set": kept.target, "reason": kept.reason} for kept in self.kept]
        return line


@dataclass(frozen=True, slots=True)
class Kept:
    """A published set that is left in place although nothing was made of its workbook in this run.

    `target` is its folder below the output folder, `reason` why it stays, `files` the inputs because of which, `line`
    the record's line of its workbook from when it was made: None where no record knows it.
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


def record(
    entries: Sequence[Entry],
    versions: Mapping[str, str],
    settings: Settings,
    kept: Sequence[Kept],
    identities: Mapping[str, Identity],
    summary: str,
) -> Json:
    """The file's object. `kept` are all the sets that were left in place, `identities` who filed what, by file;
    `summary` stands for all that 汇总表 was made from."""
    return {
        "schema": SCHEMA,
        "inputs": [e.as_json() | _identity_json(identities.get(e.file)) for e in entries],
        "versions": dict(versions),
        "as_of": settings.as_of.isoformat() if settings.as_of else None,
        "counts": {status: count(entries, status) for status in (REPORTED, RETURNED, REJECTED, IGNORED)},
        KEPT: [one.as_json() for one in kept],
        SUMMARY: summary,
    }


def _identity_json(identity: Identity | None) -> Json:
    """A workbook that cannot be read says nothing, and is opened again by the next run."""
    if identity is None or identity == Identity():
        return {}
    day = identity.filing_date.isoformat() if identity.filing_date else None
    return {IDENTITY: asdict(identity) | {"filing_date": day}}


def _identity(line: Json) -> Identity:
    day = date.fromisoformat(line["filing_date"]) if line["filing_date"] else None
    return Identity(**{key.name: line[key.name] for key in fields(Identity)} | {"filing_date": day})


class Earlier:
    """What earlier runs built: lines of the last record, those of sets it left in place, and of the journal of a run
    that was cut off after it."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self.problems: list[str] = []  # sentences about what earlier runs left that can neither be finished nor cleared
        self.notes = [f"{damaged(output / RECORD_FILE)}这一次已经全部重新生成。"] if record_is_damaged(output) else []
        recorded = read_record(output)
        noted = journalled(output)
        self.beside = Written(output, recorded, noted)
        own = recorded if recorded and is_sealed(output / RECORD_FILE) else {}  # nobody has changed it since
        complete = (line for line in built_lines(own.get("inputs", ())) if line.keys() >= OUTCOME_KEYS)
        self._sound = {line["fingerprint"] for line in complete}
        self._all = built_lines([*recorded_lines(recorded), *noted])
        self._lines = {line["fingerprint"]: line for line in self._all}
        is_same_program = own.get("versions", {}).get("perfeval") == __version__
        lines = own.get("inputs", ()) if is_same_program else ()
        self.identities = {line["sha256"]: _identity(line[IDENTITY]) for line in lines if IDENTITY in line}
        self.readable = frozenset(line["sha256"] for line in built_lines(lines))
        self.summary = str(own.get(SUMMARY, "")) if is_same_program else ""
        self._kept = tuple(recorded.get(KEPT, ()))
        self.files = frozenset((line["file"], line["sha256"]) for line in (*recorded.get("inputs", ()), *self._all))

    def entry(self, task: Task) -> Entry | None:
        """The entry of a workbook whose set is as it was built, from the same inputs; None where it has to be
        built."""
        line = self._lines.get(task.fingerprint)
        if (
            line is None
            or line["file"] != task.file
            or not files.is_own_folder(self._output, self._output / task.target)
        ):
            return None
        if not all(file_sha256(self._output / path) == digest for path, digest in line["outputs"].items()):
            return None
        outcome = self._outcome(line, self._output / task.target)
        if outcome is None:
            return None
        return Entry(
            task.file,
            task.sha256,
            line["status"],
            line["reason"],
            outcome,
            line["outputs"],
            task.fingerprint,
            tuple(line["texts"]),
            True,
            task.folder,
        )

    def _outcome(self, line: Json, folder: Path) -> Outcome | None:
        """What became of the workbook, by a line that nobody has changed, or else by its set."""
        if line["fingerprint"] in self._sound:
            facts = {key: line[key] for key in FACTS}
            counts = line["findings"], b"", line["version"], line["answered"]
            return Outcome(line["status"], *counts, facts=facts, folder=folder)
        result = read_result(folder)
        return outcome_of(result) if result else None

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
        """Whether the last run left a set in place because of this input."""
        return any(kept["set"] == target and file in kept["files"] for kept in self._kept)

    @cached_property
    def written(self) -> Mapping[str, str]:
        """Everything that was written below the output folder: path → sha256."""
        return {path: digest for line in self._all for path, digest in line["outputs"].items()}


def journal(output: Path, entry: Entry) -> None:
    """Notes a published set, so that a run that is cut off can be taken up where it stopped."""
    note(output, entry.as_json())
