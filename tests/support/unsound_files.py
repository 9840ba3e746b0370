"""Files that are no sound workbook, each made from a good one by one change, with the code that refuses it."""

import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from workbooks import content, department, workbook

from perfeval.excel import guard

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def good() -> bytes:
    return content(department())


def shared() -> bytes:
    """A good workbook that keeps its texts in the shared strings, as Excel does (openpyxl writes them into the
    cells)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in department().items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def changed(name: str, change: Callable[[bytes], bytes], base: Callable[[], bytes] | None = None) -> bytes:
    """A good workbook with one part changed."""
    parts = parts_of((base or good)())
    before = parts[name]
    parts[name] = change(before)
    assert parts[name] != before
    return packed(parts)


def without(name: str) -> bytes:
    parts = parts_of(shared())
    del parts[name]
    return packed(parts)


def with_part(name: str, data: bytes) -> bytes:
    return packed({**parts_of(good()), name: data})


def twice(name: str) -> bytes:
    buffer = io.BytesIO(good())
    with zipfile.ZipFile(buffer, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(name, b"<other/>")
    return buffer.getvalue()


def encrypted_zip_entry() -> bytes:
    """The flag that says a part is encrypted, set in both directories."""
    data = bytearray(good())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


def corrupted(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A byte of a compressed part turned over: its checksum no longer holds, if it can be unpacked at all."""
    data = bytearray(packed(parts_of(good()), method))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        info = package.getinfo(SHEET)
    data[info.header_offset + 30 + len(SHEET) + 20] ^= 0xFF
    return bytes(data)


def misdirected(at: int, value: bytes) -> bytes:
    """The directory's first entry, bytes from `at` on, changed."""
    data = bytearray(good())
    entry = data.find(b"PK\x01\x02") + at
    data[entry : entry + len(value)] = value
    return bytes(data)


def far_part() -> bytes:
    """A part that begins where no file has bytes: the long offset of a large zip (the extra field)."""
    data = bytearray(good())
    entry, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    name = struct.unpack_from("<H", data, entry + 28)[0]
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    struct.pack_into("<I", data, end + 12, struct.unpack_from("<I", data, end + 12)[0] + len(extra))
    struct.pack_into("<H", data, entry + 30, len(extra))
    struct.pack_into("<L", data, entry + 42, 0xFFFFFFFF)
    data[entry + 46 + name : entry + 46 + name] = extra
    return bytes(data)


def renamed(
    part: str, name: str, change: Callable[[bytes], bytes] = lambda xml: xml, base: Callable[[], bytes] | None = None
) -> bytes:
    """A good workbook with one part under another name, and changed; whatever points to it follows."""
    parts = parts_of((base or good)())
    moved = {name if key == part else key: change(data) if key == part else data for key, data in parts.items()}
    return packed(
        {
            key: data.replace(part[3:].encode(), name[3:].encode()) if key != name else data
            for key, data in moved.items()
        }
    )


def typed(xml: bytes) -> bytes:
    """With a document type definition where it may be: behind the XML declaration."""
    end = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:end] + b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml[end:]


def far_cell() -> bytes:
    book = workbook(department())
    book["指标"]["XFD1048576"] = "误填"
    return content(book)


def far_column() -> bytes:
    book = workbook(department())
    book["指标"].cell(2, 300, "误填")
    return content(book)


def two_sheets_of_one_name() -> bytes:
    return changed("xl/workbook.xml", lambda xml: xml.replace('name="机构职能"'.encode(), 'name="收支"'.encode()))


def deep() -> bytes:
    nested = b"<a>" * 5000 + b"</a>" * 5000
    return changed(SHEET, lambda xml: xml.replace(b"</worksheet>", nested + b"</worksheet>"))


def bomb() -> bytes:
    return with_part("xl/media/zeros.xml", b"<a>" + bytes(30 * 1024 * 1024) + b"</a>")


MAIN_TYPE = b"spreadsheetml.sheet.main+xml"
REFUSED = [
    ("FILE_001", "text renamed", lambda: "绩效自评".encode()),
    ("FILE_001", "web page renamed", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    ("FILE_001", "plain zip", lambda: packed({"a.txt": b"a"})),
    ("FILE_001", "word document", lambda: packed({"[Content_Types].xml": b"<Types/>", "_rels/.rels": DOCX_RELATIONS})),
    ("FILE_002", "checksum", corrupted),
    ("FILE_002", "bzip2, damaged", lambda: corrupted(zipfile.ZIP_BZIP2)),
    ("FILE_002", "LZMA, damaged", lambda: corrupted(zipfile.ZIP_LZMA)),
    ("FILE_002", "LZMA, sound", lambda: packed(parts_of(good()), zipfile.ZIP_LZMA)),
    ("FILE_002", "more shared strings than memory",
        lambda: changed("xl/sharedStrings.xml",
            lambda xml: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="%d"' % (2**64 - 1), xml), shared)),
    ("FILE_002", "nameless part", lambda: misdirected(46, b"\0")),
    ("FILE_002", "part beyond the end of any file", far_part),
    ("FILE_002", "not well-formed", lambda: changed(SHEET, lambda xml: xml.replace(b"</row>", b"</raw>", 1))),
    ("FILE_002", "bad cell address", lambda: changed(SHEET, lambda xml: xml.replace(b'r="A1"', b'r="1A"', 1))),
    ("FILE_002", "bad shared string index",
        lambda: changed(SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>999999</v>"), shared)),
    ("FILE_002", "shared string index no number",
        lambda: changed(SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>x</v>"), shared)),
    ("FILE_002", "shared strings not well-formed",
        lambda: changed("xl/sharedStrings.xml", lambda xml: xml.replace(b"</si>", b"</so>", 1), shared)),
    ("FILE_003", "truncated", lambda: good()[: len(good()) // 2]),
    ("FILE_003", "last bytes missing", lambda: good()[:-30]),
    ("FILE_004", "encrypted OLE", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    ("FILE_004", "encrypted zip", encrypted_zip_entry),
    ("FILE_005", "old .xls", lambda: OLE),
    ("FILE_005", ".xlsb", lambda: packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"})),
    ("FILE_005", ".ods",
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})),
    ("FILE_005", ".xltx",
        lambda: changed("[Content_Types].xml", lambda xml: xml.replace(MAIN_TYPE, b"spreadsheetml.template.main+xml"))),
    ("FILE_006", "macro part", lambda: with_part("xl/vbaProject.bin", b"x")),
    ("FILE_006", "macro type",
        lambda: changed("[Content_Types].xml",
            lambda xml: xml.replace(b"openxmlformats-officedocument." + MAIN_TYPE,
                b"ms-excel.sheet.macroEnabled.main+xml"))),
    ("FILE_009", "bomb", bomb),
    ("FILE_009", "too many parts",
        lambda: packed({**parts_of(good()), **{f"x/{n}.txt": b"" for n in range(guard.PART_COUNT)}})),
    ("FILE_010", "far cell", far_cell),
    ("FILE_010", "far column", far_column),
    ("FILE_011", "DTD in the sheet", lambda: changed(SHEET, lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)),
    ("FILE_011", "DTD in a sheet of another suffix", lambda: renamed(SHEET, "xl/worksheets/sheet1.dat", typed)),
    ("FILE_011", "DTD in shared strings of another suffix",
        lambda: renamed("xl/sharedStrings.xml", "xl/sharedStrings.dat", typed, shared)),
    ("FILE_011", "DTD in styles without a suffix", lambda: renamed("xl/styles.xml", "xl/styles", typed)),
    ("FILE_011", "entity in another part",
        lambda: with_part("docProps/custom.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
    ("FILE_011", "DTD in UTF-16",
        lambda: with_part("docProps/custom.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"))),
    ("FILE_013", "strict",
        lambda: changed("_rels/.rels",
            lambda xml: xml.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/",
                b"http://purl.oclc.org/ooxml/officeDocument/"))),
    ("FILE_014", "sheet missing", lambda: without(SHEET)),
    ("FILE_014", "shared strings missing", lambda: without("xl/sharedStrings.xml")),
    ("FILE_014", "relations missing", lambda: without("xl/_rels/workbook.xml.rels")),
    ("FILE_014", "content types missing", lambda: without("[Content_Types].xml")),
    ("FILE_014", "root relations missing", lambda: without("_rels/.rels")),
    ("FILE_014", "workbook missing", lambda: without("xl/workbook.xml")),
    ("FILE_015", "duplicate part", lambda: twice(SHEET)),
    ("FILE_002", "sheet in UTF-16", lambda: changed(SHEET, lambda xml: xml.decode().encode("utf-16"))),
    ("FILE_002", "sheet that is none", lambda: changed(SHEET, lambda _: b"<html><sheetData/></html>")),
    ("FILE_002", "sheet without its cells", lambda: changed(SHEET, lambda _: b"<worksheet/>")),
    ("FILE_002", "size too large", lambda: misdirected(24, struct.pack("<I", 900_000))),
    ("FILE_015", "one cell twice",
        lambda: changed(SHEET,
            lambda xml: xml.replace(b"<sheetData>",
                b'<sheetData><row r="99"><c r="A99"><v>1</v></c><c r="A99"><v>2</v></c></row>'))),
    ("FILE_015", "two values in one cell",
        lambda: changed(SHEET,
            lambda xml: xml.replace(b"<sheetData>", b'<sheetData><row r="99"><c r="A99"><v>1</v><v>2</v></c></row>'))),
    ("FILE_015", "one relationship twice",
        lambda: changed("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b'Id="rId2"', b'Id="rId1"'))),
    ("FILE_015", "duplicate except for case", lambda: with_part(SHEET.upper(), b"<other/>")),
    ("FILE_016", "two sheets of one name", two_sheets_of_one_name),
    ("FILE_017", "deep nesting", deep),
    ("FILE_021", "empty", lambda: b""),
]  # fmt: skip
DOCX_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    b' Target="word/document.xml"/></Relationships>'
)
