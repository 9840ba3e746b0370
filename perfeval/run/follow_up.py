"""What became of last year's suggestions, as one list of all departments of a run."""

from collections.abc import Iterable, Sequence

from perfeval.documents.result import Json
from perfeval.excel.write import Book, Column
from perfeval.model.follow_up import DROPPED

FOLLOW_UP_FILE = "上年建议跟踪.xlsx"
NOT_COMPARED = "没有核对"
UNKNOWN: Json = {
    "suggestion": "没有找到这个部门上一年度的填报（名称改过的，请把去年那份的部门名称改成一样）",
    "responsible": "—",
    "deadline": "—",
    "state": NOT_COMPARED,
    "cell": None,
}
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
Line = tuple[str, int, Json]  # department, year, the suggestion as 结果.json has it


def followed(results: Iterable[Json]) -> list[Line]:
    """The suggestions of every workbook's department with what became of them, in the order of the workbooks' results
    (结果.json); a line that says so where last year's filing is not known."""
    return [
        (result["department"], result["year"], one)
        for result in results
        if result["department"] and result["year"]
        for one in (result["follow_up"] if result.get("follow_up") is not None else (UNKNOWN,))
    ]


def not_compared(lines: Iterable[Line]) -> list[str]:
    """The departments that filed nothing last year under this name."""
    return sorted(department for department, _, one in lines if one["state"] == NOT_COMPARED)


def follow_up_workbook(lines: Sequence[Line]) -> bytes:
    """上年建议跟踪.xlsx."""
    book = Book("上年改进建议跟踪", "perfeval")
    sheet = book.sheet("上年建议跟踪")
    sheet.title(
        "上年改进建议跟踪表", f"状态由程序比对文字得出，请复核人员确认；“{DROPPED}”的已作为疑点告知部门。", len(COLUMNS)
    )
    sheet.head(HEAD, COLUMNS)
    for row, (department, year, one) in enumerate(lines, start=HEAD + 1):
        given = one["responsible"] or "未填", one["deadline"] or "未填"
        sheet.row(row, COLUMNS, (department, year, one["suggestion"], *given, one["state"], one["cell"] or "—"))
    if not lines:
        sheet.put(HEAD + 1, 0, "没有上年建议", "text", 30)
    sheet.finish(HEAD, "上年改进建议跟踪", frozen_columns=1)
    return book.finish()
