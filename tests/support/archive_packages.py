"""Packages for tests: made by the command, then changed by somebody who may renew every checksum in them."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from places import ROOT

from perfeval.cli.commands import main
from perfeval.documents.json_text import json_bytes
from perfeval.exchange.archive.manifest import MANIFEST, RECORD, RESULTS, read_manifest
from perfeval.exchange.archive.parcel import read_archive, write_archive

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
PUBLISHED = ROOT / "input_templates" / "示例_金口河发改_公开稿.xlsx"


def packed(workbook: Path, folder: Path) -> bytes:
    filed = folder / "in"
    filed.mkdir()
    shutil.copy(workbook, filed)
    main(["report", str(filed), "-o", str(folder / "out"), "--quiet", "--jobs", "1"])
    assert main(["pack", str(folder / "out"), "-o", str(folder / "packages"), "--input", str(filed)]) == 0
    (package,) = (folder / "packages").glob("*.zip")
    return package.read_bytes()


def changed(package: bytes, change: Callable[[dict[str, bytes]], object] | Mapping[str, bytes]) -> bytes:
    """A package whose parts someone changed, with a zip in order around them."""
    parts = dict(read_archive(package).parts)
    if callable(change):
        change(parts)
    else:
        parts |= change
    return write_archive(parts)


def forged(package: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The same by someone who also renews every hash in the manifest and the run record."""

    def forge(parts: dict[str, bytes]) -> None:
        change(parts)
        manifest = read_manifest(parts[MANIFEST])
        assert manifest is not None
        record = json.loads(parts[RECORD])
        outputs = record["inputs"][0]["outputs"]
        for path in outputs:
            outputs[path] = digest(parts[RESULTS + path.rsplit("/", 1)[-1]])
        parts[RECORD] = json_bytes(record)
        hashes = {name: digest(content) for name, content in parts.items() if name != MANIFEST}
        parts[MANIFEST] = type(manifest)(
            manifest.perfeval,
            manifest.file,
            manifest.stem,
            manifest.as_of,
            manifest.annotated,
            hashes,
            manifest.version,
        ).to_bytes()

    return changed(package, forge)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def part(package: bytes, ending: str) -> str:
    return next(name for name in read_archive(package).parts if name.endswith(ending))


def flipped(content: bytes, position: int, bit: int = 0) -> bytes:
    return content[:position] + bytes([content[position] ^ (1 << bit)]) + content[position + 1 :]
