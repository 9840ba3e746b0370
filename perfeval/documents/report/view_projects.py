"""The projects of the report: by kind in chapter 三, and a 项目支出绩效自评表 for each."""

from typing import Any

from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.view_indicators import NOTHING, goals, rows
from perfeval.documents.report.view_words import named, said
from perfeval.model.numbers import show_points, show_rate, show_sum
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.scorecard import Measure, ProjectScore, Scorecard
from perfeval.model.submission import Basic
from perfeval.rules.library import library

CARRYOVER_LIMIT = "carryover_rate_limit"
BUDGET = "调整后预算数合计"  # how the budget among the operands of an execution rate is called


def by_kind(scorecard: Scorecard, figures: Figures) -> dict[str, Any]:
    """Number, budget, execution and carry-over of each class of projects."""
    projects = scorecard.projects
    return {
        "有项目": bool(projects),
        "总数": figures.tally(len(projects), "「项目」表的行数"),
        "总执行率": figures.measure(scorecard.measure("项目执行率")),
        "类别": [
            _kind(
                one.title,
                [p for p in projects if p.project.type.value in one.types],
                scorecard.measure(library().facts[one.execution].label),
                scorecard,
                figures,
            )
            for one in PROJECT_CLASSES
        ],
        "偏差": [_deviation(p, figures) for p in projects if said(p.project.deviation_reason)],
    }


def _kind(
    name: str, projects: list[ProjectScore], measure: Measure | None, scorecard: Scorecard, figures: Figures
) -> dict[str, Any]:
    limit = scorecard.regulation.threshold(CARRYOVER_LIMIT)
    above = [p for p in projects if limit is not None and p.carryover_rate is not None and p.carryover_rate > limit]
    budget = next((o for o in measure.operands if o.name.endswith(BUDGET)), None) if measure else None
    return {
        "名称": name,
        "有项目": bool(projects),
        "个数": figures.tally(len(projects), f"「项目」表中{name}的行数"),
        "预算": figures.computed(budget.value if budget else None, show_sum, f"「项目」表中{name}的调整后预算数之和"),
        "执行率": figures.measure(measure),
        "结余界限": figures.computed(limit, _limit, "指标体系规定的界限") if limit is not None else "",
        "超限个数": figures.tally(len(above), f"「项目」表中结余率超过界限的{name}"),
    }


def _limit(value: Any) -> str:
    return show_rate(value).replace(".00%", "%")


def _deviation(score: ProjectScore, figures: Figures) -> dict[str, str]:
    return {
        "名称": named(score.project.name),
        "执行率": figures.computed(score.execution_rate, show_rate, _execution_origin(score)),
        "偏差原因": said(score.project.deviation_reason),
        "改进措施": said(score.project.improvement),
    }


def form(score: ProjectScore, basic: Basic, figures: Figures) -> dict[str, Any]:
    """One 项目支出绩效自评表."""
    project = score.project
    execution = score.items[0] if score.items else None
    return {
        "名称": named(project.name) or NOTHING,
        "类型": named(project.type) or NOTHING,
        "单位": named(basic.department),
        "年初预算数": figures.amount(project.initial_budget),
        "调整后预算数": figures.amount(project.adjusted_budget),
        "执行数": figures.amount(project.executed),
        "执行率": figures.computed(score.execution_rate, show_rate, _execution_origin(score)),
        "分值": figures.max_points(execution) if execution else NOTHING,
        "得分": figures.points(execution) if execution else NOTHING,
        "年度目标": said(project.content) or "未填",
        "偏差原因": said(project.deviation_reason),
        "改进措施": said(project.improvement),
        "指标": rows(score.indicators, figures, with_unit=True),
        "有总分": score.total is not None,
        "自评总分": figures.number(project.declared) if project.declared.is_read else "",
        "总分": figures.computed(score.total, show_points, "预算执行率得分与各项绩效指标得分之和"),
        "等级": score.grade or "未评定",
        "目标": goals(score.indicators, figures),
    }


def _execution_origin(score: ProjectScore) -> str:
    return f"执行数 ÷ 调整后预算数；填报工作簿「项目」第{score.project.row}行"
