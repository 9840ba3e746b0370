"""Two rounds for the tests of 整改对照表: a workbook, what came back, what was changed in it, and the table that comes of
both."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from perfeval.documents.evaluation import Settings
from perfeval.run.pipeline import evaluate, write_documents

SETTINGS = Settings(date(2026, 1, 20))


def corrected(returned: bytes, cells: Mapping[str, object]) -> bytes:
    """A workbook with some cells filled in again, saved by another program: {"项目!G4": 22}."""
    book = load_workbook(io.BytesIO(returned))
    for place, value in cells.items():
        sheet, address = place.split("!")
        book[sheet][address].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@dataclass(frozen=True)
class Round:
    """The documents of one version, by the ends of their names; the workbook they were made from."""

    path: Path
    files: Mapping[str, bytes]
    result: Mapping[str, object]

    def document(self, ending: str) -> bytes:
        """The document whose name ends so."""
        return next(content for name, content in self.files.items() if name.endswith(ending))


def filed(content: bytes, folder: Path, name: str, earlier: Path | None = None) -> Round:
    """What the program makes of a workbook, `earlier` being that of the version it corrects."""
    path = folder / f"{name}.xlsx"
    path.write_bytes(content)
    made = write_documents(evaluate(path, path.name, SETTINGS), "甲局_2025", SETTINGS, earlier)
    return Round(path, made.files, made.result)


def text_of(document: bytes) -> str:
    """Paragraphs and tables in their order, a table's row as one line; a cell merged over rows only where it begins."""
    opened = Document(io.BytesIO(document))
    lines = []
    for block in opened.iter_inner_content():
        if not hasattr(block, "rows"):
            lines.append(block.text)
            continue
        for row in block.rows:
            lines.append(" | ".join("".join(p.text for p in _paragraphs(cell)) for cell in row._tr.tc_lst))
    return "\n".join(lines) + "\n"


def _paragraphs(cell):
    from docx.text.paragraph import Paragraph

    return [Paragraph(p, None) for p in cell.p_lst]


def rows_of(document: bytes) -> list[list[str]]:
    """The rows of the table 逐条对照, without its head."""
    lines = text_of(document).partition("二、逐条对照\n")[2].partition("\n三、")[0].splitlines()
    return [line.split(" | ") for line in lines[1:]]


def others_of(document: bytes) -> list[list[str]]:
    """The rows of the table 其他改动, without its head and the numbers."""
    lines = text_of(document).partition("三、其他改动\n")[2].partition("\n四、")[0].splitlines()
    return [line.split(" | ")[1:] for line in lines[2:]]


def last_paragraph(document: bytes) -> str:
    """What was not answered."""
    return text_of(document).splitlines()[-1]
