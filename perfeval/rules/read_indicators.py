"""The `[indicators]` table of a project scheme → IndicatorRules."""

from decimal import Decimal

from perfeval.model.numbers import ONE, show_number, total
from perfeval.model.regulation import Block, Confidence, IndicatorRules, OverFulfilment, Provenance, Rounding
from perfeval.rules.faults import Table
from perfeval.rules.ranges import MULTIPLE, POINTS, SHARE
from perfeval.rules.soundness import check_contiguous

AT_LEAST = ("ratio",)
AT_MOST = ("ratio", "linear")
EQUAL = ("as_up", "symmetric", "exact")
LATE = ("zero", "proportional")
BLANK_WEIGHT = ("error", "equal_in_group")
ACTIONS = ("explain", "zero", "scale", "deduct")
SETTINGS = (
    "weight_sum", "at_least", "at_most", "equal", "late", "late_days", "scale", "bands", "over_fulfilment", "splits",
    "blank_weight", "rounding",
)  # fmt: skip


def read_indicator_rules(table: Table, own: Provenance) -> IndicatorRules:
    """The rules; what the table leaves out of clause and confidence is the regulation's own."""
    rules = IndicatorRules(
        weight_sum=table.number("weight_sum", within=POINTS),
        at_least=table.choice("at_least", AT_LEAST),
        at_most=table.choice("at_most", AT_MOST),
        equal=table.choice("equal", EQUAL),
        late=table.choice("late", LATE),
        late_days=table.optional_number("late_days"),
        scale=_scale(table.table("scale")),
        bands=_bands(table.table("bands")),
        over_fulfilment=tuple(_over_fulfilment(entry) for entry in table.tables("over_fulfilment")),
        splits=tuple(_split(entry) for entry in table.tables("splits")),
        blank_weight=table.choice("blank_weight", BLANK_WEIGHT, "error"),
        rounding=Rounding(table.choice("rounding", Rounding)),
        provenance=_provenance(table, own),
        notes=_notes(table.table("notes"), own),
    )
    _check(table, rules)
    table.close()
    return rules


def _provenance(table: Table, own: Provenance) -> Provenance:
    return Provenance(
        table.text("clause", own.clause), Confidence(table.choice("confidence", Confidence, own.confidence))
    )


def _check(table: Table, rules: IndicatorRules) -> None:
    if rules.late == "proportional" and (rules.late_days is None or rules.late_days <= 0):
        table.fault("late_days", "大于 0 的天数：late 是 proportional 时必填")
    for split in rules.splits:
        added = total(split.weights.values())
        if added != rules.weight_sum:
            found = f"各部分（{'、'.join(split.weights)}）相加是 {show_number(added)}"
            table.fault("splits", f"与 weight_sum（{show_number(rules.weight_sum)}）相等", found)


def _scale(table: Table) -> dict[str, Decimal]:
    return {level: table.number(level, within=SHARE) for level in table.values}


def _bands(table: Table) -> dict[str, tuple[Decimal, Decimal]]:
    bands = []
    for level in table.values:
        entry = table.table(level)
        bands.append((level, entry.number("lower"), entry.number("upper")))
        entry.close()
    if bands:
        check_contiguous(table, "", bands, ONE)
    return {level: (lower, upper) for level, lower, upper in bands}


def _over_fulfilment(table: Table) -> OverFulfilment:
    rule = OverFulfilment(
        action=table.choice("action", ACTIONS),
        above=table.optional_number("above", within=MULTIPLE),
        below=table.optional_number("below", within=SHARE),
        points=table.optional_number("points", within=POINTS),
    )
    if (rule.above is None) == (rule.below is None):
        table.fault("above", "above 和 below 中恰好一个", "两个都有或都没有")
    if rule.action == "scale" and (rule.above is None or rule.above < ONE):
        table.fault("above", "scale 的界限，不小于 1：按 界限 ÷ 实际倍数 折减")
    if (rule.action == "deduct") != (rule.points is not None):
        table.fault("points", "action 是 deduct 时要扣的分，其他情形不写")
    table.close()
    return rule


def _split(table: Table) -> Block:
    return Block({block: table.number(block, within=POINTS) for block in table.values})


def _notes(table: Table, own: Provenance) -> dict[str, Provenance]:
    notes = {}
    for setting in SETTINGS:
        entry = table.table(setting)
        if entry.values:
            notes[setting] = _provenance(entry, own)
        entry.close()
    table.close()
    return notes
