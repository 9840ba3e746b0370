"""The contradictions of a report in words: numbered, with both figures, both sentences and what to do."""

from perfeval.audit.audit import Audit
from perfeval.audit.comparison import CONTRADICTION, Kind
from perfeval.audit.findings import Finding

MEASURE = {Kind.SUM: "处合计", Kind.RATE: "处比率", Kind.PAIR: "处前后对照"}
MOST_QUOTES = 12


def message(found: Audit) -> str:
    """What `perfeval audit` prints."""
    amounts = "、".join(f"{count} {MEASURE[kind]}" for kind, count in found.compared if count)
    if not amounts:
        return f"“{found.name}”里没有找到可以重新计算的得分、金额、比率或个数，无法判断前后是否一致。"
    if not found.contradictions:
        return f"“{found.name}”没有发现前后矛盾：重新核对了 {amounts}。"
    head = f"“{found.name}”有 {len(found.contradictions)} 处前后矛盾（重新核对了 {amounts}）："
    return "\n\n".join([head, *(_one(number, c) for number, c in enumerate(found.contradictions, 1))])


def _one(number: int, contradiction: Finding) -> str:
    lines = [f"{number}. {contradiction.says[0]}。"]
    lines += [f"   同时：{says}。" for says in contradiction.says[1:]]
    lines += [f"   {where}：{quote}" for where, quote in _quotes(contradiction)]
    lines += [f"   改法：{advice}" for advice in dict.fromkeys(c.advice for c in contradiction.comparisons)]
    return "\n".join(lines)


def _quotes(contradiction: Finding) -> list[tuple[str, str]]:
    """Each sentence or row once, with its place."""
    places: dict[str, dict[str, None]] = {}
    for found in (f for c in contradiction.comparisons for f in c.figures if f.quote):
        places.setdefault(found.where, {})[found.quote] = None
    quotes = [(where, f"“{''.join(texts)}”") for where, texts in places.items()]
    if len(quotes) > MOST_QUOTES:
        return [*quotes[:MOST_QUOTES], ("另外", f"还有 {len(quotes) - MOST_QUOTES} 处有关的句子或行")]
    return quotes
