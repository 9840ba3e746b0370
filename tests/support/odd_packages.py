"""Odd workbook packages: small named changes of a sound filled workbook, each with what has to come of it.

A change gets the parts (name → bytes) or, where it concerns the zip itself, the file's bytes. `SAME`: by the file
format nothing is changed that is filed, so the result has to be that of the workbook as it was. `SCORED`: status and
scores are the same, notices may be more. A code: the workbook is refused or returned with it. `ANY`: what comes of it
is open, but a result with a sentence it has to be.
"""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

SAME, SCORED, ANY = "same", "scored", "any"
Parts = dict[str, bytes]
TYPES, ROOT, BOOK, BOOK_RELATIONS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
STRINGS, STYLES, SHEET_1 = "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(/>|>.*?</c>)')
ROW = re.compile(rb'<row r="(\d+)"([^>]*?)(/>|>(.*?)</row>)', re.DOTALL)


@dataclass(frozen=True)
class Odd:
    """A named change: of the parts, or of the zip (`of_zip`). `unmarked`: no marked copy can be made of it, and that is
    said."""

    name: str
    change: Callable[..., Parts | bytes]
    outcome: str
    of_zip: bool = False
    unmarked: bool = False

    def __call__(self, parts: Parts) -> bytes:
        changed = self.change(packed(parts) if self.of_zip else dict(parts))
        return changed if isinstance(changed, bytes) else packed(changed)


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts, **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(info(name, **options), data)
    return buffer.getvalue()


def info(name: str, **options: object) -> zipfile.ZipInfo:
    one = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    one.compress_type = zipfile.ZIP_DEFLATED
    for key, value in options.items():
        setattr(one, key, value)
    return one


def put(part: str, data: bytes, type_: bytes = b"") -> Callable[[Parts], Parts]:
    """One more part, with its type where it has one."""

    def change(parts: Parts) -> Parts:
        override = b'<Override PartName="/' + part.encode() + b'" ContentType="' + type_ + b'"/>' if type_ else b""
        return {**parts, TYPES: parts[TYPES].replace(b"</Types>", override + b"</Types>"), part: data}

    return change


def drop(*names: str) -> Callable[[Parts], Parts]:
    return lambda parts: {name: data for name, data in parts.items() if name not in names}


def edit(part: str, old: bytes, new: bytes, count: int = -1) -> Callable[[Parts], Parts]:
    """One part with a pattern replaced. Fails where nothing is changed."""

    def change(parts: Parts) -> Parts:
        found = re.sub(old, new, parts[part], count=max(count, 0), flags=re.DOTALL)
        assert found != parts[part], (part, old)
        return {**parts, part: found}

    return change


def every(kind: str, change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """All parts whose name holds `kind`."""
    return lambda parts: {
        name: change(data) if kind in name and name.endswith((".xml", ".rels")) else data
        for name, data in parts.items()
    }


def both(*changes: Callable[[Parts], Parts]) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        for one in changes:
            parts = one(parts)
        return parts

    return change


def relate(part: str, kind: str, target: str, external: bool = False) -> Callable[[Parts], Parts]:
    """One more relationship of a part."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    mode = b' TargetMode="External"' if external else b""
    one = b'<Relationship Id="odd%d" Type="%s" Target="%s"%s/>' % (
        len(target),
        OFFICE + kind.encode(),
        target.encode(),
        mode,
    )
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def change(parts: Parts) -> Parts:
        return {**parts, relations: parts.get(relations, empty).replace(b"</Relationships>", one + b"</Relationships>")}

    return change


def at_end(*names: str) -> Callable[[Parts], Parts]:
    return lambda parts: {**{n: d for n, d in parts.items() if n not in names}, **{n: parts[n] for n in names}}


def moved(old: str, new: str, relations: str = BOOK_RELATIONS, target: str = "") -> Callable[[Parts], Parts]:
    """A part under another name; relationships and types follow."""

    def change(parts: Parts) -> Parts:
        found = {new if name == old else name: data for name, data in parts.items()}
        found[TYPES] = found[TYPES].replace(b"/" + old.encode(), b"/" + new.encode())
        wanted = old.rpartition("xl/")[2] if relations == BOOK_RELATIONS else old
        found[relations] = found[relations].replace(
            b'"' + wanted.encode() + b'"', b'"' + (target or f"/{new}").encode() + b'"'
        )
        assert found[relations] != parts[relations]
        return found

    return change


def book_moved(parts: Parts) -> Parts:
    """The whole workbook in a folder of another name."""
    return {
        name.replace("xl/", "excel/mappe/"): (
            data.replace(b'"/xl/', b'"/excel/mappe/').replace(b'"xl/', b'"excel/mappe/')
        )
        for name, data in parts.items()
    }


def prefixed(data: bytes) -> bytes:
    """Some programs write <x:c> for <c>."""
    return re.sub(rb"<(/?)(?=[a-zA-Z])(?!\w+:)", rb"<\1x:", data).replace(b"xmlns=", b"xmlns:x=")


def pretty(data: bytes) -> bytes:
    return re.sub(rb"(</?(?:row|c|sheetData|sheets|sheet|si|xf|cellXfs)\b)", rb"\n    \1", data)


def single_quoted(data: bytes) -> bytes:
    return re.sub(rb'(\s[\w:]+)="([^"\'<>]*)"', rb"\1='\2'", data)


def texts(parts: Parts) -> list[bytes]:
    return [
        b"".join(re.findall(rb"<t[^>]*>(.*?)</t>", one, re.DOTALL))
        for one in re.findall(rb"<si>(.*?)</si>", parts[STRINGS], re.DOTALL)
    ]


def inlined(kind: bytes, wrap: bytes, keep: bool) -> Callable[[Parts], Parts]:
    """Shared texts written into their cells."""

    def change(parts: Parts) -> Parts:
        shared = texts(parts)

        def cell(match: re.Match[bytes]) -> bytes:
            return b'%s t="%s">%s</c>' % (match[1], kind, wrap % shared[int(match[2])])

        found = every("worksheets", lambda data: re.sub(rb'(<c [^>]*?) t="s"><v>(\d+)</v></c>', cell, data))(parts)
        return found if keep else without_strings(found)

    return change


def without_strings(parts: Parts) -> Parts:
    found = drop(STRINGS)(parts)
    found[BOOK_RELATIONS] = re.sub(rb'<Relationship [^>]*sharedStrings\.xml"/>', b"", found[BOOK_RELATIONS])
    found[TYPES] = re.sub(rb'<Override PartName="/xl/sharedStrings.xml"[^>]*/>', b"", found[TYPES])
    return found


def without_styles(parts: Parts) -> Parts:
    found = drop(STYLES)(parts)
    found[BOOK_RELATIONS] = re.sub(rb'<Relationship [^>]*styles\.xml"/>', b"", found[BOOK_RELATIONS])
    return found


def each_text(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """Every plain shared text as another <si>."""
    return lambda parts: {
        **parts,
        STRINGS: re.sub(rb"<si><t([^>]*)>(.*?)</t></si>", lambda m: change(m[2]), parts[STRINGS], flags=re.DOTALL),
    }


def rows(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    """A sheet with its rows as a list changed."""

    def one(data: bytes) -> bytes:
        return re.sub(
            rb"<sheetData>(.*)</sheetData>",
            lambda m: b"<sheetData>" + b"".join(change([r[0] for r in ROW.finditer(m[1])])) + b"</sheetData>",
            data,
            flags=re.DOTALL,
        )

    return one


def number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def unplaced(data: bytes) -> bytes:
    """Rows and cells without their places; gaps are filled with blank ones."""
    row_count = 0

    def row(match: re.Match[bytes]) -> bytes:
        nonlocal row_count
        gap = b"<row/>" * (int(match[1]) - row_count - 1)
        row_count = int(match[1])
        column, cells = 0, []
        for cell in CELL.finditer(match[4] or b""):
            cells.append(b"<c/>" * (number_of(cell[1]) - column - 1) + b"<c" + cell[3] + cell[4])
            column = number_of(cell[1])
        return gap + b"<row" + match[2] + b">" + b"".join(cells) + b"</row>"

    return ROW.sub(row, data)


def sheet_parts(parts: Parts) -> list[str]:
    return [name for name in parts if name.startswith("xl/worksheets/sheet")]


def last(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """The last sheet changed: 指标 or a later one."""

    def one(parts: Parts) -> Parts:
        name = sheet_parts(parts)[-1]
        found = change(parts[name])
        assert found != parts[name]
        return {**parts, name: found}

    return one


def before_end(xml: bytes) -> Callable[[Parts], Parts]:
    """Every sheet with something more behind its data."""
    return every("worksheets/sheet", lambda data: data.replace(b"</sheetData>", b"</sheetData>" + xml, 1))


def in_rows(xml: bytes) -> Callable[[Parts], Parts]:
    return every("worksheets/sheet", lambda data: data.replace(b"</sheetData>", xml + b"</sheetData>", 1))


def many_cells(rows: int, columns: int) -> Callable[[Parts], Parts]:
    """The second sheet with a block of numbers below its data."""
    names = [get_column_letter(column) for column in range(1, columns + 1)]

    def block() -> Iterator[str]:
        for row in range(2000, 2000 + rows):
            yield f'<row r="{row}">' + "".join(f'<c r="{name}{row}"><v>1</v></c>' for name in names) + "</row>"

    return edit("xl/worksheets/sheet2.xml", rb"</sheetData>", "".join(block()).encode() + b"</sheetData>")


def first_number(new: bytes) -> Callable[[Parts], Parts]:
    """The first plain number of the last sheet that has one is another cell ({r}: its place, {v}: its value)."""

    def change(parts: Parts) -> Parts:
        for name in sheet_parts(parts)[2:]:
            match = re.search(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)><v>([\d.]+)</v></c>', parts[name])
            if match:
                cell = new.replace(b"{r}", match[1] + b'"' + match[2][:-1] if match[2] else match[1]).replace(
                    b"{v}", match[3]
                )
                return {**parts, name: parts[name][: match.start()] + cell + parts[name][match.end() :]}
        raise AssertionError("no number")

    return change


def new_sheet(
    name: str, xml: bytes, state: bytes = b"", kind: str = "worksheet", type_: str = "worksheet"
) -> Callable[[Parts], Parts]:
    part = f"xl/{kind}s/odd.xml"
    element = b'<sheet name="%s" sheetId="900"%s r:id="rIdOdd"/></sheets>' % (name.encode(), state)
    relation = b'<Relationship Id="rIdOdd" Type="%s" Target="%s"/></Relationships>' % (
        OFFICE + kind.encode(),
        part[3:].encode(),
    )
    return both(
        put(part, xml, f"application/vnd.openxmlformats-officedocument.spreadsheetml.{type_}+xml".encode()),
        edit(BOOK, b"</sheets>", element),
        edit(BOOK_RELATIONS, b"</Relationships>", relation),
    )


def sheet_xml(body: bytes) -> bytes:
    return b'<?xml version="1.0"?><worksheet %s><sheetData>%s</sheetData></worksheet>' % (MAIN, body)


# --- the zip itself ---


def rewritten(**options: object) -> Callable[[bytes], bytes]:
    return lambda data: packed(unpacked(data), **options)


def stored(data: bytes) -> bytes:
    return packed(unpacked(data), compress_type=zipfile.ZIP_STORED)


class _Stream(io.RawIOBase):
    """Cannot seek: zipfile then writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def streamed(data: bytes) -> bytes:
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, part in unpacked(data).items():
            package.writestr(info(name), part)
    return bytes(stream.data)


def zip64(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in unpacked(data).items():
            with package.open(info(name), "w", force_zip64=True) as stream:
                stream.write(part)
    return buffer.getvalue()


def commented(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.comment = "由某压缩软件生成".encode() * 50
    return buffer.getvalue()


def with_folders(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for folder in ("_rels/", "xl/", "xl/worksheets/", "空文件夹/"):
            package.writestr(folder, b"")
        for name, part in unpacked(data).items():
            package.writestr(info(name), part)
    return buffer.getvalue()


def directory(change: Callable[[bytearray, int], None], part: str = SHEET_1) -> Callable[[bytes], bytes]:
    """The entry of a part in the zip's directory changed; `change` gets the bytes and where the entry begins."""

    def one(data: bytes) -> bytes:
        found = bytearray(data)
        at = found.find(b"PK\x01\x02")
        while found[at + 46 : at + 46 + len(part)] != part.encode():
            at = found.find(b"PK\x01\x02", at + 4)
        change(found, at)
        return bytes(found)

    return one


def field(offset: int, code: str, value: int, header: int | None = None) -> Callable[[bytes], bytes]:
    """A field of the directory's entry set, and at `header` that of the part's own head."""

    def change(data: bytearray, at: int) -> None:
        struct.pack_into(code, data, at + offset, value)
        if header is not None:
            struct.pack_into(code, data, struct.unpack_from("<I", data, at + 42)[0] + header, value)

    return directory(change)


def flipped(data: bytearray, at: int) -> None:
    begin = struct.unpack_from("<I", data, at + 42)[0]
    data[begin + 30 + len(SHEET_1) + 40] ^= 0xFF


def overlapping(data: bytearray, at: int) -> None:
    """The entry leads to where another part begins."""
    struct.pack_into("<I", data, at + 42, 0)


def renamed_inside(data: bytearray, at: int) -> None:
    begin = struct.unpack_from("<I", data, at + 42)[0]
    data[begin + 30 + len(SHEET_1) - 5] = ord("9")


def twice(name: str, data: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as package:
            package.writestr(info("other/odd.xml"), data)
        long, short = b"other/odd.xml", name.encode()
        assert len(long) == len(short)
        return buffer.getvalue().replace(long, short)

    return change


def nested(data: bytes) -> bytes:
    return packed({f"填报/{name}": part for name, part in unpacked(data).items()})


def gbk_name(data: bytes) -> bytes:
    """A part whose name is written in GBK and not marked as UTF-8, as Chinese archive programs do."""
    made = packed({**unpacked(data), "xl/media/AAAA.png": b"\x89PNG"})
    return made.replace(b"AAAA.png", "图片".encode("gbk") + b".png")


ZIPS = [
    Odd("packed once more", rewritten(), SAME, True),
    Odd("stored, not compressed", stored, SAME, True),
    Odd("made on Unix, with rights", rewritten(create_system=3, external_attr=0o644 << 16), SAME, True),
    Odd("marked as folders of DOS", rewritten(external_attr=0x20), SAME, True),
    Odd("a date of no day", field(14, "<H", 0, 12), SAME, True),
    Odd("data descriptors", streamed, SAME, True),
    Odd("zip64", zip64, SAME, True),
    Odd("a comment", commented, SAME, True),
    Odd("an extra field", rewritten(extra=struct.pack("<HH", 0xCAFE, 4) + b"abcd"), SAME, True),
    Odd("entries for folders", with_folders, SAME, True),
    Odd("parts in reverse", lambda data: packed(dict(reversed(unpacked(data).items()))), SAME, True),
    Odd("types last", lambda data: packed(at_end(TYPES)(unpacked(data))), SAME, True),
    Odd("zeros behind the end", lambda data: data + bytes(30), ANY, True),
    Odd("a part with a Chinese name", lambda data: packed({**unpacked(data), "xl/media/图片1.png": b"\x89PNG"}), SAME,
        True),
    Odd("a part with a name in GBK", gbk_name, SAME, True),
    Odd("an unknown version needed", field(6, "<H", 63, 4), ANY, True),
    Odd("bytes before the zip", lambda data: b"\x93\x01\xfe" * 20 + data, "FILE_002", True),
    Odd("a program before the zip", lambda data: b"MZ" + bytes(60) + data, "FILE_001", True),
    Odd("cut in the middle", lambda data: data[: len(data) // 2], "FILE_003", True),
    Odd("the last bytes gone", lambda data: data[:-10], ANY, True),
    Odd("zeros for the second half", lambda data: data[: len(data) // 2] + bytes(len(data) // 2 + 70000), "FILE_003",
        True),
    Odd("zeros at the head", lambda data: bytes(4096) + data[4096:], "FILE_002", True),
    Odd("nothing but zeros", lambda data: bytes(len(data)), "FILE_021", True),
    Odd("a flipped byte", directory(flipped), "FILE_002", True),
    Odd("a wrong checksum", field(16, "<I", 7, 14), "FILE_002", True),
    Odd("a size too small", field(24, "<I", 100, 22), "FILE_002", True),
    Odd("a size too large", field(24, "<I", 900_000, 22), "FILE_002", True),
    Odd("overlapping entries", directory(overlapping), "FILE_002", True),
    Odd("two names for one entry", directory(renamed_inside), "FILE_002", True),
    Odd("an encrypted entry", field(8, "<H", 1, 6), "FILE_004", True),
    Odd("packed by AES", field(10, "<H", 99, 8), "FILE_002", True),
    Odd("packed by LZMA", rewritten(compress_type=zipfile.ZIP_LZMA), "FILE_002", True),
    Odd("one part twice", twice("xl/styles.xml", b"<other/>"), "FILE_015", True),
    Odd("everything in one more folder", nested, "FILE_001", True),
    Odd("a zip in a zip", lambda data: packed({"填报.xlsx": data}), "FILE_001", True),
    Odd("names with backslashes", lambda data: packed(unpacked(data)).replace(b"xl/worksheets", b"xl\\worksheets"),
        "FILE_014", True),
]  # fmt: skip

VML = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202"/><v:shape id="_x0000_s1"'
    b' type="#_x0000_t202"><x:ClientData'
    b' ObjectType="Note"><x:Row>90</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>'
)
COMMENTS = (
    b'<comments %s><authors><author>a</author></authors><commentList><comment ref="A91"'
    b' authorId="0"><text><r><t>x</t></r></text></comment></commentList></comments>' % MAIN
)
RELATIONS_NS = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."

PACKAGES = [
    Odd("an absolute target", edit(BOOK_RELATIONS, b'Target="worksheets/', b'Target="/xl/worksheets/'), SAME),
    Odd("a target with dots", edit(BOOK_RELATIONS, b'Target="worksheets/', b'Target="./../xl/worksheets/'), SAME),
    Odd("an absolute target of the workbook", edit(ROOT, b'"xl/workbook.xml"', b'"/xl/workbook.xml"'), SAME),
    Odd("sheets in another folder",
        both(*(moved(f"xl/worksheets/sheet{n}.xml", f"xl/tabellen/t{n}.xml") for n in (1, 2))), SAME),
    Odd("shared strings in another folder", moved(STRINGS, "xl/texts/all.xml"), SAME),
    Odd("shared strings without their word", moved(STRINGS, "xl/t.xml"), SAME),
    Odd("styles in another folder", moved(STYLES, "xl/looks/s.xml"), SAME),
    Odd("the whole workbook elsewhere", book_moved, SAME),
    Odd("a sheet without suffix", moved(SHEET_1, "xl/worksheets/one"), SAME),
    Odd("a part's name in capitals", lambda parts: {n.upper() if n == SHEET_1 else n: d for n, d in parts.items()},
        SAME),
    Odd("shared strings' name in capitals",
        lambda parts: {n.upper() if n == STRINGS else n: d for n, d in parts.items()}, SAME),
    Odd("the workbook's name in capitals", lambda parts: {n.upper() if n == BOOK else n: d for n, d in parts.items()},
        SAME),
    Odd("types' name in small letters", lambda parts: {n.lower() if n == TYPES else n: d for n, d in parts.items()},
        SAME),
    *(Odd(f"prefixed names: {kind}", every(kind, prefixed), SAME)
        for kind in ("worksheets", "sharedStrings", "styles", "workbook.xml", "Content_Types", ".rels")),
    *(Odd(f"a byte order mark: {kind}", every(kind, lambda data: b"\xef\xbb\xbf" + data), SAME)
        for kind in ("worksheets", "sharedStrings", "styles", "xl/workbook.xml", "Content_Types", ".rels")),
    *(Odd(f"lines and indents: {kind}", every(kind, pretty), SAME)
        for kind in ("worksheets", "styles", "xl/workbook.xml")),
    *(Odd(f"single quotes: {kind}", every(kind, single_quoted), SAME)
        for kind in ("worksheets", "xl/workbook.xml", "styles", ".rels", "Content_Types")),
    *(Odd(f"no declaration: {kind}", every(kind, lambda data: re.sub(rb"^<\?xml[^>]*\?>\s*", b"", data)), SAME)
        for kind in ("worksheets", "sharedStrings", "xl/workbook.xml", ".rels")),
    *(Odd(f"UTF-16: {kind}",
        every(kind, lambda data: re.sub(rb"^<\?xml[^>]*\?>\s*", b"", data).decode().encode("utf-16")), "FILE_002")
        for kind in ("worksheets", "sharedStrings", "xl/workbook.xml", "styles")),
    Odd("GBK that says so",
        every("sharedStrings", lambda data: data.replace(b"UTF-8", b"GBK").decode().encode("gb18030")), "FILE_002"),
    Odd("a comment in front of all",
        every("worksheets", lambda data: data.replace(b"<sheetData>", b"<!-- <c r=\"A1\"><v>9</v></c> --><sheetData>")),
        SAME),
    Odd("a processing instruction",
        every("worksheets", lambda data: data.replace(b"<sheetData>", b"<?odd x?><sheetData>")), SAME),
    Odd("spaces in tags", every("worksheets/", lambda data: re.sub(rb'<c r="(\w+)"', rb'<c\n  r = "\1"', data)), SAME),
    Odd("texts as character data",
        every("sharedStrings", lambda data: re.sub(rb"<t>([^<&]*)</t>", rb"<t><![CDATA[\1]]></t>", data)), SAME),
    Odd("texts as character references",
        every("sharedStrings",
            lambda data: re.sub(rb"<t>([^<&]*)</t>",
                lambda m: b"<t>" + "".join(f"&#{ord(c)};" for c in m[1].decode()).encode() + b"</t>", data)), SAME),
    Odd("rich texts",
        each_text(lambda text: b'<si><r><rPr><b/><sz val="11"/></rPr><t xml:space="preserve">%s</t></r>'
            b"<r><t></t></r></si>" % text), SAME),
    Odd("phonetic texts",
        each_text(lambda text: b'<si><t>%s</t><rPh sb="0" eb="1"><t>pin yin</t></rPh>'
            b'<phoneticPr fontId="1"/></si>' % text), SAME),
    Odd("shared texts nobody uses", edit(STRINGS, b"</sst>", b"<si><t>" + b"x" * 3000 + b"</t></si><si/></sst>"), SAME),
    Odd("no count of shared texts", edit(STRINGS, rb' (?:count|uniqueCount)="\d+"', b""), SAME),
    Odd("a false count of shared texts", edit(STRINGS, rb'uniqueCount="\d+"', b'uniqueCount="3"'), SAME),
    Odd("inline texts", inlined(b"inlineStr", b"<is><t>%s</t></is>", False), SAME),
    Odd("inline texts beside shared ones", inlined(b"inlineStr", b"<is><t>%s</t></is>", True), SAME),
    Odd("inline rich texts",
        inlined(b"inlineStr", b'<is><r><rPr><b/></rPr><t xml:space="preserve">%s</t></r></is>', False), SAME),
    Odd("texts as results", inlined(b"str", b"<v>%s</v>", False), SAME),
    Odd("no styles", without_styles, SCORED),
    Odd("styles without formats of cells", edit(STYLES, b"<cellXfs.*?</cellXfs>", b""), SCORED),
    Odd("styles of a style out of range", every("worksheets/", lambda data: data.replace(b' s="1"', b' s="99999"')),
        SCORED),
    Odd("an unknown number format", edit(STYLES, rb'numFmtId="0"', b'numFmtId="250"'), SAME),
    Odd("an empty number format",
        edit(STYLES, rb"<fonts ", b'<numFmts count="1"><numFmt numFmtId="200" formatCode=""/></numFmts><fonts ', 1),
        ANY),
    Odd("an extension of the styles",
        edit(STYLES, b"</styleSheet>", b'<extLst><ext uri="{X}"><y:z xmlns:y="urn:y"/></ext></extLst></styleSheet>'),
        SAME),
    Odd("a theme that is not there", drop("xl/theme/theme1.xml"), SAME),
    Odd("no properties", drop("docProps/core.xml", "docProps/app.xml"), SAME),
    Odd("no type for the sheets", edit(TYPES, rb'<Override PartName="/xl/worksheets[^>]*/>', b""), SAME),
    Odd("types in capitals", edit(TYPES, b"spreadsheetml.worksheet\\+xml", b"SpreadsheetML.Worksheet+XML"), SAME),
    Odd("sheets hidden", edit(BOOK, rb"(<sheet name=[^>]*?)( r:id)", rb'\1 state="hidden"\2'), SCORED),
    Odd("sheets hidden deeply", edit(BOOK, rb"(<sheet name=[^>]*?)( r:id)", rb'\1 state="veryHidden"\2'), SCORED),
    Odd("all sheets of one number", edit(BOOK, rb'sheetId="\d+"', b'sheetId="1"'), SAME),
    Odd("sheets' numbers beyond bounds", edit(BOOK, rb'sheetId="(\d+)"', rb'sheetId="42949672\1"'), SAME),
    Odd("a window on no sheet", edit(BOOK, b"<workbookView ", b'<workbookView activeTab="77" firstSheet="88" '), SAME),
    Odd("the base of 1904, written out", edit(BOOK, b"<workbookPr ", b'<workbookPr date1904="0" '), SAME),
    Odd("to be calculated on opening", edit(BOOK, b"<calcPr ", b'<calcPr calcMode="manual" '), ANY),
    Odd("no calculation settings", edit(BOOK, b"<calcPr[^>]*/>", b""), SAME),
    Odd("locked",
        both(edit(BOOK, b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>'),
            before_end(b'<sheetProtection sheet="1" password="CC1A"/>')), SAME),
    Odd("names that lead nowhere",
        edit(BOOK, b"</sheets>(<definedNames>.*?</definedNames>)?",
            b'</sheets><definedNames><definedName name="odd">#REF!$A$1</definedName>'
            b'<definedName name="_xlnm.Print_Area" localSheetId="99">x!$A:$B</definedName></definedNames>'), SAME),
    Odd("links to other workbooks",
        both(put("xl/externalLinks/externalLink1.xml",
            b'<externalLink %s><externalBook%s r:id="rId1"><sheetNames><sheetName val="a"/></sheetNames></externalBook>'
            b"</externalLink>" % (MAIN, RELATIONS_NS), (SPREADSHEET + "externalLink+xml").encode()),
            relate("xl/externalLinks/externalLink1.xml", "externalLinkPath", "file:///C:/旧.xlsx", True),
            relate(BOOK, "externalLink", "externalLinks/externalLink1.xml")), SAME),
    Odd("a broken calculation chain",
        both(put("xl/calcChain.xml", b'<calcChain %s><c r="ZZZ9" i="77"/></calcChain>' % MAIN,
            (SPREADSHEET + "calcChain+xml").encode()), relate(BOOK, "calcChain", "calcChain.xml")), SAME),
    Odd("a calculation chain that is not there", relate(BOOK, "calcChain", "calcChain.xml"), SAME),
    Odd("custom XML",
        both(put("customXml/item1.xml", b'<a xmlns="urn:a"><b/></a>'),
            relate(BOOK, "customXml", "../customXml/item1.xml")), SAME),
    Odd("a pivot cache",
        both(put("xl/pivotCache/pivotCacheDefinition1.xml", b"<pivotCacheDefinition %s/>" % MAIN,
            (SPREADSHEET + "pivotCacheDefinition+xml").encode()),
            relate(BOOK, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")), SAME),
    Odd("settings of a printer",
        both(put("xl/printerSettings/printerSettings1.bin", bytes(range(256)) * 4),
            relate(SHEET_1, "printerSettings", "../printerSettings/printerSettings1.bin")), SAME),
    Odd("a table of Excel",
        both(put("xl/tables/table1.xml", b'<table %s id="1" name="t" displayName="t" ref="A80:B81"/>' % MAIN,
            (SPREADSHEET + "table+xml").encode()), relate(SHEET_1, "table", "../tables/table1.xml")), SAME),
    Odd("an embedded object",
        both(put("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0" + bytes(500)),
            relate(SHEET_1, "oleObject", "../embeddings/oleObject1.bin")), SAME),
    Odd("a picture and a chart",
        both(put("xl/drawings/drawing9.xml",
            b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'),
            put("xl/charts/chart9.xml",
                b'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'),
            put("xl/media/image9.png", b"\x89PNG"), relate(SHEET_1, "drawing", "../drawings/drawing9.xml")), SAME),
    Odd("comments of old",
        both(put("xl/comments9.xml", COMMENTS, (SPREADSHEET + "comments+xml").encode()),
            put("xl/drawings/vmlDrawing9.vml", VML), relate(SHEET_1, "comments", "../comments9.xml"),
            relate(SHEET_1, "vmlDrawing", "../drawings/vmlDrawing9.vml"),
            edit(SHEET_1, b"</worksheet>", b'<legacyDrawing%s r:id="odd27"/></worksheet>' % RELATIONS_NS)), SAME),
    Odd("comments that are not there", relate(SHEET_1, "comments", "../comments9.xml"), SAME),
    Odd("threaded comments",
        both(put("xl/threadedComments/threadedComment1.xml",
            b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>'),
            relate(SHEET_1, "threadedComment", "../threadedComments/threadedComment1.xml")), SAME),
    Odd("a hyperlink", before_end(b'<hyperlinks><hyperlink ref="A90" location="x!A1" display="y"/></hyperlinks>'),
        SAME),
    Odd("an extension of the sheets",
        before_end(b'<extLst><ext uri="{Y}"><x14:dataValidations'
            b' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" count="0"/></ext></extLst>'),
        SAME),
    Odd("alternate content",
        before_end(b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            b'<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'), SAME),
    Odd("a signature", put("_xmlsignatures/sig1.xml", b"<Signature/>"), SAME, unmarked=True),
    Odd("macros", put("xl/vbaProject.bin", b"x"), "FILE_006"),
    Odd("the type of a macro workbook",
        edit(TYPES, b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"),
        "FILE_006"),
    Odd("the type of a template", edit(TYPES, b"spreadsheetml.sheet.main", b"spreadsheetml.template.main"), "FILE_005"),
    Odd("the strict format",
        both(every("xl/",
            lambda data: data.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/",
                b"http://purl.oclc.org/ooxml/officeDocument/")),
                every("_rels/.rels",
                    lambda data: data.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/",
                        b"http://purl.oclc.org/ooxml/officeDocument/"))), "FILE_013"),
    *(Odd(f"no part {part}", drop(part), "FILE_014")
        for part in (TYPES, ROOT, BOOK, BOOK_RELATIONS, STRINGS, STYLES, SHEET_1)),
    *(Odd(f"a document type in {part}", edit(part, rb"^(<\?xml.*?\?>\s*)", rb'\1<!DOCTYPE a [<!ENTITY b "c">]>'),
        "FILE_011") for part in (TYPES, ROOT, BOOK, STRINGS, STYLES, SHEET_1)),
    *(Odd(f"a part that ends early: {part}", lambda parts, part=part: {**parts, part: parts[part][:-20]}, "FILE_002")
        for part in (TYPES, ROOT, BOOK, BOOK_RELATIONS, STRINGS, STYLES, SHEET_1)),
    *(Odd(f"an empty part: {part}", lambda parts, part=part: {**parts, part: b""}, "FILE_002")
        for part in (TYPES, ROOT, BOOK, BOOK_RELATIONS, STRINGS, STYLES, SHEET_1)),
    Odd("deep nesting", before_end(b"<a>" * 3000 + b"</a>" * 3000), "FILE_017"),
    Odd("much out of little", put("xl/media/zeros.xml", b"<a>" + bytes(8 * 1024 * 1024) + b"</a>"), "FILE_009"),
    Odd("larger than a workbook may be", put("docProps/film.bin", random.Random(1).randbytes(21 * 1024 * 1024)),
        "FILE_008"),
    Odd("more filled cells than anyone fills in", many_cells(3000, 200), "FILE_022"),
    Odd("too many parts", lambda parts: {**parts, **{f"x/{n}": b"" for n in range(2100)}}, "FILE_009"),
    Odd("two sheets of one name",
        lambda parts: {**parts, BOOK: re.sub(rb'(<sheet name=")[^"]*', rb"\1" + "基本情况".encode(), parts[BOOK])},
        "FILE_016"),
    Odd("a sheet that leads nowhere", edit(BOOK, rb'r:id="rId1"', b'r:id="none"'), "FILE_014"),
    Odd("one relationship twice", edit(BOOK_RELATIONS, rb'Id="rId2"', b'Id="rId1"'), "FILE_015"),
    Odd("one sheet's part for two sheets", edit(BOOK_RELATIONS, rb"worksheets/sheet2\.xml", b"worksheets/sheet1.xml"),
        ANY),
]  # fmt: skip

SHEETS = [
    Odd("more sheets: blank", new_sheet("草稿", sheet_xml(b"")), SCORED),
    Odd("more sheets: with data", new_sheet("草稿", sheet_xml(b'<row r="1"><c r="A1"><v>1</v></c></row>')), SCORED),
    Odd("more sheets: with data, hidden",
        new_sheet("草稿", sheet_xml(b'<row r="1"><c r="A1"><v>1</v></c></row>'), b' state="hidden"'), SCORED),
    Odd("more sheets: an error", new_sheet("草稿", sheet_xml(b'<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>')),
        SCORED),
    Odd("more sheets: a formula never calculated",
        new_sheet("草稿", sheet_xml(b'<row r="1"><c r="A1"><f>1+1</f></c></row>')), SCORED),
    Odd("more sheets: a far cell", new_sheet("草稿", sheet_xml(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        ANY),
    Odd("more sheets: no XML", new_sheet("草稿", b"not xml"), ANY),
    Odd("more sheets: a chart", new_sheet("图表", b"<chartsheet %s/>" % MAIN, kind="chartsheet", type_="chartsheet"),
        SAME),
    Odd("more sheets: a dialog", new_sheet("对话", b"<dialogsheet %s/>" % MAIN, kind="dialogsheet", type_="dialogsheet"),
        SAME),
    Odd("no places named", every("worksheets/sheet", unplaced), SAME),
    Odd("rows in reverse", every("worksheets/sheet", rows(lambda all_: list(reversed(all_)))), SAME),
    Odd("each row twice, the second blank",
        every("worksheets/sheet",
            rows(lambda all_: [*all_, *[re.sub(rb">.*</row>", b"></row>", r, flags=re.DOTALL) for r in all_]])), SAME),
    Odd("cells in reverse",
        every("worksheets/sheet",
            lambda data: ROW.sub(lambda m: b'<row r="%s"%s>%s</row>' % (m[1], m[2],
                b"".join(reversed([c[0] for c in CELL.finditer(m[4] or b"")]))), data)), SAME),
    Odd("no extent", every("worksheets/sheet", lambda data: re.sub(rb"<dimension [^>]*/>", b"", data)), SAME),
    Odd("a false extent",
        every("worksheets/sheet",
            lambda data: re.sub(rb"<dimension [^>]*/>", b'<dimension ref="A1:XFD1048576"/>', data)), SAME),
    Odd("blank rows at the end of the world", in_rows(b'<row r="1048576" ht="20" customHeight="1"/>'), SAME),
    Odd("blank cells at the end of the world", in_rows(b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'), SAME),
    Odd("a blank row beyond it", in_rows(b'<row r="9999999"/>'), SAME),
    Odd("a blank merge far away", before_end(b'<mergeCells count="1"><mergeCell ref="AA900:AB999"/></mergeCells>'),
        SAME),
    Odd("filters, panes, outlines", before_end(b'<autoFilter ref="A1:B2"/>'), SAME),
    Odd("a rule with a broken formula",
        before_end(b'<dataValidations count="1"><dataValidation type="list" sqref="A90"><formula1>#REF!</formula1>'
            b"</dataValidation></dataValidations>"), SAME),
    Odd("a format with a condition",
        before_end(b'<conditionalFormatting sqref="A90"><cfRule type="expression" dxfId="99" priority="1">'
            b"<formula>1</formula></cfRule></conditionalFormatting>"), SAME),
    Odd("a number with an exponent", first_number(b'<c r="{r}"><v>{v}E0</v></c>'), SAME),
    Odd("a number of seventeen digits", first_number(b'<c r="{r}"><v>{v}</v></c>'), SAME),
    Odd("a number with its type", first_number(b'<c r="{r}" t="n"><v>{v}</v></c>'), SAME),
    Odd("a number with an extension", first_number(b'<c r="{r}"><v>{v}</v><extLst/></c>'), ANY),
    Odd("a formula", first_number(b'<c r="{r}"><f>{v}+0</f><v>{v}</v></c>'), SAME),
    Odd("a shared formula", first_number(b'<c r="{r}"><f t="shared" si="0">{v}+0</f><v>{v}</v></c>'), SAME),
    Odd("a formula of an array", first_number(b'<c r="{r}" cm="1"><f t="array">{v}+0</f><v>{v}</v></c>'), SAME),
    Odd("a formula of another workbook", first_number(b'<c r="{r}"><f>[1]a!A1</f><v>{v}</v></c>'), SCORED),
    Odd("a formula nobody knows", first_number(b'<c r="{r}"><f>_xlfn.ODD(1,)(((</f><v>{v}</v></c>'), SCORED),
    Odd("a formula never calculated", first_number(b'<c r="{r}"><f>{v}+0</f></c>'), "CELL_009"),
    Odd("an error", first_number(b'<c r="{r}" t="e"><v>#DIV/0!</v></c>'), "CELL_008"),
    Odd("an error nobody knows", first_number(b'<c r="{r}" t="e"><v>#ODD!</v></c>'), "CELL_008"),
    Odd("no number", first_number(b'<c r="{r}"><v>NaN</v></c>'), ANY),
    Odd("an endless number", first_number(b'<c r="{r}"><v>1E999</v></c>'), ANY),
    Odd("a number that is a word", first_number(b'<c r="{r}"><v>abc</v></c>'), "CELL_002"),
    Odd("a cell of an unknown type", first_number(b'<c r="{r}" t="odd"><v>{v}</v></c>'), "FILE_002"),
    Odd("a text that is not shared", first_number(b'<c r="{r}" t="s"><v>99999</v></c>'), "FILE_002"),
    Odd("a cell twice", first_number(b'<c r="{r}"><v>{v}</v></c><c r="{r}"><v>77</v></c>'), "FILE_015"),
    Odd("a cell twice, one blank", first_number(b'<c r="{r}"/><c r="{r}"><v>{v}</v></c>'), ANY),
    Odd("a cell twice, one a text",
        first_number(b'<c r="{r}"><v>{v}</v></c><c r="{r}" t="inlineStr"><is><t>77</t></is></c>'), "FILE_015"),
    Odd("two values in a cell", first_number(b'<c r="{r}"><v>{v}</v><v>77</v></c>'), "FILE_015"),
    Odd("a far value", in_rows(b'<row r="30000"><c r="A30000"><v>1</v></c></row>'), "FILE_010"),
    Odd("a far value to the right", in_rows(b'<row r="999"><c r="ZZ999"><v>1</v></c></row>'), "FILE_010"),
    Odd("a value in row 0", in_rows(b'<row r="0"><c r="A0"><v>1</v></c></row>'), "FILE_002"),
    Odd("a value beyond all columns", in_rows(b'<row r="999"><c r="ZZZZ999"><v>1</v></c></row>'), "FILE_002"),
    Odd("a place that is none", in_rows(b'<row r="999"><c r="9A"><v>1</v></c></row>'), "FILE_002"),
    Odd("a row that is no number", in_rows(b'<row r="x"><c r="A999"><v>1</v></c></row>'), "FILE_002"),
    Odd("a cell in another row than it says",
        in_rows(b'<row r="998"><c r="AA999" t="inlineStr"><is><t>x</t></is></c></row>'), ANY),
    Odd("a merge that is none", before_end(b'<mergeCells count="1"><mergeCell ref="odd"/></mergeCells>'), "FILE_002"),
    Odd("tags that do not close", last(lambda data: data.replace(b"</row>", b"</raw>", 1)), "FILE_002"),
    Odd("a second root", last(lambda data: data + b"<worksheet/>"), "FILE_002"),
    Odd("bytes that are no UTF-8", last(lambda data: data.replace(b"<sheetData>", b"<sheetData>\xff\xfe", 1)),
        "FILE_002"),
    Odd("the last sheet blank",
        last(lambda data: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", data, flags=re.DOTALL)), ANY),
    Odd("the last sheet without its data",
        last(lambda data: re.sub(rb"<sheetData>.*</sheetData>", b"", data, flags=re.DOTALL)), "FILE_002"),
    Odd("the last sheet another document", last(lambda data: b"<html><body>x</body></html>"), "FILE_002"),
]  # fmt: skip

ODD: tuple[Odd, ...] = (*ZIPS, *PACKAGES, *SHEETS)


def corpus(bases: dict[str, Callable[[str], Parts]]) -> Iterator[tuple[str, str, Odd, bytes]]:
    """Every change crossed with every base: the base's name, a department's name of its own, the change, the file."""
    for number, odd in enumerate(ODD):
        for base, parts_of in bases.items():
            name = f"示例县第{number:03}{base}局"
            yield base, name, odd, odd(parts_of(name))
