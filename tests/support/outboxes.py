"""Small output folders to hand over: sets as perfeval publishes them, with as little in their documents as the outbox
looks at."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from perfeval.documents.json_text import json_bytes
from perfeval.exchange.mail.outbox import fill_outbox
from perfeval.output.seal import sealed_object
from perfeval.run.roster import Contact, Roster

TEXTS = ("code", "label", "found", "expected", "message", "fix", "clause")
FINDING: dict[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    "severity": "error",
    "sheet": None,
    "cell": None,
    "answered": False,
}
PROJECT_KEYS = (
    "name",
    "type",
    "initial_budget",
    "adjusted_budget",
    "executed",
    "execution_rate",
    "carryover_rate",
    "total",
    "declared",
    "grade",
)
PROJECT: dict[str, Any] = {**dict.fromkeys(PROJECT_KEYS), "row": 3}
ITEM: dict[str, Any] = {
    **dict.fromkeys(("id", "name", "explanation", "clause", "confidence"), ""),
    **dict.fromkeys(("parent", "max", "score", "declared")),
    "level": 1,
    "basis": "computed",
    "operands": [],
}


def question(answered: bool = False) -> dict[str, Any]:
    return {**FINDING, "severity": "question", "answered": answered}


ERROR = FINDING


def published(output: Path, department: str, year: int = 2025, text: str = "", **changes: Any) -> Path:
    """A reported set in `output`, recorded in its run record; `text` makes its documents differ from another's;
    `changes` go into 结果.json."""
    stem = f"{department}_{year}"
    documents = {"score_workbook": f"{stem}_评分表.xlsx", "report": f"{stem}_自评报告.docx", "returned": None}
    result = {
        "schema": "1.0",
        "as_of": "2026-01-15",
        "source": {"file": f"{department}.xlsx", "sha256": "0" * 64},
        "status": "reported",
        "department": department,
        "year": year,
        "kind": "部门整体",
        "regulation": None,
        "total": "93.50",
        "max": "100",
        "grade": "优",
        "declared_total": None,
        "unscored": 0,
        "indicators": [],
        "measures": {},
        "signals": [],
        "findings": [],
        "documents": documents,
        **changes,
        "items": [{**ITEM, **item} for item in changes.get("items", ())],
        "projects": [{**PROJECT, **project} for project in changes.get("projects", ())],
    }
    folder = output / str(year) / department
    folder.mkdir(parents=True, exist_ok=True)
    made = [name for name in result["documents"].values() if name]
    files = {name: f"{name} {text}".encode() for name in made}
    files["结果.json"] = json.dumps(result, ensure_ascii=False).encode()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    _record(
        output,
        f"{department}.xlsx",
        {f"{year}/{department}/{n}": hashlib.sha256(c).hexdigest() for n, c in files.items()},
    )
    return folder


def _record(output: Path, file: str, outputs: Mapping[str, str]) -> None:
    path = output / "运行记录.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    line = {"file": file, "sha256": "0" * 64, "status": "reported", "reason": "", "outputs": dict(outputs)}
    record = {
        "schema": "1.1",
        "inputs": [*(i for i in before.get("inputs", ()) if i["file"] != file), line],
        "versions": {},
        "as_of": None,
        "written": before.get("written", {}),
    }
    path.write_bytes(sealed_object(json_bytes(record)))


def roster(*rows: tuple[str, ...]) -> Roster:
    """A roster of (部门, 收件人, 抄送, 截止日期), the latter ones optional; its first department is in row 2."""
    contacts = tuple(Contact(number, *row) for number, row in enumerate(rows, start=2))
    return Roster(tuple(dict.fromkeys(c.department for c in contacts)), contacts)


def filled_outbox(output: Path, departments: Sequence[str]) -> list[Path]:
    """An outbox with a letter for each department, by name."""
    for department in departments:
        published(output, department)
    fill_outbox(output, roster(*((d, f"r{n}@example.com") for n, d in enumerate(departments))))
    return sorted((output / "发件箱").glob("*.eml"))
