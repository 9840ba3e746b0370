"""The one writer: every file and folder the program makes, changes, moves or removes goes through here (a test holds
it).

Below the folder the operator chose nothing is ever followed, emptied or overwritten that is not an ordinary file or
folder: a link, a junction, a pipe or a device in the way is left as it is, and reported. The chosen folder itself may
be a link, and so may those above it. A file is written beside its place or in the work folder and renamed there, so
that it is whole or not there, and another name of the same file (a hard link) keeps its bytes.
"""

import errno
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from perfeval.errors import OutputError, UsageError

NO_LINKS = getattr(os, "O_NOFOLLOW", 0)  # Windows has none of these; there the look before the opening must do
PLAIN = (
    NO_LINKS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)  # a pipe is opened at once
JUNCTION = 0xA0000003  # stat.IO_REPARSE_TAG_MOUNT_POINT, which only Windows has

REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过磁盘允许的大小",
    errno.EACCES: "没有权限，或者文件正打开着",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名称或路径太长",
    errno.EEXIST: "同名的文件占着文件夹的位置",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "这个位置上是一个文件夹",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EINVAL: "名称或位置不对",
    errno.EBUSY: "正被别的程序使用",
    errno.ETXTBSY: "正被别的程序使用",
    errno.ENOTEMPTY: "文件夹里还有别的文件",
    errno.ELOOP: "链接绕成了圈",
    errno.ESTALE: "网络文件夹断开了",
    errno.ENXIO: "网络文件夹或磁盘断开了",
    errno.ENODEV: "网络文件夹或磁盘断开了",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
}


ASIDE = "（原有）"  # is in the names of files that were set aside
OTHER, CHANGED_OR_FOREIGN = "原来的内容不同", "被改动过，或者不是本程序写的"


class Kind(StrEnum):
    """What is at a place; the value is how a sentence calls it."""

    NOTHING = ""
    FILE = "一个文件"
    FOLDER = "一个文件夹"
    LINK = "一个指向别处的链接"
    OTHER = "一个不是普通文件的东西（管道、设备等）"
    SHARED = "一个与别处共用内容的文件（硬链接）"
    FOREIGN = "一个不是本程序写的文件"
    CLOSED = "一个没有权限查看的东西"


class InTheWay(OutputError):  # noqa: N818  (it is what is there, not a fault of the program)
    """Something of somebody else is where perfeval would write; it is left as it is."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy or "请把它移到别处或者改名，再运行一次。")


def in_the_way(path: Path, kind: Kind) -> InTheWay:
    """The sentence for it."""
    return InTheWay(f"“{path}”这个位置上是{kind}，没有写进去，也没有动它。")


def unwritable(path: Path, error: OSError) -> OutputError:
    """The sentence for an output that cannot be written: full disk, no permission; names the file or folder in the
    way."""
    where = f"：{error.filename}" if error.filename and Path(str(error.filename)) != path else ""
    return OutputError(
        f"“{path}”写不进去（{reason_of(error)}{where}）。", "请检查磁盘空间和文件夹权限；文件正打开着的，请先关闭。"
    )


def unusable(error: OSError) -> UsageError:
    """The sentence for a place that the system refuses to look at, which a command was pointed to: no permission, a
    name too long, a dead network drive."""
    return UsageError(f"“{error.filename}”用不了（{reason_of(error)}）。", "请检查文件或文件夹的名称、位置和权限。")


def reason_of(error: OSError) -> str:
    """What the system says, in Chinese."""
    return REASONS.get(error.errno or 0, f"系统错误 {error.errno or type(error).__name__}")


def kind_of(path: Path) -> Kind:
    """What is at a path, no link followed at its end. Raises OSError where that cannot be seen."""
    try:
        facts = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Kind.NOTHING
    if stat.S_ISLNK(facts.st_mode) or getattr(facts, "st_reparse_tag", 0) == JUNCTION:
        return Kind.LINK
    if stat.S_ISDIR(facts.st_mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(facts.st_mode) else Kind.OTHER


def is_folder(path: Path) -> bool:
    """Whether a folder is there, not a link to one."""
    return _seen(path) is Kind.FOLDER


def is_file(path: Path) -> bool:
    """Whether an ordinary file is there, not a link to one."""
    return _seen(path) is Kind.FILE


def is_there(path: Path) -> bool:
    """Whether anything is there, even a link that leads nowhere."""
    return _seen(path) is not Kind.NOTHING


def _seen(path: Path) -> Kind:
    try:
        return kind_of(path)
    except (OSError, ValueError):  # no permission; a name that no system bears, or too long a one
        return Kind.NOTHING


def all_in(folder: Path) -> Iterator[Path]:
    """Everything in a folder and those below it, no link followed. Raises OSError for a folder that cannot be opened,
    where Path.rglob passes over it."""

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        yield from (Path(place) / name for name in (*folders, *names))


def is_own_folder(root: Path, folder: Path) -> bool:
    """Whether a folder below `root` is reached without any link."""
    return all(is_folder(part) for part in _below(root, folder))


def _below(root: Path, path: Path) -> list[Path]:
    """The folders from below `root` down to `path`. Raises ValueError for a path that is not below it."""
    parts = path.relative_to(root).parts
    if ".." in parts:
        raise ValueError(f"{path} leads out of {root}")
    return [root.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]


def chosen(path: Path) -> Path:
    """The folder an operator named; a link is followed now and not again, whatever becomes of it meanwhile. Raises
    OutputError for a circle of links."""
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError) as error:  # Python 3.11 calls a circle the latter
        raise unwritable(path, OSError(errno.ELOOP, os.strerror(errno.ELOOP))) from error


def refuse_strangers(root: Path, folder: Path) -> None:
    """Raises InTheWay where a part of the way from `root` down to `folder` is there and no folder."""
    for part in _below(root, folder):
        if (kind := kind_of(part)) not in (Kind.FOLDER, Kind.NOTHING):
            raise in_the_way(part, kind)


def refuse_closed(folder: Path) -> None:
    """Raises OutputError for a folder whose entries may not be looked at, or not be moved."""
    if is_folder(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise unwritable(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def make_folder(root: Path, folder: Path | None = None) -> None:
    """Makes `root`, and `folder` below it, with those between. Raises InTheWay, OSError."""
    root.mkdir(parents=True, exist_ok=True)
    for part in _below(root, folder or root):
        with suppress(FileExistsError):  # whatever it is, the next line says
            part.mkdir()
        if (kind := kind_of(part)) is Kind.NOTHING:  # another program has just removed it again
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(part))
        if kind is not Kind.FOLDER:
            raise in_the_way(part, kind)


def write_new(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Writes a file that is not there yet, through to the disk. Raises OSError, FileExistsError for whatever is
    there already."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN, mode)
    with open(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_file(root: Path, name: str, content: bytes, drafts: Path | None = None) -> Path:
    """Writes `root/name` (perhaps in folders below) wholly or not at all, in place of an ordinary file that is there;
    gives its path.

    It is written in `drafts` first, a folder on the same disk, or beside its place. Raises OutputError.
    """
    path = root / name
    draft = (drafts or path.parent) / f".perfeval-{secrets.token_hex(8)}"
    try:
        make_folder(root, path.parent)
        if (kind := kind_of(path)) not in (Kind.FILE, Kind.NOTHING):
            raise in_the_way(path, kind)
        write_new(draft, content)
        draft.replace(path)
    except OSError as error:
        remove_file(draft)
        raise unwritable(path, _without(error, draft)) from error
    return path


def _without(error: OSError, draft: Path) -> OSError:
    """The error without the draft's own name, which means nothing to anybody."""
    return OSError(error.errno, error.strerror) if str(error.filename) == str(draft) else error


def write_files(root: Path, contents: Mapping[str, bytes]) -> tuple[list[Path], list[str]]:
    """Writes each below `root`; gives the paths, and a sentence for each file of others that was set aside. Raises
    OutputError."""
    sentences = [write_over(root, name, content, lambda _: False, why=OTHER) for name, content in contents.items()]
    return [root / name for name in contents], list(filter(None, sentences))


def write_over(
    root: Path,
    name: str,
    content: bytes,
    is_ours: Callable[[Path], bool],
    drafts: Path | None = None,
    why: str = CHANGED_OR_FOREIGN,
) -> str:
    """As write_file; an ordinary file that is there, holds something else and is not ours is set aside first. Gives the
    sentence about that, else ''.

    `is_ours` says whether the file there still is what perfeval wrote. Raises OutputError.
    """
    path = root / name
    try:
        is_way_free = is_own_folder(root, path.parent) and is_file(path)  # whatever else is there, write_file refuses
        kept = None if not is_way_free or _holds(path, content) or is_ours(path) else set_aside(path)
    except OSError as error:
        raise unwritable(path, error) from error
    write_file(root, name, content, drafts)
    return was_kept(path, kept, why) if kept else ""


def _holds(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and sha256(path) == hashlib.sha256(content).hexdigest()


def sha256(path: Path) -> str:
    """That of an ordinary file, reached by no link at its end. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | PLAIN), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def set_aside(path: Path, mark: str = ASIDE) -> Path:
    """Renames a file that is going to be replaced and is somebody's work; gives its new path. Raises OSError."""
    return move(path, _name_aside(path, mark))


def copy_aside(path: Path, mark: str = ASIDE) -> Path:
    """The same for a file that is still needed where it lies: a copy of it stays."""
    kept = _name_aside(path, mark)
    write_new(kept, path.read_bytes())
    return kept


def _name_aside(path: Path, mark: str) -> Path:
    return free_name(path.parent, f"{path.stem}{mark}{path.suffix}")


def was_kept(path: Path, kept: Path, why: str) -> str:
    """The sentence about a file that was set aside."""
    return f"“{path.name}”{why}，没有覆盖，改名保留为“{kept.name}”。"


def free_name(folder: Path, name: str, word: str = "原有") -> Path:
    """A path in the folder that nothing has yet: the name itself, or with the word and a number behind it."""
    path = folder / name
    stem, suffix = os.path.splitext(name)
    number = 1
    while kind_of(path) is not Kind.NOTHING:
        number += 1
        path = folder / f"{stem}（{word}{number}）{suffix}"
    return path


def append(path: Path, line: str) -> None:
    """Adds a line to an ordinary file, which is made where there is none. Raises OSError, InTheWay."""
    with open(_opened(path, os.O_WRONLY | os.O_APPEND), "a", encoding="utf-8") as stream:
        stream.write(line)


def open_to_change(path: Path) -> int:
    """The descriptor of an ordinary file to read and change where it lies, made where there is none. Raises OSError,
    InTheWay.

    For the lock and the journal of what was sent, which cannot be renamed into their places.
    """
    return _opened(path, os.O_RDWR)


def _opened(path: Path, flags: int) -> int:
    if (kind := kind_of(path)) not in (Kind.FILE, Kind.NOTHING):
        raise in_the_way(path, kind)
    descriptor = os.open(path, flags | os.O_CREAT | PLAIN, 0o666)
    facts = os.fstat(descriptor)
    if stat.S_ISREG(facts.st_mode) and facts.st_nlink <= 1:  # 0: just removed
        return descriptor
    os.close(descriptor)
    raise in_the_way(path, Kind.SHARED if stat.S_ISREG(facts.st_mode) else Kind.OTHER)


def move(source: Path, target: Path) -> Path:
    """Renames a file, folder or link to a name that nothing has. Raises OSError."""
    if kind_of(target) is not Kind.NOTHING:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    return source.rename(target)


def remove_file(path: Path) -> None:
    """Removes an ordinary file; whatever else is there stays, and what cannot be removed."""
    with suppress(OSError):
        if is_file(path):
            path.unlink()


def remove_folder(path: Path) -> None:
    """Removes an empty folder; one that is not empty stays, and what is no folder."""
    with suppress(OSError):  # somebody looks into it: an empty folder harms nobody
        if is_folder(path):
            path.rmdir()


def remove_tree(path: Path) -> None:
    """Removes a folder of ours with all that is in it; links in it go, what they point to stays. As far as that can be
    done."""
    shutil.rmtree(path, ignore_errors=True)  # which refuses a link itself


def sync_folder(folder: Path) -> None:
    """A new file's name reaches the disk too; Windows does that by itself."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def no_room(error: OSError) -> OutputError:
    """The sentence for a temporary folder that nothing can be written into."""
    remedy = "请检查磁盘空间，或者用环境变量 TMPDIR 指定另一个文件夹。"
    return OutputError(f"临时文件夹写不进去（{reason_of(error)}）。", remedy)


@contextmanager
def temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """A folder for the time of a `with` block, the system's where no other is named. Raises OutputError where there is
    room for none."""
    try:
        made = tempfile.TemporaryDirectory(prefix="perfeval-", dir=within)
    except OSError as error:  # tempfile says in English where it looked
        raise no_room(error) from error
    with made as folder:
        yield Path(folder)


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most `limit` bytes, reached by no link at its end. Raises OSError for
    anything else."""
    if (kind := kind_of(path)) is not Kind.FILE:
        raise OSError(
            errno.ENOENT if kind is Kind.NOTHING else errno.EINVAL, kind or os.strerror(errno.ENOENT), str(path)
        )
    with open(os.open(path, os.O_RDONLY | PLAIN), "rb") as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return stream.read(facts.st_size)  # Python takes as much memory as is asked for
