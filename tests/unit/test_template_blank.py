"""The blank filing workbook: its layout, what is locked, what a cell accepts, how it prints."""

import io
import warnings
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from regulations_by_hand import DEPARTMENT, PROJECT, REGULATIONS
from returned_workbooks import MAIN

from perfeval.blank.layout import FIRST_ROW, HEADER_ROW, last_column
from perfeval.blank.workbook import blank_template, blank_templates, default_regulations, template_name
from perfeval.errors import UsageError
from perfeval.excel.write import display_width
from perfeval.model.form import (
    BASIC,
    FORM,
    HEADER_SEARCH_ROWS,
    LIST_SHEET,
    SCORES,
    TEMPLATE_IDS,
    TEMPLATE_VERSION,
    Kind,
    Shape,
    sheets_for,
)
from perfeval.rules.load import load_regulations

KINDS = {"部门整体": DEPARTMENT.id, "项目支出": PROJECT.id}
FILLED_SHEETS = [sheet for sheet in FORM if sheet.shape is not Shape.NOTES]
by_name = pytest.mark.parametrize("sheet", FILLED_SHEETS, ids=lambda sheet: sheet.name)


def opened(kind: str = "部门整体", year: int | None = 2025, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a template no reader complains about
        return openpyxl.load_workbook(io.BytesIO(blank_template(kind, REGULATIONS, KINDS[kind], year)), **options)


@pytest.fixture(scope="module")
def workbook():
    return opened()


def header_names(sheet) -> list[str]:
    if sheet.shape is Shape.LABELS:
        return [sheet.label_header, "填报内容", "填报要求"]
    labels = [field.label for field in sheet.fields]
    return labels if sheet.shape is Shape.TABLE else [sheet.label_header, *labels]


@pytest.fixture(scope="module")
def shown():
    return opened(data_only=True)


def column_of(page, column):
    """The column's dimension; neighbours that are alike share one."""
    return next(found for found in page.column_dimensions.values() if found.min <= column <= found.max)


def input_cells(sheet, page):
    """Every cell an official may fill in, of the rows that are there."""
    first = 2 if sheet.shape is not Shape.TABLE else 1
    width = 2 if sheet.shape is Shape.LABELS else last_column(sheet)
    rows = range(
        FIRST_ROW,
        FIRST_ROW + (len(sheet.rows or sheet.fields) if sheet.shape is not Shape.TABLE else sheet.prepared_rows),
    )
    return [page.cell(row, column) for row in rows for column in range(first, width + 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_just_its_sheets(kind):
    assert opened(kind).sheetnames == [sheet.name for sheet in sheets_for(kind)]


@by_name
def test_the_headers_are_exactly_the_form_s_names(workbook, sheet):
    assert HEADER_ROW <= HEADER_SEARCH_ROWS
    assert [
        workbook[sheet.name].cell(HEADER_ROW, column).value for column in range(1, last_column(sheet) + 1)
    ] == header_names(sheet)


@by_name
def test_a_column_shows_its_whole_header(workbook, sheet):
    page = workbook[sheet.name]
    for column, name in enumerate(header_names(sheet), start=1):
        assert column_of(page, column).width >= display_width(name) + 2, name


@by_name
def test_labels_are_in_the_first_column_and_no_input_cell_is_filled_or_merged(workbook, sheet):
    page = workbook[sheet.name]
    if sheet.shape is not Shape.TABLE:
        assert [page.cell(FIRST_ROW + n, 1).value for n in range(len(sheet.rows or sheet.fields))] == [
            r.label for r in sheet.rows or sheet.fields
        ]
    if sheet is not SCORES and sheet is not BASIC:
        assert all(cell.value is None for cell in input_cells(sheet, page))
    assert not page.merged_cells.ranges


def test_kind_regulation_and_year_are_filled_in_already(workbook):
    page = workbook["基本情况"]
    values = {
        page.cell(row, 1).value: page.cell(row, 2).value for row in range(FIRST_ROW, FIRST_ROW + len(BASIC.fields))
    }
    assert {label: value for label, value in values.items() if value is not None} == {
        "评价类型": "部门整体",
        "评价年度": 2025,
        "指标体系": "test-department 部门整体测试体系",
    }


def test_the_year_may_stay_open():
    page = opened(year=None)["基本情况"]
    assert page.cell(FIRST_ROW + [f.key for f in BASIC.fields].index("year"), 2).value is None


def test_the_version_is_right_of_its_label(workbook):
    labelled = {row[0].value: row[1].value for row in workbook["填报说明"].iter_rows(max_col=2)}
    assert (labelled["模板编号"], labelled["模板版本"]) == (TEMPLATE_IDS["部门整体"], TEMPLATE_VERSION)


def test_the_rows_of_the_score_sheet_come_from_the_regulation(workbook):
    rows = [[cell.value for cell in row] for row in workbook["评分"].iter_rows(min_row=FIRST_ROW, max_col=6)]
    assert rows == [
        ["A", "总体绩效", "1", 60, None, None],
        ["A.1", "履职效能", "2", 20, None, None],
        ["A.2", "预算管理", "2", 40, None, None],
        ["A.2.1", "预算编制", "3", 25, None, None],
        ["A.2.2", "预算执行", "3", 15, None, None],
        ["B", "项目绩效", "1", 40, None, None],
        [None, "综合得分", None, None, None, None],
    ]


@by_name
def test_input_cells_are_open_and_everything_else_is_locked(workbook, sheet):
    page = workbook[sheet.name]
    assert page.protection.sheet
    assert page.protection.password is None
    assert not page.protection.formatColumns, "column widths may be changed"
    for row in range(1, HEADER_ROW + 1):
        assert all(page.cell(row, column).protection.locked for column in range(1, last_column(sheet) + 1))
    if sheet.shape is Shape.TABLE and sheet is not SCORES:
        assert not any(cell.protection.locked for cell in input_cells(sheet, page))
        for column in range(1, last_column(sheet) + 1):
            assert not column_of(page, column).protection.locked, "rows below the prepared ones are open too"


@pytest.mark.parametrize(
    ("sheet", "cell", "locked"),
    [
        ("基本情况", "A5", True),
        ("基本情况", "B5", False),
        ("基本情况", "C5", True),
        ("收支", "A5", True),
        ("收支", "B5", False),
        ("收支", "B17", True),  # 收回或注销数 takes only 决算数
        ("收支", "D17", False),
        ("收支", "E17", False),
        ("收支", "B15", False),  # 支出来源：单位资金
        ("收支", "B21", False),  # 附表资金总额 takes only 年初预算数
        ("收支", "D21", True),
        ("评分", "B5", True),
        ("评分", "D5", True),
        ("评分", "F5", False),
        ("评分", "G11", False),
    ],
)
def test_locked_cells(workbook, sheet, cell, locked):
    assert workbook[sheet][cell].protection.locked is locked


@by_name
def test_formulas_are_only_beside_the_table_and_are_silent_while_nothing_is_filled_in(workbook, shown, sheet):
    formulas, values = workbook[sheet.name], shown[sheet.name]
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                assert cell.column > last_column(sheet) + 1, cell.coordinate
                assert values[cell.coordinate].value in (None, ""), cell.coordinate


@by_name
def test_every_typed_column_has_its_validation(workbook, sheet):
    page = workbook[sheet.name]
    ranges = [
        (range_boundaries(str(area)), rule)
        for rule in page.data_validations.dataValidation
        for area in rule.sqref.ranges
    ]
    typed = {
        Kind.AMOUNT: "decimal",
        Kind.POINTS: "decimal",
        Kind.NUMBER: "decimal",
        Kind.RATE: "decimal",
        Kind.COUNT: "whole",
        Kind.MONTH: "whole",
        Kind.YEAR: "whole",
        Kind.DATE: "date",
        Kind.CHOICE: "list",
    }
    for number, field in enumerate(sheet.fields):
        expected = "list" if field.list_key else typed.get(field.kind)
        if expected is None or sheet.shape is Shape.GRID:
            continue
        row, column = (FIRST_ROW + number, 2) if sheet.shape is Shape.LABELS else (FIRST_ROW, number + 1)
        found = [
            rule.type for (left, top, right, bottom), rule in ranges if left <= column <= right and top <= row <= bottom
        ]
        assert found == [expected], field.label


@pytest.mark.parametrize("kind", KINDS)
def test_validations_ignore_blanks_and_keep_within_excel_s_limits(kind):
    for page in opened(kind):
        for rule in page.data_validations.dataValidation:
            assert rule.allow_blank
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 255
            assert len(rule.formula1 or "") <= 255


def rule_at(page, cell):
    return next(rule for rule in page.data_validations.dataValidation if cell in rule.sqref)


def test_drop_downs(workbook):
    assert rule_at(workbook["项目"], "C5").formula1 == '"常年,阶段,一次性"'
    assert rule_at(workbook["指标"], "E200").formula1 == '"≥,≤,=,>,<,定性"'
    assert rule_at(workbook["评分"], "E6").formula1 == '"是,否,不涉及"'
    subjects = rule_at(workbook["指标"], "A5")
    assert subjects.formula1 == "OFFSET($O$5,0,0,MAX(1,1+COUNTA('项目'!$B$5:$B$64)),1)"
    assert subjects.errorStyle == "warning", "a project below the prepared rows is accepted when asked"
    assert workbook["指标"]["O5"].value == "部门整体"


def test_the_regulations_offered_are_those_of_the_kind(workbook):
    assert rule_at(workbook["基本情况"], "B11").formula1 == '"test-department 部门整体测试体系"'


def test_a_list_too_long_for_a_cell_is_on_the_hidden_sheet():
    many = {
        f"test-{n}": replace(DEPARTMENT, id=f"test-{n}", title="部门整体支出绩效自评指标体系" * 2) for n in range(9)
    }
    book = openpyxl.load_workbook(io.BytesIO(blank_template("部门整体", many, "test-0", 2025)))
    assert book[LIST_SHEET].sheet_state == "hidden"
    assert [cell.value for cell in book[LIST_SHEET]["A"]] == ["指标体系", *(f"{r.id} {r.title}" for r in many.values())]
    assert rule_at(book["基本情况"], "B11").formula1 == f"'{LIST_SHEET}'!$A$2:$A$10"


@by_name
def test_it_prints_on_a4_with_its_header_on_every_page(workbook, sheet):
    page = workbook[sheet.name]
    assert page.page_setup.paperSize == 9
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == f"$1:${HEADER_ROW}"
    assert "&P" in page.oddFooter.center.text
    assert page.freeze_panes.endswith(str(FIRST_ROW))


def test_what_is_printed_begins_below_the_header_and_ends_before_the_check_columns(workbook):
    """A table in which nothing is is no page, and none holds only a header."""
    areas = {sheet.name: workbook[sheet.name].print_area.partition("!")[2] for sheet in FILLED_SHEETS}
    tables = {sheet: sheet.fields for sheet in FILLED_SHEETS if sheet.shape is Shape.TABLE and sheet is not SCORES}
    assert areas == {
        "基本情况": "$A$5:$C$26",
        "收支": "$A$5:$E$21",
        "压减": "$A$5:$D$6",
        "管理数据": "$A$5:$C$11",
        # as many rows as are filled in
        **{sheet.name: f"$A$5:${get_column_letter(len(fields))}$1048576" for sheet, fields in tables.items()},
        "评分": "$A$5:$I$11",
    }


@pytest.mark.parametrize(
    ("sheet", "cell", "look"),
    [
        ("指标", "F5", "@"),  # 指标值
        ("指标", "I204", "@"),  # 实际完成值, the last prepared row
        ("问题与建议", "E5", "@"),  # 完成时限
        ("指标", "H5", "General"),  # 权重 stays a number
        ("项目", "E5", "#,##0.00##"),
        ("项目", "I5", "yyyy-mm-dd"),
    ],
)
def test_what_a_spreadsheet_program_would_make_a_date_or_a_share_of_is_text(workbook, sheet, cell, look):
    assert workbook[sheet][cell].number_format == look


def test_prepared_rows_let_long_texts_be_seen_and_grow_with_them():
    with zipfile.ZipFile(io.BytesIO(blank_template("部门整体", REGULATIONS, "test-department", 2025))) as package:
        names = ["填报说明", *(sheet.name for sheet in FILLED_SHEETS)]
        parts = {name: package.read(f"xl/worksheets/sheet{n}.xml") for n, name in enumerate(names, start=1)}
    rows = {
        name: [dict(row.attrib) for row in ElementTree.fromstring(part).iter(f"{MAIN}row")]
        for name, part in parts.items()
    }
    prepared = {
        name: [row for row in rows[name] if FIRST_ROW <= int(row["r"]) < FIRST_ROW + count]
        for name, count in (("履职", 10), ("项目", 60), ("指标", 200), ("报告文字", 10))
    }
    assert all(float(row["ht"]) >= 30 for found in prepared.values() for row in found)
    assert not any("customHeight" in row for name in rows if name != "填报说明" for row in rows[name])


@pytest.mark.parametrize("kind", KINDS)
def test_no_list_in_a_sheet_is_empty(kind):
    """Excel offers to repair a workbook with an empty list element."""
    with zipfile.ZipFile(io.BytesIO(blank_template(kind, REGULATIONS, KINDS[kind], 2025))) as package:
        for part in package.namelist():
            if part.startswith("xl/worksheets/sheet"):
                lists = [
                    element
                    for element in ElementTree.fromstring(package.read(part))
                    if element.tag.endswith(("Errors", "Cells", "Validations", "Formatting"))
                ]
                assert all(len(element) for element in lists), part


def test_it_is_the_same_bytes_every_time():
    assert blank_template("部门整体", REGULATIONS, DEPARTMENT.id, 2025) == blank_template(
        "部门整体", REGULATIONS, DEPARTMENT.id, 2025
    )


def test_a_named_regulation_gives_the_template_of_its_kind():
    made = blank_templates(REGULATIONS, PROJECT.id, 2025)
    assert made == {template_name("项目支出"): blank_template("项目支出", REGULATIONS, PROJECT.id, 2025)}


def test_an_unknown_regulation_names_those_there_are():
    with pytest.raises(UsageError, match="没有名为“nowhere”的指标体系") as problem:
        blank_templates(REGULATIONS, "nowhere")
    assert DEPARTMENT.id in problem.value.remedy


def test_only_a_named_regulation_is_chosen_for_the_official():
    regulations = load_regulations()
    for name, wanted in ((None, [None, None]), ("cn-project-10-90", ["cn-project-10-90"])):
        made = blank_templates(regulations, name, 2025)
        pages = [openpyxl.load_workbook(io.BytesIO(content))["基本情况"] for content in made.values()]
        cells = [next(row[1].value for row in page.iter_rows() if row[0].value == "指标体系") for page in pages]
        assert [cell and cell.split()[0] for cell in cells] == wanted


def test_there_is_a_default_regulation_for_each_kind():
    assert set(default_regulations()) == set(KINDS)
