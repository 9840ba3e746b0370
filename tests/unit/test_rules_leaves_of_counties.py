"""Leaf rules read in public scoring tables, each with figures worked out by hand: at, just below and just above every
limit, with a divisor of 0, a blank and 不涉及. The readings 不满不扣 and 按比例 of one text are both stated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from own_data import one_leaf, with_own_data

from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import Basis
from perfeval.rules.engine import score

OUT = "不涉及"
DEPT, PROJ = "部门整体", "项目支出"
STAFF = {"行政编制人数": "100", "机关工勤编制人数": "0", "事业编制人数": "0"}


@dataclass(frozen=True)
class Rule:
    """`figures`: what is filed → the points; None where it is not scored."""

    points: str
    leaf: str
    own: str
    figures: list[tuple[Mapping[str, Any], str | None]]
    kind: str = DEPT
    sheets: Any = field(default_factory=lambda: lambda data: {})  # what is filed → the form's own sheets


def asked(*keys: str, kind: str = "amount") -> str:
    rows = (f'{{ key = "{key}", label = "{key}", kind = "{kind}", unit = "平方米" }}' for key in keys)
    return f"inputs = [{', '.join(rows)}]\n"


def fact(key: str, formula: str, **more: str) -> str:
    extra = "".join(f", {name} = {value}" for name, value in more.items())
    return f'facts = [{{ key = "{key}", label = "{key}", formula = "{formula}", kind = "rate"{extra} }}]\n'


def steps(value: str, limit: str, per: str, points: str, counting: str, side: str = "over", more: str = "") -> str:
    return (
        f'method = "step_deduct"\ninputs = {{ value = "{value}" }}\n'
        f'parameters = {{ limit = {limit}, side = "{side}", per = {per}, points = {points}, '
        f'counting = "{counting}"{more} }}'
    )


def criteria(mode: str, *points: str, na: str = "full") -> str:
    listed = ", ".join(f'{{ text = "要点{n}", points = {p} }}' for n, p in enumerate(points, 1))
    policy = f', na = "{na}"' if mode == "add" else ""
    return f'method = "criteria"\nparameters = {{ mode = "{mode}"{policy}, criteria = [{listed}] }}'


def answers(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(text, *(value if isinstance(value, tuple) else (value, ""))) for text, value in data.items()]


def judged(*values: Any) -> dict[str, Any]:
    return {f"要点{n}": value for n, value in enumerate(values, 1)}


def change(points: str, each: str) -> Rule:
    """三公经费变动率 and its kin: not above last year's is full, so many points for a percentage point above."""
    at = [("30", points), ("29", points), ("30.3", str(Decimal(points) - Decimal(each))), ("60", "0")]
    at.append(("30.15", f"{Decimal(points) - Decimal(each) / 2:.2f}"))  # half a point above, counted in proportion
    return Rule(
        points,
        steps("change", "0", "0.01", each, "proportional"),
        asked("before") + fact("change", "(sum(controlled.本年执行数) - before) / before", when_divisor_zero="0"),
        [
            *(({"before": "30", "now": now}, wanted) for now, wanted in at),
            ({"before": "0", "now": "5"}, points),
            ({"before": "", "now": "30"}, None),
            ({"before": "30", "now": ""}, None),
        ],
        sheets=lambda data: {"控制支出": [{"支出名称": "公务接待费", "本年执行数": data["now"]}]},
    )


def supplement(points: str, given: tuple[str, ...]) -> Rule:
    """预算控制率: 追加数 ÷ 年初预算, by steps."""
    bounds = ("0", "0.10", "0.20", "0.30")
    table = ", ".join(f"{{ up_to = {b}, points = {p} }}" for b, p in zip(bounds, given, strict=False))
    at = ["0", "0.01", "10", "10.01", "20", "20.01", "30", "30.01"]
    earned = [given[0], given[1], given[1], given[2], given[2], given[3], given[3], "0"]
    return Rule(
        points,
        f'method = "graded"\ninputs = {{ value = "added" }}\nparameters = {{ steps = [{table}, {{ points = 0 }}] }}',
        asked("more") + fact("added", "more / money.expenditure_total.initial"),
        [({"more": more, "base": "100"}, wanted) for more, wanted in zip(at, earned, strict=True)]
        + [({"more": "1", "base": "0"}, None), ({"more": "", "base": "100"}, None)],
        sheets=lambda data: {"收支": {"支出合计": {"年初预算数": data["base"]}}},
    )


def staff(counting: str, between: str) -> Rule:
    return Rule(
        "5",
        steps("rate", "1", "0.01", "0.5", counting),
        fact("rate", "staff / posts"),
        [({"staff": s}, w) for s, w in (("100", "5"), ("99", "5"), ("101", "4.5"), ("110", "0"), ("109", "0.5"),
                                         ("", None))]
        + [({"staff": "1009", "posts": "1000"}, between), ({"staff": "5", "posts": "0"}, None)],
        sheets=lambda d: {"基本情况": {**STAFF, "年末实有人数": d["staff"], "行政编制人数": d.get("posts", "100")}},
    )  # fmt: skip


def visits(counting: str, between: str) -> Rule:
    return Rule(
        "6",
        steps("rate", "1", "0.01", "1", counting),
        fact("rate", "sum(controlled.本年执行数) / sum(controlled.本年预算数)"),
        [({"now": n}, w) for n, w in (("100", "6"), ("99.99", "6"), ("101", "5"), ("100.5", between), ("106", "0"),
                                       ("200", "0"))]
        + [({"now": "", "plan": "100"}, None), ({"now": "0", "plan": "0"}, None)],
        sheets=lambda d: {"控制支出": [{"支出名称": "甲", "本年预算数": d.get("plan", "100"), "本年执行数": d["now"]}]},
    )  # fmt: skip


def added(*points: str) -> Rule:
    """A list of criteria that add up: all, the first alone, in part, 不涉及, a blank."""
    whole = str(sum(map(Decimal, points)))
    half = Decimal(points[0]) / 2
    rest = ["否"] * (len(points) - 1)
    return Rule(
        whole,
        criteria("add", *points),
        "",
        [
            (judged(*["是"] * len(points)), whole),
            (judged("是", *rest), points[0]),
            (judged("否", *rest), "0"),
            (judged(("部分", str(half)), *rest), str(half)),
            (judged(OUT, *rest), points[0]),
            (judged(*[OUT] * len(points)), whole),
            (judged("", *rest), None),
            (judged(("部分", points[0]), *rest), None),
            (judged(("部分", ""), *rest), None),
        ],
        kind=PROJ,
    )


RULES = {
    "财政供养人员控制率，不满不扣": staff("whole", "5"),
    "财政供养人员控制率，按比例": staff("proportional", "4.55"),
    "重点支出安排率": Rule(
        "5",
        'method = "graded"\ninputs = { value = "share" }\nparameters = { steps = [{ from = 0.90, points = 5 }, '
        "{ from = 0.80, points = 4 }, { from = 0.70, points = 3 }, { from = 0.60, points = 2 }, { points = 0 }] }",
        asked("key") + fact("share", "key / money.project_expenditure.initial"),
        [
            ({"key": key, "base": "100"}, wanted)
            for key, wanted in (
                ("90", "5"), ("89.99", "4"), ("80", "4"), ("79.99", "3"), ("70", "3"), ("69.99", "2"), ("60", "2"),
                ("59.99", "0"),
                ("100", "5"), ("", None),
            )
        ]
        + [({"key": "5", "base": "0"}, None)],
        sheets=lambda data: {"收支": {"项目支出": {"年初预算数": data["base"]}}},
    ),
    "支付进度": Rule(
        "3",
        steps("late", "0", "1", "0.5", "whole"),
        asked("late", kind="count"),
        [({"late": n}, w) for n, w in (("0", "3"), ("1", "2.5"), ("6", "0"), ("7", "0"), ("5", "0.5"), ("", None))],
    ),
    "三公经费控制率，不满不扣": visits("whole", "6"),
    "三公经费控制率，不满按一个点": visits("begun", "5"),
    "资金使用合规性": Rule(
        "3",
        criteria("deduct", *["1"] * 5),
        "",
        [
            (judged("是", "是", "是", "是", "是"), "3"),
            (judged("否", "是", "是", "是", "是"), "2"),
            (judged("否", "否", "否", "是", "是"), "0"),
            (judged("否", "否", "否", "否", "否"), "0"),
            (judged(("部分", "0.25"), "是", "是", "是", "是"), "2.25"),
            (judged(OUT, OUT, OUT, OUT, OUT), "3"),
            (judged(OUT, "否", "是", "是", "是"), "2"),
            (judged("是", "是", "是", "是", ""), None),
        ],
    ),
    "湖南省级 三公经费变动率": change("8", "0.8"),
    "湖南县级 2017 三公经费变动率": change("5", "0.5"),
    "湖南 4/7/7/7 三公经费变动率": change("5", "0.8"),
    "湖南 2018 三公经费变动率": change("8", "0.8"),
    "湖南 2016 三公经费变动率": change("3", "0.3"),
    "湖南 2016 公务招待费变动率": change("2", "0.2"),
    "湖南县级 2017 预算控制率": supplement("5", ("5", "4", "3", "2")),
    "湖南 4/7/7/7 预算控制率": supplement("5", ("5", "4", "3", "2")),
    "湖南 2018 预算控制率": supplement("8", ("8", "6", "4", "2")),
    "新建楼堂馆所面积控制率": Rule(
        "5",
        steps("rate", "1", "0.05", "2", "whole"),
        asked("built", "approved", kind="number") + fact("rate", "built / approved"),
        [
            ({"built": built, "approved": "1000"}, wanted)
            for built, wanted in (
                ("1000", "5"), ("900", "5"), ("1049.9", "5"), ("1050", "3"), ("1099", "3"), ("1100", "1"),
                ("1150", "0"), ("2000", "0"),
                ("", None),
            )
        ]
        + [({"built": "0", "approved": "0"}, None), ({"built": OUT, "approved": "1000"}, None)],
    ),
    "新建楼堂馆所面积控制率，115% 起不得分": Rule(
        "5",
        steps("rate", "1", "0.05", "1", "whole", more=", relief = 1.15"),
        asked("built", "approved", kind="number") + fact("rate", "built / approved"),
        [({"built": b, "approved": "1000"}, w)
         for b, w in (("1149.9", "3"), ("1150", "0"), ("1151", "0"), ("1000", "5"))],
    ),
    "绩效指标明确性": added("1", "0.5", "0.5", "1"),
    "项目完成工作量": Rule(
        "15",
        steps("rate", "1", "0.03", "1", "whole", side="both"),
        asked("done", "plan", kind="number") + fact("rate", "done / plan"),
        [
            ({"done": done, "plan": "100"}, wanted)
            for done, wanted in (
                ("100", "15"), ("102.9", "15"), ("103", "14"), ("97.1", "15"), ("97", "14"), ("94", "13"), ("145", "0"),
                ("55", "0"),
                ("0", "0"), ("", None),
            )
        ]
        + [({"done": "1", "plan": "0"}, None)],
        kind=PROJ,
    ),
    "一般公共预算支出实际完成率": Rule(
        "20",
        'method = "ratio"\ninputs = { numerator = "money.expenditure_total.final", denominator = '
        '"money.expenditure_total.initial" }\nparameters = { cap = 1 }',
        "",
        [
            ({"final": final, "base": "100"}, wanted)
            for final, wanted in (("100", "20"), ("99.9", "19.98"), ("101", "20"), ("0", "0"), ("", None))
        ]
        + [({"final": "1", "base": "0"}, None)],
        sheets=lambda d: {"收支": {"支出合计": {"年初预算数": d["base"], "决算数": d["final"]}}},
    ),
    "应付账款": Rule(
        "10",
        'method = "one_of"\nalternatives = [{ method = "full_value", inputs = { value = "share" }, parameters = '
        '{ satisfactory = 0.09, unacceptable = 0.18 } }, { method = "full_value", inputs = { value = "change" }, '
        "parameters = { satisfactory = -0.30, unacceptable = 0 } }]",
        asked("payable", "before")
        + 'facts = [{ key = "share", label = "占比", formula = "payable / money.expenditure_total.final", '
        'kind = "rate" }, '
        '{ key = "change", label = "变动率", formula = "(payable - before) / before", kind = "rate" }]\n',
        [
            ({"payable": p, "before": b, "final": "1000"}, w)
            for p, b, w in (
                ("90", "90", "10"), ("91", "91", "9.89"), ("180", "180", "0"), ("700", "1000", "10"),
                ("701", "1000", "9.97"),
                ("999", "1000", "0.03"), ("90", "0", "10"), ("180", "0", "0"), ("90", "", "10"), ("", "90", None),
            )
        ]
        + [({"payable": "70", "before": "100", "final": ""}, "10"),
           ({"payable": "70", "before": "", "final": ""}, None)],
        sheets=lambda d: {"收支": {"支出合计": {"决算数": d["final"]}}},
    ),
    "决策依据": added("1", "1", "1", "1"),
    "分配办法": added("1", "1", "1"),
    "目标内容": added("1", "1", "2"),
    "决策程序": added("2", "3"),
    "分配结果": added("2", "4"),
}  # fmt: skip
FIGURES = [(name, n) for name, rule in RULES.items() for n in range(len(rule.figures))]


@cache
def regulation_of(name: str) -> Regulation:
    rule = RULES[name]
    with TemporaryDirectory() as folder:
        return one_leaf(Path(folder), rule.kind, rule.points, rule.leaf, rule.own)


@pytest.mark.parametrize(("name", "number"), FIGURES, ids=[f"{name} {n}" for name, n in FIGURES])
def test_figures(name: str, number: int) -> None:
    rule, regulation = RULES[name], regulation_of(name)
    data, wanted = rule.figures[number]
    keys = {asked.key for asked in regulation.inputs}
    project = {"项目": [{"项目名称": "甲", "项目类型": "阶段"}]} if rule.kind == PROJ else {}
    filed = with_own_data(
        {**rule.sheets(data), **project},
        rule.kind,
        {key: value for key, value in data.items() if key in keys},
        answers(data) if "criteria" in rule.leaf else (),
    )
    found = next(item for item in score(filed, regulation).items if item.item.id == "L")
    assert found.score == (None if wanted is None else Decimal(wanted)), found.explanation
    assert found.basis is (Basis.NOT_SCORED if wanted is None else Basis.COMPUTED)


@pytest.mark.parametrize(("policy", "points"), [("full", "5"), ("zero", "0"), ("exclude_and_rescale", None)])
def test_not_concerned_takes_the_item_out(policy: str, points: str | None, tmp_path: Path) -> None:
    leaf = 'method = "yes_no"\ninputs = { value = "open" }\nparameters = { at_least = 1 }\n'
    leaf += f'not_applicable = "{policy}"'
    regulation = one_leaf(tmp_path, DEPT, "5", leaf, asked("open", kind="yes_no"))
    for answer, wanted, basis in ((OUT, points, "not_applicable"), ("是", "5", "computed"), ("否", "0", "computed")):
        (found, _) = score(with_own_data({}, DEPT, {"open": answer}), regulation).items
        assert (found.score, found.basis) == (None if wanted is None else Decimal(wanted), basis)


def test_all_criteria_not_concerned_and_rescaled_take_the_item_out(tmp_path: Path) -> None:
    regulation = one_leaf(tmp_path, DEPT, "3", criteria("add", "1", "2", na="rescale"))
    for given, wanted, basis in (
        ((OUT, OUT), "3", "not_applicable"),
        ((OUT, "是"), "3", "computed"),
        (("是", OUT), "3", "computed"),
        ((OUT, ("部分", "0.5")), "0.75", "computed"),
    ):
        filed = with_own_data({}, DEPT, {}, answers(judged(*given)))
        found = score(filed, regulation).items[0]
        assert (found.score, found.basis) == (Decimal(wanted), basis)
