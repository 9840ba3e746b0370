"""Last year's packages or workbooks in a folder, made ready for a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perfeval.documents.evaluation import PreviousYear
from perfeval.errors import NothingToReadError, UsageError
from perfeval.excel.guard import file_sha256
from perfeval.exchange.archive.manifest import FILED, below
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive, read_regular
from perfeval.filing.identify import Identity, identify
from perfeval.filing.read_filing import read_filing
from perfeval.model.names import plain_name
from perfeval.output import files
from perfeval.run.inbox import find
from perfeval.run.workers import run_all


@contextmanager
def previous_years(folder: Path, jobs: int) -> Iterator[tuple[PreviousYear, ...]]:
    """Every workbook with department and year in the folder, those inside packages too. Raises NothingToReadError,
    UsageError."""
    if not folder.is_dir():
        raise UsageError(f"找不到上一年度的文件夹“{folder}”。", "请检查 --previous 后面的文件夹名。")
    with files.temporary_folder() as work:
        paths = [c.path for c in find([folder]) if not c.ignored] + list(_unpacked(folder, work, jobs))
        known: dict[tuple[str, int], PreviousYear] = {}
        for done in run_all(_identified, paths, jobs):
            if done.fault is not None:
                raise done.fault
            one = done.result or Identity()
            if one.department and one.year:
                known.setdefault(
                    (plain_name(one.department), one.year),
                    PreviousYear(one.department, one.year, done.task, file_sha256(done.task)),
                )
        if not known:
            raise NothingToReadError(
                f"“{folder}”里没有上一年度的填报工作簿或归档包。",
                "请指到放着去年填报工作簿（.xlsx）或归档包（perfeval pack 写出的 .zip）的文件夹。",
            )
        yield tuple(known[key] for key in sorted(known))


def _identified(path: Path) -> Identity:
    """In a worker: who filed a workbook that can be read in full. One that cannot would later end the worker of this
    year's, and that be blamed."""
    return identify(path) if read_filing(path, path.name).submission is not None else Identity()


def _unpacked(folder: Path, work: Path, jobs: int) -> Iterator[Path]:
    """The filed workbooks of the packages in the folder, taken out in workers; what is no package is passed over."""
    tasks = [(package, work / f"{number}.xlsx") for number, package in enumerate(sorted(folder.rglob("*.zip")))]
    for done in run_all(_take_out, tasks, jobs) if tasks else ():
        if done.result:
            yield done.task[1]


def _take_out(task: tuple[Path, Path]) -> bool:
    """Writes the filed workbook of a package to a path; whether there is one."""
    package, path = task
    try:
        filed = list(below(read_archive(read_regular(package)).parts, FILED).values())
    except DamagedArchive:
        return False
    if len(filed) == 1:
        files.write_new(path, filed[0])
    return len(filed) == 1
