"""A whole regulation of one's own: every worked case scores as it was worked out on paper, and a spreadsheet program
comes to the same."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import libreoffice
import pytest
from example_county import CASES, SETTINGS, WORKED, county, evaluated

from perfeval.findings.finding import Severity
from perfeval.run.pipeline import plain_result, write_documents


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def test_points_in_per_cent_of_the_parent() -> None:
    assert {item.id: item.max_points for item in county().items} == {k: Decimal(v) for k, v in WORKED["max"].items()}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_figure_is_the_one_on_paper(case: dict[str, Any], tmp_path: Path) -> None:
    (expected,) = case["expected"]
    result = plain_result(evaluated(case["sheets"], tmp_path))
    items = {item["id"]: item for item in result["items"]}
    assert {i: number(items[i]["score"]) for i in items} == {i: number(p) for i, p in expected["scores"].items()}
    assert {i: items[i]["basis"] for i in expected["basis"]} == expected["basis"]
    assert {i: item["uncapped"] for i, item in items.items() if item["uncapped"]} == expected["uncapped"]
    assert number(result["total"]) == number(expected["total"])
    assert number(result["uncapped_total"]) == number(expected["uncapped_total"])
    facts = {fact["key"]: fact["value"] for fact in result["facts"]}
    assert {k: number(v) for k, v in facts.items()} == {k: number(v) for k, v in expected["facts"].items()}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_no_error_but_where_one_must_be(case: dict[str, Any], tmp_path: Path) -> None:
    findings = evaluated(case["sheets"], tmp_path).findings
    errors = [f for f in findings if f.severity is Severity.ERROR]
    assert [{"sheet": f.ref.sheet, "label": f.label} for f in errors if f.ref] == case["errors"]


@pytest.mark.libreoffice
def test_a_spreadsheet_program_comes_to_the_same(tmp_path: Path) -> None:
    files = {}
    for name, case in CASES.items():
        documents = write_documents(evaluated(case["sheets"], tmp_path / name), name, SETTINGS).files
        files[f"{name}.xlsx"] = next(content for file, content in documents.items() if file.endswith("评分表.xlsx"))
    assert all(libreoffice.count_formulas(content) > 100 for content in files.values())
    assert libreoffice.disagreements(files) == []


def test_a_cap_is_reported_once_and_the_score_before_it_stays(tmp_path: Path) -> None:
    evaluation = evaluated(CASES["算例2"]["sheets"], tmp_path)
    (capped,) = [f for f in evaluation.findings if f.code == "SCORE_019"]
    assert capped.message == (
        "总分原为 92.57 分，预算执行率 75.00% 不低于 70%、低于 80%，按规定不超过 89 分（条款待核），按 89 分计。"
    )
