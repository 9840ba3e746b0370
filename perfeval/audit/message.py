"""The findings of a report in words: numbered, with both figures, both places, the arithmetic and what to do."""

from perfeval.audit.audit import Audit
from perfeval.audit.findings import Finding
from perfeval.prose.comparison import Kind

MEASURE = {Kind.SUM: "处合计", Kind.RATE: "处比率", Kind.PAIR: "处前后对照"}
MOST_QUOTES = 12


def message(found: Audit) -> str:
    """What `perfeval audit` prints."""
    if found.error:
        return found.error
    return f"{found.note}\n{_message(found)}" if found.note else _message(found)


def _message(found: Audit) -> str:
    compared = "、".join(f"{count} {MEASURE[kind]}" for kind, count in found.coverage.kinds if count)
    if not compared:
        return f"“{found.name}”里没有找到可以重新计算的得分、金额、比率或个数，无法判断前后是否一致。"
    asked = len(found.findings) - len(found.contradictions)
    if not found.findings:
        return f"“{found.name}”没有发现前后矛盾：重新核对了 {compared}。\n{coverage(found)}"
    counted = f"{len(found.contradictions)} 处前后矛盾" + (f"、{asked} 处请说明" if asked else "")
    head = f"“{found.name}”有 {counted}（重新核对了 {compared}）："
    return "\n\n".join([head, *(_one(number, c) for number, c in enumerate(found.findings, 1)), coverage(found)])


def coverage(found: Audit) -> str:
    """How much of the report was compared, in a sentence."""
    c = found.coverage
    return (
        f"读到金额 {c.amounts} 个、比率 {c.rates} 个、得分 {c.scores} 个，连同其他数共 {c.quantities} 个；核对了 {c.relations} 处关系，"
        f"发现 {len(found.contradictions)} 处矛盾；{c.alone} 个数没有可以核对的关系。"
    )


def _one(number: int, finding: Finding) -> str:
    lines = [f"{number}. {finding.level}：{finding.says[0]}。"]
    lines += [f"   同时：{says}。" for says in finding.says[1:]]
    lines += [f"   {where}：{quote}" for where, quote in _quotes(finding)]
    lines += [f"   改法：{advice}" for advice in dict.fromkeys(c.advice for c in finding.comparisons)]
    return "\n".join(lines)


def _quotes(finding: Finding) -> list[tuple[str, str]]:
    """Each sentence or row once, with its place."""
    places: dict[str, dict[str, None]] = {}
    for found in (f for c in finding.comparisons for f in c.figures if f.quote):
        places.setdefault(found.where, {})[found.quote] = None
    quotes = [(where, f"“{''.join(texts)}”") for where, texts in places.items()]
    if len(quotes) > MOST_QUOTES:
        return [*quotes[:MOST_QUOTES], ("另外", f"还有 {len(quotes) - MOST_QUOTES} 处有关的句子或行")]
    return quotes
