"""What changed between two regulations, in plain Chinese sentences (`perfeval regulation diff`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from perfeval.model.numbers import show_number, show_rate
from perfeval.model.regulation import METHOD_NAMES, IndicatorRules, Item, Regulation


def differences(old: Regulation, new: Regulation) -> list[str]:
    """Every difference that can change a score, a grade or a question, one sentence each; an empty list where there is none."""
    return [
        *_changed("适用", old.kind, new.kind),
        *_item_differences(old.items, new.items),
        *_changed("等级", _grades(old), _grades(new)),
        *_changed("末级得分取舍", str(old.rounding), str(new.rounding)),
        *_indicator_differences(old.indicators, new.indicators),
        *_threshold_differences(old, new),
        *_changed("项目使用的指标体系", _project_scheme(old), _project_scheme(new)),
    ]


def _changed(name: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{name}：由“{old}”改为“{new}”。"


def _item_differences(old: Iterable[Item], new: Iterable[Item]) -> Iterator[str]:
    before, after = {i.id: i for i in old}, {i.id: i for i in new}
    yield from (f"取消指标 {i.id} {i.name}（{show_number(i.max_points)} 分）。" for i in before.values() if i.id not in after)
    yield from (f"新增指标 {i.id} {i.name}（{show_number(i.max_points)} 分）。" for i in after.values() if i.id not in before)
    for item_id in (i for i in before if i in after):
        for name, describe in ITEM_ASPECTS.items():
            yield from _changed(f"{item_id} {after[item_id].name} 的{name}", describe(before[item_id]), describe(after[item_id]))


def _settings(values: Mapping[str, Any]) -> str:
    return "，".join(f"{key} = {value}" for key, value in sorted(values.items())) or "无"


ITEM_ASPECTS: Mapping[str, Callable[[Item], str]] = {
    "名称": lambda item: item.name,
    "上级": lambda item: item.parent or "无",
    "分值": lambda item: show_number(item.max_points),
    "方法": lambda item: METHOD_NAMES[item.method] if item.method else "下级之和",
    "数据来源": lambda item: _settings(item.inputs),
    "参数": lambda item: _settings(item.parameters),
    "缺数据时": lambda item: "按单位自评" if item.fallback else "不评分",
    "不涉及时": lambda item: str(item.not_applicable),
}


def _grades(regulation: Regulation) -> str:
    return "，".join(f"{band.name} ≥ {show_number(band.lower)}" for band in regulation.grades)


def _project_scheme(regulation: Regulation) -> str:
    return regulation.project_regulation.id if regulation.project_regulation else "无"


def _indicator_differences(old: IndicatorRules, new: IndicatorRules) -> Iterator[str]:
    for name, describe in INDICATOR_ASPECTS.items():
        yield from _changed(f"绩效指标的{name}", describe(old), describe(new))


INDICATOR_ASPECTS: Mapping[str, Callable[[IndicatorRules], str]] = {
    "权重合计": lambda rules: show_number(rules.weight_sum),
    "≥ 规则": lambda rules: rules.at_least,
    "≤ 规则": lambda rules: rules.at_most,
    "= 规则": lambda rules: rules.equal,
    "逾期规则": lambda rules: rules.late if rules.late_days is None else f"{rules.late}，{show_number(rules.late_days)} 天",
    "定性等次": lambda rules: "，".join(f"{level} {show_rate(share)}" for level, share in rules.scale.items()),
    "达成等次": lambda rules: "，".join(f"{level} {show_rate(low)}—{show_rate(high)}" for level, (low, high) in rules.bands.items()),
    "超额或不足规则": lambda rules: "；".join(
        f"{o.action} {o.above or ''} {o.below or ''} {o.points or ''}".strip() for o in rules.over_fulfilment
    ),
    "权重构成": lambda rules: " 或 ".join("、".join(f"{k} {show_number(v)}" for k, v in s.weights.items()) for s in rules.splits),
    "权重空白时": lambda rules: rules.blank_weight,
    "得分取舍": lambda rules: str(rules.rounding),
}


def _threshold_differences(old: Regulation, new: Regulation) -> Iterator[str]:
    for name in sorted(old.thresholds.keys() | new.thresholds.keys()):
        values = [show_number(r.thresholds[name].value) if name in r.thresholds else "不核对" for r in (old, new)]
        yield from _changed(f"核对界限 {name}", *values)
    days = ["不核对" if r.entry_deadline is None else f"{r.entry_deadline.month}月{r.entry_deadline.day}日" for r in (old, new)]
    yield from _changed("入库截止日", *days)
    marks = ["，".join(f"{m.month}月 {show_rate(m.share)}" for m in r.progress_marks) or "不核对" for r in (old, new)]
    yield from _changed("支出进度要求", *marks)
