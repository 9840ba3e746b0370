"""A department's tree: each leaf by its method, else as declared; parents as sums of their rounded leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.model.numbers import ZERO, show_number, show_points, total
from perfeval.model.regulation import DUTIES, Item, Method, NotApplicable
from perfeval.model.scorecard import Basis, ItemScore, Operand, Unit
from perfeval.model.submission import NO, NOT_CONCERNED, ScoreRow
from perfeval.rules.department_facts import NUMBERS
from perfeval.rules.facts import Evidence, Fact, column_sum, figure
from perfeval.rules.items import Declared, compute, compute_share
from perfeval.rules.render import as_declared
from perfeval.rules.rounding import rounded

NOT_APPLICABLE_WORDS = {
    NotApplicable.FULL: "不涉及，按规定计满分 {points} 分",
    NotApplicable.ZERO: "不涉及，按规定计 0 分",
    NotApplicable.EXCLUDE_AND_RESCALE: "不涉及，按规定不计分，总分按其余指标折算",
}


def score_tree(evidence: Evidence) -> tuple[ItemScore, ...]:
    """Every item, in the regulation's order."""
    regulation = evidence.regulation
    scores: dict[str, ItemScore] = {}
    for item in reversed(regulation.items):  # children before parents
        row = _row(item, evidence)
        declared = row.declared if row else None
        if item.is_leaf:
            scores[item.id] = _Leaf(item, declared, evidence).scored(out=_is_out(item, row, evidence))
        else:
            scores[item.id] = _parent(item, declared, [scores[child.id] for child in regulation.children(item.id)])
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


def _parent(item: Item, declared: Declared, children: Sequence[ItemScore]) -> ItemScore:
    """The sum of what is there; says how many leaves below have no score."""
    points = [child.score for child in children if child.score is not None]
    if not points:
        out = all(child.basis is Basis.NOT_APPLICABLE for child in children)
        basis, words = (Basis.NOT_APPLICABLE, "各项不涉及") if out else (Basis.NOT_SCORED, "下级指标都未评分")
        return ItemScore(item, None, item.max_points, None, declared, basis, f"{item.name}：{words}")
    score = total(points)
    basis = Basis.NOT_APPLICABLE if all(child.basis is Basis.NOT_APPLICABLE for child in children) else Basis.COMPUTED
    explanation = f"{item.name} = {' + '.join(show_points(p) for p in points)} = {show_points(score)} 分"
    unscored = [child.item.name for child in children if child.basis is Basis.NOT_SCORED]
    if unscored:
        explanation += f"（{'、'.join(unscored)}未评分）"
    lacking = any(child.basis is Basis.NOT_SCORED or child.incomplete for child in children)
    return ItemScore(item, None, item.max_points, score, declared, basis, explanation, incomplete=lacking)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One leaf on its way to a score; `declared` is its 自评得分 in 评分."""

    item: Item
    declared: Declared
    evidence: Evidence

    def scored(self, *, out: bool) -> ItemScore:
        if out:
            return self._not_applicable()
        if self.item.method is Method.DECLARED:
            return self._by_declaration()
        computed = self._computed()
        if computed is not None:
            return computed
        if not self.item.fallback:
            return self._not_scored("没有提供计算所需的数据")
        return self._as_declared("没有提供计算所需的数据，")

    def _computed(self) -> ItemScore | None:
        if self.item.method is Method.SHARE:
            return compute_share(self.item, self.evidence, self.declared)
        facts = {role: NUMBERS[name](self.evidence) for role, name in self.item.inputs.items()}
        return compute(self.item, facts, self.evidence.regulation.rounding, self.declared)

    def _not_applicable(self) -> ItemScore:
        policy = self.item.not_applicable
        score = {NotApplicable.FULL: self.item.max_points, NotApplicable.ZERO: ZERO}.get(policy)
        return self._result(
            score, Basis.NOT_APPLICABLE, NOT_APPLICABLE_WORDS[policy].format(points=show_points(self.item.max_points))
        )

    def _by_declaration(self) -> ItemScore:
        """The department's own score; of the item that takes it from 履职, the total there."""
        if DUTIES not in self.item.inputs.values():
            return self._as_declared("")
        duties = self.evidence.submission.duties
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
        score = rounded(value, self.evidence.regulation.rounding)
        words = as_declared("单位自评", value, self.evidence.regulation.rounding)
        return self._result(score, Basis.DECLARED, f"{why}{words}", fact.operands)

    def _not_scored(self, why: str) -> ItemScore:
        return self._result(None, Basis.NOT_SCORED, f"{why}，未评分")

    def _result(self, score: Decimal | None, basis: Basis, words: str, operands: tuple[Operand, ...] = ()) -> ItemScore:
        return ItemScore(
            self.item, None, self.item.max_points, score, self.declared, basis, f"{self.item.name}：{words}", operands
        )
