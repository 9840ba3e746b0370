"""The recipes of CONTRIBUTING.md are true: what they name exists, and they are as short as they say."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from places import ROOT

import perfeval.checks
from perfeval.checks.context import Context
from perfeval.checks.run import CHECKS
from perfeval.rules.load import load_regulations

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^## Add (.+?) \((\d) (?:files?|folder)\)\n(.+?)(?=^## |\Z)", TEXT, flags=re.M | re.S)
MOST_FILES = {"a check": 3, "a column": 6, "a scheme": 1, "a document": 2}
PATH = re.compile(r"`((?:perfeval|tests|docs|input_templates|bench)/[^`]*)`")
NAME = re.compile(r"`([A-Za-z_]+)`")


def names_in(path: Path) -> set[str]:
    """Everything a module defines or imports, or that its functions define."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.arg):
            found.add(node.id if isinstance(node, ast.Name) else node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found


def test_the_four_recipes_are_there() -> None:
    assert [name for name, _, _ in RECIPES] == list(MOST_FILES)


@pytest.mark.parametrize(("name", "count", "recipe"), RECIPES, ids=[name for name, _, _ in RECIPES])
def test_a_recipe_is_as_short_as_it_says(name: str, count: str, recipe: str) -> None:
    steps = re.findall(r"^\d\. `[^`]+`", recipe, flags=re.M)
    assert len(steps) == int(count) <= MOST_FILES[name]


@pytest.mark.parametrize("path", sorted(set(PATH.findall(TEXT))))
def test_what_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("step", re.findall(r"^\d\. `.+$", TEXT, flags=re.M), ids=lambda step: step.split("`")[1])
def test_a_step_names_what_is_in_its_file(step: str) -> None:
    path = ROOT / step.split("`")[1]
    names = set(NAME.findall(step))
    assert not names or path.suffix != ".py" or names <= names_in(path)


def test_every_module_of_checks_is_in_the_order() -> None:
    listed = set(CHECKS)
    for module in pkgutil.walk_packages(perfeval.checks.__path__, "perfeval.checks."):
        for check in getattr(importlib.import_module(module.name), "CHECKS", ()):
            assert check in listed, f"{module.name}.{check.__name__}"


def test_every_check_is_in_its_modules_tuple() -> None:
    """A function that takes the Context alone and gives findings is a check; one that is in no tuple would never
    run."""
    listed = {(check.__module__, check.__name__) for check in CHECKS}
    for module in pkgutil.walk_packages(perfeval.checks.__path__, "perfeval.checks."):
        loaded = importlib.import_module(module.name)
        if not hasattr(loaded, "CHECKS") or module.name.endswith(".run"):
            continue
        for node in ast.parse(Path(str(loaded.__file__)).read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and ast.unparse(node.args) == f"context: {Context.__name__}"
            ):
                returned = ast.unparse(node.returns) if node.returns else ""
                assert "[Finding]" not in returned or (module.name, node.name) in listed, f"{module.name}.{node.name}"


def test_the_scheme_of_the_recipe_loads(tmp_path: Path) -> None:
    (scheme,) = re.findall(r"```toml\n(.+?)```", TEXT, flags=re.S)
    (tmp_path / "regulation.toml").write_text(scheme, encoding="utf-8")
    regulation = load_regulations(tmp_path)["county-project-10-90"]
    assert regulation.kind == "项目支出"
    assert regulation.leaves()
