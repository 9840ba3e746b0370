"""The projects of the report: by kind in chapter 三, and a 项目支出绩效自评表 for each."""

from typing import Any

from perfeval.documents.report.names import INDICATOR_ROW
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.view_indicators import NOTHING, goals, rows
from perfeval.documents.report.view_words import named, said
from perfeval.model.form import FUND_SOURCES
from perfeval.model.numbers import show_points, show_rate, show_sum
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.scorecard import Measure, ProjectScore, Scorecard
from perfeval.model.submission import Basic
from perfeval.rules.library import library
from perfeval.rules.projects import scores_execution

TOTAL_ORIGIN = "各项得分之和"
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
    execution = next((s for s in score.items if s.item.is_leaf and scores_execution(s.item)), None)
    return {
        "名称": named(project.name) or NOTHING,
        "类型": named(project.type) or NOTHING,
        "主管部门": named(project.authority) or named(basic.department),
        "单位": named(project.implementer) or named(basic.department),
        "年初预算数": figures.amount(project.initial_budget),
        "调整后预算数": figures.amount(project.adjusted_budget),
        "执行数": figures.amount(project.executed),
        "执行率": figures.computed(score.execution_rate, show_rate, _execution_origin(score)),
        "资金": [_fund(number, source, score, figures) for number, source in enumerate(FUND_SOURCES)],
        "分值": figures.max_points(execution) if execution else NOTHING,
        "得分": figures.points(execution) if execution else NOTHING,
        "扣减": figures.lost(execution) if execution and execution.score is not None else NOTHING,
        "年度目标": said(project.annual_goal) or said(project.content) or "未填",
        "目标完成情况": said(project.goal_reached) or "未填",
        "偏差原因": said(project.deviation_reason),
        "改进措施": said(project.improvement),
        "指标": [*_item_rows(score, figures), *rows(score.indicators, figures, with_unit=True)],
        "有总分": score.total is not None,
        "自评总分": figures.number(project.declared) if project.declared.is_read else "",
        "总分": figures.computed(score.total, show_points, TOTAL_ORIGIN),
        "总分说明": "；".join(filter(None, (score.rescale_note, _capped(score, figures)))),
        "等级": score.grade or "未评定",
        "目标": goals(score.indicators, figures),
    }


def _fund(number: int, source: str, score: ProjectScore, figures: Figures) -> dict[str, str]:
    """A row of the 资金 block; a source the department does not list has no figures."""
    name = source if number else f"其中：{source}"
    found = next((one for one in score.funds if one.fund.source.value == source), None)
    if found is None:
        return {"名称": name} | dict.fromkeys(("年初预算数", "调整后预算数", "执行数", "执行率"), NOTHING)
    fund, rate = found.fund, found.execution_rate
    origin = f"全年执行数 ÷ 全年预算数；填报工作簿「项目资金」第{fund.row}行"
    return {
        "名称": name,
        "年初预算数": figures.amount(fund.initial_budget),
        "调整后预算数": figures.amount(fund.adjusted_budget),
        "执行数": figures.amount(fund.executed),
        "执行率": NOTHING if rate is None else figures.computed(rate, show_rate, origin),
    }


def _item_rows(score: ProjectScore, figures: Figures) -> list[dict[str, Any]]:
    """The items a scheme scores beside 预算执行率 and the indicators, as rows of the same table: what is above an item in
    the place of 一级指标."""
    scored = [s for s in score.items if s.item.is_leaf and not scores_execution(s.item)]
    names = {s.item.id: s.item.name for s in score.items}
    above = [names.get(s.item.parent or "", s.item.name) for s in scored]
    return [
        dict.fromkeys(INDICATOR_ROW, NOTHING)
        | {
            "一级首行": number == 0 or above[number] != above[number - 1],
            "二级首行": True,
            "一级": above[number],
            "三级": s.item.name,
            "权重": figures.max_points(s),
            "得分": figures.points(s),
            "扣减": figures.lost(s) if s.score is not None else NOTHING,
        }
        for number, s in enumerate(scored)
    ]


def _capped(score: ProjectScore, figures: Figures) -> str:
    """Which cap bit, and the total before it."""
    if score.capping is None or score.uncapped_total is None:
        return ""
    return f"封顶前{figures.computed(score.uncapped_total, show_points, TOTAL_ORIGIN)}分，{score.capping.sentence}"


def _execution_origin(score: ProjectScore) -> str:
    return f"执行数 ÷ 调整后预算数；填报工作簿「项目」第{score.project.row}行"
