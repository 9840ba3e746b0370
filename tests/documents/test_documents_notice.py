"""通报.docx and the bureau's sheets 按分管股室 and 与上年比较: the same figures as 汇总表, one page, 未评分 is never 0."""

import io
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import gongwen_check
import pytest
from docx import Document
from libreoffice import disagreements
from test_documents_summary import department, lines, opened

from perfeval.documents.summaries.brief import brief_of
from perfeval.documents.summaries.notice import Season, write_notice
from perfeval.documents.summaries.season import NOT_LISTED, Roll
from perfeval.documents.summaries.tables import tables
from perfeval.documents.summaries.write import write_summary

ROLL = Roll({"甲局": "教科文股", "乙局": "经建股", "丙局": "经建股", "丁局": "经建股"}, (("老乙局", "乙局"),))
Result = dict[str, Any]


def with_rate(result: Result, rate: str) -> Result:
    return {**result, "measures": {"预算执行率": {"value": rate, "cells": []}}}


def some() -> Sequence[Result]:
    """乙局 filed under its former name, 丙局 is not scored, 丁局 has not filed; 戊局 is on nobody's list."""
    return (
        with_rate(department("甲局", "98.00", "优"), "99.00%"),
        with_rate(department("老乙局", "81.00", "良", status="returned"), "80.00%"),
        department("丙局", None, None, unscored=3, measures={}),
        with_rate(department("戊局", "90.00", "优"), "90.00%"),
    )


def season(results: Sequence[Result], unfiled: Sequence[str] = (), roll: Roll = ROLL) -> Season:
    return Season(tables([brief_of(r) for r in results]), 1, unfiled, roll)


def text_of(content: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(content)).paragraphs if p.text.strip()]


def test_a_section_counts_its_departments_and_averages_what_is_there() -> None:
    book = opened(write_summary([brief_of(r) for r in some()], unfiled=["丁局"], roll=ROLL))
    assert lines(book, "按分管股室") == [
        # 股室, 应报送, 已报送, 未报送, 报送率, 已出报告, 退回, 有总分, 平均分, 平均执行率, 错误
        ("教科文股", 1, 1, 0, 1, 1, 0, 1, 98, 0.99, 0),
        ("经建股", 3, 2, 1, 0.6667, 1, 1, 1, 81, 0.8, 0),  # 丙局 is in no average
        (NOT_LISTED, "—", 1, 0, "—", 1, 0, 1, 90, 0.9, 0),
    ]


@pytest.mark.parametrize("roll", [Roll(), Roll({"甲局": "", "乙局": ""})])
def test_without_sections_the_sheet_says_so(roll: Roll) -> None:
    book = opened(write_summary([brief_of(r) for r in some()], roll=roll))
    assert lines(book, "按分管股室")[0][0] == "名册没有“分管股室”一列，或者没有名册"


LAST = {"year": 2024, "total": "80.00", "grade": "良", "execution_rate": "85.50%"}
UNSCORED_LAST = {"year": 2024, "total": None, "grade": None, "execution_rate": None}
YEARS = [
    # this year's total and rate, last year's → 上年得分, 本年得分, 变化, 上年执行率, 本年执行率, 变化
    ("both years", ("90.00", "优", 0, "95.00%"), LAST, (80, 90, 10, 0.855, 0.95, 9.5)),
    ("not scored last year", ("90.00", "优", 0, "95.00%"), UNSCORED_LAST,
        ("未评分", 90, "—", "无法计算", 0.95, "—")),
    ("not scored this year", (None, None, 3, None), LAST, (80, "未评分", "—", 0.855, "无法计算", "—")),
    ("zero is a score", ("0.00", "差", 0, "0.00%"), LAST, (80, 0, -80, 0.855, 0, -85.5)),
]  # fmt: skip


@pytest.mark.parametrize(("now", "last", "expected"), [row[1:] for row in YEARS], ids=[row[0] for row in YEARS])
def test_this_year_beside_last_year(now: tuple[Any, ...], last: Result, expected: tuple[Any, ...]) -> None:
    total, grade, unscored, rate = now
    one = department("甲局", total, grade, unscored=unscored, last_year=last, year=2025)
    book = opened(write_summary([brief_of({**one, "measures": {"预算执行率": {"value": rate, "cells": []}}})]))
    assert lines(book, "与上年比较") == [("甲局", 2025, *expected)]


def test_last_years_workbook_in_the_same_run_counts_too_and_nobody_else_has_a_row() -> None:
    both = [
        with_rate(department("甲局", total, "优", year=year, last_year=None), rate)
        for total, year, rate in (("88.00", 2024, "90.00%"), ("90.50", 2025, "91.00%"))
    ]
    content = write_summary([brief_of(r) for r in (*both, department("乙局", last_year=None))])
    assert lines(opened(content), "与上年比较") == [("甲局", 2025, 88, 90.5, 2.5, 0.9, 0.91, 1)]


@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_values() -> None:
    results = [department("甲局", last_year=LAST, year=2025), department("乙局", last_year=UNSCORED_LAST, year=2025)]
    content = write_summary([brief_of(r) for r in results], roll=ROLL)
    assert disagreements({"汇总表.xlsx": content}) == []


def test_the_notice_has_the_figures_of_the_summary() -> None:
    title, *paragraphs = text_of(write_notice(season(some(), ["丁局"])))
    assert title == "2025年度绩效自评情况通报"
    assert paragraphs[:3] == [
        "一、报送情况。应报送4个部门，已报送3个，未报送1个。已出报告3份，退回修改1份，无法读取1份。有总分的3份，平均89.67分。",
        "二、等级分布。优2份、良1份。",
        "三、执行率排名。由高到低为甲局99.00%、戊局90.00%、老乙局80.00%。",
    ]
    assert paragraphs[4:6] == [
        "五、分管股室。教科文股应报1个、已报1个、平均98分；经建股应报3个、已报2个、平均81分。",
        "六、未报送。丁局。",
    ]


def test_without_a_roster_nothing_is_said_of_who_had_to_file() -> None:
    text = "".join(text_of(write_notice(season(some(), roll=Roll()))))
    assert "应报" not in text
    assert "未报送" not in text
    assert "分管股室" not in text


def test_of_nothing_there_is_a_notice_all_the_same() -> None:
    assert text_of(write_notice(season([], ["甲局"])))[1] == (
        "一、报送情况。应报送4个部门，已报送3个，未报送1个。已出报告0份，退回修改0份，无法读取1份。没有能算出总分的。"
    )


def many() -> Season:
    """A county of long names: what fits on one page is decided by the names."""
    names = [f"示例县人民政府第{n}办公室和机关事务管理局" for n in range(60)]
    results = [
        with_rate(department(name, f"{Decimal(95) - n}.00", "优"), f"{99 - n}.00%") for n, name in enumerate(names[:30])
    ]
    return season(results, names[30:], Roll({name: f"第{n % 9}股" for n, name in enumerate(names)}))


def test_it_is_an_official_document(tmp_path: Path) -> None:
    path = tmp_path / "通报.docx"
    path.write_bytes(write_notice(many()))
    assert [line for line in gongwen_check.check(str(path)) if line[0] == "ERROR"] == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("what", ["few", "many"])
def test_it_has_one_page(what: str, tmp_path: Path) -> None:
    path = tmp_path / "通报.docx"
    path.write_bytes(write_notice(many() if what == "many" else season(some(), ["丁局"])))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    facts = subprocess.run(["pdfinfo", str(tmp_path / "通报.pdf")], capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in facts.splitlines() if line.startswith("Pages:")] == ["1"]


def test_a_year_no_calendar_goes_beyond_is_one_like_any_other() -> None:
    results = [{**department(name, "98.00", "优"), "year": 9999} for name in ("甲局", "乙局")]
    assert text_of(write_notice(season(results)))[0] == "9999年度绩效自评情况通报"
