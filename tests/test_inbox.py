"""What is read, what is passed over, and names that are safe on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import UsageError
from perfeval.inbox import NAME_BYTES, RESERVED_NAMES, UNSAFE, find, safe_name


def test_what_lies_in_the_folder(tmp_path: Path) -> None:
    for name, content in {
        "乙局.xlsx": b"1",
        "甲局.xlsx": b"2",
        "街道/丙局.xlsx": b"3",
        "街道/丙局副本.xlsx": b"3",
        "~$甲局.xlsx": b"4",
        ".~甲局.xlsx": b"5",
        ".DS_Store": b"6",
        "说明.txt": b"7",
        "旧表.xls": b"8",
        "output/2025/丁局/评分表.xlsx": b"9",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = {c.file: c.ignored for c in find([tmp_path], skip=tmp_path / "output")}
    assert found == {
        "乙局.xlsx": "",
        "甲局.xlsx": "",
        "旧表.xls": "",
        "街道/丙局.xlsx": "",
        "街道/丙局副本.xlsx": "与“街道/丙局.xlsx”内容完全相同，只处理那一份。",
        "~$甲局.xlsx": "这是 Excel 或 WPS 打开工作簿时留下的临时文件，不用处理。",
        ".~甲局.xlsx": "这是 Excel 或 WPS 打开工作簿时留下的临时文件，不用处理。",
        ".DS_Store": "这是系统的隐藏文件，不用处理。",
        "说明.txt": "这不是工作簿文件，没有读取。填报工作簿应是 .xlsx 文件。",
    }


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "甲局.xlsx").write_bytes(b"1")
    assert len(find([tmp_path, tmp_path / "甲局.xlsx"])) == 1


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"找不到.*没有这个"):
        find([tmp_path / "没有这个"])


@pytest.mark.parametrize(
    ("department", "begins"),
    [
        ("甲局", "甲局"),
        ("甲/乙局", "甲_乙局_"),
        ("CON", "_CON_"),
        ("com1.局", "_com1.局_"),
        ("甲局.", "甲局_"),
        ("  ", "未命名_"),
        ("..", "未命名_"),
    ],
)
def test_names_are_made_safe(department: str, begins: str) -> None:
    assert safe_name(department).startswith(begins)


def test_different_departments_never_share_a_name() -> None:
    assert len({safe_name(n) for n in ("甲/乙局", "甲:乙局", "甲_乙局", "甲?乙局")}) == 4


@given(st.text(max_size=300))
def test_every_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert name == name.strip()
    assert not UNSAFE.search(name)
    assert not name.endswith(".")
    assert len(name.encode()) <= NAME_BYTES + 7
    assert name.split(".")[0].upper() not in RESERVED_NAMES
