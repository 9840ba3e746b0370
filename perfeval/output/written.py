"""What perfeval wrote into an output folder beside its sets (汇总表, 复核/…, 发件箱/…), with its sha256 in the run record: so
that what somebody else put there, or changed, is set aside and never overwritten."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import SCHEMA
from perfeval.errors import OutputError
from perfeval.output import files
from perfeval.output.lock import occupied
from perfeval.output.publishing import JOURNAL
from perfeval.output.schema import rule, texts
from perfeval.output.seal import is_sealed, sealed_object
from perfeval.output.state import (
    MOST_BYTES,
    RECORD_FILE,
    WORK_FOLDER,
    Json,
    Unreadable,
    parsed,
    read_record,
    record_is_damaged,
)

WRITTEN, SHA256 = "written", "sha256"  # the key of the record; those of a line of the journal
is_note = rule(texts(WRITTEN, SHA256))
NO_RUN: Json = {"schema": SCHEMA, "inputs": [], "versions": {}, "as_of": None}


class Written:
    """The files beside the sets, as far as the run record knows them; path below the output folder → sha256.

    `kept` are the sentences about files that were set aside, `unwritten` those about files that could not be written,
    by name. What is going to be written is noted in the run's journal first, for the run after one that was killed
    (`journalled`, the lines of its journal).
    """

    def __init__(self, output: Path, record: Json, journalled: Iterable[Any]) -> None:
        self.kept: list[str] = []
        self._noted = {(line[WRITTEN], line[SHA256]) for line in journalled if is_note(line)}
        self.unwritten: dict[str, str] = {}
        self._output = output
        self._hashes: dict[str, str] = dict(record.get(WRITTEN, {}))

    @property
    def hashes(self) -> Mapping[str, str]:
        """Those of the files in whose places there is anything still."""
        return {name: self._hashes[name] for name in sorted(self._hashes) if files.is_there(self._output / name)}

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as perfeval wrote it. Raises OSError."""
        name, digest = path.relative_to(self._output).as_posix(), files.sha256(path)
        return self._hashes.get(name) == digest or (name, digest) in self._noted

    def stands(self, name: str) -> bool:
        """Whether a file is there just as the last run that finished wrote it."""
        path = self._output / name
        return files.is_file(path) and self._hashes.get(name) == files.sha256(path)

    def is_changed(self, path: Path) -> bool:
        """Whether perfeval wrote a file there, and somebody has changed it. Raises OSError."""
        return path.relative_to(self._output).as_posix() in self._hashes and not self.is_ours(path)

    def write(self, name: str, content: bytes) -> bool:
        """Writes a file below the output folder, under the lock; whether it could be written."""
        digest = hashlib.sha256(content).hexdigest()
        note(self._output, {WRITTEN: name, SHA256: digest})
        self._write(name, content, self.is_ours)
        if name not in self.unwritten:
            self._hashes[name] = digest
        return name not in self.unwritten

    def write_record(self, record: Json) -> None:
        """Writes the run record, with what is known here."""
        self._write(RECORD_FILE, sealed_object(json_bytes({**record, WRITTEN: self.hashes})), is_sealed)

    def _write(self, name: str, content: bytes, is_ours: Callable[[Path], bool]) -> None:
        try:
            kept = files.write_over(self._output, name, content, is_ours, self._output / WORK_FOLDER)
        except OutputError as error:  # open in another program: the sets are in their places all the same
            self.unwritten[name] = str(error)
        else:
            self.kept += [kept] if kept else []


@contextmanager
def beside_the_sets(output: Path) -> Iterator[Written]:
    """The output folder for a command that writes beside the sets: locked, and in the end the record knows what was
    written. Raises OutputError.

    A damaged record stays as it is: that it is damaged is for the next run to say.
    """
    with occupied(output):
        record = {key: value for key, value in read_record(output).items() if key != "checksum"}
        is_cut_off = files.is_file(output / WORK_FOLDER / JOURNAL)
        written = Written(output, record, journalled(output))
        yield written
        if not record_is_damaged(output):
            written.write_record(record or NO_RUN)
        if not is_cut_off:  # that of a run that was killed is for the next run
            files.remove_file(output / WORK_FOLDER / JOURNAL)


def journalled(output: Path) -> list[Any]:
    """The lines of the journal of a run that was cut off; the last may be cut off too."""
    try:
        lines = files.read_file(output / WORK_FOLDER / JOURNAL, MOST_BYTES).splitlines()
    except OSError:
        return []
    return [_parsed(line) for line in lines]


def _parsed(line: bytes) -> Any:
    try:
        return parsed(line)
    except Unreadable:
        return None


def note(output: Path, line: Json) -> None:
    """Adds a line to the journal. Where that cannot be, a run that is cut off has more to do over again."""
    with suppress(OSError, OutputError):
        files.append(output / WORK_FOLDER / JOURNAL, json.dumps(line, ensure_ascii=False) + "\n")
