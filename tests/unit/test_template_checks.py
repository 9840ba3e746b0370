"""The live checks beside the tables: what they say, and that a spreadsheet program says the same."""

import io
import subprocess
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from regulations_by_hand import DEPARTMENT, PROJECT, REGULATIONS

from perfeval.blank.checks import check_cells
from perfeval.blank.layout import HEADER_ROW, Filling, check_column
from perfeval.blank.workbook import blank_template, filled_template
from perfeval.model.form import DUTIES, FORM, INDICATORS, MONEY, PROJECTS, SCORES, Shape

MONEY_ROWS = {
    "income_total": ("430.66", "612.44", "570.41"),
    "appropriation": ("388.63", "570.41", "570.41"),
    "opening_carryover": ("42.03", "42.03", "0"),
    "unit_funds": ("0", "0", "0"),
    "other_funds": ("0", "0", "0"),
    "expenditure_total": ("430.66", "612.44", "570.41"),
    "basic_expenditure": ("223.90", "405.68", "369.79"),
    "project_expenditure": ("206.76", "206.76", "200.62"),
    "taken_back": (None, None, "42.03"),
    "closing_carryover": (None, None, "0"),
}
SCORES_DECLARED = {"A": "58", "A.1": "20", "A.2": "38.5", "A.2.1": "25", "A.2.2": "13.5", "B": "40", "综合得分": "98.5"}


def filled(money=None, projects=(), indicators=(), duties=(), scores=None) -> Filling:
    rows = {**MONEY_ROWS, **(money or {})}
    columns = ("initial", "adjusted", "final")
    grid = {
        key: {c: Decimal(v) for c, v in zip(columns, values, strict=True) if v is not None}
        for key, values in rows.items()
    }
    score_rows = [
        {"item_id" if key != "综合得分" else "item_name": key, "declared": Decimal(v)}
        for key, v in (scores or SCORES_DECLARED).items()
    ]
    return Filling(
        grids={MONEY.key: grid},
        tables={
            PROJECTS.key: [
                {"name": name, "initial_budget": Decimal(a), "adjusted_budget": Decimal(b), "executed": Decimal(c)}
                for name, a, b, c in projects
            ],
            INDICATORS.key: [
                {"subject": subject, "weight": Decimal(weight) if weight[:1].isdigit() else weight}
                for subject, weight in indicators
            ],
            DUTIES.key: [
                {"name": name, "max_points": Decimal(points), "declared": Decimal(points)} for name, points in duties
            ],
            SCORES.key: score_rows,
        },
    )


def said(sheet, filling: Filling, kind: str = "部门整体") -> dict[str, object]:
    """What the check columns of a sheet show: cell address → value, silent cells left out."""
    regulation = DEPARTMENT if kind == "部门整体" else PROJECT
    headers, cells = check_cells(sheet, kind, regulation, filling)
    return {
        (c.row, headers[c.column - check_column(sheet)]): c.value for c in cells if c.is_formula and c.value is not None
    }


@pytest.mark.parametrize(
    ("changed", "row", "column", "words"),
    [
        ({}, 5, "核对：年初", "相符"),
        ({"income_total": ("430.68", "612.44", "570.41")}, 5, "核对：年初", "相符"),  # 0.02 in five figures: rounding
        ({"income_total": ("430.69", "612.44", "570.41")}, 5, "核对：年初", "相差 0.03"),
        ({"opening_carryover": ("40", "42.03", "0")}, 5, "核对：年初", "相差 2.03"),
        ({"basic_expenditure": ("223.90", "400", "369.79")}, 10, "核对：调整后", "相差 5.68"),
        ({"project_expenditure": ("206.76", "206.76", "210")}, 10, "核对：决算", "相差 9.38"),
        ({}, 18, "核对：决算", "相符"),
        ({"closing_carryover": (None, None, "1.2")}, 18, "核对：决算", "相差 1.20"),
        ({"closing_carryover": (None, None, None)}, 18, "核对：决算", None),
        ({"unit_funds": (None, "0", "0")}, 5, "核对：年初", None),
        ({"project_expenditure": ("0", None, None)}, 12, "核对：年初", "相差 10.00"),
    ],
)
def test_income_and_expenditure(changed, row, column, words):
    filling = filled(changed, projects=[("甲", "10", "10", "9")])
    assert said(MONEY, filling).get((row, column)) == words


def test_projects_against_the_expenditure_of_the_department():
    filling = filled(projects=[("甲", "200", "200", "200.62"), ("乙", "6.76", "6.5", "0")])
    assert said(PROJECTS, filling) == {
        (5, "实际合计"): Decimal("206.76"),
        (5, "应为"): Decimal("206.76"),
        (5, "核对结果"): "相符",
        (6, "实际合计"): Decimal("206.5"),
        (6, "应为"): Decimal("206.76"),
        (6, "核对结果"): "相差 0.26",
        (7, "实际合计"): Decimal("200.62"),
        (7, "应为"): Decimal("200.62"),
        (7, "核对结果"): "相符",
    }


def test_projects_alone_are_only_added_up():
    filling = Filling(tables={PROJECTS.key: [{"name": "甲", "executed": Decimal("3.5")}]})
    assert said(PROJECTS, filling, kind="项目支出") == {(7, "实际合计"): Decimal("3.5")}


def test_weights_are_added_up_for_each_subject():
    filling = filled(
        projects=[("甲", "1", "1", "1"), ("乙", "1", "1", "1")],
        indicators=[("部门整体", "45"), ("甲", "89"), ("部门整体", "45"), ("乙", "")],
    )
    assert said(INDICATORS, filling) == {
        (5, "实际合计"): Decimal(90),
        (5, "应为"): Decimal(90),
        (5, "核对结果"): "相符",
        (6, "核对内容"): "甲",
        (6, "实际合计"): Decimal(89),
        (6, "应为"): Decimal(90),
        (6, "核对结果"): "相差 1.00",
        (7, "核对内容"): "乙",
    }


def test_the_subjects_of_a_project_workbook_are_its_projects():
    filling = Filling(tables={PROJECTS.key: [{"name": "甲"}]})
    assert said(INDICATORS, filling, kind="项目支出") == {(5, "核对内容"): "甲"}


def test_duty_points_against_their_item():
    assert said(DUTIES, filled(duties=[("甲", "10"), ("乙", "5")])) == {
        (5, "实际合计"): Decimal(15),
        (5, "应为"): Decimal(20),
        (5, "核对结果"): "相差 5.00",
        (6, "实际合计"): Decimal(15),
    }


@pytest.mark.parametrize(
    ("item", "declared", "row", "words"),
    [
        ("A", "58", 5, "相差 0.50"),
        ("A", "58.5", 5, "相符"),
        ("A.2", "38.5", 7, "相符"),
        ("A.2", "40", 7, "相差 1.50"),
        ("综合得分", "98.5", 11, "相符"),
        ("综合得分", "99", 11, "相差 0.50"),
    ],
)
def test_a_declared_parent_against_its_children_and_the_total_against_the_leaves(item, declared, row, words):
    assert said(SCORES, filled(scores={**SCORES_DECLARED, item: declared}))[(row, "核对结果")] == words


@pytest.mark.parametrize("kind", ["部门整体", "项目支出"])
def test_everything_is_silent_while_empty(kind):
    regulation = DEPARTMENT if kind == "部门整体" else PROJECT
    assert not any(
        said(sheet, Filling(), kind) for sheet in FORM if sheet.shape is not Shape.NOTES and kind in sheet.kinds
    ), regulation.id


# what a spreadsheet program makes of the same formulas

CASES = {
    "blank": blank_template("部门整体", REGULATIONS, DEPARTMENT.id, 2025),
    "blank projects": blank_template("项目支出", REGULATIONS, PROJECT.id, None),
    "filled": filled_template(
        "部门整体",
        REGULATIONS,
        DEPARTMENT.id,
        2025,
        filled(
            {"income_total": ("430.69", "612.44", "570.41"), "unit_funds": ("0", None, "0")},
            projects=[("甲*", "200", "200", "200.62"), ("乙", "6.76", "6.5", "0")],
            indicators=[
                ("部门整体", "45"),
                ("甲*", "89"),
                ("部门整体", "45"),
                ("甲乙", "1"),
                ("乙", ""),
                ("乙", "约3"),
            ],
            duties=[("一", "10"), ("二", "5")],
        ),
    ),
}


def shown(content: bytes) -> dict[tuple[str, str], object]:
    """The values of every check cell of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets = [sheet for sheet in FORM if sheet.shape is not Shape.NOTES and sheet.name in book.sheetnames]
    return {
        (sheet.name, cell.coordinate): cell.value
        for sheet in sheets
        for row in book[sheet.name].iter_rows(min_row=HEADER_ROW + 1, min_col=check_column(sheet))
        for cell in row
        if cell.value not in (None, "")
    }


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory) -> dict[str, bytes]:
    """The cases with a check cell's value spoilt, opened, calculated again and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("recalculated")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"><item'
        ' oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"'
        ' oor:op="fuse"><value>0</value></prop></item></oor:items>'
    )
    for name, content in CASES.items():
        (folder / f"{name}.xlsx").write_bytes(spoilt(content))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        folder / "out",
    ]
    subprocess.run(
        [*command, *(folder / f"{name}.xlsx" for name in CASES)], check=True, capture_output=True, timeout=180
    )
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in CASES}


def spoilt(content: bytes) -> bytes:
    """The workbook with a wrong cached value in the check of 收入合计, to see that it is calculated again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for part in before.infolist():
            after.writestr(part, before.read(part).replace("相差 0.03".encode(), "相差 9.99".encode()))
    return buffer.getvalue()


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", CASES)
def test_a_spreadsheet_program_calculates_what_the_template_shows(recalculated, name):
    assert shown(recalculated[name]) == shown(CASES[name])


@pytest.mark.libreoffice
def test_the_planted_wrong_value_was_there():
    assert ("收支", "H5") in shown(CASES["filled"])
    assert shown(spoilt(CASES["filled"])) != shown(CASES["filled"])
