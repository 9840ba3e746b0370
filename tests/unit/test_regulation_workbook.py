"""A regulation as a workbook: out and in again without loss; every fault reported at its cell, all at once, and nothing
written."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from places import ROOT
from test_rules_load import DEPARTMENT, EXTENDED, PROJECT, folder

from perfeval.cli.commands import main
from perfeval.findings.catalogue import catalogue
from perfeval.model.regulation import Regulation
from perfeval.rules.load import load_folder, load_regulations
from perfeval.rules.methods import SHAPES
from perfeval.schemes.words import INPUT_NAMES
from perfeval.schemes.workbook.files import messages_of
from perfeval.schemes.workbook.guide import METHODS, NAME_ROWS
from perfeval.schemes.workbook.read import Imported, read_regulation_workbook
from perfeval.schemes.workbook.sheets import SHEETS, sheets_of
from perfeval.schemes.workbook.write import regulation_workbook

REGULATIONS = load_regulations()
HEADER_ROW = 4
DEPT, PROJ, PIDU = "sichuan-dept-65-35", "cn-project-10-90", "pidu-dept-40-50-10"
PROGRAM_WORD = re.compile(r"[a-z]+_[a-z]+|inputs|parameters|None|True|False|\{|\}")
Edit = tuple[
    str, object, str, object
]  # sheet, what the row begins with (or its number), column header, what is typed there


def place(page: Worksheet, row: object, header: str) -> str:
    """The address of a cell, by the words an official goes by."""
    headers = {cell.value: cell.column_letter for cell in page[HEADER_ROW]}
    number = (
        row
        if isinstance(row, int)
        else next(cells[0].row for cells in page.iter_rows(min_row=HEADER_ROW + 1) if cells[0].value == row)
    )
    return f"{headers[header]}{number}"


def imported(tmp_path: Path, content: bytes, regulations: Mapping[str, Regulation] = REGULATIONS) -> Imported:
    path = tmp_path / "指标体系.xlsx"
    path.write_bytes(content)
    return read_regulation_workbook(path, regulations)


def edited(regulation: Regulation, *edits: Edit, change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    workbook = openpyxl.load_workbook(BytesIO(regulation_workbook(regulation, REGULATIONS)))
    for sheet, row, header, value in edits:
        page = workbook[sheet]
        page[place(page, row, header)] = value
    if change:
        change(workbook)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=lambda r: r.id)
def test_out_and_in_again_is_the_same_regulation(tmp_path: Path, regulation: Regulation) -> None:
    got = imported(tmp_path, regulation_workbook(regulation, REGULATIONS))
    assert [f.code for f in got.findings] == ["REGULATION_008"]  # its id is in use
    assert got.regulation == regulation
    assert got.text is not None
    (tmp_path / "regulation.toml").write_text(got.text, encoding="utf-8")
    assert load_folder(tmp_path) == {regulation.id: regulation}


@pytest.mark.parametrize(
    ("texts", "regulation_id"),
    [((PROJECT,), "县-项目"), ((DEPARTMENT,), "县-部门"), ((DEPARTMENT, EXTENDED), "县-部门-2026")],
)
def test_a_bureaus_own_too(tmp_path: Path, texts: tuple[str, ...], regulation_id: str) -> None:
    """Steps, late days, over-fulfilment that costs the points, a scheme that extends another."""
    own = load_regulations(folder(tmp_path, *texts))[regulation_id]
    got = imported(tmp_path, regulation_workbook(own, REGULATIONS))
    assert (got.regulation, got.findings) == (own, ())


def test_equal_regulations_give_equal_bytes() -> None:
    assert regulation_workbook(REGULATIONS[DEPT], REGULATIONS) == regulation_workbook(REGULATIONS[DEPT], REGULATIONS)


def test_what_a_bureau_changes_arrives(tmp_path: Path) -> None:
    """Numbers typed as text, a percentage for a fraction, English names of data, full-width punctuation."""
    got = imported(
        tmp_path,
        edited(
            REGULATIONS[DEPT],
            ("基本信息", "编号", "填报内容", "某县-2026"),
            ("指标", "A2.4", "参数", "满意值＝0；不允许值：20%"),
            ("指标", "A2.1", "分值", "5"),
            ("指标", "A2.2", "分值", 4),
            ("指标", "A2.2", "方法", "比率分值"),
            ("指标", "A2.2", "数据来源", "execution_rate"),
            ("核对界限", "结余率超过", "界限", 0.05),
            ("支出进度要求", 6, "条款", "某县文件第九条"),
            ("支出进度要求", 6, "核定状态", "已核"),
        ),
    )
    own = got.regulation
    assert own is not None
    assert own.id == "某县-2026"
    assert str(own.item("A2.4").parameters["unacceptable"]) == "0.2"
    assert [str(own.item(i).max_points) for i in ("A2.1", "A2.2")] == ["5", "4"]
    assert own.item("A2.2").inputs == {"numerator": "execution_rate"}
    assert str(own.threshold("carryover_rate_limit")) == "0.05"
    assert [(m.month, m.provenance.clause, str(m.provenance.confidence)) for m in own.progress_marks] == [
        (6, "待核", "待核"),
        (10, "某县文件第九条", "已核"),
    ]
    assert [f.code for f in got.findings] == ["CELL_004"]  # the 5 stored as text


def test_a_limit_that_counts_is_no_percentage(tmp_path: Path) -> None:
    scheme, row = REGULATIONS["sichuan-project-10-90"], "执行率偏低的偏差原因字数超过"
    page = openpyxl.load_workbook(BytesIO(regulation_workbook(scheme, REGULATIONS)))["核对界限"]
    cell = page[place(page, row, "界限")]
    assert (cell.value, "%" in cell.number_format) == (100, False)
    own = imported(tmp_path, edited(scheme, ("核对界限", row, "界限", 80))).regulation
    assert own is not None
    assert own.threshold("reason_characters") == 80


FAULTS: list[tuple[str, str, list[Edit], str, tuple[str, object, str], tuple[str, ...]]] = [
    # name, regulation, edits, code, where it is reported, words of the sentence
    ("children", DEPT, [("指标", "A2.1", "分值", 7)], "REGULATION_002", ("指标", "A2", "分值"),
        ("相加是 7 + 3 + 8 + 3 + 5 = 26", "应为25")),
    ("parameter words", DEPT, [("指标", "A2.4", "参数", "满意值 0")], "REGULATION_004", ("指标", "A2.4", "参数"),
        ("“满意值 0”看不懂", "名称 = 值")),
    ("parameter name", DEPT, [("指标", "A2.4", "参数", "满意 = 0")], "REGULATION_004", ("指标", "A2.4", "参数"), ("“满意值 = …”",)),
    ("parameter value", DEPT, [("指标", "A2.4", "参数", "满意值 = 零；不允许值 = 1")], "REGULATION_004", ("指标", "A2.4", "参数"),
        ("一个数",)),
    ("parameter word", DEPT, [("指标", "B1.1", "参数", "项目范围 = 部分")], "REGULATION_004", ("指标", "B1.1", "参数"),
        ("全部 或 常年 或 阶段",)),
    ("parameter twice", DEPT, [("指标", "A2.4", "参数", "满意值 = 0；满意值 = 1")], "REGULATION_004", ("指标", "A2.4", "参数"),
        ("只写一次",)),
    ("parameter missing", DEPT, [("指标", "A2.4", "参数", "满意值 = 0")], "REGULATION_001", ("指标", "A2.4", "参数"),
        ("不允许值：现在没有填", "“满意值赋分”")),
    ("parameter unknown", DEPT, [("指标", "A5", "参数", "满意值 = 0")], "REGULATION_001", ("指标", "A5", "参数"),
        ("满意值：现在是用不到的内容",)),
    ("parameter bounds", PIDU, [("指标", "D", "参数", "低于则不得分 = 2；高于则不得分 = 1.3")], "REGULATION_001", ("指标", "D", "参数"),
        ("现在是“2”，应为不大于高于则不得分（1.3）",)),
    ("no such data", DEPT, [("指标", "A2.4", "数据来源", "结余")], "REGULATION_003", ("指标", "A2.4", "数据来源"),
        ("没有这个数据名", "结余率（扣除收回或注销数）")),
    ("data of projects", DEPT, [("指标", "A2.4", "数据来源", "项目 执行数")], "REGULATION_001", ("指标", "A2.4", "数据来源"),
        ("没有的数据名“项目 执行数”",)),
    ("data missing", DEPT, [("指标", "A2.4", "数据来源", None)], "REGULATION_001", ("指标", "A2.4", "数据来源"), ("现在没有填",)),
    ("data not used", DEPT, [("指标", "A2", "数据来源", "执行压减率")], "REGULATION_006", ("指标", "A2", "数据来源"), ("没有填方法",)),
    ("denominator not used", DEPT, [("指标", "A2.4", "分母", "执行压减率")], "REGULATION_006", ("指标", "A2.4", "分母"),
        ("这个方法用不到它",)),
    ("unknown parent", DEPT, [("指标", "A2.4", "上级", "A7")], "REGULATION_001", ("指标", "A2.4", "上级"),
        ("现在是“A7”", "写在前面的指标的编号")),
    ("id twice", DEPT, [("指标", 9, "编号", "A2.1")], "REGULATION_001", ("指标", 9, "编号"), ("重复",)),
    ("data by half its name", DEPT, [("指标", "A2.4", "数据来源", "结余率")], "REGULATION_003", ("指标", "A2.4", "数据来源"),
        ("是否为“结余率（扣除收回或注销数）”？",)),
    ("a condition's data by half its name", DEPT, [("扣分条件", 5, "数据来源", "年初预算")], "REGULATION_003", ("扣分条件", 5, "数据来源"),
        ("“年初预算压减率”",)),
    ("steps for another method", DEPT,
        [("分档", 5, h, v) for h, v in (("指标编号", "A2.4"), ("比较", "不超过"), ("界限", 0.1), ("得分", 3))], "REGULATION_006",
        ("分档", 5, "指标编号"), ("它的方法是“满意值赋分”", "只有“分级评分”", "清空这一行")),
    ("steps for a parent", DEPT, [("分档", 5, h, v) for h, v in (("指标编号", "A2"), ("比较", "其余"), ("得分", 3))],
        "REGULATION_006", ("分档", 5, "指标编号"), ("没有填方法",)),
    ("condition for another method", DEPT, [("扣分条件", 6, "指标编号", "A2.4")], "REGULATION_006", ("扣分条件", 6, "指标编号"),
        ("只有“缺项扣分”",)),
    ("condition worth more than the item", DEPT, [("扣分条件", 7, "不满足扣分", 9)], "REGULATION_001", ("扣分条件", 7, "不满足扣分"),
        ("现在是“9”", "不超过分值 5")),
    ("conditions worth less than the item", DEPT, [("扣分条件", 7, "不满足扣分", 1)], "REGULATION_001", ("扣分条件", 7, "不满足扣分"),
        ("相加是 4", "不少于分值 5")),
    ("limit of 1000 %", DEPT, [("核对界限", "结余率超过", "界限", 10)], "REGULATION_001", ("核对界限", "结余率超过", "界限"),
        ("现在是“1000%”", "0 到 1")),
    ("rate of 1000 %", DEPT, [("指标", "A2.4", "参数", "满意值 = 0；不允许值 = 10")], "REGULATION_001", ("指标", "A2.4", "参数"),
        ("不允许值：现在是“10”", "0.10 就是 10%")),
    ("points missing", DEPT, [("指标", "A2.4", "分值", None)], "CELL_001", ("指标", "A2.4", "分值"), ("分值没有填",)),
    ("points in words", DEPT, [("指标", "A2.4", "分值", "三分左右")], "CELL_002", ("指标", "A2.4", "分值"), ("三分左右",)),
    ("method", DEPT, [("指标", "A2.4", "方法", "估计")], "CELL_003", ("指标", "A2.4", "方法"), ("满意值赋分",)),
    ("no clause", DEPT, [("指标", "A2.4", "条款", None)], "REGULATION_001", ("指标", "A2.4", "条款"),
        ("现在没有填", "文件名称和第几条；不知道的写“待核”")),
    ("no confidence", DEPT, [("指标", "A2.4", "核定状态", None)], "REGULATION_001", ("指标", "A2.4", "核定状态"),
        ("现在没有填", "待核：未核实")),
    ("confidence", DEPT, [("指标", "A2.4", "核定状态", "确定")], "CELL_003", ("指标", "A2.4", "核定状态"), ("已核、推定、待核",)),
    ("grade bounds", DEPT, [("等级", "差", "最低分（含）", 10)], "REGULATION_001", ("等级", "差", "最低分（含）"), ("最低是 10", "下限 = 0")),
    ("equal grades", DEPT, [("等级", "良", "最低分（含）", 90)], "REGULATION_001", ("等级", "良", "最低分（含）"), ("下限小于上限",)),
    ("condition of nobody", DEPT, [("扣分条件", 6, "指标编号", "Z1")], "REGULATION_005", ("扣分条件", 6, "指标编号"), ("没有这个编号",)),
    ("condition limit", DEPT, [("扣分条件", 6, "界限", "不多")], "CELL_002", ("扣分条件", 6, "界限"), ("一个数或百分比",)),
    ("condition points", DEPT, [("扣分条件", 6, "不满足扣分", 0)], "REGULATION_001", ("扣分条件", 6, "不满足扣分"), ("大于 0",)),
    ("threshold needed", DEPT, [("核对界限", "结余率超过", h, None) for h in ("界限", "条款", "核定状态")], "REGULATION_001",
        ("指标", "B1.2", "数据来源"), ("没有写“结余率超过”",)),
    ("half a threshold", DEPT, [("核对界限", "执行率低于", "界限", None)], "CELL_001", ("核对界限", "执行率低于", "界限"), ("没有填",)),
    ("deadline", DEPT, [("入库截止日", "日", "填报内容", 31)], "REGULATION_001", ("入库截止日", "日", "填报内容"), ("9 月",)),
    ("progress", DEPT, [("支出进度要求", 5, "应支出的比例", 40)], "REGULATION_001", ("支出进度要求", 5, "应支出的比例"), ("0 到 1",)),
    ("unknown code", DEPT, [("问题级别", 5, "问题编号", "MONEY_999"), ("问题级别", 5, "级别", "提示")], "REGULATION_001",
        ("问题级别", 5, "问题编号"), ("没有的问题编号",)),
    ("project scheme", DEPT, [("基本信息", "项目使用的指标体系", "填报内容", DEPT)], "REGULATION_001", ("基本信息", "项目使用的指标体系", "填报内容"),
        ("一个项目支出指标体系的编号",)),
    ("id with a space", DEPT, [("基本信息", "编号", "填报内容", "某县 2026")], "CELL_002", ("基本信息", "编号", "填报内容"), ("没有空格",)),
    ("weight sum", "hubei-project-20-80", [("绩效指标规则", "权重合计", "规定", 90)], "REGULATION_001", ("指标", "I", "分值"),
        ("权重合计（90）",)),
    ("setting", PROJ, [("绩效指标规则", "≤ 的规则", "规定", "平方")], "CELL_003", ("绩效指标规则", "≤ 的规则", "规定"), ("超过的按超过的比例扣",)),
    ("late days", PROJ, [("绩效指标规则", "逾期的规则", "规定", "按逾期天数扣")], "REGULATION_001", ("绩效指标规则", "逾期扣完的天数", "规定"),
        ("大于 0 的天数",)),
    ("scale", PROJ, [("定性等次", "优", "得权重的比例", 5)], "REGULATION_001", ("定性等次", "优", "得权重的比例"), ("0 到 1",)),
    ("band gap", PROJ, [("达成程度", "部分达成", "最高比例", 0.7)], "REGULATION_001", ("达成程度", "部分达成", "最高比例"), ("空档", "上限 = 0.8")),
    ("gate", PROJ, [("超额与不足", 5, "处理", "扣分")], "REGULATION_001", ("超额与不足", 5, "扣多少分"), ("要扣的分",)),
    ("split", PROJ, [("权重构成", 5, "权重", 40)], "REGULATION_001", ("权重构成", 4, "权重"), ("80", "90")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "regulation_id", "edits", "code", "where", "words"), FAULTS, ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_reported_alone_at_its_cell(tmp_path: Path, name, regulation_id, edits, code, where, words) -> None:
    content = edited(REGULATIONS[regulation_id], *edits)
    got = imported(tmp_path, content)
    errors = [f for f in got.findings if f.severity != "notice"]
    assert [f.code for f in errors] == [code], [f.message for f in errors]
    page = openpyxl.load_workbook(BytesIO(content))[where[0]]
    assert (errors[0].ref.sheet, errors[0].ref.address) == (where[0], place(page, *where[1:]))
    assert [word for word in words if word not in errors[0].message + errors[0].fix] == []
    assert (got.regulation, got.text) == (None, None)
    unquoted = re.sub(r"“[^”]*”", "", errors[0].message + errors[0].fix)
    assert not PROGRAM_WORD.search(unquoted), unquoted


def test_all_faults_are_reported_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = [
        edit
        for fault in FAULTS
        if fault[0] in ("children", "parameter words", "condition limit", "equal grades", "deadline")
        for edit in fault[2]
    ]
    (tmp_path / "坏.xlsx").write_bytes(edited(REGULATIONS[DEPT], *spoilt))
    assert main(["regulation", "import", str(tmp_path / "坏.xlsx"), "-o", str(tmp_path / "体系")]) == 4
    reported = capsys.readouterr().err
    for cell in ("「指标」D7", "「指标」I11", "「扣分条件」E6", "「等级」B6", "「入库截止日」B7"):
        assert cell in reported
    assert not (tmp_path / "体系").exists()


def test_sheets_and_headers_that_are_gone(tmp_path: Path) -> None:
    def damage(workbook: openpyxl.Workbook) -> None:
        del workbook["扣分条件"]
        workbook["等级"].title = "等第"
        workbook["指标"]["D4"] = "分数"

    got = imported(tmp_path, edited(REGULATIONS[DEPT], change=damage))
    assert [(f.code, f.ref.sheet) for f in got.findings if f.ref and f.severity == "error"] == [
        ("COLUMN_002", "指标"),
        ("SHEET_001", "扣分条件"),
        ("SHEET_002", "等第"),
    ]


def test_a_sheet_under_another_name_is_all_that_is_reported(tmp_path: Path) -> None:
    def rename(workbook: openpyxl.Workbook) -> None:
        workbook["等级"].title = "等级表"

    assert [
        f.code for f in imported(tmp_path, edited(REGULATIONS[DEPT], change=rename)).findings if f.severity == "error"
    ] == ["SHEET_002"]


def test_a_parent_that_is_gone_is_reported_once(tmp_path: Path) -> None:
    got = imported(tmp_path, edited(REGULATIONS[DEPT], change=lambda workbook: workbook["指标"].delete_rows(7)))  # A2
    errors = [f for f in got.findings if f.severity == "error"]
    assert [(f.code, str(f.ref)) for f in errors] == [("REGULATION_001", "指标!B7")]
    assert "是“A2”（5 个指标的上级）" in errors[0].message


def test_steps_without_a_last_open_one(tmp_path: Path) -> None:
    def grade(workbook: openpyxl.Workbook) -> None:
        page, steps = workbook["指标"], workbook["分档"]
        page[place(page, "A2.4", "方法")], page[place(page, "A2.4", "参数")] = "分级评分", None
        for row, (limit, points) in enumerate([(0, 3), (0.1, 1)], HEADER_ROW + 1):
            for column, value in enumerate(("A2.4", None, "不超过", limit, points), 1):
                steps.cell(row, column).value = value

    errors = [f for f in imported(tmp_path, edited(REGULATIONS[DEPT], change=grade)).findings if f.severity == "error"]
    assert [(f.code, str(f.ref)) for f in errors] == [("REGULATION_001", "分档!C6")]
    assert "还有界限" in errors[0].message
    assert "最后一档写“其余”" in errors[0].fix


def test_blank_points_are_not_advised_to_be_nothing(tmp_path: Path) -> None:
    """0 points would be refused next."""
    for name, sheet, row, header in (("指标", "指标", "A2.4", "分值"), ("条件", "扣分条件", 6, "不满足扣分")):
        got = imported(tmp_path, edited(REGULATIONS[DEPT], (sheet, row, header, None)))
        assert [f.fix for f in got.findings if f.code == "CELL_001"] == [f"请填写{header}。"], name


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    template = ROOT / "input_templates" / "部门整体_填报模板.xlsx"
    codes = [f.code for f in imported(tmp_path, template.read_bytes()).findings if f.severity == "error"]
    assert codes
    assert [f.code for f in imported(tmp_path, b"PK").findings] == ["FILE_001"]
    empty, buffer = openpyxl.Workbook(), BytesIO()
    empty.save(buffer)
    assert [f.code for f in imported(tmp_path, buffer.getvalue()).findings] == ["REGULATION_007"]


def test_export_and_import_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook, own = tmp_path / "指标体系.xlsx", tmp_path / "某县"
    assert main(["regulation", "export", DEPT, "-o", str(workbook)]) == 0
    assert main(["regulation", "export", DEPT, "-o", str(workbook)]) == 5  # what a bureau has edited is not overwritten
    workbook.write_bytes(edited(REGULATIONS[DEPT], ("基本信息", "编号", "填报内容", "某县-2026")))
    assert main(["regulation", "import", str(workbook), "-o", str(own)]) == 0
    assert main(["regulation", "lint", str(own)]) == 0
    assert main(["regulation", "import", str(workbook), "-o", str(own)]) == 0  # the same one again
    workbook.write_bytes(edited(REGULATIONS[DEPT], ("基本信息", "编号", "填报内容", "某县-2027")))
    assert main(["regulation", "import", str(workbook), "-o", str(own)]) == 2  # another one is not overwritten
    assert main(["regulation", "import", str(tmp_path / "没有.xlsx"), "-o", str(own)]) == 2
    capsys.readouterr()
    assert main(["regulation", "diff", DEPT, str(own)]) == 0
    assert capsys.readouterr().out == f"{DEPT} 与 某县-2026 没有会影响评分、等级或核对的不同。\n"
    assert sorted(p.name for p in own.iterdir()) == ["regulation.toml"]


def test_every_code_is_triggered_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in catalogue() if code.startswith("REGULATION_") and code not in text] == []


def test_the_reference_sheets_are_complete() -> None:
    assert set(METHODS) == set(SHAPES)
    assert {row[2] for row in NAME_ROWS[1:]} == set(INPUT_NAMES)
    assert all(row[1] for row in NAME_ROWS[1:])


def test_drop_downs_where_there_is_a_choice() -> None:
    for regulation in (REGULATIONS[DEPT], REGULATIONS[PROJ]):
        workbook = openpyxl.load_workbook(BytesIO(regulation_workbook(regulation, REGULATIONS)))
        assert [name for name in workbook.sheetnames if name in {s.name for s in SHEETS}] == [
            s.name for s in sheets_of(regulation.kind)
        ]
        page = workbook["指标"]
        offered = {str(v.sqref).split(":")[0] for v in page.data_validations.dataValidation if v.type == "list"}
        assert offered == {
            place(page, 5, header) for header in ("方法", "数据来源", "分母", "缺数据时", "不涉及时", "核定状态")
        }


def test_reported_as_any_workbook_is(tmp_path: Path) -> None:
    got = imported(tmp_path, edited(REGULATIONS[DEPT], ("指标", "A2.1", "分值", 7)))
    assert messages_of(got.findings).startswith(
        "错误 REGULATION_002 「指标」D7 分值：下级的分值相加是 7 + 3 + 8 + 3 + 5 = 26，应为25"
    )
