"""What became of last year's suggestions: every workbook of a run against the department's own of the year before, as a
list."""

from collections.abc import Iterable, Sequence
from functools import partial

from perfeval.checks.previous import DROPPED, FollowUp, follow_ups
from perfeval.documents.evaluation import PreviousYear
from perfeval.excel.write import Book, Column
from perfeval.filing.read_filing import read_filing
from perfeval.model.names import plain_name
from perfeval.run.inbox import Candidate
from perfeval.run.workers import Runner

FOLLOW_UP_FILE = "上年建议跟踪.xlsx"
NOT_COMPARED = "没有核对"
UNKNOWN = FollowUp(
    "没有找到这个部门上一年度的填报（名称改过的，请把去年那份的部门名称改成一样）", "—", "—", NOT_COMPARED
)
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
Line = tuple[str, int, FollowUp]  # department, year


def followed(candidates: Iterable[Candidate], previous: tuple[PreviousYear, ...], run: Runner) -> list[Line]:
    """The suggestions of every workbook's department with what became of them, in the order of the workbooks."""
    filed = [c for c in candidates if not c.ignored and not c.unread]
    return [line for done in run(partial(_followed, previous), filed) for line in done.result or ()]


def not_compared(lines: Iterable[Line]) -> list[str]:
    """The departments that filed nothing last year under this name."""
    return sorted(department for department, _, one in lines if one.state == NOT_COMPARED)


def follow_up_workbook(lines: Sequence[Line]) -> bytes:
    """上年建议跟踪.xlsx."""
    book = Book("上年改进建议跟踪", "perfeval")
    sheet = book.sheet("上年建议跟踪")
    sheet.title(
        "上年改进建议跟踪表", f"状态由程序比对文字得出，请复核人员确认；“{DROPPED}”的已作为疑点告知部门。", len(COLUMNS)
    )
    sheet.head(HEAD, COLUMNS)
    for row, (department, year, one) in enumerate(lines, start=HEAD + 1):
        place, given = str(one.place) if one.place else "—", (one.responsible or "未填", one.deadline or "未填")
        sheet.row(row, COLUMNS, (department, year, one.suggestion, *given, one.state, place))
    if not lines:
        sheet.put(HEAD + 1, 0, "没有上年建议", "text", 30)
    sheet.finish(HEAD, "上年改进建议跟踪", frozen_columns=1)
    return book.finish()


def _followed(previous: tuple[PreviousYear, ...], candidate: Candidate) -> list[Line]:
    """One workbook's list; a line that says so where last year's is not known."""
    submission = read_filing(candidate.path, candidate.file).submission
    if submission is None or submission.basic.department.value is None or submission.basic.year.value is None:
        return []
    department, year = submission.basic.department.value, submission.basic.year.value
    wanted = (plain_name(department), year - 1)
    last = next((p for p in previous if (plain_name(p.department), p.year) == wanted), None)
    before = read_filing(last.path, last.path.name).submission if last else None
    found = follow_ups(before, submission) if before else (UNKNOWN,)
    return [(department, year, one) for one in found]
