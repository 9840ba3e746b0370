"""The first sheet of a returned workbook, 问题清单: what to correct and where, with links; and the memory of the marks, in
hidden columns.

Each marked cell has a hidden cell here that names it and wears its earlier look. Whatever program saves the file
renumbers both alike, so a later round can give the look back.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from perfeval.excel.patch.cells import Change, Place, link_target, place_of
from perfeval.excel.patch.parts import Parts
from perfeval.excel.patch.splice import MAIN, Document, Element, escape
from perfeval.excel.patch.styles import Styles
from perfeval.excel.read import RawWorkbook
from perfeval.filing.sheets import PREDECESSOR_LABEL, PREDECESSOR_VERSION_LABEL
from perfeval.findings.catalogue import quote
from perfeval.findings.finding import SEVERITY_NAMES, Finding, Severity
from perfeval.findings.render import by_severity, count, remedy
from perfeval.model.cells import CellRef, column_letters
from perfeval.model.form import FINDINGS_SHEET
from perfeval.model.text import clean, version_name

SOURCE_NAME_LABEL = "原文件名"
OPINION_CODE = "REVIEW_011"  # what a review asks of a department
COLUMNS = (  # heading, width
    ("序号", 5), ("级别", 9), ("工作表", 11), ("单元格", 7.5), ("项目", 15), ("现在的内容", 17), ("应当是", 15), ("说明", 42), ("改法", 32),
    ("编号", 14),
)  # fmt: skip
HEADER_ROW = 5
FONT = "微软雅黑"
INK, LINK_INK, LINE, HEADER_FILL = "FF1F3864", "FF0563C1", "FFBFBFBF", "FFDCE6F1"
_WAS, _PLACE, _STOP = (len(COLUMNS) + step for step in (1, 2, 3))  # hidden columns
_LINE_POINTS, _TALLEST_ROW = 15.0, 400.0

INSTRUCTION = (
    "请按下面的清单修改：点“单元格”一列的蓝字可以直接跳到要改的位置，那里的批注也写明了原因和改法。请只改标了颜色的单元格，不要改动工作表和列的名称。"
    "改好后保存，把本文件放回 input 文件夹，再运行一次；本页和各处颜色、批注届时会自动更新，不用手工删除。"
)


@dataclass(frozen=True, slots=True)
class Memory:
    """A marked cell as the hidden columns keep it."""

    sheet: str
    change: Change


@dataclass(frozen=True, slots=True)
class Origin:
    """What the page says of itself."""

    title: str
    source_file: str
    source_sha256: str
    version: int = 1
    year: int | None = None


def write_list(
    findings: Iterable[Finding],
    origin: Origin,
    styles: Styles,
    linked: Set[str],
    threaded: Set[CellRef],
    memories: Sequence[Memory],
) -> bytes:
    """The sheet part. `linked` are the sheets that exist (others get no link), `threaded` the cells whose conversation
    was left alone."""
    page = _Page(styles)
    ordered = by_severity(findings)
    page.head(ordered, origin)
    for number, finding in enumerate(ordered, start=1):
        page.finding(HEADER_ROW + number, number, finding, linked, finding.ref in threaded)
    page.remember(memories)
    return page.render()


def printing(findings: int) -> dict[str, str]:
    """What the workbook says of printing a page with that many findings: the list alone, its header on every sheet of
    paper."""
    return {
        "Print_Area": f"$A$1:${column_letters(len(COLUMNS))}${HEADER_ROW + findings}",
        "Print_Titles": f"${HEADER_ROW}:${HEADER_ROW}",
    }


class _Page:
    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._rows: dict[int, dict[int, tuple[str, int]]] = {}
        self._heights: dict[int, float] = {}
        self._links: list[tuple[str, CellRef]] = []
        self._merges: list[str] = []
        plain, bold = styles.font(FONT, 10), styles.font(FONT, 10, bold=True)
        line = styles.thin_border(LINE)
        wrapped, centred = 'vertical="center" wrapText="1"', 'horizontal="center" vertical="center" wrapText="1"'
        self._title = styles.look(font=styles.font(FONT, 15, bold=True, rgb=INK), alignment='vertical="center"')
        self._words = styles.look(font=plain, alignment=wrapped)
        self._label = styles.look(font=bold, alignment='horizontal="right" vertical="center"')
        self._value = styles.look(font=plain, alignment='vertical="center"')
        self._header = styles.look(font=bold, fill=styles.fill(HEADER_FILL), border=line, alignment=centred)
        self._body = styles.look(font=plain, border=line, alignment=wrapped)
        self._centred = styles.look(font=plain, border=line, alignment=centred)
        self._link = styles.look(
            font=styles.font(FONT, 10, underline=True, rgb=LINK_INK), border=line, alignment=centred
        )
        self._severity = {
            s: styles.look(font=bold, fill=styles.mark_fill(s), border=line, alignment=centred) for s in Severity
        }

    def _put(self, row: int, column: int, text: str, look: int) -> None:
        self._rows.setdefault(row, {})[column] = (text, look)

    def _merge(self, row: int, first: int, last: int, text: str, look: int) -> None:
        for column in range(first, last + 1):
            self._put(row, column, text if column == first else "", look)
        self._merges.append(f"{column_letters(first)}{row}:{column_letters(last)}{row}")

    def head(self, findings: Sequence[Finding], origin: Origin) -> None:
        """Title, instruction, counts with the colours' meaning, the origin, the column headers."""
        last = len(COLUMNS)
        self._merge(1, 1, last, origin.title, self._title)
        self._merge(2, 1, last, INSTRUCTION, self._words)
        answered = sum(1 for f in findings if f.answered)
        errors, questions, notices = (count(findings, severity) for severity in Severity)
        self._merge(3, 1, 4, f"错误 {errors} 项：必须改正", self._severity[Severity.ERROR])
        self._merge(3, 5, 7, f"疑点 {questions} 项：请核对，属实的在同一行写明原因", self._severity[Severity.QUESTION])
        answers = f"，另有已说明的疑点 {answered} 项" if answered else ""
        self._merge(3, 8, last, f"提示 {notices} 项{answers}：请看一看，可以不改", self._severity[Severity.NOTICE])
        self._merge(4, 1, 3, SOURCE_NAME_LABEL, self._label)
        self._merge(4, 4, 6, origin.source_file, self._words)
        self._put(4, 7, PREDECESSOR_LABEL, self._label)
        self._put(4, 8, origin.source_sha256, self._value)
        self._put(4, 9, PREDECESSOR_VERSION_LABEL, self._label)
        self._put(4, 10, (f"{origin.year}年度" if origin.year else "") + version_name(origin.version), self._value)
        for column, (name, _) in enumerate(COLUMNS, start=1):
            self._put(HEADER_ROW, column, name, self._header)
        total = sum(width for _, width in COLUMNS)
        file_lines = _lines(origin.source_file, sum(width for _, width in COLUMNS[3:6]))
        self._heights |= {
            1: 30,
            2: 6 + _LINE_POINTS * _lines(INSTRUCTION, total),
            3: 22,
            4: 6 + _LINE_POINTS * file_lines,
            HEADER_ROW: 22,
        }

    def finding(self, row: int, number: int, finding: Finding, linked: Set[str], threaded: bool) -> None:
        """One line of the list."""
        ref = finding.ref
        left_alone = "（这个单元格里有多人讨论的批注，没有改动，意见只写在这里。）" if threaded else ""
        values = (
            str(number),
            SEVERITY_NAMES[finding.severity] + "\n（已说明）" * finding.answered,
            ref.sheet if ref else "整个文件",
            ref.address if ref else "",
            finding.label,
            quote(finding.found) or ("（空白）" if ref else ""),
            quote(finding.expected),
            finding.message + left_alone,
            remedy("", finding.answer) or finding.fix,
            finding.code,
        )
        shown = Severity.NOTICE if finding.answered else finding.severity
        looks = [self._centred, self._severity[shown], self._centred, self._centred, *[self._body] * 5, self._centred]
        if ref and ref.sheet in linked:
            looks[3] = self._link
            self._links.append((f"D{row}", ref))
        for column, (text, look) in enumerate(zip(map(clean, values), looks, strict=True), start=1):
            self._put(row, column, text, look)
        lines = max(_lines(text, width) for text, (_, width) in zip(values, COLUMNS, strict=True))
        self._heights[row] = min(_TALLEST_ROW, 6 + _LINE_POINTS * lines)

    def remember(self, memories: Sequence[Memory]) -> None:
        """The hidden columns: what was there, and the place wearing its earlier look; words on both sides keep it from
        spilling into view."""
        for row, memory in enumerate(memories, start=1):
            row_number, column = memory.change.place
            self._put(row, _PLACE, f"{memory.sheet}!{column_letters(column)}{row_number}", memory.change.look)
            for beside in (_WAS, _STOP):
                self._put(row, beside, memory.change.was, self._value)

    def render(self) -> bytes:
        rows = "".join(self._row(number) for number in sorted(self._rows))
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{w + 0.7}" customWidth="1"/>' for n, (_, w) in enumerate(COLUMNS, start=1)
        )
        hidden = f'<col min="{_WAS}" max="{_STOP}" width="9" hidden="1" customWidth="1"/>'
        merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in self._merges)
        links = "".join(
            f'<hyperlink ref="{at}" location="{escape(link_target(ref))}" display="{ref.address}"/>'
            for at, ref in self._links
        )
        below = HEADER_ROW + 1
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
            '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
            f'<pane ySplit="{HEADER_ROW}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>'
            f'<selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}{hidden}</cols><sheetData>{rows}</sheetData>'
            f'<mergeCells count="{len(self._merges)}">{merges}</mergeCells>'
            f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
            '<printOptions horizontalCentered="1"/>'
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
            "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
        ).encode()

    def _row(self, number: int) -> str:
        cells = "".join(_cell(number, column, *self._rows[number][column]) for column in sorted(self._rows[number]))
        height = f' ht="{self._heights[number]:g}" customHeight="1"' if number in self._heights else ""
        return f'<row r="{number}"{height}>{cells}</row>'


def _cell(row: int, column: int, text: str, look: int) -> str:
    address = f"{column_letters(column)}{row}"
    if not text:
        return f'<c r="{address}" s="{look}"/>'
    return f'<c r="{address}" s="{look}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; Chinese characters are two units wide."""
    usable = max(width - 2, 1)
    return sum(1 + int(sum(1.1 if ord(c) < 0x2E80 else 2.1 for c in line) // usable) for line in text.split("\n"))


def opinions_on(workbook: RawWorkbook) -> tuple[Finding, ...]:
    """The review's opinions that are on the page of a workbook that came back: each at the cell of the department's
    own score."""
    sheet = workbook.sheets.get(FINDINGS_SHEET)
    if sheet is None:
        return ()
    headings = [name for name, _ in COLUMNS]
    rows = range(1, sheet.height + 1)
    lines = [
        dict(zip(headings, (sheet.cell(row, c).text for c in range(1, len(headings) + 1)), strict=True)) for row in rows
    ]
    return tuple(_opinion(line) for line in lines if line["编号"] == OPINION_CODE)


def _opinion(line: Mapping[str, str]) -> Finding:
    at = place_of(line["单元格"])
    ref = CellRef(line["工作表"], *at) if at else None
    return Finding(
        OPINION_CODE,
        Severity.QUESTION,
        ref,
        line["项目"],
        line["现在的内容"],
        line["应当是"],
        line["说明"],
        line["改法"],
    )


def read_memories(parts: Parts, sheet_part: str, strings_part: str | None) -> "ListRead":
    """Our own page of an earlier round, whoever saved it since; `is_ours` False for somebody else's sheet of that
    name."""
    cells = Document(parts[sheet_part]).root.all("c")
    strings = (
        [s.whole_text() for s in Document(parts[strings_part]).root.children if s.name == "si"] if strings_part else []
    )
    texts = {place_of(c.attributes.get("r", "")): (_text(c, strings), int(c.attributes.get("s", "0"))) for c in cells}
    memories = {}
    for place, (text, look) in texts.items():
        sheet, found, address = text.rpartition("!")
        at = place_of(address)
        if place and found and at and place[1] == _PLACE:
            was, _ = texts.get((place[0], _WAS), ("", 0))
            memories[sheet, at] = Change(at, look, was)
    return ListRead(any(text == PREDECESSOR_LABEL for text, _ in texts.values()), memories)


@dataclass(frozen=True, slots=True)
class ListRead:
    """What an earlier page holds: whether it is ours, and the marked cells by sheet and place."""

    is_ours: bool
    memories: Mapping[tuple[str, Place], Change]


def _text(cell: Element, strings: Sequence[str]) -> str:
    value = cell.child("v")
    if cell.attributes.get("t") == "s" and value and value.text.isdigit() and int(value.text) < len(strings):
        return strings[int(value.text)]
    inline = cell.child("is")
    return (inline or value or cell).whole_text() if inline or value else ""
