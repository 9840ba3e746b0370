"""What a department did not reach, in words a message can name."""

import re
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.frames import Frame, Frames, rows_of
from perfeval.model.numbers import ONE, show_number, show_points, show_rate
from perfeval.model.readings import Number
from perfeval.model.scorecard import Basis, IndicatorScore, Scorecard
from perfeval.model.submission import Duty, DutyDatum, Submission

SIGNED_UNITS = ("%", "％", "百分比", "个百分点", "℃", "°C")
SIGNED_NAME = re.compile(
    r"(?:率|幅度?|增速|增长|下降|变化|变动|增减|差额?|温度?)(?:[（(][^（()）]*[）)])?$"
)  # what may be less than 0


def missed(submission: Submission, card: Scorecard | None, frames: Frames) -> tuple[str, ...]:
    """Everything that was not reached, indicators first."""
    duties = (row for duty in submission.duties for row in missed_data(frames.duty_data, duty))
    completed = [f"“{datum.name.raw}”完成{show_rate(reached)}" for datum, reached in duties]
    return (*unmet_indicators(card), *completed, *lost_items(card))


def unmet_indicators(card: Scorecard | None) -> list[str]:
    """Indicators that were not met: “经济形势向好”指标值≥95、实际90."""
    return [
        f"“{s.indicator.name.raw}”指标值{_sign(s)}{s.indicator.target.raw}、实际{s.indicator.actual.raw}"
        for s in (card.indicators if card else ())
        if s.met is False and s.indicator.actual.is_read
    ]


def _sign(score: IndicatorScore) -> str:
    """The comparator before a number written without one: against a > 2, 2 is not reached."""
    target = score.indicator.target.value
    return score.nature if isinstance(target, Number) and target.comparator is None else ""


def lost_items(card: Scorecard | None) -> list[str]:
    """Leaves of the tree below their 分值, computed or by the department's own word: “执行结果”得3.73分（分值4分）."""
    found = []
    for score in card.items if card else ():
        if not score.item.is_leaf or score.basis is Basis.NOT_APPLICABLE:
            continue
        declared = score.declared.value if score.declared else None
        points = [p for p in (score.score, declared) if p is not None and p < score.max_points]
        if points:
            found.append(f"“{score.item.name}”得{show_points(min(points))}分（分值{show_number(score.max_points)}分）")
    return found


def lost_indicator_points(card: Scorecard | None) -> bool:
    """Whether an indicator was scored below its weight."""
    scores = card.indicators if card else ()
    return any(s.score is not None and s.weight is not None and s.score < s.weight for s in scores)


def missed_data(data: Frame, duty: Duty) -> list[tuple[DutyDatum, Decimal]]:
    """The rows of a duty below 100 %, with their rates: its totals, or where all totals are reached the parts that are
    not.

    From a figure that cannot be nothing follows.
    """
    below = [
        (datum, reached) for datum, reached in rows_of(data, "completion") if reached is not None and reached < ONE
    ]
    own = [
        (datum, reached)
        for datum, reached in below
        if duty.name.value is not None and datum.duty.value == duty.name.value
    ]
    found = [(datum, reached) for datum, reached in own if not impossible(datum)]
    return [(datum, reached) for datum, reached in found if not datum.parent.is_read] or found


def impossible(datum: DutyDatum) -> list[Cell[Decimal]]:
    """The figures of 履职数据 that cannot be below 0 and are; a rate of growth may well be."""
    if SIGNED_NAME.search(datum.name.raw):
        return []
    counted = () if datum.unit.raw in SIGNED_UNITS else (datum.planned, datum.completed)
    return [cell for cell in (*counted, datum.completion_rate) if cell.value is not None and cell.value < 0]
