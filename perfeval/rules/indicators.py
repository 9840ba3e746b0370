"""Each row of 指标 → its score: reading against reading, explanation and operands."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.frames import Columns, rows_of
from perfeval.model.numbers import ZERO, half_up, show_number, show_points
from perfeval.model.readings import DateSpan, Level, Number, Phrase, Reading, Scale, show_span
from perfeval.model.regulation import IndicatorRules
from perfeval.model.scorecard import Basis, IndicatorScore, Operand, Unit
from perfeval.model.submission import Indicator
from perfeval.rules.deviation import (
    AT_LEAST,
    AT_MOST,
    EQUAL,
    LESS,
    MORE,
    NATURES,
    QUALITATIVE,
    Judgement,
    judge_date,
    judge_number,
    judge_share,
)
from perfeval.rules.facts import Fact, figure
from perfeval.rules.frames import is_usable, same_unit
from perfeval.rules.render import as_declared, as_formula, equation, in_words, keys_of, operands_of
from perfeval.rules.rounding import rounded, rounded_formula

SETTING_OF = {AT_LEAST: "at_least", MORE: "at_least", AT_MOST: "at_most", LESS: "at_most", EQUAL: "equal"}
COMPUTED, NUMBER, POINTS = (
    Basis.COMPUTED,
    Unit.NUMBER,
    Unit.POINTS,
)  # of every row, and Python 3.11 is slow to find them by their class
DEADLINE_NATURES = (QUALITATIVE, AT_MOST, LESS, EQUAL)


def score_indicators(indicators: Columns, rules: IndicatorRules) -> tuple[IndicatorScore, ...]:
    """Every row of the table, in order, by the nature and the weight that count."""
    rows = rows_of(indicators, "nature_used", "nature_assumed", "weight_used", "ratio")
    return tuple(_Row(indicator, rules, *used).scored() for indicator, *used in rows)


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator on its way to a score."""

    indicator: Indicator
    rules: IndicatorRules
    nature: str
    nature_assumed: bool
    weight: Decimal | None
    ratio: Decimal | None

    @property
    def name(self) -> str:
        return self.indicator.name.value or f"第 {self.indicator.row} 行指标"

    def scored(self) -> IndicatorScore:
        target, actual, weight = self.indicator.target.value, self.indicator.actual.value, self.weight
        if weight is None or not is_usable(weight):
            return self._not_scored("没有可用的权重")
        if target is None or actual is None or isinstance(actual, Scale):
            return self._not_scored("没有可用的指标值" if target is None else "没有可用的实际完成值")
        if self.nature not in NATURES:
            return self._not_scored("指标性质无法识别")
        if isinstance(target, Number) and isinstance(actual, Number):
            return self._number(weight, target, actual)
        if isinstance(target, DateSpan) and isinstance(actual, DateSpan):
            return self._date(weight, target, actual)
        return self._words(weight, target, actual)

    def _number(self, weight: Decimal, target: Number, actual: Number) -> IndicatorScore:
        if not same_unit(target, actual):
            return self._not_scored(f"指标值的单位“{target.unit}”与实际完成值的单位“{actual.unit}”不同")
        if self.nature == QUALITATIVE:
            return self._carried("指标性质是“定性”，指标值和实际完成值却是数")
        judged = judge_number(self.nature, weight, target.value, actual.value, self.rules)
        numbers = {"target": self._cell("target", target.value), "actual": self._cell("actual", actual.value)}
        return self._computed(judged, numbers, SETTING_OF[self.nature], self.ratio)

    def _cell(self, key: str, value: Decimal) -> Fact:
        cell = self.indicator.target if key == "target" else self.indicator.actual
        return Fact(value, show_number(value), f"{{{key}}}", (Operand(key, cell.label, value, NUMBER, (cell.ref,)),))

    def _date(self, weight: Decimal, target: DateSpan, actual: DateSpan) -> IndicatorScore:
        late = _days_late(target, actual, strict=self.nature == LESS)
        if late is None or self.nature not in DEADLINE_NATURES:
            return self._carried("不能判断实际完成的日期是否晚于指标值")
        refs = (self.indicator.target.ref, self.indicator.actual.ref)
        days = Fact(Decimal(late), str(late), "{days}", (Operand("days", "逾期天数", Decimal(late), Unit.COUNT, refs),))
        words = {"target": _said(show_span(target)), "actual": _said(show_span(actual))}
        return self._computed(
            judge_date(weight, late, self.rules, strict=self.nature == LESS), {"days": days, **words}, "late"
        )

    def _words(self, weight: Decimal, target: Reading, actual: Reading) -> IndicatorScore:
        level = self._level(target, actual)
        if level is None or not self._takes_words(target):
            return self._carried("实际完成值与指标值不能直接比较")
        if level in self.rules.bands:
            return self._banded(weight, level)
        share, goal = self.rules.scale[level], self.rules.scale.get(target.name) if isinstance(target, Level) else None
        best = max(self.rules.scale.values())
        judged = judge_share(weight, share, met=share >= (goal if goal is not None else best))
        operand = Operand("share", f"等次“{level}”", share, Unit.RATE, (self.indicator.actual.ref,))
        return self._computed(
            judged, {"share": Fact(share, "", "{share}", (operand,)), "actual": _said(level)}, "scale"
        )

    def _takes_words(self, target: Reading) -> bool:
        """Whether a word may answer the target: always under 定性, for a date or a text also under other natures; its own
        words always."""
        if self._is_repeated(target):
            return True
        if isinstance(target, Number):
            return self.nature == QUALITATIVE
        return self.nature in (DEADLINE_NATURES if isinstance(target, DateSpan) else (QUALITATIVE, EQUAL))

    def _level(self, target: Reading, actual: Reading) -> str | None:
        """The level an actual reached: a band's, or one of the scale; repeating the target's words reaches the best
        band."""
        name = actual.name if isinstance(actual, Level) else None
        if name in self.rules.bands:
            return name
        fits = name in target.levels if isinstance(target, Scale) else isinstance(target, Level | Phrase)
        on_scale = fits and name in self.rules.scale
        if (
            self._is_repeated(target)
            and self.rules.bands
            and not (name is not None and on_scale and self.rules.scale[name] == 1)
        ):
            return max(self.rules.bands, key=lambda band: self.rules.bands[band][1])
        return name if on_scale else None

    def _is_repeated(self, target: Reading) -> bool:
        """An actual identical to a target of words (18—54周岁) is 达成, whatever 指标性质 says (docs/开发/填报表.md)."""
        return isinstance(target, Level | Phrase) and self.indicator.actual.raw == self.indicator.target.raw

    def _banded(self, weight: Decimal, level: str) -> IndicatorScore:
        """The declared score inside the level's band counts; the best band without one is full."""
        low, high = (half_up(share * weight) for share in self.rules.bands[level])
        best, declared = self.rules.bands[level][1] == 1, self.indicator.declared
        span = f"{show_points(low)} 到 {show_points(high)} 分"
        if declared.value is None:
            if best and declared.is_blank:
                full = Judgement(weight, True, f"{{weight}} × 100%（实际为“{level}”）", "{weight}")
                return self._computed(full, {}, "bands")
            return self._not_scored(f"实际为“{level}”，应在 {span}之间自评，而没有可用的自评得分", "bands", met=best)
        if not low <= declared.value <= high:
            return self._not_scored(
                f"实际为“{level}”，自评得分 {show_number(declared.value)} 不在 {span}之间", "bands", met=best
            )
        return self._declared(declared, f"实际为“{level}”，自评得分在 {span}之间", "bands", met=best)

    def _carried(self, why: str) -> IndicatorScore:
        """What cannot be compared counts as the department declared it, if it did."""
        declared, weight = self.indicator.declared, self.weight
        if declared.value is None or weight is None or not ZERO <= declared.value <= weight:
            return self._not_scored(why)
        return self._declared(declared, why)

    def _declared(self, cell: Cell[Decimal], why: str, setting: str = "", met: bool | None = None) -> IndicatorScore:
        declared = figure("declared", cell, Unit.POINTS)
        assert declared is not None, "asked before"
        score = rounded(declared.value, self.rules.rounding)
        words = f"{self.name}：{why}，{as_declared('自评得分', declared.value, self.rules.rounding)}"
        return self._result(score, met, Basis.DECLARED, words, setting, operands=declared.operands)

    def _not_scored(self, why: str, setting: str = "", met: bool | None = None) -> IndicatorScore:
        return self._result(None, met, Basis.NOT_SCORED, f"{self.name}：{why}，未评分", setting)

    def _computed(
        self, judged: Judgement, facts: Mapping[str, Fact], setting: str, ratio: Decimal | None = None
    ) -> IndicatorScore:
        cell = self.indicator.weight
        weight = self.weight or ZERO
        points = Fact(
            weight,
            show_number(weight),
            "{weight}",
            (Operand("weight", "权重", weight, POINTS, (cell.ref,) if cell.is_read else ()),),
        )
        all_facts = {"weight": points, **facts}
        score = rounded(judged.score, self.rules.rounding)
        sentence = equation(self.name, in_words(judged.arithmetic, all_facts), judged.score, self.rules.rounding)
        if cell.is_blank:
            sentence += f"（权重没有填，按平均分配计 {show_number(weight)}）"
        formula = rounded_formula(as_formula(judged.formula, all_facts), self.rules.rounding)
        used = keys_of(judged.formula)
        operands = operands_of(fact for key, fact in all_facts.items() if key in used)
        return self._result(score, judged.met, COMPUTED, sentence, setting, ratio, operands, formula)

    def _result(
        self,
        score: Decimal | None,
        met: bool | None,
        basis: Basis,
        explanation: str,
        setting: str,
        ratio: Decimal | None = None,
        operands: tuple[Operand, ...] = (),
        formula: str | None = None,
    ) -> IndicatorScore:
        provenance = self.rules.provenance_of(setting)
        return IndicatorScore(
            self.indicator,
            self.nature,
            self.nature_assumed,
            self.weight,
            ratio,
            met,
            score,
            basis,
            explanation,
            provenance,
            operands,
            formula,
        )


def _said(words: str) -> Fact:
    """Words of a sentence that are no number."""
    return Fact(ZERO, words, "", ())


def _days_late(target: DateSpan, actual: DateSpan, *, strict: bool) -> int | None:
    """How many days after the target's last day the actual ended, 0 or less on time; None where the actual may be
    either."""
    late = (actual.last - target.last).days + (1 if strict else 0)
    if late <= 0:
        return late
    began = actual.first
    certain = began is not None and (began >= target.last if strict else began > target.last)
    return late if certain else None
