"""What in a Word template's parts would run, or be fetched from elsewhere, whenever somebody opens a report made from
it.

Every part that is not filled goes into every report as it is, so all of them are looked at.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import nsmap, qn
from lxml import etree

from perfeval.findings.catalogue import quote
from perfeval.word.lint import FaultyTagError, paragraph_of, text_of

Fault = tuple[str, str]  # what is wrong, after the template's name, and the remedy

# Relationships, by the last word of their type, whose target runs or brings in another document.
ACTIVE = {
    "vbaProject": "宏",
    "wordVbaData": "宏",
    "attachedToolbars": "宏工具栏",
    "control": "ActiveX 控件",
    "activeXControlBinary": "ActiveX 控件",
    "oleObject": "嵌入的 OLE 对象",
    "aFChunk": "嵌入的其他文档",
    "subDocument": "子文档",
    "frame": "框架页",
}
EXTERNAL = {"attachedTemplate": "附加的模板", "image": "链接的图片"}
HARMLESS_LINK = re.compile(r"(https?|mailto|ftp|tel):|#|[^\\/:]*$|[^\\/:]+/", re.IGNORECASE)  # opened by a click alone
REMOVE_TEMPLATE = "请在 Word 中点“开发工具”“文档模板”，把“文档模板”一栏改成“Normal”，保存后再试。"
EMBED = "请在 Word 中删去它，改用“插入→图片”嵌入到文档里，保存后再试。"
REMOVE_FIELD = "请在 Word 中删去这个域，或者选中它按 Ctrl+Shift+F9 变成文字，保存后再试。"
REMOVE_MERGE = "请在 Word 中点“邮件”“开始邮件合并”“普通 Word 文档”，保存后再试。"

FETCHING = frozenset(
    {
        "DDE",
        "DDEAUTO",
        "INCLUDE",
        "INCLUDETEXT",
        "INCLUDEPICTURE",
        "IMPORT",
        "LINK",
        "DATABASE",
        "EMBED",
        "CONTROL",
        "HTMLCONTROL",
        "RD",
    }
)
CODE_START = (
    1000  # characters of a field's code, runs of blanks as one: its name is in front, a link's target behind that
)
WORD = re.compile(r'"([^"]*)"?|(\S+)')
WITH_WORD = (
    "\\l",
    "\\o",
    "\\t",
)  # switches of HYPERLINK that a word of their own follows: a place in the document, a hint, a frame
ELSEWHERE = {
    "altChunk": "aFChunk",
    "subDoc": "subDocument",
}  # elements that bring in another document, as the relationships do
BLANKS = re.compile(r"\s+")
COMPOSED = re.compile(r"[A-Za-z]*")  # the code before another field in it, where its name is not finished
PICTURES_ELSEWHERE = etree.XPath(
    "//@r:link | //@*[(local-name() = 'src' or local-name() = 'althref') and (contains(., '/') or contains(., '\\'))]",
    namespaces={"r": nsmap["r"]},
)


def relations(root: Any) -> Iterator[Fault]:
    """The faults of a part of relationships: a plain hyperlink is the one thing outside that may be named."""
    for relation in root.iter("{*}Relationship"):
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
        is_outside = (
            relation.get("TargetMode", "").lower() == "external" or "://" in target or target.startswith(("\\\\", "//"))
        )
        if kind in ACTIVE:
            yield f"里有{ACTIVE[kind]}，为了安全没有读取。", f"请在 Word 中删去{ACTIVE[kind]}，另存为 .docx 再试。"
        elif is_outside and not (kind == "hyperlink" and HARMLESS_LINK.match(target)):
            what = EXTERNAL.get(kind, "外部链接")
            remedy = {"attachedTemplate": REMOVE_TEMPLATE, "image": EMBED}.get(
                kind, f"请在 Word 中删去这个{what}，保存后再试。"
            )
            yield f"里有{what}，指向“{quote(target)}”，打开报告时会去别处取内容，为了安全没有读取。", remedy


def content(root: Any) -> Iterator[Fault]:
    """The faults of any other part: fields, pictures and documents elsewhere, the source of a mail merge."""
    for element, kind in ELSEWHERE.items():
        if root.find(f".//{qn(f'w:{element}')}") is not None:
            yield f"里有{ACTIVE[kind]}，为了安全没有读取。", f"请在 Word 中删去{ACTIVE[kind]}，另存为 .docx 再试。"
    for code, paragraph in _fields(root):
        name = _field_name(code) if code is not None else ""
        if name == "HYPERLINK" and not _is_harmless_link(code or ""):
            yield FaultyTagError("这里有超链接的域，指向程序或者别处的文件", text_of(paragraph)).what, REMOVE_FIELD
        if name in FETCHING or not name:
            what = f"域 {name}" if name else "由另一个域拼成名称的域"
            yield (
                FaultyTagError(f"这里有{what}，打开报告时会运行程序或者去别处取内容", text_of(paragraph)).what,
                REMOVE_FIELD,
            )
    for found in PICTURES_ELSEWHERE(root):
        yield FaultyTagError("这里有链接到别处的图片", text_of(paragraph_of(found.getparent()))).what, EMBED
    if root.find(f".//{qn('w:mailMerge')}") is not None:
        yield "带有邮件合并的数据源，打开报告时会去别处取内容，为了安全没有读取。", REMOVE_MERGE


def _fields(root: Any) -> Iterator[tuple[str | None, Any]]:
    """The code of each field with its paragraph; None for one whose name another field completes."""
    codes: list[
        str | None
    ] = []  # of the fields that are open, outermost first; None where the code is past and the result is shown
    for element in root.iter(*map(qn, ("w:fldSimple", "w:fldChar", "w:instrText", "w:t"))):
        paragraph, code = paragraph_of(element), codes[-1] if codes else None
        kind = element.get(qn("w:fldCharType"), "")
        if element.tag == qn("w:fldSimple"):
            yield element.get(qn("w:instr"), ""), paragraph
        elif element.tag != qn("w:fldChar"):
            codes[-1:] = (
                [BLANKS.sub(" ", code + (element.text or "")).lstrip()[:CODE_START]] if code is not None else codes[-1:]
            )
        elif kind == "begin":
            if code is not None and COMPOSED.fullmatch(code):
                yield None, paragraph
            codes.append("")
        elif codes:
            if code is not None:
                yield code, paragraph
            codes[-1:] = [None] if kind == "separate" else []


def _field_name(code: str) -> str:
    """A blank code, which Word shows as an error, counts as a calculation."""
    return (code.split() or ["="])[0].upper()


def _is_harmless_link(code: str) -> bool:
    """Whether a HYPERLINK leads to a place in the document or is one that may be in a relationship too."""
    words = iter([quoted or bare for quoted, bare in WORD.findall(code)][1:])
    is_within = False
    for word in words:
        if word.lower() in WITH_WORD:
            next(words, "")
            is_within |= word.lower() == "\\l"
        elif not word.startswith("\\") or word.startswith("\\\\"):
            return bool(HARMLESS_LINK.match(word.replace("\\\\", "\\")))
    return is_within
