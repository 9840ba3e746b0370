"""Versions of a department's filing, as the output folder knows them: which sets are there, what they superseded, which version a workbook is.

The number travels in the workbook: a workbook that names no predecessor is version 1, a correction is one more than the version it was made from
(its 问题清单 sheet says which). What lies in the output folder changes that in two cases only:

- a set made from this very workbook keeps its version, so that building it again changes nothing;
- where the folder's set goes back to the same predecessor (another correction of it, or a correction of that one) and its workbook no longer lies in
  the inputs, the new workbook supersedes that set too and is one version higher than it.

The superseded set moves to 历史/v<n>/ of the new one's folder. What a correction answers is always the version it names itself. Only a workbook of the
same department and year is corrected; one of another that was begun with a workbook that had come back names it too, and is a first version.
"""

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from perfeval.documents.text import version_name
from perfeval.findings.finding import Severity
from perfeval.intake.form import BASIC
from perfeval.model.names import plain_name
from perfeval.publishing import HISTORY_FOLDER, RESULT_FILE, Superseded, changed_documents, own_documents, own_result, published_sets

REVIEW_FOLDER, REVIEWED_FILE = "复核", "复核退回.xlsx"
HEAD_LENGTH = 2_000  # characters
PENDING_FOLDER = "待补"  # of sets whose workbooks do not tell department and year
NAMES = (BASIC.field("department").label, BASIC.field("year").label)


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """A version as its own 结果.json tells it: where its documents lie, its workbook's sha256, its predecessor's ('' for none).

    `target` is the folder of the set below the output folder, also for a version in its 历史.
    """

    folder: Path
    target: str
    sha256: str
    version: int
    predecessor: str
    predecessor_version: int

    @property
    def returned(self) -> Path | None:
        """The workbook that was sent back."""
        name = own_documents(self.folder).get("returned")
        return self.folder / name if name else None

    @property
    def is_compared(self) -> bool:
        """Whether its table of corrections was made."""
        return "corrections" in own_documents(self.folder)

    @property
    def is_misnamed(self) -> bool:
        """Whether department or year was told to be wrong."""
        errors = (f for f in own_result(self.folder).get("findings", ()) if f["severity"] == Severity.ERROR)
        return any(f["sheet"] == BASIC.name and f["label"] in NAMES for f in errors)

    def may_precede(self, target: str) -> bool:
        """Whether a workbook whose set belongs in `target` may be a correction of it."""
        return is_same_filing(self.target, target) or self.is_misnamed


def is_same_filing(one: str, other: str) -> bool:
    """Whether two sets' folders can be those of one department and year; a workbook that does not tell them may be anybody's."""
    return plain_name(one) == plain_name(other) or any(target.startswith(f"{PENDING_FOLDER}/") for target in (one, other))


@dataclass(frozen=True, slots=True)
class Lineage:
    """A published set and the versions it superseded, those that lie in its 历史 and those it merely names."""

    current: FiledVersion
    history: tuple[FiledVersion, ...]

    @property
    def superseded(self) -> dict[str, int]:
        """sha256 → version of every workbook that an older or the current version names, or was made from."""
        known = {v.sha256: v.version for v in self.history}
        known |= {v.predecessor: v.predecessor_version for v in (*self.history, self.current) if v.predecessor}
        return {sha256: version for sha256, version in known.items() if sha256 != self.current.sha256 and version < self.current.version}


class Archive:
    """Every version in an output folder; read when first asked for."""

    def __init__(self, output: Path | None, written: Mapping[str, str] | None = None) -> None:
        """`output` is None where nothing is published; `written` are the documents that were written there, path → sha256, as far as that is recorded."""
        self._output, self._written = output, written or {}

    @cached_property
    def _lineages(self) -> tuple[Lineage, ...]:
        folders = published_sets(self._output) if self._output else ()
        return tuple(Lineage(self._version(folder, folder), tuple(self._history(folder))) for folder in folders)

    def _history(self, folder: Path) -> Iterator[FiledVersion]:
        for kept in sorted((folder / HISTORY_FOLDER).glob("v*")):
            if (kept / RESULT_FILE).is_file():
                yield self._version(kept, folder)

    def _version(self, folder: Path, owner: Path) -> FiledVersion:
        return _version(folder, owner.relative_to(self._output or Path()).as_posix())

    @cached_property
    def _current(self) -> dict[str, FiledVersion]:
        return {line.current.sha256: line.current for line in reversed(self._lineages)}

    @cached_property
    def _successors(self) -> dict[str, list[tuple[int, FiledVersion]]]:
        """sha256 → which version it was, and the set that superseded it; usually one."""
        found: dict[str, list[tuple[int, FiledVersion]]] = {}
        for line in self._lineages:
            for sha256, version in line.superseded.items():
                found.setdefault(sha256, []).append((version, line.current))
        return found

    def made_from(self, sha256: str) -> FiledVersion | None:
        """The current set that was made from a workbook."""
        return self._current.get(sha256)

    def successor_of(self, sha256: str) -> tuple[int, FiledVersion] | None:
        """The version a workbook was, and the set that has superseded it; None where none has."""
        return next(iter(self._successors.get(sha256, ())), None)

    def known(self, sha256: str) -> FiledVersion | None:
        """The version that was made from a workbook, be it superseded."""
        return self._every.get(sha256)

    def superseded_by(self, predecessor: str, target: str, present: Set[str]) -> FiledVersion | None:
        """The set a correction supersedes: made from its predecessor, or going back to it with a workbook no longer among those `present` (sha256).

        The set of its own folder comes first (`target`); one of another department or year is none.
        """
        made, gone_back = self.made_from(predecessor), self._successors.get(predecessor, ())
        found = [*([made] if made else ()), *(newer for _, newer in gone_back if newer.sha256 not in present)]
        return min((v for v in found if v.may_precede(target)), key=lambda version: version.target != target, default=None)

    def workbook(self, filed: Path | None, sha256: str, stem: str, version: int) -> Path | None:
        """A workbook with the values of the one of that sha256: itself, the one returned for it, or the one that came back from its review.

        `filed` is the workbook itself where it is at hand; `stem` and `version` are those of the filing. Who reads it makes sure that it is the right one.
        """
        known = self.known(sha256)
        returned = known.returned if known else None
        return filed or (returned if returned and self._is_as_written(returned) else None) or self._reviewed(stem, version)

    def _is_as_written(self, path: Path) -> bool:
        """Whether a document holds what it held at first: somebody may have filled it in where it lies."""
        output = self._output or Path()
        return path not in changed_documents(output, path.parent.relative_to(output).as_posix(), self._written)

    @cached_property
    def _every(self) -> dict[str, FiledVersion]:
        """Every version by the sha256 of its workbook: of published sets and of every 历史, also where the set was withdrawn."""
        left = sorted(self._output.glob(f"*/*/{HISTORY_FOLDER}")) if self._output else ()
        return {v.sha256: v for v in (*self._current.values(), *(v for history in left for v in self._history(history.parent)))}

    def _reviewed(self, stem: str, version: int) -> Path | None:
        """The workbook that came back from the review of a version."""
        path = self._output / REVIEW_FOLDER / f"{stem}_{version_name(version)}_{REVIEWED_FILE}" if self._output else None
        return path if path and path.is_file() else None

    def is_compared(self, sha256: str) -> bool:
        """Whether the set made from a workbook has its table of corrections."""
        made = self.made_from(sha256)
        return made is not None and made.is_compared

    def into_history(self, version: FiledVersion, target: str) -> Superseded:
        """Where a superseded set goes when its successor is published in `target`: v<n>, or the next free name where another filing had that one."""
        folders = [folder / HISTORY_FOLDER for folder in (version.folder, (self._output or Path()) / target)]
        taken = {kept.name for folder in folders if folder.is_dir() for kept in folder.iterdir()}
        names = [f"v{version.version}", *(f"v{version.version}（{number}）" for number in range(2, len(taken) + 2))]
        name = next(name for name in names if name not in taken)
        return Superseded(version.target, version.sha256, name)


def version_of(folder: Path) -> int:
    """The version of the set in a folder; for a set from before versions were counted one more than the newest in 历史."""
    return _number(folder, _head(folder))


def _number(folder: Path, result: Mapping[str, Any]) -> int:
    version = result.get("version")
    return version if isinstance(version, int) else 1 + max(_numbers(folder), default=0)


def _head(folder: Path) -> dict[str, Any]:
    """The first keys of a set's 结果.json, which tell who it is: of a hundred thousand sets nobody wants to read every finding."""
    try:
        with (folder / RESULT_FILE).open(encoding="utf-8") as stream:
            first, found, _ = stream.read(HEAD_LENGTH).partition(',\n "status"')
        head = json.loads(first + "}") if found else None
    except (OSError, ValueError):
        head = None
    return head if isinstance(head, dict) else own_result(folder)


def _version(folder: Path, target: str) -> FiledVersion:
    result = _head(folder)
    source, predecessor = (value if isinstance(value := result.get(key), dict) else {} for key in ("source", "predecessor"))
    before = predecessor.get("version")
    return FiledVersion(
        folder=folder,
        target=target,
        sha256=str(source.get("sha256", "")),
        version=_number(folder, result),
        predecessor=str(predecessor.get("sha256", "")),
        predecessor_version=before if isinstance(before, int) else 0,
    )


def _numbers(folder: Path) -> Iterator[int]:
    for kept in (folder / HISTORY_FOLDER).glob("v*"):
        if kept.name[1:].isdecimal():
            yield int(kept.name[1:])
