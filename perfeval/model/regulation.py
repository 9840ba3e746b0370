"""A regulation (指标体系) as values: items, indicator rules, grades, thresholds, each with clause and confidence.

Loaded from TOML by `rules/load.py`; nothing in here knows a year, a region, a weight or a threshold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from perfeval.model.formula import Comparison, Node

DUTIES = "duties"  # the declared source of the item that takes its score from 履职


class Confidence(StrEnum):
    """How sure we are of a rule."""

    READ = "已核"  # read in the document
    INFERRED = "推定"  # follows from published figures
    UNCONFIRMED = "待核"  # a default nobody has confirmed


class NotApplicable(StrEnum):
    """What an item marked 不涉及 scores."""

    FULL = "full"
    EXCLUDE_AND_RESCALE = "exclude_and_rescale"
    ZERO = "zero"


class Rounding(StrEnum):
    """How a leaf's score is rounded."""

    HALF_UP_2 = "half_up_2"
    HALF_UP_1 = "half_up_1"
    INTEGER = "integer"
    FLOOR_1 = "floor_1"


ROUNDING_NAMES = {
    Rounding.HALF_UP_2: "四舍五入到两位小数", Rounding.HALF_UP_1: "四舍五入到一位小数", Rounding.INTEGER: "四舍五入到整数",
    Rounding.FLOOR_1: "截到一位小数",
}  # fmt: skip


class Method(StrEnum):
    """The closed vocabulary of scoring methods (docs/开发/评分规则.md)."""

    YES_NO = "yes_no"
    GRADED = "graded"
    RATIO = "ratio"
    DEDUCT_MISSING = "deduct_missing"
    FULL_VALUE = "full_value"
    ACCUMULATE = "accumulate"
    SHARE = "share"
    CRITERIA = "criteria"
    STEP_DEDUCT = "step_deduct"
    ONE_OF = "one_of"
    DECLARED = "declared"


METHOD_NAMES = {
    Method.YES_NO: "是否评分",
    Method.GRADED: "分级评分",
    Method.RATIO: "比率分值",
    Method.DEDUCT_MISSING: "缺项扣分",
    Method.FULL_VALUE: "满意值赋分",
    Method.ACCUMULATE: "按数累加",
    Method.SHARE: "项目占比",
    Method.CRITERIA: "要点计分",
    Method.STEP_DEDUCT: "超标扣分",
    Method.ONE_OF: "择一计分",
    Method.DECLARED: "单位自评",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a rule is and how sure we are of it."""

    clause: str
    confidence: Confidence

    @property
    def words(self) -> str:
        """The citation behind a sentence: 根据财预〔2020〕10号 where it was read, 参照…推定 where it follows from published
        figures; a default is no rule of a document: 条款待核."""
        if self.is_unconfirmed or self.clause == Confidence.UNCONFIRMED:
            return "推定，条款待核" if self.confidence is Confidence.INFERRED else "条款待核"
        return f"根据{self.clause}" if self.confidence is Confidence.READ else f"参照{self.clause}推定"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nobody has confirmed the rule."""
        return self.confidence is Confidence.UNCONFIRMED


UNKNOWN = Provenance(str(Confidence.UNCONFIRMED), Confidence.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the ways an item of 择一计分 may be scored."""

    method: Method
    inputs: Mapping[str, str]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One node of the tree. A parent has no method: it is the sum of its children. `level` counts from 1 (A, B)."""

    id: str
    name: str
    parent: str | None
    level: int
    max_points: Decimal
    method: Method | None
    provenance: Provenance
    inputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    fallback: bool = True  # falls back to the declared score where its inputs were not supplied
    not_applicable: NotApplicable = NotApplicable.FULL
    remark: str = ""
    alternatives: tuple[Alternative, ...] = ()  # of one_of
    share: Decimal | None = None  # the part of its parent in per cent, where that states its points so
    shares_out: bool = False  # whether its own children state theirs so

    @property
    def is_leaf(self) -> bool:
        """Whether it is scored itself."""
        return self.method is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """A number, date or word that the form asks for besides its own sheets: one row of 补充数据."""

    key: str
    label: str
    kind: str  # amount | count | number | rate | yes_no | date | text
    unit: str
    required: bool
    help: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class FactRule:
    """A number drawn from data, inputs and other facts. `when_divisor_zero` None: then it is not supplied."""

    key: str
    label: str
    formula: str
    tree: Node
    kind: str  # rate | amount | count | number
    when_divisor_zero: Decimal | None
    printed: int  # decimals of the rate in per cent, or of the number
    provenance: Provenance
    words: str = ""  # how a sentence names it, {} being the number; else by its label
    above_zero: bool = False  # whether a divisor below 0 leaves it not supplied


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """What a project falls short of, for 项目占比. `among` keeps those that count; where 指标 lists
    indicators of the kind `indicators` for a project, these decide."""

    key: str
    words: str
    bad: Comparison
    among: Comparison | None
    indicators: str
    stated: bool = False  # whether texts state how many fall short: N个项目 and the words


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit of the total or of an item where a number lies within bounds. `bounds`: from, above, up_to, below →
    number."""

    on: str  # total, or an item's id
    at_most: Decimal
    input: str
    bounds: Mapping[str, Decimal]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report: the items it reports, and whether the projects are reported there."""

    title: str
    items: tuple[str, ...]
    projects: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """How the report is called and divided; what is "" or () is as usual."""

    report: str = ""  # 部门整体绩效自评报告
    projects: str = ""  # the title of the section on projects, where no other reports them
    sections: tuple[Section, ...] = ()  # () = one for each of the highest items


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A grade and the lowest total that earns it, included."""

    name: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class OverFulfilment:
    """What happens to an indicator whose actual ÷ target passes `above` or stays under `below`; first match wins."""

    action: str  # explain | zero | scale | deduct
    above: Decimal | None = None
    below: Decimal | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The split of the indicator weights over the 一级指标, e.g. 产出指标 50; one of several accepted splits."""

    weights: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class IndicatorRules:
    """How 指标值 against 实际完成值 is scored."""

    weight_sum: Decimal
    at_least: str  # ratio
    at_most: str  # ratio | linear
    equal: str  # as_up | symmetric | exact
    late: str  # zero | proportional
    late_days: Decimal | None  # T of max(0, 1 − days/T)
    scale: Mapping[str, Decimal]  # 优 → 1.0 …
    bands: Mapping[str, tuple[Decimal, Decimal]]  # 达成 → (0.8, 1.0): lowest and highest share of the weight
    over_fulfilment: tuple[OverFulfilment, ...]
    splits: tuple[Block, ...]
    blank_weight: str  # error | equal_in_group
    rounding: Rounding
    provenance: Provenance
    notes: Mapping[str, Provenance] = field(default_factory=dict)  # per setting, where it differs

    def provenance_of(self, setting: str) -> Provenance:
        """That of one setting."""
        return self.notes.get(setting, self.provenance)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit a check asks about: a number, or a date of the year (month, day, year offset)."""

    value: Decimal
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day counted from the evaluation year: 30 September of the year before is (9, 30, −1)."""

    month: int
    day: int
    year_offset: int
    provenance: Provenance

    def in_year(self, year: int) -> date:
        """The calendar day for evaluation year `year`."""
        return date(year + self.year_offset, self.month, self.day)


@dataclass(frozen=True, slots=True)
class ProgressMark:
    """The share of the adjusted budget that should be spent by the end of a month."""

    month: int
    share: Decimal
    provenance: Provenance = UNKNOWN


@dataclass(frozen=True, slots=True)
class Regulation:
    """One issued scheme. `project_regulation` scores the projects' (and a department's annex) indicators."""

    id: str
    title: str
    issuer: str
    document_number: str
    kind: str  # 部门整体 | 项目支出
    effective_from: date | None
    effective_to: date | None
    items: tuple[Item, ...]  # in the document's order, parents before children
    grades: tuple[GradeBand, ...]  # best first
    indicators: IndicatorRules
    rounding: Rounding
    thresholds: Mapping[str, Threshold]
    entry_deadline: YearDay | None
    progress_marks: tuple[ProgressMark, ...]
    severities: Mapping[str, str]  # finding code → error | question | notice
    provenance: Provenance
    source_note: str
    project_regulation: "Regulation | None" = None
    inputs: tuple[Asked, ...] = ()
    facts: tuple[FactRule, ...] = ()
    caps: tuple[Cap, ...] = ()
    shares_out: bool = False  # whether its topmost items state their points in per cent of 100
    deduction_column: bool = False
    region: str = ""  # the 行政区划 it is for; "" = anywhere
    outline: Outline = Outline()
    document: str = ""  # the name of the file it quotes, 《…》

    def is_over(self, year: int | None) -> bool:
        """Whether an evaluation year is past its last."""
        return year is not None and self.effective_to is not None and year > self.effective_to.year

    def item(self, item_id: str) -> Item:
        """The item of that id. Raises KeyError."""
        return next((i for i in self.items if i.id == item_id), None) or self._unknown(item_id)

    def _unknown(self, item_id: str) -> Item:
        raise KeyError(item_id)

    def children(self, item_id: str | None) -> tuple[Item, ...]:
        """The items directly below; of None, the highest ones."""
        return tuple(i for i in self.items if i.parent == item_id)

    def leaves(self) -> tuple[Item, ...]:
        """The items that are scored themselves."""
        return tuple(i for i in self.items if i.is_leaf)

    def asked(self, key: str) -> Asked | None:
        """The input of that key."""
        return next((asked for asked in self.inputs if asked.key == key), None)

    @property
    def own_labels(self) -> dict[str, str]:
        """The labels of its own inputs and facts, by key."""
        return {a.key: a.label for a in self.inputs} | {f.key: f.label for f in self.facts}

    @property
    def judged(self) -> tuple[Item, ...]:
        """The items that are scored by 评分要点."""
        return tuple(item for item in self.items if item.method is Method.CRITERIA)

    @property
    def duty_item(self) -> Item | None:
        """The leaf that takes its score from the sheet 履职; None where the regulation has none."""
        return next((item for item in self.leaves() if DUTIES in item.inputs.values()), None)

    def threshold(self, name: str) -> Decimal | None:
        """The limit of that name, or None where the regulation sets none: then nothing is asked of it."""
        found = self.thresholds.get(name)
        return found.value if found else None

    def grade(self, score: Decimal) -> str:
        """The grade of a total; the lower bound is included."""
        return next((band.name for band in self.grades if score >= band.lower), self.grades[-1].name)
