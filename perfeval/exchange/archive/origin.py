"""Where a package comes from: its sha256 against one that was kept elsewhere, its signature against a key."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval.errors import UsageError
from perfeval.exchange.archive.manifest import MANIFEST, hashes_of, read_manifest
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive, read_regular, write_archive
from perfeval.output import files

SUFFIX = ".sha256"
LIST_BYTES = 1024 * 1024
DIGEST = re.compile(r"[0-9a-fA-F]{64}")
LINE = re.compile(rf"\\?({DIGEST.pattern})[ \t]+\*?(.+)")  # as sha256sum writes it, and checks it with -c


class BadList(Exception):  # noqa: N818  (its message is the sentence)
    """A file of checksums that cannot be read; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the operator knows of the packages: the sha256 of the one that is looked at, or those of many by file
    name."""

    single: str = ""
    by_name: Mapping[str, str] | None = None

    def of(self, package: Path) -> str | None:
        """The sha256 a package must have; '' where the list does not know it, None where nothing was given."""
        if self.single:
            return self.single
        return None if self.by_name is None else self.by_name.get(package.name, "")

    def missing(self, packages: Iterable[Path]) -> tuple[str, ...]:
        """The names in the list that no package has."""
        return tuple(sorted((self.by_name or {}).keys() - {package.name for package in packages}))


def sha256_path(package: Path) -> Path:
    """x.zip → x.zip.sha256"""
    return package.with_name(f"{package.name}{SUFFIX}")


def sha256_line(package: Path, digest: str) -> bytes:
    """What is in that file."""
    return f"{digest}  {package.name}\n".encode()


def issued(package: Path) -> str:
    """The sha256 of a package that `pack` wrote there and nobody has changed; '' for anything else.

    Its parts are what its own list says, nothing is beside them, and a .sha256 file beside it names no other.
    """
    try:
        content = read_regular(package)
        parts = dict(read_archive(content).parts)
        listed = read_list(sha256_path(package)) if files.is_there(sha256_path(package)) else {}
    except (BadList, DamagedArchive):
        return ""
    manifest, digest = read_manifest(parts.get(MANIFEST, b"")), hashlib.sha256(content).hexdigest()
    is_whole = manifest is not None and write_archive(parts) == content and manifest.parts == hashes_of(parts)
    return digest if is_whole and listed.get(package.name, digest) == digest else ""


def load_expected(words: Sequence[str], packages: Sequence[Path]) -> Expected:
    """From what is behind --sha256: one checksum for one package, or files of checksums, or folders of such files.
    Raises UsageError."""
    single = [word.strip().lower() for word in words if DIGEST.fullmatch(word.strip())]
    if not words or single:
        if single and (len(words) > 1 or len(packages) != 1):
            raise UsageError(
                f"--sha256 后面直接写校验值，只能一次核对一个包，现在有 {len(packages)} 个包、{len(words)} 个 --sha256。",
                "有几个包的，把每个包的 .sha256 文件另外存在一个文件夹里，--sha256 后面写那个文件夹。",
            )
        return Expected("".join(single))
    by_name: dict[str, str] = {}
    for path in _lists(words):
        for name, digest in _read_list(path).items():
            if by_name.setdefault(name, digest) != digest:
                raise UsageError(f"“{name}”有两个不同的校验值。", f"请检查“{path}”和其他校验值文件，每个包只留一个。")
    return Expected(by_name=by_name)


def _lists(words: Sequence[str]) -> Iterable[Path]:
    for word in words:
        path = Path(word)
        found = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not found or not (path.is_dir() or path.exists()):
            raise UsageError(
                f"“{word}”不是校验值（64 位的 0–9、a–f），也不是放校验值的文件或文件夹。",
                "请照抄打包时印出的 sha256，或者写打包时另存的 .sha256 文件。",
            )
        yield from found


def _read_list(path: Path) -> dict[str, str]:
    try:
        return read_list(path, is_link_followed=True)
    except BadList as bad:
        raise UsageError(
            f"校验值文件“{path}”：{bad}", "每行应是：64 位校验值、两个空格、包的文件名。请用打包时写出的 .sha256 文件。"
        ) from None


def read_list(path: Path, is_link_followed: bool = False) -> dict[str, str]:
    """sha256 by the package's file name, from a file as sha256sum writes it. Raises BadList."""
    try:
        text = read_regular(path, LIST_BYTES, is_link_followed).decode("utf-8-sig")
    except DamagedArchive as damage:
        raise BadList(str(damage)) from None
    except UnicodeDecodeError:
        raise BadList("不是 UTF-8 文本，读不出来。") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise BadList(f"第 {number} 行读不出来。")
        digest, name = match[1].lower(), match[2].replace("\\", "/").rpartition("/")[2]
        if found.setdefault(name, digest) != digest:
            raise BadList(f"“{name}”有两个不同的校验值。")
    if not found:
        raise BadList("里面没有校验值。")
    return found
