"""The shipped example workbooks: the published facts as they are, and a completion that says what is made up."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from places import ROOT

from perfeval.blank.__main__ import main, write_all
from perfeval.blank.examples import (
    COMPLETED_NAME,
    PUBLISHED_NAME,
    completed_sheets,
    completed_workbook,
    filling_of,
    published_workbook,
)
from perfeval.blank.layout import FIRST_ROW, HEADER_ROW
from perfeval.errors import ExitCode
from perfeval.filing.read_filing import read_filing
from perfeval.model.readings import DateSpan, Level, Scale
from perfeval.rules.load import load_regulations

REGULATIONS = load_regulations()
BOOKS = {PUBLISHED_NAME: published_workbook(REGULATIONS), COMPLETED_NAME: completed_workbook(REGULATIONS)}
INPUT_TEMPLATES = ROOT / "input_templates"


@pytest.fixture(scope="module")
def books():
    return {name: openpyxl.load_workbook(io.BytesIO(content), data_only=True) for name, content in BOOKS.items()}


def row_named(page, name):
    """The row in which a cell holds that name."""
    return next(row[0].row for row in page.iter_rows(min_row=FIRST_ROW) if name in {cell.value for cell in row})


def cell_of(book, sheet, row, column):
    page = book[sheet]
    found = {cell.value: cell.column for cell in page[HEADER_ROW]}
    return page.cell(row_named(page, row), found[column])


def verdicts(book):
    """What the live checks say: sheet and row → 相符 or 相差."""
    return {
        (page.title, page.cell(cell.row, 1).value, page.cell(HEADER_ROW, cell.column).value): cell.value
        for page in book
        for row in page.iter_rows(min_row=FIRST_ROW)
        for cell in row
        if str(cell.value).startswith(("相符", "相差"))
    }


@pytest.mark.parametrize(
    ("sheet", "row", "column", "published", "completed"),
    [
        ("基本情况", "部门名称", "填报内容", "乐山市金口河区发展和改革委员会", "乐山市金口河区发展和改革委员会"),
        ("基本情况", "部门简称", "填报内容", "区发改局", "区发改局"),
        ("基本情况", "评价年度", "填报内容", 2025, 2025),
        ("基本情况", "年末实有人数", "填报内容", 16, 16),
        ("基本情况", "填报日期", "填报内容", None, datetime(2026, 1, 15)),
        ("收支", "收入合计", "年初预算数", 430.66, 430.66),
        ("收支", "收入合计", "调整后预算数", None, 612.44),
        ("收支", "单位资金收入", "年初预算数", 0, 0),
        ("收支", "支出来源：财政拨款", "年初预算数", 430.66, 388.63),
        ("收支", "支出来源：上年结转", "年初预算数", 0, 42.03),
        ("收支", "上年结转", "说明", None, "年初结转42.03万元已由财政收回（示例构造）"),
        ("收支", "基本支出", "决算数", None, 369.79),
        ("收支", "年末结转结余", "决算数", 0, 0),
        ("收支", "附表资金总额", "年初预算数", 388.63, None),
        ("压减", "一般性支出执行数", "上年", 24.95, 24.95),
        ("压减", "一般性支出年初预算", "本年", 18, 18),
        ("履职", "价格监管调控职能", "分值", 5, 6),
        ("履职", "重大项目推进职能", "自评得分", 5, 7),
        ("履职数据", "交通强区组", "完成率", 0.2744, 0.2744),
        ("指标", "发放工资人数", "指标值", 15, 15),
        ("指标", "发放工资人数", "实际完成值", 16, 16),
        ("指标", "群众满意度", "实际完成值", None, 90),
        ("指标", "检查完成时限", "指标值", "12月底前", "12月底前"),
        ("指标", "经济形势向好", "指标性质", r"\geq", r"\geq"),
        ("评分", "履职效能", "自评得分", 15, 20),
        ("评分", "履职效能", "分值", 20, 20),
        ("评分", "部门预算项目绩效", "自评得分", None, 33.94),
        ("评分", "目标实现", "自评得分", 11, 10.21),
        ("评分", "采购管理", "是否适用", "是", "不涉及"),
        ("评分", "采购管理", "自评得分", 6, 6),
        ("评分", "执行结果", "自评得分", 3.73, 3.73),
        ("评分", "综合得分", "自评得分", 98.94, 98.94),
        ("评分", "实现效果", "扣分原因", None, "5个项目效益指标未得满分，偏离程度小于10%"),
    ],
)
def test_what_the_two_workbooks_say(books, sheet, row, column, published, completed):
    assert cell_of(books[PUBLISHED_NAME], sheet, row, column).value == published
    assert cell_of(books[COMPLETED_NAME], sheet, row, column).value == completed


def test_the_published_projects_are_the_two_printed_totals(books):
    page = books[PUBLISHED_NAME]["项目"]
    rows = [
        [cell.value for cell in row]
        for row in page.iter_rows(min_row=FIRST_ROW, max_col=19)
        if any(cell.value is not None for cell in row)
    ]
    assert [[value for value in row if value is not None] for row in rows] == [
        ["常年项目合计（9个）", "常年", 58.15, 58.15],
        ["阶段项目合计（10个）", "阶段", 148.61, 142.47],
    ]


def test_what_is_no_fact_of_the_report_is_blank_in_the_published_workbook(books):
    book = books[PUBLISHED_NAME]
    for sheet in ("控制支出", "支出进度"):
        assert all(cell.value is None for row in book[sheet].iter_rows(min_row=FIRST_ROW) for cell in row)
    for sheet, columns in {
        "收支": ["调整后预算数", "说明"],
        "评分": ["扣分原因"],
        "问题与建议": ["责任人", "完成时限"],
        "指标": ["偏差原因"],
    }.items():
        found = {cell.value: cell.column for cell in book[sheet][HEADER_ROW]}
        assert all(
            book[sheet].cell(row, found[column]).value is None
            for column in columns
            for row in range(FIRST_ROW, book[sheet].max_row + 1)
        )
    assert "其他项目（示例构造）" not in {cell.value for cell in book["履职数据"]["B"]}


def test_numbers_rates_and_dates_are_cells_of_their_kind(books):
    book = books[COMPLETED_NAME]
    assert cell_of(book, "履职数据", "交通强区组", "完成率").number_format == "0.00%"
    assert cell_of(book, "项目", "伙食团运行费", "入库日期").is_date
    assert cell_of(book, "项目", "伙食团运行费", "执行数").data_type == "n"


def test_the_live_checks_of_the_published_workbook_name_its_contradictions(books):
    said = verdicts(books[PUBLISHED_NAME])
    assert {place: words for place, words in said.items() if words != "相符"} == {
        ("履职", "发展规划编制职能", "核对结果"): "相差 5.00",
        ("评分", "A", "核对结果"): "相差 5.00",
        ("评分", "B2", "核对结果"): "相差 0.27",
        ("评分", "B3", "核对结果"): "相差 0.79",
        ("评分", None, "核对结果"): "相差 5.00",
    }


def test_the_live_checks_of_the_completed_workbook_all_agree(books):
    said = verdicts(books[COMPLETED_NAME])
    assert set(said.values()) == {"相符"}
    assert len(said) == 24


def test_whatever_is_made_up_says_so():
    sheets = completed_sheets()
    for sheet in ("控制支出", "项目", "履职"):
        assert all("示例构造" in "".join(str(value) for value in row.values()) for row in sheets[sheet]), sheet
    for row in (
        "上年结转",
        "支出合计",
        "基本支出",
        "项目支出",
        "收回或注销数",
        "全年下达单位计划数",
        "全年单位实际支付数",
    ):
        assert "示例构造" in sheets["收支"][row]["说明"]


@pytest.mark.parametrize("name", BOOKS)
def test_the_guide_says_what_is_published_and_what_is_made_up(books, name):
    words = "".join(str(cell.value) for row in books[name]["填报说明"].iter_rows() for cell in row)
    assert "2025年度区级部门整体绩效自评报告" in words
    assert "示例构造" in words


@pytest.mark.parametrize(
    "sheets",
    [{"没有的表": []}, {"收支": {"没有的行": {}}}, {"项目": [{"没有的列": "1"}]}, {"基本情况": {"没有的项": "1"}}],
)
def test_a_word_the_form_does_not_have_is_refused(sheets):
    with pytest.raises(KeyError):
        filling_of(sheets, REGULATIONS["sichuan-dept-65-35"])


def plain(value):
    """A read value without its wrapping: numbers as Decimal, the nature's sign as the form writes it."""
    value = getattr(value, "value", value)
    return Decimal(value) if isinstance(value, int) else value


def read_differently(records, rows):
    """Every cell whose read value is not the number, date or text that was written."""
    return {
        (number, key): (value, getattr(row, key).raw)
        for number, (record, row) in enumerate(zip(records, rows, strict=True))
        for key, value in record.items()
        if not isinstance(getattr(row, key).value, Level | Scale | DateSpan) and plain(getattr(row, key).value) != value
    }


def test_the_reader_reads_back_what_was_written(tmp_path):
    (tmp_path / COMPLETED_NAME).write_bytes(BOOKS[COMPLETED_NAME])
    submission = read_filing(tmp_path / COMPLETED_NAME, COMPLETED_NAME).submission
    filling = filling_of(completed_sheets(), REGULATIONS["sichuan-dept-65-35"])
    assert read_differently([filling.basic], [submission.basic]) == {}
    for key, rows in filling.grids.items():
        assert read_differently(rows.values(), [getattr(getattr(submission, key), row) for row in rows]) == {}
    for key, records in filling.tables.items():
        if key != "scores":  # its parents without a declared score are rows too
            natures = {(n, "nature"): (r"\geq", r"\geq") for n, r in enumerate(records) if r.get("nature") == r"\geq"}
            assert read_differently(records, getattr(submission, key)) == natures
    declared = {row["item_id"]: row["declared"] for row in filling.tables["scores"] if row["item_id"]}
    assert {row.item_id.value: row.declared.value for row in submission.scores} == declared
    assert submission.grand_total.value == Decimal("98.94")


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_committed_templates_are_the_generated_ones(tmp_path):
    made = {path.name: path for path in write_all(tmp_path)[0]}
    assert set(made) == {path.name for path in INPUT_TEMPLATES.iterdir()}
    for name, path in made.items():
        assert parts(path.read_bytes()) == parts((INPUT_TEMPLATES / name).read_bytes()), (
            f"{name}：请运行 make templates"
        )


def test_a_wrong_call_says_how_to_call(capsys):
    assert main([]) == ExitCode.USAGE
    assert "用法" in capsys.readouterr().err
