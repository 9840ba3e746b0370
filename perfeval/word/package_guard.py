"""A Word template's bytes as its parts, behind the guard of filed workbooks, worded for a template."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.oxml.ns import nsmap
from lxml import etree

from perfeval.errors import TemplateError
from perfeval.excel.guard import CONTENT_TYPES, MIB, XML_SUFFIXES, Refused, open_archive, read_file, refuse
from perfeval.word import active

DOCUMENT = "word/document.xml"
CONTENT_PART = re.compile(r"word/(document|(header|footer|footnotes|endnotes)\d*)\.xml")  # what is filled
CONTENT_BYTES = 8 * MIB  # the standard report's is 60 KB
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

DOTX = ("是 Word 的模板格式（.dotx）。", "请在 Word 中打开，另存为“Word 文档（.docx）”再试。")
STRICT = (
    "存成了“Strict Open XML”格式。",
    "请在 Word 中打开，另存为，类型选“Word 文档（.docx）”，不要选带“Strict”的那一项。",
)
RESAVE = "请在 Word 中打开后另存为 .docx 再试。"
NEW_DOCUMENT = "请在 Word 中新建一份文档，把内容粘贴进去，另存为 .docx 再试。"
POINT = "请用 --template 指到 .docx 文件本身。"
# The guard's refusals, by the findings' codes: what is wrong, after the template's name, and the remedy.
REFUSALS = {
    "FILE_001": ("不是 Word 文档（.docx）。", RESAVE),
    "FILE_002": ("的“{part}”部分已经损坏，读不出来。", RESAVE),
    "FILE_003": ("不完整，后半部分缺失，已经损坏。", "请等复制或下载完成后再运行；仍然这样的，请重新复制一次。"),
    "FILE_004": (
        "设置了打开密码，程序读不了。",
        "请在 Word 中打开，在“文件→信息→保护文档”中去掉打开密码，保存后再运行。",
    ),
    "FILE_005": ("不是 .docx 格式的 Word 文档。", f"{RESAVE}只改文件名不行。"),
    "FILE_006": (
        "带有宏程序，为了安全没有读取。",
        "请在 Word 中打开，另存为“Word 文档（.docx）”，不要选“启用宏的文档”。",
    ),
    "FILE_007": ("在读取时还在变化。", "请等复制或保存完成、关闭文件后再运行。"),
    "FILE_008": ("有 {size} MB，超过了 {limit} MB 的上限。", "请压缩或删去模板里的图片后再试。"),
    "FILE_009": ("解开后异常庞大（{size}），不像正常的 Word 文档，为了安全没有读取。", NEW_DOCUMENT),
    "FILE_011": ("的“{part}”部分含有不应出现的外部定义，为了安全没有读取。", NEW_DOCUMENT),
    "FILE_012": ("是{kind}，不是文件本身。", POINT),
    "FILE_014": ("缺少内部组成部分“{part}”，已经损坏。", RESAVE),
    "FILE_015": ("内部有两个同名的部分“{part}”，无法判断哪一个是真的。", RESAVE),
    "FILE_020": ("打不开：{reason}。", "请核对文件名和权限；文件正在 Word 中打开时请先关闭。"),
    "FILE_021": ("是空文件。", "可能还没有复制完；请重新复制或重新保存模板。"),
}


def read_template(path: Path) -> bytes:
    """The bytes of a template that the operator named. Raises TemplateError, as the guard does, before anything of it
    is opened."""
    try:
        return read_file(path)
    except Refused as refused:
        raise _reworded(refused, path.name) from None


def open_template(content: bytes, file: str) -> dict[str, bytes]:
    """The parts of a .docx by name. Raises TemplateError for what the guard refuses, and for what would run or be
    fetched."""
    try:
        parts = dict(open_archive(content, file).parts)
    except Refused as refused:
        raise _reworded(refused, file) from None
    if DOCUMENT not in parts:
        raise faulty(file, *REFUSALS["FILE_001"])
    _refuse_large(parts, file)
    for name, part in parts.items():
        if name.lower().endswith(XML_SUFFIXES):
            _refuse_active(_root(part, name, file), name, file)
    return parts


def faulty(file: str, what: str, remedy: str) -> TemplateError:
    """The error of a template as a whole; `what` follows its name."""
    return TemplateError(f"Word 模板“{file}”{what}", remedy)


def _reworded(refused: Refused, file: str) -> TemplateError:
    what, remedy = REFUSALS.get(refused.finding.code, REFUSALS["FILE_001"])
    return faulty(file, what.format(**refused.words), remedy)


def _refuse_large(parts: Mapping[str, bytes], file: str) -> None:
    size = sum(len(content) for name, content in parts.items() if CONTENT_PART.fullmatch(name))
    if size > CONTENT_BYTES:
        limit = CONTENT_BYTES // MIB
        raise faulty(
            file,
            f"的正文、页眉页脚等共有 {size / MIB:.1f} MB，超过了 {limit} MB 的上限，不像正常的模板。",
            NEW_DOCUMENT,
        )


def _root(part: bytes, name: str, file: str) -> Any:
    """A part's root element; libxml2's own limits of depth and of entities hold."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except (ValueError, etree.XMLSyntaxError):
        raise _reworded(refuse("FILE_002", part=name), file) from None
    if root.getroottree().docinfo.doctype:  # in an encoding that the guard does not read
        raise _reworded(refuse("FILE_011", part=name), file)
    return root


def _refuse_active(root: Any, name: str, file: str) -> None:
    if name == CONTENT_TYPES:
        _refuse_other_types(root, file)
        return
    if CONTENT_PART.fullmatch(name) and etree.QName(root).namespace != nsmap["w"]:
        raise faulty(file, *STRICT)
    for what, remedy in active.relations(root) if name.lower().endswith(".rels") else active.content(root):
        raise faulty(file, what, remedy)


def _refuse_other_types(root: Any, file: str) -> None:
    """The document's own type; a type of macros or controls anywhere."""
    kinds = {
        e.get("PartName", e.get("Extension", "")).lower(): e.get("ContentType", "")
        for e in root.iter("{*}Override", "{*}Default")
    }
    if any(mark in kind.lower() for kind in kinds.values() for mark in ("macroenabled", "vbaproject", "activex")):
        raise faulty(file, *REFUSALS["FILE_006"])
    main = kinds.get(f"/{DOCUMENT}", kinds.get("xml", ""))
    if main != MAIN_TYPE:
        raise faulty(file, *(DOTX if "template.main" in main else REFUSALS["FILE_005"]))
