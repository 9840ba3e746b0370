"""A made-up scheme for projects with rules of its own: inputs, facts, criteria, parents and caps of a project."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rule_workbooks import filled, saved

from perfeval.documents.evaluation import Evaluation, Settings
from perfeval.rules.load import load_regulations
from perfeval.run.pipeline import evaluate

TOML = """
id = "某县-项目-2025"
extends = "cn-project-10-90"
title = "某县项目支出绩效自评"
clause = "待核"
confidence = "待核"

inputs = [
    { key = "planned_work", label = "计划工作量", kind = "number", unit = "公里", required = true, help = "批复文件" },
    { key = "real_work", label = "实际工作量", kind = "number", unit = "公里", required = true, help = "验收报告" },
    { key = "accepted", label = "是否通过验收", kind = "yes_no", help = "没有到验收时间的选“不涉及”" },
]
facts = [
    { key = "work_rate", label = "工作量完成率", formula = "real_work / planned_work", kind = "rate" },
    { key = "spent_rate", label = "执行率", formula = "project.executed / project.adjusted_budget", kind = "rate" },
]

[[caps]]
on = "total"
at_most = 79
when = { input = "execution_rate", below = 0.8 }

[[caps]]
on = "P"
at_most = 20
when = { input = "work_rate", up_to = 0.9 }

[[items]]
id = "P"
name = "过程"
max_points = 25

[[items]]
id = "P1"
name = "项目完成工作量"
parent = "P"
max_points = 15
method = "step_deduct"
inputs = { value = "work_rate" }
parameters = { limit = 1, side = "both", per = 0.03, points = 1, counting = "whole" }
clause = "待核"
confidence = "待核"

[[items]]
id = "P2"
name = "决策依据"
parent = "P"
max_points = 4
method = "criteria"
parameters = { mode = "add", na = "rescale", criteria = [{ text = "符合法律", points = 1 }, { text = "符合规划", points = 3 }] }
clause = "待核"
confidence = "待核"

[[items]]
id = "P3"
name = "验收"
parent = "P"
max_points = 6
method = "yes_no"
inputs = { value = "accepted" }
parameters = { at_least = 1 }
not_applicable = "exclude_and_rescale"
clause = "待核"
confidence = "待核"

[[items]]
id = "I"
name = "绩效指标"
max_points = 75

[indicators]
weight_sum = 75
splits = []
"""
ONE = {
    "项目名称": "修路", "项目类型": "阶段", "年初预算数": 100, "调整后预算数": 100, "执行数": 100, "入库日期": "2024-08-01",
}  # fmt: skip
Record = Mapping[str, Any]


def folder(root: Path, text: str = TOML) -> Path:
    path = root / "某县-项目-2025"
    path.mkdir(parents=True, exist_ok=True)
    (path / "regulation.toml").write_text(text, encoding="utf-8")
    return path


def workbook(root: Path, project: Record, data: Record, answers: Record) -> bytes:
    """A workbook with one project, all of whose indicators are met; `answers` by the criterion's text."""
    regulations = load_regulations(folder(root))
    indicator = {
        "三级指标": "里程",
        "指标性质": "≥",
        "指标值": 10,
        "计量单位": "公里",
        "权重": 75,
        "实际完成值": 10,
        "自评得分": 75,
    }
    named = {"适用对象": ONE["项目名称"], "一级指标": "产出指标", "二级指标": "数量指标"}
    sheets = {
        "基本情况": {
            "部门名称": "示例县交通运输局",
            "行政区划": "试验省试验市",
            "填报日期": "2026-03-01",
            "评价年度": 2025,
            "指标体系": "某县-项目-2025",
        },
        "项目": [{**ONE, **project}],
        "指标": [{**named, **indicator}],
        "补充数据": [{"数据项": label, "填报内容": value} for label, value in data.items()],
        "评分要点": [{"指标编号": "P2", "要点": text, "是否符合": value} for text, value in answers.items()],
    }
    return filled(regulations["某县-项目-2025"], regulations, sheets)


def evaluated(root: Path, content: bytes, text: str = TOML) -> tuple[Evaluation, Settings]:
    settings = Settings(today=date(2026, 3, 1), regulations=folder(root, text))
    path = saved(content, root)
    return evaluate(path, path.name, settings), settings
