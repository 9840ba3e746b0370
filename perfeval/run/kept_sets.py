"""Which published sets stay although nothing was made of their workbook in this run, and why: a set goes only when its
workbook is gone.

A workbook that could not be read, has a rival or no longer says whose it is, a folder that could not be opened or was
not looked at: none of them proves that a department has taken its filing back. What cannot be known is kept, and said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from perfeval.documents.evaluation import IGNORED, REJECTED
from perfeval.output.record import FOLDER, Earlier, Entry, Kept, Task
from perfeval.output.versions import Archive, FiledVersion, Filer
from perfeval.run.inbox import Candidate
from perfeval.run.renames import Renames

NO_FILING = "SHEET_005"  # it can be read, and none of the form's sheets is in it
OPEN_MARKS = re.compile(r"^(~\$|\.~lock\.|\.~)")
NOT_LOOKED_AT = "这次没有读取它的填报工作簿所在的文件夹"
NOT_RECORDED = "运行记录里没有它的来历，不知道填报工作簿是否还在"
FEW = 10  # sets that are named for one reason
Why = tuple[str, tuple[str, ...]]  # the reason, and the inputs because of which


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the run with what became of it. `task` is None for what was not to be built; `names` the sha256 its
    问题清单 sheet names."""

    candidate: Candidate
    entry: Entry
    filer: Filer
    names: str = ""
    task: Task | None = None

    @property
    def file(self) -> str:
        """The name it goes by."""
        return self.entry.file

    @property
    def is_rejected(self) -> bool:
        """Whether nothing was read from it, a folder that cannot be opened included."""
        return self.entry.status == REJECTED

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder nothing was read from."""
        return self.candidate.unread or (self.entry.status == IGNORED and self.candidate.path.is_dir())

    @property
    def is_no_filing(self) -> bool:
        """Whether it was read far enough to know that it is none."""
        outcome = self.entry.outcome
        return outcome is not None and [f["code"] for f in outcome.result["findings"]] == [NO_FILING]

    @property
    def passed_over(self) -> str:
        """The file's name where it was not looked into, without what programs put around the name of a workbook that
        they have open."""
        is_file = self.entry.status == IGNORED and not self.is_folder
        return OPEN_MARKS.sub("", self.candidate.path.name).removesuffix("#") if is_file else ""


@dataclass(frozen=True)
class Reasons:
    """What decides whether a set stays: the run's inputs, the folders it was given (`roots`), what the output folder
    held before the run."""

    inputs: Sequence[Input]
    roots: Set[str]
    earlier: Earlier
    archive: Archive
    renames: Renames

    def reason(self, old: FiledVersion) -> Why | None:
        """Why a set stays of which nothing was made in this run; None where its workbook is gone or another has taken
        its place."""
        if self._is_replaced(old):
            return None
        for why in (
            self._refused,
            self._in_a_closed_folder,
            self._elsewhere,
            self._of_another_now,
            self._of_a_copy,
            self._perhaps_unfinished,
            self._perhaps_unread,
            self._under_another_name,
        ):
            if found := why(old):
                return found
        return None

    @cached_property
    def _read(self) -> tuple[Input, ...]:
        return tuple(i for i in self.inputs if i.task is not None and not i.is_rejected)

    def _is_replaced(self, old: FiledVersion) -> bool:
        """Whether the department's filing of that year, a correction, or the same file with its department filled in
        was published elsewhere."""
        if self._key(old.filer) in self._published or old.target in self._corrected:
            return True
        now_named = (i for i in self._read_by_name.get(old.file, ()) if i.filer.is_known and i.entry.outputs)
        return old.is_pending and any(old.filer.may_be(i.filer, self.renames.is_one) for i in now_named)

    def _key(self, filer: Filer) -> tuple[str, int] | None:
        return (self.renames.newest(filer.department), filer.year) if filer.department and filer.year else None

    @cached_property
    def _published(self) -> Set[tuple[str, int]]:
        return {key for i in self._read if i.entry.outputs and (key := self._key(i.filer))}

    @cached_property
    def _corrected(self) -> Set[str]:
        """The folders of the sets that a published correction goes back to; not those of other departments that name
        the same workbook."""
        accepted = (i for i in self._read if i.entry.outputs and i.task and i.task.revision.predecessor)
        return {
            version.target
            for i in accepted
            for version in self.archive.gone_back(i.names, frozenset())
            if version.filer.may_be(i.filer, self.renames.is_one)
        }

    def _refused(self, old: FiledVersion) -> Why | None:
        """The set's own workbook, or another of its department and year, could not be read, has a rival, or was not
        finished."""
        of_it = [*self._refused_by_name.get(old.file, ()), *(i for i in self._refused_others if self._belongs(i, old))]
        files = tuple(dict.fromkeys(i.file for i in of_it))
        return (f"{_quoted(files)}这次没有能处理：{of_it[0].entry.reason.rstrip('。')}", files) if of_it else None

    @cached_property
    def _refused_others(self) -> tuple[Input, ...]:
        return tuple(i for i in self.inputs if i.is_rejected and not i.is_folder)

    @cached_property
    def _refused_by_name(self) -> Mapping[str, list[Input]]:
        return _by_file(self._refused_others)

    def _belongs(self, one: Input, old: FiledVersion) -> bool:
        """Whether a refused input is the filing the set was made from, or the department's next one."""
        supersedes = one.task.superseded.target if one.task and one.task.superseded else ""
        is_same = one.filer.is_known and old.filer.is_known and old.filer.may_be(one.filer, self.renames.is_one)
        return is_same or supersedes == old.target or bool(old.sha256 and one.entry.sha256 == old.sha256)

    def _of_another_now(self, old: FiledVersion) -> Why | None:
        """The set's workbook, or what calls itself its correction, is there, but no longer says that it is the same
        department's of the same year."""
        claims = [*self._read_by_name.get(old.file, ()), *self._claimed.get(old.target, ())]
        if not claims:
            return None
        one = claims[0]
        now = f"“{one.filer.department}”{one.filer.year}年度的" if one.filer.is_known else "没有部门名称或评价年度的"
        return f"“{one.file}”现在是{now}，没有取代它", tuple(dict.fromkeys(i.file for i in claims))

    @cached_property
    def _read_by_name(self) -> Mapping[str, list[Input]]:
        return _by_file(self._read)

    @cached_property
    def _claimed(self) -> Mapping[str, list[Input]]:
        """The folders of the sets that somebody's workbook names without being a correction of them."""
        found: dict[str, list[Input]] = {}
        for one in self._read:
            if one.names and one.task and not one.task.revision.predecessor:
                for version in self.archive.gone_back(one.names, frozenset()):
                    found.setdefault(version.target, []).append(one)
        return found

    def _in_a_closed_folder(self, old: FiledVersion) -> Why | None:
        line = self.earlier.line_in(old.target) or {}
        for one in self._closed:
            if old.file.startswith(f"{one.file}/") or line.get(FOLDER) == one.candidate.folder:
                return f"文件夹“{one.file}”里的文件这次没有读取", (one.file,)
        return None

    @cached_property
    def _closed(self) -> tuple[Input, ...]:
        return tuple(i for i in self.inputs if i.is_folder)

    def _elsewhere(self, old: FiledVersion) -> Why | None:
        """Its workbook lay in a folder that this run was not given."""
        line = self.earlier.line_in(old.target)
        if line is None:
            return NOT_RECORDED, ()
        return (NOT_LOOKED_AT, ()) if line.get(FOLDER) not in self.roots else None

    def _of_a_copy(self, old: FiledVersion) -> Why | None:
        """In the workbook's place lies one that was not read, for it is another's copy, or was replaced by its
        correction."""
        one = self._passed_over_by_name.get(old.file)
        return (f"“{one.file}”{one.entry.reason.rstrip('。')}", (one.file,)) if one else None

    @cached_property
    def _passed_over_by_name(self) -> Mapping[str, Input]:
        return {i.file: i for i in self.inputs if i.passed_over}

    def _perhaps_unfinished(self, old: FiledVersion) -> Why | None:
        """The workbook is not there, but a mark that it is open, or a part of it: 甲局.xlsx.crdownload."""
        path = PurePosixPath(old.file)
        for one in self._passed_over_in.get(path.parent.as_posix(), ()):
            if one.passed_over == path.name or one.passed_over.startswith(f"{path.name}."):
                return f"它的填报工作簿不在了，而“{one.file}”还在，可能正在保存、下载或者改了名", (one.file,)
        return None

    @cached_property
    def _passed_over_in(self) -> Mapping[str, list[Input]]:
        """By folder."""
        found: dict[str, list[Input]] = {}
        for one in self._passed_over_by_name.values():
            found.setdefault(PurePosixPath(one.file).parent.as_posix(), []).append(one)
        return found

    def _perhaps_unread(self, old: FiledVersion) -> Why | None:
        """A file that cannot be read has turned up as the set's workbook vanished: it may be that one under another
        name."""
        may_be = [i for i in self._unknown if old.filer.may_be(i.filer, self.renames.is_one) and self._is_new(i, old)]
        files = tuple(i.file for i in may_be)
        return (f"{_quoted(files)}读不出来，可能就是它的填报工作簿改了名", files) if files else None

    def _under_another_name(self, old: FiledVersion) -> Why | None:
        """The very workbook is there as 甲局.bak, under a name that no workbook has."""
        one = self._passed_over_by_content.get(old.sha256)
        return (f"它的填报工作簿还在，但名称是“{one.file}”，没有读取", (one.file,)) if one else None

    @cached_property
    def _passed_over_by_content(self) -> Mapping[str, Input]:
        return {i.candidate.sha256: i for i in self._passed_over_by_name.values() if i.candidate.sha256}

    @cached_property
    def _unknown(self) -> tuple[Input, ...]:
        return tuple(i for i in self._refused_others if not i.filer.is_known and not i.is_no_filing)

    def _is_new(self, one: Input, old: FiledVersion) -> bool:
        """Whether a file was not there before, or something else under its name, and no set's workbook."""
        is_other = (one.file, one.entry.sha256) not in self.earlier.files and one.file not in self._filed_as
        return is_other or self.earlier.was_kept(old.target, one.file)

    @cached_property
    def _filed_as(self) -> Set[str]:
        return {version.file for version in self.archive.current}


def _by_file(inputs: Iterable[Input]) -> dict[str, list[Input]]:
    found: dict[str, list[Input]] = {}
    for one in inputs:
        found.setdefault(one.file, []).append(one)
    return found


def _quoted(files: Iterable[str]) -> str:
    return "、".join(f"“{file}”" for file in files)


def kept_sets(stale: Mapping[str, FiledVersion], reasons: Reasons) -> Iterator[Kept]:
    """Of the sets of which nothing was made in this run (by folder) those that stay."""
    for old in stale.values():
        if why := reasons.reason(old):
            yield Kept(old.target, why[0], why[1], reasons.earlier.line_in(old.target))


def with_kept(entries: Iterable[Entry], kept: Iterable[Kept]) -> tuple[Entry, ...]:
    """Each entry with the sets that were left in place because of it."""
    by_file: dict[str, list[Kept]] = {}
    for one in kept:
        for file in one.files:
            by_file.setdefault(file, []).append(one)
    return tuple(replace(e, kept=tuple(by_file[e.file])) if e.file in by_file else e for e in entries)


def kept_sentences(kept: Iterable[Kept]) -> Iterator[str]:
    """A sentence for each reason why sets were left in place, with their folders; of many the first ones."""
    reasons: dict[str, list[str]] = {}
    for one in kept:
        reasons.setdefault(one.reason, []).append(one.target)
    for reason, targets in reasons.items():
        more = f" 等 {len(targets)} 份" if len(targets) > FEW else ""
        yield f"{'、'.join(targets[:FEW])}{more}：上次的结果保留，因为{reason}。"
