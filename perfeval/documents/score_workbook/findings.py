"""问题清单: every finding with the cell of the filed workbook it is at, and a link to where the value is shown here."""

from collections.abc import Sequence

from perfeval.documents.score_workbook.trace import Shown
from perfeval.excel.write import Column, Sheet
from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.findings.render import count

NAME = "问题清单"
HEAD = 2
COLUMNS = (
    Column("序号", "count", 6),
    Column("级别", "word", 8),
    Column("编号", "word", 16),
    Column("填报工作簿中的位置", "text", 22),
    Column("现在是", "text", 22),
    Column("应为", "text", 18),
    Column("问题", "text", 46),
    Column("改法", "text", 40),
    Column("单位的说明", "text", 30),
    Column("依据", "text", 18),
    Column("本表对应处", "word", 16),
)
LINK = len(COLUMNS) - 1
NOTE = "错误必须改正后才能出报告；疑点请作说明；提示不用处理。请在填报工作簿的相应单元格中修改，再重新运行；“本表对应处”可以点击跳转。"
FILLS = {Severity.ERROR: "#F8CBAD", Severity.QUESTION: "#FFF2CC", Severity.NOTICE: "#FFFFFF"}


def write_findings(sheet: Sheet, findings: Sequence[Finding], shown: Shown) -> None:
    """Fills the sheet, in the order given; without findings it says so."""
    answered = sum(1 for finding in findings if finding.answered)
    counts = "，".join(f"{name} {count(findings, s)} 条" for s, name in SEVERITY_NAMES.items())
    counts += f"，已说明的疑点 {answered} 条" if answered else ""
    sheet.title(f"问题清单（{counts}）", NOTE, len(COLUMNS))
    sheet.head(HEAD, COLUMNS)
    if not findings:
        sheet.put(HEAD + 1, 1, "没有发现问题", "text", 16)
    for row, finding in enumerate(findings, start=HEAD + 1):
        _write(sheet, row, finding, shown)
    sheet.raw.autofilter(HEAD, 0, HEAD + max(1, len(findings)), len(COLUMNS) - 1)


def _write(sheet: Sheet, row: int, finding: Finding, shown: Shown) -> None:
    where = f"{finding.ref}\n{finding.label}".rstrip() if finding.ref else "整个文件"
    values = (
        row - HEAD,
        None,
        finding.code,
        where,
        finding.found or "空白",
        finding.expected,
        finding.message,
        finding.fix,
        finding.answer,
        finding.clause,
        "—",
    )
    sheet.row(row, COLUMNS, values)
    level = f"{SEVERITY_NAMES[finding.severity]}{'（已说明）' if finding.answered else ''}"
    sheet.put(row, 1, level, "word", 10, bold=finding.severity is Severity.ERROR, bg_color=FILLS[finding.severity])
    target = shown.nearest(finding.ref)
    if target:
        sheet.link(row, LINK, target, f"{target.sheet} {target.cell}")
