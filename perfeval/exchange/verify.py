"""A package recomputed from what was filed, offline: 一致, or what differs, part by part."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfeval import __version__
from perfeval.errors import UsageError
from perfeval.exchange.archive import Archive, DamagedArchive, read_archive, read_package_file, write_archive
from perfeval.exchange.compare import Difference, differing_documents
from perfeval.exchange.manifest import (
    BUILTIN,
    EARLIER,
    FILED,
    LOCAL,
    MANIFEST,
    PREVIOUS,
    RECORD,
    RESULTS,
    TEMPLATES,
    Manifest,
    below,
    read_manifest,
)
from perfeval.exchange.recompute import CannotRecompute, Inputs, builtin_regulations, recompute
from perfeval.output.state import RESULT_FILE

INPUT_FOLDERS = (FILED, EARLIER, PREVIOUS, LOCAL, TEMPLATES)
Recompute = Callable[[Inputs], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a package: its sha256 and every difference; none means 一致."""

    sha256: str
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything is as it was packed and as it is computed again."""
        return not self.differences


def verify_file(path: Path) -> Verdict:
    """Verifies PACKAGE.zip. Raises UsageError where there is no such file."""
    if not path.is_file():
        raise UsageError(f"找不到归档包“{path}”。", "请检查文件的名称和位置。")
    try:
        return verify(read_package_file(path))
    except DamagedArchive as damage:
        return Verdict("", (Difference("", str(damage)),))


def verify(content: bytes, again: Recompute = recompute) -> Verdict:
    """Verifies a package's bytes; `again` makes the set once more from its inputs."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        archive = read_archive(content)
    except DamagedArchive as damage:
        return Verdict(digest, (Difference("", str(damage)),))
    return Verdict(digest, tuple(_differences(archive, content, again)))


def _differences(archive: Archive, content: bytes, again: Recompute) -> Iterator[Difference]:
    parts = archive.parts
    manifest = read_manifest(parts[MANIFEST]) if MANIFEST in parts else None
    changed = [
        *(Difference(name, "内容已经损坏，与校验值不符。") for name in archive.broken),
        *(_changed(manifest, archive) if manifest else ()),
    ]
    yield from changed
    if manifest is None:
        if MANIFEST not in archive.broken:
            yield Difference(MANIFEST, "不在包里，或者改动过。没有清单，不能重算。")
        return
    if not changed and write_archive(parts) != content:
        yield Difference("", "压缩包本身改动过（文件内容没有变，目录或附加信息变了）。")
    if manifest.perfeval != __version__:
        yield Difference(
            "",
            f"这个包由 {manifest.perfeval} 版程序生成，现在的程序是 {__version__} 版：请用原来的版本核对；下面是用现在的版本重算的结果。",
        )
    yield from _other_rules(parts, manifest)
    told = {difference.part for difference in changed}
    if any(part.startswith(INPUT_FOLDERS) for part in told):
        yield Difference("", "重算所依据的内容改动过，没有重算。")
        return
    yield from (difference for difference in _recomputed(parts, manifest, again) if difference.part not in told)


def _changed(manifest: Manifest, archive: Archive) -> Iterator[Difference]:
    """Parts that are not what the manifest says."""
    found = {name: hashlib.sha256(content).hexdigest() for name, content in archive.parts.items() if name != MANIFEST}
    for name in sorted((found.keys() | manifest.parts.keys()) - set(archive.broken)):
        if name not in found:
            yield Difference(name, "清单里有，包里没有。")
        elif name not in manifest.parts:
            yield Difference(name, "包里有，清单里没有。")
        elif found[name] != manifest.parts[name]:
            yield Difference(name, "内容与“清单.json”里的校验值不符，两者之一改动过。")


def _other_rules(parts: Mapping[str, bytes], manifest: Manifest) -> Iterator[Difference]:
    """The rules in the package against those of this program: a rule that is missing or another is told in its own sentence."""
    packed, own = below(parts, BUILTIN), builtin_regulations()
    for name in sorted(packed.keys() | own.keys()):
        regulation = name.split("/")[0]
        if name not in packed:
            where = "" if f"{BUILTIN}{name}" in manifest.parts else "打包以后程序新增了它，"
            yield Difference(f"{BUILTIN}{name}", f"包里没有指标体系“{regulation}”，{where}重算用的是程序自带的。")
        elif name not in own:
            yield Difference(
                f"{BUILTIN}{name}", f"现在的程序没有指标体系“{regulation}”，不能按它重算。请用 {manifest.perfeval} 版程序核对。"
            )
        elif packed[name] != own[name]:
            yield Difference(f"{BUILTIN}{name}", f"指标体系“{regulation}”与现在程序自带的不同，重算用的是程序自带的。")


def _recomputed(parts: Mapping[str, bytes], manifest: Manifest, again: Recompute) -> Iterator[Difference]:
    filed = list(below(parts, FILED).values())
    if len(filed) != 1:
        yield Difference(FILED.rstrip("/"), "包里应有一份填报工作簿，没有它不能重算。")
        return
    inputs = Inputs(
        workbook=filed[0],
        sha256=hashlib.sha256(filed[0]).hexdigest(),
        file=manifest.file,
        stem=manifest.stem,
        as_of=manifest.as_of,
        annotated=manifest.annotated,
        regulations=tuple(sorted(below(parts, LOCAL).items())),
        templates=tuple(sorted(below(parts, TEMPLATES).items())),
        previous=tuple(sorted(below(parts, PREVIOUS).items())),
        version=manifest.version,
        earlier=tuple(sorted(below(parts, EARLIER).items())),
    )
    try:
        made = again(inputs)
    except CannotRecompute as refusal:
        yield Difference("", f"不能重算：{refusal}")
        return
    documents = below(parts, RESULTS)
    yield from differing_documents(documents, made, RESULTS)
    yield from _other_record(parts.get(RECORD, b""), inputs, manifest, json.loads(made[RESULT_FILE]))


def _other_record(content: bytes, inputs: Inputs, manifest: Manifest, result: Mapping[str, object]) -> Iterator[Difference]:
    """The run record's line against what it must be."""
    try:
        record = json.loads(content)
        (line,) = record["inputs"]
        told = {key: line[key] for key in ("file", "sha256", "status", "findings")}
        version, outputs = record["versions"]["perfeval"], {path.rsplit("/", 1)[-1]: digest for path, digest in line["outputs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        yield Difference(RECORD, "不在包里，或者读不出来。")
        return
    kept = {name.removeprefix(RESULTS): digest for name, digest in manifest.parts.items() if name.startswith(RESULTS)}
    findings = result["findings"]
    due = {
        "file": inputs.file,
        "sha256": inputs.sha256,
        "status": result["status"],
        "findings": len(findings) if isinstance(findings, list) else 0,
    }
    for key, name in (("file", "文件名"), ("sha256", "校验值"), ("status", "状态"), ("findings", "问题条数")):
        if told[key] != due[key]:
            yield Difference(RECORD, f"{name}是“{told[key]}”，重算是“{due[key]}”。")
    if version != manifest.perfeval:
        yield Difference(RECORD, f"程序版本是“{version}”，清单里是“{manifest.perfeval}”。")
    if any(outputs.get(name) != digest for name, digest in kept.items()):
        yield Difference(RECORD, "所记的文档校验值与包里的文档不符。")
