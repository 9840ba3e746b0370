"""The readings of several sources → one value a cell; what two of them say differently is taken from neither."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfeval.model.form import FORM, FUNDS, GRAND_TOTAL_LABEL, PROJECTS, SCORES, Kind, sheets_for
from perfeval.model.names import plain_name
from perfeval.model.numbers import Interval, places, show_number, sum_agrees
from perfeval.model.regulation import Regulation
from perfeval.prefill.values import Content, Question, Reading, Record, Value

CONFLICT = "几个来源不一致，都没有读入：{all}。请核对后自己填。"
OTHER_YEAR = "写明是 {found} 年度的，不是 {year} 年度，没有读入。"
NOT_LAST_YEAR = "是 {found} 年度的填报表，不是上年（{year} 年度）的，没有读入。"
NO_SHEET = "{kind}的填报表没有“{sheet}”表，没有读入。"
NO_ITEM = "所选的指标体系里没有这个名称的末级指标，没有读入；请核对指标体系，或者自己填到对应的指标。"
OTHER_POINTS = "原表分值 {found}，指标体系分值 {expected}，不是同一个口径，没有读入；请自己填。"
TWO_NAMES = "同一个编码有几个项目名称（{names}），按几个项目读入；是同一个项目的请合并成一行。"
OTHER_SUM = (
    "各资金来源相加与“项目”表读入的数不一致，或者“项目”表没有读入这个数，“项目资金”没有读入；要填的请核对后自己填。"
)
LABELS = {sheet.key: sheet for sheet in FORM}
Key = tuple[str, Record, str]


@dataclass(slots=True)
class Gathered:
    """What goes into the workbook: the records of each sheet in order, the values by sheet, record and column, and what
    was not taken."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    values: dict[Key, Value] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    asked: set[Key] = field(default_factory=set)  # cells that sources disagree about


def gather(readings: Sequence[Reading], kind: str, regulation: Regulation, year: int | None) -> Gathered:
    """One value a cell, of the sources that are of this year; last year's workbook gives what they do not say."""
    found = Gathered()
    for last_year in (False, True):
        chosen = [reading for reading in readings if (reading.last_year is not None) == last_year]
        said: dict[Key, list[Value]] = {}
        for reading in _of_year(chosen, year, found.questions):
            found.questions += reading.questions
            for value in _fitting(reading.values, kind, regulation, found.questions):
                said.setdefault((value.sheet, _identity(value), value.column), []).append(value)
        for key, values in said.items():
            _settle(found, key, values)
    found.questions += [*_two_names(found), *_unproved_funds(found)]
    return found


def _of_year(readings: Iterable[Reading], year: int | None, questions: list[Question]) -> Iterator[Reading]:
    """Those of the year that is filed for, of our own workbooks that of the year before; both where it does not say."""
    for reading in readings:
        years = {reading.last_year + 1} if reading.last_year else set(reading.years)
        if year is None or not years or year in years:
            yield reading
            continue
        why = NOT_LAST_YEAR.format(found=reading.last_year, year=year - 1)
        if reading.last_year is None:
            why = OTHER_YEAR.format(found="、".join(map(str, sorted(reading.years))), year=year)
        questions.append(Question("全部内容", "、".join(reading.forms), reading.file, "", why))


def _identity(value: Value) -> Record:
    """What a record is known by: names as they are compared."""
    return tuple(map(plain_name, value.record))


def _settle(found: Gathered, key: Key, values: Sequence[Value]) -> None:
    """Takes what all sources say alike; asks where they differ. What was settled before stays."""
    records = found.records.setdefault(key[0], [])
    if key[1] not in records:
        records.append(key[1])
    if key in found.values or key in found.asked:
        return
    if len({_comparable(value.value) for value in values}) == 1:
        found.values[key] = values[0]
        return
    if (closest := _rounded(values)) is not None:
        found.values[key] = closest
        return
    found.asked.add(key)
    distinct = {_comparable(value.value): value for value in reversed(values)}
    shown = [f"{_shown(v.value)}（{v.file} {v.place}）" for v in reversed(list(distinct.values()))]
    why = CONFLICT.format(all="；".join(shown))
    first = values[0]
    raw = "、".join(_shown(v.value) for v in reversed(list(distinct.values())))
    found.questions.append(Question(_what(first), raw, first.file, first.place, why))


def _rounded(values: Sequence[Value]) -> Value | None:
    """The most exact of several amounts where the others are that one, rounded; None where they are not."""
    amounts = [(value, value.value) for value in values if isinstance(value.value, Decimal)]
    if len(amounts) < len(values):
        return None
    best, exact = max(amounts, key=lambda pair: places(pair[1]))
    if all(Interval.printed(amount).low <= exact <= Interval.printed(amount).high for _, amount in amounts):
        others = "、".join(sorted({value.file for value, amount in amounts if amount != exact}))
        return replace(best, note="；".join(filter(None, (best.note, f"{others} 中的数是它的四舍五入"))))
    return None


def _comparable(content: Content) -> Content:
    return content if isinstance(content, Decimal) else plain_name(content)


def _shown(content: Content) -> str:
    return show_number(content) if isinstance(content, Decimal) else content


def _what(value: Value) -> str:
    """项目“城区路灯节能改造” 执行数"""
    sheet = LABELS[value.sheet]
    name = next((part for part in value.record[:2] if part), "")
    row = next((row.label for row in sheet.rows if row.key == name), f"“{name}”" if name else "")
    return f"{sheet.name}{row} {sheet.field(value.column).label}"


def _fitting(values: Iterable[Value], kind: str, regulation: Regulation, questions: list[Question]) -> Iterator[Value]:
    """The values that have a cell in a workbook of that kind; of 评分 those of the regulation's leaves."""
    sheets = {sheet.key for sheet in sheets_for(kind)}
    refused: set[tuple[str, str]] = set()
    leaves = _Leaves(regulation)
    for value in values:
        if value.sheet not in sheets:
            if (value.sheet, value.file) not in refused:
                refused.add((value.sheet, value.file))
                why = NO_SHEET.format(kind=kind, sheet=LABELS[value.sheet].name)
                questions.append(Question(LABELS[value.sheet].name, value.raw, value.file, value.place, why))
        elif value.sheet != SCORES.key:
            yield value
        elif value.column == "max_points":
            leaves.compare(value, questions)
        elif (item := leaves.item_of(value, questions)) is not None:
            yield Value(value.sheet, (item,), *_rest(value))


def _rest(value: Value) -> tuple[str, Content, str, str, str, str]:
    return value.column, value.value, value.raw, value.file, value.place, value.note


class _Leaves:
    """The leaves of a regulation by their names; those whose points another form states otherwise are left out."""

    def __init__(self, regulation: Regulation) -> None:
        leaves = list(regulation.leaves())
        names = [plain_name(leaf.name) for leaf in leaves]
        self._leaves = {n: leaf for n, leaf in zip(names, leaves, strict=True) if names.count(n) == 1}
        self._parents = {plain_name(item.name) for item in regulation.items} - set(names)
        self._out: set[str] = set()

    def compare(self, value: Value, questions: list[Question]) -> None:
        """Points of the form against those of the regulation."""
        name = plain_name(value.record[0])
        leaf = self._leaves.get(name)
        if leaf is None or leaf.max_points == value.value:
            return
        self._out.add(name)
        why = OTHER_POINTS.format(found=_shown(value.value), expected=show_number(leaf.max_points))
        questions.append(Question(f"评分“{value.record[0]}”", value.raw, value.file, value.place, why))

    def item_of(self, value: Value, questions: list[Question]) -> str | None:
        """The id of the item a name is of, the name itself of 综合得分; None where there is none, which is asked
        once."""
        name = plain_name(value.record[0])
        if name in self._out:
            return None
        if name == plain_name(GRAND_TOTAL_LABEL):
            return GRAND_TOTAL_LABEL
        leaf = self._leaves.get(name)
        if leaf is None and name not in self._parents:
            self._out.add(name)
            questions.append(Question(f"评分“{value.record[0]}”", value.raw, value.file, value.place, NO_ITEM))
        return leaf.id if leaf else None


def _two_names(found: Gathered) -> Iterator[Question]:
    """A project code under several names."""
    names: dict[Content, list[Value]] = {}
    for record in found.records.get("projects", ()):
        code, name = (found.values.get(("projects", record, key)) for key in ("code", "name"))
        if code and name:
            names.setdefault(code.value, []).append(name)
    for shared, several in names.items():
        if len(several) > 1:
            why = TWO_NAMES.format(names="、".join(_shown(v.value) for v in several))
            yield Question("项目 项目名称", str(shared), several[-1].file, several[-1].place, why)


def _unproved_funds(found: Gathered) -> Iterator[Question]:
    """Takes back the rows of 项目资金 that do not come to what is read of their project."""
    records = found.records.get(FUNDS.key, [])
    for project in dict.fromkeys(record[:1] for record in records):
        own = [record for record in records if record[:1] == project]
        wrong = [f.label for f in FUNDS.fields if f.kind is Kind.AMOUNT and not _comes_to_project(found, own, f.key)]
        if wrong:
            first = found.values[FUNDS.key, own[0], "project"]
            found.records[FUNDS.key] = [record for record in found.records[FUNDS.key] if record not in own]
            what = f"{FUNDS.name}“{first.value}” {'、'.join(wrong)}"
            yield Question(what, first.raw, first.file, first.place, OTHER_SUM)


def _comes_to_project(found: Gathered, records: Iterable[Record], column: str) -> bool:
    """Whether a column that is read at all adds up."""
    values = [found.values.get((FUNDS.key, record, column)) for record in records]
    amounts = [value.value for value in values if value and isinstance(value.value, Decimal)]
    whole = next((found.values.get((PROJECTS.key, record[:1], column)) for record in records), None)
    stated = whole.value if whole else None
    return not amounts or (isinstance(stated, Decimal) and sum_agrees(stated, amounts))
