"""Whether an exception says that the machine is short of something, which is no fault of the program."""

import errno
from concurrent.futures import BrokenExecutor

REFUSALS = frozenset({errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE})
# how the system's loader and Python's threads say it
WORDS = ("can't start new thread", "failed to map segment", "annot allocate memory", "Too many open files")


def is_short(error: BaseException) -> bool:
    """Whether the system refused memory, a process, a thread or an open file."""
    if isinstance(error, MemoryError | BrokenExecutor):
        return True
    if isinstance(error, OSError) and error.errno in REFUSALS:
        return True
    if isinstance(error, RuntimeError | ImportError) and any(words in str(error) for words in WORDS):
        return True
    # a library's own words may stand before the system's; what was only handled before is no cause
    return error.__cause__ is not None and is_short(error.__cause__)
