"""Last year's filing workbook → what is the same this year; what is new stays empty."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfeval.excel.guard import ZIP_START, Refused
from perfeval.excel.read import read_workbook
from perfeval.filing.read_filing import read_filing
from perfeval.filing.sheets import value_beside
from perfeval.model.cells import Cell
from perfeval.model.form import BASIC, NOTES, TEMPLATE_ID_LABEL
from perfeval.model.project_types import CONTINUING_TYPES
from perfeval.model.submission import WHOLE_DEPARTMENT, Submission
from perfeval.prefill.sources import unreadable
from perfeval.prefill.values import Question, Reading, Record, Value

NAME = "填报工作簿"
NEW_EACH_YEAR = frozenset({"kind", "regulation", "year", "data_cutoff", "filing_date", "money_unit"})
CUTS = ("initial_budget", "executed")
PROJECT_COLUMNS = ("code", "name", "type", "authority", "implementer")
INDICATOR_COLUMNS = ("subject", "level1", "level2", "name", "nature", "target", "unit", "weight")
OLD_DATE = "写的是上年的日期，没有读入；请按本年的目标填。"
FOLLOW_UP = "上年的改进建议：请在本年“报告文字”的绩效结果应用或“问题与建议”中写明落实情况。"


def is_own(content: bytes, path: Path) -> bool:
    """Whether a file is a filing workbook of ours."""
    if not content.startswith(ZIP_START):
        return False
    try:
        sheets = read_workbook(content, path.name, frozenset({BASIC.name, NOTES.name}), whole=False).sheets
    except Refused:
        return False  # whoever reads it says why
    is_basic = value_beside(sheets.get(BASIC.name), BASIC.fields[0].label)[1] is not None
    return is_basic and (NOTES.name not in sheets or value_beside(sheets[NOTES.name], TEMPLATE_ID_LABEL)[1] is not None)


def read_own(content: bytes, path: Path, reading: Reading) -> Reading:
    """Takes what of last year's workbook holds this year too. Raises Unreadable."""
    filed = read_filing(path, reading.file)
    submission = filed.submission
    if submission is None:
        raise unreadable(Refused(filed.findings[0]))
    year = submission.basic.year.value
    reading.forms.append(NAME)
    reading.regulation = submission.basic.regulation.value or ""
    reading.last_year, reading.is_department = year or 0, not submission.is_project_kind
    _Own(reading, f"取自 {year} 年度填报表" if year else "取自上年填报表").read(submission)
    return reading


class _Own:
    """Writes down what is found in one Submission."""

    def __init__(self, reading: Reading, note: str) -> None:
        self.reading, self.note = reading, note

    def read(self, filed: Submission) -> None:
        for field in BASIC.fields:
            if field.key not in NEW_EACH_YEAR:
                self.take("basic", (), field.key, getattr(filed.basic, field.key))
        for number, function in enumerate(filed.functions):
            self.columns("functions", (str(number),), function, ("number", "content"))
        for key in CUTS:
            self.take("cut", (key,), "previous", getattr(filed.cut, key).current)
        self.take("money", ("opening_carryover",), "initial", filed.money.closing_carryover.final)
        for item in filed.controlled_items:
            self.columns("controlled_items", (item.name.raw,), item, ("name",))
        for duty in filed.duties:
            self.columns("duties", (duty.name.raw,), duty, ("name", "max_points"))
        self.standing(filed)
        for problem in filed.problems:
            if problem.suggestion.value:
                self.reading.questions.append(
                    Question(
                        "上年建议", problem.suggestion.raw, self.reading.file, str(problem.suggestion.ref), FOLLOW_UP
                    )
                )

    def standing(self, filed: Submission) -> None:
        """The projects that go on every year and their indicators, and those of the department."""
        standing = [project for project in filed.projects if project.type.value in CONTINUING_TYPES]
        for project in standing:
            self.columns("projects", (project.name.raw,), project, PROJECT_COLUMNS)
        subjects = {WHOLE_DEPARTMENT, *(project.name.value for project in standing)}
        counted: Counter[tuple[str, str]] = Counter()
        for indicator in (i for i in filed.indicators if i.subject.value in subjects):
            name = (indicator.subject.raw, indicator.name.raw)
            counted[name] += 1
            record = (*name, str(counted[name]))
            self.columns("indicators", record, indicator, INDICATOR_COLUMNS)

    def columns(self, sheet: str, record: Record, row: Any, keys: Iterable[str]) -> None:
        for key in keys:
            self.take(sheet, record, key, getattr(row, key))

    def take(self, sheet: str, record: Record, column: str, cell: Cell[Any]) -> None:
        if cell.value is None:
            return
        if column == "target" and self.reading.last_year and str(self.reading.last_year) in cell.raw:
            what = f"指标“{record[1]}” 指标值"
            self.reading.questions.append(Question(what, cell.raw, self.reading.file, str(cell.ref), OLD_DATE))
            return
        value = Decimal(cell.value) if isinstance(cell.value, Decimal | int) else cell.raw
        self.reading.values.append(
            Value(sheet, record, column, value, cell.raw, self.reading.file, str(cell.ref), self.note)
        )
