"""Reports for the tests of the audit: written as text, or made by perfeval and changed by a figure."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from places import DATA
from report_packages import completed, package

from perfeval.audit.audit import examined
from perfeval.audit.findings import Finding
from perfeval.audit.read import Report, read_report
from perfeval.documents.evaluation import Evaluation
from perfeval.documents.report.write import load_report_templates
from perfeval.prose.text import Line

SEED = DATA / "report.txt"


def found_in(report: Report) -> tuple[Finding, ...]:
    return examined(report).findings


def sentences(report: Report) -> str:
    """What every contradiction says, one line each."""
    return "\n".join(" 同时：".join(c.says) for c in found_in(report))


def written(text: str) -> Report:
    """A .txt report read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "报告.txt"
        path.write_text(text, encoding="utf-8")
        return read_report(path)


def rendered(made: Evaluation) -> Report:
    """The report perfeval writes, read again."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "报告.docx"
        path.write_bytes(load_report_templates().render(made))
        return read_report(path)


@cache
def ours() -> Report:
    """The report of the completed example."""
    return rendered(package(completed()))


def changed(report: Report, old: str, new: str) -> Report:
    """The report with the one line that holds `old` saying `new` instead."""
    lines = [line for line in report.lines if old in line.text]
    assert len(lines) == 1, (old, len(lines))
    assert lines[0].text.count(old) == 1

    def other(line: Line) -> Line:
        return replace(line, text=line.text.replace(old, new)) if line is lines[0] else line

    return replace(report, lines=tuple(map(other, report.lines)))


def changed_cell(report: Report, row_name: str, column: int, new: str) -> Report:
    """The report with another text in one cell of the table row that holds `row_name`; columns count from the name."""
    tables = []
    for table in report.tables:
        rows = []
        for row in table:
            if row_name in row.cells:
                at = row.cells.index(row_name) + column
                row = replace(row, cells=(*row.cells[:at], new, *row.cells[at + 1 :]))
            rows.append(row)
        tables.append(tuple(rows))
    assert tuple(tables) != report.tables
    return replace(report, tables=tuple(tables))
