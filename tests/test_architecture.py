"""Data flows one way: imports point from later stages to earlier ones only (architecture.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "perfeval"

# Each room and what it may import; `errors` may be imported by all, and any room may import itself.
MAY_IMPORT = {
    "errors": set(),
    "model": set(),
    "findings": {"model"},
    "intake": {"model", "findings"},
    "checks": {"model", "findings", "rules"},
    "rules": {"model", "findings"},
    "regulations": set(),
    "documents": {"model", "findings", "intake", "checks", "rules"},
    "pipeline": {"model", "findings", "intake", "checks", "rules", "documents", "workers"},
    "examples": {"model", "findings", "intake", "checks", "rules", "documents", "pipeline", "roster", "output"},
    # the batch level: the modules around batch.py
    "inbox": {"model"},
    "output": set(),
    "publishing": {"inbox", "output"},
    "output_lock": {"output", "publishing"},
    "workers": {"intake"},
    "roster": {"model", "findings", "intake", "workers"},  # read like a filed workbook, in a worker
    "tasks": {"model", "findings", "intake", "documents", "pipeline", "inbox", "output", "publishing"},
    "run_record": {"documents", "pipeline", "inbox", "output", "publishing", "tasks"},
    "versions": {"model", "findings", "intake", "documents", "output", "publishing"},
    "settling": {
        "model",
        "findings",
        "intake",
        "documents",
        "pipeline",
        "inbox",
        "publishing",
        "workers",
        "roster",
        "tasks",
        "run_record",
        "versions",
        "run",
    },
    "run": {"model", "pipeline", "documents", "inbox", "publishing", "tasks", "run_record", "versions"},
    "batch": {
        "findings",
        "documents",
        "pipeline",
        "inbox",
        "output",
        "publishing",
        "output_lock",
        "workers",
        "roster",
        "tasks",
        "run_record",
        "settling",
        "versions",
        "run",
        "intake",
    },
    "cluster": {"workers"},
    "narration": {"findings", "documents", "pipeline", "inbox", "run", "batch"},
    "chinese_parser": set(),
    "arguments": {"chinese_parser"},
    "cli": {
        "arguments",
        "findings",
        "rules",
        "documents",
        "pipeline",
        "examples",
        "batch",
        "narration",
        "roster",
        "run",
        "inbox",
        "workers",
        "cluster",
        "audit",
        "exchange",
        "whatif",
        "regulation_workbook",
        "output",
    },
    # later rooms: they may import anything up to pipeline, and only cli imports them
    "exchange": {
        "model",
        "findings",
        "intake",
        "checks",
        "rules",
        "regulations",
        "documents",
        "pipeline",
        "inbox",
        "output",
        "publishing",
        "workers",
        "roster",
        "run_record",
        "versions",
    },
    "audit": {"model", "findings", "intake", "checks", "rules", "documents", "pipeline", "workers"},
    "whatif": {"model", "findings", "intake", "checks", "rules", "inbox", "workers"},
    "regulation_workbook": {"model", "findings", "intake", "rules", "output", "workers"},
    "__main__": {"cli"},
    "__init__": set(),
}
THIRD_PARTY = {
    "model": {"pandas", "numpy"},
    "findings": set(),
    "checks": set(),
    "rules": set(),
    "cli": set(),
}
SPREADSHEET_AND_WORD = {"pandas", "openpyxl", "xlsxwriter", "python_calamine", "docx", "docxtpl", "lxml", "rich", "pebble", "numpy"}


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    found = imports(ast.parse(path.read_text(encoding="utf-8")))
    rooms = {name.split(".")[1] for name in found if name.startswith("perfeval.")} - {"__version__"}
    assert rooms - {here, "errors"} <= MAY_IMPORT[here]


@pytest.mark.parametrize("path", [p for p in modules() if room(p) in THIRD_PARTY], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_facts_and_rules_need_no_library_but_the_frames(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {name.split(".")[0] for name in imports(tree)}
    assert found & SPREADSHEET_AND_WORD <= THIRD_PARTY[room(path)]


def test_every_room_is_declared() -> None:
    assert {room(path) for path in modules()} <= set(MAY_IMPORT)


@pytest.mark.parametrize("name", ["cli.py", "arguments.py"])
def test_the_command_line_imports_heavy_things_inside_commands(name: str) -> None:
    top_level = ast.parse((ROOT / name).read_text(encoding="utf-8")).body
    found = set().union(*(imports(node) for node in top_level if isinstance(node, ast.Import | ast.ImportFrom)))
    light = ("perfeval.__version__", "perfeval.arguments.", "perfeval.chinese_parser.", "perfeval.errors.", "perfeval.output.console")
    assert [module for module in sorted(found) if module.startswith("perfeval.") and not module.startswith(light)] == []
