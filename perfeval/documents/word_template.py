"""A Word template that a bureau edits in Word: prepared and compiled once per process, rendered per workbook.

The tags are docxtpl's ({{ }}, {% %}, {%p %}, {%tr %}) and one of our own, {%合并 … %}. docxtpl prepares the XML; what it does not do is done here: every
paragraph is linted first (docxtpl swallows text up to the next tag without a word), names are checked before the first workbook, values are escaped,
blank ones refused, line breaks kept.
"""

import hashlib
import io
import re
import traceback
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, unescape

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from lxml import etree

from perfeval.documents.template_lint import FaultyTagError, apply_merges, lint
from perfeval.documents.template_names import Names, check_names
from perfeval.documents.text import clean
from perfeval.documents.zips import write_zip
from perfeval.errors import TemplateError
from perfeval.intake.guard import CONTENT_TYPES, PACKED_BY, XML_SUFFIXES, ZIP_DAMAGE, has_dtd

CORE = "docProps/core.xml"
CONTENT_PART = re.compile(r"word/(document|(header|footer|footnotes|endnotes)\d*)\.xml")
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LINE_END = "{#\n#}"
REMEDY = "请在 Word 中打开这个模板，改正这一处再运行；不确定时，用 perfeval template --report 写出标准模板对照。"


class BlankValueError(ValueError):
    """A tag whose value is empty: nothing may print as blank."""


@dataclass(frozen=True, slots=True)
class Properties:
    """The document properties of a rendered document; `day` stands for created and modified, since no clock may leak in."""

    title: str
    author: str
    category: str
    day: date


class WordTemplate:
    """One template, ready to render. `category` is the document property that names its kind, `sha256` that of the file's bytes."""

    def __init__(self, source: bytes, file: str) -> None:
        """Opens a .docx; `file` is the name it goes by in messages. Raises TemplateError."""
        self.file = file
        self.sha256 = hashlib.sha256(source).hexdigest()
        self._parts = _parts(source, file)
        self.category = _category(self._parts.get(CORE, b""), file)
        self._templates: dict[str, _Part] = {}

    def compile(self, names: Names) -> "WordTemplate":
        """Lints and compiles every part that holds tags, once; `names` are those a tag may use. Raises TemplateError."""
        if not self._templates:
            environment = _environment()
            parts = {name: content for name, content in self._parts.items() if CONTENT_PART.fullmatch(name)}
            self._templates = {name: _Part(content, environment, names, self.file) for name, content in parts.items()}
        return self

    def render(self, values: Mapping[str, Any], properties: Properties) -> bytes:
        """The filled document. Raises TemplateError where a value is blank or unknown."""
        return write_zip(self.fill(values, properties))

    def fill(self, values: Mapping[str, Any], properties: Properties) -> dict[str, bytes]:
        """The filled document's parts by name."""
        filled = {name: DECLARATION.encode() + part.render(values) for name, part in self._templates.items()}
        return self._parts | filled | {CORE: core_properties(properties)}


class _Part:
    """One XML part, compiled. A comment ends the line after each paragraph and row of the prepared source: an error's line tells its paragraph."""

    def __init__(self, content: bytes, environment: Environment, names: Names, file: str) -> None:
        self.file = file
        self.lines: list[str] = []
        root = _root(content, file)
        try:
            lint(root)
            apply_merges(root)
            self.template = self._compile(root, environment, names)
        except FaultyTagError as fault:
            raise self._error(fault.reason, fault.paragraph) from None

    def _compile(self, root: Any, environment: Environment, names: Names) -> Template:
        for element in root.iter(qn("w:p"), qn("w:tr")):
            element.tail = LINE_END
        source = DocxTemplate(io.BytesIO()).patch_xml(etree.tostring(root, encoding="unicode"))
        self.lines = source.replace(LINE_END, "\n").split("\n")
        try:
            tree = environment.parse(source)
            check_names(tree, names)
        except TemplateSyntaxError as error:
            raise FaultyTagError(f"标签写法不对（{error.message}）", self._paragraph(error.lineno)) from None
        except UndefinedError as error:
            raise FaultyTagError(str(error), self._paragraph(getattr(error, "lineno", 0))) from None
        return environment.from_string(tree)

    def render(self, values: Mapping[str, Any]) -> bytes:
        try:
            return self.template.render(values).encode()
        except (UndefinedError, BlankValueError) as error:
            line = next((f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == "<template>"), 0)
            reason = (
                "有一个名称在这里没有内容，请用 {% if %} 先作判断" if isinstance(error, BlankValueError) else "用到了程序没有提供的名称"
            )
            raise self._error(reason, self._paragraph(line or 0)) from None

    def _paragraph(self, line: int) -> str:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return unescape(re.sub(r"<[^>]*>", "", text)).strip()

    def _error(self, reason: str, paragraph: str) -> TemplateError:
        return TemplateError(f"Word 模板“{self.file}”：{reason}。所在段落：“{paragraph}”。", REMEDY)


class _Values(Environment):
    """Names in a template are keys of mappings, never attributes of Python objects."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            return obj[attribute]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=attribute)


def _environment() -> Environment:
    return _Values(autoescape=False, undefined=StrictUndefined, finalize=_printed, trim_blocks=True)  # _printed escapes whatever is printed


def _printed(value: object) -> str:
    """What a tag prints: cleaned, escaped, line breaks and tabs kept as elements. Raises BlankValueError for None and blank text."""
    return _escaped(str(value)) if value is not None else _escaped("")


@lru_cache(maxsize=4096)  # the same names, units and numbers fill many tags
def _escaped(value: str) -> str:
    text = clean(value)
    if not text.strip():
        raise BlankValueError
    escaped = escape(text)
    for character, element in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        escaped = escaped.replace(character, f'</w:t>{element}<w:t xml:space="preserve">')
    return escaped


def _parts(source: bytes, file: str) -> dict[str, bytes]:
    """The parts of a .docx. Raises TemplateError for what is damaged, or defines entities that could grow without end."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            parts = {info.filename: archive.read(info) for info in infos if info.compress_type in PACKED_BY}
    except ZIP_DAMAGE:
        raise _no_document(file) from None
    if len(parts) < len(infos) or not {CONTENT_TYPES, "word/document.xml"} <= parts.keys():
        raise _no_document(file)
    if typed := next((name for name, content in parts.items() if name.lower().endswith(XML_SUFFIXES) and has_dtd(content)), None):
        raise TemplateError(
            f"模板“{file}”的“{typed}”部分含有不应出现的外部定义，为了安全没有读取。",
            "请在 Word 中新建一份文档，把内容粘贴进去，另存为 .docx 再试。",
        )
    return parts


def _no_document(file: str) -> TemplateError:
    return TemplateError(f"模板“{file}”不是 Word 文档（.docx），或者已经损坏。", "请在 Word 中打开后另存为 .docx 再试。")


def _category(core: bytes, file: str) -> str:
    if not core:
        return ""
    namespace = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
    return (_root(core, file).findtext(f"{namespace}category") or "").strip()


def _root(part: bytes, file: str) -> Any:
    """The root of an XML part. Raises TemplateError where the part is damaged."""
    try:
        return parse_xml(part)
    except (etree.XMLSyntaxError, ValueError):
        raise _no_document(file) from None


def core_properties(properties: Properties) -> bytes:
    """docProps/core.xml, written anew: docxtpl's own way escapes the title twice and keeps the template's author and times."""
    moment = f"{properties.day:%Y-%m-%d}T00:00:00Z"
    return (
        f"{DECLARATION}"
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(clean(properties.title))}</dc:title><dc:creator>{escape(clean(properties.author))}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(clean(properties.author))}</cp:lastModifiedBy><cp:category>{escape(properties.category)}</cp:category>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    ).encode()
