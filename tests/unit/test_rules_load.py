"""Regulations are data: what ships loads, what is faulty is refused with file, key, what is there and what is
expected."""

import tomllib
from contextlib import suppress
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from places import ROOT

from perfeval.errors import ExitCode, RegulationError
from perfeval.model.regulation import DUTIES, Confidence, Method, Rounding
from perfeval.rules import load
from perfeval.rules.faults import Faults
from perfeval.rules.library import library
from perfeval.rules.load import load_regulations
from perfeval.rules.numbers import built_in_kinds

SHIPPED = {
    "cn-project-10-90": "项目支出",
    "dazhou-dept-2017": "部门整体",
    "dazhou-project-2017": "项目支出",
    "hubei-project-20-80": "项目支出",
    "pidu-dept-40-50-10": "部门整体",
    "sichuan-dept-65-35": "部门整体",
    "sichuan-project-10-90": "项目支出",
}
PROJECT = """
id = "县-项目"
title = "某县项目支出指标体系"
kind = "项目支出"
clause = "某县文件第三条"
confidence = "已核"
rounding = "half_up_1"
effective_from = 2025-01-01
grades = [ { name = "优", lower = 90, upper = 100 }, { name = "差", lower = 0, upper = 90 } ]

[[items]]
id = "1"
name = "预算执行率"
max_points = 20
method = "ratio"
inputs = { numerator = "project.executed", denominator = "project.adjusted_budget" }
clause = "第三条第一款"
confidence = "已核"

[[items]]
id = "2"
name = "绩效指标"
max_points = 80

[indicators]
weight_sum = 80
at_least = "ratio"
at_most = "linear"
equal = "exact"
late = "proportional"
late_days = 30
rounding = "half_up_1"
scale = { "优" = 1.0, "差" = 0 }
bands = { "达成" = { lower = 0.8, upper = 1 }, "未达成" = { lower = 0, upper = 0.8 } }
over_fulfilment = [ { action = "zero", above = 1.50 } ]
"""
DEPARTMENT = """
id = "县-部门"
title = "某县部门整体指标体系"
kind = "部门整体"
project_regulation = "cn-project-10-90"
clause = "某县文件"
confidence = "已核"
rounding = "half_up_2"
grades = [ { name = "优", lower = 90, upper = 100 }, { name = "差", lower = 0, upper = 90 } ]

[thresholds]
carryover_rate_limit = { value = 0.10, clause = "第五条", confidence = "已核" }

[[items]]
id = "A"
name = "管理"
max_points = 60

[[items]]
id = "A1"
name = "预算调整率"
parent = "A"
max_points = 20
method = "graded"
inputs = { value = "adjustment_rate" }
parameters = { absolute = true, steps = [ { up_to = 0, points = 20 }, { up_to = 0.10, points = 10 }, { points = 0 } ] }
clause = "第二条"
confidence = "已核"

[[items]]
id = "A2"
name = "目标设置"
parent = "A"
max_points = 40
method = "share"
inputs = { bad = "carryover_above_limit" }
parameters = { scope = "阶段" }
clause = "第二条"
confidence = "已核"

[[items]]
id = "B"
name = "履职"
max_points = 40
method = "declared"
inputs = { declared = "duties" }
clause = "第三条"
confidence = "已核"
"""


def folder(tmp_path: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (tmp_path / f"体系{number}").mkdir()
        (tmp_path / f"体系{number}" / "regulation.toml").write_text(text, encoding="utf-8")
    return tmp_path


def refusal(tmp_path: Path, *texts: str) -> str:
    with pytest.raises(RegulationError) as caught:
        load_regulations(folder(tmp_path, *texts))
    assert caught.value.exit_code is ExitCode.REGULATION_FAULTY
    assert caught.value.remedy
    return caught.value.message


def test_what_ships() -> None:
    assert {i: r.kind for i, r in load_regulations().items()} == SHIPPED


@pytest.mark.parametrize("regulation", load_regulations().values(), ids=lambda r: r.id)
def test_every_rule_says_where_it_is_and_how_sure_it_is(regulation) -> None:
    assert regulation.title
    assert regulation.issuer
    assert regulation.source_note
    for item in regulation.items:
        assert item.provenance.clause
        assert item.provenance.confidence in Confidence
    assert all(threshold.provenance.clause for threshold in regulation.thresholds.values())


def test_the_default_scheme_is_the_one_of_the_table() -> None:
    regulation = load_regulations()["sichuan-dept-65-35"]
    points = {item.id: str(item.max_points) for item in regulation.items if item.level < 3}
    assert points == {
        "A": "65",
        "A1": "20",
        "A2": "25",
        "A3": "6",
        "A4": "8",
        "A5": "6",
        "B": "35",
        "B1": "12",
        "B2": "12",
        "B3": "11",
    }
    methods = {item.id: item.method for item in regulation.leaves()}
    assert {i for i, m in methods.items() if m is Method.SHARE} == {
        "B1.1",
        "B1.2",
        "B1.3",
        "B2.1",
        "B2.2",
        "B3.1",
        "B3.2",
        "B3.3",
    }
    assert {i for i, m in methods.items() if m is Method.RATIO} == {"A4.1", "A5", "B2.3"}
    assert {i for i, m in methods.items() if m is Method.FULL_VALUE} == {"A2.4", "A4.2"}
    assert methods["A2.5"] is Method.DEDUCT_MISSING
    assert [regulation.grade(Decimal(score)) for score in ("90", "89.99", "80", "70", "69.99")] == [
        "优",
        "良",
        "良",
        "中",
        "差",
    ]
    assert regulation.entry_deadline is not None
    assert regulation.entry_deadline.in_year(2025) == date(2024, 9, 30)
    assert [(mark.month, str(mark.share)) for mark in regulation.progress_marks] == [(6, "0.40"), (10, "0.80")]
    assert regulation.project_regulation is not None
    assert regulation.indicators == regulation.project_regulation.indicators
    assert all(item.fallback for item in regulation.leaves())


def test_a_regulation_extends_another() -> None:
    regulations = load_regulations()
    base, own = regulations["cn-project-10-90"], regulations["hubei-project-20-80"]
    assert (own.items[0].max_points, own.indicators.weight_sum, own.indicators.splits) == (20, 80, ())
    assert own.items[0].inputs == base.items[0].inputs
    assert own.indicators.blank_weight == "equal_in_group"
    assert own.indicators.scale == base.indicators.scale
    assert own.grades == base.grades
    assert regulations["sichuan-project-10-90"].grade(Decimal(65)) == "差"


def test_a_bureau_loads_its_own_folders(tmp_path: Path) -> None:
    loaded = load_regulations(folder(tmp_path, PROJECT, DEPARTMENT))
    assert set(loaded) == {*SHIPPED, "县-项目", "县-部门"}
    own = loaded["县-项目"]
    assert (own.rounding, own.indicators.rounding, own.effective_from) == (
        Rounding.HALF_UP_1,
        Rounding.HALF_UP_1,
        date(2025, 1, 1),
    )
    assert own.indicators.late_days == 30


def test_one_folder_alone_with_a_mark_of_windows_notepad(tmp_path: Path) -> None:
    (tmp_path / "regulation.toml").write_bytes(b"\xef\xbb\xbf" + PROJECT.replace("\n", "\r\n").encode())
    assert "县-项目" in load_regulations(tmp_path)


EXTENDED = """
id = "县-部门-2026"
extends = "县-部门"
title = "某县部门整体指标体系（2026年修订）"
remove = ["A2"]

[replace.A1]
max_points = 50
parameters = { absolute = true, steps = [ { up_to = 0.05, points = 50 }, { points = 0 } ] }

[[add]]
after = "A1"
id = "A3"
name = "人员控制"
parent = "A"
max_points = 10
method = "ratio"
inputs = { numerator = "posts", denominator = "staff" }
clause = "第四条"
confidence = "待核"
"""


def test_replace_remove_and_add(tmp_path: Path) -> None:
    own = load_regulations(folder(tmp_path, DEPARTMENT, EXTENDED))["县-部门-2026"]
    assert [item.id for item in own.items] == ["A", "A1", "A3", "B"]
    assert [str(item.max_points) for item in own.items] == ["60", "50", "10", "40"]
    assert own.item("A1").parameters["steps"][0] == {"up_to": Decimal("0.05"), "points": Decimal(50)}
    assert own.thresholds.keys() == {"carryover_rate_limit"}


STEPS = (
    'method = "graded"\ninputs = { value = "adjustment_rate" }\nparameters = { absolute = true, steps = [ { up_to = 0,'
    " points = 20 }, { up_to = 0.10, points = 10 }, { points = 0 } ] }"
)
DEDUCT = (
    'method = "deduct_missing"\ninputs = {{ cut = "executed_cut_rate" }}\nparameters = {{ conditions = [ {{ input ='
    ' "cut", above = {limit}, points = {points} }} ] }}'
)
FAULTS = [
    # name, scheme, what is changed to what, words of the message
    ("children", DEPARTMENT, "max_points = 20", "max_points = 25", ("items A 管理 的下级 max_points", "25 + 40 = 65", "60")),
    ("root", DEPARTMENT, 'name = "履职"\nmax_points = 40', 'name = "履职"\nmax_points = 45',
        ("最上一级的 max_points", "60 + 45 = 105", "100")),
    ("band gap", PROJECT, "upper = 90", "upper = 85", ("grades 差", "空档", "upper = 90")),
    ("band overlap", PROJECT, "upper = 90", "upper = 95", ("grades 差", "重叠", "upper = 90")),
    ("lowest band", PROJECT, "lower = 0, upper = 90", "lower = 10, upper = 90", ("grades", "最低是 10", "lower = 0")),
    ("level gap", PROJECT, "lower = 0, upper = 0.8", "lower = 0, upper = 0.7",
        ("indicators 的 bands", "空档", "upper = 0.8")),
    ("method", DEPARTMENT, 'method = "graded"', 'method = "guess"',
        ("items A1 的 method", "是“guess”", "yes_no、graded、ratio")),
    ("input", DEPARTMENT, 'value = "adjustment_rate"', 'value = "adjust_rate"',
        ("items A1 的 inputs.value", "“adjust_rate”", "adjustment_rate")),
    ("project input", PROJECT, "project.executed", "money.paid.final",
        ("items 1 的 inputs.numerator", "money.paid.final", "project.")),
    ("role", DEPARTMENT, "inputs = { value =", "inputs = { figure =",
        ("items A1 的 inputs.value", "没有填", "inputs.figure")),
    ("clause", DEPARTMENT, 'clause = "第三条"\n', "", ("items B 的 clause", "没有填", "一段文字")),
    ("confidence", DEPARTMENT, 'clause = "第三条"\nconfidence = "已核"', 'clause = "第三条"\nconfidence = "确定"',
        ("items B 的 confidence", "确定", "已核、推定、待核")),
    ("duplicate id", DEPARTMENT, 'id = "A2"', 'id = "A1"', ("items A1 的 id", "重复")),
    ("parent of two", DEPARTMENT.replace('parent = "A"', 'parent = "C"'), 'id = "B"', 'id = "B"',
        ("1 处问题", "items A1 的 parent", "是“C”（2 个指标的上级）")),
    ("parent", DEPARTMENT, 'name = "目标设置"\nparent = "A"', 'name = "目标设置"\nparent = "C"',
        ("items A2 的 parent", "是“C”", "写在前面的指标")),
    ("unknown key", DEPARTMENT, "max_points = 60", "max_points = 60\nmax_point = 60",
        ("items A 的 max_point", "max_points")),
    ("unknown head key", PROJECT, 'kind = "项目支出"', 'kind = "项目支出"\nissued_by = "县财政局"', ("issued_by", "不认识的键")),
    ("text for a number", DEPARTMENT, "max_points = 60", 'max_points = "六十"', ("items A 的 max_points", "六十", "一个数")),
    ("zero points", DEPARTMENT, "max_points = 20\n", "max_points = 0\n", ("items A1 的 max_points", "大于 0")),
    ("no method", DEPARTMENT, 'method = "declared"\ninputs = { declared = "duties" }\n', "",
        ("items B 的 method", "没有填")),
    ("method on a parent", DEPARTMENT, 'name = "管理"',
        'name = "管理"\nmethod = "declared"\nclause = "第一条"\nconfidence = "待核"', ("items A 的 method", "有下级")),
    ("step overlap", DEPARTMENT, "up_to = 0.10, points = 10", "up_to = 0, points = 10",
        ("items A1 的 parameters.steps", "有重叠")),
    ("step gap", DEPARTMENT, "{ points = 0 }", "{ up_to = 0.20, points = 0 }", ("items A1 的 parameters.steps", "界限")),
    ("no open step", DEPARTMENT, "{ points = 0 }", "{ up_to = 0.20, points = 0 }",
        ("items A1 的 parameters.steps 最后一档", "还有界限")),
    ("a single step", DEPARTMENT, "[ { up_to = 0, points = 20 }, { up_to = 0.10, points = 10 }, { points = 0 } ]",
        "[ { points = 20 } ]", ("items A1 的 parameters.steps", "只有 1 档", "至少两档")),
    ("an open step too early", DEPARTMENT, "{ up_to = 0.10, points = 10 }", "{ points = 10 }",
        ("items A1 的 parameters.steps 第 2 档", "没有界限", "只有最后一档")),
    ("two kinds of steps", DEPARTMENT, "{ up_to = 0.10, points = 10 }", "{ from = 0.10, points = 10 }",
        ("items A1 的 parameters.steps", "有的写 up_to，有的写 from")),
    ("a step of 1000 %", DEPARTMENT, "up_to = 0.10, points = 10", "up_to = 10, points = 10",
        ("items A1 的 parameters.steps 第 2 档", "是“10”", "0.10 就是 10%")),
    ("a limit of 1000 %", DEPARTMENT, "carryover_rate_limit = { value = 0.10", "carryover_rate_limit = { value = 10",
        ("thresholds 的 carryover_rate_limit 的 value", "是“10”", "0 到 1")),
    ("an unacceptable rate of 1000 %", DEPARTMENT, STEPS,
        'method = "full_value"\ninputs = { value = "carryover_rate" }\n'
        "parameters = { satisfactory = 0, unacceptable = 10 }",
        ("items A1 的 parameters.unacceptable", "是“10”", "0.10 就是 10%")),
    ("a bound of 9000 %", DEPARTMENT, STEPS,
        'method = "yes_no"\ninputs = { value = "progress.6" }\nparameters = { at_least = 90 }',
        ("items A1 的 parameters.at_least", "是“90”", "0.10 就是 10%")),
    ("no points below 7000 %", DEPARTMENT, STEPS,
        'method = "ratio"\ninputs = { numerator = "posts", denominator = "staff" }\nparameters = { zero_below = 70 }',
        ("items A1 的 parameters.zero_below", "是“70”", "0.10 就是 10%")),
    ("a condition of 1000 %", DEPARTMENT, STEPS, DEDUCT.format(limit=10, points=20),
        ("items A1 的 parameters.conditions 第 1 个", "是“10”", "0.10 就是 10%")),
    ("a condition worth more than the item", DEPARTMENT, STEPS, DEDUCT.format(limit=0, points=29),
        ("items A1 的 parameters.conditions 第 1 个的 points", "是“29”", "不超过分值 20")),
    ("conditions worth less than the item", DEPARTMENT, STEPS, DEDUCT.format(limit=0, points=19),
        ("items A1 的 parameters.conditions", "扣的分相加是 19", "不少于分值 20")),
    ("a case worth more than the item", DEPARTMENT, STEPS,
        'method = "accumulate"\ninputs = { count = "project_count" }\nparameters = { points_per_case = 21 }',
        ("items A1 的 parameters.points_per_case", "是“21”", "不超过分值 20")),
    ("a gate of 13000 %", PROJECT, "above = 1.50", "above = 130", ("above", "是“130”", "1.30 就是 130%")),
    ("a gate below 7000 %", PROJECT, "above = 1.50", "below = 70", ("below", "是“70”", "0 到 1")),
    ("a weight of 0 in a split", PROJECT, "weight_sum = 80",
        'weight_sum = 80\nsplits = [ { "产出指标" = 80, "效益指标" = 0 } ]', ("splits 第 1 个 的 效益指标", "大于 0")),
    ("step points", DEPARTMENT, "up_to = 0, points = 20", "up_to = 0, points = 30",
        ("parameters.steps 第 1 档的 points", "30", "0 到 20")),
    ("scope", DEPARTMENT, 'scope = "阶段"', 'scope = "部分"', ("items A2 的 parameters.scope", "部分", "all、常年、阶段")),
    ("unknown parameter", DEPARTMENT, 'scope = "阶段"', 'scope = "阶段", limit = 3',
        ("items A2 的 parameters.limit", "不认识的键")),
    ("missing threshold", DEPARTMENT, "carryover_rate_limit = { value", "over_fulfilment = { value",
        ("items A2 的 inputs.bad", "carryover_rate_limit")),
    ("unknown threshold", DEPARTMENT, "carryover_rate_limit = { value", "carryover_limit = { value",
        ("thresholds 的 carryover_limit", "carryover_rate_limit")),
    ("weights", PROJECT, "weight_sum = 80", "weight_sum = 90", ("items 2 的 max_points", "weight_sum（90）")),
    ("splits", PROJECT, "weight_sum = 80", 'weight_sum = 80\nsplits = [ { "产出指标" = 50, "效益指标" = 20 } ]',
        ("indicators 的 splits", "70", "80")),
    ("setting", PROJECT, 'at_most = "linear"', 'at_most = "square"',
        ("indicators 的 at_most", "square", "ratio、linear")),
    ("late days", PROJECT, "late_days = 30\n", "", ("indicators 的 late_days", "proportional")),
    ("gate", PROJECT, 'action = "zero", above = 1.50', 'action = "zero"', ("above", "恰好一个")),
    ("project scheme", DEPARTMENT, "cn-project-10-90", "cn-project", ("project_regulation", "cn-project-10-90")),
    ("indicators in a department's", DEPARTMENT, "[thresholds]", "[indicators]\nweight_sum = 90\n[thresholds]",
        ("indicators", "project_regulation")),
    ("date", PROJECT, "effective_from = 2025-01-01", 'effective_from = "2025年"', ("effective_from", "2025年", "日期")),
    ("severity", PROJECT, "[indicators]", '[severities]\nNO_001 = "error"\n[indicators]',
        ("severities 的 NO_001", "没有的问题编号")),
    ("level", PROJECT, "[indicators]", '[severities]\nMONEY_010 = "hard"\n[indicators]',
        ("severities 的 MONEY_010", "hard", "error、question、notice")),
    ("id taken", PROJECT, 'id = "县-项目"', 'id = "cn-project-10-90"', ("id", "cn-project-10-90/regulation.toml 重复")),
    ("id with a space", PROJECT, 'id = "县-项目"', 'id = "县 项目"', ("id", "没有空格")),
    ("unknown base", PROJECT, 'id = "县-项目"', 'id = "县-项目"\nextends = "cn-project-30-70"',
        ("extends", "cn-project-30-70")),
    ("syntax", PROJECT, "max_points = 80", "max_points = ", ("第 23 行", "TOML")),
    ("key twice", PROJECT, "max_points = 80", "max_points = 80\nmax_points = 70", ("TOML", "一个键只写一次")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "old", "new", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_reported_with_file_key_what_is_there_and_what_is_expected(
    tmp_path: Path, name, text, old, new, words
) -> None:
    assert text.count(old) >= 1, "the text to be spoilt is there"
    message = refusal(tmp_path, text.replace(old, new, 1))
    assert "体系0/regulation.toml" in message
    assert [word for word in words if word not in message] == []


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    spoilt = DEPARTMENT.replace("max_points = 20", "max_points = 25").replace('scope = "阶段"', 'scope = "部分"')
    message = refusal(tmp_path, spoilt, PROJECT.replace("weight_sum = 80", "weight_sum = 90"))
    assert message.startswith("指标体系文件有 3 处问题")
    assert len(message.splitlines()) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("[replace.Z9]\nmax_points = 1\n", ("replace Z9", "没有的编号")),
        ('[[add]]\nid = "A1"\nname = "重复"\nparent = "A"\nmax_points = 1\n', ("items A1 的 id", "重复")),
        ('[[add]]\nafter = "Z9"\nid = "C"\nname = "新"\nmax_points = 1\n', ("add C 的 after", "Z9")),
        (
            '[[items]]\nid = "A"\nname = "管理"\nmax_points = 100\n[replace.A]\nname = "甲"\n',
            ("replace", "与 items 同时出现"),
        ),
    ],
)
def test_faults_of_an_extension(tmp_path: Path, change: str, words: tuple[str, ...]) -> None:
    head = 'id = "县-新"\nextends = "县-部门"\ntitle = "新"\n'
    message = refusal(tmp_path, DEPARTMENT, head + change)
    assert [word for word in words if word not in message] == []


def test_a_circle_of_extensions(tmp_path: Path) -> None:
    one, other = 'id = "甲"\nextends = "乙"\ntitle = "甲"\n', 'id = "乙"\nextends = "甲"\ntitle = "乙"\n'
    assert "绕成了一圈" in refusal(tmp_path, one, other)


ONE_FAULT = {  # what is wrong once, however much follows from it → where it is reported
    "points below 0": ([DEPARTMENT.replace("max_points = 20", "max_points = -20")], ("items A1 的 max_points", "大于 0")),
    "a misspelt key": ([DEPARTMENT.replace("max_points = 20", "max_point = 20")],
        ("items A1 的 max_point", "是否为 max_points？")),
    "a misspelt input of a condition": (
        [DEPARTMENT.replace(STEPS, DEDUCT.format(limit=0, points=20).replace('input = "cut"', 'input = "cat"'))],
        ("items A1 的 parameters.conditions 第 1 个的 input", "是“cat”"),
    ),
    "a circle, and two that extend into it": (
        ['id = "甲"\nextends = "乙"\ntitle = "甲"\n', 'id = "乙"\nextends = "甲"\ntitle = "乙"\n',
            'id = "丙"\nextends = "甲"\ntitle = "丙"\n', 'id = "丁"\nextends = "丙"\ntitle = "丁"\n'],
        ("体系1/regulation.toml：extends", "绕成了一圈（甲 → 乙 → 甲）"),
    ),
    "an unknown base, and one that extends it": (
        ['id = "甲"\nextends = "cn-project"\ntitle = "甲"\n', 'id = "乙"\nextends = "甲"\ntitle = "乙"\n'],
        ("体系0/regulation.toml：extends", "是“cn-project”"),
    ),
    "a fault of a base": (
        [PROJECT.replace('at_most = "linear"', 'at_most = "square"'), 'id = "乙"\nextends = "县-项目"\ntitle = "乙"\n'],
        ("体系0/regulation.toml：indicators 的 at_most", "square"),
    ),
    "a fault of a base's sums": (
        [PROJECT.replace("weight_sum = 80", "weight_sum = 90"), 'id = "乙"\nextends = "县-项目"\ntitle = "乙"\n'],
        ("体系0/regulation.toml：items 2 的 max_points", "90"),
    ),
    "a faulty change of a base's items": (
        [DEPARTMENT, 'id = "乙"\nextends = "县-部门"\ntitle = "乙"\n[replace.Z9]\nmax_points = 1\n',
            'id = "丙"\nextends = "乙"\ntitle = "丙"\n'],
        ("体系1/regulation.toml：replace Z9", "没有的编号"),
    ),
    "a project scheme that a department's names": (
        [PROJECT.replace('at_most = "linear"', 'at_most = "square"'), DEPARTMENT.replace("cn-project-10-90", "县-项目")],
        ("体系0/regulation.toml：indicators 的 at_most", "square"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("texts", "words"), ONE_FAULT.values(), ids=ONE_FAULT)
def test_what_follows_from_a_fault_is_not_reported(tmp_path: Path, texts: list[str], words: tuple[str, ...]) -> None:
    message = refusal(tmp_path, *texts)
    assert message.startswith("指标体系文件有 1 处问题"), message
    assert [word for word in words if word not in message] == [], message


def test_a_fault_that_an_extension_adds_is_reported_beside_its_bases(tmp_path: Path) -> None:
    base = PROJECT.replace('at_most = "linear"', 'at_most = "square"')
    message = refusal(tmp_path, base, 'id = "乙"\nextends = "县-项目"\ntitle = "乙"\n[indicators]\nequal = "same"\n')
    assert message.startswith("指标体系文件有 2 处问题"), message


def test_a_folder_that_is_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match="没有找到"):
        load_regulations(tmp_path / "没有")
    with pytest.raises(RegulationError, match="没有指标体系"):
        load_regulations(tmp_path)


def test_not_a_utf8_file(tmp_path: Path) -> None:
    (tmp_path / "regulation.toml").write_bytes("标题".encode("gb18030"))
    with pytest.raises(RegulationError, match="UTF-8"):
        load_regulations(tmp_path)


def test_the_shipped_files_name_only_inputs_that_exist() -> None:
    """A second reading of the raw files, without the loader."""
    known = {*built_in_kinds("部门整体"), *built_in_kinds("项目支出"), *library().shortcomings, DUTIES}
    for path in (ROOT / "perfeval" / "regulations").glob("*/regulation.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        own = {entry["key"] for kind in ("inputs", "facts") for entry in raw.get(kind, [])}
        assert {name for item in raw.get("items", []) for name in item.get("inputs", {}).values()} <= known | own


WEIRD = (
    7,
    -1,
    True,
    "",
    "乱",
    [],
    ["乱"],
    [[1]],
    [{"乱": 1}],
    {},
    {"乱": {"乱": []}},
    Decimal("nan"),
    date(2025, 1, 1),
)


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every key and list entry of a TOML document, as paths."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, entry in inside for found in [(*path, key), *places(entry, (*path, key))]]


def spoilt(raw: dict, path: tuple, value: object) -> dict:
    copy = deepcopy(raw)
    within = copy
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = value
    return copy


@pytest.mark.parametrize("text", [PROJECT, DEPARTMENT, EXTENDED], ids=["project", "department", "extended"])
def test_whatever_is_at_a_key_is_accepted_or_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    """A bureau's slip of any kind must never end in a traceback."""
    raw = tomllib.loads(text, parse_float=Decimal)
    base = tomllib.loads(DEPARTMENT, parse_float=Decimal)
    shipped = list(load._all_files(None, Faults()))
    for path in places(raw):
        for value in WEIRD:
            changed = [*shipped, ("县/regulation.toml", spoilt(raw, path, value))]
            changed += [("县-部门/regulation.toml", base)] if text is EXTENDED else []
            monkeypatch.setattr(load, "_all_files", lambda extra, faults, changed=changed: changed)
            with suppress(RegulationError):
                load_regulations(tmp_path)


def test_a_progress_mark_says_where_it_is_and_is_unconfirmed_where_it_does_not(tmp_path: Path) -> None:
    marks = (
        '\n[[progress_marks]]\nmonth = 6\nshare = 0.4\nclause = "第九条"\nconfidence ='
        ' "已核"\n[[progress_marks]]\nmonth = 9\nshare = 0.6\n'
    )
    own = load_regulations(folder(tmp_path, DEPARTMENT + marks))["县-部门"]
    assert [(m.provenance.clause, str(m.provenance.confidence)) for m in own.progress_marks] == [
        ("第九条", "已核"),
        ("待核", "待核"),
    ]
