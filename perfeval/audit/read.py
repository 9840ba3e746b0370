"""A finished report, .docx or .txt, as lines with their chapters and tables with their rows."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from perfeval.audit.word_view import Block, blocks
from perfeval.errors import UsageError
from perfeval.excel.formats import NO_WORKBOOK, OTHER_WORKBOOK
from perfeval.excel.guard import MIB, XML_SUFFIXES, Refused, open_archive, read_file
from perfeval.excel.read import read_workbook
from perfeval.output.files import temporary_folder
from perfeval.prose.text import Line, plain

MARKERS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    (3, re.compile(r"\d{1,2}(?:、|\.(?!\d))")),
    (4, re.compile(r"\(\d{1,2}\)")),
)
PAGE_NUMBER = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+|第\s*\d{1,4}\s*页(?:[，,/\s]*共\s*\d{1,4}\s*页)?")
COMMON = "，。、的年元分项目资金预算绩效單單位金額項計"
NAME = re.compile("[^，。；：]{4,45}(?:报告|自评表|评价表|情况表|一览表|年度[)])")
SENTENCE_END = "。；：！？"
LONGEST_TITLE = 20
LONGEST_PARAGRAPH = 3000
SUFFIXES = (".docx", ".txt", ".xlsx", ".doc", ".wps", ".pdf")
CONVERTED = (".doc", ".wps", ".pdf")
XML_BYTES = 32 * MIB  # a report of a hundred pages has two or three
CHARACTERS = 200_000  # the longest report has half of that
PIECES = 100_000  # paragraphs and cells, blank ones too
MOST_CELLS = 60
SECONDS = 60
SAVE_AS = "请用 Word 或 WPS 文字打开，另存为不加密的 .docx 后再检查。"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, its cells as printed. In a .txt the cells may be in shifted columns (`aligned` is false)."""

    table: int
    number: int
    cells: tuple[str, ...]
    aligned: bool
    place: str
    anchors: tuple[int, ...] = ()  # the number of each cell's first paragraph in a Word file


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read."""

    name: str
    lines: tuple[Line, ...]
    tables: tuple[tuple[TableRow, ...], ...]
    note: str = ""  # how it was read, where that was not the usual way
    anchors: Mapping[int, int] = field(default_factory=dict)  # line → its paragraph in a Word file


def read_report(path: Path) -> Report:
    """Reads a .docx, .txt or .xlsx, or what can be made one. Raises UsageError with a Chinese sentence for whatever
    cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"“{path.name}”不是 .docx、.txt 或 .xlsx 文件。", SAVE_AS)
    if not path.exists():
        raise UsageError(f"找不到文件“{path.name}”。", "请检查文件名和所在的文件夹。")
    if suffix in CONVERTED:
        return _converted(path)
    try:
        content = read_file(path)
        pieces = list(_within(_pieces(content, path), path))
    except Refused as refused:
        raise unreadable(path, refused) from refused
    report = _report(path.name, pieces)
    if not report.lines and not report.tables:
        raise UsageError(f"“{path.name}”里没有文字。", "若报告是扫描件，请先转成文字。")
    return report


def _pieces(content: bytes, path: Path) -> Iterator[Block]:
    suffix = path.suffix.lower()
    if suffix == ".docx":
        return _docx_pieces(content, path)
    return _xlsx_pieces(content, path) if suffix == ".xlsx" else _txt_pieces(_decoded(content, path))


def _xlsx_pieces(content: bytes, path: Path) -> Iterator[Block]:
    """A filled 自评表: each sheet is a table; a row with one filled cell is a line."""
    for number, sheet in enumerate(read_workbook(content, path.name).sheets.values(), 1):
        for row in range(1, min(sheet.height, PIECES) + 1):
            cells = tuple(sheet.text(row, column) for column in range(1, min(sheet.width, MOST_CELLS) + 1))
            filled = [c for c in cells if c.strip()]
            place = f"“{sheet.name}”第 {row} 行"
            if len(filled) == 1:
                yield Block(place, filled[0])
            elif filled:
                yield Block(place, cells=cells, table=number)


def _converted(path: Path) -> Report:
    """A .doc, .wps or .pdf by the program for it, where that is installed; the answer says so."""
    is_pdf = path.suffix.lower() == ".pdf"
    program = shutil.which("pdftotext") if is_pdf else shutil.which("soffice") or shutil.which("libreoffice")
    name = "pdftotext" if is_pdf else "LibreOffice"
    if program is None:
        raise UsageError(f"“{path.name}”不是 .docx、.txt 或 .xlsx 文件。", SAVE_AS)
    with temporary_folder() as folder:
        made = folder / f"{path.stem}{'.txt' if is_pdf else '.docx'}"
        source = str(path.resolve())
        command = (
            ["-layout", source, str(made)]
            if is_pdf
            else ["--headless", "--convert-to", "docx", "--outdir", str(folder), source]
        )
        try:
            subprocess.run([program, *command], check=True, capture_output=True, timeout=SECONDS)
            report = read_report(made)
        except (OSError, subprocess.SubprocessError, UsageError) as error:
            raise UsageError(f"“{path.name}”用 {name} 转换后仍读不出文字。", SAVE_AS) from error
    return replace(report, name=path.name, note=f"“{path.name}”是用 {name} 转换后读取的。")


REASONS = {
    "FILE_004": "文件设置了打开密码",
    "FILE_006": "文件含有宏",
    "FILE_007": "文件还在写入",
    "FILE_008": "文件太大",
    "FILE_009": "文件解压后太大",
    "FILE_012": "它不是普通文件",
    "FILE_018": "读取时程序被系统中止，文件可能已损坏或异常庞大",
    "FILE_019": "检查它花的时间太长，已停止",
    "FILE_020": "没有读取权限或系统无法打开",
    "FILE_021": "文件是空的",
}


def unreadable(path: Path, refused: Refused) -> UsageError:
    """The guard's refusal in the words that fit a report."""
    finding = refused.finding
    is_foreign = finding.code in (NO_WORKBOOK, OTHER_WORKBOOK)
    reason = (
        f"它是{finding.found}，不是 Word 文档"
        if is_foreign
        else REASONS.get(finding.code, "文件损坏，或者不是 Word 文档")
    )
    return UsageError(f"“{path.name}”无法读取：{reason}。", SAVE_AS)


def _too_long(path: Path) -> UsageError:
    return UsageError(
        f"“{path.name}”太长了，一份自评报告不会超过 {CHARACTERS // 10_000} 万字。",
        "请只保留报告本身，删去夹带的内容后再检查。",
    )


def _within(pieces: Iterable[Block], path: Path) -> Iterator[Block]:
    """The pieces, as long as they make a report. Raises UsageError."""
    count = characters = 0
    for piece in pieces:
        count += 1 + len(piece.cells)
        characters += len(piece.text) + sum(map(len, piece.cells))
        if count > PIECES or characters > CHARACTERS:
            raise _too_long(path)
        yield piece


def _docx_pieces(content: bytes, path: Path) -> Iterator[Block]:
    """Nothing outside the file is ever fetched: pictures, linked objects and a template that lies elsewhere are not
    followed, so these are allowed."""
    parts = open_archive(content, path.name).parts
    if "word/document.xml" not in parts:
        raise UsageError(f"“{path.name}”不是 Word 文档。", SAVE_AS)
    if sum(len(data) for name, data in parts.items() if name.lower().endswith(XML_SUFFIXES)) > XML_BYTES:
        raise _too_long(path)
    try:
        yield from blocks(parts)
    except (etree.XMLSyntaxError, ValueError, RecursionError) as error:
        raise UsageError(f"“{path.name}”损坏，或者不是通常的 Word 格式。", SAVE_AS) from error


def _decoded(content: bytes, path: Path) -> str:
    """UTF-8 or UTF-16 by their marks; else GB18030 or Big5, whichever gives the commoner words."""
    marked = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(content[:2])
    encodings = (marked,) if marked else ("utf-8-sig", *_wide(content), "gb18030", "big5")
    read = []
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding not in ("gb18030", "big5"):
            return text
        read.append(text)
    if read:
        return max(read, key=lambda text: sum(text.count(c) for c in COMMON))
    raise UsageError(
        f"“{path.name}”不是文字文件，或者文字编码无法识别。", "请用记事本打开，另存为 UTF-8 编码后再检查。"
    )


def _wide(content: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark: every second byte of a digit or a line's end is 0."""
    head = content[:4096]
    if len(head) < 4 or head.count(0) * 100 < len(head):
        return ()
    return ("utf-16-le",) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be",)


def _txt_pieces(content: str) -> Iterator[Block]:
    """Rows are lines with tabs; wrapped lines are joined where the one before has no end and the next no number of its
    own."""
    waiting: list[str] = []
    place, table, in_table = "", 0, False
    lines = content.splitlines()
    for number, text in enumerate(lines, 1):
        if not text.strip() or PAGE_NUMBER.fullmatch(text.strip()) or _is_bare_page_number(lines, number - 1):
            continue
        row = "\t" in text.strip("\n") and len([c for c in text.split("\t") if c.strip()]) > 1
        if waiting and (
            row or _level(plain(text)) or waiting[-1].rstrip()[-1] in SENTENCE_END or _is_title(waiting[-1])
        ):
            yield Block(place, text="".join(waiting))
            waiting = []
        if row:
            table += 0 if in_table else 1
            yield Block(f"第 {number} 行", cells=tuple(c.strip() for c in text.split("\t")), table=table)
        else:
            place = place if waiting else f"第 {number} 行"
            waiting.append(text)
        in_table = row
    if waiting:
        yield Block(place, text="".join(waiting))


def _is_bare_page_number(lines: list[str], at: int) -> bool:
    """A line of one number between two pieces of a sentence; “300” with its unit in the next line is a figure."""
    if not re.fullmatch(r"\s*\d{1,3}\s*", lines[at]):
        return False
    before = next((x.rstrip() for x in reversed(lines[max(0, at - 3) : at]) if x.strip()), "")
    after = next((x.strip() for x in lines[at + 1 : at + 4] if x.strip()), "")
    if not before or not after or before[-1] in SENTENCE_END or "\t" in before + after:
        return False
    return before[-1].isdigit() or not re.match("[万亿千元%个人名家户次项座]", after)


def _is_title(text: str) -> bool:
    """A numbered heading, which ends without a stop; a numbered sentence that merely wraps is longer. Or the name of
    the report or of a table."""
    bare = plain(text)
    return (_level(bare) > 0 and len(bare) <= LONGEST_TITLE) or NAME.fullmatch(bare) is not None


def _level(text: str) -> int:
    return next((level for level, pattern in MARKERS if pattern.match(text)), 0)


def _report(name: str, pieces: list[Block]) -> Report:
    lines: list[Line] = []
    tables: dict[int, list[TableRow]] = {}
    headings: dict[int, str] = {}
    anchors: dict[int, int] = {}
    for piece in pieces:
        if piece.cells:
            rows = tables.setdefault(piece.table, [])
            rows.append(
                TableRow(
                    piece.table,
                    len(rows) + 1,
                    piece.cells,
                    not name.lower().endswith(".txt"),
                    piece.place,
                    piece.anchors,
                )
            )
            continue
        for position, part in enumerate(_parts(piece.text)):
            text = plain(part)
            level = (_level(text) or piece.heading) if position == 0 else 0
            if level:
                headings = {above: title for above, title in headings.items() if above < level} | {level: _title(text)}
            chapter = tuple(title for above, title in headings.items() if above < (level or 9))
            anchors[len(lines) + 1] = piece.anchor
            lines.append(Line(len(lines) + 1, part, piece.place, level, chapter))
    return Report(name, tuple(lines), tuple(tuple(rows) for rows in tables.values()), anchors=anchors)


def _parts(text: str) -> Iterator[str]:
    """A paragraph, cut at a sentence's end where it is longer than any that was written as one: a text without
    breaks."""
    while len(text) > LONGEST_PARAGRAPH:
        end = text.rfind("。", 0, LONGEST_PARAGRAPH) + 1 or LONGEST_PARAGRAPH
        yield text[:end]
        text = text[end:]
    yield text


def _title(text: str) -> str:
    marker = next((m.end() for _, pattern in MARKERS if (m := pattern.match(text))), 0)
    head = re.split(r"[。(；，：]", text[marker:])[0]
    return text[:marker] + (head if len(head) <= LONGEST_TITLE else head[:LONGEST_TITLE] + "…")
