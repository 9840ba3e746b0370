"""Word and Excel open every document perfeval writes without a repair: the Open XML SDK's judgement, and own checks for
what it misses."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from places import ROOT
from planting import project_workbook, regulations
from validator import own_faults, validator_faults

from bench.inputs import Size, workbook
from perfeval.cli.commands import main
from perfeval.excel.zips import write_zip

TEMPLATES = ROOT / "input_templates"
PUBLISHED, COMPLETED = TEMPLATES / "示例_金口河发改_公开稿.xlsx", TEMPLATES / "示例_金口河发改_补齐稿.xlsx"
SUFFIXES = (".xlsx", ".docx")
PROJECTS = [
    {
        "项目名称": "校舍维修&<一期>〔2025〕",
        "项目类型": "常年",
        "年初预算数": "20",
        "调整后预算数": "20",
        "执行数": "18",
    }
]
PLANNED = {"适用对象": PROJECTS[0]["项目名称"], "一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "维修面积"}
INDICATORS = [{**PLANNED, "指标性质": "≥", "指标值": "10", "计量单位": "平方米", "权重": "90", "实际完成值": "10"}]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Everything the commands write, from filed workbooks of every kind: clean, faulty, small, large, 项目支出,
    unreadable."""
    inbox, out = tmp_path_factory.mktemp("填报"), tmp_path_factory.mktemp("结果")
    (inbox / "补齐稿.xlsx").write_bytes(COMPLETED.read_bytes())
    (inbox / "小.xlsx").write_bytes(workbook(regulations(), 1, Size(1, 5)))
    (inbox / "大.xlsx").write_bytes(workbook(regulations(), 2, Size(200, 400)))
    (inbox / "项目.xlsx").write_bytes(project_workbook(PROJECTS, INDICATORS))
    (inbox / "坏.xlsx").write_bytes(b"not a workbook")
    main(["report", str(inbox), "-o", str(out / "一"), "--annotated", "--quiet"])
    main(["report", str(PUBLISHED), "-o", str(out / "二"), "--quiet"])
    assert main(["template", "-o", str(out / "空白")]) == 0
    assert main(["template", "--report", "-o", str(out / "模板")]) == 0
    made = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.suffix in SUFFIXES
    }
    return made | {
        f"样例/{path.name}": path.read_bytes() for path in sorted(TEMPLATES.iterdir()) if path.suffix in SUFFIXES
    }


def test_every_kind_of_document_is_among_them(written: Mapping[str, bytes]) -> None:
    endings = (
        "评分表.xlsx",
        "自评报告.docx",
        "自评报告_注明来源.docx",
        "项目支出绩效自评表.docx",
        "退回修改.xlsx",
        "汇总表.xlsx",
        "填报模板.xlsx",
        "_模板.docx",
    )
    assert [ending for ending in endings if not any(name.endswith(ending) for name in written)] == []


@pytest.mark.validator
def test_the_open_xml_sdk_finds_no_fault(written: Mapping[str, bytes]) -> None:
    assert validator_faults(written) == []


def test_what_the_sdk_misses_is_not_there_either(written: Mapping[str, bytes]) -> None:
    assert own_faults(written) == []


# A judge that sees nothing proves nothing.


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document(body: str) -> bytes:
    """A .docx with this in its body."""
    buffer = io.BytesIO()
    Document().save(buffer)
    archive = zipfile.ZipFile(buffer)
    parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
    return write_zip(parts)


def table(*rows: str, columns: int = 1) -> str:
    grid = '<w:gridCol w:w="1000"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


CELL, GOES_ON = "<w:tc><w:p/></w:tc>", "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"


@pytest.mark.validator
def test_the_sdk_sees_a_planted_fault() -> None:
    assert validator_faults({"好.docx": document("<w:p/>")}) == []
    assert validator_faults({"坏.docx": document("<w:p><w:pPr><w:jc w:val='middle'/></w:pPr></w:p>")}) != []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (table("<w:tc/>"), "末尾没有段落"),
        (table("<w:tc><w:p/><w:tbl><w:tblGrid/></w:tbl></w:tc>"), "末尾没有段落"),
        (table(CELL, GOES_ON), "没有开头"),
        (table(CELL, columns=2), "有 1 列，表有 2 列"),
        ('<w:p><w:r><w:commentReference w:id="7"/></w:r></w:p>', "批注 0 条，引用 1 处"),
    ],
)
def test_own_checks_see_a_planted_fault_of_a_document(body: str, fault: str) -> None:
    assert own_faults({"好.docx": document(table(CELL))}) == []
    assert [fault in found for found in own_faults({"坏.docx": document(body)})] == [True]


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("=SUM(A1", "括号不成对"),
        ("=没有的表!A1", "没有工作表"),
        ("='甲 乙'!A1", "没有工作表"),
        ("=#REF!+1", "引用已失效"),
        ("=SUMM(A1)", "没有函数"),
        (f"=1{'+1' * 5000}", "公式太长"),
    ],
)
def test_own_checks_see_a_broken_formula(formula: str, fault: str) -> None:
    book = Workbook()
    book.active["B1"] = formula
    assert [fault in found for found in own_faults({"坏.xlsx": saved(book)})] == [True]


def test_own_checks_see_overlapping_merges_and_a_long_list() -> None:
    book = Workbook()
    sheet = book.active
    sheet.merge_cells("A1:B2")
    sheet.merge_cells("B2:C3")
    sheet.add_data_validation(DataValidation(type="list", formula1=f'"{"甲" * 256}"', sqref="E1"))
    sheet.add_data_validation(DataValidation(type="list", formula1=f'"{"甲" * 255}"', sqref="E2"))
    found = own_faults({"坏.xlsx": saved(book)})
    assert ["重叠" in found[0], "下拉列表超过" in found[1], len(found)] == [True, True, 2]
