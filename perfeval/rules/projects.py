"""The projects' own scores under a project scheme: 预算执行率 first, then the 一级指标 blocks of their indicators."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from perfeval.model.frames import rows_of
from perfeval.model.numbers import HUNDRED, show_number, total
from perfeval.model.regulation import Item, Regulation
from perfeval.model.scorecard import Basis, FundRate, IndicatorScore, ItemScore, ProjectScore
from perfeval.model.submission import Project
from perfeval.rules.caps import TOTAL, capped, capping
from perfeval.rules.department_facts import PROJECT_NUMBERS
from perfeval.rules.facts import Evidence, points_of
from perfeval.rules.frames import weights_agree
from perfeval.rules.items import computed
from perfeval.rules.numbers import FormNumbers, Numbers
from perfeval.rules.render import operands_of, sum_in_words
from perfeval.rules.totals import total_of, within
from perfeval.rules.tree import sum_of

EXECUTED, EXECUTION_RATE = "project.executed", "execution_rate"


def score_projects(form: FormNumbers, scheme: Regulation | None) -> tuple[ProjectScore, ...]:
    """Every row of 项目, in order; without a scheme only its rates."""
    evidence = form.evidence
    rows = rows_of(evidence.tables["projects"], "execution_rate", "carryover_rate")
    funds: dict[str | None, list[FundRate]] = {}
    for fund, rate in rows_of(evidence.tables["funds"], "execution_rate"):
        funds.setdefault(fund.project.value, []).append(FundRate(fund, rate))
    scored = (
        _score(project, executed, left, evidence, Numbers(form, scheme, project) if scheme else None)
        for project, executed, left in rows
    )
    return tuple(replace(score, funds=tuple(funds.get(score.project.name.value, ()))) for score in scored)


def _score(
    project: Project, executed: Decimal | None, left: Decimal | None, evidence: Evidence, numbers: Numbers | None
) -> ProjectScore:
    indicators = evidence.indicators_of(project.name.value)
    if numbers is None:
        return ProjectScore(project, executed, left, (), indicators, None, None)
    scheme = numbers.regulation
    items = _items(numbers, project, indicators)
    lacking = _lacking(scheme, items, indicators)
    uncapped, note = (None, "") if lacking else total_of(items)
    limit = capping(TOTAL, HUNDRED, numbers)
    points = within(uncapped, limit)
    return ProjectScore(
        project, executed, left, items, indicators, points, None if points is None else scheme.grade(points), lacking,
        uncapped if points != uncapped else None, limit, numbers.facts(), note,
    )  # fmt: skip


def _items(numbers: Numbers, project: Project, indicators: tuple[IndicatorScore, ...]) -> tuple[ItemScore, ...]:
    """The scheme's items in their order, in the place of the one that stands for the indicators a block for each
    一级指标."""
    scheme, subject = numbers.regulation, project.name.raw
    found: dict[str, list[ItemScore]] = {}
    for item in reversed(scheme.items):  # children before parents
        if item.is_leaf:
            found[item.id] = [capped(_leaf(item, project, numbers, subject), numbers)]
            continue
        children = scheme.children(item.id)
        if not children:
            found[item.id] = _blocks(item, subject, indicators)
            continue
        below = [score for child in children for score in found[child.id]]
        found[item.id] = [capped(sum_of(item, below, None, subject), numbers)]
    return tuple(score for item in scheme.items for score in found[item.id])


def _leaf(item: Item, project: Project, numbers: Numbers, subject: str) -> ItemScore:
    declared = project.execution_declared if scores_execution(item) else None  # no other item has a cell for it
    found = computed(item, numbers, declared, subject)
    if found is not None:
        return found
    lacking = "、".join(_columns(item, project)) or "数据"
    words = f"{item.name}：没有可用的{lacking}，未评分"
    return ItemScore(item, subject, item.max_points, None, declared, Basis.NOT_SCORED, words)


def scores_execution(item: Item) -> bool:
    """Whether it is the item of 预算执行率."""
    return bool({EXECUTED, EXECUTION_RATE}.intersection(item.inputs.values()))


def _columns(item: Item, project: Project) -> list[str]:
    """The labels of the cells an item needs and cannot use: blank, or a budget of 0."""
    cells = {
        role: getattr(project, name.partition(".")[2]) for role, name in item.inputs.items() if name in PROJECT_NUMBERS
    }
    return [
        cell.label for role, cell in cells.items() if cell.value is None or (role == "denominator" and cell.value <= 0)
    ]


def _blocks(item: Item, subject: str, indicators: tuple[IndicatorScore, ...]) -> list[ItemScore]:
    """One item for each 一级指标, in the order they first appear: the sum of its indicators."""
    groups: dict[str, list[IndicatorScore]] = {}
    for score in indicators:
        groups.setdefault(score.indicator.level1.value or item.name, []).append(score)
    return [_block(item, number, name, subject, group) for number, (name, group) in enumerate(groups.items(), 1)]


def _block(item: Item, number: int, name: str, subject: str, group: list[IndicatorScore]) -> ItemScore:
    weight = total(score.weight for score in group if score.weight is not None)
    known = [s for s in group if s.score is not None]
    block = Item(f"{item.id}.{number}", name, item.parent, item.level, weight, None, item.provenance)
    if not known:
        return ItemScore(block, subject, weight, None, None, Basis.NOT_SCORED, f"{name}：各指标都未评分")
    parts = [
        points_of(f"row_{s.indicator.row}", s.indicator.name.raw or f"第 {s.indicator.row} 行指标", [s]) for s in known
    ]
    points = total(part.value for part in parts)
    unscored = len(group) - len(known)
    words = sum_in_words(name, [part.value for part in parts], points)
    operands = operands_of(parts)
    return ItemScore(
        block, subject, weight, points, None, Basis.COMPUTED,
        words + (f"（{unscored} 个指标未评分）" if unscored else ""), operands,
        "+".join(f"{{{operand.key}}}" for operand in operands), incomplete=unscored > 0,
    )  # fmt: skip


def _lacking(scheme: Regulation, items: Iterable[ItemScore], indicators: tuple[IndicatorScore, ...]) -> str:
    """What a total lacks: it needs indicators, everything scored, and weights that come to the scheme's sum; '' where
    it lacks nothing."""
    if not indicators:
        return "没有填列绩效指标"
    weights = [score.weight for score in indicators if score.weight is not None]
    wanted = scheme.indicators.weight_sum
    if len(weights) == len(indicators) and not weights_agree(weights, wanted):
        return f"绩效指标权重合计 {show_number(total(weights))}，应为 {show_number(wanted)}"
    unscored = [item.item.name for item in items if item.item.is_leaf and item.basis is Basis.NOT_SCORED]
    unscored += [
        score.indicator.name.raw or f"第 {score.indicator.row} 行指标" for score in indicators if score.score is None
    ]
    return f"{'、'.join(unscored)}未评分" if unscored else ""
