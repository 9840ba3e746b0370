"""One run at a time in an output folder: a lock that the operating system itself lets go when the process ends, however
it ends.

The file `.perfeval/lock` says who holds it; whether it is held is for the operating system to say, so that a file left
by a run that was killed stops nobody. On a shared folder this is as good as the file server's locks; where it has none,
runs are not kept apart (docs/大批量运行.md).
"""

import errno
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from perfeval.errors import OutputError
from perfeval.output import files
from perfeval.output.files import Kind
from perfeval.output.publishing import LOCK_FILE
from perfeval.output.state import WORK_FOLDER

SIGNATURE = "电脑 "
BEYOND_THE_WORDS = 4096  # the byte that is locked; on Windows nobody else could read what is locked
NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
ATTEMPTS, PAUSE = 50, 0.02  # seconds; for the moment in which another run clears its lock away


@contextmanager
def occupied(output: Path) -> Iterator[None]:
    """Keeps the output folder for this run. Raises OutputError where another run has it, or where nothing can be
    written there."""
    path = output / WORK_FOLDER / LOCK_FILE
    try:
        descriptor = _taken(output, path)
    except OSError as error:
        raise files.unwritable(output, error) from error
    try:
        yield
    finally:
        _let_go(descriptor, path)


def _taken(output: Path, path: Path) -> int:
    """The descriptor that holds the lock. Raises OutputError where it is held, OSError where it cannot be made."""
    in_the_way: OSError | None = None
    for _ in range(ATTEMPTS):
        try:
            files.make_folder(output, path.parent)
            descriptor = files.open_to_change(path)
        except (FileNotFoundError, PermissionError) as error:  # just being removed, as Linux and as Windows say it
            in_the_way = error
            time.sleep(PAUSE)
            continue
        if not _lock(descriptor):
            holder = _words(descriptor)
            os.close(descriptor)
            raise _held(output, holder)
        if _is_still_there(descriptor, path):
            _sign(descriptor, path)
            return descriptor
        os.close(descriptor)  # it was removed between opening and locking: a lock on it would stop nobody
    raise in_the_way or _held(output, "")


def _held(output: Path, holder: str) -> OutputError:
    return OutputError(
        f"“{output}”正在由另一次运行使用{f'（{holder}）' if holder else ''}，这一次什么都没有做。",
        "请等那一次做完再运行，或者用 -o 指定另一个结果文件夹。那一次没有反应了的，请结束那个进程（断电、死机的不用管），再运行一次。",
    )


def _lock(descriptor: int) -> bool:
    """Whether the lock is ours now. Where the file server knows no locks, nobody is kept out."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, BEYOND_THE_WORDS, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in NO_LOCKS_HERE
    return True


def _is_still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def _sign(descriptor: int, path: Path) -> None:
    """Raises InTheWay where something else than such words is in the file: somebody else put it there."""
    if not _words(descriptor).startswith(SIGNATURE) and os.fstat(descriptor).st_size:
        os.close(descriptor)
        raise files.in_the_way(path, Kind.FOREIGN)
    words = f"{SIGNATURE}{platform.node()}，进程号 {os.getpid()}，{datetime.now():%Y-%m-%d %H:%M} 开始"
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, words.encode())


def _words(descriptor: int) -> str:
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, BEYOND_THE_WORDS).decode(errors="replace")
    return ""


def _let_go(descriptor: int, path: Path) -> None:
    """The file goes with the lock. Linux removes it while it is still held, so that nobody locks a file about to go;
    Windows only once it is closed."""
    if sys.platform != "win32":
        files.remove_file(path)
    os.close(descriptor)
    if sys.platform == "win32":
        files.remove_file(path)
    files.remove_folder(path.parent)
