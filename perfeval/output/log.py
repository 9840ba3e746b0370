"""A log for maintainers (`--log`, and always from the page): what they need to understand a run, and nothing of what a
workbook says: no names, no figures, no paths."""

import platform
import traceback
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from perfeval import __version__
from perfeval.errors import UsageError
from perfeval.output import files
from perfeval.output.record import Entry

HEAD = "perfeval 运行日志（给维护人员看；没有部门名称、文件名和填报内容）\n"
MOST_BYTES = 64 * 1024 * 1024
SHOWN = 12  # characters of a sha256


class Log:
    """One file, added to. Raises UsageError for a file that is something else, OutputError where it cannot be
    written."""

    def __init__(self, path: Path, command: str, given: Iterable[str]) -> None:
        """`given` are the names of the options, not what was said with them."""
        self._path = path.absolute()
        try:
            found = files.read_file(path, MOST_BYTES) if files.kind_of(path) is files.Kind.FILE else b""
        except OSError as error:
            raise files.unwritable(path, error) from error
        if found and not found.startswith(HEAD.encode()):
            raise UsageError(f"“{path.name}”是别的文件，没有往里写日志。", "请给 --log 写一个新的文件名。")
        if not found:
            self._add(HEAD)
        system = f"{platform.system()} {platform.release()}"
        words = "、".join(sorted(given))
        self.write(f"perfeval {__version__}，Python {platform.python_version()}，{system}；{command}：{words}")

    def write(self, line: str) -> None:
        """A line with the time."""
        self._add(f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}\n")

    def entries(self, entries: Iterable[Entry]) -> None:
        """A line for each input: its sha256, status and how many findings of each code."""
        for entry in entries:
            codes = Counter(finding["code"] for finding in (entry.result or {}).get("findings", ()))
            counted = " ".join(f"{code}×{number}" for code, number in sorted(codes.items()))
            state = f"{entry.status}{' 未变化' if entry.unchanged else ''}"
            self.write(f"{entry.sha256[:SHOWN] or '-'} {state} {counted}".rstrip())

    def fault(self, error: BaseException) -> None:
        """What was raised and where in the program; not its words, which may quote a cell."""
        for frame in traceback.extract_tb(error.__traceback__):
            self.write(f"　{Path(frame.filename).name}:{frame.lineno} {frame.name}")
        self.write(type(error).__name__)

    def _add(self, text: str) -> None:
        try:
            files.append(self._path, text)
        except OSError as error:
            raise files.unwritable(self._path, error) from error
