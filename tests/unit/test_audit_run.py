"""`perfeval audit` on files and folders: the answers, the exit codes, what is written, and Word files as they read with
every change accepted."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from validator import own_faults, validator_faults
from word_files import word_file

from perfeval.audit.audit import audit, examine
from perfeval.audit.findings import as_json
from perfeval.audit.read import read_report
from perfeval.audit.run import LIMITS
from perfeval.cli.commands import main
from perfeval.excel.guard import MIB
from perfeval.run.workers import CRASHED, Crew

FAULTY = "到位资金380.00万元，其中省级资金250.00万元、县级资金140.00万元。"
CLEAN = "到位资金380.00万元，其中省级资金250.00万元、县级资金130.00万元。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A faulty Word file in a folder below, a clean text, an empty one."""
    place = tmp_path / "报告"
    (place / "乡镇").mkdir(parents=True)
    (place / "乡镇" / "甲.docx").write_bytes(word_file(FAULTY))
    (place / "乙.txt").write_text(CLEAN, encoding="utf-8")
    (place / "空.txt").write_text("\n", encoding="utf-8")
    return place


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict]]:  # type: ignore[type-arg]
    code = main(["audit", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_json_is_one_array_in_the_order_of_the_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, reports = said(capsys, folder)
    assert code == 1
    assert [r["file"] for r in reports] == ["乙.txt", "乡镇/甲.docx", "空.txt"]
    assert [set(r) for r in reports] == [{"file", "findings", "coverage"}] * 2 + [
        {"file", "findings", "coverage", "error"}
    ]
    assert reports[1]["findings"] == [
        {
            "level": "矛盾",
            "a": {"text": "到位资金380.00万元", "place": "第 1 段"},
            "b": {"text": "其中省级资金250.00万元；县级资金140.00万元", "place": "第 1 段"},
            "right": "390.00万元",
            "kind": "合计",
        }
    ]
    assert reports[1]["coverage"] == {"quantities": 3, "relations": 1}
    assert reports[2]["coverage"] == {"quantities": 0, "relations": 0}
    assert "没有文字" in reports[2]["error"]


@pytest.mark.parametrize(
    ("text", "code"),
    [(CLEAN, 0), (FAULTY, 1), ("", 2), ("本单位工作正常，共有3个科室。", 4)],
    ids=["clean", "faulty", "empty", "no relation"],
)
def test_exit_codes(text: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(text, encoding="utf-8")
    assert main(["audit", str(path)]) == code
    assert (tmp_path / "报告.txt").read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_without_reports_has_its_own_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path)]) == 2
    assert "里没有可以核算的报告" in capsys.readouterr().err


def test_the_copy_differs_in_comments_only(folder: Path, tmp_path: Path) -> None:
    assert main(["audit", str(folder), "-o", str(tmp_path / "out")]) == 1
    with (
        zipfile.ZipFile(folder / "乡镇" / "甲.docx") as before,
        zipfile.ZipFile(tmp_path / "out" / "乡镇" / "甲_核算批注.docx") as after,
    ):
        parts = {name: after.read(name) for name in after.namelist()}
        changed = {name for name in before.namelist() if before.read(name) != parts[name]}
        document = before.read("word/document.xml")
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert set(parts) - set(before.namelist()) == {"word/comments.xml"}
    marks = (
        b'<w:commentRangeStart w:id="0"/>',
        b'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    )
    assert parts["word/document.xml"].replace(marks[0], b"").replace(marks[1], b"") == document
    assert "250.00 + 140.00 = 390.00万元" in parts["word/comments.xml"].decode()


@pytest.mark.validator
def test_the_open_xml_sdk_finds_no_fault_in_what_is_written(folder: Path, tmp_path: Path) -> None:
    (folder / "乙.txt").write_text(FAULTY, encoding="utf-8")
    assert main(["audit", str(folder), "-o", str(tmp_path / "out")]) == 1
    names = ("乡镇/甲_核算批注.docx", "核算汇总.xlsx")
    files = {name: (tmp_path / "out" / name).read_bytes() for name in names}
    assert validator_faults(files) == []
    assert own_faults(files) == []


def test_an_accepted_finding_stays_quiet(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["audit", str(folder), "-o", str(out)]) == 1
    book = openpyxl.load_workbook(out / "核算汇总.xlsx")
    sheet = book["问题"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    assert sheet.cell(4, columns["应为"]).value == "390.00万元"
    sheet.cell(4, columns["认可理由"]).value = "县级多到位10万元，已说明"
    book.save(out / "核算汇总.xlsx")
    capsys.readouterr()
    code, reports = said(capsys, folder, "-o", out)
    assert code == 2  # the empty file is all that is left to say
    assert [len(r["findings"]) for r in reports] == [0, 0, 0]
    kept = openpyxl.load_workbook(out / "核算汇总.xlsx")["问题"]
    assert kept.cell(4, columns["认可理由"]).value == "县级多到位10万元，已说明"
    assert [row[0].value for row in openpyxl.load_workbook(out / "核算汇总.xlsx")["报告"].iter_rows(min_row=4)] == [
        "乙.txt",
        "乡镇/甲.docx",
        "空.txt",
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("项目资金{-500-}{+480+}万元，支出456万元，执行率95%。", 0),
        ("项目资金{-480-}{+500+}万元，支出456万元，执行率95%。", 1),
        ("到位资金{=380.00=}万元，其中省级资金250.00万元、县级资金130.00万元。", 0),
        ("{^}白榆县林业站2023年度绩效自评报告\n白榆县林业站2024年度绩效自评报告\n本报告评价年度为2024年。", 1),
        ("{#}决策（满分50分，得分48分）\n{#}产出（满分50分，得分45分）\n综合得分95分。", 1),
        ("{#}决策（满分50分，得分48分）\n{#}产出（满分50分，得分45分）\n综合得分93分。", 0),
        ("自评内容\t到位资金380.00万元，其中省级资金250.00万元、县级资金140.00万元。", 1),
    ],
    ids=["inserted and deleted", "the other way", "control", "header", "numbers", "numbers agree", "cell"],
)
def test_a_word_file_is_read_as_accepted(text: str, wrong: int, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(word_file(text))
    assert len(audit(path)) == wrong


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(word_file("{#}决策\n{#}产出"))
    assert [line.text for line in read_report(path).lines] == ["1.决策", "2.产出"]


def test_a_filled_form_is_read_as_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", 80, 75, 60, 10, "90%", 8],
    ):
        book.active.append(row)
    book.save(tmp_path / "自评表.xlsx")
    found = examine(tmp_path / "自评表.xlsx")
    assert [f["a"]["text"] for finding in found.findings for f in as_json(finding)] == ["90%"]  # type: ignore[index]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16"])
def test_texts_of_other_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes("全年資金合計521.00萬元。項目目標完成。".encode(encoding))
    assert read_report(path).lines[0].text == "全年資金合計521.00萬元。項目目標完成。"


@pytest.mark.parametrize(
    "text",
    [
        "1,2 " * 40_000,
        "其中支出3万元。" * 12_000,
        "(" * 150_000,
        "“甲”" * 50_000,
        "比上年增加3万元，增长5%，" * 3_000,
        "（7分，得分7分）" * 3_000,
        ("支出100万元，其中：" + "项目支出3.1万元，其中" * 40 + "。") * 190,
        "；1万元" * 49_000,
        "百分之" * 66_000,
    ],
    ids=["numbers", "sentences", "brackets", "quotes", "changes", "scores", "parts of parts", "segments", "shares"],
)
def test_hostile_texts_end(text: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(text, encoding="utf-8")
    assert main(["audit", str(path)]) in (0, 1, 2, 4)


def test_a_report_has_ten_seconds_and_500_megabytes() -> None:
    assert (LIMITS.processor_seconds, LIMITS.bytes_per_worker) == (10, 500 * MIB)
    with Crew(1, limits=LIMITS) as run:
        assert [done.code for done in run(bytearray, [100 * MIB, 600 * MIB])] == ["", CRASHED]
