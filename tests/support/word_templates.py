"""Small Word templates for tests, in the styles and on the page of the standard one."""

import io
import zipfile
from collections.abc import Sequence

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml.ns import qn
from lxml import etree

from perfeval.documents.report.names import REPORT
from perfeval.excel.zips import write_zip
from perfeval.word.template import shipped_source

DOCUMENT = "word/document.xml"
HERE = b"<w:p><w:r><w:t>HERE</w:t></w:r></w:p>"


def document(*texts: str, blocks: str = "", category: str = REPORT) -> bytes:
    """A template of those paragraphs, then `blocks`: XML as it is, since another writer's is to be tried too."""
    made = docx.Document(io.BytesIO(shipped_source(REPORT)))
    made.core_properties.category = category
    body = made.element.body
    section = next(body.iter(qn("w:sectPr")))
    body.clear()
    body.append(section)
    for text in (*texts, "HERE"):
        made.add_paragraph(text)
    buffer = io.BytesIO()
    made.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return write_zip(parts | {DOCUMENT: parts[DOCUMENT].replace(HERE, blocks.encode())})


def table(*rows: Sequence[str]) -> str:
    """A table as one of the `blocks`; a row of one text spans all columns."""
    columns = max(map(len, rows))
    made = docx.Document().add_table(0, columns)
    for texts in rows:
        row = made.add_row()
        if len(texts) == 1:
            row.cells[0].merge(row.cells[-1])
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text, cell.vertical_alignment = text, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return etree.tostring(made._tbl, encoding="unicode")
