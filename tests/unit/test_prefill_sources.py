"""Sources that cannot be read, and sources of several kinds at once: one bad file never stops the others."""

import subprocess
import sys
import zipfile
from pathlib import Path

import foreign_forms
import prefilled
import pytest

from perfeval.errors import NothingToReadError, UsageError
from perfeval.excel.formats import OLE_START
from perfeval.run.workers import TIMED_OUT, Crew, Limits

PROJECT = {"regulation": "cn-project-10-90", "year": 2025}
LIST = "项目名称,指标金额(元),已支付金额(元)\n{name},1000,500\n"


def ole(stream: str) -> bytes:
    """The beginning of a compound file with one stream."""
    name = stream.encode("utf-16-le")
    entry = name + bytes(64 - len(name)) + (len(name) + 2).to_bytes(2, "little") + bytes(62)
    return OLE_START + bytes(504) + entry + bytes(384)


FOREIGN = {
    "决算.pdf": (b"%PDF-1.7 ...", "PDF 里的数字读不可靠", "另存为 .docx"),
    "照片.jpg": (b"\xff\xd8\xff\xe0 ...", "是图片", "找到原来的电子表格"),
    "自评表.doc": (ole("WordDocument"), "旧格式的Word 文档", "另存为 .docx"),
    "自评表.wps": (ole("WordDocument"), "旧格式的Word 文档", "另存为 .docx"),
    "加密.xlsx": (ole("EncryptedPackage"), "设置了打开密码", "去掉打开密码"),
    "加密.docx": (ole("EncryptedPackage"), "设置了打开密码", "去掉打开密码"),
    "坏的.xls": (ole("Workbook"), "已经损坏", "另存后再试"),
    "空的.csv": (b"", "是空文件", "重新导出"),
    "乱码.csv": ("项目名称,指标金额".encode("gb18030") + b"\xff\xff\xff", "文字编码无法识别", "另存为 .xlsx"),
    "材料.zip": (b"Rar!....", "压缩包", "请先解压"),
    "网页.xls": (b"<html><table></table></html>", "网页", "另存为 .xlsx"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """已有材料 with one list that can be read."""
    folder = tmp_path / "已有材料"
    folder.mkdir()
    (folder / "支付.csv").write_text(LIST.format(name="甲项目"), encoding="utf-8")
    return folder


def test_each_foreign_file_is_refused_with_the_way_out_and_the_others_are_read(folder: Path) -> None:
    for name, (content, *_) in FOREIGN.items():
        (folder / name).write_bytes(content)
    opened = prefilled.read(folder.parent, folder, **PROJECT)
    said = {reading.file: reading.looked_like for reading in opened.outcome.readings}
    assert {name: all(word in said[name] for word in words) for name, (_, *words) in FOREIGN.items()} == dict.fromkeys(
        FOREIGN, True
    )
    assert opened.table("项目", "项目名称", "执行数") == [("甲项目", "0.05")]


def test_a_bomb_and_a_document_type_are_refused(folder: Path) -> None:
    with zipfile.ZipFile(folder / "大.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * (30 << 20))
    with zipfile.ZipFile(folder / "外.docx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    opened = prefilled.read(folder.parent, folder, **PROJECT)
    assert {r.file: r.is_recognised for r in opened.outcome.readings} == {
        "大.docx": False,
        "外.docx": False,
        "支付.csv": True,
    }
    assert "异常庞大" in next(r.looked_like for r in opened.outcome.readings if r.file == "大.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encoding_it_is_in(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "支付.csv"
    path.write_text(LIST.format(name="玥湖㳇治理"), encoding=encoding)
    assert prefilled.read(tmp_path, path, **PROJECT).table("项目", "项目名称") == [("玥湖㳇治理",)]


def test_what_says_nothing_is_said_to_be_what_it_looks_like(tmp_path: Path) -> None:
    path = foreign_forms.workbook(tmp_path / "花名册.xlsx", 人员="姓名 | 电话\n张三 | 13800000000")
    with pytest.raises(NothingToReadError, match="没有认出其中的表：“人员”里是 姓名、电话") as raised:
        prefilled.read(tmp_path, path, **PROJECT)
    assert raised.value.exit_code == 3
    assert "张三" not in str(raised.value)


def test_wrong_calls_are_said(folder: Path) -> None:
    source = folder / "支付.csv"
    for output, said in (
        (folder / "填报.txt", {}),
        (folder, {}),
        (folder / "填报.xlsx", {"regulation": "没有"}),
        (folder / "填报.xlsx", {"regulation": "cn-project-10-90", "kind": "部门整体"}),
    ):
        with pytest.raises(UsageError):
            prefilled.prefill.prefill([source], output, prefilled.prefill.Wanted(**said))
    with pytest.raises(UsageError, match="找不到"):
        prefilled.prefill.prefill([folder / "没有.xls"], folder / "填报.xlsx")


def test_a_source_is_never_written_over(tmp_path: Path) -> None:
    source = foreign_forms.workbook(tmp_path / "表.xlsx", 清单="项目名称 | 指标金额（元）\n甲 | 1000")
    before = source.read_bytes()
    with pytest.raises(UsageError, match="不能写在它上面"):
        prefilled.prefill.prefill([source], source)
    assert source.read_bytes() == before


def busy(_: int) -> int:
    while True:
        pass


def test_a_worker_ends_with_the_limit_it_was_given() -> None:
    with Crew(1, limits=Limits(0.5, 1 << 30)) as run:
        (done,) = run(busy, [1])
    assert done.code == TIMED_OUT


def test_the_command_says_what_it_read_and_ends_with_its_code(folder: Path) -> None:
    (folder / "决算.pdf").write_bytes(b"%PDF-1.7 ...")
    command = [sys.executable, "-m", "perfeval", "prefill", str(folder), "-o", str(folder.parent / "填报.xlsx")]
    done = subprocess.run([*command, "--year", "2025", "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert '"label": "执行数"' in done.stdout
    assert "PDF 里的数字读不可靠" in done.stdout
    (folder / "支付.csv").unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "PDF 里的数字读不可靠" in done.stderr) == (3, True)
    assert subprocess.run(command[:4], capture_output=True, check=False).returncode == 2
