"""A package on disk: a zip without compression, so that the same parts give the same bytes on every system; read with
suspicion.

Nothing in a package is compressed by the zip itself (its documents already are), so no part can be larger than the file
it comes in.
"""

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from perfeval.excel.guard import ZIP_DAMAGE
from perfeval.excel.zips import FIXED_TIME
from perfeval.output import files
from perfeval.run.inbox import UNPRINTABLE

MIB = 1024 * 1024
PACKAGE_BYTES, PART_COUNT, NAME_LENGTH = 200 * MIB, 500, 400
SEGMENT_BYTES = 255  # of a name between two slashes, in UTF-8: the limit of file systems
NO_LINK, NO_WAIT, BINARY = (
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)  # where the system has them


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


def read_regular(path: Path, limit: int = PACKAGE_BYTES, is_link_followed: bool = False) -> bytes:
    """The bytes of a regular file of at most `limit` bytes. Raises DamagedArchive."""
    try:
        descriptor = os.open(path, os.O_RDONLY | BINARY | NO_WAIT | (0 if is_link_followed else NO_LINK))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DamagedArchive("这不是普通文件（是文件夹、管道或设备），没有打开。")
            content = stream.read(limit + 1)
    except OSError as error:
        if files.is_there(path) and not files.is_file(path) and not (is_link_followed and path.is_file()):
            raise DamagedArchive("这不是普通文件（是文件夹、快捷链接、管道或设备），没有打开。") from error
        raise DamagedArchive(f"打不开（{files.reason_of(error)}）。") from error
    if len(content) > limit:
        raise DamagedArchive(f"文件超过 {limit // MIB} MB，没有打开。" if limit >= MIB else "文件太大，没有打开。")
    return content


def read_archive(content: bytes) -> Archive:
    """Takes a package apart. Raises DamagedArchive where it is no zip of ours or a name or size in it is unsafe."""
    if len(content) > PACKAGE_BYTES:
        raise DamagedArchive(f"文件有 {len(content) // MIB} MB，超过 {PACKAGE_BYTES // MIB} MB，没有打开。")
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
    if len({unicodedata.normalize("NFC", name).casefold() for name in names}) < len(names):
        raise DamagedArchive("包里有两个同名的文件，没有打开。")
    for info in infos:
        if info.is_dir() and is_safe_name(info.filename.rstrip("/")):
            raise DamagedArchive(f"包里有文件夹“{info.filename}”，是解开后用别的软件重新压缩的，不是原包。")
        if not is_safe_name(info.filename):
            raise DamagedArchive(f"包里有不安全的文件名“{info.filename[:60]!r}”，没有打开。")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise DamagedArchive(f"包里的“{info.filename}”不是普通文件（是链接、管道或设备），没有打开。")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size or info.flag_bits & 1:
            raise DamagedArchive(f"包里的“{info.filename}”被重新压缩或加密过，不是原包。")
    if sum(info.file_size for info in infos) > size:
        raise DamagedArchive("包里写明的大小超过了文件本身，没有打开。")


def is_safe_name(name: str) -> bool:
    """A relative path that stays below its folder on every system."""
    if (
        not name
        or len(name) > NAME_LENGTH
        or any(c in '\\:<>|?*"' or unicodedata.category(c) in UNPRINTABLE for c in name)
    ):
        return False
    segments = name.split("/")
    is_plain = all(segment.strip(". ") and len(segment.encode()) <= SEGMENT_BYTES for segment in segments)
    return is_plain and not name.startswith("/") and PurePosixPath(name).as_posix() == name
