"""What is read, what is passed over, and names that are safe on disk."""

import os
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import UsageError
from perfeval.excel.guard import FILE_BYTES, HASHED_BYTES
from perfeval.run.inbox import (
    NAME_BYTES,
    NAME_LENGTH,
    RESERVED_NAMES,
    UNPRINTABLE,
    UNSAFE,
    count_workbooks,
    find,
    readable_name,
    safe_name,
)


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
        ("CON .局", "_CON .局_"),
        ("com¹", "_com¹_"),
        ("CONOUT$", "_CONOUT$_"),
        ("甲\u2028局\ud800", "甲_局__"),
        ("L" * 61, "L" * 60 + "_"),
    ],
)
def test_names_are_made_safe(department: str, begins: str) -> None:
    assert safe_name(department).startswith(begins)


@pytest.mark.parametrize("name", ["甲\u200b局", "甲\u202e局", "甲局\ufe0f", "\u3164甲局"])
def test_what_cannot_be_seen_makes_no_other_folder(name: str) -> None:
    assert safe_name(name) == "甲局"


def test_different_departments_never_share_a_name() -> None:
    assert len({safe_name(n) for n in ("甲/乙局", "甲:乙局", "甲_乙局", "甲?乙局")}) == 4


@given(st.text(max_size=300))
def test_every_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert name == name.strip()
    assert not UNSAFE.search(name)
    assert not name.endswith(".")
    assert len(name.encode()) <= NAME_BYTES + 7
    assert name.split(".")[0].rstrip().upper() not in RESERVED_NAMES
    assert len(name) <= NAME_LENGTH + 7
    assert all(unicodedata.category(character) not in UNPRINTABLE for character in name)


@pytest.mark.skipif(sys.platform != "linux", reason="文件名是任意字节")
def test_names_in_the_encoding_of_a_chinese_zip_are_read(tmp_path: Path) -> None:
    (tmp_path / "街道").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "街道") + b"/" + "甲局.xlsx".encode("gbk"))).write_bytes(b"1")
    (tmp_path / "街道" / "甲局.xlsx").write_bytes(b"2")  # the same name then, and yet another file
    assert next(c.file for c in find([tmp_path])).startswith(str(tmp_path))
    assert len({c.file for c in find([tmp_path])}) == 2
    (tmp_path / "街道" / "甲局.xlsx").unlink()
    assert [c.file for c in find([tmp_path])] == ["街道/甲局.xlsx"]


def test_a_name_cannot_pretend_to_be_a_message() -> None:
    assert readable_name("甲\n乙：已出报告\x1b[31m\u202exslx.局\udcff").count("�") == 4
    assert (
        readable_name("甲　局（新）𠮷\ue000.xlsx") == "甲　局（新）𠮷\ue000.xlsx"
    )  # full-width spaces and rare characters are names


def test_files_of_one_name_in_two_folders_are_kept_apart(tmp_path: Path) -> None:
    for folder in ("东街", "西街", "又/东街"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "填报.xlsx").write_bytes(folder.encode())
    (tmp_path / "东街" / "另.xlsx").write_bytes(b"2")
    assert [c.file for c in find([tmp_path / "东街", tmp_path / "西街"])] == [
        "东街/填报.xlsx",
        "另.xlsx",
        "西街/填报.xlsx",
    ]
    whole = [c.file for c in find([tmp_path / "东街", tmp_path / "又" / "东街"])]
    assert whole == [(tmp_path / "东街/填报.xlsx").as_posix(), (tmp_path / "又/东街/填报.xlsx").as_posix(), "另.xlsx"]


def test_links_to_folders_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in" / "甲局.xlsx").mkdir(parents=True)
    (tmp_path / "in" / "甲局.xlsx" / "里面.xlsx").write_bytes(b"1")
    (tmp_path / "in" / "圈").symlink_to(tmp_path / "in", target_is_directory=True)
    found = {c.file: c.ignored for c in find([tmp_path / "in"])}
    assert set(found) == {"圈", "甲局.xlsx", "甲局.xlsx/里面.xlsx"}
    assert "没有读取" in found["圈"]
    assert found["甲局.xlsx"] == ""  # the guard says that it is a folder


def test_what_is_far_too_large_to_be_read_is_not_looked_through(tmp_path: Path) -> None:
    for name, size in (("大.xlsx", HASHED_BYTES + 1), ("片.mp4", HASHED_BYTES + 1), ("小.xlsx", 3)):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)  # a sparse file
    assert {c.file: bool(c.sha256) for c in find([tmp_path])} == {"大.xlsx": False, "片.mp4": False, "小.xlsx": True}
    assert HASHED_BYTES > FILE_BYTES


def test_workbooks_are_counted_as_far_as_needed(tmp_path: Path) -> None:
    for name in ("甲.xlsx", "乙.xlsx", "~$乙.xlsx", "说明.txt", ".隐藏.xlsx", "out/丙.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [count_workbooks([tmp_path], most, tmp_path / "out") for most in (1, 2, 9)] == [1, 2, 2]
    assert count_workbooks([tmp_path / "没有"], 9) == 0
