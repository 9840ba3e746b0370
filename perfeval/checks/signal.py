"""Signals for the reviewer alone: patterns worth a second look. They never change a score and are no findings."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.findings.catalogue import catalogue
from perfeval.findings.finding import Signal
from perfeval.model.frames import where
from perfeval.model.numbers import HUNDRED, ONE, Interval, half_up, show_points, show_rate
from perfeval.model.readings import Level, Number
from perfeval.model.scorecard import Basis, IndicatorScore, Scorecard
from perfeval.model.submission import WHOLE_DEPARTMENT

INFO, YELLOW, RED = "info", "yellow", "red"
EXECUTION = "预算执行率"
HALF_CENT = Decimal("0.005")
NAMED = 3  # how many projects a message names

# The limits of the regulation that a measure is held against, by the threshold's name.
LIMITED_MEASURES = (
    (EXECUTION, "execution_rate_floor"),
    ("调整率", "adjustment_rate_limit"),
    ("结余率", "carryover_rate_limit"),
)

Maker = Callable[[Context, Scorecard], Iterable[Signal]]


def signals(context: Context) -> tuple[Signal, ...]:
    """Every signal of a workbook; none where there is no scorecard."""
    card = context.scorecard
    return tuple(found for maker in MAKERS for found in maker(context, card)) if card else ()


def _signal(code: str, level: str, **words: object) -> Signal:
    return Signal(code, level, catalogue()[code].message.format(**words))


def exact_hits(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_001: how many numeric actuals are exactly the target."""
    numeric = [
        s
        for s in card.indicators
        if isinstance(s.indicator.target.value, Number) and isinstance(s.indicator.actual.value, Number)
    ]
    equal = [s for s in numeric if _hits(s)]
    if equal:
        yield _signal(
            "SIGNAL_001",
            INFO,
            equal=len(equal),
            count=len(numeric),
            share=show_rate(Decimal(len(equal)) / len(numeric)),
        )


def _hits(score: IndicatorScore) -> bool:
    target, actual = score.indicator.target.value, score.indicator.actual.value
    if score.ratio is not None:
        return score.ratio == ONE
    return (
        isinstance(target, Number)
        and isinstance(actual, Number)
        and target.value == actual.value
        and target.unit == actual.unit
    )


def all_best(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_002: every qualitative actual is the best word of its scale."""
    regulation = context.project_regulation
    scale = regulation.indicators.scale if regulation else {}
    levels = [s.indicator.actual.value.name for s in card.indicators if isinstance(s.indicator.actual.value, Level)]
    graded = [name for name in levels if name in scale]
    best = max(scale, key=lambda name: scale[name], default="")
    if graded and all(name == best for name in graded):
        yield _signal("SIGNAL_002", INFO, equal=len(graded), count=len(graded), best=best)


def all_full(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_003: the department gave itself full marks for every item it declared; 不涉及 does not count."""
    leaves = [s for s in card.items if s.item.is_leaf and s.basis is not Basis.NOT_APPLICABLE]
    declared = [
        (s.declared.value, s.max_points) for s in leaves if s.declared is not None and s.declared.value is not None
    ]
    if declared and len(declared) == len(leaves) and all(points == limit for points, limit in declared):
        yield _signal("SIGNAL_003", YELLOW, count=len(declared))


def outcome_over_execution(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_004: the indicators' share of points is well above the share of money spent."""
    limit = context.limit("signal_outcome_over_execution")
    measure = card.measure(EXECUTION)
    pairs = [(WHOLE_DEPARTMENT, WHOLE_DEPARTMENT, measure.value if measure else None)]
    pairs += [(p.project.name.raw, p.project.name.value or "", p.execution_rate) for p in card.projects if p.indicators]
    earned = context.frames.subjects["share"]
    for subject, name, executed in pairs if limit is not None else ():
        outcome = earned.get(name)
        if outcome is not None and executed is not None and limit is not None and outcome - executed > limit:
            above = show_points((outcome - executed) * HUNDRED)
            yield _signal(
                "SIGNAL_004",
                RED,
                subject=subject,
                outcome=show_rate(outcome),
                executed=show_rate(executed),
                above=above,
            )


def unexecuted(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_005: much of the adjusted budget was not spent, by the whole department or by projects (named in one
    signal)."""
    limit = context.limit("signal_unexecuted")
    measure = card.measure(EXECUTION)
    if limit is None:
        return
    if measure is not None and measure.value is not None and ONE - measure.value > limit:
        subject = f"部门整体未执行的预算占调整后预算数的 {show_rate(ONE - measure.value)}"
        yield _signal("SIGNAL_005", YELLOW, subject=subject, limit=show_rate(limit))
    projects = context.frames.projects
    slow = projects[where(projects, lambda left: left > limit, "carryover_rate")]
    if len(slow):
        named = [
            f"“{project.name.raw}”{show_rate(left)}"
            for project, left in zip(slow.filed[:NAMED], slow.carryover_rate[:NAMED], strict=True)
        ]
        more = f"等 {len(slow)} 个项目" if len(slow) > NAMED else ""
        subject = f"项目未执行的预算占调整后预算数的比例：{'、'.join(named)}{more}"
        yield _signal("SIGNAL_005", YELLOW, subject=subject, limit=show_rate(limit))


def on_the_line(context: Context, card: Scorecard) -> Iterator[Signal]:
    """SIGNAL_006: a total that rounding of its leaves could carry over a grade's bound, a rate that prints like its
    limit."""
    if card.total is not None:
        slack = HALF_CENT * sum(1 for s in card.items if s.item.is_leaf and s.basis is Basis.COMPUTED)
        reach = Interval(card.total - slack, card.total + slack)
        for band in card.regulation.grades[:-1]:
            if reach.low <= band.lower <= reach.high:
                limit = f"“{band.name}”的下限 {show_points(band.lower)} 分"
                yield _signal("SIGNAL_006", INFO, what="总分", value=f"{show_points(card.total)} 分", limit=limit)
    for name, threshold in LIMITED_MEASURES:
        measure, bound = card.measure(name), context.limit(threshold)
        if (
            measure is not None
            and measure.value is not None
            and bound is not None
            and half_up(measure.value, 4) == half_up(bound, 4)
        ):
            yield _signal(
                "SIGNAL_006", INFO, what=name, value=show_rate(measure.value), limit=f"界限 {show_rate(bound)}"
            )


MAKERS: tuple[Maker, ...] = (exact_hits, all_best, all_full, outcome_over_execution, unexecuted, on_the_line)
