"""The prefilled workbook is the blank template with values; filed, it reads like any other."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import places
import prefilled
import pytest
import validator
from lxml import etree
from openpyxl import load_workbook

from perfeval.blank.workbook import blank_template
from perfeval.filing.read_filing import read_filing
from perfeval.model.form import PREFILL_SHEET
from perfeval.prefill.gather import Gathered
from perfeval.prefill.workbook import NOTE, TINT, fill
from perfeval.rules.load import load_regulations

REGULATION = {"部门整体": "sichuan-dept-65-35", "项目支出": "cn-project-10-90"}
# What a spreadsheet program takes where an attribute is not there, and what says nothing.
DEFAULTS = {
    "showDropDown": "0", "baseColWidth": "8", "activeCell": "A1", "autoFilter": "1", "deleteColumns": "1",
    "deleteRows": "1", "formatCells": "1", "insertColumns": "1", "insertHyperlinks": "1", "insertRows": "1",
    "pivotTables": "1", "sort": "1", "selectLockedCells": "0", "selectUnlockedCells": "0",
}  # fmt: skip
SAYS_NOTHING = {"outlinePr", "oddHeader", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "selection"}
BY_NUMBER = {"style", "dxfId"}  # numbers of formats, which the library gives again
LEFT_ASIDE = {"sheetData", "legacyDrawing"}


@pytest.mark.parametrize("kind", REGULATION)
def test_all_but_the_values_is_the_blank_template(kind: str) -> None:
    regulations = load_regulations()
    blank = blank_template(kind, regulations, REGULATION[kind], 2025)
    content, filled = fill(Gathered(), kind, regulations, REGULATION[kind], 2025)
    assert filled == []
    before, after = sheets(blank), sheets(content)
    assert [*before, PREFILL_SHEET] == list(after)
    for name, sheet in before.items():
        assert parts(sheet) == parts(after[name]), name
        assert heights(sheet) == heights(after[name]), name
        assert cells(blank, name) == cells(content, name), name
    assert defined_names(blank) == {k: v for k, v in defined_names(content).items() if PREFILL_SHEET not in v}
    assert validator.own_faults({"填报.xlsx": content}) == []


# openpyxl writes the parts of a font in an order of its own, in every workbook; Excel and WPS read them in any
OF_OPENPYXL = re.compile(r"/x:fonts\[1\]/x:font\[\d+\] The element has unexpected child element")


@pytest.mark.validator
def test_it_is_a_valid_package(tmp_path: Path) -> None:
    opened = prefilled.read(tmp_path, prefilled.FORMS / "yunnan.xlsx", regulation="cn-project-10-90")
    faults = validator.validator_faults({"填报.xlsx": opened.outcome.path.read_bytes()})
    assert [fault for fault in faults if not OF_OPENPYXL.search(fault)] == []


def test_each_filled_cell_is_marked_and_listed(tmp_path: Path) -> None:
    opened = prefilled.read(tmp_path, prefilled.FORMS / "national-docx.docx", regulation="cn-project-10-90")
    notes = list(opened.book[PREFILL_SHEET].iter_rows(values_only=True))
    assert notes[0] == ("表", "单元格", "栏目", "读入的值", "原文", "来源文件", "来源位置", "说明")
    listed = [(sheet, cell) for sheet, cell, *_ in notes[1:] if cell]
    assert listed == [(one.sheet, one.address) for one in opened.outcome.filled]
    for sheet, address in listed:
        cell = opened.book[sheet][address]
        assert (cell.comment.text, cell.fill.fgColor.rgb) == (NOTE, TINT.fgColor.rgb)
    row = next(row for row in notes if row[:3] == ("项目", "G5", "执行数"))
    assert row[3:7] == ("76.35", "76.35", "national-docx.docx", "表 1 第 4 行第 5 格")


def test_what_looks_like_a_formula_or_a_number_stays_text(tmp_path: Path) -> None:
    opened = prefilled.read(tmp_path, prefilled.FORMS / "national-xls.xls", regulation="cn-project-10-90")
    target = opened.book["指标"]["F6"]
    assert (target.value, target.data_type) == ("=24人", "s")
    opened = prefilled.read(tmp_path, prefilled.FORMS / "payments-gbk.csv", regulation="cn-project-10-90")
    assert opened.book["项目"]["A5"].value == "519999250000000200011"


def test_filed_it_reads_like_any_other(tmp_path: Path) -> None:
    """Tint, notes and 读入说明 mean nothing to the reader, but it is remembered that they were there."""
    opened = prefilled.read(tmp_path, prefilled.FORMS / "yunnan.xlsx", regulation="cn-project-10-90")
    filed = read_filing(opened.outcome.path, "填报.xlsx", load_regulations())
    assert filed.submission is not None
    assert filed.submission.is_prefilled
    assert [indicator.weight.value for indicator in filed.submission.indicators] == [10, 10, 10, 10, 10, 30, 10]
    assert {finding.code for finding in filed.findings if finding.ref and finding.ref.sheet == PREFILL_SHEET} == set()
    assert "SHEET_004" not in {finding.code for finding in filed.findings}


def test_last_year_s_workbook_leaves_only_what_is_new(tmp_path: Path) -> None:
    last = places.ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
    before = read_filing(last, last.name).submission
    opened = prefilled.read(tmp_path, last, year=2026)
    now = read_filing(opened.outcome.path, "填报.xlsx").submission
    assert before is not None
    assert now is not None
    assert (now.basic.kind.value, now.basic.regulation.value) == (
        before.basic.kind.value,
        before.basic.regulation.value,
    )
    assert now.basic.department.value == before.basic.department.value
    assert (now.basic.year.value, now.basic.filing_date.value) == (2026, None)
    assert [f.content.value for f in now.functions] == [f.content.value for f in before.functions]
    assert now.cut.executed.previous.value == before.cut.executed.current.value
    assert now.cut.executed.current.value is None
    assert now.money.opening_carryover.initial.value == before.money.closing_carryover.final.value
    assert [d.max_points.value for d in now.duties] == [d.max_points.value for d in before.duties]
    standing = [(p.name.value, p.type.value) for p in before.projects if p.type.value == "常年"]
    assert [(p.name.value, p.type.value) for p in now.projects] == standing
    assert all(p.initial_budget.value is p.executed.value is None for p in now.projects)
    own = [i for i in before.indicators if i.subject.value == "部门整体"]
    assert [(i.name.value, i.target.raw, i.unit.value, i.weight.value) for i in now.indicators] == [
        (i.name.value, i.target.raw, i.unit.value, i.weight.value) for i in own
    ]
    assert all(i.actual.value is i.declared.value is None for i in now.indicators)
    assert all(opened.asks("上年建议", problem.suggestion.raw) for problem in before.problems)


def test_this_year_s_sources_come_before_last_year_s_workbook(tmp_path: Path) -> None:
    book = load_workbook(places.ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx")
    book["基本情况"]["B10"] = 2024
    book.save(last := tmp_path / "去年.xlsx")
    opened = prefilled.read(tmp_path, last, prefilled.FORMS / "final-accounts.xls")
    assert opened.one("基本情况", "评价年度", "填报内容") == 2025
    assert opened.one("基本情况", "部门名称", "填报内容") == "示例县文化和旅游局"
    assert opened.one("收支", "上年结转", "年初预算数") == 31
    assert opened.one("压减", "一般性支出执行数", "上年") is not None


def test_a_filing_workbook_of_another_year_than_the_last_is_not_taken(tmp_path: Path) -> None:
    same = places.ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
    opened = prefilled.read(tmp_path, same, prefilled.FORMS / "final-accounts.xls")
    assert opened.one("压减", "一般性支出执行数", "上年") is None
    assert opened.asks("是 2025 年度的填报表，不是上年（2024 年度）的")


# ---- packages as they are ----
def package(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def sheets(content: bytes) -> dict[str, Any]:
    """Each sheet's part by its name."""
    with package(content) as files:
        book = etree.fromstring(files.read("xl/workbook.xml"))
        relations = etree.fromstring(files.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): one.get("Target").removeprefix("/xl/") for one in relations}
        key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        return {
            s.get("name"): etree.fromstring(files.read(f"xl/{targets[s.get(key)]}")) for s in book.find("{*}sheets")
        }


def parts(sheet: Any) -> dict[str, list[object]]:
    """Protection, drop-downs, checks' colours, widths, panes, print set-up … all of a sheet but its cells."""
    found: dict[str, list[object]] = {}
    for part in sheet:
        name = etree.QName(part).localname
        if name not in LEFT_ASIDE:
            found.setdefault(name, []).append(described(part))
    return {name: sorted(values, key=repr) for name, values in found.items()}


def described(element: Any) -> object:
    attributes = {k: v for k, v in element.attrib.items() if DEFAULTS.get(k) != v and k not in BY_NUMBER}
    inside = [described(child) for child in element if etree.QName(child).localname not in SAYS_NOTHING]
    return (
        etree.QName(element).localname,
        sorted(attributes.items()),
        (element.text or "").strip(),
        sorted(inside, key=repr),
    )


def heights(sheet: Any) -> dict[str, tuple[str | None, str | None]]:
    return {row.get("r"): (row.get("ht"), row.get("customHeight")) for row in sheet.iter("{*}row") if row.get("ht")}


def cells(content: bytes, name: str) -> Mapping[str, object]:
    """What is in a sheet's cells and how they look."""
    page = load_workbook(io.BytesIO(content))[name]
    return {
        cell.coordinate: (cell.value, cell.number_format, cell.protection.locked, cell.fill.fgColor.rgb, cell.font.b)
        for row in page.iter_rows()
        for cell in row
    }


def defined_names(content: bytes) -> dict[str, str]:
    with package(content) as files:
        names = etree.fromstring(files.read("xl/workbook.xml")).find("{*}definedNames")
    return {f"{one.get('name')} {one.get('localSheetId')}": _areas(one.text) for one in names}


def _areas(text: str) -> str:
    return ",".join(sorted(text.replace("'", "").replace(" ", "").split(",")))


def test_the_summary_of_a_run_knows_it(tmp_path: Path) -> None:
    from perfeval import check

    opened = prefilled.read(tmp_path, prefilled.FORMS / "yunnan.xlsx", regulation="cn-project-10-90")
    (entry,) = check([opened.outcome.path], jobs=1).entries
    assert json.loads(json.dumps(entry.result))["prefilled"] is True
