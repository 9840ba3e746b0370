"""Small made-up regulations that between them use every method, rounding mode, not-applicable policy and deviation
setting; loaded as a bureau's own."""

import tempfile
from collections.abc import Mapping
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from perfeval.model.regulation import NotApplicable, Regulation, Rounding
from perfeval.rules.load import load_regulations

COUNT = 12
HEAD = """
id = "示例构造-{name}-{number}"
title = "示例构造的{name}指标体系{number}"
kind = "{name}"
clause = "示例构造"
confidence = "待核"
rounding = "{rounding}"
grades = [ {{ name = "优", lower = 90, upper = 100 }}, {{ name = "差", lower = 0, upper = 90 }} ]
"""
ITEM = """
[[items]]
id = "{id}"
name = "示例构造{id}"
parent = "{parent}"
max_points = {points}
{method}
not_applicable = "{policy}"
clause = "示例构造"
confidence = "待核"
"""
LEAVES = {  # id → points and method; the two parents are M 60 and P 40
    "M1": (7, 'method = "yes_no"\ninputs = { value = "execution_rate" }\nparameters = { at_least = 0.95 }'),
    "M2": (
        9,
        (
            'method = "graded"\ninputs = { value = "adjustment_rate" }\nparameters = { absolute = true, steps = [ {'
            " up_to = 0, points = 9 }, { up_to = 0.10, points = 5.5 }, { points = 0.5 } ] }"
        ),
    ),
    "M3": (
        11,
        (
            'method = "ratio"\ninputs = { numerator = "management.procurement_actual", denominator ='
            ' "management.procurement_budget" }'
        ),
    ),
    "M4": (
        8,
        (
            'method = "ratio"\ninputs = { numerator = "duty_completion_rate" }\n'
            "parameters = { floor = 0.2, cap = 0.98, zero_below = 0.7, zero_above = 1.3 }"
        ),
    ),
    "M5": (
        10,
        (
            'method = "deduct_missing"\ninputs = { cut = "initial_budget_cut_rate", over ='
            ' "controlled_items_over_budget" }\nparameters = { conditions = [ { input = "cut", above = 0.02, points = 4'
            ' }, { input = "over", at_most = 0, points = 7 } ] }'
        ),
    ),
    "M6": (
        10,
        (
            'method = "full_value"\ninputs = { value = "carryover_rate" }\nparameters = { satisfactory = 0,'
            " unacceptable = 0.15 }"
        ),
    ),
    "M7": (5, 'method = "declared"'),
    "P1": (13, 'method = "share"\ninputs = { bad = "carryover_above_limit" }\nparameters = { scope = "all" }'),
    "P2": (
        7,
        'method = "share"\ninputs = { bad = "goal_deviated" }\nparameters = { scope = "阶段", when_none = "full" }',
    ),
    "P3": (8, 'method = "accumulate"\ninputs = { count = "project_count" }\nparameters = { points_per_case = 1.35 }'),
    "P4": (12, 'method = "ratio"\ninputs = { numerator = "indicators_score", denominator = "indicators_weight" }'),
}
THRESHOLDS = '\n[thresholds]\ncarryover_rate_limit = { value = 0.05, clause = "示例构造", confidence = "待核" }\n'
PROJECT_ITEMS = """
[[items]]
id = "E"
name = "预算执行率"
max_points = 10
method = "ratio"
inputs = { numerator = "project.executed", denominator = "project.adjusted_budget" }
clause = "示例构造"
confidence = "待核"

[[items]]
id = "I"
name = "绩效指标"
max_points = 90
"""
INDICATORS = """
[indicators]
weight_sum = 90
at_least = "ratio"
at_most = "{at_most}"
equal = "{equal}"
late = "{late}"
late_days = 45
blank_weight = "error"
rounding = "{rounding}"
scale = {{ "优" = 1.0, "良" = 0.85, "中" = 0.5, "差" = 0 }}
bands."达成" = {{ lower = 0.8, upper = 1 }}
bands."部分达成" = {{ lower = 0.6, upper = 0.8 }}
bands."未达成" = {{ lower = 0, upper = 0.6 }}
over_fulfilment = [ {gates} ]
"""
AT_MOST, EQUAL, LATE = ("ratio", "linear"), ("as_up", "symmetric", "exact"), ("zero", "proportional")
GATES = (
    '{ action = "explain", above = 1.30 }',
    '{ action = "zero", above = 1.30 }',
    '{ action = "scale", above = 1.10 }, { action = "zero", below = 0.70 }',
    '{ action = "deduct", above = 1.20, points = 0.3 }',
)


@cache
def made_up_regulations() -> Mapping[str, Regulation]:
    """部门整体 regulations by id, each with a project regulation of its own settings."""
    settings = zip(
        cycle(Rounding), cycle(NotApplicable), cycle(AT_MOST), cycle(EQUAL), cycle(LATE), cycle(GATES), strict=False
    )
    with tempfile.TemporaryDirectory() as folder:
        for number, (rounding, policy, at_most, equal, late, gates) in enumerate(islice(settings, COUNT), 1):
            project = HEAD.format(name="项目支出", number=number, rounding=rounding) + PROJECT_ITEMS
            project += INDICATORS.format(at_most=at_most, equal=equal, late=late, gates=gates, rounding=rounding)
            _write(Path(folder) / f"项目{number}", project)
            _write(Path(folder) / f"部门{number}", _department(number, rounding, policy))
        return {i: r for i, r in load_regulations(Path(folder)).items() if i.startswith("示例构造-部门整体")}


def _department(number: int, rounding: Rounding, policy: NotApplicable) -> str:
    head = HEAD.format(name="部门整体", number=number, rounding=rounding)
    parents = "".join(
        f'\n[[items]]\nid = "{i}"\nname = "示例构造{i}"\nmax_points = {p}\n' for i, p in (("M", 60), ("P", 40))
    )
    leaves = "".join(
        ITEM.format(id=i, parent=i[0], points=points, method=method, policy=policy)
        for i, (points, method) in LEAVES.items()
    )
    return f'{head}project_regulation = "示例构造-项目支出-{number}"\n{THRESHOLDS}{parents}{leaves}'


def _write(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "regulation.toml").write_text(text, encoding="utf-8")
