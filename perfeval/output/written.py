"""What perfeval wrote into an output folder beside its sets (汇总表, 复核/…, 发件箱/…), with its sha256 in the run record: so
that what somebody else put there, or changed, is set aside and never overwritten."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import SCHEMA
from perfeval.errors import OutputError
from perfeval.output import files
from perfeval.output.lock import occupied
from perfeval.output.seal import is_sealed, sealed_object
from perfeval.output.state import RECORD_FILE, WORK_FOLDER, Json, read_record, record_is_damaged

WRITTEN = "written"  # the key of the record
NO_RUN: Json = {"schema": SCHEMA, "inputs": [], "versions": {}, "as_of": None}


class Written:
    """The files beside the sets, as far as the run record knows them; path below the output folder → sha256.

    `kept` are the sentences about files that were set aside, `unwritten` those about files that could not be written,
    by name. A file is noted once it has been written: after a kill in between, the next run finds just what it is
    going to write.
    """

    def __init__(self, output: Path, record: Json) -> None:
        self.kept: list[str] = []
        self.unwritten: dict[str, str] = {}
        self._output = output
        self._hashes: dict[str, str] = dict(record.get(WRITTEN, {}))

    @property
    def hashes(self) -> Mapping[str, str]:
        """Those of the files that are still there."""
        return {name: self._hashes[name] for name in sorted(self._hashes) if files.is_file(self._output / name)}

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as perfeval wrote it. Raises OSError."""
        known = self._hashes.get(path.relative_to(self._output).as_posix())
        return known is not None and known == files.sha256(path)

    def is_changed(self, path: Path) -> bool:
        """Whether perfeval wrote a file there, and somebody has changed it. Raises OSError."""
        return path.relative_to(self._output).as_posix() in self._hashes and not self.is_ours(path)

    def write(self, name: str, content: bytes) -> bool:
        """Writes a file below the output folder, under the lock; whether it could be written."""
        self._write(name, content, self.is_ours)
        if name not in self.unwritten:
            self._hashes[name] = hashlib.sha256(content).hexdigest()
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
        written = Written(output, record)
        yield written
        if not record_is_damaged(output):
            written.write_record(record or NO_RUN)
