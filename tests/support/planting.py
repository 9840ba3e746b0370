"""A planted error in the clean completed example → what the real stages say of it.

A cell is named as the form names it: ("收支", "收入合计", "年初预算数"), ("基本情况", "评价年度") or plainly "指标!I9".
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from perfeval.blank.examples import completed_workbook, filling_of
from perfeval.blank.workbook import filled_template
from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.excel import read
from perfeval.filing.read_filing import ReadFiling, read_filing
from perfeval.findings.finding import Finding
from perfeval.model.form import HEADER_SEARCH_ROWS
from perfeval.model.regulation import Regulation
from perfeval.model.submission import PROJECT_KIND, Submission
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations

# Of the fifteen sheets a change touches one or two: what was seen in the others once is not looked for again. In here
# alone: the reader's own tests change its limits.
_scanned_before = lru_cache(64)(read.scan_sheet)

Place = str | tuple[str, str] | tuple[str, str, str]
Changes = Mapping[Place, object]


@cache
def regulations() -> Mapping[str, Regulation]:
    return load_regulations()


@cache
def _completed() -> Workbook:
    return load_workbook(BytesIO(completed_workbook(regulations())))


def at(*place: str) -> str:
    """("收支", "收入合计", "年初预算数") → 收支!B5, in the completed example."""
    cell = _cell(_completed(), place if len(place) > 1 else place[0])
    return f"{cell.parent.title}!{cell.coordinate}"


def plant(changes: Changes) -> tuple[Finding, ...]:
    """Everything reported of the completed example with these cells changed; None empties a cell."""
    return _plant(frozenset(changes.items()))


@cache
def _plant(changes: frozenset[tuple[Place, object]]) -> tuple[Finding, ...]:
    return findings_of(planted(dict(changes)))


def planted(changes: Changes) -> bytes:
    """The completed example with these cells changed. Only their sheets are written again: saving all fifteen takes
    longer than reading them."""
    parts = dict(_saved())
    sheets = {_cell(_completed(), place).parent for place in changes}
    with _changed(_completed(), changes) as workbook:
        parts |= {sheet.path.lstrip("/"): _written(sheet) for sheet in sheets}
        parts["xl/styles.xml"] = tostring(write_stylesheet(workbook))  # last: a date brings a number format
    content = BytesIO()
    with ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


@cache
def _saved() -> dict[str, bytes]:
    """The parts of the unchanged example, as openpyxl saves it."""
    content = BytesIO()
    _completed().save(content)
    with ZipFile(content) as package:
        return {name: package.read(name) for name in package.namelist()}


def _written(sheet: Worksheet) -> bytes:
    writer = WorksheetWriter(sheet)
    writer.write()
    content = Path(writer.out).read_bytes()
    writer.cleanup()
    return content


def news(changes: Changes, topics: Iterable[str] = ()) -> set[tuple[str, str]]:
    """(code, cell) of every finding the changes bring; of the named topics only, where some are named."""
    wanted = tuple(topics)
    return {
        (f.code, str(f.ref))
        for f in plant(changes)
        if (f.code, f.ref) not in _clean() and (not wanted or f.code.startswith(wanted))
    }


def marked(changes: Changes, topics: Iterable[str]) -> set[str]:
    """Every cell the findings of these topics mark that the clean example does not."""
    new = news(changes, topics)
    return {str(ref) for f in plant(changes) if (f.code, str(f.ref)) in new for ref in (f.ref, *f.related)}


@cache
def _clean() -> frozenset[tuple[str, object]]:
    return frozenset((f.code, f.ref) for f in plant({}))


def findings_of(content: bytes) -> tuple[Finding, ...]:
    """The reader's findings and the checks', in that order."""
    taken = taken_in(content)
    return (
        taken.findings
        if taken.submission is None
        else (*taken.findings, *run_checks(context_of(taken.submission, taken.findings)))
    )


def taken_in(content: bytes) -> ReadFiling:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "填报.xlsx"
        path.write_bytes(content)
        with patch.object(read, "scan_sheet", _scanned_before):
            return read_filing(path, path.name)


def context_of(submission: Submission, reported: tuple[Finding, ...] = ()) -> Context:
    regulation = regulations().get(submission.basic.regulation.value or "")
    return Context(
        submission,
        regulation,
        score(submission, regulation) if regulation else None,
        regulations(),
        reader_findings=reported,
    )


@contextmanager
def _changed(workbook: Workbook, changes: Changes) -> Iterator[Workbook]:
    """The workbook with the changes, which are taken back afterwards: loading it again for each test would take
    long."""
    cells = {place: _cell(workbook, place) for place in changes}
    before = {place: cell.value for place, cell in cells.items()}
    try:
        for place, value in changes.items():
            cells[place].value = value
        yield workbook
    finally:
        for place, value in before.items():
            cells[place].value = value


def _cell(workbook: Workbook, place: Place) -> Cell:
    if isinstance(place, str):
        sheet, address = place.split("!")
        return workbook[sheet][address]
    sheet = workbook[place[0]]
    if len(place) == 2:
        row, column = _find(sheet, place[1])
        return sheet.cell(row, column + 1)
    header, column = _find(sheet, place[2], last_row=HEADER_SEARCH_ROWS)
    row, _ = _find(sheet, place[1], first_row=header + 1)
    return sheet.cell(row, column)


def _find(sheet: Worksheet, text: str, first_row: int = 1, last_row: int | None = None) -> tuple[int, int]:
    for row in sheet.iter_rows(min_row=first_row, max_row=last_row or sheet.max_row):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.strip().lstrip("*").strip() == text:
                return cell.row, cell.column
    raise KeyError(f"no {text!r} on {sheet.title}")


def project_workbook(
    projects: list[dict[str, str]], indicators: list[dict[str, str]], regulation_id: str = "cn-project-10-90"
) -> bytes:
    """A 项目支出 workbook with these rows, column → text."""
    basic = {"评价类型": PROJECT_KIND, "部门名称": "示例区水务局", "评价年度": "2025", "指标体系": regulation_id}
    sheets = {"基本情况": basic, "项目": projects, "指标": indicators}
    filling = filling_of(sheets, regulations()[regulation_id])
    return filled_template(PROJECT_KIND, regulations(), regulation_id, 2025, filling)


# (sheet, row, column) → what is typed there, and the code of the one finding it raises
TEN_ERRORS = {
    ("基本情况", "年末实有人数"): (17, "BASIC_006"),
    ("收支", "收入合计", "年初预算数"): (440.66, "MONEY_001"),
    ("收支", "年末结转结余", "决算数"): (5, "MONEY_004"),
    ("收支", "其他资金收入", "决算数"): (-3, "MONEY_008"),
    ("压减", "一般性支出年初预算", "上年"): (0, "CUT_001"),
    ("控制支出", "培训费", "本年执行数"): (2.5, "CUT_004"),
    ("项目", "伙食团运行费", "入库日期"): (date(2024, 11, 1), "PROJECT_006"),
    ("项目", "阶段项目（示例）08", "收回或注销数"): (-0.06, "PROJECT_003"),
    ("指标", "伙食团员工工资标准", "指标性质"): ("≥", "INDICATOR_006"),
    ("指标", "检查粮铺", "实际完成值"): ("约20个", "INDICATOR_003"),
}
