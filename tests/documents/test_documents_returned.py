"""退回修改.xlsx: the official's own workbook, marked, and nothing else changed."""

import io
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from returned_workbooks import (
    MAIN,
    MAKERS,
    SHA,
    changed_part,
    finding,
    made_by_openpyxl,
    made_by_xlsxwriter,
    marked,
    minimal,
    openpyxl_book,
    parts,
    sheet_parts,
    without_selection,
    zipped,
)

from perfeval.blank.examples import published_workbook
from perfeval.documents.returned.earlier import remove_earlier_marks
from perfeval.documents.returned.mark import CannotMark
from perfeval.excel.patch.parts import Parts
from perfeval.excel.patch.styles import MARK_COLOURS
from perfeval.excel.patch.workbook_part import Workbook
from perfeval.filing.read_filing import read_filing
from perfeval.findings.finding import Severity
from perfeval.rules.load import load_regulations

ALWAYS_CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


@pytest.fixture(params=MAKERS)
def original(request):
    return MAKERS[request.param]()


def some_findings(content):
    """On the first and last sheet: cells that are there, cells and a row that are not, a cell inside a merge, a
    whole-file finding."""
    names = list(sheet_parts(content))
    first, last = names[0], names[-1]
    return [
        finding(f"{first}!B2", related=(f"{first}!A21", f"{first}!C3")),
        finding(f"{first}!B6", "question"),
        finding(f"{first}!ZZ2", "notice"),
        finding(f"{last}!A1", "question", answer="已核对原始凭证"),
        finding(f"{last}!B5000", "error"),
        finding(None, "notice", code="FILE_001"),
        finding("没有的表!A1", code="SHEET_001"),
    ]


def unmarked(content):
    """The package with our marks taken out again."""
    workbook = Workbook(Parts(content))
    remove_earlier_marks(workbook)
    return workbook.parts.to_bytes()


def marked_cells(content, sheet):
    """Address → severity of every coloured cell."""
    names = {colour: severity for severity, colour in MARK_COLOURS.items()}
    found = {}
    for cell in openpyxl_book(content)[
        sheet
    ]._cells.values():  # only those that are there: iter_rows makes the ones between
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in names:
            found[cell.coordinate] = names[cell.fill.fgColor.rgb]
    return found


def comment(content, sheet, address):
    found = openpyxl_book(content)[sheet][address].comment
    return found.text if found else None


# Nothing else changes


def test_parts_that_are_not_marked_stay_as_they_are(original):
    findings = some_findings(original)
    before, after = parts(original), parts(marked(original, *findings))
    names = sheet_parts(original)
    touched = {names[sheet] for sheet in (next(iter(names)), list(names)[-1])}
    for name, data in before.items():
        if (
            name in ALWAYS_CHANGED
            or name in touched
            or "comments" in name
            or name.endswith(".vml")
            or "/worksheets/_rels/" in name
        ):
            continue
        expected = without_selection(data) if name in names.values() else data
        assert after[name] == expected, name


def test_in_a_marked_sheet_only_looks_new_cells_and_the_drawing_differ(original):
    findings = some_findings(original)
    result = marked(original, *findings)
    names = sheet_parts(original)
    assert list(sheet_parts(result)) == ["问题清单", *names]
    for sheet in names:
        before = etree.fromstring(without_selection(parts(original)[names[sheet]]))
        after = etree.fromstring(parts(result)[names[sheet]])
        coloured = marked_cells(result, sheet)
        there = {c.get("r") for c in before.iter(f"{MAIN}c")}
        for cell in list(after.iter(f"{MAIN}c")):
            if cell.get("r") in coloured and cell.get("r") not in there:
                assert len(cell) == 0
                cell.getparent().remove(cell)
        rows_there = {row.get("r") for row in before.iter(f"{MAIN}row")}
        for row in list(after.iter(f"{MAIN}row")):
            if row.get("r") not in rows_there:
                assert len(row) == 0
                row.getparent().remove(row)
        for tree in (before, after):
            for drawing in tree.findall(f"{MAIN}legacyDrawing"):
                tree.remove(drawing)
            for cell in tree.iter(f"{MAIN}c"):
                if cell.get("r") in coloured:
                    cell.attrib.pop("s", None)
        assert etree.tostring(after, method="c14n") == etree.tostring(before, method="c14n")


def as_left(data):
    """A sheet without any row is given back as <sheetData></sheetData>, however it was written."""
    return re.sub(rb"<(\w+:)?sheetData></(\w+:)?sheetData>", rb"<\1sheetData/>", data)


def test_taking_the_marks_out_gives_every_sheet_back_byte_for_byte(original):
    back = unmarked(marked(original, *some_findings(original)))
    names = sheet_parts(original)
    assert sheet_parts(back) == names
    for name, data in parts(original).items():
        if name in names.values() or name.endswith(".vml") or "comments" in name:
            assert as_left(parts(back)[name]) == as_left(without_selection(data) if name in names.values() else data), (
                name
            )
    assert set(parts(back)) == set(parts(original))


def test_a_workbook_without_marks_is_given_back_whole(original):
    assert parts(unmarked(original)) == parts(original)


def test_values_read_the_same(original):
    before, after = (
        CalamineWorkbook.from_filelike(io.BytesIO(original)),
        CalamineWorkbook.from_filelike(io.BytesIO(marked(original, *some_findings(original)))),
    )
    assert after.sheet_names == ["问题清单", *before.sheet_names]
    for name in before.sheet_names:
        assert after.get_sheet_by_name(name).to_python(skip_empty_area=True) == before.get_sheet_by_name(
            name
        ).to_python(skip_empty_area=True)


def test_the_same_input_gives_the_same_bytes(original):
    assert marked(original, *some_findings(original)) == marked(original, *some_findings(original))


def test_cell_formats_are_appended_and_none_is_renumbered(original):
    def looks(content):
        return [
            etree.tostring(xf, method="c14n")
            for xf in etree.fromstring(parts(content)["xl/styles.xml"]).find(f"{MAIN}cellXfs")
        ]

    before, after = looks(original), looks(marked(original, *some_findings(original)))
    assert after[: len(before)] == before
    assert len(after) > len(before)


# Marks


def test_the_cell_and_its_related_cells_are_coloured_by_the_gravest_finding():
    result = marked(
        made_by_xlsxwriter(),
        finding("收支!C2", "notice"),
        finding("收支!C2", "error", related=("收支!B2", "It's 指标!A1")),
        finding("收支!A1", "question"),
        finding("收支!B1", "question", answer="已核对原始凭证"),
    )
    assert marked_cells(result, "收支") == {
        "C2": Severity.ERROR,
        "B2": Severity.ERROR,
        "A1": Severity.QUESTION,
        "B1": Severity.NOTICE,
    }
    assert marked_cells(result, "It's 指标") == {"A1": Severity.ERROR}


def test_a_comment_says_what_why_and_how_for_every_finding_of_the_cell():
    result = marked(
        made_by_xlsxwriter(),
        finding("收支!C2", code="CELL_001"),
        finding(
            "收支!C2",
            "question",
            code="MONEY_002",
            message="1 < 2 & 3。",
            fix="",
            answer="已核对原始凭证",
            related=("收支!B2",),
        ),
    )
    assert (
        comment(result, "收支", "C2")
        == "【退回修改意见】\n错误 CELL_001：现在是“约20个”，这里需要一个数。\n改法：填 20。\n\n疑点（已说明）"
        " MONEY_002：1 < 2 & 3。\n单位的说明：已核对原始凭证"
    )
    assert (
        comment(result, "收支", "B2")
        == "【退回修改意见】\n疑点（已说明） MONEY_002：与「收支」C2 一起核对。1 < 2 & 3。\n单位的说明：已核对原始凭证"
    )


def test_everything_but_the_fill_of_a_marked_cell_stays():
    original = made_by_xlsxwriter()
    before, after = (
        openpyxl_book(original)["收支"]["A1"],
        openpyxl_book(marked(original, finding("收支!A1")))["收支"]["A1"],
    )
    for aspect in ("font", "border", "alignment", "protection", "number_format"):
        assert repr(getattr(after, aspect)) == repr(getattr(before, aspect))
    assert after.fill.fgColor.rgb != before.fill.fgColor.rgb


@pytest.mark.parametrize(
    ("place", "bold", "italic"), [("收支!B20", True, False), ("收支!D10", False, True), ("收支!B10", False, True)]
)
def test_a_new_cell_takes_the_look_of_its_row_or_else_of_its_column(place, bold, italic):
    result = marked(made_by_xlsxwriter(), finding(place))
    cell = openpyxl_book(result)["收支"][place.partition("!")[2]]
    assert (bool(cell.font.b), bool(cell.font.i)) == (bold, italic)
    assert cell.fill.fgColor.rgb == MARK_COLOURS[Severity.ERROR]


def test_a_cell_inside_a_merge_is_marked_at_the_merges_first_cell():
    result = marked(made_by_xlsxwriter(), finding("收支!B6"))
    assert set(marked_cells(result, "收支")) == {"A5"}
    assert comment(result, "收支", "A5").startswith("【退回修改意见】")


@pytest.mark.parametrize(("make", "place"), [(made_by_xlsxwriter, "It's 指标!A2"), (made_by_openpyxl, "收支!B2")])
def test_an_existing_comment_is_extended(make, place):
    sheet, _, address = place.rpartition("!")
    original = make()
    result = marked(original, finding(place))
    text = comment(result, sheet, address)
    assert text.startswith("这是单位自己的批注\n【退回修改意见】\n错误 CELL_001：")
    assert comment(unmarked(result), sheet, address) == "这是单位自己的批注"


def test_boxes_are_added_before_the_end_of_an_existing_drawing():
    original = made_by_xlsxwriter()
    before = next(data for name, data in parts(original).items() if name.endswith(".vml"))
    after = next(
        data for name, data in parts(marked(original, finding("It's 指标!C3"))).items() if name.endswith(".vml")
    )
    assert after.startswith(before.rstrip().removesuffix(b"</xml>"))
    assert after.endswith(b"</xml>")
    ids = re.findall(rb'<v:shape id="(\w+)"', after)
    assert len(ids) == len(set(ids)) == 2


def test_a_threaded_comment_is_listed_and_not_touched():
    original = changed_part(
        made_by_openpyxl(),
        "xl/comments/comment1.xml",
        "<author>张三</author>",
        "<author>tc={6A5F0A2E-0000-4000-8000-000000000001}</author>",
    )
    result = marked(original, finding("收支!B2"))
    assert parts(result)["xl/comments/comment1.xml"] == parts(original)["xl/comments/comment1.xml"]
    assert marked_cells(result, "收支") == {"B2": Severity.ERROR}
    assert "多人讨论的批注" in listed(result)[0][7]


def test_a_sheet_name_with_outer_spaces_is_found():
    original = changed_part(made_by_openpyxl(), "xl/workbook.xml", 'name="收支"', 'name=" 收支 "')
    result = marked(original, finding("收支!C2"))
    assert set(marked_cells(result, " 收支 ")) == {"C2"}


# The list


def listed(content):
    sheet = openpyxl_book(content)["问题清单"]
    return [[cell.value for cell in row[:10]] for row in sheet.iter_rows(min_row=6) if row[0].value]


def test_the_list_names_every_finding_errors_first_with_a_link():
    result = marked(
        made_by_xlsxwriter(),
        finding("收支!C2", "notice", code="CELL_009"),
        finding("It's 指标!A1", "question", code="INDICATOR_001", answer="已核对原始凭证"),
        finding("It's 指标!B1", "question", code="INDICATOR_002"),
        finding("收支!B2", code="MONEY_001"),
        finding(None, code="FILE_001"),
        finding("没有的表!A1", code="SHEET_001"),
    )
    rows = listed(result)
    assert [(row[0], row[1], row[2], row[3], row[9]) for row in rows] == [
        ("1", "错误", "收支", "B2", "MONEY_001"),
        ("2", "错误", "整个文件", None, "FILE_001"),
        ("3", "错误", "没有的表", "A1", "SHEET_001"),
        ("4", "疑点", "It's 指标", "B1", "INDICATOR_002"),
        ("5", "疑点\n（已说明）", "It's 指标", "A1", "INDICATOR_001"),
        ("6", "提示", "收支", "C2", "CELL_009"),
    ]
    assert rows[0][4:9] == ["决算数", "约20个", "一个数", "现在是“约20个”，这里需要一个数。", "填 20。"]
    sheet = openpyxl_book(result)["问题清单"]
    links = {link.ref: link.location for link in sheet._hyperlinks} or {
        c.coordinate: c.hyperlink.location for r in sheet for c in r if c.hyperlink
    }
    assert links == {"D6": "'收支'!B2", "D9": "'It''s 指标'!B1", "D10": "'It''s 指标'!A1", "D11": "'收支'!C2"}


def test_the_list_says_where_it_came_from_and_counts():
    sheet = openpyxl_book(
        marked(made_by_xlsxwriter(), finding("收支!B2"), finding("收支!B3", "question", answer="已核对原始凭证"))
    )["问题清单"]
    cells = {cell.value: cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
    assert cells["原文件校验值"].offset(0, 1).value == SHA
    assert "2025/某局.xlsx" in cells
    assert sheet["A1"].value == "某局退回修改清单"
    assert {"错误 1 项：必须改正", "疑点 0 项：请核对，属实的在同一行写明原因"} <= set(cells)


def test_the_list_is_one_page_wide_and_repeats_its_header():
    related = tuple(f"收支!A{row}" for row in range(3, 90))
    sheet = openpyxl_book(marked(made_by_xlsxwriter(), finding("收支!B2", related=related)))["问题清单"]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.print_area == "'问题清单'!$A$1:$J$6"  # the memory of the marks beside it is not printed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "A<B>&\"'〔2025〕", "坏\x07字\u202e符\ud800"])
def test_whatever_is_in_a_cell_the_list_shows_it_as_text(text):
    row = listed(marked(made_by_openpyxl(), finding("收支!C2", found=text)))[0]
    assert row[5] == text.replace("\x07", "").replace("\u202e", "").replace("\ud800", "")
    sheet = openpyxl_book(marked(made_by_openpyxl(), finding("收支!C2", found=text)))["问题清单"]
    assert sheet["F6"].data_type in ("s", "inlineStr")


def test_an_officials_own_sheet_named_like_the_list_is_kept():
    book = openpyxl_book(made_by_openpyxl())
    book.create_sheet("问题清单")["A1"] = "自己的"
    buffer = io.BytesIO()
    book.save(buffer)
    result = marked(buffer.getvalue(), finding("收支!C2"))
    assert openpyxl_book(result).sheetnames == ["问题清单（2）", "收支", "It's 指标", "问题清单"]
    assert openpyxl_book(marked(result, finding("收支!C2"))).sheetnames == [
        "问题清单（2）",
        "收支",
        "It's 指标",
        "问题清单",
    ]


# The workbook part


def test_names_bound_to_a_sheet_stay_with_it_and_one_tab_is_selected():
    result = marked(made_by_xlsxwriter(), finding("收支!B2"))
    book = openpyxl_book(result)
    assert book["收支"].print_title_rows == "$1:$1"
    assert book["It's 指标"].print_area == "'It''s 指标'!$A$1:$D$9"
    view = etree.fromstring(parts(result)["xl/workbook.xml"]).find(f".//{MAIN}workbookView")
    assert view.get("activeTab") is None
    assert view.get("firstSheet") is None
    selected = [name for name, part in sheet_parts(result).items() if b"tabSelected" in parts(result)[part]]
    assert selected == ["问题清单"]


def test_sheet_numbers_and_relation_ids_are_unique():
    root = etree.fromstring(parts(marked(made_by_xlsxwriter(), finding("收支!B2")))["xl/workbook.xml"])
    for attribute in ("sheetId", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"):
        values = [sheet.get(attribute) for sheet in root.iter(f"{MAIN}sheet")]
        assert len(values) == len(set(values)) == 4


def test_every_part_has_a_content_type_and_every_relationship_a_part(original):
    result = parts(marked(original, *some_findings(original)))
    types = etree.fromstring(result["[Content_Types].xml"])
    named = [e.get("PartName").lstrip("/") for e in types if e.get("PartName")]
    endings = {e.get("Extension").lower() for e in types if e.get("Extension")}
    assert len(named) == len(set(named))
    assert set(named) <= set(result)
    assert all(
        name in named or name.rpartition(".")[2].lower() in endings for name in result if name != "[Content_Types].xml"
    )


# Other makers' ways of writing


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("styles", ["", "<{p}fonts/><{p}cellXfs count='1'><{p}xf fontId='0'/></{p}cellXfs>"])
@pytest.mark.parametrize(
    "rows",
    [
        "<{p}sheetData/>",
        "<{p}sheetData></{p}sheetData>",
        "<{p}sheetData><{p}row r='2'/></{p}sheetData>",
        "<{p}sheetData><{p}row><{p}c><{p}v>1</{p}v></{p}c></{p}row>"
        "<{p}row><{p}c/><{p}c><{p}v>2</{p}v></{p}c></{p}row></{p}sheetData>",
        (
            "<{p}sheetData><{p}row r='9'><{p}c r='A9' t='inlineStr'><{p}is><{p}t>&lt;c"
            ' r="B2"&gt;</{p}t></{p}is></{p}c></{p}row></{p}sheetData>'
        ),
        (
            "<!-- <row r='2'> --><{p}sheetData><{p}row r='2'><{p}c r='C2'/></{p}row></{p}sheetData><{p}pageMargins"
            " left='1' right='1' top='1' bottom='1' header='1' footer='1'/>"
        ),
    ],
)
def test_small_and_prefixed_parts(rows, styles, prefix):
    original = minimal(rows.replace("{p}", prefix), styles=styles.replace("{p}", prefix), prefix=prefix)
    result = marked(original, finding("收支!B2"), finding("收支!B4", "question"))
    assert marked_cells(result, "收支") == {"B2": Severity.ERROR, "B4": Severity.QUESTION}
    assert comment(result, "收支", "B2").startswith("【退回修改意见】")
    assert as_left(parts(unmarked(result))["xl/a.xml"]) == as_left(parts(original)["xl/a.xml"])


def test_a_part_in_utf16_is_read():
    content = parts(minimal("<x:sheetData/>"))
    content["xl/a.xml"] = ('<?xml version="1.0" encoding="UTF-16"?>' + content["xl/a.xml"].decode()).encode("utf-16")
    assert marked_cells(marked(zipped(content), finding("收支!B2")), "收支") == {"B2": Severity.ERROR}


def test_rows_of_drawing_anchors_are_no_rows_of_cells():
    anchors = "<d:from xmlns:d='urn:d'><d:row>1</d:row><d:c/></d:from>"
    result = marked(minimal(f"<x:sheetData/><x:controls>{anchors}</x:controls>"), finding("收支!B2"))
    assert anchors.encode() in parts(result)["xl/a.xml"]
    assert b'<x:sheetData><x:row r="2"><x:c r="B2"' in parts(result)["xl/a.xml"]


# Refused


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"not a zip", "损坏"),
        (zipped({"a.txt": "a"}), "损坏"),
        (zipped({**parts(made_by_openpyxl()), "_xmlsignatures/sig1.xml": "<a/>"}), "数字签名"),
        (
            changed_part(
                made_by_openpyxl(), "xl/workbook.xml", MAIN[1:-1], "http://purl.oclc.org/ooxml/spreadsheetml/main"
            ),
            "Strict",
        ),
        (changed_part(made_by_openpyxl(), "xl/worksheets/sheet1.xml", "</sheetData>", ""), "损坏"),
        (changed_part(made_by_openpyxl(), "xl/worksheets/sheet1.xml", "<worksheet", "<!DOCTYPE a><worksheet"), "损坏"),
    ],
    ids=["no zip", "no workbook", "signed", "strict", "damaged part", "document type"],
)
def test_what_cannot_be_marked_is_refused_with_a_sentence(content, word):
    with pytest.raises(CannotMark, match=word):
        marked(content, finding("收支!B2"))


# A later round


def test_a_second_round_replaces_the_first(original):
    first, second = some_findings(original), [finding(f"{next(iter(sheet_parts(original)))}!A2", "question")]
    again = marked(marked(original, *first), *second)
    assert list(sheet_parts(again)) == ["问题清单", *sheet_parts(original)]
    names = list(sheet_parts(original))
    assert set(marked_cells(again, names[0])) == {"A2"} or set(marked_cells(again, names[0])) == {
        "A1"
    }  # A1 where A1:… is merged
    assert marked_cells(again, names[-1]) == {} or names[-1] == names[0]
    assert len(listed(again)) == 1


def test_marking_twice_is_marking_once(original):
    findings = some_findings(original)
    once = marked(original, *findings)
    assert marked(once, *findings) == once


def test_what_the_official_typed_into_a_new_cell_stays_and_its_mark_goes():
    book = openpyxl_book(marked(made_by_openpyxl(), finding("收支!F9"), finding("收支!G9")))
    book["收支"]["F9"] = 20
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = openpyxl_book(unmarked(buffer.getvalue()))["收支"]
    assert sheet["F9"].value == 20
    assert sheet["F9"].fill.fill_type is None
    assert sheet["F9"].comment is None


def test_a_mark_that_was_moved_loses_its_colour_and_keeps_its_font():
    book = openpyxl_book(marked(made_by_xlsxwriter(), finding("收支!A1")))
    book["收支"].insert_rows(1)
    book["收支"]["A2"]._style = book["收支"]["A2"]._style
    buffer = io.BytesIO()
    book.save(buffer)
    result = unmarked(buffer.getvalue())
    assert marked_cells(result, "收支") == {}
    assert openpyxl_book(result)["收支"]["A2"].font.b


def run_libreoffice(tmp_path, content, to):
    source = tmp_path / "退回.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = tmp_path / to
    subprocess.run(
        [shutil.which("soffice"), profile, "--headless", "--convert-to", to, "--outdir", str(target), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (target / f"退回.{to}").read_bytes()


@pytest.mark.libreoffice
def test_libreoffice_opens_it_and_prints_the_list(tmp_path):
    content = marked(made_by_xlsxwriter(), *some_findings(made_by_xlsxwriter()))
    assert run_libreoffice(tmp_path, content, "pdf").startswith(b"%PDF")


@pytest.mark.libreoffice
def test_marks_vanish_although_another_program_saved_the_file_in_between(tmp_path):
    """It renumbers every style, writes its own comments part and moves our texts into the shared strings."""
    original = made_by_xlsxwriter()
    saved = run_libreoffice(tmp_path, marked(original, *some_findings(original)), "xlsx")
    assert marked_cells(saved, "收支")
    back, before = unmarked(saved), cell_looks(run_libreoffice(tmp_path, original, "xlsx"))
    assert {place: look for place, look in cell_looks(back).items() if place in before} == before
    assert not any(marked_cells(back, sheet) for sheet in sheet_parts(original))
    assert "【退回修改意见】" not in str(cell_looks(back))


def cell_looks(content):
    """What is seen of every cell that holds or shows something."""
    found = {}
    for sheet in openpyxl_book(content):
        for row in sheet.iter_rows():
            for cell in row:
                text = cell.comment.text if cell.comment else None
                fill = cell.fill.fgColor.rgb if cell.fill.fill_type else None
                if cell.value is not None or fill or text:
                    found[sheet.title, cell.coordinate] = (
                        cell.value,
                        fill,
                        bool(cell.font.b),
                        cell.number_format,
                        text,
                    )
    return found


# The boxes of the comments


def anchor(content):
    drawing = next(data for name, data in parts(content).items() if name.endswith(".vml"))
    return [int(number) for number in re.search(rb"<x:Anchor>([^<]+)", drawing).group(1).split(b",")]


def test_a_box_is_beside_its_cell_and_is_as_high_as_its_text_needs():
    short, long = (
        anchor(marked(minimal("<x:sheetData/>"), finding("收支!C4", message="字" * count))) for count in (10, 1000)
    )
    left, _, top, _, right, _, bottom, _ = short
    assert (left, top) == (3, 2)  # counted from 0: column D, one row above
    assert right > left
    assert bottom > top
    assert long[6] > bottom


def test_a_box_is_left_of_its_cell_where_the_columns_on_the_right_are_hidden():
    columns = "<x:cols><x:col min='6' max='16384' width='9' hidden='1' customWidth='1'/></x:cols>"
    left, _, _, _, right, *_ = anchor(marked(minimal(f"{columns}<x:sheetData/>"), finding("收支!E2")))
    assert left < right <= 4


# Dropped in again


def test_a_returned_workbook_is_read_as_the_original_and_names_it(tmp_path):
    regulations = load_regulations()
    original = published_workbook(regulations)
    (tmp_path / "原.xlsx").write_bytes(original)
    first = read_filing(tmp_path / "原.xlsx", "原.xlsx")
    cells = [ref for ref in (f.ref for f in first.findings) if ref]
    assert cells
    returned = marked(
        original, *first.findings, *(finding(f"{sheet}!B7") for sheet in openpyxl_book(original).sheetnames)
    )
    (tmp_path / "回.xlsx").write_bytes(returned)
    again = read_filing(tmp_path / "回.xlsx", "原.xlsx")
    assert again.findings == first.findings
    assert replace(again.submission, source=first.submission.source) == first.submission
    assert (first.predecessor, again.predecessor) == ("", SHA)


def test_an_empty_cell_is_called_empty():
    assert [
        row[5] for row in listed(marked(made_by_openpyxl(), finding("收支!C2", found=""), finding(None, found="")))
    ] == [
        "（空白）",
        None,
    ]
