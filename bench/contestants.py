"""The three that are measured, each turning one workbook into its documents: the program, a straightforward peer, the
physical limit.

The peer is what one would write at first: pandas reads with openpyxl, docxtpl renders, openpyxl fills a formatted
workbook cell by cell. It is given every computed value for nothing, and neither checks nor scores. The limit reads the
values and compresses the finished documents' own parts, no more.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree
from openpyxl.cell.cell import MergedCell
from python_calamine import CalamineWorkbook

from perfeval.documents.evaluation import Evaluation, Settings
from perfeval.documents.report.names import REPORT
from perfeval.documents.report.view import department_values
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.write import standard_templates
from perfeval.excel.guard import file_sha256
from perfeval.filing.identify import identify
from perfeval.output import publishing
from perfeval.output.record import Task
from perfeval.run.pipeline import evaluate, tools, write_documents
from perfeval.run.task import stage_one
from perfeval.word.lint import apply_merges

SETTINGS = Settings(today=date(2026, 1, 15))
Filled = dict[str, dict[tuple[int, int], Any]]  # sheet → (row, column) → value


@dataclass(frozen=True)
class Case:
    """A workbook, and what the peer and the limit are given for nothing."""

    path: Path
    evaluation: Evaluation
    report_values: dict[str, Any]
    score_template: bytes
    score_values: Filled
    parts: list[bytes]


def case_of(path: Path) -> Case:
    """Prepares a workbook; none of this is measured."""
    evaluation = evaluate(path, path.name, SETTINGS)
    documents = write_documents(evaluation, path.stem, SETTINGS).files
    scores = next(content for name, content in documents.items() if name.endswith("评分表.xlsx"))
    emptied, values = _emptied(scores)
    return Case(
        path,
        evaluation,
        dict(department_values(evaluation, Figures(False))),
        emptied,
        values,
        _parts(documents.values()),
    )


def _emptied(workbook: bytes) -> tuple[bytes, Filled]:
    """The formatted workbook without its values, and its values."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    values: Filled = {}
    for sheet in book.worksheets:
        filled = values[sheet.title] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and not isinstance(cell, MergedCell):
                    filled[cell.row, cell.column] = cell.value
                    cell.value = None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), values


def _parts(documents: Any) -> list[bytes]:
    parts = []
    for content in documents:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts += [package.read(name) for name in package.namelist()]
    return parts


def run_product(case: Case, output: Path) -> None:
    """Everything the program does for one workbook in one process: who filed it, reading, scoring, checking, documents,
    publishing."""
    identity = identify(case.path)
    if not identity.department:
        raise ValueError(f"{case.path} names no department")
    task = Task(
        case.path, case.path.name, file_sha256(case.path), f"2025/{identity.department}", f"{identity.department}_2025"
    )
    staged = stage_one(SETTINGS, output, task).staged
    if staged is None:
        raise ValueError(f"{case.path} was not reported")
    publishing.publish(output, staged)


def run_peer(case: Case, output: Path) -> None:
    """The same documents the straightforward way."""
    frames = pd.read_excel(case.path, sheet_name=None, header=None, engine="openpyxl")
    if not frames:
        raise ValueError(f"{case.path} holds no sheet")
    render_by_docxtpl(case, output)
    book = openpyxl.load_workbook(io.BytesIO(case.score_template))
    for name, values in case.score_values.items():
        sheet = book[name]
        for (row, column), value in values.items():
            sheet.cell(row, column, value)
    book.save(output / f"{case.path.stem}.xlsx")


def render_prepared(case: Case, output: Path) -> None:
    """The report alone, by the template that is prepared once per process."""
    (output / f"{case.path.stem}_自评报告.docx").write_bytes(tools(SETTINGS).templates.render(case.evaluation))


def render_by_docxtpl(case: Case, output: Path) -> None:
    """The report alone, through docxtpl from the start, its values given for nothing."""
    report = DocxTemplate(io.BytesIO(_peer_template()))
    report.render(case.report_values, Environment(autoescape=True))
    report.save(output / f"{case.path.stem}.docx")


_TEMPLATE: list[bytes] = []


def _peer_template() -> bytes:
    """The report's template with our own merge tag in docxtpl's terms; made once."""
    if not _TEMPLATE:
        source = next(content for name, content in standard_templates().items() if name.startswith(REPORT))
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, _merged(old.read(name)) if name == "word/document.xml" else old.read(name))
        _TEMPLATE.append(buffer.getvalue())
    return _TEMPLATE[0]


def _merged(document: bytes) -> bytes:
    root = parse_xml(document)
    apply_merges(root)
    content: bytes = etree.tostring(root)
    return content


def run_limit(case: Case, output: Path) -> None:
    """What no program can do without: reading every value, compressing what the documents are made of."""
    workbook = CalamineWorkbook.from_path(str(case.path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
    for number, part in enumerate(case.parts):
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        (output / f"{case.path.stem}.{number}").write_bytes(packer.compress(part) + packer.flush())
