"""What must hold of a leaf's method: the inputs and parameters it needs, and figures within what they can be."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from perfeval.model.numbers import ONE, ZERO, show_number, total
from perfeval.model.regulation import DUTIES, Item, Method, Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.department_facts import NUMBERS, PROJECT_NUMBERS, RATES
from perfeval.rules.faults import one_of, shown
from perfeval.rules.methods import SHAPES, SIGNS
from perfeval.rules.project_facts import CONDITIONS
from perfeval.rules.ranges import RATE

Fault = Callable[[str, str, str], None]  # key, what is there, what is expected


def check_method(item: Item, regulation: Regulation, fault: Fault) -> None:
    """Adds every fault of one leaf."""
    if item.method is None:
        return
    shape, where = SHAPES[item.method], f"items {item.id}"
    named = (*shape.inputs, *shape.optional_inputs)
    for role in shape.inputs:
        if role not in item.inputs:
            fault(f"{where} 的 inputs.{role}", "没有填", f"方法 {item.method} 需要的数据")
    for role, name in item.inputs.items():
        if role not in named and not shape.open_inputs:
            fault(f"{where} 的 inputs.{role}", "是不认识的键", one_of(named) if named else "不写")
        _check_input(item, role, name, regulation, fault)
    _check_parameters(item, where, fault)


def _check_input(item: Item, role: str, name: str, regulation: Regulation, fault: Fault) -> None:
    known: Mapping[str, object]
    if item.method is Method.DECLARED:
        known = {DUTIES: None}
    elif item.method is Method.SHARE:
        known = CONDITIONS
    else:
        known = PROJECT_NUMBERS if regulation.kind == PROJECT_KIND else NUMBERS
    key = f"items {item.id} 的 inputs.{role}"
    if name not in known:
        near = get_close_matches(name, known, n=3)
        fault(key, f"是没有的数据名“{name}”", f"{'、'.join(near)} 之类的数据名" if near else one_of(list(known)[:8]))
        return
    needs = CONDITIONS[name].needs if item.method is Method.SHARE else ""
    if needs and needs not in regulation.thresholds and not (needs == "entry_deadline" and regulation.entry_deadline):
        fault(key, f"是“{name}”，而指标体系没有写 {needs}", f"另写 [{needs}] 或 [thresholds] 里的 {needs}")


def _check_parameters(item: Item, where: str, fault: Fault) -> None:
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
            _check_steps(item, value, key, fault)
        elif kind == "conditions":
            _check_conditions(item, value, key, fault)
    if shape.one_bound and sum(sign in item.parameters for sign in SIGNS) != 1:
        fault(f"{where} 的 parameters", "没有或不止一个界限", f"{'、'.join(SIGNS)} 中恰好一个")
    _check_bounds(item, where, fault)


LIMITS = frozenset(
    {*SIGNS, "zero_below", "zero_above", "satisfactory", "unacceptable"}
)  # parameters an input is compared with
KIND_WORDS = {"number": "一个数", "flag": "true 或 false", "steps": "一组分档", "conditions": "一组条件"}


def _is_kind(value: Any, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, Decimal) and value.is_finite()
    return (
        isinstance(value, bool)
        if kind == "flag"
        else isinstance(value, tuple) and all(isinstance(v, Mapping) for v in value)
    )


def _check_bounds(item: Item, where: str, fault: Fault) -> None:
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
    if item.method is Method.RATIO or RATES.intersection(item.inputs.values()):
        for name in LIMITS.intersection(values):
            if values[name] not in RATE:
                fault(f"{where} 的 parameters.{name}", shown(values[name]), RATE.words)


def _check_steps(item: Item, steps: Sequence[Mapping[str, Any]], key: str, fault: Fault) -> None:
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
        _check_step_bounds(item, steps, kinds.pop(), key, fault)


def _check_step_bounds(item: Item, steps: Sequence[Mapping[str, Any]], kind: str, key: str, fault: Fault) -> None:
    bounds = [step[kind] for step in steps[:-1]]
    if RATES.intersection(item.inputs.values()):
        for i, limit in enumerate(bounds, 1):
            if limit not in RATE:
                fault(f"{key} 第 {i} 档", shown(limit), RATE.words)
    if not all(a < b if kind == "up_to" else a > b for a, b in pairwise(bounds)):
        fault(key, f"界限依次是 {'、'.join(str(b) for b in bounds)}，有重叠", "从小到大的 up_to，或从大到小的 from")
    if "up_to" in steps[-1] or "from" in steps[-1]:
        fault(f"{key} 最后一档", "还有界限，其余的情形没有得分", "没有界限的一档（不写 up_to 和 from）")


def _check_conditions(item: Item, conditions: Sequence[Mapping[str, Any]], key: str, fault: Fault) -> None:
    for i, condition in enumerate(conditions, 1):
        _check_condition(item, condition, f"{key} 第 {i} 个", fault)
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
        fault(f"items {item.id} 的 inputs.{role}", "没有条件用到", "在 conditions 里用到，或者删去")


def _check_condition(item: Item, condition: Mapping[str, Any], key: str, fault: Fault) -> None:
    signs = [sign for sign in SIGNS if sign in condition]
    unknown = set(condition) - {"input", "points", *SIGNS}
    if unknown or len(signs) != 1 or not _is_kind(condition[signs[0]], "number"):
        fault(key, shown(dict(condition)), f"input、points 和 {'、'.join(SIGNS)} 中恰好一个界限")
    elif item.inputs.get(str(condition.get("input"))) in RATES and condition[signs[0]] not in RATE:
        fault(key, shown(condition[signs[0]]), RATE.words)
    if str(condition.get("input")) not in item.inputs:
        fault(
            f"{key}的 input", shown(condition.get("input")), one_of(item.inputs) if item.inputs else "inputs 里的一个键"
        )
    if not _is_kind(condition.get("points"), "number") or not ZERO < condition["points"] <= item.max_points:
        fault(
            f"{key}的 points", shown(condition.get("points")), f"大于 0、不超过分值 {show_number(item.max_points)} 的数"
        )
