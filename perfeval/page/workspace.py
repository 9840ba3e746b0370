"""The folder the page works on: input/ and output/, as `make report` does. Thousands of departments are listed from
the run record alone; a set's own 结果.json is read when its page is opened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.model.names import plain_name
from perfeval.model.status import IGNORED, REJECTED, REPORTED, RETURNED
from perfeval.output import files
from perfeval.output.publishing import HISTORY_FOLDER
from perfeval.output.sets import documents_of, read_result
from perfeval.output.state import MOST_BYTES, RECORD_FILE, Json, read_record, recorded_lines
from perfeval.run.follow_up import FOLLOW_UP_FILE
from perfeval.run.summary import NOTICE_FILE, SUMMARY_FILE

BESIDE = {
    "summary": SUMMARY_FILE,
    "notice": NOTICE_FILE,
    "follow_up": FOLLOW_UP_FILE,
}  # what a run writes beside the sets
SET_ASIDE = ".没有采用的填报"  # hidden: a run passes it over


@dataclass(frozen=True, slots=True)
class Line:
    """One workbook of the last run. `target` is its set's folder below the output folder, '' where it has none."""

    file: str
    status: str
    reason: str
    department: str
    year: int | None
    score: str | None
    grade: str | None
    errors: int
    questions: int
    target: str

    @property
    def name(self) -> str:
        """Whose it is, as far as that is known."""
        return self.department or self.file

    @property
    def to_do(self) -> str:
        """What the department has to do, in a few words."""
        if self.status == REJECTED:
            return self.reason
        asked = [f"改 {self.errors} 处错误"] if self.errors else []
        asked += [f"答 {self.questions} 处疑点"] if self.questions else []
        return "，".join(asked) or "不用再做什么"


@dataclass(frozen=True, slots=True)
class Rivals:
    """Workbooks of one department and year of which one has to be chosen."""

    department: str
    year: int
    files: tuple[str, ...]
    filed_before: str = ""  # the one whose results stand, where there is one


class Workspace:
    """One working folder. Raises OSError where it cannot be made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.input, self.output = self.folder / "input", self.folder / "output"
        files.make_folder(self.folder, self.input)
        files.make_folder(self.folder, self.output)
        self._stamp: tuple[int, int] | None = None
        self._record: Json = {}
        self._lines: tuple[Line, ...] = ()

    @property
    def record(self) -> Json:
        """The run record; {} where no run has been, or it is damaged. Read again where it has changed."""
        try:
            found = (self.output / RECORD_FILE).stat()
            stamp = found.st_mtime_ns, found.st_size
        except OSError:
            stamp = None
        if stamp != self._stamp:
            self._record = read_record(self.output) if stamp else {}
            self._lines = tuple(_line(line) for line in recorded_lines(self._record) if line["status"] != IGNORED)
            self._stamp = stamp
        return self._record

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every workbook of the last run."""
        return self._lines if self.record else ()

    def chosen(self, status: str, words: str) -> tuple[Line, ...]:
        """Those of a status ('' for all) whose department or file has these words in it."""
        wanted = plain_name(words)
        return tuple(
            one
            for one in self.lines
            if status in ("", one.status) and (not wanted or wanted in plain_name(one.department + one.file))
        )

    def line(self, target: str) -> Line | None:
        """The workbook whose set lies in a folder below the output folder."""
        return next((one for one in self.lines if one.target == target), None) if target else None

    def result(self, target: str) -> Json:
        """The object of a set's 结果.json; {} for what is no set of the last run."""
        return read_result(self.output / target) if self.line(target) else {}

    def document(self, target: str, kind: str) -> tuple[str, bytes] | None:
        """A document of a set by its kind: name and bytes; None where there is none. Raises OSError."""
        name = documents_of(self.result(target)).get(kind)
        return (name, files.read_file(self.output / target / name, MOST_BYTES)) if name else None

    def beside(self, kind: str) -> tuple[str, bytes] | None:
        """One of the files that a run writes beside the sets: name and bytes; None where it is not there. Raises
        OSError."""
        name = BESIDE[kind]
        is_there = files.is_file(self.output / name)
        return (name, files.read_file(self.output / name, MOST_BYTES)) if is_there else None

    def history(self, target: str) -> tuple[str, ...]:
        """The versions that a set has superseded, by name: v1, v2."""
        kept = self.output / target / HISTORY_FOLDER
        is_kept = bool(self.line(target)) and files.is_folder(kept)
        return tuple(sorted(path.name for path in kept.iterdir())) if is_kept else ()

    def rivals(self) -> tuple[Rivals, ...]:
        """The departments that filed more than one workbook of which none is the other's correction."""
        groups: dict[tuple[str, int], list[Json]] = {}
        for line in self.record.get("inputs", ()):
            identity = line.get("identity", {})
            if line["status"] == REJECTED and identity.get("department") and identity.get("year"):
                groups.setdefault((plain_name(identity["department"]), identity["year"]), []).append(line)
        standing = {one["line"]["file"] for one in self.record.get("kept", ()) if one["line"]}
        return tuple(
            Rivals(
                lines[0]["identity"]["department"],
                year,
                tuple(line["file"] for line in lines),
                next((line["file"] for line in lines if line["file"] in standing), ""),
            )
            for (_, year), lines in sorted(groups.items())
            if len(lines) > 1
        )

    def choose(self, file: str) -> bool:
        """Of the workbooks among which a department has to choose, takes this one: the others are put aside in a hidden
        folder of input/. Whether it was to be chosen. Raises OSError."""
        group = next((one for one in self.rivals() if file in one.files), None)
        if group is None:
            return False
        for other in group.files:
            path = self.input / other
            if other != file and files.is_file(path) and self.input in path.resolve().parents:
                aside = self.input / SET_ASIDE
                files.make_folder(self.input, aside)
                files.move(path, files.free_name(aside, path.name))
        return True

    def counts(self) -> Mapping[str, int]:
        """How many of each status."""
        found = Counter(one.status for one in self.lines)
        return {status: found[status] for status in (REPORTED, RETURNED, REJECTED)}

    def receive(self, name: str, content: bytes) -> str:
        """Puts a workbook into input/, beside one of the same name that is there; the name it got. Raises OSError."""
        draft = files.free_name(self.input, f".{name}.part")
        files.write_new(draft, content)
        return files.move(draft, files.free_name(self.input, name, "")).name


def _line(line: Json) -> Line:
    identity: Mapping[str, Any] = line.get("identity", {})
    target = next(iter(line["outputs"]), "").rpartition("/")[0]
    department = line.get("department") or identity.get("department") or ""
    year = line.get("year") or identity.get("year")
    facts = (line.get("total"), line.get("grade"), line.get("errors") or 0, line.get("questions") or 0)
    return Line(line["file"], line["status"], line["reason"], department, year, *facts, target)
