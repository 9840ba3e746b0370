"""Looks at a file's bytes before any spreadsheet library does, and refuses what is unsafe or no workbook.

What passes is handed on as `Archive`: the parts as bytes, each of the size and checksum its zip directory states, free
of document type definitions. Readers are given these bytes only, never the file again, so that what was looked at is
what is read.
"""

import hashlib
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.excel.formats import ENCRYPTED, Format, format_of, package_format, zip_format
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding

HASHED_BYTES = (
    64 * 1024 * 1024
)  # no workbook that is read is as large: of a film somebody put there not a byte is looked at

MIB = 1024 * 1024
FILE_BYTES = 20 * MIB
UNZIPPED_BYTES = 200 * MIB
PART_COUNT = 2000
RATIO = 300  # a million blank formatted rows compress about 40:1, a run of zeros about 1000:1
RATIO_FROM = 4 * MIB  # below this no ratio does harm
HEAVY = 20 * MIB  # a part that is named where the whole is too large

ZIP_START, EMPTY_ZIP, ZIP_END = b"PK\x03\x04", b"PK\x05\x06", b"PK\x05\x06"
END_RECORD = 22 + 0xFFFF  # the end record and the longest comment behind it
DTD_MARKS = (b"<!DOCTYPE", b"<!ENTITY")
XML_SUFFIXES = (".xml", ".rels", ".vml")
PACKED_BY = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # a package knows no others (ECMA-376 part 2, annex C); bzip2 and LZMA fail in ways of their own
# What Python's zipfile raises at a damaged package: an offset beyond all bounds, a part without a name …
ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
    RuntimeError,
    OverflowError,
    IndexError,
)
CONTENT_TYPES = "[Content_Types].xml"
UNKNOWN = Format(
    "程序认不出的文件，可能已经损坏，也可能只是改成了 .xlsx 的名字",
    "请用 Excel 或 WPS 打开原来的表，另存为 .xlsx（“Excel 工作簿”）再报送。",
)


class Refused(Exception):  # noqa: N818  (not an error of the program: the finding says what is wrong with the file)
    """The file is not read; `finding` says why of a workbook. `words` are what it was worded with, for who reads
    another kind of file.

    It survives the way from a worker process to the coordinator.
    """

    def __init__(self, finding: Finding, words: Mapping[str, object] | None = None) -> None:
        self.words = dict(words or {})
        super().__init__(finding, self.words)
        self.finding = finding


def refuse(code: str, **words: Any) -> Refused:
    """The refusal of the whole file under `code`."""
    return Refused(make(code, None, **words), words)


def refuse_format(known: Format) -> Refused:
    """The refusal of a file that is something else, called what it is."""
    return refuse(known.code) if known.code == ENCRYPTED else refuse(known.code, found=known.name, remedy=known.remedy)


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a zip package, by name, decompressed."""

    parts: Mapping[str, bytes]

    def xml(self, part: str) -> bytes:
        """A part that is going to be read as XML. Raises Refused where it defines a document type, whatever its name;
        those named .xml are looked at already.

        One in UTF-16, which the format allows and no office program writes, is refused too: the library would take a
        sheet in it for a blank one.
        """
        data = self.parts[part]
        if b"\0" in data[:4]:
            raise refuse("FILE_002", part=part)
        if not part.lower().endswith(XML_SUFFIXES) and has_dtd(data):
            raise refuse("FILE_011", part=part)
        return data


def read_file(path: Path) -> bytes:
    """The bytes of a regular file. Raises Refused for a link, pipe or folder, an unreadable or growing file, one too
    large or empty."""
    try:
        before = path.lstat()
        if not stat.S_ISREG(before.st_mode):
            raise refuse("FILE_012", kind=_kind_of(before.st_mode))
        if before.st_size > FILE_BYTES:
            raise refuse("FILE_008", size=f"{before.st_size / MIB:.1f}", limit=FILE_BYTES // MIB)
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise refuse(
            "FILE_020", reason="没有读取权限" if isinstance(error, PermissionError) else "系统无法打开"
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise refuse("FILE_007")
    if not content.strip(b"\0"):
        raise refuse("FILE_021", what="里面全是空字节" if content else "大小是 0")
    return content


def _kind_of(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "快捷链接"
    if stat.S_ISDIR(mode):
        return "文件夹"
    return "管道或设备"


class _Parts(Mapping[str, bytes]):
    """Each part unpacked and looked at when it is first asked for, by its name in any case, as Office finds it. Raises
    Refused for a damaged one."""

    def __init__(self, package: zipfile.ZipFile, without: Collection[str]) -> None:
        infos = _checked_directory(package, without)
        self._package, self._infos = package, {info.filename.lower(): info for info in infos}
        self._unpacked: dict[str, bytes] = {}

    def __getitem__(self, part: str) -> bytes:
        name = part.lower()
        if name not in self._unpacked:
            self._unpacked[name] = self._read(self._infos[name])
            if name.endswith(XML_SUFFIXES) and has_dtd(self._unpacked[name]):
                raise refuse("FILE_011", part=part)
        return self._unpacked[name]

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        with _damage_refused():
            data = self._package.read(info)
        if len(data) != info.file_size:  # zipfile notices only one that is longer
            raise refuse("FILE_002", part=info.filename)
        return data

    def __contains__(self, part: object) -> bool:
        return isinstance(part, str) and part.lower() in self._infos

    def __iter__(self) -> Iterator[str]:
        return (info.filename for info in self._infos.values())

    def __len__(self) -> int:
        return len(self._infos)


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except ZIP_DAMAGE as error:
        raise refuse("FILE_002", part="压缩包") from error


def open_archive(content: bytes, name: str, whole: bool = True, without: Collection[str] = ()) -> Archive:
    """The parts of the zip package, all of them unpacked and looked at, or (`whole` false) each when it is asked for.

    `name` serves to distinguish .xls from .et, `without` are parts that are left out. Raises Refused for whatever is no
    sound .xlsx package.
    """
    if not content.startswith((ZIP_START, EMPTY_ZIP)):
        raise _refused_foreign(content, name)
    if ZIP_END not in content[-END_RECORD:]:
        raise refuse("FILE_003")
    with _damage_refused():
        parts = _Parts(zipfile.ZipFile(io.BytesIO(content)), without)
    for part in parts if whole else ():
        parts[part]
    return Archive(parts)


def _refused_foreign(content: bytes, name: str) -> Refused:
    """What does not begin as a package: another format, or a package with something before it that Office would not
    open."""
    known = format_of(content, name)
    if known is None and ZIP_END in content[-END_RECORD:]:
        return refuse("FILE_002", part="文件开头")
    return refuse_format(known or UNKNOWN)


def _checked_directory(package: zipfile.ZipFile, without: Collection[str]) -> list[zipfile.ZipInfo]:
    infos = [info for info in package.infolist() if not info.is_dir() and info.filename not in without]
    names = [info.filename for info in infos]
    _refuse_other_packages(package, names)
    if any(info.flag_bits & 1 for info in infos):
        raise refuse("FILE_004")
    if odd := next((info.filename for info in infos if info.compress_type not in PACKED_BY), None):
        raise refuse("FILE_002", part=odd)
    if len(infos) > PART_COUNT:
        raise refuse("FILE_009", size=f"{len(infos)} 个内部文件")
    _refuse_excess(infos)
    _refuse_duplicates(names)
    return infos


def _refuse_excess(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Raises Refused for what is far too large unpacked; `heavy` of its words are the parts to blame."""
    unzipped = sum(info.file_size for info in infos)
    if unzipped > UNZIPPED_BYTES:
        raise _excess(unzipped, [info for info in infos if info.file_size > HEAVY])
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
            raise _excess(info.file_size, [info])


def _excess(size: int, heavy: Sequence[zipfile.ZipInfo]) -> Refused:
    together = sum(info.file_size for info in heavy)
    whole = f"{size // MIB} MB"
    words = {"size": whole, "heavy": tuple(info.filename for info in heavy), "heavy_size": f"{together // MIB} MB"}
    return Refused(make("FILE_009", None, size=whole), words)  # the finding has no place for the parts to blame


def _refuse_other_packages(package: zipfile.ZipFile, names: list[str]) -> None:
    lower = {name.lower(): name for name in names}
    if known := package_format(package, names):
        raise refuse_format(known)
    if CONTENT_TYPES.lower() not in lower:
        is_office = any(name.startswith("xl/") for name in lower)
        raise refuse("FILE_014", part=CONTENT_TYPES) if is_office else refuse_format(zip_format(names))
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise refuse("FILE_006")


def _refuse_duplicates(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise refuse("FILE_015", part=name)
        seen.add(name.lower())


def has_dtd(data: bytes) -> bool:
    """Whether a part defines a document type or an entity; also where the part is written in UTF-16, whose every second
    byte is 0."""
    if b"!" not in data:  # most parts: one byte is found much sooner than a word
        return False
    return any(mark in data for mark in DTD_MARKS) or (
        b"\0" in data[:64] and any(mark in data.replace(b"\0", b"") for mark in DTD_MARKS)
    )


def file_sha256(path: Path) -> str:
    """The hex digest of a regular file's bytes; '' for what is no regular file, is far too large or cannot be opened
    (the guard says so)."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > HASHED_BYTES:
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
