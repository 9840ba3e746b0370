"""What people really type: what is read, what is questioned, what is refused, cell by cell."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from changes import Change, add_row, both, hide_row, merged, put, read, taken
from planting import plant

from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import Severity
from perfeval.model.cells import State
from perfeval.model.readings import Level, Number, Reading
from perfeval.model.submission import Submission

D = Decimal

CASES: list[tuple[str, str, str, Change]] = [
    ("CELL_001", "required text", "项目!B2", put("项目", "B2", None)),
    ("CELL_001", "required amount", "压减!C3", put("压减", "C3", "—")),
    ("CELL_001", "a column blank from top to bottom", "项目!G2", both(put("项目", "G2", None), put("项目", "G3", "/"))),
    ("CELL_002", "words for a number", "收支!B3", put("收支", "B3", "约90")),
    ("CELL_002", "a date for a number", "收支!B3", put("收支", "B3", date(2025, 1, 1), "yyyy-mm-dd")),
    ("CELL_002", "per cent for an amount", "收支!B3", put("收支", "B3", 0.9, "0%")),
    ("CELL_002", "a currency sign among 万元", "收支!B3", put("收支", "B3", "￥90")),
    ("CELL_002", "a currency sign in a target counted in 万元", "指标!F2",
        both(put("指标", "F2", "¥4"), put("指标", "G2", "万元"))),
    ("CELL_002", "half a person", "基本情况!B12", put("基本情况", "B12", 8.5)),
    ("CELL_002", "a month that is none", "支出进度!A2", put("支出进度", "A2", "13月")),
    ("CELL_002", "a year of two digits", "基本情况!B7", put("基本情况", "B7", "25年")),
    ("CELL_002", "a month for a day", "项目!I2", put("项目", "I2", "2024年9月")),
    ("CELL_003", "yes and no", "项目!J2", put("项目", "J2", "基本是")),
    ("CELL_004", "a number stored as text", "收支!B3", put("收支", "B3", "90.00")),
    ("CELL_004", "a year stored as text", "基本情况!B7", put("基本情况", "B7", "2025")),
    ("CELL_004", "a month stored as text", "支出进度!A2", put("支出进度", "A2", "6")),
    ("CELL_004", "a rate stored as text", "履职数据!F3", put("履职数据", "F3", "27.44%")),
    ("CELL_005", "5万 in 万元", "管理数据!B6", put("管理数据", "B6", "20万")),
    ("CELL_005", "元 in 万元", "管理数据!B6", put("管理数据", "B6", "200000元")),
    ("CELL_005", "8名", "基本情况!B12", put("基本情况", "B12", "8名")),
    ("CELL_006", "houses counted in persons", "指标!F2", put("指标", "F2", "4人")),
    ("CELL_006", "persons in 万元", "收支!B3", put("收支", "B3", "90人")),
    ("CELL_007", "0.965 beside 95 %", "指标!I5", put("指标", "I5", 0.965)),
    ("CELL_007", "满意度 0.9 and 0.935 in %", "指标!F5",
        both(put("指标", "D5", "群众满意度"), put("指标", "F5", 0.9), put("指标", "I5", 0.935))),
    ("CELL_007", "保证率 0.95 and 0.94 in %", "指标!F5",
        both(put("指标", "D5", "灌溉保证率"), put("指标", "F5", 0.95), put("指标", "I5", 0.94))),
    ("CELL_007", "95 pasted where per cent is shown", "指标!I5", put("指标", "I5", 96.5, "0.00%")),
    ("CELL_007", "27.44 pasted where per cent is shown", "履职数据!F3", put("履职数据", "F3", 27.44, "0.00%")),
    ("CELL_007", "a plan pasted where per cent is shown", "履职数据!D3", put("履职数据", "D3", 95, "0%")),
    ("CELL_007", "a bare rate", "履职数据!F3", both(put("履职数据", "F3", 0.995), put("履职数据", "G3", None))),
    ("CELL_008", "division by zero", "收支!B3", put("收支", "B3", "#DIV/0!")),
    ("CELL_009", "a formula never calculated", "收支!B3", put("收支", "B3", "=45+45")),
    ("CELL_011", "broken separators", "收支!B3", put("收支", "B3", "7,00.0,77")),
    ("CELL_011", "broken separators in a target", "指标!F2", put("指标", "F2", "1,2,3")),
    ("CELL_012", "30 February", "项目!I2", put("项目", "I2", "2024年2月30日")),
    ("CELL_012", "month 13 in an actual", "指标!I4", put("指标", "I4", "2025-13-01")),
    ("CELL_013", "a number where the unit belongs", "指标!G5",
        both(put("指标", "F5", "≥"), put("指标", "G5", 95), put("指标", "H5", "%"))),
    ("CELL_013", "one column to the right", "项目!C2", lambda book: book["项目"].move_range("B2:P2", cols=1)),
    ("CELL_014", "a hidden row", "项目!A3", hide_row("项目", 3)),
    ("CELL_015", "shown in thousands", "收支!B3", put("收支", "B3", 90, "#,##0.00,")),
    ("CELL_015", "shown in ten thousands", "收支!B3", put("收支", "B3", 90, "0!.0,")),
    ("CELL_016", "a value under a merge", "指标!B3", merged("指标", "B2:B4", ("B3", "效益指标"))),
    ("CELL_017", "filled down inside a merge", "指标!B2", merged("指标", "B2:B4")),
    ("CELL_018", "a placeholder row", "指标!B6", add_row("指标", None, "产出指标", "数量指标", "指标2：")),
    ("CELL_018", "dots", "项目!B4", add_row("项目", None, "……")),
    ("CELL_019", "full-width digits", "收支!B3", put("收支", "B3", "９０")),
    ("CELL_019", "a word behind the year", "基本情况!B7", put("基本情况", "B7", "2025年")),
    ("CELL_019", "two words behind the year", "基本情况!B7", put("基本情况", "B7", "2025年度")),
    ("CELL_019", "a word behind the month", "支出进度!A2", put("支出进度", "A2", "6月")),
    ("CELL_019", "a full-width rate", "履职数据!F3", put("履职数据", "F3", "２７．４４％")),
    ("CELL_019", "thousands separator", "管理数据!B2", both(put("管理数据", "B2", "1,234.50"), put("管理数据", "B3", 1234.5))),
    ("CELL_019", "a comparator spelt otherwise", "指标!E2", put("指标", "E2", "\\geq")),
    ("CELL_019", "a comparator in another column", "指标!G2", both(put("指标", "E2", None), put("指标", "G2", ">="))),
    ("CELL_019", "a comparator before the unit", "指标!G2", both(put("指标", "E2", None), put("指标", "G2", "≥所"))),
    ("CELL_019", "the row's comparator again before the unit", "指标!G2", put("指标", "G2", "不少于所")),
    ("CELL_019", "the row's comparator instead of the unit", "指标!G2", put("指标", "G2", ">=")),
    ("CELL_019", "a tick", "项目!J2", put("项目", "J2", "√")),
    ("CELL_019", "a day without its format", "项目!I2", put("项目", "I2", 45555)),
    ("CELL_019", "points", "项目!I2", put("项目", "I2", "2024.9.20")),
    ("CELL_019", "优秀 for 优", "指标!I3", put("指标", "I3", "优秀")),
    ("CELL_019", "the better end of a scale", "指标!I3", both(put("指标", "F3", "好坏"), put("指标", "I3", "好"))),
    ("CELL_024", "a day or a number of a wrong format", "指标!F2",
        both(put("指标", "F2", 46000, "yyyy-mm-dd"), put("指标", "G2", None), put("指标", "I2", 47000))),
    ("CELL_020", "two comparators", "指标!F5", put("指标", "F5", "≤95%")),
    ("CELL_025", "a place holder", "项目!D2", put("项目", "D2", "同上")),
    ("CELL_025", "see elsewhere", "项目!D2", put("项目", "D2", "详见附件2。")),
    ("CELL_025", "to be written", "报告文字!B2", put("报告文字", "B2", "（此处填写）")),
    ("CELL_025", "crosses", "机构职能!B2", put("机构职能", "B2", "××××")),
    ("CELL_025", "left out", "问题与建议!C2", put("问题与建议", "C2", "略")),
    ("CELL_023", "a total", "项目!B4", add_row("项目", None, "合 计：", None, None, 40, 45, 43)),
    ("CELL_023", "a total of indicators", "指标!A6", add_row("指标", "小计", None, None, None, None, None, None, 90)),
    ("CELL_023", "a total of items", "控制支出!A3", add_row("控制支出", "总计", 2, 1.32)),
    ("CELL_023", "a note", "指标!A6", add_row("指标", "注：指标值按批复填写")),
    ("CELL_023", "a numbered note", "项目!A4", add_row("项目", "说明1: 按决算口径")),
    ("CELL_023", "who filled it in", "履职!A3", add_row("履职", "填表人：张三", None, "审核人：李四")),
    ("CELL_020", "another comparator before the unit", "指标!G2", put("指标", "G2", "≤所")),
    ("CELL_021", "one amount for two columns", "收支!C5", merged("收支", "B5:C5")),
    ("CELL_021", "one amount for two rows", "收支!B5", both(put("收支", "B5", None), merged("收支", "B4:B5"))),
    ("CELL_021", "one amount for two columns of a table", "项目!G2", merged("项目", "F2:G2")),
    ("CELL_021", "one weight for three rows", "指标!H3", both(merged("指标", "H2:H3"), put("指标", "H2", 50))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "what", "place", "change"), CASES, ids=[f"{code} {what}" for code, what, _, _ in CASES]
)
def test_one_oddity_is_one_finding_at_its_cell(
    code: str, what: str, place: str, change: Change, tmp_path: Path
) -> None:
    assert [(f.code, str(f.ref)) for f in taken(change, tmp_path).findings] == [(code, place)]


@pytest.mark.parametrize(("hidden", "named"), [(2, "3、4"), (10, "3、4、5、6、7、8、9、10、11、12"),
    (11, "3、4、5、6、7、8、9、10、11、12等")])  # fmt: skip
def test_hidden_rows_are_named_up_to_ten_and_all_are_pointed_to(hidden: int, named: str, tmp_path: Path) -> None:
    more = [add_row("控制支出", f"支出{n}", n, n, None) for n in range(hidden)]
    rows = [hide_row("控制支出", row) for row in range(3, 3 + hidden)]
    (found,) = taken(both(*more, *rows), tmp_path).findings
    assert (found.code, found.message) == ("CELL_014", f"第 {named} 行是隐藏的，里面有数据，程序照样读取了。")
    assert [ref.row for ref in (found.ref, *found.related)] == list(range(3, 3 + hidden))


def test_every_code_has_a_case_here() -> None:
    tested = {code for code, _, _, _ in CASES} | {"CELL_010", "CELL_022"}  # those two in test_intake_formulas
    assert {code for code in catalogue() if code.startswith("CELL_")} == tested


READ_AS: list[tuple[str, Change, Callable[[Submission], Any], Any]] = [
    ("full-width", put("收支", "B3", "９０．５"), lambda s: s.money.appropriation.initial.value, D("90.5")),
    ("separator", put("收支", "B3", "1,234.50"), lambda s: s.money.appropriation.initial.value, D("1234.50")),
    ("no-break spaces", put("收支", "B3", "\u00a090\u00a0000 "), lambda s: s.money.appropriation.initial.value,
        D("90000")),
    ("元", put("收支", "B3", "5704100元"), lambda s: s.money.appropriation.initial.value, D("570.41")),
    ("亿元", put("收支", "B3", "2.6亿元"), lambda s: s.money.appropriation.initial.value, D("26000")),
    ("15 digits", put("收支", "B3", 0.1 + 0.2), lambda s: s.money.appropriation.initial.value, D("0.3")),
    ("negative", put("收支", "B3", -5), lambda s: s.money.appropriation.initial.value, D("-5")),
    ("dash is blank", put("收支", "B3", "——"),
        lambda s: (s.money.appropriation.initial.value, s.money.appropriation.initial.state), (None, State.BLANK)),
    ("error is unreadable", put("收支", "B3", "#N/A"),
        lambda s: (s.money.appropriation.initial.raw, s.money.appropriation.initial.state), ("#N/A", State.UNREADABLE)),
    ("date cell", put("项目", "I2", date(2024, 9, 20), "yyyy-mm-dd"),
        lambda s: (s.projects[0].entry_date.value, s.projects[0].entry_date.raw), (date(2024, 9, 20), "2024-09-20")),
    ("East Asian date format", put("项目", "I2", 45555, '[$-804]yyyy"年"m"月"d"日"'),
        lambda s: s.projects[0].entry_date.value, date(2024, 9, 20)),
    ("format 31", put("项目", "I2", 45555, "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@"),
        lambda s: s.projects[0].entry_date.value, date(2024, 9, 20)),
    ("per cent format", put("履职数据", "F3", 0.2744, "0.00%"),
        lambda s: (s.duty_data[1].completion_rate.value, s.duty_data[1].completion_rate.raw), (D("0.2744"), "27.44%")),
    ("per cent text", put("履职数据", "F3", "27.44%"), lambda s: s.duty_data[1].completion_rate.value, D("0.2744")),
    ("per cent by the unit", put("履职数据", "F3", 27.44), lambda s: s.duty_data[1].completion_rate.value, D("0.2744")),
    ("five times the plan", put("履职数据", "F3", 5, "0%"), lambda s: s.duty_data[1].completion_rate.value, D(5)),
    ("a number pasted into per cent", put("履职数据", "F3", 100, "0%"), lambda s: s.duty_data[1].completion_rate.state,
        State.UNREADABLE),
    ("month by its last day", put("支出进度", "A2", date(2025, 6, 30), "yyyy-mm-dd"), lambda s: s.progress[0].month.value,
        6),
    ("1-6 that became a day", put("支出进度", "A2", date(2025, 1, 6), "m-d"), lambda s: s.progress[0].month.state,
        State.UNREADABLE),
    ("a planned rate", both(put("履职数据", "D3", 0.95, "0%"), put("履职数据", "E3", 96)),
        lambda s: (s.duty_data[1].planned.value, s.duty_data[1].completed.value), (D(95), D(96))),
    ("month", put("支出进度", "A2", "1-6月"), lambda s: s.progress[0].month.value, 6),
    ("month end", put("支出进度", "A2", "6月底"), lambda s: s.progress[0].month.value, 6),
    ("year", put("基本情况", "B7", "2025年度"), lambda s: s.basic.year.value, 2025),
    ("id before a title", put("基本情况", "B8", "sichuan-dept-65-35 四川省部门整体"), lambda s: s.basic.regulation.value,
        "sichuan-dept-65-35"),
    ("a telephone number stays text", put("基本情况", "B18", 13800001234), lambda s: s.basic.phone.value, "13800001234"),
    ("一 as a numeral", put("机构职能", "A2", "一"), lambda s: s.functions[0].number.value, "一"),
    ("outer spaces", put("基本情况", "B3", "\u3000县教育局 \n"), lambda s: s.basic.department.value, "县教育局"),
    ("escaped line end", put("履职", "C2", "第一段_x000D_\n第二段"), lambda s: s.duties[0].achievement.value, "第一段\n第二段"),
    ("synonym of a choice", put("项目", "C3", "阶段性项目"), lambda s: s.projects[1].type.value, "阶段"),
    ("label of a grid cell", put("收支", "D7", 108), lambda s: s.money.expenditure_total.final.label, "支出合计 决算数"),
    ("filled down", merged("指标", "B2:B4"), lambda s: [i.level1.value for i in s.indicators], ["产出指标"] * 3 + ["满意度指标"]),
    ("a shifted row keeps its texts", lambda book: book["项目"].move_range("C2:P2", cols=1),
        lambda s: (s.projects[0].name.value, s.projects[0].executed.state), ("校舍维修", State.UNREADABLE)),
    ("grand total", put("评分", "F4", 98.94), lambda s: (s.grand_total.value, len(s.scores)), (D("98.94"), 2)),
    ("not used cells of a grid", put("收支", "B12", None), lambda s: s.money.closing_carryover.initial.state,
        State.BLANK),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "look", "expected"), READ_AS, ids=[what for what, *_ in READ_AS])
def test_what_is_unambiguous_is_read(
    what: str, change: Change, look: Callable[[Submission], Any], expected: Any, tmp_path: Path
) -> None:
    assert look(read(change, tmp_path)) == expected


PAIRS: list[tuple[str, object, str | None, object, Reading | None, Reading | None]] = [
    ("numbers", 4, "所", 5, Number(D(4)), Number(D(5))),
    ("unit in the column's words", "≥4所", "所", "5所", Number(D(4), "所", "≥"), Number(D(5), "所")),
    ("converted to the column", 12000, "亩", "1.2万亩", Number(D(12000)), Number(D(12000), "亩")),
    ("converted to the target", "1.2万亩", None, "11000亩", Number(D("1.2"), "万亩"), Number(D("1.1"), "万亩")),
    ("a comparator before the unit", 4, "≥所", "5所", Number(D(4)), Number(D(5), "所")),
    ("a currency sign where 元 are counted", "￥530", "元", 520, Number(D(530), "元"), Number(D(520))),
    ("a currency sign beside 万元", "100万元", None, "￥95", Number(D(100), "万元"), None),
    ("unit taken from the other side", "100%", None, "98.79", Number(D(100), "%"), Number(D("98.79"), "%")),
    ("per cent format beside per cent", 95, "%", (0.98, "0%"), Number(D(95)), Number(D(98), "%")),
    ("both below one are one scale", 0.9, "%", 0.4, Number(D("0.9")), Number(D("0.4"))),
    ("nothing to decide by", "95%", None, 0.98, Number(D(95), "%"), None),
    ("scale and level", "优良中低差", None, "优", None, Level("优")),
    ("one step in two words", "优良中低差", None, "良好", None, Level("良")),
    ("both in two words", "良好", None, "优秀", Level("良"), Level("优")),
    ("the goal in two words", "良好", None, "良", Level("良"), Level("达成")),
    ("repeated in two words", "良好", None, "良好", Level("良好"), Level("达成")),
    ("a step of no scale", "优良中低差", None, "较好", None, Level("较好")),
    ("the better end", "好坏", None, "好", None, Level("达成")),
    ("the worse end", "好/坏", None, "坏", None, Level("未达成")),
    ("a number is no scale", 4, "所", "优秀", Number(D(4)), Level("优秀")),
    ("nothing chosen on the scale", "好坏", None, "好坏", None, None),
    ("the target's words repeated", "专款专用", None, "专款专用", None, Level("达成")),
    ("done", 30, "万元", "已完成", Number(D(30)), Level("达成")),
]


@pytest.mark.parametrize(("what", "target", "unit", "actual", "goal", "done"), PAIRS, ids=[what for what, *_ in PAIRS])
def test_target_and_actual_are_read_together(
    what: str,
    target: object,
    unit: str | None,
    actual: object,
    goal: Reading | None,
    done: Reading | None,
    tmp_path: Path,
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        row = book["指标"][2]
        row[4].value, row[5].value, row[6].value = None, target, unit
        row[8].value = actual[0] if isinstance(actual, tuple) else actual
        row[8].number_format = actual[1] if isinstance(actual, tuple) else "General"

    indicator = read(change, tmp_path).indicators[0]
    assert goal is None or indicator.target.value == goal
    assert indicator.actual.value == done


RATES: list[
    tuple[str, str, object, object, str]
] = [  # 三级指标, 指标性质, 指标值 and 实际完成值 in %, what is questioned
    ("群众满意度", "≥", 95, 0.965, "I5"),
    ("群众满意度", "≥", 0.9, 0.935, "F5"),
    ("义务教育巩固率", "≥", 0.95, 0.94, "F5"),
    ("投诉处理满意度", "≥", 0.95, 0.94, "F5"),
    ("群众满意度", "≥", 1, 1, "F5"),
    ("森林火灾受害率", "≤", 0.9, 0.2, ""),
    ("居民收入增长率", "≥", 0.5, 0.6, ""),
    ("居民收入增长率", "≥", 0.5, 1.2, ""),  # 50 % would be further off than 0.5 %
    ("居民收入增长率", "≥", 8, 0.085, "I5"),
    ("台账差错率", "≤", 2, 0.1, ""),
    ("验收合格率", "=", 100, 1, "I5"),
]


@pytest.mark.parametrize(("name", "nature", "target", "actual", "asked"), RATES)
def test_a_percentage_that_is_questioned_is_not_read(
    name: str, nature: str, target: object, actual: object, asked: str, tmp_path: Path
) -> None:
    """No score, and no finding that would follow from one of the two readings."""
    result = taken(
        both(put("指标", "D5", name), put("指标", "E5", nature), put("指标", "F5", target), put("指标", "I5", actual)),
        tmp_path,
    )
    assert [(f.code, f.ref.address) for f in result.findings if f.ref] == ([("CELL_007", asked)] if asked else [])
    assert result.submission is not None
    row = result.submission.indicators[3]
    assert (row.target.is_read, row.actual.is_read) == (asked != "F5", not asked)


@pytest.mark.parametrize(
    ("project", "subject"),
    [("校舍维修（一期）", "校舍维修(一期)"), ("校舍维修(一期)", "校舍维修（ 一期）"), ("校舍维修", "校舍 维修")],
)
def test_brackets_and_spaces_do_not_make_another_project(project: str, subject: str, tmp_path: Path) -> None:
    """Said once for the name, at the first row, the others marked."""
    result = taken(both(put("项目", "B2", project), put("指标", "A2", subject), put("指标", "A4", subject)), tmp_path)
    assert [(f.code, str(f.ref), [ref.address for ref in f.related]) for f in result.findings] == [
        ("CELL_019", "指标!A2", ["A4"])
    ]
    assert result.submission is not None
    assert [i.row for i in result.submission.indicators_of(project)] == [2, 4]


def test_two_projects_that_differ_by_their_brackets_stay_two(tmp_path: Path) -> None:
    names = both(put("项目", "B2", "校舍维修（一期）"), put("项目", "B3", "校舍维修(一期)"))
    submission = read(both(names, put("指标", "A2", "校舍维修(一期)"), put("指标", "A4", "校舍维修（一期)")), tmp_path)
    assert [i.subject.value for i in submission.indicators] == [
        "校舍维修(一期)",
        "部门整体",
        "校舍维修（一期)",
        "部门整体",
    ]


def test_a_blank_column_is_reported_once_with_its_other_cells(tmp_path: Path) -> None:
    finding = taken(both(put("项目", "G2", None), put("项目", "G3", None)), tmp_path).findings[0]
    assert [ref.address for ref in finding.related] == ["G3"]


def test_dates_without_a_year_wait_for_the_year(tmp_path: Path) -> None:
    """The missing year is one finding; 12月底前 is not reported again."""
    result = taken(put("基本情况", "B7", None), tmp_path)
    assert [(f.code, str(f.ref)) for f in result.findings] == [("CELL_001", "基本情况!B7")]
    assert result.submission is not None
    assert result.submission.indicators[2].target.state is State.UNREADABLE


def test_blank_rows_between_change_nothing(tmp_path: Path) -> None:
    result = taken(lambda book: book["项目"].insert_rows(3, 5), tmp_path)
    assert result.findings == ()
    assert result.submission is not None
    assert [project.row for project in result.submission.projects] == [2, 8]


def test_a_placeholder_name_with_figures_is_no_placeholder_row(tmp_path: Path) -> None:
    """指标2： with a weight and a target is somebody's indicator, and is kept."""
    row = ("部门整体", "产出指标", "数量指标", "指标2：", "≥", 5, "个", 10, 5)
    assert len(read(add_row("指标", *row), tmp_path).indicators) == 5


@pytest.mark.parametrize(("sheet", "row"), [
    ("项目", (None, "合计", "常年", None, 40, 45, 43)),
    ("控制支出", ("共计", 2, 1.32)),
    ("指标", ("备注：以上均为批复数",)),
])  # fmt: skip
def test_a_total_or_note_is_no_record(sheet: str, row: tuple[object, ...], tmp_path: Path) -> None:
    found = read(add_row(sheet, *row), tmp_path)
    assert (len(found.projects), len(found.controlled_items), len(found.indicators)) == (2, 1, 4)


@pytest.mark.parametrize(("sheet", "row"), [
    ("履职数据", ("学校管理", "合计", None, 4, 4, None, "所")),  # a total of its own, with parts
    ("项目", ("P3", "合计机构运行经费", "常年", None, 1, 1, 1)),
    ("问题与建议", (None, "说明：经费下达较晚", "尽早申请", "张三", "2026年6月30日")),  # a paragraph
])  # fmt: skip
def test_a_record_that_begins_like_a_total_or_note_is_kept(sheet: str, row: tuple[object, ...], tmp_path: Path) -> None:
    assert not [f for f in taken(add_row(sheet, *row), tmp_path).findings if f.code == "CELL_023"]


HIDDEN: list[tuple[Change, Callable[[Submission], object], object]] = [
    (put("基本情况", "B2", "部⻔整\u200b体"), lambda s: s.basic.kind.value, "部门整体"),
    (put("基本情况", "B3", "\ufeff教育\u2060局\u202c"), lambda s: s.basic.department.value, "教育局"),
    (put("基本情况", "B7", "20\u200b25"), lambda s: s.basic.year.value, 2025),
    (put("基本情况", "B8", "sichuan-\u00addept-65-35"), lambda s: s.basic.regulation.value, "sichuan-dept-65-35"),
    (put("基本情况", "B21", "2026\u200e-01-15"), lambda s: s.basic.filing_date.value, date(2026, 1, 15)),
    (put("收支", "B2", "1\u200b00"), lambda s: s.money.income_total.initial.value, D(100)),
    (put("项目", "C2", "常\ufe0f年"), lambda s: s.projects[0].type.value, "常年"),
    (put("项目", "C2", "⼀次性"), lambda s: s.projects[0].type.value, "一次性"),
    (put("项目", "J2", "\u3164是"), lambda s: s.projects[0].ex_ante_evaluated.value, "是"),
    (put("项目", "J2", "✔\ufe0f"), lambda s: s.projects[0].ex_ante_evaluated.value, "是"),
    (put("指标", "A2", "部\u200b门整体"), lambda s: s.indicators[0].subject.value, "部门整体"),
    (put("指标", "E2", "≥\u200b"), lambda s: s.indicators[0].nature.value, "≥"),
    (put("指标", "G2", "\u200b所"), lambda s: s.indicators[0].actual.value, Number(D(5), None)),
    (put("指标", "I3", "\u202a优\u202c"), lambda s: s.indicators[1].actual.value, Level("优")),
    (put("履职数据", "A2", "学校\u200b管理"), lambda s: s.duty_data[0].duty.value, "学校管理"),
]


@pytest.mark.parametrize(("change", "look", "value"), HIDDEN)
def test_a_cell_is_read_as_it_is_seen(
    change: Change, look: Callable[[Submission], object], value: object, tmp_path: Path
) -> None:
    """Nothing is reported of what nobody can see, unless the number's type is."""
    result = taken(change, tmp_path)
    assert result.submission is not None
    assert look(result.submission) == value
    assert {f.code for f in result.findings} <= {"CELL_004", "CELL_019"}


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        (put("基本情况", "B2", "部门整\u200b体的"), "CELL_003", "第3个字后有一个看不见的字符（U+200B）"),
        (put("项目", "J2", "是\ue123"), "CELL_003", "第2个字是打不出来的字符（U+E123）"),
        (put("收支", "B2", "10\ufffd"), "CELL_002", "第3个字是打不出来的字符（U+FFFD）"),
        (put("收支", "B2", "大_x200B_约100"), "CELL_002", "第1个字后有一个看不见的字符（U+200B）"),
        (put("项目", "E1", "年初\ue000预算数"), "COLUMN_002", "第3个字是打不出来的字符（U+E000）"),
        (put("项目", "E1", "年初预\u200b算金额"), "COLUMN_002", "第3个字后有一个看不见的字符（U+200B）"),
    ],
)
def test_what_cannot_be_read_is_named(change: Change, code: str, named: str, tmp_path: Path) -> None:
    finding = next(f for f in taken(change, tmp_path).findings if f.code == code)
    assert finding.message.count(named) == 1


def test_duty_data_name_their_duty_and_total_as_these_are_listed(tmp_path: Path) -> None:
    """Said once a name."""
    change = both(
        put("履职", "A2", "学校管理（一）"),
        put("履职数据", "A2", "学校管理(一)"),
        put("履职数据", "A3", "学校管理（ 一）"),
    )
    result = taken(both(change, put("履职数据", "C3", "建成 学校")), tmp_path)
    assert [(f.code, str(f.ref)) for f in result.findings] == [
        ("CELL_019", f"履职数据!{a}") for a in ("A2", "A3", "C3")
    ]
    assert result.submission is not None
    assert [(d.duty.value, d.parent.value) for d in result.submission.duty_data] == [
        ("学校管理（一）", None),
        ("学校管理（一）", "建成学校"),
    ]


WRITTEN = [
    "略高于去年的印刷费用",
    "同上级部门联合检查的经费",
    "见习岗位补贴",
    "见附件所列12个村的道路维修",
    "请销假系统运维",
    "待业青年培训",
    "填写说明书的印刷",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_says_something_is_printed(text: str, tmp_path: Path) -> None:
    filing = taken(put("项目", "D2", text), tmp_path)
    assert filing.submission is not None
    assert filing.submission.projects[0].content.value == text
    assert not [f for f in filing.findings if f.code == "CELL_025"]


def test_a_required_text_that_only_holds_a_place_is_missing_and_reported_once() -> None:
    found = [f for f in plant({"履职!C5": "详见附件"}) if str(f.ref) == "履职!C5"]
    assert [f.severity for f in found] == [Severity.ERROR]
    assert "“详见附件”没有写出内容" in found[0].message
