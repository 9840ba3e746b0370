"""Last year's packages or workbooks in a folder, made ready for a run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from perfeval.documents.evaluation import PreviousYear
from perfeval.errors import NothingToReadError, UsageError
from perfeval.excel.guard import file_sha256
from perfeval.exchange.archive.manifest import FILED, below
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive, read_regular
from perfeval.filing.identify import Identity, identify
from perfeval.filing.read_filing import read_filing
from perfeval.findings.catalogue import make
from perfeval.model.names import plain_name
from perfeval.output import files
from perfeval.run.inbox import find, readable_name
from perfeval.run.kept_sets import NO_FILING
from perfeval.run.workers import run_all

FEW = 10  # files that are named
WITHOUT = "没有部门名称或评价年度"
Task = tuple[Path, Path]  # a package and where its filed workbook is put
LastYears = tuple[tuple[PreviousYear, ...], tuple[str, ...]]


@contextmanager
def previous_years(folder: Path, jobs: int) -> Iterator[LastYears]:
    """Every workbook with department and year in the folder, those inside packages too; and a sentence for each that
    is not used. Raises NothingToReadError, UsageError, OSError for a folder that cannot be opened."""
    if not folder.is_dir():
        raise UsageError(f"找不到上一年度的文件夹“{folder}”。", "请检查 --previous 后面的文件夹名。")
    with files.temporary_folder() as work:
        unused: dict[str, str] = {}  # the name of a file → why it is not used
        names = _unpacked(folder, work, jobs, unused) | {c.path: c.file for c in find([folder]) if not c.ignored}
        known: dict[tuple[str, int], PreviousYear] = {}
        for done in run_all(_identified, names, jobs):
            if done.fault is not None:
                raise done.fault
            one, reason = done.result or (Identity(), make(done.code, None).message)
            if reason:
                unused[names[done.task]] = reason
            elif one.department and one.year:
                _add(known, PreviousYear(one.department, one.year, done.task, file_sha256(done.task)), names, unused)
        if not known:
            raise NothingToReadError(
                f"“{folder}”里没有上一年度的填报工作簿或归档包。{''.join(_sentences(unused))}",
                "请指到放着去年填报工作簿（.xlsx）或归档包（perfeval pack 写出的 .zip）的文件夹。",
            )
        yield tuple(known[key] for key in sorted(known)), tuple(_sentences(unused))


def _add(
    known: dict[tuple[str, int], PreviousYear],
    one: PreviousYear,
    names: Mapping[Path, str],
    unused: dict[str, str],
) -> None:
    """Of two of one department and year the first is used, and that is said where the other holds something else."""
    first = known.setdefault((plain_name(one.department), one.year), one)
    if first.sha256 != one.sha256:
        unused[names[one.path]] = f"“{one.department}”{one.year}年度的不止一份，用的是“{names[first.path]}”"


def _sentences(unused: Mapping[str, str]) -> Iterator[str]:
    yield from (f"上年的“{name}”没有用来核对：{why.rstrip('。')}。" for name, why in list(unused.items())[:FEW])
    if len(unused) > FEW:
        yield f"上年的文件夹里没有用来核对的共 {len(unused)} 份，请逐份检查。"


def _identified(path: Path) -> tuple[Identity, str]:
    """In a worker: who filed a workbook that can be read in full, or why it is not used. One that cannot be read would
    later end the worker of this year's, and that be blamed."""
    read = read_filing(path, path.name)
    if read.submission is None:
        (finding, *_) = read.findings
        return Identity(), "" if finding.code == NO_FILING else finding.message
    one = identify(path)
    return one, "" if one.department and one.year else WITHOUT


def _unpacked(folder: Path, work: Path, jobs: int, unused: dict[str, str]) -> dict[Path, str]:
    """The filed workbooks of the packages in the folder, taken out in workers, each with its package's name."""
    tasks = [
        (package, work / f"{number}.xlsx")
        for number, package in enumerate(sorted(p for p in files.all_in(folder) if p.suffix.lower() == ".zip"))
    ]
    taken = {}
    for done in run_all(_take_out, tasks, jobs) if tasks else ():
        package, path = done.task
        name = readable_name(package.relative_to(folder).as_posix())
        why = make(done.code, None).message if done.result is None else done.result
        if why:
            unused[name] = why
        else:
            taken[path] = name
    return taken


def _take_out(task: Task) -> str:
    """Writes the filed workbook of a package to a path; why there is none, '' where there is."""
    package, path = task
    try:
        filed = list(below(read_archive(read_regular(package)).parts, FILED).values())
    except DamagedArchive as damage:
        return str(damage)
    if len(filed) != 1:
        return "不是 perfeval pack 写出的归档包"
    files.write_new(path, filed[0])
    return ""
