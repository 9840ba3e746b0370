"""--previous: what is not used of last year's workbooks and packages is said."""

from pathlib import Path

import openpyxl
import pytest
from archive_packages import COMPLETED, packed

from perfeval.cli.commands import main


def filed(path: Path, **cells: object) -> None:
    """The completed example, of 2024 unless `cells` of 基本情况 say otherwise."""
    book = openpyxl.load_workbook(COMPLETED)
    for address, value in {"B10": 2024, **cells}.items():
        book["基本情况"][address] = value
    book.save(path)


def half(path: Path) -> None:
    path.write_bytes(COMPLETED.read_bytes()[:5000])


UNUSED = {
    "half copied": ("坏.xlsx", half, "这个工作簿不完整"),
    "a damaged package": ("坏.zip", half, "这不是完整的归档包"),
    "without a department": ("缺.xlsx", lambda path: filed(path, B6=None), "没有部门名称或评价年度"),
    "a second one": ("二.xlsx", lambda path: filed(path, B16=9), "的不止一份，用的是“一.xlsx”"),
}


@pytest.mark.parametrize("case", UNUSED)
def test_what_is_not_used_is_said(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, put, reason = UNUSED[case]
    (tmp_path / "earlier").mkdir()
    filed(tmp_path / "earlier" / "一.xlsx")
    put(tmp_path / "earlier" / name)
    main(["report", str(COMPLETED), "-o", str(tmp_path / "out"), "--previous", str(tmp_path / "earlier"), "--jobs=1"])
    said = "".join(capsys.readouterr())
    assert f"上年的“{name}”没有用来核对：" in said
    assert reason in said


def test_what_is_used_and_what_is_no_filing_is_not_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    filed(earlier / "一.xlsx")
    (tmp_path / "packed").mkdir()
    (earlier / "一.zip").write_bytes(packed(earlier / "一.xlsx", tmp_path / "packed"))
    openpyxl.Workbook().save(earlier / "通讯录.xlsx")
    main(["report", str(COMPLETED), "-o", str(tmp_path / "out"), "--previous", str(earlier), "--jobs=1"])
    assert "没有用来核对" not in "".join(capsys.readouterr())


def test_where_nothing_can_be_used_it_is_said_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    half(tmp_path / "坏.xlsx")
    assert main(["report", str(COMPLETED), "-o", str(tmp_path / "out"), "--previous", str(tmp_path)]) == 3
    assert "没有用来核对：这个工作簿不完整" in capsys.readouterr().err
