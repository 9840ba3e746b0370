"""What must hold of a regulation beyond its shape: points that add up, bands without gap or overlap, methods with the
inputs they need."""

from collections.abc import Sequence
from decimal import Decimal

from perfeval.model.numbers import HUNDRED, show_number, total
from perfeval.model.regulation import Item, Method, Regulation
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.faults import Faults, Table, one_of, shown
from perfeval.rules.formula_soundness import check_facts
from perfeval.rules.method_soundness import Fault, check_caps, check_method
from perfeval.rules.numbers import kinds_of
from perfeval.rules.outline import check_outline

MOST_FAULTS = 50  # then the rest is left for when these are mended: each looks for the name that was meant
Named = tuple[str, Decimal, Decimal]


def check_contiguous(table: Table, key: str, bands: Sequence[Named], top: Decimal) -> None:
    """Bands cover 0 to `top` once: each begins where the next lower one ends."""
    if not bands:
        table.fault(key, f"从 0 到 {show_number(top)} 的等级", "没有")
        return
    ordered = sorted(bands, key=lambda band: band[1], reverse=True)
    if len({name for name, _, _ in bands}) < len(bands):
        table.fault(key, "名称各不相同", "有重名的等级")
    edge, above = top, f"最高 {show_number(top)}"
    for name, lower, upper in ordered:
        if upper != edge:
            kind = "空档" if upper < edge else "重叠"
            found = f"“{name}”到 {show_number(upper)} 为止，与{above}之间有{kind}"
            table.fault(f"{key} {name}".strip(), f"upper = {show_number(edge)}", found)
        if lower >= upper:
            table.fault(
                f"{key} {name} 的 lower".strip(),
                "lower 小于 upper",
                f"lower {show_number(lower)}、upper {show_number(upper)}",
            )
        edge, above = lower, f"“{name}”的下限 {show_number(lower)}"
    if edge != 0:
        table.fault(f"{key} {ordered[-1][0]} 的 lower".strip(), "最低一等的 lower = 0", f"最低是 {show_number(edge)}")


def check_regulation(regulation: Regulation, file: str, faults: Faults) -> None:
    """Adds every fault of the tree and its methods."""

    def fault(key: str, found: str, expected: str) -> None:
        faults.add(file, key, found, expected)

    kinds = kinds_of(regulation)
    most = len(faults.lines) + MOST_FAULTS
    check_facts(regulation.facts, kinds, fault, lambda: len(faults.lines) >= most)
    check_caps(regulation, kinds, fault)
    check_outline(regulation, fault)
    _check_sum(None, regulation, fault)
    childless = [item for item in regulation.items if not item.is_leaf and not regulation.children(item.id)]
    _check_indicator_item(childless, regulation, fault)
    for item in regulation.items:
        if len(faults.lines) >= most:
            return
        if item.max_points <= 0:
            fault(f"items {item.id} 的 max_points", shown(item.max_points), "大于 0 的数")
        if regulation.children(item.id):
            _check_sum(item, regulation, fault)
            if item.method is not None:
                fault(f"items {item.id} 的 method", shown(item.method), "不写：有下级的指标得分是下级之和")
        elif item.method is not None and item.max_points > 0:
            check_method(item, regulation, kinds, fault)


def _check_sum(item: Item | None, regulation: Regulation, fault: Fault) -> None:
    children = regulation.children(item.id if item else None)
    added, wanted = total(child.max_points for child in children), item.max_points if item else HUNDRED
    shares = [child.share for child in children if child.share is not None]
    if shares and total(shares) != HUNDRED:
        where = f"items {item.id} {item.name} 的下级 share" if item else "最上一级的 share"
        fault(where, f"相加是 {' + '.join(map(show_number, shares))} = {show_number(total(shares))}", "100")
        return
    if wanted <= 0 or any(child.max_points <= 0 for child in children):
        return  # that is reported
    if added != wanted:
        parts = " + ".join(show_number(child.max_points) for child in children)
        where = f"items {item.id} {item.name} 的下级 max_points" if item else "最上一级的 max_points"
        fault(where, f"相加是 {parts} = {show_number(added)}", f"{show_number(wanted)}{'，与上级相等' if item else ''}")


def _check_indicator_item(childless: Sequence[Item], regulation: Regulation, fault: Fault) -> None:
    """An item without method and children: in a project scheme the one that stands for the indicators, in others a
    fault."""
    if regulation.kind != PROJECT_KIND:
        for item in childless:
            fault(f"items {item.id} 的 method", "没有填", one_of(Method))
        return
    wanted = regulation.indicators.weight_sum
    if len(childless) != 1:
        fault("items", f"有 {len(childless)} 个既没有方法也没有下级的指标", "恰好一个，代表各绩效指标的得分之和")
    for item in childless:
        if item.max_points != wanted:
            fault(
                f"items {item.id} 的 max_points",
                shown(item.max_points),
                f"indicators 的 weight_sum（{show_number(wanted)}）",
            )
