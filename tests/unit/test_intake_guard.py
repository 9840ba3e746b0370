"""Files that are no sound workbook: each is refused with its own sentence, and alone."""

import io
import os
import re
import struct
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from unsound_files import (
    DOCX_RELATIONS,
    OLE,
    REFUSED,
    SHEET,
    changed,
    far_cell,
    good,
    packed,
    parts_of,
    renamed,
    with_part,
)
from workbooks import content, department, save, workbook

from perfeval.documents.returned.mark import mark_workbook
from perfeval.excel import guard
from perfeval.excel.formats import format_of
from perfeval.excel.patch import workbook_part
from perfeval.excel.read import read_workbook
from perfeval.excel.scan import SheetFacts, scan_sheet
from perfeval.filing.read_filing import read_filing
from perfeval.findings.catalogue import catalogue, make
from perfeval.model.cells import CellRef


@pytest.mark.parametrize(("code", "what", "make"), REFUSED, ids=[f"{code} {what}" for code, what, _ in REFUSED])
def test_an_unsound_file_is_refused_with_its_own_sentence(
    code: str, what: str, make: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "填报.xlsx"
    path.write_bytes(make())
    taken = read_filing(path, "填报.xlsx")
    assert [f.code for f in taken.findings] == [code]
    assert taken.submission is None
    assert taken.findings[0].message
    assert taken.findings[0].fix


def ole(*streams: str) -> bytes:
    """A compound file whose directory names these streams."""
    entries = b"".join(
        n.ljust(64, b"\0") + struct.pack("<HB", len(n) + 2, 2) + bytes(61)
        for n in (s.encode("utf-16-le") for s in streams)
    )
    return OLE[:8].ljust(512, b"\0") + entries


def bitmap() -> bytes:
    return b"BM" + struct.pack("<I", 100) + bytes(94)


SPREADSHEET_ML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook'
    ' xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
WORD_ML = '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'
FODS = '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
LETTER = "Received: from a\n by b\nSubject: 绩效自评\n\n见附件"
IMPOSTORS: list[tuple[str, str, bytes, str, str]] = [  # name, code, bytes, what it is called, of the remedy
    ("a.xls", "FILE_005", b"\x09\x00\x04\x00\x02\x00\x10\x00", "Excel 2.x", "另存为 .xlsx"),
    ("a.xlsx", "FILE_005", b"\x09\x02\x06\x00\x00\x00\x10\x00", "Excel 3.0", "另存为 .xlsx"),
    ("a.xls", "FILE_005", b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4.0", "粘贴到填报模板"),
    ("a.xls", "FILE_005", b"\x09\x08\x08\x00\x00\x05\x05\x00", "Excel 5.0/95", "另存为 .xlsx"),
    ("a.xls", "FILE_005", ole("Root Entry", "Book"), "Excel 5.0/95", "另存为 .xlsx"),
    ("a.xlsx", "FILE_005", ole("Root Entry", "Book", "Workbook"), "Excel 97-2003", "另存为 .xlsx"),
    ("a.xlsx", "FILE_005", ole("Workbook") + "Book".encode("utf-16-le"), "Excel 97-2003", "另存为 .xlsx"),
    ("a.et", "FILE_005", ole("Workbook"), "WPS 表格（.et）", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", ole("WordDocument") + "Book".encode("utf-16-le"), "Word 文档（.doc", "填报模板"),
    ("a.xlsx", "FILE_001", ole("__properties_version1.0"), "Outlook 邮件", "附件"),
    ("a.xlsx", "FILE_004", ole("DataSpaces", "EncryptedPackage"), "打开密码", "去掉打开密码"),
    ("a.xls", "FILE_005", SPREADSHEET_ML.encode(), "XML 电子表格 2003", "另存为 .xlsx"),
    ("a.xlsx", "FILE_005", SPREADSHEET_ML.encode("utf-16"), "XML 电子表格 2003", "另存为 .xlsx"),
    ("a.xlsx", "FILE_005", FODS.encode(), ".fods", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", WORD_ML.encode(), "XML 格式的Word 文档", "填报模板"),
    ("a.xls", "FILE_001", "<!-- 导出 -->\n<html><meta charset=gb2312><table><tr><td>局".encode("gb18030")[:-1], "网页",
        "另存为 .xlsx"),
    ("a.xls", "FILE_001", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n", "网页（.mht）", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", "部门,分数\n甲局,90\n".encode("gb18030"), "文字文件", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", "部门\t分数\n".encode("utf-16"), "文字文件", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", b"%PDF-1.7\n", "PDF", "填报模板"),
    ("a.xlsx", "FILE_001", b"\x89PNG\r\n\x1a\n", "图片", "填报模板"),
    ("a.xlsx", "FILE_001", b"\xff\xd8\xff\xe0", "图片", "填报模板"),
    ("a.xlsx", "FILE_001", bitmap(), "图片", "填报模板"),
    ("a.xlsx", "FILE_001", b"\0\0\0\x18ftypheic", "图片", "填报模板"),
    ("a.xlsx", "FILE_001", b"Rar!\x1a\x07\x01\x00", "压缩包（.rar）", "解压"),
    ("a.xlsx", "FILE_001", b"7z\xbc\xaf\x27\x1c\x00\x04", "压缩包（.7z）", "解压"),
    ("a.xlsx", "FILE_001", b"\x1f\x8b\x08\x00", "压缩包（.gz）", "解压"),
    ("a.xlsx", "FILE_001", packed({"甲局.xlsx": b"a", "乙局.xlsx": b"b"}), "里面有 2 个工作簿", "解压"),
    ("a.xlsx", "FILE_001", LETTER.encode(), "电子邮件", "附件"),
    ("a.xlsx", "FILE_001", b"[InternetShortcut]\r\nURL=https://pan/x", "快捷方式", "文件本身"),
    ("a.xlsx", "FILE_001", b"\x4c\x00\x00\x00\x01\x14\x02\x00" + bytes(50), "快捷方式", "文件本身"),
    ("a.xlsx", "FILE_001", b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + bytes(50), "OneNote", "填报模板"),
    ("a.xlsx", "FILE_001", b"%TSD-Header-###%" + bytes(50), "加密软件", "解密"),
    ("a.xlsx", "FILE_001", b"MZ\x90\x00", "程序文件", "查毒"),
    ("a.xlsx", "FILE_001", b"\x93\x01\xfe\x02" * 100, "认不出的文件", "另存为 .xlsx"),
    ("a.xlsx", "FILE_001", packed({"[Content_Types].xml": b"<Types/>", "_rels/.rels": DOCX_RELATIONS}),
        "Word 文档（.docx）", "填报模板"),
    ("a.xlsx", "FILE_001", packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}), ".odt",
        "填报模板"),
    ("a.xlsx", "FILE_001", packed({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b""}), "OFD 版式文件", "填报模板"),
    ("a.xlsx", "FILE_005", packed({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b""}), "Numbers", "导出"),
    ("a.xlsx", "FILE_002", b"garbage\x00\x01" + packed({"a": b"a"}), "文件开头", "另存为"),
    ("a.xlsx", "FILE_021", bytes(5000), "全是空字节", "重新复制"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "data", "called", "remedy"), IMPOSTORS, ids=[f"{n} {called}" for n, _, _, called, _ in IMPOSTORS]
)
def test_an_impostor_is_called_what_it_is(
    name: str, code: str, data: bytes, called: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    (finding,) = read_filing(tmp_path / name, name).findings
    assert finding.code == code
    assert called in finding.message
    assert remedy in finding.fix


def test_no_beginning_of_a_text_takes_long_to_recognise() -> None:
    for text in (
        "<!-- -->" * 512,
        "a:b\n" * 1024,
        "a:b\n \n" * 700,
        " " * 4096,
        "<?xml " + "<a:b " * 800,
        '{"a":' * 800,
    ):
        begun = time.process_time()
        assert format_of(text.encode(), "a.xlsx") is not None
        assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("name", "format_name"),
    [("a.et", "WPS 表格（.et）"), ("a.xls", "Excel 97-2003（.xls）"), ("a.xlsx", "旧格式（.xls 或 .et）")],
)
def test_an_old_format_is_named(name: str, format_name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(OLE)
    finding = read_filing(tmp_path / name, name).findings[0]
    assert format_name in finding.message
    assert "另存为 .xlsx" in finding.fix


def test_the_far_cell_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(far_cell())
    assert str(read_filing(tmp_path / "a.xlsx", "a.xlsx").findings[0].ref) == "指标!XFD1048576"


def test_a_link_a_folder_and_a_pipe_are_refused_unread(tmp_path: Path) -> None:
    target = save(department(), tmp_path)
    link, folder, pipe = tmp_path / "link.xlsx", tmp_path / "folder.xlsx", tmp_path / "pipe.xlsx"
    link.symlink_to(target)
    folder.mkdir()
    os.mkfifo(pipe)
    assert [[f.code for f in read_filing(path, path.name).findings] for path in (link, folder, pipe)] == [
        ["FILE_012"]
    ] * 3


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert [f.code for f in read_filing(tmp_path / "none.xlsx", "none.xlsx").findings] == ["FILE_020"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(department(), tmp_path)
    real = os.fstat

    def grown(descriptor: int) -> os.stat_result:
        with path.open("ab") as stream:
            stream.write(b"more")
        return real(descriptor)

    monkeypatch.setattr(guard.os, "fstat", grown)
    assert [f.code for f in read_filing(path, "a.xlsx").findings] == ["FILE_007"]


def test_a_file_beyond_the_size_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        stream.truncate(guard.FILE_BYTES + 1)
    assert [f.code for f in read_filing(path, "a.xlsx").findings] == ["FILE_008"]


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.excel.scan.VALUE_CELLS", 50)
    assert [f.code for f in read_filing(save(department(), tmp_path), "a.xlsx").findings] == ["FILE_022"]


def test_a_size_that_the_directory_understates_does_not_pass(tmp_path: Path) -> None:
    """The reader sees what the guard saw: a part whose stated size is a lie is damaged, whatever another reader would
    make of it."""
    data = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        info = package.getinfo(SHEET)
    entry = data.find(b"PK\x01\x02")
    while data[entry + 46 : entry + 46 + len(SHEET)] != SHEET.encode():
        entry = data.find(b"PK\x01\x02", entry + 4)
    data[entry + 24 : entry + 28] = struct.pack("<I", info.file_size // 2)
    (tmp_path / "a.xlsx").write_bytes(bytes(data))
    assert [f.code for f in read_filing(tmp_path / "a.xlsx", "a.xlsx").findings] == ["FILE_002"]


def test_a_part_that_is_no_xml_may_hold_what_it_likes(tmp_path: Path) -> None:
    """Drawing programs begin their pictures with a document type; nobody reads them."""
    (tmp_path / "a.xlsx").write_bytes(with_part("xl/media/image1.svg", b"<!DOCTYPE svg><svg/>"))
    assert read_filing(tmp_path / "a.xlsx", "a.xlsx").findings == ()


def test_a_part_may_have_another_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(renamed(SHEET, "xl/worksheets/sheet1.dat"))
    assert read_filing(tmp_path / "a.xlsx", "a.xlsx").findings == ()


INITIAL_BUDGET = b'<c r="B2" t="n"><v>100</v></c>'
MONEY_SHEET = "xl/worksheets/sheet4.xml"


@pytest.mark.parametrize(
    ("shown", "cell"),
    [
        ("#N/A", '<c r="B2" t="e"><v>#N/A</v></c>'),
        ("#SPILL!", '<c r="B2" t="e"><v>#SPILL!</v></c>'),
        ("#GETTING_DATA", '<c t="e" r="B2" s="0"><v>#GETTING_DATA</v></c>'),
        ("#CALC!", '<c r="B2" t="e"><f>FILTER(A1:A2,0)</f><v>#CALC!</v></c>'),
        ("Err:502", "<c r='B2' t = 'e'><v>Err:502</v></c>"),
    ],
)
def test_an_error_is_reported_at_its_cell_whether_the_library_knows_it_or_not(
    shown: str, cell: str, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(changed(MONEY_SHEET, lambda xml: xml.replace(INITIAL_BUDGET, cell.encode())))
    taken = read_filing(tmp_path / "a.xlsx", "a.xlsx")
    assert [(f.code, str(f.ref), f.found) for f in taken.findings] == [("CELL_008", "收支!B2", shown)]
    assert taken.submission is not None


@pytest.mark.parametrize("style", ["-1", "-99999", "99999"])
def test_a_style_that_is_not_there_is_no_format(style: str, tmp_path: Path) -> None:
    book = workbook(department())
    book["收支"]["E2"].number_format = "0.00%"  # the last style
    cell = INITIAL_BUDGET.replace(b" t=", f' s="{style}" t='.encode())
    (tmp_path / "a.xlsx").write_bytes(
        changed(MONEY_SHEET, lambda xml: xml.replace(INITIAL_BUDGET, cell), lambda: content(book))
    )
    assert read_filing(tmp_path / "a.xlsx", "a.xlsx").findings == ()


def test_want_of_memory_is_not_taken_for_a_damaged_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("perfeval.excel.read._repacked", short)
    with pytest.raises(MemoryError):
        read_workbook(good(), "a.xlsx")


def test_formatting_down_to_the_last_row_is_normal(tmp_path: Path) -> None:
    blank_rows = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(900, 1_048_577, 40)
    )
    (tmp_path / "a.xlsx").write_bytes(
        changed(SHEET, lambda xml: xml.replace(b"</sheetData>", blank_rows + b"</sheetData>"))
    )
    taken = read_filing(tmp_path / "a.xlsx", "a.xlsx")
    assert taken.submission is not None
    assert taken.findings == ()


def test_prefixed_names_are_read_the_same(tmp_path: Path) -> None:
    """Some programs write <x:c> for <c>."""

    def prefixed(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=")

    book = department()
    book["收支"][1][1] = "#DIV/0!"
    (tmp_path / "plain.xlsx").write_bytes(content(book))
    parts = parts_of(content(book))
    sheets = {name: prefixed(data) if name.startswith("xl/worksheets/sheet") else data for name, data in parts.items()}
    (tmp_path / "prefixed.xlsx").write_bytes(packed(sheets))
    plain, other = (read_filing(tmp_path / name, "a.xlsx") for name in ("plain.xlsx", "prefixed.xlsx"))
    assert [f.code for f in other.findings] == [f.code for f in plain.findings] == ["CELL_008"]
    assert other.submission is not None
    assert plain.submission is not None
    assert other.submission.indicators == plain.submission.indicators


def test_every_refusal_has_a_case_here() -> None:
    tested = {code for code, _, _ in REFUSED} | {"FILE_007", "FILE_008", "FILE_012", "FILE_020", "FILE_022", "FILE_023"}
    by_the_batch = {"FILE_018", "FILE_019"}
    assert {code for code in catalogue() if code.startswith("FILE_")} == tested | by_the_batch


def scanned(rows: bytes) -> SheetFacts:
    return scan_sheet(b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>", "项目")


def test_blank_formatted_cells_and_rows_leave_no_trace() -> None:
    blank = b'<row r="1048576" s="1" ht="20"><c r="A1048576" s="3"/><c r="XFD1048576" s="3"></c><c s="3"/></row>'
    assert scanned(blank) == scanned(b"")


def test_a_cell_without_a_place_follows_the_one_before() -> None:
    rows = b'<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c r="C2" s="4"><v>3</v></c><c/><c><v>4</v></c></row>'
    assert scanned(rows).styles == {(1, 1): 0, (1, 3): 0, (2, 3): 4, (2, 5): 0}


def test_formulas_come_with_their_text_and_whether_they_were_calculated() -> None:
    facts = scanned(
        b'<row r="1"><c r="A1" s="2"><f>IF(B1&lt;&gt;"","&amp;lt;",1)</f><v>1</v></c>'
        + '<c r="B1" t="str"><f>"合计"&amp;A1</f><v>合计1</v></c>'.encode()
        + b'<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f>A1</f><v></v></c>'
        + b'<c r="E1"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    assert facts.formulas == {
        (1, 1): 'IF(B1<>"","&lt;",1)',
        (1, 2): '"合计"&A1',
        (1, 3): '""',
        (1, 4): "A1",
        (1, 5): "",
    }
    assert facts.uncalculated == {(1, 4)}
    assert facts.styles == {(1, 1): 2, (1, 2): 0, (1, 3): 0, (1, 4): 0, (1, 5): 0}


EXTRA = "xl/worksheets/sheet16.xml"


def with_own_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook with the official's own sheet 底稿 behind the form's, its part changed."""
    parts = parts_of(content({**department(), "底稿": [["随手记"]]}))
    assert EXTRA in parts
    return packed({**parts, EXTRA: change(parts[EXTRA])})


def with_rows(rows: bytes) -> Callable[[bytes], bytes]:
    return lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")


@cache
def many_cells() -> bytes:
    """A ledger of two million cells."""
    row = b"".join(b'<c r="%c%%d"><v>1</v></c>' % letter for letter in b"ABCDEFGHIJKLMNOPQRST")
    return b"".join(b'<row r="%d">%b</row>' % (n, row % ((n,) * 20)) for n in range(2, 100_002))


OWN_EXCESS: dict[str, Callable[[bytes], bytes]] = {
    "a far cell": with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "two million cells": lambda xml: with_rows(many_cells())(xml),
    "not well-formed": lambda xml: xml.replace(b"</row>", b"</raw>", 1),
    "nothing": lambda xml: b"",
    "no XML": lambda xml: bytes(range(256)),
    "deep nesting": lambda xml: xml.replace(b"</worksheet>", b"<a>" * 5000 + b"</a>" * 5000 + b"</worksheet>"),
    "bad cell address": lambda xml: xml.replace(b'r="A1"', b'r="1A"', 1),
    "bad shared string index": with_rows(b'<row r="9"><c r="A9" t="s"><v>999999</v></c></row>'),
}


@pytest.mark.parametrize("what", OWN_EXCESS)
def test_the_excess_of_an_officials_own_sheet_is_not_the_workbooks(what: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(with_own_sheet(OWN_EXCESS[what]))
    taken = read_filing(tmp_path / "a.xlsx", "a.xlsx")
    assert [(f.code, str(f.ref)) for f in taken.findings] == [("SHEET_004", "底稿!A1")]
    assert taken.submission is not None


@pytest.mark.parametrize("limit", ["UNZIPPED_BYTES", "RATIO"])
def test_a_sheet_too_large_to_unpack_is_named(limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is looked into for department and year alone."""
    (tmp_path / "a.xlsx").write_bytes(with_own_sheet(OWN_EXCESS["two million cells"]))
    monkeypatch.setattr(guard, limit, 8 if limit == "RATIO" else 30 * guard.MIB)
    taken = read_filing(tmp_path / "a.xlsx", "a.xlsx")
    assert taken.submission is None
    (finding,) = taken.findings
    assert finding.code == "FILE_023"
    assert finding.message == "工作表“底稿”太大，解开后有 51 MB，超出了能读取的范围，没有读取。"
    assert "请删去“底稿”里用不到的行和列" in finding.fix


def test_too_much_that_is_no_sheet_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_of(with_own_sheet(OWN_EXCESS["two million cells"]))
    (tmp_path / "a.xlsx").write_bytes(packed({**parts, "xl/media/a.bin": parts[EXTRA]}))
    monkeypatch.setattr(guard, "UNZIPPED_BYTES", 30 * guard.MIB)
    assert [f.code for f in read_filing(tmp_path / "a.xlsx", "a.xlsx").findings] == ["FILE_009"]


@pytest.mark.parametrize("what", ["not well-formed", "nothing", "no XML", "deep nesting"])
def test_a_workbook_with_such_a_sheet_is_marked_all_the_same(what: str) -> None:
    """Of the sheet itself not a byte is changed."""
    original = with_own_sheet(OWN_EXCESS[what])
    findings = [make("SHEET_004", CellRef("底稿", 1, 1), found="底稿"), make("CELL_009", CellRef("收支", 2, 2))]
    once = mark_workbook(original, findings, title="清单", source_file="a.xlsx", source_sha256="0")
    again = mark_workbook(once, findings, title="清单", source_file="b.xlsx", source_sha256="1")
    assert parts_of(again)[EXTRA] == parts_of(original)[EXTRA]


def test_a_very_large_sheet_of_the_officials_own_is_not_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_part, "LARGEST_OWN", 100)
    original = with_own_sheet(lambda xml: xml)
    marked = mark_workbook(
        original,
        [make("SHEET_004", CellRef("底稿", 1, 1), found="底稿")],
        title="清单",
        source_file="a",
        source_sha256="0",
    )
    assert parts_of(marked)[EXTRA] == parts_of(original)[EXTRA]


def test_an_own_sheet_that_is_missing_from_the_package_is_left_out(tmp_path: Path) -> None:
    parts = parts_of(with_own_sheet(lambda xml: xml))
    del parts[EXTRA]
    (tmp_path / "a.xlsx").write_bytes(packed(parts))
    assert [f.code for f in read_filing(tmp_path / "a.xlsx", "a.xlsx").findings] == ["SHEET_004"]
    assert mark_workbook(
        packed(parts), [make("CELL_009", CellRef("收支", 2, 2))], title="清单", source_file="a.xlsx", source_sha256="0"
    )


def test_two_own_sheets_whose_names_look_alike_are_nobodys_business(tmp_path: Path) -> None:
    book = workbook({**department(), "底稿": [["一"]], "底\u200b稿": [["二"]]})
    assert {f.code for f in read_filing(save(book, tmp_path), "a.xlsx").findings} == {"SHEET_004"}


def test_a_hidden_sheet_of_the_officials_own_is_reported_where_it_holds_something(tmp_path: Path) -> None:
    book = workbook({**department(), "底稿": [["随手记"]], "空表": []})
    for name in ("底稿", "空表"):
        book[name].sheet_state = "hidden"
    assert [(f.code, str(f.ref)) for f in read_filing(save(book, tmp_path), "a.xlsx").findings] == [
        ("SHEET_003", "底稿!A1")
    ]


def test_a_macro_sheet_is_a_macro(tmp_path: Path) -> None:
    macro = b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    data = changed(
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet", macro, 1
        ),
    )
    (tmp_path / "a.xlsx").write_bytes(data)
    assert [f.code for f in read_filing(tmp_path / "a.xlsx", "a.xlsx").findings] == ["FILE_006"]
