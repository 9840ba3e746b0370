"""The data 评价结论补充 may name: there, and nowhere else, a bare “自评得分” or “全部项目” is the department's.

| data | phrases |
|---|---|
| 项目 | those of the bases of 评分: 全部/所有项目N个, 常年项目N个, … except for N个项目中, which may be some of them |
| 评分 | 自评得分N分, 总得分N分 |
| 收支 | 预算执行率N% |
| 基本情况 | 在职人员N人 |

A sentence that has spoken of something narrower before (其中, a project, an item of the regulation, a part of the year)
is left alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.checks.texts.figures import PER_CENT, PERSONS, Datum, project_figures
from perfeval.checks.texts.named import total_figure
from perfeval.checks.texts.names import own_names
from perfeval.model.frames import value
from perfeval.model.numbers import HUNDRED, show_rate

SOME_OF_THEM = "{N}项目中"
NARROWER = r"其中|领域|方面|专项|下属|所属|上年|去年|往年|同期|目标|计划|预计|半年|季度|\d月"
OTHER_MATTERS = NARROWER + r"|项目|指标|履职|职能"
OTHER_PERSONS = OTHER_MATTERS + r"|\d\s*[人名]|参加|参训|培训|慰问|补助|补贴|退休|编外|学校|单位"


def conclusion_figures(context: Context) -> Iterator[Datum]:
    """What 评价结论补充 may state in addition to what any text may."""
    year = context.submission.basic.year.value
    for figures, narrower in (
        ((f for f in project_figures(context) if not f.phrase.startswith(SOME_OF_THEM)), NARROWER),
        (_total(context), "|".join([OTHER_MATTERS, *_items(context)])),
        (_execution_rate(context), OTHER_MATTERS + "|三公|公用|人员|基本支出|拨款"),
        (_staff(context), OTHER_PERSONS),
    ):
        yield from _unless(figures, re.compile(rf"{narrower}|(?!{year})20\d\d\s*年"))


def _unless(figures: Iterable[Datum], narrower: re.Pattern[str]) -> Iterator[Datum]:
    return (replace(figure, unless=narrower) for figure in figures)


def _items(context: Context) -> Iterator[str]:
    """财务管理：自评得分6分 is of that item."""
    return (re.escape(item.name) for item in (context.regulation.items if context.regulation else ()))


def _total(context: Context) -> Iterator[Datum]:
    return (
        replace(f, phrase=_department(context) + "(?:自评得分|总得分)", keyword="分") for f in total_figure(context)
    )


def _department(context: Context) -> str:
    """What may be before: the department by one of its names, or none."""
    names = "|".join(map(re.escape, own_names(context.submission.basic)))
    return rf"(?:{names}|部门整体(?:支出)?(?:绩效)?|[我本](?:局|委|办|部门|单位))?"


def _execution_rate(context: Context) -> Iterator[Datum]:
    """决算 ÷ 调整后预算; what was paid of the plan, spent of the appropriation or of the first budget is called so as well."""
    money, total = context.frames.money, context.submission.money.expenditure_total
    reached = value(money, "expenditure_total", "execution_rate")
    others = (
        value(money, "paid", "payment_rate"),
        value(money, "spent_from_appropriation", "execution_rate"),
        value(money, "expenditure_total", "initial_execution_rate"),
    )
    if reached is not None:
        accepted = tuple(rate * HUNDRED for rate in (reached, *others) if rate is not None)
        refs = (total.final.ref, total.adjusted.ref)
        yield Datum(
            _department(context) + "预算执行率",
            PER_CENT,
            accepted,
            "收支”支出合计的执行率",
            show_rate(reached),
            refs,
            keyword="预算执行率",
        )


def _staff(context: Context) -> Iterator[Datum]:
    staff = context.submission.basic.staff
    if staff.value is not None:
        phrase = _department(context) + "(?:年末)?在职(?:在编)?(?:人员|职工|人数)"
        yield Datum(
            phrase,
            PERSONS,
            (Decimal(staff.value),),
            f"基本情况”{staff.label}",
            str(staff.value),
            (staff.ref,),
            keyword="在职",
        )
