"""Workbooks on the templates of earlier versions, as they were handed out, read as before: what was added since is
blank in them and asks for nothing."""

from collections import Counter
from io import BytesIO

import places
import pytest
from openpyxl import load_workbook
from planting import findings_of, plant, taken_in

TEMPLATES = places.DATA / "templates"
VERSIONS = ["1.0", "1.1"]
ROW = ("P1", "河道清淤", "常年", "清淤 3 公里", 10, 10, 9)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_department_reads_as_on_the_newest_template(version: str) -> None:
    content = (TEMPLATES / f"部门整体_{version}.xlsx").read_bytes()
    submission = taken_in(content).submission
    assert submission is not None
    assert (submission.template_version, submission.funds) == (version, ())
    assert {p.authority.value for p in submission.projects} == {None}
    assert Counter(f.code for f in findings_of(content)) == Counter(f.code for f in plant({}))


@pytest.mark.parametrize("version", VERSIONS)
def test_projects_alone_read_as_before(version: str) -> None:
    book = load_workbook(TEMPLATES / f"项目支出_{version}.xlsx")
    for column, value in enumerate(ROW, 1):
        book["项目"].cell(5, column).value = value
    buffer = BytesIO()
    book.save(buffer)
    taken = taken_in(buffer.getvalue())
    assert taken.submission is not None
    (project,) = taken.submission.projects
    assert (project.name.value, project.executed.value, taken.submission.funds) == ("河道清淤", 9, ())
    assert {f.ref.sheet for f in findings_of(buffer.getvalue())} <= {"基本情况", "项目", "指标"}
    assert "项目资金" not in "".join(f.message for f in findings_of(buffer.getvalue()))
