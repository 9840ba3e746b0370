"""From what was filed to its documents once more: everything a set depends on, as bytes, and the set that comes of
it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path

from perfeval.documents.evaluation import FIRST_VERSION, REJECTED, Evaluation, PreviousYear, Revision, Settings
from perfeval.documents.json_text import json_bytes
from perfeval.errors import OutputError, PerfevalError
from perfeval.filing.identify import identify
from perfeval.output import files
from perfeval.output.state import RESULT_FILE
from perfeval.rules.load import FILE as REGULATION_FILE
from perfeval.run.pipeline import DocumentSet, evaluate, plain_result, revised, write_documents

Files = tuple[tuple[str, bytes], ...]


class CannotRecompute(Exception):  # noqa: N818  (not an error of the program: the message says what is missing)
    """The set cannot be made again; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides a set's bytes in addition to the program: the filed workbook, its name, the names' stem, the
    report date, local rules, templates.

    `template_version` is what 评分表 names as the templates' version, where that is not the version of `templates`.
    `version` of the filing it is; `earlier` a workbook with the values of the version it corrects, where 整改对照表 was made
    from one.
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
    template_version: str = ""
    public: bool = False


def recompute(inputs: Inputs, work: Path | None = None) -> Mapping[str, bytes]:
    """The set's files by name, 结果.json among them; to be called in a worker. What it writes on the way lies below
    `work`. Raises CannotRecompute, and OutputError where there is no room for that."""
    with files.temporary_folder(work) as folder:
        try:
            made = _recompute(inputs, folder)
        except OutputError:  # no room for what is written on the way says nothing of the set
            raise
        except PerfevalError as error:  # a faulty rule or template is reported in its own words
            raise CannotRecompute(str(error)) from error
        except OSError as error:
            raise files.no_room(error) from error
        except Exception as error:
            if not inputs.regulations:
                raise
            raise CannotRecompute(
                f"按自己的指标体系算不出来（{type(error).__name__}）。"
            ) from error  # rules of others may be anything
    return {**made.files, RESULT_FILE: json_bytes(made.result)}


def _written(workbooks: Files, folder: Path) -> tuple[Path, ...]:
    """Workbooks as files of safe names."""
    return tuple(files.write_file(folder, f"{number}.xlsx", content) for number, (_, content) in enumerate(workbooks))


def _settings(inputs: Inputs, folder: Path) -> Settings:
    for name, content in (
        *((f"regulations/{n}", c) for n, c in inputs.regulations),
        *((f"templates/{n}", c) for n, c in inputs.templates),
    ):
        files.write_file(folder, name, content)
    regulations = folder / "regulations" if inputs.regulations else None
    templates = tuple(folder / "templates" / name for name, _ in inputs.templates)
    return Settings(inputs.as_of, inputs.as_of, regulations, templates, inputs.annotated, public=inputs.public)


def _recompute(inputs: Inputs, folder: Path) -> DocumentSet:
    path = folder / "filed.xlsx"
    files.write_new(path, inputs.workbook)
    earlier = _written(inputs.earlier, folder / "earlier")
    previous = tuple(map(_previous_year, _written(inputs.previous, folder / "previous")))
    settings = replace(_settings(inputs, folder), previous=previous)
    evaluation = evaluate(path, inputs.file, settings)
    if evaluation.status == REJECTED:
        return DocumentSet({}, plain_result(evaluation))
    evaluation = revised(_naming(evaluation, inputs.template_version), _revision(evaluation.revision, inputs.version))
    return write_documents(evaluation, inputs.stem, settings, next(iter(earlier), None))


def _revision(filed: Revision, version: int) -> Revision:
    """The first version corrects nothing, whatever its workbook was begun with."""
    return replace(filed, version=max(filed.version, version)) if filed.predecessor and version > 1 else FIRST_VERSION


def _naming(evaluation: Evaluation, template_version: str) -> Evaluation:
    """The same workbook, its documents naming these templates."""
    return (
        replace(evaluation, versions={**evaluation.versions, "template": template_version})
        if template_version
        else evaluation
    )


def _previous_year(path: Path) -> PreviousYear:
    one = identify(path)
    return PreviousYear(one.department or "", one.year or 0, path, "")


def builtin_regulations() -> dict[str, bytes]:
    """The rule files that come with this program, as “<folder>/regulation.toml”."""
    folders = [
        f
        for f in resources.files("perfeval.regulations").iterdir()
        if f.is_dir() and f.joinpath(REGULATION_FILE).is_file()
    ]
    return {f"{f.name}/{REGULATION_FILE}": f.joinpath(REGULATION_FILE).read_bytes() for f in folders}


def local_regulations(extra: Path | None) -> dict[str, bytes]:
    """The rule files of a bureau's own folder: of regulation folders, or of one regulation."""
    if extra is None:
        return {}
    folders = (
        [extra.resolve()] if (extra / REGULATION_FILE).is_file() else [f for f in sorted(extra.iterdir()) if f.is_dir()]
    )
    return {
        f"{f.name}/{REGULATION_FILE}": (f / REGULATION_FILE).read_bytes()
        for f in folders
        if (f / REGULATION_FILE).is_file()
    }
