"""`--log`: what a maintainer needs to understand a run, and nothing of what a workbook says: no names, no figures, no
paths."""

import argparse
import platform
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval import __version__
from perfeval.errors import UsageError
from perfeval.output import files

if TYPE_CHECKING:
    from perfeval.run.batch import RunOutcome

HEAD = "perfeval 运行日志（给维护人员看；没有部门名称、文件名和填报内容）\n"
MOST_BYTES = 64 * 1024 * 1024
SHOWN = 12  # characters of a sha256
_log: Path | None = None  # of this process; there is one command in it


@contextmanager
def logged(options: argparse.Namespace) -> Iterator[None]:
    """The log of one command. Raises UsageError for a file that is no log, OutputError where it cannot be written."""
    global _log
    _log = _opened(Path(options.log).absolute())
    started = time.monotonic()
    given = sorted(name for name, value in vars(options).items() if value not in (None, False, "", [], 0))
    system = f"{platform.system()} {platform.release()}"
    _write(
        f"perfeval {__version__}，Python {platform.python_version()}，{system}；{options.command}：{'、'.join(given)}"
    )
    try:
        yield
    except BaseException as error:
        log_fault(error)
        raise
    finally:
        _write(f"{time.monotonic() - started:.1f} 秒")
        _log = None


def _opened(path: Path) -> Path:
    """The log's path, its first line in its place."""
    try:
        found = files.read_file(path, MOST_BYTES) if files.kind_of(path) is files.Kind.FILE else b""
        if found and not found.startswith(HEAD.encode()):
            raise UsageError(f"“{path.name}”是别的文件，没有往里写日志。", "请给 --log 写一个新的文件名。")
        if not found:
            files.append(path, HEAD)
    except OSError as error:
        raise files.unwritable(path, error) from error
    return path


def log_run(outcome: "RunOutcome") -> None:
    """A line for each input: its sha256, status and how many findings of each code."""
    for entry in outcome.entries if _log else ():
        findings = entry.result["findings"] if entry.result else ()
        codes = Counter(finding["code"] for finding in findings)
        counted = " ".join(f"{code}×{number}" for code, number in sorted(codes.items()))
        _write(f"{entry.sha256[:SHOWN] or '-'} {entry.status}{' 未变化' if entry.unchanged else ''} {counted}".rstrip())
    if _log and outcome.fault is not None:
        log_fault(outcome.fault)


def log_fault(error: BaseException) -> None:
    """What was raised and where in the program; not its words, which may quote a cell."""
    for frame in traceback.extract_tb(error.__traceback__):
        _write(f"　{Path(frame.filename).name}:{frame.lineno} {frame.name}")
    _write(type(error).__name__)


def _write(line: str) -> None:
    if _log:
        files.append(_log, f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}\n")
