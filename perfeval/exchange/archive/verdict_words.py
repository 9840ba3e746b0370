"""A verdict in words: what was proven, what was not, and how the rest can be."""

from collections.abc import Iterator
from pathlib import Path

from perfeval.exchange.archive.compare import readable
from perfeval.exchange.archive.verify import Verdict

AGREES = "一致：包内前后相符，从填报工作簿重新核算的结果相同。"
UNMADE = "没有核对完：其余的前后相符、重算相同，下列文档的 Word 模板不认识，没有重做。"
NO_ORIGIN = "没有核对来源：要证明就是当时打的那一个包，请用 --sha256 与打包时印出的校验值比对；要证明是谁打的，请用 --key 核对签名。"
NO_SENTENCE = str.maketrans("。；：", "___")  # what ends our own words


def describe(path: Path, verdict: Verdict) -> str:
    """All there is to say of a package."""
    return "\n".join([readable(str(path)), _headline(verdict), *(f"　　{line}" for line in _lines(verdict))])


def _headline(verdict: Verdict) -> str:
    if verdict.unfinished:
        return f"没有核对完，一致不一致还不知道：{verdict.unfinished}"
    if verdict.differences:
        return f"不一致，有 {len(verdict.differences)} 处："
    return UNMADE if verdict.unmade else AGREES


def _lines(verdict: Verdict) -> Iterator[str]:
    yield from map(str, verdict.differences)
    for label, parts in (
        ("没有重做的文档", verdict.unmade),
        ("重算相同的文档", verdict.remade),
        ("与程序自带的或您给出的逐字节相同", verdict.identical),
        ("只核对了校验值、没有重算", verdict.unproven),
        ("作为重算的依据、没有核对出处", verdict.trusted),
    ):
        if parts:
            yield f"{label}：{'；'.join(map(_named, parts))}。"
    if verdict.unmade:
        yield "模板是您自己的，请加上 --template 模板文件 再核对一次。"
    yield from (f"{origin}。" for origin in verdict.origin)
    if not verdict.origin and not verdict.differences and not verdict.unfinished:
        yield NO_ORIGIN
    if verdict.sha256:
        yield f"校验值 sha256 {verdict.sha256}"


def _named(part: str) -> str:
    """A part of a package, whose name somebody else chose: it must not read as a sentence of ours."""
    return readable(part).translate(NO_SENTENCE)
