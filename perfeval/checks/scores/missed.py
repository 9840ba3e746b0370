"""What a department did not reach, in words a message can name."""

from perfeval.checks.context import Context
from perfeval.checks.scores.duty import missed_data
from perfeval.model.numbers import show_number, show_points, show_rate
from perfeval.model.readings import Number
from perfeval.model.scorecard import Basis, IndicatorScore


def unmet_indicators(context: Context) -> list[str]:
    """Indicators that were not met: “经济形势向好”指标值≥95、实际90."""
    scores = context.scorecard.indicators if context.scorecard else ()
    return [
        f"“{s.indicator.name.raw}”指标值{_sign(s)}{s.indicator.target.raw}、实际{s.indicator.actual.raw}"
        for s in scores
        if s.met is False and s.indicator.actual.is_read
    ]


def _sign(score: IndicatorScore) -> str:
    """The comparator before a number written without one: against a > 2, 2 is not reached."""
    target = score.indicator.target.value
    return score.nature if isinstance(target, Number) and target.comparator is None else ""


def lost_items(context: Context) -> list[str]:
    """Leaves of the tree below their 分值, computed or by the department's own word: “执行结果”得3.73分（分值4分）."""
    found = []
    for score in context.scorecard.items if context.scorecard else ():
        if not score.item.is_leaf or score.basis is Basis.NOT_APPLICABLE:
            continue
        declared = score.declared.value if score.declared else None
        points = [p for p in (score.score, declared) if p is not None and p < score.max_points]
        if points:
            found.append(f"“{score.item.name}”得{show_points(min(points))}分（分值{show_number(score.max_points)}分）")
    return found


def lost_indicator_points(context: Context) -> bool:
    """Whether an indicator was scored below its weight."""
    scores = context.scorecard.indicators if context.scorecard else ()
    return any(s.score is not None and s.weight is not None and s.score < s.weight for s in scores)


def missed_duties(context: Context) -> list[str]:
    """Completion rates of 履职数据 below 100 %: “重点项目年度投资”完成64.72%."""
    missed = (row for duty in context.submission.duties for row in missed_data(context.frames.duty_data, duty))
    return [f"“{datum.name.raw}”完成{show_rate(reached)}" for datum, reached in missed]


def missed(context: Context) -> list[str]:
    """Everything that was not reached, indicators first."""
    return [*unmet_indicators(context), *missed_duties(context), *lost_items(context)]
