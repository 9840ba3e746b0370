"""The made-up county whose rules use everything a regulation may bring of its own, and its worked cases."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import places
from rule_workbooks import filled, saved

from perfeval.documents.evaluation import Evaluation, Settings
from perfeval.model.regulation import Regulation
from perfeval.rules.load import load_regulations
from perfeval.run.pipeline import evaluate

FOLDER = places.ROOT / "tests" / "data" / "example_county"
SETTINGS = Settings(today=date(2026, 3, 1), regulations=FOLDER)
WORKED: dict[str, Any] = json.loads((FOLDER / "worked.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in WORKED["cases"]}


@cache
def county() -> Regulation:
    return load_regulations(FOLDER)[WORKED["regulation"]]


def workbook(sheets: dict[str, Any]) -> bytes:
    return filled(county(), load_regulations(FOLDER), sheets, WORKED["year"])


def evaluated(sheets: dict[str, Any], folder: Path) -> Evaluation:
    path = saved(workbook(sheets), folder)
    return evaluate(path, path.name, SETTINGS)
