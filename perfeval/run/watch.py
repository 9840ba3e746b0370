"""Watching a folder: workbooks that have come to rest are due for a run, those still being copied or edited wait.

There is no telling from events: a network drive sends none. So the folder is looked at every few seconds. A workbook is
at rest when two looks find it the same, it is a whole file, and no program has it open.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from perfeval.run.inbox import workbooks

Stamp = tuple[int, int]  # size in bytes, time of change in nanoseconds
OPEN_MARKS = ("~${}", ".~{}", ".~lock.{}#")  # what Excel, WPS and LibreOffice put beside a workbook they have open
ZIP_START = b"PK"
PATIENCE = 12  # looks after which a file cut short counts as it is: the run says what is wrong with it


class Watch:
    """One folder under watch; `output` is the results' folder, which may lie in it."""

    def __init__(self, folder: Path, output: Path) -> None:
        self._folder, self._output = folder, output
        self._seen: Mapping[Path, Stamp] = {}  # by the last look
        self._done: dict[Path, Stamp] = {}  # as the last run found them
        self._unchanged: dict[Path, int] = {}  # for how many looks

    def look(self) -> frozenset[Path] | None:
        """Looks once: the workbooks that have to wait where a run is due, None where none is.

        A run is due where a workbook at rest is new or another than before, and where one is gone for two looks.
        """
        now = {path: stamp for path in workbooks([self._folder], self._output) if (stamp := _stamp(path))}
        self._unchanged = {p: self._unchanged.get(p, 0) + 1 if self._seen.get(p) == now[p] else 0 for p in now}
        gone = self._done.keys() - now.keys() - self._seen.keys()
        at_rest = {path: stamp for path, stamp in now.items() if self._is_at_rest(path)}
        self._seen = now
        if not gone and all(self._done.get(path) == stamp for path, stamp in at_rest.items()):
            return None
        self._done = {path: stamp for path, stamp in self._done.items() if path not in gone} | at_rest
        return frozenset(now.keys() - at_rest.keys())

    def look_again(self) -> None:
        """The run did not take place: all that is at rest is due once more."""
        self._done = dict.fromkeys(self._done, (-1, -1))

    def _is_at_rest(self, path: Path) -> bool:
        looks = self._unchanged[path]
        is_open = any((path.parent / mark.format(path.name)).exists() for mark in OPEN_MARKS)
        return looks > 0 and not is_open and (looks >= PATIENCE or _is_whole(path))


def _stamp(path: Path) -> Stamp | None:
    """None for a file that is no longer there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_whole(path: Path) -> bool:
    """Whether a file is not the first part of a zip; one that no program lets us read is not."""
    try:
        with path.open("rb") as stream:
            return not stream.read(2).startswith(ZIP_START) or zipfile.is_zipfile(stream)
    except OSError:
        return False
