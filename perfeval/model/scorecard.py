"""The scored submission: every score with its operands, its arithmetic in words and as a spreadsheet formula."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from perfeval.model.cells import Cell, CellRef
from perfeval.model.frames import Frames
from perfeval.model.regulation import FactRule, Item, Provenance, Regulation
from perfeval.model.submission import PROJECT_KIND, Fund, Indicator, Project


class Basis(StrEnum):
    """How a score came about."""

    COMPUTED = "computed"
    DECLARED = "declared"
    NOT_APPLICABLE = "not_applicable"
    NOT_SCORED = "not_scored"


BASIS_NAMES = {
    Basis.COMPUTED: "计算",
    Basis.DECLARED: "单位自评",
    Basis.NOT_APPLICABLE: "不涉及",
    Basis.NOT_SCORED: "未评分",
}


class Unit(StrEnum):
    """What kind of number an operand is; decides its number format in every document."""

    AMOUNT = "amount"  # 万元
    COUNT = "count"
    POINTS = "points"
    RATE = "rate"  # a fraction, printed in per cent
    NUMBER = "number"  # in the unit the department wrote


@dataclass(frozen=True, slots=True)
class Operand:
    """A number a score or measure is made of.

    `key` is the placeholder it fills in a formula; `cells` the cells it was read or counted from, in the filed workbook
    (several for a sum).
    """

    key: str
    name: str
    value: Decimal
    unit: Unit
    cells: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectMark:
    """One project under a `share` item: True = counts against, False = counts for, None = does not count (不涉及, outside
    the scope)."""

    project: Project
    bad: bool | None


@dataclass(frozen=True, slots=True)
class Capping:
    """The caps of an item or a total whose number is known. `at_most` is the lowest of those that hold, None for none;
    `formula` comes to the limit, live, over its operands."""

    at_most: Decimal | None
    sentence: str  # of the one that counts
    formula: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact of the regulation as it was drawn; None where it is not supplied."""

    rule: FactRule
    value: Decimal | None
    operands: tuple[Operand, ...] = ()
    formula: str = ""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item of the tree, or of one project (`subject`).

    `formula` is spreadsheet arithmetic over the operands' keys in braces, without the leading =
    (`ROUND({max}*{paid}/{plan},2)`), None where the score is declared, fixed or a sum of children (`item.is_leaf`
    says). `declared` is the department's own score with its cell.
    """

    item: Item
    subject: str | None
    max_points: Decimal
    score: Decimal | None
    declared: Cell[Decimal] | None
    basis: Basis
    explanation: str
    operands: tuple[Operand, ...] = ()
    formula: str | None = None
    marks: tuple[ProjectMark, ...] = ()
    uncapped: Decimal | None = None  # the score before a cap that bit
    capping: Capping | None = None
    incomplete: bool = False  # a sum that lacks a part: something below is not scored

    @property
    def sentence(self) -> str:
        """The explanation with its clause, as every document prints it."""
        return f"{self.explanation}（{self.item.provenance.words}）"

    @property
    def difference(self) -> Decimal | None:
        """Declared − computed; None where one of them is missing, or lacks a part."""
        if self.incomplete or self.score is None or self.declared is None or self.declared.value is None:
            return None
        return self.declared.value - self.score

    @property
    def lost(self) -> Decimal:
        """Points not earned; 0 where not scored."""
        return self.max_points - self.score if self.score is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One row of 指标, scored. `nature` is the one used, `nature_assumed` says that it was not filled in.

    `ratio` is actual ÷ target, None where there is none; `met` None where it cannot be known. `weight` is the one used,
    `provenance` that of the rule.
    """

    indicator: Indicator
    nature: str
    nature_assumed: bool
    weight: Decimal | None
    ratio: Decimal | None
    met: bool | None
    score: Decimal | None
    basis: Basis
    explanation: str
    provenance: Provenance
    operands: tuple[Operand, ...] = ()
    formula: str | None = None

    @property
    def sentence(self) -> str:
        """The explanation with its clause, as every document prints it."""
        return f"{self.explanation}（{self.provenance.words}）"

    @property
    def sources(self) -> tuple[Cell[object], ...]:
        """The filed cells the score is made from: 自评得分 where it counts as declared, else 指标值, 实际完成值 and, if it was
        filled in, 权重."""
        filed = self.indicator
        cells: tuple[Cell[object], ...] = (filed.target, filed.actual, filed.weight)
        return (filed.declared,) if self.basis is Basis.DECLARED else tuple(cell for cell in cells if cell.is_read)


@dataclass(frozen=True, slots=True)
class FundRate:
    """One row of 项目资金 and its 执行率, a fraction."""

    fund: Fund
    execution_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectScore:
    """One row of 项目, with its rates (fractions); `total` and `grade` only where the project has indicators that are all
    scored.

    `lacking` says what is missing for a total, '' where there is one or no scheme to count it by.
    """

    project: Project
    execution_rate: Decimal | None
    carryover_rate: Decimal | None
    items: tuple[ItemScore, ...]
    indicators: tuple[IndicatorScore, ...]
    total: Decimal | None
    grade: str | None
    lacking: str = ""
    uncapped_total: Decimal | None = None  # before a cap that bit
    capping: Capping | None = None
    facts: tuple[FactValue, ...] = ()
    rescale_note: str = ""
    funds: tuple[FundRate, ...] = ()


def execution_measure(kind: str | None) -> str:
    """The measure that execution means for a kind of evaluation."""
    return "项目执行率" if kind == PROJECT_KIND else "预算执行率"


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate the report names, as a fraction; None where it cannot be computed. `formula` as in ItemScore."""

    name: str
    value: Decimal | None
    operands: tuple[Operand, ...]
    formula: str

    @property
    def cells(self) -> tuple[CellRef, ...]:
        """Every cell it was computed from."""
        return tuple(ref for operand in self.operands for ref in operand.cells)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A submission under a regulation.

    For 部门整体 `items` is the tree in the regulation's order and `projects` carries the projects' own scores; for 项目支出
    `items` holds every project's items one after another, and `total`, `grade` are None unless there is just one
    project. `frames` are the tables with all that was computed of them.
    """

    regulation: Regulation
    items: tuple[ItemScore, ...]
    indicators: tuple[IndicatorScore, ...]  # every row of 指标, in the sheet's order
    projects: tuple[ProjectScore, ...]
    measures: tuple[Measure, ...]
    total: Decimal | None
    max_points: Decimal
    grade: str | None
    declared_total: Cell[Decimal] | None
    not_scored: int
    frames: Frames = field(compare=False, repr=False)
    rescale_note: str = ""  # says so where not-applicable items were excluded
    uncapped_total: Decimal | None = None  # before a cap that bit
    capping: Capping | None = None
    facts: tuple[FactValue, ...] = ()

    @property
    def whole_total(self) -> Decimal | None:
        """The total where nothing of it is missing."""
        return None if self.not_scored else self.total

    def item(self, item_id: str, subject: str | None = None) -> ItemScore | None:
        """The score of an item; of a project's item with its `subject`."""
        return next((i for i in self.items if i.item.id == item_id and i.subject == subject), None)

    def measure(self, name: str) -> Measure | None:
        """The measure of that name."""
        return next((m for m in self.measures if m.name == name), None)
