"""指标 and 履职数据: an actual ten times its target, or a few thousandths of it, is first of all a question about the
unit."""

from collections.abc import Iterator
from decimal import Decimal

from perfeval.checks.context import Context
from perfeval.checks.indicators.rows import OVER, UNDER, Row, is_out_of_scale, is_percent, shown, unit_of
from perfeval.checks.magnitude.culprit import UNIT_IS_RIGHT
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.frames import rows_of, where
from perfeval.model.money_units import plain
from perfeval.model.numbers import show_number

STEPS = (3, 4, 8)  # 千, 万, 亿: what one unit is of the next that people use beside it
NEAR_LOW, NEAR_HIGH = Decimal("0.2"), Decimal(5)  # an actual read in another unit is at least about its target


def unit_questions(context: Context) -> Iterator[Finding]:
    """MAGNITUDE_005 of 指标, MAGNITUDE_006 of 履职数据."""
    yield from _indicators(context)
    yield from _duty_data(context)


def _indicators(context: Context) -> Iterator[Finding]:
    """A reason alone answers nothing here: it has to say that the unit is right."""
    rows = context.indicators
    far = where(rows, is_out_of_scale, "judged", "ratio")
    for row, ratio in zip(rows.judged[far], rows.ratio[far], strict=True):
        words, power = row.indicator.deviation_reason.value or "", _power(ratio)
        actual = row.indicator.actual
        meant = plain(actual.value.value.scaleb(-power)) if power else None
        yield make(
            "MAGNITUDE_005",
            actual,
            expected=show_number(meant) if meant is not None else "",
            name=row.name,
            target=shown(row, row.indicator.target),
            actual=shown(row, actual),
            ratio=_times(ratio),
            hint=_hint(row, power),
            mend=f"填的是另一个单位的，改为 {show_number(meant)}；" if meant is not None else "",
            words=UNIT_IS_RIGHT,
            answer=row.indicator.deviation_reason if UNIT_IS_RIGHT in words else None,
            related=(row.indicator.target.ref, row.indicator.unit.ref),
        )


def _power(ratio: Decimal) -> int:
    """The power of ten that would bring actual and target together; 0 where none of the usual ones does."""
    signed = [sign * step for step in STEPS for sign in (1, -1)]
    fitting = [p for p in signed if NEAR_LOW <= ratio.scaleb(-p) <= NEAR_HIGH]
    return min(fitting, key=lambda p: _from_one(ratio.scaleb(-p)), default=0)


def _from_one(ratio: Decimal) -> Decimal:
    return max(ratio, 1 / ratio)


def _hint(row: Row, power: int) -> str:
    """（例如一个按“万人”、一个按“人”填）"""
    unit = unit_of(row.indicator)
    if abs(power) == 4 and unit and not is_percent(row.indicator):
        large, small = (unit, unit[1:]) if unit.startswith("万") and len(unit) > 1 else (f"万{unit}", unit)
        return f"（例如一个按“{large}”、一个按“{small}”填）"
    return "（例如一个按“吨”、一个按“公斤”填）" if abs(power) == 3 and unit in ("吨", "公斤", "千克") else ""


def _times(ratio: Decimal) -> str:
    return f"{show_number(ratio.quantize(Decimal('0.1')))} 倍" if ratio > 1 else f"{1 / ratio:.0f} 分之一"


def _duty_data(context: Context) -> Iterator[Finding]:
    over, under = context.limit(OVER), context.limit(UNDER)
    data = context.frames.duty_data
    if over is None or under is None or context.submission.is_project_kind:
        return
    far = where(
        data, lambda planned, done, rate: rate >= over or 0 < rate <= under, "planned", "completed", "completion"
    )
    for datum, rate in rows_of(data, "completion", only=far):
        yield make(
            "MAGNITUDE_006",
            datum.completed,
            name=datum.name.raw or f"第{datum.row}行",
            planned=f"{show_number(datum.planned.value)}{datum.unit.value or ''}",
            completed=f"{show_number(datum.completed.value)}{datum.unit.value or ''}",
            ratio=_times(rate),
            related=(datum.planned.ref,),
        )
