"""A small package scored by hand: every basis once, so that the documents can be tested without the engine."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from regulations_by_hand import DEPARTMENT, PROJECT, PROVENANCE
from workbooks import content, department

from perfeval.documents.evaluation import Evaluation
from perfeval.filing.read_filing import read_filing
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef
from perfeval.model.scorecard import (
    Basis,
    IndicatorScore,
    ItemScore,
    Measure,
    Operand,
    ProjectMark,
    ProjectScore,
    Scorecard,
    Unit,
)
from perfeval.model.submission import Project, Submission
from perfeval.rules.frames import frames_of, rated_tables


@cache
def submission() -> Submission:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "填报.xlsx"
        path.write_bytes(content(department()))
        taken = read_filing(path, "填报/教育局.xlsx")
    assert taken.submission is not None, taken.findings
    return taken.submission


def points(value: str) -> Operand:
    return Operand("max", "分值", Decimal(value), Unit.POINTS)


def item_score(item_id: str, filed: Submission, score: str | None, basis: Basis, **more) -> ItemScore:
    item = DEPARTMENT.item(item_id)
    declared = next((row.declared for row in filed.scores if row.item_id.value == item_id.replace(".", "")), None)
    value = None if score is None else Decimal(score)
    text = f"{item.name} = {score} 分"
    return ItemScore(item, None, item.max_points, value, more.pop("declared", declared), basis, text, **more)


def project_score(project: Project) -> ProjectScore:
    executed, adjusted = project.executed.value, project.adjusted_budget.value
    assert executed is not None
    assert adjusted is not None
    rate = executed / adjusted
    operands = (
        points("10"),
        Operand("part", "项目执行数", executed, Unit.AMOUNT, (project.executed.ref,)),
        Operand("whole", "项目调整后预算数", adjusted, Unit.AMOUNT, (project.adjusted_budget.ref,)),
    )
    value = (10 * rate).quantize(Decimal("0.01"))
    score = ItemScore(
        PROJECT.items[0],
        project.name.value,
        Decimal(10),
        value,
        None,
        Basis.COMPUTED,
        "执行率得分",
        operands,
        "ROUND({max}*MIN(1,{part}/{whole}),2)",
    )
    return ProjectScore(project, rate, 1 - rate, (score,), (), None, None)


def indicator_scores(filed: Submission) -> tuple[IndicatorScore, ...]:
    first, second, *others = filed.indicators
    weight = Operand("weight", "权重", Decimal(30), Unit.POINTS, (first.weight.ref,))
    target = Operand("target", "指标值", Decimal(4), Unit.NUMBER, (first.target.ref,))
    actual = Operand("actual", "实际完成值", Decimal(5), Unit.NUMBER, (first.actual.ref,))
    formula = "ROUND({weight}*MIN(1,{actual}/{target}),2)"
    computed = IndicatorScore(
        first,
        "≥",
        False,
        Decimal(30),
        Decimal("1.25"),
        True,
        Decimal(30),
        Basis.COMPUTED,
        "维修校舍 = 30 × 1",
        PROVENANCE,
        (weight, target, actual),
        formula,
    )
    unscored = [
        IndicatorScore(i, "定性", True, i.weight.value, None, None, None, Basis.NOT_SCORED, "没有评分", PROVENANCE)
        for i in (second, *others)
    ]
    return (computed, *unscored)


def items(filed: Submission) -> tuple[ItemScore, ...]:
    paid, plan = filed.money.paid.final, filed.money.plan_issued.final
    ratio = (
        points("15"),
        Operand("paid", "实际支付数", Decimal(108), Unit.AMOUNT, (paid.ref,)),
        Operand("plan", "下达计划数", Decimal(110), Unit.AMOUNT, (plan.ref,)),
    )
    marks = tuple(ProjectMark(p, bad) for p, bad in zip(filed.projects, (False, True), strict=True))
    names = tuple(p.name.ref for p in filed.projects)
    share = (
        points("40"),
        Operand("counted", "计入的项目数", Decimal(2), Unit.COUNT, names),
        Operand("bad", "扣分的项目数", Decimal(1), Unit.COUNT, names[1:]),
    )
    return (
        item_score("A", filed, "34.73", Basis.COMPUTED),
        item_score("A.1", filed, "20", Basis.DECLARED),
        item_score("A.2", filed, "14.73", Basis.COMPUTED),
        item_score("A.2.1", filed, None, Basis.NOT_SCORED),
        item_score("A.2.2", filed, "14.73", Basis.COMPUTED, operands=ratio, formula="ROUND({max}*{paid}/{plan},2)"),
        item_score(
            "B",
            filed,
            "20",
            Basis.COMPUTED,
            operands=share,
            formula="ROUND({max}*({counted}-{bad})/{counted},2)",
            marks=marks,
        ),
    )


def findings(filed: Submission) -> tuple[Finding, ...]:
    at = filed.indicators[0].declared.ref
    return (
        Finding(
            "MONEY_001",
            Severity.ERROR,
            filed.money.income_total.final.ref,
            "收入合计 决算数",
            "110",
            "100",
            "两个数对不上。",
            "改为 100。",
        ),
        Finding(
            "INDICATOR_003",
            Severity.QUESTION,
            at,
            "自评得分",
            "",
            "",
            "请说明。",
            "填写说明。",
            answer="按县里口径计分。",
        ),
        Finding("SHEET_004", Severity.NOTICE, CellRef("草稿", 1, 1), "", "", "", "多出一张工作表。", ""),
        Finding("FILE_001", Severity.NOTICE, None, "", "", "", "整个文件。", ""),
    )


def scorecard(filed: Submission) -> Scorecard:
    executed = Operand(
        "executed", "执行数合计", Decimal(43), Unit.AMOUNT, tuple(p.executed.ref for p in filed.projects)
    )
    adjusted = Operand(
        "adjusted", "调整后预算数合计", Decimal(45), Unit.AMOUNT, tuple(p.adjusted_budget.ref for p in filed.projects)
    )
    return Scorecard(
        regulation=DEPARTMENT,
        items=items(filed),
        indicators=indicator_scores(filed),
        projects=tuple(project_score(p) for p in filed.projects),
        measures=(
            Measure("项目执行率", Decimal(43) / Decimal(45), (executed, adjusted), "({executed})/({adjusted})"),
            Measure("调整率", None, (), ""),
        ),
        total=Decimal("54.73"),
        max_points=Decimal(100),
        grade="差",
        declared_total=filed.grand_total,
        not_scored=1,
        frames=frames_of(rated_tables(filed, DEPARTMENT), DEPARTMENT, indicator_scores(filed), items(filed)),
    )


def package() -> Evaluation:
    filed = submission()
    versions = {"perfeval": "1.0", "regulations": "test", "template": "test"}
    return Evaluation(filed, DEPARTMENT, scorecard(filed), findings(filed), (), "returned", date(2026, 1, 15), versions)


def without_regulation() -> Evaluation:
    return replace(package(), regulation=None, scorecard=None)
