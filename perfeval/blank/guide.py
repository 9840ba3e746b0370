"""The sheet 填报说明: how the workbook is filled in, which sheets are needed, what the colours mean, and the version
cells."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from perfeval.blank.layout import LINE_HEIGHT, regulation_choice, row_height
from perfeval.blank.style import HEADER_FILL, LABEL_FILL, LINE, MISSING_LINE, REQUIRED_FILL, Styles
from perfeval.filing.rule_sheets import asked_sheets
from perfeval.model.form import (
    NOTES,
    TEMPLATE_ID_LABEL,
    TEMPLATE_IDS,
    TEMPLATE_VERSION,
    TEMPLATE_VERSION_LABEL,
    Sheet,
    sheets_for,
)
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND

STEPS = (
    "先填“基本情况”，再按工作表从左到右的顺序填写；本次评价需要填写的工作表见下表。",
    "白色单元格填写内容；灰色单元格已经锁定，不用填写，也不用改动。工作表没有密码。",
    "金额一律以万元为单位，只填数字，不带单位。没有发生的填 0；尚未掌握的先空着，不要用“/”“无”“约”等字样代替数字。",
    "日期填成 2025-12-31 的样子。带下拉箭头的单元格请从列表中选择。",
    "未达到指标值、扣了分、预算与执行相差较大的，请在同一行的“偏差原因”“扣分原因”或“说明”中写明原因。",
    "表格右侧的“核对结果”随填随算，显示“相符”或“相差多少”，供填报时自查；不需要填写，也不影响评分。",
    "行数不够时，在最后一行下面接着填写，或者插入行。请不要合并单元格，不要改动工作表名称和表头文字。",
    "填完后保存为 .xlsx 格式报送。程序如有退回，会指明哪个单元格要改、怎样改，改好后重新报送即可。",
)
LEGEND = (  # fill, frame, what it means
    (HEADER_FILL, LINE, "表头：选填的列"),
    (REQUIRED_FILL, LINE, "表头或项目：必填的列或行"),
    ("#FFFFFF", LINE, "填写内容的单元格"),
    ("#FFFFFF", MISSING_LINE, "橙色边框：必填、现在还空着的单元格；填好后边框自动消失"),
    (LABEL_FILL, LINE, "锁定的单元格：项目名称、指标体系给定的内容、核对结果"),
)
WIDTHS = (16, 12, 12, 68)
HEADERS = ("工作表", DEPARTMENT_KIND, PROJECT_KIND, "填什么")


def write_guide(
    sheet: Worksheet, styles: Styles, kind: str, regulation: Regulation, title: str, remarks: Sequence[str]
) -> None:
    """Writes 填报说明 from top to bottom."""
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, styles.title())
    sheet.set_row(0, 30)
    row = _pairs(
        sheet, styles, 2, ((TEMPLATE_ID_LABEL, TEMPLATE_IDS[kind]), (TEMPLATE_VERSION_LABEL, TEMPLATE_VERSION))
    )
    row = _paragraphs(sheet, styles, row + 1, "关于本示例", remarks)
    row = _paragraphs(sheet, styles, row + 1, "怎样填写", [*STEPS, *_regulation_words(kind, regulation)])
    row = _sheets(sheet, styles, row + 1, (*sheets_for(kind), *asked_sheets(regulation)))
    sheet.write_string(row + 1, 0, "颜色", styles.heading())
    for offset, (fill, line, meaning) in enumerate(LEGEND, start=row + 2):
        sheet.write_blank(offset, 0, None, styles.swatch(fill, line))
        sheet.write_string(offset, 1, meaning, styles.remark(indent=1))


def _pairs(sheet: Worksheet, styles: Styles, row: int, pairs: Sequence[tuple[str, str]]) -> int:
    for label, value in pairs:
        sheet.write_string(row, 0, label, styles.label())
        sheet.write_string(row, 1, value, styles.label(align="center"))
        row += 1
    return row


def _paragraphs(sheet: Worksheet, styles: Styles, row: int, heading: str, paragraphs: Sequence[str]) -> int:
    """A heading and its numbered paragraphs, each in one cell across the page."""
    if not paragraphs:
        return row - 1
    sheet.write_string(row, 0, heading, styles.heading())
    for number, paragraph in enumerate(paragraphs, start=1):
        sheet.merge_range(row + number, 0, row + number, len(WIDTHS) - 1, f"{number}. {paragraph}", styles.text())
        sheet.set_row(
            row + number, row_height([(f"{number}. {paragraph}", sum(WIDTHS))]) or LINE_HEIGHT + 4
        )  # merged cells do not grow
    return row + len(paragraphs) + 1


def _regulation_words(kind: str, regulation: Regulation) -> list[str]:
    if kind != DEPARTMENT_KIND:
        return []
    return [
        f"“评分”表的各行按指标体系“{regulation_choice(regulation)}”列好。财政部门规定用其他指标体系的，请使用按该体系生成的填报工作簿。"
    ]


def _sheets(sheet: Worksheet, styles: Styles, row: int, parts: Sequence[Sheet]) -> int:
    """The table of sheets: needed for which kind of evaluation, and what to fill in."""
    sheet.write_string(row, 0, "工作表一览", styles.heading())
    row += 1
    for column, header in enumerate(HEADERS):
        sheet.write_string(row, column, header, styles.header())
    for part in (part for part in parts if part is not NOTES):
        row += 1
        cells: list[tuple[str, Any]] = [(part.name, styles.label(bold=True))]
        cells += [
            ("填写" if k in part.kinds else "不填", styles.label(align="center"))
            for k in (DEPARTMENT_KIND, PROJECT_KIND)
        ]
        cells.append((part.guide, styles.requirement()))
        for column, (text, style) in enumerate(cells):
            sheet.write_string(row, column, text, style)
        sheet.set_row(row, row_height([(part.guide, WIDTHS[-1])]))
    return row + 1
