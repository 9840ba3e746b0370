"""What must hold of a leaf's method: the inputs and parameters it needs, and figures within what they can be."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from perfeval.model.names import plain_name
from perfeval.model.numbers import HUNDRED, ONE, ZERO, show_number, total
from perfeval.model.regulation import DUTIES, Cap, Item, Method, Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.caps import TOTAL
from perfeval.rules.criteria import RESCALE
from perfeval.rules.faults import one_of, shown
from perfeval.rules.library import library
from perfeval.rules.methods import COMPUTING, SHAPES, SIGNS
from perfeval.rules.near import near_names
from perfeval.rules.project_facts import lacks
from perfeval.rules.ranges import RATE

Fault = Callable[[str, str, str], None]  # key, what is there, what is expected


def check_method(item: Item, regulation: Regulation, kinds: Mapping[str, str], fault: Fault) -> None:
    """Adds every fault of one leaf; `kinds` are the numbers it may name, each with its kind."""
    if item.method is None:
        return
    where = f"items {item.id}"
    if item.method is Method.DECLARED and regulation.kind == PROJECT_KIND:
        fault(f"{where} 的 method", shown(item.method), "项目支出可以用的方法：项目没有单位自评")
    if item.method is not Method.ONE_OF and item.alternatives:
        fault(f"{where} 的 alternatives", "有", f"不写：只有方法 {Method.ONE_OF} 才有")
    _check_leaf(item, where, regulation, kinds, fault)
    if item.method is Method.ONE_OF:
        _check_alternatives(item, where, regulation, kinds, fault)


def _check_alternatives(item: Item, where: str, regulation: Regulation, kinds: Mapping[str, str], fault: Fault) -> None:
    if len(item.alternatives) < 2:
        fault(
            f"{where} 的 alternatives",
            f"有 {len(item.alternatives)} 种办法",
            "至少两种",
        )
    for number, chosen in enumerate(item.alternatives, start=1):
        place = f"{where} 的 alternatives 第 {number} 个"
        if chosen.method not in COMPUTING:
            fault(f"{place} 的 method", shown(chosen.method), one_of(COMPUTING))
            continue
        one = replace(item, method=chosen.method, inputs=chosen.inputs, parameters=chosen.parameters)
        _check_leaf(one, place, regulation, kinds, fault)


def _check_leaf(item: Item, where: str, regulation: Regulation, kinds: Mapping[str, str], fault: Fault) -> None:
    """The inputs and parameters of a method, also of one of several."""
    if item.method is None:
        return
    shape = SHAPES[item.method]
    named = (*shape.inputs, *shape.optional_inputs)
    for role in shape.inputs:
        if role not in item.inputs:
            fault(f"{where} 的 inputs.{role}", "没有填", f"方法 {item.method} 需要的数据")
    for role, name in item.inputs.items():
        if role not in named and not shape.open_inputs:
            fault(f"{where} 的 inputs.{role}", "是不认识的键", one_of(named) if named else "不写")
        _check_input(item, f"{where} 的 inputs.{role}", name, regulation, kinds, fault)
    rates = {name for name in item.inputs.values() if kinds.get(name) == "rate"}
    _check_parameters(item, where, fault, is_rate=bool(rates), rates=rates)


def check_caps(regulation: Regulation, kinds: Mapping[str, str], fault: Fault) -> None:
    """A cap on something there is, of a number there is, within what it may be."""
    for number, cap in enumerate(regulation.caps, 1):
        where = f"caps 第 {number} 个"
        target = next((item for item in regulation.items if item.id == cap.on), None)
        most = target.max_points if target else HUNDRED
        if cap.on != TOTAL and target is None:
            fault(f"{where} 的 on", shown(cap.on), f"{TOTAL}，或者一个指标的编号")
        elif target is not None and not target.is_leaf and not regulation.children(target.id):
            fault(f"{where} 的 on", shown(cap.on), f"{TOTAL}，或者绩效指标以外的一个指标的编号")
        if not ZERO <= cap.at_most <= most:
            fault(f"{where} 的 at_most", shown(cap.at_most), f"0 到 {show_number(most)} 的数")
        if kinds.get(cap.input) in (None, "date", "text"):
            fault(f"{where} 的 when 的 input", f"是没有的数据名“{cap.input}”", near_names(cap.input, kinds))
        _check_bounds_of(cap, where, kinds, fault)


def _check_bounds_of(cap: Cap, where: str, kinds: Mapping[str, str], fault: Fault) -> None:
    low, high = (next((cap.bounds[w] for w in words if w in cap.bounds), None) for words in (LOWER, UPPER))
    is_empty = low is not None and high is not None and (low > high or (low == high and set(cap.bounds) != CLOSED))
    doubled = len(cap.bounds) == 2 and (low is None or high is None)
    if is_empty or doubled:
        bounds = "、".join(f"{word} {show_number(limit)}" for word, limit in cap.bounds.items())
        fault(f"{where} 的 when", bounds, "一个下限（from 或 above）小于一个上限（up_to 或 below）")
    for word, limit in cap.bounds.items():
        if kinds.get(cap.input) == "rate" and limit not in RATE:
            fault(f"{where} 的 when 的 {word}", shown(limit), RATE.words)


def _check_input(
    item: Item, key: str, name: str, regulation: Regulation, kinds: Mapping[str, str], fault: Fault
) -> None:
    known: Mapping[str, object] = kinds
    if item.method is Method.DECLARED:
        known = {DUTIES: None}
    elif item.method is Method.SHARE:
        known = library().shortcomings
    if name not in known:
        fault(key, f"是没有的数据名“{name}”", near_names(name, known))
        return
    if known.get(name) in ("date", "text"):
        fault(key, f"是“{name}”，填的是日期或文字", "可以计分的数")
    needs = lacks(library().shortcomings[name], regulation) if item.method is Method.SHARE else ""
    if needs:
        fault(key, f"是“{name}”，而指标体系没有写 {needs}", f"另写 [{needs}] 或 [thresholds] 里的 {needs}")


def _check_parameters(item: Item, where: str, fault: Fault, *, is_rate: bool, rates: Collection[str]) -> None:
    if item.method is None:
        return
    shape = SHAPES[item.method]
    required, optional = shape.required or {}, shape.optional or {}
    for name in required:
        if name not in item.parameters:
            fault(f"{where} 的 parameters.{name}", "没有填", f"方法 {item.method} 需要的参数")
    for name, value in item.parameters.items():
        kind = {**required, **optional}.get(name)
        key = f"{where} 的 parameters.{name}"
        if kind is None:
            fault(key, "是不认识的键", one_of([*required, *optional]) if required or optional else "不写")
        elif isinstance(kind, tuple):
            if value not in kind:
                fault(key, shown(value), one_of(kind))
        elif not _is_kind(value, kind):
            fault(key, shown(value), KIND_WORDS[kind])
        elif kind == "steps":
            _check_steps(item, value, key, fault, is_rate=is_rate)
        elif kind == "conditions":
            _check_conditions(item, where, value, key, fault, rates)
        elif kind == "criteria":
            _check_criteria(item, value, key, fault)
    if shape.one_bound and sum(sign in item.parameters for sign in SIGNS) != 1:
        fault(f"{where} 的 parameters", "没有或不止一个界限", f"{'、'.join(SIGNS)} 中恰好一个")
    _check_bounds(item, where, fault, is_rate=is_rate)


LOWER, UPPER, CLOSED = ("from", "above"), ("up_to", "below"), {"from", "up_to"}
LIMITS = frozenset(
    {*SIGNS, "zero_below", "zero_above", "satisfactory", "unacceptable", "limit", "relief", "per"}
)  # parameters an input is compared with
KIND_WORDS = {
    "number": "一个数",
    "flag": "true 或 false",
    "steps": "一组分档",
    "conditions": "一组条件",
    "criteria": "一组要点",
}


def _is_kind(value: Any, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, Decimal) and value.is_finite()
    return (
        isinstance(value, bool)
        if kind == "flag"
        else isinstance(value, tuple) and all(isinstance(v, Mapping) for v in value)
    )


def _check_bounds(item: Item, where: str, fault: Fault, *, is_rate: bool) -> None:
    values = {name: value for name, value in item.parameters.items() if isinstance(value, Decimal)}
    low, high = values.get("floor", ZERO), values.get("cap", ONE)
    if item.method is Method.RATIO and not ZERO <= low <= high <= ONE:
        fault(f"{where} 的 parameters", f"floor {show_number(low)}、cap {show_number(high)}", "0 ≤ floor ≤ cap ≤ 1")
    below, above = values.get("zero_below"), values.get("zero_above")
    if below is not None and above is not None and below > above:
        fault(f"{where} 的 parameters.zero_below", shown(below), f"不大于 zero_above（{show_number(above)}）")
    if item.method is Method.FULL_VALUE and values.get("satisfactory") == values.get("unacceptable"):
        fault(f"{where} 的 parameters.unacceptable", shown(values.get("unacceptable")), "与 satisfactory 不同的数")
    if (
        item.method is Method.ACCUMULATE
        and not ZERO < values.get("points_per_case", item.max_points) <= item.max_points
    ):
        fault(
            f"{where} 的 parameters.points_per_case",
            shown(values["points_per_case"]),
            f"大于 0、不超过分值 {show_number(item.max_points)} 的数",
        )
    if item.method is Method.STEP_DEDUCT:
        _check_deduction(item, values, where, fault)
    if item.method is Method.RATIO or is_rate:
        for name in LIMITS.intersection(values):
            if values[name] not in RATE:
                fault(f"{where} 的 parameters.{name}", shown(values[name]), RATE.words)


def _check_deduction(item: Item, values: Mapping[str, Decimal], where: str, fault: Fault) -> None:
    """Points and steps above 0, and a relief on the side where points are lost."""
    for name in ("per", "points"):
        if values.get(name, ONE) <= 0:
            fault(f"{where} 的 parameters.{name}", shown(values[name]), "大于 0 的数")
    limit, relief, side = values.get("limit"), values.get("relief"), item.parameters.get("side")
    if limit is None or relief is None:
        return
    if (side == "over" and relief <= limit) or (side == "under" and relief >= limit) or relief == limit:
        fault(
            f"{where} 的 parameters.relief",
            shown(relief),
            f"{'小' if side == 'under' else '大'}于 limit（{show_number(limit)}）的数",
        )


def _check_criteria(item: Item, criteria: Sequence[Mapping[str, Any]], key: str, fault: Fault) -> None:
    """Each a text of its own with points; together the item's points, of those that deduct at least."""
    texts: set[str] = set()
    for i, criterion in enumerate(criteria, 1):
        text, points = criterion.get("text"), criterion.get("points")
        if set(criterion) - {"text", "points"} or not isinstance(text, str) or not text.strip():
            fault(f"{key} 第 {i} 个", shown(dict(criterion)), "text（一段文字）和 points（一个数）")
        elif plain_name(text) in texts:
            fault(f"{key} 第 {i} 个的 text", shown(text), "与其他要点不同的文字")
        if not isinstance(points, Decimal) or not ZERO < points <= item.max_points:
            fault(f"{key} 第 {i} 个的 points", shown(points), f"大于 0、不超过分值 {show_number(item.max_points)} 的数")
            return
        texts.add(plain_name(str(text)))
    added, adds = total(criterion["points"] for criterion in criteria), item.parameters.get("mode") == "add"
    if not adds and item.parameters.get("na") == RESCALE:
        fault(key.replace("criteria", "na"), shown(RESCALE), "不写：扣分的（deduct）要点不涉及时不扣分，没有折算")
    if not criteria or (added != item.max_points if adds else added < item.max_points):
        wanted = f"{'' if adds else '不少于'}分值 {show_number(item.max_points)}"
        fault(f"{key} 的各 points", f"相加是 {show_number(added)}", wanted)


def _check_steps(item: Item, steps: Sequence[Mapping[str, Any]], key: str, fault: Fault, *, is_rate: bool) -> None:
    """Bounds of one kind, each further out than the one before, and a last step without a bound: no gap, no overlap."""
    for i, step in enumerate(steps, 1):
        if set(step) - {"points", "up_to", "from"} or not all(_is_kind(value, "number") for value in step.values()):
            fault(f"{key} 第 {i} 档", shown(dict(step)), "points 加 up_to 或 from，都是数")
            return
        if not ZERO <= step.get("points", -ONE) <= item.max_points:
            fault(f"{key} 第 {i} 档的 points", shown(step.get("points")), f"0 到 {show_number(item.max_points)} 的数")
    kinds = {kind for step in steps for kind in ("up_to", "from") if kind in step}
    unbounded = [i for i, step in enumerate(steps[:-1], 1) if not kinds & set(step)]
    if len(steps) < 2:
        fault(key, f"只有 {len(steps)} 档", "至少两档，最后一档没有界限")
    elif len(kinds) > 1:
        fault(key, "有的写 up_to，有的写 from", "前面各档都写 up_to，或者都写 from")
    elif unbounded:
        fault(f"{key} 第 {unbounded[0]} 档", "没有界限", "写 up_to 或 from：只有最后一档没有界限")
    else:
        _check_step_bounds(steps, kinds.pop(), key, fault, is_rate=is_rate)


def _check_step_bounds(steps: Sequence[Mapping[str, Any]], kind: str, key: str, fault: Fault, *, is_rate: bool) -> None:
    bounds = [step[kind] for step in steps[:-1]]
    if is_rate:
        for i, limit in enumerate(bounds, 1):
            if limit not in RATE:
                fault(f"{key} 第 {i} 档", shown(limit), RATE.words)
    if not all(a < b if kind == "up_to" else a > b for a, b in pairwise(bounds)):
        fault(key, f"界限依次是 {'、'.join(str(b) for b in bounds)}，有重叠", "从小到大的 up_to，或从大到小的 from")
    if "up_to" in steps[-1] or "from" in steps[-1]:
        fault(f"{key} 最后一档", "还有界限，其余的情形没有得分", "没有界限的一档（不写 up_to 和 from）")


def _check_conditions(
    item: Item,
    where: str,
    conditions: Sequence[Mapping[str, Any]],
    key: str,
    fault: Fault,
    rates: Collection[str],
) -> None:
    for i, condition in enumerate(conditions, 1):
        _check_condition(item, condition, f"{key} 第 {i} 个", fault, rates)
    points = [p for p in (condition.get("points") for condition in conditions) if isinstance(p, Decimal) and p > 0]
    added = total(points)
    if len(points) == len(conditions) and added < item.max_points:
        fault(
            f"{key} 的各扣分",
            f"扣的分相加是 {show_number(added)}",
            f"不少于分值 {show_number(item.max_points)}，否则条件全不满足也扣不完",
        )
    named = {str(condition.get("input")) for condition in conditions}
    for role in sorted(set(item.inputs) - named if named <= set(item.inputs) else ()):  # a misspelt one is known
        fault(f"{where} 的 inputs.{role}", "没有条件用到", "在 conditions 里用到，或者删去")


def _check_condition(item: Item, condition: Mapping[str, Any], key: str, fault: Fault, rates: Collection[str]) -> None:
    signs = [sign for sign in SIGNS if sign in condition]
    unknown = set(condition) - {"input", "points", *SIGNS}
    if unknown or len(signs) != 1 or not _is_kind(condition[signs[0]], "number"):
        fault(key, shown(dict(condition)), f"input、points 和 {'、'.join(SIGNS)} 中恰好一个界限")
    elif item.inputs.get(str(condition.get("input"))) in rates and condition[signs[0]] not in RATE:
        fault(key, shown(condition[signs[0]]), RATE.words)
    if str(condition.get("input")) not in item.inputs:
        fault(
            f"{key}的 input", shown(condition.get("input")), one_of(item.inputs) if item.inputs else "inputs 里的一个键"
        )
    if not _is_kind(condition.get("points"), "number") or not ZERO < condition["points"] <= item.max_points:
        fault(
            f"{key}的 points", shown(condition.get("points")), f"大于 0、不超过分值 {show_number(item.max_points)} 的数"
        )
