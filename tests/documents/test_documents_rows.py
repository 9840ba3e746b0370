"""Rows of the documents: each row of the data is there once, none is written over another, no column is absurdly
wide."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from functools import cache

import openpyxl
import pytest
import report_packages as packages
from departments import department
from planting import TEN_ERRORS, context_of, planted, taken_in

from perfeval.blank.workbook import blank_template
from perfeval.checks.run import run_checks
from perfeval.documents.evaluation import Evaluation
from perfeval.documents.result import result_of
from perfeval.documents.score_workbook import write_score_workbook
from perfeval.documents.summaries.brief import brief_of
from perfeval.documents.summaries.write import write_summary

NARROWEST, WIDEST = 3, 105  # characters; a column for whole chapters holds a hundred
ROW, CELL = re.compile(r'<row r="(\d+)"'), re.compile(r'<c r="([A-Z]+\d+)"')


@cache
def evaluation() -> Evaluation:
    """The completed example with ten errors: findings of many kinds, 19 projects, 36 indicators."""
    read = taken_in(planted({place: value for place, (value, _) in TEN_ERRORS.items()}))
    assert read.submission is not None
    context = context_of(read.submission, read.findings)
    made = packages.package(read.submission)
    findings = (*read.findings, *run_checks(context))
    return replace(made, findings=findings)


@cache
def documents() -> dict[str, bytes]:
    made = evaluation()
    results = [result_of(one, {}) for one in (made, department(3, 20, 60).package, department(4, 1, 5).package)]
    return {
        "评分表": write_score_workbook(made),
        "评分表, large": write_score_workbook(department(3, 40, 120).package),
        "汇总表": write_summary([brief_of(result) for result in results], (), (), ()),
        "blank": blank_template("部门整体", packages.regulations(), "sichuan-dept-65-35", 2025),
    }


DOCUMENTS = ("评分表", "评分表, large", "汇总表", "blank")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_row_and_no_cell_is_written_twice(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(documents()[name])) as package:
        sheets = [part for part in package.namelist() if part.startswith("xl/worksheets/sheet")]
        for part in sheets:
            text = package.read(part).decode()
            rows, cells = [int(row) for row in ROW.findall(text)], CELL.findall(text)
            assert rows == sorted(set(rows)), part
            assert [cell for cell, count in Counter(cells).items() if count > 1] == [], part
    assert len(sheets) > 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_column_is_absurdly_wide_or_too_narrow_to_see(name: str) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(documents()[name])):
        for letter, column in sheet.column_dimensions.items():
            assert column.hidden or NARROWEST <= column.width <= WIDEST, f"{sheet.title}!{letter} {column.width}"


def column_of(sheet: str, header: str) -> list[object]:
    """What is in the column below a header of 评分表, blanks left out."""
    page = openpyxl.load_workbook(io.BytesIO(documents()["评分表"]), data_only=True)[sheet]
    place = next(cell for row in page.iter_rows() for cell in row if cell.value == header)
    values = (page.cell(row, place.column).value for row in range(place.row + 1, page.max_row + 1))
    return [value for value in values if value not in (None, "")]


def test_every_item_indicator_project_and_finding_is_in_its_sheet_once() -> None:
    made = evaluation()
    card = made.scorecard
    assert card is not None
    tree = column_of("总评分表", "编号")[: len(card.items)]  # sums by block are below the tree
    assert tree == [score.item.id for score in card.items]
    names = Counter(column_of("指标评分", "三级指标"))
    filed = Counter(score.indicator.name.value for score in card.indicators)
    assert {name: names[name] for name in filed} == dict(filed)
    projects = column_of("项目评分", "项目名称")[: len(made.submission.projects)]
    assert projects == [project.name.value for project in made.submission.projects]
    codes = Counter(column_of("问题清单", "编号"))
    assert codes == Counter(finding.code for finding in made.findings)
