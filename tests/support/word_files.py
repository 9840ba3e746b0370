"""Word files for the tests of the audit, written as text with marks: {+inserted+}, {-deleted-}, {=in a content
control=}, {#} an automatic number, {^} the header; lines with tabs are a table."""

import io
import re

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

MARKED = re.compile(r"(\{[+=\-].*?[+=\-]\})")
AROUND = {"+": "w:ins", "-": "w:del", "=": "w:sdt"}


def word_file(text: str) -> bytes:
    """The bytes of a .docx that says the text."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.split("\n"), None]:
        if line is not None and "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            table = document.add_table(len(rows), max(map(len, rows)))
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _say(table.cell(number, column).paragraphs[0], cell)
            rows = []
        if line is None:
            break
        if line.startswith("{^}"):
            _say(document.sections[0].header.paragraphs[0], line[3:])
        else:
            style = "List Number" if line.startswith("{#}") else None
            _say(document.add_paragraph(style=style), line.removeprefix("{#}"))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _say(paragraph, text: str) -> None:  # type: ignore[no-untyped-def]
    for part in filter(None, MARKED.split(text)):
        mark = part[1] if MARKED.fullmatch(part) else ""
        run, words = OxmlElement("w:r"), OxmlElement("w:delText" if mark == "-" else "w:t")
        words.text = part[2:-2] if mark else part
        run.append(words)
        if not mark:
            paragraph._p.append(run)
            continue
        around = OxmlElement(AROUND[mark])
        inner = around
        if mark == "=":
            inner = OxmlElement("w:sdtContent")
            around.append(inner)
        else:
            around.set(qn("w:id"), "1")
            around.set(qn("w:author"), "甲")
        inner.append(run)
        paragraph._p.append(around)
