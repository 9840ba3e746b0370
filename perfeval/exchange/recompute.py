"""From what was filed to its documents once more: everything a set depends on, as bytes, and the set that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path

from perfeval.documents.json_text import json_bytes
from perfeval.documents.package import FIRST_VERSION
from perfeval.errors import PerfevalError
from perfeval.intake.identify import identify
from perfeval.output import files
from perfeval.output.state import RESULT_FILE
from perfeval.pipeline import DocumentSet, PreviousYear, Settings, evaluate, plain_result, revised, tools, write_documents
from perfeval.rules.load import FILE as REGULATION_FILE
from perfeval.workers import run_all

Files = tuple[tuple[str, bytes], ...]


class CannotRecompute(Exception):  # noqa: N818  (not an error of the program: the message says what is missing)
    """The set cannot be made again; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides a set's bytes besides the program: the filed workbook, its name, the names' stem, the report date, local rules, templates.

    `version` of the filing it is; `earlier` a workbook with the values of the version it corrects, where 整改对照表 was made from one.
    """

    workbook: bytes
    sha256: str
    file: str
    stem: str
    as_of: date
    annotated: bool = False
    regulations: Files = ()  # “<folder>/regulation.toml” of the bureau's own
    templates: Files = ()
    previous: Files = ()  # last year's workbook, where the run was given it
    version: int = 1
    earlier: Files = ()


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    inputs: Inputs
    previous: tuple[Path, ...]
    earlier: tuple[Path, ...]


def recompute(inputs: Inputs) -> Mapping[str, bytes]:
    """The set's files by name, 结果.json among them, made in a worker. Raises CannotRecompute."""
    with files.temporary_folder() as folder:
        path = folder / "filed.xlsx"
        files.write_new(path, inputs.workbook)
        previous, earlier = _written(inputs.previous, folder / "previous"), _written(inputs.earlier, folder / "earlier")
        settings = _settings(inputs, folder)
        try:
            tools(settings)  # a faulty rule or template is told in its own words
        except PerfevalError as error:
            raise CannotRecompute(str(error)) from error
        (done,) = run_all(partial(_recompute_one, settings), [_Task(path, inputs, previous, earlier)], 1)
    if done.result is None:
        raise CannotRecompute("重算没有完成：处理填报工作簿时超时、内存不够或程序出错。")
    return {**done.result.files, RESULT_FILE: json_bytes(done.result.result)}


def _written(workbooks: Files, folder: Path) -> tuple[Path, ...]:
    """Workbooks as files of safe names."""
    return tuple(files.write_file(folder, f"{number}.xlsx", content) for number, (_, content) in enumerate(workbooks))


def _settings(inputs: Inputs, folder: Path) -> Settings:
    for name, content in (*((f"regulations/{n}", c) for n, c in inputs.regulations), *((f"templates/{n}", c) for n, c in inputs.templates)):
        files.write_file(folder, name, content)
    regulations = folder / "regulations" if inputs.regulations else None
    templates = tuple(folder / "templates" / name for name, _ in inputs.templates)
    return Settings(inputs.as_of, inputs.as_of, regulations, templates, inputs.annotated)


def _recompute_one(settings: Settings, task: _Task) -> DocumentSet:
    settings = replace(settings, previous=tuple(_previous_year(path) for path in task.previous))
    evaluated = evaluate(task.path, task.inputs.file, settings)
    if evaluated.package is None:
        return DocumentSet({}, plain_result(evaluated, task.inputs.sha256))
    filed, version = (
        evaluated.package.revision,
        task.inputs.version,
    )  # the first version corrects nothing, whatever its workbook was begun with
    revision = replace(filed, version=max(filed.version, version)) if filed.predecessor and version > 1 else FIRST_VERSION
    evaluated = revised(evaluated, revision)
    return write_documents(evaluated, task.inputs.workbook, task.inputs.stem, settings, next(iter(task.earlier), None))


def _previous_year(path: Path) -> PreviousYear:
    one = identify(path)
    return PreviousYear(one.department or "", one.year or 0, path, "")


def builtin_regulations() -> dict[str, bytes]:
    """The rule files that come with this program, as “<folder>/regulation.toml”."""
    folders = [f for f in resources.files("perfeval.regulations").iterdir() if f.is_dir() and f.joinpath(REGULATION_FILE).is_file()]
    return {f"{f.name}/{REGULATION_FILE}": f.joinpath(REGULATION_FILE).read_bytes() for f in folders}


def local_regulations(extra: Path | None) -> dict[str, bytes]:
    """The rule files of a bureau's own folder: of regulation folders, or of one regulation."""
    if extra is None:
        return {}
    folders = [extra.resolve()] if (extra / REGULATION_FILE).is_file() else [f for f in sorted(extra.iterdir()) if f.is_dir()]
    return {f"{f.name}/{REGULATION_FILE}": (f / REGULATION_FILE).read_bytes() for f in folders if (f / REGULATION_FILE).is_file()}
