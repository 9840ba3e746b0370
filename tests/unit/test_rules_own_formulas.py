"""The language of facts: what a formula comes to over filed data, what it refuses and where in its text, and that no
text takes long."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from submissions import submission

from perfeval.errors import RegulationError
from perfeval.rules.engine import score
from perfeval.rules.formulas import FormulaFault, parse
from perfeval.rules.load import load_folder

BASE = """
id = "某县"
extends = "sichuan-dept-65-35"
title = "某县"
inputs = [
    { key = "cost", label = "上年数", kind = "amount" },
    { key = "cases", label = "次数", kind = "count" },
    { key = "open", label = "是否公开", kind = "yes_no" },
    { key = "day", label = "日期", kind = "date" },
    { key = "words", label = "文字", kind = "text" },
]
"""
FILED = {
    "基本情况": {"行政编制人数": "8", "机关工勤编制人数": "1", "事业编制人数": "1", "年末实有人数": "9"},
    "收支": {"支出合计": {"年初预算数": "80", "调整后预算数": "100", "决算数": "90"}, "年末结转结余": {"决算数": "0"}},
    "控制支出": [
        {"支出名称": "公务接待费", "本年预算数": "10", "本年执行数": "10.5"},
        {"支出名称": "车辆", "本年预算数": "20", "本年执行数": "20"},
    ],
    "项目": [
        {"项目名称": "甲", "项目类型": "常年", "调整后预算数": "30", "执行数": "27", "目标偏离": "否"},
        {"项目名称": "乙", "项目类型": "一次性", "调整后预算数": "50", "执行数": "40", "目标偏离": "是"},
        {"项目名称": "丙", "项目类型": "阶段", "调整后预算数": "20", "执行数": "20", "目标偏离": "不涉及"},
    ],
    "履职数据": [
        {"指标名称": "件数", "计划数": "4", "完成数": "3"},
        {"指标名称": "率", "完成率": "95%"},
    ],
    "支出进度": [{"截止月份": "6", "累计支出数": "45"}, {"截止月份": "10", "累计支出数": ""}],
}
M = "money.expenditure_total"


def regulation(root: Path, *facts: str, more: str = ""):
    folder = root / "某县"
    folder.mkdir(exist_ok=True)
    (folder / "regulation.toml").write_text(f"{BASE}facts = [{', '.join(facts)}]\n{more}", encoding="utf-8")
    return load_folder(folder)["某县"]


def fact(formula: str, kind: str = "rate", key: str = "found", **more: object) -> str:
    quoted = formula.replace('"', '\\"')
    extra = "".join(f", {name} = {value}" for name, value in more.items())
    return f'{{ key = "{key}", label = "数", formula = "{quoted}", kind = "{kind}"{extra} }}'


def value(root: Path, text: str, filed: dict = FILED) -> Decimal | None:
    (found,) = score(submission(filed), regulation(root, text)).facts
    return found.value


@pytest.mark.parametrize(
    ("formula", "kind", "wanted"),
    [
        ("staff / posts", "rate", "0.9"),
        ("1 - staff / posts", "rate", "0.1"),
        (f"({M}.final - {M}.initial) / {M}.initial * 100", "number", "12.5"),
        (f"-{M}.final + 2 * {M}.final", "amount", "90"),
        (f"min({M}.final, {M}.initial, 85)", "amount", "80"),
        (f"max(0, {M}.initial - {M}.final)", "amount", "0"),
        (f"abs({M}.initial - {M}.final)", "amount", "10"),
        ("2 + 3 × 4 − 6 ÷ 3", "number", "12"),
        ("sum(controlled.本年执行数)", "amount", "30.5"),
        ("count_if(controlled.本年执行数 > controlled.本年预算数)", "count", "1"),
        ("count_if(controlled.本年执行数 >= controlled.本年预算数)", "count", "2"),
        ("count_if(controlled.本年执行数 < 20)", "count", "1"),
        ("count_if(controlled.本年执行数 <> -20)", "count", "2"),
        ('count_if(controlled.支出名称 = "公务接待费")', "count", "1"),
        ('count_if(projects.目标偏离 = "是")', "count", "1"),
        ('count_if(projects.目标偏离 <> "是")', "count", "2"),
        ('sum(projects[项目类型="常年"].执行数) / sum(projects[项目类型="常年"].调整后预算数)', "rate", "0.9"),
        ('sum(projects[项目类型="阶段"].执行数)', "amount", "60"),  # 一次性 among them
        ('count_if(projects[项目类型="阶段"].目标偏离 = "是")', "count", "1"),
        ('sum(controlled[支出名称="无此项"].本年执行数)', "amount", "0"),
        ('mean(controlled[支出名称="无此项"].本年执行数)', "amount", None),
        ("mean(duty_data.完成率)", "rate", "0.85"),
        ("mean(duty_data.完成数)", "number", None),  # one is blank
        ("sum(progress.累计支出数)", "amount", None),
        ("sum(progress[截止月份=6].累计支出数)", "amount", "45"),
        ("staff / (posts - 10)", "rate", None),  # a divisor of 0
        ("money.paid.final / 2", "amount", None),  # not filed
        ("cost / 2", "amount", None),
        ("staff / posts + open", "rate", None),
        ("execution_rate * 2", "rate", "1.8"),
    ],
)
def test_a_formula_comes_to(formula: str, kind: str, wanted: str | None, tmp_path: Path) -> None:
    if "open" in formula:
        with pytest.raises(RegulationError):  # a count is no rate
            value(tmp_path, fact(formula, kind))
        return
    assert value(tmp_path, fact(formula, kind)) == (None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize(("zero", "wanted"), [("0", 0), ("1", 1), ('"not_supplied"', None)])
def test_a_divisor_of_nothing(zero: str, wanted: int | None, tmp_path: Path) -> None:
    formula = "1 + staff / money.closing_carryover.final * 0"
    assert value(tmp_path, fact(formula, "number", when_divisor_zero=zero)) == wanted
    blank = "staff / money.closing_carryover.final * money.paid.final"
    assert value(tmp_path, fact(blank, "number", when_divisor_zero=zero)) is None  # missing comes first


def test_a_table_without_rows_is_not_supplied(tmp_path: Path) -> None:
    for formula in ("sum(controlled.本年执行数)", 'sum(projects[项目类型="常年"].执行数)'):
        assert value(tmp_path, fact(formula, "amount"), {**FILED, "控制支出": [], "项目": []}) is None
    count = "count_if(controlled.本年执行数 > 0)"
    assert value(tmp_path, fact(count, "count"), {**FILED, "控制支出": []}) is None


def test_facts_of_facts_in_any_order(tmp_path: Path) -> None:
    made = regulation(tmp_path, fact("half * 2", key="whole"), fact("execution_rate / 2", key="half"))
    found = {f.rule.key: f.value for f in score(submission(FILED), made).facts}
    assert found == {"whole": Decimal("0.9"), "half": Decimal("0.45")}


FAULTS = {  # formula, kind → where, what is there
    "": ("formula：", "一段文字"),
    "staff posts": ("第 7 个字", "“posts”"),
    "(staff": ("第 7 个字", "已经没有了"),
    "staff +": ("第 8 个字", "已经没有了"),
    "staff $ posts": ("第 7 个字", "“$”"),
    "sum(controlled)": ("第 5 个字", "“controlled”"),
    "total(controlled.本年执行数)": ("第 1 个字", "“total”"),
    "min(1)": ("第 1 个字", "有 1 个数"),
    "abs(1, 2)": ("第 1 个字", "有 2 个数"),
    "nothing / posts": ("第 1 个字", "没有的数据名“nothing”"),
    "staff / 0": ("第 9 个字", "除以 0"),
    "cost + cases": ("第 6 个字", "金额、个数"),
    "min(cost, execution_rate)": ("第 1 个字", "金额、比率"),
    "day + 1": ("第 1 个字", "日期"),
    "words + 1": ("第 1 个字", "文字"),
    "sum(controlled.没有)": ("第 5 个字", "controlled.没有"),
    "sum(nowhere.本年执行数)": ("第 5 个字", "没有的表“nowhere”"),
    "sum(controlled.支出名称)": ("第 5 个字", "填的是文字"),
    'count_if(controlled.本年执行数 > "多")': ("第 10 个字", "与“多”相比"),
    'count_if(controlled.支出名称 > "多")': ("第 10 个字", "用“>”比较文字"),
    "count_if(controlled.本年执行数 > projects.执行数)": ("第 29 个字", "“projects”表的列"),
    "count_if(controlled.本年执行数)": ("第 26 个字", "“)”"),
    'sum(projects[项目="常年"].执行数)': ("第 14 个字", "projects.项目"),
    "__import__('os')": ("第 12 个字", "“'”"),
    "staff.__class__": ("第 1 个字", "staff.__class__"),
    "1" * 31: ("第 1 个字", "31 位"),
    "(" * 20 + "1" + ")" * 20: ("第 21 个字", "现在括号套得太深，应为不超过 20 层"),
    "found + 1": ("formula：", "绕成了一圈（found → found）"),
}


@pytest.mark.parametrize("formula", FAULTS)
def test_a_fault_says_where_in_the_text(formula: str, tmp_path: Path) -> None:
    where, what = FAULTS[formula]
    with pytest.raises(RegulationError) as error:
        regulation(tmp_path, fact(formula))
    (line,) = [line for line in str(error.value).splitlines() if "formula" in line]
    assert line.startswith("某县/regulation.toml：facts found 的 formula")
    assert where in line
    assert what in line


def test_a_circle_is_reported_once(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match="facts one 的 formula：现在绕成了一圈（one → two → one）") as error:
        regulation(tmp_path, fact("two + 1", key="one"), fact("one + 1", key="two"))
    assert str(error.value).count("绕成了一圈") == 1


@pytest.mark.parametrize(
    ("formula", "kind", "fits"),
    [
        ("cost", "amount", True),
        ("cost", "rate", False),
        ("cost / cost", "amount", False),
        ("cost / cost", "number", True),
        ("cases", "count", True),
        ("cases", "amount", False),
        ("cost / cases", "number", True),
        ("cost * execution_rate", "amount", True),
    ],
)
def test_a_fact_is_stated_as_what_it_comes_to(formula: str, kind: str, fits: bool, tmp_path: Path) -> None:
    if fits:
        assert regulation(tmp_path, fact(formula, kind)).facts
        return
    with pytest.raises(RegulationError, match="facts found 的 kind"):
        regulation(tmp_path, fact(formula, kind))


HOSTILE = {
    "brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "brackets closed": "(" * 900 + "1" + ")" * 900,
    "minus signs": "-" * 1_900 + "1",
    "digits": "9" * 1_900,
    "a long sum": "+".join(["staff"] * 300),
    "functions": "min(1," * 300 + "1" + ")" * 300,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FormulaFault):
        parse(text)
    assert time.perf_counter() - began < 1


def test_facts_that_double_one_another_are_refused_at_once(tmp_path: Path) -> None:
    facts = [fact("execution_rate", key="f0"), *(fact(f"f{n} + f{n}", key=f"f{n + 1}") for n in range(60))]
    began = time.perf_counter()
    with pytest.raises(RegulationError, match="展开后有"):
        regulation(tmp_path, *facts)
    assert time.perf_counter() - began < 2


LONG_LISTS = {
    "facts": "facts = [{}]\n".format(", ".join(fact("execution_rate", key=f"f{n}") for n in range(20_000))),
    "circles": "facts = [{}]\n".format(", ".join(fact(f"f{(n + 1) % 290}", key=f"f{n}") for n in range(290))),
    "names there are none of": "facts = [{}]\n".format(
        ", ".join(fact("+".join(f"u{n}x{i}" for i in range(99)), key=f"f{n}") for n in range(290))
    ),
    "caps": "caps = [{}]\n".format(
        ", ".join(f'{{ on = "Z{n}", at_most = 1, when = {{ input = "q{n}", below = 1 }} }}' for n in range(290))
    ),
    "sections": "outline = {{ sections = [{}] }}\n".format(
        ", ".join('{ title = "节", items = ["A1"] }' for _ in range(20_000))
    ),
    "items": "items = [{}]\n".format(
        ", ".join(f'{{ id = "L{n}", name = "n", parent = "L{n - 1}", max_points = 100 }}' for n in range(1, 5_000))
    ),
    "a million digits": 'caps = [{ on = "total", at_most = ' + "9" * 1_000_000 + " }]\n",
    "a huge exponent": 'caps = [{ on = "total", at_most = 1e999999999 }]\n',
}


@pytest.mark.parametrize("text", LONG_LISTS.values(), ids=list(LONG_LISTS))
def test_a_hostile_regulation_is_refused_in_a_second(text: str, tmp_path: Path) -> None:
    """Of processor time, which a busy machine does not stretch much: what is not bounded takes twenty."""
    head = 'id = "某县"\nextends = "sichuan-dept-65-35"\ntitle = "某县"\n'
    (tmp_path / "regulation.toml").write_text(head + text, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(RegulationError):
        load_folder(tmp_path)
    assert time.process_time() - began < 1.5


def test_a_chain_of_facts_is_refused_before_it_is_too_deep(tmp_path: Path) -> None:
    facts = [fact("execution_rate", key="f0"), *(fact(f"f{n}", key=f"f{n + 1}") for n in range(250))]
    with pytest.raises(RegulationError, match="层"):
        regulation(tmp_path, *facts)
