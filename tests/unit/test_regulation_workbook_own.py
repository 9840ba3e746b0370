"""What a regulation brings of its own as sheets of its workbook: out and in again without loss, every fault at its
cell."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from example_county import county
from made_up_regulations import made_up_regulations
from own_data import one_leaf
from project_rules import folder as project_folder
from test_regulation_workbook import PROGRAM_WORD, Edit, edited, imported, place
from test_rules_leaves_of_counties import RULES
from test_rules_own_lint import CAP, CRITERIA, RATE, SOUND, TWO, N, inputs

from perfeval.model.regulation import Regulation
from perfeval.rules.load import load_folder, load_regulations
from perfeval.schemes.workbook.sheets import SINCE_SECOND
from perfeval.schemes.workbook.write import regulation_workbook

REGULATIONS = load_regulations()
EVERYTHING = """
id = "某县-全部"
extends = "sichuan-dept-65-35"
title = "某县部门"
region = "某县"
document = "《某县办法》"
points = "share"
deduction_column = true
inputs = [
    { key = "debt", label = "负债", kind = "amount", required = true, \
        help = "取自决算\\n“资产负债表”", clause = "第三条", confidence = "已核" },
    { key = "open", label = "是否公开", kind = "yes_no" },
    { key = "road", label = "里程", kind = "number", unit = "公里" },
    { key = "seen", label = "验收日期", kind = "date" },
    { key = "why", label = "说明", kind = "text" },
]
facts = [
    { key = "debt_rate", label = "负债率", formula = "debt / max(money.expenditure_total.final, 1)", kind = "rate", \
        when_divisor_zero = 0.5 },
    { key = "execution_rate", label = "本县执行率", formula = "money.paid.final / money.plan_issued.final", kind = "rate", \
        printed = 1, when_divisor_negative = "not_supplied", words = "执行 {}" },
    { key = "负债率", label = "里程", formula = 'count_if(projects[项目类型="阶段"].目标偏离 = "是")', \
        kind = "count" },
]
caps = [
    { on = "total", at_most = 70, when = { input = "debt_rate", above = 0.5, up_to = 1.25 }, \
        clause = "第四条", confidence = "推定" },
    { on = "total", at_most = 75, when = { input = "debt", from = 40 } },
    { on = "A2", at_most = 3, when = { input = "open", below = 1 } },
]
outline = { report = "绩效评价报告", projects = "项目", sections = [ \
    { title = "乙和甲", items = ["B", "A1", "A2"] }, { title = "项目情况", items = [], projects = true } ] }
items = [
    { id = "A", name = "甲", share = 30.5, points = "share" },
    { id = "A1", name = "负债", parent = "A", share = 66.6, @, method = "one_of", alternatives = [
        { method = "graded", inputs = { value = "debt_rate" }, \
            parameters = { absolute = true, \
            steps = [{ up_to = 0.1, points = 20 }, { up_to = 0.5, points = 7.5 }, { points = 0 }] } },
        { method = "deduct_missing", inputs = { a = "open", b = "负债率" }, \
            parameters = { conditions = [ \
            { input = "a", at_least = 1, points = 15 }, { input = "b", at_most = 0, points = 10 }] } },
        { method = "step_deduct", inputs = { value = "execution_rate" }, \
            parameters = { limit = 0.95, side = "under", per = 0.01, points = 2, counting = "begun", relief = 0.5 } },
        { method = "ratio", inputs = { numerator = "road", denominator = "debt" }, parameters = { cap = 0.9 } },
    ] },
    { id = "A2", name = "要点", parent = "A", share = 33.4, @, fallback = false, not_applicable = "exclude_and_rescale", \
        method = "criteria", parameters = { mode = "deduct", \
        criteria = [{ text = "一、有办法；有台账", points = 10.19 }] } },
    { id = "B", name = "乙", share = 69.5, @, method = "declared", inputs = { declared = "duties" } },
]
""".replace("@", 'clause = "待核", confidence = "待核"')


def everything(folder: Path) -> Regulation:
    own = folder / "某县-全部"
    own.mkdir(exist_ok=True)
    (own / "regulation.toml").write_text(EVERYTHING, encoding="utf-8")
    return load_folder(own)["某县-全部"]


def brought(root: Path) -> Iterator[Regulation]:
    """The regulations of other tests, and those that are shipped."""
    yield everything(root)
    yield county()
    yield from made_up_regulations().values()
    yield load_regulations(project_folder(root))["某县-项目-2025"]
    for rule in RULES.values():
        yield one_leaf(root, rule.kind, rule.points, rule.leaf, rule.own)
    for leaf in (SOUND, CRITERIA, TWO):
        yield one_leaf(root, "部门整体", "5", leaf, inputs(N) + RATE + CAP)


def test_out_and_in_again_is_the_same_regulation(tmp_path: Path) -> None:
    for regulation in brought(tmp_path):
        schemes = (
            {regulation.project_regulation.id: regulation.project_regulation} if regulation.project_regulation else {}
        )
        got = imported(tmp_path, regulation_workbook(regulation, REGULATIONS), {**REGULATIONS, **schemes})
        assert (got.regulation, got.findings) == (regulation, ()), regulation.id


def test_a_workbook_from_before_reads_as_it_did(tmp_path: Path) -> None:
    """Without the new sheets and columns, where a regulation has nothing of its own."""

    def earlier(workbook: openpyxl.Workbook) -> None:
        for sheet in SINCE_SECOND:
            del workbook[sheet.name]
        for name, header in (("指标", "占上级（%）"), ("分档", "第几种"), ("扣分条件", "第几种")):
            page = workbook[name]
            page.delete_cols(next(cell.column for cell in page[4] if cell.value == header))
        page = workbook["基本信息"]
        for label in ("扣减分数一列", "报告名称", "项目一节的名称"):
            page.delete_rows(next(cells[0].row for cells in page.iter_rows() if cells[0].value == label))

    shipped = REGULATIONS["sichuan-dept-65-35"]
    got = imported(tmp_path, edited(shipped, change=earlier))
    assert (got.regulation, [f.code for f in got.findings]) == (shipped, ["REGULATION_008"])


FAULTS: list[tuple[str, list[Edit], str, tuple[str, object, str], tuple[str, ...]]] = [
    # name, edits, code, where it is reported, words of the sentence
    ("a key of two words", [("补充数据", "why", "代号", "为 什么")], "REGULATION_001", ("补充数据", 9, "代号"),
        ("为 什么", "不以数字开头", "在算式里用的名称")),
    ("a key twice", [("补充数据", "why", "代号", "seen")], "REGULATION_001", ("补充数据", 9, "代号"), ("与前面的重复",)),
    ("a label twice", [("补充数据", "why", "数据项", "里程")], "REGULATION_001", ("补充数据", 9, "数据项"), ("“里程”", "没有用过的名称")),
    ("no label", [("补充数据", "why", "数据项", None)], "CELL_001", ("补充数据", 9, "数据项"), ()),
    ("a kind there is none of", [("补充数据", "road", "种类", "长度")], "CELL_003", ("补充数据", "road", "种类"), ("长度", "比率")),
    ("required in a word", [("补充数据", "road", "必填", "必填")], "CELL_003", ("补充数据", "road", "必填"), ("是、否",)),
    ("a name in a formula", [("算式", "debt_rate", "算式", "det / 2")], "REGULATION_001", ("算式", "debt_rate", "算式"),
        ("第 1 个字", "没有的数据名“det”", "debt")),
    ("a formula cut off", [("算式", "debt_rate", "算式", "debt /")], "REGULATION_001", ("算式", "debt_rate", "算式"),
        ("第 7 个字",)),
    ("divided by 0", [("算式", "debt_rate", "算式", "debt / 0")], "REGULATION_001", ("算式", "debt_rate", "算式"), ("除以 0",)),
    ("kinds mixed", [("算式", "debt_rate", "算式", "debt + open")], "REGULATION_001", ("算式", "debt_rate", "算式"),
        ("第 6 个字", "金额、个数")),
    ("a column there is none of", [("算式", "debt_rate", "算式", "sum(controlled.执行)")], "REGULATION_001",
        ("算式", "debt_rate", "算式"), ("controlled.执行", "本年执行数")),
    ("thousands of digits", [("算式", "debt_rate", "算式", "9" * 32_000)], "REGULATION_001", ("算式", "debt_rate", "算式"),
        ("2000 个字",)),
    ("no criteria", [("要点", 5, h, None) for h in ("指标编号", "要点", "分值")], "REGULATION_001", ("指标", "A2", "方法"),
        ("方法“要点计分”需要的参数",)),
    ("a cap's bound in per cent", [("封顶", 6, "不低于", None), ("封顶", 6, "低于", "-")], "REGULATION_001", ("封顶", 6, "不低于"),
        ("写了 0 个界限", "不低于、大于、不超过、低于")),
    ("a circle", [("算式", "debt_rate", "算式", "debt_rate * 2")], "REGULATION_001", ("算式", "debt_rate", "算式"), ("绕成了一圈",)),
    ("what a formula comes to", [("算式", "debt_rate", "种类", "金额")], "REGULATION_001", ("算式", "debt_rate", "种类"),
        ("现在是“金额”", "比率")),
    ("a word for a divisor of 0", [("算式", "debt_rate", "除数为 0 时", "零")], "CELL_002", ("算式", "debt_rate", "除数为 0 时"),
        ("一个数",)),
    ("half a decimal", [("算式", "debt_rate", "显示小数位数", 11)], "REGULATION_001", ("算式", "debt_rate", "显示小数位数"),
        ("0 到 10",)),
    ("data that went", [("指标", "B", "方法", "是否评分"), ("指标", "B", "数据来源", "负债总额"), ("指标", "B", "参数", "低于 = 1")],
        "REGULATION_003", ("指标", "B", "数据来源"), ("“负债”",)),
    ("criteria that do not add up", [("要点", 5, "分值", 9)], "REGULATION_001", ("要点", 5, "分值"), ("相加是 9", "10.19")),
    ("a criterion twice", [("要点", 6, "指标编号", "A2"), ("要点", 6, "要点", "一、有办法；有台账"), ("要点", 6, "分值", 1)],
        "REGULATION_001", ("要点", 6, "要点"), ("不同的文字",)),
    ("a criterion of another method", [("要点", 6, "指标编号", "B"), ("要点", 6, "要点", "有"), ("要点", 6, "分值", 1)],
        "REGULATION_006", ("要点", 6, "指标编号"), ("只有“要点计分”",)),
    ("a criterion of nobody", [("要点", 6, "指标编号", "Z"), ("要点", 6, "要点", "有"), ("要点", 6, "分值", 1)],
        "REGULATION_005", ("要点", 6, "指标编号"), ()),
    ("a way of another method", [("择一办法", 9, "指标编号", "B"), ("择一办法", 9, "方法", "是否评分")], "REGULATION_006",
        ("择一办法", 9, "指标编号"), ("只有“择一计分”",)),
    ("a way that is declared", [("择一办法", 8, "方法", "单位自评"), *(("择一办法", 8, h, None) for h in ("数据来源", "分母", "参数"))],
        "REGULATION_001", ("择一办法", 8, "方法"), ("“单位自评”",)),
    ("a way's data", [("择一办法", 8, "分母", "负")], "REGULATION_003", ("择一办法", 8, "分母"), ("“负债”",)),
    ("a way's parameters", [("择一办法", 7, "参数", "标准 = 95%")], "REGULATION_001", ("择一办法", 7, "参数"), ("没有填",)),
    ("a way there is none of", [("分档", 5, "第几种", 5)], "CELL_002", ("分档", 5, "第几种"), ("有 4 种",)),
    ("steps of the wrong way", [("分档", 5, "第几种", 2)], "REGULATION_006", ("分档", 5, "指标编号"), ("“择一办法”表", "“缺项扣分”")),
    ("a cap on nothing", [("封顶", "A2", "对象", "Z")], "REGULATION_001", ("封顶", 7, "对象"), ("现在是“Z”", "总分，或者一个指标的编号")),
    ("a cap above what there is", [("封顶", 6, "最高得分", 100.5)], "REGULATION_001", ("封顶", 6, "最高得分"), ("0 到 100 的数",)),
    ("a cap of no number", [("封顶", 6, "数据来源", "说明")], "REGULATION_001", ("封顶", 6, "数据来源"), ("没有的数据名",)),
    ("a cap without bounds", [("封顶", 6, "不低于", None)], "REGULATION_001", ("封顶", 6, "不低于"), ("一个或两个",)),
    ("a cap that never holds", [("封顶", 5, "不超过", "10%")], "REGULATION_001", ("封顶", 5, "不低于"), ("下限",)),
    ("a cap's bound in words", [("封顶", 5, "不超过", "多")], "CELL_002", ("封顶", 5, "不超过"), ("一个数或百分比",)),
    ("shares", [("指标", "A2", "占上级（%）", 30)], "REGULATION_002", ("指标", "A", "分值"), ("66.6 + 30 = 96.6", "100")),
    ("shares at the top", [("指标", "B", "占上级（%）", 30)], "REGULATION_002", ("指标", 4, "占上级（%）"), ("30.5 + 30 = 60.5",)),
    ("a share beside points", [("指标", "B", "分值", 69.5)], "REGULATION_001", ("指标", "B", "分值"), ("占上级（%）",)),
    ("a share left out", [("指标", "A2", "占上级（%）", None)], "REGULATION_001", ("指标", "A2", "占上级（%）"), ("没有填",)),
    ("a section's item", [("报告各节", "乙和甲", "写哪些指标", "B、A1，A3")], "REGULATION_001", ("报告各节", "乙和甲", "写哪些指标"),
        ("没有的编号“A3”", "A1、A2")),
    ("an item in no section", [("报告各节", "乙和甲", "写哪些指标", "B；A1")], "REGULATION_001", ("报告各节", 4, "写哪些指标"),
        ("指标 A2 没有写到",)),
    ("two sections on projects", [("报告各节", "乙和甲", "写项目", "是")], "REGULATION_001", ("报告各节", 4, "写哪些指标"),
        ("项目只在一节里写",)),
    ("a section without a title", [("报告各节", "项目情况", "标题", None)], "CELL_001", ("报告各节", 6, "标题"), ()),
    ("a word for a column", [("基本信息", "扣减分数一列", "填报内容", "要")], "CELL_003", ("基本信息", "扣减分数一列", "填报内容"), ("是、否",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "edits", "code", "where", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_reported_alone_at_its_cell(tmp_path: Path, name, edits, code, where, words) -> None:
    content = edited(everything(tmp_path), *edits)
    got = imported(tmp_path, content)
    errors = [f for f in got.findings if f.severity != "notice"]
    assert [f.code for f in errors] == [code], [f.message for f in errors]
    page = openpyxl.load_workbook(BytesIO(content))[where[0]]
    assert (errors[0].ref.sheet, errors[0].ref.address) == (where[0], place(page, *where[1:]))
    said = errors[0].message + errors[0].fix
    assert [word for word in words if word not in said] == [], said
    if where[2] != "算式":  # a formula is written with the names of data
        assert not PROGRAM_WORD.search(re.sub(r"“[^”]*”", "", said)), said


@pytest.mark.parametrize("name", ["补充数据", "算式", "要点", "择一办法", "封顶", "报告各节"])
def test_a_sheet_under_another_name_is_all_that_is_reported(tmp_path: Path, name: str) -> None:
    def rename(workbook: openpyxl.Workbook) -> None:
        workbook[name].title = f"{name}表"

    errors = [
        f for f in imported(tmp_path, edited(everything(tmp_path), change=rename)).findings if f.severity == "error"
    ]
    assert [(f.code, f.expected) for f in errors] == [("SHEET_002", name)], [f.message for f in errors]
