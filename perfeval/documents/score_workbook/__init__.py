"""评分表.xlsx: every score, rate and sum as a live formula over values of the same workbook, with its place in the filed
one."""

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.score_workbook import (
    derivation,
    findings,
    indicators,
    layout,
    money,
    projects,
    sources,
    trace,
    tree,
)
from perfeval.excel.write import Book, Sheet

SHEETS = (
    layout.TREE,
    layout.INDICATORS,
    layout.PROJECTS,
    money.NAME,
    findings.NAME,
    trace.DERIVATION_SHEET,
    sources.NAME,
)
PORTRAIT = (money.NAME,)
FROZEN_COLUMNS = {layout.TREE: 2, layout.PROJECTS: 2}
REPEATED_ROW = 2  # every sheet's header is below its title and note


def write_score_workbook(evaluation: Evaluation) -> bytes:
    """The workbook's bytes. What cannot be computed says so; without a regulation the filed amounts, findings and
    sources are still shown."""
    basic = evaluation.submission.basic
    department = basic.department.value or "（部门名称未填）"
    book = Book(f"{department}{basic.year.value or ''}年度绩效自评评分表", department)
    sheets = {name: book.sheet(name, landscape=name not in PORTRAIT) for name in SHEETS}
    _fill(sheets, evaluation)
    for name, sheet in sheets.items():
        sheet.finish(
            REPEATED_ROW, f"{department} {basic.year.value or ''}年度", frozen_columns=FROZEN_COLUMNS.get(name, 0)
        )
    return book.finish()


def _fill(sheets: dict[str, Sheet], evaluation: Evaluation) -> None:
    """计算过程 and 问题清单 last: they point at what the others show."""
    plan = layout.lay_out(evaluation.scorecard) if evaluation.scorecard else None
    shown = trace.Shown()
    operands = trace.Trace(shown)
    tree.write_tree(sheets[layout.TREE], evaluation, plan, shown, operands)
    projects.write_projects(sheets[layout.PROJECTS], plan, evaluation.regulation, shown, operands)
    money.write_money(sheets[money.NAME], evaluation, shown, operands)
    indicators.write_indicators(sheets[layout.INDICATORS], plan, evaluation.regulation, shown, operands)
    sources.write_sources(sheets[sources.NAME], evaluation, shown)
    derivation.write_derivation(sheets[trace.DERIVATION_SHEET], operands)
    findings.write_findings(sheets[findings.NAME], evaluation.findings, shown)
