"""Standard output and error as the program uses them: Chinese on every console, and nobody's closed window, full disk
or `| head` stops the work."""

import io
import os
import sys
from contextlib import suppress
from typing import TextIO


class Stream(io.TextIOWrapper):
    """A standard stream that falls silent once nobody takes what is written to it; `is_lost` says that it did."""

    is_lost = False

    def write(self, text: str) -> int:
        """As any stream's."""
        try:
            return super().write(text)
        except OSError:
            self._fall_silent()
            return len(text)

    def flush(self) -> None:
        """As any stream's."""
        try:
            super().flush()
        except OSError:
            self._fall_silent()

    def _fall_silent(self) -> None:
        """What is still to be written goes nowhere; else Python would complain of it once more at the very end."""
        self.is_lost = True
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


def take_over() -> None:
    """Puts streams of this kind in the place of standard output and error. Closed ones are opened to nowhere: no file
    of ours may get their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, this one
    sys.stdout, sys.stderr = _taken_over(sys.stdout), _taken_over(sys.stderr)


def _taken_over(stream: TextIO | None) -> TextIO:
    if stream is None:
        silent = Stream(os.fdopen(os.open(os.devnull, os.O_WRONLY), "wb"), encoding="utf-8")
        silent.is_lost = True
        return silent
    if type(stream) is io.TextIOWrapper:  # a test's own stays what it is
        line_by_line, at_once = stream.line_buffering, stream.write_through
        return Stream(stream.detach(), "utf-8", "replace", line_buffering=line_by_line, write_through=at_once)
    return stream


def is_lost() -> bool:
    """Whether something written to standard output reached nobody."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    return isinstance(sys.stdout, Stream) and sys.stdout.is_lost
