"""Reading a finished report: wrapped lines, odd spaces, brackets of both widths, shifted rows; and files that cannot be
read."""

import io
import zipfile
from contextlib import nullcontext
from pathlib import Path

import docx
import pytest
from audit_reports import SEED, ours, written

from perfeval.audit.audit import audit
from perfeval.audit.check import read_passages
from perfeval.audit.grid import header_of
from perfeval.audit.read import Report, TableRow, read_report
from perfeval.audit.run import audit_reports
from perfeval.audit.tables import Sheet, table_relations
from perfeval.cli.commands import main
from perfeval.errors import UsageError
from perfeval.prose.text import plain
from perfeval.run.workers import CRASHED, TIMED_OUT, Done


@pytest.mark.parametrize(
    ("printed", "compared"),
    [
        ("１5 分，得 分15分", "15分，得分15分"),
        ("（25分，得分25分）", "(25分，得分25分)"),
        ("1,430.66 万元", "1,430.66万元"),
        ("第5，300万元", "第5，300万元"),
        ("64.72％;其余", "64.72%；其余"),
    ],
)
def test_the_compared_form_has_no_spaces_and_one_width(printed: str, compared: str) -> None:
    assert plain(printed) == compared


def test_wrapped_lines_are_joined_and_headings_are_not() -> None:
    report = written(
        "一、基本情况\n\n（一）收入\n年初预算收入430.66 万元，其中财政拨款收\n\n入388.63万元。\n（1）甲\n做得好，得2分。\n"
    )
    assert [line.plain for line in report.lines] == [
        "一、基本情况",
        "(一)收入",
        "年初预算收入430.66万元，其中财政拨款收入388.63万元。",
        "(1)甲",
        "做得好，得2分。",
    ]
    assert report.lines[2].where == "一、基本情况 / (一)收入（第 4 行）"


def sheet_of(report: Report) -> Sheet:
    _, unit, year = read_passages(report)
    return table_relations(report.tables, unit, year)[1]


def test_shifted_rows_of_the_seed_are_read() -> None:
    rows = sheet_of(read_report(SEED)).indicators
    assert len(rows) == 36
    by_name = {row.name: row for row in rows}
    assert sum(row.weight.value for row in rows if row.weight) == 90
    assert by_name["工资发放及时率"].actual is None
    assert by_name["群众满意度"].actual is None
    assert by_name["发放工资人数"].met is False
    assert by_name["驻村工作队队员"].met is True
    assert by_name["检查完成时限"].met is True


def test_the_same_annex_in_our_own_report() -> None:
    rows = sheet_of(ours()).indicators
    assert len(rows) == 36
    assert [row.name for row in rows if row.met is False] == ["发放工资人数", "经济形势向好", "经营者和消费者满意度"]
    assert {name: found.shown for name, found in sheet_of(ours()).money.items()} == {
        "资金总额": "430.66", "财政拨款": "388.63", "上年结转": "42.03", "单位资金": "0", "其他资金": "0",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_texts_of_every_usual_encoding_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(SEED.read_text(encoding="utf-8").encode(encoding))
    assert len(audit(path)) == 11


def saved(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "报告.docx"
    document.save(path)  # type: ignore[attr-defined]
    return path


def test_word_headings_without_typed_numbers_make_the_tree(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("部门分析", 2)
    document.add_heading("管理（5分，得分5分）", 3)
    document.add_heading("甲", 4)
    document.add_paragraph("做得好，得2分。")
    document.add_heading("乙", 4)
    document.add_paragraph("做得好，得2分。")
    assert [c.says[0] for c in audit(saved(tmp_path, document))] == [
        "“管理”的得分写的是 5 分，而各项相加为 4 分（2 + 2）"
    ]


def docx_bytes() -> bytes:
    stream = io.BytesIO()
    docx.Document().save(stream)
    return stream.getvalue()


def with_body(body: bytes) -> bytes:
    """A Word file with that body, whatever it is."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx_bytes())) as plain,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in plain.namelist():
            document = (
                b"<w:document"
                b' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                b"<w:body>%s</w:body></w:document>"
            )
            package.writestr(part, document % body if part == "word/document.xml" else plain.read(part))
    return stream.getvalue()


TABLE = (
    b"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan"
    b' w:val="%s"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>'
)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("报告.odt", b"%PDF-1.7", "不是 .docx、.txt 或 .xlsx 文件"),
        ("报告.docx", b"", "文件是空的"),
        ("报告.docx", b"no word file", "不是 Word 文档"),
        ("报告.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("报告.docx", docx_bytes()[:-100], "损坏"),
        ("报告.docx", docx_bytes(), "没有文字"),
        ("报告.txt", b"\xff\xfe\x00", "编码无法识别"),
        ("报告.txt", b"\n \n", "没有文字"),
        ("报告.docx", b"%PDF-1.7", "它是PDF 文档"),
        ("报告.txt", "甲，".encode() * 200_000, "太长了"),
        ("报告.docx", with_body(b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % (b"1,2 " * 100_000)), "太长了"),
        ("报告.docx", with_body(b"<w:p/>" * 6_000_000), "解压后太大"),
        ("报告.docx", with_body(b"<w:tbl><w:tr><w:tc>" * 5000), "损坏"),
        ("报告.docx", with_body(TABLE % b"100000000"), "损坏"),
        ("报告.txt", bytes(1000), "文件是空的"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        audit(path)
    assert says in refused.value.message
    assert refused.value.remedy


def test_a_missing_file_and_a_folder_are_said_too(tmp_path: Path) -> None:
    (tmp_path / "文件夹.docx").mkdir()
    for name, says in (("没有.docx", "找不到文件"), ("文件夹.docx", "它不是普通文件")):
        with pytest.raises(UsageError, match=says):
            audit(tmp_path / name)


@pytest.mark.parametrize(("code", "message"), [(CRASHED, "被系统中止"), (TIMED_OUT, "花的时间太长")])
def test_a_worker_that_dies_or_is_too_slow_is_the_reports_fault(
    code: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = nullcontext(lambda function, tasks: iter([Done(task, None, code) for task in tasks]))
    monkeypatch.setattr("perfeval.audit.run.Crew", lambda jobs, limits: crew)
    assert message in audit_reports([tmp_path / "报告.docx"]).audits[0].error


def test_the_command_reads_in_a_worker_and_says_what_the_reader_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "报告.docx").write_bytes(b"%PDF-1.7")
    assert main(["audit", str(tmp_path / "报告.docx")]) == 2
    assert "它是PDF 文档" in capsys.readouterr().err


@pytest.mark.parametrize(("table", "cells", "columns"), [
    ("indicators", ("年度绩效指标", "三级指标", "绩效指标性质", "绩效指标值", "绩效度量单位", "实际完成指标值"),
     {"name": 1, "nature": 2, "target": 3, "unit": 4, "actual": 5}),
    ("indicators", ("指标名称", "目标值", "全年完成值", "偏差原因分析及改进措施"), {"name": 0, "target": 1, "actual": 2, "reason": 3}),
    ("indicators", ("满意度指标", "≥90%", "已完成"), {}),
    ("funds", ("项目资金（万元）", "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值（10分）", "执行率（B/A）", "得分"),
     {"initial": 1, "adjusted": 2, "executed": 3, "weight": 4, "rate": 5, "score": 6}),
    ("funds", ("", "2024年预算数", "2024年项目支出决算数"), {"initial": 1, "executed": 2}),
])  # fmt: skip
def test_headers_are_called_as_in_the_forms_that_prefill_reads(table, cells, columns):
    row = TableRow(1, 1, cells, True, "")
    assert header_of(row, table, ("actual" if table == "indicators" else "executed",)) == columns
