"""A department's tree: each leaf by its method, else as declared; parents as sums of their rounded leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.numbers import ZERO, show_number, show_points, total
from perfeval.model.regulation import DUTIES, Item, Method
from perfeval.model.scorecard import Basis, ItemScore, Operand, Unit
from perfeval.model.submission import NO, NOT_CONCERNED, ScoreRow
from perfeval.rules.caps import capped
from perfeval.rules.facts import Evidence, Fact, column_sum, figure
from perfeval.rules.items import Declared, computed, not_applicable
from perfeval.rules.numbers import Numbers
from perfeval.rules.render import as_declared, sum_in_words
from perfeval.rules.rounding import rounded


def score_tree(numbers: Numbers) -> tuple[ItemScore, ...]:
    """Every item, in the regulation's order."""
    evidence, regulation = numbers.evidence, numbers.regulation
    scores: dict[str, ItemScore] = {}
    for item in reversed(regulation.items):  # children before parents
        row = _row(item, evidence)
        declared = row.declared if row else None
        if item.is_leaf:
            score = _Leaf(item, declared, numbers).scored(out=_is_out(item, row, evidence))
        else:
            score = sum_of(item, [scores[child.id] for child in regulation.children(item.id)], declared)
        scores[item.id] = capped(score, numbers)
    return tuple(scores[item.id] for item in regulation.items)


def _row(item: Item, evidence: Evidence) -> ScoreRow | None:
    """The item's row of 评分."""
    return evidence.score_rows.get(item.id)


def _is_out(item: Item, row: ScoreRow | None, evidence: Evidence) -> bool:
    """Marked 不涉及: by its own row, else by the nearest item above that says anything."""
    if row is not None and row.applicable.value is not None:
        return row.applicable.value in (NOT_CONCERNED, NO)
    if item.parent is None:
        return False
    parent = evidence.regulation.item(item.parent)
    return _is_out(parent, _row(parent, evidence), evidence)


def sum_of(item: Item, children: Sequence[ItemScore], declared: Declared, subject: str | None = None) -> ItemScore:
    """The sum of what is there; says how many leaves below have no score."""
    points = [child.score for child in children if child.score is not None]
    if not points:
        out = all(child.basis is Basis.NOT_APPLICABLE for child in children)
        basis, words = (Basis.NOT_APPLICABLE, "各项不涉及") if out else (Basis.NOT_SCORED, "下级指标都未评分")
        return ItemScore(item, subject, item.max_points, None, declared, basis, f"{item.name}：{words}")
    score = total(points)
    basis = Basis.NOT_APPLICABLE if all(child.basis is Basis.NOT_APPLICABLE for child in children) else Basis.COMPUTED
    explanation = sum_in_words(item.name, points, score)
    unscored = [child.item.name for child in children if child.basis is Basis.NOT_SCORED]
    if unscored:
        explanation += f"（{'、'.join(unscored)}未评分）"
    lacking = any(child.basis is Basis.NOT_SCORED or child.incomplete for child in children)
    return ItemScore(item, subject, item.max_points, score, declared, basis, explanation, incomplete=lacking)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One leaf on its way to a score; `declared` is its 自评得分 in 评分."""

    item: Item
    declared: Declared
    numbers: Numbers

    def scored(self, *, out: bool) -> ItemScore:
        if out:
            return not_applicable(self.item, self.declared)
        if self.item.method is Method.DECLARED:
            return self._by_declaration()
        found = computed(self.item, self.numbers, self.declared)
        if found is not None:
            return found
        if not self.item.fallback:
            return self._not_scored("没有提供计算所需的数据")
        return self._as_declared("没有提供计算所需的数据，")

    def _by_declaration(self) -> ItemScore:
        """The department's own score; of the item that takes it from 履职, the total there."""
        if DUTIES not in self.item.inputs.values():
            return self._as_declared("")
        duties = self.numbers.evidence.submission.duties
        fact = column_sum(DUTIES, "“履职”自评得分合计", [duty.declared for duty in duties], Unit.POINTS)
        if fact is None:
            return self._as_declared("“履职”表没有完整的自评得分，")
        parts = " + ".join(show_points(duty.declared.value) for duty in duties)
        return self._with_declared(fact, f"“履职”表各项职能自评得分合计 {parts}，")

    def _as_declared(self, why: str) -> ItemScore:
        fact = figure("declared", self.declared, Unit.POINTS) if self.declared else None
        return self._not_scored(f"{why}没有可用的自评得分") if fact is None else self._with_declared(fact, why)

    def _with_declared(self, fact: Fact, why: str) -> ItemScore:
        limit, value = self.item.max_points, fact.value
        if not ZERO <= value <= limit:
            return self._not_scored(f"{why}自评得分 {show_number(value)} 不在 0 到 {show_number(limit)} 分之间")
        score = rounded(value, self.numbers.rounding)
        words = as_declared("单位自评", value, self.numbers.rounding)
        return self._result(score, Basis.DECLARED, f"{why}{words}", fact.operands)

    def _not_scored(self, why: str) -> ItemScore:
        return self._result(None, Basis.NOT_SCORED, f"{why}，未评分")

    def _result(self, score: Decimal | None, basis: Basis, words: str, operands: tuple[Operand, ...] = ()) -> ItemScore:
        return ItemScore(
            self.item, None, self.item.max_points, score, self.declared, basis, f"{self.item.name}：{words}", operands
        )
