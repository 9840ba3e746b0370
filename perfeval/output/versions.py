"""Versions of a department's filing, as the output folder knows them: which sets are there, what they superseded, which
version a workbook is.

The number travels in the workbook: a workbook that names no predecessor is version 1, a correction is one more than the
version it was made from (its 问题清单 sheet says which). What lies in the output folder changes that in two cases only:

- a set made from this very workbook keeps its version, so that building it again changes nothing;
- where the folder's set goes back to the same predecessor (another correction of it, or a correction of that one) and
  its workbook no longer lies in the inputs, the new workbook supersedes that set too and is one version higher than it.

- where a correction names a version that is not known here, it supersedes the set of its own department and year, if
  that one's workbook is gone.

The superseded set moves to 历史/v<n>/ of the new one's folder. What a correction answers is always the version it names
itself. Only a workbook of the same department and year is corrected, or of one that was renamed by the operator's word;
a workbook without department or year corrects nothing. One of another department that was begun with a workbook that
had come back names it too, and is a first version.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from perfeval.excel.guard import file_sha256
from perfeval.model.text import version_name
from perfeval.output.files import is_file, is_folder
from perfeval.output.publishing import HISTORY_FOLDER, Superseded
from perfeval.output.sets import as_written, own_documents, result_folders, result_head
from perfeval.output.state import RESULT_FILE, is_version

REVIEW_FOLDER, REVIEWED_FILE = "复核", "复核退回.xlsx"
LONGEST_NUMBER = 6  # of a version's folder, v99999
PENDING_FOLDER = "待补"  # of sets whose workbooks do not say department and year
SameDepartment = Callable[[str, str], bool]  # (that of the earlier version, that of the later one)


@dataclass(frozen=True, slots=True)
class Filer:
    """Whose filing it is and of which year; None where a workbook does not say."""

    department: str | None
    year: int | None

    @property
    def is_known(self) -> bool:
        """Whether it says both: only such a workbook supersedes another."""
        return bool(self.department and self.year)

    def may_be(self, later: "Filer", same: SameDepartment) -> bool:
        """Whether nothing that both say is against it that `later` is the same department's filing of the same
        year."""
        departments = not (self.department and later.department) or same(self.department, later.department)
        return departments and not (self.year and later.year and self.year != later.year)


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """A version as its own 结果.json says it: where its documents lie, its workbook's name and sha256, its predecessor's
    sha256 ('' for none).

    `target` is the folder of the set below the output folder, also for a version in its 历史.
    """

    folder: Path
    target: str
    file: str
    sha256: str
    filer: Filer
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
    def is_pending(self) -> bool:
        """Whether its workbook does not say department and year."""
        return self.target.startswith(f"{PENDING_FOLDER}/")


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
        return {
            sha256: version
            for sha256, version in known.items()
            if sha256 != self.current.sha256 and version < self.current.version
        }

    def keeps(self, sha256: str) -> bool:
        """Whether a version made from the workbook lies in its 历史."""
        return any(version.sha256 == sha256 for version in self.history)


class Archive:
    """Every version in an output folder; read when first asked for."""

    def __init__(self, output: Path | None, written: Mapping[str, str] | None = None) -> None:
        """`output` is None where nothing is published; `written` are the documents that were written there, path →
        sha256, as far as that is recorded."""
        self._output, self._written = output, written or {}

    @cached_property
    def _lineages(self) -> tuple[Lineage, ...]:
        folders = result_folders(self._output) if self._output else ()
        return tuple(Lineage(self._version(folder, folder), tuple(self._history(folder))) for folder in folders)

    def _history(self, folder: Path) -> Iterator[FiledVersion]:
        for kept in sorted((folder / HISTORY_FOLDER).glob("v*")) if is_folder(folder / HISTORY_FOLDER) else ():
            if is_folder(kept) and is_file(kept / RESULT_FILE):
                yield self._version(kept, folder)

    def _version(self, folder: Path, owner: Path) -> FiledVersion:
        return _version(folder, owner.relative_to(self._output or Path()).as_posix())

    @cached_property
    def _current(self) -> dict[str, FiledVersion]:
        return {line.current.sha256: line.current for line in reversed(self._lineages)}

    @cached_property
    def _lineages_of(self) -> dict[str, list[Lineage]]:
        """sha256 → the published sets that superseded it; usually one."""
        found: dict[str, list[Lineage]] = {}
        for line in self._lineages:
            for sha256 in line.superseded:
                found.setdefault(sha256, []).append(line)
        return found

    @cached_property
    def _by_target(self) -> dict[str, FiledVersion]:
        return {version.target: version for version in self.current}

    @property
    def current(self) -> tuple[FiledVersion, ...]:
        """Every published set."""
        return tuple(line.current for line in self._lineages)

    @property
    def departments(self) -> frozenset[str]:
        """Everybody of whom a version is kept."""
        return frozenset(version.filer.department for version in self._every.values() if version.filer.department)

    def made_from(self, sha256: str) -> FiledVersion | None:
        """The current set that was made from a workbook."""
        return self._current.get(sha256)

    def successor_of(self, sha256: str, filer: Filer, same: SameDepartment) -> tuple[int, FiledVersion] | None:
        """The version a workbook was, and the set that has superseded it; None where none has.

        A set that merely names the workbook, and has no version made from it in its 历史, must be of the same department
        and year: anybody can write a name down.
        """
        lines = self._lineages_of.get(sha256, ())
        fitting = (line for line in lines if line.keeps(sha256) or filer.may_be(line.current.filer, same))
        return next(((line.superseded[sha256], line.current) for line in fitting), None)

    def known(self, sha256: str) -> FiledVersion | None:
        """The version that was made from a workbook, superseded or not."""
        return self._every.get(sha256)

    def filers(self, sha256: str, filed: Filer | None = None) -> tuple[Filer, ...]:
        """Who filed a workbook: what it says itself (`filed`, where it is at hand) and whose set superseded it; none
        where nobody knows.

        Where it does not say department and year, those count that name it as theirs.
        """
        known = self.known(sha256)
        stated = [f for f in (filed, known.filer if known else None) if f]
        owners = [f for f in (*stated, *((self._owner(known.target),) if known else ())) if f.is_known]
        return tuple(owners or [line.current.filer for line in self._lineages_of.get(sha256, ())] or stated)

    def _owner(self, target: str) -> Filer:
        """Whose a set's folder is, its set withdrawn or not."""
        if target in self._by_target:
            return self._by_target[target].filer
        year, _, department = target.partition("/")
        return Filer(department, int(year)) if year.isdecimal() else Filer(None, None)

    def gone_back(self, sha256: str, present: Set[str]) -> list[FiledVersion]:
        """The published sets made from a workbook, or going back to it with a workbook no longer among those `present`
        (sha256)."""
        made = self.made_from(sha256)
        later = [line.current for line in self._lineages_of.get(sha256, ()) if line.current.sha256 not in present]
        return [*([made] if made else ()), *later]

    def published_in(self, target: str) -> FiledVersion | None:
        """The set of a folder below the output folder."""
        return self._by_target.get(target)

    def workbook(self, filed: Path | None, sha256: str, stem: str, version: int) -> Path | None:
        """A workbook with the values of the one of that sha256: itself, the one returned for it, or the one that came
        back from its review.

        `filed` is the workbook itself where it is at hand; `stem` and `version` are those of the filing. Who reads it
        makes sure that it is the right one.
        """
        known = self.known(sha256)
        returned = known.returned if known else None
        return (
            filed or (returned if returned and self._is_as_written(returned) else None) or self._reviewed(stem, version)
        )

    def _is_as_written(self, path: Path) -> bool:
        """Whether a document holds what it held at first: somebody may have filled it in where it lies."""
        output = self._output or Path()
        known = as_written(output, path.parent.relative_to(output).as_posix(), self._written)
        return known.get(path.name) in (None, file_sha256(path))

    @cached_property
    def _every(self) -> dict[str, FiledVersion]:
        """Every version by the sha256 of its workbook: of published sets and of every 历史, also where the set was
        withdrawn."""
        left = sorted(self._output.glob(f"*/*/{HISTORY_FOLDER}")) if self._output else ()
        return {
            v.sha256: v
            for v in (*self._current.values(), *(v for history in left for v in self._history(history.parent)))
        }

    def _reviewed(self, stem: str, version: int) -> Path | None:
        """The workbook that came back from the review of a version."""
        path = (
            self._output / REVIEW_FOLDER / f"{stem}_{version_name(version)}_{REVIEWED_FILE}" if self._output else None
        )
        return path if path and path.is_file() else None

    def is_compared(self, sha256: str) -> bool:
        """Whether the set made from a workbook has its table of corrections."""
        made = self.made_from(sha256)
        return made is not None and made.is_compared

    def into_history(self, version: FiledVersion, target: str) -> Superseded:
        """Where a superseded set goes when its successor is published in `target`: v<n>, or the next free name where
        another filing had that one."""
        folders = [folder / HISTORY_FOLDER for folder in (version.folder, (self._output or Path()) / target)]
        taken = {kept.name for folder in folders if folder.is_dir() for kept in folder.iterdir()}
        names = [f"v{version.version}", *(f"v{version.version}（{number}）" for number in range(2, len(taken) + 2))]
        name = next(name for name in names if name not in taken)
        return Superseded(version.target, version.sha256, name)


def version_of(folder: Path) -> int:
    """The version of the set in a folder; for a set from before versions were counted one more than the newest in
    历史."""
    return _number(folder, result_head(folder))


def _number(folder: Path, result: Mapping[str, Any]) -> int:
    version = result.get("version")
    return version if isinstance(version, int) and is_version(version) else 1 + max(_numbers(folder), default=0)


def _version(folder: Path, target: str) -> FiledVersion:
    result = result_head(folder)
    source, predecessor = (
        value if isinstance(value := result.get(key), dict) else {} for key in ("source", "predecessor")
    )
    before = predecessor.get("version")
    return FiledVersion(
        folder=folder,
        target=target,
        file=str(source.get("file", "")),
        sha256=str(source.get("sha256", "")),
        filer=_filer(result),
        version=_number(folder, result),
        predecessor=str(predecessor.get("sha256", "")),
        predecessor_version=before if isinstance(before, int) and is_version(before) else 0,
    )


def _filer(result: Mapping[str, Any]) -> Filer:
    department, year = result.get("department"), result.get("year")
    return Filer(department if isinstance(department, str) else None, year if isinstance(year, int) else None)


def _numbers(folder: Path) -> Iterator[int]:
    for kept in (folder / HISTORY_FOLDER).glob("v*"):
        if kept.name[1:].isdecimal() and len(kept.name) <= LONGEST_NUMBER:
            yield int(kept.name[1:])
