"""The words of 项目类型, and the classes by which projects are scored, added up and reported: data of the form, in
project_types.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class ProjectClass:
    """A class of projects: `name` as a scope or a formula names it, `types` the 项目类型 that belong to it."""

    name: str
    types: tuple[str, ...]
    title: str  # in the report
    sum_title: str  # of its sum in the score workbook
    execution: str  # the key of its execution rate among the built-in facts
    written: str  # how texts write it, as a pattern
    continues: bool = False  # its projects go on from year to year


def _read() -> Mapping[str, Any]:
    return tomllib.loads(files("perfeval.model").joinpath("project_types.toml").read_text(encoding="utf-8"))


_data = _read()
PROJECT_CLASSES = tuple(ProjectClass(**{**entry, "types": tuple(entry["types"])}) for entry in _data["classes"])
PROJECT_TYPES = tuple(kind for one in PROJECT_CLASSES for kind in one.types)
CONTINUING_TYPES = tuple(kind for one in PROJECT_CLASSES if one.continues for kind in one.types)
SPELLINGS: Mapping[str, str] = _data["spellings"]


def types_of(scope: str) -> tuple[str, ...]:
    """The 项目类型 that a class includes; a word that is no class stands for itself."""
    return next((one.types for one in PROJECT_CLASSES if one.name == scope), (scope,))
