"""Two made-up schemes for departments and one for projects, each with a filled workbook whose figures were worked out
on paper: 试县 in per cent of the parent with caps on an item and the total, 试州 to one decimal with items left out and
rescaled, 试市 for projects."""

from typing import Any

from example_county import CASES

BASE: dict[str, Any] = CASES["算例1"]["sheets"]
HEAD = """
extends = "common"
title = "{id}"
kind = "部门整体"
clause = "待核"
confidence = "待核"
project_regulation = "cn-project-10-90"
grades = [
    {{ name = "优", lower = 90, upper = 100 }}, {{ name = "良", lower = 80, upper = 90 }},
    {{ name = "中", lower = 60, upper = 80 }}, {{ name = "差", lower = 0, upper = 60 }},
]
"""
CLAUSE = 'clause = "待核", confidence = "待核"'
IN_PER_CENT = (
    'id = "试县-部门-2025"\npoints = "share"\n'
    + HEAD.format(id="试县部门整体")
    + """
inputs = [
    { key = "findings", label = "审计发现问题数", kind = "count", required = true },
    { key = "invoices", label = "应付款", kind = "amount" },
    { key = "overdue", label = "逾期未付款", kind = "amount" },
    { key = "published", label = "绩效是否公开", kind = "yes_no" },
    { key = "trainings", label = "培训场次", kind = "count" },
    { key = "survey", label = "群众满意度", kind = "rate" },
]
facts = [
    { key = "june", label = "6月末支出进度", kind = "rate", \
        formula = "sum(progress[截止月份=6].累计支出数) / money.expenditure_total.adjusted" },
    { key = "overdue_rate", label = "逾期率", formula = "overdue / invoices", kind = "rate", when_divisor_zero = 0 },
    { key = "flaws", label = "问题数", formula = 'findings + count_if(projects.目标偏离 = "是")', kind = "count" },
    { key = "duty", label = "履职率", formula = 'mean(duty_data[职能名称="综合管理"].完成率) / 1.2', kind = "rate" },
]
caps = [
    { on = "M", at_most = 26, when = { input = "published", up_to = 0 } },
    { on = "total", at_most = 69.5, when = { input = "june", below = 0.4 } },
    { on = "total", at_most = 60, when = { input = "june", below = 0.3 } },
]
items = [
    { id = "M", name = "管理", share = 40, points = "share" },
    { id = "M1", name = "支付", parent = "M", share = 33.33, @, method = "one_of", alternatives = [
        { method = "step_deduct", inputs = { value = "june" }, \
            parameters = { limit = 0.4, side = "under", per = 0.01, points = 1, counting = "begun" } },
        { method = "full_value", inputs = { value = "overdue_rate" }, \
            parameters = { satisfactory = 0.02, unacceptable = 0.10 } },
    ] },
    { id = "M2", name = "制度", parent = "M", share = 33.33, @, method = "criteria", parameters = { mode = "deduct", \
        criteria = [{ text = "有办法", points = 5 }, { text = "有台账", points = 5 }, { text = "有检查", points = 5 }, \
        { text = "有整改", points = 5 }] } },
    { id = "M3", name = "问题", parent = "M", share = 33.34, @, method = "step_deduct", inputs = { value = "flaws" }, \
        parameters = { limit = 1, side = "over", per = 1, points = 2.5, counting = "whole" } },
    { id = "D", name = "履职", share = 35.5, points = "share" },
    { id = "D1", name = "任务", parent = "D", share = 60, @, method = "ratio", inputs = { numerator = "duty" } },
    { id = "D2", name = "培训", parent = "D", share = 40, @, method = "accumulate", inputs = { count = "trainings" }, \
        parameters = { points_per_case = 4.5 } },
    { id = "S", name = "社会评价", share = 24.5, @, method = "graded", inputs = { value = "survey" }, \
        parameters = { steps = [{ from = 0.95, points = 24.5 }, { from = 0.9, points = 20 }, \
        { from = 0.8, points = 12.25 }, { points = 0 }] } },
]
""".replace("@", CLAUSE)
)
RESCALED = (
    'id = "试州-部门-2025"\nrounding = "half_up_1"\n'
    + HEAD.format(id="试州部门整体")
    + """
inputs = [
    { key = "open", label = "是否公开", kind = "yes_no" },
    { key = "filed", label = "是否按时报送", kind = "yes_no" },
    { key = "gifts", label = "表彰次数", kind = "count" },
]
facts = [
    { key = "gap", label = "执行偏差", formula = "abs(execution_rate - 1)", kind = "rate" },
    { key = "kept", label = "没有超预算的项数", formula = "count_if(controlled.本年执行数 <= controlled.本年预算数)", \
        kind = "count" },
    { key = "weight", label = "常年项目占比偏差", kind = "rate", \
        formula = 'abs(sum(projects[项目类型="常年"].执行数) / sum(projects.执行数) - 0.75)' },
]
caps = [{ on = "total", at_most = 76, when = { input = "execution_rate", above = 0.95, up_to = 0.97 } }]
items = [
    { id = "A", name = "过程", max_points = 60 },
    { id = "A1", name = "制度", parent = "A", max_points = 20, @, method = "criteria", parameters = { mode = "add", \
        na = "rescale", criteria = [{ text = "有办法", points = 6 }, { text = "有台账", points = 6 }, \
        { text = "有检查", points = 8 }] } },
    { id = "A2", name = "支付", parent = "A", max_points = 25, @, method = "one_of", alternatives = [
        { method = "ratio", inputs = { numerator = "money.paid.final", denominator = "money.plan_issued.final" }, \
            parameters = { zero_below = 0.9 } },
        { method = "yes_no", inputs = { value = "open" }, parameters = { at_least = 1 } },
        { method = "step_deduct", inputs = { value = "gap" }, parameters = { limit = 0, side = "both", per = 0.02, \
            points = 3, counting = "proportional", relief = 0.2 } },
    ] },
    { id = "A3", name = "报送", parent = "A", max_points = 15, @, method = "yes_no", inputs = { value = "filed" }, \
        parameters = { at_least = 1 }, not_applicable = "exclude_and_rescale" },
    { id = "B", name = "效果", max_points = 40 },
    { id = "B1", name = "控制", parent = "B", max_points = 15, @, method = "full_value", inputs = { value = "kept" }, \
        parameters = { satisfactory = 3, unacceptable = 0 } },
    { id = "B2", name = "结构", parent = "B", max_points = 10, @, method = "deduct_missing", \
        inputs = { cut = "initial_budget_cut_rate", weight = "weight" }, parameters = { conditions = [ \
        { input = "cut", above = 0.15, points = 4 }, { input = "weight", at_most = 0.05, points = 6 }] } },
    { id = "B3", name = "表彰", parent = "B", max_points = 15, @, method = "accumulate", inputs = { count = "gifts" }, \
        parameters = { points_per_case = 5 } },
]
""".replace("@", CLAUSE)
)
OF_PROJECTS = """
id = "试市-项目-2025"
extends = "cn-project-10-90"
title = "试市项目支出"
clause = "待核"
confidence = "待核"
points = "share"
inputs = [
    { key = "plan", label = "计划里程", kind = "number", unit = "公里", required = true },
    { key = "done", label = "完成里程", kind = "number", unit = "公里", required = true },
    { key = "day", label = "验收日期", kind = "date" },
]
facts = [{ key = "rate", label = "里程完成率", formula = "done / plan", kind = "rate" }]
caps = [{ on = "total", at_most = 88.8, when = { input = "rate", below = 1 } }]
items = [
    { id = "P", name = "管理", share = 20, points = "share" },
    { id = "P1", name = "里程", parent = "P", share = 75, @, method = "one_of", alternatives = [
        { method = "step_deduct", inputs = { value = "rate" }, parameters = { limit = 1, side = "under", per = 0.03, \
            points = 4, counting = "begun", relief = 0.7 } },
        { method = "graded", inputs = { value = "execution_rate" }, parameters = { steps = [ \
            { from = 0.95, points = 12 }, { points = 3 }] } },
    ] },
    { id = "P2", name = "程序", parent = "P", share = 25, @, method = "criteria", parameters = { mode = "deduct", \
        criteria = [{ text = "有批复", points = 3 }, { text = "有公示", points = 3 }] } },
    { id = "I", name = "绩效指标", share = 80 },
]

[indicators]
weight_sum = 80
splits = []
""".replace("@", CLAUSE)


REASONS = (
    "6 月份到账晚，付款集中在年底", "办公室有一次检查没有记录", "专项治理调整了目标", "两件事项结转到下年",
    "有一场培训改到下年", "问卷回收不足，群众对窗口等候时间不满意",
)  # fmt: skip


def department(**sheets: Any) -> dict[str, Any]:
    """The worked county's workbook with other sheets in the place of its own."""
    kept = {name: rows for name, rows in BASE.items() if name not in ("补充数据", "评分要点", "评分")}
    kept["基本情况"] = {k: v for k, v in kept["基本情况"].items() if k != "指标体系"}
    return {**kept, **sheets}


def declared(**points: Any) -> dict[str, Any]:
    reasons = dict(zip(points, REASONS, strict=False))
    return {
        item: {"自评得分": value, "得分依据": f"示例构造：{item} 台账", "扣分原因": reasons[item]}
        for item, value in points.items()
    }


def answered(**answers: Any) -> list[dict[str, Any]]:
    """评分要点: item → text → answer, or answer and points."""
    return [
        {"指标编号": item, "要点": text, "依据": "示例构造", "是否符合": one if isinstance(one, str) else one[0]}
        | ({} if isinstance(one, str) else {"得分": one[1]})
        for item, texts in answers.items()
        for text, one in texts.items()
    ]


PROJECTS = [{**BASE["项目"][0], "目标偏离": "是"}, BASE["项目"][1]]
SCHEMES: dict[str, tuple[str, dict[str, Any], dict[str, str | None], str, str | None]] = {
    # text, sheets, scores by item, total, before the cap
    "试县-部门-2025": (
        IN_PER_CENT,
        department(
            项目=PROJECTS,
            支出进度=[{"截止月份": 6, "累计支出数": 410.4}, {"截止月份": 10, "累计支出数": 900}],
            补充数据={"审计发现问题数": 2, "应付款": 300, "逾期未付款": 15, "绩效是否公开": "否", "培训场次": 3, "群众满意度": 0.8999},
            评分要点=answered(M2={"有办法": "是", "有台账": "不涉及", "有检查": "否", "有整改": ("部分", 3.5)}),
            评分=declared(M1=13.33, M2=13.33, M3=13.34, D1=21.3, D2=14.2, S=24.5),
        ),
        # June 38 %: two steps below 40 %, 13.33 − 2; overdue 5 %: 13.33 × 5 ÷ 8 = 8.33
        # 13.33 − 5 − 1.5; three flaws, two above 1: 13.34 − 5; 11.33 + 6.83 + 8.34 = 26.50, capped
        # 21.30 × 1.06 ÷ 1.2 = 18.815; 3 × 4.5
        {"M1": "11.33", "M2": "6.83", "M3": "8.34", "M": "26", "D1": "18.82", "D2": "13.5", "D": "32.32", "S": "12.25"},
        "69.50",
        "70.57",
    ),
    "试州-部门-2025": (
        RESCALED,
        department(
            补充数据={"是否公开": None, "是否按时报送": "不涉及", "表彰次数": None},
            评分要点=answered(A1={"有办法": "是", "有台账": "不涉及", "有检查": ("部分", 5)}),
            评分=declared(A1=20, A2=25, B1=15, B2=10, B3=14),
        ),
        # 20 × 11 ÷ 14; 25 × 1047.6 ÷ 1080 = 24.25 against 25 − 3 × 1.5; 不涉及
        # one of three kept: 15 ÷ 3; 10 % is not above 15 %; no number: the department's own 14
        {"A1": "15.7", "A2": "24.3", "A3": None, "A": "40.0", "B1": "5", "B2": "6", "B3": "14", "B": "25"},
        "76",
        "76.47",  # 65 ÷ 85 × 100
    ),
}  # fmt: skip
