"""A package on disk: a zip without compression, so that the same parts give the same bytes on every system; read with suspicion.

Nothing in a package is compressed by the zip itself (its documents already are), so no part can be larger than the file it comes in.
"""

import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from perfeval.documents.zips import FIXED_TIME
from perfeval.intake.guard import ZIP_DAMAGE

MIB = 1024 * 1024
PACKAGE_BYTES, PART_COUNT, NAME_LENGTH = 200 * MIB, 500, 400


class DamagedArchive(Exception):  # noqa: N818  (not an error of the program: it says what is wrong with the file)
    """The file cannot be taken apart safely; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a package by name, and the names of those whose bytes no longer match their checksum."""

    parts: Mapping[str, bytes]
    broken: tuple[str, ...] = ()


def write_archive(parts: Mapping[str, bytes]) -> bytes:
    """The zip of `parts`, by name; without clock, system or compressor in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.create_system = 0
            archive.writestr(info, parts[name])
    return buffer.getvalue()


def read_package_file(path: Path) -> bytes:
    """The bytes of a regular file of bearable size. Raises DamagedArchive."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            raise DamagedArchive("这不是普通文件（是文件夹、快捷链接或设备），没有打开。")
        if facts.st_size > PACKAGE_BYTES:
            raise DamagedArchive(f"文件有 {facts.st_size // MIB} MB，超过 {PACKAGE_BYTES // MIB} MB，没有打开。")
        return path.read_bytes()
    except OSError as error:
        raise DamagedArchive(f"打不开（{error.strerror or error}）。") from error


def read_archive(content: bytes) -> Archive:
    """Takes a package apart. Raises DamagedArchive where it is no zip of ours or a name or size in it is unsafe."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _refuse_unsafe(infos, len(content))
            read = {info.filename: _read(archive, info) for info in infos}
    except ZIP_DAMAGE as error:
        raise DamagedArchive("这不是完整的归档包：压缩包的目录已经损坏，或者根本不是压缩包。") from error
    whole = {name: part for name, part in read.items() if part is not None}
    return Archive(whole, tuple(sorted(read.keys() - whole.keys())))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The part's bytes; None where they do not match their checksum or header."""
    try:
        return archive.read(info)
    except ZIP_DAMAGE:
        return None


def _refuse_unsafe(infos: list[zipfile.ZipInfo], size: int) -> None:
    names = [info.filename for info in infos]
    if len(names) > PART_COUNT:
        raise DamagedArchive(f"包里有 {len(names)} 个文件，太多了，没有打开。")
    if len({name.lower() for name in names}) < len(names):
        raise DamagedArchive("包里有两个同名的文件，没有打开。")
    for info in infos:
        if not is_safe_name(info.filename):
            raise DamagedArchive(f"包里有不安全的文件名“{info.filename[:60]!r}”，没有打开。")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size or info.flag_bits & 1:
            raise DamagedArchive(f"包里的“{info.filename}”被重新压缩或加密过，不是原包。")
    if sum(info.file_size for info in infos) > size:
        raise DamagedArchive("包里写明的大小超过了文件本身，没有打开。")


def is_safe_name(name: str) -> bool:
    """A relative path that stays below its folder on every system."""
    if not name or len(name) > NAME_LENGTH or not name.isprintable() or any(c in name for c in '\\:<>|?*"'):
        return False
    return not name.startswith("/") and all(part.strip(". ") for part in name.split("/")) and PurePosixPath(name).as_posix() == name
