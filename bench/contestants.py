"""The four that are measured, each turning one workbook into its documents: the program, an informed peer, a
straightforward peer, the floor.

The informed peer is what somebody writes who knows the libraries: pandas reads with calamine, docxtpl renders the
report, xlsxwriter's public API writes the score workbook cell by cell with the same formats, widths, print set-up and
charts; an official's own workbook is marked with openpyxl. The straightforward peer is what one would write at first:
pandas reads with openpyxl, openpyxl fills a formatted workbook. Both are given every computed value and every finding
for nothing, and neither checks, scores nor publishes. The floor reads the values and compresses the finished documents'
own parts at our own level, into as many files as the program writes.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
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
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook

from bench.peer_workbook import Plan, plan_of, write_plan
from perfeval.documents.evaluation import Evaluation, Settings
from perfeval.documents.report.names import REPORT
from perfeval.documents.report.view import department_values
from perfeval.documents.report.view_figures import Figures
from perfeval.documents.report.write import standard_templates
from perfeval.excel.guard import file_sha256
from perfeval.excel.zips import LEVEL
from perfeval.filing.identify import identify
from perfeval.output import publishing
from perfeval.output.record import Task
from perfeval.output.state import RESULT_FILE
from perfeval.run.pipeline import evaluate, write_documents
from perfeval.run.task import stage_one
from perfeval.word.lint import apply_merges

SETTINGS = Settings(today=date(2026, 1, 15))
MARK = PatternFill("solid", fgColor="FFC7CE")
Filled = dict[str, dict[tuple[int, int], Any]]  # sheet → (row, column) → value


@dataclass(frozen=True)
class Case:
    """A workbook, and what the peers and the floor are given for nothing: `marks` are the findings' sentences by sheet
    and cell, empty where the workbook is reported; `report_values` is empty where it is returned."""

    path: Path
    report: bytes
    report_values: Mapping[str, Any]
    scores: Plan
    emptied: bytes
    values: Filled
    marks: Mapping[str, Mapping[str, str]]
    result: Any
    documents: tuple[tuple[bytes, ...], ...]  # the parts of each document


def case_of(path: Path) -> Case:
    """Prepares a workbook; none of this is measured."""
    evaluation = evaluate(path, path.name, SETTINGS)
    written = write_documents(evaluation, path.stem, SETTINGS)
    documents = written.files
    scores = next(content for name, content in documents.items() if name.endswith("评分表.xlsx"))
    is_reported = any(name.endswith("自评报告.docx") for name in documents)
    emptied, values = _emptied(scores)
    return Case(
        path,
        _peer_template(),
        dict(department_values(evaluation, Figures(False))) if is_reported else {},
        plan_of(scores),
        emptied,
        values,
        {} if is_reported else _marks(evaluation),
        written.result,
        tuple(map(_parts, documents.values())),
    )


def _marks(evaluation: Evaluation) -> dict[str, dict[str, str]]:
    marks: dict[str, dict[str, str]] = {}
    for finding in evaluation.findings:
        for ref in (finding.ref, *finding.related):
            if ref is not None:
                marks.setdefault(ref.sheet, {})[ref.address] = finding.message
    return marks


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


def _parts(document: bytes) -> tuple[bytes, ...]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return tuple(package.read(name) for name in package.namelist())


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
        raise ValueError(f"{case.path} was neither reported nor returned")
    publishing.publish(output, staged)


def run_informed(case: Case, output: Path) -> None:
    """The same documents by the libraries' public ways, the fast one of each."""
    if not pd.read_excel(case.path, sheet_name=None, header=None, engine="calamine"):
        raise ValueError(f"{case.path} holds no sheet")
    (output / f"{case.path.stem}_评分表.xlsx").write_bytes(write_plan(case.scores))
    _finish_as_peer(case, output)


def run_plain(case: Case, output: Path) -> None:
    """The same documents the straightforward way."""
    if not pd.read_excel(case.path, sheet_name=None, header=None, engine="openpyxl"):
        raise ValueError(f"{case.path} holds no sheet")
    book = openpyxl.load_workbook(io.BytesIO(case.emptied))
    for name, values in case.values.items():
        sheet = book[name]
        for (row, column), value in values.items():
            sheet.cell(row, column, value)
    book.save(output / f"{case.path.stem}_评分表.xlsx")
    _finish_as_peer(case, output)


def _finish_as_peer(case: Case, output: Path) -> None:
    """The report or the marked workbook, and 结果.json: both peers do these alike, for there is one library for each."""
    if case.report_values:
        render_by_docxtpl(case, output)
    if case.marks:
        _mark_by_openpyxl(case, output)
    (output / RESULT_FILE).write_text(json.dumps(case.result, ensure_ascii=False, indent=1), encoding="utf-8")


def _mark_by_openpyxl(case: Case, output: Path) -> None:
    """The official's own workbook with a colour and a comment at each finding's cell. (It may lose what openpyxl does
    not know; the program's own way loses nothing.)"""
    book = openpyxl.load_workbook(case.path)
    for name, marks in case.marks.items():
        for address, sentence in marks.items():
            cell = book[name][address]
            cell.fill, cell.comment = MARK, Comment(sentence, "perfeval")
    book.save(output / f"{case.path.stem}_退回修改.xlsx")


def render_by_docxtpl(case: Case, output: Path) -> None:
    """The report alone, through docxtpl, which starts from the template's file each time."""
    report = DocxTemplate(io.BytesIO(case.report))
    report.render(dict(case.report_values), Environment(autoescape=True))
    report.save(output / f"{case.path.stem}_自评报告.docx")


def _peer_template() -> bytes:
    """The report's template with our own merge tag in docxtpl's terms."""
    source = next(content for name, content in standard_templates().items() if name.startswith(REPORT))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _merged(old.read(name)) if name == "word/document.xml" else old.read(name))
    return buffer.getvalue()


def _merged(document: bytes) -> bytes:
    root = parse_xml(document)
    apply_merges(root)
    content: bytes = etree.tostring(root)
    return content


def run_floor(case: Case, output: Path) -> None:
    """What no program can do without: reading every value, compressing what the documents are made of."""
    workbook = CalamineWorkbook.from_path(str(case.path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
    for number, parts in enumerate(case.documents):
        with (output / f"{case.path.stem}.{number}").open("wb") as document:
            for part in parts:
                packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
                document.write(packer.compress(part) + packer.flush())
    (output / RESULT_FILE).write_bytes(b"{}")
