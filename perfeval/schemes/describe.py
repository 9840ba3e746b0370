"""Regulations in plain Chinese, for `perfeval regulation list` and `show`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from perfeval.model.numbers import show_number
from perfeval.model.regulation import ROUNDING_NAMES, Confidence, IndicatorRules, Item, Provenance, Regulation
from perfeval.model.submission import DEPARTMENT_KIND
from perfeval.model.text import day_text
from perfeval.rules.extend import Raw
from perfeval.rules.methods import per_cent
from perfeval.rules.outline import report_name
from perfeval.schemes.setting_words import INDICATOR_ASPECTS, day_words, grade_words
from perfeval.schemes.words import (
    FALLBACK_WORDS,
    LEVEL_WORDS,
    NOT_APPLICABLE_NAMES,
    SETTING_NAMES,
    THRESHOLD_NAMES,
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

STATES = list(Confidence)  # from the surest to the least sure
Rule = tuple[str, str, Provenance]  # name, what is laid down, where it is


def list_regulations(regulations: Mapping[str, Regulation], sources: Mapping[str, Raw]) -> str:
    """One line a regulation: id, what it is for, title, dates, how many items are 已核, 推定, 待核; then those that can
    only be extended."""
    lines = [
        f"{r.id}\t{r.kind}\t{r.title}（{_dates(r)}；{_states(i.provenance.confidence for i in r.items)}）"
        for r in regulations.values()
    ]
    named = {i: raw for i, raw in sources.items() if raw.get("items")}
    lines += ["", "只供引用（extends），不能直接用："] if named else []
    return "\n".join([*lines, *(_source_line(i, raw) for i, raw in named.items())])


def _source_line(source_id: str, raw: Raw) -> str:
    states = _states(str(item.get("confidence", raw.get("confidence"))) for item in raw["items"])
    return f"{source_id}\t{raw.get('kind', '')}\t{raw.get('title', '')}（{states}）"


def _states(confidences: Iterable[str]) -> str:
    counted = Counter(map(str, confidences))
    return f"{counted.total()} 项指标：" + "、".join(f"{state} {counted[state]} 项" for state in STATES)


def show_regulation(regulation: Regulation) -> str:
    """Everything a regulation lays down: head, tree, grades, indicator rules, limits, each with clause and confidence;
    what is 待核 is listed at the end."""
    rules = list(_rules(regulation))
    return "\n".join(
        [
            f"{regulation.id}　{regulation.title}",
            (
                f"适用：{regulation.kind}　发布：{regulation.issuer or '待核'}　"
                f"文号：{regulation.document_number or '待核'}　施行：{_dates(regulation)}"
            ),
            f"依据：{regulation.provenance.clause}　{regulation.provenance.confidence}",
            f"来源：{regulation.source_note}",
            "",
            *(_item_line(item, regulation) for item in regulation.items),
            "",
            *(f"{name}：{words}{_source(provenance, regulation)}" for name, words, provenance in rules),
            "",
            _unconfirmed("指标", [f"{i.id} {i.name}" for i in regulation.items if i.provenance.is_unconfirmed]),
            _unconfirmed(
                "规定",
                [*_unknown_head(regulation), *(name for name, _, provenance in rules if provenance.is_unconfirmed)],
            ),
        ]
    )


def describe_sound(regulations: Iterable[Regulation]) -> str:
    """One sentence for a folder without faults: what it holds."""
    held = [
        f"{r.id}（{r.kind}，{len(r.leaves())} 项末级指标，{sum(i.provenance.is_unconfirmed for i in r.items)} 项待核）"
        for r in regulations
    ]
    return f"没有发现问题，共 {len(held)} 个指标体系：{'；'.join(held)}。"


def _dates(regulation: Regulation) -> str:
    first, last = regulation.effective_from, regulation.effective_to
    return "施行日期待核" if first is None and last is None else f"{_day(first)}至{day_text(last) if last else '今'}"


def _day(day: date | None) -> str:
    return day_text(day) if day else "日期待核"


def _source(provenance: Provenance, regulation: Regulation) -> str:
    """A default that nobody has confirmed is no rule of the document, whatever clause it has inherited."""
    of_document = bool(regulation.document) and regulation.document.strip("《》") in provenance.clause
    clause = Confidence.UNCONFIRMED if provenance.is_unconfirmed and of_document else provenance.clause
    return f"　条款：{clause}　{provenance.confidence}"


def _unknown_head(regulation: Regulation) -> list[str]:
    stated = {"发布单位": regulation.issuer, "文号": regulation.document_number, "施行日期": regulation.effective_from}
    return [name for name, value in stated.items() if not value]


def _item_line(item: Item, regulation: Regulation) -> str:
    """What happens without data, or where it is 不涉及, concerns 部门整体 alone: a project's items have no rows of their own
    in 评分."""
    named = own_names(regulation)
    ways = (input_words(item, named), parameter_words(item, named), alternative_words(item, named))
    details = "；".join(words for words in ways if words != "无")
    method = f"{method_words(item)}（{details}）" if details else method_words(item)
    share = f"（{share_words(item)}）" if item.share is not None else ""
    head = f"{'　' * (item.level - 1)}{item.id} {item.name}　{show_number(item.max_points)} 分{share}　{method}"
    has_policies = item.is_leaf and regulation.kind == DEPARTMENT_KIND
    policies = (
        f"　缺数据时{FALLBACK_WORDS[item.fallback]}　不涉及时{NOT_APPLICABLE_NAMES[item.not_applicable]}"
        if has_policies
        else ""
    )
    tail = f"　{item.remark}" if item.remark else ""
    return f"{head}{policies}{_source(item.provenance, regulation)}{tail}"


def _rules(regulation: Regulation) -> Iterator[Rule]:
    """Everything but the tree. Grades, rounding and levels have no clause of their own: they are where the regulation
    is, and no surer than its items."""
    scheme = regulation.project_regulation
    own = replace(
        regulation.provenance, confidence=max((i.provenance.confidence for i in regulation.items), key=STATES.index)
    )
    yield "等级", grade_words(regulation), own
    yield "末级得分取舍", ROUNDING_NAMES[regulation.rounding], own
    for name, words in (("适用地区", regulation.region), ("文件名称", regulation.document)):
        if words:
            yield name, words, own
    if regulation.deduction_column:
        yield "扣减分数一列", "各张评分的表在得分旁边印扣减分数", own
    if regulation.kind == DEPARTMENT_KIND:
        yield "报告名称", report_name(regulation), own
        yield "报告各节", outline_words(regulation), own
    for asked in regulation.inputs:
        yield f"补充数据 {asked.label}", asked_words(asked), asked.provenance
    for fact in regulation.facts:
        yield f"算式 {fact.label}", fact_words(fact, own_names(regulation)), fact.provenance
    for cap in regulation.caps:
        on = "总分" if cap.on == "total" else f"指标 {cap.on}"
        yield f"{on}封顶", cap_words(cap, own_names(regulation)), cap.provenance
    if scheme is not None:
        yield "项目和绩效指标使用的指标体系", f"{scheme.id}　{scheme.title}", own
    yield from _indicator_rules(regulation.indicators)
    for name, limit in regulation.thresholds.items():
        yield f"核对界限 {THRESHOLD_NAMES[name]}", limit_words(name, limit.value), limit.provenance
    if regulation.entry_deadline is not None:
        yield "项目入库截止日", day_words(regulation.entry_deadline), regulation.entry_deadline.provenance
    for mark in regulation.progress_marks:
        yield f"支出进度要求 {mark.month}月末", per_cent(mark.share), mark.provenance
    for code, level in regulation.severities.items():
        yield f"问题 {code} 的级别", LEVEL_WORDS[level], own


def _indicator_rules(rules: IndicatorRules) -> Iterator[Rule]:
    for name, describe in INDICATOR_ASPECTS.items():
        if name != "late_days" or rules.late_days is not None:
            yield f"绩效指标{SETTING_NAMES[name]}", describe(rules), rules.provenance_of(name)


def _unconfirmed(kind: str, names: list[str]) -> str:
    return f"待核的{kind}（{len(names)} 项）：{'、'.join(names)}" if names else f"没有待核的{kind}。"
