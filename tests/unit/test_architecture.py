"""Imports point one way (docs/开发/架构.md): a room may import those of the lines above its own, and itself."""

import ast
from pathlib import Path

import places
import pytest

ROOT = places.ROOT / "perfeval"

# Rooms on one line do not import each other. `api` is perfeval/__init__.py.
ORDER = (
    ("errors",),
    ("model",),
    ("findings", "prose"),
    ("excel",),
    ("word",),
    ("filing", "rules", "regulations"),
    ("checks", "documents"),
    ("output",),
    ("blank",),
    ("run",),
    ("exchange", "schemes", "prefill"),
    ("audit",),  # tables of finished reports are read as prefill reads forms
    ("api",),
    ("page",),
    ("cli",),
    ("__main__",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
FILES_AT_THE_TOP = {"__init__.py", "__main__.py", "errors.py"}
# Rooms of plain values and rules: no spreadsheet, no document, no process. pandas is the pipeline.
WITHOUT_LIBRARIES = ("model", "findings", "prose", "rules", "checks")
LOADED_LATE = {
    "cli/progress.py",
    "cli/watching.py",
    "cli/console.py",
}  # by the commands that show progress
LIBRARIES = {"openpyxl", "xlsxwriter", "python_calamine", "docx", "docxtpl", "lxml", "rich", "pebble"}

MODULES = sorted(ROOT.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return "api" if first == "__init__" else first


def imports(*nodes: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def rooms_of(found: set[str]) -> set[str]:
    """The rooms a set of imports reaches; what is imported from `perfeval` itself is the API, except for the
    version."""
    parts = [name.split(".") for name in found if name.split(".")[0] == "perfeval"]
    return {p[1] if p[1] in RANK else "api" for p in parts if len(p) > 1 and p[1] != "__version__"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    assert {other for other in rooms_of(imports(tree(path))) - {here} if RANK[other] >= RANK[here]} == set()


def test_every_room_is_declared_and_nothing_lies_on_the_roof() -> None:
    assert {room(path) for path in MODULES} <= set(RANK)
    assert {path.name for path in ROOT.glob("*.py")} == FILES_AT_THE_TOP


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in WITHOUT_LIBRARIES], ids=name_of)
def test_facts_and_rules_need_no_library(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(tree(path))} & LIBRARIES == set()


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in ("cli", "api") and name_of(p) not in LOADED_LATE], ids=name_of
)
def test_the_command_line_imports_heavy_things_inside_commands(path: Path) -> None:
    top = [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    light = ("perfeval.__version__", "perfeval.cli.", "perfeval.errors.")
    assert [name for name in sorted(imports(*top)) if name.startswith("perfeval.") and not name.startswith(light)] == []
