"""The net under all other checks: a row of 指标 that got no score and about which no error was reported."""

from collections.abc import Collection, Iterator

from perfeval.checks.context import Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding, Severity
from perfeval.model.scorecard import IndicatorScore

NUMBERS_AS_WORDS = "INDICATOR_008"  # a rate typed 定性 is questioned, and stays without a score until it is corrected


def unexplained_unscored(context: Context, reported: Collection[Finding]) -> Iterator[Finding]:
    """INDICATOR_029: 指标值, 实际完成值 and 权重 are all read, yet no rule gives the row a score. Silent where the row has an
    error already."""
    if context.scorecard is None:
        return
    places = (f.ref for f in reported if f.severity is Severity.ERROR or f.code == NUMBERS_AS_WORDS)
    wrong = {(ref.sheet, ref.row) for ref in places if ref is not None}
    for score in context.scorecard.indicators:
        place = score.indicator.actual.ref
        if score.score is None and _is_readable(score) and (place.sheet, place.row) not in wrong:
            name = score.indicator.name.raw or f"第{score.indicator.row}行"
            yield make(
                "INDICATOR_029",
                score.indicator.actual,
                name=name,
                target=score.indicator.target.raw,
                why=score.explanation,
            )


def _is_readable(score: IndicatorScore) -> bool:
    indicator = score.indicator
    nature = indicator.nature.is_read or indicator.nature.is_blank
    return (
        nature
        and indicator.target.is_read
        and indicator.actual.is_read
        and score.weight is not None
        and indicator.subject.is_read
    )
