"""What lies in the input folder: which files are workbooks to read, which are passed over and why; what names are safe
on disk."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from perfeval.errors import UsageError
from perfeval.excel.guard import file_sha256
from perfeval.model.names import UNSEEN

WAITING = "正在编辑或者还没有复制完，这次没有处理，等它稳定下来再处理。"
LOCK_FILE_PREFIXES = ("~$", ".~")
MATERIALS = "已有材料"  # the folder that `perfeval prefill` reads: its files are no filings
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".ods", ".xltx", ".xltm"})
DEVICES = [f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"]
RESERVED_NAMES = frozenset({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *DEVICES})
UNSAFE = re.compile(r'[<>:"/\\|?*]')
UNPRINTABLE = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # controls, bidi marks, lone surrogates, line ends; not 　 and not the rare characters of names
WITHIN: tuple[Callable[[Path, Path], Path], ...] = (
    lambda path, base: path.relative_to(base),
    lambda path, base: path.relative_to(base.parent),
    lambda path, base: path,
)
NAME_BYTES = (
    120  # of UTF-8; leaves room for “_2025_项目支出绩效自评表_注明来源.docx” under the 255-byte limit of file systems
)
NAME_LENGTH = 60  # characters; a name is in a path twice, and Windows takes 260


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file found. `file` is its name relative to the input folder, with /, unlike any other's; `ignored` says why it
    is not read, '' where it is.

    `folder` stands for the input folder it was found under (`folder_id`). `unread`: it is a folder that cannot be
    opened.
    """

    path: Path
    file: str
    sha256: str
    ignored: str = ""
    folder: str = ""
    unread: bool = False


def find(
    paths: Iterable[Path], skip: Path | None = None, waiting: frozenset[Path] = frozenset()
) -> tuple[Candidate, ...]:
    """Every file under the given files and folders, by name; nothing below `skip` (the output folder). Those `waiting`
    are not read. Raises UsageError for a path that is not there."""
    found: dict[Path, Path] = {}  # and the folder each was found under
    closed: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"找不到“{path}”。", "请检查文件或文件夹的名称和位置。")
        base = path if path.is_dir() else path.parent
        unread: list[Path] = []
        for file in _files(path, skip, unread):
            found.setdefault(file.absolute(), base.absolute())
        for folder in unread:
            found.setdefault(folder.absolute(), (base if folder != path else path.parent).absolute())
            closed.add(folder.absolute())
    ids = {base: folder_id(base) for base in found.values()}
    candidates = [
        Candidate(path, file, "", folder=folder_id(path), unread=True)
        if path in closed
        else Candidate(path, file, "", WAITING, ids[found[path]])
        if path in waiting
        else Candidate(path, file, file_sha256(path), _reason_to_ignore(path, found[path]), ids[found[path]])
        for path, file in _names(found).items()
    ]
    return _without_copies(sorted(candidates, key=lambda c: c.file))


def folder_id(folder: Path) -> str:
    """What stands for an input folder in the run record: the record of no machine says where its folders lie."""
    return _digest(os.path.realpath(folder))


def folders_in(path: Path) -> Iterator[Path]:
    """An input folder and all folders in it; none for a file."""
    return (Path(folder) for folder, _, _ in os.walk(path))


def count_workbooks(paths: Iterable[Path], most: int, skip: Path | None = None) -> int:
    """How many workbooks there are to read, counted up to `most`; none is opened."""
    return sum(1 for _ in islice(workbooks(paths, skip), most))


def workbooks(paths: Iterable[Path], skip: Path | None = None) -> Iterator[Path]:
    """Those that are to be read, with whole paths; none is opened."""
    files = ((file, path) for path in paths if os.path.lexists(path) for file in _files(path, skip))
    return (file.absolute() for file, base in files if not _reason_to_ignore(file, base))


def _files(path: Path, skip: Path | None, unread: list[Path] | None = None) -> Iterator[Path]:
    """The files; `unread` is given the folders that cannot be opened."""
    if not path.is_dir():
        yield path
        return
    skipped = skip.resolve() if skip else None
    closed = unread if unread is not None else []
    for folder, folders, names in os.walk(path, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (Path(folder) / f).resolve() != skipped)
        odd = [f for f in folders if (Path(folder) / f).is_symlink() or Path(f).suffix.lower() in WORKBOOK_SUFFIXES]
        yield from (Path(folder) / name for name in sorted([*names, *odd]))


def _names(found: Mapping[Path, Path]) -> dict[Path, str]:
    """A name for each file that no other has: within its folder, else with that folder's own name, else the whole path,
    marked where needed."""
    names: dict[Path, str] = {}
    for within in WITHIN:
        readable = {
            path: readable_name(within(path, base).as_posix()) for path, base in found.items() if path not in names
        }
        often = Counter([*readable.values(), *names.values()])
        names |= {path: name for path, name in readable.items() if often[name] == 1}
    return names | {path: f"{name}〔{_digest(str(path))}〕" for path, name in readable.items() if path not in names}


def readable_name(text: str) -> str:
    """A file's name as it can be shown and written down: names unpacked from a Chinese zip are read as GB 18030,
    controls and bidi marks replaced."""
    decoded = "/".join(map(_decoded, text.split("/")))
    return "".join("�" if unicodedata.category(character) in UNPRINTABLE else character for character in decoded)


def _decoded(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8
        with suppress(UnicodeDecodeError):
            return os.fsencode(name).decode("gb18030")
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:6]


def _reason_to_ignore(path: Path, base: Path) -> str:
    if path.name.startswith(LOCK_FILE_PREFIXES):
        return "这是 Excel 或 WPS 打开工作簿时留下的临时文件，不用处理。"
    if path.name.startswith("."):
        return "这是系统的隐藏文件，不用处理。"
    if path.is_symlink() and path.is_dir():
        return "这是指向别处文件夹的链接，里面的文件没有读取。请把那个文件夹本身放进来。"
    if path.is_relative_to(base) and MATERIALS in path.relative_to(base).parts[:-1]:
        return f"这是“{MATERIALS}”里的文件，供 make prefill 读取，不是填报工作簿。"
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return "这不是工作簿文件，没有读取。填报工作簿应是 .xlsx 文件。"
    return ""


def _without_copies(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Identical copies: the first by path counts."""
    first: dict[str, str] = {}
    kept = []
    for candidate in candidates:
        original = (
            first.setdefault(candidate.sha256, candidate.file)
            if candidate.sha256 and not candidate.ignored
            else candidate.file
        )
        reason = candidate.ignored or (
            f"与“{original}”内容完全相同，只处理那一份。" if original != candidate.file else ""
        )
        kept.append(replace(candidate, ignored=reason))
    return tuple(kept)


def safe_name(text: str) -> str:
    """A name from a cell made safe for Windows and Linux paths.

    A name that had to be changed gets a short digest of the original, so that two different departments never share a
    folder. What cannot be seen makes no other name: it is left out.
    """
    text = UNSEEN.sub("", text)
    printable = "".join("_" if unicodedata.category(character) in UNPRINTABLE else character for character in text)
    safe = UNSAFE.sub("_", printable).strip().rstrip(". ") or "未命名"
    if safe.split(".")[0].rstrip().upper() in RESERVED_NAMES:
        safe = f"_{safe}"
    while len(safe.encode()) > NAME_BYTES or len(safe) > NAME_LENGTH:
        safe = safe[:-1]
    return safe if safe == text else f"{safe}_{_digest(text)}"
