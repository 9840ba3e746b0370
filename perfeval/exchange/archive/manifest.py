"""清单.json of a package: what was filed, when, by which program, and the sha256 of every part; and where each part
is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from perfeval import __version__
from perfeval.documents.json_text import json_bytes
from perfeval.exchange.archive.recompute import Inputs
from perfeval.output.state import written_value

MANIFEST, RECORD = "清单.json", "运行记录.json"
FILED, PREVIOUS, RESULTS = "填报/", "上年/", "结果/"
EARLIER, HISTORY = "前版/", "历史/"  # the version that was corrected; the sets that were superseded
BUILTIN, LOCAL, TEMPLATES = "指标体系/内置/", "指标体系/本地/", "模板/"
FORMAT = 1
KEYS = {"format", "perfeval", "file", "stem", "as_of", "annotated", "parts"}
VERSION = "version"  # only where it is not the first
PUBLIC = "public"  # only where there is an edition for publication
VERSIONS = range(1, 10_000)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What 清单.json says. `file` is the filed workbook's name in the input folder, `stem` how the documents' names
    begin, `version` which it is."""

    perfeval: str
    file: str
    stem: str
    as_of: date
    annotated: bool
    parts: Mapping[str, str]
    version: int = 1
    public: bool = False

    def to_bytes(self) -> bytes:
        """The one way to write it, so that every changed byte shows."""
        fields = {"format": FORMAT, "perfeval": self.perfeval, "file": self.file, "stem": self.stem}
        later = {VERSION: self.version} if self.version > 1 else {}
        return json_bytes(
            {
                **fields,
                **later,
                "as_of": self.as_of.isoformat(),
                "annotated": self.annotated,
                **({PUBLIC: True} if self.public else {}),
                "parts": dict(sorted(self.parts.items())),
            }
        )


def manifest_of(inputs: Inputs, parts: Mapping[str, bytes]) -> Manifest:
    """The manifest of a package with these parts."""
    hashes = hashes_of(parts)
    return Manifest(
        __version__, inputs.file, inputs.stem, inputs.as_of, inputs.annotated, hashes, inputs.version, inputs.public
    )


def hashes_of(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The sha256 of every part but the manifest itself."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in parts.items() if name != MANIFEST}


def read_manifest(content: bytes) -> Manifest | None:
    """None where it is not written as this program writes it."""
    try:
        raw = written_value(content)
        manifest = (
            _manifest(raw)
            if isinstance(raw, dict) and raw.keys() - {VERSION, PUBLIC} == KEYS and raw["format"] == FORMAT
            else None
        )
    except (ValueError, TypeError):
        return None
    return manifest if manifest and manifest.to_bytes() == content else None


def _manifest(raw: Mapping[str, Any]) -> Manifest | None:
    texts = (raw["perfeval"], raw["file"], raw["stem"], raw["as_of"])
    parts = raw["parts"]
    if (
        not all(isinstance(t, str) for t in texts)
        or not isinstance(raw["annotated"], bool)
        or not isinstance(parts, dict)
    ):
        return None
    if not all(isinstance(digest, str) for digest in parts.values()):
        return None
    version = raw.get(VERSION, 1)
    if not isinstance(version, int) or version not in VERSIONS:
        return None
    day, public = date.fromisoformat(texts[3]), raw.get(PUBLIC) is True
    return Manifest(texts[0], texts[1], texts[2], day, raw["annotated"], parts, version, public)


def below(parts: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """The parts of a folder of the package, by their names below it."""
    return {name.removeprefix(folder): content for name, content in parts.items() if name.startswith(folder)}
