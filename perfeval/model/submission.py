"""What a department filed: one frozen entity for each row of the form, each field a `Cell` with its place.

Field names are the keys of the form declaration (`model/form.py`); a test holds the two together. Amounts are 万元.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.money_units import WAN
from perfeval.model.numbers import ZERO, total
from perfeval.model.readings import Reading

DEPARTMENT_KIND = "部门整体"
PROJECT_KIND = "项目支出"
WHOLE_DEPARTMENT = "部门整体"  # 适用对象 of the indicators that make the annex
YES, NO, NOT_CONCERNED = "是", "否", "不涉及"
PARTLY = "部分"  # of a criterion: it holds in part

Text = Cell[str]
Amount = Cell[Decimal]
Count = Cell[int]
Day = Cell[date]


@dataclass(frozen=True, slots=True)
class Source:
    """The filed file: its path relative to the input folder, with /, and the sha256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Basic:
    """基本情况"""

    kind: Text
    department: Text
    short_name: Text
    budget_code: Text
    region: Text
    year: Count
    regulation: Text  # the bare id
    nature: Text  # 机构性质
    rank: Text
    plates: Text
    offices: Text
    administrative_posts: Count
    worker_posts: Count
    institution_posts: Count
    staff: Count
    annual_goal: Text
    filler: Text
    phone: Text
    reviewer: Text
    data_cutoff: Day
    filing_date: Day
    money_unit: Text  # as stated; every amount of a Submission is 万元 all the same


@dataclass(frozen=True, slots=True)
class Function:
    """机构职能, one row"""

    row: int
    number: Text
    content: Text


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of 收支"""

    initial: Amount
    adjusted: Amount
    final: Amount
    note: Text


@dataclass(frozen=True, slots=True)
class Money:
    """收支"""

    income_total: MoneyRow
    appropriation: MoneyRow
    opening_carryover: MoneyRow
    unit_funds: MoneyRow
    other_funds: MoneyRow
    expenditure_total: MoneyRow
    basic_expenditure: MoneyRow
    project_expenditure: MoneyRow
    spent_from_appropriation: MoneyRow
    spent_from_carryover: MoneyRow
    spent_from_unit_funds: MoneyRow
    spent_from_other_funds: MoneyRow
    taken_back: MoneyRow
    closing_carryover: MoneyRow
    plan_issued: MoneyRow
    paid: MoneyRow
    annex_total: MoneyRow

    @property
    def has_all_sources(self) -> bool:
        """Whether the workbook has the rows of template 1.2: only then the sources have to come to 支出合计."""
        rows = (self.spent_from_unit_funds, self.spent_from_other_funds)
        return all(row.note.state is not State.ABSENT for row in rows)

    def spent_from_elsewhere(self, column: str) -> Decimal:
        """What 支出合计 holds beyond the two sources an older workbook names; 0 where that is not known."""
        rows = (self.expenditure_total, self.spent_from_appropriation, self.spent_from_carryover)
        amounts: list[Amount] = [getattr(row, column) for row in rows]
        whole, *named = [cell.value for cell in amounts if cell.value is not None] or [ZERO]
        complete = len(named) == len(rows) - 1
        return max(ZERO, whole - total(named)) if complete and not self.has_all_sources else ZERO


@dataclass(frozen=True, slots=True)
class CutRow:
    """One row of 压减"""

    previous: Amount
    current: Amount
    note: Text


@dataclass(frozen=True, slots=True)
class Cut:
    """压减: 一般性支出 of last year and this year"""

    initial_budget: CutRow
    executed: CutRow


@dataclass(frozen=True, slots=True)
class ControlledItem:
    """控制支出, one row"""

    row: int
    name: Text
    budget: Amount
    executed: Amount
    note: Text


@dataclass(frozen=True, slots=True)
class Progress:
    """支出进度, one row: what was spent up to the end of a month (1…12)"""

    row: int
    month: Count
    spent: Amount
    note: Text


@dataclass(frozen=True, slots=True)
class ManagementRow:
    """One row of 管理数据; amounts in 万元, reports counted"""

    value: Amount
    note: Text


@dataclass(frozen=True, slots=True)
class Management:
    """管理数据; blank = not supplied"""

    asset_system_value: ManagementRow
    asset_ledger_value: ManagementRow
    reports_due: ManagementRow
    reports_on_time: ManagementRow
    procurement_budget: ManagementRow
    procurement_actual: ManagementRow
    procurement_small_firms: ManagementRow


@dataclass(frozen=True, slots=True)
class Duty:
    """履职, one row"""

    row: int
    name: Text
    max_points: Amount
    achievement: Text
    declared: Amount
    deduction_reason: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class DutyDatum:
    """履职数据, one row; `completion_rate` is a fraction"""

    row: int
    duty: Text
    name: Text
    parent: Text
    planned: Amount
    completed: Amount
    completion_rate: Amount
    unit: Text


@dataclass(frozen=True, slots=True)
class Project:
    """项目, one row"""

    row: int
    code: Text
    name: Text
    type: Text
    content: Text
    initial_budget: Amount
    adjusted_budget: Amount
    executed: Amount
    taken_back: Amount
    entry_date: Day
    ex_ante_evaluated: Text
    spending_on_purpose: Text
    adjustment_needed: Text
    adjustment_taken: Text
    quantity_met: Text
    goal_deviated: Text
    benefit_full: Text
    declared: Amount
    deviation_reason: Text
    improvement: Text
    execution_declared: Amount
    authority: Text
    implementer: Text
    annual_goal: Text
    goal_reached: Text


@dataclass(frozen=True, slots=True)
class Fund:
    """项目资金, one row: what a project has from one source"""

    row: int
    project: Text
    source: Text
    initial_budget: Amount
    adjusted_budget: Amount
    executed: Amount


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标, one row. `nature` is one of ≥ ≤ = > < 定性, or blank; `name` (三级指标) as written."""

    row: int
    subject: Text
    level1: Text
    level2: Text
    name: Text
    nature: Text
    target: Cell[Reading]
    unit: Text
    weight: Amount
    actual: Cell[Reading]
    declared: Amount
    deviation_reason: Text
    improvement: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """评分, one row"""

    row: int
    item_id: Text
    item_name: Text
    level: Text
    max_points: Amount
    applicable: Text
    declared: Amount
    basis: Text
    deduction_reason: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class ReportText:
    """报告文字, one row"""

    row: int
    chapter: Text
    content: Text


@dataclass(frozen=True, slots=True)
class Problem:
    """问题与建议, one row"""

    row: int
    number: Text
    problem: Text
    suggestion: Text
    responsible: Text
    deadline: Text


@dataclass(frozen=True, slots=True)
class Supplement:
    """补充数据, one row; `key` and `kind` are those of the regulation's input, `content` typed as it says."""

    row: int
    key: str
    subject: Text
    content: Cell[Any]
    source: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """评分要点, one row"""

    row: int
    subject: Text
    item_id: Text
    item_name: Text
    text: Text
    points: Amount
    answer: Text
    score: Amount
    basis: Text


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole filed workbook.

    A missing sheet leaves its tables empty and its label cells ABSENT, and is named in `absent_sheets`. `headers` gives
    the header cell of (sheet, column key) for findings that are there. Rows that are wholly blank are not in the
    tables; a row with one unreadable cell is.
    """

    source: Source
    basic: Basic
    functions: tuple[Function, ...]
    money: Money
    cut: Cut
    controlled_items: tuple[ControlledItem, ...]
    progress: tuple[Progress, ...]
    management: Management
    duties: tuple[Duty, ...]
    duty_data: tuple[DutyDatum, ...]
    projects: tuple[Project, ...]
    indicators: tuple[Indicator, ...]
    scores: tuple[ScoreRow, ...]
    grand_total: Cell[Decimal]  # 综合得分, the last row of 评分
    texts: tuple[ReportText, ...]
    problems: tuple[Problem, ...]
    absent_sheets: frozenset[str]
    headers: Mapping[tuple[str, str], CellRef]
    template_id: str = ""
    template_version: str = ""
    supplements: tuple[Supplement, ...] = ()  # those the regulation asks for
    criteria: tuple[Criterion, ...] = ()
    funds: tuple[Fund, ...] = ()
    is_prefilled: bool = False  # it was begun by `perfeval prefill`
    withheld: frozenset[CellRef] = frozenset()  # marked 不公开: columns (row 0) and labelled rows (column 0)

    @property
    def is_project_kind(self) -> bool:
        """Whether only projects are evaluated (项目支出), not a whole department."""
        return self.basic.kind.value == PROJECT_KIND

    @property
    def money_unit(self) -> str:
        """The unit the workbook's amounts are typed in: 万元 where it does not say."""
        return self.basic.money_unit.value or WAN

    def indicators_of(self, subject: str) -> tuple[Indicator, ...]:
        """The indicators whose 适用对象 is `subject`: 部门整体 or a 项目名称."""
        return tuple(i for i in self.indicators if i.subject.value == subject)

    def text(self, chapter: str) -> str:
        """The paragraphs filed for a chapter of 报告文字, joined by line breaks; '' where none."""
        found = (t.content.value for t in self.texts if t.chapter.value == chapter)
        return "\n".join(content for content in found if content)
