"""Workbooks of many makers for the tests of 退回修改.xlsx, and ways to look into what came out."""

import io
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from places import ROOT

from perfeval.documents.returned.mark import mark_workbook
from perfeval.findings.finding import Finding, Severity
from perfeval.model.cells import CellRef

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHA = "ab" * 32
SAVED_BY_OTHERS = ("excel-mac-x14.xlsx", "excel-drawings.xlsx", "wps-many-sheets.xlsx", "wps-forms.xlsx")


def finding(
    place: str | None, severity: str = "error", code: str = "CELL_001", *, related: tuple[str, ...] = (), **more
) -> Finding:
    """`place` as “收支!C8”, None for the whole file."""
    words = {
        "label": "决算数",
        "found": "约20个",
        "expected": "一个数",
        "message": "现在是“约20个”，这里需要一个数。",
        "fix": "填 20。",
        **more,
    }
    return Finding(code, Severity(severity), ref(place) if place else None, related=tuple(map(ref, related)), **words)


def ref(place: str) -> CellRef:
    sheet, _, address = place.rpartition("!")
    row, column = openpyxl.utils.cell.coordinate_to_tuple(address)
    return CellRef(sheet, row, column)


def marked(original: bytes, *findings: Finding) -> bytes:
    return mark_workbook(original, findings, title="某局退回修改清单", source_file="2025/某局.xlsx", source_sha256=SHA)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def zipped(content: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def changed_part(content: bytes, part: str, old: str, new: str) -> bytes:
    """The package with a text replaced in one part; the text must be there."""
    found = parts(content)
    assert old.encode() in found[part], f"{old} is not in {part}"
    found[part] = found[part].replace(old.encode(), new.encode())
    return zipped(found)


def without_selection(sheet: bytes) -> bytes:
    return re.sub(rb'\s+tabSelected="\w+"', b"", sheet)


def sheet_parts(content: bytes) -> dict[str, str]:
    """Sheet name → part, in the order of the tabs."""
    found = parts(content)
    relations = {e.get("Id"): e.get("Target") for e in etree.fromstring(found["xl/_rels/workbook.xml.rels"])}
    sheets = etree.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet")
    targets = {
        s.get("name"): relations[s.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")]
        for s in sheets
    }
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in targets.items()}


def openpyxl_book(content: bytes, **options) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def made_by_xlsxwriter() -> bytes:
    """Formulas with cached values, drop-downs, merges, protection, a chart, a conditional format, sheet-bound names,
    the second sheet open."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    grey, row_look = (
        book.add_format({"bg_color": "#F2F2F2", "bold": True}),
        book.add_format({"italic": True, "num_format": "0.00"}),
    )
    money, notes, hidden = book.add_worksheet("收支"), book.add_worksheet("It's 指标"), book.add_worksheet("下拉选项")
    hidden.hide()
    hidden.write_column(0, 0, ["是", "否"])
    money.set_column(1, 1, 20, grey)
    money.set_row(9, 30, row_look)
    money.write_row(0, 0, ["项目", "年初预算数", "决算数"], grey)
    money.write_row(1, 0, ["收入合计", 100.5, "约20个"])
    money.write_formula("C3", "=B2*2", None, 201)
    money.data_validation("B2:B9", {"validate": "decimal", "criteria": ">=", "value": 0})
    money.data_validation("D2:D9", {"validate": "list", "source": "=下拉选项!$A$1:$A$2"})
    money.conditional_format("C2:C9", {"type": "blanks", "format": grey})
    money.merge_range("A5:C6", "合并", grey)
    money.protect("", {"objects": True})
    money.freeze_panes(1, 1)
    money.repeat_rows(0)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=收支!$B$2:$B$3"})
    money.insert_chart("F2", chart)
    notes.write_rich_string("A1", grey, "粗", "细")
    notes.write("A2", "原来的批注在这里")
    notes.write_comment("A2", "这是单位自己的批注")
    notes.print_area("A1:D9")
    notes.activate()
    book.close()
    return buffer.getvalue()


def made_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收支"
    sheet.append(["项目", "年初预算数", "决算数"])
    sheet.append(["收入合计", 100.5, "约20个"])
    sheet["C3"] = "=B2*2"
    sheet["B2"].fill = PatternFill("solid", fgColor="FFEEDD00")
    sheet["B2"].comment = Comment("这是单位自己的批注", "张三")
    sheet.merge_cells("A5:C6")
    drop_down = DataValidation("list", formula1='"是,否"')
    drop_down.add("D2:D9")
    sheet.add_data_validation(drop_down)
    sheet.protection.sheet = True
    book.create_sheet("It's 指标").append(["空"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def minimal(sheet: str, *, styles: str = "", prefix: str = "x:") -> bytes:
    """A package written by hand, as small as can be, its names with a prefix; `sheet` is what is in the
    worksheet."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    declared = f'xmlns{":" + prefix[:-1] if prefix else ""}="{MAIN[1:-1]}"'
    overrides = (
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/a.xml"'
        f' ContentType="{types}.worksheet+xml"/>'
    )
    links = f'<Relationship Id="R1" Type="{relations}/worksheet" Target="/xl/a.xml"/>'
    if styles:
        overrides += f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/>'
        links += f'<Relationship Id="R2" Type="{relations}/styles" Target="styles.xml"/>'
    content = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="rels"'
            f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{relations}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f"<{prefix}workbook {declared}><{prefix}sheets><{prefix}sheet name='收支' sheetId='7' r:id='R1'"
            f" xmlns:r='{relations}'/></{prefix}sheets></{prefix}workbook>"
        ),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        "xl/a.xml": f"<{prefix}worksheet {declared}>{sheet}</{prefix}worksheet>",
    }
    if styles:
        content["xl/styles.xml"] = f"<{prefix}styleSheet {declared}>{styles}</{prefix}styleSheet>"
    return zipped(content)


def saved_by_others(name: str) -> bytes:
    """A workbook really saved by Excel or WPS; not part of the project, so its tests are skipped where it is
    missing."""
    folders = [
        ROOT.parent / "shared" / "workbooks",
        *([Path(os.environ["PERFEVAL_WORKBOOKS"])] if "PERFEVAL_WORKBOOKS" in os.environ else []),
    ]
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        pytest.skip(
            f"没有 {name}（由 Excel 或 WPS 存出的工作簿，不随项目分发）：用环境变量 PERFEVAL_WORKBOOKS 指明所在文件夹"
        )
    return path.read_bytes()


MAKERS = {"xlsxwriter": made_by_xlsxwriter, "openpyxl": made_by_openpyxl} | {
    name: lambda name=name: saved_by_others(name) for name in SAVED_BY_OTHERS
}
