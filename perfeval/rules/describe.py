"""Regulations in plain Chinese, for `perfeval regulation list` and `show`."""

from collections.abc import Iterable, Mapping
from datetime import date

from perfeval.model.numbers import show_number
from perfeval.model.regulation import Confidence, Item, Regulation
from perfeval.rules.words import THRESHOLD_NAMES, input_words, limit_words, method_words, parameter_words


def list_regulations(regulations: Mapping[str, Regulation]) -> str:
    """One line a regulation: id, what it is for, title, dates."""
    return "\n".join(f"{r.id}\t{r.kind}\t{r.title}（{_dates(r)}，{r.provenance.confidence}）" for r in regulations.values())


def show_regulation(regulation: Regulation) -> str:
    """The whole scheme: head, tree with points, method, clause and confidence, grades, indicators, and what is still 待核."""
    return "\n".join(
        [
            f"{regulation.id}　{regulation.title}",
            f"适用：{regulation.kind}　发布：{regulation.issuer or '待核'}　文号：{regulation.document_number or '待核'}　施行：{_dates(regulation)}",
            f"来源：{regulation.source_note}",
            "",
            *(_item_line(item) for item in regulation.items),
            "",
            "等级：" + "，".join(f"{band.name} ≥ {show_number(band.lower)}" for band in regulation.grades),
            f"绩效指标权重合计：{show_number(regulation.indicators.weight_sum)}（{regulation.indicators.provenance.confidence}）",
            *_limits(regulation),
            "",
            _unconfirmed(regulation.items),
        ]
    )


def describe_sound(regulations: Iterable[Regulation]) -> str:
    """One sentence for a folder without faults: what it holds."""
    held = [
        f"{r.id}（{r.kind}，{len(r.leaves())} 项末级指标，{sum(1 for i in r.items if i.provenance.confidence is Confidence.UNCONFIRMED)} 项待核）"
        for r in regulations
    ]
    return f"没有发现问题，共 {len(held)} 个指标体系：{'；'.join(held)}。"


def _dates(regulation: Regulation) -> str:
    first, last = regulation.effective_from, regulation.effective_to
    return "施行日期待核" if first is None and last is None else f"{_day(first)}至{_day(last) if last else '今'}"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "日期待核"


def _item_line(item: Item) -> str:
    told = "；".join(words for words in (input_words(item), parameter_words(item)) if words != "无")
    method = f"{method_words(item)}（{told}）" if told else method_words(item)
    head = f"{'　' * (item.level - 1)}{item.id} {item.name}　{show_number(item.max_points)} 分　{method}"
    tail = f"　{item.remark}" if item.remark else ""
    return f"{head}　条款：{item.provenance.clause}　{item.provenance.confidence}{tail}"


def _limits(regulation: Regulation) -> list[str]:
    return [
        f"核对界限 {THRESHOLD_NAMES[n]} {limit_words(n, t.value)}（{t.provenance.confidence}）" for n, t in regulation.thresholds.items()
    ]


def _unconfirmed(items: Iterable[Item]) -> str:
    names = [f"{i.id} {i.name}" for i in items if i.provenance.confidence is Confidence.UNCONFIRMED]
    return f"待核的指标（{len(names)} 项）：{'、'.join(names)}" if names else "没有待核的指标。"
