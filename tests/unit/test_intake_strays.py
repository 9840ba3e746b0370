"""Totals, notes and what is outside of a table: reported once with what to do, never read as a record."""

from pathlib import Path

import pytest
from changes import Change, add_row, both, put, read, reported, taken
from workbooks import Sheets, department

from perfeval.findings.finding import Severity

TOTALS_ROW = (40, 45, 43)  # 年初预算数, 调整后预算数, 执行数 of the two projects together
E, N = Severity.ERROR, Severity.NOTICE


def project_row(code: object, name: object, *amounts: object, kind: object = None) -> Change:
    return add_row("项目", code, name, kind, None, *amounts)


STRAYS: list[tuple[Severity, str, Change]] = [
    *((N, f"项目!{'A' if code else 'B'}4", project_row(code, name, *TOTALS_ROW)) for code, name in (
        ("汇总", None), ("合计", None), (None, "合计数"), (None, "合  计"), (None, "总计："), (None, "本页小计"), ("合计行", None),
        (None, "项目支出合计"), (None, "合计（万元）"), (None, "以上项目共计"),
    )),
    (N, "项目!B4", project_row("3", "合计", *TOTALS_ROW)),
    (N, "项目!B4", project_row("3", "合计", *TOTALS_ROW, kind="常年")),
    (N, "项目!C4", project_row(None, None, *TOTALS_ROW, kind="合计")),
    (N, "项目!D4", add_row("项目", "3", None, None, "合计", *TOTALS_ROW)),
    (N, "项目!E4", project_row(None, None, *TOTALS_ROW)),
    (N, "项目!B4", project_row(None, "常年项目与阶段项目合计", *TOTALS_ROW)),
    (N, "项目!B4", project_row(None, "合计")),
    (N, "项目!B2", lambda book: (book["项目"].insert_rows(2), both(*(
        put("项目", a, v) for a, v in (("B2", "合计"), ("E2", 40), ("F2", 45), ("G2", 43))))(book))[-1]),
    (E, "项目!B4", project_row(None, "合计", 40, 45, 40)),
    (E, "项目!B4", project_row("3", "总计", 4, 5, 3, kind="常年")),
    (N, "控制支出!A3", add_row("控制支出", "总计", 2, 1.32)),
    (E, "控制支出!A3", add_row("控制支出", "总计", 3, 1.32)),
    (N, "指标!A6", add_row("指标", "小计", None, None, None, None, None, None, 90)),
    (N, "指标!B6", add_row("指标", "部门整体", "合计", None, None, None, None, None, 90)),
    (N, "指标!D6", add_row("指标", "部门整体", "产出指标", None, "权重合计", None, None, None, 90)),
    (E, "指标!D6", add_row("指标", "部门整体", "产出指标", "数量指标", "合计", "≥", 5, "个", 10, 5)),
    (N, "履职!A3", add_row("履职", "合计", 20, None, 20)),
    (N, "项目!B4", project_row(None, "填表说明：本表由各项目负责人填报")),
    (N, "项目!A4", project_row("注：本表金额为决算数", None)),
    (N, "项目!A4", project_row("注1、本表金额为决算数", None)),
    (N, "项目!A4", project_row("（注：含上年结转）", None)),
    (N, "项目!A4", project_row("※ 数据来源：决算报表", None)),
    (N, "项目!B4", project_row(None, "以上数据均为决算数")),
    (N, "项目!B4", project_row(None, "金额按决算数填报。")),
    (N, "指标!A6", add_row("指标", "备 注")),
    (N, "指标!D6", add_row("指标", None, None, None, "注：指标值以批复为准")),
    (N, "项目!A4", project_row("填表人：张三", None, "审核人：李四", kind="单位负责人：王五")),
    (N, "支出进度!A4", add_row("支出进度", "单位：万元")),
    (E, "项目!A4", project_row("注：含上年结转", None, 5)),
    (E, "项目!B4", project_row(None, "其中：专项经费", 4, 5, 3)),
    (N, "项目!B4", project_row(None, "其中：")),
    (N, "项目!B4", project_row(None, "（以下空白）")),
    (N, "项目!A4", project_row("此页无正文", None)),
    (E, "项目!A4", project_row("备注：新增", "校舍改造", kind="常年")),
]  # fmt: skip


@pytest.mark.parametrize(("severity", "place", "change"), STRAYS)
def test_a_total_or_note_is_one_finding_that_says_delete_the_row(
    severity: Severity, place: str, change: Change, tmp_path: Path
) -> None:
    (finding,) = taken(change, tmp_path).findings
    assert (finding.code, str(finding.ref), finding.severity) == ("CELL_023", place, severity)
    assert finding.fix.startswith("请删去这一行。")
    found = read(change, tmp_path)
    assert (len(found.projects), len(found.controlled_items), len(found.indicators), len(found.duties)) == (2, 1, 4, 1)


RECORDS: list[Change] = [
    project_row("P3", "联合计量检测设备购置", 1, 1, 1, kind="常年"),
    project_row("P3", "合计机构运行经费", 1, 1, 1, kind="常年"),
    project_row("P3", "统计数据汇总", 1, 1, 1, kind="常年"),
    project_row("P3", "常年项目合计（9个）", 1, 1, 1, kind="常年"),  # where no single projects are listed
    project_row("P3", "小计划生育专项", 1, 1, 1, kind="常年"),
    project_row("P3", "说明书编印", 1, 1, 1, kind="常年"),
    project_row("P3", "注册登记服务", 1, 1, 1, kind="常年"),
    project_row("P3", "备注栏改造", 1, 1, 1, kind="常年"),
    add_row("指标", "部门整体", "产出指标", "数量指标", "受益人数合计", "≥", 5, "个", 10, 5),
    add_row("履职数据", "学校管理", "合计", None, 4, 4, None, "所"),  # a total of its own, with parts
    add_row("支出进度", 12, 140),  # what was spent until June and October together, by chance
    add_row("问题与建议", None, "说明：经费下达较晚", "尽早申请", "张三", "2026年6月30日"),  # a paragraph
    add_row("控制支出", "会议费", 2, 1.32),  # as much as the row above
]


@pytest.mark.parametrize("change", RECORDS)
def test_a_record_that_looks_like_one_is_kept(change: Change, tmp_path: Path) -> None:
    assert not [f for f in reported(change, tmp_path) if f[0] == "CELL_023"]


def test_subtotals_may_follow_their_groups(tmp_path: Path) -> None:
    book: Sheets = department()
    head, first, second = book["项目"]
    amounts = [None, *first[4:7]], [None, *second[4:7]], [None, *TOTALS_ROW]
    small, large, grand = (
        [None, name, None, *row] for name, row in zip(("小计", "小计", "合计"), amounts, strict=True)
    )

    def change(workbook: object) -> None:
        sheet = workbook["项目"]  # type: ignore[index]
        sheet.delete_rows(1, sheet.max_row)
        for row in (head, first, small, second, large, grand):
            sheet.append(row)

    assert [(f.code, f.severity) for f in taken(change, tmp_path).findings] == [("CELL_023", N)] * 3
    assert [p.name.value for p in read(change, tmp_path).projects] == ["校舍维修", "设备采购"]


OUTSIDE: list[tuple[str, Change, list[str]]] = [
    ("基本情况!D3", put("基本情况", "D3", "请核对"), []),
    ("基本情况!A25", both(put("基本情况", "A25", "其他"), put("基本情况", "B25", "x")), ["B25"]),
    ("收支!A20", put("收支", "A20", "注：单位万元"), []),
    ("收支!A18", both(put("收支", "A18", "其他支出"), put("收支", "B18", 5)), ["B18"]),
    ("压减!F2", put("压减", "F2", 3), []),
    ("项目!V2", both(put("项目", "V2", "随手记"), put("项目", "W3", 12)), ["W3"]),
    ("管理数据!D4", put("管理数据", "D4", "见附件"), []),
]


@pytest.mark.parametrize(("place", "change", "related"), OUTSIDE)
def test_content_outside_of_the_table_is_reported_once_a_sheet(
    place: str, change: Change, related: list[str], tmp_path: Path
) -> None:
    (finding,) = taken(change, tmp_path).findings
    assert (finding.code, str(finding.ref), finding.severity) == ("SHEET_008", place, N)
    assert [ref.address for ref in finding.related] == related


@pytest.mark.parametrize(
    "change",
    [
        both(put("项目", "V1", "我的备注"), put("项目", "V2", "x")),  # a column of one's own
        put("项目", "V2", "=SUM(E2:E3)"),  # a check beside the table
        put("项目", "V2", " "),
        put("收支", "A20", None),
    ],
)
def test_ones_own_column_and_checks_are_left_alone(change: Change, tmp_path: Path) -> None:
    assert [f for f in reported(change, tmp_path) if f[0] == "SHEET_008"] == []
