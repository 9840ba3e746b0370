"""The public interface, and the JSON Schemas of what is written."""

import copy
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from batch_runs import small_workbook
from jsonschema import Draft202012Validator
from schemas import RESULT

import perfeval
from perfeval.documents.evaluation import Evaluation
from perfeval.errors import NothingToReadError, UsageError
from perfeval.output.schema import rule, shipped
from perfeval.output.state import is_result
from perfeval.run.pipeline import plain_result

DAY = date(2026, 1, 15)
HEAVY = (
    "pandas",
    "openpyxl",
    "xlsxwriter",
    "docx",
    "lxml",
    "rich",
    "pebble",
    "perfeval.run",
    "perfeval.documents",
    "perfeval.errors",
)
SCHEMAS = ("result", "record")
WRONG = (
    None,
    1,
    0,
    1.5,
    "x",
    "",
    True,
    [],
    {},
    ["x"],
    {"x": 1},
    -(10**30),
    "../../x",
    "NaN",
    "1e9",
    "\0",
    "1.5",
    "12%",
    "2026-02-30",
)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filed") / "甲局.xlsx"
    path.write_bytes(small_workbook("甲局"))
    return path


@pytest.fixture(scope="module")
def evaluation(workbook: Path) -> Evaluation:
    return perfeval.evaluate(str(workbook), as_of=DAY)


@pytest.fixture(scope="module")
def result(evaluation: Evaluation) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(plain_result(evaluation)))
    return made


def test_three_functions_are_public_and_typed() -> None:
    assert perfeval.__all__ == ["check", "evaluate", "report"]
    assert all(callable(getattr(perfeval, name)) for name in perfeval.__all__)
    assert (resources.files("perfeval") / "py.typed").is_file()


def test_the_import_is_light() -> None:
    script = f"import sys, perfeval; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_evaluation_says_what_its_result_says(evaluation: Evaluation, result: dict[str, Any]) -> None:
    assert (evaluation.department, evaluation.year, evaluation.kind) == (
        result["department"],
        result["year"],
        result["kind"],
    )
    assert (evaluation.status, evaluation.grade) == (result["status"], result["grade"])
    assert evaluation.total is not None
    assert f"{evaluation.total:.2f}" == result["total"]
    assert [item.item.id for item in evaluation.items] == [item["id"] for item in result["items"]] != []
    assert [f.code for f in evaluation.findings] == [f["code"] for f in result["findings"]]
    assert result["as_of"] == "2026-01-15"


def test_the_frames_hold_rates_as_exact_shares(evaluation: Evaluation) -> None:
    rates = evaluation.frames.projects["execution_rate"].dropna()
    assert len(rates)
    assert all(isinstance(rate, Decimal) and 0 <= rate <= 2 for rate in rates)


def test_a_file_that_cannot_be_read_is_rejected_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"no workbook")
    rejected = perfeval.evaluate(path)
    assert (rejected.status, rejected.department, rejected.year, rejected.total, rejected.grade) == (
        "rejected",
        None,
        None,
        None,
        None,
    )
    assert (rejected.items, rejected.signals, len(rejected.frames.projects)) == ((), (), 0)
    assert [f.fix != "" for f in rejected.findings] == [True]
    RESULT.validate(plain_result(rejected))


def test_calls_that_cannot_be_carried_out_raise_with_a_remedy(tmp_path: Path, workbook: Path) -> None:
    with pytest.raises(NothingToReadError, match=r"不在\.xlsx") as missing:
        perfeval.evaluate(tmp_path / "不在.xlsx")
    assert missing.value.remedy
    with pytest.raises(NothingToReadError):
        perfeval.check([tmp_path])
    with pytest.raises(UsageError):
        perfeval.report([tmp_path], tmp_path)
    with pytest.raises(UsageError):
        perfeval.evaluate(workbook, previous=tmp_path / "没有")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shipped_schema_is_sound(name: str) -> None:
    schema = shipped(name)
    Draft202012Validator.check_schema(schema)
    patterns = [value for key, value in walked(schema) if key == "pattern" and isinstance(value, str)]
    assert patterns
    assert all(p.startswith("^") and p.endswith("$") for p in patterns)


def test_what_both_schemas_define_is_the_same() -> None:
    result, record = (shipped(name)["$defs"] for name in SCHEMAS)
    assert {name: result[name] for name in result.keys() & record.keys()} == {
        name: record[name] for name in result.keys() & record.keys()
    }


def test_a_keyword_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="uniqueItems"):
        rule({"type": "array", "uniqueItems": True})


def test_a_line_break_at_the_end_is_no_number(result: dict[str, Any]) -> None:
    assert is_result(result)
    assert not is_result({**result, "total": "90\n"})


def test_our_reading_of_the_schema_is_that_of_the_library(result: dict[str, Any]) -> None:
    """Each value of a result with one entry of each list becomes each wrong one."""
    short = {key: value[:1] if isinstance(value, list) else value for key, value in result.items()}
    short["measures"] = dict(list(result["measures"].items())[:1])
    assert is_result(short)
    assert RESULT.is_valid(short)
    differing = [
        (way, wrong)
        for way in ways(short)
        for wrong in WRONG
        if is_result(bad := changed(short, way, wrong)) != RESULT.is_valid(bad)
    ]
    assert differing == []


def walked(value: Any) -> list[tuple[str, Any]]:
    """Every key and value, at any depth."""
    inside = value.items() if isinstance(value, dict) else [("", v) for v in value] if isinstance(value, list) else []
    return [pair for key, inner in inside for pair in ((key, inner), *walked(inner))]


def ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in inside for found in ((*way, key), *ways(inner, (*way, key)))]


def changed(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    whole = copy.deepcopy(value)
    part = whole
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = new
    return whole
