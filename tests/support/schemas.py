"""Files of a run held against the JSON Schemas that perfeval ships, by the library jsonschema."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from perfeval.output.schema import shipped

RESULT, RECORD = (
    Draft202012Validator(shipped(name), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name in ("result", "record")
)


def assert_valid(output: Path) -> None:
    """The run record and every set's 结果.json in an output folder, those of superseded versions too."""
    assert_record(json.loads((output / "运行记录.json").read_bytes()))
    for path in output.rglob("结果.json"):
        RESULT.validate(json.loads(path.read_bytes()))


def assert_record(record: Any) -> None:
    RECORD.validate(record)
