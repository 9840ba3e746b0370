"""The roster workbook: blank for officials to fill in, and filled for the example department."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfeval.blank.page import paper
from perfeval.blank.style import Styles
from perfeval.blank.workbook import CREATED
from perfeval.model.roster import (
    COPY_HEADER,
    DEADLINE_HEADER,
    DEPARTMENT_HEADER,
    FORMER_HEADER,
    RECIPIENT_HEADER,
    SECTION_HEADER,
)

ROSTER_NAME, EXAMPLE_ROSTER_NAME = "报送名册_模板.xlsx", "示例_报送名册.xlsx"
COLUMNS = (
    (DEPARTMENT_HEADER, 42),
    (RECIPIENT_HEADER, 40),
    (COPY_HEADER, 40),
    (DEADLINE_HEADER, 14),
    (FORMER_HEADER, 42),
    (SECTION_HEADER, 20),
)
DEADLINE_COLUMN = [header for header, _ in COLUMNS].index(DEADLINE_HEADER)
ROWS = 200
Row = tuple[str, str, str, date]
EXAMPLE_ROW: Row = (
    "乐山市金口河区发展和改革委员会",
    "示例构造 <jixiao@example.com>",
    "bangongshi@example.com",
    date(2026, 3, 31),
)
GUIDE = (
    f"{DEPARTMENT_HEADER}：与填报工作簿“基本情况”里的部门名称一字不差，一个部门一行。",
    f"{RECIPIENT_HEADER}：邮箱地址，前面可以写姓名，如 张三 <zhangsan@example.gov.cn>；几个地址之间用分号隔开。",
    f"{COPY_HEADER}：写法同{RECIPIENT_HEADER}，可以不填。",
    f"{DEADLINE_HEADER}：如 2026-03-31，可以不填。",
    f"{FORMER_HEADER}：部门改了名称的，填原来的名称，几个名称用分号隔开；没有改过的不填。改正稿写新名称的，凭它取代旧名称的那一版。",
    f"{SECTION_HEADER}：财政局里分管这个部门的股室，可以不填；填了的，汇总表按股室列出报送和得分。",
    "perfeval report --roster 用它列出还没有报送的部门；perfeval outbox --roster 用它给每个部门的结果写好邮件。",
)


def roster_workbook(rows: Sequence[Row] = ()) -> bytes:
    """The roster as the bytes of an .xlsx file, with the given rows or blank. Equal rows give equal bytes."""
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "绩效自评报送名册", "author": "perfeval", "created": CREATED})
    styles = Styles(book)
    _write_rows(
        book.add_worksheet("报送名册"), styles, book.add_format({"num_format": "yyyy-mm-dd", "align": "center"}), rows
    )
    _write_guide(book.add_worksheet("填写说明"), styles)
    book.close()
    return buffer.getvalue()


def _write_rows(page: Worksheet, styles: Styles, day: Format, rows: Sequence[Row]) -> None:
    paper(page, landscape=True)
    page.fit_to_pages(1, 0)
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    for column, (header, width) in enumerate(COLUMNS):
        page.set_column(column, column, width, day if header == DEADLINE_HEADER else None)
        page.write_string(0, column, header, styles.header(required=header in (DEPARTMENT_HEADER, RECIPIENT_HEADER)))
    page.data_validation(
        1, DEADLINE_COLUMN, ROWS, DEADLINE_COLUMN,
        {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "error_title": DEADLINE_HEADER,
         "error_message": "请填日期，如 2026-03-31。"},
    )  # fmt: skip
    for number, (department, recipient, copies, deadline) in enumerate(rows, start=1):
        for column, text in enumerate((department, recipient, copies)):
            page.write_string(number, column, text)
        page.write_datetime(number, DEADLINE_COLUMN, deadline, day)


def _write_guide(page: Worksheet, styles: Styles) -> None:
    paper(page, landscape=True)
    page.set_column(0, 0, 120)
    page.write_string(0, 0, "报送名册怎么填", styles.title())
    for row, sentence in enumerate(GUIDE, start=2):
        page.write_string(row, 0, sentence, styles.remark())
