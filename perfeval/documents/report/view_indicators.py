"""Indicators as the report names and tabulates them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from perfeval.documents.report.view_figures import Figures, cell_origin
from perfeval.documents.report.view_words import named, said
from perfeval.model.cells import Cell
from perfeval.model.numbers import show_number, show_points
from perfeval.model.readings import DateSpan, Level, Number, Reading, is_in_digits, show_span
from perfeval.model.scorecard import Basis, IndicatorScore
from perfeval.model.text import day_text

NOTHING = "—"  # a cell of a table that has nothing to say
QUALITATIVE = "定性"
CELL_WIDTH, HALF, LATIN = 4.5, 0.5, 0xFF  # characters of a narrow column's line; a digit is half of one


def is_missed(score: IndicatorScore) -> bool:
    """Not met, or short of its full points."""
    return score.met is False or (score.score is not None and score.weight is not None and score.score < score.weight)


def is_done(score: IndicatorScore) -> bool:
    """Met with full points. Where the regulation cannot say (words scored by the department itself) it is neither done
    nor missed."""
    return score.met is True and not is_missed(score)


def deviates(score: IndicatorScore) -> bool:
    """Missed, or explained by the department although met (an = target overtaken, a target far exceeded)."""
    return is_missed(score) or bool(said(score.indicator.deviation_reason))


def goals(scores: tuple[IndicatorScore, ...], figures: Figures) -> dict[str, Any]:
    """How many indicators there are, how many were met, and each one that deviates with reason and measure."""
    done, missed = sum(map(is_done, scores)), sum(map(is_missed, scores))
    return {
        "个数": figures.tally(len(scores), "「指标」表的行数"),
        "有指标": bool(scores),
        "完成个数": figures.tally(done, "「指标」表中判定为完成的行数"),
        "未完成个数": figures.tally(missed, "「指标」表中未完成或未得满分的行数"),
        "未判定个数": figures.tally(len(scores) - done - missed, "「指标」表中按文字自评的行数")
        if done + missed < len(scores)
        else "",
        "有未完成": missed > 0,
        "全部完成": done == len(scores),
        "偏差": [deviation(s, figures) for s in scores if deviates(s)],
    }


def deviation(score: IndicatorScore, figures: Figures) -> dict[str, str]:
    """One deviating indicator, in words."""
    indicator = score.indicator
    return {
        "名称": named(indicator.name),
        "目标": target_words(score, figures),
        "实际": actual_words(score, figures),
        "指标值": full_target(score, figures),
        "实际完成值": full_actual(score, figures),
        "分值": _weight(score, figures),
        "得分": _points(score, figures),
        "偏差原因": said(indicator.deviation_reason),
        "改进措施": said(indicator.improvement),
    }


def rows(scores: Iterable[IndicatorScore], figures: Figures, with_unit: bool = False) -> list[dict[str, Any]]:
    """The rows of an indicator table; 一级首行 and 二级首行 say where a merged cell begins. `with_unit` where the form has no
    column for the unit of 实际完成值."""
    table: list[dict[str, Any]] = []
    listed = tuple(scores)
    places = [(named(score.indicator.level1), named(score.indicator.level2)) for score in listed]
    for number, (score, place) in enumerate(zip(listed, places, strict=True)):
        indicator = score.indicator
        table.append(
            {
                "一级首行": number == 0 or place[0] != places[number - 1][0],
                "二级首行": number == 0 or place != places[number - 1],
                "同页": _stays_with_next(places, number),
                "一级": place[0] or NOTHING,
                "二级": place[1] or NOTHING,
                "三级": named(indicator.name) or NOTHING,
                "性质": score.nature or NOTHING,
                "指标值": reading(indicator.target, figures),
                "指标值全文": _in_narrow_cell(full_target(score, figures), unit_of(score)),
                "单位": unit_of(score) or NOTHING,
                "权重": _weight(score, figures),
                "实际完成值": _in_narrow_cell(full_actual(score, figures), unit_of(score))
                if with_unit
                else reading(indicator.actual, figures),
                "得分": both_scores(score, figures),
                "扣减": lost_points(score, figures),
                "偏差与措施": reason_and_measure(score),
            }
        )
    return table


def _stays_with_next(places: Sequence[tuple[str, str]], number: int) -> bool:
    """Whether a row alone on its page would be torn from its 一级指标 or 二级指标, or from the total below the last one."""
    firsts = [first for first, _ in places]
    return number == len(places) - 1 or _is_torn(firsts, number) or _is_torn(places, number)


def _is_torn(blocks: Sequence[object], number: int) -> bool:
    """Whether a page's end behind the row would leave one row of its block by itself."""
    here, below = blocks[number], blocks[number + 1]
    begins = number == 0 or blocks[number - 1] != here
    ends = number + 2 == len(blocks) or blocks[number + 2] != below
    return here == below and (begins or ends)


def _in_narrow_cell(text: str, unit: str) -> str:
    """Where a figure and its unit do not fit in one line of their column, the line ends before the unit: never inside
    it, where Word and WPS would end it between any two Chinese characters."""
    width = sum(1 if ord(character) > LATIN else HALF for character in text)
    cut = unit and width > CELL_WIDTH and text.endswith(unit) and text != unit
    return f"{text.removesuffix(unit)}\n{unit}" if cut else text


def both_scores(score: IndicatorScore, figures: Figures) -> str:
    """The computed score; beside it the department's own where that is another: 1.89（自评2）."""
    declared, points = score.indicator.declared, _points(score, figures)
    differs = declared.is_read and score.basis is Basis.COMPUTED and declared.value != score.score
    return f"{points}（自评{figures.number(declared)}）" if differs else points


def lost_points(score: IndicatorScore, figures: Figures) -> str:
    """权重 less 得分; a dash where one of them is not known."""
    lost = score.weight - score.score if score.weight is not None and score.score is not None else None
    return NOTHING if lost is None else figures.computed(lost, show_points, lambda: indicator_origin(score))


def reason_and_measure(score: IndicatorScore) -> str:
    """偏差原因 and 改进措施 of a row, one line each; a dash where there are none."""
    reason, measure = said(score.indicator.deviation_reason), said(score.indicator.improvement)
    return "\n".join(text for text in (reason, measure) if text) or NOTHING


def reading(cell: Cell[Reading], figures: Figures) -> str:
    """A 指标值 or 实际完成值 without comparator and unit, which have their own columns."""
    value = cell.value
    if isinstance(value, Number):
        return figures.mark(show_number(value.value), lambda: cell_origin(cell))
    if isinstance(value, Level):
        return value.name
    if isinstance(value, DateSpan) and is_in_digits(cell.raw):
        return show_span(value)
    return cell.raw or "未填"


def full_target(score: IndicatorScore, figures: Figures) -> str:
    """The 指标值 as it is said: ≥95%, 优良中低差."""
    nature = "" if score.nature == QUALITATIVE else score.nature
    return f"{nature}{reading(score.indicator.target, figures)}{unit_of(score)}"


def full_actual(score: IndicatorScore, figures: Figures) -> str:
    """The 实际完成值 with its unit."""
    actual = score.indicator.actual
    return f"{reading(actual, figures)}{unit_of(score) if isinstance(actual.value, Number) else ''}"


def target_words(score: IndicatorScore, figures: Figures) -> str:
    """应于2025年8月31日前完成；目标值9栋；目标值≥95%"""
    target = score.indicator.target.value
    if isinstance(target, DateSpan):
        return f"应于{day_text(target.last)}前完成"
    return f"目标值{full_target(score, figures).removeprefix('=')}"


def actual_words(score: IndicatorScore, figures: Figures) -> str:
    """实际于2025年9月20日完成；实际完成16人"""
    actual = score.indicator.actual.value
    if isinstance(actual, DateSpan) and actual.first is not None:
        return f"实际于{show_span(actual)}完成"
    return f"实际完成{full_actual(score, figures)}"


def unit_of(score: IndicatorScore) -> str:
    """计量单位, from its column or from the target; '' for none."""
    target = score.indicator.target.value
    return named(score.indicator.unit) or (target.unit or "" if isinstance(target, Number) else "")


def _weight(score: IndicatorScore, figures: Figures) -> str:
    def show(value: Decimal | None) -> str:
        return "未填" if value is None else show_number(value)

    return figures.computed(score.weight, show, lambda: f"填报工作簿「指标」{score.indicator.weight.ref.address} 权重")


def _points(score: IndicatorScore, figures: Figures) -> str:
    return figures.computed(score.score, show_points, lambda: indicator_origin(score))


def indicator_origin(score: IndicatorScore) -> str:
    """The arithmetic, the row it is in and the clause."""
    return f"{score.explanation}；填报工作簿「指标」第{score.indicator.row}行；{score.provenance.words}"
