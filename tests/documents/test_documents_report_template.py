"""Word templates: what a bureau may write into one, what is refused and how it is said, what the rendered document
holds."""

import io
import os
import struct
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import docx
import places
import pytest
from docx.table import Table, _Cell
from docxtpl import DocxTemplate
from gongwen_check import check
from jinja2 import Environment
from word_templates import DOCUMENT, document, table

from perfeval.documents.corrections.write import KIND as CORRECTIONS
from perfeval.documents.report.names import PROJECT_REPORT, REPORT
from perfeval.documents.report.write import NAMES, check_template, load_report_templates, standard_templates
from perfeval.documents.summaries.notice import KIND as NOTICE
from perfeval.errors import TemplateError
from perfeval.exchange.review.opinion import KIND as OPINION
from perfeval.word.template import CORE, Properties, WordTemplate, shipped_source

PROPERTIES = Properties("标题 A & B", "某某局", REPORT, date(2026, 1, 15))
NAMES_HERE: dict[str, Any] = {
    "部门名称": "部门全称",
    "简称": "可空",
    "问题": [{"序号": "", "内容": ""}],
    "行": [{"首行": "判断", "一级": "", "三级": ""}],
}
VALUES: dict[str, Any] = {
    "部门名称": "甲〔乙〕& <丙>局",
    "简称": "",
    "问题": [{"序号": "1", "内容": "先\n后"}],
    "行": [
        {"首行": True, "一级": "产出指标", "三级": "检查"},
        {"首行": False, "一级": "产出指标", "三级": "培训"},
        {"首行": True, "一级": "效益指标", "三级": "就业"},
    ],
}


def compiled(*texts: str, blocks: str = "") -> WordTemplate:
    return WordTemplate(document(*texts, blocks=blocks), "本局模板.docx").compile(NAMES_HERE)


def rendered(*texts: str, blocks: str = "") -> Any:
    return docx.Document(io.BytesIO(compiled(*texts, blocks=blocks).render(VALUES, PROPERTIES)))


def texts_of(document: Any) -> list[str]:
    return [p.text for p in document.paragraphs if p.text]


BROKEN = {
    "one brace short": (["本部门是{{ 部门名称 }。"], "不成对", "本部门是{{ 部门名称 }。"),
    "no end": (["本部门是{{ 部门名称"], "不成对", "本部门是{{ 部门名称"),
    "stray braces": (["本部门是{部门名称}。"], "不成对", "本部门是{部门名称}。"),
    "full-width braces": (["｛｛ 部门名称 ｝｝"], "全角", "｛｛ 部门名称 ｝｝"),
    "full-width percent": (["{％ if 简称 ％}有{％ endif ％}"], "全角", "{％ if 简称 ％}有{％ endif ％}"),
    "loop left open": (["{%p for 条 in 问题 %}", "{{ 条.内容 }}"], "没有对应的 {% endfor %}", "{%p for 条 in 问题 %}"),
    "end without start": (["{{ 部门名称 }}", "{%p endif %}"], "没有对应的 {% if %}", "{%p endif %}"),
    "crossed": (
        ["{%p for 条 in 问题 %}", "{%p if 简称 %}", "{%p endfor %}", "{%p endif %}"],
        "没有对应的 {% for %}",
        "{%p endfor %}",
    ),
    "loop left open within an if": (
        ["{%p if 部门名称 %}", "{%p for 条 in 问题 %}", "{%p endif %}"],
        "它前面的“{%p for 条 in 问题 %}”还没有写 {% endfor %}",
        "{%p endif %}",
    ),
    "if over paragraphs": (["{% if 简称 %}有", "{% endif %}"], "本段内没有结束", "{% if 简称 %}有"),
    "p tag with other words": (["前面 {%p if 简称 %}", "有", "{%p endif %}"], "单独成一段", "前面 {%p if 简称 %}"),
    "p opened, plain end": (["{%p if 简称 %}", "有{% endif %}"], "写法不一致", "有{% endif %}"),
    "unknown name": (["负责人{{ 局长 }}"], "没有“局长”这个名称", "负责人{{ 局长 }}"),
    "unknown part": (
        ["{%p for 条 in 问题 %}", "{{ 条.责任 }}", "{%p endfor %}"],
        "没有“条.责任”这个名称",
        "{{ 条.责任 }}",
    ),
    "name of a loop outside it": (
        ["{%p for 条 in 问题 %}", "{{ 条.内容 }}", "{%p endfor %}", "{{ 条.序号 }}"],
        "“条”",
        "{{ 条.序号 }}",
    ),
    "printing what may be blank": (["简称{{ 简称 }}。"], "可能没有内容", "简称{{ 简称 }}。"),
    "printing it where something else is there": (
        ["{% if 部门名称 %}{{ 简称 }}{% endif %}"],
        "可能没有内容",
        "{% if 部门名称 %}{{ 简称 }}{% endif %}",
    ),
    "walking a text": (["{%p for 字 in 部门名称 %}", "{{ 字 }}", "{%p endfor %}"], "列表", "{% for 字 in 部门名称 %}"),
    "program words": (["{{ 部门名称.upper() }}"], "只能写名称", "{{ 部门名称.upper() }}"),
    "unknown tag": (["{% macro 甲() %}"], "不支持标签", "{% macro 甲() %}"),
    "rich text": (["{{r 部门名称 }}"], "不支持标签", "{{r 部门名称 }}"),
    "malformed": (["{{ 部门名称 简称 }}"], "写法不对", "{{ 部门名称 简称 }}"),
}


@pytest.mark.parametrize(("texts", "reason", "where"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_tag_is_reported_with_the_text_of_its_paragraph(texts: list[str], reason: str, where: str) -> None:
    with pytest.raises(TemplateError) as reported:
        compiled("前一段", *texts, "后一段")
    assert reason in reported.value.message
    assert f"“{where}”" in reported.value.message
    assert "本局模板.docx" in reported.value.message
    assert reported.value.remedy


def test_a_row_tag_with_other_words_in_its_row_is_refused() -> None:
    rows = [["{%tr for 行 in 行 %}", "会丢失的字"], ["{{ 行.一级 }}", "甲"], ["{%tr endfor %}"]]
    with pytest.raises(TemplateError, match="单独占表格的一行"):
        compiled(blocks=table(*rows))


@pytest.mark.parametrize(
    "revision",
    [
        '<w:ins w:id="1" w:author="甲"><w:r><w:t>新加</w:t></w:r></w:ins>',
        '<w:del w:id="1" w:author="甲"><w:r><w:delText>删去</w:delText></w:r></w:del>',
        '<w:moveFrom w:id="1" w:author="甲"><w:r><w:t>搬走</w:t></w:r></w:moveFrom>',
        '<w:r><w:rPr><w:b/><w:rPrChange w:id="1" w:author="甲"><w:rPr/></w:rPrChange></w:rPr><w:t>加粗</w:t></w:r>',
    ],
    ids=["put in", "taken out", "moved", "formatted"],
)
def test_a_template_with_tracked_changes_asks_for_them_to_be_settled_first(revision: str) -> None:
    with pytest.raises(TemplateError, match=r"修订标记.*接受或拒绝.*看得见") as caught:
        compiled(blocks=f"<w:p><w:r><w:t>看得见</w:t></w:r>{revision}</w:p>")
    assert not any(word in str(caught.value) for word in ("删去“", "搬走"))


def test_a_comment_left_in_the_template_is_refused() -> None:
    commented = '<w:p><w:r><w:t>审一下</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>'
    with pytest.raises(TemplateError, match=r"批注.*“审一下”"):
        compiled(blocks=commented)


def test_a_loop_from_one_cell_into_another_is_refused() -> None:
    with pytest.raises(TemplateError, match="不在同一"):
        compiled(blocks=table(["{%p for 条 in 问题 %}", "{%p endfor %}"]))


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_blank_value_stops_the_document_instead_of_printing_nothing(value: str | None) -> None:
    with pytest.raises(TemplateError) as reported:
        compiled("一段", "全称{{ 部门名称 }}。").render(VALUES | {"部门名称": value}, PROPERTIES)
    assert "没有内容" in reported.value.message
    assert "“全称{{ 部门名称 }}。”" in reported.value.message


def test_a_value_the_program_forgot_stops_the_document() -> None:
    with pytest.raises(TemplateError, match="没有提供"):
        compiled("全称{{ 部门名称 }}").render({}, PROPERTIES)


def test_special_characters_and_line_breaks_survive() -> None:
    made = rendered("{{ 部门名称 }}：", "{%p for 条 in 问题 %}", "{{ 条.序号 }}. {{ 条.内容 }}", "{%p endfor %}")
    assert texts_of(made) == ["甲〔乙〕& <丙>局：", "1. 先\n后"]
    assert made.core_properties.title == "标题 A & B"


def test_a_tag_word_split_over_runs_is_read_whole() -> None:
    split = (
        "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{ 部门</w:t></w:r><w:r><w:t>名称"
        " }}</w:t></w:r></w:p>"
    )
    assert texts_of(rendered(blocks=split)) == ["甲〔乙〕& <丙>局"]


def test_merged_cells_follow_the_data_and_stand_where_the_schema_wants_them() -> None:
    rows = [["{%tr for 行 in 行 %}"], ["{%合并 行.首行 %}{{ 行.一级 }}", "{{ 行.三级 }}"], ["{%tr endfor %}"]]
    made = rendered(blocks=table(*rows)).tables[0]
    assert [[c.text for c in row.cells] for row in made.rows] == [
        ["产出指标", "检查"],
        ["产出指标", "培训"],
        ["效益指标", "就业"],
    ]
    assert made.rows[0].cells[0]._tc is made.rows[1].cells[0]._tc
    order = [child.tag.split("}")[1] for child in made.rows[1]._tr.tc_lst[0].tcPr]
    assert order == ["tcW", "vMerge", "vAlign"]


def test_headers_and_footers_are_filled_too() -> None:
    source = zipfile.ZipFile(io.BytesIO(document("正文")))
    parts = {name: source.read(name) for name in source.namelist()}
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace("— ".encode(), "{{ 部门名称 }}— ".encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    made = WordTemplate(buffer.getvalue(), "甲").compile(NAMES_HERE).render(VALUES, PROPERTIES)
    footer = docx.Document(io.BytesIO(made)).sections[0].footer
    assert footer.paragraphs[0].text.startswith("甲〔乙〕& <丙>局")


def test_the_text_is_that_of_docxtpl_itself() -> None:
    lines = [
        "{{ 部门名称 }}{% if 简称 %}简称{{ 简称 }}{% endif %}。",
        "{%p for 条 in 问题 %}",
        "{{ 条.序号 }}：{{ 条.内容 }}",
        "{%p endfor %}",
    ]
    end = "<w:p><w:r><w:t>完</w:t></w:r></w:p>"
    blocks = table(["{%tr for 行 in 行 %}"], ["{{ 行.一级 }}", "{{ 行.三级 }}"], ["{%tr endfor %}"]) + end
    source = document(*lines, blocks=blocks)
    peer = DocxTemplate(io.BytesIO(source))
    peer.render(VALUES, Environment(autoescape=True))
    buffer = io.BytesIO()
    peer.save(buffer)
    theirs, ours = (
        docx.Document(buffer),
        docx.Document(io.BytesIO(compiled(*lines, blocks=blocks).render(VALUES, PROPERTIES))),
    )
    assert texts_of(ours) == texts_of(theirs)
    assert [[c.text for c in r.cells] for r in ours.tables[0].rows] == [
        [c.text for c in r.cells] for r in theirs.tables[0].rows
    ]


def test_the_same_values_give_the_same_bytes() -> None:
    template = compiled("{{ 部门名称 }}")
    assert template.render(VALUES, PROPERTIES) == template.render(VALUES, PROPERTIES)


@pytest.mark.parametrize("kind", [REPORT, PROJECT_REPORT, CORRECTIONS, OPINION, NOTICE])
def test_the_wording_of_the_templates(kind: str) -> None:
    """The .docx is the source; its text is in golden/ too, so that a change of wording can be read."""
    golden = places.GOLDEN / f"{kind}_模板.docx.txt"
    assert wording_of(shipped_source(kind)) == golden.read_text(encoding="utf-8")


def wording_of(template: bytes) -> str:
    """A line a paragraph with its style's name; the cells of a row between bars."""
    lines = []
    for block in docx.Document(io.BytesIO(template)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(cell.text.replace("\n", "⏎") for cell in row.cells) for row in block.rows]
        else:
            lines.append(f"［{block.style.name}］{block.text}" if block.style else block.text)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", [REPORT, PROJECT_REPORT])
def test_the_standard_templates_explain_every_name(kind: str) -> None:
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(standard_templates()[f"{kind}_模板.docx"])).paragraphs)
    missing = [name for name in NAMES[kind] if f"{{#p {name}：" not in text]
    assert missing == []


def test_a_bureaus_template_takes_the_place_of_the_standard_one_by_its_category(tmp_path: Any) -> None:
    path = tmp_path / "本局.docx"
    path.write_bytes(standard_templates()[f"{REPORT}_模板.docx"])
    standard, own = load_report_templates(), load_report_templates([path])
    assert own.by_kind[REPORT].file == "本局.docx"
    assert own.by_kind[PROJECT_REPORT] is standard.by_kind[PROJECT_REPORT]
    assert own.version == standard.version  # the same bytes
    path.write_bytes(document("{{ 部门名称 }}"))
    assert load_report_templates([path]).version != standard.version


def flipped(data: bytes) -> bytes:
    """The first bytes of the first part's packed content turned over."""
    begin = 30 + sum(struct.unpack_from("<HH", data, 26))
    return data[:begin] + bytes(byte ^ 0xFF for byte in data[begin : begin + 40]) + data[begin + 40 :]


def repacked(
    changes: Mapping[str, Callable[[bytes], bytes] | None] = MappingProxyType({}), method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A sound template packed another way, some parts changed or (None) left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document("甲"))) as source, zipfile.ZipFile(buffer, "w", method) as package:
        for name in source.namelist():
            change = changes.get(name, lambda data: data)
            if change is not None:
                package.writestr(name, change(source.read(name)))
    assert changes.keys() <= set(source.namelist())
    return buffer.getvalue()


def typed(xml: bytes) -> bytes:
    end = xml.index(b"?>") + 2
    return xml[:end] + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + xml[end:]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK no zip", "不是 Word 文档"),
        (b"", "空文件"),
        (None, "打不开"),
        (document("甲", category="通知"), "“通知”"),
        (flipped(document("甲")), "已经损坏"),
        (document("甲")[:-200], "已经损坏"),
        (repacked(method=zipfile.ZIP_BZIP2), "已经损坏"),
        (repacked(method=zipfile.ZIP_LZMA), "已经损坏"),
        (flipped(repacked(method=zipfile.ZIP_LZMA)), "已经损坏"),
        (repacked({"[Content_Types].xml": None}), "不是 Word 文档"),
        (repacked({DOCUMENT: lambda xml: xml[:-20]}), "已经损坏"),
        (repacked({DOCUMENT: lambda xml: b""}), "已经损坏"),
        (repacked({CORE: lambda xml: xml[:-20]}), "已经损坏"),
        (repacked({DOCUMENT: typed}), "“word/document.xml”部分含有不应出现的外部定义"),
        (repacked({CORE: typed}), "“docProps/core.xml”部分含有不应出现的外部定义"),
        (repacked({"word/styles.xml": typed}), "“word/styles.xml”部分含有不应出现的外部定义"),
    ],
)
def test_what_is_no_template_is_refused(tmp_path: Any, content: bytes | None, reason: str) -> None:
    path = tmp_path / "别的.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TemplateError, match=reason) as reported:
        check_template(path)
    assert "“别的.docx”" in reported.value.message
    assert reported.value.remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on Windows")
def test_a_pipe_is_no_template_and_nobody_waits_for_it(tmp_path: Any) -> None:
    os.mkfifo(tmp_path / "管道.docx")
    for path in (tmp_path, tmp_path / "管道.docx"):
        with pytest.raises(TemplateError, match="不是文件"):
            load_report_templates([path])


def test_the_page_holds_22_lines_of_28_characters() -> None:
    made = docx.Document(io.BytesIO(standard_templates()[f"{REPORT}_模板.docx"]))
    page, style = made.sections[0], made.styles["Normal"]
    height = (page.page_height - page.top_margin - page.bottom_margin) / 12700
    width = (page.page_width - page.left_margin - page.right_margin) / 635
    pitch = style.paragraph_format.line_spacing.pt
    spacing = int(style.element.rPr.find(docx.oxml.ns.qn("w:spacing")).get(docx.oxml.ns.qn("w:val")))
    assert 22 * pitch <= height < 23 * pitch
    assert 28 * (320 + spacing) <= width < 29 * (320 + spacing)


def test_the_checker_sees_a_planted_fault() -> None:
    source = standard_templates()[f"{REPORT}_模板.docx"].replace(b"", b"")
    made = docx.Document(io.BytesIO(source))
    made.sections[0].left_margin = 0
    buffer = io.BytesIO()
    made.save(buffer)
    buffer.seek(0)
    assert any(level == "ERROR" and code == "MARGIN" for level, code, _ in check(buffer))


@pytest.mark.libreoffice
def test_libreoffice_sets_22_lines_of_28_characters(tmp_path: Any) -> None:
    """A probe on one paragraph of a single ideograph: 3 pages' worth of it, the first line two characters in."""
    source = tmp_path / "甲.docx"
    source.write_bytes(document("国" * (28 * 22 * 2 + 28 * 5 - 2)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True,
        capture_output=True,
    )
    printed = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "甲.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = [[line.strip() for line in page.splitlines() if "国" in line] for page in printed.split("\f") if page]
    assert [len(page) for page in pages] == [22, 22, 5]
    assert [len(line) for line in pages[0]] == [26, *[28] * 21]


@pytest.mark.parametrize("kind", [PROJECT_REPORT, REPORT])
def test_points_stay_in_one_line_and_reasons_have_room(kind: str) -> None:
    """A score is as wide as “100.00”; 偏差原因 takes the room that a 扣减分数 nobody asks for would have."""
    tables = docx.Document(io.BytesIO(shipped_source(kind))).tables
    rows = [row for t in tables for row in t._tbl.tr_lst]
    heads = [{_Cell(c, None).text: c.width.twips for c in row.tc_lst} for row in rows]
    heads = [head for head in heads if "一级指标" in head and "得分" in head]
    assert heads
    assert all(head["得分"] >= 700 for head in heads)
    with_reasons = [
        (head.get("扣减分数"), head["偏差原因及改进措施"]) for head in heads if "偏差原因及改进措施" in head
    ]
    assert {bool(lost) for lost, _ in with_reasons} == {True, False}
    assert all(width >= (1400 if lost else 2100) for lost, width in with_reasons)
