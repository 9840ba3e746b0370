"""Amounts and indicators in another unit: what must be found, at which cell, with which reading; and what must not be
asked."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from random import Random

import pytest
from openpyxl import load_workbook
from planting import at, context_of, findings_of, news, plant, planted, taken_in
from sixty_people import (
    AMOUNTS,
    COLUMNS,
    Place,
    in_another_unit,
    places,
    project,
    projects_alone,
    sixty_people,
    times_of,
    typed,
)
from sized_departments import Sheets, sized_context, sized_department

from perfeval.checks.context import Context
from perfeval.checks.magnitude.amounts import money_entries
from perfeval.checks.magnitude.judge import judge
from perfeval.checks.run import run_checks
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef
from perfeval.model.form import FORM

CLEAN = sixty_people()
TOPICS = ("MAGNITUDE", "MONEY", "CUT", "PROJECT", "TEXT")
UNITS = {"元": "10000", "千元": "10", "百万元": "0.01", "亿元": "0.0001"}
DEPARTMENTS = 300  # so many sizes a run, other ones every day: 2 000 take a minute


@cache
def usual() -> frozenset[tuple[str, CellRef | None]]:
    """What is reported of the clean department."""
    return frozenset((f.code, f.ref) for f in run_checks(sized_context(CLEAN)))


def reported(filing: Sheets) -> list[Finding]:
    """What is reported of it that is not reported of the clean department."""
    new = run_checks(sized_context(filing))
    return [f for f in new if f.code.startswith(TOPICS) and (f.code, f.ref) not in usual()]


def asked(context: Context) -> list[Finding]:
    return [f for f in judge(context).findings if not f.answered]


# line 1: the whole workbook


@pytest.mark.parametrize("unit", UNITS)
def test_a_whole_workbook_in_another_unit_is_reported_once_with_the_grounds(unit):
    (finding,) = reported(in_another_unit(CLEAN, UNITS[unit], *AMOUNTS))
    assert (finding.code, finding.answered) == ("MAGNITUDE_001", False)
    assert f"像是按{unit}填的" in finding.message
    assert "人员 60 人" in finding.message
    assert "人均" in finding.message


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("sheet", ["收支", "项目"])
def test_a_sheet_in_another_unit_is_reported_once_and_the_other_is_not_blamed(sheet, unit):
    finding = reported(in_another_unit(CLEAN, UNITS[unit], sheet))[0]
    assert finding.ref.sheet == sheet
    assert f"像是按{unit}填的" in finding.message
    assert len(reported(in_another_unit(CLEAN, UNITS[unit], sheet))) == 1


def test_small_sheets_are_not_blamed_where_the_projects_are_in_the_stated_unit():
    """压减 and 控制支出 are then as well of the one unit as of the other."""
    changed = in_another_unit(in_another_unit(CLEAN, "10", "收支"), "2", "控制支出")
    assert {f.ref.sheet for f in asked(sized_context(changed))} == {"收支"}


def test_a_small_factor_is_no_chance_where_every_column_shows_it():
    """8 万元 a head in 千元 are 80, which a department may well spend: 项目 is what tells, and neither total is to be
    typed again."""
    few = {**CLEAN, "基本情况": {**CLEAN["基本情况"], "年末实有人数": "150"}}
    for sheet, unit in (("收支", "千元"), ("项目", "千元"), ("项目", "百万元")):
        found = reported(in_another_unit(few, UNITS[unit], sheet))
        assert {(f.code, f.ref.sheet) for f in found} == {("MAGNITUDE_004", sheet)}, (sheet, unit)
        assert all(f"像是按{unit}填的" in f.message for f in found)


SHEETS = [
    # (sheet, unit): what can be seen of one sheet alone; 压减 in 千元 may be true
    ("压减", "元", {"MAGNITUDE_004"}),
    ("控制支出", "元", {"MAGNITUDE_004"}),
    ("支出进度", "元", {"MAGNITUDE_002"}),
    ("支出进度", "千元", {"MAGNITUDE_002"}),
    ("支出进度", "百万元", {"MAGNITUDE_003"}),
    ("支出进度", "亿元", {"MAGNITUDE_003"}),
    ("管理数据", "元", {"MAGNITUDE_004"}),
    ("压减", "亿元", {"MAGNITUDE_004"}),
    ("控制支出", "亿元", {"MAGNITUDE_004"}),
    ("管理数据", "亿元", {"MAGNITUDE_004"}),
]


@pytest.mark.parametrize(("sheet", "unit", "codes"), SHEETS)
def test_one_sheet_in_another_unit_is_reported(sheet, unit, codes):
    found = reported(in_another_unit(CLEAN, UNITS[unit], sheet))
    assert {f.code for f in found} == codes
    assert {f.ref.sheet for f in found} == {sheet}
    assert all(f"像是按{unit}填的" in f.message for f in found)


def test_without_the_staff_the_size_of_the_department_tells():
    filing = in_another_unit(CLEAN, "10000", *AMOUNTS)
    filing["基本情况"].pop("年末实有人数")
    (finding,) = reported(filing)
    assert finding.code == "MAGNITUDE_001"
    assert "超过了一个部门可能有的数" in finding.message


def paid(filing: Sheets, each: int, times: str, stated: str = "") -> Sheets:
    """The department with staff for so many 万元 of 基本支出 each, and then all amounts times so much."""
    staff = int(Decimal(filing["收支"]["基本支出"]["调整后预算数"]) / each)
    changed = in_another_unit(filing, times, *AMOUNTS)
    changed["基本情况"] |= {"年末实有人数": str(staff), "金额单位": stated}
    return changed


TO_THE_CENT, ROUND = sized_department(1), in_another_unit(CLEAN, "10", *AMOUNTS)
WAGES = [
    # amounts, 万元 a head, times, 金额单位 → whether it is asked about
    (TO_THE_CENT, 8, "10", "", True),  # 80 a head, and no amount has a second decimal
    (TO_THE_CENT, 8, "10", "万元", False),  # that is the answer
    (TO_THE_CENT, 4, "10", "", False),
    (TO_THE_CENT, 60, "1", "", False),
    (ROUND, 8, "10", "", True),  # every amount a multiple of ten
    (ROUND, 60, "1", "", False),
    (CLEAN, 60, "1", "", False),  # some have one decimal
    (CLEAN, 8, "1", "", False),
]


@pytest.mark.parametrize(("filing", "each", "times", "stated", "is_asked"), WAGES)
def test_thousands_of_yuan_at_ordinary_wages_need_a_second_witness(filing, each, times, stated, is_asked):
    found = asked(sized_context(paid(filing, each, times, stated)))
    assert [f.code for f in found] == ["MAGNITUDE_001"] * is_asked
    for finding in found:
        assert "像是按千元填的：" in finding.message
        assert "人均" in finding.message
        assert "在“基本情况”的“金额单位”写明“万元”" in finding.fix


def cost(subject: str, target: str, unit: str = "万元") -> dict[str, str]:
    """A 成本指标 of a project, reached."""
    kind = {"一级指标": "成本指标", "二级指标": "经济成本指标", "三级指标": "项目总成本"}
    return {
        "适用对象": subject,
        **kind,
        "指标性质": "≤",
        "指标值": target,
        "计量单位": unit,
        "权重": "10",
        "实际完成值": target,
    }


COSTS = [
    # what the 成本指标 of two projects of 860 and 2000 state, their unit, 金额单位 → the unit they seem to be filled in
    (("86", "200"), "万元", "", "千元"),
    (("86000", "200000"), "万元", "", "百万元"),
    (("86", "200"), "万元", "万元", ""),
    (("86", "2000"), "万元", "", ""),  # one of them a tenth: the cost of one of ten, perhaps
    (("860", "2000"), "万元", "", ""),
    (("86", "200"), "元", "", ""),
]


@pytest.mark.parametrize(("targets", "unit", "stated", "seems"), COSTS)
@pytest.mark.parametrize("kind", ["项目支出", "部门整体"])
def test_cost_targets_reveal_a_workbook_in_a_unit_a_small_factor_away(targets, unit, stated, seems, kind):
    costs = [cost(name, target, unit) for name, target in zip(("农村供水", "河道治理"), targets, strict=True)]
    filing = {**CLEAN, "指标": costs, "基本情况": {**CLEAN["基本情况"], "金额单位": stated}}
    found = [f for f in asked(sized_context(filing, kind)) if f.code == "MAGNITUDE_001"]
    assert [f"像是按{seems}填的" in f.message for f in found] == [True] * bool(seems)
    assert all("有成本指标的 2 个项目都是这样" in f.message for f in found)


# line 2: large and small departments


def test_nothing_is_asked_of_departments_of_every_size():
    first = date.today().toordinal() % 1000 * DEPARTMENTS
    for seed in range(first, first + DEPARTMENTS):
        found = asked(sized_context(sized_department(seed)))
        assert not found, (seed, found[0].message)


@pytest.mark.parametrize("times", ["0.05", "0.5", "10", "300"])
def test_money_and_staff_that_grow_alike_are_not_asked_about(times):
    filing = in_another_unit(CLEAN, times, *AMOUNTS)
    filing["基本情况"]["年末实有人数"] = times_of("60", times)
    assert reported(filing) == []


ROADS = {
    "收入合计": "301240 301240 301232",
    "财政拨款收入": "301140 301140 301132",
    "支出合计": "301240 301240 301232",
    "项目支出": "300000 300000 300000",
    "支出来源：财政拨款": "301140 301140 301132",
}


def test_a_department_of_projects_is_not_asked_about():
    """A 交通局 that spends on projects 240 times what it spends on its staff, on one of them 30 亿元, on another 5 万元."""
    filing = deepcopy(CLEAN)
    filing["收支"] |= {label: dict(zip(COLUMNS, row.split(), strict=True)) for label, row in ROADS.items()}
    filing["收支"]["收回或注销数"]["决算数"], filing["收支"]["年末结转结余"]["决算数"] = "8", "0"
    filing["收支"]["全年下达单位计划数"]["决算数"] = filing["收支"]["全年单位实际支付数"]["决算数"] = "301240"
    filing["项目"] = [project("公路建设", "299995", "299995", "299995"), project("宣传", "5", "5", "5")]
    for row, spent in zip(filing["支出进度"], ("130000", "250000"), strict=True):
        row["累计支出数"] = spent
    assert [f for f in reported(filing) if f.code.startswith("MAGNITUDE")] == []


# line 3: 金额单位

UNIT = ("基本情况", "金额单位")


def in_yuan() -> dict[str, float]:
    """Every amount of the completed example as 元."""
    filed = taken_in(planted({})).submission
    assert filed is not None
    return {f"{e.cell.ref.sheet}!{e.cell.ref.address}": float(e.value * 10_000) for e in money_entries(filed)}


def test_a_workbook_in_yuan_that_says_so_is_converted_and_reported_once():
    changes = {**in_yuan(), UNIT: "元"}
    assert news(changes) == {("MAGNITUDE_008", at(*UNIT))}
    filed, plain = (context_of(taken_in(planted(c)).submission) for c in (changes, {}))
    assert [s.score for s in filed.scorecard.items] == [s.score for s in plain.scorecard.items]
    assert filed.submission.money.income_total.initial.value == Decimal("430.66")


def test_wan_yuan_may_be_said_as_well():
    assert news({UNIT: "万元"}) == set()


STATED = [
    # what is stated, what is filled in → the words, and how severe
    (None, "元", "像是按元填的", Severity.ERROR),
    ("万元", "元", "像是按元填的", Severity.QUESTION),
    ("元", "万元", "像是按万元填的", Severity.QUESTION),
]


@pytest.mark.parametrize(("stated", "filled", "words", "severity"), STATED)
def test_another_unit_than_stated_is_found_in_either_direction(stated, filled, words, severity):
    changes = {**(in_yuan() if filled == "元" else {}), **({UNIT: stated} if stated else {})}
    (finding,) = [f for f in plant(changes) if f.code == "MAGNITUDE_001"]
    assert words in finding.message
    assert finding.severity is severity
    assert not finding.answered


def test_the_remedy_of_a_whole_workbook_works():
    (finding,) = [f for f in plant(in_yuan()) if f.code == "MAGNITUDE_001"]
    assert "在“基本情况”的“金额单位”填“元”" in finding.fix
    assert not [f for f in plant({**in_yuan(), UNIT: "元"}) if f.severity is Severity.ERROR]


IN_YUAN = [
    # a cell of a workbook in 元 → the finding, and the value to type there
    ((("收支", "收入合计", "年初预算数"), 4406600), "MONEY_001", "4306600"),
    ((("收支", "支出合计", "年初预算数"), 430.66), "MAGNITUDE_002", "4306600"),
    ((("压减", "一般性支出年初预算", "上年"), 21), "MAGNITUDE_003", "210000"),
]


@pytest.mark.parametrize(("change", "code", "due"), IN_YUAN)
def test_a_remedy_names_what_to_type_in_the_workbooks_own_unit(change, code, due):
    place, value = change
    amounts = {**in_yuan(), UNIT: "元", at(*place): value}
    (finding,) = [f for f in plant(amounts) if f.code == code]
    assert finding.expected == due
    assert f"改为 {due}" in finding.fix
    assert str(finding.ref) == at(*place)
    assert news({**amounts, at(*place): float(due)}) == {("MAGNITUDE_008", at(*UNIT))}


def test_a_text_with_its_own_unit_counts_as_it_says():
    changes = {**in_yuan(), UNIT: "元", at("收支", "收入合计", "年初预算数"): "430.66万元"}
    assert news(changes) == {("MAGNITUDE_008", at(*UNIT)), ("CELL_005", at("收支", "收入合计", "年初预算数"))}


# line 4: one amount


@pytest.mark.parametrize(
    ("place", "text"), list(places(CLEAN)), ids=lambda x: "-".join(x) if isinstance(x, tuple) else ""
)
def test_one_amount_in_yuan_is_reported_at_its_cell_and_nothing_that_follows_from_it(place, text):
    (finding,) = reported(typed(CLEAN, (place, times_of(text, "10000"))))
    assert finding.code in ("MAGNITUDE_002", "MAGNITUDE_003")
    assert "像是按元填的" in finding.message
    assert (Decimal(finding.expected), finding.ref.sheet, finding.answered) == (Decimal(text), place[0], False)
    assert reported(typed(CLEAN, (place, finding.expected))) == []


@pytest.mark.parametrize("unit", ["元", "亿元"])
def test_a_unit_that_the_cell_itself_shows_is_what_is_wrong_and_no_third_one_is_named(unit):
    cell = at("收支", "收入合计", "年初预算数")
    (finding,) = [f for f in plant({cell: f"430.66{unit}"}) if f.code in ("MAGNITUDE_002", "MAGNITUDE_003")]
    assert finding.message.startswith(f"格里是“430.66{unit}”，也就是 ")
    assert "像是单位写错了：" in finding.message
    assert "。应当是 430.66 万元。" in finding.message
    assert not re.search("像是按|按.{1,3}读", finding.message)
    assert (str(finding.ref), finding.expected) == (cell, "430.66")


SHOWN = [
    # sheets whose every amount shows 元 by its format → what is reported of them
    (("控制支出",), "MAGNITUDE_004"),
    (("压减",), "MAGNITUDE_004"),
    (("项目",), "MAGNITUDE_004"),
    (("收支",), "MAGNITUDE_001"),
    (AMOUNTS, "MAGNITUDE_001"),
]


@pytest.mark.parametrize(("sheets", "code"), SHOWN)
def test_a_unit_that_a_whole_sheet_shows_only_has_to_go(sheets, code):
    (finding,) = [f for f in findings_of(_shown_in_yuan(sheets)) if f.code.startswith("MAGNITUDE")]
    assert finding.code == code
    assert re.search("像是单位写错了（如“.*元”）：", finding.message)
    assert not re.search("亿元|×", finding.message + finding.fix)
    assert "单位写错的，去掉“元”，数不用改。" in finding.fix
    assert "先把单元格格式改为“常规”" in finding.fix


def _shown_in_yuan(sheets) -> bytes:
    """The completed example, its amounts on these sheets shown as 6.00元."""
    book = load_workbook(BytesIO(planted({})))
    cells = (cell for sheet in sheets for row in book[sheet].iter_rows(min_row=5, max_col=8) for cell in row)
    for cell in cells:
        if isinstance(cell.value, int | float):
            cell.number_format = '#,##0.00"元"'
    book.save(content := BytesIO())
    return content.getvalue()


OTHER_UNITS = [
    (("收支", "基本支出", "年初预算数"), "千元"),
    (("收支", "收入合计", "决算数"), "百万元"),
    (("收支", "收回或注销数", "决算数"), "千元"),
    (("收支", "全年单位实际支付数", "决算数"), "千元"),
    (("项目", "农村供水", "年初预算数"), "百万元"),
    (("项目", "河道治理", "执行数"), "亿元"),
    (("压减", "一般性支出年初预算", "上年"), "千元"),
    (("控制支出", "公务接待费", "本年执行数"), "千元"),
    (("支出进度", "6", "累计支出数"), "千元"),
    (("支出进度", "10", "累计支出数"), "亿元"),
    (("管理数据", "财务账面资产原值", "数值"), "千元"),
    (("管理数据", "面向中小企业采购金额", "数值"), "千元"),
]


@pytest.mark.parametrize(("place", "unit"), OTHER_UNITS)
def test_one_amount_in_another_unit_is_reported_with_the_reading(place: Place, unit: str):
    text = dict(places(CLEAN))[place]
    (finding,) = reported(typed(CLEAN, (place, times_of(text, UNITS[unit]))))
    assert f"像是按{unit}填的" in finding.message
    assert Decimal(finding.expected) == Decimal(text)


SEVERAL = [
    [("收支", "收入合计", "年初预算数"), ("收支", "基本支出", "决算数"), ("项目", "农村供水", "调整后预算数")],
    [("项目", "农村供水", "年初预算数"), ("项目", "河道治理", "年初预算数")],
    [("项目", "节水宣传", "年初预算数"), ("项目", "节水宣传", "调整后预算数"), ("项目", "节水宣传", "执行数")],
    [("压减", "一般性支出年初预算", "上年"), ("压减", "一般性支出执行数", "上年"), ("收支", "收回或注销数", "决算数")],
]


@pytest.mark.parametrize("mistyped", SEVERAL)
def test_several_amounts_in_yuan_are_each_reported_in_one_round(mistyped):
    known = dict(places(CLEAN))
    found = reported(typed(CLEAN, *((place, times_of(known[place], "10000")) for place in mistyped)))
    assert sorted(Decimal(f.expected) for f in found) == sorted(Decimal(known[place]) for place in mistyped)


def test_another_error_beside_it_is_reported_in_the_same_round():
    wrong = (("收支", "收入合计", "年初预算数"), "5450"), (("项目", "农村供水", "年初预算数"), "8600000")
    found = {(f.code, str(f.ref)[:2], f.expected) for f in reported(typed(CLEAN, *wrong))}
    assert found == {("MAGNITUDE_002", "项目", "860"), ("MONEY_001", "收支", "5440.00")}


def test_no_remedy_asks_for_an_absurd_figure():
    """Two projects in 元 by figures that fit nothing: which is wrong is not known, and no total of 15 million is asked
    for."""
    wrong = (("项目", "农村供水", "年初预算数"), "9123456"), (("项目", "节水宣传", "年初预算数"), "5432100")
    found = [f for f in reported(typed(CLEAN, *wrong)) if f.severity is Severity.ERROR]
    assert found
    assert not any(Decimal(f.expected) > 10000 for f in found if f.expected)


def test_where_no_unit_mends_it_the_units_are_asked_for_first():
    filing = typed(CLEAN, (("项目", "农村供水", "年初预算数"), "77777777"))
    for row in ("调整后预算数", "执行数"):
        filing = typed(filing, (("项目", "农村供水", row), "0"))
    assert "MAGNITUDE_007" in {f.code for f in reported(filing)}


# lines 5 and 6: what enters a rate and is capped at full marks

ALONE = [
    # 年初, 调整后, 执行, 偏差原因 → the cell questioned and its reading; None for nothing
    ("300000", "30", "28.2", "", ("E", "30")),
    ("30", "300000", "28.2", "", ("F", "30")),
    ("30", "30", "282000", "", ("G", "28.2")),
    ("30", "30", "282", "", ("G", "28.2")),
    ("312.5", "31.25", "28.2", "", ("E", "31.25")),
    ("8600", "8600", "0.82", "上级资金下达较晚", ("G", "8200")),
    ("300000", "30", "28.2", "单位无误，年中改由上级实施", None),
    ("30", "30", "28.2", "", None),
    ("300", "30", "28.2", "年中调减九成", None),
    ("0", "3000", "2900", "", None),
    ("0.5", "500", "480", "", None),
    ("100", "0", "0", "项目取消", None),
    ("3000", "3000", "3.5", "招标推迟到年底", None),
    ("300000", "300000", "299000", "", None),
]


@pytest.mark.parametrize(("initial", "adjusted", "executed", "reason", "found"), ALONE)
def test_a_project_by_itself(initial, adjusted, executed, reason, found):
    findings = asked(projects_alone(project("甲", initial, adjusted, executed, 偏差原因=reason)))
    assert [(f.ref.address[0], f.expected) for f in findings] == ([found] if found else [])


def test_a_question_that_takes_the_place_of_an_error_is_an_error():
    (finding,) = [
        f for f in run_checks(projects_alone(project("甲", "30", "30", "282000"))) if f.code == "MAGNITUDE_003"
    ]
    assert finding.severity is Severity.ERROR


def test_a_cost_target_reveals_a_project_all_in_yuan():
    cost = indicator("≤", "30", "万元", "28.2") | {
        "一级指标": "成本指标",
        "二级指标": "经济成本指标",
        "三级指标": "项目总成本",
    }
    findings = asked(projects_alone(project("甲", "300000", "300000", "282000"), indicators=(cost,)))
    assert [f.expected for f in findings] == ["30", "30", "28.2"]
    assert asked(projects_alone(project("甲", "30", "30", "28.2"), indicators=(cost,))) == []


WORDS = [
    # the three amounts, what is written of the project → the readings asked about
    (("300000", "300000", "282000"), "全年投入30万元，购置设备", ["30", "30", "28.2"]),
    (("312500", "312500", "300000"), "总投资1,200万元，本年安排31.25万元", ["31.25", "31.25", "30"]),
    (("30", "30", "28.2"), "每人每年补助30元", []),
    (("300000", "300000", "282000"), "总投资30亿元", []),
    (("30", "30", "28.2"), "全年投入30万元", []),
    (("30", "30", "28.2"), "总投资30亿元", []),
]


@pytest.mark.parametrize(("amounts", "words", "readings"), WORDS)
def test_a_project_by_its_own_words(amounts, words, readings):
    assert [f.expected for f in asked(projects_alone(project("甲", *amounts, 主要内容=words)))] == readings


@pytest.mark.parametrize(("note", "answered"), [("严格落实过紧日子要求", False), ("单位无误，会议改由上级承办", True)])
def test_a_reason_that_stood_there_before_is_no_answer(note, answered):
    filing = typed(CLEAN, (("控制支出", "会议费", "本年预算数"), "5000"))
    filing["控制支出"][2]["说明"] = note
    assert [(f.code, f.answered) for f in reported(filing)] == [("MAGNITUDE_003", answered)]


# lines 7 and 8: indicators

RATIOS = [
    # 性质, 指标值, 单位, 实际完成值 → asked, and the value proposed
    ("≥", "3.5", "万人", "36800", "3.68"),
    ("≥", "36800", "人", "3.5", "35000"),
    ("≥", "50", "万元", "520000", "52"),
    ("≤", "50", "万元", "490000", "49"),
    ("≤", "500000", "元", "49", "490000"),
    ("≥", "12", "吨", "11800", "11.8"),
    ("≥", "12000", "公斤", "11.8", "11800"),
    ("=", "1.2", "万千瓦时", "12000", "1.2"),
    ("≥", "2", "亿元", "19800", "1.98"),
    ("≥", "35", "个", "360", ""),
    ("≥", "100", "人", "800", ""),
    ("≥", "100", "人", "799", None),
    ("≥", "100", "人", "300", None),
    ("≥", "100", "人", "250", None),
    ("≥", "1000", "人", "5", "5000"),
    ("≥", "1000", "人", "6", None),
    ("≤", "1000", "件", "0", None),
    ("≤", "2", "%", "0.002", None),
    ("≥", "90", "%", "95", None),
]


@pytest.mark.parametrize(("nature", "target", "unit", "actual", "due"), RATIOS)
def test_an_actual_far_from_its_target_is_first_a_question_about_the_unit(nature, target, unit, actual, due):
    findings = asked(
        projects_alone(project("甲", "30", "30", "28"), indicators=(indicator(nature, target, unit, actual),))
    )
    assert [(f.code, f.expected) for f in findings] == ([("MAGNITUDE_005", due)] if due is not None else [])


def indicator(nature: str, target: str, unit: str, actual: str, reason: str = "上级年中追加任务") -> dict[str, str]:
    return {
        "适用对象": "甲", "一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "服务数量", "指标性质": nature, "指标值": target,
        "计量单位": unit, "权重": "90", "实际完成值": actual, "偏差原因": reason,
    }  # fmt: skip


PLACE = {
    "指标值": ("指标", "检查粮铺", "指标值"),
    "实际完成值": ("指标", "检查粮铺", "实际完成值"),
    "偏差原因": ("指标", "检查粮铺", "偏差原因"),
}


@pytest.mark.parametrize(
    ("reason", "answered"), [("上级年中追加任务", False), ("单位无误，上级年中把全省的检查都交给本单位", True)]
)
def test_only_a_reason_that_speaks_of_the_unit_answers(reason, answered):
    found = plant({PLACE["实际完成值"]: 200_000, PLACE["偏差原因"]: reason})
    assert [(f.severity, f.answered) for f in found if f.code == "MAGNITUDE_005"] == [(Severity.QUESTION, answered)]


def test_without_any_reason_it_is_an_error_and_reported_once():
    """In place of “not met” or “exceeded”, which would only ask for a reason."""
    found = [f for f in plant({PLACE["实际完成值"]: 0.002}) if f.ref and f.ref.sheet == "指标" and f.ref.row == 9]
    assert [(f.code, f.severity) for f in found if not f.code.startswith("INDICATOR_01")] == [
        ("MAGNITUDE_005", Severity.ERROR)
    ]


DUTY_DATA = [("3.5", "36800", True), ("3.5", "3.68", False), ("100", "0", False), ("1000", "3", True)]


@pytest.mark.parametrize(("planned", "completed", "is_asked"), DUTY_DATA)
def test_the_data_of_duties_likewise(planned, completed, is_asked):
    filing = CLEAN | {
        "履职数据": [{"指标名称": "服务人次", "计划数": planned, "完成数": completed, "计量单位": "万人次"}]
    }
    assert [f.code for f in asked(sized_context(filing))] == (["MAGNITUDE_006"] if is_asked else [])


ONE_HUNDRED = [
    # name, value of both cells, number format → asked
    ("检查合格率", 1, "General", True),
    ("任务完成情况", 1, "General", True),
    ("检查合格率", 1, "0%", False),
    ("差错率", 1, "General", False),
    ("检查合格率", 100, "General", False),
]


@pytest.mark.parametrize(("name", "value", "style", "is_asked"), ONE_HUNDRED)
def test_one_against_one_in_per_cent(name, value, style, is_asked):
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(planted({})))
    sheet = book["指标"]
    header = next(row for row in sheet.iter_rows() if any(c.value == "三级指标" for c in row))
    column = {str(c.value).lstrip("*"): c.column for c in header}
    row = next(
        r for r in range(header[0].row + 1, sheet.max_row) if sheet.cell(r, column["三级指标"]).value == "检查粮铺"
    )
    for label, text in (("三级指标", name), ("计量单位", "%"), ("指标值", value), ("实际完成值", value)):
        sheet.cell(row, column[label]).value = text
    for label in ("指标值", "实际完成值"):
        sheet.cell(row, column[label]).number_format = style
    content = BytesIO()
    book.save(content)
    found = [f for f in findings_of(content.getvalue()) if f.code == "CELL_007"]
    assert bool(found) is is_asked
    if is_asked:
        assert "1%" in found[0].message
        assert "100%" in found[0].message
        assert f"“实际完成值”（{sheet.cell(row, column['实际完成值']).coordinate}）也这样写明" in found[0].fix


# the form


def test_the_unit_is_a_row_of_its_own_that_older_workbooks_need_not_have():
    field = next(sheet for sheet in FORM if sheet.name == "基本情况").field("money_unit")
    assert (field.label, field.choices, field.added) == ("金额单位", ("万元", "元"), "1.2")


# one sheet alone, or a row, with last year's workbook beside it


def this_and_last_year(filing: Sheets, then: Sheets, kind: str = "部门整体") -> Context:
    return replace(sized_context(filing, kind), previous=sized_context(then, kind).submission)


def a_year_before(filing: Sheets) -> Sheets:
    """A tenth less of everything; 上年 of 压减 is what 本年 was."""
    then = typed(filing, *((place, times_of(text, "0.9")) for place, text in places(filing)))
    for label in then["压减"]:
        then["压减"][label]["本年"] = filing["压减"][label]["上年"]
    return then


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("sheet", ["压减", "控制支出", "支出进度", "管理数据", "项目", "收支"])
def test_with_last_year_every_sheet_in_another_unit_is_found(sheet, unit):
    usual = asked(this_and_last_year(CLEAN, a_year_before(CLEAN)))
    found = asked(this_and_last_year(in_another_unit(CLEAN, UNITS[unit], sheet), a_year_before(CLEAN)))
    assert usual == []
    assert {f.ref.sheet for f in found} == {sheet}
    assert all(f"像是按{unit}填的" in f.message for f in found)


def test_with_last_year_most_of_a_sheet_in_another_unit_is_found():
    some = [place for place, _ in places(CLEAN) if place[0] == "控制支出" and place[1] != "会议费"]
    known = dict(places(CLEAN))
    now = typed(CLEAN, *((place, times_of(known[place], "10")) for place in some))
    found = asked(this_and_last_year(now, a_year_before(CLEAN)))
    assert sorted(Decimal(f.expected) for f in found) == sorted(Decimal(known[place]) for place in some)


def test_a_whole_workbook_in_a_unit_that_the_staff_allows_is_found_by_last_year():
    """8 万元 a head in 千元 are 80, which a department may well spend."""
    modest = typed(CLEAN, *((("收支", "基本支出", column), "480") for column in COLUMNS))
    found = asked(this_and_last_year(in_another_unit(modest, "10", "收支"), modest))
    assert [f.code for f in found][:1] == ["MAGNITUDE_001"]
    assert "上年是 480 万元" in found[0].message
    assert asked(this_and_last_year(modest, modest)) == []


ALONE_WITH_LAST_YEAR = [
    # 年初, 调整后, 执行 of this year and of last year → the readings asked about
    (("300000", "300000", "282000"), ("30", "30", "29"), ["30", "30", "28.2"]),
    (("312.5", "312.5", "280"), ("31.25", "31.25", "30"), ["31.25", "31.25", "28"]),
    (("0.0030", "0.0030", "0.0028"), ("30", "30", "29"), ["30", "30", "28"]),
    (("300", "300", "280"), ("30", "30", "29"), []),  # it may have grown
    (("3000", "3000", "2900"), ("0.5", "0.5", "0.5"), []),  # planned last year, built this year
    (("0.5", "0.5", "0.5"), ("3000", "3000", "2900"), []),
    (("30", "30", "28.2"), ("30", "30", "29"), []),
]


@pytest.mark.parametrize(("now", "then", "readings"), ALONE_WITH_LAST_YEAR)
def test_a_project_by_itself_beside_last_year(now, then, readings):
    context = replace(projects_alone(project("甲", *now)), previous=projects_alone(project("甲", *then)).submission)
    assert [f.expected for f in asked(context)] == readings


def test_last_year_in_another_unit_is_no_witness():
    then = in_another_unit(a_year_before(CLEAN), "10000", *AMOUNTS)
    assert asked(this_and_last_year(CLEAN, then)) == []


def test_a_department_that_grew_tenfold_is_not_asked():
    small = in_another_unit(CLEAN, "0.1", *AMOUNTS)
    small["基本情况"]["年末实有人数"] = "6"
    assert asked(this_and_last_year(CLEAN, small)) == []


@pytest.mark.parametrize("seed", range(60))
def test_a_clean_department_of_any_size_beside_another_year_of_it(seed):
    """Each figure a third less to a third more than the year before."""
    then, rng = sized_department(seed), Random(seed)
    now = typed(then, *((place, times_of(text, str(round(rng.uniform(0.67, 1.5), 2)))) for place, text in places(then)))
    usual = {(f.code, f.ref) for f in asked(sized_context(now))}
    assert {(f.code, f.ref) for f in asked(this_and_last_year(now, then))} == usual
