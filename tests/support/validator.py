"""The Open XML SDK validator as an independent judge of every document, and own checks for what it lets pass. It knows
nothing of perfeval."""

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import FORMULAE
from openpyxl.worksheet.worksheet import Worksheet
from places import TESTS

PROGRAM = TESTS / "ooxml" / "node_modules" / "@xarsh" / "ooxml-validator" / "dist" / "src" / "cli.js"
SECONDS = 120
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONGEST_LIST, LONGEST_FORMULA, LONGEST_TEXT = 255, 8192, 32767  # what Excel opens without a repair
NEWER_FUNCTIONS = {
    "IFERROR",
    "SUMIFS",
    "COUNTIFS",
    "AVERAGEIFS",
    "AVERAGEIF",
}  # of Excel 2007, missing in openpyxl's list


def installed() -> bool:
    """Whether npm has put the validator into tests/ooxml."""
    return PROGRAM.is_file() and shutil.which("node") is not None


def validator_faults(files: Mapping[str, bytes]) -> list[str]:
    """Every fault the validator finds, as 文件：part, path, what. Names end in .docx or .xlsx."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as workers:
        paths = {name: Path(folder) / f"{number}{Path(name).suffix}" for number, name in enumerate(files)}
        for name, path in paths.items():
            path.write_bytes(files[name])
        return [fault for found in workers.map(_validate, paths, paths.values()) for fault in found]


def _validate(name: str, path: Path) -> list[str]:
    done = subprocess.run(["node", str(PROGRAM), str(path)], capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode in (0, 1), done.stderr.decode(errors="replace")
    judged = json.loads(done.stdout)
    assert judged["ok"] == (not judged["errors"])
    return [f"{name}：{e['path']} {e['xPath']} {e['description']}" for e in judged["errors"]]


def own_faults(files: Mapping[str, bytes]) -> list[str]:
    """What the validator misses and Word or Excel would repair, as 文件：place, what."""
    return [
        f"{name}：{fault}"
        for name, content in files.items()
        for fault in (_word if name.endswith(".docx") else _workbook)(content)
    ]


def _word(content: bytes) -> Iterator[str]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    if len(names) != len(set(names)):
        yield "两个部件同名"
    body = etree.fromstring(archive.read("word/document.xml"))
    for cell in body.iter(f"{W}tc"):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            yield f"单元格“{''.join(cell.itertext())[:20]}”末尾没有段落"
    for number, table in enumerate(body.iter(f"{W}tbl")):
        yield from _spans(number, table)
    comments = etree.fromstring(archive.read("word/comments.xml")) if "word/comments.xml" in names else ()
    written = [c.get(f"{W}id") for c in comments]
    used = [r.get(f"{W}id") for r in body.iter(f"{W}commentReference")]
    if written != used:
        yield f"批注 {len(written)} 条，引用 {len(used)} 处，不是一一对应"


def _spans(number: int, table: etree._Element) -> Iterator[str]:
    """Every row as wide as the grid; no cell goes on from above where nothing of its width is above."""
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    above: set[tuple[int, int]] = set()
    for row_number, row in enumerate(table.findall(f"{W}tr")):
        if "{%tr " in "".join(row.itertext()):  # of a template: the row vanishes
            continue
        start, merged = 0, set()
        for cell in row.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = int(span.get(f"{W}val")) if span is not None else 1
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None:
                merged.add((start, width))
                if merge.get(f"{W}val") != "restart" and (start, width) not in above:
                    yield f"表{number} 第{row_number}行的合并没有开头"
            start += width
        if start != columns:
            yield f"表{number} 第{row_number}行有 {start} 列，表有 {columns} 列"
        above = merged


def _workbook(content: bytes) -> Iterator[str]:
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        yield from _merges(sheet)
        yield from _lists(sheet)
        for place, formula in _formulas(sheet):
            yield from (f"{sheet.title}!{place} {fault}：{formula[:60]}" for fault in _formula_faults(formula, book))
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT:
                    yield f"{sheet.title}!{cell.coordinate} 文字超过 {LONGEST_TEXT} 字"
    for name, defined in book.defined_names.items():
        yield from (f"名称 {name} {fault}" for fault in _formula_faults(f"={defined.attr_text}", book))


def _merges(sheet: Worksheet) -> Iterator[str]:
    for one, other in combinations(sheet.merged_cells.ranges, 2):
        if not one.isdisjoint(other):
            yield f"{sheet.title} 合并区域 {one} 与 {other} 重叠"


def _lists(sheet: Worksheet) -> Iterator[str]:
    for rule in sheet.data_validations.dataValidation:
        text = rule.formula1 or ""
        if rule.type == "list" and text.startswith('"') and len(text.strip('"').replace('""', '"')) > LONGEST_LIST:
            yield f"{sheet.title}!{rule.sqref} 下拉列表超过 {LONGEST_LIST} 字"


def _formulas(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Cells', conditional formats' and drop-downs' formulas with an equals sign."""
    for row in sheet.iter_rows():
        yield from (
            (cell.coordinate, str(getattr(cell.value, "text", cell.value))) for cell in row if cell.data_type == "f"
        )
    for formats in sheet.conditional_formatting:
        yield from ((str(formats.sqref), f"={formula}") for rule in formats.rules for formula in rule.formula)
    for rule in sheet.data_validations.dataValidation:
        yield from ((str(rule.sqref), f"={text}") for text in (rule.formula1, rule.formula2) if text)


def _formula_faults(formula: str, book: Workbook) -> Iterator[str]:
    if len(formula) > LONGEST_FORMULA:
        yield "公式太长"
    try:
        tokens = Tokenizer(formula).items
    except Exception as broken:
        yield f"公式写法不对（{broken}）"
        return
    depth = [t.subtype for t in tokens if t.type in (Token.FUNC, Token.PAREN)]
    if depth.count(Token.OPEN) != depth.count(Token.CLOSE):
        yield "括号不成对"
    for token in tokens:
        if token.subtype == Token.ERROR:
            yield f"引用已失效 {token.value}"
        elif (
            token.type == Token.FUNC
            and token.subtype == Token.OPEN
            and token.value.rstrip("(") not in FORMULAE | NEWER_FUNCTIONS
        ):
            yield f"没有函数 {token.value}"
        elif token.subtype == Token.RANGE and "!" in token.value:
            sheet = token.value.rpartition("!")[0].strip("'").replace("''", "'")
            if sheet not in book.sheetnames:
                yield f"没有工作表 {sheet}"
        elif "{" in token.value and token.subtype != Token.TEXT:
            yield f"留有 {token.value}"
