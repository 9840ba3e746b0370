"""A season as the bureau sees it: the roster with 分管股室, last year's filings, 汇总表 and 通报 of one run."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from batch_runs import fill, small_workbook, tree
from docx import Document
from page_client import started
from planting import planted
from schemas import assert_valid
from workbooks import content

from perfeval.cli.commands import main

ROSTER = [
    ["部门", "分管股室", "曾用名"],
    ["甲局", "教科文股", ""],
    ["新乙局", "经建股", "乙局"],
    ["丙局", "经建股", ""],
]


def report(place: Path, *options: str) -> int:
    return main(["report", str(place / "in"), "-o", str(place / "out"), "--jobs", "1", "--quiet", *options])


def with_roster(place: Path) -> tuple[str, str]:
    (place / "名册.xlsx").write_bytes(content({"名册": ROSTER}))
    return "--roster", str(place / "名册.xlsx")


def rows(place: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(place / "out" / "汇总表.xlsx", data_only=True)
    return list(book[sheet].iter_rows(min_row=4, values_only=True))


def notice(place: Path) -> str:
    return "\n".join(p.text for p in Document(str(place / "out" / "通报.docx")).paragraphs)


def test_the_roster_s_sections_are_in_the_summary_and_in_the_notice(tmp_path: Path) -> None:
    """乙局 filed under its former name."""
    fill(tmp_path / "in", ["甲局", "乙局"])
    report(tmp_path, *with_roster(tmp_path))
    assert [row[:4] for row in rows(tmp_path, "按分管股室")] == [("教科文股", 1, 1, 0), ("经建股", 2, 1, 1)]
    assert "应报送3个部门，已报送2个，未报送1个。" in notice(tmp_path)
    assert "未报送。丙局。" in notice(tmp_path)
    assert_valid(tmp_path / "out")


def test_another_section_is_another_summary_and_the_same_one_is_written_once(tmp_path: Path) -> None:
    fill(tmp_path / "in", ["甲局"])
    report(tmp_path, *with_roster(tmp_path))
    before = tree(tmp_path / "out")
    report(tmp_path, *with_roster(tmp_path))
    assert tree(tmp_path / "out") == before
    moved = [row if row[0] != "甲局" else ["甲局", "农业股", ""] for row in ROSTER]
    (tmp_path / "名册.xlsx").write_bytes(content({"名册": moved}))
    report(tmp_path, "--roster", str(tmp_path / "名册.xlsx"))
    assert rows(tmp_path, "按分管股室")[0][0] == "农业股"


@pytest.mark.parametrize(("departments", "is_written"), [(["甲局"], False), (["甲局", "乙局"], True)])
def test_without_a_roster_there_is_a_notice_of_more_than_one_department(
    departments: list[str], is_written: bool, tmp_path: Path
) -> None:
    fill(tmp_path / "in", departments)
    report(tmp_path)
    assert (tmp_path / "out" / "通报.docx").exists() == is_written


def test_a_notice_without_a_season_does_not_stay_but_one_that_somebody_changed_does(tmp_path: Path) -> None:
    fill(tmp_path / "in", ["甲局"])
    report(tmp_path, *with_roster(tmp_path))
    assert (tmp_path / "out" / "通报.docx").exists()
    report(tmp_path)
    assert not (tmp_path / "out" / "通报.docx").exists()
    assert "通报.docx" not in json.loads((tmp_path / "out" / "运行记录.json").read_bytes())["written"]
    report(tmp_path, *with_roster(tmp_path))
    (tmp_path / "out" / "通报.docx").write_bytes(b"the bureau's own words")
    report(tmp_path)
    assert (tmp_path / "out" / "通报.docx").read_bytes() == b"the bureau's own words"


def test_last_year_s_filings_stand_beside_this_year_s(tmp_path: Path) -> None:
    """满意度 was 80% last year: 4 points less. 乙局 filed nothing then."""
    satisfied = ("指标", "经营者和消费者满意度", "实际完成值")
    for folder in ("in", "last"):
        (tmp_path / folder).mkdir()
    name = ("基本情况", "部门名称")
    (tmp_path / "in" / "甲局.xlsx").write_bytes(planted({name: "甲县甲局", satisfied: 90}))
    (tmp_path / "in" / "乙局.xlsx").write_bytes(planted({name: "甲县乙局", satisfied: 90}))
    last = planted({name: "甲县甲局", ("基本情况", "评价年度"): 2024, satisfied: 80})
    (tmp_path / "last" / "甲局.xlsx").write_bytes(last)
    report(tmp_path, "--previous", str(tmp_path / "last"))
    assert [row[:5] for row in rows(tmp_path, "与上年比较")] == [("甲县甲局", 2025, 94.94, 98.94, 4)]
    result = json.loads((tmp_path / "out" / "2025" / "甲县甲局" / "结果.json").read_bytes())
    assert (result["last_year"]["year"], result["last_year"]["total"]) == (2024, "94.94")
    assert json.loads((tmp_path / "out" / "2025" / "甲县乙局" / "结果.json").read_bytes())["last_year"] is None
    assert_valid(tmp_path / "out")


def test_the_page_offers_the_notice_to_the_bureau(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        assert "通报" not in client.get("/bureau").text
        client.upload(*((f"{name}.xlsx", small_workbook(name)) for name in ("甲局", "乙局")))
        client.run()
        assert "kind=notice" in client.get("/bureau").text
        answer = client.get("/download?kind=notice")
        assert "绩效自评情况通报" in Document(io.BytesIO(answer.content)).paragraphs[0].text
