"""What a file really is, whatever its name says: the frequent impostors, each by the mark in its bytes, with its name
and the remedy."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

NO_WORKBOOK, OTHER_WORKBOOK, ENCRYPTED = "FILE_001", "FILE_005", "FILE_004"  # the findings' codes

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx（“Excel 工作簿”）再报送。"
SAVE_OLD_AS = f"{SAVE_AS}新版本打不开的，请用原来的软件打开，把内容粘贴到填报模板里。"
FILL_IN = "请打开填报模板，把内容填进去，保存为 .xlsx 再报送。"
UNPACK = "请先解压，再把里面填好的 .xlsx 工作簿报送。"
FETCH = "请把它指向的文件本身下载或复制下来，再报送那个文件。"
DETACH = "请打开这封邮件，把附件里的 .xlsx 工作簿另存下来再报送。"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file by the name an official knows it by; `code` is the finding that refuses it, `remedy` what to
    do."""

    name: str
    remedy: str = FILL_IN
    code: str = NO_WORKBOOK


def _workbook(name: str, remedy: str = SAVE_AS) -> Format:
    return Format(name, remedy, OTHER_WORKBOOK)


TEMPLATE = _workbook("模板文件（.xltx）")
OLD_EXCEL = _workbook("旧格式（.xls 或 .et）")
PICTURE, VIDEO, ARCHIVE, WORD = Format("图片"), Format("视频"), "压缩包", "Word 文档"
SHORTCUT = Format("快捷方式，不是文件本身", FETCH)
GUARDED = Format("用加密软件加密的文件", "请先用单位的加密软件解密，确认在别的电脑上也打得开，再报送。")
NUMBERS = _workbook("苹果 Numbers 表格（.numbers）", "请用 Numbers 打开，选“文件→导出到→Excel”，导出 .xlsx 再报送。")

# Where the mark is, the mark, what it is. The first that fits counts.
MAGIC: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"\x09\x00\x04\x00", _workbook("Excel 2.x 工作表（.xls）", SAVE_OLD_AS)),
    (0, b"\x09\x02\x06\x00", _workbook("Excel 3.0 工作表（.xls）", SAVE_OLD_AS)),
    (0, b"\x09\x04\x06\x00", _workbook("Excel 4.0 工作表（.xls）", SAVE_OLD_AS)),
    (0, b"\x09\x08", _workbook("Excel 5.0/95 工作簿（.xls）", SAVE_OLD_AS)),
    (0, b"{\\rtf", Format("RTF 文档（.rtf）")),
    (0, b"\x89PNG", PICTURE),
    (0, b"\xff\xd8\xff", PICTURE),
    (0, b"GIF8", PICTURE),
    (0, b"II*\x00", PICTURE),
    (0, b"MM\x00*", PICTURE),
    (8, b"WEBP", PICTURE),
    (4, b"ftyphei", PICTURE),
    (4, b"ftypmif", PICTURE),
    (4, b"ftypavif", PICTURE),
    (4, b"ftyp", VIDEO),
    (0, b"Rar!", Format(f"{ARCHIVE}（.rar）", UNPACK)),
    (0, b"7z\xbc\xaf\x27\x1c", Format(f"{ARCHIVE}（.7z）", UNPACK)),
    (0, b"\x1f\x8b", Format(f"{ARCHIVE}（.gz）", UNPACK)),
    (0, b"BZh", Format(f"{ARCHIVE}（.bz2）", UNPACK)),
    (0, b"\xfd7zXZ\x00", Format(f"{ARCHIVE}（.xz）", UNPACK)),
    (0, b"MSCF", Format(f"{ARCHIVE}（.cab）", UNPACK)),
    (257, b"ustar", Format(f"{ARCHIVE}（.tar）", UNPACK)),
    (0, b"PK\x07\x08", Format("分卷压缩包的一部分", "请把各卷放在一起解压，再把里面填好的 .xlsx 工作簿报送。")),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", SHORTCUT),
    (0, b"bplist00", SHORTCUT),  # what iCloud leaves for a file that is not here
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", Format("OneNote 笔记（.one）")),
    (0, b"MZ", Format("程序文件（.exe），可能不安全", "请不要打开它，先查毒；再在填报模板里填好，保存为 .xlsx 报送。")),
    (0, b"SQLite format 3", Format("数据库文件")),
)  # fmt: skip

# What is somewhere in the first bytes: a head that may be longer or shorter.
HEAD = 1024
HEADS: tuple[tuple[int, bytes, Format], ...] = (
    (HEAD, b"%PDF-", Format("PDF 文档（.pdf）")),
    (64, b"%TSD-Header", GUARDED),  # of programs that a unit's own computers undo unseen
    (64, b"E-SafeNet", GUARDED),
)

# The streams of an OLE compound file; the first that is there counts.
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS: tuple[tuple[str, Format], ...] = (
    ("EncryptedPackage", Format("", code=ENCRYPTED)),
    ("Workbook", _workbook("Excel 97-2003 工作簿（.xls）")),
    ("Book", _workbook("Excel 5.0/95 工作簿（.xls）", SAVE_OLD_AS)),
    ("WordDocument", Format(f"旧格式的{WORD}（.doc 或 .wps）")),
    ("PowerPoint Document", Format("旧格式的演示文稿（.ppt）")),
    ("VisioDocument", Format("Visio 绘图（.vsd）")),
    ("__properties_version1.0", Format("Outlook 邮件（.msg）", DETACH)),
)
OLE_ENTRY = 128  # bytes of an entry of the directory: the name, in UTF-16, and at 64 its length with the closing zero
OLD_SUFFIXES = {
    ".xls": _workbook("Excel 97-2003（.xls）"),
    ".xlt": _workbook("Excel 97-2003 模板（.xlt）"),
    ".et": _workbook("WPS 表格（.et）"),
    ".ett": _workbook("WPS 表格模板（.ett）"),
}

# A part of a zip package that only this kind has; the first that is there counts.
PARTS: tuple[tuple[str, Format], ...] = (
    ("xl/workbook.bin", _workbook("Excel 二进制工作簿（.xlsb）")),
    ("index/document.iwa", NUMBERS),
    ("index.zip", NUMBERS),
    ("ofd.xml", Format("OFD 版式文件（.ofd）")),
    ("uof.xml", _workbook("标文通文档（UOF）")),
    ("meta-inf/manifest.mf", Format("程序文件（.jar 或 .apk）")),
)
OPEN_DOCUMENTS: tuple[tuple[bytes, Format], ...] = (
    (b"opendocument.spreadsheet", _workbook("OpenDocument 表格（.ods）")),
    (b"opendocument.text", Format("OpenDocument 文字（.odt）")),
    (b"opendocument", Format("OpenDocument 文档")),
    (b"epub", Format("电子书（.epub）")),
)
OFFICE_FOLDERS = {
    "word/": Format(f"{WORD}（.docx）"),
    "ppt/": Format("演示文稿（.pptx）"),
    "visio/": Format("Visio 绘图（.vsdx）"),
}

# What a text begins with, in the first few thousand characters; the first that fits counts.
BEGINNING = 4096
TEXTS: tuple[tuple[re.Pattern[str], Format], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), known)
    for pattern, known in (
        (
            r"\s*<(?:\?xml|\w+:?workbook)[^\0]*?urn:schemas-microsoft-com:office:spreadsheet",
            _workbook("XML 电子表格 2003（.xml）"),
        ),
        (r"\s*<\?xml[^\0]*?opendocument:xmlns:office", _workbook("OpenDocument 单一文件（.fods）")),
        (r"\s*<\?xml[^\0]*?uof:", _workbook("标文通文档（UOF）")),
        (
            r"\s*<\?(?:xml|mso)[^\0]*?(?:Word\.Document|office/word|office:word|2006/xmlPackage)",
            Format(f"XML 格式的{WORD}"),
        ),
        (
            r"(?:<!--(?:(?!-->)[^\0])*+-->|<\?xml[^>]*+>|\s)*+"
            r"<(?:!doctype html|html|head|meta|body|table|div|style|script)\b",
            Format("网页（.html）", SAVE_AS),
        ),
        (r"MIME-Version:[^\0]*?multipart/related", Format("网页（.mht）", SAVE_AS)),
        (r"\[InternetShortcut\]|\[Desktop Entry\]|version https://git-lfs", SHORTCUT),
        (r"\s*<\?xml[^\0]*?<plist\b[^\0]*?<key>URL</key>", SHORTCUT),
        (r"\s*\{[^\0]*?\"(?:doc_id|url|resource_id)\"\s*:", SHORTCUT),  # what Google Drive leaves
        (
            r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:From|Received|Message-ID|Subject|Return-Path):",
            Format("电子邮件（.eml）", DETACH),
        ),
        (r"ID;P", _workbook("SYLK 表格（.slk）")),
        (r"\s*<\?xml|\s*<[\w:]+[\s>]", Format("XML 文件", SAVE_AS)),
    )
)  # fmt: skip
TABLE = Format("文字文件（.csv 或 .txt）", SAVE_AS)
PRINTABLE = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f\ufffd]+")


def format_of(content: bytes, name: str) -> Format | None:
    """What the bytes are; None for a zip package and for what is not known. `name` distinguishes .xls from .et, which
    are alike inside."""
    if content.startswith(OLE_START):
        return _old_office(content, name)
    for at, mark, known in MAGIC:
        if content.startswith(mark, at):
            return known
    return next((known for length, mark, known in HEADS if mark in content[:length]), None) or _picture_or_text(content)


def _old_office(content: bytes, name: str) -> Format:
    """A name that is in no proper directory counts too, but only where there is none that does: the directory may
    be damaged."""
    by_suffix = OLD_SUFFIXES.get(PurePath(name).suffix.lower(), OLD_EXCEL)
    present = [(stream, known) for stream, known in OLE_STREAMS if _utf_16(stream) in content]
    found = next(
        (known for stream, known in present if _has_stream(content, stream)), present[0][1] if present else by_suffix
    )
    return by_suffix if "97-2003" in found.name and by_suffix is not OLD_EXCEL else found


def _has_stream(content: bytes, name: str) -> bool:
    """Whether the directory of the compound file has a stream of that name."""
    entry = _utf_16(name) + b"\0\0"
    length = len(entry).to_bytes(2, "little")
    at = content.find(entry)
    while at >= 0:
        if at % OLE_ENTRY == 0 and content[at + 64 : at + 66] == length:
            return True
        at = content.find(entry, at + 2)
    return False


def _utf_16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _picture_or_text(content: bytes) -> Format | None:
    if content.startswith(b"BM") and int.from_bytes(content[2:6], "little") == len(content):
        return PICTURE
    text = _text(content[:BEGINNING])
    return next((known for pattern, known in TEXTS if pattern.match(text)), TABLE) if text else None


def _text(content: bytes) -> str:
    """The beginning as text in one of the usual encodings, '' where it is none; the last character may be cut."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        for end in range(len(content), max(len(content) - 4, 0), -1):
            try:
                text = content[:end].decode(encoding)
            except UnicodeDecodeError:
                continue
            return text if PRINTABLE.fullmatch(text) else ""
    return ""


def package_format(package: zipfile.ZipFile, names: Iterable[str]) -> Format | None:
    """What a zip package is that is no Office document of the present; None where it may be one. Raises what zipfile
    raises for a damaged one."""
    lower = {name.lower(): name for name in names}
    if "mimetype" in lower:
        with package.open(lower["mimetype"]) as stream:
            kind = stream.read(200)
        if known := next((known for mark, known in OPEN_DOCUMENTS if mark in kind), None):
            return known
    return next((known for part, known in PARTS if part in lower), None)


def zip_format(names: Iterable[str]) -> Format:
    """What a zip without the parts of an Office document is."""
    workbooks = sum(name.lower().endswith((".xlsx", ".xls", ".et")) for name in names)
    inside = f"，里面有 {workbooks} 个工作簿" if workbooks else ""
    return Format(f"{ARCHIVE}（.zip）{inside}", UNPACK)
