"""Every rate, sum and duplicate of the filed tables, each defined once: pure functions from columns to a column.

Rates are exact Decimal shares (0.9587, not 95.87); None where an amount is missing or the one below the line is not
above 0: missing is never 0.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from perfeval.model.frames import FILED, KEY, ROW, Columns, Frames, Tables, frame_of, tables_of, value
from perfeval.model.names import plain_name
from perfeval.model.numbers import HALF_UNIT, ONE, Interval, half_up, places, printed_quotient, printed_rate, total
from perfeval.model.project_types import PROJECT_CLASSES
from perfeval.model.readings import Number, Reading
from perfeval.model.regulation import IndicatorRules, Regulation
from perfeval.model.scorecard import IndicatorScore, ItemScore, Scorecard
from perfeval.model.submission import DutyDatum, Indicator, ScoreRow, Submission
from perfeval.rules.deviation import NATURES, QUALITATIVE, ratio_of
from perfeval.rules.nature import nature_of

EQUAL_IN_GROUP = "equal_in_group"  # blank_weight of a regulation that shares the points out equally
ALL = "全部"
SUMMED_TYPES = {**{one.name: one.types for one in PROJECT_CLASSES}, ALL: ()}
SUMMED = ("weight_used", "score", "declared")
AMOUNTS = ("initial_budget", "adjusted_budget", "executed")
TOTAL, TAKEN_BACK, PLAN_ISSUED, PAID = "expenditure_total", "taken_back", "plan_issued", "paid"

Amounts = Iterable[Decimal | None]
Column = list[Decimal | None]


def rated_tables(submission: Submission, regulation: Regulation | None) -> Tables:
    """The filed tables with every column that needs no score. Without a regulation no blank weight is shared out."""
    tables = tables_of(submission)
    add_money_rates(tables["money"])
    cuts, controlled, progress = tables["cuts"], tables["controlled"], tables["progress"]
    cuts["saved"] = difference(cuts["previous"], cuts["current"])
    cuts["rate"] = cut_rate(cuts["previous"], cuts["current"])
    controlled["execution_rate"] = share(controlled["executed"], controlled["budget"])
    controlled["excess"] = difference(controlled["executed"], controlled["budget"])
    budget = value(tables["money"], TOTAL, "adjusted")
    progress["share"] = share(progress["spent"], [budget] * len(progress[ROW]))
    add_completion(tables["duty_data"])
    add_project_rates(tables["projects"])
    funds = tables["funds"]
    funds["execution_rate"] = share(funds["executed"], funds["adjusted_budget"])
    add_indicator_columns(tables["indicators"], regulation.indicators if regulation else None)
    sums = {"project_types": type_sums(tables["projects"]), "fund_sums": fund_sums(funds, tables["projects"])}
    return {**tables, **sums}


def frames_of(
    tables: Tables,
    regulation: Regulation | None = None,
    indicators: Iterable[IndicatorScore] = (),
    items: Iterable[ItemScore] = (),
) -> Frames:
    """The frames: the rated tables with `score` and `met` of the indicators, the sums by 适用对象, and of 评分 the `item` and
    its `computed` score."""
    scored, filed, scores = dict(tables["indicators"]), tables["indicators"][ROW], dict(tables["scores"])
    found = {score.indicator.row: (score.score, score.met) for score in indicators}
    scored["score"], scored["met"] = ([found.get(row, (None, None))[n] for row in filed] for n in (0, 1))
    rows = {row.row: item_id for item_id, row in score_rows(scores[FILED], regulation).items()}
    computed = {item.item.id: item.score for item in items}
    scores["item"] = [rows.get(row) for row in scores[ROW]]
    scores["computed"] = [computed.get(item) for item in scores["item"]]
    whole = {**tables, "indicators": scored, "scores": scores, "subjects": subject_sums(scored)}
    return Frames(**{name: frame_of(table, index=next(iter(table))) for name, table in whole.items()})


def frames_for(submission: Submission, card: Scorecard | None) -> Frames:
    """The frames of a workbook: its scorecard's, or where 指标体系 is not a known one those without scores."""
    return card.frames if card else frames_of(rated_tables(submission, None))


def share(parts: Amounts, wholes: Amounts) -> Column:
    """part ÷ whole, as 执行率 (执行数 or 决算数 ÷ 调整后预算数), 支出进度, 完成率."""
    pairs = zip(parts, wholes, strict=True)
    return [None if part is None or whole is None or whole <= 0 else part / whole for part, whole in pairs]


def difference(first: Amounts, second: Amounts) -> Column:
    """first − second; None where one is missing."""
    return [None if a is None or b is None else a - b for a, b in zip(first, second, strict=True)]


def change_rate(later: Sequence[Decimal | None], earlier: Sequence[Decimal | None]) -> Column:
    """调整率 = (调整后预算数 − 年初预算数) ÷ 年初预算数."""
    return share(difference(later, earlier), earlier)


def cut_rate(previous: Sequence[Decimal | None], current: Sequence[Decimal | None]) -> Column:
    """压减率 = (上年 − 本年) ÷ 上年."""
    return share(difference(previous, current), previous)


def left_over(rates: Amounts) -> Column:
    """A project's 结余率 = 1 − 执行率: gross, money taken back included."""
    return [None if rate is None else ONE - rate for rate in rates]


def carryover_rate(adjusted: Decimal | None, executed: Decimal | None, taken_back: Decimal | None) -> Decimal | None:
    """The unit's 结余率 = (调整后预算数 − 决算数 − 收回或注销数) ÷ 调整后预算数: net of what was taken back."""
    return share(difference(difference([adjusted], [executed]), [taken_back]), [adjusted])[0]


def add_money_rates(money: Columns) -> None:
    """收支: 执行率 and 调整率 of each row, 决算数 ÷ 年初预算数; 结余率 at 支出合计, 支付率 (实际支付数 ÷ 下达计划数) at 全年单位实际支付数."""
    money["execution_rate"] = share(money["final"], money["adjusted"])
    money["adjustment_rate"] = change_rate(money["adjusted"], money["initial"])
    money["initial_execution_rate"] = share(money["final"], money["initial"])
    left = carryover_rate(
        value(money, TOTAL, "adjusted"), value(money, TOTAL, "final"), value(money, TAKEN_BACK, "final")
    )
    money["carryover_rate"] = [left if key == TOTAL else None for key in money[KEY]]
    paid = share([value(money, PAID, "final")], [value(money, PLAN_ISSUED, "final")])[0]
    money["payment_rate"] = [paid if key == PAID else None for key in money[KEY]]


def add_completion(data: Columns) -> None:
    """履职数据: 完成率 = 完成数 ÷ 计划数, else as stated; and what each may be, its figures being printed ones."""
    computed = share(data["completed"], data["planned"])
    data["completion"] = [
        stated if rate is None else rate for rate, stated in zip(computed, data["completion_rate"], strict=True)
    ]
    data["computed_span"] = [_quotient(datum) for datum in data[FILED]]
    data["stated_span"] = [_stated(datum) for datum in data[FILED]]
    data["completion_span"] = [
        computed or stated for computed, stated in zip(data["computed_span"], data["stated_span"], strict=True)
    ]


def _quotient(datum: DutyDatum) -> Interval | None:
    completed, planned = datum.completed.value, datum.planned.value
    return None if completed is None or planned is None else printed_quotient(completed, planned)


def _stated(datum: DutyDatum) -> Interval | None:
    cell = datum.completion_rate
    return None if cell.value is None else printed_rate(cell.value, cell.raw)


def is_part(part: DutyDatum, whole: DutyDatum) -> bool:
    """Whether a row of 履职数据 is part of another, of the same duty; a blank 职能名称 does not separate them."""
    one_duty = part.duty.value is None or whole.duty.value is None or part.duty.value == whole.duty.value
    return part is not whole and part.parent.value == whole.name.value and one_duty


def add_project_rates(projects: Columns) -> None:
    """项目: 执行率, 结余率, 结转结余数, and of a project entered twice the row it is in first."""
    projects["execution_rate"] = share(projects["executed"], projects["adjusted_budget"])
    projects["carryover_rate"] = left_over(projects["execution_rate"])
    projects["carryover"] = difference(projects["adjusted_budget"], projects["executed"])
    projects["plain_name"] = plain_names(projects["name"])
    projects["duplicate_of"] = duplicates(projects[ROW], projects["plain_name"])


def duplicates(rows: Iterable[int], *keys: Iterable[Any]) -> list[int | None]:
    """The row with the same keys further up; None for the first, and where a key is missing."""
    first: dict[tuple[Any, ...], int] = {}
    found = [
        (row, first.setdefault(key, row) if None not in key else row)
        for row, key in zip(rows, zip(*keys, strict=True), strict=True)
    ]
    return [None if earlier == row else earlier for row, earlier in found]


def plain_names(names: Iterable[str | None]) -> list[str | None]:
    """Names as they are compared; None where nothing can be seen."""
    return [plain_name(name or "") or None for name in names]


def type_sums(projects: Columns) -> Columns:
    """项目 by the classes of the form and 全部: `count`, the sums of the amounts, their difference and rates. A sum that
    lacks a part is None."""
    table: Columns = {"type": list(SUMMED_TYPES), "count": [], **{name: [] for name in AMOUNTS}}
    for kinds in SUMMED_TYPES.values():
        inside = [not kinds or kind in kinds for kind in projects["type"]]
        table["count"].append(sum(inside))
        for name in AMOUNTS:
            table[name].append(
                complete_sum(amount for amount, is_in in zip(projects[name], inside, strict=True) if is_in)
            )
    table["carryover"] = difference(table["adjusted_budget"], table["executed"])
    table["execution_rate"] = share(table["executed"], table["adjusted_budget"])
    table["carryover_rate"] = left_over(table["execution_rate"])
    return table


def fund_sums(funds: Columns, projects: Columns) -> Columns:
    """项目资金 by project: the sums of its amounts, and as `filed_…` what the first row of 项目 with that name has; None
    where a part is missing."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(funds["project"]):
        if name is not None:
            groups.setdefault(name, []).append(at)
    own = {name: at for at, name in reversed(list(enumerate(projects["name"])))}
    table: Columns = {"project": list(groups), FILED: [[funds[FILED][at] for at in rows] for rows in groups.values()]}
    for name in AMOUNTS:
        table[name] = [complete_sum(funds[name][at] for at in rows) for rows in groups.values()]
        table[f"filed_{name}"] = [projects[name][own[one]] if one in own else None for one in groups]
    return table


def complete_sum(amounts: Amounts) -> Decimal | None:
    """The sum; None as soon as a part is missing."""
    parts = list(amounts)
    known = [part for part in parts if part is not None]
    return total(known) if len(known) == len(parts) else None


def mean(rates: Amounts) -> Decimal | None:
    """The mean; None where one is missing, or there is none."""
    parts = list(rates)
    added = complete_sum(parts)
    return None if added is None or not parts else added / len(parts)


def add_indicator_columns(indicators: Columns, rules: IndicatorRules | None) -> None:
    """指标: the nature and the weight that count, 完成率 actual ÷ target, and of an indicator entered twice the row it
    is in first."""
    natures = [nature_of(indicator) for indicator in indicators[FILED]]
    indicators["nature_used"] = [nature for nature, _ in natures]
    indicators["nature_assumed"] = [assumed for _, assumed in natures]
    indicators["weight_used"] = weights_used(indicators[FILED], rules)
    indicators["ratio"] = ratios(
        indicators["nature_used"], indicators["weight_used"], indicators["target"], indicators["actual"]
    )
    indicators["duplicate_of"] = duplicates(indicators[ROW], indicators["subject"], plain_names(indicators["name"]))


def weights_used(rows: Sequence[Indicator], rules: IndicatorRules | None) -> Column:
    """权重 as filed; for a blank one, where the regulation says so, an equal part of what is left of the sum."""
    shared = _shared_weights(rows, rules) if rules is not None and rules.blank_weight == EQUAL_IN_GROUP else {}
    return [shared.get(row.row, row.weight.value) for row in rows]


def _shared_weights(rows: Iterable[Indicator], rules: IndicatorRules) -> Mapping[int, Decimal]:
    """Row → weight: what the filled weights of an 适用对象 leave of the sum, in equal parts of 2 decimals; the last by name
    takes the rest.

    Nothing is shared where nothing is left, or where a weight cannot be used: what is left is not known then.
    """
    groups: dict[str, list[Indicator]] = {}
    for row in rows:
        groups.setdefault(row.subject.value or "", []).append(row)
    shared: dict[int, Decimal] = {}
    for group in groups.values():
        blank = sorted((row for row in group if row.weight.is_blank), key=lambda row: (row.name.raw, row.row))
        left = rules.weight_sum - total(row.weight.value for row in group if row.weight.value is not None)
        if not blank or left <= 0 or not all(row.weight.is_blank or is_usable(row.weight.value) for row in group):
            continue
        each = half_up(left / len(blank))
        shared |= dict.fromkeys((row.row for row in blank[:-1]), each) | {blank[-1].row: left - each * (len(blank) - 1)}
    return shared


def is_usable(weight: Decimal | None) -> bool:
    """Whether a weight is a number above 0."""
    return weight is not None and weight > 0


def ratios(
    natures: Iterable[str], weights: Amounts, targets: Iterable[Reading | None], actuals: Iterable[Reading | None]
) -> Column:
    """完成率 actual ÷ target of the rows that are scored by their numbers; None where the target is not above 0."""
    return [
        ratio_of(target.value, actual.value)
        if isinstance(target, Number)
        and isinstance(actual, Number)
        and is_usable(weight)
        and _by_number(nature, target, actual)
        else None
        for nature, weight, target, actual in zip(natures, weights, targets, actuals, strict=True)
    ]


def _by_number(nature: str, target: Number, actual: Number) -> bool:
    return nature in NATURES and nature != QUALITATIVE and same_unit(target, actual)


def same_unit(target: Number, actual: Number) -> bool:
    """Whether the two are counted in one unit, as far as they name one."""
    return not target.unit or not actual.unit or _plain(target.unit) == _plain(actual.unit)


def _plain(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).strip()


def weights_agree(weights: Sequence[Decimal], wanted: Decimal) -> bool:
    """Whether weights come to their sum. They are set, not measured: only those written with two decimals (3 × 33.33)
    may have been rounded."""
    slack = total(HALF_UNIT.scaleb(-places(weight)) for weight in weights if places(weight) >= 2)
    return abs(total(weights) - wanted) <= slack


def subject_sums(indicators: Columns) -> Columns:
    """指标 by 适用对象 ("" for none): `count`, the sums of weights used, scores and 自评得分; a sum that lacks a part is None.
    `share` of the points earned."""
    groups: dict[str, list[tuple[Decimal | None, ...]]] = {}
    columns = (indicators[name] for name in SUMMED)
    for subject, *values in zip(indicators["subject"], *columns, strict=True):
        groups.setdefault(subject or "", []).append(tuple(values))
    sums = {subject: [complete_sum(column) for column in zip(*rows, strict=True)] for subject, rows in groups.items()}
    table: Columns = {"subject": list(groups), "count": [len(rows) for rows in groups.values()]}
    table |= {name: [found[n] for found in sums.values()] for n, name in enumerate(SUMMED)}
    table["share"] = share(table["score"], table["weight_used"])
    return table


def score_rows(scores: Iterable[ScoreRow], regulation: Regulation | None) -> Mapping[str, ScoreRow]:
    """The row of 评分 of each item: of two with its 指标编号 the first; a row without one goes by its 指标名称. Both are
    compared as names are."""
    numbered: dict[str, ScoreRow] = {}
    nameless: dict[str, ScoreRow] = {}
    for row in scores:
        if row.item_id.value is None:
            nameless.setdefault(plain_name(row.item_name.value or ""), row)
        else:
            numbered.setdefault(plain_name(row.item_id.value), row)
    found = {
        item.id: numbered.get(plain_name(item.id)) or nameless.get(plain_name(item.name))
        for item in (regulation.items if regulation else ())
    }
    return {item_id: row for item_id, row in found.items() if row is not None}
