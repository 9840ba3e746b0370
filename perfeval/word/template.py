"""A Word template that a bureau edits in Word: prepared and compiled once per process, rendered per workbook.

The tags are docxtpl's ({{ }}, {% %}, {%p %}, {%tr %}) and one of our own, {%合并 … %}. docxtpl prepares the XML; what it
does not do is done here: every paragraph is linted first (docxtpl swallows text up to the next tag without a word),
names are checked before the first workbook, values are escaped, blank ones refused, line breaks kept.
"""

import io
import re
import sys
import time
import traceback
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any, cast
from xml.sax.saxutils import escape, unescape

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes, pass_environment
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from perfeval.errors import TemplateError
from perfeval.excel.zips import write_zip
from perfeval.model.text import clean
from perfeval.word.lint import FaultyTagError, apply_merges, lint
from perfeval.word.names import Names, check_names
from perfeval.word.package_guard import CONTENT_PART, RESAVE, faulty, open_template

CORE = "docProps/core.xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LINE_END = "{#\n#}"
REMEDY = "请在 Word 中打开这个模板，改正这一处再运行；不确定时，用 perfeval template --report 写出标准模板对照。"
COMPILED = "<template>"  # jinja2's name for a template that is no file, in tracebacks

# What a template of the bureau's own may write, and how long it may take. The standard report of the example has
# 300,000 characters, made in 1 ms.
CHARACTERS = 64 * 1024**2
SECONDS = 30  # of processor time
CLOCK_EVERY = 100  # items of a loop
COUNTED_TOGETHER = 100  # pieces, each the text between two tags or what one tag prints


class BlankValueError(ValueError):
    """A tag whose value is empty: nothing may print as blank."""


class _TooMuchError(Exception):
    """The loops of a template write or take more than any report does."""


class OverflowingTemplateError(TemplateError):
    """What a template made of a workbook is beyond all bounds."""


@dataclass(frozen=True, slots=True)
class Properties:
    """The document properties of a rendered document; `day` stands for created and modified, since no clock may leak
    in."""

    title: str
    author: str
    category: str
    day: date


class WordTemplate:
    """One template, ready to render. `category` is the document property that names its kind."""

    def __init__(self, source: bytes, file: str) -> None:
        """Opens a .docx; `file` is the name it goes by in messages. Raises TemplateError."""
        self.file = file
        self._parts = open_template(source, file)
        self.category = _category(self._parts.get(CORE, b""), file)
        self._environment = _Sandbox()
        self._templates: dict[str, _Part] = {}

    def compile(self, names: Names) -> "WordTemplate":
        """Lints and compiles every part that holds tags, once; `names` are those a tag may use. Raises
        TemplateError."""
        if not self._templates:
            parts = {name: content for name, content in self._parts.items() if CONTENT_PART.fullmatch(name)}
            self._templates = {
                name: _Part(content, self._environment, names, self.file) for name, content in parts.items()
            }
        return self

    def render(self, values: Mapping[str, Any], properties: Properties, bounded: bool = True) -> bytes:
        """The filled document. Raises TemplateError where a value is blank or unknown."""
        return write_zip(self.fill(values, properties, bounded))

    def fill(self, values: Mapping[str, Any], properties: Properties, bounded: bool = True) -> dict[str, bytes]:
        """The filled document's parts by name. Raises OverflowingTemplateError where it is `bounded` and grows too
        large or takes too long."""
        room = CHARACTERS if bounded else sys.maxsize
        self._environment.deadline = time.process_time() + SECONDS if bounded else float("inf")
        filled: dict[str, bytes] = {}
        for name, part in self._templates.items():
            text = part.render(values, room)
            room -= len(text)
            filled[name] = f"{DECLARATION}{text}".encode()
        return self._parts | filled | {CORE: core_properties(properties)}


def shipped_source(kind: str) -> bytes:
    """The template of a kind of document as it lies in `perfeval/word/templates`: who changes the wording changes it
    there, in Word."""
    return (files("perfeval.word") / "templates" / f"{kind}_模板.docx").read_bytes()


@cache
def shipped_template(kind: str) -> WordTemplate:
    """The template made of it, the same for the whole process."""
    return WordTemplate(shipped_source(kind), f"{kind}_模板.docx")


class _Part:
    """One XML part, compiled. A comment ends the line after each paragraph and row of the prepared source: an error's
    line names its paragraph."""

    def __init__(self, content: bytes, environment: "_Sandbox", names: Names, file: str) -> None:
        self.file = file
        self.lines: list[str] = []
        root = _root(content, file)
        try:
            lint(root)
            apply_merges(root)
            self.template = self._compile(root, environment, names)
        except FaultyTagError as fault:
            raise faulty(file, fault.what, REMEDY) from None

    def _compile(self, root: Any, environment: "_Sandbox", names: Names) -> Template:
        """Whatever is handed to jinja2 passes here: the tree that is checked is the tree that is compiled."""
        for element in root.iter(qn("w:p"), qn("w:tr")):
            element.tail = LINE_END
        source = DocxTemplate(io.BytesIO()).patch_xml(etree.tostring(root, encoding="unicode"))
        self.lines = source.replace(LINE_END, "\n").split("\n")
        try:
            tree = environment.parse(source)
            check_names(tree, names)
            for loop in tree.find_all(nodes.For):
                loop.iter = nodes.Filter(loop.iter, IN_TIME, [], [], None, None, lineno=loop.lineno)
            return environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise FaultyTagError("标签写法不对，请检查引号、括号和空格", self._paragraph(error.lineno)) from None
        except UndefinedError as error:
            raise FaultyTagError(str(error), self._paragraph(getattr(error, "lineno", 0))) from None
        except (RecursionError, SyntaxError, ValueError):  # of Python, which jinja2 writes
            raise FaultyTagError("标签太复杂，括号或条件套得太多", self._paragraph(_most_tangled(self.lines))) from None

    def render(self, values: Mapping[str, Any], room: int) -> str:
        """The filled part, of `room` characters at most. Raises TemplateError."""
        pieces = cast(
            Generator[str, None, None], self.template.root_render_func(self.template.new_context(dict(values)))
        )
        try:
            return "".join(_counted(pieces, room))
        except _TooMuchError as error:
            what = FaultyTagError("这里的循环写出的内容太多，超过了一份报告的上限", self._place(error)).what
            raise OverflowingTemplateError(f"Word 模板“{self.file}”{what}", REMEDY) from None
        except (UndefinedError, BlankValueError, TypeError) as error:
            raise faulty(self.file, FaultyTagError(_reason(error), self._place(error)).what, REMEDY) from None

    def _place(self, error: Exception) -> str:
        """The paragraph whose tag was at work."""
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename == COMPILED), None)
        return self._paragraph(self.template.get_corresponding_lineno(line) if line else 0)

    def _paragraph(self, line: int) -> str:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return unescape(re.sub(r"<[^>]*>", "", text)).strip()


def _most_tangled(lines: Sequence[str]) -> int:
    """The number of the line, from 1, that a parser that gave up has most probably given up at: it does not say."""
    return 1 + max(range(len(lines)), key=lambda number: sum(map(lines[number].count, ("(", " not ", "{% e"))))


def _reason(error: Exception) -> str:
    if isinstance(error, BlankValueError):
        return "有一个名称在这里没有内容，请用 {% if %} 先作判断"
    return (
        "用到了程序没有提供的名称"
        if isinstance(error, UndefinedError)
        else "这里比较或印出的内容不是同一类，文字、数字和列表不能混用"
    )


def _counted(pieces: Generator[str, None, None], room: int) -> Iterator[str]:
    """The pieces, as long as they fit; else the error is raised at the tag that is at work."""
    while some := list(islice(pieces, COUNTED_TOGETHER)):
        room -= sum(map(len, some))
        if room < 0:
            pieces.throw(_TooMuchError())
        yield from some


class _Sandbox(ImmutableSandboxedEnvironment):
    """What a compiled tag can reach: the keys of mappings, and nothing of Python. No globals, no tests, no filter but
    our own."""

    def __init__(self) -> None:
        # _printed escapes whatever is printed
        super().__init__(autoescape=False, undefined=StrictUndefined, finalize=_printed, trim_blocks=True)
        self.globals.clear()
        self.tests.clear()
        self.filters = {IN_TIME: _in_time}
        self.deadline = float("inf")  # in the process's own time, of the rendering that is under way

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key's value; undefined where there is none."""
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """No other than getattr."""
        return self.getattr(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is."""
        return False


IN_TIME = "in_time"


@pass_environment
def _in_time(environment: _Sandbox, items: Iterable[Any]) -> Iterator[Any]:
    """The items of a loop, as long as the rendering is within its time. Put around every loop's list once the
    template is checked."""
    for number, item in enumerate(items):
        if number % CLOCK_EVERY == 0 and time.process_time() > environment.deadline:
            raise _TooMuchError
        yield item


def _printed(value: object) -> str:
    """What a tag prints: cleaned, escaped, line breaks and tabs kept as elements. Raises BlankValueError for None and
    blank text, TypeError for a list."""
    if isinstance(value, list | dict):
        raise TypeError
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
        raise faulty(file, "已经损坏，读不出来。", RESAVE) from None


def core_properties(properties: Properties) -> bytes:
    """docProps/core.xml, written again: docxtpl's own way escapes the title twice and keeps the template's author and
    times."""
    moment, author = f"{properties.day:%Y-%m-%d}T00:00:00Z", escape(clean(properties.author))
    return (
        f"{DECLARATION}"
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(clean(properties.title))}</dc:title>"
        f"<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f"<cp:category>{escape(properties.category)}</cp:category>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    ).encode()
