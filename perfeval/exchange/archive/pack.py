"""A published set and all it was made from, in one file that proves itself (PACKAGE.zip)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from perfeval.documents.evaluation import PreviousYear
from perfeval.documents.json_text import json_bytes
from perfeval.documents.result import PUBLIC
from perfeval.errors import NothingToReadError, OutputError, UsageError
from perfeval.exchange.archive.compare import differing_documents
from perfeval.exchange.archive.manifest import (
    BUILTIN,
    EARLIER,
    FILED,
    HISTORY,
    LOCAL,
    MANIFEST,
    PREVIOUS,
    RECORD,
    RESULTS,
    TEMPLATES,
    manifest_of,
)
from perfeval.exchange.archive.origin import issued, sha256_line, sha256_path
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive, read_regular, write_archive
from perfeval.exchange.archive.recompute import (
    CannotRecompute,
    Files,
    Inputs,
    builtin_regulations,
    local_regulations,
    recompute,
)
from perfeval.exchange.archive.signature import sign, signature_path
from perfeval.model.names import plain_name
from perfeval.model.text import version_name
from perfeval.output import files
from perfeval.output.publishing import HISTORY_FOLDER
from perfeval.output.record import FOLDER, IDENTITY
from perfeval.output.sets import documents_of, lost_sets, read_result, report_date, result_folders
from perfeval.output.state import (
    MOVE_AWAY,
    RESULT_FILE,
    Json,
    damaged,
    read_record,
)
from perfeval.output.versions import Archive, version_of
from perfeval.rules.load import load_regulations
from perfeval.run.inbox import find
from perfeval.run.workers import Done, run_all
from perfeval.word.package_guard import read_template

AGAIN = "请重新运行 perfeval report，再打包。"


@dataclass(frozen=True, slots=True)
class Options:
    """Where the filed workbooks lie, and what `perfeval report` was given besides: own rules and templates, last year's
    workbooks."""

    inputs: tuple[Path, ...]
    regulations: Path | None = None
    templates: tuple[Path, ...] = ()
    previous: tuple[PreviousYear, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """A set and what became of it: the package, its sha256 and its signature where one was asked for, or the sentence
    that says why there is none."""

    folder: Path
    path: Path | None = None
    sha256: str = ""
    refusal: str = ""
    signature: Path | None = None
    is_unwritable: bool = False  # it was made, but could not be written
    kept: tuple[str, ...] = ()  # sentences about files of others that were set aside


@dataclass(frozen=True, slots=True)
class _Made:
    """What a worker makes of a set: the package's name and bytes, or the sentence that says why there is none."""

    name: str = ""
    content: bytes = b""
    refusal: str = ""
    replaced: str = ""  # the sha256 of the package of ours that is in its place


def pack(path: Path, output: Path, options: Options, jobs: int = 1, key: Any = None) -> tuple[Packed, ...]:
    """Packs one set's folder or every set of an output folder into `output`, each in a worker; `key` signs them
    (signature.load_private_key).

    Raises NothingToReadError, OutputError, RegulationError, TemplateError, UsageError.
    """
    load_regulations(options.regulations)  # a faulty one is reported at once
    alone = files.is_file(path / RESULT_FILE)
    folders, lost = ([path], {}) if alone else (result_folders(path), lost_sets(path))
    if not folders and not lost:
        raise NothingToReadError(
            f"“{path}”里没有可以打包的结果。",
            "请指到结果文件夹（如 output），或其中一个部门的文件夹（如 output/2025/某局）。",
        )
    filed = {c.sha256: c.path for c in find(options.inputs) if c.sha256 and not c.ignored}
    refused = (
        Packed(folder, refusal=f"“{folder}”{instead}，没有打包，也没有动它。{MOVE_AWAY}")
        for folder, instead in lost.items()
    )
    with files.temporary_folder() as work:
        made = run_all(partial(_made, filed, options, output, work), folders, max(1, min(jobs, len(folders))))
        return (*(_packed(done, output, key) for done in made), *refused)


def _packed(done: Done[Path, _Made], output: Path, key: Any) -> Packed:
    """Writes what a worker made, its sha256 and its signature beside it."""
    if done.fault is not None:
        raise done.fault
    made = done.result or _Made(refusal=f"“{done.task}”没有打包：重算时超时或内存不够。\n改法：{AGAIN}")
    if made.refusal:
        return Packed(done.task, refusal=made.refusal)
    target, digest = output / made.name, hashlib.sha256(made.content).hexdigest()
    signature = signature_path(target) if key is not None else None
    contents = {target.name: made.content, sha256_path(target).name: sha256_line(target, digest)}
    ours = {target.name: made.replaced, sha256_path(target).name: _sha256(sha256_line(target, made.replaced))}
    kept = []
    try:
        if signature:
            contents[signature.name] = sign(made.content, key)
            ours[signature.name] = _sha256(sign(read_regular(target), key)) if made.replaced else ""
        for name, content in contents.items():
            kept.append(files.write_over(output, name, content, lambda path: files.sha256(path) == ours[path.name]))
    except (DamagedArchive, OutputError) as error:
        return Packed(done.task, refusal=str(error), is_unwritable=True)
    return Packed(done.task, target, digest, signature=signature, kept=tuple(filter(None, kept)))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _made(filed: Mapping[str, Path], options: Options, output: Path, work: Path, folder: Path) -> _Made:
    try:
        inputs, record = _collected(folder, filed, options)
        parts = package_parts(inputs, _checked(folder, inputs, work), record, _history(folder))
        content = write_archive(parts)
        read_archive(content)  # what verify would not open is no package
    except (CannotRecompute, UsageError) as refusal:
        return _Made(refusal=str(refusal))
    except DamagedArchive as damage:
        return _Made(refusal=f"“{folder}”没有打包：{damage}")
    name = f"{inputs.stem}_归档.zip"
    return _Made(name, content, replaced=issued(output / name))


def package_parts(
    inputs: Inputs, documents: Mapping[str, bytes], record: bytes, history: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Every part of a package by name, its manifest among them; `history` are the documents of superseded versions."""
    parts = {f"{FILED}{inputs.stem}{Path(inputs.file).suffix}": inputs.workbook, RECORD: record}
    for folder, content in (
        (RESULTS, documents),
        (BUILTIN, builtin_regulations()),
        (LOCAL, dict(inputs.regulations)),
        (HISTORY, history),
    ):
        parts |= {f"{folder}{name}": data for name, data in content.items()}
    parts |= {
        f"{folder}{name}": data
        for folder, content in ((TEMPLATES, inputs.templates), (PREVIOUS, inputs.previous), (EARLIER, inputs.earlier))
        for name, data in content
    }
    return {**parts, MANIFEST: manifest_of(inputs, parts).to_bytes()}


def _collected(folder: Path, filed: Mapping[str, Path], options: Options) -> tuple[Inputs, bytes]:
    result = read_result(folder)
    source, documents = result.get("source", {}), documents_of(result)
    if "score_workbook" not in documents:
        raise UsageError(damaged(folder / RESULT_FILE), AGAIN)
    workbook = filed.get(source["sha256"])
    if workbook is None:
        raise UsageError(
            f"找不到“{folder}”所依据的填报工作簿“{source['file']}”，或者它在出结果以后改动过。",
            f"请用 --input 指到放着原来那份工作簿的文件夹；已经改动的，{AGAIN}",
        )
    version = version_of(folder)
    score_workbook = documents["score_workbook"]
    inputs = Inputs(
        workbook=workbook.read_bytes(),
        sha256=source["sha256"],
        file=source["file"],
        stem=score_workbook.removesuffix("_评分表.xlsx"),
        as_of=report_date(result),
        annotated="annotated" in documents,
        public=PUBLIC in documents,
        regulations=tuple(sorted(local_regulations(options.regulations).items())),
        templates=tuple((f"{n}.docx", read_template(path)) for n, path in enumerate(options.templates, start=1)),
        previous=tuple(
            (f"{last.year}.xlsx", last.path.read_bytes())
            for last in options.previous
            if (plain_name(last.department), last.year + 1)
            == (plain_name(result.get("department") or ""), result.get("year"))
        ),
        version=version,
        earlier=_earlier(folder, result, filed),
    )
    return inputs, _record_part(folder.parents[1] / RECORD, source)


def _earlier(folder: Path, result: Json, filed: Mapping[str, Path]) -> Files:
    """The version that was corrected, where 整改对照表 was made from it. Raises UsageError where it is no longer there."""
    predecessor = result.get("predecessor")
    documents = documents_of(result)
    if not isinstance(predecessor, dict) or "corrections" not in documents:
        return ()
    archive, stem = Archive(folder.parents[1]), documents["score_workbook"].removesuffix("_评分表.xlsx")
    sha256, version = predecessor["sha256"], predecessor["version"]
    path = archive.workbook(filed.get(sha256), sha256, stem, version)
    if path is None:
        raise UsageError(
            f"找不到“{folder}”所改自的{version_name(version)}填报工作簿。", "请用 --input 指到放着它的文件夹。"
        )
    return ((f"{stem}_{version_name(version)}.xlsx", path.read_bytes()),)


def _history(folder: Path) -> dict[str, bytes]:
    """The documents of superseded versions, as they lie in 历史. Raises UsageError where a link, a device or a closed
    folder is among them."""
    kept = folder / HISTORY_FOLDER
    if files.kind_of(kept) is files.Kind.NOTHING:
        return {}
    try:
        found = [kept, *sorted(files.all_in(kept))] if files.is_folder(kept) else [kept]
    except OSError as error:
        raise files.unusable(error) from error
    for path in found:
        if not files.is_file(path) and not files.is_folder(path):
            raise UsageError(f"“{path}”是{files.kind_of(path)}，没有打包。", "请把它移走，再打包。")
    return {
        path.relative_to(kept).as_posix(): path.read_bytes() for path in found if files.is_file(path) and path != kept
    }


def _record_part(path: Path, source: Mapping[str, str]) -> bytes:
    """The run record's own line of this workbook, with the run's versions and date; without what names input folders of
    one computer apart."""
    record = read_record(path.parent)
    if not record:
        raise UsageError(f"运行记录“{path}”不在，或者已损坏。", AGAIN)
    own = [line for line in record["inputs"] if (line["file"], line["sha256"]) == (source["file"], source["sha256"])]
    lines = [{key: value for key, value in line.items() if key not in (FOLDER, IDENTITY)} for line in own]
    if not lines:
        raise UsageError(f"运行记录“{path}”里没有“{source['file']}”这一份。", AGAIN)
    return json_bytes({"inputs": lines, "versions": record["versions"], "as_of": record["as_of"]})


def _checked(folder: Path, inputs: Inputs, work: Path) -> dict[str, bytes]:
    """The set's documents as they lie there, once they have been made again and agree. Raises UsageError."""
    again = recompute(inputs, work)
    kept = {name: (folder / name).read_bytes() for name in again if files.is_file(folder / name)}
    differences: Sequence[object] = list(differing_documents(kept, again))
    if differences:
        lines = "\n".join(f"　　{d}" for d in differences)
        raise UsageError(
            f"“{folder}”与重算的结果不一致，没有打包：\n{lines}",
            f"结果改动过，或者出结果时用了自己的指标体系、模板、上年填报（请用 --regulations、--template、--previous 写明）。{AGAIN}",
        )
    return kept
