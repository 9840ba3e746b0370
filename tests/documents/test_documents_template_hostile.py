"""Word templates that would run code, fetch something or take all time and memory: refused by name and paragraph,
before any workbook."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_packages import completed, package
from test_documents_report_template import NAMES_HERE, PROPERTIES, VALUES, compiled, texts_of
from word_templates import DOCUMENT, document

from perfeval.blank.examples import completed_workbook
from perfeval.cli.commands import main
from perfeval.documents.report.names import REPORT
from perfeval.documents.report.write import ReportTemplates, check_template, standard_templates
from perfeval.errors import ExitCode, TemplateError
from perfeval.rules.load import load_regulations
from perfeval.run import pipeline
from perfeval.run.pipeline import refuse_faulty_templates
from perfeval.run.workers import CRASHED, TIMED_OUT, Done
from perfeval.word import template as word_template
from perfeval.word.lint import PARAGRAPH_LENGTH, TAG_CHARACTERS, TAG_LENGTH
from perfeval.word.package_guard import CONTENT_BYTES
from perfeval.word.template import OverflowingTemplateError, WordTemplate

REACH = "cycler['__init__']['__globals__']['os']['system']('true')"

# Where an expression may be that the parser accepts; `…` is replaced by the expression.
PLACES = {
    "printed": ["{{ … }}"],
    "if": ["{% if … %}甲{% endif %}"],
    "elif": ["{% if 简称 %}甲{% elif … %}乙{% endif %}"],
    "if of rows": ["{%p if … %}", "甲", "{%p endif %}"],
    "list of a loop": ["{%p for 条 in … %}", "甲", "{%p endfor %}"],
    "if of a loop": ["{%p for 条 in 问题 if … %}", "甲", "{%p endfor %}"],
    "within or": ["{{ 简称 or … }}"],
    "within not": ["{% if not … %}甲{% endif %}"],
    "within a comparison": ["{% if 部门名称 == … %}甲{% endif %}"],
    "within in": ["{% if 部门名称 in … %}甲{% endif %}"],
    "within a list": ["{% if 部门名称 in [1, …] %}甲{% endif %}"],
    "within a dict": ["{{ {'甲': …} }}"],
    "one-line if": ["{{ 部门名称 if … else 部门名称 }}"],
    "one-line else": ["{{ 部门名称 if 简称 else … }}"],
    "argument of a filter": ["{{ 部门名称|default(…) }}"],
    "argument of a test": ["{% if 部门名称 is sameas(…) %}甲{% endif %}"],
    "argument of a call": ["{{ 部门名称(…) }}"],
    "subscript": ["{{ 部门名称[…] }}"],
    "slice": ["{{ 部门名称[…:2] }}"],
    "concatenation": ["{{ 部门名称 ~ … }}"],
    "within else of a loop": ["{%p for 条 in 问题 %}", "甲", "{%p else %}", "{{ … }}", "{%p endfor %}"],
}
# What reaches out of the names, or takes all memory.
EXPRESSIONS = [
    REACH,
    "cycler",
    "lipsum(1000000)",
    "range(9)",
    "dict(a=1)",
    "namespace(a=1)",
    "joiner()",
    "self",
    "loop",
    "caller()",
    "部门名称.__class__",
    "部门名称['__class__']",
    "部门名称['__cla' ~ 'ss__']",
    "部门名称.upper",
    "部门名称.format",
    "部门名称['format_map']",
    "部门名称|attr('__class__')",
    "(部门名称|map('upper'))",
    "部门名称.__class__.__mro__[1].__subclasses__()",
    "''.__class__",
    "().__class__",
    "问题[0]",
    "问题.append",
    "问题.__len__",
    "'甲' * 99999999",
    "9 ** 9 ** 9",
    "'%0999999999d' % 1",
    "'甲' ~ '乙'",
    "-1",
    "[1]",
    "{}",
    "部门名称 is defined",
    "部门名称[0:1]",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("texts", PLACES.values(), ids=PLACES.keys())
def test_no_expression_reaches_beyond_the_names(texts: list[str], expression: str) -> None:
    with pytest.raises(TemplateError) as reported:
        compiled("前一段", *(text.replace("…", expression) for text in texts), "后一段")
    assert "所在段落：“" in reported.value.message
    assert re.search("没有“|不能用|for 后面|写法不对|不成对", reported.value.message)


STATEMENTS = [
    "{% set 甲 = 部门名称 %}",
    "{% set 部门名称 %}甲{% endset %}",
    "{% macro 甲(乙=cycler) %}{% endmacro %}",
    "{% call 部门名称() %}{% endcall %}",
    "{% filter upper %}甲{% endfilter %}",
    "{% with 甲 = 部门名称 %}{% endwith %}",
    "{% block 甲 %}{% endblock %}",
    "{% include 'a' %}",
    "{% import 'a' as 甲 %}",
    "{% from 'a' import 甲 %}",
    "{% extends 'a' %}",
    "{% raw %}{{ 部门名称 }}{% endraw %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% do 部门名称 %}",
    "{% debug %}",
    "{% print(部门名称) %}",
    "{% trans %}甲{% endtrans %}",
    "{% vm %}",
    "{% hm %}",
    "{% colspan 部门名称 %}",
    "{% cellbg 部门名称 %}",
    "{%r if 部门名称 %}甲{%r endif %}",
    "{{{ 部门名称 }}}",
    "{{ 部门名称 }} }}",
    "{%- include 'a' -%}",
    "{%+ include 'a' %}",
    "｛｛ 部门名称 ｝｝",
    "{﹛ 部门名称 ﹜}",
    "{{ 部门\u200b名称 }}",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_but_if_and_for_is_allowed(statement: str) -> None:
    with pytest.raises(TemplateError, match="所在段落：“"):
        compiled(statement)


@pytest.mark.parametrize("statement", [s for s in STATEMENTS if s.startswith("{%") and "raw" not in s])
def test_a_statement_outside_the_paragraphs_is_not_allowed_either(statement: str) -> None:
    """Where no paragraph is linted the tree is checked all the same."""
    for xml in (f"<w:sdt><w:t>{statement}</w:t></w:sdt>", f'<w:p w:rsidR="{statement}"/>', f"<!--{statement}-->"):
        with pytest.raises(TemplateError):
            compiled(blocks=xml.replace("&", "&amp;"))


@pytest.mark.parametrize(
    "loop",
    [
        "{%p for 条 in 问题 recursive %}",
        "{%p for 条, 内 in 问题 %}",
        "{%p for loop in 问题 %}",
        "{%p for 条.内容 in 问题 %}",
        "{%p for self in 问题 %}",
    ],
)
def test_a_loop_has_one_plain_name(loop: str) -> None:
    with pytest.raises(TemplateError, match=r"for 后面|写法不对|没有“条”"):
        compiled(loop, "{{ 条.内容 }}", "{%p endfor %}")


TAG = "{{ 部门名称 }}"
ELSEWHERE = {
    "attribute": f'<w:p><w:bookmarkStart w:id="0" w:name="{TAG}"/><w:r><w:t>此处</w:t></w:r></w:p>',
    "comment of the XML": f"<w:p><!-- {TAG} --><w:r><w:t>此处</w:t></w:r></w:p>",
    "processing instruction": f"<w:p><?a {TAG}?><w:r><w:t>此处</w:t></w:r></w:p>",
    "field code": f"<w:p><w:r><w:instrText> HYPERLINK {TAG} </w:instrText><w:t>此处</w:t></w:r></w:p>",
    "simple field": f'<w:p><w:fldSimple w:instr="PAGE {TAG}"><w:r><w:t>此处</w:t></w:r></w:fldSimple></w:p>',
    "deleted text": f"<w:p><w:r><w:delText>{TAG}</w:delText><w:t>此处</w:t></w:r></w:p>",
    "formula": f'<w:p><m:t xmlns:m="urn:m">{TAG}</m:t><w:r><w:t>此处</w:t></w:r></w:p>',
    "formula in two pieces": (
        '<w:p><m:t xmlns:m="urn:m">{</m:t><m:t xmlns:m="urn:m">{ 部门名称 }}</m:t><w:r><w:t>此处</w:t></w:r></w:p>'
    ),
    "tail of an element": f"<w:p><w:r><w:t>此处</w:t>{TAG}</w:r></w:p>",
    "entity": f"<w:p><w:r><w:t>此处</w:t>{TAG.replace('{', '&#123;')}</w:r></w:p>",
    "CDATA": f"<w:p><w:r><w:t>此处</w:t><w:instrText><![CDATA[{TAG}]]></w:instrText></w:r></w:p>",
}


@pytest.mark.parametrize("xml", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_tag_is_in_the_words_of_a_paragraph_and_nowhere_else(xml: str) -> None:
    with pytest.raises(TemplateError, match=r"只能写在正文.*“[^”]*此处"):
        compiled("前一段", "{{ 部门名称 }}", blocks=xml)


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p><w:r><w:t>&#123;&#x7b; 部门名称 }}</w:t></w:r></w:p>",
        "<w:p><w:r><w:t><![CDATA[{{ 部门名称 }}]]></w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ 部门</w:t></w:r><w:r><w:t>名称 }}</w:t></w:r></w:p>",
        '<w:p><w:r><w:drawing><a:ext xmlns:a="urn:a" uri="{28A0092B-C50C-407E-A947-70E740481C1C}"/></w:drawing>'
        '<w:t>{{ 部门名称 }}</w:t></w:r></w:p>',
        '<w:p><m:t xmlns:m="urn:m">{</m:t><w:r><w:t>即{{ 部门名称 }}</w:t></w:r></w:p>',
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> IF </w:instrText><w:fldChar w:fldCharType="begin"/>'
        '<w:instrText> PAGE </w:instrText><w:fldChar w:fldCharType="separate"/><w:t>1</w:t>'
        '<w:fldChar w:fldCharType="end"/>'
        '<w:instrText> = 1 "" "" </w:instrText><w:fldChar w:fldCharType="end"/><w:t>{{ 部门名称 }}</w:t></w:r></w:p>',
    ],
    ids=["entities", "CDATA", "runs", "GUID", "brace in a formula", "fields"],
)  # fmt: skip
def test_what_word_writes_around_a_tag_does_no_harm(xml: str) -> None:
    made = docx.Document(io.BytesIO(compiled(blocks=xml).render(VALUES, PROPERTIES)))
    assert texts_of(made)[0].endswith("甲〔乙〕& <丙>局")


def test_what_a_bureau_writes_stays_possible() -> None:
    lines = {
        "{% if 简称 and 部门名称 %}甲{% elif not 简称 or 部门名称 == '甲' %}乙{% else %}丙{% endif %}": "乙",
        "{% if 部门名称 != “甲” and 部门名称 in '甲乙' %}甲{% else %}乙{% endif %}": "乙",
        "{{ 简称 or 部门名称 }}": "甲〔乙〕& <丙>局",
        "{% for 条 in 行 if 条.首行 %}{{ 条.三级 }}；{% endfor %}": "检查；就业；",
        "{% for 条 in 行 %}{% for 内 in 行 %}{{ 内.三级 }}{% endfor %}；{% endfor %}": "检查培训就业；" * 3,
        "{# 说明 #}完": "完",
    }
    assert texts_of(docx.Document(io.BytesIO(compiled(*lines).render(VALUES, PROPERTIES)))) == list(lines.values())


@pytest.mark.parametrize(
    "part", ["word/footer1.xml", "word/header1.xml", "word/footnotes.xml", "word/endnotes.xml", "word/header27.xml"]
)
def test_every_part_that_is_filled_passes_the_one_check(part: str) -> None:
    body = f"<w:p><w:r><w:t>{{{{ {REACH} }}}}</w:t></w:r></w:p>".replace("'", "&apos;")
    root = '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    with pytest.raises(TemplateError, match="不能用"):
        WordTemplate(repacked(document("甲"), {part: f"{root}{body}</w:hdr>".encode()}), "甲.docx").compile(NAMES_HERE)


def repacked(source: bytes, changes: dict[str, bytes]) -> bytes:
    """The package with parts added or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in ({n: old.read(n) for n in old.namelist()} | changes).items():
            new.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "part",
    ["docProps/app.xml", "docProps/custom.xml", "word/comments.xml", "word/charts/chart1.xml", "customXml/item1.xml"],
)
def test_a_tag_in_any_other_part_is_never_filled(part: str) -> None:
    content = b"<a>{{ " + "部门名称".encode() + b" }}{% include 'a' %}</a>"
    made = (
        WordTemplate(repacked(document("甲"), {part: content}), "甲.docx")
        .compile(NAMES_HERE)
        .render(VALUES, PROPERTIES)
    )
    assert zipfile.ZipFile(io.BytesIO(made)).read(part) == content


def test_the_document_properties_are_written_again() -> None:
    core = zipfile.ZipFile(io.BytesIO(document("甲"))).read(word_template.CORE)
    tagged = core.replace(b"<dc:title>", b"<dc:title>{{ cycler }}")
    assert tagged != core
    made = (
        WordTemplate(repacked(document("甲"), {word_template.CORE: tagged}), "甲.docx")
        .compile(NAMES_HERE)
        .render(VALUES, PROPERTIES)
    )
    assert docx.Document(io.BytesIO(made)).core_properties.title == PROPERTIES.title


@given(st.text("{}%#|.[]()'\"~*+-=<> 甲abif_for" + "ni", max_size=40), st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_a_template_compiles_or_is_refused(text: str, tagged: bool) -> None:
    written = f"{{{{ {text} }}}}" if tagged else text
    try:
        made = compiled(written).render(VALUES, PROPERTIES)
    except TemplateError:
        return
    docx.Document(io.BytesIO(made))


# ---- what would run or be fetched ----

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "word/_rels/document.xml.rels"


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> dict[str, bytes]:
    relations = zipfile.ZipFile(io.BytesIO(document("甲"))).read(RELATIONS)
    one = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return {RELATIONS: relations.replace(b"</Relationships>", one.encode())}


def typed(old: str, new: str) -> dict[str, bytes]:
    types = zipfile.ZipFile(io.BytesIO(document("甲"))).read("[Content_Types].xml").decode()
    assert old in types
    return {"[Content_Types].xml": types.replace(old, new).encode()}


MAIN = "wordprocessingml.document.main+xml"
UNSAFE: dict[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "attached template": (lambda: related("attachedTemplate", "file:///C:/a.dotm"), "附加的模板"),
    "attached template of the settings": (
        lambda: {"word/_rels/settings.xml.rels": related("attachedTemplate", "http://a/b")[RELATIONS]},
        "附加的模板",
    ),
    "linked picture": (lambda: related("image", "http://a/b.png"), "链接的图片"),
    "linked workbook": (lambda: related("oleObject", "file:///C:/a.xlsx"), "OLE"),
    "embedded object": (lambda: related("oleObject", "embeddings/oleObject1.bin", ""), "OLE"),
    "control": (lambda: related("control", "activeX/activeX1.xml", ""), "ActiveX"),
    "macros": (lambda: {"word/vbaProject.bin": b"a"}, "宏"),
    "macros under another name": (lambda: related("vbaProject", "a.bin", ""), "宏"),
    "type with macros": (lambda: typed(f"vnd.openxmlformats-officedocument.{MAIN}",
        "vnd.ms-word.document.macroEnabled.main+xml"), "宏"),
    "other document": (lambda: related("aFChunk", "a.html", ""), "其他文档"),
    "sub-document": (lambda: related("subDocument", "a.docx"), "子文档"),
    "frame": (lambda: related("frame", "http://a/b"), "框架页"),
    "share in a hyperlink": (lambda: related("hyperlink", "\\\\a\\b"), "外部链接"),
    "file in a hyperlink": (lambda: related("hyperlink", "file://a/b"), "外部链接"),
    "script in a hyperlink": (lambda: related("hyperlink", "javascript:a"), "外部链接"),
    "address without the mode": (lambda: related("image", "http://a/b.png", ""), "链接的图片"),
    "mode in small letters": (lambda: related("image", "b.png", ' TargetMode="external"'), "链接的图片"),
    "Word's own template format": (lambda: typed(MAIN, MAIN.replace("document", "template")), "dotx"),
    "workbook": (lambda: typed(MAIN, "spreadsheetml.sheet.main+xml"), "不是 .docx"),
    "broken part": (lambda: {"word/styles.xml": b"<a>"}, "“word/styles.xml”部分已经损坏"),
    "deep part": (lambda: {"word/styles.xml": b"<a>" * 9999 + b"</a>" * 9999}, "“word/styles.xml”部分已经损坏"),
    "definition in UTF-16": (lambda: {"customXml/item1.xml": "<!DOCTYPE a><a/>".encode("utf-16")}, "外部定义"),
    "too large": (
        lambda: {"word/header1.xml": b"<a>%s</a>" % random.Random(1).randbytes(CONTENT_BYTES // 2).hex().encode()},
        "上限"),
    "two parts of a name": (lambda: {"word/Document.xml": b"<a/>"}, "同名"),
    "strict format": (lambda: {DOCUMENT: b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'},
        "Strict"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), UNSAFE.values(), ids=UNSAFE.keys())
def test_what_runs_or_is_fetched_is_refused(changes: Callable[[], dict[str, bytes]], reason: str) -> None:
    with pytest.raises(TemplateError, match=reason) as reported:
        WordTemplate(repacked(document("甲"), changes()), "本局.docx").compile(NAMES_HERE)
    assert "“本局.docx”" in reported.value.message
    assert reported.value.remedy


@pytest.mark.parametrize("target", ["https://www.gov.cn/", "mailto:a@b.cn", "附件.docx", "附件/说明.docx", "#附件", ""])
def test_a_plain_hyperlink_is_harmless(target: str) -> None:
    WordTemplate(repacked(document("甲"), related("hyperlink", target)), "本局.docx").compile(NAMES_HERE)


def field(*codes: str) -> str:
    pieces = "".join(f"<w:instrText>{code}</w:instrText>" for code in codes)
    begin, middle, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
    return f"<w:r>{begin}{pieces}{middle}<w:t>此处</w:t>{end}</w:r>"


@pytest.mark.parametrize(
    "runs",
    [
        field(' DDEAUTO c:\\\\cmd "a"'),
        field(" D", "DE c a"),
        field(" includetext &quot;http://a/b&quot;"),
        field(' INCLUDEPICTURE "http://a/b" \\d'),
        field(f" {field(' QUOTE 68 68 69 ')} c a")
        .replace("<w:instrText> <w:r>", "<w:instrText> </w:instrText><w:r>")
        .replace("</w:r> c a</w:instrText>", "</w:r><w:instrText> c a</w:instrText>"),
        '<w:fldSimple w:instr=" DDE a b"><w:r><w:t>此处</w:t></w:r></w:fldSimple>',
        '<w:r><w:pict><v:imagedata xmlns:v="urn:v" src="http://a/b.png"/></w:pict><w:t>此处</w:t></w:r>',
        '<w:r><a:blip xmlns:a="urn:a" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        ' r:link="rId9"/><w:t>此处</w:t></w:r>',
    ],
)  # fmt: skip
def test_a_field_that_runs_or_fetches_is_refused(runs: str) -> None:
    with pytest.raises(TemplateError, match=r"去别处|别处的图片") as reported:
        compiled("前一段", blocks=f"<w:p>{runs}</w:p>")
    assert "此处" in reported.value.message


PADDED = " " * 2000
NESTED = field(" HYPERLINK ").replace("</w:instrText>", f"</w:instrText>{field(' QUOTE x ')}", 1)


@pytest.mark.parametrize(
    "runs",
    [
        *(
            field(f' HYPERLINK "{target}" ')
            for target in ("ms-msdt:/id", "javascript:a", "file:///c:/a", "\\\\\\\\a\\\\b", "C:\\\\a.exe")
        ),
        field(' hyperlink \\o "https://a/" \\t "_blank" "search-ms:a" '),
        field(" HYPERLINK search-ms:a "),
        field(" HYPERLINK", f'{PADDED}"search-ms:a" '),
        '<w:fldSimple w:instr=" HYPERLINK &quot;ms-msdt:/id&quot;"><w:r><w:t>此处</w:t></w:r></w:fldSimple>',
        NESTED,
    ],
)
def test_a_hyperlink_written_as_a_field_passes_the_check_of_one_in_a_relationship(runs: str) -> None:
    with pytest.raises(TemplateError, match="超链接的域，指向程序或者别处的文件") as reported:
        compiled("前一段", blocks=f"<w:p>{runs}</w:p>")
    assert "此处" in reported.value.message


@pytest.mark.parametrize(("element", "named"), [("altChunk", "其他文档"), ("subDoc", "子文档")])
def test_a_place_for_another_document_is_refused_whatever_its_relationship_says(element: str, named: str) -> None:
    with pytest.raises(TemplateError, match=named):
        compiled("前一段", blocks=f'<w:{element} xmlns:r="{OFFICE}" r:id="rId1"/>')


LINKS = [
    ' HYPERLINK "https://a/link" ',
    ' HYPERLINK \\l "_Toc1" ',
    ' HYPERLINK "附件.docx" \\l "a" \\o "说明" ',
    " HYPERLINK mailto:a@b.cn ",
]


@pytest.mark.parametrize("code", [" PAGE ", " NUMPAGES \\* MERGEFORMAT ", ' TOC \\o "1-3" ', *LINKS, "=SUM(ABOVE)", ""])
def test_the_usual_fields_stay(code: str) -> None:
    compiled(blocks=f"<w:p>{field(code)}</w:p>")


# ---- what would take all time and memory ----

PILED = [
    "{%p for 甲 in 行 %}",
    "{%p for 乙 in 行 %}",
    "{%p for 丙 in 行 %}",
    "{{ 丙.三级 }}",
    "{%p endfor %}",
    "{%p endfor %}",
    "{%p endfor %}",
]
HUGE: dict[str, tuple[list[str], str]] = {
    "tags": (["{{ 部门名称 }}" * 1000] * (TAG_CHARACTERS // 10_000 + 1), "标签太多"),
    "tag": (["{{ " + "部门名称 or " * TAG_LENGTH + "部门名称 }}"], "标签太长"),
    "paragraph": (["{" * (PARAGRAPH_LENGTH + 1)], "太长"),
    "parentheses": (["{{ " + "(" * 140 + "部门名称" + ")" * 140 + " }}"], "太复杂"),
    "number": (["{{ " + "9" * 5000 + " }}"], "标签太长"),
    "nested ifs": (["{%p if 部门名称 %}"] * 25 + ["甲"] + ["{%p endif %}"] * 25, "套了"),
    "unrelated loops": (PILED, "成倍"),
    "branches": (["{%p if 简称 %}", *["{%p elif 简称 %}", "甲"] * 3000, "{%p endif %}"], "太复杂"),
}


@pytest.mark.parametrize(("texts", "reason"), HUGE.values(), ids=HUGE.keys())
def test_what_no_bureau_writes_is_refused_at_once(texts: list[str], reason: str) -> None:
    with pytest.raises(TemplateError, match=reason) as reported:
        compiled("前一段", *texts)
    assert "所在段落：“" in reported.value.message
    assert len(reported.value.message) < 400


@pytest.mark.parametrize(("again", "refused"), [(1, False), (2, True)])
def test_a_list_of_an_outer_item_counts_as_unrelated_to_the_loop_between(again: int, refused: bool) -> None:
    names = {"表": [{"行": [{"列": [{"值": ""}]}]}]}
    loops = [
        "{%p for 甲 in 表 %}",
        "{%p for 乙 in 甲.行 %}",
        "{%p for 丙 in 乙.列 %}",
        *["{%p for 丁 in 乙.列 %}"] * again,
    ]
    template = WordTemplate(document(*loops, "{{ 丁.值 }}", *["{%p endfor %}"] * len(loops)), "甲.docx")
    if refused:
        with pytest.raises(TemplateError, match="成倍"):
            template.compile(names)
    else:
        template.compile(names)


MANY = VALUES | {"行": [{"首行": True, "一级": "甲" * 100, "三级": "乙"}] * 2000}


@pytest.mark.parametrize("line", ["{% for 甲 in 行 %}{% for 乙 in 行 %}{{ 乙.一级 }}{% endfor %}{% endfor %}"])
def test_loops_that_multiply_end_at_the_limit_and_the_template_is_named(line: str) -> None:
    with pytest.raises(OverflowingTemplateError, match=r"“本局模板.docx”：这里的循环写出的内容太多.*“{% for 甲"):
        compiled("前一段", line).render(MANY, PROPERTIES)


def test_loops_that_write_nothing_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_template, "SECONDS", 0.05)
    with pytest.raises(OverflowingTemplateError, match=r"“{% for 甲"):
        compiled(
            "{% for 甲 in 行 %}{% for 乙 in 行 %}{% if 乙.一级 == '丙' %}丙{% endif %}{% endfor %}{% endfor %}"
        ).render(MANY, PROPERTIES)


def test_the_limit_is_for_all_parts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_template, "CHARACTERS", 1500)
    with pytest.raises(OverflowingTemplateError):
        compiled("甲").render(VALUES, PROPERTIES)


@pytest.mark.parametrize("condition", ["部门名称 > 3", "问题 < 3", "部门名称 >= '乙'", "部门名称 == '甲' <= '乙'"])
def test_texts_have_no_size(condition: str) -> None:
    with pytest.raises(TemplateError, match=r"比大小.*所在段落"):
        compiled(f"{{% if {condition} %}}甲{{% endif %}}")


def test_a_comparison_of_unlike_things_is_reported() -> None:
    with pytest.raises(TemplateError, match=r"不能混用.*所在段落"):
        compiled("{% if 3 in 部门名称 %}甲{% endif %}").render(VALUES, PROPERTIES)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{{ 问题 }}", "是列表"), ("{%p for 条 in 问题 %}", "由几部分"), ("{{ 问题 or 行 }}", "不能混用")],
)
def test_a_list_is_never_printed(text: str, reason: str) -> None:
    texts = [text, "{{ 条 }}", "{%p endfor %}"] if "for" in text else [text]
    with pytest.raises(TemplateError, match=reason):
        compiled(*texts).render(VALUES, PROPERTIES)


# ---- in a worker ----


def test_a_faulty_template_is_reported_from_the_worker(tmp_path: Path) -> None:
    sound, faulty = tmp_path / "好.docx", tmp_path / "坏.docx"
    sound.write_bytes(standard_templates()[f"{REPORT}_模板.docx"])
    faulty.write_bytes(document("{{ cycler }}"))
    refuse_faulty_templates([sound])
    with pytest.raises(TemplateError, match=r"“坏.docx”：没有“cycler”这个名称"):
        refuse_faulty_templates([sound, faulty])


@pytest.mark.parametrize(("code", "limit"), [(TIMED_OUT, "时间"), (CRASHED, "内存")])
def test_a_template_that_ends_its_worker_is_named(monkeypatch: pytest.MonkeyPatch, code: str, limit: str) -> None:
    monkeypatch.setattr(pipeline, "run_all", lambda function, tasks, jobs: (Done(task, None, code) for task in tasks))
    with pytest.raises(TemplateError, match=f"“大.docx”太大或太复杂，检查时超过了{limit}的上限"):
        pipeline.refuse_faulty_templates([Path("大.docx")])


def test_whose_fault_a_document_beyond_all_bounds_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The template's where the standard one stays within the bounds, else the workbook's: no other workbook suffers for
    it."""
    filed = package(completed())
    own = ReportTemplates((("本局.docx", document(*["甲" * 10_000] * 200)),))
    monkeypatch.setattr(word_template, "CHARACTERS", 1_000_000)
    with pytest.raises(OverflowingTemplateError, match=r"“本局.docx”"):
        own.render(filed)
    monkeypatch.setattr(word_template, "CHARACTERS", 10_000)
    with pytest.raises(MemoryError):
        own.render(filed)
    assert ReportTemplates().render(filed)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (
            [
                "{%p for 条 in 问题 if cycler['__init__']['__globals__']['os']['system']('touch 被执行') %}",
                "甲",
                "{%p endfor %}",
            ],
            "不能用",
        ),
        (["{% if 3 in 部门名称 %}甲{% endif %}"], "不能混用"),
    ],
    ids=["before any workbook", "at the first workbook"],
)
def test_on_the_command_line_the_template_is_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], texts: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    Path("input/甲.xlsx").write_bytes(completed_workbook(load_regulations()))
    Path("本局.docx").write_bytes(document(*texts))
    assert main(["report", "input", "-o", "output", "--jobs", "1", "--template", "本局.docx"]) == ExitCode.USAGE
    reported = capsys.readouterr()
    assert reason in reported.err
    assert "“本局.docx”：" in reported.err
    assert "甲.xlsx" not in reported.out + reported.err
    assert not Path("被执行").exists()
    assert not Path("output/2025").exists()


@pytest.mark.parametrize("kind", ["folder", "link", "dangling", "missing"])
def test_only_a_file_is_a_template(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "模板.docx", tmp_path / "目标.docx"
    target.write_bytes(document("甲"))
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.symlink_to(target if kind == "link" else tmp_path / "没有")
    with pytest.raises(TemplateError, match=r"不是文件本身|打不开"):
        check_template(path)
