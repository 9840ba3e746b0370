"""核算汇总.xlsx: one row a report, every finding with a column for the reason why it is accepted, and the coverage."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from perfeval.audit.audit import Audit
from perfeval.audit.findings import as_json
from perfeval.excel.guard import read_file
from perfeval.excel.read import read_workbook
from perfeval.excel.write import Book, Column

SUMMARY = "核算汇总.xlsx"
REPORTS, FINDINGS = "报告", "问题"
REASON = "认可理由"
REPORT_COLUMNS = (
    Column("报告", "text", 40, 24),
    Column("结果", "word", 14),
    Column("矛盾", "count", 8),
    Column("请说明", "count", 8),
    Column("金额", "count", 8),
    Column("比率", "count", 8),
    Column("得分", "count", 8),
    Column("全部数字", "count", 10),
    Column("核对的关系", "count", 10),
    Column("没有关系的数", "count", 10),
    Column("不能读取的原因", "text", 40, 16),
)
FINDING_COLUMNS = (
    Column("报告", "text", 30, 20),
    Column("级别", "word", 8),
    Column("类别", "word", 12),
    Column("问题", "text", 50, 40),
    Column("一处", "text", 36, 24),
    Column("位置", "text", 20),
    Column("另一处", "text", 36, 24),
    Column("另一处位置", "text", 20),
    Column("应为", "text", 16),
    Column(REASON, "text", 30, 20),
)
HEAD = 2
FILE, SAYS, WHY = 1, 4, 10  # columns of the findings, counted from 1


def summary_workbook(found: Sequence[Audit], accepted: Mapping[tuple[str, str], str]) -> bytes:
    """The workbook; what has been accepted stays in it with its reason."""
    book = Book("核算汇总", "perfeval")
    sheet = book.sheet(REPORTS)
    sheet.title("自评报告核算汇总", "在“问题”表的“认可理由”一列写明理由的问题，下次运行不再提出。", len(REPORT_COLUMNS))
    sheet.head(HEAD, REPORT_COLUMNS)
    for row, audit in enumerate(found, HEAD + 1):
        sheet.row(row, REPORT_COLUMNS, _report(audit))
    sheet.finish(HEAD, "核算汇总")
    listed = book.sheet(FINDINGS)
    listed.title("自评报告核算问题", "每个问题一行；两处原文、位置和应有的数。", len(FINDING_COLUMNS))
    listed.head(HEAD, FINDING_COLUMNS)
    rows = [row for audit in found for row in _findings(audit, accepted)]
    for number, values in enumerate(rows, HEAD + 1):
        listed.row(number, FINDING_COLUMNS, values)
    listed.finish(HEAD, "核算汇总")
    return book.finish()


def _report(audit: Audit) -> list[str | int | None]:
    wrong, c = len(audit.contradictions), audit.coverage
    result = "不能读取" if audit.error else "有矛盾" if wrong else "一致" if c.relations else "没有可核对的"
    asked = len(audit.findings) - wrong
    return [
        audit.name,
        result,
        wrong,
        asked,
        c.amounts,
        c.rates,
        c.scores,
        c.quantities,
        c.relations,
        c.alone,
        audit.error or None,
    ]


def _findings(audit: Audit, accepted: Mapping[tuple[str, str], str]) -> list[list[str | int | None]]:
    rows: list[list[str | int | None]] = []
    for finding in (*audit.findings, *audit.accepted):
        one = next(as_json(finding))
        a, b = one["a"], one["b"] or {"text": "", "place": ""}
        assert isinstance(a, Mapping) and isinstance(b, Mapping)  # noqa: PT018
        reason = accepted.get((audit.name, finding.says[0]))
        rows.append(
            [
                audit.name,
                finding.level,
                str(one["kind"]),
                finding.says[0],
                a["text"],
                a["place"],
                b["text"],
                b["place"],
                str(one["right"]),
                reason,
            ]
        )
    return rows


def accepted_in(path: Path) -> dict[tuple[str, str], str]:
    """The reasons in an earlier 核算汇总, by report and finding. Raises Refused."""
    sheet = read_workbook(read_file(path), path.name).sheets.get(FINDINGS)
    if sheet is None:
        return {}
    rows = range(HEAD + 2, sheet.height + 1)
    return {(sheet.text(r, FILE), sheet.text(r, SAYS)): sheet.text(r, WHY) for r in rows if sheet.text(r, WHY).strip()}
