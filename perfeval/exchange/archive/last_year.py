"""Last year's packages or workbooks in a folder, made ready for a run; and what became of last year's suggestions, as a
list."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from perfeval.checks.previous import DROPPED, FollowUp, follow_ups
from perfeval.documents.evaluation import PreviousYear
from perfeval.errors import NothingToReadError, UsageError
from perfeval.excel.guard import file_sha256
from perfeval.excel.write import Book, Column
from perfeval.exchange.archive.manifest import FILED, below
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive, read_regular
from perfeval.filing.identify import Identity, identify
from perfeval.filing.read_filing import read_filing
from perfeval.model.names import plain_name
from perfeval.output import files
from perfeval.run.inbox import find
from perfeval.run.workers import run_all

FOLLOW_UP_FILE = "上年建议跟踪.xlsx"
NOT_COMPARED = "没有核对"
HEAD = 2
COLUMNS = (
    Column("部门名称", "text", 30, 20),
    Column("评价年度", "number", 8),
    Column("去年的改进建议", "text", 60, 40),
    Column("责任人", "text", 14),
    Column("完成时限", "text", 16),
    Column("今年的状态", "word", 16),
    Column("今年提到它的单元格", "text", 20),
)


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


def write_follow_up(
    output: Path, filed: Iterable[tuple[Path, str]], previous: Iterable[PreviousYear], jobs: int
) -> tuple[Path, tuple[str, ...]]:
    """Writes the list of last year's suggestions with their states into `output`; `filed` are this year's workbooks.
    Raises OutputError.

    Gives the file and the departments that filed nothing last year under this name: they were compared with nothing.
    """
    known = {(plain_name(p.department), p.year): p for p in previous}
    book = Book("上年改进建议跟踪", "perfeval")
    sheet = book.sheet("上年建议跟踪")
    sheet.title(
        "上年改进建议跟踪表", f"状态由程序比对文字得出，请复核人员确认；“{DROPPED}”的已作为疑点告知部门。", len(COLUMNS)
    )
    sheet.head(HEAD, COLUMNS)
    row = HEAD + 1
    tasks: list[_Pair] = [(path, file, known) for path, file in filed]
    alone: list[str] = []
    for done in run_all(_followed, tasks, jobs):
        for department, year, one in done.result or ():
            alone += [department] if one.state == NOT_COMPARED else []
            place = str(one.place) if one.place else "—"
            sheet.row(
                row,
                COLUMNS,
                (department, year, one.suggestion, one.responsible or "未填", one.deadline or "未填", one.state, place),
            )
            row += 1
    if row == HEAD + 1:
        sheet.put(row, 0, "没有上年建议", "text", 30)
    sheet.finish(HEAD, "上年改进建议跟踪", frozen_columns=1)
    path = files.write_file(output, FOLLOW_UP_FILE, book.finish())
    return path, tuple(sorted(alone))


_Pair = tuple[Path, str, Mapping[tuple[str, int], PreviousYear]]


def _followed(pair: _Pair) -> list[tuple[str, int, FollowUp]]:
    """One workbook's list; a line that says so where last year's is not known."""
    path, file, previous = pair
    submission = read_filing(path, file).submission
    if submission is None or submission.basic.department.value is None or submission.basic.year.value is None:
        return []
    department, year = submission.basic.department.value, submission.basic.year.value
    last = previous.get((plain_name(department), year - 1))
    before = read_filing(last.path, last.path.name).submission if last else None
    if before is None:
        return [
            (
                department,
                year,
                FollowUp(
                    "没有找到这个部门上一年度的填报（名称改过的，请把去年那份的部门名称改成一样）",
                    "—",
                    "—",
                    NOT_COMPARED,
                ),
            )
        ]
    return [(department, year, one) for one in follow_ups(before, submission)]
