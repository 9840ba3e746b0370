"""Indicator tables → rows of 指标; the weights prove themselves by their sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfeval.filing.typed.numbers import comparator_of, number_of
from perfeval.model.form import NATURES
from perfeval.model.names import plain_name
from perfeval.model.numbers import HUNDRED, ONE, half_up, show_number, total
from perfeval.prefill.forms import load_forms
from perfeval.prefill.indicator_rows import Row, Sort, rows_of
from perfeval.prefill.points import NOT_POINTS, SHARED
from perfeval.prefill.tables import Table
from perfeval.prefill.values import Pen, Record

NO_SUBJECT = "表中没有写明是哪个项目的指标：请在“适用对象”一列选项目名称或“部门整体”。"
NAMELESS = "这一行没有指标名称，或者单元格错了位，没有读入；请核对后自己填。"
NO_LEVEL = "有 {count} 行的一级指标是空的，原表没有合并单元格，程序不往下填；请自己填。"
SUM = "各指标分值合计 {found}，不是 {expected}，不知道哪个读错了，分值都没有读入；请核对后自己填。"
ABOVE = "得分超过分值 {weight}，没有读入；请核对后自己填。"
PER_CENT = "看不出是 {share} 还是 {percent}（原表的显示格式读不到），没有读入；请核对后自己填。"
NO_NATURE = "不是 ≥、≤、=、>、<、定性 之一，没有读入；请自己选。"
RATE_NOTE = "原表是 .xls，看不到显示格式；按百分数读"
PER_CENTS = ("%", "％")
TEXTS = ("deviation_reason", "improvement", "evidence")


@dataclass(frozen=True, slots=True)
class Proof:
    """What the weights of a form have to come to: the total it states, the points of 预算执行率, the sums that
    regulations know."""

    execution: Decimal | None
    sums: frozenset[Decimal]

    def expected(self, stated: Decimal | None) -> set[Decimal]:
        """The sums that prove the reading."""
        whole = stated if stated is not None else HUNDRED
        if self.execution is not None:
            return {whole, whole - self.execution}
        return {whole, *self.sums} if whole == HUNDRED else {whole}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the indicators are of, '' where the form does not say, and where it does; `project` is the one that 总分
    belongs to, '' for none."""

    name: str
    project: str
    at: tuple[int, int] | None


def read_indicators(pen: Pen, tables: Sequence[Table], subject: Subject, proof: Proof) -> None:
    """Takes the indicators of one form, whose table may be broken into several."""
    rows = [pair for table in tables for pair in rows_of(table)]
    for one, own in _by_subject(pen, rows, subject):
        _read_rows(pen, own, one, proof)


def _by_subject(
    pen: Pen, rows: Sequence[tuple[Sort, Row]], subject: Subject
) -> Iterator[tuple[Subject, list[tuple[Sort, Row]]]]:
    """The rows by the project that a column of the table names; all are of the form's own where none does."""
    groups: dict[str, list[tuple[Sort, Row]]] = {}
    for sort, row in rows:
        groups.setdefault(row.text("subject"), []).append((sort, row))
    for name, own in groups.items():
        if not name:
            yield subject, own
            continue
        at = own[0][1].at("subject")
        pen.take("projects", (name,), "name", name, at)
        if code := own[0][1].text("code"):
            pen.take("projects", (name,), "code", code, own[0][1].at("code"))
        yield Subject(name, name, at), own


def _read_rows(pen: Pen, rows: Sequence[tuple[Sort, Row]], subject: Subject, proof: Proof) -> None:
    indicators = [row for sort, row in rows if sort is Sort.INDICATOR]
    for row in (row for sort, row in rows if sort is Sort.NAMELESS):
        shown = "、".join(cell.text for _, cell in row.grid.filled(row.row))
        pen.ask("指标 三级指标", NAMELESS, (row.row, row.columns["name"][0]), shown)
    totals = [row for sort, row in rows if sort is Sort.TOTAL]
    executions = [row for sort, row in rows if sort is Sort.EXECUTION]
    if indicators and not subject.name:
        first = indicators[0]
        pen.ask("指标 适用对象", NO_SUBJECT, first.at("name"))
    _ask_levels(pen, indicators)
    if executions and proof.execution is None:
        proof = Proof(executions[0].points("weight"), proof.sums)
    weights = _weights(pen, indicators, totals, proof)
    counted: dict[str, int] = {}
    for row in indicators:
        name = plain_name(row.name)
        counted[name] = counted.get(name, 0) + 1
        _take(pen, row, (subject.name, row.name, str(counted[name])), weights.get(row.row), subject.at)
    for row in (*totals, *executions) if subject.project else ():
        _take_total(pen, row, subject.project, "declared" if row in totals else "execution_declared")


def _ask_levels(pen: Pen, rows: Sequence[Row]) -> None:
    """一级指标 that no merged cell carries down."""
    bare = [row for row in rows if "level1" in row.columns and not row.level("level1")]
    if bare:
        pen.ask("指标 一级指标", NO_LEVEL.format(count=len(bare)), bare[0].at("name"))


def _take(pen: Pen, row: Row, record: Record, weight: Decimal | None, subject: tuple[int, int] | None) -> None:
    take = pen.take
    if record[0]:
        take("indicators", record, "subject", record[0], subject or row.at("name"))
    for key in ("level1", "level2"):
        if key in row.columns:
            take("indicators", record, key, row.level(key), row.at(key))
    take("indicators", record, "name", row.name, row.at("name"))
    _take_nature(pen, row, record)
    for key, other in (("target", "actual"), ("actual", "target")):
        if key in row.columns:
            _take_reading(pen, row, record, key, other)
    if "unit" in row.columns:
        take("indicators", record, "unit", row.text("unit"), row.at("unit"))
    if weight is not None:
        place = row.at("weight") if "weight" in row.columns else row.at("name")
        take("indicators", record, "weight", weight, place)
    _take_score(pen, row, record, row.points("weight") if weight is None else weight)
    for key in TEXTS:
        if key in row.columns:
            take("indicators", record, key, row.text(key), row.at(key))


def _take_nature(pen: Pen, row: Row, record: Record) -> None:
    text = row.text("nature")
    if not text:
        return
    nature = comparator_of(text) or text
    if nature in NATURES:
        pen.take("indicators", record, "nature", nature, row.at("nature"))
    else:
        pen.ask(f"指标“{row.name}” 指标性质", NO_NATURE, row.at("nature"))


def _take_reading(pen: Pen, row: Row, record: Record, key: str, other: str) -> None:
    """指标值 or 实际完成值 as seen; a share whose per cent the file does not show is read by its counterpart."""
    cell, note = row.cell(key), ""
    text = row.text(key)
    if cell.is_fault:
        pen.ask(f"指标“{row.name}” {_label(key)}", "是错误值，没有读入；请自己填。", row.at(key))
        return
    if not pen.grid.knows_formats and cell.number is not None and 0 < cell.number <= ONE:
        shown = _as_rate(row, other, cell.number)
        if shown is None and row.text("unit") in PER_CENTS:
            why = PER_CENT.format(share=text, percent=f"{show_number(cell.number * HUNDRED)}%")
            pen.ask(f"指标“{row.name}” {_label(key)}", why, row.at(key))
            return
        text, note = (shown, RATE_NOTE) if shown else (text, "")
    pen.take("indicators", record, key, text, row.at(key), note)


def _as_rate(row: Row, other: str, share: Decimal) -> str | None:
    """A share as the per cent it is shown in: its counterpart is one, or the indicator is called a rate; None where
    nothing says so."""
    partner = row.cell(other)
    percent = show_number(share * HUNDRED)
    if partner.text.strip().endswith(PER_CENTS):
        return f"{percent}%"
    if row.text("unit") in PER_CENTS and partner.number is not None and partner.number > ONE:
        return percent if share < ONE else None
    is_share = partner.number is None or partner.number <= ONE
    return f"{percent}%" if is_share and load_forms().rates.search(row.name) else None


def _label(key: str) -> str:
    return "指标值" if key == "target" else "实际完成值"


def _take_score(pen: Pen, row: Row, record: Record, weight: Decimal | None) -> None:
    score = row.points("score")
    what = f"指标“{row.name}” 自评得分"
    if shared := row.shared_below("score"):
        if row.row == shared[0] and row.text("score"):
            pen.ask(what, SHARED.format(what="得分"), row.at("score"))
    elif score is None and row.text("score"):
        pen.ask(what, NOT_POINTS, row.at("score"))
    elif score is not None and weight is not None and score > weight and not row.shared_below("weight"):
        pen.ask(what, ABOVE.format(weight=show_number(weight)), row.at("score"))
    elif score is not None:
        pen.take("indicators", record, "declared", score, row.at("score"))


# ---- weights ----
def _weights(pen: Pen, rows: Sequence[Row], totals: Sequence[Row], proof: Proof) -> dict[int, Decimal]:
    """Row number → weight, where the sum proves them; what is merged over several indicators is asked."""
    single: dict[int, Decimal] = {}
    shared: dict[tuple[int, int], Decimal] = {}
    for row in rows:
        points = row.points("weight") if "weight" in row.columns else row.name_points
        below = row.shared_below("weight")
        if below and points is not None:
            if below not in shared:
                pen.ask(f"指标“{row.name}” 权重", SHARED.format(what="分值"), row.at("weight"))
            shared[below] = points
        elif points is not None:
            single[row.row] = points
        elif row.text("weight"):
            pen.ask(f"指标“{row.name}” 权重", NOT_POINTS, row.at("weight"))
    stated = next((points for row in totals if (points := row.points("weight")) is not None), None)
    expected = proof.expected(stated)
    proved = _proved(single, total(shared.values()), rows, expected)
    if proved is not None:
        return proved
    if single:
        first = next(row for row in rows if row.row in single)
        sums = show_number(total(single.values()) + total(shared.values()))
        why = SUM.format(found=sums, expected="或 ".join(map(show_number, sorted(expected, reverse=True)[:2])))
        pen.ask(
            "指标 权重", why, first.at("weight") if "weight" in first.columns else first.at("name"), _quoted(single)
        )
    return {}


def _quoted(weights: dict[int, Decimal]) -> str:
    return "、".join(show_number(weight) for weight in weights.values())


def _proved(
    single: dict[int, Decimal], merged: Decimal, rows: Sequence[Row], expected: set[Decimal]
) -> dict[int, Decimal] | None:
    """The weights by which the sum is right: as they stand; without those of parents, whose children have their own; as
    shares of a hundred."""
    parents = {row.row for row in rows if not row.text("target") and not row.text("actual")}
    leaves = {number: points for number, points in single.items() if number not in parents}
    ways = [(single, ONE), (leaves, ONE), *([(single, HUNDRED)] if all(p <= ONE for p in single.values()) else [])]
    for weights, factor in ways:
        if half_up((total(weights.values()) + merged) * factor, 4) in expected:
            return {number: Decimal(show_number(points * factor)) for number, points in weights.items()}
    return None


def _take_total(pen: Pen, row: Row, project: str, column: str) -> None:
    """总分 → 自评得分 of the project."""
    if "score" not in row.columns:
        return
    cell, at = row.cell("score"), row.at("score")
    score = row.points("score")
    is_one_cell = "weight" in row.columns and row.grid.area(*at) == row.grid.area(row.row, row.columns["weight"][0])
    if score is not None and not (is_one_cell and score == HUNDRED):
        pen.take("projects", (project,), column, score, at)
    elif cell.is_fault or row.text("score") or number_of(cell.text) is not None:
        pen.ask(f"项目“{project}” 自评得分", NOT_POINTS, at)
