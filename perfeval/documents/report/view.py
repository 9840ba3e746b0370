"""The one view of a scored submission for the Word documents: every string and number decided once; the templates only
place them.

The values are mappings with Chinese names, since officials write those names into the templates; `report_names.py`
lists and explains them all.
"""

from typing import Any

from perfeval.documents.evaluation import Evaluation
from perfeval.documents.report.view_analysis import Analysis
from perfeval.documents.report.view_basics import basics, money
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.view_indicators import goals, is_done, rows
from perfeval.documents.report.view_projects import by_kind, form
from perfeval.documents.report.view_words import (
    fair,
    lines,
    named,
    numeral,
    one_line,
    paragraphs,
    said,
    without_marker,
)
from perfeval.model.scorecard import Scorecard
from perfeval.model.submission import WHOLE_DEPARTMENT, Submission
from perfeval.model.text import day_text
from perfeval.rules.citing import scheme_citation, scheme_name
from perfeval.rules.outline import report_name

Values = dict[str, Any]
PRAISE = "TEXT_002"  # the finding at a text that calls everything wholly done although something was missed
TITLE_LINE = 20  # characters of 22 pt that fit into a line of 156 mm


def department_values(evaluation: Evaluation, figures: Figures) -> Values:
    """Everything 自评报告.docx may name. The evaluation is one that nothing blocks."""
    submission, card = evaluation.submission, scorecard_of(evaluation)
    analysis = Analysis(
        submission, card, figures, praised=frozenset(f.ref for f in evaluation.findings if f.code == PRAISE)
    )
    sections = analysis.sections()
    whole = tuple(s for s in card.indicators if s.indicator.subject.value == WHOLE_DEPARTMENT)
    forms = [form(p, submission.basic, figures) for p in card.projects if p.indicators]
    return {
        **heading(evaluation),
        **basics(submission, figures),
        **money(submission, card, figures),
        "指标体系": scheme_name(card.regulation),
        "评分依据": scheme_citation(card.regulation),
        "扣减分数列": card.regulation.deduction_column,
        "绩效分析": sections,
        "履职": analysis.loose_duties(),
        "项目": by_kind(card, figures),
        "预算说明": [without_marker(line) for line in lines(submission.text("国有资本经营预算与社保基金预算说明"))],
        "重点领域": {"序号": numeral(len(sections) + 1), "段落": paragraphs(submission.text("重点领域绩效分析"))},
        "结果应用": {"序号": numeral(len(sections) + 2), "段落": paragraphs(submission.text("绩效结果应用"))},
        "绩效目标": {**goals(whole, figures), "序号": numeral(len(sections) + 3)},
        "得分计算": analysis.arithmetic(),
        "结论": conclusion(evaluation, analysis),
        "问题": (stated := problems(submission)),
        "问题个数": figures.tally(len(stated), "「问题与建议」表的行数") if stated else "",
        "其他说明": paragraphs(submission.text("其他说明")),
        "附表": annex(submission, card, figures, numbered=bool(forms)),
        "项目自评表": forms,
    }


def project_values(evaluation: Evaluation, figures: Figures) -> Values:
    """Everything 项目支出绩效自评表.docx may name."""
    basic, card = evaluation.submission.basic, scorecard_of(evaluation)
    return {
        **heading(evaluation),
        "扣减分数列": card.regulation.deduction_column,
        "填报人": named(basic.filler) or "未填",
        "审核人": named(basic.reviewer) or "未填",
        "联系电话": named(basic.phone) or "未填",
        "项目自评表": [form(p, basic, figures) for p in card.projects],
    }


def heading(evaluation: Evaluation) -> Values:
    """Names and dates both documents use."""
    basic = evaluation.submission.basic
    department, year = named(basic.department), str(basic.year.value)
    kind = f"{year}年度{report_name(scorecard_of(evaluation).regulation)}"
    return {
        "报告标题": f"{department}\n{kind}" if len(department + kind) > TITLE_LINE else f"{department}{kind}",
        "部门名称": department,
        "部门简称": named(basic.short_name) or "本部门",
        "有简称": bool(named(basic.short_name)),
        "评价年度": year,
        "成文日期": day_text(evaluation.as_of),
    }


def conclusion(evaluation: Evaluation, analysis: Analysis) -> Values:
    """得分, 等级, what was lost, and the department's own words, without praise that the score contradicts."""
    card = scorecard_of(evaluation)
    lost = analysis.lost_items()
    return {
        **analysis.total(),
        "全部完成": not evaluation.missed and not lost and all(map(is_done, card.indicators)),
        "扣分项": "、".join(f"{item['名称']}扣{item['扣分']}分" for item in lost),
        "不涉及": "、".join(analysis.not_concerned()),
        "补充": [
            line
            for text in paragraphs(evaluation.submission.text("评价结论补充"))
            if (line := fair(text, bool(evaluation.missed)))
        ],
    }


def problems(submission: Submission) -> list[Values]:
    """存在问题 with its suggestion, person and date."""
    filed = [p for p in submission.problems if said(p.problem) or said(p.suggestion)]
    return [
        {
            "序号": str(number),
            "数字": numeral(number),
            "问题": said(p.problem),
            "建议": said(p.suggestion),
            "责任人": said(p.responsible),
            "完成时限": said(p.deadline),
        }
        for number, p in enumerate(filed, 1)
    ]


def annex(submission: Submission, card: Scorecard, figures: Figures, *, numbered: bool) -> Values:
    """部门整体支出绩效目标完成情况自评表."""
    money, basic = submission.money, submission.basic
    total = money.annex_total.initial if money.annex_total.initial.is_read else money.income_total.initial
    tasks = [(named(p.project.name), said(p.project.content)) for p in card.projects]
    return {
        "标号": "附表1" if numbered else "附表",
        "有项目自评表": numbered,
        "资金总额": figures.amount(total),
        "财政拨款": figures.amount(money.appropriation.initial),
        "上年结转": figures.amount(money.opening_carryover.initial),
        "单位资金": figures.amount(money.unit_funds.initial),
        "其他资金": figures.amount(money.other_funds.initial),
        "总体目标": one_line(basic.annual_goal.value) or "未填",
        "任务": [{"名称": name or "未填", "内容": content or name or "未填"} for name, content in tasks],
        "指标": rows((s for s in card.indicators if s.indicator.subject.value == WHOLE_DEPARTMENT), figures),
    }


def scorecard_of(evaluation: Evaluation) -> Scorecard:
    """The scorecard a document needs. Raises ValueError for an evaluation without one: such a workbook is returned, not
    reported."""
    if evaluation.scorecard is None:
        raise ValueError("a report needs a scored submission")
    return evaluation.scorecard
