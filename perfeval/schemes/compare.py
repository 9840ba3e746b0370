"""What changed between two regulations, in plain Chinese sentences (`perfeval regulation diff`)."""

from collections.abc import Callable, Iterator, Mapping

from perfeval.findings.catalogue import catalogue
from perfeval.model.numbers import show_number
from perfeval.model.regulation import ROUNDING_NAMES, IndicatorRules, Item, Provenance, Regulation
from perfeval.rules.outline import report_name
from perfeval.schemes.setting_words import INDICATOR_ASPECTS, day_words, grade_words, mark_words
from perfeval.schemes.words import (
    FALLBACK_WORDS,
    FLAG_WORDS,
    LEVEL_WORDS,
    NOT_APPLICABLE_NAMES,
    SETTING_NAMES,
    THRESHOLD_NAMES,
    Names,
    alternative_words,
    asked_words,
    cap_words,
    fact_words,
    input_words,
    limit_words,
    method_words,
    outline_words,
    own_names,
    parameter_words,
    share_words,
)


def differences(old: Regulation, new: Regulation) -> list[str]:
    """Every difference that can change a score, a grade, a question or what is cited and reported, one sentence each;
    an empty list where there is none."""
    return [
        *_changed("适用", old.kind, new.kind),
        *_changed("适用地区", old.region or "各地", new.region or "各地"),
        *_changed("文件名称", old.document or "没有写", new.document or "没有写"),
        *_changed("文号", old.document_number or "没有写", new.document_number or "没有写"),
        *_changed("施行日期", str(old.effective_from or "待核"), str(new.effective_from or "待核")),
        *_changed("废止日期", str(old.effective_to or "没有"), str(new.effective_to or "没有")),
        *_changed("依据", old.provenance.clause, new.provenance.clause),
        *_changed("核定状态", old.provenance.confidence, new.provenance.confidence),
        *_item_differences(old, new),
        *_own_data_differences(old, new),
        *_changed("报告名称", report_name(old), report_name(new)),
        *_changed("报告各节", outline_words(old), outline_words(new)),
        *_changed("等级", grade_words(old), grade_words(new)),
        *_changed("末级得分取舍", ROUNDING_NAMES[old.rounding], ROUNDING_NAMES[new.rounding]),
        *_project_scheme_differences(old.project_regulation, new.project_regulation),
        *_indicator_differences(old.indicators, new.indicators),
        *_threshold_differences(old, new),
        *_severity_differences(old.severities, new.severities),
    ]


def _changed(name: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{name}：由“{old}”改为“{new}”。"


def _item_differences(old: Regulation, new: Regulation) -> Iterator[str]:
    before, after = {i.id: i for i in old.items}, {i.id: i for i in new.items}
    named_before, named_after = own_names(old), own_names(new)
    yield from (
        f"取消指标 {i.id} {i.name}（{show_number(i.max_points)} 分）。" for i in before.values() if i.id not in after
    )
    yield from (
        f"新增指标 {i.id} {i.name}（{show_number(i.max_points)} 分）。" for i in after.values() if i.id not in before
    )
    for item_id in (i for i in before if i in after):
        for name, describe in ITEM_ASPECTS.items():
            yield from _changed(
                f"{item_id} {after[item_id].name} 的{name}",
                describe(before[item_id], named_before),
                describe(after[item_id], named_after),
            )


ITEM_ASPECTS: Mapping[str, Callable[[Item, Names], str]] = {
    "名称": lambda item, _: item.name,
    "上级": lambda item, _: item.parent or "无",
    "分值": lambda item, _: show_number(item.max_points),
    "占上级": lambda item, _: share_words(item) or "不按百分比",
    "方法": lambda item, _: method_words(item),
    "数据来源": input_words,
    "参数": parameter_words,
    "各种办法": alternative_words,
    "缺数据时": lambda item, _: FALLBACK_WORDS[item.fallback],
    "不涉及时": lambda item, _: NOT_APPLICABLE_NAMES[item.not_applicable],
    "条款": lambda item, _: item.provenance.clause,
    "核定状态": lambda item, _: item.provenance.confidence,
}


def _own_data_differences(old: Regulation, new: Regulation) -> Iterator[str]:
    """What the form asks for besides, what is drawn from it, and the caps."""
    asked = [{a.label: asked_words(a) for a in r.inputs} for r in (old, new)]
    yield from _entries_changed("补充数据", *asked)
    yield from _entries_changed("算式", *({f.label: fact_words(f, own_names(r)) for f in r.facts} for r in (old, new)))
    for target in dict.fromkeys(cap.on for r in (old, new) for cap in r.caps):
        words = ["；".join(cap_words(c, own_names(r)) for c in r.caps if c.on == target) or "无" for r in (old, new)]
        yield from _changed("总分封顶" if target == "total" else f"{target} 封顶", *words)
    yield from _changed("扣减分数一列", FLAG_WORDS[old.deduction_column], FLAG_WORDS[new.deduction_column])


def _entries_changed(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    yield from (f"取消{kind}“{name}”。" for name in old if name not in new)
    yield from (f"新增{kind}“{name}”（{words}）。" for name, words in new.items() if name not in old)
    for name in (n for n in old if n in new):
        yield from _changed(f"{kind}“{name}”", old[name], new[name])


def _project_scheme_differences(old: Regulation | None, new: Regulation | None) -> Iterator[str]:
    """The scheme's indicator rules are the department's own and reported there."""
    yield from _changed("项目使用的指标体系", old.id if old else "无", new.id if new else "无")
    if old is None or new is None:
        return
    yield from (f"项目的{sentence}" for sentence in _item_differences(old, new))
    yield from _changed("项目的等级", grade_words(old), grade_words(new))
    yield from _changed("项目的末级得分取舍", ROUNDING_NAMES[old.rounding], ROUNDING_NAMES[new.rounding])


def _indicator_differences(old: IndicatorRules, new: IndicatorRules) -> Iterator[str]:
    for name, describe in INDICATOR_ASPECTS.items():
        yield from _changed(f"绩效指标的{SETTING_NAMES[name]}", describe(old), describe(new))
        sources = old.provenance_of(name), new.provenance_of(name)
        yield from _changed(f"绩效指标的{SETTING_NAMES[name]}的条款", *(source.clause for source in sources))
        yield from _changed(f"绩效指标的{SETTING_NAMES[name]}的核定状态", *(source.confidence for source in sources))


def _threshold_differences(old: Regulation, new: Regulation) -> Iterator[str]:
    for name in sorted(old.thresholds.keys() | new.thresholds.keys()):
        values = [limit_words(name, r.thresholds[name].value) if name in r.thresholds else "不核对" for r in (old, new)]
        yield from _changed(f"核对界限“{THRESHOLD_NAMES[name]}”", *values)
    yield from _changed("项目入库截止日", day_words(old.entry_deadline), day_words(new.entry_deadline))
    marks = ["，".join(map(mark_words, r.progress_marks)) or "不核对" for r in (old, new)]
    yield from _changed("支出进度要求", *marks)
    yield from _provenance_differences(old, new)


def _provenance_differences(old: Regulation, new: Regulation) -> Iterator[str]:
    """Where the limits that both have are, and how sure we are of them."""
    before, after = _limits(old), _limits(new)
    for name in (n for n in before if n in after):
        yield from _changed(f"{name}的条款", before[name].clause, after[name].clause)
        yield from _changed(f"{name}的核定状态", before[name].confidence, after[name].confidence)


def _limits(regulation: Regulation) -> dict[str, Provenance]:
    limits = {f"补充数据“{asked.label}”": asked.provenance for asked in regulation.inputs}
    limits |= {f"算式“{fact.label}”": fact.provenance for fact in regulation.facts}
    limits |= {f"第 {n} 个封顶": cap.provenance for n, cap in enumerate(regulation.caps, 1)}
    limits |= {f"核对界限“{THRESHOLD_NAMES[name]}”": limit.provenance for name, limit in regulation.thresholds.items()}
    if regulation.entry_deadline is not None:
        limits["项目入库截止日"] = regulation.entry_deadline.provenance
    return limits | {f"支出进度要求 {mark.month}月末": mark.provenance for mark in regulation.progress_marks}


def _severity_differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for code in sorted(old.keys() | new.keys()):
        usual = str(catalogue()[code].severity)
        yield from _changed(f"问题 {code} 的级别", *(LEVEL_WORDS[levels.get(code, usual)] for levels in (old, new)))
