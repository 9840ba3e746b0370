"""A package recomputed from what was filed, offline: 一致, or what differs, part by part; and what of it proves
nothing."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from perfeval import __version__
from perfeval.documents.json_text import json_bytes
from perfeval.documents.kinds import KINDS
from perfeval.exchange.archive.compare import KEY_NAMES, Difference, differing_documents
from perfeval.exchange.archive.judge import JudgedTemplates, judge_regulations, judge_templates, misplaced
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
    Manifest,
    below,
    read_manifest,
)
from perfeval.exchange.archive.parcel import Archive, DamagedArchive, read_archive, write_archive
from perfeval.exchange.archive.recompute import CannotRecompute, Inputs, builtin_regulations, recompute
from perfeval.output.record import facts_of
from perfeval.output.sets import documents_of
from perfeval.output.state import RESULT_FILE, written_value

INPUT_FOLDERS = (FILED, EARLIER, PREVIOUS, LOCAL, TEMPLATES)
RECORD_NAMES = {
    **KEY_NAMES,
    "file": "文件名",
    "sha256": "校验值",
    "status": "状态",
    "findings": "问题条数",
    "answered": "已说明的条数",
    "version": "版本",
    "reason": "说明",
    "errors": "错误条数",
    "questions": "疑点条数",
    "fingerprint": "指纹",
    "texts": "文字摘要",
    "versions": "指标体系和模板的版本",
    "as_of": "指定的报告日期",
    "counts": "份数",
}
Recompute = Callable[[Inputs], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a package: its sha256 and every difference.

    `unfinished` says why the program did not get to the end, which says nothing of the package. `unmade` are documents
    that were not made again, since their template is not known; `remade` those that were, and are the same. `identical`
    are parts that are those of this program or the operator's, byte for byte, `unproven` those held against the
    manifest alone, `trusted` those that the recomputing rests on; `origin` what else was proven, in words.
    """

    sha256: str
    differences: tuple[Difference, ...] = ()
    unfinished: str = ""
    unmade: tuple[str, ...] = ()
    remade: tuple[str, ...] = ()
    identical: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the package is at one with itself and every document is as it is made again."""
        return not (self.differences or self.unmade or self.unfinished)


@dataclass(slots=True)
class _Found:
    """A verdict in the making."""

    differences: list[Difference] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)
    remade: list[str] = field(default_factory=list)
    identical: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    trusted: list[str] = field(default_factory=list)


def verify(content: bytes, again: Recompute = recompute, templates: Set[str] = frozenset()) -> Verdict:
    """Verifies a package's bytes, to be called in a worker; `again` makes the set once more, `templates` are the sha256
    the operator vouches for."""
    digest = hashlib.sha256(content).hexdigest()
    found = _Found()
    try:
        _verify(read_archive(content), content, again, templates, found)
    except DamagedArchive as damage:
        found.differences.append(Difference("", str(damage)))
    lists = tuple(
        tuple(parts) for parts in (found.unmade, found.remade, found.identical, found.unproven, found.trusted)
    )
    return Verdict(digest, tuple(found.differences), "", *lists)


def _verify(archive: Archive, content: bytes, again: Recompute, templates: Set[str], found: _Found) -> None:
    parts = archive.parts
    manifest = read_manifest(parts[MANIFEST]) if MANIFEST in parts else None
    found.differences += [Difference(name, "内容已经损坏，与校验值不符。") for name in archive.broken]
    if manifest is None:
        if MANIFEST not in archive.broken:
            found.differences.append(Difference(MANIFEST, "不在包里，或者改动过。没有清单，不能重算。"))
        return
    found.differences += _changed(manifest, archive)
    changed = {difference.part for difference in found.differences}
    if not changed and write_archive(parts) != content:
        found.differences.append(Difference("", "压缩包本身改动过（文件内容没有变，目录或附加信息变了）。"))
    found.differences += misplaced(parts.keys() & manifest.parts.keys())
    if manifest.perfeval != __version__:
        sentence = f"这个包由 {manifest.perfeval} 版程序生成，现在的程序是 {__version__} 版：请用原来的版本核对；下面是用现在的版本重算的结果。"
        found.differences.append(Difference("", sentence))
    found.differences += _other_rules(parts, manifest)
    unsafe = list(judge_regulations(below(parts, LOCAL)))
    found.differences += unsafe
    if unsafe or any(part.startswith(INPUT_FOLDERS) for part in changed):
        found.differences.append(Difference("", "重算所依据的内容改动过或者不能用，没有重算。"))
        return
    _recomputed(parts, manifest, again, templates, changed, found)


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
    """The rules in the package against those of this program: a rule that is missing or another is reported in its own
    sentence."""
    packed, own = below(parts, BUILTIN), builtin_regulations()
    for name in sorted(packed.keys() | own.keys()):
        regulation = name.split("/")[0]
        if name not in packed:
            where = "" if f"{BUILTIN}{name}" in manifest.parts else "打包以后程序新增了它，"
            yield Difference(f"{BUILTIN}{name}", f"包里没有指标体系“{regulation}”，{where}重算用的是程序自带的。")
        elif name not in own:
            yield Difference(
                f"{BUILTIN}{name}",
                f"现在的程序没有指标体系“{regulation}”，不能按它重算。请用 {manifest.perfeval} 版程序核对。",
            )
        elif packed[name] != own[name]:
            yield Difference(f"{BUILTIN}{name}", f"指标体系“{regulation}”与现在程序自带的不同，重算用的是程序自带的。")


def _recomputed(
    parts: Mapping[str, bytes], manifest: Manifest, again: Recompute, given: Set[str], changed: Set[str], found: _Found
) -> None:
    """Makes the set again and holds the package against it; parts that `changed` are reported already."""
    filed = list(below(parts, FILED).values())
    if len(filed) != 1:
        found.differences.append(Difference(FILED.rstrip("/"), "包里应有一份填报工作簿，没有它不能重算。"))
        return
    record = _record(parts.get(RECORD, b""))
    templates = judge_templates(below(parts, TEMPLATES), given, record.get("versions", {}).get("template"))
    inputs = _inputs(parts, manifest, filed[0], templates)
    try:
        made = again(inputs)
    except CannotRecompute as refusal:
        found.differences.append(Difference("", f"不能重算：{' '.join(str(refusal).split())}"))
        return
    result = written_value(made[RESULT_FILE])
    kept, documents = below(parts, RESULTS), documents_of(result)
    decided = {f"{RESULTS}{documents.get(kind.key)}" for kind in KINDS if kind.is_rendered}
    rendered = decided & parts.keys() if templates.foreign else set()
    unmade = {part.removeprefix(RESULTS) for part in rendered}
    different = list(differing_documents(kept, {**made, RESULT_FILE: _with_hashes(result, kept, unmade)}, RESULTS))
    found.unmade += sorted(rendered - changed)
    other = [*(d for d in different if d.part not in rendered), *(_other_record(record, inputs, manifest, result))]
    found.differences += [d for d in other if d.part not in changed]
    named = {d.part for d in found.differences} | set(found.unmade)
    found.remade += [name for name in sorted(below(parts, RESULTS)) if f"{RESULTS}{name}" not in named]
    same = [name for name in below(parts, BUILTIN) if f"{BUILTIN}{name}" not in named]
    found.identical += [f"{BUILTIN}（{len(same)} 个文件）", *(f"{TEMPLATES}{name}" for name, _ in templates.known)]
    found.unproven += _unproven(parts, templates, record, inputs, result)
    found.trusted += _trusted(parts)


def _with_hashes(result: dict[str, Any], kept: Mapping[str, bytes], unmade: Set[str]) -> bytes:
    """结果.json with the hashes of the documents that were not made again as they are in the package."""
    for document in result["documents"].values():
        if document and document["file"] in unmade:
            document["sha256"] = hashlib.sha256(kept[document["file"]]).hexdigest()
    return json_bytes(result)


def _inputs(parts: Mapping[str, bytes], manifest: Manifest, filed: bytes, templates: JudgedTemplates) -> Inputs:
    return Inputs(
        workbook=filed,
        sha256=hashlib.sha256(filed).hexdigest(),
        file=manifest.file,
        stem=manifest.stem,
        as_of=manifest.as_of,
        annotated=manifest.annotated,
        public=manifest.public,
        regulations=tuple(sorted(below(parts, LOCAL).items())),
        templates=templates.known,
        previous=tuple(sorted(below(parts, PREVIOUS).items())),
        version=manifest.version,
        earlier=tuple(sorted(below(parts, EARLIER).items())),
        template_version=templates.version,
    )


def _record(content: bytes) -> dict[str, Any]:
    """The run record's part; {} where it is not what `perfeval pack` writes."""
    try:
        read = written_value(content)
        (line,) = read["inputs"]
        is_sound = isinstance(line["outputs"], dict) and isinstance(read["versions"], dict)
    except (ValueError, LookupError, TypeError):
        return {}
    return read if is_sound else {}


def _other_record(
    record: Mapping[str, Any], inputs: Inputs, manifest: Manifest, result: Mapping[str, Any]
) -> Iterator[Difference]:
    """The run record's line against what it must be."""
    if not record:
        yield Difference(RECORD, "不在包里，或者读不出来。")
        return
    (line,) = record["inputs"]
    for key, due in _due(line, inputs, result).items():
        if key not in line or line[key] != due:
            yield Difference(RECORD, f"{RECORD_NAMES.get(key, key)}是“{line.get(key)}”，重算是“{due}”。")
    version = record["versions"].get("perfeval")
    if version != manifest.perfeval:
        yield Difference(RECORD, f"程序版本是“{version}”，清单里是“{manifest.perfeval}”。")
    kept = {name.removeprefix(RESULTS): digest for name, digest in manifest.parts.items() if name.startswith(RESULTS)}
    if (
        len(line["outputs"]) != len(kept)
        or {path.rsplit("/", 1)[-1]: digest for path, digest in line["outputs"].items()} != kept
    ):
        yield Difference(RECORD, "所记的文档校验值与包里的文档不符。")


def _due(line: Mapping[str, Any], inputs: Inputs, result: Mapping[str, Any]) -> dict[str, Any]:
    """What the line must say, as far as the recomputing says it; whatever it repeats of the results is held against
    them."""
    repeated = {key: result[key] for key in line if key in result and not isinstance(result[key], dict | list)}
    return {
        **repeated,
        **{key: value for key, value in facts_of(dict(result)).items() if key in line},
        "file": inputs.file,
        "sha256": inputs.sha256,
        "status": result["status"],
        **_counts(line, result["findings"]),
    }


def _counts(line: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many findings the line must say: records of earlier versions counted the answered questions among them."""
    answered = sum(1 for finding in findings if finding["answered"])
    if "answered" not in line:
        return {"findings": len(findings)}
    return {"findings": len(findings) - answered, "answered": answered}


def _unproven(
    parts: Mapping[str, bytes],
    templates: JudgedTemplates,
    record: Mapping[str, Any],
    inputs: Inputs,
    result: Mapping[str, Any],
) -> Iterator[str]:
    """Parts of which nothing is known but that they are what the manifest says."""
    if history := below(parts, HISTORY):
        yield f"{HISTORY}（{len(history)} 个文件）"
    yield from (f"{TEMPLATES}{name}（不认识的 Word 模板，没有打开）" for name in templates.foreign)
    if record:
        (line,) = record["inputs"]
        checked = {*_due(line, inputs, result), "outputs"}
        fields = [*(key for key in line if key not in checked), *(key for key in record if key != "inputs")]
        yield f"{RECORD}的{'、'.join(RECORD_NAMES.get(key, key) for key in fields)}，以及文档放在哪个文件夹"


def _trusted(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What the recomputing rests on and cannot itself be computed."""
    yield from (name for name in sorted(parts) if name.startswith((FILED, EARLIER, PREVIOUS)))
    local = sorted({name.split("/")[0] for name in below(parts, LOCAL)})
    yield from (f"{LOCAL}{name}（不是程序自带的指标体系，按它评了分）" for name in local)
    yield f"{MANIFEST}里的文件名、报告日期和版本"
