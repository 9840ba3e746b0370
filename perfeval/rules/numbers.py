"""The numbers the items of a regulation may name: cells of the form, its inputs, its facts. Each is drawn once."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfeval.model.cells import Cell
from perfeval.model.names import plain_name
from perfeval.model.numbers import ONE, ZERO, show_number, show_rate
from perfeval.model.regulation import Asked, Regulation, Rounding
from perfeval.model.scorecard import FactValue, Operand, Unit
from perfeval.model.submission import NOT_CONCERNED, PROJECT_KIND, YES, Criterion, Project, Supplement
from perfeval.rules.department_facts import AMOUNTS, COUNTS, NUMBERS, PROJECT_NUMBERS, RATES
from perfeval.rules.facts import Evidence, Fact
from perfeval.rules.formula_facts import UNITS, draw_fact
from perfeval.rules.kinds import DATE, TEXT, YES_NO
from perfeval.rules.library import library


def kinds_of(regulation: Regulation) -> dict[str, str]:
    """Every name an item or a formula of the regulation may use, with the kind of number it is."""
    own = {asked.key: asked.kind for asked in regulation.inputs} | {fact.key: fact.kind for fact in regulation.facts}
    return {**built_in_kinds(regulation.kind), **own}


def built_in_kinds(kind: str) -> dict[str, str]:
    """The same of what every regulation has, by 评价类型."""
    if kind == PROJECT_KIND:
        facts = {key: rule.kind for key, rule in library().project_facts.items()}
        return facts | dict.fromkeys(PROJECT_NUMBERS, "amount")
    named = {key: rule.kind for key, rule in library().facts.items()}
    named |= {name: "rate" if name in RATES else "count" if name in COUNTS else "number" for name in NUMBERS}
    return named | dict.fromkeys(AMOUNTS, "amount")


@dataclass
class FormNumbers:
    """The numbers that every regulation of a department has: cells of the form, and the facts of the library."""

    evidence: Evidence
    _drawn: dict[str, Fact | None] = field(default_factory=dict)

    def get(self, name: str) -> Fact | None:
        """The number of that name; None where it is not supplied."""
        if name not in self._drawn:
            rule = library().facts.get(name)
            tables = self.evidence.tables
            self._drawn[name] = draw_fact(rule, self.get, tables) if rule else NUMBERS[name](self.evidence)
        return self._drawn[name]


@dataclass
class Numbers:
    """The numbers of a department, or of one `project` under a project scheme."""

    form: FormNumbers
    regulation: Regulation
    project: Project | None = None
    _drawn: dict[str, Fact | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The facts stand behind those they name, so that each finds its own parts drawn."""
        for rule in self.regulation.facts:
            self._drawn[rule.key] = draw_fact(rule, self.get, self.evidence.tables)

    @property
    def evidence(self) -> Evidence:
        """What they are drawn from."""
        return self.form.evidence

    @property
    def rounding(self) -> Rounding:
        """How the regulation rounds a leaf."""
        return self.regulation.rounding

    @property
    def owner(self) -> str:
        """The project's name as it is compared; "" of a department."""
        return plain_name(self.project.name.value or "") if self.project else ""

    def get(self, name: str) -> Fact | None:
        """The number of that name; None where it is not supplied."""
        if name not in self._drawn:
            self._drawn[name] = self._draw(name)
        return self._drawn[name]

    def facts(self) -> tuple[FactValue, ...]:
        """Those of the regulation's own facts."""
        drawn = ((rule, self._drawn[rule.key]) for rule in self.regulation.facts)
        return tuple(
            FactValue(rule, fact.value, fact.operands, fact.formula) if fact else FactValue(rule, None)
            for rule, fact in drawn
        )

    def is_out(self, name: str) -> bool:
        """Whether a yes_no input was answered 不涉及."""
        filed = self.filed(name)
        return filed is not None and filed.content.value == NOT_CONCERNED

    def filed(self, key: str) -> Supplement | None:
        """The row of 补充数据 of an input."""
        return self.evidence.supplements.get((self.owner, key))

    def criterion(self, item_id: str, text: str) -> Criterion | None:
        """The row of 评分要点 of an item's criterion."""
        return self.evidence.criteria.get((self.owner, plain_name(item_id), plain_name(text)))

    def _draw(self, name: str) -> Fact | None:
        asked = self.regulation.asked(name)
        if asked is not None:
            filed = self.filed(name)
            return _input(asked, filed.content) if filed else None
        if self.project is None:
            return self.form.get(name)
        rule = library().project_facts.get(name)
        return draw_fact(rule, self.get, self.evidence.tables) if rule else PROJECT_NUMBERS[name](self.project)


def _input(asked: Asked, cell: Cell[object]) -> Fact | None:
    value = cell.value
    if value is None or value == NOT_CONCERNED or asked.kind in (DATE, TEXT):
        return None
    number = (ONE if value == YES else ZERO) if asked.kind == YES_NO else Decimal(str(value))
    unit = UNITS.get(asked.kind, Unit.NUMBER)
    shown = f" {show_rate(number) if unit is Unit.RATE else show_number(number)}"
    answer = f"“{value}”" if asked.kind == YES_NO else shown  # 是否公开“是”, 得分率 86.50%
    operand = Operand(asked.key, asked.label, number, unit, (cell.ref,))
    fact = Fact(number, f"{asked.label}{answer}", f"{{{asked.key}}}", (operand,), unit is Unit.RATE)
    return replace(fact, name=asked.label) if fact.is_rate else fact
