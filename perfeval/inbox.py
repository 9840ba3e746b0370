"""What lies in the input folder: which files are workbooks to read, which are passed over and why; what names are safe on disk."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.errors import UsageError

LOCK_FILE_PREFIXES = ("~$", ".~")
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".ods", ".xltx", ".xltm"})
RESERVED_NAMES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))})
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
NAME_BYTES = 120  # of UTF-8; leaves room for “_2025_项目支出绩效自评表_注明来源.docx” under the 255-byte limit of file systems


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file found. `file` is its name relative to the input folder, with /; `ignored` says why it is not read, '' where it is."""

    path: Path
    file: str
    sha256: str
    ignored: str = ""


def find(paths: Iterable[Path], skip: Path | None = None) -> tuple[Candidate, ...]:
    """Every file under the given files and folders, by name; nothing below `skip` (the output folder). Raises UsageError for a path that is not there."""
    found: dict[Path, Candidate] = {}
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"找不到“{path}”。", "请检查文件或文件夹的名称和位置。")
        base = path if path.is_dir() else path.parent
        for file in _files(path, skip):
            found.setdefault(file.absolute(), _candidate(file, base))
    return _without_copies(sorted(found.values(), key=lambda c: c.file))


def _files(path: Path, skip: Path | None) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    skipped = skip.resolve() if skip else None
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (Path(folder) / f).resolve() != skipped)
        yield from (Path(folder) / name for name in sorted(names))


def _candidate(path: Path, base: Path) -> Candidate:
    file = path.relative_to(base).as_posix()
    return Candidate(path, file, file_sha256(path), _reason_to_ignore(path))


def _reason_to_ignore(path: Path) -> str:
    if path.name.startswith(LOCK_FILE_PREFIXES):
        return "这是 Excel 或 WPS 打开工作簿时留下的临时文件，不用处理。"
    if path.name.startswith("."):
        return "这是系统的隐藏文件，不用处理。"
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return "这不是工作簿文件，没有读取。填报工作簿应是 .xlsx 文件。"
    return ""


def file_sha256(path: Path) -> str:
    """The hex digest of a regular file's bytes; '' for what is no regular file or cannot be opened (the guard says so)."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _without_copies(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Identical copies: the first by path counts."""
    first: dict[str, str] = {}
    kept = []
    for candidate in candidates:
        original = first.setdefault(candidate.sha256, candidate.file) if candidate.sha256 and not candidate.ignored else candidate.file
        reason = candidate.ignored or (f"与“{original}”内容完全相同，只处理那一份。" if original != candidate.file else "")
        kept.append(Candidate(candidate.path, candidate.file, candidate.sha256, reason))
    return tuple(kept)


def safe_name(text: str) -> str:
    """A name from a cell made safe for Windows and Linux paths.

    A name that had to be changed gets a short digest of the original, so that two different departments never share a folder.
    """
    safe = UNSAFE.sub("_", text).strip().rstrip(". ") or "未命名"
    if safe.split(".")[0].upper() in RESERVED_NAMES:
        safe = f"_{safe}"
    while len(safe.encode()) > NAME_BYTES:
        safe = safe[:-1]
    return safe if safe == text else f"{safe}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"
